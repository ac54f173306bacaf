//! Plans the lines of a file, before they become text.
//!
//! Rules and lines differ. Forges have no exceptions, so after a rule with `except`, further lines
//! restore the earlier owners of the excepted paths. And where a forge cannot express a rule's
//! pattern as one pattern, it takes two lines.
//!
//! # Which lines are written
//!
//! The lines of rules are written in the order of the rules. After the lines of a rule with
//! exceptions come lines that restore, for the paths that its patterns and its exceptions have in
//! common (see `restore` for details):
//!
//! 1. a line without owners for each pattern of these paths, unless a single line before the rule
//!    covers that pattern;
//! 2. every line before the rule, in order, intersected with these patterns.
//!
//! A line that restores is left out if it changes nothing:
//!
//! - a single later line of the same rule covers it, or
//! - its paths have the same owners without it, by earlier lines of the same rule.
//!
//! Of several lines with the same pattern, only the last is written, unless all of them are lines
//! of rules.
//!
//! *Covers* means that `plainly_covers` in `pattern::algebra` succeeds. So the written lines depend
//! only on the rule and on the lines that have paths in common with it: not on a budget, and not on
//! other rules. If the work is too much, the rule is refused, and the reason names the limit.
//!
//! If a pattern is repeated, GitLab keeps the first place with the last owners. So only the last
//! line is written there, whichever rule it is from. `exclusions` describes what else is special
//! about GitLab.

mod exclusions;
mod index;
mod restore;

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Inexact, with_written_meaning};
use crate::forge::{Abilities, Forge, Nobody, Repeated};
use crate::ids::{IdVec, id};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, RuleId, RuleSet};
use index::PatternIndex;

/// The maximum number of lines that restore owners for one rule.
const MAX_LINES: usize = 1000;
/// The maximum number of steps to plan the exceptions of all rules and GitLab's exclusions. About a
/// second.
const MAX_STEPS: usize = 20_000_000;

/// A line of the planned CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLine {
    /// What it matches.
    pub pattern: Pattern,
    /// The owners of what it matches. Empty for nobody.
    pub owners: Arc<[Owner]>,
    /// Whether it is an exclusion of GitLab: nobody owns what it matches, whatever other lines say.
    pub is_exclusion: bool,
    /// The rule that it is written for.
    pub rule: RuleId,
    /// The line of the rules that it comes from. `None` if it restores owners for an exception.
    pub origin: Option<LineId>,
}

/// Plans the lines that express the rules on `forge`.
///
/// # Errors
///
/// Every rule that the forge cannot express.
pub fn plan(rules: &RuleSet, forge: Forge) -> Result<Vec<PlannedLine>, Vec<Inexact>> {
    let rules = &*with_written_meaning(rules, forge);
    let mut planner = Planner {
        forge,
        abilities: forge.dialect.abilities(),
        lines: Vec::with_capacity(rules.lines().len()).into(),
        index: PatternIndex::default(),
        is_indexed: !rules.exceptions().is_empty(),
        budget: Budget::new(MAX_STEPS),
        inexact: Vec::new(),
    };
    for rule in rules.rules().ids() {
        planner.rule(rules, rule);
        if planner.budget.is_used_up() {
            return Err(planner.inexact);
        }
    }
    planner.keep_last();
    if planner.abilities.nobody == Nobody::Exclusion {
        planner.exclude();
    }
    // A pattern that takes two lines counts as one fault.
    planner.inexact.dedup_by_key(|each| (each.rule, each.line));
    if planner.inexact.is_empty() {
        Ok(planner.lines.into_vec())
    } else {
        Err(planner.inexact)
    }
}

id! {
    /// The index of a planned line.
    struct PlannedLineId;
}

/// The plan under construction.
struct Planner {
    forge: Forge,
    abilities: Abilities,
    lines: IdVec<PlannedLineId, PlannedLine>,
    /// Finds the planned lines that may overlap a pattern.
    index: PatternIndex<PlannedLineId>,
    /// Whether the index is needed.
    is_indexed: bool,
    budget: Budget,
    inexact: Vec<Inexact>,
}

/// Why a rule cannot be expressed.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    /// Its exceptions need too many lines.
    TooManyLines,
    /// Planning up to this rule takes too many steps.
    TooManySteps,
    /// Its exceptions need a pattern for files at any depth that does not match the contents of
    /// directories of the same name.
    FilesAtAnyDepth,
}

impl Refusal {
    fn reason(self) -> String {
        match self {
            Refusal::TooManyLines => {
                format!("its exceptions take more than {MAX_LINES} lines")
            }
            Refusal::TooManySteps => format!(
                "the exceptions up to this one overlap with too many lines: it would take more than {MAX_STEPS} steps to compute them"
            ),
            Refusal::FilesAtAnyDepth => {
                "its exceptions need a pattern for \"a file, but not the contents of a directory of that name\" at any depth"
                    .into()
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            Refusal::TooManyLines => {
                "narrow the rule or its exceptions, or move it before the rules that it overlaps"
            }
            Refusal::TooManySteps => {
                "anchor the rules with exceptions, or those before them, with a `/` at their start"
            }
            Refusal::FilesAtAnyDepth => {
                "anchor the rule or the exception with a `/` at its start, or end neither with `/*`"
            }
        }
    }
}

impl Planner {
    /// Appends the lines of a rule.
    fn rule(&mut self, rules: &RuleSet, id: RuleId) {
        let rule = &rules[id];
        let result = if rule.exceptions.is_empty() {
            for origin in rule.lines {
                for pattern in self.forge.forms(&rules[origin].pattern) {
                    self.push(PlannedLine {
                        pattern,
                        owners: rule.owners.clone(),
                        is_exclusion: false,
                        rule: id,
                        origin: Some(origin),
                    });
                }
            }
            Ok(())
        } else {
            self.rule_with_exceptions(rules, id)
        };
        if let Err(refusal) = result {
            self.refuse(id, None, refusal);
        }
    }

    /// Records that a rule, or one of its lines, cannot be expressed.
    fn refuse(&mut self, rule: RuleId, line: Option<LineId>, refusal: Refusal) {
        self.inexact.push(Inexact {
            forge: self.forge,
            rule,
            line,
            reason: refusal.reason(),
            help: refusal.help().into(),
        });
    }

    /// Appends a line.
    fn push(&mut self, line: PlannedLine) {
        if self.is_indexed {
            self.index.add(&line.pattern, self.lines.next_id());
        }
        self.lines.push(line);
    }

    /// Drops lines whose pattern a later line repeats. If the forge allows repeated patterns, two
    /// rules with the same pattern both keep their lines, and `duplicate-pattern` reports them.
    fn keep_last(&mut self) {
        let may_repeat = self.abilities.repeated == Repeated::Both;
        if may_repeat && !self.is_indexed {
            return;
        }
        // For each pattern, whether a later line with it restores owners.
        let mut seen: FxHashMap<&Pattern, bool> = FxHashMap::default();
        let mut is_kept = IdVec::filled(&self.lines, true);
        for (id, line) in self.lines.with_ids().rev() {
            let restores = line.origin.is_none();
            match seen.entry(&line.pattern) {
                Entry::Vacant(entry) => {
                    entry.insert(restores);
                }
                Entry::Occupied(mut later) => {
                    is_kept[id] = may_repeat && !restores && !later.get();
                    *later.get_mut() |= restores;
                }
            }
        }
        self.lines.keep(&is_kept);
    }
}
