//! `unmet-requirement`: the owners of a tracked path lack what a requirement demands.
//!
//! Each finding is about one rule and one path or whole directory. It points at the rule, because that
//! is what has to change, and at the requirement.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Context, Findings, addition, place};
use crate::config::Text;
use crate::ids::IdRange;
use crate::owner::{Owner, OwnerKind};
use crate::paths::folded::{Folded, fold};
use crate::paths::{PathId, PathSet, PushError, common_prefix};
use crate::ruleset::requirements::{Missing, Requirement, Unmet};
use crate::ruleset::{LineId, Ownership, ResolvedGroup};
use crate::text::toml::{self, array, quoted};
use crate::text::{Diagnostic, FileId, Together, counted, escaped};

/// The maximum number of groups that are looked at to find one for a help.
const MAX_GROUPS: usize = 100;
/// The maximum number of people that are compared with those of a group for a help.
const MAX_PEOPLE: usize = 16;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let paths = &context.facts.paths;
    for same in context
        .survey
        .unmet
        .chunk_by(|a, b| a.requirement == b.requirement)
    {
        let mut diagnostics = Vec::new();
        for unmet in same {
            let requirement = &rules[unmet.requirement];
            let Some(missing) = requirement.missing_from(rules, &unmet.lines) else {
                continue;
            };
            let all: Vec<PathId> = paths_of(unmet).collect();
            let new = new_among(context, requirement, &all);
            for folded in fold(paths, &new) {
                diagnostics.push(describe(context, unmet, requirement, &missing, &folded));
            }
        }
        for diagnostic in shown_together(diagnostics) {
            findings.report(diagnostic);
        }
    }
}

/// What the path of a finding must have, in words, and the finding.
type Described = (String, Diagnostic);

/// The findings about one requirement. People see those together that say the same and have the same
/// help.
fn shown_together(described: Vec<Described>) -> Vec<Diagnostic> {
    let mut alike: FxHashMap<Alike<'_>, Vec<usize>> = FxHashMap::default();
    for (index, (what, diagnostic)) in described.iter().enumerate() {
        let common = diagnostic.labels.last().map(|label| &*label.text);
        let key = (&**what, common, &*diagnostic.helps);
        alike.entry(key).or_default().push(index);
    }
    let mut together: Vec<Option<Arc<Together>>> = vec![None; described.len()];
    for ((what, _, helps), indices) in alike {
        let paths = indices
            .iter()
            .filter_map(|&index| described[index].1.path.as_deref());
        let shared = Arc::new(Together {
            directory: paths
                .reduce(common_directory)
                .map_or(Vec::new(), <[u8]>::to_vec),
            what: what.to_string(),
            help: helps.join("; "),
        });
        for index in indices {
            together[index] = Some(Arc::clone(&shared));
        }
    }
    let all = described.into_iter().zip(together);
    all.map(|((_, diagnostic), together)| diagnostic.together(together))
        .collect()
}

/// What findings have in common: what the paths must have, the label at the requirement, the helps.
type Alike<'d> = (&'d str, Option<&'d str>, &'d [String]);

/// The innermost directory that both paths are in, with a trailing slash; empty for the root.
fn common_directory<'p>(one: &'p [u8], other: &'p [u8]) -> &'p [u8] {
    let common = &one[..common_prefix(one, other)];
    &common[..memchr::memrchr(b'/', common).map_or(0, |slash| slash + 1)]
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
) -> Described {
    let paths = &context.facts.paths;
    let shown = escaped(folded.path);
    let subject = match folded.files.len() {
        1 => format!("`{}`", escaped(&paths[folded.files[0]])),
        count if folded.path.is_empty() => counted(count, "path"),
        count => format!("{} in `{shown}`", counted(count, "path")),
    };
    let what = format!("must be owned by {missing}{}", because(requirement));
    let mut diagnostic = Diagnostic::error(format!("{subject} {what}"));
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
    let places = [example, folded.path];
    let diagnostic = diagnostic
        .help(help(context, requirement, missing, &unmet.lines, places))
        .about(folded.path);
    (what, diagnostic)
}

