//! The patterns, alternatives and exceptions that match no tracked path, and why.
//!
//! Code has moved, or it is gone, or the pattern was never right. `misspelled-pattern` reports a
//! pattern if it is clear what was meant, and `dead-pattern` reports the others. So both lints use
//! the result of this module, and a pattern is reported by one of them.

mod causes;
mod edit;
mod names;
mod notices;
mod past;
mod required;
mod verdict;

pub use past::Past;
pub(super) use verdict::Verdict;

use std::ops::Range;

use super::by_hand::directories_without_slash;
use super::{Context, directory_as_file, directory_of, literal_braces};
use crate::config::Text;
use crate::ids::{IdRange, IdVec};
use crate::paths::PathSet;
use crate::pattern::Pattern;
use crate::pattern::alternation::{Alternation, Alternative};
use crate::ruleset::requirements::{self, Requirement, is_guard};
use crate::ruleset::survey::Survey;
use crate::ruleset::{EntryId, ExceptionId, LineId, Rule, RuleException, RuleSet};
use crate::text::{FileId, FixAction, Location};

use verdict::Judge;

/// The maximum number of patterns of one part that are compared with the tree.
const MAX_EXAMPLES: usize = 20;
/// The maximum number of paths that git is asked about.
const MAX_MISSING: usize = 1000;

/// A part of a pattern that matches nothing.
pub(super) struct Unmatched {
    pub(super) message: String,
    pub(super) location: Location,
    pub(super) verdict: Verdict,
}

/// What a text with patterns is.
#[derive(Clone, Copy)]
enum Role<'c> {
    /// The pattern of a rule.
    Rule(&'c Rule),
    /// The pattern of a rule that only notifies.
    Notice,
    /// An entry of the `except` of a rule.
    Exception,
    /// An entry of the `paths` of a requirement.
    Required(&'c Requirement),
    /// An entry of the `except` of a requirement.
    NotRequired(&'c Requirement),
}

/// A text with patterns, with everything that it expands to.
struct Whole<'c> {
    role: Role<'c>,
    file: FileId,
    text: &'c Text,
    /// The directory of its file, which is empty at the root.
    directory: &'c str,
    patterns: Vec<&'c Pattern>,
    /// For each of the patterns, whether it matches something.
    is_live: Vec<bool>,
}

impl<'c> Whole<'c> {
    fn live(&self) -> impl Iterator<Item = &'c Pattern> {
        let all = self.patterns.iter().zip(&self.is_live);
        all.filter(|(_, is_live)| **is_live).map(|(each, _)| *each)
    }

    fn location(&self) -> Location {
        Location {
            file: self.file,
            span: self.text.span.clone(),
        }
    }

    fn is_exception(&self) -> bool {
        matches!(self.role, Role::Exception | Role::NotRequired(_))
    }

    /// The requirement that it belongs to.
    fn requirement(&self) -> Option<&'c Requirement> {
        match self.role {
            Role::Required(requirement) | Role::NotRequired(requirement) => Some(requirement),
            Role::Rule(_) | Role::Notice | Role::Exception => None,
        }
    }

    /// A help for a pattern that cannot be written in its place.
    fn beside(&self, pattern: &str) -> String {
        match self.role {
            Role::Rule(_) | Role::Notice | Role::Exception => {
                format!("write a rule for `{pattern}` instead")
            }
            Role::Required(_) => format!("add `{pattern}` to `paths` instead"),
            Role::NotRequired(_) => format!("add `{pattern}` to `except` instead"),
        }
    }
}

/// The paths in the tree that the patterns without a match name, up to the first segment that is
/// missing. Only if an earlier commit has one of them, it is worth to look for renames.
#[must_use]
pub fn missing_paths(rules: &RuleSet, survey: &Survey, paths: &PathSet) -> Vec<Vec<u8>> {
    if paths.is_empty() {
        return Vec::new();
    }
    let lines = rules.lines().with_ids();
    let lines = lines.filter(|(id, _)| survey.first[*id].is_none());
    let exceptions = rules.exceptions().with_ids();
    let exceptions = exceptions.filter(|(id, _)| !survey.excepted[*id]);
    let required = requirements::patterns(rules).zip(&survey.required);
    let required = required.filter(|&(_, &is_live)| !is_live);
    let missing = lines
        .map(|(_, line)| &line.pattern)
        .chain(exceptions.map(|(_, each)| &each.pattern))
        .chain(required.map(|((_, each), _)| &each.pattern))
        .filter_map(|pattern| Some(names::first_missing(pattern, paths)?.path()));
    let mut missing: Vec<Vec<u8>> = missing.take(MAX_MISSING).collect();
    for approval in rules.approvals() {
        let survey = Survey::new(&approval.rules.matcher(), paths);
        missing.extend(missing_paths(&approval.rules, &survey, paths));
        missing.truncate(MAX_MISSING);
    }
    missing
}

