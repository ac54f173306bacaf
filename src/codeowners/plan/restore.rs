//! Plans the lines that restore the earlier owners of excepted paths.
//!
//! For a rule with pattern P and an exception X, the paths of P ∩ X must be owned as if the rule
//! did not exist: by the last earlier line that matches, or by nobody. So after the rule's own
//! lines, every earlier line is repeated in the same order, intersected with P ∩ X:
//!
//! ```text
//! *            @all
//! /core/       @core       "/core/" = { owners = "@core", except = ["*.lock", "/core/web/"] }
//! /core/**/*.lock @all     * ∩ /core/ ∩ *.lock
//! /core/web/   @all        * ∩ /core/ ∩ /core/web/
//! ```
//!
//! # Files, but not directories
//!
//! GitHub cannot express "a file `x`, but not the contents of a directory `x`". An intersection may
//! need this (`/docs/*` ∩ `*.md`). Then the wider line is written, and further lines restore the
//! owners of what it matches too much, below the directory.

use std::sync::Arc;

use super::index::PatternIndex;
use super::{MAX_LINES, PlannedLine, PlannedLineId, Planner, Refusal};
use crate::owner::Owner;
use crate::pattern::algebra::{disjoint_within, intersect_within, plainly_covers};
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern};
use crate::ruleset::{RuleId, RuleSet};

/// The number of steps that a look at one pair of patterns counts as.
const STEPS_PER_PAIR: usize = 8;

/// The lines planned so far for one rule with exceptions.
struct RuleBlock {
    rule: RuleId,
    /// Finds these lines.
    index: PatternIndex<PlannedLineId>,
    /// How many of these lines restore owners.
    restored: usize,
}

/// A line that restores owners, if it turns out to be needed.
#[derive(Clone, Debug)]
struct Candidate {
    pattern: Pattern,
    owners: Arc<[Owner]>,
}

/// A set of patterns, none of which covers another.
#[derive(Default)]
struct MaximalPatterns {
    patterns: Vec<Option<Pattern>>,
    /// The number of patterns.
    count: usize,
    index: PatternIndex<usize>,
}

/// Turns a used-up budget into a refusal.
fn within_budget<T>(answer: Option<T>) -> Result<T, Refusal> {
    answer.ok_or(Refusal::TooManySteps)
}

/// Patterns for the paths that two patterns have in common.
fn common(a: &Pattern, b: &Pattern, budget: &mut Budget) -> Result<Vec<Pattern>, Refusal> {
    if within_budget(disjoint_within(a, b, budget))? {
        return Ok(Vec::new());
    }
    match intersect_within(a, b, MAX_LINES, budget) {
        Some(members) => Ok(members),
        None if budget.is_used_up() => Err(Refusal::TooManySteps),
        None => Err(Refusal::TooManyLines),
    }
}

impl MaximalPatterns {
    /// Adds a pattern unless an existing one covers it. Drops existing ones that it covers.
    fn add(&mut self, pattern: Pattern, budget: &mut Budget) -> Result<(), Refusal> {
        let possible_overlaps = self.index.possible_overlaps(&pattern);
        within_budget(budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        let mut covered = Vec::new();
        for number in possible_overlaps {
            let Some(known) = &self.patterns[number] else {
                continue;
            };
            if within_budget(plainly_covers(known, &pattern, budget))? {
                return Ok(());
            }
            if within_budget(plainly_covers(&pattern, known, budget))? {
                covered.push(number);
            }
        }
        self.count += 1;
        self.count -= covered.len();
        for number in covered {
            self.patterns[number] = None;
        }
        self.index.add(&pattern, self.patterns.len());
        self.patterns.push(Some(pattern));
        Ok(())
    }

    fn into_vec(self) -> Vec<Pattern> {
        self.patterns.into_iter().flatten().collect()
    }
}

impl Planner {
    /// Appends the lines of a rule that has exceptions.
    pub(super) fn rule_with_exceptions(
        &mut self,
        rules: &RuleSet,
        id: RuleId,
    ) -> Result<(), Refusal> {
        let rule = &rules[id];
        let exceptions = rules.exceptions()[rule.exceptions].iter();
        let exceptions: Vec<&Pattern> = exceptions.map(|each| &each.pattern).collect();
        let before = self.lines.next_id();
        let mut block = RuleBlock {
            rule: id,
            index: PatternIndex::default(),
            restored: 0,
        };
        let matched = self.own_lines(rules, &mut block, &exceptions)?;
        let excepted = self.excepted(&matched, &exceptions)?;
        for candidate in self.candidates(&excepted, before)? {
            self.write(&mut block, &candidate)?;
        }
        Ok(())
    }

