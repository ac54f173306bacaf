//! The trie of all patterns: what one segment of a path leads to.
//!
//! An edge takes one segment: a literal name, a glob, or any name at all. An open [`Gap`] becomes a
//! *twin*: a node that is alive whenever its node is, and that stays alive whatever segments follow.
//! Patterns that begin alike share nodes. For `/src/*.rs` (0) and `/src/**/x` (1):
//!
//! ```text
//!       src         *.rs
//! root ─────▶ 1 ───────────▶ 2, twin 3: accepts 0
//!             │
//!             twin 4 ──────▶ 5, twin 6: accepts 1
//!                       x
//! ```
//!
//! A last glob takes a file of that name and all that is in a directory of that name, so there is a
//! twin behind each, which accepts.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::glob_index::GlobIndex;
use super::ids::{NameId, NodeId, PatternId};
use crate::ids::{Id as _, IdVec};
use crate::pattern::{Gap, Glob, Pattern};

/// Many patterns, merged.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: IdVec<NodeId, Node>,
    /// Every literal segment of the patterns.
    names: FxHashMap<Box<[u8]>, NameId>,
    /// The edges that take a literal segment.
    literal_edges: FxHashMap<(NodeId, NameId), NodeId>,
}

#[derive(Debug, Default)]
pub(super) struct Node {
    /// Where any segment leads.
    any: Option<NodeId>,
    /// The node that is alive whenever this one is, and stays alive.
    pub(super) twin: Option<NodeId>,
    /// Whether this node is a twin.
    pub(super) stays: bool,
    /// Whether a literal segment leads somewhere.
    has_literals: bool,
    /// Where segments that match a glob lead. Few nodes have any.
    globs: Option<Box<GlobIndex>>,
    /// The patterns that match a path that ends here (or below, if the node stays), ascending. Most
    /// often it is one.
    pub(super) accepts: SmallVec<[PatternId; 4]>,
    /// The last of these patterns that can win.
    pub(super) best: Option<PatternId>,
    /// Whether some of these patterns cannot win.
    pub(super) has_bystanders: bool,
    /// Whether one more segment can complete a match.
    pub(super) can_finish: bool,
}

impl Node {
    /// Whether no segment leads anywhere from here.
    pub(super) fn is_sink(&self) -> bool {
        self.any.is_none() && !self.has_literals && self.globs.is_none()
    }
}

impl Trie {
    /// The node where every path begins.
    pub(super) fn root() -> NodeId {
        NodeId::from_index(0)
    }

    pub(super) fn new() -> Self {
        Trie {
            nodes: vec![Node::default()].into(),
            names: FxHashMap::default(),
            literal_edges: FxHashMap::default(),
        }
    }

    /// The nodes.
    pub(super) fn nodes(&self) -> &IdVec<NodeId, Node> {
        &self.nodes
    }

    /// Adds a pattern. Patterns are added in ascending order.
    pub(super) fn insert(&mut self, pattern: &Pattern, id: PatternId) {
        let mut node = self.behind_gap(Trie::root(), pattern.head());
        for step in pattern.steps() {
            node = self.behind_glob(node, &step.glob);
            node = self.behind_gap(node, step.gap);
        }
        self.nodes[node].accepts.push(id);
    }

    /// Notes that the patterns so far can win, and those that are added later cannot.
    pub(super) fn end_winners(&mut self) {
        for node in &mut self.nodes {
            node.best = node.accepts.last().copied();
        }
    }

    /// Prepares for matching, when all patterns are there.
    pub(super) fn finish(&mut self) {
        for node in &mut self.nodes {
            node.has_bystanders = node.accepts.last().copied() > node.best;
            node.globs.iter_mut().for_each(|globs| globs.build());
        }
        self.find_finishers();
    }

    /// The node that `gap` leads to from `node`; it is added if it is not there.
    fn behind_gap(&mut self, mut node: NodeId, gap: Gap) -> NodeId {
        for _ in 0..gap.min {
            node = self.nodes[node].any.unwrap_or_else(|| {
                let next = self.nodes.push(Node::default());
                self.nodes[node].any = Some(next);
                next
            });
        }
        if gap.open {
            node = self.nodes[node].twin.unwrap_or_else(|| {
                let stays = true;
                let twin = self.nodes.push(Node {
                    stays,
                    ..Node::default()
                });
                self.nodes[node].twin = Some(twin);
                twin
            });
        }
        node
    }