/// Finds all parts, in the order of the rules.
pub(super) fn find(context: &Context<'_>) -> Vec<Unmatched> {
    if context.facts.paths.is_empty() {
        // An empty repository says nothing about its rules.
        return Vec::new();
    }
    let rules = &context.project.rules;
    // These lines are reported with a better message.
    let first = &context.survey.first;
    let mut is_live: IdVec<LineId, bool> = first.iter().map(Option::is_some).collect();
    let others = literal_braces::lines(context).into_iter();
    for line in others.chain(directories_without_slash(context)) {
        is_live[line] = true;
    }
    for (line, _) in directory_as_file::lines(context) {
        is_live[line] = true;
    }
    let mut finder = Finder {
        context,
        judge: Judge::new(context),
        found: Vec::new(),
    };
    for rule in rules.rules() {
        if rule.lines.iter().all(|line| !is_live[line]) {
            finder.check_pattern(rule, &is_live);
            continue;
        }
        let mut left = rule.exceptions;
        // In a CODEOWNERS file they have no place of their own.
        let is_by_hand = context.project.codeowners.is_some();
        for (id, entry) in rule.except.with_ids().filter(|_| !is_by_hand) {
            let (own, rest) = exceptions_of(rules, left, id);
            finder.check_exception(rule, own, entry);
            left = rest;
        }
        if rule.lines.iter().any(|line| !is_live[line]) {
            finder.check_pattern(rule, &is_live);
        }
    }
    finder.check_notices();
    finder.check_requirements();
    finder.found
}

/// Splits exceptions into those of an entry, which come first, and the others.
fn exceptions_of(
    rules: &RuleSet,
    exceptions: IdRange<ExceptionId>,
    entry: EntryId,
) -> (IdRange<ExceptionId>, IdRange<ExceptionId>) {
    let is_of_entry = |each: &RuleException| each.entry == entry;
    let count = rules.exceptions()[exceptions].partition_point(is_of_entry);
    exceptions.split_at(count)
}

struct Finder<'f, 'c> {
    context: &'f Context<'c>,
    judge: Judge<'f, 'c>,
    found: Vec<Unmatched>,
}

impl Finder<'_, '_> {
    /// Reports the pattern of a rule, or the alternatives of it, that match no tracked path.
    fn check_pattern(&mut self, rule: &Rule, is_live: &IdVec<LineId, bool>) {
        let context = self.context;
        let rules = &context.project.rules;
        let whole = Whole {
            role: Role::Rule(rule),
            file: rule.file,
            text: &rule.pattern,
            directory: directory_of(context.project, rule.file),
            patterns: rule.lines.iter().map(|line| &rules[line].pattern).collect(),
            is_live: rule.lines.iter().map(|line| is_live[line]).collect(),
        };
        let taken = rule.lines.iter().map(|line| &*rules[line].alternatives);
        self.check_whole(&whole, &rule.alternatives, &taken.collect::<Vec<_>>());
    }

    /// Reports an entry of `except` that has no effect, or its alternatives that have none. `own`
    /// are the exceptions that it expands to.
    fn check_exception(&mut self, rule: &Rule, own: IdRange<ExceptionId>, entry: &Text) {
        let context = self.context;
        let rules = &context.project.rules;
        let whole = Whole {
            role: Role::Exception,
            file: rule.file,
            text: entry,
            directory: directory_of(context.project, rule.file),
            patterns: own.iter().map(|each| &rules[each].pattern).collect(),
            is_live: own
                .iter()
                .map(|each| context.survey.excepted[each])
                .collect(),
        };
        self.check_entry(&whole);
    }

    /// Reports an entry of a list, or some of its alternatives. These are not stored, since only this
    /// is about them.
    fn check_entry(&mut self, whole: &Whole<'_>) {
        if whole.is_live.iter().all(|&is_live| is_live) {
            return;
        }
        let Ok(expanded) = Alternation::parse(&whole.text.value) else {
            return;
        };
        let taken = expanded.expansions.iter().map(|each| &*each.alternatives);
        self.check_whole(whole, &expanded.alternatives, &taken.collect::<Vec<_>>());
    }

