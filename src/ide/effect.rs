//! What a pattern does: which tracked paths it matches, which of them its rule decides, and which
//! rules take the rest.

use std::cmp::Reverse;
use std::ops::AddAssign;

use rustc_hash::FxHashMap;

use crate::ids::{Id as _, IdRange};
use crate::matcher::Matcher;
use crate::parallel;
use crate::paths::{PathId, PathSet};
use crate::pattern::Pattern;
use crate::ruleset::{LineId, RuleId, RuleMatcher, RuleSet};

/// How many paths are shown as examples.
const EXAMPLES: usize = 3;
/// From this many paths on, two threads share the work.
const PARALLEL_PATHS: usize = 20_000;

/// The paths that patterns match.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// How many there are.
    pub(super) count: usize,
    /// How many each of the patterns matches.
    pub(super) each: Vec<usize>,
    /// The first of them.
    pub(super) examples: Vec<PathId>,
}

/// Finds the paths that patterns match.
pub(super) fn matches(patterns: &[Pattern], paths: &PathSet) -> Matches {
    let mut found = Matches {
        each: vec![0; patterns.len()],
        ..Matches::default()
    };
    let matcher = Matcher::new(patterns);
    visit(&matcher, paths, around(patterns, paths), |hits, run| {
        found.count += run.len();
        for &hit in hits {
            found.each[hit as usize] += run.len();
        }
        add_examples(&mut found.examples, run.iter());
        run.end
    });
    found
}

/// Adds examples, while there is room.
fn add_examples(examples: &mut Vec<PathId>, more: impl Iterator<Item = PathId>) {
    let room = EXAMPLES.saturating_sub(examples.len());
    examples.extend(more.take(room));
}

/// What a rule does, or a part of its lines.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// Of the wanted lines.
    pub(super) counts: Counts,
    /// How many of the paths that they match its own exceptions leave to others.
    pub(super) excepted: usize,
    /// Of each alternative of the rule.
    pub(super) of_alternatives: Vec<Counts>,
    /// The first paths that the wanted lines decide.
    pub(super) examples: Vec<PathId>,
    /// The later rules that decide others of their paths. Those with most come first.
    pub(super) takers: Vec<(RuleId, Taken)>,
}

/// What some lines of a rule do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// How many paths they match.
    pub(super) matched: usize,
    /// How many of these they decide, alone or with lines of other rules.
    pub(super) decided: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Counts) {
        self.matched += more.matched;
        self.decided += more.decided;
    }
}

/// What another rule takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) count: usize,
    pub(super) first: PathId,
}

/// Finds what the lines of a rule do that are wanted.
pub(super) fn of_rule(
    rules: &RuleSet,
    paths: &PathSet,
    rule: RuleId,
    is_wanted: impl Fn(LineId) -> bool + Sync,
) -> Effect {
    let patterns = rules.lines()[rules[rule].lines].iter();
    let patterns: Vec<Pattern> = patterns.map(|line| line.pattern.clone()).collect();
    let (own, all) = (Matcher::new(&patterns), rules.matcher());
    let part = |ids| {
        let mut counter = Counter::new(rules, rule);
        counter.visit((&own, &all), paths, ids, &is_wanted);
        counter
    };
    let ids = around(&patterns, paths);
    let Counter {
        mut effect, takers, ..
    } = if ids.len() < PARALLEL_PATHS {
        part(ids)
    } else {
        let (first, rest) = ids.split_at(ids.len() / 2);
        let (rest, mut whole) = parallel::both(|| part(rest), || part(first));
        whole.append(rest);
        whole
    };
    effect.takers = takers.into_iter().collect();
    let most_first = |(rule, taken): &(RuleId, Taken)| (Reverse(taken.count), *rule);
    effect.takers.sort_unstable_by_key(most_first);
    effect
}

/// Counts what a rule does.
struct Counter<'r> {
    rules: &'r RuleSet,
    rule: RuleId,
    effect: Effect,
    /// The last run of paths in which each alternative was counted, so that it is counted once in each.
    counted: Vec<Option<PathId>>,
    takers: FxHashMap<RuleId, Taken>,
}

impl<'r> Counter<'r> {
    fn new(rules: &'r RuleSet, rule: RuleId) -> Self {
        let alternatives = rules[rule].alternatives.len();
        Counter {
            rules,
            rule,
            effect: Effect {
                of_alternatives: vec![Counts::default(); alternatives],
                ..Effect::default()
            },
            counted: vec![None; alternatives],
            takers: FxHashMap::default(),
        }
    }

