//! One pass over all tracked paths, from which every lint and statistic is answered.

use std::ops::Range;

use super::{ExceptionId, ExemptionId, LineId, Ownership, RuleMatcher, RuleSet};
use crate::ids::IdVec;
use crate::parallel;
use crate::paths::{PathSet, TrackedPath};

/// From so many paths on, two threads share them.
const MANY: usize = 50_000;

/// What the rules do to a set of paths.
#[derive(Clone, Debug)]
pub struct Survey {
    /// For each of [`RuleSet::lines`], the first path that it matches, as an index into the set.
    pub first: IdVec<LineId, Option<u32>>,
    /// For each of [`RuleSet::lines`], how many paths it decides.
    pub decided: IdVec<LineId, usize>,
    /// The paths that no rule matches and no exemption excuses, as indices into the set.
    pub unowned: Vec<u32>,
    /// For each of [`RuleSet::exceptions`], whether it keeps its rule from any path.
    pub excepted: IdVec<ExceptionId, bool>,
    /// For each of [`RuleSet::exemptions`], whether it excuses an unmatched path.
    pub exempted: IdVec<ExemptionId, bool>,
    /// How many paths have owners.
    pub owned: usize,
    /// How many paths are deliberately nobody's.
    pub nobodys: usize,
}

impl Survey {
    /// Resolves every path.
    #[must_use]
    pub fn new(matcher: &RuleMatcher<'_>, paths: &PathSet) -> Self {
        let rules = matcher.rules();
        let part = |range| Part::new(rules, matcher, paths, range);
        let all = if paths.len() < MANY {
            part(0..paths.len())
        } else {
            let half = paths.len() / 2;
            let (rest, mut all) = parallel::both(|| part(half..paths.len()), || part(0..half));
            all.append(rest);
            all
        };
        let Part {
            first,
            decided,
            excepted,
            unmatched,
        } = all;
        let mut exempted = IdVec::filled(&rules.exemptions, false);
        let unowned = without_exempt(rules, paths, unmatched, &mut exempted);
        let mut survey = Survey {
            first,
            decided,
            unowned,
            excepted,
            exempted,
            owned: 0,
            nobodys: 0,
        };
        for (line, &count) in survey.decided.with_ids() {
            match rules.ownership(Some(line)) {
                Ownership::Owned(_) => survey.owned += count,
                Ownership::Nobody => survey.nobodys += count,
                Ownership::Unowned => {}
            }
        }
        survey
    }

    /// How many unmatched paths the exemptions excuse.
    #[must_use]
    pub fn exempt(&self, paths: &PathSet) -> usize {
        paths.len() - self.owned - self.nobodys - self.unowned.len()
    }
}

/// What the rules do to some of the paths: fields as those of [`Survey`].
#[derive(Debug, PartialEq, Eq)]
struct Part {
    first: IdVec<LineId, Option<u32>>,
    decided: IdVec<LineId, usize>,
    excepted: IdVec<ExceptionId, bool>,
    /// The paths that no rule matches.
    unmatched: Vec<u32>,
}

impl Part {
    fn new(
        rules: &RuleSet,
        matcher: &RuleMatcher<'_>,
        paths: &PathSet,
        range: Range<usize>,
    ) -> Self {
        let mut walk = matcher.walk();
        walk.remember_hits();
        let mut decided = IdVec::filled(&rules.lines, 0);
        let mut unmatched = Vec::new();
        let start = range.start as u32;
        let mut index = range.start;
        while index < range.end
            && let Some(TrackedPath { bytes: path, .. }) = paths.get(index)
        {
            let decision = walk.decide(path);
            let end = match walk.decided_directory() {
                Some(length) => paths.end_of(&path[..length], index + 1..range.end),
                None => index + 1,
            };
            walk.skip(end - index - 1);
            match decision {
                Some(line) => decided[line] += end - index,
                None => unmatched.extend(index as u32..end as u32),
            }
            index = end;
        }
        let (mut first, excepted) = walk.hits();
        for path in first.iter_mut().flatten() {
            *path += start;
        }
        Part {
            first,
            decided,
            excepted,
            unmatched,
        }
    }

    /// Adds what was found in the paths that follow.
    fn append(&mut self, other: Part) {
        for (first, later) in self.first.iter_mut().zip(other.first) {
            *first = first.or(later);
        }
        for (all, more) in self.excepted.iter_mut().zip(other.excepted) {
            *all |= more;
        }
        for (all, more) in self.decided.iter_mut().zip(other.decided) {
            *all += more;
        }
        self.unmatched.extend(other.unmatched);
    }
}

/// Drops the paths that an exemption excuses, and notes which exemptions do.
fn without_exempt(
    rules: &RuleSet,
    paths: &PathSet,
    mut unmatched: Vec<u32>,
    exempted: &mut IdVec<ExemptionId, bool>,
) -> Vec<u32> {
    if rules.exemptions.is_empty() {
        return unmatched;
    }
    let (owners, patterns): (Vec<ExemptionId>, Vec<_>) = (rules.exemptions.with_ids())
        .flat_map(|(id, exemption)| exemption.patterns.iter().map(move |each| (id, each)))
        .unzip();
    let matcher = crate::matcher::Matcher::new(patterns);
    let mut walk = matcher.walk();
    // Every exemption may match every path: which are in use is known without all these pairs.
    walk.remember_hits();
    unmatched.retain(|&index| {
        let path = paths.get(index as usize);
        let path = path.map_or(&b""[..], |path| path.bytes);
        walk.last_match(path).is_none()
    });
    for (owner, hit) in owners.into_iter().zip(walk.hits()) {
        exempted[owner] |= hit.is_some();
    }
    unmatched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    /// Large trees are surveyed in two halves, smaller than any test wants them to be.
    #[test]
    fn two_parts_are_one_whole() {
        let project = Project::from_text(
            "[paths]\n'*.md' = '@a'\n'/a/' = { owners = '@b', except = ['/a/b/', '*.rs'] }\n\
             '/a/b/c' = []\n'**/d/' = '@c'\n'/a/?' = '@d'\n'/never' = '@e'\n",
        );
        let rules = &project.unwrap().rules;
        let matcher = rules.matcher();
        let paths: PathSet = [
            "a/1",
            "a/b/1",
            "a/b/c",
            "a/b/d/1",
            "a/b/d/x.md",
            "a/x.rs",
            "b/1",
            "b/d/1",
            "d/d/d",
            "x.md",
            "x.rs",
        ]
        .iter()
        .collect();
        let part = |range| Part::new(rules, &matcher, &paths, range);
        let whole = part(0..paths.len());
        assert!(
            whole.first.as_slice().contains(&None) && whole.excepted.as_slice().contains(&true)
        );
        for middle in 0..=paths.len() {
            let mut both = part(0..middle);
            both.append(part(middle..paths.len()));
            assert_eq!(both, whole, "{middle}");
        }
    }
}
