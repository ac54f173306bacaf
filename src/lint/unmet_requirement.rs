//! `unmet-requirement`: the owners of a tracked path lack what a requirement demands.
//!
//! Each finding is about one rule and one path or whole directory. It points at the rule, because that
//! is what has to change, and at the requirement.

use super::{Context, Findings, place};
use crate::ids::IdRange;
use crate::paths::PathId;
use crate::paths::folded::{Folded, fold};
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
        let new = context.new_among(&all, |before| &before.unmet);
        for folded in fold(paths, &new) {
            findings.report(describe(context, unmet, requirement, &missing, &folded));
        }
    }
}

/// The paths, ascending.
fn paths_of(unmet: &Unmet) -> impl Iterator<Item = PathId> {
    unmet.paths.iter().copied().flat_map(IdRange::iter)
}

/// The paths that miss any requirement, ascending.
pub(super) fn all_unmet(context: &Context<'_>) -> Vec<PathId> {
    let mut all: Vec<PathId> = context.survey.unmet.iter().flat_map(paths_of).collect();
    all.sort_unstable();
    all.dedup();
    all
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
    let mut diagnostic = Diagnostic::error(format!("{subject} must be owned by {missing}"));
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
    let why = match (&requirement.reason, deciding) {
        (Some(reason), _) => reason.clone(),
        (None, Some(_)) => "required here".to_string(),
        (None, None) => "required here, and no rule matches".to_string(),
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
    if matches!(missing, Missing::People { .. }) {
        return match line {
            Some(_) => "add people to the group or rule; a group that has a `team` counts as one unless it lists its `members`".to_string(),
            None => "add a rule with as many people".to_string(),
        };
    }
    let names = match missing {
        // One of them is enough.
        Missing::AnyOf(_) => match requirement.named.as_slice() {
            [only] => quoted(&only.value),
            [first, ..] => quoted(&first.value),
            [] => String::new(),
        },
        _ => match requirement.named.as_slice() {
            [only] => quoted(&only.value),
            several => array(several.iter().map(|text| text.value.as_str())),
        },
    };
    let file = line.map(|line| context.project.rules.rule_of(line).file);
    if let Some(file) = file.filter(|&file| file != FileId::ROOT) {
        let name = &context.project.sources[file].name;
        return format!(
            "add `{}` to the owners of the rule, or a last rule with `{{ add = {names} }}` to `{name}`: its rules come after those of the root",
            names.replace('"', "")
        );
    }
    let matching = requirement
        .patterns
        .iter()
        .find(|each| each.pattern.matches(path));
    let pattern = matching.map_or("*", |each| each.text.value.as_str());
    format!(
        "add a rule at the end of `[paths]`: `{} = {{ add = {names} }}`",
        quoted(pattern)
    )
}
