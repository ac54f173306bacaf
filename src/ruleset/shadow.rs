//! Proves that later lines cover everything that a line matches, so that it never takes effect.
//!
//! The proof is sound. It finds every line that a single later line covers, and lines that several
//! later lines cover together, within [`JOINT_PROOF_STEPS`] steps.
//!
//! A rule that adds leaves earlier rules their paths, so it shadows none. Later rules that replace
//! may shadow it.
//!
//! Comparing each line with each later one would be quadratic, and nearly all lines take effect. So
//! cheap tests come first. A line takes effect if:
//!
//! 1. it decides a tracked path, or
//! 2. it decides one of its [`witnesses`]: made-up paths that few other patterns match.
//!
//! Only the remaining lines need a proof, and only against later lines that match all of their
//! witnesses: a line that covers a pattern matches all its witnesses. A later rule for every path
//! is a special case that needs no search.

use rustc_hash::FxHashMap;

use super::survey::Survey;
use super::{LineId, RuleId, RuleLine, RuleMatcher, RuleSet, RuleWalk, SectionId};
use crate::ids::IdVec;
use crate::parallel;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, covers_within, disjoint_within, witnesses};
use crate::pattern::budget::Budget;

/// The maximum number of steps of a proof by one pattern.
const SINGLE_PROOF_STEPS: usize = 1_000_000;
/// The maximum number of steps of a proof by several patterns.
const JOINT_PROOF_STEPS: usize = 100_000;
/// The maximum number of patterns in such a proof.
const MAX_UNION: usize = 64;
/// The maximum number of steps to match all witnesses.
const MATCHING_STEPS: usize = 600_000_000;
/// The maximum number of steps of all proofs together.
const ALL_PROOFS_STEPS: usize = 20_000_000;
/// A proof by at most this many lines is reduced to the lines that it needs.
const MAX_MINIMIZED: usize = 10;
/// The number of lines in a chunk. A chunk takes milliseconds.
const CHUNK_LINES: usize = 1000;
/// The maximum number of chunks. Each allocates a walk.
const MAX_CHUNKS: usize = 64;

/// The later lines that together match everything that a line matches, ascending. A certificate:
/// [`Shadow::holds`] checks it without a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shadow {
    pub(crate) by: Vec<LineId>,
}

impl Shadow {
    /// Whether these lines belong to later rules and cover `line`, except for paths that the rule
    /// of `line` excepts. Costs as much as the proof did.
    pub(crate) fn holds(&self, rules: &RuleSet, line: LineId) -> bool {
        let budget = &mut Budget::new(ALL_PROOFS_STEPS);
        let own = rules[line].rule;
        let is_later =
            |by: &LineId| rules.lines.get(*by).is_some() && is_later_than(rules, *by, own);
        let mut by = self.by.iter();
        !self.by.is_empty()
            && by.all(|each| is_later(each) && can_shadow(rules, *each, line, budget) == Some(true))
            && (is_shadowed_by_one(rules, &self.by, line, budget)
                || cover_together(rules, &self.by, line, budget))
    }
}

/// Whether a line replaces what the rule `own` says, where both match: it is of a later rule in the
/// same section, and does not only add.
fn is_later_than(rules: &RuleSet, line: LineId, own: RuleId) -> bool {
    let later = rules[line].rule;
    later > own && rules[later].section == rules[own].section && !rules.line_adds(line)
}

/// Finds the shadow of each line.
pub(crate) fn find(matcher: &RuleMatcher<'_>, survey: &Survey) -> IdVec<LineId, Option<Shadow>> {
    let is_alive = |line: LineId| survey.decided[line] > 0;
    shadows(matcher.rules(), is_alive, matcher)
}

