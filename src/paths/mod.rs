//! The tracked paths of a repository, as plain data.
//!
//! A large repository has a million paths, so they are stored in one buffer instead of a million
//! small allocations. Paths are bytes, `/`-separated, relative to the repository root, distinct,
//! and sorted bytewise, as in git's index.

pub(crate) mod alias;
pub(crate) mod folded;

use std::cmp::Ordering;
use std::fmt;
use std::ops::Index;

use crate::ids::{Id as _, IdRange, id};

/// What a tracked path is. A directory is not a tracked path, only a prefix of some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A regular file.
    File,
    /// A symbolic link: forges see the link itself, never what it points to.
    Symlink,
    /// A submodule (gitlink). A forge sees one changed path, and nothing below it.
    Submodule,
}

/// One path of a [`PathSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackedPath<'a> {
    /// The path's bytes, relative to the repository root, without a leading slash.
    pub bytes: &'a [u8],
    /// What the path is.
    pub kind: PathKind,
}

/// A file that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// Where it was.
    pub old: Vec<u8>,
    /// Where it is.
    pub new: Vec<u8>,
}

/// Why a path cannot be appended to a [`PathSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError {
    /// It sorts before the last path.
    Unsorted,
    /// All paths together would exceed 4 GiB.
    TooLong,
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PushError::Unsorted => "its entries are not in order",
            PushError::TooLong => "its paths take more than 4 GiB",
        })
    }
}

impl std::error::Error for PushError {}

id! {
    /// A path of a [`PathSet`]. One that sorts later has a greater id.
    pub struct PathId;
}

/// A sorted set of tracked paths.
///
/// ```
/// use owners::{PathKind, PathSet};
///
/// let paths: PathSet = ["src/lib.rs", "README.md"].into_iter().collect();
/// assert_eq!(paths.len(), 2);
/// assert_eq!(&paths[paths.ids().start], b"README.md");
/// assert!(paths.contains(b"src/lib.rs"));
/// assert_eq!(paths.below(b"src/").count(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct PathSet {
    front: PackedPaths,
    /// These paths sort after those of `front`. Two threads may read the two halves at the same
    /// time, and [`append`](PathSet::append) joins them without a copy. A copy takes 6 % more
    /// processor time and 14 MB more memory for `check` on a million files. Otherwise `back` is
    /// empty.
    back: PackedPaths,
    /// The symlinks and submodules, ascending. There are few.
    special: Vec<(PathId, PathKind)>,
}

/// Paths stored one after the other in one buffer.
#[derive(Clone, Debug, Default)]
struct PackedPaths {
    bytes: Vec<u8>,
    /// Where the first path starts.
    start: u32,
    /// The end of each path in `bytes`, which is also the start of the next one.
    ends: Vec<u32>,
}

impl PackedPaths {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn path(&self, index: usize) -> &[u8] {
        let start = match index.checked_sub(1) {
            None => self.start,
            Some(before) => self.ends[before],
        };
        &self.bytes[start as usize..self.ends[index] as usize]
    }

    /// Drops the first path.
    fn drop_first(&mut self) {
        if !self.ends.is_empty() {
            self.start = self.ends.remove(0);
        }
    }
}

impl PathSet {
    /// An empty set with room for `paths` paths of `bytes` bytes together.
    #[must_use]
    pub fn with_capacity(paths: usize, bytes: usize) -> Self {
        let front = PackedPaths {
            bytes: Vec::with_capacity(bytes),
            start: 0,
            ends: Vec::with_capacity(paths),
        };
        PathSet {
            front,
            ..PathSet::default()
        }
    }

    /// Creates a set of regular files, given in any order.
    ///
    /// # Errors
    ///
    /// If all paths together exceed 4 GiB.
    pub fn sorted<P: AsRef<[u8]>>(
        paths: impl IntoIterator<Item = P>,
    ) -> Result<PathSet, PushError> {
        let mut paths: Vec<P> = paths.into_iter().collect();
        paths.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        let mut set = PathSet::default();
        for path in &paths {
            set.try_push(path.as_ref(), PathKind::File)?;
        }
        Ok(set)
    }

