//! Which of many globs match a name.
//!
//! A few globs are tried one by one. Many are found by a text that they hold, and only those whose text
//! is in the name are tried:
//!
//! ```text
//! *.rs  *_test.go    by what the name ends with
//! test_*             by what the name begins with
//! *mid*  ?x*         by a text within
//! ??                 no text: always tried
//! ```

mod affixes;
mod infixes;
mod signature;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::ids::{EdgeId, NodeId};
use crate::ids::IdVec;
use crate::pattern::{Glob, Piece};
use affixes::Affixes;
use infixes::Infixes;
use signature::Signature;

/// Up to so many globs are tried one by one.
const FEW: usize = 6;

/// The work of comparing a name with one piece of a glob; comparing two signatures is 1.
const COMPARISON: usize = 16;

/// A glob, and the node that it leads to.
type Edge = (Glob, NodeId);

/// Globs and where each leads.
#[derive(Debug, Default)]
pub(super) struct GlobIndex {
    edges: IdVec<EdgeId, Edge>,
    /// Finds a glob that was added; empty while they are few.
    by_glob: FxHashMap<Glob, NodeId>,
    /// For matching; only built when they are many.
    many: Option<Box<Many>>,
}

#[derive(Debug)]
struct Many {
    prefixes: Affixes,
    suffixes: Affixes,
    /// Globs with wildcards at both ends, and a text between.
    inner: Infixes,
    /// Globs without any text.
    textless: Vec<EdgeId>,
    signatures: IdVec<EdgeId, Signature>,
}

impl GlobIndex {
    pub(super) fn targets(&self) -> impl Iterator<Item = NodeId> {
        self.edges.iter().map(|&(_, target)| target)
    }

    /// Where `glob` leads, if it was added.
    pub(super) fn target(&self, glob: &Glob) -> Option<NodeId> {
        if self.edges.len() <= FEW {
            let mut edges = self.edges.as_slice().iter();
            return edges
                .find(|(known, _)| known == glob)
                .map(|&(_, target)| target);
        }
        self.by_glob.get(glob).copied()
    }

    /// Adds a glob that was not added before.
    pub(super) fn add(&mut self, glob: Glob, target: NodeId) {
        self.edges.push((glob, target));
        let edges = self.edges.as_slice();
        if edges.len() == FEW + 1 {
            self.by_glob = edges.iter().cloned().collect();
        } else if edges.len() > FEW {
            self.by_glob.extend(edges.last().cloned());
        }
    }

    /// Prepares for matching.
    pub(super) fn build(&mut self) {
        self.by_glob = FxHashMap::default();
        if self.edges.len() <= FEW {
            return;
        }
        let signatures = self.edges.iter().map(|(glob, _)| Signature::of(glob));
        let mut many = Many {
            prefixes: Affixes::default(),
            suffixes: Affixes::default(),
            inner: Infixes::default(),
            textless: Vec::new(),
            signatures: signatures.collect::<Vec<_>>().into(),
        };
        let mut inner: BTreeMap<&[u8], Vec<EdgeId>> = BTreeMap::new();
        for (id, (glob, _)) in self.edges.with_ids() {
            let text = |piece: Option<&'_ Piece>| match piece {
                Some(Piece::Text(text)) => text.len(),
                _ => 0,
            };
            let (first, last) = (glob.pieces().first(), glob.pieces().last());
            match (first, last) {
                (_, Some(Piece::Text(suffix))) if suffix.len() >= text(first) => {
                    many.suffixes.add(suffix, id);
                }
                (Some(Piece::Text(prefix)), _) => many.prefixes.add(prefix, id),
                _ => match longest_text(glob) {
                    Some(text) => inner.entry(text.as_bytes()).or_default().push(id),
                    None => many.textless.push(id),
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
            for (glob, target) in self.edges.as_slice() {
                work += COMPARISON * glob.pieces().len();
                if glob.matches(name) {
                    reached(*target);
                }
            }
            return work;
        };
        let mut work = 0;
        let mut signature = None;
        let attempt = |edge: EdgeId| {
            work += 1;
            let of_name = signature.get_or_insert_with(|| Signature::of_name(name));
            if !of_name.has_all(many.signatures[edge]) {
                return;
            }
            let (glob, target) = &self.edges[edge];
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
    use super::*;
    use crate::ids::Id as _;
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
            index.add(glob.clone(), NodeId::from_index(target));
            assert_eq!(index.target(glob), Some(NodeId::from_index(target)));
        }
        index.build();
        for name in [
            "x.rs", "s", "test_s", "ab", "aab", "abb", "amidmid", "é", "éé", "ax", "xxabc", "",
            "x", "abab", "abdabc", "xbcbdx", "abe",
        ] {
            let mut found = Vec::new();
            index.matches(name.as_bytes(), |target| found.push(target));
            found.sort_unstable();
            let expected: Vec<NodeId> = (0..globs.len())
                .filter(|&target| globs[target].matches(name.as_bytes()))
                .map(NodeId::from_index)
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
