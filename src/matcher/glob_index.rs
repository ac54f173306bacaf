//! Which of many globs match a name.
//!
//! A handful of globs is tried one by one. More are found by what they must begin or end with:
//! `*.rs` and `test_*` are looked up by hash, once for each length that occurs, so that a thousand
//! of them cost no more than a few. Globs with wildcards at both ends are found by the longest text
//! within: at each place of the name where such a text can start, one binary search finds all that
//! do, however many lengths they have.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::NodeId;
use crate::paths::common_prefix;
use crate::pattern::{Glob, Piece};

/// Up to so many globs are tried one by one.
const FEW: usize = 6;

/// How much more it takes to compare a name with one piece of a glob than to compare two signatures.
const COMPARISON: usize = 16;

/// Which bytes, and which pairs of bytes, occur in the texts of a glob or in a name, as two Bloom
/// filters: a name without all that a glob has does not match it. Of thousands of globs that begin
/// and end alike (`a*1*b`, `a*2*b`) this leaves a few to be tried.
#[derive(Clone, Copy, Debug, Default)]
struct Signature {
    bytes: u64,
    pairs: u64,
}

impl Signature {
    fn of(glob: &Glob) -> Self {
        let mut signature = Signature::default();
        for piece in glob.pieces() {
            if let Piece::Text(text) = piece {
                signature.add(text.as_bytes());
            }
        }
        signature
    }

    fn add(&mut self, text: &[u8]) {
        let bit = |value: u32| 1 << (value.wrapping_mul(0x9E37_79B1) >> 26);
        for &byte in text {
            self.bytes |= bit(u32::from(byte));
        }
        for pair in text.windows(2) {
            self.pairs |= bit(u32::from(pair[0]) << 8 | u32::from(pair[1]));
        }
    }

    fn has_all(self, other: Signature) -> bool {
        other.bytes & !self.bytes == 0 && other.pairs & !self.pairs == 0
    }
}

/// Globs and where each leads.
#[derive(Debug, Default)]
pub(super) struct GlobIndex {
    edges: Vec<(Glob, NodeId)>,
    /// Finds a glob that was added, once they are many.
    by_glob: FxHashMap<Glob, NodeId>,
    /// Built when they are many.
    many: Option<Box<Many>>,
}

#[derive(Debug)]
struct Many {
    prefixes: Affixes,
    suffixes: Affixes,
    /// Globs that hold a text between wildcards.
    inner: Infixes,
    /// Globs without any text.
    textless: Vec<u32>,
    /// For each glob.
    signatures: Vec<Signature>,
}

/// Globs by the text that they begin or end with.
#[derive(Debug, Default)]
struct Affixes {
    edges: FxHashMap<Box<[u8]>, Vec<u32>>,
    /// The lengths of those texts, each once.
    lengths: Vec<usize>,
}

impl Affixes {
    fn add(&mut self, text: &str, edge: u32) {
        self.edges
            .entry(text.as_bytes().into())
            .or_default()
            .push(edge);
        if let Err(place) = self.lengths.binary_search(&text.len()) {
            self.lengths.insert(place, text.len());
        }
    }

    fn candidates<'i>(
        &'i self,
        affix: impl Fn(usize) -> Option<&'i [u8]>,
    ) -> impl Iterator<Item = u32> {
        self.lengths
            .iter()
            .map_while(move |&length| affix(length))
            .filter_map(|affix| self.edges.get(affix))
            .flatten()
            .copied()
    }
}

/// Globs by a text that they hold.
#[derive(Debug, Default)]
struct Infixes {
    /// In ascending order.
    texts: Vec<Infix>,
    /// For each byte, whether one starts with it; empty if there are none.
    starts: Vec<bool>,
}

#[derive(Debug)]
struct Infix {
    text: Box<[u8]>,
    edges: Vec<u32>,
    /// The longest other text that this one begins with.
    beginning: Option<usize>,
}

