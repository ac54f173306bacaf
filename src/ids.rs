//! Ids: typed indices.
//!
//! Rules, lines, owners and files are stored in vectors and refer to each other by index. If an
//! index were a plain number, the compiler would accept the index of a rule where that of a line is
//! expected. So each kind of thing has its own id type, a `u32` with a name, and is stored in an
//! [`IdVec`], which accepts no other index:
//!
//! ```
//! # use owners::Project;
//! # let project = Project::from_text("[paths]\n'/{a,b}/' = '@x'\n'/c/' = '@y'\n").unwrap();
//! # let rules = &project.rules;
//! let last = rules.lines().ids().iter().next_back().unwrap(); // a `LineId`
//! let rule = rules.lines()[last].rule; // a `RuleId`
//! assert_eq!(rules.rules()[rule].lines.iter().collect::<Vec<_>>(), [last]);
//! ```
//!
//! Only this module turns ids into indices. A [`Matcher`](crate::Matcher) returns the numbers of
//! patterns, which its callers turn into their own ids.

use std::fmt::Debug;
use std::hash::Hash;
use std::iter::Map;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// The index of one kind of thing. Declared by `id!`.
pub trait Id: Copy + Ord + Hash + Debug {
    /// The id with this number.
    fn from_number(number: u32) -> Self;

    /// The number of this id.
    fn number(self) -> u32;

    /// The id for an index. There are fewer than 2³² things of each kind: limits hold for the sums
    /// of patterns, rules and owners, and for the bytes of all paths.
    #[inline]
    fn from_index(index: usize) -> Self {
        debug_assert!(u32::try_from(index).is_ok(), "too many for an id: {index}");
        Self::from_number(index as u32)
    }

    /// The id behind this one.
    #[inline]
    fn next(self) -> Self {
        Self::from_number(self.number() + 1)
    }

    /// The id before this one, if there is one.
    #[inline]
    fn previous(self) -> Option<Self> {
        self.number().checked_sub(1).map(Self::from_number)
    }

    /// The index that the id stands for.
    #[inline]
    fn index(self) -> usize {
        self.number() as usize
    }
}

/// Declares id types.
macro_rules! id {
    ($($(#[$doc:meta])* $visibility:vis struct $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility struct $name(u32);

        impl $crate::ids::Id for $name {
            #[inline]
            fn from_number(number: u32) -> Self {
                $name(number)
            }

            #[inline]
            fn number(self) -> u32 {
                self.0
            }
        }
    )*};
}
pub(crate) use id;

/// A range of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IdRange<I> {
    /// The first id, unless the range is empty.
    pub start: I,
    /// The id after the last one.
    pub end: I,
}

impl<I: Id> IdRange<I> {
    /// The ids from `start` up to but excluding `end`.
    #[inline]
    #[must_use]
    pub fn new(start: I, end: I) -> Self {
        IdRange { start, end }
    }

