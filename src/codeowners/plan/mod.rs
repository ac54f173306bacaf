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
//! A rule that adds owners takes lines by the same rules (see `additions`): for the paths of its
//! patterns, every line before it, narrowed to them, with more owners. A line that is covered as a
//! whole has the owners in its place. Rules below one another of which only the last one that matches
//! adds take no lines that restore (see `combined`).
//!
//! *Covers* means that `plainly_covers` in `pattern::algebra` succeeds. So the written lines depend
//! only on the rule and on the lines that have paths in common with it: not on a budget, and not on
//! other rules. If the work is too much, the rule is refused, and the reason names the limit.
//!
//! If a pattern is repeated, GitLab keeps the first place with the last owners. So only the last
//! line is written there, whichever rule it is from. `exclusions` describes what else is special
//! about GitLab, and `unowned` what is special where a file has no line for nobody.
//!
//! Where every line that matches a path counts, each line leaves out what later rules own: see `every`.

mod additions;
mod block;
pub(crate) mod combined;
mod earlier;
mod every;
mod exclusions;
mod index;
mod owned_later;
mod restore;
mod unowned;

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Inexact, with_written_meaning};
use crate::forge::{Abilities, Decides, Forge, Nobody, Repeated};
use crate::ids::{IdRange, IdVec, id};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::budget::Budget;
use crate::ruleset::{
    ApprovalId, LineId, MAX_PATTERNS, MAX_RULE_OWNERS, MAX_TEXT, Rule, RuleId, RuleSet,
};
use block::length;
use combined::Combined;
use earlier::EarlierLines;

/// The maximum number of lines that restore owners for one rule, unless it adds owners.
const MAX_LINES: usize = 1000;
/// The maximum number of steps to plan the exceptions and additions of all rules, and GitLab's
/// exclusions. Some tenths of a second.
const MAX_STEPS: usize = 40_000_000;
/// The maximum number of steps to try rules that a help suggests.
pub(crate) const TRIAL_STEPS: usize = MAX_STEPS / 4;
/// The number of steps that a look at one pair of patterns counts as.
const STEPS_PER_PAIR: usize = 8;
/// Lines that no longer count are dropped when there are more of them than others, and at least so
/// many.
const MIN_DROPPED: usize = 1000;

/// A line of the planned CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLine {
    /// What it matches.
    pub pattern: Pattern,
    /// Patterns of what it does not match. Only if [every](Decides::Every) line counts.
    pub except: Vec<Pattern>,
    /// The owners of what it matches. Empty for nobody.
    pub owners: Arc<[Owner]>,
    /// Whether it is an exclusion of GitLab: nobody owns what it matches, whatever other lines say.
    pub is_exclusion: bool,
    /// The rule that it is written for.
    pub rule: RuleId,
    /// The line of the rules that it is written for. `None` if it repeats or narrows an earlier line,
    /// for an exception or to add owners.
    pub origin: Option<LineId>,
}

/// Plans the lines that express the rules on `forge`.
///
/// # Errors
///
/// Every rule that the forge cannot express.
pub fn plan(rules: &RuleSet, forge: Forge) -> Result<Vec<PlannedLine>, Vec<Inexact>> {
    plan_within(rules, forge, &mut Budget::new(MAX_STEPS))
}

/// The lines of an approval: a section of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSection {
    /// The approval.
    pub approval: ApprovalId,
    /// Its lines, of the rules of the approval. At least one.
    pub lines: Vec<PlannedLine>,
}

/// Plans the sections that express the approvals on `forge`, if its files have sections. An approval
/// that needs no line has none.
///
/// # Errors
///
/// Every rule of an approval that the forge cannot express.
pub fn plan_approvals(rules: &RuleSet, forge: Forge) -> Result<Vec<PlannedSection>, Vec<Inexact>> {
    let (mut sections, mut inexact) = (Vec::new(), Vec::new());
    if !forge.has_sections() {
        return Ok(sections);
    }
    // All of them together may take as much as the rules.
    let mut budget = Budget::new(MAX_STEPS);
    for (id, approval) in rules.approvals().with_ids() {
        match plan_part(&approval.rules, forge, Some(&approval.name), &mut budget) {
            Ok(lines) if lines.is_empty() => {}
            Ok(lines) => sections.push(PlannedSection {
                approval: id,
                lines,
            }),
            Err(all) => inexact.extend(all.into_iter().map(|each| Inexact {
                approval: Some(id),
                ..each
            })),
        }
    }
    match inexact.is_empty() {
        true => Ok(sections),
        false => Err(inexact),
    }
}

/// [`plan()`] with the steps of a budget.
///
/// # Errors
///
/// Every rule that the forge cannot express.
pub(crate) fn plan_within(
    rules: &RuleSet,
    forge: Forge,
    budget: &mut Budget,
) -> Result<Vec<PlannedLine>, Vec<Inexact>> {
    plan_part(rules, forge, None, budget)
}

