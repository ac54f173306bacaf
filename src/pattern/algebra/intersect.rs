//! Intersection: the paths that two patterns share, as patterns.
//!
//! A forge knows no exceptions. They are said by repeating earlier lines for the paths that the rule
//! and its exception have in common. For that the common paths must be patterns again, and they are:
//! the intersection of two patterns is a finite union of patterns.
//!
//! ```text
//! **/a/   and  **/b/       **/a/**/b/     the `a` before the `b`
//!                          **/b/**/a/     the `b` before the `a`
//!
//! /docs/* and  **/*.md     /docs/*.md     a file, but no directory of that name
//!
//! ab*     and  *ba         **/aba         one name, and `b` is in both globs
//!                          **/ab*ba       one name
//!                          **/ab*/**/*ba  two names
//!                          **/*ba/**/ab*
//! ```
//!
//! [`members`] walks both sequences and collects what they share. Then what another member plainly
//! includes is removed.

use std::fmt;

use super::disjoint::disjoint_within;
use super::names::{NameId, Names};
use super::sequence::Sequence;
use super::sequence::members::{members, without_covered};
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern};

/// The budget of one intersection that brings none of its own, and the same again for tidying its
/// result.
const WORK: usize = 1_000_000;

/// The intersection has more members than the caller wanted, or finding them is too much work.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::intersect;
///
/// let (a, b) = (Pattern::github("a/").unwrap(), Pattern::github("b/").unwrap());
/// let error = intersect(&a, &b, 1).unwrap_err();
/// assert_eq!(error.limit, 1);
/// assert_eq!(error.to_string(), "the patterns overlap in more than 1 way");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// The limit that the caller gave.
    pub limit: usize,
}

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.limit == 1 { "" } else { "s" };
        write!(
            f,
            "the patterns overlap in more than {} way{plural}",
            self.limit
        )
    }
}

impl std::error::Error for TooMany {}

/// The paths that both `a` and `b` match, as a union of patterns.
///
/// The union is exact. It has no two equal members, and none that is plainly included in another;
/// its order depends on the arguments alone. It is empty if the patterns are
/// [disjoint](super::disjoint()).
///
/// A member may end exactly at a glob, which stands for a file and not for a directory of that
/// name: the model has such patterns although GitHub has no text for them.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::intersect;
///
/// let texts = |a: &str, b: &str| -> Vec<String> {
///     let (a, b) = (Pattern::github(a).unwrap(), Pattern::github(b).unwrap());
///     let members = intersect(&a, &b, 100).unwrap();
///     members.iter().map(Pattern::to_string).collect()
/// };
/// assert_eq!(texts("**/a/", "**/b/"), ["**/a/**/b/", "**/b/**/a/"]);
/// assert_eq!(texts("ab*", "*ba"), ["**/aba", "**/ab*ba", "**/ab*/**/*ba", "**/*ba/**/ab*"]);
/// assert!(texts("/a/", "/b/").is_empty());
/// ```
///
/// # Errors
///
/// [`TooMany`] as soon as there are more than `limit` members, before redundant ones are removed,
/// or if the work is out of all proportion: `Ok` is always the whole intersection. The same, if one
/// of them has a [class](crate::pattern::Class), unless even `?` in its place leaves nothing in common.
pub fn intersect(a: &Pattern, b: &Pattern, limit: usize) -> Result<Vec<Pattern>, TooMany> {
    let error = TooMany { limit };
    let (mut names, budget) = (Names::default(), &mut Budget::new(WORK));
    match common(a, b, &mut names, limit, budget).ok_or(error)? {
        Common::Is(patterns) => Ok(patterns),
        Common::IsUnionOf(members) => Ok(tidy(members, &mut names, &mut Budget::new(WORK))),
    }
}

/// [`intersect`], paid from a budget. `None` if there are more than `limit` members, or if the budget is
/// [used up](Budget::is_used_up). What is returned depends on the patterns alone.
pub(crate) fn intersect_within(
    a: &Pattern,
    b: &Pattern,
    limit: usize,
    budget: &mut Budget,
) -> Option<Vec<Pattern>> {
    budget.spend(a.size() + b.size())?;
    let mut names = Names::default();
    match common(a, b, &mut names, limit, budget)? {
        Common::Is(patterns) => Some(patterns),
        Common::IsUnionOf(members) => {
            let patterns = tidy(members, &mut names, budget);
            // Where tidying has used up the budget, covered members may still be there.
            budget.spend(1)?;
            Some(patterns)
        }
    }
}

