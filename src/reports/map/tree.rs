//! The tree of the map: its files before it is folded, and its directories after.

use std::cmp::Reverse;

use super::leaf::{LabelId, Leaf, Size};
use super::runs::Runs;
use crate::ids::{Id as _, IdRange, IdVec, id};
use crate::paths::{PathId, PathSet, common_prefix};

id! {
    /// An index into the directories of a [`Tree`].
    pub struct DirectoryId;
}

/// The files of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Files<'p> {
    /// Their paths.
    pub paths: &'p PathSet,
    /// What each of them has.
    pub labels: &'p Runs<LabelId>,
    /// How many lines all files before each of them have, and in the end all files. `None` if they were
    /// not counted.
    pub lines: Option<&'p [u64]>,
}

/// A directory in a directory.
#[derive(Clone, Copy)]
pub(super) struct Inner<'p> {
    pub(super) paths: IdRange<PathId>,
    pub(super) name: &'p [u8],
}

impl<'p> Files<'p> {
    pub(super) fn size_of(self, paths: IdRange<PathId>) -> Size {
        let lines = |sums: &[u64]| sums[paths.end.index()] - sums[paths.start.index()];
        Size {
            files: paths.len() as u64,
            lines: self.lines.map_or(0, lines),
        }
    }

    pub(super) fn size_of_file(self, file: PathId) -> Size {
        self.size_of(IdRange::new(file, file.next()))
    }

    /// The directories in a directory, and the files in it, the largest first. `all` are the paths below it,
    /// and `depth` is the length of its path, with its slash.
    pub(super) fn entries(
        self,
        all: IdRange<PathId>,
        depth: usize,
    ) -> (Vec<Inner<'p>>, Vec<PathId>) {
        let (mut directories, mut files) = (Vec::new(), Vec::new());
        let mut next = all.start;
        while next < all.end {
            let start = next;
            let path = &self.paths[start];
            let Some(slash) = memchr::memchr(b'/', &path[depth..]) else {
                files.push(start);
                next = start.next();
                continue;
            };
            let directory = &path[..=depth + slash];
            next = self
                .paths
                .end_of(directory, IdRange::new(start.next(), all.end));
            let paths = IdRange::new(start, next);
            // What the first and the last have in common, all have in common.
            let last = &self.paths[paths.nth(paths.len() - 1)];
            let common = &path[..common_prefix(path, last)];
            let end = memchr::memrchr(b'/', common).unwrap_or(depth + slash);
            let name = &path[depth..end];
            directories.push(Inner { paths, name });
        }
        files.sort_by_key(|&file| (Reverse(self.size_of_file(file).lines), file));
        (directories, files)
    }
}

/// A directory of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory<'p> {
    /// Its name: `src`, or `src/main/java` if nothing else is in `src` and `src/main`.
    pub name: &'p [u8],
    /// The directories in it that are not combined, the largest first.
    pub directories: Vec<DirectoryId>,
    /// What most of the files in it have, if they are listed.
    pub usual: Option<LabelId>,
    /// The files that are not combined, sorted by name, and then all the rest by label.
    pub leaves: Vec<Leaf<'p>>,
}

/// A folded tree. The first directory is the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree<'p> {
    /// The directories.
    pub directories: IdVec<DirectoryId, Directory<'p>>,
}

impl Tree<'_> {
    /// The id of the root.
    #[must_use]
    pub fn root(&self) -> DirectoryId {
        self.directories.ids().start
    }
}
