//! The matching engine: which of many patterns match a path, and which is the last.
//!
//! Trying ten thousand patterns on each of a million paths is ten billion attempts. Instead the
//! patterns are merged into one automaton that reads a path segment by segment, and the paths of
//! a repository, which are sorted, are read as the tree that they are:
//!
//! - The patterns form a trie. An edge takes one segment: a literal name, found by hash, a glob, or
//!   any name at all. A node can have a *twin* that stays alive whatever segments follow; that is
//!   what an open [`Gap`] compiles to. Patterns with a common start share it.
//! - Which nodes are alive in a directory is computed once for the directory ([`Walk`]), not once
//!   for each file in it. A pattern that takes a directory whole, as `/src/` does, leaves nothing
//!   to do below but to remember it.
//! - For a file there remain the few live nodes from which one more segment can lead to a match:
//!   usually none, or those of rules such as `*.md`, whose globs are indexed by their literal ends.
//! - Where no node is alive, all below is decided, and a survey goes on behind it.
//!
//! So the cost of a path does not depend on how many patterns there are, only on how many are still
//! undecided where it lies. Patterns made to be slow, such as a hundred `**/a/` in a row, keep at
//! most all nodes of the trie alive: there is no state explosion, for no sets of nodes are stored.

mod glob_index;
mod walk;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::pattern::{Gap, Glob, Pattern};
use glob_index::GlobIndex;
pub use walk::Walk;

/// A node of the automaton, as an index.
type NodeId = u32;
/// A literal segment that occurs in some pattern, as an index.
type NameId = u32;

/// Many patterns, compiled to be matched at once.
///
/// ```
/// use owners::matcher::Matcher;
/// use owners::pattern::Pattern;
///
/// let patterns = ["*", "/src/", "*.md"].map(|text| Pattern::github(text).unwrap());
/// let matcher = Matcher::new(&patterns);
/// assert_eq!(matcher.last_match(b"src/lib.rs"), Some(1));
/// assert_eq!(matcher.last_match(b"src/README.md"), Some(2));
/// assert_eq!(matcher.all_matches(b"src/README.md"), [0, 1, 2]);
/// ```
#[derive(Debug)]
pub struct Matcher {
    nodes: Vec<Node>,
    /// Every literal segment of the patterns.
    names: FxHashMap<Box<[u8]>, NameId>,
    /// The edges that take a literal segment.
    literal_edges: FxHashMap<(NodeId, NameId), NodeId>,
    patterns: usize,
}

#[derive(Debug, Default)]
struct Node {
    /// Where any segment leads.
    any: Option<NodeId>,
    /// The node that is alive whenever this one is, and stays so.
    twin: Option<NodeId>,
    /// Whether this node is a twin.
    stays: bool,
    /// Whether a literal segment leads somewhere.
    has_literals: bool,
    /// Where segments that match a glob lead. Few nodes have any.
    globs: Option<Box<GlobIndex>>,
    /// The patterns that match a path ending here (or below, if the node stays), ascending. Most
    /// often it is one.
    accepts: SmallVec<[u32; 4]>,
    /// The last of them that can win, plus one; 0 if none can.
    best: u32,
    /// Whether there are some among them that cannot.
    has_bystanders: bool,
    /// Whether one more segment can complete a match.
    can_finish: bool,
}

impl Node {
    /// Whether nothing can happen below this node that has not happened already.
    fn is_sink(&self) -> bool {
        self.any.is_none() && !self.has_literals && self.globs.is_none()
    }
}

