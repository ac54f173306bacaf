//! Where the letters of a sequence stand in its shortest words.
//!
//! The letters between two open gaps keep their distance in every word: they are a *run*. Only whole
//! runs move, when an open gap takes more letters than it must. For `a?b*c??*d`:
//!
//! ```text
//! position   0  1  2  3  4  5  6       the shortest word has 7 letters
//! letter     a  ·  b  c  ·  ·  d
//! run        0     0  1        2       run 0 is fixed at the start, the last one at the end
//! ```

use std::ops::Range;

use super::Sequence;

/// The positions and runs of the letters of a [`Sequence`].
#[derive(Debug)]
pub(super) struct Layout {
    /// The position of each letter, ascending.
    at: Vec<u64>,
    /// The run of each letter: how many open gaps stand before it.
    run: Vec<usize>,
    /// The length of the shortest words.
    total: u64,
    /// How many open gaps there are.
    last_run: usize,
}

impl Layout {
    pub(super) fn of<L: Copy>(sequence: &Sequence<L>) -> Self {
        let mut total = u64::from(sequence.head.min);
        let mut last_run = usize::from(sequence.head.open);
        let mut at = Vec::with_capacity(sequence.len());
        let mut run = Vec::with_capacity(sequence.len());
        for (_, gap) in &sequence.steps {
            at.push(total);
            run.push(last_run);
            total += 1 + u64::from(gap.min);
            last_run += usize::from(gap.open);
        }
        Layout {
            at,
            run,
            total,
            last_run,
        }
    }

    /// The length of the shortest words.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Whether all words have the same length.
    pub(super) fn is_closed(&self) -> bool {
        self.last_run == 0
    }

    /// The position of letter `index`, or the end of the word if there are fewer letters.
    pub(super) fn at(&self, index: usize) -> u64 {
        self.at.get(index).copied().unwrap_or(self.total)
    }

    /// The position behind the letter before letter `index`.
    pub(super) fn end_before(&self, index: usize) -> u64 {
        index.checked_sub(1).map_or(0, |before| self.at[before] + 1)
    }

    /// The minimum of the gap before letter `index`.
    pub(super) fn gap_before(&self, index: usize) -> u64 {
        self.at(index) - self.end_before(index)
    }

    /// The letters before the first open gap.
    pub(super) fn first_letters(&self) -> Range<usize> {
        0..self.run.partition_point(|&run| run == 0)
    }

    /// The letters behind the last open gap.
    pub(super) fn last_letters(&self) -> Range<usize> {
        self.run.partition_point(|&run| run < self.last_run)..self.at.len()
    }

    /// The letters of the run that begins with letter `start`.
    pub(super) fn run_from(&self, start: usize) -> Range<usize> {
        start..start + self.run[start..].partition_point(|&run| run == self.run[start])
    }

    /// The run of a letter.
    pub(super) fn run_of(&self, letter: usize) -> usize {
        self.run[letter]
    }

    /// The run behind the last open gap.
    pub(super) fn last_run(&self) -> usize {
        self.last_run
    }

    /// The letter at `position`.
    pub(super) fn letter_at(&self, position: u64) -> Option<usize> {
        self.at.binary_search(&position).ok()
    }

    /// The position of the first letter that stands at `position` or behind it.
    pub(super) fn next_letter(&self, position: u64) -> Option<u64> {
        let letter = self.at.partition_point(|&at| at < position);
        self.at.get(letter).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_at_the_top() {
        let layout = Layout::of(&Sequence::of(&"a?b*c??*d".parse().unwrap()).unwrap());
        assert_eq!((layout.total(), layout.last_run()), (7, 2));
        assert_eq!(layout.at, [0, 2, 3, 6]);
        assert_eq!(layout.run, [0, 0, 1, 2]);
        assert_eq!(
            (layout.first_letters(), layout.last_letters()),
            (0..2, 3..4)
        );
        assert_eq!((layout.run_from(2), layout.gap_before(3)), (2..3, 2));
        assert_eq!(
            (layout.letter_at(1), layout.next_letter(1)),
            (None, Some(2))
        );
    }
}
