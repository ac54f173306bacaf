//! Matches rules: patterns with exceptions.

use super::{ExceptionId, LineId, Ownership, RuleSet};
use crate::ids::{Id, IdVec};
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
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

    /// The line that decides who owns `path`. See [`RuleWalk::decide`].
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
            deciding: Vec::new(),
            typical_deciding: None,
            composed: None,
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
    /// The decision of [`decide_each`](Self::decide_each) for the last path, and the
    /// [`Walk::typical`] paths that it is for.
    deciding: Vec<LineId>,
    typical_deciding: Option<u64>,
    /// The owners that [`ownership`](Self::ownership) put together last, and the lines they are of.
    /// Neighbors mostly have the same.
    composed: Option<(Vec<LineId>, Vec<Owner>)>,
    /// Buffers for the patterns that match a path, and for the lines and exceptions among them.
    matches: Vec<u32>,
    lines: Vec<LineId>,
    exceptions: Vec<ExceptionId>,
}

impl RuleWalk<'_, '_> {
    /// The line that decides who owns `path`: the last line that matches and is not excepted by its
    /// own rule.
    ///
    /// If [several lines](RuleSet::several_may_decide) decide, this is one of the lines of
    /// [`decide_each`](Self::decide_each): the first that has owners, if there is one. So its
    /// [`ownership`](RuleSet::ownership) is the state of the path, but may lack owners.
    #[inline]
    pub fn decide(&mut self, path: &[u8]) -> Option<LineId> {
        if self.rules.several_may_decide() {
            return self.first_of_several(path);
        }
        self.walk.read(path);
        if self.walk.has_bystanders() {
            self.decide_with_exceptions(path)
        } else {
            self.walk.last().map(LineId::from_number)
        }
    }

    /// [`decide`](Self::decide) if several lines may decide. Apart, so that the usual case is inlined.
    #[cold]
    fn first_of_several(&mut self, path: &[u8]) -> Option<LineId> {
        let rules = self.rules;
        rules.first_owning(self.decide_each(path))
    }

    /// The lines that decide who owns `path`, in the order of the rules: the base and the additions
    /// to it or, in a file with sections, the last line of each section that matches. At most one if
    /// [several cannot decide](RuleSet::several_may_decide).
    pub fn decide_each(&mut self, path: &[u8]) -> &[LineId] {
        if !self.rules.several_may_decide() {
            let line = self.decide(path);
            self.deciding.clear();
            self.deciding.extend(line);
            return &self.deciding;
        }
        self.walk.read(path);
        if !self.rules.has_sections && !self.walk.has_bystanders() {
            // Most paths have no additions.
            let last = self.walk.last().map(LineId::from_number);
            if !last.is_some_and(|line| self.rules.line_adds(line)) {
                self.typical_deciding = None;
                self.deciding.clear();
                self.deciding.extend(last);
                return &self.deciding;
            }
        }
        // Tests tell paths apart that match the same patterns.
        let typical = (self.walk.typical()).filter(|_| !self.rules.has_tests);
        if typical.is_some() && typical == self.typical_deciding {
            return &self.deciding;
        }
        self.typical_deciding = typical;
        self.walk.all(&mut self.matches);
        self.split(path);
        self.deciding.clear();
        if self.rules.has_sections {
            self.last_of_each_section();
        } else {
            self.base_and_additions();
            self.note_excepted();
        }
        &self.deciding
    }

    /// Decides by the last matching line of each section. The lines of a section are beside each
    /// other. A file has no exceptions.
    fn last_of_each_section(&mut self) {
        for &line in &self.lines {
            match self.deciding.last_mut() {
                Some(last) if self.rules.section_of(*last) == self.rules.section_of(line) => {
                    *last = line;
                }
                _ => self.deciding.push(line),
            }
        }
    }

    /// Decides by the last matching line that replaces, and the last line of each rule behind it that
    /// adds.
    fn base_and_additions(&mut self) {
        for index in (0..self.lines.len()).rev() {
            let line = self.lines[index];
            let rule = self.rules[line].rule;
            let is_known =
                (self.deciding.last()).is_some_and(|&last| self.rules[last].rule == rule);
            if is_known || self.is_excepted(line) {
                continue;
            }
            self.deciding.push(line);
            if !self.rules[rule].adds() {
                break;
            }
        }
        self.deciding.reverse();
    }