impl Matcher {
    /// Compiles patterns. Their numbers are their places in the sequence.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Self {
        Matcher::with_bystanders(patterns, [], |_| true)
    }

    /// Compiles patterns, and behind them others that are among [all](Self::all_matches) that match
    /// but never the [last](Self::last_match). Patterns that are not `wanted` keep their numbers and
    /// match nothing.
    pub(crate) fn with_bystanders<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        bystanders: impl IntoIterator<Item = &'p Pattern>,
        wanted: impl Fn(&Pattern) -> bool,
    ) -> Self {
        let mut matcher = Matcher {
            nodes: vec![Node::default()],
            names: FxHashMap::default(),
            literal_edges: FxHashMap::default(),
            patterns: 0,
        };
        let insert = |matcher: &mut Matcher, pattern: &Pattern| {
            if wanted(pattern) {
                matcher.insert(pattern);
            }
            matcher.patterns += 1;
        };
        for pattern in patterns {
            insert(&mut matcher, pattern);
        }
        for node in &mut matcher.nodes {
            node.best = node.accepts.last().map_or(0, |last| last + 1);
        }
        for pattern in bystanders {
            insert(&mut matcher, pattern);
        }
        for node in &mut matcher.nodes {
            node.has_bystanders = node.accepts.last().is_some_and(|&last| last >= node.best);
            node.globs.iter_mut().for_each(|globs| globs.build());
        }
        matcher.find_finishers();
        matcher
    }

    /// How many patterns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns == 0
    }

    /// The last pattern that matches `path`.
    #[must_use]
    pub fn last_match(&self, path: &[u8]) -> Option<u32> {
        self.walk().last_match(path)
    }

    /// Every pattern that matches `path`, ascending.
    #[must_use]
    pub fn all_matches(&self, path: &[u8]) -> Vec<u32> {
        self.walk().all_matches(path)
    }

    /// Starts to match one path after another, best in sorted order.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        Walk::new(self)
    }

    fn insert(&mut self, pattern: &Pattern) {
        let mut node = self.gap(0, pattern.head());
        for step in pattern.steps() {
            node = self.glob(node, &step.glob);
            node = self.gap(node, step.gap);
        }
        self.nodes[node as usize].accepts.push(self.patterns as u32);
    }

    fn add_node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        self.nodes.len() as NodeId - 1
    }

    /// Follows `gap` from `node`, building what is missing.
    fn gap(&mut self, mut node: NodeId, gap: Gap) -> NodeId {
        for _ in 0..gap.min {
            node = self.nodes[node as usize].any.unwrap_or_else(|| {
                let next = self.add_node();
                self.nodes[node as usize].any = Some(next);
                next
            });
        }
        if gap.open {
            node = self.nodes[node as usize].twin.unwrap_or_else(|| {
                let twin = self.add_node();
                self.nodes[twin as usize].stays = true;
                self.nodes[node as usize].twin = Some(twin);
                twin
            });
        }
        node
    }

    fn glob(&mut self, node: NodeId, glob: &Glob) -> NodeId {
        if let Some(name) = glob.as_literal() {
            let next_name = self.names.len() as NameId;
            let name = match self.names.get(name.as_bytes()) {
                Some(&name) => name,
                None => *self
                    .names
                    .entry(name.as_bytes().into())
                    .or_insert(next_name),
            };
            if let Some(&target) = self.literal_edges.get(&(node, name)) {
                return target;
            }
            let target = self.add_node();
            self.literal_edges.insert((node, name), target);
            self.nodes[node as usize].has_literals = true;
            return target;
        }
        let globs = self.nodes[node as usize].globs.as_ref();
        if let Some(target) = globs.and_then(|globs| globs.target(glob)) {
            return target;
        }
        let target = self.add_node();
        let globs = self.nodes[node as usize].globs.get_or_insert_default();
        globs.add(glob.clone(), target);
        target
    }

    /// Whether a path that ends at `node` matches something.
    fn finishes(&self, node: NodeId) -> bool {
        let node = &self.nodes[node as usize];
        !node.accepts.is_empty()
            || node
                .twin
                .is_some_and(|twin| !self.nodes[twin as usize].accepts.is_empty())
    }

    fn find_finishers(&mut self) {
        let mut finishers = Vec::new();
        for ((node, _), target) in &self.literal_edges {
            if self.finishes(*target) {
                finishers.push(*node);
            }
        }
        for (index, node) in self.nodes.iter().enumerate() {
            if node.any.is_some_and(|any| self.finishes(any))
                || (node.globs.iter().flat_map(|globs| globs.targets()))
                    .any(|target| self.finishes(target))
            {
                finishers.push(index as NodeId);
            }
        }
        for node in finishers {
            self.nodes[node as usize].can_finish = true;
        }
    }

    /// Calls `reached` with every node to which the segment `name` leads from `node`, itself
    /// excepted. Returns how much work its globs were.
    #[inline]
    fn step(
        &self,
        node: NodeId,
        name: &[u8],
        id: Option<NameId>,
        mut reached: impl FnMut(NodeId),
    ) -> usize {
        let from = &self.nodes[node as usize];
        if let Some(any) = from.any {
            reached(any);
        }
        if from.has_literals
            && let Some(id) = id
            && let Some(&target) = self.literal_edges.get(&(node, id))
        {
            reached(target);
        }
        match &from.globs {
            Some(globs) => globs.matches(name, &mut reached),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(patterns: &[&str], paths: &[&str]) {
        let patterns: Vec<Pattern> = patterns
            .iter()
            .map(|text| Pattern::github(text).unwrap())
            .collect();
        let matcher = Matcher::new(&patterns);
        let mut walk = matcher.walk();
        for path in paths {
            let path = path.as_bytes();
            let expected: Vec<u32> = (0..patterns.len() as u32)
                .filter(|&index| patterns[index as usize].matches(path))
                .collect();
            let shown = crate::text::escaped(path);
            assert_eq!(walk.all_matches(path), expected, "{shown}");
            assert_eq!(walk.last_match(path), expected.last().copied(), "{shown}");
        }
    }

    #[test]
    fn agrees_with_the_plain_definition() {
        check(
            &[
                "*",
                "/*",
                "*.rs",
                "/src/",
                "/src/*",
                "src/**/x",
                "**/a/**/a/",
                "a",
                "a/",
                "/a/*/",
                "/a/*/*",
                "wasi*",
                "/**/w?si/x",
                "*s*i*",
                "/src",
                "/src/lib.rs",
                "**/lib.*",
            ],
            &[
                "a",
                "a/a",
                "a/a/a",
                "a/b",
                "a/b/a/c",
                "a/b/c",
                "lib.rs",
                "src",
                "src/a/lib.rs",
                "src/lib.rs",
                "src/x",
                "src/y/x",
                "src/y/x/z",
                "wasi",
                "wasi/x",
                "x/wasi/x",
            ],
        );
    }

    #[test]
    fn paths_may_come_in_any_order() {
        check(
            &["/a/", "/a/b/", "c"],
            &["a/b/c", "a/b", "b", "a/b/d", "a", "c/c", "a/b/c"],
        );
    }

    #[test]
    fn no_patterns() {
        check(&[], &["a", "a/b"]);
        assert!(Matcher::new(&[]).is_empty());
    }

    /// States are what explodes in other designs: here each pattern adds no more than it would have
    /// alone, and a path keeps no more alive than there are.
    #[test]
    fn states_are_linear_in_patterns_made_to_be_many() {
        let states = |count: usize, text: &dyn Fn(usize) -> String| {
            let patterns = (0..count).map(|n| Pattern::github(&text(n)).unwrap());
            let matcher = Matcher::new(&patterns.collect::<Vec<_>>());
            let mut walk = matcher.walk();
            for path in ["a/".repeat(300) + "c", "x1y/w1/z/x2y/zz/b".into()] {
                walk.all_matches(path.as_bytes());
                assert!(walk.live() <= (path.len() + 2) * matcher.nodes.len());
            }
            matcher.nodes.len()
        };
        // What the root takes, and for one pattern: a node for each segment, a twin for each gap.
        let gaps = |count: usize| states(1, &move |_| "**/a/".repeat(count) + "b");
        assert_eq!([gaps(1), gaps(100)], [5, 203]);
        for (text, alone) in [
            ((|n| format!("*w{n}*")) as fn(usize) -> String, 2),
            (|n| format!("**/x{n}*y/**/z{n}"), 4),
            (|n| format!("**/x*y/**/z{n}"), 2),
            (|n| format!("**/a{}*/**/*{n}z", n % 10), 2),
        ] {
            let (few, many) = (states(1_000, &text), states(3_000, &text));
            assert_eq!(many - few, 2_000 * alone, "{}", text(0));
        }
    }

    #[test]
    fn a_pattern_made_to_be_slow() {
        let text = format!("{}b", "**/a/".repeat(100));
        let path = format!("{}c", "a/".repeat(300));
        check(&[&text, "*a*a*a*a*a*a*b"], &[&path, &format!("{path}/b")]);
    }
}