    /// Appends a path that sorts after all others. A path equal to the last is dropped, since the
    /// index lists a path in conflict up to three times.
    ///
    /// # Errors
    ///
    /// If the path sorts before the last path, or does not fit.
    #[inline]
    pub fn try_push(&mut self, path: &[u8], kind: PathKind) -> Result<(), PushError> {
        match self.last().map_or(Ordering::Less, |last| last.cmp(path)) {
            Ordering::Less => {}
            Ordering::Equal => return Ok(()),
            Ordering::Greater => return Err(PushError::Unsorted),
        }
        let id = self.ids().end;
        let block = if self.back.len() == 0 {
            &mut self.front
        } else {
            &mut self.back
        };
        let end = block.bytes.len() + path.len();
        let end = u32::try_from(end).map_err(|_| PushError::TooLong)?;
        block.bytes.extend_from_slice(path);
        block.ends.push(end);
        if kind != PathKind::File {
            self.special.push((id, kind));
        }
        Ok(())
    }

    /// Appends paths that all sort after the existing ones. If the first path of `other` equals the
    /// last path of `self`, it is dropped.
    ///
    /// # Errors
    ///
    /// If a path sorts before the last path, or does not fit.
    pub fn append(&mut self, mut other: PathSet) -> Result<(), PushError> {
        if self.back.len() > 0 || other.back.len() > 0 {
            return other
                .tracked()
                .try_for_each(|path| self.try_push(path.bytes, path.kind));
        }
        let order = match (self.last(), other.iter().next()) {
            (Some(last), Some(first)) => last.cmp(first),
            _ => Ordering::Less,
        };
        match order {
            Ordering::Less => {}
            Ordering::Equal => {
                other.front.drop_first();
                let moved = |(id, kind): (PathId, _)| Some((id.previous()?, kind));
                other.special = other.special.into_iter().filter_map(moved).collect();
            }
            Ordering::Greater => return Err(PushError::Unsorted),
        }
        let moved = |id: PathId| PathId::from_index(self.len() + id.index());
        let special = other.special.into_iter();
        let special: Vec<_> = special.map(|(id, kind)| (moved(id), kind)).collect();
        self.special.extend(special);
        self.back = other.front;
        Ok(())
    }

    /// The last path.
    #[must_use]
    pub fn last(&self) -> Option<&[u8]> {
        self.len().checked_sub(1).map(|last| self.bytes_at(last))
    }

    #[inline]
    fn bytes_at(&self, index: usize) -> &[u8] {
        match index.checked_sub(self.front.len()) {
            None => self.front.path(index),
            Some(index) => self.back.path(index),
        }
    }

