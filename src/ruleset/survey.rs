//! One pass over all tracked paths. All lints and statistics use its result.

use super::requirements::{self, RequirementMatcher, Unmet, UnmetList};
use super::{ExceptionId, ExemptionId, LineId, Ownership, RuleMatcher, RuleSet};
use crate::ids::{Id as _, IdRange, IdVec};
use crate::parallel;
use crate::paths::{PathId, PathSet};

/// From this many paths on, two threads share the work.
const PARALLEL_PATHS: usize = 20_000;

/// The result of the rules on a set of paths.
#[derive(Clone, Debug)]
pub struct Survey {
    /// For each of [`RuleSet::lines`], the first path that it matches.
    pub first: IdVec<LineId, Option<PathId>>,
    /// For each of [`RuleSet::lines`], how many paths it decides, alone or
    /// [with others](RuleSet::several_may_decide).
    pub decided: IdVec<LineId, usize>,
    /// The unowned paths that are not exempt, ascending.
    pub unowned: Vec<PathId>,
    /// For each of [`RuleSet::exceptions`], whether it keeps its rule from a path.
    pub excepted: IdVec<ExceptionId, bool>,
    /// For each of [`RuleSet::exemptions`], whether it exempts an unowned path.
    pub exempted: IdVec<ExemptionId, bool>,
    /// The paths that miss a requirement.
    pub unmet: Vec<Unmet>,
    /// For each pattern of `paths` of all requirements, and then for each of `except`, whether it
    /// matches a path.
    pub required: Vec<bool>,
    /// How many paths are owned.
    pub owned: usize,
    /// How many paths belong to nobody.
    pub nobody: usize,
}

impl Survey {
    /// Decides every path.
    #[must_use]
    pub fn new(matcher: &RuleMatcher<'_>, paths: &PathSet) -> Self {
        let rules = matcher.rules();
        let requirements = RequirementMatcher::new(rules);
        let part = |ids| PartialSurvey::new(matcher, requirements.as_ref(), paths, ids);
        let all = if paths.len() < PARALLEL_PATHS {
            part(paths.ids())
        } else {
            let (first, rest) = paths.ids().split_at(paths.len() / 2);
            let (rest, mut all) = parallel::both(|| part(rest), || part(first));
            all.append(rest);
            all
        };
        let PartialSurvey {
            first,
            decided,
            excepted,
            unmatched,
            unmet,
            required,
            owned,
        } = all;
        let matched = paths.len() - unmatched.len();
        let mut exempted = IdVec::filled(&rules.exemptions, false);
        let unowned = without_exempt(rules, paths, unmatched, &mut exempted);
        let mut survey = Survey {
            first,
            decided,
            unowned,
            excepted,
            exempted,
            unmet,
            required,
            owned,
            nobody: 0,
        };
        if !rules.several_may_decide() {
            let is_owned = |line| matches!(rules.ownership(Some(line)), Ownership::Owned(_));
            let decided = survey.decided.with_ids();
            let owned = decided.filter(|&(line, _)| is_owned(line));
            survey.owned = owned.map(|(_, count)| count).sum();
        }
        survey.nobody = matched - survey.owned;
        survey
    }

    /// How many unowned paths are exempt.
    #[must_use]
    pub fn exempt(&self, paths: &PathSet) -> usize {
        paths.len() - self.owned - self.nobody - self.unowned.len()
    }
}

/// The result for a range of the paths. The fields are those of [`Survey`].
#[derive(Debug, PartialEq, Eq)]
struct PartialSurvey {
    first: IdVec<LineId, Option<PathId>>,
    decided: IdVec<LineId, usize>,
    excepted: IdVec<ExceptionId, bool>,
    /// The paths that no rule matches.
    unmatched: Vec<PathId>,
    unmet: Vec<Unmet>,
    required: Vec<bool>,
    /// Only counted if several lines may decide a path. Otherwise it follows from `decided`.
    owned: usize,
}

