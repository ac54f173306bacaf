//! Disjointness: no path matches both patterns, in any tree.
//!
//! Most pairs of rules are disjoint by their first names, and [`part_ways`] sees it without allocating.
//! Otherwise both patterns become sequences, and the question is whether they have a word in common:
//!
//! ```text
//! /src/*.r?  and  /src/*.?s     `*.r?` and `*.?s` share `.rs`: not disjoint
//! /docs/*    and  /docs/*/      2 segments, and 3 or more: disjoint
//! **/a/*     and  /b/*          `a` could only stand where `b` does: disjoint
//! ```

use super::WORK;
use super::names::Names;
use super::sequence::overlay::meets;
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern};

/// Whether no path matches both `a` and `b`, in any tree.
///
/// `true` is a proof. So is `false`, but for patterns with thousands of globs that repeat each other,
/// and for patterns with [classes](crate::pattern::Class), which count as `?`. Takes about linear time
/// if neither or both of the patterns have a gap of any length, and at most the product of their
/// lengths (cut off at some milliseconds) otherwise.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::disjoint;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// assert!(disjoint(&pattern("/docs/*"), &pattern("/docs/*/")));
/// assert!(!disjoint(&pattern("/src/*.r?"), &pattern("/src/*.?s")));
/// assert!(disjoint(&pattern("/src/*.rs"), &pattern("/docs/*.rs")));
/// ```
#[must_use]
pub fn disjoint(a: &Pattern, b: &Pattern) -> bool {
    disjoint_within(a, b, &mut Budget::new(WORK)) == Some(true)
}

/// [`disjoint`], paid from a budget: `None` if that is used up.
pub(crate) fn disjoint_within(a: &Pattern, b: &Pattern, budget: &mut Budget) -> Option<bool> {
    if part_ways(a, b) {
        return Some(true);
    }
    // Every subtree has a path of a pattern that may start anywhere.
    let has = |a: &Pattern, b: &Pattern| a.is_subtree() && b.head().open;
    let is_met = has(a, b) || has(b, a) || goes_on(a, b) || goes_on(b, a);
    if is_met && a.is_plain() && b.is_plain() {
        return Some(false);
    }
    if have_open_ends(a, b) && a.is_plain() && b.is_plain() {
        return Some(false);
    }
    let (a, b) = (&*a.without_classes(), &*b.without_classes());
    budget.spend(a.size() + b.size())?;
    let mut names = Names::default();
    let (Some(a), Some(b)) = (names.sequence(a), names.sequence(b)) else {
        return Some(true);
    };
    Some(!meets(&a, &b, &mut names, budget)?)
}

/// Whether a path of `a` can go on as one of `b` does: both begin with the same globs, `b` may then have
/// a gap of any length, and `a` takes whatever follows. So `/x/**/y/` has `x/y/z` in common with
/// `/x/**/z`.
fn goes_on(a: &Pattern, b: &Pattern) -> bool {
    if a.head() != b.head() || !a.tail().open {
        return false;
    }
    let mut pairs = a.steps().iter().zip(b.steps());
    let last = pairs.find(|(a, b)| a != b || a.gap != Gap::NONE);
    last.is_some_and(|(a, b)| a.glob == b.glob && b.gap.open)
}

/// Whether both patterns begin with literal names at the root, and these differ.
pub(crate) fn part_ways(a: &Pattern, b: &Pattern) -> bool {
    if a.head() != Gap::NONE || b.head() != Gap::NONE {
        return false;
    }
    for (a, b) in a.steps().iter().zip(b.steps()) {
        match (a.glob.as_literal(), b.glob.as_literal()) {
            (Some(a), Some(b)) if a != b => return true,
            (Some(_), Some(_)) => {}
            _ => return false,
        }
        if a.gap != Gap::NONE || b.gap != Gap::NONE {
            return false;
        }
    }
    false
}

/// Whether both patterns begin with the same literal names, up to a gap of any length in one of them, and
/// anything may follow them. Then what stands between can follow one after the other.
fn have_open_ends(a: &Pattern, b: &Pattern) -> bool {
    if !a.tail().open || !b.tail().open {
        return false;
    }
    if a.head() != Gap::NONE || b.head() != Gap::NONE {
        return a.head().open || b.head().open;
    }
    for (a, b) in a.steps().iter().zip(b.steps()) {
        if a.glob != b.glob {
            return false;
        }
        if a.gap.open || b.gap.open {
            return true;
        }
        if a.gap != Gap::NONE || b.gap != Gap::NONE {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{self, pattern};
    use super::*;

    #[test]
    fn disjointness() {
        for (a, b, expected) in [
            ("/a", "/b", true),
            ("a", "b", false),
            ("/a/*", "/a/*/", true),
            ("/a/*", "/a/*.md", false),
            ("/a/*", "/*/*/", true),
            ("/a*", "/*b", false),
            ("/a*/", "/b*/", true),
            ("/?/", "/??*/", true),
            ("**/a/*", "/b/*/*", false),
            ("**/a/*", "/b/*", true),
            ("**/a/", "/b/*", true),
            ("/x/**/a/**/y", "/x/*/y/z", false),
            ("*a*b*", "/?a?b/", false),
            ("/*a*b*/", "/bb?a/", true),
            ("/x/**/y/", "/x/**/z", false),
            ("/x/**/y", "/x/**/z", false),
            ("/x/**/y/*", "/x/**/z/*", true),
            ("/x/**/y/*", "/x/**/z/*/", false),
            ("/x/*/y/", "/x/**/z/", false),
            ("/x/*/y/", "/x/*/z/", true),
            ("/x/**/y/", "/x/z", false),
        ] {
            let (a_pattern, b_pattern) = (pattern(a), pattern(b));
            assert_eq!(disjoint(&a_pattern, &b_pattern), expected, "{a} and {b}");
            assert_eq!(disjoint(&b_pattern, &a_pattern), expected, "{b} and {a}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn disjoint_is_exact(a in testing::any_pattern(), b in testing::any_pattern()) {
            let common = testing::paths().find(|path| a.matches(path) && b.matches(path));
            if disjoint(&a, &b) {
                prop_assert!(common.is_none(), "{}", testing::text(&common.unwrap_or_default()));
            } else if common.is_none() {
                // It takes a longer path: the intersection has one.
                let members = super::super::intersect(&a, &b, 10_000).unwrap();
                let path = super::super::witnesses(&members[0]).next().unwrap();
                prop_assert!(a.matches(&path) && b.matches(&path), "{}", testing::text(&path));
            }
        }
    }
}