/// Like [`find`], but `is_alive` tells which lines are known to take effect.
fn shadows<'m, 'r: 'm>(
    rules: &'r RuleSet,
    is_alive: impl Fn(LineId) -> bool,
    matcher: &'m RuleMatcher<'r>,
) -> IdVec<LineId, Option<Shadow>> {
    let catch_alls = catch_alls(rules);
    let mut shadows: IdVec<LineId, Option<Shadow>> = IdVec::filled(&rules.lines, None);
    let mut open: Vec<LineId> = Vec::new();
    for line in rules.lines.ids().iter().filter(|&line| !is_alive(line)) {
        match catch_alls.get(&rules.section_of(line)) {
            Some(&id) if rules[line].rule < rules[id].rule => {
                shadows[line] = Some(Shadow { by: vec![id] });
            }
            _ => open.push(line),
        }
    }
    let size = CHUNK_LINES.max(open.len().div_ceil(MAX_CHUNKS));
    let chunks = open.len().div_ceil(size).max(1);
    let prove_all = |lines: &[LineId]| -> Vec<Option<Shadow>> {
        let mut prover = Prover {
            rules,
            walk: matcher.walk(),
            matching: Budget::new(MATCHING_STEPS / chunks),
            proofs: Budget::new(ALL_PROOFS_STEPS / chunks),
        };
        lines.iter().map(|&line| prover.prove(line)).collect()
    };
    let proven = parallel::map_chunks(&open, size, prove_all);
    for (line, shadow) in open.into_iter().zip(proven.into_iter().flatten()) {
        shadows[line] = shadow;
    }
    shadows
}

/// In each section, the last line for every path.
fn catch_alls(rules: &RuleSet) -> FxHashMap<SectionId, LineId> {
    let is_catch_all = |line: &RuleLine| {
        let rule = &rules[line.rule];
        line.pattern.is_everything() && rule.exceptions.is_empty() && !rule.adds()
    };
    let found = rules
        .lines
        .with_ids()
        .filter(|(_, line)| is_catch_all(line));
    found.map(|(id, _)| (rules.section_of(id), id)).collect()
}

/// Finds the shadow of each line, without any tree.
#[cfg(test)]
pub(crate) fn shadows_of(rules: &RuleSet) -> IdVec<LineId, Option<Shadow>> {
    shadows(rules, |_| false, &rules.matcher())
}

/// Whether no exception of the rule of `by` matches a path that `line` matches.
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

/// Whether `by` is a single line that covers `line`.
fn is_shadowed_by_one(rules: &RuleSet, by: &[LineId], line: LineId, budget: &mut Budget) -> bool {
    let [by] = by else { return false };
    let pattern = |line: LineId| &rules[line].pattern;
    let ask = |budget: &mut Budget| covers_within(pattern(*by), pattern(line), budget);
    budget.lend(SINGLE_PROOF_STEPS, ask) == Some(true)
}

/// Whether the lines `by` together with the exceptions of the rule of `line` cover `line`. The line
/// does not decide excepted paths, so they may count.
fn cover_together(rules: &RuleSet, by: &[LineId], line: LineId, budget: &mut Budget) -> bool {
    let own = &rules.exceptions[rules.rule_of(line).exceptions];
    let by = by.iter().map(|&line| &rules[line].pattern);
    let wide: Vec<&Pattern> = by.chain(own.iter().map(|each| &each.pattern)).collect();
    let pattern = &rules[line].pattern;
    let ask = |budget: &mut Budget| covered_by(pattern, &wide, budget);
    budget.lend(JOINT_PROOF_STEPS, ask) == Some(true)
}

/// The maximum number of exceptions that are compared to prove that they leave nothing of a rule.
const MAX_OWN: usize = 64;

/// Whether the exceptions of its own rule leave nothing of any of these lines, in any tree.
pub(crate) fn is_all_excepted(rules: &RuleSet, lines: &[LineId], budget: &mut Budget) -> bool {
    lines.iter().all(|&line| {
        let own = &rules.exceptions[rules.rule_of(line).exceptions];
        let wide: Vec<&Pattern> = own.iter().map(|each| &each.pattern).collect();
        let ask = |budget: &mut Budget| covered_by(&rules[line].pattern, &wide, budget);
        (1..=MAX_OWN).contains(&wide.len()) && budget.lend(JOINT_PROOF_STEPS, ask) == Some(true)
    })
}

struct Prover<'m, 'r> {
    rules: &'r RuleSet,
    walk: RuleWalk<'m, 'r>,
    matching: Budget,
    proofs: Budget,
}

/// The later lines that match witnesses of a line.
#[derive(Default)]
struct Candidates {
    /// The lines that match all witnesses, ascending.
    matching_all: Vec<LineId>,
    /// The lines that match at least one witness, ascending.
    matching_any: Vec<LineId>,
}

