//! Lines without owners on GitLab, where these would have the default owners of their section.
//!
//! There a line for nobody is an exclusion, `!pattern`, which is final wherever it stands. That is
//! right only if no later line gives an owner to what it matches:
//!
//! ```text
//! *        @all            *        @all
//! /docs/                   /docs/
//! /src/    @src            /docs/a  @a
//! ```
//!
//! On the left `!/docs/` says it; on the right nothing does. Where lines in front of it own nothing of
//! what it matches, or later lines own all of it, no line is needed.

use super::index::Index;
use super::{Inexact, Line, PlaceId, Planner, Refusal};
use crate::ids::IdVec;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, disjoint_within};
use crate::pattern::budget::Budget;

/// How many steps it may take to prove that several later lines take all of a line. Without a proof
/// the line is refused.
const SEVERAL: usize = 100_000;

/// What becomes of a line without owners.
enum Fate {
    Exclusion,
    /// Without it, the same holds.
    LeftOut,
    /// The line at this place owns some of what it matches.
    OwnedBy(PlaceId),
}

impl Planner {
    /// Turns lines without owners into exclusions.
    pub(super) fn exclude(&mut self) {
        if self.lines.iter().all(|line| !line.owners.is_empty()) {
            return;
        }
        let mut owned = Index::default();
        for (place, line) in self.lines.with_ids() {
            if !line.owners.is_empty() {
                owned.add(&line.pattern, place);
            }
        }
        let mut is_kept = IdVec::filled(&self.lines, true);
        for place in self.lines.ids() {
            let Line {
                owners,
                rule,
                origin,
                ..
            } = &self.lines[place];
            let (rule, origin) = (*rule, *origin);
            if !owners.is_empty() {
                continue;
            }
            match fate(&self.lines, &owned, place, &mut self.budget) {
                Some(Fate::Exclusion) => self.lines[place].is_exclusion = true,
                Some(Fate::LeftOut) => is_kept[place] = false,
                Some(Fate::OwnedBy(other)) => {
                    let refused = self.owned_by(place, other);
                    self.inexact.push(refused);
                }
                None => {
                    self.refuse(rule, origin, Refusal::TooManySteps);
                    break;
                }
            }
        }
        self.lines.keep(&is_kept);
    }

    fn owned_by(&self, place: PlaceId, other: PlaceId) -> Inexact {
        let (line, later) = (&self.lines[place], &self.lines[other].pattern);
        let pattern = &line.pattern;
        Inexact {
            forge: self.forge,
            rule: line.rule,
            line: line.origin,
            reason: format!(
                "on {} a rule for nobody excludes its paths permanently, but the later `{later}` owns some of `{pattern}`",
                self.forge.title
            ),
            help: "narrow the rule for nobody to paths that no later rule owns, such as `/docs/{a,b}/` for `/docs/`".into(),
        }
    }
}

/// What becomes of the line at `place`, where `owned` finds the lines that have owners.
fn fate(
    lines: &IdVec<PlaceId, Line>,
    owned: &Index<PlaceId>,
    place: PlaceId,
    budget: &mut Budget,
) -> Option<Fate> {
    let pattern = &lines[place].pattern;
    let near = owned.near(pattern);
    budget.spend(near.len())?;
    let split = near.partition_point(|&other| other < place);
    let (earlier, later) = near.split_at(split);
    // One is enough, and most often it is the first.
    if first_to_meet(lines, earlier, pattern, budget)?.is_none() {
        return Some(Fate::LeftOut);
    }
    let Some(first) = first_to_meet(lines, later, pattern, budget)? else {
        return Some(Fate::Exclusion);
    };
    let wide: Vec<&Pattern> = (later.iter()).map(|&other| &lines[other].pattern).collect();
    let covered = budget.lend(SEVERAL, |budget| covered_by(pattern, &wide, budget));
    Some(match covered {
        Some(true) => Fate::LeftOut,
        _ => Fate::OwnedBy(first),
    })
}

/// The first of these lines that has a path in common with `pattern`, if one has.
fn first_to_meet(
    lines: &IdVec<PlaceId, Line>,
    places: &[PlaceId],
    pattern: &Pattern,
    budget: &mut Budget,
) -> Option<Option<PlaceId>> {
    for &place in places {
        if !disjoint_within(&lines[place].pattern, pattern, budget)? {
            return Some(Some(place));
        }
    }
    Some(None)
}
