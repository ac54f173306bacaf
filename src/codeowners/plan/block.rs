//! The lines of one rule, under construction: what earlier lines and some patterns have in common.
//!
//! For the paths of an exception, a rule repeats every earlier line, narrowed to these paths. For the
//! paths that it adds owners to, it does the same, with more owners. This module finds these narrowed
//! lines, leaves out what changes nothing, and appends the others.
//!
//! # Files, but not directories
//!
//! GitHub cannot express "a file `x`, but not the contents of a directory `x`". An intersection may
//! need this (`/docs/*` ∩ `*.md`). Then the wider line is written, and further lines restore the
//! owners of what it matches too much, below the directory. Where a forge has no pattern for one level
//! (`/docs/*`), the same is done for what is deeper.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::index::PatternIndex;
use super::{MAX_LINES, PlannedLine, PlannedLineId, Planner, Refusal, STEPS_PER_PAIR};
use crate::owner::Owner;
use crate::pattern::algebra::{disjoint_within, intersect_within, plainly_covers};
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern, Step};
use crate::ruleset::{LineId, MAX_PATTERNS, MAX_TEXT, Rule, RuleId};

/// The lines planned so far for one rule with exceptions, or for one that adds.
pub(super) struct RuleBlock {
    pub(super) rule: RuleId,
    /// Finds these lines.
    index: PatternIndex<PlannedLineId>,
    /// How many of these lines are not lines of the rule.
    appended: usize,
    /// About how many characters they have.
    size: usize,
    /// The maximum number of them.
    pub(super) limit: Limit,
    /// The lines of earlier rules to which the rule has added owners in their place, with their
    /// owners before that.
    pub(super) changed: FxHashMap<PlannedLineId, Arc<[Owner]>>,
    adds: bool,
}

impl RuleBlock {
    pub(super) fn new(id: RuleId, rule: &Rule) -> Self {
        RuleBlock {
            rule: id,
            index: PatternIndex::default(),
            appended: 0,
            size: 0,
            limit: match rule.adds() {
                // How many lines there are depends on the earlier lines, of which there may be
                // thousands.
                true => Limit {
                    most: MAX_PATTERNS,
                    refusal: Refusal::TooLarge,
                },
                false => Limit {
                    most: MAX_LINES,
                    refusal: Refusal::TooManyLines,
                },
            },
            changed: FxHashMap::default(),
            adds: rule.adds(),
        }
    }
}

/// A maximum number of lines, and what it means to need more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    most: usize,
    refusal: Refusal,
}

impl Limit {
    pub(super) fn check(self, lines: usize) -> Result<(), Refusal> {
        match lines > self.most {
            true => Err(self.refusal),
            false => Ok(()),
        }
    }
}

/// A line that is written, if it turns out to be needed.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) pattern: Pattern,
    pub(super) owners: Arc<[Owner]>,
    pub(super) source: Source,
    /// The line of the rule that it is, if it is one.
    pub(super) origin: Option<LineId>,
}

/// Where a candidate comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// It is for paths that no earlier line matches.
    Unmatched,
    /// It is an earlier line that is narrowed.
    Narrowed(PlannedLineId),
    /// It is an earlier line as a whole.
    Whole(PlannedLineId),
}

/// Which owners the lines of earlier rules have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Those before the rule. Its own lines do not exist yet.
    Before,
    /// Those of now, with the lines of the rule so far.
    Now,
}

/// The number of characters of a list of owners.
pub(super) fn length(owners: &[Owner]) -> usize {
    owners.iter().map(|owner| owner.as_str().len() + 1).sum()
}

/// Turns a used-up budget into a refusal.
pub(super) fn within_budget<T>(answer: Option<T>) -> Result<T, Refusal> {
    answer.ok_or(Refusal::TooManySteps)
}

/// Patterns for the paths that two patterns have in common.
pub(super) fn common(
    a: &Pattern,
    b: &Pattern,
    budget: &mut Budget,
) -> Result<Vec<Pattern>, Refusal> {
    if within_budget(disjoint_within(a, b, budget))? {
        return Ok(Vec::new());
    }
    match intersect_within(a, b, MAX_LINES, budget) {
        Some(members) => Ok(members),
        None if budget.is_used_up() => Err(Refusal::TooManySteps),
        None => Err(Refusal::TooManyLines),
    }
}

