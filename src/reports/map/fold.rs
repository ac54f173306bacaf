//! Folds the tree of the map until it fits into a number of bytes.
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
use super::tree::{Directory, DirectoryId, Files, Inner, Tree};
use super::weight::{directory_bytes, leaf_bytes};
use crate::ids::{IdRange, IdVec};
use crate::paths::PathId;

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
        let paths = files.paths.ids();
        let mut folder = Folder {
            files,
            label_bytes,
            budget,
            bytes: 0,
            directories: IdVec::default(),
            contents: IdVec::default(),
            steps: BinaryHeap::new(),
            counter: Counter::new(label_bytes),
            total: files.size_of(paths),
            labels: IdVec::default(),
        };
        for (run, label) in files.labels.all() {
            folder.labels.extend(std::iter::repeat_n(label, run.len()));
        }
        let root = folder.combined(Inner { paths, name: b"" });
        folder.add(root, paths, 0);
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

    /// How many bytes a directory takes, without those in it.
    fn bytes_of(&self, directory: &Directory<'_>) -> usize {
        let usual = directory.usual;
        let leaves = directory.leaves.iter();
        let leaves = leaves.map(|leaf| self.leaf_bytes(leaf, usual));
        let usual_bytes = usual.map_or(0, |label| self.label_bytes[label].decision);
        directory_bytes(directory.name) + usual_bytes + leaves.sum::<usize>()
    }

    fn leaf_bytes(&self, leaf: &Leaf<'_>, usual: Option<LabelId>) -> usize {
        let is_usual = Some(leaf.label) == usual;
        leaf_bytes(leaf, self.label_bytes[leaf.label], is_usual)
    }

    /// Adds a directory of some paths.
    fn add(&mut self, directory: Directory<'p>, paths: IdRange<PathId>, depth: usize) {
        self.bytes += self.bytes_of(&directory);
        let id = self.directories.push(directory);
        self.contents.push(Content {
            paths,
            depth,
            listed: Vec::new(),
            files: Vec::new(),
            rest: Vec::new(),
        });
        let what = What::Directories(Reverse(id));
        self.plan(self.files.size_of(paths), paths.len(), what);
    }

    fn change(&mut self, id: DirectoryId, change: impl FnOnce(&mut Directory<'p>)) {
        self.bytes -= self.bytes_of(&self.directories[id]);
        change(&mut self.directories[id]);
        self.bytes += self.bytes_of(&self.directories[id]);
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

    fn count(&mut self, paths: IdRange<PathId>) {
        for (run, label) in self.files.labels.among(paths) {
            self.counter.add(label, self.files.size_of(run));
        }
    }

    /// Counts the files of a directory that are not listed.
    fn count_files(&mut self, id: DirectoryId) {
        for &file in &self.contents[id].files {
            let size = self.files.size_of_file(file);
            self.counter.add(self.labels[file], size);
        }
    }

    /// A directory whose files are all combined.
    fn combined(&mut self, inner: Inner<'p>) -> Directory<'p> {
        self.count(inner.paths);
        Directory {
            name: inner.name,
            leaves: self.counted().collect(),
            ..Directory::default()
        }
    }

    /// Leaves for what was counted.
    fn counted(&mut self) -> impl Iterator<Item = Leaf<'p>> + use<'p> {
        let leaf = |Amount { label, size }| Leaf {
            name: None,
            label,
            size,
        };
        self.counter.take().into_iter().map(leaf)
    }

    /// Shows the largest directories in a directory by themselves, as many as there is room for.
    fn open(&mut self, id: DirectoryId) {
        let Content { paths, depth, .. } = self.contents[id];
        let (mut all, files) = self.files.entries(paths, depth);
        all.sort_by_cached_key(|each| {
            let size = self.files.size_of(each.paths);
            (Reverse(self.share(size)), each.paths.start)
        });
        // The first ones are shown already.
        let before = self.directories[id].directories.len();
        let mut shown = before;
        let mut room = self.room();
        while let Some(&inner) = all.get(shown) {
            let directory = self.combined(inner);
            let bytes = self.bytes_of(&directory);
            if bytes > room {
                break;
            }
            room -= bytes;
            shown += 1;
            let inner_id = self.directories.next_id();
            self.directories[id].directories.push(inner_id);
            self.add(directory, inner.paths, depth + inner.name.len() + 1);
        }
        let rest = &all[shown..];
        rest.iter().for_each(|each| self.count(each.paths));
        self.contents[id].rest = self.counter.take();
        if before < shown && shown < all.len() {
            // The rest may find room later.
            let size = rest.iter().map(|each| self.files.size_of(each.paths)).sum();
            self.plan(size, rest.len(), What::Directories(Reverse(id)));
        }
        if self.contents[id].files.is_empty() && self.contents[id].listed.is_empty() {
            self.contents[id].files = files;
            self.plan_list(id);
        }
        self.show(id);
    }

    /// Plans to list the files of a directory. They count as much as one of them, because they are shown
    /// one by one.
    fn plan_list(&mut self, id: DirectoryId) {
        let files = &self.contents[id].files;
        let lines = files
            .iter()
            .map(|&file| self.files.size_of_file(file).lines);
        let Some(lines) = lines.sum::<u64>().checked_div(files.len() as u64) else {
            return;
        };
        let size = Size { files: 1, lines };
        self.plan(size, files.len(), What::Files(Reverse(id)));
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
            let Content { files, listed, .. } = &mut self.contents[id];
            listed.extend(files.drain(..count));
            listed.sort_unstable();
            self.plan_list(id);
        }
        self.show(id);
    }

    /// Chooses what most of the files of a directory have. The leaves that have it take less then.
    fn choose_usual(&mut self, id: DirectoryId) {
        self.count_files(id);
        let amounts = self.counter.take().into_iter();
        let most = amounts.max_by_key(|each| (each.size.files, Reverse(each.label)));
        self.change(id, |directory| {
            directory.usual = most.map(|most| most.label);
        });
    }

    fn leaf(&self, file: PathId, depth: usize) -> Leaf<'p> {
        Leaf {
            name: Some(&self.files.paths[file][depth..]),
            label: self.labels[file],
            size: self.files.size_of_file(file),
        }
    }

    /// Makes the leaves of a directory again: those that are listed, and all the rest.
    fn show(&mut self, id: DirectoryId) {
        self.count_files(id);
        let content = &self.contents[id];
        for amount in &content.rest {
            self.counter.add(amount.label, amount.size);
        }
        let listed = content.listed.iter();
        let mut leaves: Vec<Leaf<'p>> =
            listed.map(|&file| self.leaf(file, content.depth)).collect();
        leaves.extend(self.counted());
        self.change(id, |directory| directory.leaves = leaves);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::runs::Runs;
    use super::*;
    use crate::ids::Id as _;
    use crate::paths::PathSet;

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
