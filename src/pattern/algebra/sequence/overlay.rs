//! One sequence laid over another, run by run from the left.
//!
//! The first run of the upper sequence stands at the start, the last one at the end, and each run
//! between goes as far left as it fits. Further left is never worse for the runs that follow, so
//! nothing is tried twice. For `*b*d` over `abcd`:
//!
//! ```text
//! over    *  b  *  d         the last run, `d`, is fixed at the end;
//! under   a  b  c  d         `b` is tried on `a`, then fits on `b`; a star takes `c`
//! ```
//!
//! Two questions are answered by this walk. They differ in where a letter may lie:
//!
//! | | over a letter | over a gap | a run may begin |
//! |---|---|---|---|
//! | [`embeds`]: is every word of `under` one of `over`? | that it includes | never | at letters |
//! | [`meets`]: have they a word in common? | that it meets | always | anywhere |
//!
//! A walk over the product of both sequences would answer [`meets`] in ten lines, and the tests do so.
//! It visits as many pairs of places as the product of the lengths, where this visits each letter
//! about once. It takes 1.4 times the instructions for patterns of a few segments, and more than 50
//! times for patterns of hundreds of segments, which would use up a budget that this does not.

use std::ops::Range;

use super::layout::Layout;
use super::{Alphabet, Sequence};
use crate::pattern::budget::Budget;

/// Whether the letters of `wide` can be laid over letters of `narrow` that they include: the letters
/// of one run over letters of one run, and the gaps over enough letters. Then every word of `narrow`
/// is a word of `wide`.
///
/// The converse holds if a word of `narrow` exists that only those letters of `wide` match that always
/// do: with long gaps, that word leaves no other way to lie over it. Among characters there is always
/// one that `wide` does not mention, so for globs the answer is exact. For patterns it may not be:
/// every name is matched by `?` or by `??*`, so `**/?/??*` includes `/?/**/??*` without lying over it.
pub(in crate::pattern::algebra) fn embeds<A: Alphabet>(
    wide: &Sequence<A::Letter>,
    narrow: &Sequence<A::Letter>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    budget.spend(wide.len() + narrow.len())?;
    LaidOut::new(wide).embeds(&LaidOut::new(narrow), alphabet, budget)
}

/// Whether `a` and `b` have a word in common.
///
/// Two sequences with open gaps have one unless they disagree before the first open gap or behind the
/// last: what stands between can follow one after the other.
pub(in crate::pattern::algebra) fn meets<A: Alphabet>(
    a: &Sequence<A::Letter>,
    b: &Sequence<A::Letter>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    budget.spend(1 + a.len() + b.len())?;
    let (a, b) = (LaidOut::new(a), LaidOut::new(b));
    let (over, under) = match (a.layout.is_closed(), b.layout.is_closed()) {
        (false, false) => return a.ends_meet(&b, alphabet, budget),
        (true, false) => (&b, &a),
        (_, true) => (&a, &b),
    };
    Overlay {
        over,
        under,
        question: Question::Meets,
        alphabet,
        budget,
    }
    .fits()
}

/// A sequence with its layout.
#[derive(Debug)]
pub(super) struct LaidOut<'s, L> {
    sequence: &'s Sequence<L>,
    layout: Layout,
}

impl<'s, L: Copy> LaidOut<'s, L> {
    pub(super) fn new(sequence: &'s Sequence<L>) -> Self {
        let layout = Layout::of(sequence);
        LaidOut { sequence, layout }
    }

    /// [`embeds`], for sequences that are laid out once and compared often.
    pub(super) fn embeds<A: Alphabet<Letter = L>>(
        &self,
        narrow: &LaidOut<'_, L>,
        alphabet: &mut A,
        budget: &mut Budget,
    ) -> Option<bool> {
        budget.spend(1)?;
        if self.layout.is_closed() && !narrow.layout.is_closed() {
            return Some(false);
        }
        Overlay {
            over: self,
            under: narrow,
            question: Question::Includes,
            alphabet,
            budget,
        }
        .fits()
    }

    /// Whether the letters at the same distance from the start meet, and those at the same distance
    /// from the end.
    fn ends_meet<A: Alphabet<Letter = L>>(
        &self,
        other: &LaidOut<'_, L>,
        alphabet: &mut A,
        budget: &mut Budget,
    ) -> Option<bool> {
        Some(
            agree(
                self.start_letters(),
                other.start_letters(),
                alphabet,
                budget,
            )? && agree(self.end_letters(), other.end_letters(), alphabet, budget)?,
        )
    }

    /// The letters before the first open gap, and how far each is from the start.
    fn start_letters(&self) -> impl Iterator<Item = (u64, L)> {
        let letters = self.layout.first_letters();
        letters.map(|index| (self.layout.at(index), self.sequence.steps[index].0))
    }

    /// The letters behind the last open gap from the right, and how far each is from the end.
    fn end_letters(&self) -> impl Iterator<Item = (u64, L)> {
        let (letters, total) = (self.layout.last_letters().rev(), self.layout.total());
        letters.map(move |index| (total - self.layout.at(index), self.sequence.steps[index].0))
    }
}

/// Whether letters at the same distance always meet. Distances ascend.
fn agree<A: Alphabet>(
    a: impl Iterator<Item = (u64, A::Letter)>,
    b: impl Iterator<Item = (u64, A::Letter)>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    let mut b = b.peekable();
    for (distance, letter) in a {
        budget.spend(1)?;
        while b.next_if(|&(other, _)| other < distance).is_some() {}
        if let Some((_, other)) = b.next_if(|&(other, _)| other == distance)
            && !alphabet.meets(letter, other, budget)?
        {
            return Some(false);
        }
    }
    Some(true)
}