    /// How many paths there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.front.len() + self.back.len()
    }

    /// Whether there are no paths.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of all paths.
    #[inline]
    #[must_use]
    pub fn ids(&self) -> IdRange<PathId> {
        IdRange::up_to(self.len())
    }

    /// A path, if there is one of that id.
    #[must_use]
    pub fn get(&self, id: PathId) -> Option<&[u8]> {
        self.ids().contains(id).then(|| &self[id])
    }

    /// A path with its kind.
    fn at(&self, id: PathId) -> TrackedPath<'_> {
        let kind = match self
            .special
            .binary_search_by_key(&id, |&(special, _)| special)
        {
            Ok(found) => self.special[found].1,
            Err(_) => PathKind::File,
        };
        TrackedPath {
            bytes: &self[id],
            kind,
        }
    }

    /// All paths, sorted.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> + DoubleEndedIterator {
        (0..self.len()).map(|index| self.bytes_at(index))
    }

    /// All paths with their ids, sorted.
    pub fn with_ids(&self) -> impl ExactSizeIterator<Item = (PathId, &[u8])> {
        self.ids().iter().map(|id| (id, &self[id]))
    }

    /// All paths with their kinds, sorted.
    pub fn tracked(&self) -> impl ExactSizeIterator<Item = TrackedPath<'_>> {
        self.ids().iter().map(|id| self.at(id))
    }

    /// The paths that are symlinks or submodules, sorted.
    pub fn special(&self) -> impl Iterator<Item = TrackedPath<'_>> {
        self.special.iter().map(|&(id, kind)| TrackedPath {
            bytes: &self[id],
            kind,
        })
    }

    /// The id of the first path that is not less than `path`; of one that is yet to come, if there is
    /// none.
    #[must_use]
    pub fn lower_bound(&self, path: &[u8]) -> PathId {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.bytes_at(middle) < path {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        PathId::from_index(low)
    }

    /// The end of the paths among `ids` that begin with `prefix`. The path before `ids` must begin
    /// with it too. Galloping search: cheap if there are few such paths.
    pub(crate) fn end_of(&self, prefix: &[u8], ids: IdRange<PathId>) -> PathId {
        let (start, end) = (ids.start.index(), ids.end.index());
        let is_inside = |index: usize| self.bytes_at(index).starts_with(prefix);
        let (mut low, mut step) = (start, 1);
        while low < end && is_inside((low + step - 1).min(end - 1)) {
            low = (low + step).min(end);
            step *= 2;
        }
        let mut high = (low + step - 1).min(end);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_inside(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        PathId::from_index(low)
    }

    /// Whether exactly this path is tracked.
    #[must_use]
    pub fn contains(&self, path: &[u8]) -> bool {
        self.find(path).is_some()
    }

    /// Whether there is a tracked path equal to `path`, or below it.
    #[must_use]
    pub fn contains_entry(&self, path: &[u8]) -> bool {
        self.contains(path) || self.below(&[path, b"/"].concat()).next().is_some()
    }

    /// The length of the longest prefix of `path` that is a directory with tracked paths, with its
    /// slash. 0 is the root.
    pub(crate) fn deepest_directory(&self, path: &[u8]) -> usize {
        // Of all paths, the one before and the one behind share the most with it.
        let behind = self.lower_bound(path).index();
        let neighbors = [
            behind.checked_sub(1),
            (behind < self.len()).then_some(behind),
        ];
        let shared = neighbors.into_iter().flatten();
        let shared = shared.map(|index| common_prefix(self.bytes_at(index), path));
        let shared = shared.max().unwrap_or(0);
        memchr::memrchr(b'/', &path[..shared]).map_or(0, |slash| slash + 1)
    }

    /// The tracked path equal to `path`.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<TrackedPath<'_>> {
        self.id_of(path).map(|id| self.at(id))
    }

    /// The id of the tracked path equal to `path`.
    #[must_use]
    pub fn id_of(&self, path: &[u8]) -> Option<PathId> {
        let id = self.lower_bound(path);
        (self.get(id) == Some(path)).then_some(id)
    }

    /// Whether `other` has all these paths.
    #[must_use]
    pub fn is_subset(&self, other: &PathSet) -> bool {
        let mut others = other.iter();
        self.iter().all(|path| others.any(|other| other == path))
    }

    /// The paths of both sets. For a path in both, the kind is that of `self`.
    ///
    /// # Errors
    ///
    /// If all paths together exceed 4 GiB.
    pub fn union(&self, other: &PathSet) -> Result<Self, PushError> {
        let bytes = |block: &PackedPaths| block.bytes.len();
        let room = [&self.front, &self.back, &other.front, &other.back].map(bytes);
        let mut union = PathSet::with_capacity(self.len() + other.len(), room.iter().sum());
        let mut others = other.tracked().peekable();
        for path in self.tracked() {
            while let Some(other) = others.next_if(|other| other.bytes < path.bytes) {
                union.try_push(other.bytes, other.kind)?;
            }
            others.next_if(|other| other.bytes == path.bytes);
            union.try_push(path.bytes, path.kind)?;
        }
        for other in others {
            union.try_push(other.bytes, other.kind)?;
        }
        Ok(union)
    }

    /// The paths that begin with `prefix`, which ends in `/` or is empty.
    pub fn below<'a>(&'a self, prefix: &'a [u8]) -> impl Iterator<Item = TrackedPath<'a>> {
        (IdRange::new(self.lower_bound(prefix), self.ids().end).iter())
            .map(|id| self.at(id))
            .take_while(move |path| path.bytes.starts_with(prefix))
    }
}

impl Index<PathId> for PathSet {
    type Output = [u8];

    #[inline]
    fn index(&self, id: PathId) -> &[u8] {
        self.bytes_at(id.index())
    }
}

/// The length of the common prefix of two paths.
pub(crate) fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    // Neighbours share most of their directories, so compare 16 bytes at a time first.
    const STEP: usize = 16;
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP));
    let start = STEP * steps.take_while(|(a, b)| a == b).count();
    let rest = a[start..].iter().zip(&b[start..]);
    start + rest.take_while(|(a, b)| a == b).count()
}

