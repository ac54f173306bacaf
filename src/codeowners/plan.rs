//! The lines of a file, before they are text.
//!
//! Rules and lines are not the same. A forge knows no exceptions, so a rule with `except` is
//! followed by lines that restore, for the paths excepted, what stood before it; and where a
//! platform has no one pattern for what a rule's pattern matches, it takes two lines.
//!
//! # Exceptions
//!
//! For a rule with pattern P and an exception X, the paths of P ∩ X must be owned as if the rule
//! were not there: by the last line before it that matches, or by nobody. So after the rule's own
//! line, every line that stands before it is repeated, intersected with P ∩ X, in the same order,
//! starting with one without owners. What a later one of these lines covers need not be written,
//! and nothing before a line that covers all of P ∩ X.
//!
//! # Files that are no directories
//!
//! GitHub cannot say "a file `x`, but not what is in a directory `x`", which such an intersection
//! may ask for (`/docs/*` ∩ `*.md`). There the wider line is written, and what it takes too much,
//! below the directory, is restored in the same way.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::lines::Lines;
use super::{Inexact, gitlab, meant};
use crate::owner::Owner;
use crate::pattern::cover::{covered_by, covers, disjoint, part_ways};
use crate::pattern::intersect::intersect;
use crate::pattern::{Gap, Pattern};
use crate::platform::Platform;
use crate::ruleset::RuleSet;

/// The most lines that one rule may take.
const MAX_LINES: usize = 1000;
/// How long to look for a proof that several lines together cover one.
const BUDGET: usize = 5_000;

/// How many pairs of patterns may be compared for one rule. Exceptions to unanchored patterns of
/// many parts overlap in more ways than anybody wants to read.
const MAX_WORK: usize = 50_000;
/// The same for all rules of a file: about a second.
const MAX_WORK_IN_ALL: usize = 600_000;
/// What to search for a proof over several lines counts for, in pairs.
const SEARCH: usize = 100;
/// With so many of the latest lines is a new one compared.
const RECENT: usize = 16;
/// So many lines that begin differently are passed over in the time of comparing one pair.
const GLANCES: usize = 30;

/// A line of a CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it matches.
    pub pattern: Pattern,
    /// Who owns that; nobody, if it is empty.
    pub owners: Arc<[Owner]>,
    /// Whether it is an exclusion of GitLab: what it matches is nobody's whatever other lines say.
    pub is_exclusion: bool,
    /// The rule that it is written for, as an index into [`RuleSet::rules`].
    pub rule: u32,
    /// The line of the rules that it says, as an index into [`RuleSet::lines`]; none for a line that
    /// restores what an exception leaves alone.
    pub origin: Option<u32>,
}

/// The lines that say on `platform` what the rules say.
///
/// # Errors
///
/// Every rule that cannot be said there.
pub fn plan(rules: &RuleSet, platform: Platform) -> Result<Vec<Line>, Vec<Inexact>> {
    let rules = &*meant(rules, platform);
    let mut planner = Planner {
        platform,
        lines: Lines::default(),
        limit: 0,
        work: Work::default(),
        inexact: Vec::new(),
    };
    for index in 0..rules.rules.len() as u32 {
        planner.rule(rules, index);
        if planner.work.in_all > MAX_WORK_IN_ALL {
            return Err(planner.inexact);
        }
    }
    let has_exceptions = !rules.exceptions.is_empty();
    if has_exceptions || platform == Platform::GitLab {
        planner.keep_last();
    }
    if has_exceptions {
        planner.drop_what_changes_nothing();
    }
    if platform == Platform::GitLab {
        planner.exclude();
    }
    // A pattern that takes two lines is still one fault.
    planner.inexact.dedup_by_key(|each| (each.rule, each.line));
    if planner.inexact.is_empty() {
        Ok(planner.lines.into_vec())
    } else {
        Err(planner.inexact)
    }
}

struct Planner {
    platform: Platform,
    lines: Lines,
    /// How many lines there may be when the present rule is done.
    limit: usize,
    work: Work,
    inexact: Vec<Inexact>,
}

/// Why the exceptions of a rule cannot be said.
#[derive(Clone, Copy)]
enum Refusal {
    /// They take too many lines, or these take too long to find.
    TooManyLines,
    /// All exceptions of the file together take too long to work out.
    TooMuchInAll,
    /// They ask for files, but not for what is in directories of the same name, at any depth.
    FilesAtAnyDepth,
}

