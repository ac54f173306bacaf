//! What the leaves of the map have: a decision and, in a comparison, the decision before. Files of a
//! directory with the same label may be combined.

use rustc_hash::FxHashMap;

use super::decisions::{DecisionId, Decisions};
use super::tree::LabelId;
use crate::ids::IdVec;
use crate::paths::{PathId, PathSet};

/// What a path had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// The same owners, or there is no comparison.
    Same,
    /// The path was not there.
    Absent,
    /// Other owners.
    Other(DecisionId),
}

/// What a leaf has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The decision. `None` if the path is gone.
    pub decision: Option<DecisionId>,
    /// The decision before, which is one of the other tree.
    pub before: Before,
    /// Flags of the [risks](super::risk) of the path.
    pub risk: u8,
}

/// The labels of all paths of a map.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The distinct ones, in the order of their first path.
    pub all: IdVec<LabelId, Label>,
    /// The one of each path.
    pub of: IdVec<PathId, LabelId>,
    known: FxHashMap<Label, LabelId>,
}

impl Labels {
    /// The labels of a tree.
    #[must_use]
    pub fn new(decisions: &Decisions, risk: Option<&IdVec<PathId, u8>>) -> Self {
        let mut labels = Labels::default();
        for (path, &decision) in decisions.of.with_ids() {
            labels.push(Label {
                decision: Some(decision),
                before: Before::Same,
                risk: risk.map_or(0, |risk| risk[path]),
            });
        }
        labels
    }

    fn push(&mut self, label: Label) {
        let last = self.of.as_slice().last().copied();
        let last = last.filter(|&id| self.all[id] == label);
        let id = last.unwrap_or_else(|| {
            let add = |label: &Label| self.all.push(*label);
            *self.known.entry(label).or_insert_with_key(add)
        });
        self.of.push(id);
    }
}
