//! Approvals as required reviewers, for a forge that is told of them outside of its CODEOWNERS file.
//!
//! A required reviewer is one team, with patterns that add up: no line takes a path away again. Within
//! an approval, the last entry that matches a path decides. So an approval can be said if nothing is
//! taken away, and everything else is refused:
//!
//! ```text
//! /auth/ = @o/a, then /docs/ = @o/b        a: /auth/   b: /docs/       nothing in common
//! /auth/ = @o/a, then /auth/x/ = @o/b      refused: a would need /auth/ without /auth/x/
//! /auth/x/ = @o/a, then /auth/ = @o/b      b: /auth/                   the first never decides
//! /auth/ = [@o/a, @o/b]                    refused: both would have to approve
//! ```
//!
//! A question about two patterns that the budget does not answer counts as the answer that is refused.

use rustc_hash::{FxHashMap, FxHashSet};

use super::approvals::{Approval, ApprovalPart};
use super::{ApprovalId, LineId, RequiredReviewer, RuleId, RuleSet};
use crate::forge::{Forge, RequiredReviewers};
use crate::ids::{IdRange, IdVec};
use crate::owner::{Owner, OwnerKind};
use crate::pattern::Pattern;
use crate::pattern::algebra::{covers_within, disjoint_within};
use crate::pattern::budget::Budget;
use crate::text::{Diagnostic, Faults, Location, Sources};

/// The most steps for all approvals. Less than a second.
const STEPS: usize = 20_000_000;
/// The most steps for two patterns.
const STEPS_OF_PAIR: usize = 100_000;

/// The required reviewers that mean the approvals.
#[derive(Debug, Default)]
pub struct RequiredByApprovals {
    /// Those of all approvals: one for each team and count. With faults, patterns may be missing.
    pub reviewers: Vec<RequiredReviewer>,
    /// Those of each approval, or the message of the first fault.
    pub by_approval: IdVec<ApprovalId, Result<Vec<RequiredReviewer>, String>>,
    /// Why some approvals cannot be said, or not all of them together.
    pub faults: Faults,
}

impl RuleSet {
    /// The approvals as required reviewers of a forge. `None` if it is not told of any.
    #[must_use]
    pub fn required_reviewers(
        &self,
        forge: Forge,
        sources: &Sources,
    ) -> Option<RequiredByApprovals> {
        let means = forge.required_reviewers()?;
        let mut required = RequiredByApprovals::default();
        let (mut all, mut budget) = (Reviewers::default(), Budget::new(STEPS));
        for approval in &self.approvals {
            let mut translation = Translation {
                runs: runs(approval),
                entries: entries(approval),
                approval,
                forge,
                means,
                sources,
                budget: &mut budget,
                faults: Vec::new(),
            };
            let own = translation.reviewers();
            let faults = translation.faults;
            own.iter().for_each(|reviewer| all.add(reviewer.clone()));
            let first = faults.first().map(|fault| fault.message.clone());
            required.by_approval.push(first.map_or(Ok(own), Err));
            required.faults.extend(faults);
        }
        required.reviewers = all.into_vec();
        if let Some(first) = required.reviewers.get(means.most_reviewers()) {
            let fault = too_many(required.reviewers.len(), first, means);
            required.faults.push(fault);
        }
        Some(required)
    }
}

/// Lines that follow each other and have the same approvers.
struct Run {
    lines: IdRange<LineId>,
    /// A number for who approves: runs with the same one have the same approvers.
    approvers: usize,
}

/// The runs of an approval, in order.
fn runs(approval: &Approval) -> Vec<Run> {
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    let mut runs: Vec<Run> = Vec::new();
    for rule in approval.rules.rules() {
        let (owners, next) = (Owner::join(&rule.owners), known.len());
        let approvers = *known.entry(owners.to_ascii_lowercase()).or_insert(next);
        match runs.last_mut().filter(|last| last.approvers == approvers) {
            Some(last) => last.lines.end = rule.lines.end,
            None => runs.push(Run {
                lines: rule.lines,
                approvers,
            }),
        }
    }
    runs
}

/// The number of the entry of each rule.
fn entries(approval: &Approval) -> IdVec<RuleId, usize> {
    let parts = approval.parts.iter().enumerate();
    let numbers = parts.flat_map(|(number, part)| part.rules.iter().map(move |_| number));
    numbers.collect()
}

/// Required reviewers, one for each team and count.
#[derive(Default)]
struct Reviewers {
    all: Vec<RequiredReviewer>,
    /// The index of each, by its team and count.
    known: FxHashMap<(String, usize), usize>,
}

impl Reviewers {
    /// Adds a reviewer, or its patterns to the one with the same team and count.
    fn add(&mut self, new: RequiredReviewer) {
        let key = (new.team.folded(), new.count);
        let index = *self.known.entry(key).or_insert(self.all.len());
        match self.all.get_mut(index) {
            Some(known) => known.patterns.extend(new.patterns),
            None => self.all.push(new),
        }
    }

