//! Finds the patterns that may have a path in common with a given one.
//!
//! With ten thousand rules, each for its own directory and each with an exception, comparing all
//! pairs would take a hundred million comparisons. But most patterns begin with literal names at
//! the root, and two patterns that differ in these names have no path in common. So the patterns
//! are stored in a tree by their first names:
//!
//! ```text
//! *            (root)
//! *.md         (root)
//! /docs/       (root) ─ docs
//! /docs/api/   (root) ─ docs ─ api
//! /src/*.rs    (root) ─ src
//! ```
//!
//! The patterns that may overlap `/docs/` are those on the way to its node (`*`, `*.md`, `/docs/`)
//! and those below it (`/docs/api/`).

use rustc_hash::FxHashMap;

use crate::pattern::Pattern;

/// An index of patterns by their first names. `I` is an id or an index of the pattern.
#[derive(Debug)]
pub(super) struct PatternIndex<I> {
    nodes: Vec<NameNode<I>>,
}

#[derive(Debug)]
struct NameNode<I> {
    children: FxHashMap<Box<str>, usize>,
    /// The patterns whose first names lead to this node.
    ids: Vec<I>,
}

impl<I> Default for NameNode<I> {
    fn default() -> Self {
        NameNode {
            children: FxHashMap::default(),
            ids: Vec::new(),
        }
    }
}

impl<I> Default for PatternIndex<I> {
    fn default() -> Self {
        PatternIndex {
            nodes: vec![NameNode::default()],
        }
    }
}

impl<I: Copy + Ord> PatternIndex<I> {
    /// Adds a pattern with its id.
    pub(super) fn add(&mut self, pattern: &Pattern, id: I) {
        let mut node = 0;
        for name in pattern.first_names() {
            node = match self.nodes[node].children.get(name) {
                Some(&child) => child,
                None => {
                    let child = self.nodes.len();
                    self.nodes.push(NameNode::default());
                    self.nodes[node].children.insert(name.into(), child);
                    child
                }
            };
        }
        self.nodes[node].ids.push(id);
    }

    /// The ids of the patterns that may cover `pattern`, ascending. All other patterns do not: they
    /// begin with a name where `pattern` allows others.
    pub(super) fn possible_covers(&self, pattern: &Pattern) -> Vec<I> {
        let mut possible_covers = self.nodes[0].ids.clone();
        let mut node = 0;
        for name in pattern.first_names() {
            let Some(&child) = self.nodes[node].children.get(name) else {
                break;
            };
            node = child;
            possible_covers.extend_from_slice(&self.nodes[node].ids);
        }
        possible_covers.sort_unstable();
        possible_covers
    }

    /// The ids of the patterns that may have a path in common with `pattern`, ascending. All other
    /// patterns have none.
    pub(super) fn possible_overlaps(&self, pattern: &Pattern) -> Vec<I> {
        let mut possible_overlaps = Vec::new();
        let mut node = 0;
        for name in pattern.first_names() {
            possible_overlaps.extend_from_slice(&self.nodes[node].ids);
            match self.nodes[node].children.get(name) {
                Some(&child) => node = child,
                None => {
                    possible_overlaps.sort_unstable();
                    return possible_overlaps;
                }
            }
        }
        let mut below = vec![node];
        while let Some(node) = below.pop() {
            possible_overlaps.extend_from_slice(&self.nodes[node].ids);
            below.extend(self.nodes[node].children.values());
        }
        possible_overlaps.sort_unstable();
        possible_overlaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::algebra::{covers, disjoint};

    #[test]
    fn what_is_left_out_has_nothing_in_common() {
        let patterns = [
            "*",
            "*.md",
            "/docs/",
            "/docs/api/",
            "/docs/*",
            "/docs/**/x",
            "/src/*.rs",
            "/src",
            "**/docs/",
            "/a/*/b",
            "/a/c/b",
        ]
        .map(|text| Pattern::github(text).unwrap());
        let mut index = PatternIndex::default();
        for (number, pattern) in patterns.iter().enumerate() {
            index.add(pattern, number);
        }
        for pattern in &patterns {
            let possible_overlaps = index.possible_overlaps(pattern);
            assert!(possible_overlaps.is_sorted());
            for (number, other) in patterns.iter().enumerate() {
                let is_near = possible_overlaps.contains(&number);
                assert!(is_near || disjoint(pattern, other), "{pattern} and {other}");
                let is_above = index.possible_covers(pattern).contains(&number);
                assert!(is_above || !covers(other, pattern), "{other} and {pattern}");
            }
        }
        let possible_overlaps = index.possible_overlaps(&patterns[3]);
        assert_eq!(possible_overlaps, [0, 1, 2, 3, 4, 5, 8]);
    }
}
