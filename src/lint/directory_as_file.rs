//! `directory-as-file`: `vendor/lib/` where `vendor/lib` is a submodule or a symlink.
//!
//! Git tracks such a path as one entry, with nothing below it. So a pattern for the contents of the
//! directory never matches, although the directory is visible on disk.

use super::suggestion::{is_alternative, taken, written};
use super::{Context, Findings, place};
use crate::forge::Below;
use crate::matcher::Matcher;
use crate::paths::{PathKind, TrackedPath};
use crate::pattern::{Gap, Pattern};
use crate::ruleset::requirements::RequiredPattern;
use crate::ruleset::{LineId, RequirementId};
use crate::text::{Diagnostic, Location, escaped};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    check_lines(context, findings);
    check_requirements(context, findings);
}

fn check_lines(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let lines = lines(context);
    if lines.is_empty() {
        return;
    }
    let taken = taken(context);
    let by_hand = context.project.codeowners.as_ref();
    let is_expression =
        by_hand.is_some_and(|by_hand| by_hand.forge.dialect.abilities().below == Below::Either);
    for (line, entry) in lines {
        let pattern = &rules[line].pattern;
        let without = without_slash(pattern);
        let is_taken = taken.contains(&without);
        let without = written(context, line, &without);
        let help = match is_alternative(context, line) {
            _ if is_taken => format!("remove it: another rule is for `{without}`"),
            true => format!("write a rule for `{without}` instead"),
            false if is_expression => format!("write `{without}`"),
            false => format!("remove the trailing slash: `{without}`"),
        };
        findings.report(describe(pattern, entry, place(context.project, line), help));
    }
}

fn check_requirements(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (_, id, required, entry) in required(context) {
        let requirement = &context.project.rules[id];
        let mut patterns = requirement.patterns.iter();
        let without = without_slash(&required.pattern);
        let is_taken = patterns.clone().any(|each| each.pattern == without);
        let is_alone =
            patterns.all(|each| each.entry != required.entry || each.pattern == required.pattern);
        let help = match is_alone {
            _ if is_taken => format!("remove it: `{without}` is among the `paths`"),
            true => format!("remove the trailing slash: `{without}`"),
            false => format!("add `{without}` to `paths` instead"),
        };
        let location = Location {
            file: requirement.location.file,
            span: requirement.entry.paths[required.entry].span.clone(),
        };
        findings.report(describe(&required.pattern, entry, location, help));
    }
}

fn describe(
    pattern: &Pattern,
    entry: TrackedPath<'_>,
    location: Location,
    help: String,
) -> Diagnostic {
    let path = escaped(entry.bytes);
    let kind = match entry.kind {
        PathKind::Submodule => "a submodule",
        PathKind::Symlink => "a symlink",
        PathKind::File => "a file",
    };
    Diagnostic::error(format!(
        "`{pattern}` never matches: `{path}` is {kind}, not a directory"
    ))
    .at(
        location.file,
        location.span,
        "matches only paths inside a directory",
    )
    .about(entry.bytes)
    .help(help)
}

/// Whether a pattern with this tail matches only paths inside a directory.
fn matches_contents(tail: Gap) -> bool {
    tail.open && tail.min > 0
}

/// The directories whose contents a pattern matches.
fn directory(pattern: &Pattern) -> Pattern {
    pattern.with_tail(Gap {
        min: pattern.tail().min - 1,
        open: false,
    })
}

/// The pattern without the trailing slash.
fn without_slash(pattern: &Pattern) -> Pattern {
    match pattern.tail().min {
        1 => pattern.with_tail(Gap::ANY),
        _ => directory(pattern),
    }
}

/// The lines that match nothing, but would match below a submodule or symlink if that were a
/// directory. Each with the first such path.
pub(super) fn lines<'c>(context: &Context<'c>) -> Vec<(LineId, TrackedPath<'c>)> {
    if context.facts.paths.special().next().is_none() {
        return Vec::new();
    }
    let rules = &context.project.rules;
    let dead = rules.lines().with_ids();
    let dead = dead.filter(|(id, _)| context.survey.first[*id].is_none());
    first_entries(context, dead.map(|(id, line)| (id, &line.pattern)))
}

/// The same for the `paths` of requirements, with the number of the pattern among those of all
/// requirements.
pub(super) fn required<'c>(
    context: &Context<'c>,
) -> Vec<(usize, RequirementId, &'c RequiredPattern, TrackedPath<'c>)> {
    if context.facts.paths.special().next().is_none() {
        return Vec::new();
    }
    let requirements = context.project.rules.requirements().with_ids();
    let all = requirements.flat_map(|(id, each)| each.patterns.iter().map(move |each| (id, each)));
    let dead = all.enumerate().zip(&context.survey.required);
    let dead = dead.filter(|&(_, &is_live)| !is_live).map(|(each, _)| each);
    let dead = dead.map(|(index, (id, each))| ((index, id, each), &each.pattern));
    let found = first_entries(context, dead).into_iter();
    found
        .map(|((index, id, each), path)| (index, id, each, path))
        .collect()
}

/// Of patterns that match nothing, those that would match below a submodule or symlink, each with the
/// first such path.
fn first_entries<'c, 'p, K: Copy>(
    context: &Context<'c>,
    dead: impl Iterator<Item = (K, &'p Pattern)>,
) -> Vec<(K, TrackedPath<'c>)> {
    let special = context.facts.paths.special();
    let (keys, entries): (Vec<K>, Vec<Pattern>) = dead
        .filter(|(_, pattern)| matches_contents(pattern.tail()) && !pattern.is_everything())
        .map(|(key, pattern)| (key, directory(pattern)))
        .unzip();
    if keys.is_empty() {
        return Vec::new();
    }
    let matcher = Matcher::new(&entries);
    let mut walk = matcher.walk();
    let mut found: Vec<Option<TrackedPath<'_>>> = vec![None; keys.len()];
    for path in special {
        for index in walk.all_matches(path.bytes) {
            found[index as usize].get_or_insert(path);
        }
    }
    keys.into_iter()
        .zip(found)
        .filter_map(|(key, path)| Some((key, path?)))
        .collect()
}
