//! The tree of the map, folded until it fits into a number of bytes.
//!
//! A repository may have a million files, and a page that shows each of them would be too large to
//! open. So the tree starts as one directory whose files are counted by what they have. Then the
//! largest directory is opened again and again, as long as there is room:
//!
//! ```text
//! 9 × A, 3 × B                             the root
//! src/: 8 × A, 1 × B    1 × A, 2 × B       the root opened: its largest directories, and the rest
//! src/: a.rs, b.rs, …   1 × A, 2 × B       the files of src
//! ```
//!
//! Each step shows more and counts the same: nothing is lost, only combined. The paths are sorted, so
//! a directory is a range of them, and the tree needs memory only for what it shows.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::counter::{Amount, Counter, Size};
use super::weight::{directory_bytes, leaf_bytes};
use crate::ids::{Id as _, IdRange, IdVec, id};
use crate::paths::{PathId, PathSet, common_prefix};

id! {
    /// What a leaf has. Leaves of a directory with the same label may be combined.
    pub struct LabelId;
    /// An index into the directories of a [`Tree`].
    pub struct DirectoryId;
}

/// The files of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Files<'p> {
    /// Their paths.
    pub paths: &'p PathSet,
    /// What each of them has.
    pub labels: &'p IdVec<PathId, LabelId>,
    /// How many lines each of them has, if that was counted.
    pub lines: Option<&'p IdVec<PathId, u32>>,
}

/// A file, or several of the same directory and of those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'p> {
    /// The name of the file. `None` if several are combined.
    pub name: Option<&'p [u8]>,
    /// What they have.
    pub label: LabelId,
    /// How much that is.
    pub size: Size,
}

/// A directory of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory<'p> {
    /// Its name: `src`, or `src/main/java` if nothing else is in `src` and `src/main`.
    pub name: &'p [u8],
    /// The directories in it that are not combined, sorted by name.
    pub directories: Vec<DirectoryId>,
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

/// Folds a tree, so that its JSON has at most `budget` bytes. The root alone may take more.
///
/// `label_bytes` is how much each label takes in a leaf.
#[must_use]
pub fn fold<'p>(files: Files<'p>, label_bytes: &IdVec<LabelId, usize>, budget: usize) -> Tree<'p> {
    let mut folder = Folder::new(files, label_bytes, budget);
    while let Some(Step { what, .. }) = folder.steps.pop() {
        match what {
            What::Directories(id) => folder.open(id),
            What::Files(id) => folder.list(id),
        }
    }
    Tree {
        directories: folder.directories,
    }
}

/// A way to show more. The largest comes first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    /// How large it is on the map what would be shown by itself.
    size: u128,
    /// Of two that show the same size, the one that takes less.
    count: Reverse<usize>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// The files of a directory.
    Files(Reverse<DirectoryId>),
    /// The directories in a directory.
    Directories(Reverse<DirectoryId>),
}

/// What is known of a directory while the tree is folded.
struct Content {
    paths: IdRange<PathId>,
    /// The length of the path of the directory, with its slash.
    depth: usize,
    /// The files in the directory itself. They are part of the rest until they are listed.
    files: Vec<PathId>,
    /// The directories in it that are combined.
    rest: Vec<Amount>,
}

struct Folder<'p, 'b> {
    files: Files<'p>,
    label_bytes: &'b IdVec<LabelId, usize>,
    /// How many bytes are left.
    left: usize,
    directories: IdVec<DirectoryId, Directory<'p>>,
    contents: IdVec<DirectoryId, Content>,
    steps: BinaryHeap<Step>,
    counter: Counter,
    total: Size,
}

/// A directory in a directory.
struct Inner {
    paths: IdRange<PathId>,
    /// The end of its name, which may be that of several directories. Without the slash.
    end: usize,
}

