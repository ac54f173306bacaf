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

use super::counter::{Amount, Counter};
use super::leaf::{LabelBytes, LabelId, Leaf, Size};
use super::runs::Runs;
use super::weight::{directory_bytes, leaf_bytes};
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

/// Folds a tree, so that its JSON has at most `budget` bytes. The root alone may take more.
#[must_use]
pub fn fold<'p>(
    files: Files<'p>,
    label_bytes: &IdVec<LabelId, LabelBytes>,
    budget: usize,
) -> Tree<'p> {
    let mut folder = Folder::new(files, label_bytes, budget);
    while let Some(Step { what, .. }) = folder.steps.pop() {
        if folder.room() == 0 {
            break;
        }
        match what {
            What::Directories(Reverse(id)) => folder.open(id),
            What::Files(Reverse(id)) => folder.list(id),
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
    /// The files in the directory itself that are listed, and those that are not, the largest first.
    listed: Vec<PathId>,
    files: Vec<PathId>,
    /// The directories in it that are combined.
    rest: Vec<Amount>,
}

/// A directory in a directory.
#[derive(Clone, Copy)]
struct Inner<'p> {
    paths: IdRange<PathId>,
    name: &'p [u8],
}

struct Folder<'p, 'b> {
    files: Files<'p>,
    label_bytes: &'b IdVec<LabelId, LabelBytes>,
    /// How many bytes the tree may have, and has.
    budget: usize,
    bytes: usize,
    directories: IdVec<DirectoryId, Directory<'p>>,
    contents: IdVec<DirectoryId, Content>,
    steps: BinaryHeap<Step>,
    counter: Counter,
    total: Size,
    /// The label of each file, to look it up at once.
    labels: IdVec<PathId, LabelId>,
}

impl<'p, 'b> Folder<'p, 'b> {
    fn new(files: Files<'p>, label_bytes: &'b IdVec<LabelId, LabelBytes>, budget: usize) -> Self {
        let mut folder = Folder {
            files,
            label_bytes,
            budget,
            bytes: 0,
            directories: IdVec::default(),
            contents: IdVec::default(),
            steps: BinaryHeap::new(),
            counter: Counter::new(label_bytes),
            total: Size::default(),
            labels: IdVec::default(),
        };
        for (run, label) in files.labels.all() {
            folder.labels.extend(std::iter::repeat_n(label, run.len()));
        }
        let paths = files.paths.ids();
        folder.total = folder.size_of(paths);
        let root = Inner { paths, name: b"" };
        let leaves = folder.leaves_of(paths);
        folder.add(root, 0, leaves);
        folder
    }

    /// How many bytes the next step may add: half of what is left, so that something is left for others.
    /// The last thousandth is not worth looking for what fits.
    fn room(&self) -> usize {
        let left = self.budget.saturating_sub(self.bytes);
        if left < self.budget / 1024 {
            0
        } else {
            left / 2
        }
    }

    /// Adds a directory whose files are all combined.
    fn add(&mut self, inner: Inner<'p>, depth: usize, leaves: Vec<Leaf<'p>>) {
        self.bytes += self.directory_bytes(inner, &leaves);
        let id = self.directories.push(Directory {
            name: inner.name,
            leaves,
            ..Directory::default()
        });
        self.contents.push(Content {
            paths: inner.paths,
            depth,
            listed: Vec::new(),
            files: Vec::new(),
            rest: Vec::new(),
        });
        let size = self.size_of(inner.paths);
        self.plan(size, inner.paths.len(), What::Directories(Reverse(id)));
    }

    fn plan(&mut self, size: Size, count: usize, what: What) {
        self.steps.push(Step {
            size: self.share(size),
            count: Reverse(count),
            what,
        });
    }

    /// How large something is on the map, whether that shows files or lines.
    fn share(&self, size: Size) -> u128 {
        let (files, lines) = (u128::from(size.files), u128::from(size.lines));
        files * u128::from(self.total.lines.max(1)) + lines * u128::from(self.total.files)
    }

    fn size_of(&self, paths: IdRange<PathId>) -> Size {
        let lines = |sums: &[u64]| sums[paths.end.index()] - sums[paths.start.index()];
        Size {
            files: paths.len() as u64,
            lines: self.files.lines.map_or(0, lines),
        }
    }

    fn size_of_file(&self, file: PathId) -> Size {
        self.size_of(IdRange::new(file, file.next()))
    }

    fn count(&mut self, paths: IdRange<PathId>) {
        for (run, label) in self.files.labels.among(paths) {
            self.counter.add(label, self.size_of(run));
        }
    }

    fn count_files(&mut self, files: &[PathId]) {
        for &file in files {
            self.counter.add(self.labels[file], self.size_of_file(file));
        }
    }

