//! The subset construction: where all words of one sequence lead in others.
//!
//! The words of the *narrow* sequence are walked letter by letter, the shortest first, with the set
//! of places in the *wide* sequences that each of them may have reached. For `/a/` in `/*/*` and
//! `/*/*/` (places are written as gap and letters taken):
//!
//! ```text
//! narrow /a/     wide /*/*    wide /*/*/
//! a              0:1          0:1           `/a/` does not match this path
//! a/x            0:2, end     0:2           it matches, and so does a wide sequence
//! a/x/y          none         0:3, end      the same; the gap is open, so all that follows is covered
//! ```
//!
//! Two rules keep the number of sets small:
//!
//! - *A subset is the better witness.* A word that has reached a subset of the places that another
//!   has reached matches less. So only minimal sets are pursued. For the same reason one sample is
//!   enough for all things that the same wide letters match, and only samples that match the least
//!   count: see [`Samples`].
//! - *The furthest open gap is enough.* Within one wide sequence, whatever can still follow at a place
//!   before an open gap can also be taken by that gap. So earlier places are dropped.

use rustc_hash::FxHashMap;

use super::{Characters, Place, Sequence};
use crate::pattern::budget::Budget;

/// What stands for the letters and gaps of the narrow sequence.
pub(in crate::pattern::algebra) trait Samples {
    /// A letter of the wide sequences and of the narrow one.
    type Letter: Copy;
    /// One thing that stands for all things that the same letters match.
    type Sample: Copy;

    /// Samples of this letter, or of the things in a gap. Everything else that could stand there is
    /// matched by all letters that match one of these.
    fn samples(&self, letter: Option<Self::Letter>) -> impl Iterator<Item = Self::Sample>;

    /// Whether `letter` matches the sample.
    fn fits(sample: Self::Sample, letter: Self::Letter) -> bool;
}

/// A letter stands for itself. In a gap stands a character that no sequence mentions, `None`.
impl Samples for Characters {
    type Letter = char;
    type Sample = Option<char>;

    fn samples(&self, letter: Option<char>) -> impl Iterator<Item = Option<char>> {
        std::iter::once(letter)
    }

    fn fits(sample: Option<char>, letter: char) -> bool {
        sample == Some(letter)
    }
}

/// A place in one of the wide sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pattern::algebra) struct WidePlace {
    wide: u32,
    place: Place,
}

impl WidePlace {
    /// The index of the wide sequence.
    pub(in crate::pattern::algebra) fn wide(self) -> usize {
        self.wide as usize
    }
}

/// The words of the narrow sequence that lead to one place and to one set of wide places.
#[derive(Debug)]
struct Node<S> {
    narrow: Place,
    /// Ascending.
    wide: Vec<WidePlace>,
    /// The node before the last letter of the word, and the sample that stands there.
    came_by: Option<(usize, S)>,
}

/// What to do about a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pattern::algebra) enum Verdict {
    /// Go on from it.
    Pursue,
    /// Leave out all words that begin with it.
    Prune,
    /// End the search.
    Stop,
}

/// A word that the search has come to, as its caller sees it.
pub(in crate::pattern::algebra) struct Found<'s, 'a, S: Samples> {
    search: &'s Search<'a, S>,
    node: usize,
}

impl<S: Samples> Found<'_, '_, S> {
    /// Whether it is a word of the narrow sequence, and not just the beginning of one.
    pub(in crate::pattern::algebra) fn is_word(&self) -> bool {
        let node = &self.search.nodes[self.node];
        self.search.narrow.is_end(node.narrow)
    }

    /// The wide sequences that it is a word of, ascending, by the place where it ends.
    pub(in crate::pattern::algebra) fn ends(&self) -> impl Iterator<Item = WidePlace> {
        let places = self.search.nodes[self.node].wide.iter().copied();
        places.filter(|&end| self.search.wide[end.wide()].is_end(end.place))
    }

    /// Whether each word that begins with this one is also a word of the wide sequence that ends here.
    pub(in crate::pattern::algebra) fn is_open(&self, end: WidePlace) -> bool {
        self.search.wide[end.wide()].is_open(end.place)
    }

    /// The samples that make up the word.
    pub(in crate::pattern::algebra) fn spelling(&self) -> Vec<S::Sample> {
        let nodes = &self.search.nodes;
        let mut samples = Vec::new();
        let mut came_by = nodes[self.node].came_by;
        while let Some((node, sample)) = came_by {
            samples.push(sample);
            came_by = nodes[node].came_by;
        }
        samples.reverse();
        samples
    }
}

