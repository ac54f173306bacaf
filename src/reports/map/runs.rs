//! A value for each path, stored once for all neighbors that have the same. A rule mostly decides whole
//! directories, so there are few runs, and what is in a directory is counted run by run.

use crate::ids::{Id as _, IdRange};
use crate::paths::PathId;

/// A value for each path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs<T> {
    /// Where each run ends, and the value of its paths.
    runs: Vec<(PathId, T)>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Runs { runs: Vec::new() }
    }
}

impl<T: Copy + PartialEq> Runs<T> {
    /// The path after the last one.
    fn end(&self) -> PathId {
        let start = PathId::from_index(0);
        self.runs.last().map_or(start, |&(end, _)| end)
    }

    /// The value of the last path.
    #[must_use]
    pub fn last(&self) -> Option<T> {
        self.runs.last().map(|&(_, value)| value)
    }

    /// Adds the value of the next `count` paths.
    pub fn push(&mut self, value: T, count: usize) {
        if count == 0 {
            return;
        }
        let end = PathId::from_index(self.end().index() + count);
        match self.runs.last_mut() {
            Some(last) if last.1 == value => last.0 = end,
            _ => self.runs.push((end, value)),
        }
    }

    /// The value of a path.
    ///
    /// # Panics
    ///
    /// If there is no such path.
    #[must_use]
    pub fn at(&self, path: PathId) -> T {
        self.runs[self.run_of(path)].1
    }

    fn run_of(&self, path: PathId) -> usize {
        self.runs.partition_point(|&(end, _)| end <= path)
    }

    /// The values of some paths: the paths that have the same, and what they have.
    pub fn among(&self, paths: IdRange<PathId>) -> impl Iterator<Item = (IdRange<PathId>, T)> {
        let mut start = paths.start;
        let first = if paths.is_empty() {
            self.runs.len()
        } else {
            self.run_of(start)
        };
        let runs = self.runs[first..].iter();
        runs.map_while(move |&(end, value)| {
            let run = IdRange::new(start, end.min(paths.end));
            start = run.end;
            (!run.is_empty()).then_some((run, value))
        })
    }

    /// All values.
    pub fn all(&self) -> impl Iterator<Item = (IdRange<PathId>, T)> {
        self.among(IdRange::new(PathId::from_index(0), self.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_a_list() {
        let list = [1, 1, 2, 3, 3, 3, 1];
        let mut runs = Runs::default();
        assert_eq!((runs.all().count(), runs.last()), (0, None));
        list.iter().for_each(|&value| runs.push(value, 1));
        runs.push(9, 0);
        let mut other = Runs::default();
        for (value, count) in [(1, 2), (2, 1), (3, 2), (3, 1), (1, 1)] {
            other.push(value, count);
        }
        assert_eq!((runs.runs.len(), &runs), (4, &other));
        let id = PathId::from_index;
        for start in 0..=list.len() {
            for end in start..=list.len() {
                let among = runs.among(IdRange::new(id(start), id(end)));
                let found: Vec<i32> = among
                    .flat_map(|(ids, value)| ids.iter().map(move |_| value))
                    .collect();
                assert_eq!(found, list[start..end], "{start}..{end}");
            }
        }
        let each = (0..list.len()).map(|index| runs.at(id(index)));
        assert_eq!(each.collect::<Vec<_>>(), list);
    }
}