impl<'p, 'b> Folder<'p, 'b> {
    fn new(files: Files<'p>, label_bytes: &'b IdVec<LabelId, usize>, budget: usize) -> Self {
        let mut folder = Folder {
            files,
            label_bytes,
            left: budget,
            directories: IdVec::default(),
            contents: IdVec::default(),
            steps: BinaryHeap::new(),
            counter: Counter::new(label_bytes),
            total: Size::default(),
        };
        let ids = files.paths.ids();
        let amounts = folder.amounts(ids);
        folder.total = Size::sum(&amounts);
        folder.take(directory_bytes(b""));
        let leaves = folder.combined(amounts);
        folder.take(folder.bytes(&leaves));
        folder.add(b"", leaves, ids, 0);
        folder
    }

    fn take(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// Adds a directory whose files are all combined.
    fn add(&mut self, name: &'p [u8], leaves: Vec<Leaf<'p>>, paths: IdRange<PathId>, depth: usize) {
        let size = leaves.iter().map(|leaf| leaf.size).sum();
        let id = self.directories.push(Directory {
            name,
            directories: Vec::new(),
            leaves,
        });
        self.contents.push(Content {
            paths,
            depth,
            files: Vec::new(),
            rest: Vec::new(),
        });
        self.steps.push(Step {
            size: self.share(size),
            count: Reverse(paths.len()),
            what: What::Directories(Reverse(id)),
        });
    }

    /// How large something is on the map, whether that shows files or lines.
    fn share(&self, size: Size) -> u128 {
        let (files, lines) = (u128::from(size.files), u128::from(size.lines));
        files * u128::from(self.total.lines.max(1)) + lines * u128::from(self.total.files)
    }

    fn size_of(&self, path: PathId) -> Size {
        Size {
            files: 1,
            lines: self.files.lines.map_or(0, |lines| lines[path].into()),
        }
    }

    fn amounts(&mut self, ids: IdRange<PathId>) -> Vec<Amount> {
        self.count(ids);
        self.counter.take()
    }

    fn count(&mut self, ids: IdRange<PathId>) {
        let lines = self.files.lines.map(|lines| &lines[ids]);
        self.counter.add(&self.files.labels[ids], lines);
    }

    fn combined(&self, amounts: Vec<Amount>) -> Vec<Leaf<'p>> {
        let leaf = |Amount { label, size }| Leaf {
            name: None,
            label,
            size,
        };
        amounts.into_iter().map(leaf).collect()
    }

