//! The lines of the rules before the one that is planned.
//!
//! Of lines with the same pattern, only the last counts: it decides whatever the others match. With
//! two hundred additions that each repeat a thousand lines, the others are most of them.

use rustc_hash::FxHashMap;

use super::index::PatternIndex;
use super::{PlannedLine, PlannedLineId};
use crate::ids::{IdVec, id};
use crate::pattern::Pattern;

id! {
    /// The index of a pattern among those of the lines.
    struct DistinctId;
}

/// Finds the lines of earlier rules.
#[derive(Default)]
pub(super) struct EarlierLines {
    ids: FxHashMap<Pattern, DistinctId>,
    /// The last line with each pattern.
    last: IdVec<DistinctId, PlannedLineId>,
    index: PatternIndex<DistinctId>,
}

impl EarlierLines {
    /// Adds a line. Returns the earlier line that no longer counts.
    pub(super) fn add(&mut self, pattern: &Pattern, id: PlannedLineId) -> Option<PlannedLineId> {
        if let Some(&distinct) = self.ids.get(pattern) {
            return Some(std::mem::replace(&mut self.last[distinct], id));
        }
        let distinct = self.last.push(id);
        self.index.add(pattern, distinct);
        self.ids.insert(pattern.clone(), distinct);
        None
    }

    /// Says again which lines there are, after some that do not count are gone.
    pub(super) fn renumber(&mut self, lines: &IdVec<PlannedLineId, PlannedLine>) {
        for (id, line) in lines.with_ids() {
            self.add(&line.pattern, id);
        }
    }

    /// The number of lines that count.
    pub(super) fn len(&self) -> usize {
        self.last.len()
    }

    /// The lines that may have a path in common with `pattern`, ascending.
    pub(super) fn possible_overlaps(&self, pattern: &Pattern) -> Vec<PlannedLineId> {
        let distinct = self.index.possible_overlaps(pattern).into_iter();
        let mut lines: Vec<PlannedLineId> = distinct.map(|each| self.last[each]).collect();
        lines.sort_unstable();
        lines
    }
}
