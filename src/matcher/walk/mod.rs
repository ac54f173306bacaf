//! Matching paths one after another, as the tree that they form.
//!
//! A walk keeps what is known about the directory of the latest path and about those above it. The next
//! path leaves the directories that it does not lie in, and enters the others:
//!
//! ```text
//! a/b/x.rs     enter a, enter a/b      finish x.rs
//! a/b/y.rs                             finish y.rs
//! a/c/z.rs     leave a/b, enter a/c    finish z.rs
//! ```
//!
//! *Entering* a directory finds the nodes that are alive in it. *Finishing* a path finds the accepting
//! nodes to which its last segment leads. The parts:
//!
//! - [`directories`]: the stack of directories entered, and the candidates of each;
//! - [`taken`]: the nodes that accept all of a directory;
//! - [`marks`]: which twins have come alive in the directory that is being entered;
//! - [`hits`]: the first path that each pattern matched, for those who ask.

mod directories;
mod hits;
mod marks;
mod taken;

use super::Matcher;
use super::ids::{NodeId, PatternId};
use super::trie::{Node, Trie};
use crate::ids::Id as _;
use crate::paths::common_prefix;
use directories::Directories;
use hits::FirstHits;
use marks::Marks;

/// The state of matching sorted paths: what is known about the directories of the latest one.
///
/// Any order gives the right answer; sorted order shares the most work.
#[derive(Debug)]
pub struct Walk<'m> {
    trie: &'m Trie,
    patterns: usize,
    /// The directory of the latest path, and those above it.
    directories: Directories,
    /// The twins that have come alive in the innermost directory.
    twins: Marks,
    /// The accepting nodes that the latest path's own name led to.
    finished: Vec<NodeId>,
    hits: FirstHits,
    /// How much work it was to enter directories and to try globs, in comparisons of signatures.
    work: usize,
}

impl<'m> Walk<'m> {
    pub(super) fn new(matcher: &'m Matcher) -> Self {
        let nodes = matcher.trie.nodes().len();
        let mut walk = Walk {
            trie: &matcher.trie,
            patterns: matcher.patterns,
            directories: Directories::new(nodes),
            twins: Marks::new(nodes),
            finished: Vec::new(),
            hits: FirstHits::default(),
            work: 0,
        };
        walk.enter_node(Trie::root());
        walk.find_candidates();
        walk
    }

    /// From now on remembers the first path that each pattern matches.
    pub(crate) fn remember_hits(&mut self) {
        self.hits = FirstHits::new(self.trie.nodes().len());
    }

    /// For each pattern, the index of the first path that it matched, counted from the call of
    /// [`remember_hits`](Self::remember_hits).
    pub(crate) fn hits(&self) -> Vec<Option<u32>> {
        let mut hits: Vec<Option<u32>> = vec![None; self.patterns];
        for (node, path) in self.hits.iter() {
            for pattern in &self.trie.nodes()[node].accepts {
                let hit = &mut hits[pattern.index()];
                *hit = Some(hit.map_or(path, |known| known.min(path)));
            }
        }
        hits
    }

    /// The last pattern that matches `path`.
    #[inline]
    pub fn last_match(&mut self, path: &[u8]) -> Option<u32> {
        self.read(path);
        self.last()
    }

    /// Every pattern that matches `path`, ascending.
    pub fn all_matches(&mut self, path: &[u8]) -> Vec<u32> {
        self.read(path);
        let mut all = Vec::new();
        self.all(&mut all);
        all
    }

    /// The last pattern that matches the path that was read.
    #[inline]
    pub(crate) fn last(&self) -> Option<u32> {
        let mut best = self.directories.top().best;
        for &node in &self.finished {
            best = best.max(self.node(node).best);
        }
        best.map(PatternId::number)
    }

    /// Puts every pattern that matches the path that was read into `all`, ascending.
    pub(crate) fn all(&self, all: &mut Vec<u32>) {
        all.clear();
        for &node in self.directories.taken().iter().chain(&self.finished) {
            all.extend(
                self.node(node)
                    .accepts
                    .iter()
                    .map(|pattern| pattern.number()),
            );
        }
        all.sort_unstable();
    }

    /// Whether a pattern that never wins matches the path that was read.
    #[inline]
    pub(crate) fn has_bystanders(&self) -> bool {
        self.directories.top().has_bystanders
            || (self.finished.iter()).any(|&node| self.node(node).has_bystanders)
    }

