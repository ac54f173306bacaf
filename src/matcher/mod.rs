//! The matching engine: which of many patterns match a path, and which is the last.
//!
//! Trying ten thousand patterns on each of a million paths is ten billion attempts. Instead the
//! patterns are merged into one automaton that reads a path segment by segment, and the paths of a
//! repository, which are sorted, are read as the tree that they are:
//!
//! - The patterns form a `trie`, whose edges take one segment each. At any time a few of its nodes
//!   are *alive*: those that the segments read so far lead to.
//! - Which nodes are alive in a directory is computed once for the directory ([`Walk`]), not once for
//!   each file in it. A pattern that takes a directory whole, as `/src/` does, is noted there, and
//!   costs nothing below it.
//! - For a file there remain the few live nodes from which one more segment can lead to a match:
//!   usually none, or those of rules such as `*.md`, whose globs are indexed by the texts at their
//!   ends (`glob_index`).
//! - Where no node is alive, everything below is decided, and a survey skips it.
//!
//! ```text
//! patterns   0 *     1 /src/     2 *.md
//!
//! directory  takes all of it  alive                file        matches by its own name
//! (root)                      root, its twin       a.md        0, 2
//! src        0                twin of root, src    lib.rs      1
//! src/x      0, 1             twin of root         README.md   2
//! ```
//!
//! So the cost of a path depends on how many patterns are undecided where it lies, and not on how many
//! there are. No sets of nodes are stored, so patterns made to be slow, such as a hundred `**/a/` in a
//! row, keep at most all nodes of the trie alive.

mod glob_index;
mod ids;
mod trie;
mod walk;

use crate::ids::Id as _;
use crate::pattern::Pattern;
use ids::PatternId;
use trie::Trie;
pub use walk::Walk;

/// Many patterns, compiled to be matched at once.
///
/// ```
/// use owners::Matcher;
/// use owners::pattern::Pattern;
///
/// let patterns = ["*", "/src/", "*.md"].map(|text| Pattern::github(text).unwrap());
/// let matcher = Matcher::new(&patterns);
/// assert_eq!(matcher.last_match(b"src/lib.rs"), Some(1));
/// assert_eq!(matcher.last_match(b"src/README.md"), Some(2));
/// assert_eq!(matcher.all_matches(b"src/README.md"), [0, 1, 2]);
/// ```
#[derive(Debug)]
pub struct Matcher {
    trie: Trie,
    patterns: usize,
}

