//! Samples: a few names that stand for all names.
//!
//! For a proof about paths it does not matter what a name is, only which globs match it. And a name
//! that matches fewer globs is the better witness. So for each letter of the narrow pattern a few
//! samples are enough: one name for each minimal set of wide globs. For the names that `?*` stands
//! for, and the wide globs `a*`, `?` and `??*`:
//!
//! ```text
//! sample    matches of the wide globs
//! ·         ?
//! ··        ??*
//! a         a* and ?: not minimal, left out
//! ```
//!
//! The samples are found by the same search that uses them, one level down: the narrow sequence is the
//! glob, and the wide ones are those wide globs that match some of its names but not all.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::names::{NameId, Names};
use super::sequence::subsets::{Samples, Search, Verdict, is_subset};
use super::sequence::{Alphabet, Characters, Sequence};
use super::witness::FRESH;
use crate::pattern::budget::Budget;

/// A name, and which wide globs match it. It stands for all names that the same globs match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// The bytes of the name.
    pub(super) name: Vec<u8>,
    /// The wide globs that match it, ascending.
    globs: Vec<NameId>,
}

/// The samples of each glob of the narrow pattern, and those of a gap.
#[derive(Debug)]
pub(super) struct NameSamples {
    /// The key of the samples of a gap is `None`.
    of: FxHashMap<Option<NameId>, Vec<Sample>>,
    /// Whether each glob has a sample, and a gap has one, that no wide glob matches but those that
    /// match all of its names.
    is_plain: bool,
}

impl NameSamples {
    /// Finds the samples of the letters of `narrow`.
    pub(super) fn find<'s>(
        narrow: &Sequence<NameId>,
        wide: impl Iterator<Item = &'s Sequence<NameId>>,
        names: &mut Names,
        budget: &mut Budget,
    ) -> Option<Self> {
        let mut globs: Vec<NameId> = wide.flat_map(Sequence::letters).collect();
        budget.spend(globs.len())?;
        globs.sort_unstable();
        globs.dedup();
        let mut samples = NameSamples {
            of: FxHashMap::default(),
            is_plain: true,
        };
        for letter in narrow.letters().map(Some).chain([None]) {
            if let Entry::Vacant(entry) = samples.of.entry(letter) {
                let (minimal, is_plain) = minimal_samples(letter, &globs, names, budget)?;
                entry.insert(minimal);
                samples.is_plain &= is_plain;
            }
        }
        Some(samples)
    }

    /// Whether one pattern covers another only if it can be laid over it.
    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }
}

impl<'a> Samples for &'a NameSamples {
    type Letter = NameId;
    type Sample = &'a Sample;

    fn samples(&self, letter: Option<NameId>) -> impl Iterator<Item = &'a Sample> {
        self.of.get(&letter).into_iter().flatten()
    }

    fn fits(sample: &'a Sample, letter: NameId) -> bool {
        sample.globs.binary_search(&letter).is_ok()
    }
}

/// The samples of the names that `letter` matches, or of all names, and whether one of them is matched
/// only by the globs that match all of these names.
fn minimal_samples(
    letter: Option<NameId>,
    globs: &[NameId],
    names: &mut Names,
    budget: &mut Budget,
) -> Option<(Vec<Sample>, bool)> {
    let (mut always, mut sometimes) = (Vec::new(), Vec::new());
    for &glob in globs {
        budget.spend(1)?;
        match letter {
            Some(letter) if names.includes(glob, letter, budget)? => always.push(glob),
            Some(letter) if !names.meets(glob, letter, budget)? => {}
            _ => sometimes.push(glob),
        }
    }
    let anything = Sequence::anything();
    let narrow = letter.map_or(&anything, |letter| &names[letter].characters);
    let wide: Vec<&Sequence<char>> = (sometimes.iter())
        .map(|&glob| &names[glob].characters)
        .collect();

    let mut minimal: Vec<Sample> = Vec::new();
    Search::new(narrow, &wide, Characters).run(budget, |found| {
        if !found.is_word() {
            return Verdict::Pursue;
        }
        let globs: Vec<NameId> = found.ends().map(|end| sometimes[end.wide()]).collect();
        if minimal.iter().any(|known| is_subset(&known.globs, &globs)) {
            return Verdict::Pursue;
        }
        minimal.retain(|known| !is_subset(&globs, &known.globs));
        let is_least = globs.is_empty();
        let name = spell(&found.spelling());
        minimal.push(Sample { name, globs });
        if is_least {
            Verdict::Stop
        } else {
            Verdict::Pursue
        }
    })?;
    let is_plain = minimal.iter().any(|sample| sample.globs.is_empty());
    for sample in &mut minimal {
        sample.globs.extend_from_slice(&always);
        sample.globs.sort_unstable();
    }
    Some((minimal, is_plain))
}

/// The bytes of a name. `None` is a character that no glob mentions.
fn spell(characters: &[Option<char>]) -> Vec<u8> {
    let mut name = Vec::new();
    for character in characters {
        match character {
            Some(character) => {
                name.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => name.push(FRESH),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::super::testing::pattern;
    use super::*;

    #[test]
    fn the_example_at_the_top() {
        let mut names = Names::default();
        let [narrow, wide] = ["**/x", "/a*/?/??*"].map(|text| {
            let pattern = pattern(text);
            names.sequence(&pattern).unwrap()
        });
        let budget = &mut Budget::new(10_000);
        let samples =
            NameSamples::find(&narrow, std::iter::once(&wide), &mut names, budget).unwrap();
        let of_gap: Vec<_> = (&&samples).samples(None).collect();
        let globs: Vec<NameId> = wide.letters().collect();
        let expected: [(&[u8], NameId); 2] = [(b"\xff", globs[1]), (b"\xff\xff", globs[2])];
        let found: Vec<_> = (of_gap.iter())
            .map(|sample| (sample.name.as_slice(), sample.globs[0]))
            .collect();
        assert_eq!(found, expected);
        assert!(!samples.is_plain());
    }
}
