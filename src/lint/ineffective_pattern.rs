//! `ineffective-pattern`: a pattern matches tracked paths, but decides none of them. Or it adds owners
//! to tracked paths, and all of them have these owners already.
//!
//! `shadowed-rule` is proved for every tree. This lint checks the current tree only, so the rule
//! may have an effect in another one. A rule for every path is not reported, because it is a
//! fallback for new paths.

use super::{Context, Findings};
use crate::ids::{IdRange, IdVec};
use crate::paths::PathId;
use crate::pattern::algebra::covers;
use crate::pattern::budget::Budget;
use crate::ruleset::requirements::is_guard;
use crate::ruleset::{LineId, Rule, RuleId, RuleLine, RuleWalk};
use crate::text::{Diagnostic, escaped};

/// The maximum number of paths checked to find examples. After that, an excepted path is the
/// example.
const MAX_EXAMPLE_PATHS: usize = 20_000;
/// The maximum number of owners that are listed to find rules that add nobody new.
const MAX_LISTED_OWNERS: usize = 40_000_000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut left = MAX_EXAMPLE_PATHS;
    let mut walk = None;
    for rule in rules.rules() {
        let decides = |line: LineId| context.survey.decided[line] > 0;
        if rule.lines.iter().any(decides) {
            continue;
        }
        // Leave out the lines that never take effect in any tree. `shadowed-rule` reports them.
        let idle: Vec<LineId> = rule
            .lines
            .iter()
            .filter(|&line| is_idle(context, line) && !is_guard(rules, line))
            .collect();
        if idle.is_empty() {
            continue;
        }
        let walk = walk.get_or_insert_with(|| context.matcher.walk());
        let example = example(context, &idle, walk, &mut left);
        findings.report(describe(context, rule, example));
    }
    for (rule, path) in adding_nobody(context) {
        // A rule that guards a requirement is there for paths to come.
        if rules[rule].lines.iter().any(|line| is_guard(rules, line)) {
            continue;
        }
        findings.report(describe_adding_nobody(context, &rules[rule], path));
    }
}

/// The rules that add nobody new to any tracked path although they add to some, each with the first
/// of these. None if that takes too much work.
fn adding_nobody<'p>(context: &Context<'p>) -> Vec<(RuleId, &'p [u8])> {
    let rules = &context.project.rules;
    let paths = &context.facts.paths;
    if !rules.has_additions() {
        return Vec::new();
    }
    let decided = &context.survey.decided;
    let is_open = |rule: &Rule| rule.adds() && decided[rule.lines].iter().any(|&count| count > 0);
    let mut search = AddingSearch {
        context,
        walk: context.matcher.walk(),
        open: rules.rules().iter().map(is_open).collect(),
        first: IdVec::filled(rules.rules(), None),
        latest: Vec::new(),
        budget: Budget::new(MAX_LISTED_OWNERS),
        left: 0,
    };
    search.left = search.open.iter().filter(|&&is_open| is_open).count();
    // Nearly always, the first path that a rule matches has new owners by it.
    for line in rules.lines().ids() {
        if search.open[rules[line].rule]
            && let Some(path) = context.survey.first[line]
        {
            search.look_at(path);
        }
    }
    search.first = IdVec::filled(rules.rules(), None);
    search.latest.clear();
    for path in paths.ids() {
        if search.budget.is_used_up() || search.left == 0 {
            return Vec::new();
        }
        search.look_at(path);
    }
    let first = search.first.with_ids();
    let first = first.filter(|&(rule, _)| search.open[rule]);
    first
        .filter_map(|(rule, path)| Some((rule, &paths[(*path)?])))
        .collect()
}

/// The search for rules that add nobody new.
struct AddingSearch<'c, 'p> {
    context: &'c Context<'p>,
    walk: RuleWalk<'c, 'p>,
    /// Whether the rule adds to tracked paths, and has added nobody new so far.
    open: IdVec<RuleId, bool>,
    /// The first path that each rule adds to.
    first: IdVec<RuleId, Option<PathId>>,
    /// The lines that decide the latest path. Neighbors mostly have the same.
    latest: Vec<LineId>,
    budget: Budget,
    /// The number of open rules.
    left: usize,
}