    /// Appends the rule's own lines. Returns the patterns of the rule that exceptions may overlap.
    fn own_lines(
        &mut self,
        rules: &RuleSet,
        block: &mut RuleBlock,
        exceptions: &[&Pattern],
    ) -> Result<Vec<Pattern>, Refusal> {
        let rule = &rules[block.rule];
        let mut index = PatternIndex::default();
        for (number, exception) in exceptions.iter().enumerate() {
            index.add(exception, number);
        }
        let mut matched: Vec<Pattern> = Vec::new();
        for origin in rule.lines {
            let pattern = &rules[origin].pattern;
            let mut forms = self.forge.forms(pattern);
            let all = forms.len();
            if all > 1 {
                // A pattern may take two lines, for a path and for what is below it. One of the two
                // may be excepted completely.
                let mut kept = Vec::new();
                for form in forms {
                    if !self.is_covered(&form, exceptions, &index)? {
                        kept.push(form);
                    }
                }
                forms = kept;
            }
            if forms.len() == all {
                matched.push(pattern.clone());
            } else {
                matched.extend_from_slice(&forms);
            }
            for pattern in forms {
                let line = PlannedLine {
                    pattern,
                    owners: rule.owners.clone(),
                    is_exclusion: false,
                    rule: block.rule,
                    origin: Some(origin),
                };
                self.push_to(block, line);
            }
        }
        Ok(matched)
    }

