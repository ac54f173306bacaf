//! `directory-as-file`: `vendor/lib/` where `vendor/lib` is a submodule or a symlink.
//!
//! Git tracks such a path as one entry, with nothing below it. So a pattern for the contents of the
//! directory never matches, although the directory is visible on disk.

use super::suggestion::{is_alternative, taken, written};
use super::{Context, Findings, place};
use crate::matcher::Matcher;
use crate::paths::{PathKind, TrackedPath};
use crate::pattern::{Gap, Pattern};
use crate::ruleset::LineId;
use crate::text::{Diagnostic, escaped};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let lines = lines(context);
    if lines.is_empty() {
        return;
    }
    let taken = taken(context);
    for (line, entry) in lines {
        let path = escaped(entry.bytes);
        let kind = match entry.kind {
            PathKind::Submodule => "a submodule",
            PathKind::Symlink => "a symlink",
            PathKind::File => "a file",
        };
        let pattern = &rules[line].pattern;
        let location = place(context.project, line);
        let without = without_slash(pattern);
        let is_taken = taken.contains(&without);
        let without = written(context, line, &without);
        let help = match is_alternative(context, line) {
            _ if is_taken => format!("remove it: another rule is for `{without}`"),
            true => format!("write a rule for `{without}` instead"),
            false => format!("remove the trailing slash: `{without}`"),
        };
        findings.report(
            Diagnostic::error(format!(
                "`{pattern}` never matches: `{path}` is {kind}, not a directory"
            ))
            .at(
                location.file,
                location.span,
                "matches only paths inside a directory",
            )
            .about(entry.bytes)
            .help(help),
        );
    }
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
    let mut special = context.facts.paths.special().peekable();
    if special.peek().is_none() {
        return Vec::new();
    }
    let rules = &context.project.rules;
    let (lines, entries): (Vec<LineId>, Vec<Pattern>) = rules
        .lines()
        .with_ids()
        .filter(|(id, line)| {
            context.survey.first[*id].is_none()
                && matches_contents(line.pattern.tail())
                && !line.pattern.is_everything()
        })
        .map(|(id, line)| (id, directory(&line.pattern)))
        .unzip();
    if lines.is_empty() {
        return Vec::new();
    }
    let matcher = Matcher::new(&entries);
    let mut walk = matcher.walk();
    let mut found: Vec<Option<TrackedPath<'_>>> = vec![None; lines.len()];
    for path in special {
        for index in walk.all_matches(path.bytes) {
            found[index as usize].get_or_insert(path);
        }
    }
    lines
        .into_iter()
        .zip(found)
        .filter_map(|(line, path)| Some((line, path?)))
        .collect()
}