/// For a few paths, in examples and tests. For many, use [`PathSet::sorted`], which returns an error.
impl<P: AsRef<[u8]>> FromIterator<P> for PathSet {
    /// Sorts the paths. All become regular files.
    ///
    /// # Panics
    ///
    /// If all paths together exceed 4 GiB.
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        PathSet::sorted(paths).unwrap_or_else(|error| panic!("{error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_stages_count_once() {
        let mut set = PathSet::default();
        for _ in 0..3 {
            set.try_push(b"a", PathKind::File).unwrap();
        }
        set.try_push(b"b", PathKind::Submodule).unwrap();
        assert_eq!(set.len(), 2);
        assert_eq!(set.find(b"b").map(|p| p.kind), Some(PathKind::Submodule));
        assert_eq!(set.find(b"a").map(|p| p.kind), Some(PathKind::File));
    }

    #[test]
    fn what_is_appended_is_as_if_pushed() {
        use PathKind::{File, Submodule, Symlink};
        let all = [
            (&b"a"[..], File),
            (b"b", Symlink),
            (b"c", File),
            (b"d", Submodule),
            (b"e", File),
        ];
        let set = |paths: &[(&[u8], PathKind)]| {
            let mut set = PathSet::default();
            for &(path, kind) in paths {
                set.try_push(path, kind).unwrap();
            }
            set
        };
        let listed = |set: &PathSet| {
            (set.tracked().map(|path| (path.bytes.to_vec(), path.kind))).collect::<Vec<_>>()
        };
        let expected = listed(&set(&all));
        for middle in 0..=all.len() {
            // With and without a path that is in both halves, like the stages of a conflict.
            for start in [middle, middle.saturating_sub(1)] {
                for end in middle..=all.len() {
                    let mut appended = set(&all[..middle]);
                    appended.append(set(&all[start..end])).unwrap();
                    appended.append(set(&all[end..])).unwrap();
                    assert_eq!(listed(&appended), expected);
                    let special: Vec<_> = appended.special().map(|path| path.bytes).collect();
                    assert_eq!(special, [b"b", b"d"]);
                }
            }
        }
        let mut set = set(&all[2..]);
        assert_eq!(
            set.append(PathSet::from_iter(["a"])),
            Err(PushError::Unsorted)
        );
    }

    #[test]
    fn common_prefixes() {
        let path = b"crates/wasmtime/src/runtime/component/mod.rs";
        for length in 0..=path.len() {
            let mut other = path[..length].to_vec();
            assert_eq!(common_prefix(path, &other), length);
            other.push(b'\0');
            assert_eq!(common_prefix(&other, path), length);
        }
    }

    #[test]
    fn a_union_keeps_what_is_there() {
        let mut set = PathSet::default();
        set.try_push(b"b", PathKind::Submodule).unwrap();
        set.try_push(b"d", PathKind::File).unwrap();
        let all = set
            .union(&["a", "b", "c", "d", "e"].iter().collect())
            .unwrap();
        let expected: Vec<&[u8]> = vec![b"a", b"b", b"c", b"d", b"e"];
        assert_eq!(all.iter().collect::<Vec<_>>(), expected);
        let special: Vec<_> = all.special().map(|path| path.bytes).collect();
        assert_eq!(special, [b"b"]);
    }

    #[test]
    fn the_end_of_a_directory() {
        let id = PathId::from_index;
        for count in 0..40 {
            let inside = (0..count).map(|n| format!("b/{n:02}"));
            let set: PathSet = ["a".to_string()]
                .into_iter()
                .chain(inside)
                .chain(["c".into()])
                .collect();
            for start in 1..=count + 1 {
                for end in start..=set.len() {
                    let expected = (count + 1).min(end).max(start);
                    assert_eq!(
                        set.end_of(b"b/", IdRange::new(id(start), id(end))),
                        id(expected),
                        "{count} {start} {end}"
                    );
                }
            }
        }
    }

    #[test]
    fn below_is_by_prefix() {
        let set: PathSet = ["a/b", "a-b", "a/c/d", "ab", "b"].into_iter().collect();
        let below: Vec<_> = set.below(b"a/").map(|p| p.bytes).collect();
        assert_eq!(below, [b"a/b".as_slice(), b"a/c/d"]);
        assert_eq!(set.below(b"").count(), 5);
        assert_eq!(set.below(b"zz/").count(), 0);
    }
}