    /// Whether one of `exceptions` covers `pattern`. `index` finds them.
    fn is_covered(
        &mut self,
        pattern: &Pattern,
        exceptions: &[&Pattern],
        index: &PatternIndex<usize>,
    ) -> Result<bool, Refusal> {
        let possible_overlaps = index.possible_overlaps(pattern);
        within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        for number in possible_overlaps {
            let exception = exceptions[number];
            if within_budget(plainly_covers(exception, pattern, &mut self.budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Patterns for the paths that the rule and its exceptions have in common, in forms that the
    /// forge can express.
    fn excepted(
        &mut self,
        matched: &[Pattern],
        exceptions: &[&Pattern],
    ) -> Result<Vec<Pattern>, Refusal> {
        let mut index = PatternIndex::default();
        for (number, pattern) in matched.iter().enumerate() {
            index.add(pattern, number);
        }
        let mut excepted = MaximalPatterns::default();
        for exception in exceptions {
            let possible_overlaps = index.possible_overlaps(exception);
            within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
            for number in possible_overlaps {
                for both in common(&matched[number], exception, &mut self.budget)? {
                    for form in self.forge.forms(&both) {
                        excepted.add(form, &mut self.budget)?;
                    }
                }
                // Each pattern needs at least one line.
                if excepted.count > MAX_LINES {
                    return Err(Refusal::TooManyLines);
                }
            }
        }
        Ok(excepted.into_vec())
    }

    /// The lines that give the paths of `excepted` the owners that they had before the line `before`.
    /// Lines that a single later one covers are left out.
    fn candidates(
        &mut self,
        excepted: &[Pattern],
        before: PlannedLineId,
    ) -> Result<Vec<Candidate>, Refusal> {
        // Go from the last line to the first. Once a line covers an excepted pattern, earlier lines
        // decide nothing in it.
        let mut pairs: Vec<(PlannedLineId, usize)> = Vec::new();
        for (number, part) in excepted.iter().enumerate() {
            let possible_overlaps = self.index.possible_overlaps(part);
            within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
            let earlier = possible_overlaps.into_iter().take_while(|&id| id < before);
            pairs.extend(earlier.map(|id| (id, number)));
        }
        pairs.sort_unstable();
        let mut is_open = vec![true; excepted.len()];
        let mut later = LaterCandidates::default();
        for (id, number) in pairs.into_iter().rev() {
            let (line, part) = (&self.lines[id], &excepted[number]);
            if !is_open[number] {
                continue;
            }
            let common = common(&line.pattern, part, &mut self.budget)?;
            let is_covered = !common.is_empty()
                && within_budget(plainly_covers(&line.pattern, part, &mut self.budget))?;
            is_open[number] = !is_covered;
            for pattern in common.into_iter().rev() {
                later.add(pattern, line.owners.clone(), &mut self.budget)?;
            }
        }
        let open = excepted.iter().zip(is_open).filter(|(_, is_open)| *is_open);
        for (part, _) in open.rev() {
            later.add(part.clone(), Arc::new([]), &mut self.budget)?;
        }
        later.candidates.reverse();
        Ok(later.candidates)
    }

    /// Appends a line that restores owners, unless it changes nothing.
    fn write(&mut self, block: &mut RuleBlock, candidate: &Candidate) -> Result<(), Refusal> {
        for pattern in self.forge.forms(&candidate.pattern) {
            let line = PlannedLine {
                pattern,
                owners: candidate.owners.clone(),
                is_exclusion: false,
                rule: block.rule,
                origin: None,
            };
            if self.holds_already(block, &line)? {
                continue;
            }
            if self.is_file(&line.pattern) {
                self.write_file(block, &line)?;
            } else {
                self.append(block, line)?;
            }
        }
        Ok(())
    }

    /// Whether a pattern matches files only, which GitHub cannot express.
    fn is_file(&self, pattern: &Pattern) -> bool {
        self.abilities.includes_below && pattern.tail() == Gap::NONE
    }

    /// Appends a line for files only, on GitHub: the wider line, then lines that restore the owners
    /// of what it matches too much.
    fn write_file(&mut self, block: &mut RuleBlock, line: &PlannedLine) -> Result<(), Refusal> {
        let before = self.lines.next_id();
        let below = line.pattern.with_tail(Gap::SOME);
        let wide = PlannedLine {
            pattern: line.pattern.with_tail(Gap::ANY),
            ..line.clone()
        };
        self.append(block, wide)?;
        for candidate in self.candidates(std::slice::from_ref(&below), before)? {
            let restored = PlannedLine {
                pattern: candidate.pattern,
                owners: candidate.owners,
                ..line.clone()
            };
            if !self.holds_already(block, &restored)? {
                self.append(block, restored)?;
            }
        }
        // In `x/x`, the second `x` is a file to match, and also lies in a directory `x` whose
        // owners were restored. Repeating the line would need the same again one level deeper, and
        // so on.
        for pattern in common(&line.pattern, &below, &mut self.budget)? {
            let again = PlannedLine {
                pattern,
                ..line.clone()
            };
            if !self.holds_already(block, &again)? {
                return Err(Refusal::FilesAtAnyDepth);
            }
        }
        Ok(())
    }

    /// Whether all paths of `line` already have its owners by the lines of the block. Going back
    /// from the last line, the first line that covers `line` must have its owners, and so must
    /// every line before that which overlaps it.
    fn holds_already(&mut self, block: &RuleBlock, line: &PlannedLine) -> Result<bool, Refusal> {
        let possible_overlaps = block.index.possible_overlaps(&line.pattern);
        within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        for id in possible_overlaps.into_iter().rev() {
            let earlier = &self.lines[id];
            let pattern = &earlier.pattern;
            if within_budget(disjoint_within(pattern, &line.pattern, &mut self.budget))? {
                continue;
            }
            if earlier.owners != line.owners {
                return Ok(false);
            }
            if within_budget(plainly_covers(pattern, &line.pattern, &mut self.budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Appends a line that restores owners.
    fn append(&mut self, block: &mut RuleBlock, line: PlannedLine) -> Result<(), Refusal> {
        if self.is_file(&line.pattern) {
            return Err(Refusal::FilesAtAnyDepth);
        }
        block.restored += 1;
        if block.restored > MAX_LINES {
            return Err(Refusal::TooManyLines);
        }
        self.push_to(block, line);
        Ok(())
    }

    fn push_to(&mut self, block: &mut RuleBlock, line: PlannedLine) {
        block.index.add(&line.pattern, self.lines.next_id());
        self.push(line);
    }
}

/// The candidates, from the last to the first.
#[derive(Default)]
struct LaterCandidates {
    candidates: Vec<Candidate>,
    index: PatternIndex<usize>,
}

impl LaterCandidates {
    /// Adds a candidate before the others, unless one of them covers it.
    fn add(
        &mut self,
        pattern: Pattern,
        owners: Arc<[Owner]>,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let possible_overlaps = self.index.possible_overlaps(&pattern);
        within_budget(budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
        for number in possible_overlaps {
            let later = &self.candidates[number].pattern;
            if within_budget(plainly_covers(later, &pattern, budget))? {
                return Ok(());
            }
        }
        if self.candidates.len() == MAX_LINES {
            return Err(Refusal::TooManyLines);
        }
        self.index.add(&pattern, self.candidates.len());
        self.candidates.push(Candidate { pattern, owners });
        Ok(())
    }
}
