//! Paths below a name. On GitLab, `*.rb` matches the paths with that name. In `owners.toml`, it
//! also matches everything below a directory with that name. If no tracked path makes a difference,
//! import uses the wider pattern. Otherwise the rule gets an exception for what is below.
//!
//! Such an exception excludes too much if a path with that name is below another one: `**/a` except
//! `**/a/` does not match `a/a`. So another rule adds these paths, `**/a/**/a`, again with an
//! exception, and so on until nothing is tracked below.
//!
//! A file cannot always be generated from such rules: they decide `a/a/a` too, and if nobody owns
//! it, the generated exclusion is final on GitLab. Then import writes one rule for each depth at
//! which a path is tracked: `/a`, `/*/a`. None of these patterns matches a path below another
//! match.

use rustc_hash::FxHashSet;

use super::ImportError;
use super::kept::{ImportedRule, KeptLine, LineForm, is_expressible};
use crate::matcher::Matcher;
use crate::paths::{PathId, PathSet};
use crate::pattern::algebra::{disjoint, intersect};
use crate::pattern::{Gap, Pattern};

/// The maximum number of exceptions. More would be unreadable.
const MAX_EXCEPTIONS: usize = 50;
/// The maximum number of pattern pairs compared for one line.
const MAX_PAIRS: usize = 10_000;
/// The maximum number of tracked paths checked one by one for one line.
const MAX_PATHS: usize = 10_000;
/// The maximum number of matches between lines and tracked paths.
const MAX_MATCHES: usize = 20_000_000;
/// The maximum number of segments of a path that a pattern is fitted to.
const MAX_DEPTH: usize = 64;