/// The breadth-first walk over the words of a narrow sequence.
pub(in crate::pattern::algebra) struct Search<'a, S: Samples> {
    narrow: &'a Sequence<S::Letter>,
    wide: &'a [&'a Sequence<S::Letter>],
    samples: S,
    nodes: Vec<Node<S::Sample>>,
    /// The nodes at each place of the narrow sequence.
    seen: FxHashMap<Place, Vec<usize>>,
}

impl<'a, S: Samples> Search<'a, S> {
    pub(in crate::pattern::algebra) fn new(
        narrow: &'a Sequence<S::Letter>,
        wide: &'a [&'a Sequence<S::Letter>],
        samples: S,
    ) -> Self {
        Search {
            narrow,
            wide,
            samples,
            nodes: Vec::new(),
            seen: FxHashMap::default(),
        }
    }

    /// Shows `judge` all words and their beginnings, shortest first, until it stops the search:
    /// `Some(true)`, if it does; `None`, if the budget is used up.
    pub(in crate::pattern::algebra) fn run(
        &mut self,
        budget: &mut Budget,
        mut judge: impl FnMut(Found<'_, 'a, S>) -> Verdict,
    ) -> Option<bool> {
        let wide = (0u32..).zip(self.wide).map(|(wide, _)| WidePlace {
            wide,
            place: Place::default(),
        });
        self.add(
            Node {
                narrow: Place::default(),
                wide: wide.collect(),
                came_by: None,
            },
            budget,
        )?;
        let mut node = 0;
        while node < self.nodes.len() {
            match judge(Found { search: self, node }) {
                Verdict::Pursue => self.pursue(node, budget)?,
                Verdict::Prune => {}
                Verdict::Stop => return Some(true),
            }
            node += 1;
        }
        Some(false)
    }

    /// Goes on from a node in all ways.
    fn pursue(&mut self, node: usize, budget: &mut Budget) -> Option<()> {
        let here = self.nodes[node].narrow;
        if let Some(place) = self.narrow.more(here) {
            self.step(node, None, place, budget)?;
        }
        if let Some((letter, place)) = self.narrow.next(here) {
            self.step(node, Some(letter), place, budget)?;
        }
        Some(())
    }

    /// Goes on from a node to `place` by each sample of `letter`.
    fn step(
        &mut self,
        node: usize,
        letter: Option<S::Letter>,
        place: Place,
        budget: &mut Budget,
    ) -> Option<()> {
        let samples: Vec<S::Sample> = self.samples.samples(letter).collect();
        for sample in samples {
            budget.spend(2 * self.nodes[node].wide.len() + 1)?;
            let wide = self.advance(&self.nodes[node].wide, sample);
            let node = Node {
                narrow: place,
                wide,
                came_by: Some((node, sample)),
            };
            self.add(node, budget)?;
        }
        Some(())
    }

    /// Where `places` lead by `sample`.
    fn advance(&self, places: &[WidePlace], sample: S::Sample) -> Vec<WidePlace> {
        let mut next = Vec::with_capacity(places.len() + 1);
        for &from in places {
            let sequence = self.wide[from.wide()];
            if let Some(place) = sequence.more(from.place) {
                next.push(WidePlace { place, ..from });
            }
            if let Some((letter, place)) = sequence.next(from.place)
                && S::fits(sample, letter)
            {
                next.push(WidePlace { place, ..from });
            }
        }
        next.sort_unstable();
        next.dedup();
        self.keep_furthest(&mut next);
        next
    }

    /// Drops the places before the furthest open gap of each sequence.
    fn keep_furthest(&self, places: &mut Vec<WidePlace>) {
        let mut passed: Option<u32> = None;
        let mut kept = places.len();
        for index in (0..places.len()).rev() {
            let place = places[index];
            if passed == Some(place.wide) {
                continue;
            }
            if self.wide[place.wide()].is_open(place.place) {
                passed = Some(place.wide);
            }
            kept -= 1;
            places[kept] = place;
        }
        places.drain(..kept);
    }

    /// Adds a node, unless another one at the same place has reached a subset of its wide places.
    fn add(&mut self, node: Node<S::Sample>, budget: &mut Budget) -> Option<()> {
        budget.spend(8 + node.wide.len())?;
        let seen = self.seen.entry(node.narrow).or_default();
        for &other in seen.iter() {
            let other = &self.nodes[other].wide;
            budget.spend(1 + other.len().min(node.wide.len()))?;
            if is_subset(other, &node.wide) {
                return Some(());
            }
        }
        seen.push(self.nodes.len());
        self.nodes.push(node);
        Some(())
    }
}

/// Whether all of `few` is in `many`. Both are sorted.
pub(in crate::pattern::algebra) fn is_subset<T: Ord>(few: &[T], many: &[T]) -> bool {
    let mut rest = many.iter();
    few.len() <= many.len() && few.iter().all(|item| rest.any(|other| other == item))
}