impl Refusal {
    fn reason(self) -> String {
        match self {
            Refusal::TooManyLines => {
                format!("its exceptions take more than {MAX_LINES} lines, or too long to work out")
            }
            Refusal::TooMuchInAll => {
                "all exceptions up to this one overlap in too many ways to work out".into()
            }
            Refusal::FilesAtAnyDepth => {
                "its exceptions need \"a file, but not what is in a directory \
                 of that name\", at any depth"
                    .into()
            }
        }
    }

    fn help(self) -> &'static str {
        match self {
            Refusal::TooManyLines => {
                "narrow the rule or its exceptions, or move it before the rules that it overlaps"
            }
            Refusal::TooMuchInAll => {
                "anchor the rules with exceptions, or those before them, with a `/` at their start"
            }
            Refusal::FilesAtAnyDepth => {
                "anchor the rule or the exception with a `/` at its start, or let neither end in `/*`"
            }
        }
    }
}

/// How much comparing has been done.
#[derive(Default)]
struct Work {
    for_rule: usize,
    in_all: usize,
    /// Whether only the limit for all rules holds.
    for_all_rules: bool,
}

impl Work {
    fn spend(&mut self, steps: usize) -> Result<(), Refusal> {
        self.for_rule += steps;
        self.in_all += steps;
        if self.for_rule > MAX_WORK && !self.for_all_rules {
            return Err(Refusal::TooManyLines);
        }
        if self.in_all > MAX_WORK_IN_ALL
            || (self.for_all_rules && self.in_all > MAX_WORK_IN_ALL / 4)
        {
            return Err(Refusal::TooMuchInAll);
        }
        Ok(())
    }

    /// Whether some path matches both. Most pairs of rules begin differently, and cost nothing.
    fn overlap(&mut self, a: &Pattern, b: &Pattern) -> Result<bool, Refusal> {
        if part_ways(a, b) {
            return Ok(false);
        }
        self.spend(1)?;
        Ok(!disjoint(a, b))
    }

    fn covers(&mut self, wide: &Pattern, narrow: &Pattern) -> Result<bool, Refusal> {
        if part_ways(wide, narrow) {
            return Ok(false);
        }
        self.spend(1)?;
        Ok(covers(wide, narrow))
    }

    /// The paths that the rule's patterns and its exceptions have in common, as patterns.
    fn excepted<'p>(
        &mut self,
        patterns: &[Pattern],
        exceptions: impl Iterator<Item = &'p Pattern>,
    ) -> Result<Vec<Pattern>, Refusal> {
        let mut common: Vec<Pattern> = Vec::new();
        for exception in exceptions {
            for pattern in patterns {
                if !self.overlap(pattern, exception)? {
                    continue;
                }
                let both = intersect(pattern, exception, MAX_LINES);
                'each: for each in both.map_err(|_| Refusal::TooManyLines)? {
                    let mut kept = Vec::with_capacity(common.len() + 1);
                    for known in &common {
                        if self.covers(known, &each)? {
                            continue 'each;
                        }
                        kept.push(!self.covers(&each, known)?);
                    }
                    let mut kept = kept.into_iter();
                    common.retain(|_| kept.next() == Some(true));
                    common.push(each);
                }
                if common.len() > MAX_LINES {
                    return Err(Refusal::TooManyLines);
                }
            }
        }
        Ok(common)
    }

    /// Whether all that `line` matches has its owners by the lines before `place` already.
    fn holds_already(&mut self, lines: &Lines, place: usize, line: &Line) -> Result<bool, Refusal> {
        let near = lines.near(&line.pattern);
        self.spend(near.len() / GLANCES)?;
        for (_, earlier) in near.into_iter().rev().filter(|(other, _)| *other < place) {
            if !self.overlap(&earlier.pattern, &line.pattern)? {
                continue;
            }
            if earlier.owners != line.owners {
                return Ok(false);
            }
            if self.covers(&earlier.pattern, &line.pattern)? {
                return Ok(true);
            }
        }
        // What nothing matches is nobody's anyway.
        Ok(line.owners.is_empty())
    }

    /// Whether the lines behind `place` cover everything that `line` matches.
    fn is_shadowed(&mut self, lines: &Lines, place: usize, line: &Line) -> Result<bool, Refusal> {
        let mut later = Vec::new();
        let near = lines.near(&line.pattern);
        self.spend(near.len() / GLANCES)?;
        for (other, behind) in near {
            if other > place && self.overlap(&behind.pattern, &line.pattern)? {
                later.push(&behind.pattern);
            }
        }
        self.spend(later.len() + SEARCH)?;
        Ok(!later.is_empty() && covered_by(&line.pattern, &later, BUDGET) == Some(true))
    }
}

