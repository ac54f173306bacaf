//! The tracked paths of a repository, as plain data.
//!
//! A large repository has a million paths, so they live in one buffer instead of a million small
//! allocations. Paths are bytes, `/`-separated, relative to the repository root, sorted bytewise
//! and distinct: what git's index holds.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

/// What a tracked path is. A directory is never one: it is only the prefix of tracked paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A regular file.
    File,
    /// A symbolic link: forges see the link itself, never what it points to.
    Symlink,
    /// A submodule (gitlink): one changed path to a forge, with nothing below it.
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

/// Why a path cannot be appended to a [`PathSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushError {
    /// It sorts before the last one.
    Unsorted,
    /// All paths together would be longer than 4 GiB.
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

/// A sorted set of tracked paths.
///
/// ```
/// use owners::paths::{PathKind, PathSet};
///
/// let paths: PathSet = ["src/lib.rs", "README.md"].into_iter().collect();
/// assert_eq!(paths.len(), 2);
/// assert_eq!(paths.get(0).unwrap().bytes, b"README.md");
/// assert!(paths.contains(b"src/lib.rs"));
/// assert_eq!(paths.below(b"src/").count(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct PathSet {
    bytes: Vec<u8>,
    /// Where each path ends in `bytes`; it begins where the one before ends.
    ends: Vec<u32>,
    /// The few paths that are no regular files, by index, ascending.
    special: Vec<(u32, PathKind)>,
}

impl PathSet {
    /// An empty set with room for `paths` paths of `bytes` bytes together.
    #[must_use]
    pub fn with_capacity(paths: usize, bytes: usize) -> Self {
        PathSet {
            bytes: Vec::with_capacity(bytes),
            ends: Vec::with_capacity(paths),
            special: Vec::new(),
        }
    }

    /// Appends a path that sorts after all that are there. One equal to the last is dropped: the
    /// index holds a path in conflict up to three times.
    ///
    /// # Panics
    ///
    /// If all paths together are longer than 4 GiB.
    pub fn push(&mut self, path: &[u8], kind: PathKind) {
        debug_assert!(self.last().is_none_or(|last| last <= path), "unsorted");
        if self.last() == Some(path) {
            return;
        }
        if kind != PathKind::File {
            self.special.push((self.ends.len() as u32, kind));
        }
        self.bytes.extend_from_slice(path);
        self.ends
            .push(u32::try_from(self.bytes.len()).expect("less than 4 GiB of paths"));
    }

    /// Appends a path from a source that may be broken. One equal to the last is dropped.
    ///
    /// # Errors
    ///
    /// If the path does not sort after all that are there, or does not fit.
    #[inline]
    pub fn try_push(&mut self, path: &[u8], kind: PathKind) -> Result<(), PushError> {
        match self.last().map_or(Ordering::Less, |last| last.cmp(path)) {
            Ordering::Less => {}
            Ordering::Equal => return Ok(()),
            Ordering::Greater => return Err(PushError::Unsorted),
        }
        let end = u32::try_from(self.bytes.len() + path.len()).map_err(|_| PushError::TooLong)?;
        if kind != PathKind::File {
            self.special.push((self.ends.len() as u32, kind));
        }
        self.bytes.extend_from_slice(path);
        self.ends.push(end);
        Ok(())
    }

    /// Appends paths all of which sort after those that are there. If the first is equal to the
    /// last, it is dropped.
    ///
    /// # Errors
    ///
    /// If they do not sort after them, or do not fit.
    pub fn append(&mut self, other: &PathSet) -> Result<(), PushError> {
        let Some(first) = other.get(0) else {
            return Ok(());
        };
        self.try_push(first.bytes, first.kind)?;
        let (bytes, paths) = (self.bytes.len(), self.len());
        let rest = &other.bytes[first.bytes.len()..];
        if u32::try_from(bytes + rest.len()).is_err() {
            return Err(PushError::TooLong);
        }
        self.bytes.extend_from_slice(rest);
        let skipped = first.bytes.len();
        self.ends.extend(
            other.ends[1..]
                .iter()
                .map(|&end| (bytes + end as usize - skipped) as u32),
        );
        let special = other.special.iter().filter(|&&(index, _)| index > 0);
        self.special
            .extend(special.map(|&(index, kind)| ((paths - 1) as u32 + index, kind)));
        Ok(())
    }