/// What two patterns share.
enum Common {
    Is(Vec<Pattern>),
    /// Some of these may be included in others.
    IsUnionOf(Vec<Sequence<NameId>>),
}

fn common(
    a: &Pattern,
    b: &Pattern,
    names: &mut Names,
    limit: usize,
    budget: &mut Budget,
) -> Option<Common> {
    if a.has_classes() || b.has_classes() {
        if disjoint_within(a, b, budget)? {
            return Some(Common::Is(Vec::new()));
        }
        return (a == b && limit > 0).then(|| Common::Is(vec![a.clone()]));
    }
    let plain = in_subtree(a, b).or_else(|| in_subtree(b, a));
    if let Some(only) = plain.filter(|_| a.is_plain() && b.is_plain()) {
        return (limit > 0).then(|| Common::Is(vec![only]));
    }
    let (Some(a), Some(b)) = (names.sequence(a), names.sequence(b)) else {
        return Some(Common::Is(Vec::new()));
    };
    let members = members(&a, &b, names, limit, budget)?;
    Some(Common::IsUnionOf(members))
}

/// What a subtree and a pattern that may start anywhere have in common, if that is plain. Most pairs
/// of a plan are such: `/a/b/` and `**/c/` share `/a/b/**/c/`, and with `**/b/` they share `/a/b/`.
fn in_subtree(subtree: &Pattern, floating: &Pattern) -> Option<Pattern> {
    if !subtree.is_subtree() || floating.head() != Gap::ANY {
        return None;
    }
    let first = floating.steps().first()?;
    let names = subtree.first_names();
    let mut after = subtree.steps().len();
    let mut found = false;
    for name in names {
        after -= 1;
        if !first.glob.matches(name.as_bytes()) {
            continue;
        }
        // The pattern starts inside of the names. It is plain only if all the rest may follow.
        let behind = after + subtree.tail().min as usize;
        let is_whole = floating.steps().len() == 1 && first.gap.open;
        if is_whole && behind >= first.gap.min as usize {
            return Some(subtree.clone());
        }
        found = true;
    }
    (!found).then(|| floating.in_directory(subtree.steps()))
}

