//! `unmet-requirement`: the owners of a tracked path lack what a requirement demands.
//!
//! Each finding is about one rule and one path or whole directory. It points at the rule, because that
//! is what has to change, and at the requirement.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Context, Findings, place};
use crate::config::Text;
use crate::ids::IdRange;
use crate::paths::folded::{Folded, fold};
use crate::paths::{PathId, PathSet, PushError};
use crate::ruleset::requirements::{Missing, Requirement, Unmet};
use crate::ruleset::{LineId, Ownership};
use crate::text::toml::{array, quoted};
use crate::text::{Diagnostic, FileId, counted, escaped};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let paths = &context.facts.paths;
    for unmet in &context.survey.unmet {
        let requirement = &rules[unmet.requirement];
        let Some(missing) = requirement.missing_from(rules, &unmet.lines) else {
            continue;
        };
        let all: Vec<PathId> = paths_of(unmet).collect();
        let new = new_among(context, requirement, &all);
        for folded in fold(paths, &new) {
            findings.report(describe(context, unmet, requirement, &missing, &folded));
        }
    }
}

/// The paths, ascending.
fn paths_of(unmet: &Unmet) -> impl Iterator<Item = PathId> {
    unmet.paths.iter().copied().flat_map(IdRange::iter)
}

/// The paths to report. With a baseline, those that the change touches, and those that met the same
/// requirement before. A new requirement may have a backlog.
fn new_among<'p>(
    context: &Context<'_>,
    requirement: &Requirement,
    all: &'p [PathId],
) -> Cow<'p, [PathId]> {
    let Some(baseline) = context.baseline else {
        return Cow::Borrowed(all);
    };
    let before = baseline.unmet.get(&key(requirement));
    let is_new = |&id: &PathId| {
        let path = &context.facts.paths[id];
        baseline.is_changed(path) || before.is_some_and(|before| !before.contains(path))
    };
    all.iter().copied().filter(is_new).collect()
}

/// What identifies a requirement across a change: what it demands, of which paths.
pub(super) fn key(requirement: &Requirement) -> String {
    let entry = &requirement.entry;
    let texts = [&entry.paths, &entry.except, &entry.owners, &entry.any_of];
    let texts = texts.map(|list| array(list.iter().map(|text| text.value.as_str())));
    format!("{} {}", texts.join(" "), requirement.min_owners)
}

/// For each requirement, the paths that miss it.
///
/// # Errors
///
/// If all paths together exceed 4 GiB.
pub(super) fn all_unmet(context: &Context<'_>) -> Result<HashMap<String, PathSet>, PushError> {
    let rules = &context.project.rules;
    let mut all: HashMap<String, Vec<PathId>> = HashMap::new();
    for requirement in rules.requirements() {
        all.entry(key(requirement)).or_default();
    }
    for unmet in &context.survey.unmet {
        let paths = all.entry(key(&rules[unmet.requirement])).or_default();
        paths.extend(paths_of(unmet));
    }
    let sorted = all.into_iter().map(|(key, mut paths)| {
        paths.sort_unstable();
        paths.dedup();
        let paths = paths.iter().map(|&id| &context.facts.paths[id]);
        Ok((key, PathSet::sorted(paths)?))
    });
    sorted.collect()
}

/// The reason of a requirement, for the end of a message.
pub(super) fn because(requirement: &Requirement) -> String {
    match &requirement.entry.reason {
        Some(reason) => format!(" ({})", reason.value),
        None => String::new(),
    }
}

fn describe(
    context: &Context<'_>,
    unmet: &Unmet,
    requirement: &Requirement,
    missing: &Missing,
    folded: &Folded<'_, '_>,
) -> Diagnostic {
    let paths = &context.facts.paths;
    let shown = escaped(folded.path);
    let subject = match folded.files.len() {
        1 => format!("`{}`", escaped(&paths[folded.files[0]])),
        count if folded.path.is_empty() => counted(count, "path"),
        count => format!("{} in `{shown}`", counted(count, "path")),
    };
    let mut diagnostic = Diagnostic::error(format!(
        "{subject} must be owned by {missing}{}",
        because(requirement)
    ));
    // The base comes first; a rule that adds owners is not what lacks them.
    let deciding = unmet.lines.first().copied();
    if let Some(line) = deciding {
        let at = place(context.project, line);
        let label = match context.project.rules.ownership(Some(line)) {
            Ownership::Owned(_) => "this rule decides",
            _ => "this rule says that nobody owns it",
        };
        diagnostic = diagnostic.at(at.file, at.span, label);
    }
    let why = match deciding {
        Some(_) => "required here",
        None => "required here, and no rule matches",
    };
    let at = &requirement.location;
    diagnostic = diagnostic.at(at.file, at.span.clone(), why);
    if context.is_verbose && folded.files.len() > 1 {
        for &file in folded.files {
            diagnostic = diagnostic.note(format!("`{}`", escaped(&paths[file])));
        }
    }
    let example = &paths[folded.files[0]];
    diagnostic
        .help(help(context, requirement, missing, deciding, example))
        .about(folded.path)
}

/// What to write so that `path`, which `line` decides, meets the requirement.
pub(super) fn help(
    context: &Context<'_>,
    requirement: &Requirement,
    missing: &Missing,
    line: Option<LineId>,
    path: &[u8],
) -> String {
    let entry = &requirement.entry;
    let names = match missing {
        Missing::People { .. } => {
            return "add owners to the rule; a group with a `team` counts as one person, unless it \
                    lists its `members`"
                .to_string();
        }
        // One of them is enough.
        Missing::AnyOf(_) => &entry.any_of[..1],
        Missing::Owners(_) => &entry.owners,
    };
    let names = one_or_more(names);
    let file = line.map(|line| context.project.rules.rule_of(line).file);
    if let Some(file) = file.filter(|&file| file != FileId::ROOT) {
        let name = &context.project.sources[file].name;
        return format!(
            "add `{names}` to the owners of the rule; the rules of `{name}` come after those of the root"
        );
    }
    let matching = (requirement.patterns.iter()).find(|each| each.pattern.matches(path));
    let pattern = matching.map_or("*", |each| entry.paths[each.path].value.as_str());
    let rules = &context.project.config.rules;
    let is_free = |key: &str| rules.iter().all(|rule| rule.pattern.value != key);
    // TOML allows a key once, and patterns have several spellings.
    let other = match pattern {
        "*" => "**".to_string(),
        other if other.ends_with('/') => format!("{other}**"),
        other => other.to_string(),
    };
    let Some(key) = [pattern, &other].into_iter().find(|key| is_free(key)) else {
        return format!("add `{names}` to the rule `{}`", quoted(pattern));
    };
    let except = match entry.except.as_slice() {
        [] => String::new(),
        except => format!(", except = {}", one_or_more(except)),
    };
    format!(
        "add a rule at the end of `[paths]`: `{} = {{ add = {names}{except} }}`",
        quoted(key)
    )
}

/// The texts as TOML: one string, or an array.
fn one_or_more(texts: &[Text]) -> String {
    match texts {
        [only] => quoted(&only.value),
        several => array(several.iter().map(|text| text.value.as_str())),
    }
}
