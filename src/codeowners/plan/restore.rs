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

use super::block::{Limit, RuleBlock, State, common, within_budget};
use super::index::PatternIndex;
use super::{PlannedLine, Planner, Refusal, STEPS_PER_PAIR};
use crate::pattern::Pattern;
use crate::pattern::algebra::plainly_covers;
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, RuleId, RuleSet};

/// A set of patterns, none of which covers another.
#[derive(Default)]
struct MaximalPatterns {
    patterns: Vec<Option<Pattern>>,
    /// The number of patterns.
    count: usize,
    index: PatternIndex<usize>,
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

/// The exceptions of a rule.
pub(super) struct Exceptions<'r> {
    patterns: Vec<&'r Pattern>,
    index: PatternIndex<usize>,
}

impl<'r> Exceptions<'r> {
    pub(super) fn new(rules: &'r RuleSet, id: RuleId) -> Self {
        let exceptions = rules.exceptions()[rules[id].exceptions].iter();
        let patterns: Vec<&Pattern> = exceptions.map(|each| &each.pattern).collect();
        let mut index = PatternIndex::default();
        for (number, exception) in patterns.iter().enumerate() {
            index.add(exception, number);
        }
        Exceptions { patterns, index }
    }

    /// No exceptions.
    pub(super) fn none() -> Self {
        Exceptions {
            patterns: Vec::new(),
            index: PatternIndex::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether one of them covers `pattern`.
    pub(super) fn cover(&self, pattern: &Pattern, budget: &mut Budget) -> Result<bool, Refusal> {
        let possible_covers = self.index.possible_covers(pattern);
        within_budget(budget.spend(STEPS_PER_PAIR * possible_covers.len()))?;
        for number in possible_covers {
            if within_budget(plainly_covers(self.patterns[number], pattern, budget))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The patterns of a rule.
pub(super) struct OwnPatterns {
    /// In the forms that the forge can express, each with its line. Some of those that exceptions
    /// cover are left out.
    pub(super) forms: Vec<(Pattern, LineId)>,
    /// Those that exceptions may overlap.
    pub(super) matched: Vec<Pattern>,
}

impl Planner<'_> {
    /// Appends the lines of a rule that has exceptions, or patterns that would match too much.
    pub(super) fn rule_that_restores(
        &mut self,
        rules: &RuleSet,
        id: RuleId,
    ) -> Result<(), Refusal> {
        let rule = &rules[id];
        let exceptions = Exceptions::new(rules, id);
        let mut block = RuleBlock::new(id, rule);
        let own = self.own_patterns(rules, id, &exceptions)?;
        for (pattern, origin) in own.forms {
            let line = PlannedLine {
                pattern,
                except: Vec::new(),
                owners: rule.owners.clone(),
                is_exclusion: false,
                rule: id,
                origin: Some(origin),
            };
            match self.abilities.ends_too_early(&line.pattern) {
                true => self.write_wider(&mut block, &line)?,
                false => self.push_to(&mut block, line),
            }
        }
        self.restore(&mut block, &own.matched, &exceptions)
    }

    /// Appends lines that give the paths that `matched` and the exceptions have in common the owners
    /// that they had before the rule.
    pub(super) fn restore(
        &mut self,
        block: &mut RuleBlock,
        matched: &[Pattern],
        exceptions: &Exceptions<'_>,
    ) -> Result<(), Refusal> {
        let excepted = self.excepted(matched, exceptions, block.limit)?;
        for candidate in self.candidates(&excepted, block, State::Before)? {
            self.write(block, &candidate)?;
        }
        Ok(())
    }

    /// The patterns of a rule.
    pub(super) fn own_patterns(
        &mut self,
        rules: &RuleSet,
        id: RuleId,
        exceptions: &Exceptions<'_>,
    ) -> Result<OwnPatterns, Refusal> {
        let mut own = OwnPatterns {
            forms: Vec::new(),
            matched: Vec::new(),
        };
        for origin in rules[id].lines {
            let pattern = &rules[origin].pattern;
            let mut forms = self.forge.forms(pattern);
            let all = forms.len();
            if all > 1 {
                // A pattern may take two lines, for a path and for what is below it. One of the two
                // may be excepted completely.
                let mut kept = Vec::new();
                for form in forms {
                    if !exceptions.cover(&form, self.budget)? {
                        kept.push(form);
                    }
                }
                forms = kept;
            }
            if forms.len() == all {
                own.matched.push(pattern.clone());
            } else {
                own.matched.extend_from_slice(&forms);
            }
            own.forms
                .extend(forms.into_iter().map(|form| (form, origin)));
        }
        Ok(own)
    }

    /// Patterns for the paths that the rule and its exceptions have in common, in forms that the
    /// forge can express.
    fn excepted(
        &mut self,
        matched: &[Pattern],
        exceptions: &Exceptions<'_>,
        limit: Limit,
    ) -> Result<Vec<Pattern>, Refusal> {
        let mut index = PatternIndex::default();
        for (number, pattern) in matched.iter().enumerate() {
            index.add(pattern, number);
        }
        let mut excepted = MaximalPatterns::default();
        for &exception in &exceptions.patterns {
            let possible_overlaps = index.possible_overlaps(exception);
            within_budget(self.budget.spend(STEPS_PER_PAIR * possible_overlaps.len()))?;
            for number in possible_overlaps {
                for both in common(&matched[number], exception, self.budget)? {
                    for form in self.forge.forms(&both) {
                        excepted.add(form, self.budget)?;
                    }
                }
                // Each pattern needs at least one line.
                limit.check(excepted.count)?;
            }
        }
        Ok(excepted.into_vec())
    }
}
