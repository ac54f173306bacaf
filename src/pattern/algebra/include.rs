//! Inclusion: the paths of one pattern are all among those of others, in every possible tree.
//!
//! A rule that later rules cover can never decide anything, and a line that changes nothing need not
//! be written. There are three ways to an answer, cheap ones first. For `/a/` and the patterns `/a/*`
//! and `/a/*/`:
//!
//! ```text
//! 1. witnesses     a/·  a/·/·  a/·/·/·      each is matched by one of the two: not refuted
//! 2. overlay       /a/* does not lie over /a/, and /a/*/ does not
//! 3. search        a        could not end here
//!                  a/·      matched by /a/*
//!                  a/·/·    matched by /a/*/, and so is all that follows: covered
//! ```
//!
//! 1. **Refute.** A few [`witnesses`] of the narrow pattern are tried on the wide ones. Most pairs that
//!    are not covered end here.
//! 2. **Lay over.** The globs of one wide pattern are laid over those of the narrow one
//!    ([`embeds`]).
//! 3. **Search.** All paths of the narrow pattern are walked, with the places that they reach in the
//!    wide ones ([`subsets`](super::sequence::subsets)). This proves what several patterns cover
//!    together, and the few cases in which a pattern covers another without lying over it.

use super::WORK;
use super::disjoint::part_ways;
use super::names::{NameId, Names};
use super::samples::NameSamples;
use super::sequence::Sequence;
use super::sequence::overlay::{embeds, meets};
use super::sequence::subsets::{Search, Verdict};
use super::witness::witnesses;
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Glob, Pattern, Piece, Step};

/// How many globs may be compared with names before patterns are turned into sequences.
const PLAIN: usize = 1000;

/// Whether `wide` matches every path that `narrow` matches, in any tree.
///
/// `true` is a proof. `false` is one too, except where bounded work is not enough: for thousands of
/// globs that repeat each other, for dozens of overlapping globs in a row that tell single characters
/// from longer names (`?` and `??*`), and for patterns with a [class](crate::pattern::Class), of which
/// nothing is proven that does not hold with `?` in its place.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::covers;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// assert!(covers(&pattern("/docs/"), &pattern("/docs/*.md")));
/// assert!(covers(&pattern("*.md"), &pattern("/docs/a*b.md")));
/// assert!(!covers(&pattern("/docs/*"), &pattern("/docs/*.md")));
/// ```
#[must_use]
pub fn covers(wide: &Pattern, narrow: &Pattern) -> bool {
    covers_within(wide, narrow, &mut Budget::new(WORK)) == Some(true)
}

/// [`covers`], paid from a budget: `None` if that is used up.
pub(crate) fn covers_within(wide: &Pattern, narrow: &Pattern, budget: &mut Budget) -> Option<bool> {
    if let Some(answer) = at_a_glance(wide, narrow) {
        return Some(answer);
    }
    let narrow = &*narrow.without_classes();
    budget.spend(wide.size() + narrow.size())?;
    let mut names = Names::default();
    let Some(narrow) = Operand::new(narrow, &mut names) else {
        // It matches nothing, so anything covers it.
        return Some(true);
    };
    let Some(wide) = Operand::new(wide, &mut names) else {
        return Some(false);
    };
    if embeds(&wide.paths, &narrow.paths, &mut names, budget)? {
        return Some(true);
    }
    let proof = prove(&narrow, &[wide], names, budget)?;
    Some(proof == Proof::Covered)
}

/// Whether `wide` can be laid over `narrow`, glob over glob: covering that takes no search. It misses
/// only patterns of which one single glob is covered by several (`**/?/??*` covers `/?/**/??*`). The
/// answer depends on the patterns alone; `None` if the budget is used up.
pub(crate) fn plainly_covers(
    wide: &Pattern,
    narrow: &Pattern,
    budget: &mut Budget,
) -> Option<bool> {
    if part_ways(wide, narrow) {
        return Some(false);
    }
    if let Some(answer) = at_a_glance(wide, narrow) {
        return Some(answer);
    }
    let narrow = &*narrow.without_classes();
    budget.spend(wide.size() + narrow.size())?;
    let mut names = Names::default();
    match (names.sequence(wide), names.sequence(narrow)) {
        (_, None) => Some(true),
        (None, _) => Some(false),
        (Some(wide), Some(narrow)) => embeds(&wide, &narrow, &mut names, budget),
    }
}

