//! `duplicate-pattern`: of two rules with one pattern, only the later means anything.
//!
//! Patterns are compared by meaning, alternative by alternative, so `/a/b/` and `a/b/**` are one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Context, Findings, place};
use crate::diagnostic::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut last: HashMap<_, u32> = HashMap::with_capacity(rules.lines.len());
    // From the end, so that each finding names the line that wins.
    let mut found = Vec::new();
    for (index, line) in rules.lines.iter().enumerate().rev() {
        let leaves_something = !rules.rule_of(index as u32).exceptions.is_empty();
        match last.entry(&line.pattern) {
            // What a rule excepts is decided by those before it.
            Entry::Vacant(_) if leaves_something => {}
            Entry::Vacant(entry) => {
                entry.insert(index as u32);
            }
            Entry::Occupied(entry) => {
                found.push((index as u32, *entry.get()));
            }
        }
    }
    for (earlier, later) in found.into_iter().rev() {
        let pattern = &rules.lines[later as usize].pattern;
        let earlier_place = place(context.project, earlier);
        let later_place = place(context.project, later);
        findings.report(
            Diagnostic::error(format!("two rules have the pattern `{pattern}`"))
                .at(
                    earlier_place.file,
                    earlier_place.span,
                    "this one never decides anything",
                )
                .at(
                    later_place.file,
                    later_place.span,
                    "because this one comes later",
                )
                .help("remove one of them"),
        );
    }
}