impl Prover<'_, '_> {
    /// The lines of later rules that cover `line`, if there is a proof.
    fn prove(&mut self, line: LineId) -> Option<Shadow> {
        let rules = self.rules;
        let pattern = &rules[line].pattern;
        let mut witnesses = witnesses(pattern);
        let first = witnesses.next();
        // Nearly always, the line that decides the first witness covers `line`, or no line does.
        if let Some(path) = &first
            && let Some(decides) = self.decide(path, line)?
        {
            let (own, other) = (rules[line].rule, rules[decides].rule);
            if other == own {
                return None;
            }
            if other > own && self.is_shadowed_by(decides, line) {
                return Some(Shadow { by: vec![decides] });
            }
        }
        let candidates = self.candidates(line, first.into_iter().chain(witnesses))?;
        // The last line decides, so try it first.
        for &candidate in candidates.matching_all.iter().rev() {
            if self.is_shadowed_by(candidate, line) {
                return Some(Shadow {
                    by: vec![candidate],
                });
            }
        }
        self.prove_by_several(line, candidates.matching_any)
    }

    /// What became of `line` for `path`: see [`RuleWalk::decide_beside`]. `None` if the budget is used
    /// up.
    fn decide(&mut self, path: &[u8], line: LineId) -> Option<Option<LineId>> {
        if self.matching.is_used_up() {
            return None;
        }
        let before = self.walk.work();
        let decides = self.walk.decide_beside(path, line);
        self.matching.spend(1 + self.walk.work() - before)?;
        Some(decides)
    }

    /// Whether the later line `by` covers `line`.
    fn is_shadowed_by(&mut self, by: LineId, line: LineId) -> bool {
        can_shadow(self.rules, by, line, &mut self.proofs) == Some(true)
            && is_shadowed_by_one(self.rules, &[by], line, &mut self.proofs)
    }

    /// Matches the witnesses. `None` if one of them shows that `line` takes effect, or if the
    /// budget is used up.
    fn candidates(
        &mut self,
        line: LineId,
        witnesses: impl Iterator<Item = Vec<u8>>,
    ) -> Option<Candidates> {
        let rules = self.rules;
        let own = rules[line].rule;
        let mut candidates: Option<Candidates> = None;
        for path in witnesses {
            // Finding the last match is cheaper than finding all, and nearly always enough.
            let decides = self.decide(&path, line)?;
            if decides.is_some_and(|decides| rules[decides].rule == own) {
                return None;
            }
            let before = self.walk.work();
            let mut later = self.walk.applicable(&path);
            self.matching
                .spend(self.walk.work() - before + later.len())?;
            later.retain(|&each| is_later_than(rules, each, own));
            if later.is_empty() {
                // No later rule matches, and the own rule does not apply: the path is excepted.
                continue;
            }
            match &mut candidates {
                None => {
                    candidates = Some(Candidates {
                        matching_all: later.clone(),
                        matching_any: later,
                    });
                }
                Some(candidates) => {
                    let matches_too = |each: &LineId| later.binary_search(each).is_ok();
                    candidates.matching_all.retain(matches_too);
                    candidates.matching_any.extend(later);
                    candidates.matching_any.sort_unstable();
                    candidates.matching_any.dedup();
                }
            }
        }
        candidates
    }

