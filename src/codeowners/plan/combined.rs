//! Additions that meet in directories of such names, as `Dockerfile` and `*.lock` do in `a.lock/Dockerfile`.
//!
//! A path may match any number of them, in any order, so additions of different owners take a line for
//! each order of each choice of them, after every earlier rule:
//!
//! ```text
//! Dockerfile            1          Makefile/Dockerfile   Dockerfile/Makefile      2 of 2
//! 2 patterns            4 lines    3 patterns   15 lines    4 patterns   64    6 patterns   1956
//! ```
//!
//! No file says this in fewer lines. It is not needed, either, because nearly always one of them is
//! enough. So there is another way to write them, a *run*: each excepts the patterns of those below it.
//! Then the last one that matches is the only one that adds, and that is what the lines of a file do
//! anyway: each rule takes its own lines, and none of them restores what stood before.

use rustc_hash::FxHashSet;

use crate::ids::{Id as _, IdRange};
use crate::pattern::Pattern;
use crate::pattern::algebra::disjoint_within;
use crate::pattern::budget::Budget;
use crate::ruleset::{Rule, RuleId, RuleSet};
use crate::text::toml::{array, quoted};

/// The maximum number of steps to find the additions that one meets.
const STEPS: usize = 1_000_000;
/// The maximum number of rules that a help spells out.
const MAX_SPELLED: usize = 12;

/// The rules from `first` on that are planned together: a run, or `first` alone.
pub(super) fn run_from(rules: &RuleSet, first: RuleId) -> IdRange<RuleId> {
    let single = IdRange::new(first, first.next());
    let excepted: FxHashSet<&Pattern> = exceptions_of(rules, first).collect();
    if !rules[first].adds() || excepted.is_empty() {
        return single;
    }
    let mut seen: FxHashSet<&Pattern> = FxHashSet::default();
    let mut end = first.next();
    while seen.len() < excepted.len() {
        let is_next = |rule: &Rule| is_beside(rule, &rules[first]);
        if !rules.rules().get(end).is_some_and(is_next)
            || !patterns_of(rules, end).all(|pattern| excepted.contains(pattern))
        {
            return single;
        }
        seen.extend(patterns_of(rules, end));
        end = end.next();
    }
    let run = IdRange::new(first, end);
    let mut below: FxHashSet<&Pattern> = FxHashSet::default();
    for id in rules
        .rules()
        .ids()
        .iter()
        .filter(|&id| run.contains(id))
        .rev()
    {
        let own: FxHashSet<&Pattern> = exceptions_of(rules, id).collect();
        if own != below {
            return single;
        }
        below.extend(patterns_of(rules, id));
    }
    run
}

fn is_beside(rule: &Rule, other: &Rule) -> bool {
    rule.adds() && rule.file == other.file && rule.section == other.section
}

fn exceptions_of(rules: &RuleSet, id: RuleId) -> impl Iterator<Item = &Pattern> {
    let exceptions = rules.exceptions()[rules[id].exceptions].iter();
    exceptions.map(|each| &each.pattern)
}

fn patterns_of(rules: &RuleSet, id: RuleId) -> impl Iterator<Item = &Pattern> {
    rules.lines()[rules[id].lines]
        .iter()
        .map(|line| &line.pattern)
}

/// An addition, and others of different owners that it meets.
pub(crate) struct Combined {
    /// The others, ascending. At least one.
    pub(crate) others: Vec<RuleId>,
    /// What to write in place of all of them.
    pub(crate) help: String,
}

impl Combined {
    /// The additions that the addition `id` meets, if it and they may start in any directory.
    pub(crate) fn of(rules: &RuleSet, id: RuleId) -> Option<Self> {
        let budget = &mut Budget::new(STEPS);
        let rule = &rules[id];
        let mut others = Vec::new();
        for (other, each) in rules.rules().with_ids().filter(|_| rule.adds()) {
            if other != id
                && is_beside(each, rule)
                && each.owners != rule.owners
                && meet(rules, id, other, budget)?
            {
                others.push(other);
            }
        }
        (!others.is_empty()).then(|| Combined {
            help: help(rules, id, &others),
            others,
        })
    }
}

/// Whether patterns of two rules that may start in any directory have a path in common.
fn meet(rules: &RuleSet, id: RuleId, other: RuleId, budget: &mut Budget) -> Option<bool> {
    let floats = |pattern: &&Pattern| pattern.head().open && !pattern.is_everything();
    for a in patterns_of(rules, id).filter(floats) {
        for b in patterns_of(rules, other).filter(floats) {
            budget.spend(1)?;
            if !disjoint_within(a, b, budget)? {
                return Some(true);
            }
        }
    }
    Some(false)
}

fn help(rules: &RuleSet, id: RuleId, others: &[RuleId]) -> String {
    let mut all = others.to_vec();
    all.push(id);
    all.sort_unstable();
    let has_exceptions = all.iter().any(|&id| !rules[id].except.is_empty());
    if all.len() > MAX_SPELLED || has_exceptions {
        return "start the patterns with a `/`, write rules that may add the same owners as one rule \
                with alternatives, or let each rule except the patterns of those below it, and nothing \
                else"
            .to_string();
    }
    let mut below: Vec<&str> = Vec::new();
    let mut spelled: Vec<String> = Vec::new();
    for &id in all.iter().rev() {
        let rule = &rules[id];
        let add = array(rule.added.iter().map(|text| text.value.as_str()));
        let except = match below.is_empty() {
            true => String::new(),
            false => format!(", except = {}", array(below.iter().rev().copied())),
        };
        let key = quoted(&rule.pattern.value);
        spelled.push(format!("`{key} = {{ add = {add}{except} }}`"));
        below.push(&rule.pattern.value);
    }
    spelled.reverse();
    format!(
        "if the last one that matches is enough, write these rules below one another: {}",
        spelled.join(", ")
    )
}