/// Whether `wide` covers `narrow`, if that can be told without turning them into sequences.
fn at_a_glance(wide: &Pattern, narrow: &Pattern) -> Option<bool> {
    if wide.is_everything() || lies_over(wide, narrow) {
        return Some(true);
    }
    // It is false for equal patterns, and most often true, so it comes before comparing them.
    if names_another(wide, narrow) {
        return Some(false);
    }
    if wide == narrow {
        return Some(true);
    }
    wide.has_classes().then_some(false)
}

/// Whether the globs of `wide` do not even find names in `narrow`, one after the other. Then a path of
/// `narrow` with fresh characters everywhere else is not one of `wide`. A plan of lines has thousands
/// of pairs such as `/a/**/b/` and `/a/**/c/`.
fn names_another(wide: &Pattern, narrow: &Pattern) -> bool {
    // What matches nothing is covered by anything.
    if !narrow.is_plain() {
        return false;
    }
    let has_text = |glob: &Glob| {
        glob.pieces()
            .iter()
            .any(|piece| matches!(piece, Piece::Text(_)))
    };
    let mut over = wide.steps().iter().map(|step| &step.glob);
    let mut under = narrow.steps().iter().map(|step| &step.glob);
    // A glob without text may also stand for a name in a gap.
    !over.all(|over| !has_text(over) || under.any(|under| may_lie_over(over, under)))
}

/// Whether a glob may match the name that another one matches with fresh characters for wildcards.
fn may_lie_over(over: &Glob, under: &Glob) -> bool {
    if let Some(name) = under.as_literal() {
        return over.matches(name.as_bytes());
    }
    let is_end = |over: Option<&Piece>, under: Option<&Piece>, holds: fn(&str, &str) -> bool| match (
        over, under,
    ) {
        (Some(Piece::Text(over)), Some(Piece::Text(under))) => holds(under, over),
        (Some(Piece::Text(_)), _) => false,
        _ => true,
    };
    let (over, under) = (over.pieces(), under.pieces());
    is_end(over.first(), under.first(), |under, over| {
        under.starts_with(over)
    }) && is_end(over.last(), under.last(), |under, over| {
        under.ends_with(over)
    })
}

/// Whether the patterns of `wide` taken together match every path that `narrow` matches, in any tree.
///
/// `Some(true)` if that is proven, `Some(false)` if there is a path of `narrow` that none of them
/// matches, `None` if the budget was not enough to tell; memory is bounded by the budget too. A
/// hundred thousand steps are plenty for patterns that people write. With
/// [classes](crate::pattern::Class) there is no proof of the contrary.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::covered_by;
/// use owners::pattern::budget::Budget;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// let (a, files, below) = (pattern("/a/"), pattern("/a/*"), pattern("/a/*/"));
/// let budget = &mut Budget::new(100_000);
/// assert_eq!(covered_by(&a, &[&files, &below], budget), Some(true));
/// assert_eq!(covered_by(&a, &[&files], budget), Some(false));
/// assert_eq!(covered_by(&a, &[&files, &below], &mut Budget::new(1)), None);
/// ```
pub fn covered_by(narrow: &Pattern, wide: &[&Pattern], budget: &mut Budget) -> Option<bool> {
    let has_classes = narrow.has_classes() || wide.iter().any(|pattern| pattern.has_classes());
    let narrow = &*narrow.without_classes();
    let mut names = Names::default();
    let Some(narrow) = Operand::new(narrow, &mut names) else {
        return Some(true);
    };
    budget.spend(narrow.pattern.size())?;
    let mut candidates = Vec::new();
    for &pattern in wide.iter().filter(|pattern| !pattern.has_classes()) {
        budget.spend(pattern.size())?;
        if let Some(candidate) = Operand::new(pattern, &mut names)
            && meets(&candidate.paths, &narrow.paths, &mut names, budget)?
        {
            candidates.push(candidate);
        }
    }
    let proof = prove(&narrow, &candidates, names, budget)?;
    match proof {
        Proof::Covered => Some(true),
        Proof::Refuted(_) => (!has_classes).then_some(false),
    }
}

