//! `misread-pattern`: a pattern of a CODEOWNERS file that looks like one thing, and that the forge reads
//! as another: where patterns are regular expressions, `*.go` matches `src/cargo`, too.
//!
//! The dialect knows what such a text looks like ([`Dialect::instead`](crate::forge::Dialect::instead)). It
//! is reported only if that matches a tracked path, and the forge's reading differs on one. Otherwise
//! nothing is wrong, or nothing says what was meant.

use rustc_hash::FxHashMap;

use super::by_hand::write_instead;
use super::{Context, Findings};
use crate::codeowners;
use crate::forge::Forge;
use crate::ids::IdVec;
use crate::owner::Owner;
use crate::paths::PathId;
use crate::ruleset::{RuleId, RuleSet};
use crate::text::{Diagnostic, escaped};

/// The maximum number of patterns that are compared.
const MAX_PATTERNS: usize = 1000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(by_hand) = &context.project.codeowners else {
        return;
    };
    for reading in readings(context, by_hand.forge) {
        if let Some(difference) = reading.difference
            && reading.is_meant
            && reading.is_read
        {
            findings.report(finding(context, by_hand.forge, &reading, difference));
        }
    }
}

/// A pattern that looks like another.
struct Reading {
    /// Its rule. If it is several, the first.
    rule: RuleId,
    /// What it looks like, as the forge needs it.
    instead: String,
    /// Whether what it looks like matches a tracked path.
    is_meant: bool,
    /// Whether the pattern does.
    is_read: bool,
    /// The first path that only one of them matches, and whether the pattern does.
    difference: Option<(PathId, bool)>,
}

/// All such patterns, compared with all tracked paths.
fn readings(context: &Context<'_>, forge: Forge) -> Vec<Reading> {
    let rules = &context.project.rules;
    let (mut readings, of_rules) = candidates(rules, forge);
    if readings.is_empty() {
        return readings;
    }
    // A line for each, so that the number of the line is that of the reading.
    let lines = readings.iter().map(|reading| {
        let owners = Owner::join(&rules[reading.rule].owners);
        format!("{} {owners}\n", reading.instead)
    });
    let file = codeowners::read(&lines.collect::<String>(), forge);
    let matcher = file.matcher();
    let (mut by_file, mut by_rules) = (matcher.walk(), context.matcher.walk());
    for (id, path) in context.facts.paths.with_ids() {
        let mut meant: Vec<usize> = (matcher.entries(&mut by_file, path))
            .map(|entry| entry.line - 1)
            .collect();
        let mut read: Vec<usize> = (by_rules.applicable(path).into_iter())
            .filter_map(|line| of_rules[rules[line].rule])
            .collect();
        for list in [&mut meant, &mut read] {
            list.sort_unstable();
            list.dedup();
        }
        for &each in &meant {
            readings[each].is_meant = true;
            if read.binary_search(&each).is_err() {
                readings[each].difference.get_or_insert((id, false));
            }
        }
        for &each in &read {
            readings[each].is_read = true;
            if meant.binary_search(&each).is_err() {
                readings[each].difference.get_or_insert((id, true));
            }
        }
    }
    readings
}

/// The patterns that look like others, and for each rule which of them it is.
fn candidates(rules: &RuleSet, forge: Forge) -> (Vec<Reading>, IdVec<RuleId, Option<usize>>) {
    let mut readings = Vec::new();
    let mut of_rules = IdVec::filled(rules.rules(), None);
    // A line of the file may be several rules.
    let mut places: FxHashMap<usize, usize> = FxHashMap::default();
    for (id, rule) in rules.rules().with_ids() {
        if rule.is_exclusion || readings.len() >= MAX_PATTERNS {
            continue;
        }
        if let Some(&place) = places.get(&rule.span.start) {
            of_rules[id] = Some(place);
        } else if let Some(instead) = forge.dialect.instead(&rule.pattern.value) {
            places.insert(rule.span.start, readings.len());
            of_rules[id] = Some(readings.len());
            readings.push(Reading {
                rule: id,
                instead,
                is_meant: false,
                is_read: false,
                difference: None,
            });
        }
    }
    (readings, of_rules)
}

fn finding(
    context: &Context<'_>,
    forge: Forge,
    reading: &Reading,
    (path, is_read): (PathId, bool),
) -> Diagnostic {
    let rule = &context.project.rules[reading.rule];
    let (text, location) = (&rule.pattern.value, rule.location());
    let does = if is_read { "matches" } else { "does not match" };
    let path = escaped(&context.facts.paths[path]);
    Diagnostic::error(format!("`{text}` {does} `{path}` on {}", forge.title))
        .at(
            location.file,
            location.span,
            "matches other paths than it seems to",
        )
        .help(write_instead(forge, &reading.instead))
}
