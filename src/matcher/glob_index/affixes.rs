//! Globs found by the text that they begin or end with.
//!
//! Each text is looked up by hash, once for each length that occurs:
//!
//! ```text
//! globs      *.rs  *.md  *_test.go       lengths 3 and 8
//! lib.rs     `.rs` is found; the name is shorter than 8
//! ```

use rustc_hash::FxHashMap;

use crate::matcher::ids::EdgeId;

/// Globs by the text that they begin or end with.
#[derive(Debug, Default)]
pub(super) struct Affixes {
    edges: FxHashMap<Box<[u8]>, Vec<EdgeId>>,
    /// The lengths of those texts, each once.
    lengths: Vec<usize>,
}

impl Affixes {
    pub(super) fn add(&mut self, text: &str, edge: EdgeId) {
        self.edges
            .entry(text.as_bytes().into())
            .or_default()
            .push(edge);
        if let Err(place) = self.lengths.binary_search(&text.len()) {
            self.lengths.insert(place, text.len());
        }
    }

    /// The globs whose text is one of those that `affix` cuts off a name, by their lengths.
    pub(super) fn candidates<'i>(
        &'i self,
        affix: impl Fn(usize) -> Option<&'i [u8]>,
    ) -> impl Iterator<Item = EdgeId> {
        self.lengths
            .iter()
            .map_while(move |&length| affix(length))
            .filter_map(|affix| self.edges.get(affix))
            .flatten()
            .copied()
    }
}
