//! The rules of approvals: the lints about single rules run for them, too.
//!
//! Each approval is a rule set of its own, so such a lint sees it as it sees `[paths]`. Nothing is fixed
//! there: an approval is a gate, and only a person opens it.

use super::{Context, Levels, Lint, run_one};
use crate::codeowners::Renderings;
use crate::ruleset::survey::Survey;
use crate::ruleset::{Approval, LineId};
use crate::text::Diagnostic;

/// The lints that run for the rules of each approval.
const OF_RULES: [&str; 7] = [
    "misspelled-pattern",
    "duplicate-pattern",
    "shadowed-rule",
    "dead-pattern",
    "ineffective-pattern",
    "directory-as-file",
    "floating-directory",
];

/// Adds the findings of each approval to those of each lint.
pub(super) fn add(context: &Context<'_>, levels: &Levels, found: &mut [Vec<Diagnostic>]) {
    let approvals = context.project.rules.approvals();
    for (id, approval) in approvals.with_ids() {
        let project = context.project.of_approval(id);
        let matcher = project.rules.matcher();
        let mut survey = Survey::new(&matcher, &context.facts.paths);
        share_exceptions(approval, &mut survey);
        let rendered = Renderings::default();
        let mut own = Context::new(&project, context.facts, &matcher, &survey, &rendered);
        own.is_verbose = context.is_verbose;
        own.config = context.config;
        own.is_below_root = context.is_below_root;
        own.is_outdated = context.is_outdated;
        let lints = (0..context.lints.len()).map(|index| context.lints.get(index));
        let is_about_rules = |lint: &Lint| OF_RULES.contains(&lint.name);
        for (lint, found) in lints
            .zip(&mut *found)
            .filter(|(lint, _)| is_about_rules(lint))
        {
            found.extend(run_one(&own, levels, lint, false));
        }
    }
}

/// The rules of an entry have the same exceptions. One of them has an effect if it has one on any of these
/// rules, and if it has none, it is one finding: on the first rule that matches something.
fn share_exceptions(approval: &Approval, survey: &mut Survey) {
    let rules = &approval.rules;
    for part in &approval.parts {
        let is_live = |line: LineId| survey.first[line].is_some();
        let mut own = part.rules.iter();
        let shown = own.find(|&rule| rules[rule].lines.iter().any(is_live));
        let count = (part.rules.iter().next()).map_or(0, |first| rules[first].exceptions.len());
        for index in 0..count {
            let all = part
                .rules
                .iter()
                .map(|rule| (rule, rules[rule].exceptions.nth(index)));
            let has_effect = all.clone().any(|(_, exception)| survey.excepted[exception]);
            for (rule, exception) in all {
                survey.excepted[exception] = has_effect || Some(rule) != shown;
            }
        }
    }
}
