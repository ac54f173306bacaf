//! Proves that fixes change no path's owners.
//!
//! The proof compares the rules before and after, and does not look at the edits. For every tree:
//! no line has changed, and each missing line never takes effect. The lint has found the proof for
//! that ([`Shadow`]), and it is checked here. For this tree: no line is new. In both cases, all known
//! paths that a missing line or an exception matches, and some made up for each missing line, are decided
//! before and after.

use super::Unproven;
use rustc_hash::FxHashSet;

use crate::ids::IdVec;
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::pattern::Pattern;
use crate::pattern::algebra::witnesses_of;
use crate::ruleset::equal::later_equals;
use crate::ruleset::shadow::Shadow;
use crate::ruleset::{Approval, LineId, Ownership, Rule, RuleId, RuleSet};
use crate::text::{Holds, escaped};

/// Proves that each path has the same owners before and after: in any tree, or in the tree of
/// `paths`. `shadows` has the proof for each line that never takes effect.
///
/// # Errors
///
/// The first contradiction.
pub(crate) fn prove(
    before: &RuleSet,
    after: &RuleSet,
    paths: &PathSet,
    holds: Holds,
    shadows: &IdVec<LineId, Option<Shadow>>,
) -> Result<(), Unproven> {
    prove_approvals(before, after)?;
    let missing = missing(before, after, holds)?;
    let mut made_up = PathSet::default();
    if holds == Holds::AnyTree {
        let later = later_equals(before);
        let never_takes_effect = |&line: &LineId| {
            let shadow = shadows.get(line).and_then(Option::as_ref);
            later[line].is_some() || shadow.is_some_and(|shadow| shadow.holds(before, line))
        };
        if !missing.iter().all(never_takes_effect) {
            let reason = "a rule that may take effect would be removed".to_string();
            return Err(Unproven { reason });
        }
        let patterns = missing.iter().map(|&line| &before[line].pattern);
        made_up = witnesses_of(patterns).collect();
    }
    let (one, other) = (before.matcher(), after.matcher());
    let (mut one_walk, mut other_walk) = (one.walk(), other.walk());
    let differing = differing(before, after, &missing);
    let mut differing_walk = differing.walk();
    let paths = (paths.iter()).filter(|path| differing_walk.last_match(path).is_some());
    for path in made_up.iter().chain(paths) {
        let was = one_walk.ownership(path);
        let is = other_walk.ownership(path);
        if was != is {
            let (path, was, is) = (escaped(path), shown(was), shown(is));
            let reason = format!("`{path}` would change owners from {was} to {is}");
            return Err(Unproven { reason });
        }
    }
    Ok(())
}

/// Proves that corrected patterns change only the owners of paths that they match now, and that they
/// matched no path of the tree before. Nothing else may have changed. Returns how many paths have
/// new owners.
///
/// # Errors
///
/// The first contradiction.
pub(crate) fn prove_corrections(
    before: &RuleSet,
    after: &RuleSet,
    paths: &PathSet,
) -> Result<usize, Unproven> {
    prove_approvals(before, after)?;
    let unproven = |reason: String| Err(Unproven { reason });
    let same_rules = before.rules().len() == after.rules().len()
        && (before.rules().iter().zip(after.rules().iter()))
            .all(|(old, new)| says_the_same(old, new) && old.except.len() == new.except.len());
    if !same_rules {
        return unproven("a correction would change more than a pattern".to_string());
    }
    // The expansions of a text may become more or fewer, so compare those of each rule as sets.
    let patterns_of = |rules: &RuleSet| -> FxHashSet<(RuleId, bool, Pattern)> {
        let lines = rules.lines().iter();
        let lines = lines.map(|line| (line.rule, false, line.pattern.clone()));
        let exceptions = rules.exceptions().iter();
        let exceptions = exceptions.map(|each| (each.rule, true, each.pattern.clone()));
        lines.chain(exceptions).collect()
    };
    let (old, new) = (patterns_of(before), patterns_of(after));
    let only_in = |these: &FxHashSet<(RuleId, bool, Pattern)>, others: &FxHashSet<_>| {
        let only = these.difference(others);
        Matcher::new(only.map(|(.., pattern)| pattern).collect::<Vec<_>>())
    };
    let (lost, gained) = (only_in(&old, &new), only_in(&new, &old));
    let (mut lost, mut gained) = (lost.walk(), gained.walk());
    let (one, other) = (before.matcher(), after.matcher());
    let (mut one_walk, mut other_walk) = (one.walk(), other.walk());
    let mut changed = 0;
    for path in paths.iter() {
        let is_gained = gained.last_match(path).is_some();
        let was = one_walk.ownership(path);
        let is = other_walk.ownership(path);
        if was == is {
            continue;
        }
        if !is_gained || lost.last_match(path).is_some() {
            let (path, was, is) = (escaped(path), shown(was), shown(is));
            return unproven(format!("`{path}` would change owners from {was} to {is}"));
        }
        changed += 1;
    }
    Ok(changed)
}

