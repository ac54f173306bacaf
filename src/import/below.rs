//! What is below a name. On GitLab `*.rb` is what has that name, in `owners.toml` it is that and what
//! is in a directory of that name. Where no tracked path tells the two apart, the wider pattern is
//! taken. Where one does, a rule leaves out what is below by an exception.
//!
//! An exception takes too much where a path is below one such name and has another: `**/a` except
//! `**/a/` is without `a/a`. That path is what `**/a/**/a` says, the next rule, with an exception of
//! its own, and so on down to where nothing is tracked.
//!
//! That cannot always be generated again: who owns `a/a/a` has to be said as well, and if it is
//! nobody, GitLab excludes it for good. Then there is a rule for each depth at which something is
//! tracked, `/a`, `/*/a`, of which none is below itself.

use rustc_hash::FxHashSet;

use super::ImportError;
use super::kept::{Form, Kept, Rule, is_sayable};
use crate::matcher::Matcher;
use crate::paths::{PathId, PathSet};
use crate::pattern::algebra::{disjoint, intersect};
use crate::pattern::{Gap, Pattern};

/// More exceptions than this make rules that nobody reads.
const MAX_EXCEPTIONS: usize = 50;
/// So many pairs of patterns of one line are compared.
const MAX_PAIRS: usize = 10_000;
/// So many tracked paths are looked at one by one, for one line.
const MAX_PATHS: usize = 10_000;
/// So often lines may match tracked paths, all together.
const MAX_MATCHES: usize = 20_000_000;
/// So many of its patterns are laid over them.
const MAX_DEPTH: usize = 64;

/// Gives each line its rules. The numbers of those that match no tracked path, but have some below,
/// are returned: a rule for one of them would be one for no path.
pub(super) fn leave_out_what_is_tracked(
    all: &mut [Kept<'_>],
    paths: &PathSet,
) -> Result<Vec<usize>, ImportError> {
    let tracked = Tracked::find(all, paths)?;
    let mut dead = Vec::new();
    for (kept, found) in all.iter_mut().zip(tracked) {
        if found.below.is_empty() {
            kept.is_widened = kept.exact != kept.whole;
            kept.rules = vec![kept.spelled(kept.whole.clone())];
        } else if !found.is_there {
            dead.push(kept.entry.line);
        } else {
            let rules = rules_with_exceptions(kept, &found, paths);
            kept.rules = rules.ok_or_else(|| too_many(kept))?;
        }
    }
    Ok(dead)
}

/// Says a line by patterns for each depth at which something is tracked.
pub(super) fn by_depth(kept: &mut Kept<'_>, paths: &PathSet) -> Result<(), ImportError> {
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
    let mut rules: Vec<Rule> = deep.iter().map(alone).collect();
    if !plain.is_empty() {
        rules.push(Rule::new(plain, Vec::new()));
    }
    kept.form = Form::Depths;
    kept.rules = rules;
    Ok(())
}

fn too_many(kept: &Kept<'_>) -> ImportError {
    ImportError::Line {
        line: kept.entry.line,
        reason: format!(
            "`{}` matches files, but not the contents of directories of that name; owners.toml would need more than {MAX_EXCEPTIONS} exceptions for this",
            kept.text
        ),
    }
}

/// What is tracked of a line.
#[derive(Debug, Default)]
struct Tracked {
    /// Whether the line matches a path.
    is_there: bool,
    /// The patterns that it does not match paths below of, as indices.
    below: FxHashSet<usize>,
    /// Paths that it matches and that are below a name that it takes as well; one more than
    /// [`MAX_PATHS`] at most.
    both: Vec<PathId>,
}

impl Tracked {
    fn find(all: &[Kept<'_>], paths: &PathSet) -> Result<Vec<Self>, ImportError> {
        // A line that says what a rule says needs no looking at.
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
                if below().next().is_some() && found.both.len() <= MAX_PATHS {
                    found.both.push(id);
                }
            }
        }
        Ok(found)
    }
}

