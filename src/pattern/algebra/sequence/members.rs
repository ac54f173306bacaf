//! All that two sequences share, as sequences: a walk over pairs of places.
//!
//! Both sequences are read side by side, from letter to letter. The next letter of a common word is
//! one of the left sequence while the right one is in a gap, or the other way round, or a letter of
//! both at once. For the names that `a*` and `*b` share:
//!
//! ```text
//!  a*   *b
//! 0:0  0:0   `a` alone, which the star of `*b` takes
//! 1:0  0:0   `b` alone, which the star of `a*` takes
//! 1:0  1:0   both are at their end. Between the letters both were in an open gap: `a*b`
//! ```
//!
//! What stands between two letters is in a gap of both. If both gaps are open, so is the common one,
//! and the walk tries how many letters it has *at least*; if one is closed, the number is exact.
//!
//! Two things keep the walk small:
//!
//! - If the left letter is included in the right one, taking both at once is as good as taking the
//!   left one alone, as long as the gap behind the right letter is open. So `**/a/**/a/**/b` and
//!   `**/a/**/a/**/c` share their `a`s.
//! - A pair of places from which no common word can be finished is remembered, so that each is
//!   visited once.
//!
//! `**/a/` a hundred times and `**/b/` a hundred times have more interleavings than there are atoms,
//! and all are needed. So the caller limits the number of members, and the budget limits the work.
//! Nothing recurses, since a pattern may have a million letters.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::overlay::{LaidOut, embeds, meets};
use super::{Alphabet, Place, Sequence};
use crate::pattern::Gap;
use crate::pattern::budget::Budget;

/// The distinct sequences whose union is the intersection of `a` and `b`; `None` if there are more
/// than `limit`, or if the budget is used up.
pub(in crate::pattern::algebra) fn members<A: Alphabet>(
    a: &Sequence<A::Letter>,
    b: &Sequence<A::Letter>,
    alphabet: &mut A,
    limit: usize,
    budget: &mut Budget,
) -> Option<Vec<Sequence<A::Letter>>> {
    if !meets(a, b, alphabet, budget)? {
        return Some(Vec::new());
    }
    for (wide, narrow) in [(a, b), (b, a)] {
        if embeds(wide, narrow, alphabet, budget)? {
            budget.spend(narrow.len())?;
            return (limit > 0).then(|| vec![narrow.clone()]);
        }
    }
    let walk = Walk {
        a,
        b,
        alphabet,
        limit,
        budget,
        stack: Vec::new(),
        dead: FxHashSet::default(),
        members: Vec::new(),
        known: FxHashSet::default(),
    };
    walk.run()
}

/// Removes members that another one plainly includes. Stops when the budget is used up: what is left
/// then is only longer than it could be.
pub(in crate::pattern::algebra) fn without_covered<A: Alphabet>(
    members: Vec<Sequence<A::Letter>>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Vec<Sequence<A::Letter>> {
    let laid_out: Vec<_> = members.iter().map(LaidOut::new).collect();
    let mut keep = vec![true; members.len()];
    'members: for narrow in 0..members.len() {
        for wide in 0..members.len() {
            if wide == narrow || !keep[wide] {
                continue;
            }
            match laid_out[wide].embeds(&laid_out[narrow], alphabet, budget) {
                Some(true) => {
                    keep[narrow] = false;
                    continue 'members;
                }
                Some(false) => {}
                None => break 'members,
            }
        }
    }
    let kept = members.into_iter().zip(keep);
    kept.filter_map(|(member, keep)| keep.then_some(member))
        .collect()
}

/// A place in each sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Pair {
    a: Place,
    b: Place,
}

/// Whose letter comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Both,
    Left,
    Right,
}

/// Ways to go on: a gap of `from..=to` (at least, if open), then one of `letters`.
#[derive(Clone, Debug)]
struct Branch<L> {
    turn: Turn,
    from: u32,
    to: u32,
    letters: Rc<[L]>,
}