/// Proves that nothing has changed in approvals: nothing in them is fixed.
fn prove_approvals(before: &RuleSet, after: &RuleSet) -> Result<(), Unproven> {
    let (one, other) = (before.approvals().iter(), after.approvals().iter());
    let same_rules = |one: &RuleSet, other: &RuleSet| {
        let line = |rules: &RuleSet, id: LineId| rules[id].pattern.clone();
        one.lines().len() == other.lines().len()
            && one.lines().ids().iter().all(|id| {
                line(one, id) == line(other, id)
                    && says_the_same(one.rule_of(id), other.rule_of(id))
                    && exceptions(one, id).eq(exceptions(other, id))
            })
    };
    let is_same = |(one, other): (&Approval, &Approval)| {
        (&one.name, one.count, one.is_optional) == (&other.name, other.count, other.is_optional)
            && same_rules(&one.rules, &other.rules)
    };
    if before.approvals().len() == after.approvals().len() && one.zip(other).all(is_same) {
        return Ok(());
    }
    let reason = "an approval would change".to_string();
    Err(Unproven { reason })
}

/// The missing lines. The comparison starts from the end, because of equal lines the last one
/// stays.
fn missing(before: &RuleSet, after: &RuleSet, holds: Holds) -> Result<Vec<LineId>, Unproven> {
    let is_same = |old: LineId, new: LineId| {
        before[old].pattern == after[new].pattern
            && says_the_same(before.rule_of(old), after.rule_of(new))
            // This tree may need fewer exceptions.
            && (holds == Holds::ThisTree || exceptions(before, old).eq(exceptions(after, new)))
    };
    let mut missing = Vec::new();
    let mut left = after.lines().ids().iter().rev();
    let mut next = left.next();
    for old in before.lines().ids().iter().rev() {
        if next.is_some_and(|new| is_same(old, new)) {
            next = left.next();
        } else {
            missing.push(old);
        }
    }
    if let Some(new) = next {
        let pattern = &after[new].pattern;
        let reason = format!("the line `{pattern}` is new");
        return Err(Unproven { reason });
    }
    missing.reverse();
    Ok(missing)
}

/// Matches every path that a missing line matched, or an exception of any rule. All other paths match
/// the same lines, and no exception, before and after.
fn differing(before: &RuleSet, after: &RuleSet, missing: &[LineId]) -> Matcher {
    let lines = missing.iter().map(|&line| &before[line].pattern);
    let exceptions = [before, after].into_iter().flat_map(RuleSet::exceptions);
    Matcher::new(lines.chain(exceptions.map(|each| &each.pattern)))
}

/// Whether two rules do the same with the paths that they apply to.
fn says_the_same(one: &Rule, other: &Rule) -> bool {
    one.owners == other.owners && one.adds() == other.adds()
}

fn exceptions(rules: &RuleSet, line: LineId) -> impl Iterator<Item = &Pattern> {
    let range = rules.rule_of(line).exceptions;
    rules.exceptions()[range].iter().map(|each| &each.pattern)
}

fn shown(ownership: Ownership<'_>) -> String {
    match ownership {
        Ownership::Owned(owners) => Owner::join(owners),
        Ownership::Nobody => "nobody".to_string(),
        Ownership::Unowned => "unowned".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn what_is_proved_and_what_is_not() {
        let before = "'*' = '@a'\n'/a/b/' = '@b'\n'/a/' = '@c'\n'/c' = { owners = '@d', except = '/c/d' }\n\
             [[approval]]\nname = 'S'\npaths = '/e/'\nexcept = '/e/x'\nowners = '@g'\ncount = 2\n";
        for (what, old, new, any, tree) in [
            ("nothing", "", "", true, true),
            ("a shadowed rule", "'/a/b/' = '@b'\n", "", true, true),
            ("a rule that decides", "'/a/' = '@c'\n", "", false, false),
            (
                "one that decides elsewhere",
                "'/c' = { owners = '@d', except = '/c/d' }\n",
                "",
                false,
                true,
            ),
            ("other owners", "'@d'", "'@e'", false, false),
            ("a wider pattern", "'/c'", "'c'", false, false),
            ("the pattern of an approval", "'/e/'", "'/f/'", false, false),
            (
                "the exception of an approval",
                "'/e/x'",
                "'/e/y'",
                false,
                false,
            ),
            ("the owners of an approval", "'@g'", "'@h'", false, false),
            (
                "the count of an approval",
                "count = 2",
                "count = 1",
                false,
                false,
            ),
            (
                "a rule more",
                "'/a/' = '@c'\n",
                "'/a/' = '@c'\n'/e' = '@c'\n",
                false,
                false,
            ),
            (
                "another order",
                "'/a/b/' = '@b'\n'/a/' = '@c'\n",
                "'/a/' = '@c'\n'/a/b/' = '@b'\n",
                false,
                false,
            ),
            ("no exception", ", except = '/c/d'", "", false, true),
            (
                "an exception more",
                "'/c/d'",
                "['/c/d', '/c/e']",
                false,
                true,
            ),
        ] {
            assert!(before.contains(old), "{what}");
            let load = |rules: &str| Project::from_text(&format!("[paths]\n{rules}")).unwrap();
            let (one, other) = (load(before), load(&before.replacen(old, new, 1)));
            let paths = ["a/x", "b"].iter().collect();
            for (holds, expected) in [(Holds::AnyTree, any), (Holds::ThisTree, tree)] {
                let shadows = crate::ruleset::shadow::shadows_of(&one.rules);
                let proved = prove(&one.rules, &other.rules, &paths, holds, &shadows);
                assert_eq!(proved.is_ok(), expected, "{what}: {proved:?}");
            }
        }
    }
}
