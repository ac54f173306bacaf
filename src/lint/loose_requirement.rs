//! `loose-requirement`: every tracked path meets a requirement today, but a new path could miss it.
//!
//! The proof is an example: a path that the requirement is about, and whose owners by the rules lack
//! what it demands. Examples are looked for among the [`witnesses`] of the patterns of the requirement,
//! and of what they have in common with each rule whose own owners are not enough. Only rules after the
//! last one that meets the requirement for all its paths can take the owners away again, so the others
//! need no search. The exceptions of rules with enough owners are searched as well. If no example is found within a budget, nothing is reported.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::unmet_requirement::{because, help};
use super::{Context, Findings, place};
use crate::ids::Id as _;
use crate::pattern::Pattern;
use crate::pattern::algebra::{FRESH, intersect_within, part_ways, plainly_covers, witnesses};
use crate::pattern::budget::Budget;
use crate::ruleset::requirements::{Missing, Requirement};
use crate::ruleset::{LineId, RequirementId, RuleSet, RuleWalk};
use crate::text::{Diagnostic, escaped};

/// The maximum number of steps to look for examples, for all requirements together.
const ALL_STEPS: usize = 10_000_000;
/// The letters that make an example readable. A pattern may mention one of them.
const LETTERS: [u8; 3] = [b'x', b'y', b'z'];
/// The maximum number of patterns that a rule and a requirement have in common.
const MAX_COMMON: usize = 20;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    if rules.requirements().is_empty() {
        return;
    }
    let mut search = Search {
        rules,
        near: NearLines::new(rules),
        walk: context.matcher.walk(),
        budget: Budget::new(ALL_STEPS),
    };
    let is_unmet = |id| {
        context
            .survey
            .unmet
            .iter()
            .any(|unmet| unmet.requirement == id)
    };
    for (id, requirement) in rules
        .requirements()
        .with_ids()
        .filter(|(id, _)| !is_unmet(*id))
    {
        if let Some(example) = search.example(requirement) {
            findings.report(describe(context, id, &example));
        }
    }
}

/// A path that misses a requirement.
struct Example {
    path: Vec<u8>,
    lines: Vec<LineId>,
    missing: Missing,
}

/// The lines by the name with which the paths of their patterns begin: only lines of the same name, or of
/// none, can meet a pattern.
struct NearLines<'r> {
    of_name: FxHashMap<&'r str, Vec<LineId>>,
    of_any: Vec<LineId>,
}

impl<'r> NearLines<'r> {
    fn new(rules: &'r RuleSet) -> Self {
        let mut near = NearLines {
            of_name: FxHashMap::default(),
            of_any: Vec::new(),
        };
        for (id, line) in rules.lines().with_ids() {
            match line.pattern.first_name() {
                Some(name) => near.of_name.entry(name).or_default().push(id),
                None => near.of_any.push(id),
            }
        }
        near
    }

    /// The lines that may meet a pattern, the last one first.
    fn of(&self, rules: &RuleSet, pattern: &Pattern) -> Vec<LineId> {
        let Some(name) = pattern.first_name() else {
            let lines = rules.lines().with_ids();
            return lines.rev().map(|(id, _)| id).collect();
        };
        let own = self.of_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut lines = [own, &self.of_any].concat();
        lines.sort_unstable_by_key(|&line| Reverse(line));
        lines
    }
}

struct Search<'m, 'r> {
    rules: &'r RuleSet,
    near: NearLines<'r>,
    walk: RuleWalk<'m, 'r>,
    budget: Budget,
}

impl Search<'_, '_> {
    fn example(&mut self, requirement: &Requirement) -> Option<Example> {
        requirement.patterns.iter().find_map(|required| {
            let pattern = &required.pattern;
            let own = self.among(requirement, pattern);
            let own = own.or_else(|| self.among_exceptions(requirement, pattern));
            own.or_else(|| self.among_rules(requirement, pattern))
        })
    }