impl Planner {
    fn rule(&mut self, rules: &RuleSet, index: u32) {
        let rule = &rules.rules[index as usize];
        let before = self.lines.len();
        let own = rule.lines.clone();
        let exceptions = &rules.exceptions[rule.exceptions.clone()];
        self.work.for_rule = 0;
        // What the lines match, and all of which the exceptions may be about.
        let mut matched: Vec<Pattern> = Vec::new();
        for origin in own {
            let pattern = &rules.lines[origin].pattern;
            let mut patterns = match self.platform {
                Platform::GitHub => vec![pattern.clone()],
                Platform::GitLab => gitlab::split(pattern),
            };
            let halves = patterns.len();
            if halves > 1 {
                // Of what is there and what is below, one may be excepted whole.
                patterns.retain(|half| {
                    let mut exceptions = exceptions.iter().map(|each| &each.pattern);
                    !exceptions.any(|each| self.work.covers(each, half).unwrap_or(false))
                });
            }
            match patterns.len() == halves {
                true => matched.push(pattern.clone()),
                false => matched.extend_from_slice(&patterns),
            }
            for pattern in patterns {
                self.lines.push(Line {
                    pattern,
                    owners: rule.owners.clone(),
                    is_exclusion: false,
                    rule: index,
                    origin: Some(origin as u32),
                });
            }
        }
        if exceptions.is_empty() {
            return;
        }
        self.limit = self.lines.len() + MAX_LINES;
        self.work.for_rule = 0;
        let exceptions = exceptions.iter().map(|exception| &exception.pattern);
        let excepted = self.work.excepted(&matched, exceptions);
        let restored = excepted.and_then(|excepted| {
            let mut excepted = excepted.iter();
            excepted.try_for_each(|each| self.restore(before, each, index))
        });
        if let Err(refusal) = restored {
            self.inexact.push(Inexact {
                platform: self.platform,
                rule: index,
                line: None,
                reason: refusal.reason(),
                help: refusal.help().into(),
            });
        }
    }

    /// Appends lines after which the paths of `pattern` are owned as they were before the line
    /// `before`.
    fn restore(&mut self, before: usize, pattern: &Pattern, rule: u32) -> Result<(), Refusal> {
        let mut restored: Vec<Line> = Vec::new();
        let mut seen: FxHashSet<Pattern> = FxHashSet::default();
        let mut is_covered = false;
        // From the last back: once a line covers everything, what stands before it has no say.
        let near = self.lines.near(pattern);
        for (_, line) in near.into_iter().rev().filter(|(place, _)| *place < before) {
            if !self.work.overlap(&line.pattern, pattern)? {
                continue;
            }
            let common =
                intersect(&line.pattern, pattern, MAX_LINES).map_err(|_| Refusal::TooManyLines)?;
            for pattern in common.into_iter().rev() {
                // All that matters is not to let repetitions pile up: what is left is dropped later.
                let mut is_shadowed = !seen.insert(pattern.clone());
                for later in restored.iter().rev().take(RECENT) {
                    is_shadowed = is_shadowed || self.work.covers(&later.pattern, &pattern)?;
                }
                if !is_shadowed {
                    restored.push(Line {
                        pattern,
                        owners: line.owners.clone(),
                        is_exclusion: false,
                        rule,
                        origin: None,
                    });
                }
            }
            if restored.len() > MAX_LINES {
                return Err(Refusal::TooManyLines);
            }
            is_covered = self.work.covers(&line.pattern, pattern)?;
            if is_covered {
                break;
            }
        }
        let parts: Vec<&Pattern> = restored.iter().map(|line| &line.pattern).collect();
        self.work.spend(SEARCH)?;
        if !is_covered && covered_by(pattern, &parts, BUDGET) != Some(true) {
            restored.push(Line {
                pattern: pattern.clone(),
                owners: Arc::new([]),
                is_exclusion: false,
                rule,
                origin: None,
            });
        }
        for line in restored.into_iter().rev() {
            self.push(line)?;
        }
        Ok(())
    }