    /// Reports a whole text, or some of its `alternatives`. `taken` are those of each expansion.
    fn check_whole(&mut self, whole: &Whole<'_>, alternatives: &[Alternative], taken: &[&[u32]]) {
        let text = whole.text.value.as_str();
        if whole.live().next().is_none() {
            let message = if whole.is_exception() {
                format!("the exception `{text}` excludes no tracked path")
            } else {
                format!("no tracked path matches `{text}`")
            };
            let examples = &whole.patterns[..whole.patterns.len().min(MAX_EXAMPLES)];
            let removal = FixAction::Remove(whole.location());
            self.report(whole, 0..text.len(), examples, message, removal);
            return;
        }
        let dead = dead_alternatives(alternatives, taken.iter().copied().zip(&whole.is_live));
        if dead.is_empty() {
            return;
        }
        let examples = examples(alternatives.len(), taken);
        for index in dead {
            let part = alternatives[index as usize].span.clone();
            let message = match (&text[part.clone()], whole.is_exception()) {
                ("", false) => {
                    format!("no tracked path matches the empty alternative of `{text}`")
                }
                (part, false) => format!("no tracked path matches the alternative `{part}`"),
                ("", true) => format!(
                    "the empty alternative of the exception `{text}` excludes no tracked path"
                ),
                (part, true) => {
                    format!("the alternative `{part}` of the exception excludes no tracked path")
                }
            };
            let example = whole.patterns[examples[index as usize]];
            let removal = FixAction::RemoveAlternative(whole.location(), index);
            self.report(whole, part, &[example], message, removal);
        }
    }

    /// Whether one of these patterns of a rule guards a requirement.
    fn guards(&self, whole: &Whole<'_>, patterns: &[&Pattern]) -> bool {
        let rules = &self.context.project.rules;
        let is_meant = |line: &LineId| patterns.contains(&&rules[*line].pattern);
        let Role::Rule(rule) = whole.role else {
            return false;
        };
        !rules.requirements().is_empty()
            && (rule.lines.iter()).any(|line| is_meant(&line) && is_guard(rules, line))
    }

    /// Reports a part of a text. `examples` are some of the patterns that it expands to.
    fn report(
        &mut self,
        whole: &Whole<'_>,
        part: Range<usize>,
        examples: &[&Pattern],
        message: String,
        removal: FixAction,
    ) {
        let source = &self.context.project.sources[whole.file].text;
        let span = if part.len() == whole.text.value.len() {
            whole.text.span.clone()
        } else {
            whole.text.locate(source, part.clone())
        };
        let location = Location {
            file: whole.file,
            span,
        };
        let verdict = self.judge.verdict(whole, &part, examples, removal);
        // A requirement, and a rule that guards one, is there for paths to come.
        let is_guard = whole.requirement().is_some() || self.guards(whole, examples);
        if matches!(verdict, Verdict::Dead { .. }) && is_guard {
            return;
        }
        self.found.push(Unmatched {
            message,
            location,
            verdict,
        });
    }
}

/// The alternatives without a live expansion, except those inside another such alternative.
/// `expansions` are given with the alternatives that they take.
fn dead_alternatives<'e>(
    alternatives: &[Alternative],
    expansions: impl Iterator<Item = (&'e [u32], &'e bool)>,
) -> Vec<u32> {
    if alternatives.is_empty() {
        return Vec::new();
    }
    let mut is_live = vec![false; alternatives.len()];
    for (taken, _) in expansions.filter(|&(_, is_live)| *is_live) {
        for &index in taken {
            is_live[index as usize] = true;
        }
    }
    (0..alternatives.len())
        .filter(|&index| !is_live[index])
        .filter(|&index| {
            let parent = alternatives[index].parent;
            parent.is_none_or(|parent| is_live[parent])
        })
        .map(|index| index as u32)
        .collect()
}

/// For each of `count` alternatives, the index of the first expansion that takes it.
fn examples(count: usize, expansions: &[&[u32]]) -> Vec<usize> {
    let mut examples: Vec<Option<usize>> = vec![None; count];
    for (expansion, taken) in expansions.iter().enumerate() {
        for &index in *taken {
            examples[index as usize].get_or_insert(expansion);
        }
    }
    examples
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}
