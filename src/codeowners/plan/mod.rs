//! The lines of a file, before they are text.
//!
//! Rules and lines are not the same. A forge knows no exceptions, so a rule with `except` is
//! followed by lines that restore, for the paths excepted, what stood before it; and where a
//! forge has no one pattern for what a rule's pattern matches, it takes two lines.
//!
//! # Which lines are written
//!
//! The lines of rules are written in their order. Behind the lines of a rule with exceptions stand
//! those that restore, for the paths that its patterns and its exceptions have in common (`restore`
//! has the details):
//!
//! 1. a line without owners for each pattern of these paths, unless a single line before the rule
//!    covers that pattern;
//! 2. every line that stands before the rule, in order, intersected with these patterns.
//!
//! Of the lines that restore, those are left out that change nothing:
//!
//! - one that a single later line of the same rule covers;
//! - one whose paths have the same owners without it, by the lines of the same rule before it.
//!
//! Of lines with one pattern only the last is written, unless all of them are lines of rules.
//!
//! *Covers* means that the one pattern can be laid over the other
//! (`plainly_covers` in `pattern::algebra`). So what is written depends on the rule
//! and on the lines that have paths in common with it: on no budget, and on no other rule. Where the
//! work is too much, the rule is refused, and the reason names the limit.
//!
//! Of two lines with one pattern GitLab keeps the first place with the last owners, so there only the
//! last is written, whichever rule it is from (`exclusions` has what else is special about GitLab).

mod exclusions;
mod index;
mod restore;

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Inexact, meant};
use crate::forge::{Abilities, Forge, Nobody, Repeated};
use crate::ids::{IdVec, id};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, RuleId, RuleSet};
use index::Index;

/// How many lines may restore what the exceptions of one rule leave alone.
const MAX_LINES: usize = 1000;
/// How many steps the exceptions of all rules, and the exclusions of GitLab, may take to work out: a
/// second.
const MAX_STEPS: usize = 20_000_000;

/// A line of a CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it matches.
    pub pattern: Pattern,
    /// Who owns that; nobody, if it is empty.
    pub owners: Arc<[Owner]>,
    /// Whether it is an exclusion of GitLab: what it matches is nobody's whatever other lines say.
    pub is_exclusion: bool,
    /// The rule that it is written for.
    pub rule: RuleId,
    /// The line of the rules that it says; none for a line that restores what an exception leaves
    /// alone.
    pub origin: Option<LineId>,
}

/// The lines that say on `forge` what the rules say.
///
/// # Errors
///
/// Every rule that cannot be said there.
pub fn plan(rules: &RuleSet, forge: Forge) -> Result<Vec<Line>, Vec<Inexact>> {
    let rules = &*meant(rules, forge);
    let mut planner = Planner {
        forge,
        abilities: forge.dialect.abilities(),
        lines: Vec::with_capacity(rules.lines().len()).into(),
        index: Index::default(),
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
    // A pattern that takes two lines is still one fault.
    planner.inexact.dedup_by_key(|each| (each.rule, each.line));
    if planner.inexact.is_empty() {
        Ok(planner.lines.into_vec())
    } else {
        Err(planner.inexact)
    }
}

id! {
    /// The place of a line in the plan.
    struct PlaceId;
}

/// What a plan is made of, as far as it is made.
struct Planner {
    forge: Forge,
    abilities: Abilities,
    lines: IdVec<PlaceId, Line>,
    /// Finds the lines that a pattern can meet.
    index: Index<PlaceId>,
    /// Whether anybody will ask that.
    is_indexed: bool,
    budget: Budget,
    inexact: Vec<Inexact>,
}

/// Why a rule cannot be said.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    /// Its exceptions take too many lines.
    TooManyLines,
    /// Everything up to it takes too long to work out.
    TooManySteps,
    /// Its exceptions ask for files, but not for what is in directories of the same name, at any
    /// depth.
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
                    self.push(Line {
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

    /// Takes down that a rule, or one of its lines, cannot be said.
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
    fn push(&mut self, line: Line) {
        if self.is_indexed {
            self.index.add(&line.pattern, self.lines.next_id());
        }
        self.lines.push(line);
    }

    /// Leaves out lines with a pattern that a later line has as well. Where lines may repeat a pattern,
    /// two rules with one pattern both keep theirs: `duplicate-pattern` is about them.
    fn keep_last(&mut self) {
        let may_repeat = self.abilities.repeated == Repeated::Both;
        if may_repeat && !self.is_indexed {
            return;
        }
        // Whether one of the later lines with a pattern restores something.
        let mut seen: FxHashMap<&Pattern, bool> = FxHashMap::default();
        let mut is_kept = IdVec::filled(&self.lines, true);
        for (place, line) in self.lines.with_ids().rev() {
            let restores = line.origin.is_none();
            match seen.entry(&line.pattern) {
                Entry::Vacant(entry) => {
                    entry.insert(restores);
                }
                Entry::Occupied(mut later) => {
                    is_kept[place] = may_repeat && !restores && !later.get();
                    *later.get_mut() |= restores;
                }
            }
        }
        self.lines.keep(&is_kept);
    }
}
