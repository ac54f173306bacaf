//! `duplicate-pattern`: of two rules with one pattern, only the later means anything.
//!
//! Patterns are compared by meaning, alternative by alternative, so `/a/b/` and `a/b/**` are one.

use super::{Context, Findings, place};
use crate::ids::IdVec;
use crate::ruleset::equal::later_equals;
use crate::ruleset::{LineId, Rule, RuleId, RuleSet};
use crate::text::{Diagnostic, FixAction, Holds};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut fixes = Fixes {
        rules,
        later: later_equals(rules),
        latest: None,
    };
    for earlier in rules.lines().ids() {
        let Some(later) = fixes.later[earlier] else {
            continue;
        };
        let pattern = &rules[later].pattern;
        let earlier_place = place(context.project, earlier);
        let later_place = place(context.project, later);
        let mut finding = Diagnostic::error(format!("two rules have the pattern `{pattern}`"))
            .at(
                earlier_place.file,
                earlier_place.span,
                "this rule can never take effect",
            )
            .at(
                later_place.file,
                later_place.span,
                "because this rule comes later",
            )
            .help("remove one of them");
        if let Some(change) = fixes.of(earlier) {
            finding = finding.fixed_by(Holds::AnyTree, change);
        }
        findings.report(finding);
    }
}

/// Finds what can go for a duplicate: its rule or an alternative, if nothing else goes with it.
struct Fixes<'r> {
    rules: &'r RuleSet,
    later: IdVec<LineId, Option<LineId>>,
    /// The rule that was asked about last, and what of it can go.
    latest: Option<(RuleId, Idle)>,
}

/// What of a rule has nothing but duplicates.
struct Idle {
    rule: bool,
    alternatives: Vec<bool>,
}

impl Fixes<'_> {
    fn of(&mut self, line: LineId) -> Option<FixAction> {
        let id = self.rules[line].rule;
        let rule = self.rules.rule_of(line);
        if self.latest.as_ref().is_none_or(|(known, _)| *known != id) {
            self.latest = Some((id, self.idle(rule)));
        }
        let (_, idle) = self.latest.as_ref()?;
        if idle.rule {
            return Some(FixAction::Remove(rule.location()));
        }
        let taken = self.rules[line].alternatives.iter().copied();
        let mut idle = taken.filter(|&each| idle.alternatives[each as usize]);
        let outermost = idle.next()?;
        Some(FixAction::RemoveAlternative(rule.location(), outermost))
    }

    fn idle(&self, rule: &Rule) -> Idle {
        let mut idle = Idle {
            rule: true,
            alternatives: vec![true; rule.alternatives.len()],
        };
        for line in rule.lines.iter().filter(|&line| self.later[line].is_none()) {
            idle.rule = false;
            for &taken in &self.rules[line].alternatives {
                idle.alternatives[taken as usize] = false;
            }
        }
        idle
    }
}
