//! Sequences: letters with gaps before, between and behind them.
//!
//! A pattern is a sequence of globs, and a glob is a sequence of characters. Both have one shape, so
//! the questions about two of them are answered once, here. The letters differ:
//!
//! ```text
//!                     gap   letter   gap    letter   gap
//! /docs/**/*.md       0     docs     0..    *.md     0..     letters are globs
//! a?*b                0     a        1..    b        0       letters are characters
//! ```
//!
//! A gap is a number of letters of any kind: exactly so many, or so many and more (`1..`). A sequence
//! stands for the set of *words* that fit: paths for a pattern, names for a glob. No word is empty.
//!
//! # Places
//!
//! Reading a word from the left, we are at a [`Place`] of the sequence: in one of its gaps, with so
//! many letters of its minimum taken. There are two ways to go on. For `a?*b`, where `1:0` is gap 1
//! with nothing taken:
//!
//! ```text
//!        a          any          b
//! 0:0 ──────▶ 1:0 ──────▶ 1:1 ──────▶ 2:0  the end
//!                        └───┘ any
//! ```
//!
//! [`more`](Sequence::more) is an edge for any letter (the gap takes it), and
//! [`next`](Sequence::next) is the edge for the letter behind the gap. Both walks over places are
//! made of these two: [`members`] walks two sequences at once and collects what they share,
//! [`subsets`] walks one sequence and keeps the set of places that others can be at.
//!
//! Two questions need no walk over places, because the leftmost fit is as good as any other:
//! [`overlay`] answers whether one sequence can be laid over another, and whether two have a word in
//! common.

mod layout;
pub(super) mod members;
pub(super) mod overlay;
pub(super) mod subsets;

use std::hash::Hash;
use std::rc::Rc;

use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Glob, Piece};

/// A non-empty set of non-empty words: letters with a gap before, between and after them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sequence<L> {
    /// What stands before the first letter.
    head: Gap,
    /// The letters, and the gap behind each.
    steps: Vec<(L, Gap)>,
}

/// A position in a [`Sequence`]: in one of its gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    /// The gap: 0 is the one before the first letter.
    gap: u32,
    /// How many letters of the minimum of that gap are taken.
    taken: u32,
}

impl Place {
    /// The index of the gap, which is also the index of the letter behind it.
    fn gap(self) -> usize {
        self.gap as usize
    }

    /// The beginning of the gap behind the next letter.
    fn behind_letter(self) -> Place {
        Place {
            gap: self.gap + 1,
            taken: 0,
        }
    }
}

impl<L: Copy> Sequence<L> {
    /// The words of this shape, if there are any.
    pub(super) fn new(mut head: Gap, steps: Vec<(L, Gap)>) -> Option<Self> {
        if steps.is_empty() && head.min == 0 {
            // Only the empty word has no letter, and it does not count.
            if !head.open {
                return None;
            }
            head.min = 1;
        }
        // A place holds the index of a gap in 32 bits.
        u32::try_from(steps.len()).ok()?;
        Some(Sequence { head, steps })
    }

    /// All words.
    pub(super) fn anything() -> Self {
        Sequence {
            head: Gap::SOME,
            steps: Vec::new(),
        }
    }

    /// The gap before the first letter.
    pub(super) fn head(&self) -> Gap {
        self.head
    }

    /// The letters, and the gap behind each.
    pub(super) fn steps(&self) -> &[(L, Gap)] {
        &self.steps
    }