    /// Counts the paths of a range. `own` has the lines of the rule, and `all` all rules.
    fn visit(
        &mut self,
        (own, all): (&Matcher, &RuleMatcher<'_>),
        paths: &PathSet,
        ids: IdRange<PathId>,
        is_wanted: impl Fn(LineId) -> bool,
    ) {
        let lines = self.rules[self.rule].lines;
        let mut walk = all.walk();
        visit(own, paths, ids, |hits, run| {
            let path = &paths[run.start];
            let last = hits.last().map_or(0, |&hit| hit as usize);
            let decider = walk.decide_beside(path, lines.nth(last));
            let end = match walk.decided_directory() {
                Some(length) => {
                    let rest = IdRange::new(run.start.next(), run.end);
                    paths.end_of(&path[..length], rest)
                }
                None => run.start.next(),
            };
            let run = IdRange::new(run.start, end);
            let hits = hits.iter().map(|&hit| lines.nth(hit as usize));
            self.count_alternatives(hits.clone(), run, decider);
            if hits.clone().any(&is_wanted) {
                self.count(run, decider, decider.is_some_and(&is_wanted));
            }
            end
        });
    }

    /// Adds what was counted of the paths that follow.
    fn append(&mut self, other: Counter<'_>) {
        let (effect, more) = (&mut self.effect, other.effect);
        effect.counts += more.counts;
        effect.excepted += more.excepted;
        for (all, more) in effect.of_alternatives.iter_mut().zip(more.of_alternatives) {
            *all += more;
        }
        add_examples(&mut effect.examples, more.examples.into_iter());
        for (rule, taken) in other.takers {
            let first = Taken { count: 0, ..taken };
            self.takers.entry(rule).or_insert(first).count += taken.count;
        }
    }
}

impl Counter<'_> {
    /// Counts paths that lines of the rule match, for the alternatives of these. `decider` decides the
    /// paths.
    fn count_alternatives(
        &mut self,
        hits: impl Iterator<Item = LineId>,
        run: IdRange<PathId>,
        decider: Option<LineId>,
    ) {
        let rules = self.rules;
        for line in hits {
            for &alternative in &rules[line].alternatives {
                let alternative = alternative as usize;
                if self.counted[alternative].replace(run.start) != Some(run.start) {
                    self.effect.of_alternatives[alternative].matched += run.len();
                }
            }
        }
        let own = decider.filter(|&line| rules[line].rule == self.rule);
        for &alternative in own.iter().flat_map(|&line| &rules[line].alternatives) {
            self.effect.of_alternatives[alternative as usize].decided += run.len();
        }
    }

    /// Counts paths that wanted lines match. `is_wanted`: the line that decides them is one.
    fn count(&mut self, run: IdRange<PathId>, decider: Option<LineId>, is_wanted: bool) {
        let effect = &mut self.effect;
        effect.counts.matched += run.len();
        match decider.map(|line| self.rules[line].rule) {
            // Another line of the rule may decide a path that a wanted line matches as well.
            Some(rule) if rule == self.rule && !is_wanted => {}
            Some(rule) if rule == self.rule => {
                effect.counts.decided += run.len();
                add_examples(&mut effect.examples, run.iter());
            }
            Some(rule) if rule > self.rule => {
                let taken = Taken {
                    count: 0,
                    first: run.start,
                };
                self.takers.entry(rule).or_insert(taken).count += run.len();
            }
            _ => effect.excepted += run.len(),
        }
    }
}

/// Calls `found` for runs of paths that the same patterns of a matcher match. It gets the numbers of these
/// and the run, and returns where to go on in it.
fn visit(
    matcher: &Matcher,
    paths: &PathSet,
    ids: IdRange<PathId>,
    mut found: impl FnMut(&[u32], IdRange<PathId>) -> PathId,
) {
    let mut walk = matcher.walk();
    let mut hits = Vec::new();
    let mut id = ids.start;
    while id < ids.end {
        let path = &paths[id];
        walk.read(path);
        walk.all(&mut hits);
        let end = match walk.decided_directory() {
            Some(length) => paths.end_of(&path[..length], IdRange::new(id.next(), ids.end)),
            None => id.next(),
        };
        while !hits.is_empty() && id < end {
            id = found(&hits, IdRange::new(id, end));
        }
        id = end;
    }
}

