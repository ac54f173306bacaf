//! Ids: indices into one table each, which the compiler tells apart.
//!
//! ```text
//! NodeId     a node of the trie           Table<NodeId, Node>
//! PatternId  a pattern, by its number     Table<PatternId, …>
//! ```
//!
//! An id takes four bytes, since the tables of a large configuration have millions of them.

use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// An index into a [`Table`].
pub(super) trait Id: Copy {
    /// The id of the element at `index`.
    fn new(index: usize) -> Self;

    /// Where the element is.
    fn index(self) -> usize;
}

/// Declares ids that are an index in four bytes.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident)*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub(super) struct $name(u32);

            impl Id for $name {
                #[inline]
                fn new(index: usize) -> Self {
                    $name(index as u32)
                }

                #[inline]
                fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}

ids! {
    /// A node of the trie.
    NodeId
    /// A literal segment that occurs in some pattern.
    NameId
    /// A glob of a `GlobIndex`, and where it leads.
    EdgeId
    /// A text that globs of a `GlobIndex` hold.
    TextId
}

/// A pattern, by its place among those that were compiled.
///
/// `None` is less than any pattern, and an `Option` takes no more memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PatternId(
    /// The number of the pattern, plus one.
    NonZeroU32,
);

impl PatternId {
    /// The number by which callers know the pattern.
    #[inline]
    pub(super) fn number(self) -> u32 {
        self.0.get() - 1
    }
}

impl Id for PatternId {
    #[inline]
    fn new(index: usize) -> Self {
        PatternId(NonZeroU32::MIN.saturating_add(index as u32))
    }

    #[inline]
    fn index(self) -> usize {
        self.number() as usize
    }
}

/// A vector whose index is an id.
#[derive(Clone, Debug)]
pub(super) struct Table<I, T> {
    items: Vec<T>,
    id: PhantomData<I>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Table::from(Vec::new())
    }
}

impl<I, T> From<Vec<T>> for Table<I, T> {
    fn from(items: Vec<T>) -> Self {
        let id = PhantomData;
        Table { items, id }
    }
}

impl<I: Id, T> Table<I, T> {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Appends `item`, and returns its id.
    pub(super) fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (I, &T)> {
        (self.items.iter().enumerate()).map(|(index, item)| (I::new(index), item))
    }

    pub(super) fn as_slice(&self) -> &[T] {
        &self.items
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