/// The members as patterns, without those that another one plainly includes.
fn tidy(members: Vec<Sequence<NameId>>, names: &mut Names, budget: &mut Budget) -> Vec<Pattern> {
    let members = without_covered(members, names, budget);
    members.iter().map(|member| names.pattern(member)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{self, pattern, text};
    use super::super::witnesses;
    use super::*;
    use crate::pattern::Gap;

    /// The members as texts; one that ends exactly at a glob, which has none, is marked.
    fn texts(a: &str, b: &str) -> Vec<String> {
        let members = intersect(&pattern(a), &pattern(b), 1000).unwrap();
        let text = |member: &Pattern| {
            let file = !member.steps().is_empty() && member.tail() == Gap::NONE;
            format!("{member}{}", if file { " (file)" } else { "" })
        };
        members.iter().map(text).collect()
    }

    #[test]
    fn table() {
        for (a, b, expected) in [
            ("*", "/a", &["/a"][..]),
            ("/a", "/b", &[]),
            ("a", "a", &["**/a"]),
            ("/a", "/a/", &["/a/"]),
            ("/a/", "*.md", &["/a/**/*.md"]),
            ("/core/", "*.lock", &["/core/**/*.lock"]),
            ("/core/", "/core/webapi/", &["/core/webapi/"]),
            ("**/foo/", "shared/**/", &["/shared/**/foo/"]),
            ("**/a/", "**/b/", &["**/a/**/b/", "**/b/**/a/"]),
            ("a", "b/", &["**/a/**/b/", "**/b/**/a"]),
            ("/docs/*", "*.md", &["/docs/*.md (file)"]),
            ("/*/*", "/a/", &["/a/*"]),
            ("/*a*", "/*b*", &["/*a*b*", "/*b*a*"]),
            ("/a*", "/*b", &["/a*b"]),
            ("/ab*", "/*ba", &["/aba", "/ab*ba"]),
            ("/a?*", "/?b*", &["/ab*"]),
            ("/a*", "/???", &["/a??"]),
            ("/?*a", "/a*", &["/a*a"]),
            ("/??*", "/*?", &["/??*"]),
            (
                "/a/**/b",
                "/a/*/*/*",
                &["/a/b/*/*", "/a/*/b/*", "/a/*/*/b (file)"],
            ),
            (
                "**/a/**/a/**/b/",
                "**/a/**/a/**/c/",
                &["**/a/**/a/**/b/**/c/", "**/a/**/a/**/c/**/b/"],
            ),
        ] {
            assert_eq!(texts(a, b), expected, "{a} and {b}");
        }
    }

    #[test]
    fn a_file_that_github_cannot_name() {
        let members = intersect(&pattern("/docs/*"), &pattern("*.md"), 10).unwrap();
        let [member] = members.as_slice() else {
            panic!("{members:?}");
        };
        assert_eq!(member.to_string(), "/docs/*.md");
        assert_eq!(member.tail(), Gap::NONE);
        assert!(member.matches(b"docs/a.md"));
        assert!(!member.matches(b"docs/a.md/b"));
    }

    #[test]
    fn the_limit_holds() {
        let (a, b) = (pattern(&"**/a/".repeat(100)), pattern(&"**/b/".repeat(100)));
        assert_eq!(intersect(&a, &b, 1000), Err(TooMany { limit: 1000 }));
        assert_eq!(intersect(&a, &a, 1).as_deref(), Ok(&[a.clone()][..]));
        assert_eq!(intersect(&a, &a, 0), Err(TooMany { limit: 0 }));

        let glob = |text: &str| pattern(&format!("/{}*", text.repeat(500)));
        let (a, b, ab) = (glob("*a"), glob("*b"), glob("*ab"));
        assert_eq!(intersect(&a, &b, 1000), Err(TooMany { limit: 1000 }));
        assert_eq!(intersect(&a, &ab, 1).as_deref(), Ok(&[ab][..]));
    }

    #[test]
    fn hostile_patterns_end() {
        let long = 20_000;
        let all = [
            pattern(&format!("/{}", "a/".repeat(long))),
            pattern(&format!("**/{}b/", "a/".repeat(long))),
            pattern(&"*/".repeat(long)),
            pattern(&"**/a/".repeat(1000)),
            pattern(&format!("/{}", "*a".repeat(500))),
            pattern(&format!("/{}b", "?".repeat(long))),
            Pattern::new(Gap {
                min: u32::MAX,
                open: true,
            }),
        ];
        for a in &all {
            for b in &all {
                if let Ok(members) = intersect(a, b, 100) {
                    assert!(members.len() <= 100);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn intersection_is_exact(a in testing::any_pattern(), b in testing::any_pattern()) {
            let members = intersect(&a, &b, 10_000).unwrap();
            for path in testing::paths() {
                prop_assert_eq!(
                    members.iter().any(|member| member.matches(&path)),
                    a.matches(&path) && b.matches(&path),
                    "{}", text(&path)
                );
            }
            prop_assert_eq!(&members, &intersect(&a, &b, 10_000).unwrap());
            for (index, narrow) in members.iter().enumerate() {
                // Longer paths than were enumerated.
                for path in witnesses(narrow) {
                    prop_assert!(a.matches(&path) && b.matches(&path), "{}", text(&path));
                }
                for (other, wide) in members.iter().enumerate() {
                    prop_assert!(index == other || wide != narrow);
                }
            }
        }

        #[test]
        fn sides_do_not_matter(a in testing::any_pattern(), b in testing::any_pattern()) {
            // The members may differ where redundancy is not plain; what they mean may not.
            let one = intersect(&a, &b, 10_000).unwrap();
            let other = intersect(&b, &a, 10_000).unwrap();
            for (from, to) in [(&one, &other), (&other, &one)] {
                for path in from.iter().flat_map(witnesses) {
                    prop_assert!(to.iter().any(|member| member.matches(&path)), "{}", text(&path));
                }
            }
        }
    }
}