    /// The node that `glob` leads to from `node`; it is added if it is not there.
    fn behind_glob(&mut self, node: NodeId, glob: &Glob) -> NodeId {
        if let Some(name) = glob.as_literal() {
            return self.behind_name(node, name.as_bytes());
        }
        let globs = self.nodes[node].globs.as_ref();
        if let Some(target) = globs.and_then(|globs| globs.target(glob)) {
            return target;
        }
        let target = self.nodes.push(Node::default());
        let globs = self.nodes[node].globs.get_or_insert_default();
        globs.add(glob.clone(), target);
        target
    }

    /// The node that a literal segment leads to from `node`; it is added if it is not there.
    fn behind_name(&mut self, node: NodeId, name: &[u8]) -> NodeId {
        let name = self.name_id(name).unwrap_or_else(|| {
            let id = NameId::from_index(self.names.len());
            self.names.insert(name.into(), id);
            id
        });
        if let Some(&target) = self.literal_edges.get(&(node, name)) {
            return target;
        }
        let target = self.nodes.push(Node::default());
        self.literal_edges.insert((node, name), target);
        self.nodes[node].has_literals = true;
        target
    }

    /// Whether a path that ends at `node` matches something.
    fn finishes(&self, node: NodeId) -> bool {
        let node = &self.nodes[node];
        !node.accepts.is_empty()
            || node
                .twin
                .is_some_and(|twin| !self.nodes[twin].accepts.is_empty())
    }

    fn find_finishers(&mut self) {
        let mut finishers = Vec::new();
        for ((node, _), target) in &self.literal_edges {
            if self.finishes(*target) {
                finishers.push(*node);
            }
        }
        for (id, node) in self.nodes.with_ids() {
            if node.any.is_some_and(|any| self.finishes(any))
                || (node.globs.iter().flat_map(|globs| globs.targets()))
                    .any(|target| self.finishes(target))
            {
                finishers.push(id);
            }
        }
        for node in finishers {
            self.nodes[node].can_finish = true;
        }
    }

    /// The id of a segment, if it is a literal of some pattern.
    #[inline]
    pub(super) fn name_id(&self, name: &[u8]) -> Option<NameId> {
        self.names.get(name).copied()
    }

    /// Calls `reached` with every node to which the segment `name` leads from `node`; `id` is that of
    /// the segment. A node that stays alive is not among them. Returns how much work its globs were.
    #[inline]
    pub(super) fn step(
        &self,
        node: NodeId,
        name: &[u8],
        id: Option<NameId>,
        mut reached: impl FnMut(NodeId),
    ) -> usize {
        let from = &self.nodes[node];
        if let Some(any) = from.any {
            reached(any);
        }
        if from.has_literals
            && let Some(id) = id
            && let Some(&target) = self.literal_edges.get(&(node, id))
        {
            reached(target);
        }
        match &from.globs {
            Some(globs) => globs.matches(name, &mut reached),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_at_the_top() {
        let mut trie = Trie::new();
        for (index, text) in ["/src/*.rs", "/src/**/x"].into_iter().enumerate() {
            trie.insert(
                &Pattern::github(text).unwrap(),
                PatternId::from_index(index),
            );
        }
        trie.end_winners();
        trie.finish();
        let step = |node: NodeId, name: &[u8]| {
            let mut reached = Vec::new();
            trie.step(node, name, trie.name_id(name), |node| reached.push(node));
            reached
        };
        let twin = |node: NodeId| trie.nodes()[node].twin.unwrap();
        let accepts = |node: NodeId| trie.nodes()[node].accepts.to_vec();
        let src = step(Trie::root(), b"src")[0];
        assert_eq!(
            accepts(twin(step(src, b"lib.rs")[0])),
            [PatternId::from_index(0)]
        );
        assert_eq!(step(src, b"x"), []);
        assert_eq!(
            accepts(twin(step(twin(src), b"x")[0])),
            [PatternId::from_index(1)]
        );
        assert_eq!(trie.nodes().len(), 7);
    }
}
