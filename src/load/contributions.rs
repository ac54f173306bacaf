//! Reads a history, and counts who did what in some areas.

use crate::git::Repo;
use crate::git::error::Result;
use crate::paths::PathSet;
use crate::reports::contributions::areas::{Areas, Selection};
use crate::reports::contributions::{Contributions, Counter, Counting};
use crate::ruleset::RuleSet;

/// Where to look for contributions.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The rules that say who owns what.
    pub rules: &'q RuleSet,
    /// The tracked paths.
    pub paths: &'q PathSet,
    /// The areas.
    pub selections: &'q [Selection],
    /// The commit where the history ends. By default, `HEAD`.
    pub commit: Option<&'q str>,
    /// What counts, and how much.
    pub counting: Counting,
}

impl Repo {
    /// Finds the areas, and who did what in them. Generated and vendored files do not count. Calls
    /// `progress` with the number of commits that are read.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn contributions(
        &self,
        question: Question<'_>,
        mut progress: impl FnMut(usize),
    ) -> Result<(Areas, Contributions)> {
        let Question {
            rules,
            paths,
            selections,
            ..
        } = question;
        let is_left_out = self.generated_or_vendored(paths, question.commit)?;
        let areas = Areas::new(rules, paths, selections, |path| is_left_out[path]);
        let mut counter = Counter::new(paths, &areas, question.counting);
        let mut read = 0;
        self.commits(question.commit, |commit| {
            counter.add(commit);
            read += 1;
            progress(read);
        })?;
        let contributions = counter.finish();
        Ok((areas, contributions))
    }
}