/// Plans the rules, or those of the approval with this name.
fn plan_part(
    rules: &RuleSet,
    forge: Forge,
    approval: Option<&str>,
    budget: &mut Budget,
) -> Result<Vec<PlannedLine>, Vec<Inexact>> {
    let rules = &*with_written_meaning(rules, forge);
    if forge.dialect.abilities().decides == Decides::Every {
        return every::plan(rules, forge, budget);
    }
    let abilities = forge.dialect.abilities();
    let needs_earlier = |rule: &Rule| rule.adds() || restores(rules, rule, abilities);
    let last_needing = rules.rules().with_ids().rev();
    let last_needing = last_needing.map(|(id, rule)| needs_earlier(rule).then_some(id));
    let mut planner = Planner {
        forge,
        approval,
        abilities,
        lines: Vec::with_capacity(rules.lines().len()).into(),
        earlier: EarlierLines::default(),
        last_indexed: last_needing.flatten().next(),
        has_additions: rules.has_additions(),
        size: 0,
        budget,
        inexact: Vec::new(),
    };
    let mut next = rules.rules().ids().start;
    while next < rules.rules().next_id() {
        let run = combined::run_from(rules, next);
        next = run.end;
        planner.rules(rules, run);
        if planner.budget.is_used_up() || planner.is_too_large() {
            return Err(planner.inexact);
        }
    }
    planner.keep_last();
    match planner.abilities.nobody {
        Nobody::WithoutOwners => {}
        Nobody::Exclusion => planner.exclude(rules),
        Nobody::NoLine => planner.leave_out_nobody(rules),
    }
    // A pattern that takes two lines counts as one fault.
    planner.inexact.dedup_by_key(|each| (each.rule, each.line));
    if planner.inexact.is_empty() {
        Ok(planner.lines.into_vec())
    } else {
        Err(planner.inexact)
    }
}

/// Whether a rule that replaces needs lines that restore what stood before it.
fn restores(rules: &RuleSet, rule: &Rule, abilities: Abilities) -> bool {
    let mut lines = rules.lines()[rule.lines].iter();
    !rule.exceptions.is_empty() || lines.any(|line| abilities.ends_too_early(&line.pattern))
}

id! {
    /// The index of a planned line.
    struct PlannedLineId;
}

/// The plan under construction.
struct Planner<'b> {
    forge: Forge,
    /// The name of the approval that the rules are of.
    approval: Option<&'b str>,
    abilities: Abilities,
    lines: IdVec<PlannedLineId, PlannedLine>,
    /// The lines of the rules before the current one.
    earlier: EarlierLines,
    /// The last rule that needs `earlier`, if there is one.
    last_indexed: Option<RuleId>,
    has_additions: bool,
    /// About how many characters the lines have that count. Only if `has_additions`.
    size: usize,
    budget: &'b mut Budget,
    inexact: Vec<Inexact>,
}

/// Why a rule cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// It needs too many lines.
    TooManyLines,
    /// Planning up to this rule takes too many steps.
    TooManySteps,
    /// It needs a pattern, at any depth, that does not match the contents of directories of the same
    /// name.
    FilesAtAnyDepth,
    /// The same, for the exceptions of a rule that adds.
    FilesOfExceptions,
    /// With it, the file is too large.
    TooLarge,
    /// With it, some paths have too many owners.
    TooManyOwners,
}