impl Infixes {
    fn new(edges: BTreeMap<&[u8], Vec<u32>>) -> Self {
        let mut infixes = Infixes {
            texts: Vec::with_capacity(edges.len()),
            starts: vec![false; 256],
        };
        for (text, edges) in edges {
            // What this text begins with is the text before, or what that one begins with.
            let mut beginning = infixes.texts.len().checked_sub(1);
            while let Some(known) = beginning.map(|index| &infixes.texts[index])
                && !text.starts_with(&known.text)
            {
                beginning = known.beginning;
            }
            if let Some(&first) = text.first() {
                infixes.starts[usize::from(first)] = true;
            }
            infixes.texts.push(Infix {
                text: text.into(),
                edges,
                beginning,
            });
        }
        infixes
    }

    /// The globs whose text is in `name`, each once.
    fn candidates(&self, name: &[u8]) -> impl Iterator<Item = u32> {
        let mut found: FxHashSet<usize> = FxHashSet::default();
        for (start, &byte) in name.iter().enumerate() {
            if self.starts.get(usize::from(byte)) != Some(&true) {
                continue;
            }
            let rest = &name[start..];
            // Whatever `rest` begins with sorts before it, and the last text that does begins with
            // that as well.
            let behind = self.texts.partition_point(|each| *each.text <= *rest);
            let mut next = behind.checked_sub(1);
            let shared = next.map_or(0, |last| common_prefix(&self.texts[last].text, rest));
            while let Some(index) = next {
                let Infix {
                    text, beginning, ..
                } = &self.texts[index];
                if text.len() <= shared && !found.insert(index) {
                    break;
                }
                next = *beginning;
            }
        }
        let edges = found.into_iter().map(|index| &self.texts[index].edges);
        edges.flatten().copied()
    }
}

impl GlobIndex {
    pub(super) fn targets(&self) -> impl Iterator<Item = NodeId> {
        self.edges.iter().map(|&(_, target)| target)
    }

    /// Where `glob` leads, if it was added.
    pub(super) fn target(&self, glob: &Glob) -> Option<NodeId> {
        if self.edges.len() <= FEW {
            return self
                .edges
                .iter()
                .find(|(known, _)| known == glob)
                .map(|&(_, target)| target);
        }
        self.by_glob.get(glob).copied()
    }

    /// Adds a glob that was not added before.
    pub(super) fn add(&mut self, glob: Glob, target: NodeId) {
        self.edges.push((glob, target));
        if self.edges.len() == FEW + 1 {
            self.by_glob = self.edges.iter().cloned().collect();
        } else if self.edges.len() > FEW {
            self.by_glob.extend(self.edges.last().cloned());
        }
    }

    /// Prepares for matching.
    pub(super) fn build(&mut self) {
        self.by_glob = FxHashMap::default();
        if self.edges.len() <= FEW {
            return;
        }
        let mut many = Many {
            prefixes: Affixes::default(),
            suffixes: Affixes::default(),
            inner: Infixes::default(),
            textless: Vec::new(),
            signatures: (self.edges.iter().map(|(glob, _)| Signature::of(glob))).collect(),
        };
        let mut inner: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
        for (index, (glob, _)) in self.edges.iter().enumerate() {
            let index = index as u32;
            let text = |piece: Option<&'_ Piece>| match piece {
                Some(Piece::Text(text)) => text.len(),
                _ => 0,
            };
            let (first, last) = (glob.pieces().first(), glob.pieces().last());
            match (first, last) {
                (_, Some(Piece::Text(suffix))) if suffix.len() >= text(first) => {
                    many.suffixes.add(suffix, index);
                }
                (Some(Piece::Text(prefix)), _) => many.prefixes.add(prefix, index),
                _ => match longest_text(glob) {
                    Some(text) => inner.entry(text.as_bytes()).or_default().push(index),
                    None => many.textless.push(index),
                },
            }
        }
        many.inner = Infixes::new(inner);
        self.many = Some(Box::new(many));
    }

    /// Calls `reached` with the target of every glob that matches `name`. Returns how much work that
    /// was: a comparison of signatures is 1.
    pub(super) fn matches(&self, name: &[u8], mut reached: impl FnMut(NodeId)) -> usize {
        let Some(many) = &self.many else {
            let mut work = 0;
            for (glob, target) in &self.edges {
                work += COMPARISON * glob.pieces().len();
                if glob.matches(name) {
                    reached(*target);
                }
            }
            return work;
        };
        let mut work = 0;
        let mut signature = None;
        let attempt = |index: u32| {
            work += 1;
            let of_name = *signature.get_or_insert_with(|| {
                let mut signature = Signature::default();
                signature.add(name);
                signature
            });
            if !of_name.has_all(many.signatures[index as usize]) {
                return;
            }
            let (glob, target) = &self.edges[index as usize];
            work += COMPARISON * glob.pieces().len();
            if glob.matches(name) {
                reached(*target);
            }
        };
        let suffixes =
            (many.suffixes).candidates(|length| Some(&name[name.len().checked_sub(length)?..]));
        let prefixes = many.prefixes.candidates(|length| name.get(..length));
        let textless = many.textless.iter().copied();
        suffixes
            .chain(prefixes)
            .chain(textless)
            .chain(many.inner.candidates(name))
            .for_each(attempt);
        work
    }
}

