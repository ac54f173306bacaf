//! The proof that later lines cover all that a line could match.
//!
//! It never claims what is not so, finds every line that one later line covers, and finds what several
//! cover together as far as [`BUDGET`] goes.
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

use super::SHOWN;
use crate::lint::Context;
use crate::matcher::{RuleMatcher, RuleWalk};
use crate::parallel;
use crate::pattern::Pattern;
use crate::pattern::cover::{covered_by, covers, disjoint, witnesses};
use crate::ruleset::RuleSet;

/// How many steps a proof by several patterns may take.
const BUDGET: usize = 100_000;
/// How many patterns are considered for such a proof.
const MAX_UNION: usize = 64;
/// How many single patterns are tried on one line.
const MAX_SINGLE: usize = 64;
/// How much work it may be to match witnesses: a path costs at least 1, and at most the number of
/// lines.
const MATCHING: usize = 40_000_000;
/// How many patterns may be compared in all, one with one or several with one.
const PROOFS: usize = 50_000;
/// So many lines take milliseconds.
const CHUNK: usize = 1000;

/// The later lines that together match all that a line matches, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shadow {
    pub(super) by: Vec<u32>,
}

/// For each line, what shadows it.
pub(crate) fn find(context: &Context<'_>) -> Vec<Option<Shadow>> {
    let rules = &context.project.rules;
    let is_alive = |line: usize| context.survey.decided[line] > 0;
    shadows(rules, is_alive, context.matcher, 1)
}

/// Whether each of these lines decides nothing in any tree, because of later lines.
pub(crate) fn decide_nothing(rules: &RuleSet, lines: &[u32]) -> bool {
    let mut asked = vec![false; rules.lines.len()];
    lines.iter().for_each(|&line| asked[line as usize] = true);
    let matcher = rules.matcher();
    // The lines come in other chunks than when each was proven, and must not want for work now.
    let shadows = shadows(rules, |line| !asked[line], &matcher, 10);
    lines.iter().all(|&line| shadows[line as usize].is_some())
}

/// As [`find`], where `is_alive` says which lines are known to decide something, and the limits on
/// work are `limits` times as high.
fn shadows<'m, 'r: 'm>(
    rules: &'r RuleSet,
    is_alive: impl Fn(usize) -> bool,
    matcher: &'m RuleMatcher<'r>,
    limits: usize,
) -> Vec<Option<Shadow>> {
    let catch_all = (rules.lines.iter().enumerate().rev())
        .find(|(index, line)| {
            line.pattern.is_everything() && rules.rule_of(*index as u32).exceptions.is_empty()
        })
        .map(|(index, line)| (index as u32, line.rule));
    let mut shadows: Vec<Option<Shadow>> = vec![None; rules.lines.len()];
    let mut open: Vec<u32> = Vec::new();
    for line in (0..rules.lines.len()).filter(|&line| !is_alive(line)) {
        match catch_all {
            Some((index, rule)) if rules.lines[line].rule < rule => {
                shadows[line] = Some(Shadow { by: vec![index] });
            }
            _ => open.push(line as u32),
        }
    }
    let chunks = open.len().div_ceil(CHUNK).max(1);
    let prove_all = |lines: &[u32]| -> Vec<Option<Shadow>> {
        let mut prover = Prover {
            rules,
            walk: matcher.walk(),
            matching_left: limits * MATCHING / chunks,
            proofs_left: limits * PROOFS / chunks,
        };
        lines.iter().map(|&line| prover.prove(line)).collect()
    };
    let proven = parallel::map_chunks(&open, CHUNK, prove_all);
    for (line, shadow) in open.into_iter().zip(proven.into_iter().flatten()) {
        shadows[line as usize] = shadow;
    }
    shadows
}

struct Prover<'m, 'r> {
    rules: &'r RuleSet,
    walk: RuleWalk<'m, 'r>,
    matching_left: usize,
    proofs_left: usize,
}

/// The later lines that the witnesses of a line have met.
#[derive(Default)]
struct Suspects {
    /// Those that match each of the witnesses, ascending.
    of_all: Vec<u32>,
    /// Those that match any.
    of_any: Vec<u32>,
}

impl Prover<'_, '_> {
    /// The lines of later rules that match all that `line` matches, if that can be proven.
    fn prove(&mut self, line: u32) -> Option<Shadow> {
        let rules = self.rules;
        let pattern = &rules.lines[line as usize].pattern;
        let mut witnesses = witnesses(pattern);
        let first = witnesses.next();
        // Nearly always the one that takes the first witness takes all, or none does.
        if let Some(decides) = first.as_ref().and_then(|path| self.walk.decide(path)) {
            let (own, other) = (
                rules.lines[line as usize].rule,
                rules.lines[decides as usize].rule,
            );
            if other == own {
                return None;
            }
            if other > own && self.can_shadow(decides, pattern) {
                self.proofs_left = self.proofs_left.checked_sub(1)?;
                if covers(&rules.lines[decides as usize].pattern, pattern) {
                    return Some(Shadow { by: vec![decides] });
                }
            }
        }
        let suspects = self.suspects(line, first.into_iter().chain(witnesses))?;
        // From the end: the last is the one that decides.
        for &suspect in suspects.of_all.iter().rev().take(MAX_SINGLE) {
            if !self.can_shadow(suspect, pattern) {
                continue;
            }
            self.proofs_left = self.proofs_left.checked_sub(1)?;
            if covers(&self.rules.lines[suspect as usize].pattern, pattern) {
                return Some(Shadow { by: vec![suspect] });
            }
        }
        self.prove_by_several(line, suspects.of_any)
    }

