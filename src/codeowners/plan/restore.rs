//! The lines that restore, for the paths that a rule excepts, what stood before it.
//!
//! For a rule with pattern P and an exception X, the paths of P ∩ X must be owned as if the rule
//! were not there: by the last line before it that matches, or by nobody. So behind the rule's own
//! lines every line that stands before it is repeated, intersected with P ∩ X, in the same order:
//!
//! ```text
//! *            @all
//! /core/       @core       "/core/" = { owners = "@core", except = ["*.lock", "/core/web/"] }
//! /core/**/*.lock @all     * ∩ /core/ ∩ *.lock
//! /core/web/   @all        * ∩ /core/ ∩ /core/web/
//! ```
//!
//! # Files that are no directories
//!
//! GitHub cannot say "a file `x`, but not what is in a directory `x`", which such an intersection
//! may ask for (`/docs/*` ∩ `*.md`). There the wider line is written, and what it takes too much,
//! below the directory, is restored in the same way.

use std::sync::Arc;

use super::index::Index;
use super::{Line, MAX_LINES, PlaceId, Planner, Refusal};
use crate::owner::Owner;
use crate::pattern::algebra::{disjoint_within, intersect_within, plainly_covers};
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern};
use crate::ruleset::{RuleId, RuleSet};

/// How many steps it counts for that two patterns are looked at together.
const PAIR: usize = 8;

/// The lines of one rule with exceptions, as far as they are written.
struct Block {
    rule: RuleId,
    /// Finds its lines.
    index: Index<PlaceId>,
    /// How many of them restore something.
    restored: usize,
}

/// A line that restores something, before it is known whether it must be written.
#[derive(Clone, Debug)]
struct Candidate {
    pattern: Pattern,
    owners: Arc<[Owner]>,
}

/// Patterns none of which covers another one.
#[derive(Default)]
struct Pieces {
    patterns: Vec<Option<Pattern>>,
    /// How many there are.
    count: usize,
    index: Index<usize>,
}

/// What is refused when the budget gives no answer.
fn paid<T>(answer: Option<T>) -> Result<T, Refusal> {
    answer.ok_or(Refusal::TooManySteps)
}

/// The common paths of two patterns.
fn common(a: &Pattern, b: &Pattern, budget: &mut Budget) -> Result<Vec<Pattern>, Refusal> {
    if paid(disjoint_within(a, b, budget))? {
        return Ok(Vec::new());
    }
    match intersect_within(a, b, MAX_LINES, budget) {
        Some(members) => Ok(members),
        None if budget.is_used_up() => Err(Refusal::TooManySteps),
        None => Err(Refusal::TooManyLines),
    }
}