    /// The reviewers, with each pattern once.
    fn into_vec(mut self) -> Vec<RequiredReviewer> {
        for reviewer in &mut self.all {
            let mut seen = FxHashSet::default();
            reviewer.patterns.retain(|text| seen.insert(text.clone()));
        }
        self.all
    }
}

fn too_many(count: usize, first: &RequiredReviewer, means: &dyn RequiredReviewers) -> Diagnostic {
    let most = means.most_reviewers();
    let place = first.location.clone();
    Diagnostic::error(format!(
        "a {} has at most {most} required reviewers, and the approvals need {count}",
        means.title()
    ))
    .at(place.file, place.span, format!("number {}", most + 1))
    .note("each team is one, and once more for each other `count`")
    .help("use fewer teams, or the same `count` for all approvals of a team")
}

fn too_many_entries(approval: &Approval) -> Diagnostic {
    let place = approval.location();
    let name = &approval.name;
    let message =
        format!("cannot compare all entries of the approval `{name}`: there are too many");
    Diagnostic::error(message)
        .at(place.file, place.span, "")
        .note("no later entry may take a path away from an earlier one")
        .help("write fewer `paths`, or put entries of other teams into approvals of their own")
}

/// The translation of one approval.
struct Translation<'t> {
    approval: &'t Approval,
    forge: Forge,
    means: &'static dyn RequiredReviewers,
    sources: &'t Sources,
    budget: &'t mut Budget,
    runs: Vec<Run>,
    /// The entry of each rule, by its number.
    entries: IdVec<RuleId, usize>,
    faults: Vec<Diagnostic>,
}

impl<'t> Translation<'t> {
    fn reviewers(&mut self) -> Vec<RequiredReviewer> {
        let approval = self.approval;
        let count = self.count();
        let mut reviewers = Reviewers::default();
        for part in &approval.parts {
            if self.is_given_up() {
                break;
            }
            let mut rules = part.rules.iter();
            if rules.all(|rule| approval.rules[rule].owners.is_empty()) {
                continue;
            }
            let faults = self.faults.len();
            let team = self.team(part);
            self.exceptions(part);
            let mut patterns = Vec::new();
            for rule in part.rules {
                for line in approval.rules[rule].lines {
                    if !self.is_given_up() {
                        self.line(line, &mut patterns);
                    }
                }
            }
            // Without patterns, later entries decide all of its paths.
            let is_told = !patterns.is_empty() || self.faults.len() > faults;
            if let Some(team) = team.filter(|_| is_told) {
                let reviewer = RequiredReviewer {
                    team: team.clone(),
                    count,
                    patterns,
                    location: part.owners.clone(),
                };
                reviewers.add(reviewer);
            }
        }
        if self.budget.is_used_up() {
            self.faults.push(too_many_entries(approval));
        }
        reviewers.into_vec()
    }

    /// Whether nothing more is looked at: it would take too long, or nobody would read more faults.
    fn is_given_up(&self) -> bool {
        self.budget.is_used_up() || self.faults.len() >= Faults::MOST
    }

    /// How many members of a team must approve.
    fn count(&mut self) -> usize {
        let approval = self.approval;
        if approval.is_optional {
            return 0;
        }
        let most = self.means.most_approvals();
        if approval.count > most {
            let place = approval.location();
            let title = self.means.title();
            let count = approval.count;
            self.faults.push(
                Diagnostic::error(format!(
                    "a {title} cannot demand {count} approvals of a team"
                ))
                .at(place.file, place.span, format!("`count = {count}`"))
                .help(format!("write `count = {most}`, which is the most")),
            );
        }
        approval.count
    }

