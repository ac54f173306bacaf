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
//! On the left, `!/docs/` is correct. On the right, no file for GitLab can express the rules. It is
//! correct, too, if further lines for nobody take back what such a later line owns:
//!
//! ```text
//! *        @all
//! /docs/
//! *.md     @md              "*.md" = { owners = "@md", except = "/docs/" }
//! /docs/**/*.md
//! ```
//!
//! A line for nobody is not needed if no line before it owns a path that it matches, or if later
//! lines own all of them. One that restores is not needed, either, if an exclusion covers it.

use super::index::PatternIndex;
use super::{MAX_LINES, PlannedLine, PlannedLineId, Planner, Refusal, STEPS_PER_PAIR};
use crate::ids::IdVec;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, disjoint_within, intersect_within, plainly_covers};
use crate::pattern::budget::Budget;
use crate::ruleset::RuleSet;

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

impl Planner<'_> {
    /// Turns lines without owners into exclusions.
    pub(super) fn exclude(&mut self, rules: &RuleSet) {
        if self.lines.iter().all(|line| !line.owners.is_empty()) {
            return;
        }
        let (mut owned, mut nobodys) = (PatternIndex::default(), PatternIndex::default());
        for (id, line) in self.lines.with_ids() {
            match line.owners.is_empty() {
                true => nobodys.add(&line.pattern, id),
                false => owned.add(&line.pattern, id),
            }
        }
        let index = ByState { owned, nobodys };
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
            match fate(&self.lines, &index, id, self.budget) {
                Some(Fate::Exclusion) => self.lines[id].is_exclusion = true,
                Some(Fate::LeftOut) => is_kept[id] = false,
                Some(Fate::OwnedBy(other)) => {
                    let refused = self.owned_later(rules, id, other);
                    if !self.inexact.contains(&refused) {
                        self.inexact.push(refused);
                    }
                }
                None => {
                    self.refuse(rules, rule, origin, (Refusal::TooManySteps, None));
                    break;
                }
            }
        }
        self.lines.keep(&is_kept);
    }
}

/// Finds the lines that have owners, and those for nobody.
struct ByState {
    owned: PatternIndex<PlannedLineId>,
    nobodys: PatternIndex<PlannedLineId>,
}

/// Decides what happens to the line at `id`.
fn fate(
    lines: &IdVec<PlannedLineId, PlannedLine>,
    index: &ByState,
    id: PlannedLineId,
    budget: &mut Budget,
) -> Option<Fate> {
    let pattern = &lines[id].pattern;
    if lines[id].origin.is_none() && is_excluded(lines, index, id, budget)? {
        return Some(Fate::LeftOut);
    }
    let possible_overlaps = index.owned.possible_overlaps(pattern);
    budget.spend(possible_overlaps.len())?;
    let split = possible_overlaps.partition_point(|&other| other < id);
    let (earlier, later) = possible_overlaps.split_at(split);
    // One overlap is enough, and most often the first line overlaps.
    if first_overlapping(lines, earlier, pattern, budget)?.is_none() {
        return Some(Fate::LeftOut);
    }
    let Some(first) = first_owning(lines, index, later, pattern, budget)? else {
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

/// Whether an earlier exclusion covers the line at `id`.
fn is_excluded(
    lines: &IdVec<PlannedLineId, PlannedLine>,
    index: &ByState,
    id: PlannedLineId,
    budget: &mut Budget,
) -> Option<bool> {
    let pattern = &lines[id].pattern;
    let possible_covers = index.nobodys.possible_covers(pattern);
    budget.spend(STEPS_PER_PAIR * possible_covers.len())?;
    let earlier = possible_covers.iter().take_while(|&&other| other < id);
    for &other in earlier.filter(|&&other| lines[other].is_exclusion) {
        if plainly_covers(&lines[other].pattern, pattern, budget)? {
            return Some(true);
        }
    }
    Some(false)
}

/// The first of these lines that owns a path that `pattern` matches, and that no single line for
/// nobody behind it takes back.
fn first_owning(
    lines: &IdVec<PlannedLineId, PlannedLine>,
    index: &ByState,
    ids: &[PlannedLineId],
    pattern: &Pattern,
    budget: &mut Budget,
) -> Option<Option<PlannedLineId>> {
    for &id in ids {
        let owning = &lines[id].pattern;
        if disjoint_within(owning, pattern, budget)? {
            continue;
        }
        let Some(common) = intersect_within(owning, pattern, MAX_LINES, budget) else {
            return (!budget.is_used_up()).then_some(Some(id));
        };
        for part in common {
            let possible_covers = index.nobodys.possible_covers(&part);
            budget.spend(STEPS_PER_PAIR * possible_covers.len())?;
            let mut is_taken_back = false;
            for &other in possible_covers.iter().filter(|&&other| other > id) {
                is_taken_back |= plainly_covers(&lines[other].pattern, &part, budget)?;
            }
            if !is_taken_back {
                return Some(Some(id));
            }
        }
    }
    Some(None)
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