/// Whether `wide` takes everything below a directory, and every path of `narrow` lies in there, as
/// `/docs/` covers `/docs/*.md`. Most of what is covered is covered in this way, and seeing it
/// allocates nothing.
///
/// The globs of `wide` must match successive names of `narrow`: from the root or, if `wide` may start
/// anywhere, from any segment on.
fn lies_over(wide: &Pattern, narrow: &Pattern) -> bool {
    let (over, under) = (wide.steps(), narrow.steps());
    let has_gap = |steps: &[Step]| steps.iter().any(|step| step.gap != Gap::NONE);
    let Some((_, inner)) = over.split_last() else {
        return false;
    };
    let is_plain_start = match wide.head() {
        Gap::NONE => narrow.head() == Gap::NONE,
        head => head == Gap::ANY,
    };
    if !is_plain_start || !wide.tail().open || over.len() * under.len() > PLAIN || has_gap(inner) {
        return false;
    }
    let lies_on = |part: &[Step]| {
        let (last, inner) = (&part[over.len() - 1], &part[..over.len() - 1]);
        let is_name = |(over, under): (&Step, &Step)| {
            (under.glob.as_literal()).is_some_and(|name| over.glob.matches(name.as_bytes()))
        };
        // The rest of `narrow` must be as deep as the last gap of `wide` asks for.
        let rest = part.len() - over.len();
        !has_gap(inner)
            && rest + last.gap.min as usize >= wide.tail().min as usize
            && over.iter().zip(part).all(is_name)
    };
    let starts = if wide.head() == Gap::NONE {
        0..1
    } else {
        0..under.len()
    };
    (starts.map(|start| &under[start..])).any(|part| part.len() >= over.len() && lies_on(part))
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Proof {
    /// Every path is covered.
    Covered,
    /// Some path is not: this one, if it was spelled out.
    Refuted(Option<Vec<u8>>),
}

/// A pattern, and its paths as a sequence.
struct Operand<'p> {
    pattern: &'p Pattern,
    paths: Sequence<NameId>,
}

impl<'p> Operand<'p> {
    /// `None` if the pattern matches nothing.
    fn new(pattern: &'p Pattern, names: &mut Names) -> Option<Self> {
        let paths = names.sequence(pattern)?;
        Some(Operand { pattern, paths })
    }
}