    /// The first `len` ids.
    #[inline]
    #[must_use]
    pub fn up_to(len: usize) -> Self {
        IdRange::new(I::from_number(0), I::from_index(len))
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.indices().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// Whether the range contains `id`.
    #[inline]
    #[must_use]
    pub fn contains(self, id: I) -> bool {
        self.start <= id && id < self.end
    }

    /// The id `offset` places after the first.
    ///
    /// # Panics
    ///
    /// If the range is too short.
    #[must_use]
    pub fn nth(self, offset: usize) -> I {
        assert!(offset < self.len(), "{offset} of {}", self.len());
        I::from_index(self.start.index() + offset)
    }

    /// The offset of an id in the range, the inverse of [`nth`](Self::nth).
    #[must_use]
    pub fn offset_of(self, id: I) -> Option<usize> {
        self.contains(id).then(|| id.index() - self.indices().start)
    }

    /// The first `count` ids, and the rest.
    ///
    /// # Panics
    ///
    /// If the range is too short.
    #[must_use]
    pub fn split_at(self, count: usize) -> (Self, Self) {
        assert!(count <= self.len(), "{count} of {}", self.len());
        let middle = I::from_index(self.start.index() + count);
        (
            IdRange::new(self.start, middle),
            IdRange::new(middle, self.end),
        )
    }

    /// The part of `ids`, which must be ascending, that lies in this range.
    #[must_use]
    pub fn among(self, ids: &[I]) -> &[I] {
        let start = ids.partition_point(|&id| id < self.start);
        let len = ids[start..].partition_point(|&id| id < self.end);
        &ids[start..start + len]
    }

    /// All ids, ascending.
    #[inline]
    pub fn iter(self) -> Map<Range<usize>, fn(usize) -> I> {
        self.indices().map(I::from_index)
    }

    #[inline]
    fn indices(self) -> Range<usize> {
        self.start.index()..self.end.index()
    }
}

impl<I: Id> IntoIterator for IdRange<I> {
    type Item = I;
    type IntoIter = Map<Range<usize>, fn(usize) -> I>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A vector indexed by ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    ids: PhantomData<I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// A vector that holds `item` for each id of `like`.
    #[must_use]
    pub fn filled<U>(like: &IdVec<I, U>, item: T) -> Self
    where
        T: Clone,
    {
        vec![item; like.len()].into()
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) -> I {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// The id of the item that is pushed next.
    #[inline]
    #[must_use]
    pub fn next_id(&self) -> I {
        I::from_index(self.items.len())
    }

    /// How many items there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of an id, if there is one.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    /// The ids of all items.
    #[must_use]
    pub fn ids(&self) -> IdRange<I> {
        IdRange::up_to(self.len())
    }

    /// The ids of the items from `start` on.
    #[must_use]
    pub fn ids_from(&self, start: I) -> IdRange<I> {
        IdRange::new(start, self.next_id())
    }

    /// All items.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All items, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// All items with their ids.
    pub fn with_ids(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        let with_id = |(index, item)| (I::from_index(index), item);
        self.items.iter().enumerate().map(with_id)
    }

    /// Drops the items that are not marked as kept. The items after them get new ids.
    pub fn keep(&mut self, is_kept: &IdVec<I, bool>) {
        let mut is_kept = is_kept.iter();
        self.items.retain(|_| is_kept.next() != Some(&false));
    }

    /// All items as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The items, without their ids.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<I, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        IdVec {
            items,
            ids: PhantomData,
        }
    }
}

impl<I, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<I, T> Extend<T> for IdVec<I, T> {
    fn extend<S: IntoIterator<Item = T>>(&mut self, items: S) {
        self.items.extend(items);
    }
}

impl<I, T> IntoIterator for IdVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'v, I, T> IntoIterator for &'v IdVec<I, T> {
    type Item = &'v T;
    type IntoIter = std::slice::Iter<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'v, I, T> IntoIterator for &'v mut IdVec<I, T> {
    type Item = &'v mut T;
    type IntoIter = std::slice::IterMut<'v, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I: Id, T> Index<IdRange<I>> for IdVec<I, T> {
    type Output = [T];

    fn index(&self, ids: IdRange<I>) -> &[T] {
        &self.items[ids.indices()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    id! {
        struct TestId;
    }

    #[test]
    fn a_vector_gives_out_its_ids() {
        let mut vec: IdVec<TestId, &str> = IdVec::default();
        assert!(vec.is_empty() && vec.ids().is_empty());
        let (a, b) = (vec.push("a"), vec.push("b"));
        let c = vec.next_id();
        vec.extend(["c"]);
        assert_eq!([vec[a], vec[b], vec[c]], ["a", "b", "c"]);
        assert_eq!(vec.get(vec.next_id()), None);
        assert_eq!(vec.ids().iter().collect::<Vec<_>>(), [a, b, c]);
        assert_eq!(vec[vec.ids_from(b)], ["b", "c"]);
        assert_eq!(vec.with_ids().last(), Some((c, &"c")));
        let mut other = IdVec::filled(&vec, 0);
        other[b] += 1;
        assert_eq!(other.as_slice(), [0, 1, 0]);
        vec.keep(&vec![true, false, true].into());
        assert_eq!(vec.as_slice(), ["a", "c"]);
    }

    #[test]
    fn a_range_is_without_its_end() {
        let [a, b, c, d, e]: [TestId; 5] = [0, 1, 2, 3, 4].map(TestId::from_index);
        let range = IdRange::new(b, d);
        assert_eq!((range.len(), range.nth(1)), (2, c));
        assert_eq!((a.next(), b.previous(), a.previous()), (b, Some(a), None));
        let parts = (IdRange::new(b, c), IdRange::new(c, d));
        assert_eq!(range.split_at(1), parts);
        let inside = [a, b, c, d].map(|id| range.contains(id));
        assert_eq!(inside, [false, true, true, false]);
        assert_eq!(range.among(&[a, c, d, e]), [c]);
        assert_eq!(range.among(&[a, b, c, e]), [b, c]);
        assert_eq!(range.among(&[a, e]), []);
        assert_eq!(range.among(&[]), []);
    }
}
