//! `ineffective-pattern`: a pattern that matches tracked paths and decides none of them.
//!
//! The sibling of `shadowed-rule`: that one is proven for every tree, this one is seen on the tree
//! as it is, and may be as it should be tomorrow. The rule for every path is left out: it stands
//! first for what is still to come.

use super::{Context, Findings};
use crate::ids::IdRange;
use crate::pattern::algebra::covers;
use crate::ruleset::{LineId, Rule, RuleLine, RuleWalk};
use crate::text::{Diagnostic, escaped};

/// How many paths are looked at for examples in all. What is left says so by a path that is excepted.
const PATHS: usize = 20_000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut left = PATHS;
    let mut walk = None;
    for rule in rules.rules() {
        let decides = |line: LineId| context.survey.decided[line] > 0;
        if rule.lines.iter().any(decides) {
            continue;
        }
        // What no tree can change is reported as that.
        let idle: Vec<LineId> = rule
            .lines
            .iter()
            .filter(|&line| is_idle(context, line))
            .collect();
        if idle.is_empty() {
            continue;
        }
        let walk = walk.get_or_insert_with(|| context.matcher.walk());
        let example = example(context, &idle, walk, &mut left);
        findings.report(describe(context, rule, example));
    }
}

/// Whether a line matches some path, decides none, and might in another tree.
fn is_idle(context: &Context<'_>, line: LineId) -> bool {
    context.survey.first[line].is_some()
        && context.survey.decided[line] == 0
        && !context.project.rules[line].pattern.is_everything()
        && context.shadows()[line].is_none()
}

/// A path that a rule matches without deciding it, and the line that does; none if the rule excepts
/// the path.
type Example<'p> = (&'p [u8], Option<LineId>);

/// Looks for a path of `lines`, which are those of one rule; one that another rule takes tells more
/// than one that is excepted.
fn example<'p>(
    context: &Context<'p>,
    lines: &[LineId],
    walk: &mut RuleWalk<'_, '_>,
    left: &mut usize,
) -> Option<Example<'p>> {
    let rules = &context.project.rules;
    let paths = &context.facts.paths;
    let mut excepted = None;
    for &line in lines {
        let RuleLine { pattern, rule, .. } = &rules[line];
        let Some(first) = context.survey.first[line] else {
            continue;
        };
        // What is not excepted there is taken by another rule: nearly always the first is enough.
        for path in IdRange::new(first, paths.ids().end)
            .iter()
            .map(|id| &paths[id])
        {
            let Some(rest) = left.checked_sub(1) else {
                return excepted;
            };
            *left = rest;
            if !pattern.matches(path) {
                continue;
            }
            match walk.decide(path) {
                Some(decides) if rules[decides].rule > *rule => {
                    return Some((path, Some(decides)));
                }
                // An earlier rule decides, or none: this one's exceptions say so.
                _ => {
                    excepted.get_or_insert((path, None));
                }
            }
        }
    }
    excepted
}

fn describe(context: &Context<'_>, rule: &Rule, example: Option<Example<'_>>) -> Diagnostic {
    let location = rule.location();
    let message = format!("`{}` has no effect on any tracked path", rule.pattern.value);
    let diagnostic =
        |label: &str| Diagnostic::error(message).at(location.file, location.span, label);
    if let Some((path, None)) = example {
        let path = escaped(path);
        return diagnostic("its exceptions cover every path that it matches")
            .note(format!("`{path}` is excepted, for example"))
            .help("narrow its `except`, or remove the rule");
    }
    let mut diagnostic = diagnostic("later rules decide every path that it matches");
    let mut is_fallback = false;
    if let Some((path, Some(line))) = example {
        let taker = super::place(context.project, line);
        let label = format!("this rule decides `{}`", escaped(path));
        diagnostic = diagnostic.at(taker.file, taker.span, label);
        let rules = &context.project.rules;
        let part = &rules[line].pattern;
        let mut own = rules.lines()[rule.lines].iter();
        is_fallback = own.any(|line| covers(&line.pattern, part));
    }
    diagnostic
        .note("the rule may take effect for paths that are added later")
        .help(if is_fallback {
            "remove the rule, or keep it for paths that are added later"
        } else {
            "move the rule below the rules that decide its paths, or remove it"
        })
}