    /// The letters.
    pub(super) fn letters(&self) -> impl Iterator<Item = L> {
        self.steps.iter().map(|&(letter, _)| letter)
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The gap before letter `index`, or the last gap.
    fn gap(&self, index: usize) -> Gap {
        match index.checked_sub(1) {
            None => self.head,
            Some(before) => self.steps[before].1,
        }
    }

    /// The letter behind the gap of `place`, if there is one.
    fn letter(&self, place: Place) -> Option<L> {
        self.steps.get(place.gap()).map(|&(letter, _)| letter)
    }

    /// Whether the gap of `place` has no maximum.
    fn is_open(&self, place: Place) -> bool {
        self.gap(place.gap()).open
    }

    /// How many letters the gap of `place` must still take.
    fn needs(&self, place: Place) -> u32 {
        self.gap(place.gap()).min.saturating_sub(place.taken)
    }

    /// The place after the gap has taken `count` more letters.
    fn within(&self, place: Place, count: u32) -> Place {
        let taken = place.taken.saturating_add(count);
        Place {
            taken: taken.min(self.gap(place.gap()).min),
            ..place
        }
    }

    /// The place after one more letter that the gap takes, if the gap can take it.
    fn more(&self, place: Place) -> Option<Place> {
        let can_take = self.needs(place) > 0 || self.is_open(place);
        can_take.then(|| self.within(place, 1))
    }

    /// The letter behind the gap and the place behind that, if the gap may end here.
    fn next(&self, place: Place) -> Option<(L, Place)> {
        let letter = self.letter(place)?;
        (self.needs(place) == 0).then(|| (letter, place.behind_letter()))
    }

    /// Whether a word may end here.
    fn is_end(&self, place: Place) -> bool {
        place.gap() == self.len() && self.needs(place) == 0
    }
}

impl Sequence<char> {
    /// The names that `glob` matches, if there are any.
    pub(super) fn of(glob: &Glob) -> Option<Self> {
        let mut head = Gap::NONE;
        let mut steps: Vec<(char, Gap)> = Vec::new();
        for piece in glob.pieces() {
            let gap = steps.last_mut().map_or(&mut head, |(_, gap)| gap);
            match piece {
                // Callers have replaced the classes before.
                Piece::One | Piece::Class(_) => gap.min = gap.min.saturating_add(1),
                Piece::Star => gap.open = true,
                // An escaped slash: no name has one.
                Piece::Text(text) if text.contains('/') => return None,
                Piece::Text(text) => {
                    steps.extend(text.chars().map(|character| (character, Gap::NONE)));
                }
            }
        }
        Sequence::new(head, steps)
    }

    /// The glob that matches these names.
    pub(super) fn glob(&self) -> Glob {
        let mut glob = Glob::new();
        let push_gap = |glob: &mut Glob, gap: Gap| {
            (0..gap.min).for_each(|_| glob.push_one());
            if gap.open {
                glob.push_star();
            }
        };
        push_gap(&mut glob, self.head);
        for &(character, gap) in &self.steps {
            glob.push_char(character);
            push_gap(&mut glob, gap);
        }
        glob
    }

    /// How many pieces that glob has at most.
    pub(super) fn glob_size(&self) -> Option<usize> {
        usize::try_from(layout::Layout::of(self).total()).ok()
    }
}

/// How letters relate to each other. An answer is `None` if the budget is used up.
pub(super) trait Alphabet {
    /// A set of things, one of which stands at one position of a word. Never empty, never all things.
    type Letter: Copy + Eq + Hash;

    /// Whether all of `narrow` is in `wide`.
    fn includes(
        &mut self,
        wide: Self::Letter,
        narrow: Self::Letter,
        budget: &mut Budget,
    ) -> Option<bool>;

    /// Whether `a` and `b` have something in common.
    fn meets(&mut self, a: Self::Letter, b: Self::Letter, budget: &mut Budget) -> Option<bool>;

    /// What `a` and `b` have in common, as a union of at most `limit` letters. `None` also if there
    /// are more.
    fn meet(
        &mut self,
        a: Self::Letter,
        b: Self::Letter,
        limit: usize,
        budget: &mut Budget,
    ) -> Option<Rc<[Self::Letter]>>;
}

/// The alphabet of globs: a letter is one character. Two characters are equal or have nothing in
/// common.
#[derive(Debug)]
pub(super) struct Characters;

impl Alphabet for Characters {
    type Letter = char;

    fn includes(&mut self, wide: char, narrow: char, _: &mut Budget) -> Option<bool> {
        Some(wide == narrow)
    }

    fn meets(&mut self, a: char, b: char, _: &mut Budget) -> Option<bool> {
        Some(a == b)
    }

    fn meet(&mut self, a: char, b: char, limit: usize, _: &mut Budget) -> Option<Rc<[char]>> {
        if a != b {
            return Some([].into());
        }
        (limit > 0).then(|| [a].into())
    }
}
