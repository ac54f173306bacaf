//! Leaves out lines without owners, where a file has no line for nobody.
//!
//! There, nobody owns only what no line matches. So a line without owners is right if it changes nothing,
//! and then it is not written:
//!
//! ```text
//! /src/    @src            *        @all
//! /docs/                   /docs/
//! ```
//!
//! On the left, no line before it owns anything in `/docs/`. On the right, no file can express the rules.

use rustc_hash::FxHashSet;

use super::index::PatternIndex;
use super::{MAX_LINES, PlannedLine, PlannedLineId, Planner, Refusal, STEPS_PER_PAIR};
use crate::codeowners::Inexact;
use crate::ids::IdVec;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, disjoint, intersect_within};
use crate::ruleset::{LineId, RuleId, RuleSet};
use crate::text::toml::quoted;

/// The maximum number of steps to prove that later lines cover the paths of a line together. Without a
/// proof the line is refused.
const JOINT_PROOF_STEPS: usize = 100_000;

impl Planner<'_> {
    /// Leaves out the lines without owners, and refuses those that an earlier line needs.
    pub(super) fn leave_out_nobody(&mut self, rules: &RuleSet) {
        let is_nobody = |id: PlannedLineId| self.lines[id].owners.is_empty();
        let nobodys: Vec<PlannedLineId> = self
            .lines
            .ids()
            .iter()
            .filter(|&id| is_nobody(id))
            .collect();
        if nobodys.is_empty() {
            return;
        }
        let mut owned = PatternIndex::default();
        for (id, line) in self.lines.with_ids() {
            if !line.owners.is_empty() {
                owned.add(&line.pattern, id);
            }
        }
        let refusals = self.inexact.iter().map(|each| (each.rule, each.line));
        let mut refusals: FxHashSet<(RuleId, Option<LineId>)> = refusals.collect();
        let mut is_kept = IdVec::filled(&self.lines, true);
        for id in nobodys {
            is_kept[id] = false;
            match self.owned_before(&owned, id) {
                Some(None) => {}
                Some(Some(owner)) => {
                    let refused = self.owned_by(rules, id, owner);
                    // The whole rule may be refused for another reason.
                    let is_known = refusals.contains(&(refused.rule, None));
                    if !is_known && refusals.insert((refused.rule, refused.line)) {
                        self.inexact.push(refused);
                    }
                }
                None => {
                    let line = &self.lines[id];
                    let (rule, origin) = (line.rule, line.origin);
                    return self.refuse(rules, rule, origin, (Refusal::TooManySteps, None));
                }
            }
        }
        self.lines.keep(&is_kept);
    }

    /// The first line before `id` that owns some of its paths, if no later lines own all of these. `None`
    /// if the budget does not suffice.
    fn owned_before(
        &mut self,
        owned: &PatternIndex<PlannedLineId>,
        id: PlannedLineId,
    ) -> Option<Option<PlannedLineId>> {
        let pattern = &self.lines[id].pattern;
        let overlaps = owned.possible_overlaps(pattern);
        self.budget.spend(STEPS_PER_PAIR * overlaps.len())?;
        let split = overlaps.partition_point(|&other| other < id);
        let (earlier, later) = overlaps.split_at(split);
        let later: Vec<&Pattern> = later
            .iter()
            .map(|&other| &self.lines[other].pattern)
            .collect();
        for &other in earlier {
            let owning = &self.lines[other].pattern;
            let Some(common) = intersect_within(owning, pattern, MAX_LINES, self.budget) else {
                return (!self.budget.is_used_up()).then_some(Some(other));
            };
            for part in &common {
                let covered = self
                    .budget
                    .lend(JOINT_PROOF_STEPS, |budget| covered_by(part, &later, budget));
                if covered != Some(true) {
                    return Some(Some(other));
                }
            }
        }
        Some(None)
    }

    /// Why the line `id`, which has no owners, cannot be left out: the line `other` owns some of its paths.
    fn owned_by(&self, rules: &RuleSet, id: PlannedLineId, other: PlannedLineId) -> Inexact {
        let (line, owning) = (&self.lines[id], &self.lines[other]);
        let owner = match owning.rule == line.rule {
            true => None,
            false => (owning.origin).or_else(|| rules[owning.rule].lines.iter().next()),
        };
        let (why, help) = match line.origin {
            Some(_) => (
                format!("`{}` owns some of these paths", owning.pattern),
                format!(
                    "give `{}` an owner, or narrow `{}` to the paths that somebody owns",
                    line.pattern, owning.pattern
                ),
            ),
            None => self.left_to_nobody(rules, line),
        };
        Inexact {
            forge: self.forge,
            approval: None,
            rule: line.rule,
            line: line.origin,
            reason: format!("{} has no line for nobody, and {why}", self.forge.title),
            help,
            others: owner
                .map(|line| (line, "this rule owns some of them"))
                .into_iter()
                .collect(),
            except: None,
        }
    }

    /// Why a rule leaves paths to nobody: it excepts them, or a wider line was written for one of its
    /// patterns.
    fn left_to_nobody(&self, rules: &RuleSet, line: &PlannedLine) -> (String, String) {
        let rest = &line.pattern;
        let key = quoted(&rest.to_string());
        let owned = format!("give these paths an owner in a rule before it: `{key} = \"<group>\"`");
        let lines = rules.lines()[rules[line.rule].lines].iter();
        let mut wider = lines.map(|each| &each.pattern).filter(|each| {
            self.abilities.ends_too_early(each) && !disjoint(&each.with_all_below(), rest)
        });
        match wider.next() {
            Some(level) => {
                let wide = level.with_all_below();
                let why = format!(
                    "no certain pattern for `{level}`: it would be `{wide}` and a line for `{rest}`, which nobody owns"
                );
                let help = format!("write `{wide}` if it may be all below, or names; or {owned}");
                (why, help)
            }
            None => (
                format!("no rule before this one owns `{rest}`, which it excepts"),
                owned,
            ),
        }
    }
}
