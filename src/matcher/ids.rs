//! The ids of a matcher's own tables.
//!
//! ```text
//! NodeId     a node of the trie           IdVec<NodeId, Node>
//! PatternId  a pattern, by its number     numbers of callers
//! ```

use std::num::NonZeroU32;

use crate::ids::{Id, id};

id! {
    /// A node of the trie.
    pub(super) struct NodeId;
    /// A literal segment that occurs in some pattern.
    pub(super) struct NameId;
    /// A glob of a `GlobIndex`, and where it leads.
    pub(super) struct EdgeId;
    /// A text that globs of a `GlobIndex` contain.
    pub(super) struct TextId;
}

/// A pattern, by its place among those that were compiled.
///
/// `None` is less than any pattern, and an `Option` takes no more memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PatternId(
    /// The number of the pattern, plus one.
    NonZeroU32,
);

impl Id for PatternId {
    #[inline]
    fn from_number(number: u32) -> Self {
        PatternId(NonZeroU32::MIN.saturating_add(number))
    }

    #[inline]
    fn number(self) -> u32 {
        self.0.get() - 1
    }
}
