//! The proof that later lines cover all that a line could match.
//!
//! It never claims what is not so, finds every line that one later line covers, and finds what several
//! cover together as far as [`SEVERAL`] goes.
//!
//! To compare each line with each later one would be quadratic, and nearly all lines are alive. So
//! each line is first given chances to show that it lives, cheap ones first:
//!
//! 1. It decides a tracked path.
//! 2. It decides one of its [`witnesses`]: paths made to be matched by little else.
//!
//! What is left gets a proof, and only by lines that the witnesses have named: one that covers a
//! pattern matches all of its witnesses. A rule for every path that is not the first is a case of
//! its own that needs none of this.

use super::survey::Survey;
use super::{LineId, RuleMatcher, RuleSet, RuleWalk};
use crate::ids::IdVec;
use crate::parallel;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, covers_within, disjoint_within, witnesses};
use crate::pattern::budget::Budget;

/// How many steps a proof by one pattern may take.
const ONE: usize = 1_000_000;
/// How many steps a proof by several patterns may take.
const SEVERAL: usize = 100_000;
/// How many patterns are considered for such a proof.
const MAX_UNION: usize = 64;
/// How many steps it may take to match all witnesses.
const MATCHING: usize = 600_000_000;
/// How many steps all proofs together may take.
const PROOFS: usize = 20_000_000;
/// Of a proof by at most so many lines, those that it does not need are left out.
const MINIMIZED: usize = 10;
/// So many lines take milliseconds.
const CHUNK: usize = 1000;
/// Into so many pieces lines are divided at most: each has room for a walk of its own.
const MOST_CHUNKS: usize = 64;

/// The later lines that together match all that a line matches, ascending: enough to check the proof
/// again ([`Shadow::holds`]) without searching for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shadow {
    pub(crate) by: Vec<LineId>,
}

impl Shadow {
    /// Whether these are lines of later rules which take all that `line` matches, or all of it that its
    /// own rule does not except. It takes what the same proof took when it was found.
    pub(crate) fn holds(&self, rules: &RuleSet, line: LineId) -> bool {
        let budget = &mut Budget::new(PROOFS);
        let own = rules[line].rule;
        let is_later = |by: &LineId| {
            let later = rules.lines.get(*by);
            later.is_some_and(|later| later.rule > own)
        };
        let mut by = self.by.iter();
        !self.by.is_empty()
            && by.all(|each| is_later(each) && can_shadow(rules, *each, line, budget) == Some(true))
            && (is_shadowed_by_one(rules, &self.by, line, budget)
                || cover_together(rules, &self.by, line, budget))
    }
}

/// For each line, what shadows it.
pub(crate) fn find(matcher: &RuleMatcher<'_>, survey: &Survey) -> IdVec<LineId, Option<Shadow>> {
    let is_alive = |line: LineId| survey.decided[line] > 0;
    shadows(matcher.rules(), is_alive, matcher)
}

/// As [`find`], where `is_alive` says which lines are known to decide something.
fn shadows<'m, 'r: 'm>(
    rules: &'r RuleSet,
    is_alive: impl Fn(LineId) -> bool,
    matcher: &'m RuleMatcher<'r>,
) -> IdVec<LineId, Option<Shadow>> {
    let catch_all = (rules.lines.with_ids().rev())
        .find(|(_, line)| line.pattern.is_everything() && rules[line.rule].exceptions.is_empty())
        .map(|(id, line)| (id, line.rule));
    let mut shadows: IdVec<LineId, Option<Shadow>> = IdVec::filled(&rules.lines, None);
    let mut open: Vec<LineId> = Vec::new();
    for line in rules.lines.ids().iter().filter(|&line| !is_alive(line)) {
        match catch_all {
            Some((id, rule)) if rules[line].rule < rule => {
                shadows[line] = Some(Shadow { by: vec![id] });
            }
            _ => open.push(line),
        }
    }
    let size = CHUNK.max(open.len().div_ceil(MOST_CHUNKS));
    let chunks = open.len().div_ceil(size).max(1);
    let prove_all = |lines: &[LineId]| -> Vec<Option<Shadow>> {
        let mut prover = Prover {
            rules,
            walk: matcher.walk(),
            matching: Budget::new(MATCHING / chunks),
            proofs: Budget::new(PROOFS / chunks),
        };
        lines.iter().map(|&line| prover.prove(line)).collect()
    };
    let proven = parallel::map_chunks(&open, size, prove_all);
    for (line, shadow) in open.into_iter().zip(proven.into_iter().flatten()) {
        shadows[line] = shadow;
    }
    shadows
}