impl PartialSurvey {
    fn new(
        matcher: &RuleMatcher<'_>,
        requirements: Option<&RequirementMatcher>,
        paths: &PathSet,
        ids: IdRange<PathId>,
    ) -> Self {
        let rules = matcher.rules();
        let mut required = requirements.map(RequirementMatcher::walk);
        // Up to here, all paths have the requirements that were found last.
        let mut required_end = ids.start;
        let mut unmet = UnmetList::default();
        let mut walk = matcher.walk();
        walk.remember_hits();
        let mut decided = IdVec::filled(&rules.lines, 0);
        let mut tested: IdVec<LineId, Option<PathId>> = IdVec::filled(&rules.lines, None);
        let mut unmatched = Vec::new();
        let mut owned = 0;
        let several_may_decide = rules.several_may_decide();
        let mut id = ids.start;
        while id < ids.end {
            let path = &paths[id];
            let decision = walk.decide(path);
            let end_of = |directory: Option<usize>| match directory {
                Some(length) => paths.end_of(&path[..length], IdRange::new(id.next(), ids.end)),
                None => id.next(),
            };
            let mut end = end_of(walk.decided_directory());
            if let Some(required) = &mut required {
                if id >= required_end {
                    required.find(path);
                    required_end = end_of(required.decided_directory());
                }
                end = end.min(required_end);
            }
            let alike = IdRange::new(id, end);
            walk.skip(alike.len() - 1);
            if let Some(required) = &required {
                unmet.add(rules, required.found(), walk.lines_of(&decision), alike);
            }
            match decision {
                None => unmatched.extend(alike),
                Some(line) if several_may_decide => {
                    for &each in walk.deciding() {
                        decided[each] += alike.len();
                        tested[each].get_or_insert(id);
                    }
                    let is_owned = matches!(rules.ownership(Some(line)), Ownership::Owned(_));
                    owned += if is_owned { alike.len() } else { 0 };
                }
                Some(line) => decided[line] += alike.len(),
            }
            id = end;
        }
        let (first, excepted) = walk.hits();
        let path = |count: u32| PathId::from_number(ids.start.number() + count);
        let mut first: IdVec<LineId, Option<PathId>> =
            first.iter().map(|hit| hit.map(path)).collect();
        // What the pattern of such a line matches need not pass its test. Those that do are decided.
        let has_test = |line: &LineId| rules.has_tests() && rules[*line].test.is_some();
        for line in rules.lines.ids().iter().filter(has_test) {
            first[line] = tested[line];
        }
        PartialSurvey {
            first,
            decided,
            excepted,
            unmatched,
            unmet: unmet.finish(),
            required: required.map_or(Vec::new(), |required| required.hits()),
            owned,
        }
    }

    /// Adds the result for the paths that follow.
    fn append(&mut self, other: PartialSurvey) {
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
        requirements::append(&mut self.unmet, other.unmet);
        for (all, more) in self.required.iter_mut().zip(other.required) {
            *all |= more;
        }
        self.owned += other.owned;
    }
}

/// Drops exempt paths, and records which exemptions are used.
fn without_exempt(
    rules: &RuleSet,
    paths: &PathSet,
    mut unmatched: Vec<PathId>,
    exempted: &mut IdVec<ExemptionId, bool>,
) -> Vec<PathId> {
    if rules.exemptions.is_empty() {
        return unmatched;
    }
    let (ids, patterns): (Vec<ExemptionId>, Vec<_>) = rules
        .exemptions
        .with_ids()
        .flat_map(|(id, exemption)| exemption.patterns.iter().map(move |each| (id, each)))
        .unzip();
    let matcher = crate::matcher::Matcher::new(patterns);
    let mut walk = matcher.walk();
    // Recording hits tells which exemptions are used, without a list of all pairs of path and
    // exemption.
    walk.remember_hits();
    unmatched.retain(|&id| walk.last_match(&paths[id]).is_none());
    for (id, hit) in ids.into_iter().zip(walk.hits()) {
        exempted[id] |= hit.is_some();
    }
    unmatched
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    /// Splitting a survey into two halves does not change it. The limit for real splits is too
    /// large for a test.
    #[test]
    fn two_parts_are_one_whole() {
        let project = Project::from_text(
            "[paths]\n'*.md' = '@a'\n'/a/' = { owners = '@b', except = ['/a/b/', '*.rs'] }\n\
             '/a/b/c' = []\n'**/d/' = '@c'\n'/a/?' = '@d'\n'/never' = '@e'\n\
             '/*/b/' = { add = '@f', except = '*.md' }\n\
             [[require]]\npaths = ['b/', '/never/', '*.rs']\nexcept = ['/b/', '/nix']\nowners = '@b'\n",
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
        let requirements = RequirementMatcher::new(rules);
        let part = |ids| PartialSurvey::new(&matcher, requirements.as_ref(), &paths, ids);
        let whole = part(paths.ids());
        assert!(
            whole.first.as_slice().contains(&None) && whole.excepted.as_slice().contains(&true)
        );
        assert_eq!(whole.required, [true, false, true, true, false]);
        for middle in 0..=paths.len() {
            let (first, rest) = paths.ids().split_at(middle);
            let mut both = part(first);
            both.append(part(rest));
            assert_eq!(both, whole, "{middle}");
        }
    }
}