impl Planner<'_> {
    /// Why a rule is refused, and what to do. For a rule that adds, `other` is the pattern of the line
    /// that it cannot add to.
    fn explain(
        &self,
        refusal: Refusal,
        adds: bool,
        other: Option<&Pattern>,
    ) -> (String, &'static str) {
        const FILES: &str = "needs a pattern for \"a file, but not the contents of a directory of that name\" at any depth";
        if refusal == Refusal::FilesAtAnyDepth && !self.abilities.one_level {
            return (
                format!(
                    "{} has no certain pattern for one level only, so what is deeper gets its owners back: but here, directories of the same name may be in each other",
                    self.forge.title
                ),
                "anchor the pattern with a `/` at its start, or end it with a `/`",
            );
        }
        let others = match other {
            Some(pattern) => format!("`{pattern}`"),
            None => "earlier rules".to_string(),
        };
        match refusal {
            Refusal::TooManyLines if adds => (
                format!("to add to {others}, it needs more than {MAX_LINES} lines"),
                "narrow the rule, or write several rules",
            ),
            Refusal::TooManyLines => (
                format!("its exceptions take more than {MAX_LINES} lines"),
                "narrow the rule or its exceptions, or move it before the rules that it overlaps",
            ),
            Refusal::TooManySteps if self.has_additions => (
                format!(
                    "the exceptions and additions up to this one overlap with too many lines: it would take more than {MAX_STEPS} steps to compute them"
                ),
                "write rules that add the same owners as one rule with alternatives, and anchor the rules with `except` or `add`, or those before them, with a `/` at their start",
            ),
            Refusal::TooManySteps => (
                format!(
                    "the exceptions up to this one overlap with too many lines: it would take more than {MAX_STEPS} steps to compute them"
                ),
                "anchor the rules with exceptions, or those before them, with a `/` at their start",
            ),
            Refusal::FilesAtAnyDepth if adds => (
                format!("to add to {others}, it {FILES}"),
                "anchor one of the two patterns with a `/` at its start, or end neither with `/*`",
            ),
            Refusal::FilesAtAnyDepth | Refusal::FilesOfExceptions => (
                FILES.replacen("needs", "its exceptions need", 1),
                "anchor the rule or the exception with a `/` at its start, or end neither with `/*`",
            ),
            Refusal::TooLarge => (
                format!(
                    "with it, the file has more than {MAX_PATTERNS} lines, or {MAX_TEXT} characters"
                ),
                "narrow the patterns of rules with `add`, or name teams in place of many owners",
            ),
            Refusal::TooManyOwners => (
                format!("with it, paths of {others} have more than {MAX_RULE_OWNERS} owners"),
                "name a team in place of many owners",
            ),
        }
    }

    /// Appends the lines of a rule, or of a run of rules that add.
    fn rules(&mut self, rules: &RuleSet, run: IdRange<RuleId>) {
        let start = self.lines.next_id();
        let first = run.start;
        let result = match run.len() {
            1 => self.rule(rules, first).map_err(|failure| (first, failure)),
            _ => self.run(rules, run),
        };
        if self.last_indexed >= Some(first) {
            self.index(start);
        }
        match result {
            Ok(()) if self.is_too_large() => {
                self.refuse(rules, first, None, (Refusal::TooLarge, None));
            }
            Ok(()) => {}
            Err((id, failure)) => self.refuse(rules, id, None, failure),
        }
    }

    /// Appends the lines of a rule.
    fn rule(&mut self, rules: &RuleSet, id: RuleId) -> Result<(), additions::Failure> {
        let rule = &rules[id];
        if rule.adds() {
            return self.addition(rules, id);
        }
        if restores(rules, rule, self.abilities) {
            return (self.rule_that_restores(rules, id)).map_err(|refusal| (refusal, None));
        }
        for origin in rule.lines {
            for pattern in self.forge.forms(&rules[origin].pattern) {
                self.lines.push(PlannedLine {
                    pattern,
                    except: Vec::new(),
                    owners: rule.owners.clone(),
                    is_exclusion: false,
                    rule: id,
                    origin: Some(origin),
                });
            }
        }
        Ok(())
    }

    /// Makes the lines from `start` on known to the rules that follow.
    fn index(&mut self, start: PlannedLineId) {
        for id in self.lines.ids_from(start) {
            let replaced = self.earlier.add(&self.lines[id].pattern, id);
            if self.has_additions {
                self.size += self.length(id);
                self.size -= replaced.map_or(0, |replaced| self.length(replaced));
            }
        }
        if self.lines.len() > 2 * self.earlier.len() + MIN_DROPPED {
            self.keep_last();
            self.earlier.renumber(&self.lines);
        }
    }

    /// About how many characters a line has.
    fn length(&self, id: PlannedLineId) -> usize {
        let line = &self.lines[id];
        line.pattern.size() + length(&line.owners)
    }

    /// Whether rules that add have made the file so large that nothing can read it.
    fn is_too_large(&self) -> bool {
        self.has_additions && (self.earlier.len() > MAX_PATTERNS || self.size > MAX_TEXT)
    }

    /// Records that a rule, or one of its lines, cannot be expressed.
    fn refuse(
        &mut self,
        rules: &RuleSet,
        rule: RuleId,
        line: Option<LineId>,
        (refusal, other): (Refusal, Option<Pattern>),
    ) {
        let (reason, help) = self.explain(refusal, rules[rule].adds(), other.as_ref());
        let mut inexact = Inexact {
            forge: self.forge,
            approval: None,
            rule,
            line,
            reason,
            help: help.into(),
            others: Vec::new(),
            except: None,
        };
        if matches!(refusal, Refusal::TooManySteps | Refusal::TooLarge)
            && let Some(combined) = Combined::of(rules, rule)
        {
            let limit = match refusal {
                Refusal::TooLarge => format!("{MAX_PATTERNS} lines, or {MAX_TEXT} characters"),
                _ => format!("{MAX_STEPS} steps to compute"),
            };
            inexact.reason = format!(
                "a path may match several of these patterns, in directories of such names, so every combination of them takes a line after every earlier rule: more than {limit}"
            );
            inexact.help = combined.help;
            let lines = combined.others.iter().map(|&other| rules[other].lines);
            inexact.others = lines
                .map(|lines| (lines.start, "meets this pattern"))
                .collect();
        }
        self.inexact.push(inexact);
    }

    /// Drops lines whose pattern a later line repeats. If the forge allows repeated patterns, two
    /// rules with the same pattern both keep their lines, and `duplicate-pattern` reports them.
    fn keep_last(&mut self) {
        let may_repeat = self.abilities.repeated == Repeated::Both;
        if may_repeat && self.last_indexed.is_none() {
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
