//! Turns lines without owners into exclusions, for GitLab.
//!
//! On GitLab, a line without owners gets the default owners of its section, so it cannot mean
//! nobody. Only an exclusion, `!pattern`, can. It is final wherever it is, so it is correct only if
//! no later line gives an owner to a path that it matches:
//!
//! ```text
//! *        @all            *        @all
//! /docs/                   /docs/
//! /src/    @src            /docs/a  @a
//! ```
//!
//! On the left, `!/docs/` is correct. On the right, no file for GitLab can express the rules. A
//! line for nobody is not needed if no line before it owns a path that it matches, or if later
//! lines own all of them.

use super::index::PatternIndex;
use super::{Inexact, PlannedLine, PlannedLineId, Planner, Refusal};
use crate::ids::IdVec;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, disjoint_within};
use crate::pattern::budget::Budget;

/// The maximum number of steps to prove that later lines cover a line together. Without a proof the
/// line is refused.
const JOINT_PROOF_STEPS: usize = 100_000;

/// What happens to a line without owners.
enum Fate {
    Exclusion,
    /// It is not needed.
    LeftOut,
    /// This later line owns a path that it matches.
    OwnedBy(PlannedLineId),
}

impl Planner {
    /// Turns lines without owners into exclusions.
    pub(super) fn exclude(&mut self) {
        if self.lines.iter().all(|line| !line.owners.is_empty()) {
            return;
        }
        let mut owned = PatternIndex::default();
        for (id, line) in self.lines.with_ids() {
            if !line.owners.is_empty() {
                owned.add(&line.pattern, id);
            }
        }
        let mut is_kept = IdVec::filled(&self.lines, true);
        for id in self.lines.ids() {
            let PlannedLine {
                owners,
                rule,
                origin,
                ..
            } = &self.lines[id];
            let (rule, origin) = (*rule, *origin);
            if !owners.is_empty() {
                continue;
            }
            match fate(&self.lines, &owned, id, &mut self.budget) {
                Some(Fate::Exclusion) => self.lines[id].is_exclusion = true,
                Some(Fate::LeftOut) => is_kept[id] = false,
                Some(Fate::OwnedBy(other)) => {
                    let refused = self.owned_later(id, other);
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

    fn owned_later(&self, id: PlannedLineId, other: PlannedLineId) -> Inexact {
        let (line, later) = (&self.lines[id], &self.lines[other].pattern);
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

/// Decides what happens to the line at `id`. `owned` finds the lines that have owners.
fn fate(
    lines: &IdVec<PlannedLineId, PlannedLine>,
    owned: &PatternIndex<PlannedLineId>,
    id: PlannedLineId,
    budget: &mut Budget,
) -> Option<Fate> {
    let pattern = &lines[id].pattern;
    let possible_overlaps = owned.possible_overlaps(pattern);
    budget.spend(possible_overlaps.len())?;
    let split = possible_overlaps.partition_point(|&other| other < id);
    let (earlier, later) = possible_overlaps.split_at(split);
    // One overlap is enough, and most often the first line overlaps.
    if first_overlapping(lines, earlier, pattern, budget)?.is_none() {
        return Some(Fate::LeftOut);
    }
    let Some(first) = first_overlapping(lines, later, pattern, budget)? else {
        return Some(Fate::Exclusion);
    };
    let wide: Vec<&Pattern> = later.iter().map(|&other| &lines[other].pattern).collect();
    let covered = budget.lend(JOINT_PROOF_STEPS, |budget| {
        covered_by(pattern, &wide, budget)
    });
    Some(match covered {
        Some(true) => Fate::LeftOut,
        _ => Fate::OwnedBy(first),
    })
}

/// The first of these lines that has a path in common with `pattern`.
fn first_overlapping(
    lines: &IdVec<PlannedLineId, PlannedLine>,
    ids: &[PlannedLineId],
    pattern: &Pattern,
    budget: &mut Budget,
) -> Option<Option<PlannedLineId>> {
    for &id in ids {
        if !disjoint_within(&lines[id].pattern, pattern, budget)? {
            return Some(Some(id));
        }
    }
    Some(None)
}