impl Pieces {
    /// Adds a pattern, unless one that is there covers it, and drops those that it covers.
    fn add(&mut self, pattern: Pattern, budget: &mut Budget) -> Result<(), Refusal> {
        let near = self.index.near(&pattern);
        paid(budget.spend(PAIR * near.len()))?;
        let mut covered = Vec::new();
        for number in near {
            let Some(known) = &self.patterns[number] else {
                continue;
            };
            if paid(plainly_covers(known, &pattern, budget))? {
                return Ok(());
            }
            if paid(plainly_covers(&pattern, known, budget))? {
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
        let mut block = Block {
            rule: id,
            index: Index::default(),
            restored: 0,
        };
        let matched = self.own_lines(rules, &mut block, &exceptions)?;
        let pieces = self.excepted(&matched, &exceptions)?;
        for candidate in self.candidates(&pieces, before)? {
            self.write(&mut block, &candidate)?;
        }
        Ok(())
    }

    /// Appends the rule's own lines. Returns what of the rule's patterns exceptions may be about.
    fn own_lines(
        &mut self,
        rules: &RuleSet,
        block: &mut Block,
        exceptions: &[&Pattern],
    ) -> Result<Vec<Pattern>, Refusal> {
        let rule = &rules[block.rule];
        let mut index = Index::default();
        for (number, exception) in exceptions.iter().enumerate() {
            index.add(exception, number);
        }
        let mut matched: Vec<Pattern> = Vec::new();
        for origin in rule.lines {
            let pattern = &rules[origin].pattern;
            let mut forms = self.forge.forms(pattern);
            let all = forms.len();
            if all > 1 {
                // Of what is there and what is below, one may be excepted whole.
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
                let line = Line {
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

    /// Whether one of `exceptions`, which `index` finds, covers `pattern`.
    fn is_covered(
        &mut self,
        pattern: &Pattern,
        exceptions: &[&Pattern],
        index: &Index<usize>,
    ) -> Result<bool, Refusal> {
        let near = index.near(pattern);
        paid(self.budget.spend(PAIR * near.len()))?;
        for number in near {
            let exception = exceptions[number];
            if paid(plainly_covers(exception, pattern, &mut self.budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The paths that the patterns of a rule and its exceptions have in common, in the forms that the
    /// forge has.
    fn excepted(
        &mut self,
        matched: &[Pattern],
        exceptions: &[&Pattern],
    ) -> Result<Vec<Pattern>, Refusal> {
        let mut index = Index::default();
        for (number, pattern) in matched.iter().enumerate() {
            index.add(pattern, number);
        }
        let mut pieces = Pieces::default();
        for exception in exceptions {
            let near = index.near(exception);
            paid(self.budget.spend(PAIR * near.len()))?;
            for number in near {
                for both in common(&matched[number], exception, &mut self.budget)? {
                    for form in self.forge.forms(&both) {
                        pieces.add(form, &mut self.budget)?;
                    }
                }
                // Each piece takes a line at least.
                if pieces.count > MAX_LINES {
                    return Err(Refusal::TooManyLines);
                }
            }
        }
        Ok(pieces.into_vec())
    }

    /// The lines after which the paths of `pieces` are owned as they were before the line `before`,
    /// without those that a single later one covers.
    fn candidates(
        &mut self,
        pieces: &[Pattern],
        before: PlaceId,
    ) -> Result<Vec<Candidate>, Refusal> {
        // From the last line back: once one covers a piece, what stands before it has no say there.
        let mut pairs: Vec<(PlaceId, usize)> = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            let near = self.index.near(piece);
            paid(self.budget.spend(PAIR * near.len()))?;
            let earlier = near.into_iter().take_while(|&place| place < before);
            pairs.extend(earlier.map(|place| (place, number)));
        }
        pairs.sort_unstable();
        let mut is_open = vec![true; pieces.len()];
        let mut later = Later::default();
        for (place, number) in pairs.into_iter().rev() {
            let (line, piece) = (&self.lines[place], &pieces[number]);
            if !is_open[number] {
                continue;
            }
            let common = common(&line.pattern, piece, &mut self.budget)?;
            let is_covered =
                !common.is_empty() && paid(plainly_covers(&line.pattern, piece, &mut self.budget))?;
            is_open[number] = !is_covered;
            for pattern in common.into_iter().rev() {
                later.add(pattern, line.owners.clone(), &mut self.budget)?;
            }
        }
        let open = pieces.iter().zip(is_open).filter(|(_, is_open)| *is_open);
        for (piece, _) in open.rev() {
            later.add(piece.clone(), Arc::new([]), &mut self.budget)?;
        }
        later.candidates.reverse();
        Ok(later.candidates)
    }

    /// Writes a line that restores something, unless it changes nothing.
    fn write(&mut self, block: &mut Block, candidate: &Candidate) -> Result<(), Refusal> {
        for pattern in self.forge.forms(&candidate.pattern) {
            let line = Line {
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

    /// Whether a pattern is one of files alone, which GitHub has no way to say.
    fn is_file(&self, pattern: &Pattern) -> bool {
        self.abilities.includes_below && pattern.tail() == Gap::NONE
    }

    /// Writes, on GitHub, a line for files but not for what is in directories of the same name: the
    /// wider line, and behind it what stood before, for what it takes too much.
    fn write_file(&mut self, block: &mut Block, line: &Line) -> Result<(), Refusal> {
        let before = self.lines.next_id();
        let below = line.pattern.with_tail(Gap::SOME);
        let wide = Line {
            pattern: line.pattern.with_tail(Gap::ANY),
            ..line.clone()
        };
        self.append(block, wide)?;
        for candidate in self.candidates(std::slice::from_ref(&below), before)? {
            let restored = Line {
                pattern: candidate.pattern,
                owners: candidate.owners,
                ..line.clone()
            };
            if !self.holds_already(block, &restored)? {
                self.append(block, restored)?;
            }
        }
        // Of `x/x`, the second is such a file, and in such a directory. To say it again for these
        // would need the same again one level further down, and so on.
        for pattern in common(&line.pattern, &below, &mut self.budget)? {
            let again = Line {
                pattern,
                ..line.clone()
            };
            if !self.holds_already(block, &again)? {
                return Err(Refusal::FilesAtAnyDepth);
            }
        }
        Ok(())
    }

    /// Whether all that `line` matches has its owners by the lines of the block already: going back,
    /// the first line that covers it has them, and so has every line on the way that it meets.
    fn holds_already(&mut self, block: &Block, line: &Line) -> Result<bool, Refusal> {
        let near = block.index.near(&line.pattern);
        paid(self.budget.spend(PAIR * near.len()))?;
        for place in near.into_iter().rev() {
            let earlier = &self.lines[place];
            let pattern = &earlier.pattern;
            if paid(disjoint_within(pattern, &line.pattern, &mut self.budget))? {
                continue;
            }
            if earlier.owners != line.owners {
                return Ok(false);
            }
            if paid(plainly_covers(pattern, &line.pattern, &mut self.budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Appends a line that restores something.
    fn append(&mut self, block: &mut Block, line: Line) -> Result<(), Refusal> {
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

    fn push_to(&mut self, block: &mut Block, line: Line) {
        block.index.add(&line.pattern, self.lines.next_id());
        self.push(line);
    }
}

/// The candidates from the last one back.
#[derive(Default)]
struct Later {
    candidates: Vec<Candidate>,
    index: Index<usize>,
}

impl Later {
    /// Adds a candidate that stands before the others, unless one of them covers it.
    fn add(
        &mut self,
        pattern: Pattern,
        owners: Arc<[Owner]>,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        let near = self.index.near(&pattern);
        paid(budget.spend(PAIR * near.len()))?;
        for number in near {
            let later = &self.candidates[number].pattern;
            if paid(plainly_covers(later, &pattern, budget))? {
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
