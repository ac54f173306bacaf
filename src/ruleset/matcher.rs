//! Matching rules: patterns with exceptions.

use super::RuleSet;
use crate::matcher::{Matcher, Walk};
use crate::pattern::Pattern;

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
        Self::with_patterns(rules, |_| true)
    }

    /// Compiles as much of the rules as can have a say on `paths`, and is right for these alone: for
    /// a few paths, compiling all of them would be most of the work.
    #[must_use]
    pub fn for_paths(rules: &'r RuleSet, paths: &[&[u8]]) -> Self {
        let firsts: Vec<&[u8]> = paths
            .iter()
            .filter_map(|path| path.split(|&byte| byte == b'/').next())
            .collect();
        Self::with_patterns(rules, |pattern| match pattern.first_name() {
            Some(name) => firsts.contains(&name.as_bytes()),
            None => true,
        })
    }

    fn with_patterns(rules: &'r RuleSet, wanted: impl Fn(&Pattern) -> bool) -> Self {
        let lines = rules.lines.iter().map(|line| &line.pattern);
        let exceptions = rules.exceptions.iter().map(|exception| &exception.pattern);
        let matcher = Matcher::with_bystanders(lines, exceptions, wanted);
        RuleMatcher { rules, matcher }
    }

    /// What was compiled.
    #[must_use]
    pub fn rules(&self) -> &'r RuleSet {
        self.rules
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
            typical: None,
            excepted: None,
            matches: Vec::new(),
        }
    }
}

/// The state of deciding sorted paths. See [`Walk`].
#[derive(Debug)]
pub struct RuleWalk<'m, 'r> {
    rules: &'r RuleSet,
    walk: Walk<'m>,
    /// What was decided where exceptions take all of a directory: for [`Walk::typical`] paths.
    typical: Option<(u64, Option<u32>)>,
    /// Which exceptions keep their rule from any path, if anybody wants to know.
    excepted: Option<Vec<bool>>,
    /// Room for what matches a path.
    matches: Vec<u32>,
}

impl RuleWalk<'_, '_> {
    /// The line that decides who owns `path`: the last that matches, unless an exception of its
    /// rule matches as well.
    #[inline]
    pub fn decide(&mut self, path: &[u8]) -> Option<u32> {
        self.walk.read(path);
        if self.walk.has_bystanders() {
            self.decide_with_exceptions()
        } else {
            self.walk.last()
        }
    }

    /// The outermost directory of the latest path of which all is decided as that path was, however
    /// deep, if there is one: the length of its name, trailing slash included.
    #[inline]
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        self.walk.decided_directory()
    }

    /// How much work matching was so far, in steps of some nanoseconds.
    pub(crate) fn work(&self) -> usize {
        self.walk.work()
    }

    /// Passes over so many paths in that directory.
    pub(crate) fn skip(&mut self, paths: usize) {
        self.walk.skip(paths);
    }

    /// The same where some exception matches, of this rule or another.
    fn decide_with_exceptions(&mut self) -> Option<u32> {
        let typical = self.walk.typical();
        if let Some((known, decision)) = self.typical
            && Some(known) == typical
        {
            return decision;
        }
        let mut matches = std::mem::take(&mut self.matches);
        self.walk.all(&mut matches);
        let (lines, exceptions) = self.split(&matches);
        let decision =
            (lines.iter().rev().copied()).find(|&line| !self.is_excepted(line, exceptions));
        if let Some(excepted) = &mut self.excepted {
            for &exception in exceptions {
                let exception = exception as usize - self.rules.lines.len();
                let rule = &self.rules.rules[self.rules.exceptions[exception].rule as usize];
                let first = lines.partition_point(|&line| (line as usize) < rule.lines.start);
                excepted[exception] |=
                    (lines.get(first)).is_some_and(|&line| (line as usize) < rule.lines.end);
            }
        }
        self.matches = matches;
        self.typical = typical.map(|typical| (typical, decision));
        decision
    }

    /// What matches a path, ascending, as lines and exceptions.
    fn split<'s>(&self, matches: &'s [u32]) -> (&'s [u32], &'s [u32]) {
        let lines = self.rules.lines.len();
        matches.split_at(matches.partition_point(|&index| (index as usize) < lines))
    }

    /// Whether one of `exceptions`, ascending, is of the rule of `line`.
    fn is_excepted(&self, line: u32, exceptions: &[u32]) -> bool {
        let own = &self.rules.rule_of(line).exceptions;
        let place = |index: u32| index as usize - self.rules.lines.len();
        let first = exceptions.partition_point(|&index| place(index) < own.start);
        (exceptions.get(first)).is_some_and(|&index| place(index) < own.end)
    }

    /// Every line that matches `path` and is not excepted, ascending: the last decides.
    pub fn applicable(&mut self, path: &[u8]) -> Vec<u32> {
        let matches = self.walk.all_matches(path);
        let (lines, exceptions) = self.split(&matches);
        let is_applicable = |line: &u32| !self.is_excepted(*line, exceptions);
        lines.iter().copied().filter(is_applicable).collect()
    }

    /// From now on remembers which path each line matches first, and which exceptions keep their
    /// rule from any.
    pub(crate) fn remember_hits(&mut self) {
        self.walk.remember_hits();
        self.typical = None;
        self.excepted = Some(vec![false; self.rules.exceptions.len()]);
    }

    /// For each line, which path it matched first, as [`Walk::hits`] says it, and for each exception,
    /// whether it kept its rule from any.
    pub(crate) fn hits(self) -> (Vec<Option<u32>>, Vec<bool>) {
        let mut hits = self.walk.hits();
        hits.truncate(self.rules.lines.len());
        (hits, self.excepted.unwrap_or_default())
    }
}
