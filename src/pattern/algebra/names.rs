//! The alphabet of patterns: a letter is a glob.
//!
//! Globs are numbered, so that a letter is an id, and what is found out about two globs is found out
//! once. Comparing two globs is the same question as comparing two patterns, one level down:
//!
//! ```text
//! pattern  /src/*.rs     ids 0 and 1
//! pattern  /src/m*.rs    ids 0 and 2
//! includes(1, 2)         asks whether `*.rs` can be laid over `m*.rs`, character by character
//! ```

use std::ops::Index;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::sequence::members::{members, without_covered};
use super::sequence::overlay::{embeds, meets};
use super::sequence::{Alphabet, Characters, Sequence};
use crate::pattern::budget::Budget;
use crate::pattern::{Glob, Pattern};

/// A glob in [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NameId(u32);

/// A glob, and the names that it matches.
#[derive(Debug)]
pub(super) struct Name {
    glob: Glob,
    pub(super) characters: Sequence<char>,
}

/// The globs of the patterns that are compared, and what is known about pairs of them.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: FxHashMap<Glob, NameId>,
    names: Vec<Name>,
    includes: FxHashMap<(NameId, NameId), bool>,
    meets: FxHashMap<(NameId, NameId), bool>,
    meet: FxHashMap<(NameId, NameId), Rc<[NameId]>>,
}

impl Index<NameId> for Names {
    type Output = Name;

    fn index(&self, id: NameId) -> &Name {
        &self.names[id.0 as usize]
    }
}

impl Names {
    /// The id of `glob`, if any name matches it.
    fn id(&mut self, glob: &Glob) -> Option<NameId> {
        if let Some(&id) = self.ids.get(glob) {
            return Some(id);
        }
        let characters = Sequence::of(glob)?;
        let id = NameId(u32::try_from(self.names.len()).ok()?);
        self.ids.insert(glob.clone(), id);
        self.names.push(Name {
            glob: glob.clone(),
            characters,
        });
        Some(id)
    }

    /// The paths that `pattern` matches, if there are any.
    pub(super) fn sequence(&mut self, pattern: &Pattern) -> Option<Sequence<NameId>> {
        let steps: Option<Vec<_>> = pattern
            .steps()
            .iter()
            .map(|step| Some((self.id(&step.glob)?, step.gap)))
            .collect();
        Sequence::new(pattern.head(), steps?)
    }

    /// The pattern that matches these paths.
    pub(super) fn pattern(&self, sequence: &Sequence<NameId>) -> Pattern {
        let mut pattern = Pattern::new(sequence.head());
        for &(id, gap) in sequence.steps() {
            pattern.push(self[id].glob.clone());
            pattern.widen(gap);
        }
        pattern
    }
}

impl Alphabet for Names {
    type Letter = NameId;

    fn includes(&mut self, wide: NameId, narrow: NameId, budget: &mut Budget) -> Option<bool> {
        if wide == narrow {
            return Some(true);
        }
        if let Some(&known) = self.includes.get(&(wide, narrow)) {
            return Some(known);
        }
        let (over, under) = (&self[wide].characters, &self[narrow].characters);
        let answer = embeds(over, under, &mut Characters, budget)?;
        self.includes.insert((wide, narrow), answer);
        Some(answer)
    }

    fn meets(&mut self, a: NameId, b: NameId, budget: &mut Budget) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        let key = (a.min(b), a.max(b));
        if let Some(&known) = self.meets.get(&key) {
            return Some(known);
        }
        let (one, other) = (&self[a].characters, &self[b].characters);
        let answer = meets(one, other, &mut Characters, budget)?;
        self.meets.insert(key, answer);
        Some(answer)
    }

    fn meet(
        &mut self,
        a: NameId,
        b: NameId,
        limit: usize,
        budget: &mut Budget,
    ) -> Option<Rc<[NameId]>> {
        if let Some(known) = self.meet.get(&(a, b)) {
            return Some(known.clone());
        }
        let (one, other) = (&self[a].characters, &self[b].characters);
        let common = members(one, other, &mut Characters, limit, budget)?;
        let common = without_covered(common, &mut Characters, budget);
        let mut ids = Vec::with_capacity(common.len());
        for characters in &common {
            budget.spend(characters.glob_size()?)?;
            ids.push(self.id(&characters.glob())?);
        }
        let answer: Rc<[NameId]> = ids.into();
        self.meet.insert((a, b), answer.clone());
        Some(answer)
    }
}
