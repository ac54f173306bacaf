//! `duplicate-pattern`: two rules have the same pattern, so only the later one has an effect. Or two
//! requirements demand the same of the same paths.
//!
//! Patterns are compared by meaning, and each alternative separately, so `/a/b/` and `a/b/**` are
//! the same.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::by_hand::LineTexts;
use super::{Context, Findings, place};
use crate::codeowners::FileLine;
use crate::ids::IdVec;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::ruleset::equal::later_equals;
use crate::ruleset::requirements::{RequiredPattern, Requirement};
use crate::ruleset::{LineId, Rule, RuleId, RuleSet};
use crate::text::{Diagnostic, FileId, FixAction, Holds};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut fixes = Fixes {
        rules,
        later: later_equals(rules),
        latest: None,
    };
    for earlier in rules.lines().ids() {
        let Some(later) = fixes.later[earlier] else {
            continue;
        };
        let pattern = &rules[later].pattern;
        let earlier_place = place(context.project, earlier);
        let later_place = place(context.project, later);
        let mut finding = Diagnostic::error(format!("two rules have the pattern `{pattern}`"))
            .at(
                earlier_place.file,
                earlier_place.span,
                "this rule can never take effect",
            )
            .at(
                later_place.file,
                later_place.span,
                "because this rule comes later",
            )
            .help("remove one of them");
        if let Some(action) = fixes.action_for(earlier) {
            finding = finding.fixed_by(Holds::AnyTree, action);
        }
        findings.report(finding);
    }
    check_requirements(context, findings);
    if let Some(by_hand) = &context.project.codeowners {
        let entries = by_hand.file.entries.iter();
        for entry in entries.filter(|entry| !entry.repeated_at.is_empty()) {
            findings.report(read_as_one(LineTexts::new(context.project, by_hand), entry));
        }
    }
}

/// Reports requirements that demand what an earlier one demands, of the same paths.
fn check_requirements(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut known: FxHashMap<Demand<'_>, &Requirement> = FxHashMap::default();
    for requirement in context.project.rules.requirements() {
        let earlier = match known.entry(demand(requirement)) {
            Entry::Occupied(earlier) => earlier.get().location.clone(),
            Entry::Vacant(place) => {
                place.insert(requirement);
                continue;
            }
        };
        let later = requirement.location.clone();
        findings.report(
            Diagnostic::error("two requirements demand the same of the same paths")
                .at(later.file, later.span, "this one demands nothing new")
                .at(
                    earlier.file,
                    earlier.span,
                    "because this one demands it already",
                )
                .help("remove one of these requirements"),
        );
    }
}

/// What a requirement demands, and of which paths, however that is written.
#[derive(PartialEq, Eq, Hash)]
struct Demand<'r> {
    patterns: Vec<&'r Pattern>,
    except: Vec<&'r Pattern>,
    owners: Vec<String>,
    any_of: Vec<String>,
    min_owners: usize,
}

fn demand(requirement: &Requirement) -> Demand<'_> {
    fn patterns(all: &[RequiredPattern]) -> Vec<&Pattern> {
        let mut patterns: Vec<&Pattern> = all.iter().map(|each| &each.pattern).collect();
        patterns.sort_unstable();
        patterns.dedup();
        patterns
    }
    let owners = |all: &[Owner]| {
        let mut owners: Vec<String> = all.iter().map(Owner::folded).collect();
        owners.sort_unstable();
        owners
    };
    Demand {
        patterns: patterns(&requirement.patterns),
        except: patterns(&requirement.except),
        owners: owners(&requirement.owners),
        any_of: owners(&requirement.any_of),
        min_owners: requirement.min_owners,
    }
}

/// Lines of a CODEOWNERS file that the forge reads as one: it keeps the place of the first and the
/// owners of the last.
fn read_as_one(lines: LineTexts<'_>, entry: &FileLine) -> Diagnostic {
    let forge = lines.forge.title;
    let last = entry.repeated_at.last().copied().unwrap_or(entry.line);
    Diagnostic::error(format!("two lines have the pattern `{}`", entry.text))
        .at(
            FileId::ROOT,
            lines.line(entry.line),
            format!("{forge} takes the place of this line"),
        )
        .at(
            FileId::ROOT,
            lines.line(last),
            "and the owners of this line",
        )
        .note("so lines between them still win over it")
        .help("remove one of them")
}

/// Finds what can be removed for a duplicate: its rule or an alternative, if everything in it is a
/// duplicate.
struct Fixes<'r> {
    rules: &'r RuleSet,
    later: IdVec<LineId, Option<LineId>>,
    /// The last rule looked up, and what can be removed from it.
    latest: Option<(RuleId, Removable)>,
}

/// The parts of a rule that consist of duplicates only.
struct Removable {
    rule: bool,
    alternatives: Vec<bool>,
}

impl Fixes<'_> {
    fn action_for(&mut self, line: LineId) -> Option<FixAction> {
        let id = self.rules[line].rule;
        let rule = self.rules.rule_of(line);
        if self.latest.as_ref().is_none_or(|(known, _)| *known != id) {
            self.latest = Some((id, self.removable(rule)));
        }
        let (_, removable) = self.latest.as_ref()?;
        if removable.rule {
            return Some(FixAction::Remove(rule.location()));
        }
        let taken = self.rules[line].alternatives.iter().copied();
        let mut removable = taken.filter(|&each| removable.alternatives[each as usize]);
        let outermost = removable.next()?;
        Some(FixAction::RemoveAlternative(rule.location(), outermost))
    }

    fn removable(&self, rule: &Rule) -> Removable {
        let mut removable = Removable {
            rule: true,
            alternatives: vec![true; rule.alternatives.len()],
        };
        for line in rule.lines.iter().filter(|&line| self.later[line].is_none()) {
            removable.rule = false;
            for &taken in &self.rules[line].alternatives {
                removable.alternatives[taken as usize] = false;
            }
        }
        removable
    }
}