    /// Tries the witnesses: none if one of them shows that `line` can decide something.
    fn suspects(
        &mut self,
        line: u32,
        witnesses: impl Iterator<Item = Vec<u8>>,
    ) -> Option<Suspects> {
        let rules = self.rules;
        let own = rules.lines[line as usize].rule;
        let mut suspects: Option<Suspects> = None;
        for path in witnesses {
            // The last to match needs less work than all, and nearly always tells enough.
            let decides = self.walk.decide(&path);
            self.matching_left = self
                .matching_left
                .checked_sub(1 + rules.lines.len() / 128)?;
            if decides.is_some_and(|decides| rules.lines[decides as usize].rule == own) {
                return None;
            }
            let mut later = self.walk.applicable(&path);
            self.matching_left = self.matching_left.checked_sub(later.len())?;
            later.retain(|&each| rules.lines[each as usize].rule > own);
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
                    let matches_too = |each: &u32| later.binary_search(each).is_ok();
                    suspects.of_all.retain(matches_too);
                    suspects.of_any.extend(later);
                    suspects.of_any.sort_unstable();
                    suspects.of_any.dedup();
                }
            }
        }
        suspects
    }

    /// Whether the rule of `line` applies to all that both it and `pattern` match.
    fn can_shadow(&self, line: u32, pattern: &Pattern) -> bool {
        let exceptions = self.rules.rule_of(line).exceptions.clone();
        exceptions.len() <= MAX_UNION
            && self.rules.exceptions[exceptions]
                .iter()
                .all(|exception| disjoint(&exception.pattern, pattern))
    }

    /// The proof for several lines together, with the exceptions of the line's own rule: what these
    /// match it does not decide either.
    fn prove_by_several(&mut self, line: u32, suspects: Vec<u32>) -> Option<Shadow> {
        let rules = self.rules;
        let pattern = &rules.lines[line as usize].pattern;
        let own = &rules.exceptions[rules.rule_of(line).exceptions.clone()];
        let own: Vec<&Pattern> = own.iter().map(|each| &each.pattern).collect();
        let mut by: Vec<u32> = (suspects.into_iter().rev())
            .filter(|&suspect| self.can_shadow(suspect, pattern))
            .take(MAX_UNION)
            .collect();
        by.reverse();
        if by.is_empty() || by.len() + own.len() < 2 || own.len() > MAX_UNION {
            return None;
        }
        self.proofs_left = self.proofs_left.checked_sub(1)?;
        let is_proof = |by: &[u32]| {
            let patterns = by.iter().map(|&line| &rules.lines[line as usize].pattern);
            let wide: Vec<&Pattern> = patterns.chain(own.iter().copied()).collect();
            covered_by(pattern, &wide, BUDGET) == Some(true)
        };
        if !is_proof(&by) {
            return None;
        }
        // Which of them it takes, so that the finding names no others.
        if by.len() <= 2 * SHOWN {
            for each in by.clone() {
                let others: Vec<u32> = by.iter().copied().filter(|&line| line != each).collect();
                if !others.is_empty() && is_proof(&others) {
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

    /// For each rule, in words, what becomes of it.
    fn fates(rules: &str) -> Vec<String> {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        let matcher = project.rules.matcher();
        let shadows = shadows(&project.rules, |_| false, &matcher, 1);
        let name = |line: u32| project.rules.lines[line as usize].pattern.to_string();
        (shadows.iter().enumerate())
            .filter_map(|(line, shadow)| Some((line, shadow.as_ref()?)))
            .map(|(line, shadow)| {
                let by: Vec<String> = shadow.by.iter().map(|&line| name(line)).collect();
                format!("{} by {}", name(line as u32), by.join(" and "))
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
            let shadows = shadows(rules, |_| false, &matcher, 1);
            let mut walk = matcher.walk();
            for path in paths() {
                if let Some(line) = walk.decide(path.as_bytes()) {
                    let shadow = &shadows[line as usize];
                    proptest::prop_assert!(shadow.is_none(), "{} by {:?} in {}", path, shadow, text);
                }
            }
            // One later line that covers it is always found.
            for (index, line) in rules.lines.iter().enumerate() {
                let is_covered = rules.lines[index..].iter().any(|later| {
                    later.rule > line.rule
                        && rules.rules[later.rule as usize].exceptions.is_empty()
                        && covers(&later.pattern, &line.pattern)
                });
                proptest::prop_assert!(!is_covered || shadows[index].is_some(), "{index} in {text}");
            }
        }
    }
}