/// A range with all paths that one of the patterns matches. It is small if they begin with names.
fn around(patterns: &[Pattern], paths: &PathSet) -> IdRange<PathId> {
    let all = paths.ids();
    let of_pattern = |pattern: &Pattern| {
        let prefix = pattern.first_names().collect::<Vec<_>>().join("/");
        let start = paths.lower_bound(prefix.as_bytes());
        IdRange::new(
            start,
            paths.end_of(prefix.as_bytes(), IdRange::new(start, all.end)),
        )
    };
    let ranges: Vec<_> = patterns.iter().map(of_pattern).collect();
    let start = ranges.iter().map(|range| range.start).min();
    let end = ranges.iter().map(|range| range.end).max();
    match (start, end) {
        (Some(start), Some(end)) => IdRange::new(start, end),
        _ => IdRange::up_to(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;
    use crate::ruleset::survey::Survey;

    /// The counts of a rule are those of a plain count over all paths.
    #[test]
    fn counts_are_those_of_the_definition() {
        // With patterns for any directory, and with directories that are decided as a whole.
        for text in [
            "[paths]\n'*' = '@a'\n'/{a,b}/{x,y,x*,*.md}' = { owners = '@b', except = '/a/x/no' }\n'/a/' = '@c'\n\
             'x' = { add = '@d' }\n'/a/x/' = '@e'\n'{b,x}' = '@f'\n",
            "[paths]\n'*' = '@a'\n'/{a,b}/' = '@b'\n'/a/{x,y}' = '@c'\n'/b/y/' = { add = '@d' }\n",
            "[paths]\n'*' = '@a'\n'/a/{x,y}' = '@c'\n'/a/x/no' = '@d'\n",
        ] {
            counts_are_right(&Project::from_text(text).unwrap());
        }
    }

    fn counts_are_right(project: &Project) {
        let paths: PathSet = [
            "a/1.md", "a/x/1", "a/x/no", "a/y/2", "a/y/x", "a/z", "b/1.md", "b/x/3", "b/y/4",
            "c/x", "x/5",
        ]
        .iter()
        .collect();
        let rules = &project.rules;
        let matcher = rules.matcher();
        let survey = Survey::new(&matcher, &paths);
        for (id, rule) in rules.rules().with_ids() {
            let effect = of_rule(rules, &paths, id, |_| true);
            let is_match = |line: LineId, path: &[u8]| rules[line].pattern.matches(path);
            let matched = |lines: &[LineId]| {
                let is_hit = |path: &&[u8]| lines.iter().any(|&line| is_match(line, path));
                paths.iter().filter(is_hit).count()
            };
            let lines: Vec<LineId> = rule.lines.iter().collect();
            assert_eq!(
                effect.counts.matched,
                matched(&lines),
                "{}",
                rule.pattern.value
            );
            let decided: usize = lines.iter().map(|&line| survey.decided[line]).sum();
            assert_eq!(effect.counts.decided, decided, "{}", rule.pattern.value);
            let taken: usize = effect.takers.iter().map(|(_, taken)| taken.count).sum();
            assert_eq!(effect.counts.matched, decided + taken + effect.excepted);
            for (index, &counts) in effect.of_alternatives.iter().enumerate() {
                let has = |line: &&LineId| rules[**line].alternatives.contains(&(index as u32));
                let own: Vec<LineId> = lines.iter().filter(has).copied().collect();
                assert_eq!(
                    counts.matched,
                    matched(&own),
                    "{} {index}",
                    rule.pattern.value
                );
                let part = of_rule(rules, &paths, id, |line| own.contains(&line));
                assert_eq!(part.counts, counts);
                let decided: usize = own.iter().map(|&line| survey.decided[line]).sum();
                assert_eq!(part.counts.decided, decided);
            }
            let all: Vec<Pattern> = lines
                .iter()
                .map(|&line| rules[line].pattern.clone())
                .collect();
            assert_eq!(matches(&all, &paths).count, effect.counts.matched);
        }
    }

    /// Two halves are one whole. The limit for real ones is too large for a test.
    #[test]
    fn two_halves_are_one_whole() {
        let text = "[paths]\n'*' = '@a'\n'/{a,b}/{x,y,x*}' = { owners = '@b', except = 'no' }\n'/a/x/' = '@c'\n'y' = '@d'\n";
        let project = Project::from_text(text).unwrap();
        let paths: PathSet = [
            "a/1", "a/x/1", "a/x/2", "a/xx", "a/y/1", "a/y/no", "b/x/1", "b/x/2", "b/y", "c",
        ]
        .iter()
        .collect();
        let rules = &project.rules;
        for (rule, _) in rules.rules().with_ids() {
            let patterns = rules.lines()[rules[rule].lines].iter();
            let patterns: Vec<Pattern> = patterns.map(|line| line.pattern.clone()).collect();
            let (own, all) = (Matcher::new(&patterns), rules.matcher());
            let part = |ids| {
                let mut counter = Counter::new(rules, rule);
                counter.visit((&own, &all), &paths, ids, |_| true);
                counter
            };
            let shown = |counter: &Counter<'_>| {
                let takers = counter.takers.iter();
                let takers = takers.map(|(rule, taken)| (*rule, taken.count, taken.first));
                let mut takers: Vec<_> = takers.collect();
                takers.sort_unstable();
                format!("{:?} {takers:?}", counter.effect)
            };
            let whole = shown(&part(paths.ids()));
            for middle in 0..=paths.len() {
                let (first, rest) = paths.ids().split_at(middle);
                let mut both = part(first);
                both.append(part(rest));
                assert_eq!(shown(&both), whole, "{middle}");
            }
        }
    }

    #[test]
    fn a_path_at_the_start_of_a_range() {
        let paths: PathSet = ["a", "b/c", "b/d", "bc"].iter().collect();
        let count = |pattern| {
            let pattern = Pattern::github(pattern).unwrap();
            matches(&[pattern], &paths).count
        };
        assert_eq!(
            [
                count("/a"),
                count("/b"),
                count("/b/"),
                count("/z"),
                count("*")
            ],
            [1, 2, 2, 0, 4]
        );
    }
}