    /// Who owns `path`, with the owners of all lines that decide.
    pub fn ownership(&mut self, path: &[u8]) -> Ownership<'_> {
        let rules = self.rules;
        if !rules.several_may_decide() {
            return rules.ownership(self.decide(path));
        }
        self.decide_each(path);
        if let [] | [_] = *self.deciding {
            return rules.ownership(self.deciding.first().copied());
        }
        let is_known = |(lines, _): &(Vec<LineId>, Vec<Owner>)| *lines == self.deciding;
        if !self.composed.as_ref().is_some_and(is_known) {
            let owners = rules.owners_of(&self.deciding).into_owned();
            self.composed = Some((self.deciding.clone(), owners));
        }
        match self.composed.as_ref().map(|(_, owners)| &**owners) {
            None | Some([]) => Ownership::Nobody,
            Some(owners) => Ownership::Owned(owners),
        }
    }

    /// The lines that [`decide_each`](Self::decide_each) found for the last path, if
    /// [several may decide](RuleSet::several_may_decide).
    pub(crate) fn deciding(&self) -> &[LineId] {
        &self.deciding
    }

    /// The lines that decide the last path, if `decision` is what [`decide`](Self::decide) returned for
    /// it.
    pub(crate) fn lines_of<'d>(&'d self, decision: &'d Option<LineId>) -> &'d [LineId] {
        match self.rules.several_may_decide() {
            true => &self.deciding,
            false => decision.as_slice(),
        }
    }

    /// What became of `line` for `path`: a line of its rule if the rule is among those that decide, or
    /// else the last line of its section that replaces.
    pub(crate) fn decide_beside(&mut self, path: &[u8], line: LineId) -> Option<LineId> {
        let rules = self.rules;
        if !rules.several_may_decide() {
            return self.decide(path);
        }
        let (section, rule) = (rules.section_of(line), rules[line].rule);
        let mut lines = self.decide_each(path).iter().copied();
        if rules.has_sections {
            return lines.find(|&each| rules.section_of(each) == section);
        }
        let base = lines.clone().next().filter(|&base| !rules.line_adds(base));
        lines.find(|&each| rules[each].rule == rule).or(base)
    }

    /// The outermost directory of the last path that has the same decision for all paths below it,
    /// at any depth. Returned as the length of its name, including the trailing slash.
    #[inline]
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        match self.rules.has_tests {
            true => None,
            false => self.walk.decided_directory(),
        }
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
    fn decide_with_exceptions(&mut self, path: &[u8]) -> Option<LineId> {
        let typical = self.walk.typical();
        if let Some((known, decision)) = self.typical
            && Some(known) == typical
        {
            return decision;
        }
        self.walk.all(&mut self.matches);
        self.split(path);
        let mut lines = self.lines.iter().rev().copied();
        let decision = lines.find(|&line| !self.is_excepted(line));
        self.note_excepted();
        self.typical = typical.map(|typical| (typical, decision));
        decision
    }

    /// Records the matching exceptions that keep their rule from the path, if this is asked for.
    fn note_excepted(&mut self) {
        if let Some(excepted) = &mut self.excepted {
            for &exception in &self.exceptions {
                let rule = &self.rules[self.rules[exception].rule];
                excepted[exception] |= !rule.lines.among(&self.lines).is_empty();
            }
        }
    }

    /// Splits the matching patterns into lines and exceptions. In the matcher, the patterns of
    /// lines come first. Drops the lines whose test `path` does not pass.
    fn split(&mut self, path: &[u8]) {
        let end = self.rules.lines.next_id().number();
        let count = self.matches.partition_point(|&pattern| pattern < end);
        let (lines, exceptions) = self.matches.split_at(count);
        let exception = |&pattern: &u32| ExceptionId::from_number(pattern - end);
        self.lines.clear();
        self.lines
            .extend(lines.iter().copied().map(LineId::from_number));
        self.exceptions.clear();
        self.exceptions.extend(exceptions.iter().map(exception));
        if self.rules.has_tests {
            let passes = |line: &LineId| {
                let test = self.rules[*line].test.as_ref();
                test.is_none_or(|test| test.matches(path))
            };
            self.lines.retain(passes);
        }
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
        self.split(path);
        let lines = self.lines.iter().copied();
        lines.filter(|&line| !self.is_excepted(line)).collect()
    }

    /// Starts to record the first path that each line matches, and which exceptions keep their rule
    /// from a path.
    pub(crate) fn remember_hits(&mut self) {
        self.walk.remember_hits();
        self.typical = None;
        self.typical_deciding = None;
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