    fn bytes(&self, leaves: &[Leaf<'_>]) -> usize {
        let bytes = |leaf: &Leaf<'_>| leaf_bytes(leaf) + self.label_bytes[leaf.label];
        leaves.iter().map(bytes).sum()
    }

    /// Shows the largest directories in a directory by themselves: as many as fit into half of the room
    /// that is left, so that something is left for others.
    fn open(&mut self, Reverse(id): Reverse<DirectoryId>) {
        let (inner, files) = self.entries(id);
        let mut found: Vec<(Inner, Vec<Leaf<'p>>)> = Vec::new();
        for inner in inner {
            let amounts = self.amounts(inner.paths);
            found.push((inner, self.combined(amounts)));
        }
        let size = |leaves: &[Leaf<'_>]| leaves.iter().map(|leaf| leaf.size).sum();
        found.sort_by_cached_key(|(inner, leaves)| {
            (Reverse(self.share(size(leaves))), inner.paths.start)
        });
        let mut room = self.left / 2;
        let depth = self.contents[id].depth;
        let mut shown: Vec<(Inner, &'p [u8], Vec<Leaf<'p>>)> = Vec::new();
        let mut rest: Vec<IdRange<PathId>> = Vec::new();
        for (inner, leaves) in found {
            let name = &self.files.paths[inner.paths.start][depth..inner.end];
            let bytes = directory_bytes(name) + self.bytes(&leaves);
            // What is smaller is not shown in the place of something larger.
            if bytes > room || !rest.is_empty() {
                rest.push(inner.paths);
                continue;
            }
            room -= bytes;
            self.take(bytes);
            shown.push((inner, name, leaves));
        }
        shown.sort_by_key(|(inner, ..)| inner.paths.start);
        for (inner, name, leaves) in shown {
            let inner_id = self.directories.next_id();
            self.directories[id].directories.push(inner_id);
            self.add(name, leaves, inner.paths, inner.end + 1);
        }
        rest.into_iter().for_each(|paths| self.count(paths));
        self.contents[id].rest = self.counter.take();
        self.offer_files(id, &files);
        self.contents[id].files = files;
        self.show(id, Vec::new(), 0);
    }

    /// The directories and files in a directory.
    fn entries(&self, id: DirectoryId) -> (Vec<Inner>, Vec<PathId>) {
        let paths = self.files.paths;
        let Content {
            paths: all, depth, ..
        } = self.contents[id];
        let (mut directories, mut files) = (Vec::new(), Vec::new());
        let mut next = all.start;
        while next < all.end {
            let path = &paths[next];
            let Some(slash) = memchr::memchr(b'/', &path[depth..]) else {
                files.push(next);
                next = next.next();
                continue;
            };
            let start = next;
            let name = &path[..=depth + slash];
            next = paths.end_of(name, IdRange::new(start.next(), all.end));
            let inner = IdRange::new(start, next);
            // What the first and the last have in common, all have in common.
            let last = &paths[inner.nth(inner.len() - 1)];
            let common = &path[..common_prefix(path, last)];
            let end = memchr::memrchr(b'/', common).unwrap_or(depth + slash);
            directories.push(Inner { paths: inner, end });
        }
        (directories, files)
    }

    /// Plans to list the files of a directory.
    fn offer_files(&mut self, id: DirectoryId, files: &[PathId]) {
        if files.is_empty() {
            return;
        }
        let all: Size = files.iter().map(|&file| self.size_of(file)).sum();
        self.steps.push(Step {
            size: self.share(all) / files.len() as u128,
            count: Reverse(files.len()),
            what: What::Files(Reverse(id)),
        });
    }

    /// Lists the largest files of a directory, as many as fit into half of the room that is left.
    fn list(&mut self, Reverse(id): Reverse<DirectoryId>) {
        let Content { files, depth, .. } = &mut self.contents[id];
        let (mut files, depth) = (std::mem::take(files), *depth);
        files.sort_by_key(|&file| (Reverse(self.share(self.size_of(file))), file));
        let room = self.left / 2;
        let mut taken = 0;
        let mut listed: Vec<(PathId, Leaf<'p>)> = Vec::new();
        for &file in &files {
            let leaf = Leaf {
                name: Some(&self.files.paths[file][depth..]),
                label: self.files.labels[file],
                size: self.size_of(file),
            };
            let bytes = self.bytes(&[leaf]);
            if taken + bytes > room {
                break;
            }
            taken += bytes;
            listed.push((file, leaf));
        }
        files.drain(..listed.len());
        self.contents[id].files = files;
        listed.sort_by_key(|&(file, _)| file);
        let listed = listed.into_iter().map(|(_, leaf)| leaf).collect();
        self.show(id, listed, taken);
    }

    /// Replaces the leaves of a directory: the files that are listed, which take so many bytes, and all
    /// the rest.
    fn show(&mut self, id: DirectoryId, mut listed: Vec<Leaf<'p>>, bytes: usize) {
        let Content { files, rest, .. } = &self.contents[id];
        rest.iter()
            .for_each(|amount| self.counter.add_amount(amount));
        for &file in files {
            let lines = self
                .files
                .lines
                .map(|lines| std::slice::from_ref(&lines[file]));
            let label = std::slice::from_ref(&self.files.labels[file]);
            self.counter.add(label, lines);
        }
        let amounts = self.counter.take();
        let rest = self.combined(amounts);
        // What was combined is a part of what was combined before, and takes no more.
        self.left += self.bytes(&self.directories[id].leaves);
        self.take(bytes + self.bytes(&rest));
        listed.extend(rest);
        self.directories[id].leaves = listed;
    }
}