    /// The path that sorts last.
    #[must_use]
    pub fn last(&self) -> Option<&[u8]> {
        self.len().checked_sub(1).map(|last| self.bytes_at(last))
    }

    fn bytes_at(&self, index: usize) -> &[u8] {
        let start = if index == 0 {
            0
        } else {
            self.ends[index - 1] as usize
        };
        &self.bytes[start..self.ends[index] as usize]
    }

    /// How many paths there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no path at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The path at `index` in sorted order.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<TrackedPath<'_>> {
        (index < self.len()).then(|| TrackedPath {
            bytes: self.bytes_at(index),
            kind: self.kind_at(index),
        })
    }

    fn kind_at(&self, index: usize) -> PathKind {
        match self
            .special
            .binary_search_by_key(&(index as u32), |&(at, _)| at)
        {
            Ok(found) => self.special[found].1,
            Err(_) => PathKind::File,
        }
    }

    /// All paths, sorted.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> + DoubleEndedIterator {
        (0..self.len()).map(|index| self.bytes_at(index))
    }

    /// Some of the paths, sorted.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    pub fn range(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = &[u8]> {
        range.map(|index| self.bytes_at(index))
    }

    /// The paths that are symlinks or submodules, sorted.
    pub fn special(&self) -> impl Iterator<Item = TrackedPath<'_>> {
        self.special.iter().map(|&(index, kind)| TrackedPath {
            bytes: self.bytes_at(index as usize),
            kind,
        })
    }

    /// The index of the first path that is not less than `path`.
    #[must_use]
    pub fn lower_bound(&self, path: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.bytes_at(middle) < path {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Whether this very path is tracked.
    #[must_use]
    pub fn contains(&self, path: &[u8]) -> bool {
        self.find(path).is_some()
    }

    /// The tracked path equal to `path`.
    #[must_use]
    pub fn find(&self, path: &[u8]) -> Option<TrackedPath<'_>> {
        self.get(self.lower_bound(path))
            .filter(|found| found.bytes == path)
    }

    /// The same paths, and these files as well.
    #[must_use]
    pub fn with_files(&self, files: &PathSet) -> Self {
        let mut union = PathSet::with_capacity(self.len() + files.len(), self.bytes.len());
        let mut files = files.iter().peekable();
        for path in (0..self.len()).filter_map(|index| self.get(index)) {
            while let Some(file) = files.next_if(|file| *file < path.bytes) {
                union.push(file, PathKind::File);
            }
            files.next_if_eq(&path.bytes);
            union.push(path.bytes, path.kind);
        }
        files.for_each(|file| union.push(file, PathKind::File));
        union
    }

    /// The paths that begin with `prefix`, which ends in `/` (or is empty: all of them).
    pub fn below<'a>(&'a self, prefix: &'a [u8]) -> impl Iterator<Item = TrackedPath<'a>> {
        (self.lower_bound(prefix)..self.len())
            .map_while(|index| self.get(index))
            .take_while(move |path| path.bytes.starts_with(prefix))
    }
}

impl<P: AsRef<[u8]>> FromIterator<P> for PathSet {
    /// Sorts the paths, which are taken as regular files.
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        let mut paths: Vec<P> = paths.into_iter().collect();
        paths.sort_unstable_by(|a, b| a.as_ref().cmp(b.as_ref()));
        let mut set = PathSet::default();
        for path in &paths {
            set.push(path.as_ref(), PathKind::File);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_stages_count_once() {
        let mut set = PathSet::default();
        for _ in 0..3 {
            set.push(b"a", PathKind::File);
        }
        set.push(b"b", PathKind::Submodule);
        assert_eq!(set.len(), 2);
        assert_eq!(set.find(b"b").map(|p| p.kind), Some(PathKind::Submodule));
        assert_eq!(set.find(b"a").map(|p| p.kind), Some(PathKind::File));
    }

    #[test]
    fn with_files_keeps_what_is_there() {
        let mut set = PathSet::default();
        set.push(b"b", PathKind::Submodule);
        set.push(b"d", PathKind::File);
        let all = set.with_files(&["a", "b", "c", "d", "e"].iter().collect());
        let expected: Vec<&[u8]> = vec![b"a", b"b", b"c", b"d", b"e"];
        assert_eq!(all.iter().collect::<Vec<_>>(), expected);
        let special: Vec<_> = all.special().map(|path| path.bytes).collect();
        assert_eq!(special, [b"b"]);
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
