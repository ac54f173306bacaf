//! The first path that each node accepted.

use crate::ids::IdVec;
use crate::matcher::ids::NodeId;

/// Paths are counted, and the count is noted where a node accepts its first path.
#[derive(Debug, Default)]
pub(super) struct FirstHits {
    /// How many paths were read. It wraps around in an endless stream of paths, of which nobody asks
    /// for the first hits.
    count: u32,
    /// The count at the first path of each node, 0 if there was none. `None`, if nobody asks.
    first: Option<IdVec<NodeId, u32>>,
}

impl FirstHits {
    /// Counts from 0, and remembers; there are so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        FirstHits {
            count: 0,
            first: Some(vec![0; nodes].into()),
        }
    }

    /// The nodes that accepted a path, and the index of their first path.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, u32)> {
        let all = self.first.iter().flat_map(IdVec::with_ids);
        all.filter_map(|(node, count)| Some((node, count.checked_sub(1)?)))
    }

    /// The next path is read.
    #[inline]
    pub(super) fn next_path(&mut self) {
        self.count = self.count.wrapping_add(1);
    }

    /// These paths are not read.
    pub(super) fn skip(&mut self, paths: usize) {
        self.count = self.count.wrapping_add(paths as u32);
    }

    /// `node` accepts the path that is read.
    #[inline]
    pub(super) fn note(&mut self, node: NodeId) {
        if let Some(first) = &mut self.first
            && first[node] == 0
        {
            first[node] = self.count;
        }
    }
}
