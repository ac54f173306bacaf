//! `shadowed-rule`: a rule never takes effect, because later rules cover everything that it
//! matches.
//!
//! This is proved for the patterns ([`shadow`](crate::ruleset::shadow)), so it holds for every
//! tree. `ineffective-pattern` reports what holds for the current tree only. This module turns
//! shadowed lines into findings: on a whole rule, on an alternative of a rule, or on a rule that
//! shadows many others.

use super::{Context, Findings, place};
use crate::ids::IdVec;
use crate::pattern::budget::Budget;
use crate::ruleset::shadow::{Shadow, is_all_excepted};
use crate::ruleset::{LineId, Rule, RuleId, RuleSet};
use crate::text::{Diagnostic, FixAction, Holds, counted, escaped};

/// A rule that shadows this many rules gets one finding, instead of one for each of them.
const MIN_GROUPED: usize = 4;
/// The maximum number of locations in a finding.
const MAX_SHOWN: usize = 5;
/// The maximum number of steps to prove that exceptions leave nothing of rules.
const EXCEPTION_STEPS: usize = 5_000_000;
/// What is wrong with a rule that excepts everything.
const NOTHING_LEFT: &str = "its own exceptions leave nothing of it";

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let shadows = context.shadows();
    let mut proofs = Budget::new(EXCEPTION_STEPS);
    let mut whole: Vec<(RuleId, Vec<LineId>)> = Vec::new();
    for (id, rule) in rules.rules().with_ids() {
        let is_shadowed = |line: LineId| shadows[line].is_some();
        if rule.lines.iter().all(is_shadowed) {
            if !rule
                .lines
                .iter()
                .all(|line| is_duplicate(rules, shadows, line))
            {
                let lines: Vec<LineId> = rule.lines.iter().collect();
                match is_all_excepted(rules, &lines, &mut proofs) {
                    true => findings.report(excepted_finding(rule)),
                    false => whole.push((id, shadowed_by(shadows, lines.into_iter()))),
                }
            }
            continue;
        }
        for (alternative, lines) in shadowed_alternatives(rules, shadows, rule) {
            let text = &rule.pattern.value[rule.alternatives[alternative as usize].span.clone()];
            let location = rule.alternative_location(alternative, &context.project.sources);
            let mut diagnostic =
                Diagnostic::error(format!("the alternative `{text}` can never take effect")).at(
                    location.file,
                    location.span,
                    "later rules cover it in any tree",
                );
            let action = FixAction::RemoveAlternative(rule.location(), alternative);
            if is_all_excepted(rules, &lines, &mut proofs) {
                diagnostic.labels[0].text = NOTHING_LEFT.into();
                let finding = diagnostic.help("narrow the `except` of the rule, or remove it");
                findings.report(finding.fixed_by(Holds::AnyTree, action));
                continue;
            }
            let by = shadowed_by(shadows, lines.into_iter());
            findings.report(
                explain(context, diagnostic, &by)
                    .help("remove it")
                    .fixed_by(Holds::AnyTree, action),
            );
        }
    }
    report_whole(context, &whole, findings);
}

/// The finding on a rule whose own exceptions cover all that it matches.
fn excepted_finding(rule: &Rule) -> Diagnostic {
    let location = rule.location();
    Diagnostic::error(format!("`{}` can never take effect", rule.pattern.value))
        .at(location.file, location.span, NOTHING_LEFT)
        .help("narrow its `except`, or remove it")
        .fixed_by(Holds::AnyTree, FixAction::Remove(rule.location()))
}

/// Reports shadowed rules, given with the lines that cover them. Groups those that one rule
/// shadows.
fn report_whole(
    context: &Context<'_>,
    whole: &[(RuleId, Vec<LineId>)],
    findings: &mut Findings<'_>,
) {
    let rules = &context.project.rules;
    let only = |by: &[LineId]| match by {
        [line] => Some(rules[*line].rule),
        _ => None,
    };
    let mut counts = IdVec::filled(rules.rules(), 0);
    for by in whole.iter().filter_map(|(_, by)| only(by)) {
        counts[by] += 1;
    }
    let is_culprit = |rule: RuleId| {
        let lines = &rules.lines()[rules[rule].lines];
        let is_catch_all = lines.iter().any(|line| line.pattern.is_everything());
        counts[rule] >= if is_catch_all { 2 } else { MIN_GROUPED }
    };
    let mut culprits: Vec<RuleId> = Vec::new();
    for (id, by) in whole {
        if let Some(culprit) = only(by).filter(|&rule| is_culprit(rule)) {
            if !culprits.contains(&culprit) {
                culprits.push(culprit);
            }
            continue;
        }
        let rule = &rules[*id];
        let location = rule.location();
        let diagnostic =
            Diagnostic::error(format!("`{}` can never take effect", rule.pattern.value)).at(
                location.file,
                location.span,
                "later rules cover it in any tree",
            );
        findings.report(
            explain(context, diagnostic, by)
                .help(format!("{}, or remove it", move_behind(context, rule, by)))
                .fixed_by(Holds::AnyTree, FixAction::Remove(rule.location())),
        );
    }
    for culprit in culprits {
        let shadowed: Vec<&Rule> = whole
            .iter()
            .filter(|(_, by)| only(by) == Some(culprit))
            .map(|(rule, _)| &rules[*rule])
            .collect();
        findings.report(grouped_finding(&rules[culprit], &shadowed));
    }
}