/// For each line, what shadows it, where nothing is known of any tree.
#[cfg(test)]
pub(crate) fn shadows_of(rules: &RuleSet) -> IdVec<LineId, Option<Shadow>> {
    shadows(rules, |_| false, &rules.matcher())
}

/// Whether the rule of line `by` applies to all that both lines match.
fn can_shadow(rules: &RuleSet, by: LineId, line: LineId, budget: &mut Budget) -> Option<bool> {
    let pattern = &rules[line].pattern;
    for exception in &rules.exceptions[rules.rule_of(by).exceptions] {
        budget.spend(1)?;
        if !disjoint_within(&exception.pattern, pattern, budget)? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether `by` is one line that matches all that `line` does.
fn is_shadowed_by_one(rules: &RuleSet, by: &[LineId], line: LineId, budget: &mut Budget) -> bool {
    let [by] = by else { return false };
    let pattern = |line: LineId| &rules[line].pattern;
    let ask = |budget: &mut Budget| covers_within(pattern(*by), pattern(line), budget);
    budget.lend(ONE, ask) == Some(true)
}

/// Whether the lines `by` together, with the exceptions of the line's own rule, match all that `line`
/// does: what these match it does not decide either.
fn cover_together(rules: &RuleSet, by: &[LineId], line: LineId, budget: &mut Budget) -> bool {
    let own = &rules.exceptions[rules.rule_of(line).exceptions];
    let by = by.iter().map(|&line| &rules[line].pattern);
    let wide: Vec<&Pattern> = by.chain(own.iter().map(|each| &each.pattern)).collect();
    let pattern = &rules[line].pattern;
    let ask = |budget: &mut Budget| covered_by(pattern, &wide, budget);
    budget.lend(SEVERAL, ask) == Some(true)
}

struct Prover<'m, 'r> {
    rules: &'r RuleSet,
    walk: RuleWalk<'m, 'r>,
    matching: Budget,
    proofs: Budget,
}

/// The later lines that the witnesses of a line have met.
#[derive(Default)]
struct Suspects {
    /// Those that match each of the witnesses, ascending.
    of_all: Vec<LineId>,
    /// Those that match any.
    of_any: Vec<LineId>,
}

impl Prover<'_, '_> {
    /// The lines of later rules that match all that `line` matches, if that can be proven.
    fn prove(&mut self, line: LineId) -> Option<Shadow> {
        let rules = self.rules;
        let pattern = &rules[line].pattern;
        let mut witnesses = witnesses(pattern);
        let first = witnesses.next();
        // Nearly always the one that takes the first witness takes all, or none does.
        if let Some(path) = &first
            && let Some(decides) = self.decide(path)?
        {
            let (own, other) = (rules[line].rule, rules[decides].rule);
            if other == own {
                return None;
            }
            if other > own && self.is_shadowed_by(decides, line) {
                return Some(Shadow { by: vec![decides] });
            }
        }
        let suspects = self.suspects(line, first.into_iter().chain(witnesses))?;
        // From the end: the last is the one that decides.
        for &suspect in suspects.of_all.iter().rev() {
            if self.is_shadowed_by(suspect, line) {
                return Some(Shadow { by: vec![suspect] });
            }
        }
        self.prove_by_several(line, suspects.of_any)
    }

    /// The line that decides `path`, if there is anything left to pay for it.
    fn decide(&mut self, path: &[u8]) -> Option<Option<LineId>> {
        if self.matching.is_used_up() {
            return None;
        }
        let before = self.walk.work();
        let decides = self.walk.decide(path);
        self.matching.spend(1 + self.walk.work() - before)?;
        Some(decides)
    }

    /// Whether one later line takes all that `line` matches.
    fn is_shadowed_by(&mut self, by: LineId, line: LineId) -> bool {
        can_shadow(self.rules, by, line, &mut self.proofs) == Some(true)
            && is_shadowed_by_one(self.rules, &[by], line, &mut self.proofs)
    }

    /// Tries the witnesses: none if one of them shows that `line` can decide something.
    fn suspects(
        &mut self,
        line: LineId,
        witnesses: impl Iterator<Item = Vec<u8>>,
    ) -> Option<Suspects> {
        let rules = self.rules;
        let own = rules[line].rule;
        let mut suspects: Option<Suspects> = None;
        for path in witnesses {
            // The last to match needs less work than all, and nearly always tells enough.
            let decides = self.decide(&path)?;
            if decides.is_some_and(|decides| rules[decides].rule == own) {
                return None;
            }
            let before = self.walk.work();
            let mut later = self.walk.applicable(&path);
            self.matching
                .spend(self.walk.work() - before + later.len())?;
            later.retain(|&each| rules[each].rule > own);
            if later.is_empty() {
                // Nothing of this rule applies here and nothing later: the path is excepted.
                continue;
            }
            match &mut suspects {
                None => {
                    suspects = Some(Suspects {
                        of_all: later.clone(),
                        of_any: later,
                    });
                }
                Some(suspects) => {
                    let matches_too = |each: &LineId| later.binary_search(each).is_ok();
                    suspects.of_all.retain(matches_too);
                    suspects.of_any.extend(later);
                    suspects.of_any.sort_unstable();
                    suspects.of_any.dedup();
                }
            }
        }
        suspects
    }

    /// The proof by several lines together.
    fn prove_by_several(&mut self, line: LineId, suspects: Vec<LineId>) -> Option<Shadow> {
        let rules = self.rules;
        let own = rules.rule_of(line).exceptions.len();
        let proofs = &mut self.proofs;
        let mut by: Vec<LineId> = (suspects.into_iter().rev())
            .filter(|&suspect| can_shadow(rules, suspect, line, proofs) == Some(true))
            .take(MAX_UNION)
            .collect();
        by.reverse();
        if by.is_empty() || by.len() + own < 2 || own > MAX_UNION {
            return None;
        }
        if !cover_together(rules, &by, line, proofs) {
            return None;
        }
        // Which of them it takes, so that the finding names no others.
        if by.len() <= MINIMIZED {
            for each in by.clone() {
                let others: Vec<LineId> = by.iter().copied().filter(|&line| line != each).collect();
                if !others.is_empty() && cover_together(rules, &others, line, proofs) {
                    by = others;
                }
            }
        }
        Some(Shadow { by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;
    use crate::pattern::algebra::covers;

    /// For each rule, in words, what becomes of it.
    fn fates(rules: &str) -> Vec<String> {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        let shadows = shadows_of(&project.rules);
        let name = |line: LineId| project.rules[line].pattern.to_string();
        (shadows.with_ids())
            .filter_map(|(line, shadow)| Some((line, shadow.as_ref()?)))
            .map(|(line, shadow)| {
                let by: Vec<String> = shadow.by.iter().map(|&line| name(line)).collect();
                format!("{} by {}", name(line), by.join(" and "))
            })
            .collect()
    }

    #[test]
    fn what_is_shadowed() {
        for (rules, expected) in [
            ("'/a/b/' = []\n'/a/' = []", &["/a/b/ by /a/"][..]),
            ("'/a/' = []\n'/a/b/' = []", &[]),
            ("'*.md' = []\n'/a/' = []", &[]),
            ("'/a/*.md' = []\n'*.md' = []", &["/a/*.md by **/*.md"]),
            (
                "'/a/' = []\n'/a/*' = []\n'/a/*/' = []",
                &["/a/ by /a/* and /a/*/"],
            ),
            ("'/a/' = []\n'/x' = []\n'/a/*' = []", &[]),
            (
                "'/a' = []\n'/b' = []\n'*' = []\n'/c' = []",
                &["/a by *", "/b by *"],
            ),
            ("'/{a,b}/c' = []\n'/a/' = []", &["/a/c by /a/"]),
            // Lines of one rule are no later rules.
            ("'/{a/b,a}' = []", &[]),
            // A rule with exceptions shadows what is disjoint from them.
            (
                "'/a/b/' = []\n'/a/' = { owners = [], except = '/a/b/c' }",
                &[],
            ),
            (
                "'/a/b/' = []\n'/a/' = { owners = [], except = '/a/c' }",
                &["/a/b/ by /a/"],
            ),
            ("'/a' = []\n'*' = { owners = [], except = '*.md' }", &[]),
            // What a rule excepts it has not to lose.
            (
                "'/a/' = { owners = [], except = '/a/*' }\n'/a/*/' = []",
                &["/a/ by /a/*/"],
            ),
            ("'/a/' = { owners = [], except = '/a/' }", &[]),
        ] {
            assert_eq!(fates(rules), expected, "{rules}");
        }
    }

    /// Each of ten thousand rules is looked at, and none compared with each other one.
    #[test]
    fn many_rules_take_little_work() {
        use std::fmt::Write as _;

        let mut rules = String::new();
        for index in 0..10_000 {
            let _ = writeln!(rules, "'/d{}/e{index}/*.rs' = []", index % 100);
        }
        assert!(fates(&rules).is_empty());
        let _ = writeln!(rules, "'/d7/' = []");
        assert_eq!(fates(&rules).len(), 100);
    }

    const PATTERNS: &[&str] = &[
        "*",
        "/*",
        "/a",
        "/a/",
        "/a/*",
        "/a/*/",
        "/a/*/*",
        "a",
        "a/",
        "*a",
        "a*",
        "/a*",
        "/*a",
        "/?",
        "/??",
        "/??*",
        "/?/",
        "?",
        "a/b",
        "/a/**/b",
        "/*/b",
        "**/a/b",
        "/**/a/b/",
        "*.b",
        "/a/*.b",
        "/{a,b}/",
        "/a/{a,b}",
        "/a/{*,*/}",
        "{a,b,ab}",
        "*/",
        "/*/*/",
        "/a/b/",
        "/a/b/*",
    ];

    /// Every path of up to four segments over a few names.
    fn paths() -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let mut level = vec![String::new()];
        for _ in 0..4 {
            level = (level.iter())
                .flat_map(|path| {
                    let slash = if path.is_empty() { "" } else { "/" };
                    ["a", "b", "ab", "c.b"].map(|name| format!("{path}{slash}{name}"))
                })
                .collect();
            all.extend(level.iter().cloned());
        }
        all
    }

    fn config(rules: &[(usize, Option<usize>)]) -> String {
        let mut text = String::from("[paths]\n");
        let mut seen = std::collections::HashSet::new();
        for &(pattern, except) in rules.iter().filter(|(pattern, _)| seen.insert(*pattern)) {
            let pattern = PATTERNS[pattern];
            text += &match except {
                None => format!("'{pattern}' = '@a'\n"),
                Some(except) => {
                    format!(
                        "'{pattern}' = {{ owners = '@a', except = '{}' }}\n",
                        PATTERNS[except]
                    )
                }
            };
        }
        text
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None,
            cases: 500,
            ..Default::default()
        })]

        #[test]
        fn no_shadowed_line_decides_anything(rules in proptest::collection::vec(
            (0..PATTERNS.len(), proptest::option::weighted(0.3, 0..PATTERNS.len())), 1..10,
        )) {
            let text = config(&rules);
            let project = Project::from_text(&text).unwrap();
            let rules = &project.rules;
            let matcher = rules.matcher();
            let shadows = shadows_of(rules);
            let mut walk = matcher.walk();
            for path in paths() {
                if let Some(line) = walk.decide(path.as_bytes()) {
                    let shadow = &shadows[line];
                    proptest::prop_assert!(shadow.is_none(), "{} by {:?} in {}", path, shadow, text);
                }
            }
            // One later line that covers it is always found.
            for (id, line) in rules.lines.with_ids() {
                let is_covered = rules.lines[rules.lines.ids_from(id)].iter().any(|later| {
                    later.rule > line.rule
                        && rules[later.rule].exceptions.is_empty()
                        && covers(&later.pattern, &line.pattern)
                });
                proptest::prop_assert!(!is_covered || shadows[id].is_some(), "{id:?} in {text}");
            }
        }
    }
}