/// What is asked of two sequences: see the table at the top.
#[derive(Clone, Copy, Debug)]
enum Question {
    Includes,
    /// The lower sequence must be closed.
    Meets,
}

/// Where a run must lie.
#[derive(Clone, Copy, Debug)]
enum Anchor {
    Start,
    Between,
    End,
}

/// The walk that lays one sequence over another.
struct Overlay<'a, A: Alphabet> {
    over: &'a LaidOut<'a, A::Letter>,
    under: &'a LaidOut<'a, A::Letter>,
    question: Question,
    alphabet: &'a mut A,
    budget: &'a mut Budget,
}

impl<A: Alphabet> Overlay<'_, A> {
    /// Whether all runs find their position.
    fn fits(mut self) -> Option<bool> {
        let (over, total) = (&self.over.layout, self.under.layout.total());
        if total < over.total() || (over.is_closed() && total != over.total()) {
            return Some(false);
        }
        let (first, last) = (over.first_letters(), over.last_letters());
        if !self.run_fits(first.clone(), over.at(0), Anchor::Start)? {
            return Some(false);
        }
        if over.is_closed() {
            return Some(true);
        }
        let limit = total - (over.total() - over.at(last.start));
        if !self.run_fits(last.clone(), limit, Anchor::End)? {
            return Some(false);
        }
        let mut end = over.end_before(first.end);
        let mut start = first.end;
        while start < last.start {
            let run = over.run_from(start);
            let length = over.end_before(run.end) - over.at(start);
            let mut position = end + over.gap_before(start);
            loop {
                let Some(candidate) = self.candidate(position) else {
                    return Some(false);
                };
                if candidate + length > limit {
                    return Some(false);
                }
                if self.run_fits(run.clone(), candidate, Anchor::Between)? {
                    end = candidate + length;
                    break;
                }
                position = candidate + 1;
            }
            start = run.end;
        }
        Some(end + over.gap_before(last.start) <= limit)
    }

    /// The first position, from `position` on, where a run may begin.
    fn candidate(&self, position: u64) -> Option<u64> {
        match self.question {
            Question::Includes => self.under.layout.next_letter(position),
            Question::Meets => Some(position),
        }
    }

    /// Whether these letters, of one run, may lie at `position` and behind it.
    fn run_fits(&mut self, run: Range<usize>, position: u64, anchor: Anchor) -> Option<bool> {
        let (over, under) = (self.over, self.under);
        let start = over.layout.at(run.start);
        let mut required_run = match anchor {
            Anchor::Start => Some(0),
            Anchor::Between => None,
            Anchor::End => Some(under.layout.last_run()),
        };
        for index in run {
            self.budget.spend(1)?;
            let position = position + (over.layout.at(index) - start);
            let upper = over.sequence.steps[index].0;
            let found = under.layout.letter_at(position);
            let lower = found.map(|found| under.sequence.steps[found].0);
            let fits = match (self.question, found, lower) {
                (Question::Includes, Some(found), Some(lower)) => {
                    let run = under.layout.run_of(found);
                    *required_run.get_or_insert(run) == run
                        && self.alphabet.includes(upper, lower, self.budget)?
                }
                (Question::Meets, Some(_), Some(lower)) => {
                    self.alphabet.meets(upper, lower, self.budget)?
                }
                (Question::Includes, ..) => false,
                (Question::Meets, ..) => true,
            };
            if !fits {
                return Some(false);
            }
        }
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::super::Place;
    use super::*;
    use crate::pattern::algebra::names::Names;
    use crate::pattern::algebra::testing;

    /// The same question as a walk over pairs of places, which shares no code with [`meets`].
    fn meet_by_product<L: Copy>(
        a: &Sequence<L>,
        b: &Sequence<L>,
        letters_meet: &dyn Fn(L, L) -> bool,
    ) -> bool {
        let mut seen = HashSet::new();
        let mut next = vec![(Place::default(), Place::default())];
        while let Some(pair) = next.pop() {
            if !seen.insert(pair) {
                continue;
            }
            let (at_a, at_b) = pair;
            if a.is_end(at_a) && b.is_end(at_b) {
                return true;
            }
            let (more_a, more_b) = (a.more(at_a), b.more(at_b));
            let (next_a, next_b) = (a.next(at_a), b.next(at_b));
            next.extend(more_a.zip(more_b));
            next.extend(next_a.map(|(_, at_a)| at_a).zip(more_b));
            next.extend(more_a.zip(next_b.map(|(_, at_b)| at_b)));
            if let (Some((letter_a, at_a)), Some((letter_b, at_b))) = (next_a, next_b)
                && letters_meet(letter_a, letter_b)
            {
                next.push((at_a, at_b));
            }
        }
        false
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn meets_agrees_with_the_product(
            a in testing::any_pattern(),
            b in testing::any_pattern(),
        ) {
            let mut names = Names::default();
            let sequences = names.sequence(&a).zip(names.sequence(&b));
            let Some((a, b)) = sequences else {
                return Ok(());
            };
            let have_common = meet_by_product(&a, &b, &|a, b| {
                let [a, b] = [a, b].map(|id| &names[id].characters);
                meet_by_product(a, b, &|a, b| a == b)
            });
            let budget = &mut Budget::new(100_000);
            prop_assert_eq!(meets(&a, &b, &mut names, budget), Some(have_common));
        }
    }
}