/// A pair on the stack of a walk, and what remains to be tried from it.
#[derive(Debug)]
struct Visit<L> {
    pair: Pair,
    /// The gap and the letter that led here; none for the first pair.
    came_by: Option<(Gap, L)>,
    /// What remains to be tried, the next one last. The first of its letters at `from` comes next.
    branches: Vec<Branch<L>>,
    /// Which letter of the last branch is next.
    letter: usize,
    /// Whether a common word was finished from here.
    finished: bool,
}

impl<L: Copy> Visit<L> {
    /// The next step to try.
    fn next(&mut self) -> Option<(Turn, u32, L)> {
        loop {
            let branch = self.branches.last_mut()?;
            if let Some(&letter) = branch.letters.get(self.letter) {
                self.letter += 1;
                return Some((branch.turn, branch.from, letter));
            }
            self.letter = 0;
            if branch.from < branch.to {
                branch.from += 1;
            } else {
                self.branches.pop();
            }
        }
    }
}

/// The depth-first search for all members.
struct Walk<'a, A: Alphabet> {
    a: &'a Sequence<A::Letter>,
    b: &'a Sequence<A::Letter>,
    alphabet: &'a mut A,
    limit: usize,
    budget: &'a mut Budget,
    stack: Vec<Visit<A::Letter>>,
    /// Pairs from which no common word can be finished.
    dead: FxHashSet<Pair>,
    members: Vec<Sequence<A::Letter>>,
    /// The same members, to find one again.
    known: FxHashSet<Sequence<A::Letter>>,
}