    /// Appends a line that restores something, in the form that the platform has for it.
    fn push(&mut self, line: Line) -> Result<(), Refusal> {
        // What the lines before say already would otherwise be repeated over and over below.
        if self
            .work
            .holds_already(&self.lines, self.lines.len(), &line)?
        {
            return Ok(());
        }
        if self.lines.len() > self.limit {
            return Err(Refusal::TooManyLines);
        }
        let is_expressible = match self.platform {
            Platform::GitHub => line.pattern.tail() != Gap::NONE,
            Platform::GitLab => line.pattern.tail() != Gap::ANY || line.pattern.is_everything(),
        };
        if is_expressible {
            self.lines.push(line);
            return Ok(());
        }
        match self.platform {
            Platform::GitHub => self.push_file(&line),
            Platform::GitLab => {
                for pattern in gitlab::split(&line.pattern) {
                    self.lines.push(Line {
                        pattern,
                        ..line.clone()
                    });
                }
                Ok(())
            }
        }
    }

    /// Appends, on GitHub, a line for files but not for what is in directories of the same name: the
    /// wider line, and behind it what stood before, for what it takes too much.
    fn push_file(&mut self, line: &Line) -> Result<(), Refusal> {
        let before = self.lines.len();
        let below = line.pattern.with_tail(Gap::SOME);
        self.lines.push(Line {
            pattern: line.pattern.with_tail(Gap::ANY),
            ..line.clone()
        });
        self.restore(before, &below, line.rule)?;
        if disjoint(&line.pattern, &below) {
            return Ok(());
        }
        // Of `x/x`, the second is such a file, and in such a directory. To say it again for these
        // would need the same again one level further down, and so on.
        let both =
            intersect(&line.pattern, &below, MAX_LINES).map_err(|_| Refusal::TooManyLines)?;
        for pattern in both {
            let again = Line {
                pattern,
                ..line.clone()
            };
            if !self
                .work
                .holds_already(&self.lines, self.lines.len(), &again)?
            {
                return Err(Refusal::FilesAtAnyDepth);
            }
        }
        Ok(())
    }

    /// Keeps of lines with equal patterns only the last: GitLab would keep the first place with the
    /// last owners.
    fn keep_last(&mut self) {
        let mut seen = FxHashSet::default();
        for place in (0..self.lines.len()).rev() {
            let is_repeated = self
                .lines
                .get(place)
                .is_some_and(|line| !seen.insert(line.pattern.clone()));
            if is_repeated {
                self.lines.remove(place);
            }
        }
    }

    /// Drops, of the lines that restore something, those that provably have no effect in any tree.
    fn drop_what_changes_nothing(&mut self) {
        // Any number of lines may be looked through, as long as it does not take forever.
        self.work = Work::default();
        self.work.for_all_rules = true;
        for place in (0..self.lines.len()).rev() {
            let Some(line) = self.lines.get(place).filter(|line| line.origin.is_none()) else {
                continue;
            };
            let is_idle = match self.work.is_shadowed(&self.lines, place, line) {
                Ok(false) => self.work.holds_already(&self.lines, place, line),
                shadowed => shadowed,
            };
            match is_idle {
                Ok(true) => self.lines.remove(place),
                Ok(false) => {}
                // Too much to look through: what is there is right, if not as short as it could be.
                Err(_) => break,
            }
        }
    }

    /// Turns lines without owners into exclusions, which on GitLab are final wherever they stand:
    /// right only if no later line gives an owner to what they match.
    fn exclude(&mut self) {
        for place in 0..self.lines.len() {
            let Some(line) = self.lines.get(place).filter(|line| line.owners.is_empty()) else {
                continue;
            };
            let near = self.lines.near(&line.pattern);
            let overlaps = |(_, other): &&(usize, &Line)| {
                !other.owners.is_empty()
                    && !part_ways(&other.pattern, &line.pattern)
                    && !disjoint(&other.pattern, &line.pattern)
            };
            // The first of each is enough, and most often found at once.
            let (earlier, later) =
                near.split_at(near.partition_point(|(other, _)| *other <= place));
            if !earlier.iter().any(|other| overlaps(&other)) {
                // It takes nothing away: without a line, it is nobody's as well.
                self.lines.remove(place);
            } else if let Some((_, later)) = later.iter().find(overlaps) {
                self.inexact.push(Inexact {
                    platform: self.platform,
                    rule: line.rule,
                    line: line.origin,
                    reason: format!(
                        "on GitLab nobody's paths are excluded for good, but the later `{}` owns some of `{}`",
                        later.pattern, line.pattern
                    ),
                    help: "narrow the rule for nobody to paths that no later rule owns, such as `/docs/{a,b}/` for `/docs/`".into(),
                });
            } else if let Some(line) = self.lines.get_mut(place) {
                line.is_exclusion = true;
            }
        }
    }
}