    /// Leaves for some paths, all of them combined.
    fn leaves_of(&mut self, paths: IdRange<PathId>) -> Vec<Leaf<'p>> {
        self.count(paths);
        self.counted()
    }

    /// Leaves for what was counted.
    fn counted(&mut self) -> Vec<Leaf<'p>> {
        let leaf = |Amount { label, size }| Leaf {
            name: None,
            label,
            size,
        };
        self.counter.take().into_iter().map(leaf).collect()
    }

    fn leaf_bytes(&self, leaf: &Leaf<'_>, usual: Option<LabelId>) -> usize {
        leaf_bytes(
            leaf,
            self.label_bytes[leaf.label],
            Some(leaf.label) == usual,
        )
    }

    fn directory_bytes(&self, inner: Inner<'_>, leaves: &[Leaf<'_>]) -> usize {
        let leaves = leaves.iter().map(|leaf| self.leaf_bytes(leaf, None));
        directory_bytes(inner.name) + leaves.sum::<usize>()
    }

    /// Shows the largest directories in a directory by themselves, as many as there is room for.
    fn open(&mut self, id: DirectoryId) {
        let (mut all, files) = self.entries(id);
        all.sort_by_cached_key(|each| {
            (
                Reverse(self.share(self.size_of(each.paths))),
                each.paths.start,
            )
        });
        // The first ones are shown already.
        let mut shown = self.directories[id].directories.len();
        let before = shown;
        let depth = self.contents[id].depth;
        let mut room = self.room();
        while let Some(&inner) = all.get(shown) {
            let leaves = self.leaves_of(inner.paths);
            let bytes = self.directory_bytes(inner, &leaves);
            if bytes > room {
                break;
            }
            room -= bytes;
            shown += 1;
            let inner_id = self.directories.next_id();
            self.directories[id].directories.push(inner_id);
            self.add(inner, depth + inner.name.len() + 1, leaves);
        }
        let rest = &all[shown..];
        let size = rest.iter().map(|each| self.size_of(each.paths)).sum();
        rest.iter().for_each(|each| self.count(each.paths));
        self.contents[id].rest = self.counter.take();
        if before < shown && shown < all.len() {
            // The rest may find room later.
            self.plan(size, rest.len(), What::Directories(Reverse(id)));
        }
        if self.contents[id].files.is_empty() && self.contents[id].listed.is_empty() {
            self.contents[id].files = files;
            self.plan_list(id);
        }
        self.show(id);
    }

    /// The directories and files in a directory.
    fn entries(&self, id: DirectoryId) -> (Vec<Inner<'p>>, Vec<PathId>) {
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
            let directory = &path[..=depth + slash];
            next = paths.end_of(directory, IdRange::new(start.next(), all.end));
            let inner = IdRange::new(start, next);
            // What the first and the last have in common, all have in common.
            let last = &paths[inner.nth(inner.len() - 1)];
            let common = &path[..common_prefix(path, last)];
            let end = memchr::memrchr(b'/', common).unwrap_or(depth + slash);
            directories.push(Inner {
                paths: inner,
                name: &path[depth..end],
            });
        }
        files.sort_by_key(|&file| (Reverse(self.size_of_file(file).lines), file));
        (directories, files)
    }

    /// Plans to list the files of a directory. They count as much as one of them, because they are shown
    /// one by one.
    fn plan_list(&mut self, id: DirectoryId) {
        let files = &self.contents[id].files;
        let lines = files.iter().map(|&file| self.size_of_file(file).lines);
        let Some(lines) = lines.sum::<u64>().checked_div(files.len() as u64) else {
            return;
        };
        self.plan(
            Size { files: 1, lines },
            files.len(),
            What::Files(Reverse(id)),
        );
    }

    /// Lists the largest files of a directory, as many as there is room for.
    fn list(&mut self, id: DirectoryId) {
        if self.directories[id].usual.is_none() {
            self.choose_usual(id);
        }
        let Content { files, depth, .. } = &self.contents[id];
        let usual = self.directories[id].usual;
        let mut room = self.room();
        let fits = |&&file: &&PathId| {
            let bytes = self.leaf_bytes(&self.leaf(file, *depth), usual);
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        };
        let count = files.iter().take_while(fits).count();
        if count > 0 {
            let listed: Vec<PathId> = self.contents[id].files.drain(..count).collect();
            self.contents[id].listed.extend(listed);
            self.contents[id].listed.sort_unstable();
            self.plan_list(id);
        }
        self.show(id);
    }

    /// Chooses what most of the files of a directory have. The leaves that have it take less then.
    fn choose_usual(&mut self, id: DirectoryId) {
        let files = std::mem::take(&mut self.contents[id].files);
        self.count_files(&files);
        self.contents[id].files = files;
        let amounts = self.counter.take();
        let most = amounts
            .iter()
            .max_by_key(|each| (each.size.files, Reverse(each.label)));
        let Some(usual) = most.map(|most| most.label) else {
            return;
        };
        self.bytes -= self.leaves_bytes(id);
        self.directories[id].usual = Some(usual);
        self.bytes += self.leaves_bytes(id) + self.label_bytes[usual].decision;
    }

    fn leaves_bytes(&self, id: DirectoryId) -> usize {
        let Directory { leaves, usual, .. } = &self.directories[id];
        leaves
            .iter()
            .map(|leaf| self.leaf_bytes(leaf, *usual))
            .sum()
    }

    fn leaf(&self, file: PathId, depth: usize) -> Leaf<'p> {
        Leaf {
            name: Some(&self.files.paths[file][depth..]),
            label: self.labels[file],
            size: self.size_of_file(file),
        }
    }

    /// Makes the leaves of a directory again: those that are listed, and all the rest.
    fn show(&mut self, id: DirectoryId) {
        let Content {
            listed,
            files,
            rest,
            depth,
            ..
        } = &mut self.contents[id];
        let (files, rest) = (std::mem::take(files), std::mem::take(rest));
        let (listed, depth) = (std::mem::take(listed), *depth);
        rest.iter()
            .for_each(|amount| self.counter.add(amount.label, amount.size));
        self.count_files(&files);
        let mut leaves: Vec<Leaf<'p>> = listed.iter().map(|&file| self.leaf(file, depth)).collect();
        leaves.extend(self.counted());
        self.bytes -= self.leaves_bytes(id);
        self.directories[id].leaves = leaves;
        self.bytes += self.leaves_bytes(id);
        let content = &mut self.contents[id];
        (content.listed, content.files, content.rest) = (listed, files, rest);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// A file: its path, label and lines.
    type File = (Vec<u8>, usize, u32);

    /// Few names, so that directories have several entries, with some that sort around a slash.
    fn name() -> impl Strategy<Value = Vec<u8>> {
        let names: &[&[u8]] = &[b"a", b"b", b"a-b", b"a.b", b"c", b"<d>", b"\xff", b"\"e"];
        prop::sample::select(names).prop_map(<[u8]>::to_vec)
    }

    fn files() -> impl Strategy<Value = Vec<File>> {
        let path = prop::collection::vec(name(), 1..5).prop_map(|names| names.join(&b'/'));
        let file = (path, 0..4_usize, prop_oneof![Just(0), 0..2000_u32]);
        prop::collection::vec(file, 0..60).prop_map(|mut files| {
            files.sort();
            files.dedup_by(|a, b| a.0 == b.0);
            // A file is no directory.
            let paths: Vec<Vec<u8>> = files.iter().map(|file| file.0.clone()).collect();
            files.retain(|(path, ..)| {
                let directory = [path, &b"/"[..]].concat();
                !paths.iter().any(|other| other.starts_with(&directory))
            });
            files
        })
    }

    /// The files as the folder takes them.
    struct Input {
        paths: PathSet,
        labels: Runs<LabelId>,
        sums: Vec<u64>,
        bytes: IdVec<LabelId, LabelBytes>,
    }

    impl Input {
        fn new(files: &[File]) -> Self {
            let mut labels = Runs::default();
            let mut sums = vec![0];
            for (_, label, lines) in files {
                labels.push(LabelId::from_index(*label), 1);
                sums.push(sums.last().unwrap() + u64::from(*lines));
            }
            let bytes = |decision, more| LabelBytes { decision, more };
            Input {
                paths: files.iter().map(|(path, ..)| path).collect(),
                labels,
                sums,
                bytes: vec![bytes(6, 0), bytes(7, 0), bytes(6, 8), bytes(9, 14)].into(),
            }
        }

        fn fold(&self, with_lines: bool, budget: usize) -> Tree<'_> {
            let files = Files {
                paths: &self.paths,
                labels: &self.labels,
                lines: with_lines.then_some(&self.sums[..]),
            };
            fold(files, &self.bytes, budget)
        }
    }

    type Counts = BTreeMap<LabelId, (u64, u64)>;

    fn add(counts: &mut Counts, label: LabelId, files: u64, lines: u64) {
        let count = counts.entry(label).or_default();
        *count = (count.0 + files, count.1 + lines);
    }

    /// What is in a directory, by going through all files.
    fn naive(files: &[File], prefix: &[u8], with_lines: bool) -> Counts {
        let mut counts = Counts::new();
        for (path, label, lines) in files {
            if path.starts_with(prefix) {
                let lines = if with_lines { u64::from(*lines) } else { 0 };
                add(&mut counts, LabelId::from_index(*label), 1, lines);
            }
        }
        counts
    }

    /// What the tree says is in a directory. Compares each directory and file with the model.
    fn counted(
        tree: &Tree<'_>,
        id: DirectoryId,
        prefix: &[u8],
        files: &[File],
        with_lines: bool,
    ) -> Counts {
        let directory = &tree.directories[id];
        let mut counts = Counts::new();
        for &inner in &directory.directories {
            let prefix = [prefix, tree.directories[inner].name, b"/"].concat();
            for (label, (files, lines)) in counted(tree, inner, &prefix, files, with_lines) {
                add(&mut counts, label, files, lines);
            }
        }
        for Leaf { name, label, size } in &directory.leaves {
            add(&mut counts, *label, size.files, size.lines);
            if let Some(name) = name {
                let path = [prefix, name].concat();
                let found = files.iter().find(|(other, ..)| *other == path).unwrap();
                let lines = if with_lines { found.2.into() } else { 0 };
                assert_eq!((label.index(), size.files, size.lines), (found.1, 1, lines));
            }
        }
        assert_eq!(counts, naive(files, prefix, with_lines));
        counts
    }

    fn bytes(tree: &Tree<'_>, input: &Input) -> usize {
        let directory = |each: &Directory<'_>| {
            let leaf = |leaf: &Leaf<'_>| {
                leaf_bytes(
                    leaf,
                    input.bytes[leaf.label],
                    Some(leaf.label) == each.usual,
                )
            };
            let usual = each.usual.map_or(0, |usual| input.bytes[usual].decision);
            directory_bytes(each.name) + usual + each.leaves.iter().map(leaf).sum::<usize>()
        };
        tree.directories.iter().map(directory).sum()
    }

    proptest! {
        #[test]
        fn nothing_is_lost(files in files(), with_lines: bool, budget in 0..4000_usize) {
            let input = Input::new(&files);
            let tree = input.fold(with_lines, budget);
            counted(&tree, tree.root(), b"", &files, with_lines);
            let least = bytes(&input.fold(with_lines, 0), &input);
            prop_assert!(bytes(&tree, &input) <= budget.max(least));
            prop_assert_eq!(tree, input.fold(with_lines, budget));
        }

        #[test]
        fn with_room_for_all_everything_is_shown(files in files(), with_lines: bool) {
            let input = Input::new(&files);
            let tree = input.fold(with_lines, 1 << 30);
            let leaves = tree.directories.iter().flat_map(|directory| &directory.leaves);
            prop_assert!(leaves.clone().all(|leaf| leaf.name.is_some()));
            prop_assert_eq!(leaves.count(), files.len());
            // Directories with a single entry, which is a directory, are written as one.
            let inner = tree.directories.iter().skip(1);
            let is_chain = |each: &Directory<'_>| each.leaves.is_empty() && each.directories.len() == 1;
            prop_assert!(!inner.clone().any(is_chain));
        }
    }

    fn shown(tree: &Tree<'_>, id: DirectoryId, depth: usize, text: &mut String) {
        let directory = &tree.directories[id];
        let name = String::from_utf8_lossy(directory.name);
        text.push_str(&format!("{}{name}/\n", "  ".repeat(depth)));
        for &inner in &directory.directories {
            shown(tree, inner, depth + 1, text);
        }
        for Leaf { name, label, size } in &directory.leaves {
            let name = name.map_or("*".into(), String::from_utf8_lossy);
            let label = label.index();
            text.push_str(&format!(
                "{}{name} {label}: {}\n",
                "  ".repeat(depth + 1),
                size.files
            ));
        }
    }

    /// The largest directories come first, and a long list of files last.
    #[test]
    fn the_largest_first() {
        let mut files: Vec<File> = Vec::new();
        files.extend((0..30).map(|n| (format!("big/{n:02}.rs").into_bytes(), n % 2, 0)));
        files.extend((0..9).map(|n| (format!("deep/er/x{n}").into_bytes(), 0, 0)));
        files.extend((0..3).map(|n| (format!("small/{n}").into_bytes(), 3, 0)));
        files.push((b"z".to_vec(), 1, 0));
        files.sort();
        let input = Input::new(&files);
        let at = |budget| {
            let mut text = String::new();
            let tree = input.fold(false, budget);
            shown(&tree, tree.root(), 0, &mut text);
            text
        };
        assert_eq!(at(0), "/\n  * 0: 24\n  * 1: 16\n  * 3: 3\n");
        let largest = at(230);
        assert!(
            largest.contains("  big/\n") && largest.contains("  deep/er/\n"),
            "{largest}"
        );
        assert!(!largest.contains("small"), "{largest}");
        assert!(at(400).contains("  small/\n    0 3: 1\n"), "{}", at(400));
        assert!(!at(400).contains("29.rs"), "{}", at(400));
        assert!(at(2000).contains("29.rs 1: 1\n"), "{}", at(2000));
    }
}