/// The help for a rule that should win over the later ones.
fn move_behind(context: &Context<'_>, rule: &Rule, by: &[LineId]) -> String {
    if by
        .iter()
        .any(|&line| context.project.rules.rule_of(line).is_exclusion)
    {
        return "narrow the exclusion".to_string();
    }
    let last = by.last().map(|&line| place(context.project, line));
    let last = last.unwrap_or_else(|| rule.location());
    let source = &context.project.sources[last.file];
    let (line, _) = source.line_column(last.span.start);
    let other_file = if last.file == rule.file {
        String::new()
    } else {
        format!(" to `{}`,", escaped(source.name.as_bytes()))
    };
    let aim = match rule.adds() {
        true => "should add to that rule",
        false => "should win",
    };
    format!("move it{other_file} below line {line} if it {aim}")
}

/// The finding on a rule that shadows many. It has no fix: the rule is probably in the wrong place,
/// and removing everything that it covers is probably not what the author wants.
fn grouped_finding(culprit: &Rule, shadowed: &[&Rule]) -> Diagnostic {
    let location = culprit.location();
    let mut diagnostic = Diagnostic::error(format!(
        "`{}` covers {}{}, which can never take effect",
        culprit.pattern.value,
        counted(shadowed.len(), "rule"),
        if culprit.is_exclusion {
            ""
        } else {
            " above it"
        }
    ))
    .at(
        location.file,
        location.span,
        if culprit.is_exclusion {
            "an exclusion is final, wherever it is written"
        } else {
            "the last rule that matches decides"
        },
    );
    for rule in shadowed.iter().take(MAX_SHOWN) {
        let location = rule.location();
        diagnostic = diagnostic.at(location.file, location.span, "never takes effect");
    }
    if shadowed.len() > MAX_SHOWN {
        diagnostic = diagnostic.note(format!("and {} more", shadowed.len() - MAX_SHOWN));
    }
    if culprit.is_exclusion {
        return diagnostic.help("narrow the exclusion, or remove the rules that it covers");
    }
    diagnostic.help(format!(
        "move `{}` above the rules that it covers",
        culprit.pattern.value
    ))
}

/// Points at the lines that cover the rule.
fn explain(context: &Context<'_>, mut diagnostic: Diagnostic, by: &[LineId]) -> Diagnostic {
    for &line in by.iter().take(MAX_SHOWN) {
        let location = place(context.project, line);
        let label = match context.project.rules.rule_of(line).is_exclusion {
            true => "this exclusion is final",
            false => "this rule comes later",
        };
        diagnostic = diagnostic.at(location.file, location.span, label);
    }
    if by.len() > MAX_SHOWN {
        diagnostic = diagnostic.note(format!(
            "and {}",
            counted(by.len() - MAX_SHOWN, "other pattern")
        ));
    }
    diagnostic
}

/// Whether a line is shadowed by one with the same pattern, which `duplicate-pattern` reports.
fn is_duplicate(rules: &RuleSet, shadows: &IdVec<LineId, Option<Shadow>>, line: LineId) -> bool {
    let pattern = &rules[line].pattern;
    let is_same = |by: &LineId| rules[*by].pattern == *pattern;
    !rules.rule_of(line).adds()
        && matches!(&shadows[line], Some(shadow) if shadow.by.len() == 1 && shadow.by.iter().all(is_same))
}

/// The lines that shadow these lines, ascending.
fn shadowed_by(
    shadows: &IdVec<LineId, Option<Shadow>>,
    lines: impl Iterator<Item = LineId>,
) -> Vec<LineId> {
    let mut by: Vec<LineId> = lines
        .filter_map(|line| shadows[line].as_ref())
        .flat_map(|shadow| shadow.by.iter().copied())
        .collect();
    by.sort_unstable();
    by.dedup();
    by
}

/// The alternatives whose lines are all shadowed, with these lines. Leaves out alternatives inside
/// another such alternative.
fn shadowed_alternatives(
    rules: &RuleSet,
    shadows: &IdVec<LineId, Option<Shadow>>,
    rule: &Rule,
) -> Vec<(u32, Vec<LineId>)> {
    let mut lines_of: Vec<Vec<LineId>> = vec![Vec::new(); rule.alternatives.len()];
    if rule.lines.iter().all(|line| shadows[line].is_none()) {
        return Vec::new();
    }
    for line in rule.lines {
        for &alternative in &rules[line].alternatives {
            lines_of[alternative as usize].push(line);
        }
    }
    let is_whole = |index: usize| {
        let lines = &lines_of[index];
        lines.iter().all(|&line| shadows[line].is_some())
    };
    let is_not_duplicate = |index: usize| {
        let lines = &lines_of[index];
        !lines.iter().all(|&line| is_duplicate(rules, shadows, line))
    };
    (0..rule.alternatives.len())
        .filter(|&index| is_whole(index) && is_not_duplicate(index))
        .filter(|&index| {
            let parent = rule.alternatives[index].parent;
            parent.is_none_or(|parent| !is_whole(parent))
        })
        .map(|index| (index as u32, lines_of[index].clone()))
        .collect()
}
