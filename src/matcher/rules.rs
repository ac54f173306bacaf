//! Matching rules: patterns with exceptions.

use super::{Matcher, Walk};
use crate::ruleset::RuleSet;

/// The rules of a configuration, compiled. Lines are indices into [`RuleSet::lines`].
#[derive(Debug)]
pub struct RuleMatcher<'r> {
    rules: &'r RuleSet,
    /// The patterns of the lines, and behind them those of the exceptions.
    matcher: Matcher,
}

impl<'r> RuleMatcher<'r> {
    /// Compiles the rules.
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        let lines = rules.lines.iter().map(|line| &line.pattern);
        let exceptions = rules.exceptions.iter().map(|exception| &exception.pattern);
        let matcher = Matcher::with_bystanders(lines, exceptions);
        RuleMatcher { rules, matcher }
    }

    /// The line that decides who owns `path`.
    #[must_use]
    pub fn decide(&self, path: &[u8]) -> Option<u32> {
        self.walk().decide(path)
    }

    /// Starts to decide one path after another, best in sorted order.
    #[must_use]
    pub fn walk(&self) -> RuleWalk<'_, 'r> {
        RuleWalk {
            rules: self.rules,
            walk: self.matcher.walk(),
        }
    }
}

/// The state of deciding sorted paths. See [`Walk`].
#[derive(Debug)]
pub struct RuleWalk<'m, 'r> {
    rules: &'r RuleSet,
    walk: Walk<'m>,
}

impl RuleWalk<'_, '_> {
    /// The line that decides who owns `path`: the last that matches, unless an exception of its
    /// rule matches as well.
    #[inline]
    pub fn decide(&mut self, path: &[u8]) -> Option<u32> {
        let last = self.walk.last_match(path)?;
        if self.rules.exceptions.is_empty() || self.rules.rule_of(last).exceptions.is_empty() {
            return Some(last);
        }
        self.applicable(path).last().copied()
    }

    /// Every line that matches `path` and is not excepted, ascending: the last decides.
    pub fn applicable(&mut self, path: &[u8]) -> Vec<u32> {
        let (mut lines, exceptions) = self.matches(path);
        lines.retain(|&line| {
            let range = &self.rules.rule_of(line).exceptions;
            !exceptions.iter().any(|exception| range.contains(exception))
        });
        lines
    }

    /// The lines that match `path`, and the exceptions (indices into [`RuleSet::exceptions`]).
    pub(crate) fn matches(&mut self, path: &[u8]) -> (Vec<u32>, Vec<usize>) {
        let mut lines = self.walk.all_matches(path);
        let count = self.rules.lines.len() as u32;
        let exceptions = lines.partition_point(|&index| index < count);
        let exceptions = lines
            .drain(exceptions..)
            .map(|index| (index - count) as usize)
            .collect();
        (lines, exceptions)
    }

    /// From now on remembers which lines match any path.
    pub(crate) fn remember_hits(&mut self) {
        self.walk.remember_hits();
    }

    /// For each line, whether it matched any path since [`remember_hits`](Self::remember_hits).
    pub(crate) fn hits(&self) -> Vec<bool> {
        let mut hits = self.walk.hits();
        hits.truncate(self.rules.lines.len());
        hits
    }
}
