//! What a pattern does: which tracked paths it matches, which of them its rule decides, and which
//! rules take the rest.

use rustc_hash::FxHashMap;

use super::known::Known;
use crate::ids::{Id as _, IdRange};
use crate::matcher::Matcher;
use crate::paths::{PathId, PathSet};
use crate::pattern::Pattern;
use crate::ruleset::{LineId, RuleId, RuleMatcher};

/// How many paths are shown as examples.
const EXAMPLES: usize = 3;

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
    visit(patterns, paths, |hits, run| {
        found.count += run.len();
        for &hit in hits {
            found.each[hit as usize] += run.len();
        }
        let room = EXAMPLES.saturating_sub(found.examples.len());
        found.examples.extend(run.iter().take(room));
        run.end
    });
    found
}

/// What a rule does, or a part of its lines.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// How many paths the lines match.
    pub(super) matched: usize,
    /// How many of these the rule decides by them, alone or with others.
    pub(super) decided: usize,
    /// How many of these its own exceptions leave to others.
    pub(super) excepted: usize,
    /// For each alternative of the rule, how many paths its lines match.
    pub(super) of_alternatives: Vec<usize>,
    /// The first paths that it decides.
    pub(super) examples: Vec<PathId>,
    /// The lines that decide the others: how many, and the first. Most come first.
    pub(super) takers: Vec<(RuleId, Taken)>,
}

/// What another rule takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) count: usize,
    pub(super) first: PathId,
}

/// Finds what the lines of a rule do that are wanted.
pub(super) fn of_rule(
    known: Known<'_>,
    paths: &PathSet,
    rule: RuleId,
    is_wanted: impl Fn(LineId) -> bool,
) -> Effect {
    let rules = &known.project.rules;
    let lines = rules[rule].lines;
    let patterns: Vec<Pattern> = rules.lines()[lines]
        .iter()
        .map(|line| line.pattern.clone())
        .collect();
    let matcher: RuleMatcher<'_> = rules.matcher();
    let mut walk = matcher.walk();
    let mut effect = Effect {
        of_alternatives: vec![0; rules[rule].alternatives.len()],
        ..Effect::default()
    };
    // The last run of paths in which an alternative was counted, so that it is counted once in each.
    let mut counted = vec![PathId::from_number(u32::MAX); effect.of_alternatives.len()];
    let mut takers: FxHashMap<RuleId, Taken> = FxHashMap::default();
    visit(&patterns, paths, |hits, run| {
        let path = &paths[run.start];
        let own = lines.nth(hits.last().map_or(0, |&hit| hit as usize));
        let decider = walk.decide_beside(path, own);
        let run = match walk.decided_directory() {
            Some(length) => {
                let rest = IdRange::new(run.start.next(), run.end);
                IdRange::new(run.start, paths.end_of(&path[..length], rest))
            }
            None => IdRange::new(run.start, run.start.next()),
        };
        let hit_lines = hits.iter().map(|&hit| lines.nth(hit as usize));
        for line in hit_lines.clone() {
            for &alternative in &rules[line].alternatives {
                let alternative = alternative as usize;
                if counted[alternative] != run.start {
                    counted[alternative] = run.start;
                    effect.of_alternatives[alternative] += run.len();
                }
            }
        }
        if hit_lines.clone().any(&is_wanted) {
            effect.add(
                run,
                decider.map(|line| (line, rules[line].rule)),
                rule,
                &is_wanted,
            );
            let other = decider.map(|line| rules[line].rule);
            if let Some(other) = other.filter(|&other| other > rule) {
                let taken = Taken {
                    count: 0,
                    first: run.start,
                };
                takers.entry(other).or_insert(taken).count += run.len();
            }
        }
        run.end
    });
    effect.takers = takers.into_iter().collect();
    let most_first = |(rule, taken): &(RuleId, Taken)| (std::cmp::Reverse(taken.count), *rule);
    effect.takers.sort_unstable_by_key(most_first);
    effect
}

