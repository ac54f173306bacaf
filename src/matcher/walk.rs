//! Matching paths one after another, as the tree that they form.

use super::{Matcher, NameId, Node, NodeId};
use crate::paths::common_prefix;

/// The state of matching sorted paths: what is known about the directories of the latest one.
///
/// Any order gives the right answer; sorted order shares the most work.
#[derive(Debug)]
pub struct Walk<'m> {
    matcher: &'m Matcher,
    /// The directory of the latest path, with a trailing slash; empty at the root.
    directory: Vec<u8>,
    /// What is known about each directory on the way there, the root first.
    frames: Vec<Frame>,
    /// Nodes that are alive in each directory, as a stack over `frames`.
    live: Vec<NodeId>,
    /// The live nodes from which a file can complete a match, as a stack over `frames`.
    finishing: Vec<NodeId>,
    /// Nodes that accept a whole directory, as a stack over `frames`; those of outer directories
    /// apply to inner ones.
    taken: Vec<NodeId>,
    /// Whether a node is in `taken`.
    is_taken: Vec<bool>,
    /// For each node the last round in which it came alive, so that it does so once a round.
    rounds: Vec<u32>,
    round: u32,
    /// How often the directory has changed.
    changes: u64,
    /// How much work it was to try globs, in comparisons of signatures.
    work: usize,
    /// The accepting nodes of the latest path's own name.
    finished: Vec<NodeId>,
    /// How many paths were read.
    count: u32,
    /// How many paths had been read when each accepting node was first reached, 0 for those that
    /// were not, if anybody wants to know.
    reached: Option<Vec<u32>>,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    /// How much of `directory` this one is.
    length: usize,
    /// Where its part of `live` starts.
    live: usize,
    /// Where its part of `finishing` starts.
    finishing: usize,
    /// How much of `taken` applies.
    taken: usize,
    /// The last pattern that takes all of this directory, plus one.
    best: u32,
    /// Whether a pattern takes all of this directory that never wins.
    has_bystanders: bool,
}

impl<'m> Walk<'m> {
    pub(super) fn new(matcher: &'m Matcher) -> Self {
        let mut walk = Walk {
            matcher,
            directory: Vec::new(),
            frames: Vec::new(),
            live: Vec::new(),
            finishing: Vec::new(),
            taken: Vec::new(),
            is_taken: vec![false; matcher.nodes.len()],
            rounds: vec![0; matcher.nodes.len()],
            round: 0,
            changes: 0,
            work: 0,
            finished: Vec::new(),
            count: 0,
            reached: None,
        };
        walk.begin_frame();
        walk.enter(0);
        walk.end_frame(0);
        walk
    }

    /// From now on remembers which path each pattern matched first.
    pub(crate) fn remember_hits(&mut self) {
        self.count = 0;
        self.reached = Some(vec![0; self.matcher.nodes.len()]);
    }

    /// For each pattern, which path it matched first: the how-manieth since
    /// [`remember_hits`](Self::remember_hits), from 0 on.
    pub(crate) fn hits(&self) -> Vec<Option<u32>> {
        let mut hits: Vec<Option<u32>> = vec![None; self.matcher.patterns];
        let reached = self.reached.iter().flatten();
        for (node, reached) in self.matcher.nodes.iter().zip(reached) {
            let Some(path) = reached.checked_sub(1) else {
                continue;
            };
            for &pattern in &node.accepts {
                let hit = &mut hits[pattern as usize];
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
        let frame = self.frames.last()?;
        let mut best = frame.best;
        for &node in &self.finished {
            best = best.max(self.node(node).best);
        }
        best.checked_sub(1)
    }

    /// Puts every pattern that matches the path that was read into `all`, ascending.
    pub(crate) fn all(&self, all: &mut Vec<u32>) {
        all.clear();
        for &node in self.taken.iter().chain(&self.finished) {
            all.extend_from_slice(&self.node(node).accepts);
        }
        all.sort_unstable();
    }

    /// Whether a pattern that never wins matches the path that was read.
    #[inline]
    pub(crate) fn has_bystanders(&self) -> bool {
        (self.frames.last()).is_some_and(|frame| frame.has_bystanders)
            || (self.finished.iter()).any(|&node| self.node(node).has_bystanders)
    }

    /// If the path that was read matches only what all paths in its directory do: a number that is
    /// the same for all these paths, and different for what is in other directories.
    #[inline]
    pub(crate) fn typical(&self) -> Option<u64> {
        self.finished.is_empty().then_some(self.changes)
    }

    /// How many nodes are alive in the directory of the latest path and those above, each counted
    /// once for each.
    #[cfg(test)]
    pub(super) fn live(&self) -> usize {
        self.live.len()
    }

    /// The outermost directory of the latest path in which nothing is undecided, if there is one: what
    /// is in it, however deep, is matched by the same patterns. It is given by the length of its name,
    /// trailing slash included.
    #[inline]
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        if (self.frames.last()?.live) < self.live.len() {
            return None;
        }
        // Nothing comes alive below where nothing is.
        let outermost = (self.frames).partition_point(|frame| frame.live < self.live.len());
        self.frames.get(outermost).map(|frame| frame.length)
    }

    /// Passes over paths in a [decided directory](Self::decided_directory).
    pub(crate) fn skip(&mut self, paths: usize) {
        self.count = self.count.wrapping_add(paths as u32);
    }

    /// How much work it was so far to step from directory to directory and to try globs.
    pub(crate) fn work(&self) -> usize {
        self.work
    }

    fn node(&self, node: NodeId) -> &'m Node {
        &self.matcher.nodes[node as usize]
    }