    /// The owner of an entry, who must be one team. `None` after a fault.
    fn team(&mut self, part: &ApprovalPart) -> Option<&'t Owner> {
        let approval = self.approval;
        let first = part.rules.iter().next()?;
        let owners = &approval.rules[first].owners;
        let title = self.means.title();
        let (message, note) = match &owners[..] {
            [team] if team.kind() == OwnerKind::Team => match self.forge.owner(team.as_str()) {
                Ok(_) => return Some(team),
                Err(error) => (
                    format!("`{team}` is not a team on {}", self.forge.title),
                    error.reason.to_string(),
                ),
            },
            [owner] => (
                format!("a {title} demands approvals of teams, and `{owner}` is none"),
                "people and addresses cannot be required reviewers".to_string(),
            ),
            _ => (
                format!(
                    "a {title} cannot demand the approval of one of {}",
                    Owner::join(owners)
                ),
                "all of them would have to approve: required reviewers add up".to_string(),
            ),
        };
        let place = part.owners.clone();
        self.faults.push(
            Diagnostic::error(message)
                .at(place.file, place.span, format!("who gives `{}`", approval.name))
                .note(note)
                .help("name one team: `owners = \"@org/team\"`, or a group with `team = \"@org/team\"`"),
        );
        None
    }

    /// Reports the exceptions of an entry that take paths away.
    fn exceptions(&mut self, part: &ApprovalPart) {
        let rules = &self.approval.rules;
        // The rules of an entry have the same exceptions.
        let mut reported = FxHashSet::default();
        for rule in part.rules {
            for exception in rules[rule].exceptions.iter().map(|id| &rules[id]) {
                let pattern = &exception.pattern;
                let takes = |line: LineId, budget: &mut Budget| {
                    is_disjoint(&rules[line].pattern, pattern, budget) != Some(true)
                };
                let mut lines = rules[rule].lines.iter();
                if !lines.any(|line| takes(line, self.budget))
                    || self.is_decided_later(pattern, rule)
                {
                    continue;
                }
                if self.is_given_up() {
                    return;
                }
                let text = &rules[rule].except[exception.entry];
                if reported.insert(text.span.start) {
                    let title = self.means.title();
                    self.faults.push(
                        Diagnostic::error(format!("a {title} cannot leave out `{}`", text.value))
                            .at(rules[rule].file, text.span.clone(), "")
                            .note("whether `!` works in its patterns is not certain")
                            .help("name the paths that need the approval, and leave out `except`; or let these paths need it, too"),
                    );
                }
            }
        }
    }

    /// Adds the texts of a line, unless later ones decide all of its paths.
    fn line(&mut self, line: LineId, patterns: &mut Vec<String>) {
        let rules = &self.approval.rules;
        let pattern = &rules[line].pattern;
        let conflicts = self.conflicts(line);
        if !conflicts.is_empty() {
            if self.is_decided_later(pattern, rules[line].rule) {
                return;
            }
            for (other, is_proven) in conflicts {
                self.conflict(line, other, is_proven);
            }
        }
        match self.means.patterns(pattern) {
            Ok(texts) => patterns.extend(texts),
            Err((reason, help)) => {
                let place = self.place(line);
                let title = self.means.title();
                let message = format!("a {title} cannot express `{pattern}` exactly");
                let fault = Diagnostic::error(message).at(place.file, place.span, "");
                self.faults.push(fault.note(reason).help(help));
            }
        }
    }

    /// The later lines with other approvers that have a path in common with a line, the first of each
    /// entry, and whether that is proven.
    fn conflicts(&mut self, line: LineId) -> Vec<(LineId, bool)> {
        let rules = &self.approval.rules;
        let own = self.runs.partition_point(|run| run.lines.end <= line);
        let approvers = self.runs[own].approvers;
        let others = self.runs[own + 1..].iter();
        let others = others.filter(|run| run.approvers != approvers);
        let mut conflicts: Vec<(LineId, bool)> = Vec::new();
        for other in others.flat_map(|run| run.lines) {
            let entry = |line: LineId| self.entries[rules[line].rule];
            let last = conflicts.last().map(|(last, _)| *last);
            if last.is_some_and(|last| entry(last) == entry(other)) {
                continue;
            }
            let (a, b) = (&rules[line].pattern, &rules[other].pattern);
            match is_disjoint(a, b, self.budget) {
                Some(true) => {}
                None if self.budget.is_used_up() => break,
                found => conflicts.push((other, found.is_some())),
            }
        }
        conflicts
    }

    /// Whether later lines decide all paths of a pattern of a rule.
    fn is_decided_later(&mut self, pattern: &Pattern, rule: RuleId) -> bool {
        let rules = &self.approval.rules;
        let later = rules.lines().ids_from(rules[rule].lines.end).iter();
        for line in later {
            if self.budget.spend(1).is_none() {
                break;
            }
            let is_whole = rules[rules[line].rule].exceptions.is_empty();
            let wide = &rules[line].pattern;
            let covers = |budget: &mut Budget| covers_within(wide, pattern, budget);
            if is_whole && self.budget.lend(STEPS_OF_PAIR, covers) == Some(true) {
                return true;
            }
        }
        false
    }

    /// Reports that a later line takes paths away from one.
    fn conflict(&mut self, line: LineId, other: LineId, is_proven: bool) {
        let rules = &self.approval.rules;
        let title = self.means.title();
        let (place, by) = (self.place(line), self.place(other));
        let team = Owner::join(&rules.rule_of(line).owners);
        let (says, help) = match rules.rule_of(other).owners.is_empty() {
            true => (
                "these paths do not need it",
                "remove the second entry, so that all paths of the first need the approval; or name those that do in the first",
            ),
            false => (
                "others approve these",
                "name paths in the first entry that the second does not match; or give the second its own `name`, so that both approve",
            ),
        };
        let message = format!("a {title} cannot take paths away from `{team}` again");
        let mut fault = Diagnostic::error(message).at(by.file, by.span, says).at(
            place.file,
            place.span,
            "some of these",
        );
        if !is_proven {
            fault = fault.note("that both have no path in common could not be proven");
        }
        self.faults.push(fault.help(help));
    }

    /// Where a line is written.
    fn place(&self, line: LineId) -> Location {
        let rules = &self.approval.rules;
        match &rules.alternative_locations(line, self.sources)[..] {
            [only] => only.clone(),
            _ => rules.rule_of(line).location(),
        }
    }
}

/// Whether two patterns have no path in common. `None` if the budget does not suffice.
fn is_disjoint(a: &Pattern, b: &Pattern, budget: &mut Budget) -> Option<bool> {
    budget.spend(1)?;
    budget.lend(STEPS_OF_PAIR, |part| disjoint_within(a, b, part))
}