impl<A: Alphabet> Walk<'_, A> {
    fn run(mut self) -> Option<Vec<Sequence<A::Letter>>> {
        self.enter(Pair::default(), None)?;
        while let Some(top) = self.stack.last_mut() {
            let from = top.pair;
            if let Some((turn, min, letter)) = top.next() {
                let open = self.is_open(from);
                self.enter(
                    self.after(from, turn, min),
                    Some((Gap { min, open }, letter)),
                )?;
            } else {
                let finished = top.finished;
                self.stack.pop();
                if !finished {
                    self.dead.insert(from);
                } else if let Some(outer) = self.stack.last_mut() {
                    outer.finished = true;
                }
            }
        }
        Some(self.members)
    }

    /// The pair after a gap of so many letters, and a letter of one sequence or both.
    fn after(&self, pair: Pair, turn: Turn, gap: u32) -> Pair {
        // Where only one sequence is at a letter, the gap of the other takes that letter too.
        let taken = gap.saturating_add(1);
        Pair {
            a: match turn {
                Turn::Right => self.a.within(pair.a, taken),
                Turn::Both | Turn::Left => pair.a.behind_letter(),
            },
            b: match turn {
                Turn::Left => self.b.within(pair.b, taken),
                Turn::Both | Turn::Right => pair.b.behind_letter(),
            },
        }
    }

    /// Whether both gaps are open.
    fn is_open(&self, pair: Pair) -> bool {
        self.a.is_open(pair.a) && self.b.is_open(pair.b)
    }

    /// Goes on to `pair`, unless no common word can be finished from there. If a common word may end
    /// there, its member is recorded.
    fn enter(&mut self, pair: Pair, came_by: Option<(Gap, A::Letter)>) -> Option<()> {
        self.budget.spend(1)?;
        if self.dead.contains(&pair) {
            return Some(());
        }
        let branches = self.branches(pair)?;
        self.stack.push(Visit {
            pair,
            came_by,
            branches,
            letter: 0,
            finished: false,
        });
        if pair.a.gap() == self.a.len()
            && pair.b.gap() == self.b.len()
            && let Some(min) = self.end_both(pair)
        {
            let open = self.is_open(pair);
            self.record(Gap { min, open })?;
            if let Some(top) = self.stack.last_mut() {
                top.finished = true;
            }
        }
        Some(())
    }

    /// Adds the member that the stack spells, with this gap at its end.
    fn record(&mut self, tail: Gap) -> Option<()> {
        self.budget.spend(self.stack.len())?;
        let (gaps, letters): (Vec<Gap>, Vec<A::Letter>) =
            self.stack.iter().filter_map(|visit| visit.came_by).unzip();
        let mut gaps = gaps.into_iter().chain([tail]);
        let head = gaps.next().unwrap_or(tail);
        let member = Sequence::new(head, letters.into_iter().zip(gaps).collect())?;
        if self.known.insert(member.clone()) {
            self.members.push(member);
        }
        (self.members.len() <= self.limit).then_some(())
    }

    /// The length of the common gap (the minimum, if it is open) if both gaps end with it, if they
    /// can.
    fn end_both(&self, pair: Pair) -> Option<u32> {
        let (need_a, need_b) = (self.a.needs(pair.a), self.b.needs(pair.b));
        let length = need_a.max(need_b);
        let a_can_end = self.a.is_open(pair.a) || need_a == length;
        let b_can_end = self.b.is_open(pair.b) || need_b == length;
        (a_can_end && b_can_end).then_some(length)
    }

    /// The ways to go on from `pair`, the first one last.
    fn branches(&mut self, pair: Pair) -> Option<Vec<Branch<A::Letter>>> {
        let (letter_a, letter_b) = (self.a.letter(pair.a), self.b.letter(pair.b));
        let a = Side::new(self.a, pair.a);
        let b = Side::new(self.b, pair.b);
        let mut left = letter_a.and_then(|_| a.alone(b));
        let mut right = letter_b.and_then(|_| b.alone(a));
        let mut both = None;
        if let (Some(letter_a), Some(letter_b)) = (letter_a, letter_b) {
            // A letter alone is not needed where both at once are possible, if that loses nothing
            // now (it is included in the other letter) and nothing later (the other gap is open).
            if left.is_some()
                && b.stays_open
                && self.alphabet.includes(letter_b, letter_a, self.budget)?
            {
                left = before(left, b.needs);
            }
            if right.is_some()
                && a.stays_open
                && self.alphabet.includes(letter_a, letter_b, self.budget)?
            {
                right = before(right, a.needs);
            }
            if let Some(gap) = self.end_both(pair)
                && self.alphabet.meets(letter_a, letter_b, self.budget)?
            {
                let letters = self
                    .alphabet
                    .meet(letter_a, letter_b, self.limit, self.budget)?;
                both = Some(Branch {
                    turn: Turn::Both,
                    from: gap,
                    to: gap,
                    letters,
                });
            }
        }
        let single = |turn, range: Option<(u32, u32)>, letter: Option<A::Letter>| {
            let ((from, to), letter) = (range?, letter?);
            Some(Branch {
                turn,
                from,
                to,
                letters: [letter].into(),
            })
        };
        let right = single(Turn::Right, right, letter_b);
        let left = single(Turn::Left, left, letter_a);
        Some([right, left, both].into_iter().flatten().collect())
    }
}

/// What the gap at one place allows.
#[derive(Clone, Copy, Debug)]
struct Side {
    open: bool,
    /// How many letters it must still take.
    needs: u32,
    /// Whether it is open, and the gap behind the next letter too.
    stays_open: bool,
}

impl Side {
    fn new<L: Copy>(sequence: &Sequence<L>, place: Place) -> Self {
        let open = sequence.is_open(place);
        let has_letter = place.gap() < sequence.len();
        Side {
            open,
            needs: sequence.needs(place),
            stays_open: open && has_letter && sequence.is_open(place.behind_letter()),
        }
    }

    /// How long the common gap can be (at least, if both are open) when it ends this gap, and `other`
    /// takes the next letter too.
    fn alone(self, other: Side) -> Option<(u32, u32)> {
        let most = if other.open {
            other.needs.saturating_sub(1).max(self.needs)
        } else {
            other.needs.checked_sub(1)?
        };
        let to = if self.open {
            most
        } else {
            self.needs.min(most)
        };
        (self.needs <= to).then_some((self.needs, to))
    }
}

/// The part of `range` that is less than `end`.
fn before(range: Option<(u32, u32)>, end: u32) -> Option<(u32, u32)> {
    let ((from, to), last) = (range?, end.checked_sub(1)?);
    (from <= last).then_some((from, to.min(last)))
}