/// What to write so that `path`, which `lines` decide, meets the requirement. `whole` is the path, or a
/// directory of such paths.
pub(super) fn help(
    context: &Context<'_>,
    requirement: &Requirement,
    missing: &Missing,
    lines: &[LineId],
    [path, whole]: [&[u8]; 2],
) -> String {
    let entry = &requirement.entry;
    let texts = |texts: &'_ [Text]| -> Vec<String> {
        texts.iter().map(|text| text.value.clone()).collect()
    };
    let add = |names: &[String]| add(context, requirement, names, lines, [path, whole]);
    match missing {
        // One of them is enough.
        Missing::AnyOf(_) => add(&texts(&entry.any_of[..1])),
        Missing::Owners(_) => add(&texts(&entry.owners)),
        Missing::People { required, .. } => {
            let group = group_of_people(context, lines, *required);
            let mut help = add(&[group.unwrap_or("<group>").to_string()]);
            match group {
                Some(_) => help.insert_str(0, "for example, "),
                None => help.push_str("; the group must have the people that are missing"),
            }
            if has_uncounted(context, lines) {
                help.push_str("; a team counts as one person, unless a group has it as `team` and lists its `members`");
            }
            help
        }
    }
}

/// The first group of the root file with which so many people own what `lines` decide. One that is
/// large enough alone comes first, because other paths may have other owners.
fn group_of_people<'c>(
    context: &'c Context<'_>,
    lines: &[LineId],
    required: usize,
) -> Option<&'c str> {
    let rules = &context.project.rules;
    let groups = || {
        let groups = rules.groups().iter().take(MAX_GROUPS);
        groups.filter(|group| group.location.file == FileId::ROOT)
    };
    let alone = groups().find(|group| group.people.len() >= required);
    let known = rules.people_of(lines);
    let is_enough = |group: &&ResolvedGroup| {
        let is_new = |each: &&Owner| !known.iter().any(|one| one.is_same(each));
        known.len() + group.people.iter().filter(is_new).count() >= required
    };
    let group = alone.or_else(|| match required <= MAX_PEOPLE {
        true => groups().find(is_enough),
        false => None,
    });
    group.map(|group| &*group.name)
}

/// Whether a team is among the owners that counts as one person.
fn has_uncounted(context: &Context<'_>, lines: &[LineId]) -> bool {
    let people = context.project.rules.people_of(lines);
    people.iter().any(|each| each.kind() == OwnerKind::Team)
}

/// How to add owners to `path`, which `lines` decide.
fn add(
    context: &Context<'_>,
    requirement: &Requirement,
    added: &[String],
    lines: &[LineId],
    [path, whole]: [&[u8]; 2],
) -> String {
    let entry = &requirement.entry;
    let names: Vec<&str> = added.iter().map(String::as_str).collect();
    let names = toml::one_or_more(names.iter().copied());
    let line = lines.first().copied();
    let file = line.map(|line| context.project.rules.rule_of(line).file);
    if let Some(file) = file.filter(|&file| file != FileId::ROOT) {
        let name = &context.project.sources[file].name;
        return format!(
            "add `{names}` to the owners of the rule; the rules of `{name}` come after those of the root"
        );
    }
    let matching = (requirement.patterns.iter()).find(|each| each.pattern.matches(path));
    let pattern = matching.map_or("*", |each| entry.paths[each.entry].value.as_str());
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
    let at_the_end = |key: &str, except: &[&str]| {
        let key = quoted(key);
        let except = match except {
            [] => String::new(),
            except => format!(", except = {}", toml::one_or_more(except.iter().copied())),
        };
        format!("add a rule at the end of `[paths]`: `{key} = {{ add = {names}{except} }}`")
    };
    let mut except: Vec<&str> = entry
        .except
        .iter()
        .map(|text| text.value.as_str())
        .collect();
    let is_owned = line.is_none_or(|line| {
        matches!(
            context.project.rules.ownership(Some(line)),
            Ownership::Owned(_)
        )
    });
    let more = addition::exceptions_of(context, key, added, &entry.except);
    if let Some(more) = more.filter(|more| is_owned || more.is_empty()) {
        except.extend(more.iter().map(String::as_str));
        return at_the_end(key, &except);
    }
    let of_path = path_pattern(whole).filter(|key| is_owned && is_free(key));
    if let Some(key) = of_path
        && addition::exceptions_of(context, &key, added, &[]).is_some_and(|more| more.is_empty())
    {
        return at_the_end(&key, &[]);
    }
    match line {
        None => at_the_end(key, &except),
        Some(_) if is_owned => format!("add `{names}` to the owners of the rule"),
        Some(_) => format!("give the rule the owners `{names}` in place of `[]`"),
    }
}

/// The pattern of a path or a directory, if it needs no other characters in its place.
fn path_pattern(path: &[u8]) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let is_plain = !path.is_empty() && path.iter().all(is_plain);
    is_plain.then(|| format!("/{}", String::from_utf8_lossy(path)))
}