    /// If the path that was read matches only what all paths in its directory match: a number that is
    /// the same for all these paths, and different for those of other directories.
    #[inline]
    pub(crate) fn typical(&self) -> Option<u64> {
        self.finished.is_empty().then(|| self.directories.changes())
    }

    /// How many nodes are alive in the directory of the latest path and those above, each counted
    /// once for each directory.
    #[cfg(test)]
    pub(super) fn live(&self) -> usize {
        self.directories.live()
    }

    /// The outermost directory of the latest path in which nothing is undecided, if there is one: all
    /// paths in it, however deep, are matched by the same patterns. It is given by the length of its
    /// name, trailing slash included.
    #[inline]
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        self.directories.decided()
    }

    /// Skips paths in a [decided directory](Self::decided_directory).
    pub(crate) fn skip(&mut self, paths: usize) {
        self.hits.skip(paths);
    }

    /// How much work it was so far to enter directories and to try globs.
    pub(crate) fn work(&self) -> usize {
        self.work
    }

    fn node(&self, node: NodeId) -> &'m Node {
        &self.trie.nodes()[node]
    }

    /// Reads a path: enters its directories, and finishes its name.
    #[inline]
    pub(crate) fn read(&mut self, path: &[u8]) {
        self.hits.next_path();
        let directory = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
        if self.directories.path() != &path[..directory] {
            self.change_directory(&path[..directory]);
        }
        self.finish(&path[directory..]);
    }

    /// Leaves the directories that `directory` does not lie in, and enters those that it does.
    fn change_directory(&mut self, directory: &[u8]) {
        let common = common_prefix(self.directories.path(), directory);
        let kept = self.directories.leave(common);
        let mut start = kept;
        for slash in memchr::memchr_iter(b'/', &directory[kept..]) {
            let end = kept + slash;
            self.enter_directory(&directory[start..end]);
            start = end + 1;
        }
    }

    /// Enters a directory by its own name.
    fn enter_directory(&mut self, name: &[u8]) {
        let trie = self.trie;
        let outer = self.directories.enter(name);
        self.twins.clear();
        let id = if outer.is_empty() {
            None
        } else {
            trie.name_id(name)
        };
        for index in outer {
            let node = self.directories.live_node(index);
            // A twin stays alive, unless it has come alive in this directory already.
            if trie.nodes()[node].stays && self.twins.mark(node) {
                self.directories.add_live(node);
            }
            self.work += 1 + trie.step(node, name, id, |target| self.enter_node(target));
        }
        self.find_candidates();
    }

    /// Brings a node alive in the innermost directory, and its twin.
    fn enter_node(&mut self, id: NodeId) {
        let node = self.node(id);
        if !node.is_sink() {
            self.directories.add_live(id);
        }
        if let Some(id) = node.twin
            && self.twins.mark(id)
        {
            let twin = self.node(id);
            // All paths in the directory match what the twin accepts.
            if !twin.accepts.is_empty() && self.directories.take(id, twin) {
                self.hits.note(id);
            }
            if !twin.is_sink() {
                self.directories.add_live(id);
            }
        }
    }

    /// Finds the live nodes of the innermost directory from which a file can complete a match.
    fn find_candidates(&mut self) {
        let trie = self.trie;
        self.directories
            .find_candidates(|node| trie.nodes()[node].can_finish);
    }

    /// Finds the accepting nodes that the last segment of a path leads to.
    #[inline]
    fn finish(&mut self, name: &[u8]) {
        self.finished.clear();
        let candidates = self.directories.candidates();
        if candidates.is_empty() {
            return;
        }
        let (trie, finished) = (self.trie, &mut self.finished);
        let id = trie.name_id(name);
        for &node in candidates {
            let work = trie.step(node, name, id, |target| {
                let twin = trie.nodes()[target].twin;
                for reached in [Some(target), twin].into_iter().flatten() {
                    if !trie.nodes()[reached].accepts.is_empty() {
                        finished.push(reached);
                    }
                }
            });
            self.work += 1 + work;
        }
        // A twin that takes the directory, or one above it, is among the matches already.
        let taken = self.directories.taken();
        finished.retain(|&node| !taken.contains(node));
        for &node in finished.iter() {
            self.hits.note(node);
        }
    }
}
