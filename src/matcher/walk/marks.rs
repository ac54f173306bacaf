//! A set of nodes that is cleared in constant time: a node is in the set if its number is that of the
//! current round.

use crate::ids::IdVec;
use crate::matcher::ids::NodeId;

/// A set of nodes.
#[derive(Debug)]
pub(super) struct Marks {
    /// The last round in which each node was marked.
    rounds: IdVec<NodeId, u32>,
    round: u32,
}

impl Marks {
    /// The empty set; there are so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Marks {
            rounds: vec![0; nodes].into(),
            round: 1,
        }
    }

    /// Adds a node, and returns whether it was not in the set.
    #[inline]
    pub(super) fn mark(&mut self, node: NodeId) -> bool {
        let is_new = self.rounds[node] != self.round;
        self.rounds[node] = self.round;
        is_new
    }

    /// Removes all nodes.
    pub(super) fn clear(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.rounds.iter_mut().for_each(|round| *round = 0);
            self.round = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    #[test]
    fn a_cleared_set_is_empty_when_the_rounds_begin_again() {
        let mut marks = Marks::new(2);
        let [a, b] = [NodeId::from_index(0), NodeId::from_index(1)];
        assert!(marks.mark(a) && !marks.mark(a));
        marks.round = u32::MAX;
        assert!(marks.mark(b));
        marks.clear();
        assert!(marks.mark(a) && marks.mark(b) && !marks.mark(b));
    }
}