    /// Tries to prove that several lines cover `line` together.
    fn prove_by_several(&mut self, line: LineId, candidates: Vec<LineId>) -> Option<Shadow> {
        let rules = self.rules;
        let own = rules.rule_of(line).exceptions.len();
        let proofs = &mut self.proofs;
        let mut by: Vec<LineId> = candidates
            .into_iter()
            .rev()
            .filter(|&candidate| can_shadow(rules, candidate, line, proofs) == Some(true))
            .take(MAX_UNION)
            .collect();
        by.reverse();
        if by.is_empty() || by.len() + own < 2 || own > MAX_UNION {
            return None;
        }
        if !cover_together(rules, &by, line, proofs) {
            return None;
        }
        // Drop the lines that the proof does not need, so that the finding does not name them.
        if by.len() <= MAX_MINIMIZED {
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

    /// For each rule, the outcome in words.
    fn fates(rules: &str) -> Vec<String> {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        let shadows = shadows_of(&project.rules);
        let name = |line: LineId| project.rules[line].pattern.to_string();
        shadows
            .with_ids()
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
            // Lines of the same rule do not count as later.
            ("'/{a/b,a}' = []", &[]),
            // A rule with exceptions shadows lines that are disjoint from them.
            (
                "'/a/b/' = []\n'/a/' = { owners = [], except = '/a/b/c' }",
                &[],
            ),
            (
                "'/a/b/' = []\n'/a/' = { owners = [], except = '/a/c' }",
                &["/a/b/ by /a/"],
            ),
            ("'/a' = []\n'*' = { owners = [], except = '*.md' }", &[]),
            // A rule does not decide the paths that it excepts.
            (
                "'/a/' = { owners = [], except = '/a/*' }\n'/a/*/' = []",
                &["/a/ by /a/*/"],
            ),
            ("'/a/' = { owners = [], except = '/a/' }", &[]),
            // A rule that adds shadows nothing. One that replaces shadows it.
            ("'/a/b/' = []\n'/a/' = { add = '@a' }", &[]),
            (
                "'/a/' = []\n'/a/**' = { add = '@a' }\n'*' = { add = '@b' }",
                &[],
            ),
            ("'/a/b/' = { add = '@a' }\n'/a/' = []", &["/a/b/ by /a/"]),
            (
                "'/a/' = { add = '@a' }\n'/a/*' = []\n'*' = { add = '@b' }\n'/a/*/' = '@c'",
                &["/a/ by /a/* and /a/*/"],
            ),
            ("'/a/' = []\n'/a/*' = []\n'/a/*/' = { add = '@c' }", &[]),
            ("'*.md' = { add = '@a' }\n'*' = []", &["**/*.md by *"]),
            (
                "'/a/' = { add = '@a', except = '/a/*' }\n'/a/*/' = []",
                &["/a/ by /a/*/"],
            ),
        ] {
            assert_eq!(fates(rules), expected, "{rules}");
        }
    }

    /// The cost is not quadratic in the number of rules.
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
            level = level
                .iter()
                .flat_map(|path| {
                    let slash = if path.is_empty() { "" } else { "/" };
                    ["a", "b", "ab", "c.b"].map(|name| format!("{path}{slash}{name}"))
                })
                .collect();
            all.extend(level.iter().cloned());
        }
        all
    }

    fn config(rules: &[(usize, bool, Option<usize>)]) -> String {
        let mut text = String::from("[paths]\n");
        let mut seen = std::collections::HashSet::new();
        for &(pattern, adds, except) in rules.iter().filter(|(pattern, ..)| seen.insert(*pattern)) {
            let pattern = PATTERNS[pattern];
            let key = ["owners", "add"][usize::from(adds)];
            text += &match except {
                None => format!("'{pattern}' = {{ {key} = '@a' }}\n"),
                Some(except) => {
                    format!(
                        "'{pattern}' = {{ {key} = '@a', except = '{}' }}\n",
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
            (
                0..PATTERNS.len(),
                proptest::bool::weighted(0.3),
                proptest::option::weighted(0.3, 0..PATTERNS.len()),
            ),
            1..10,
        )) {
            let text = config(&rules);
            let project = Project::from_text(&text).unwrap();
            let rules = &project.rules;
            let matcher = rules.matcher();
            let shadows = shadows_of(rules);
            let mut walk = matcher.walk();
            for path in paths() {
                for &line in walk.decide_each(path.as_bytes()) {
                    let shadow = &shadows[line];
                    proptest::prop_assert!(shadow.is_none(), "{} by {:?} in {}", path, shadow, text);
                }
            }
            // A single later line that covers the line is always found.
            for (id, line) in rules.lines.with_ids() {
                let is_covered = rules.lines[rules.lines.ids_from(id)].iter().any(|later| {
                    later.rule > line.rule
                        && !rules[later.rule].adds()
                        && rules[later.rule].exceptions.is_empty()
                        && covers(&later.pattern, &line.pattern)
                });
                proptest::prop_assert!(!is_covered || shadows[id].is_some(), "{id:?} in {text}");
            }
        }
    }
}