impl AddingSearch<'_, '_> {
    /// Finds out which rules add somebody new to a path.
    fn look_at(&mut self, path: PathId) {
        let rules = &self.context.project.rules;
        let lines = self.walk.decide_each(&self.context.facts.paths[path]);
        if lines == self.latest {
            return;
        }
        self.latest.clear();
        self.latest.extend_from_slice(lines);
        for (index, &line) in lines.iter().enumerate() {
            let id = rules[line].rule;
            if !self.open[id] {
                continue;
            }
            let count = lines[..=index]
                .iter()
                .map(|&line| rules.rule_of(line).owners.len());
            if self.budget.spend(count.sum()).is_none() {
                return;
            }
            self.first[id].get_or_insert(path);
            let before = rules.owners_of(&lines[..index]).len();
            if rules.owners_of(&lines[..=index]).len() > before {
                self.open[id] = false;
                self.left -= 1;
            }
        }
    }
}

fn describe_adding_nobody(context: &Context<'_>, rule: &Rule, path: &[u8]) -> Diagnostic {
    let location = rule.location();
    let message = format!(
        "`{}` adds nobody new to any tracked path",
        rule.pattern.value
    );
    let mut diagnostic = Diagnostic::error(message).at(
        location.file,
        location.span,
        "all its paths have these owners already",
    );
    let mut walk = context.matcher.walk();
    let rules = &context.project.rules;
    let lines = walk.decide_each(path).iter();
    let others = lines.map(|&line| (line, rules.rule_of(line)));
    let mut others = others.take_while(|(_, other)| other.lines != rule.lines);
    let gives = |other: &Rule| {
        other
            .owners
            .iter()
            .any(|each| rule.owners.iter().any(|own| own.is_same(each)))
    };
    if let Some((line, _)) = others.find(|(_, other)| gives(other)) {
        let place = super::place(context.project, line);
        let label = format!("this rule gives them `{}`", escaped(path));
        diagnostic = diagnostic.at(place.file, place.span, label);
    }
    diagnostic
        .note("the rule may take effect for paths that are added later")
        .help("remove the rule, or keep it for paths that are added later")
}

/// Whether a line matches a tracked path and decides none, but may decide one in another tree.
fn is_idle(context: &Context<'_>, line: LineId) -> bool {
    context.survey.first[line].is_some()
        && context.survey.decided[line] == 0
        && !context.project.rules[line].pattern.is_everything()
        && context.shadows()[line].is_none()
}

/// A path that a rule matches but does not decide, and the line that decides it. `None` if the rule
/// excepts the path.
type Example<'p> = (&'p [u8], Option<LineId>);

/// Finds an example for `lines`, which are lines of one rule. A path that another rule decides is a
/// better example than an excepted one.
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
        let own = &rules.exceptions()[rules[*rule].exceptions];
        let is_excepted = |path: &[u8]| own.iter().any(|each| each.pattern.matches(path));
        // A path that is not excepted is decided by another rule, so the first path is nearly
        // always enough.
        for path in IdRange::new(first, paths.ids().end)
            .iter()
            .map(|id| &paths[id])
        {
            let Some(rest) = left.checked_sub(1 + own.len()) else {
                return excepted;
            };
            *left = rest;
            if !pattern.matches(path) {
                continue;
            }
            match walk.decide_beside(path, line) {
                Some(decides) if rules[decides].rule > *rule && !is_excepted(path) => {
                    return Some((path, Some(decides)));
                }
                // An exception of this rule matches.
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
    let (mut is_fallback, mut is_excluded) = (false, false);
    if let Some((path, Some(line))) = example {
        let taker = super::place(context.project, line);
        let label = format!("this rule decides `{}`", escaped(path));
        diagnostic = diagnostic.at(taker.file, taker.span, label);
        let rules = &context.project.rules;
        let part = &rules[line].pattern;
        let mut own = rules.lines()[rule.lines].iter();
        is_fallback = own.any(|line| covers(&line.pattern, part));
        is_excluded = rules.rule_of(line).is_exclusion;
    }
    diagnostic
        .note("the rule may take effect for paths that are added later")
        .help(if is_excluded {
            "narrow the exclusion, or remove the rule"
        } else if is_fallback {
            "remove the rule, or keep it for paths that are added later"
        } else {
            "move the rule below the rules that decide its paths, or remove it"
        })
}
