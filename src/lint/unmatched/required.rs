//! The patterns of requirements.
//!
//! A requirement is there for paths to come, so one of its patterns may match no tracked path. It is
//! reported if it is clear that another path was meant, and an exception also if it can never except
//! anything.

use super::verdict::Verdict;
use super::{Finder, Role, Unmatched, Whole};
use crate::config::Text;
use crate::lint::directory_as_file;
use crate::pattern::algebra::disjoint_within;
use crate::pattern::budget::Budget;
use crate::ruleset::requirements::{RequiredPattern, Requirement};
use crate::text::FileId;

/// The maximum number of steps to compare exceptions with `paths`, for all requirements together.
const MAX_STEPS: usize = 2_000_000;

impl Finder<'_, '_> {
    /// Reports the patterns of requirements that match no tracked path, if another one was meant.
    pub(super) fn check_requirements(&mut self) {
        let context = self.context;
        let requirements = context.project.rules.requirements();
        let mut is_live = context.survey.required.clone();
        // These are reported with a better message.
        for (index, ..) in directory_as_file::required(context) {
            is_live[index] = true;
        }
        let count: usize = requirements.iter().map(|each| each.patterns.len()).sum();
        let (mut required, mut excepted) = is_live.split_at(count.min(is_live.len()));
        let mut budget = Budget::new(MAX_STEPS);
        for requirement in requirements {
            let Requirement {
                patterns, except, ..
            } = requirement;
            let (own, rest) = required.split_at(patterns.len());
            required = rest;
            let texts = &requirement.entry.paths;
            for whole in entries(Role::Required(requirement), texts, patterns, own) {
                self.check_entry(&whole);
            }
            let (own, rest) = excepted.split_at(except.len());
            excepted = rest;
            let texts = &requirement.entry.except;
            for whole in entries(Role::NotRequired(requirement), texts, except, own) {
                let found = self.found.len();
                self.check_entry(&whole);
                if self.found.len() == found {
                    self.check_excepted(requirement, &whole, &mut budget);
                }
            }
        }
    }

    /// Reports an exception that never matches what the requirement is about.
    fn check_excepted(
        &mut self,
        requirement: &Requirement,
        whole: &Whole<'_>,
        budget: &mut Budget,
    ) {
        let mut is_never = |pattern| {
            let mut patterns = requirement.patterns.iter();
            patterns.all(|each| disjoint_within(pattern, &each.pattern, budget) == Some(true))
        };
        if whole.patterns.iter().all(|pattern| is_never(pattern)) {
            self.found.push(Unmatched {
                message: format!(
                    "the exception `{}` excludes nothing that the requirement is about",
                    whole.text.value
                ),
                location: whole.location(),
                verdict: Verdict::Never,
            });
        }
    }
}

/// The entries of a list, with what each expands to.
fn entries<'c>(
    role: Role<'c>,
    texts: &'c [Text],
    patterns: &'c [RequiredPattern],
    is_live: &[bool],
) -> Vec<Whole<'c>> {
    let mut all: Vec<Whole<'c>> = texts
        .iter()
        .map(|text| Whole {
            role,
            file: FileId::ROOT,
            text,
            directory: "",
            patterns: Vec::new(),
            is_live: Vec::new(),
        })
        .collect();
    for (each, &is_live) in patterns.iter().zip(is_live) {
        let whole = &mut all[each.entry];
        whole.patterns.push(&each.pattern);
        whole.is_live.push(is_live);
    }
    all
}