impl Effect {
    /// Adds paths that `decider` decides, or nothing.
    fn add(
        &mut self,
        run: IdRange<PathId>,
        decider: Option<(LineId, RuleId)>,
        own: RuleId,
        is_wanted: &impl Fn(LineId) -> bool,
    ) {
        self.matched += run.len();
        match decider {
            Some((line, rule)) if rule == own => {
                // Another line of the rule may decide a path that a wanted line matches as well.
                if is_wanted(line) {
                    self.decided += run.len();
                    let room = EXAMPLES.saturating_sub(self.examples.len());
                    self.examples.extend(run.iter().take(room));
                }
            }
            Some((_, rule)) if rule > own => {}
            _ => self.excepted += run.len(),
        }
    }
}

/// Calls `found` for runs of paths that the same of the patterns match. It gets the numbers of these
/// and the run, and returns where to go on: at the end of the run, or before.
fn visit(
    patterns: &[Pattern],
    paths: &PathSet,
    mut found: impl FnMut(&[u32], IdRange<PathId>) -> PathId,
) {
    let matcher = Matcher::new(patterns);
    let mut walk = matcher.walk();
    let mut hits = Vec::new();
    let ids = around(patterns, paths);
    let mut id = ids.start;
    while id < ids.end {
        let path = &paths[id];
        walk.read(path);
        walk.all(&mut hits);
        let mut end = match walk.decided_directory() {
            Some(length) => paths.end_of(&path[..length], IdRange::new(id.next(), ids.end)),
            None => id.next(),
        };
        if !hits.is_empty() {
            end = found(&hits, IdRange::new(id, end));
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
        let project = Project::from_text(
            "[paths]\n'*' = '@a'\n'/{a,b}/{x,y,*.md}' = { owners = '@b', except = '/a/x/no' }\n'/a/' = '@c'\n\
             'x' = { add = '@d' }\n'/a/x/' = '@e'\n'{b,x}' = '@f'\n",
        )
        .unwrap();
        let paths: PathSet = [
            "a/1.md", "a/x/1", "a/x/no", "a/y/2", "a/y/x", "b/1.md", "b/x/3", "b/y/4", "c/x", "x/5",
        ]
        .iter()
        .collect();
        let rules = &project.rules;
        let matcher = rules.matcher();
        let survey = Survey::new(&matcher, &paths);
        let known = Known {
            project: &project,
            survey: &survey,
        };
        for (id, rule) in rules.rules().with_ids() {
            let effect = of_rule(known, &paths, id, |_| true);
            let is_match = |line: LineId, path: &[u8]| rules[line].pattern.matches(path);
            let matched = |lines: &[LineId]| {
                let is_hit = |path: &&[u8]| lines.iter().any(|&line| is_match(line, path));
                paths.iter().filter(is_hit).count()
            };
            let lines: Vec<LineId> = rule.lines.iter().collect();
            assert_eq!(effect.matched, matched(&lines), "{}", rule.pattern.value);
            let decided: usize = lines.iter().map(|&line| survey.decided[line]).sum();
            assert_eq!(effect.decided, decided, "{}", rule.pattern.value);
            let taken: usize = effect.takers.iter().map(|(_, taken)| taken.count).sum();
            assert_eq!(effect.matched, decided + taken + effect.excepted);
            for (index, &count) in effect.of_alternatives.iter().enumerate() {
                let has = |line: &&LineId| rules[**line].alternatives.contains(&(index as u32));
                let own: Vec<LineId> = lines.iter().filter(has).copied().collect();
                assert_eq!(count, matched(&own), "{} {index}", rule.pattern.value);
                let part = of_rule(known, &paths, id, |line| own.contains(&line));
                assert_eq!(part.matched, count);
                let decided: usize = own.iter().map(|&line| survey.decided[line]).sum();
                assert_eq!(part.decided, decided);
            }
            let all: Vec<Pattern> = lines
                .iter()
                .map(|&line| rules[line].pattern.clone())
                .collect();
            assert_eq!(matches(&all, &paths).count, effect.matched);
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
