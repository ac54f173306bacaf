//! A list of lines that knows which of them a pattern can meet at all.
//!
//! Ten thousand rules, each for a directory of its own and each with an exception, would mean a
//! hundred million comparisons. Most lines begin with a literal segment at the root, and two that
//! begin with different ones have no path in common, so they are found by their first segment.

use rustc_hash::FxHashMap;

use super::Line;
use crate::pattern::Pattern;

/// Lines in order, some of which may have been removed.
#[derive(Default)]
pub(super) struct Lines {
    slots: Vec<Option<Line>>,
    /// The lines that begin with a literal segment at the root, by that segment.
    by_first: FxHashMap<String, Vec<usize>>,
    /// All others.
    anywhere: Vec<usize>,
}

impl Lines {
    /// One past the place of the last line.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn push(&mut self, line: Line) {
        let place = self.slots.len();
        match line.pattern.first_name() {
            Some(first) => match self.by_first.get_mut(first) {
                Some(places) => places.push(place),
                None => drop(self.by_first.insert(first.to_string(), vec![place])),
            },
            None => self.anywhere.push(place),
        }
        self.slots.push(Some(line));
    }

    pub(super) fn get(&self, place: usize) -> Option<&Line> {
        self.slots[place].as_ref()
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut Line> {
        self.slots[place].as_mut()
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.slots[place] = None;
    }

    /// The lines that may have a path in common with `pattern`, in order. Those that are left out
    /// certainly have none.
    pub(super) fn near(&self, pattern: &Pattern) -> Vec<(usize, &Line)> {
        let mut places: Vec<usize> = match pattern.first_name() {
            None => (0..self.slots.len()).collect(),
            Some(first) => {
                let same = self.by_first.get(first).into_iter().flatten();
                same.chain(&self.anywhere).copied().collect()
            }
        };
        places.sort_unstable();
        places
            .into_iter()
            .filter_map(|place| Some((place, self.get(place)?)))
            .collect()
    }

    /// The lines that are left.
    pub(super) fn into_vec(self) -> Vec<Line> {
        self.slots.into_iter().flatten().collect()
    }
}
