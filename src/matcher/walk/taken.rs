//! The nodes that accept all of a directory: `/src/` accepts all of `src/x/`.
//!
//! They are a stack, since what takes a directory takes those in it, and a set, since a node that takes
//! an outer directory must not be counted again below it.

use crate::ids::IdVec;
use crate::matcher::ids::NodeId;

/// A stack of nodes in which each stands once.
#[derive(Debug)]
pub(super) struct Taken {
    nodes: Vec<NodeId>,
    contains: IdVec<NodeId, bool>,
}

impl Taken {
    /// An empty stack; there are so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Taken {
            nodes: Vec::new(),
            contains: vec![false; nodes].into(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, NodeId> {
        self.nodes.iter()
    }

    #[inline]
    pub(super) fn contains(&self, node: NodeId) -> bool {
        self.contains[node]
    }

    /// Adds a node, unless it is there.
    pub(super) fn push(&mut self, node: NodeId) -> bool {
        if self.contains[node] {
            return false;
        }
        self.contains[node] = true;
        self.nodes.push(node);
        true
    }

    /// Removes all nodes but the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        for node in self.nodes.drain(length..) {
            self.contains[node] = false;
        }
    }
}