impl Planner<'_> {
    /// The lines that give the paths of `parts` the owners that they have in a state. Lines that a
    /// single later one covers are left out.
    pub(super) fn candidates(
        &mut self,
        parts: &[Pattern],
        block: &RuleBlock,
        state: State,
    ) -> Result<Vec<Candidate>, Refusal> {
        // Go from the last line to the first. Once a line covers a part, earlier lines decide nothing
        // in it.
        let mut pairs: Vec<(PlannedLineId, usize)> = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let mut lines = self.earlier.possible_overlaps(part);
            if state == State::Now {
                lines.extend(block.index.possible_overlaps(part));
            }
            within_budget(self.budget.spend(STEPS_PER_PAIR * lines.len()))?;
            pairs.extend(lines.into_iter().map(|id| (id, number)));
        }
        pairs.sort_unstable();
        let mut is_open = vec![true; parts.len()];
        let mut later = LaterCandidates::new(block.limit);
        for (id, number) in pairs.into_iter().rev() {
            let (line, part) = (&self.lines[id], &parts[number]);
            if !is_open[number] {
                continue;
            }
            let common = common(&line.pattern, part, self.budget)?;
            let is_covered = !common.is_empty()
                && within_budget(plainly_covers(&line.pattern, part, self.budget))?;
            is_open[number] = !is_covered;
            let before = block.changed.get(&id).filter(|_| state == State::Before);
            let owners = before.unwrap_or(&line.owners);
            for pattern in common.into_iter().rev() {
                let candidate = Candidate {
                    pattern,
                    owners: owners.clone(),
                    source: Source::Narrowed(id),
                    origin: None,
                };
                later.add(candidate, self.budget)?;
            }
        }
        let open = parts.iter().zip(is_open).filter(|(_, is_open)| *is_open);
        for (part, _) in open.rev() {
            let candidate = Candidate {
                pattern: part.clone(),
                owners: Arc::new([]),
                source: Source::Unmatched,
                origin: None,
            };
            later.add(candidate, self.budget)?;
        }
        Ok(later.into_first_to_last())
    }

    /// Appends a candidate, unless it changes nothing.
    pub(super) fn write(
        &mut self,
        block: &mut RuleBlock,
        candidate: &Candidate,
    ) -> Result<(), Refusal> {
        for pattern in self.forge.forms(&candidate.pattern) {
            let line = PlannedLine {
                pattern,
                except: Vec::new(),
                owners: candidate.owners.clone(),
                is_exclusion: false,
                rule: block.rule,
                origin: candidate.origin,
            };
            if self.holds_already(block, &line, Some(candidate.source))? {
                continue;
            }
            if self.abilities.ends_too_early(&line.pattern) {
                self.write_wider(block, &line)?;
            } else {
                self.append(block, line)?;
            }
        }
        Ok(())
    }

    /// Appends a line whose pattern would match too much: the wider line, then lines that restore the
    /// owners of what it matches too much.
    pub(super) fn write_wider(
        &mut self,
        block: &mut RuleBlock,
        line: &PlannedLine,
    ) -> Result<(), Refusal> {
        let wide = line.pattern.with_all_below();
        let below = wide.with_tail(Gap {
            min: wide.tail().min + 1,
            open: true,
        });
        let candidates = self.candidates(std::slice::from_ref(&below), block, State::Now)?;
        let wide = PlannedLine {
            pattern: wide,
            ..line.clone()
        };
        self.append(block, wide)?;
        for candidate in candidates {
            let restored = PlannedLine {
                pattern: candidate.pattern,
                owners: candidate.owners,
                origin: None,
                ..line.clone()
            };
            if !self.holds_already(block, &restored, Some(candidate.source))? {
                self.append(block, restored)?;
            }
        }
        // In `x/x`, the second `x` is a file to match, and also lies in a directory `x` whose
        // owners were restored. Repeating the line would need the same again one level deeper, and
        // so on.
        for pattern in common(&line.pattern, &below, self.budget)? {
            let again = PlannedLine {
                pattern,
                ..line.clone()
            };
            if !self.holds_already(block, &again, None)? {
                return Err(Refusal::FilesAtAnyDepth);
            }
        }
        Ok(())
    }

    /// Whether all paths of `line` already have its owners. Going back from the last line of the
    /// block, the first line that covers `line` must have its owners, and so must every line before
    /// that which overlaps it. For a rule that adds, the line that `line` comes from, its `source`, may
    /// take the place of the one that covers it.
    fn holds_already(
        &mut self,
        block: &RuleBlock,
        line: &PlannedLine,
        source: Option<Source>,
    ) -> Result<bool, Refusal> {
        let possible_overlaps = block.index.possible_overlaps(&line.pattern);
        within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        for id in possible_overlaps.into_iter().rev() {
            let earlier = &self.lines[id];
            let pattern = &earlier.pattern;
            if within_budget(disjoint_within(pattern, &line.pattern, self.budget))? {
                continue;
            }
            if earlier.owners != line.owners {
                return Ok(false);
            }
            if within_budget(plainly_covers(pattern, &line.pattern, self.budget))? {
                return Ok(true);
            }
        }
        // The lines of a rule that replaces always cover the paths. If that is not seen, the line is
        // written.
        Ok(match source.filter(|_| block.adds) {
            None => false,
            Some(Source::Unmatched) => line.owners.is_empty(),
            Some(Source::Narrowed(id) | Source::Whole(id)) => self.lines[id].owners == line.owners,
        })
    }

    /// Whether a line of the block has a path in common with `pattern`.
    pub(super) fn meets(&mut self, block: &RuleBlock, pattern: &Pattern) -> Result<bool, Refusal> {
        let possible_overlaps = block.index.possible_overlaps(pattern);
        within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        // The first lines of a block are the widest ones.
        for id in possible_overlaps {
            let earlier = &self.lines[id].pattern;
            if !within_budget(disjoint_within(earlier, pattern, self.budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Appends a line that is not a line of the rule.
    fn append(&mut self, block: &mut RuleBlock, line: PlannedLine) -> Result<(), Refusal> {
        if self.abilities.ends_too_early(&line.pattern) {
            return Err(Refusal::FilesAtAnyDepth);
        }
        block.appended += 1;
        block.limit.check(block.appended)?;
        block.size += line.pattern.size() + length(&line.owners);
        if block.adds && self.size + block.size > MAX_TEXT {
            return Err(Refusal::TooLarge);
        }
        self.push_to(block, line);
        Ok(())
    }

    /// Appends a line.
    pub(super) fn push_to(&mut self, block: &mut RuleBlock, line: PlannedLine) {
        block.index.add(&line.pattern, self.lines.next_id());
        self.lines.push(line);
    }
}

/// The candidates, from the last to the first.
pub(super) struct LaterCandidates {
    candidates: Vec<Candidate>,
    /// For each candidate, the [`last_name`] of its pattern.
    last_names: Vec<Option<u64>>,
    index: PatternIndex<usize>,
    limit: Limit,
}

impl LaterCandidates {
    pub(super) fn new(limit: Limit) -> Self {
        LaterCandidates {
            candidates: Vec::new(),
            last_names: Vec::new(),
            index: PatternIndex::default(),
            limit,
        }
    }

    /// Adds a candidate before the others, unless one of them covers it.
    pub(super) fn add(&mut self, candidate: Candidate, budget: &mut Budget) -> Result<(), Refusal> {
        let possible_covers = self.index.possible_covers(&candidate.pattern);
        within_budget(budget.spend(STEPS_PER_PAIR * possible_covers.len()))?;
        // A hundred patterns such as `/a/**/b/` and `/a/**/c/` are ten thousand pairs.
        let names: Option<Vec<u64>> = (candidate.pattern.is_plain()).then(|| {
            candidate
                .pattern
                .steps()
                .iter()
                .filter_map(name_of)
                .collect()
        });
        for number in possible_covers {
            if let (Some(names), Some(last)) = (&names, self.last_names[number])
                && !names.contains(&last)
            {
                continue;
            }
            let later = &self.candidates[number].pattern;
            if within_budget(plainly_covers(later, &candidate.pattern, budget))? {
                return Ok(());
            }
        }
        self.add_anyway(candidate)
    }

    /// Adds a candidate before the others.
    pub(super) fn add_anyway(&mut self, candidate: Candidate) -> Result<(), Refusal> {
        self.limit.check(self.candidates.len() + 1)?;
        self.index.add(&candidate.pattern, self.candidates.len());
        self.last_names.push(last_name(&candidate.pattern));
        self.candidates.push(candidate);
        Ok(())
    }

    pub(super) fn into_first_to_last(mut self) -> Vec<Candidate> {
        self.candidates.reverse();
        self.candidates
    }
}

/// The hash of the last name of a pattern, if that is literal. The pattern does not cover patterns
/// without that name, if all their globs match some name.
fn last_name(pattern: &Pattern) -> Option<u64> {
    pattern.steps().last().and_then(name_of)
}

fn name_of(step: &Step) -> Option<u64> {
    Some(FxBuildHasher.hash_one(step.glob.as_literal()?))
}