    /// Reads a path: its directories into frames, its name into `finished`.
    #[inline]
    pub(crate) fn read(&mut self, path: &[u8]) {
        // A stream may have more paths than that, and nobody asks where among them.
        self.count = self.count.wrapping_add(1);
        let directory = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
        if self.directory != path[..directory] {
            self.change_directory(&path[..directory]);
        }
        self.finish(&path[directory..]);
    }

    /// Leaves what `directory` does not share with the present one, and enters the rest of it.
    fn change_directory(&mut self, directory: &[u8]) {
        self.changes += 1;
        let common = common_prefix(&self.directory, directory);
        while let Some(frame) = self.frames.last().copied()
            && frame.length > common
        {
            self.frames.pop();
            self.live.truncate(frame.live);
            self.finishing.truncate(frame.finishing);
            let taken = self.frames.last().map_or(0, |outer| outer.taken);
            for node in self.taken.drain(taken..) {
                self.is_taken[node as usize] = false;
            }
        }
        let kept = self.frames.last().map_or(0, |frame| frame.length);
        self.directory.truncate(kept);
        self.directory.extend_from_slice(&directory[kept..]);
        let mut start = kept;
        for slash in memchr::memchr_iter(b'/', &directory[kept..]) {
            let end = kept + slash;
            self.enter_directory(&directory[start..end], end + 1);
            start = end + 1;
        }
    }

    fn enter_directory(&mut self, name: &[u8], length: usize) {
        let outer = self.frames.last().map_or(0, |frame| frame.live);
        let outer = outer..self.live.len();
        self.begin_frame();
        let id = if outer.is_empty() {
            None
        } else {
            self.name_id(name)
        };
        for index in outer {
            let node = self.live[index];
            let matcher = self.matcher;
            if matcher.nodes[node as usize].stays {
                self.stay(node);
            }
            let work = matcher.step(node, name, id, |target| self.enter(target));
            self.work += 1 + work;
        }
        self.end_frame(length);
    }

    fn name_id(&self, name: &[u8]) -> Option<NameId> {
        self.matcher.names.get(name).copied()
    }

    fn begin_frame(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.rounds.fill(0);
            self.round = 1;
        }
        let outer = self.frames.last();
        let best = outer.map_or(0, |frame| frame.best);
        let has_bystanders = outer.is_some_and(|frame| frame.has_bystanders);
        self.frames.push(Frame {
            length: 0,
            live: self.live.len(),
            finishing: self.finishing.len(),
            taken: 0,
            best,
            has_bystanders,
        });
    }

    fn end_frame(&mut self, length: usize) {
        let taken = self.taken.len();
        if let Some(frame) = self.frames.last_mut() {
            frame.length = length;
            frame.taken = taken;
            let live = frame.live..self.live.len();
            for index in live {
                let node = self.live[index];
                if self.matcher.nodes[node as usize].can_finish {
                    self.finishing.push(node);
                }
            }
        }
    }

    /// Brings a node alive in the newest frame, with its twin.
    fn enter(&mut self, node: NodeId) {
        let twin = self.node(node).twin;
        if !self.node(node).is_sink() {
            self.live.push(node);
        }
        if let Some(twin) = twin
            && self.rounds[twin as usize] != self.round
        {
            self.rounds[twin as usize] = self.round;
            self.take(twin);
            if !self.node(twin).is_sink() {
                self.live.push(twin);
            }
        }
    }

    /// Keeps a twin alive that was so in the outer directory.
    fn stay(&mut self, node: NodeId) {
        if self.rounds[node as usize] != self.round {
            self.rounds[node as usize] = self.round;
            self.live.push(node);
        }
    }

    /// Notes that all of the newest directory is taken by what a twin accepts.
    fn take(&mut self, twin: NodeId) {
        if self.node(twin).accepts.is_empty() {
            return;
        }
        // An outer directory may have been taken by it already: then all is noted.
        if std::mem::replace(&mut self.is_taken[twin as usize], true) {
            return;
        }
        self.taken.push(twin);
        self.note(twin);
        if let Some(frame) = self.frames.last_mut() {
            let twin = &self.matcher.nodes[twin as usize];
            frame.best = frame.best.max(twin.best);
            frame.has_bystanders |= twin.has_bystanders;
        }
    }

    #[inline]
    fn note(&mut self, node: NodeId) {
        if let Some(reached) = &mut self.reached
            && reached[node as usize] == 0
        {
            reached[node as usize] = self.count;
        }
    }

    /// Finds the accepting nodes that the last segment of a path leads to.
    #[inline]
    fn finish(&mut self, name: &[u8]) {
        self.finished.clear();
        let start = self.frames.last().map_or(0, |frame| frame.finishing);
        if start == self.finishing.len() {
            return;
        }
        let matcher = self.matcher;
        let id = self.name_id(name);
        for index in start..self.finishing.len() {
            let node = self.finishing[index];
            let work = matcher.step(node, name, id, |target| {
                let target_node = &matcher.nodes[target as usize];
                let twin = target_node.twin;
                for reached in [Some(target), twin].into_iter().flatten() {
                    if !matcher.nodes[reached as usize].accepts.is_empty() {
                        self.finished.push(reached);
                    }
                }
            });
            self.work += 1 + work;
        }
        // A twin that took a directory above is there already; a path is matched by it once.
        let is_taken = &self.is_taken;
        self.finished.retain(|&node| !is_taken[node as usize]);
        for index in 0..self.finished.len() {
            self.note(self.finished[index]);
        }
    }
}
