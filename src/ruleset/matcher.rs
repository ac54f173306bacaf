//! Matches rules: patterns with exceptions.

use super::{ExceptionId, LineId, RuleSet};
use crate::ids::{Id, IdVec};
use crate::matcher::{Matcher, Walk};
use crate::pattern::Pattern;

/// The rules of a configuration, compiled.
#[derive(Debug)]
pub struct RuleMatcher<'r> {
    rules: &'r RuleSet,
    /// The patterns of the lines, then those of the exceptions.
    matcher: Matcher,
}

impl<'r> RuleMatcher<'r> {
    /// Compiles the rules.
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        Self::with_patterns(rules, |_| true)
    }

    /// Compiles only the rules that may match one of `paths`. The result is correct for these paths
    /// only. With few paths, compiling all rules would be most of the work.
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

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &'r RuleSet {
        self.rules
    }

    /// The line that decides who owns `path`.
    #[must_use]
    pub fn decide(&self, path: &[u8]) -> Option<LineId> {
        self.walk().decide(path)
    }

    /// Starts a walk that decides one path after another. Sorted order is fastest.
    #[must_use]
    pub fn walk(&self) -> RuleWalk<'_, 'r> {
        RuleWalk {
            rules: self.rules,
            walk: self.matcher.walk(),
            typical: None,
            excepted: None,
            matches: Vec::new(),
            lines: Vec::new(),
            exceptions: Vec::new(),
        }
    }
}

/// The state of a walk over sorted paths. See [`Walk`].
#[derive(Debug)]
pub struct RuleWalk<'m, 'r> {
    rules: &'r RuleSet,
    walk: Walk<'m>,
    /// The decision for the current [`Walk::typical`] paths: those that match the same patterns.
    typical: Option<(u64, Option<LineId>)>,
    /// For each exception, whether it keeps its rule from a path. `None` unless asked for.
    excepted: Option<IdVec<ExceptionId, bool>>,
    /// Buffers for the patterns that match a path, and for the lines and exceptions among them.
    matches: Vec<u32>,
    lines: Vec<LineId>,
    exceptions: Vec<ExceptionId>,
}

impl RuleWalk<'_, '_> {
    /// The line that decides who owns `path`: the last line that matches and is not excepted by its
    /// own rule.
    #[inline]
    pub fn decide(&mut self, path: &[u8]) -> Option<LineId> {
        self.walk.read(path);
        if self.walk.has_bystanders() {
            self.decide_with_exceptions()
        } else {
            self.walk.last().map(LineId::from_number)
        }
    }

    /// The outermost directory of the last path that has the same decision for all paths below it,
    /// at any depth. Returned as the length of its name, including the trailing slash.
    #[inline]
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        self.walk.decided_directory()
    }

    /// The work of matching so far, in steps of some nanoseconds.
    pub(crate) fn work(&self) -> usize {
        self.walk.work()
    }

    /// Skips `paths` paths of that directory.
    pub(crate) fn skip(&mut self, paths: usize) {
        self.walk.skip(paths);
    }

    /// [`decide`](Self::decide) if some exception matches, of any rule.
    fn decide_with_exceptions(&mut self) -> Option<LineId> {
        let typical = self.walk.typical();
        if let Some((known, decision)) = self.typical
            && Some(known) == typical
        {
            return decision;
        }
        self.walk.all(&mut self.matches);
        self.split();
        let mut lines = self.lines.iter().rev().copied();
        let decision = lines.find(|&line| !self.is_excepted(line));
        if let Some(excepted) = &mut self.excepted {
            for &exception in &self.exceptions {
                let rule = &self.rules[self.rules[exception].rule];
                excepted[exception] |= !rule.lines.among(&self.lines).is_empty();
            }
        }
        self.typical = typical.map(|typical| (typical, decision));
        decision
    }

    /// Splits the matching patterns into lines and exceptions. In the matcher, the patterns of
    /// lines come first.
    fn split(&mut self) {
        let end = self.rules.lines.next_id().number();
        let count = self.matches.partition_point(|&pattern| pattern < end);
        let (lines, exceptions) = self.matches.split_at(count);
        let exception = |&pattern: &u32| ExceptionId::from_number(pattern - end);
        self.lines.clear();
        self.lines
            .extend(lines.iter().copied().map(LineId::from_number));
        self.exceptions.clear();
        self.exceptions.extend(exceptions.iter().map(exception));
    }

    /// Whether a matching exception belongs to the rule of `line`.
    fn is_excepted(&self, line: LineId) -> bool {
        let own = self.rules.rule_of(line).exceptions;
        !own.among(&self.exceptions).is_empty()
    }

    /// Every line that matches `path` and is not excepted, ascending. The last one decides.
    pub fn applicable(&mut self, path: &[u8]) -> Vec<LineId> {
        self.walk.read(path);
        self.walk.all(&mut self.matches);
        self.split();
        let lines = self.lines.iter().copied();
        lines.filter(|&line| !self.is_excepted(line)).collect()
    }

    /// Starts to record the first path that each line matches, and which exceptions keep their rule
    /// from a path.
    pub(crate) fn remember_hits(&mut self) {
        self.walk.remember_hits();
        self.typical = None;
        self.excepted = Some(IdVec::filled(&self.rules.exceptions, false));
    }

    /// For each line, the first path that it matches, counted as in [`Walk::hits`]. For each
    /// exception, whether it kept its rule from a path.
    pub(crate) fn hits(self) -> (IdVec<LineId, Option<u32>>, IdVec<ExceptionId, bool>) {
        let mut hits = self.walk.hits();
        hits.truncate(self.rules.lines.len());
        (hits.into(), self.excepted.unwrap_or_default())
    }
}