/// Whether the `wide` patterns together cover `narrow`: the three ways of the [module](self), in turn.
fn prove(
    narrow: &Operand<'_>,
    wide: &[Operand<'_>],
    mut names: Names,
    budget: &mut Budget,
) -> Option<Proof> {
    for path in witnesses(narrow.pattern) {
        if !any_matches(wide, &path, budget)? {
            return Some(Proof::Refuted(Some(path)));
        }
    }
    for each in wide {
        budget.spend(each.paths.len() + narrow.paths.len())?;
        if embeds(&each.paths, &narrow.paths, &mut names, budget)? {
            return Some(Proof::Covered);
        }
    }
    let wide_paths = wide.iter().map(|each| &each.paths);
    let samples = NameSamples::find(&narrow.paths, wide_paths, &mut names, budget)?;
    if samples.is_plain() && wide.len() == 1 {
        // Then `embeds`, which said no, is exact.
        return Some(Proof::Refuted(None));
    }
    search(narrow, wide, &samples, budget)
}

/// Walks all paths of `narrow` until one ends that no wide pattern matches.
fn search(
    narrow: &Operand<'_>,
    wide: &[Operand<'_>],
    samples: &NameSamples,
    budget: &mut Budget,
) -> Option<Proof> {
    let wide: Vec<&Sequence<NameId>> = wide.iter().map(|each| &each.paths).collect();
    let mut uncovered = Vec::new();
    let is_refuted = Search::new(&narrow.paths, &wide, samples).run(budget, |found| {
        let mut ends = found.ends().peekable();
        let is_covered = ends.peek().is_some();
        if ends.any(|end| found.is_open(end)) {
            Verdict::Prune
        } else if !is_covered && found.is_word() {
            uncovered = found.spelling();
            Verdict::Stop
        } else {
            Verdict::Pursue
        }
    })?;
    if !is_refuted {
        return Some(Proof::Covered);
    }
    let path: Vec<&[u8]> = (uncovered.iter())
        .map(|sample| sample.name.as_slice())
        .collect();
    Some(Proof::Refuted(Some(path.join(&b'/'))))
}

/// Whether any of the patterns matches `path`.
fn any_matches(wide: &[Operand<'_>], path: &[u8], budget: &mut Budget) -> Option<bool> {
    let segments = path.split(|&byte| byte == b'/').count();
    for each in wide {
        // Matching rarely takes as many steps as it can take at worst.
        budget.spend(1 + segments * (each.paths.len() + 1) / 8)?;
        if each.pattern.matches(path) {
            return Some(true);
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::disjoint::disjoint;
    use super::super::testing::{self, pattern, text};
    use super::super::witness::MAX_WITNESS;
    use super::*;

    /// The search alone, without the shortcuts before it.
    fn search_only(narrow: &Pattern, wide: &[&Pattern]) -> Option<Proof> {
        let mut names = Names::default();
        let budget = &mut Budget::new(400_000);
        let narrow = Operand::new(narrow, &mut names)?;
        let wide: Vec<Operand<'_>> = wide
            .iter()
            .filter_map(|&pattern| Operand::new(pattern, &mut names))
            .collect();
        let wide_paths = wide.iter().map(|each| &each.paths);
        let samples = NameSamples::find(&narrow.paths, wide_paths, &mut names, budget)?;
        search(&narrow, &wide, &samples, budget)
    }

    fn covered_by(narrow: &Pattern, wide: &[&Pattern], budget: usize) -> Option<bool> {
        super::covered_by(narrow, wide, &mut Budget::new(budget))
    }

    #[test]
    fn covering() {
        for (wide, narrow, expected) in [
            ("*", "/a", true),
            ("*", "*/", true),
            ("*/", "*", false),
            ("/a", "/a/", true),
            ("/a/", "/a", false),
            ("/a/", "/a/*", true),
            ("/a/*", "/a/", false),
            ("a", "/a", true),
            ("a", "/x/a/*", true),
            ("/a", "a", false),
            ("*.md", "/docs/*.md", true),
            ("/docs/", "/docs/*.md", true),
            ("/docs/*", "/docs/*.md", false),
            ("a*", "ab*", true),
            ("a*b", "a*c*b", true),
            ("a*b", "ab", true),
            ("a?*b", "ab", false),
            ("a?*", "a*", false),
            ("*a*", "?a", true),
            ("?", "??", false),
            ("??*", "?*?*?", true),
            ("?", "é", true),
            ("**/a/**/b/", "/x/a/b/*", true),
            ("**/a/*/b/", "a/**/b/", false),
            ("**/a/**/b/", "**/b/**/a/", false),
            ("**/a/", "**/b/**/a/", true),
            ("*/*/", "**/a/*/*/", true),
            ("/*/*/", "/a/**/b/", true),
            // No name is neither one character long nor longer.
            ("**/?/??*", "/?/**/??*", true),
            ("**/?/??*", "/?/**/?", false),
            // A different star is open for each way to fit: one path refutes them all.
            ("**/a/b/**/c/*/*/**/d", "/a/**/b/c/x/x/d/a/b/c/**/d", false),
        ] {
            let [wide_pattern, narrow_pattern] = [wide, narrow].map(pattern);
            assert_eq!(
                covers(&wide_pattern, &narrow_pattern),
                expected,
                "{wide} covers {narrow}"
            );
        }
    }

    #[test]
    fn covering_together() {
        for (narrow, wide, expected) in [
            ("/a/", &["/a/*", "/a/*/"][..], true),
            ("/a/", &["/a/*"], false),
            ("/a/", &[], false),
            ("/a", &["/a/", "/b"], false),
            ("*", &["/*", "*/"], true),
            ("*", &["/*", "/*/*", "/*/*/"], true),
            ("*", &["/*", "/*/*/"], false),
            ("/a/", &["/a/?", "/a/??*"], true),
            ("/a/", &["/a/?", "/a/???*"], false),
            ("/a/*", &["/a/?", "/a/??", "/a/???*"], true),
            ("/a*", &["/a", "/a?*"], true),
            ("/a*", &["/a", "/a??*"], false),
            ("/a*", &["/ab", "/a?*"], false),
            ("a", &["/a", "*/a"], false),
            ("a", &["/a", "/*/**/a"], true),
            ("/x/**/y", &["/x/y", "/x/*/y", "/x/*/*/**/y"], true),
            ("/x/**/y", &["/x/y", "/x/*/*/**/y"], false),
        ] {
            let wide_patterns: Vec<Pattern> = wide.iter().map(|text| pattern(text)).collect();
            let wide_patterns: Vec<&Pattern> = wide_patterns.iter().collect();
            assert_eq!(
                covered_by(&pattern(narrow), &wide_patterns, 100_000),
                Some(expected),
                "{narrow} by {wide:?}"
            );
        }
    }

    #[test]
    fn patterns_that_match_nothing() {
        // GitHub's reader takes an escaped slash as a character, which no name has.
        let nothing = pattern(r"/a\/b");
        let something = pattern("/a");
        assert!(covers(&something, &nothing) && covers(&nothing, &nothing));
        assert!(!covers(&nothing, &something));
        assert!(disjoint(&nothing, &nothing));
        assert_eq!(covered_by(&nothing, &[], 0), Some(true));
        assert_eq!(covered_by(&something, &[&nothing], 1000), Some(false));
        assert_eq!(covered_by(&Pattern::new(Gap::NONE), &[], 1000), Some(true));
    }

    #[test]
    fn hostile_patterns_end() {
        let repeat = |text: &str, times: usize| text.repeat(times);
        let long = 50_000;
        let deep = pattern(&format!("/{}", repeat("a/", long)));
        let floating = pattern(&format!("**/{}b/", repeat("a/", long / 2)));
        let stars = pattern(&repeat("*/", long));
        let doubles = pattern(&repeat("**/a/", 100));
        let glob_a = pattern(&format!("/{}", repeat("*a", 500)));
        let glob_b = pattern(&format!("/{}b", repeat("a?", 500)));
        let vast = Pattern::new(Gap {
            min: u32::MAX,
            open: true,
        });
        let all = [deep, floating, stars, doubles, glob_a, glob_b, vast];
        for a in &all {
            assert!(witnesses(a).all(|path| path.len() <= MAX_WITNESS));
            for b in &all {
                assert!(!covers(a, b) || !disjoint(a, b));
                let _ = covered_by(a, &[b, &all[0]], 10_000);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn covers_is_sound_and_complete(
            wide in testing::any_pattern(),
            narrow in testing::any_pattern(),
        ) {
            let claimed = covers(&wide, &narrow);
            let seen = testing::paths()
                .find(|path| narrow.matches(path) && !wide.matches(path));
            if claimed {
                prop_assert!(seen.is_none(), "{}", text(&seen.unwrap_or_default()));
            }
            match search_only(&narrow, &[&wide]) {
                Some(Proof::Covered) => prop_assert!(claimed),
                Some(Proof::Refuted(Some(path))) => {
                    prop_assert!(!claimed);
                    prop_assert!(narrow.matches(&path) && !wide.matches(&path), "{}", text(&path));
                }
                _ => prop_assert!(testing::is_empty(&narrow), "out of budget"),
            }
        }

        #[test]
        fn covered_by_raises_no_false_alarm(
            narrow in testing::any_pattern(),
            wide in proptest::collection::vec(testing::any_pattern(), 0..5),
        ) {
            let wide: Vec<&Pattern> = wide.iter().collect();
            let seen = testing::paths().find(|path| {
                narrow.matches(path) && !wide.iter().any(|pattern| pattern.matches(path))
            });
            let claimed = covered_by(&narrow, &wide, 100_000);
            if claimed == Some(true) {
                prop_assert!(seen.is_none(), "{}", text(&seen.unwrap_or_default()));
            }
            if let Some(Proof::Refuted(Some(path))) = search_only(&narrow, &wide) {
                prop_assert_eq!(claimed, Some(false));
                prop_assert!(narrow.matches(&path));
                prop_assert!(!wide.iter().any(|pattern| pattern.matches(&path)));
            } else {
                prop_assert!(seen.is_none());
            }
        }

    }
}
