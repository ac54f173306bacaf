//! Which of many patterns can have a path in common with one.
//!
//! Ten thousand rules, each for a directory of its own and each with an exception, would mean a
//! hundred million comparisons. Most patterns begin with literal names at the root, and two that
//! differ in these have no path in common. So the patterns are kept in a tree of their first names:
//!
//! ```text
//! *            (root)
//! *.md         (root)
//! /docs/       (root) ─ docs
//! /docs/api/   (root) ─ docs ─ api
//! /src/*.rs    (root) ─ src
//! ```
//!
//! What can meet `/docs/` are the patterns on the way to its node (`*`, `*.md`, `/docs/`) and those
//! below it (`/docs/api/`).

use rustc_hash::FxHashMap;

use crate::pattern::Pattern;

/// Patterns, given by ids or indices, that are found by their first names.
#[derive(Debug)]
pub(super) struct Index<I> {
    nodes: Vec<Node<I>>,
}

#[derive(Debug)]
struct Node<I> {
    children: FxHashMap<Box<str>, usize>,
    /// The patterns whose first names lead here.
    ids: Vec<I>,
}

impl<I> Default for Node<I> {
    fn default() -> Self {
        Node {
            children: FxHashMap::default(),
            ids: Vec::new(),
        }
    }
}

impl<I> Default for Index<I> {
    fn default() -> Self {
        Index {
            nodes: vec![Node::default()],
        }
    }
}

impl<I: Copy + Ord> Index<I> {
    /// Adds a pattern under an id.
    pub(super) fn add(&mut self, pattern: &Pattern, id: I) {
        let mut node = 0;
        for name in pattern.first_names() {
            node = match self.nodes[node].children.get(name) {
                Some(&child) => child,
                None => {
                    let child = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[node].children.insert(name.into(), child);
                    child
                }
            };
        }
        self.nodes[node].ids.push(id);
    }

    /// The ids of the patterns that may have a path in common with `pattern`, ascending. Those that
    /// are left out certainly have none.
    pub(super) fn near(&self, pattern: &Pattern) -> Vec<I> {
        let mut near = Vec::new();
        let mut node = 0;
        for name in pattern.first_names() {
            near.extend_from_slice(&self.nodes[node].ids);
            match self.nodes[node].children.get(name) {
                Some(&child) => node = child,
                None => {
                    near.sort_unstable();
                    return near;
                }
            }
        }
        let mut below = vec![node];
        while let Some(node) = below.pop() {
            near.extend_from_slice(&self.nodes[node].ids);
            below.extend(self.nodes[node].children.values());
        }
        near.sort_unstable();
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::algebra::disjoint;

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
        let mut index = Index::default();
        for (number, pattern) in patterns.iter().enumerate() {
            index.add(pattern, number);
        }
        for pattern in &patterns {
            let near = index.near(pattern);
            assert!(near.is_sorted());
            for (number, other) in patterns.iter().enumerate() {
                let is_near = near.contains(&number);
                assert!(is_near || disjoint(pattern, other), "{pattern} and {other}");
            }
        }
        let near = index.near(&patterns[3]);
        assert_eq!(near, [0, 1, 2, 3, 4, 5, 8]);
    }
}