/// The rules of a line that takes names below which something else is tracked.
fn rules_with_exceptions(kept: &Kept<'_>, found: &Tracked, paths: &PathSet) -> Option<Vec<Rule>> {
    if found.both.len() > MAX_PATHS {
        return None;
    }
    let (mut level, mut plain) = (Vec::new(), Vec::new());
    for (index, exact) in kept.exact.iter().enumerate() {
        match found.below.contains(&index) {
            true => level.push(exact.clone()),
            false => plain.push(kept.whole[index].clone()),
        }
    }
    let mut rules = first_rules(kept, &level, plain);
    let mut left: Vec<&[u8]> = (found.both.iter()).map(|&id| &paths[id]).collect();
    loop {
        left.retain(|path| !rules.iter().any(|rule| rule.matches(path)));
        if rules.len() > MAX_EXCEPTIONS {
            return None;
        }
        if left.is_empty() {
            return Some(rules);
        }
        level = both(&level, &left)?;
        rules.extend(level.iter().map(alone));
    }
}

/// The patterns of a line as one rule, if no exception is about more than its own pattern; else those
/// with exceptions alone.
fn first_rules(kept: &Kept<'_>, level: &[Pattern], plain: Vec<Pattern>) -> Vec<Rule> {
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
        let mut rule = kept.spelled(kept.whole.clone());
        rule.except = level.iter().map(below).collect();
        return vec![rule];
    }
    let mut rules: Vec<Rule> = level.iter().map(alone).collect();
    if !plain.is_empty() {
        rules.push(Rule::new(plain, Vec::new()));
    }
    rules
}

/// A rule for this name and nothing below it.
fn alone(pattern: &Pattern) -> Rule {
    Rule::new(
        vec![pattern.with_tail(Gap::ANY)],
        vec![pattern.with_tail(Gap::SOME)],
    )
}

/// What one of the patterns says of paths below another, as far as one of `paths` is such a path.
fn both(level: &[Pattern], paths: &[&[u8]]) -> Option<Vec<Pattern>> {
    let mut members: Vec<Pattern> = Vec::new();
    for outer in level.iter().map(|pattern| pattern.with_tail(Gap::SOME)) {
        for inner in level {
            let common = intersect(inner, &outer, MAX_EXCEPTIONS).ok()?;
            members.extend(common.into_iter().filter(|member| {
                member.tail() == Gap::NONE && is_sayable(&member.with_tail(Gap::ANY))
            }));
        }
    }
    members.sort_unstable();
    members.dedup();
    members.retain(|member| paths.iter().any(|path| member.matches(path)));
    (!members.is_empty() && members.len() <= MAX_EXCEPTIONS).then_some(members)
}

/// The pattern with as many segments in its gaps as `path`, which it matches, has there.
fn at_depth_of(pattern: &Pattern, path: &[u8]) -> Option<Pattern> {
    let names: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
    let mut fit = Fit {
        pattern,
        names: &names,
        gaps: Vec::new(),
        dead: FxHashSet::default(),
    };
    (names.len() <= MAX_DEPTH && fit.from(0, 0)).then(|| {
        let closed = |min| Gap { min, open: false };
        let mut deep = Pattern::new(closed(fit.gaps[0]));
        for (step, &gap) in pattern.steps().iter().zip(&fit.gaps[1..]) {
            deep.push(step.glob.clone());
            deep.widen(closed(gap));
        }
        deep
    })
}

/// A pattern laid over the names of a path.
struct Fit<'p> {
    pattern: &'p Pattern,
    names: &'p [&'p [u8]],
    /// How many names are in each gap, as far as is known.
    gaps: Vec<u32>,
    /// The steps, and the names before them, from which it does not go on.
    dead: FxHashSet<(usize, usize)>,
}

impl Fit<'_> {
    /// Finds the gaps from the one before step `step` on, which begins at name `at`.
    fn from(&mut self, step: usize, at: usize) -> bool {
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
                        && self.from(step + 1, next + 1)
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