/// Sets the rules of each line. Returns the numbers of lines that match no tracked path but have
/// tracked paths below: a rule for such a line would match other paths than the line.
pub(super) fn except_tracked_below(
    all: &mut [KeptLine<'_>],
    paths: &PathSet,
) -> Result<Vec<usize>, ImportError> {
    let tracked = Tracked::find(all, paths)?;
    let mut dead = Vec::new();
    for (kept, found) in all.iter_mut().zip(tracked) {
        if found.below.is_empty() {
            kept.is_widened = kept.exact != kept.whole;
            kept.rules = vec![kept.rule_with_spelling(kept.whole.clone())];
        } else if !found.is_there {
            dead.push(kept.entry.line);
        } else {
            let rules = rules_with_exceptions(kept, &found, paths);
            kept.rules = rules.ok_or_else(|| too_many(kept))?;
        }
        kept.except_classes();
    }
    Ok(dead)
}

/// Sets the rules of a line to patterns for each depth at which a path is tracked.
pub(super) fn express_by_depth(
    kept: &mut KeptLine<'_>,
    paths: &PathSet,
) -> Result<(), ImportError> {
    let found = Tracked::find(std::slice::from_ref(kept), paths)?;
    let below = found.into_iter().next().unwrap_or_default().below;
    if below.len() > MAX_EXCEPTIONS {
        return Err(too_many(kept));
    }
    let mut deep: Vec<Pattern> = Vec::new();
    let mut plain = Vec::new();
    for (index, exact) in kept.exact.iter().enumerate() {
        if below.contains(&index) {
            for path in paths.iter().filter(|path| exact.matches(path)) {
                if !deep.iter().any(|known| known.matches(path)) {
                    deep.extend(at_depth_of(exact, path));
                }
                if deep.len() > MAX_EXCEPTIONS {
                    return Err(too_many(kept));
                }
            }
        } else {
            plain.push(kept.whole[index].clone());
        }
    }
    let mut rules: Vec<ImportedRule> = deep.iter().map(without_below).collect();
    if !plain.is_empty() {
        rules.push(ImportedRule::new(plain, Vec::new()));
    }
    kept.form = LineForm::Depths;
    kept.rules = rules;
    kept.except_classes();
    Ok(())
}

fn too_many(kept: &KeptLine<'_>) -> ImportError {
    ImportError::Line {
        line: kept.entry.line,
        reason: format!(
            "`{}` matches files, but not the contents of directories of that name; owners.toml would need more than {MAX_EXCEPTIONS} exceptions for this",
            kept.text
        ),
    }
}

/// The tracked paths of a line.
#[derive(Debug, Default)]
struct Tracked {
    /// Whether the line matches a tracked path.
    is_there: bool,
    /// The patterns of the line, as indices, with a tracked path below that the line does not
    /// match.
    below: FxHashSet<usize>,
    /// Paths, as indices, that the line matches and that are also below another match. At most
    /// [`MAX_PATHS`] and one more.
    nested_matches: Vec<PathId>,
}

impl Tracked {
    fn find(all: &[KeptLine<'_>], paths: &PathSet) -> Result<Vec<Self>, ImportError> {
        // A line whose rule has the same meaning needs no check.
        let asked = all
            .iter()
            .enumerate()
            .filter(|(_, kept)| kept.exact != kept.whole);
        let mut places = Vec::new();
        let mut patterns = Vec::new();
        for (line, kept) in asked {
            for (index, exact) in kept.exact.iter().enumerate() {
                places.push((line, index, false));
                patterns.push(exact.clone());
                if *exact != kept.whole[index] {
                    places.push((line, index, true));
                    patterns.push(exact.with_tail(Gap::SOME));
                }
            }
        }
        let mut found: Vec<Tracked> = all.iter().map(|_| Tracked::default()).collect();
        if patterns.is_empty() {
            return Ok(found);
        }
        let matcher = Matcher::new(&patterns);
        let mut walk = matcher.walk();
        let mut matches_left = MAX_MATCHES;
        for (id, path) in paths.with_ids() {
            let matching = walk.all_matches(path);
            matches_left = match (matches_left.checked_sub(matching.len()), matching.last()) {
                (None, Some(&last)) => {
                    return Err(ImportError::Line {
                        line: all[places[last as usize].0].entry.line,
                        reason: format!(
                            "this line and others match tracked paths more than {MAX_MATCHES} times"
                        ),
                    });
                }
                (left, _) => left.unwrap_or(0),
            };
            let place = |pattern: &u32| places[*pattern as usize];
            for of_line in matching.chunk_by(|a, b| place(a).0 == place(b).0) {
                let below = || of_line.iter().map(place).filter(|(.., is_below)| *is_below);
                let found = &mut found[place(&of_line[0]).0];
                if of_line.len() == below().count() {
                    found.below.extend(below().map(|(_, index, _)| index));
                    continue;
                }
                found.is_there = true;
                if below().next().is_some() && found.nested_matches.len() <= MAX_PATHS {
                    found.nested_matches.push(id);
                }
            }
        }
        Ok(found)
    }
}

/// The rules of a line, where something else is tracked below its names.
fn rules_with_exceptions(
    kept: &KeptLine<'_>,
    found: &Tracked,
    paths: &PathSet,
) -> Option<Vec<ImportedRule>> {
    if found.nested_matches.len() > MAX_PATHS {
        return None;
    }
    let (mut level, mut plain) = (Vec::new(), Vec::new());
    for (index, exact) in kept.exact.iter().enumerate() {
        if found.below.contains(&index) {
            level.push(exact.clone());
        } else {
            plain.push(kept.whole[index].clone());
        }
    }
    let mut rules = first_rules(kept, &level, plain);
    let mut left: Vec<&[u8]> = found.nested_matches.iter().map(|&id| &paths[id]).collect();
    loop {
        left.retain(|path| !rules.iter().any(|rule| rule.matches(path)));
        if rules.len() > MAX_EXCEPTIONS {
            return None;
        }
        if left.is_empty() {
            return Some(rules);
        }
        level = intersections_below(&level, &left)?;
        rules.extend(level.iter().map(without_below));
    }
}

/// The patterns of a line as one rule, if each exception affects only its own pattern. Otherwise
/// one rule for each pattern with an exception, and one for the others.
fn first_rules(kept: &KeptLine<'_>, level: &[Pattern], plain: Vec<Pattern>) -> Vec<ImportedRule> {
    let below = |pattern: &Pattern| pattern.with_tail(Gap::SOME);
    let are_few = level.len() * kept.whole.len() <= MAX_PAIRS;
    let are_apart = are_few
        && level.iter().all(|each| {
            let below = below(each);
            let others = kept
                .exact
                .iter()
                .zip(&kept.whole)
                .filter(|(other, _)| *other != each);
            others
                .map(|(_, whole)| whole)
                .all(|other| disjoint(other, &below))
        });
    if are_apart {
        let mut rule = kept.rule_with_spelling(kept.whole.clone());
        rule.except = level.iter().map(below).collect();
        return vec![rule];
    }
    let mut rules: Vec<ImportedRule> = level.iter().map(without_below).collect();
    if !plain.is_empty() {
        rules.push(ImportedRule::new(plain, Vec::new()));
    }
    rules
}

/// A rule for this name, without what is below.
fn without_below(pattern: &Pattern) -> ImportedRule {
    ImportedRule::new(
        vec![pattern.with_tail(Gap::ANY)],
        vec![pattern.with_tail(Gap::SOME)],
    )
}

/// The intersection of each pattern with the paths below another one, as long as one of `paths` is
/// in it.
fn intersections_below(level: &[Pattern], paths: &[&[u8]]) -> Option<Vec<Pattern>> {
    let mut members: Vec<Pattern> = Vec::new();
    for outer in level.iter().map(|pattern| pattern.with_tail(Gap::SOME)) {
        for inner in level {
            let common = intersect(inner, &outer, MAX_EXCEPTIONS).ok()?;
            members.extend(common.into_iter().filter(|member| {
                member.tail() == Gap::NONE && is_expressible(&member.with_tail(Gap::ANY))
            }));
        }
    }
    members.sort_unstable();
    members.dedup();
    members.retain(|member| paths.iter().any(|path| member.matches(path)));
    (!members.is_empty() && members.len() <= MAX_EXCEPTIONS).then_some(members)
}

/// The pattern with fixed gaps: each has as many segments as in `path`, which the pattern matches.
fn at_depth_of(pattern: &Pattern, path: &[u8]) -> Option<Pattern> {
    let names: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
    let mut fit = Fit {
        pattern,
        names: &names,
        gaps: Vec::new(),
        dead: FxHashSet::default(),
    };
    (names.len() <= MAX_DEPTH && fit.match_from(0, 0)).then(|| {
        let closed = |min| Gap { min, open: false };
        let mut deep = Pattern::new(closed(fit.gaps[0]));
        for (step, &gap) in pattern.steps().iter().zip(&fit.gaps[1..]) {
            deep.push(step.glob.clone());
            deep.widen(closed(gap));
        }
        deep
    })
}

/// A search for a way to match a pattern with the names of a path.
struct Fit<'p> {
    pattern: &'p Pattern,
    names: &'p [&'p [u8]],
    /// The number of names in each gap so far.
    gaps: Vec<u32>,
    /// Pairs of step and name from which the search has failed.
    dead: FxHashSet<(usize, usize)>,
}

impl Fit<'_> {
    /// Matches the steps from `step` on with the names from `at` on, and records the gaps.
    fn match_from(&mut self, step: usize, at: usize) -> bool {
        let gap = match step.checked_sub(1) {
            None => self.pattern.head(),
            Some(before) => self.pattern.steps()[before].gap,
        };
        let first = at + gap.min as usize;
        let last = if gap.open { self.names.len() } else { first };
        for next in first..=last.min(self.names.len()) {
            self.gaps.truncate(step);
            self.gaps.push((next - at) as u32);
            let is_end = match (self.pattern.steps().get(step), self.names.get(next)) {
                (None, None) => true,
                (Some(each), Some(name)) => {
                    !self.dead.contains(&(step + 1, next + 1))
                        && each.glob.matches(name)
                        && self.match_from(step + 1, next + 1)
                }
                _ => false,
            };
            if is_end {
                return true;
            }
        }
        self.dead.insert((step, at));
        false
    }
}