    /// An example among the paths that a pattern has in common with rules.
    fn among_rules(&mut self, requirement: &Requirement, pattern: &Pattern) -> Option<Example> {
        let rules = self.rules;
        let near = self.near.of(rules, pattern);
        let from = self.guarded_until(requirement, pattern, &near);
        // A rule that adds owners takes none away.
        let replacing = near
            .iter()
            .take_while(|&&line| line >= from)
            .filter(|&&line| !rules.rule_of(line).adds());
        replacing.into_iter().find_map(|&line| {
            requirement.missing_from(rules, &[line])?;
            let common =
                intersect_within(&rules[line].pattern, pattern, MAX_COMMON, &mut self.budget)?;
            common.iter().find_map(|each| self.among(requirement, each))
        })
    }

    /// An example among the paths of a pattern that a rule with enough owners leaves out.
    fn among_exceptions(
        &mut self,
        requirement: &Requirement,
        pattern: &Pattern,
    ) -> Option<Example> {
        let rules = self.rules;
        rules.exceptions().iter().find_map(|exception| {
            let line = rules[exception.rule].lines.iter().next()?;
            if part_ways(&exception.pattern, pattern) {
                return None;
            }
            if requirement.missing_from(rules, &[line]).is_some() {
                return None;
            }
            let budget = &mut self.budget;
            let common = intersect_within(&exception.pattern, pattern, MAX_COMMON, budget)?;
            common.iter().find_map(|each| self.among(requirement, each))
        })
    }

    /// The line after the last one that alone meets the requirement for every path of the pattern.
    fn guarded_until(
        &mut self,
        requirement: &Requirement,
        pattern: &Pattern,
        near: &[LineId],
    ) -> LineId {
        let rules = self.rules;
        let guard = near.iter().find(|&&id| {
            let line = &rules[id];
            rules[line.rule].exceptions.is_empty()
                && requirement.missing_from(rules, &[id]).is_none()
                && plainly_covers(&line.pattern, pattern, &mut self.budget) == Some(true)
        });
        guard.map_or(LineId::from_number(0), |id| id.next())
    }

    /// An example among the witnesses of a pattern.
    fn among(&mut self, requirement: &Requirement, pattern: &Pattern) -> Option<Example> {
        // The shortest one comes last: `x.pem` is easier to understand than `.pem`.
        let shortest = witnesses(pattern).take(1);
        let mut candidates = witnesses(pattern).skip(1).chain(shortest);
        candidates.find_map(|path| {
            let readable = LETTERS.iter().map(|&letter| readable(&path, letter));
            let mut spellings = readable.chain([path.clone()]);
            spellings.find_map(|path| {
                let lines = self.walk.decide_each(&path).to_vec();
                let missing = requirement.missing_from(self.rules, &lines)?;
                let patterns = requirement.patterns.len() + requirement.except.len();
                self.budget.spend(patterns)?;
                requirement.is_about(&path).then_some(Example {
                    path,
                    lines,
                    missing,
                })
            })
        })
    }
}

/// The path with a letter in place of the bytes that no pattern mentions.
fn readable(path: &[u8], letter: u8) -> Vec<u8> {
    let spelled = |&byte: &u8| if byte == FRESH { letter } else { byte };
    path.iter().map(spelled).collect()
}

fn describe(context: &Context<'_>, id: RequirementId, example: &Example) -> Diagnostic {
    let requirement = &context.project.rules[id];
    let Example {
        path,
        lines,
        missing,
    } = example;
    let at = &requirement.location;
    let mut diagnostic = Diagnostic::error(format!(
        "a new path could miss a requirement: `{}` must be owned by {missing}{}",
        escaped(path),
        because(requirement)
    ))
    .at(at.file, at.span.clone(), "required here");
    let deciding = lines.first().copied();
    if let Some(line) = deciding {
        let at = place(context.project, line);
        diagnostic = diagnostic.at(at.file, at.span, "this rule would decide");
    }
    diagnostic.help(help(context, requirement, missing, lines, [path, b""]))
}