fn longest_text(glob: &Glob) -> Option<&str> {
    glob.pieces()
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::One | Piece::Star | Piece::Class(_) => None,
        })
        .max_by_key(|text| text.len())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::pattern::OneOf;

    #[test]
    fn many_globs_agree_with_each() {
        let mut globs = [
            "*.rs", "*.md", "*s", "test_*", "t*", "a*b", "aa*b", "a*bb", "*mid*", "*id*", "?",
            "??", "?x*", "*é", "é*é", "*a?c*", "*ab*", "*abc*", "*abd*", "*b*", "*a*b*", "*bc?*",
        ]
        .map(|text| text.parse::<Glob>().unwrap())
        .to_vec();
        // `[!a]`, `*[!a]b`, `a*[!a]`, `*[!a]*`.
        for (before, after) in [("", ""), ("*", "b"), ("a*", ""), ("*", "*")] {
            let mut glob: Glob = before.parse().unwrap();
            glob.push_one_of(OneOf::new(true, &[('a', 'a')])).unwrap();
            match after {
                "*" => glob.push_star(),
                _ => after
                    .chars()
                    .for_each(|character| glob.push_char(character)),
            }
            globs.push(glob);
        }
        let mut index = GlobIndex::default();
        for (target, glob) in globs.iter().enumerate() {
            assert_eq!(index.target(glob), None);
            index.add(glob.clone(), target as NodeId);
            assert_eq!(index.target(glob), Some(target as NodeId));
        }
        index.build();
        for name in [
            "x.rs", "s", "test_s", "ab", "aab", "abb", "amidmid", "é", "éé", "ax", "xxabc", "",
            "x", "abab", "abdabc", "xbcbdx", "abe",
        ] {
            let mut found = Vec::new();
            index.matches(name.as_bytes(), |target| found.push(target));
            found.sort_unstable();
            let expected: Vec<NodeId> = (0..globs.len() as NodeId)
                .filter(|&target| globs[target as usize].matches(name.as_bytes()))
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    /// Texts of all lengths in a long name: to look each length up at each place would take minutes.
    #[test]
    fn texts_of_many_lengths() {
        let mut index = GlobIndex::default();
        for length in 1..3000 {
            let glob = format!("*{}x*", "a".repeat(length)).parse().unwrap();
            index.add(glob, length as NodeId);
        }
        index.build();
        let start = Instant::now();
        for end in ["", "x", "xa"] {
            let name = "a".repeat(3900) + end;
            let mut found = 0;
            index.matches(name.as_bytes(), |_| found += 1);
            assert_eq!(found, if end.is_empty() { 0 } else { 2999 });
        }
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}