impl Matcher {
    /// Compiles patterns. Their numbers are their places in the sequence.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Self {
        Matcher::with_bystanders(patterns, [], |_| true)
    }

    /// Compiles patterns, and others after them that can be among [all](Self::all_matches) matches but
    /// are never the [last](Self::last_match). Patterns that are not `wanted` keep their numbers and
    /// match nothing.
    pub(crate) fn with_bystanders<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        bystanders: impl IntoIterator<Item = &'p Pattern>,
        wanted: impl Fn(&Pattern) -> bool,
    ) -> Self {
        let mut matcher = Matcher {
            trie: Trie::new(),
            patterns: 0,
        };
        let insert = |matcher: &mut Matcher, pattern: &Pattern| {
            if wanted(pattern) {
                let id = PatternId::from_index(matcher.patterns);
                matcher.trie.insert(pattern, id);
            }
            matcher.patterns += 1;
        };
        for pattern in patterns {
            insert(&mut matcher, pattern);
        }
        matcher.trie.end_winners();
        for pattern in bystanders {
            insert(&mut matcher, pattern);
        }
        matcher.trie.finish();
        matcher
    }

    /// How many patterns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns == 0
    }

    /// The last pattern that matches `path`.
    #[must_use]
    pub fn last_match(&self, path: &[u8]) -> Option<u32> {
        self.walk().last_match(path)
    }

    /// Every pattern that matches `path`, ascending.
    #[must_use]
    pub fn all_matches(&self, path: &[u8]) -> Vec<u32> {
        self.walk().all_matches(path)
    }

    /// Starts to match one path after another, best in sorted order.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        Walk::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patterns: &[&str], paths: &[&str]) {
        let patterns: Vec<Pattern> = patterns
            .iter()
            .map(|text| Pattern::github(text).unwrap())
            .collect();
        let matcher = Matcher::new(&patterns);
        let mut walk = matcher.walk();
        for path in paths {
            let path = path.as_bytes();
            let expected: Vec<u32> = (0..patterns.len() as u32)
                .filter(|&index| patterns[index as usize].matches(path))
                .collect();
            let shown = crate::text::escaped(path);
            assert_eq!(walk.all_matches(path), expected, "{shown}");
            assert_eq!(walk.last_match(path), expected.last().copied(), "{shown}");
        }
    }

    #[test]
    fn agrees_with_the_plain_definition() {
        check(
            &[
                "*",
                "/*",
                "*.rs",
                "/src/",
                "/src/*",
                "src/**/x",
                "**/a/**/a/",
                "a",
                "a/",
                "/a/*/",
                "/a/*/*",
                "wasi*",
                "/**/w?si/x",
                "*s*i*",
                "/src",
                "/src/lib.rs",
                "**/lib.*",
            ],
            &[
                "a",
                "a/a",
                "a/a/a",
                "a/b",
                "a/b/a/c",
                "a/b/c",
                "lib.rs",
                "src",
                "src/a/lib.rs",
                "src/lib.rs",
                "src/x",
                "src/y/x",
                "src/y/x/z",
                "wasi",
                "wasi/x",
                "x/wasi/x",
            ],
        );
    }

    #[test]
    fn paths_may_come_in_any_order() {
        check(
            &["/a/", "/a/b/", "c"],
            &["a/b/c", "a/b", "b", "a/b/d", "a", "c/c", "a/b/c"],
        );
    }

    #[test]
    fn no_patterns() {
        check(&[], &["a", "a/b"]);
        assert!(Matcher::new(&[]).is_empty());
    }

    /// In other designs the number of states explodes. Here each pattern adds no more than it would have
    /// alone, and a path keeps no more nodes alive than there are.
    #[test]
    fn states_are_linear_in_patterns_made_to_be_many() {
        let states = |count: usize, text: &dyn Fn(usize) -> String| {
            let patterns = (0..count).map(|n| Pattern::github(&text(n)).unwrap());
            let matcher = Matcher::new(&patterns.collect::<Vec<_>>());
            let mut walk = matcher.walk();
            for path in ["a/".repeat(300) + "c", "x1y/w1/z/x2y/zz/b".into()] {
                walk.all_matches(path.as_bytes());
                assert!(walk.live() <= (path.len() + 2) * matcher.trie.nodes().len());
            }
            matcher.trie.nodes().len()
        };
        // The root, and for one pattern a node for each segment and a twin for each gap.
        let gaps = |count: usize| states(1, &move |_| "**/a/".repeat(count) + "b");
        assert_eq!([gaps(1), gaps(100)], [5, 203]);
        for (text, alone) in [
            ((|n| format!("*w{n}*")) as fn(usize) -> String, 2),
            (|n| format!("**/x{n}*y/**/z{n}"), 4),
            (|n| format!("**/x*y/**/z{n}"), 2),
            (|n| format!("**/a{}*/**/*{n}z", n % 10), 2),
        ] {
            let (few, many) = (states(1_000, &text), states(3_000, &text));
            assert_eq!(many - few, 2_000 * alone, "{}", text(0));
        }
    }

    #[test]
    fn a_pattern_made_to_be_slow() {
        let text = format!("{}b", "**/a/".repeat(100));
        let path = format!("{}c", "a/".repeat(300));
        check(&[&text, "*a*a*a*a*a*a*b"], &[&path, &format!("{path}/b")]);
    }
}
