//! How ownership changed over a year: at which commits to look, and what to count there.

use std::collections::BTreeMap;

use super::decisions::{Decisions, State};
use crate::ids::IdVec;
use crate::paths::PathSet;
use crate::ruleset::RuleSet;
use crate::text::date::DAY;

/// How far back the history goes, in seconds.
pub const YEAR: i64 = 365 * DAY;

/// How many files of a tree have each state, and how many each group owns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// All files.
    pub files: usize,
    /// The files of each of [`State::ALL`].
    pub states: [usize; State::ALL.len()],
    /// The files of each group that owns any, by its name.
    pub groups: BTreeMap<String, usize>,
}

impl Shares {
    /// Counts the paths of a tree.
    #[must_use]
    pub fn new(rules: &RuleSet, paths: &PathSet) -> Self {
        let mut shares = Shares {
            files: paths.len(),
            ..Shares::default()
        };
        let decisions = Decisions::new(rules, paths);
        let mut counts = IdVec::filled(&decisions.all, 0);
        decisions
            .of
            .all()
            .for_each(|(run, id)| counts[id] += run.len());
        for (id, decision) in decisions.all.with_ids() {
            shares.states[decision.state as usize] += counts[id];
            let named = decision.lines.iter().map(|&line| rules.rule_of(line));
            let groups = named.flat_map(|rule| rules.groups_of(rule));
            let mut names: Vec<&str> = groups.map(|group| rules[group].name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                match shares.groups.get_mut(name) {
                    Some(count) => *count += counts[id],
                    None => drop(shares.groups.insert(name.to_string(), counts[id])),
                }
            }
        }
        shares
    }
}

/// Which commits of a history to look at: as many as `count`, spread evenly over the last year. `times`
/// are those of all commits, the latest first, up to the first that is older than a year. The result
/// has their indices, the oldest first.
///
/// Each is the latest commit at its time, so there are fewer where nothing happened in between. If there
/// are not more than `count`, all of them are chosen.
#[must_use]
pub fn spread(times: &[i64], count: usize) -> Vec<usize> {
    let (Some(&end), Some(&oldest)) = (times.first(), times.iter().min()) else {
        return Vec::new();
    };
    if times.len() <= count {
        return (0..times.len()).rev().collect();
    }
    let start = oldest.clamp(end.saturating_sub(YEAR), end);
    let steps = i64::try_from(count.saturating_sub(1)).unwrap_or(i64::MAX);
    let mut chosen: Vec<usize> = Vec::new();
    // The commit at the end is always one of them, and no time is later.
    let mut index = 0;
    for step in 0..=steps {
        let back = (end - start).saturating_mul(step) / steps.max(1);
        // A commit may be older than those before it.
        while times[index] > end - back && index + 1 < times.len() {
            index += 1;
        }
        if chosen.last() != Some(&index) {
            chosen.push(index);
        }
    }
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn commits_are_spread_evenly() {
        let days = |days: &[i64]| {
            days.iter()
                .map(|day| 1_000 * DAY - day * DAY)
                .collect::<Vec<_>>()
        };
        let every_day = days(&(0..=365).collect::<Vec<_>>());
        assert_eq!(spread(&every_day, 1), [0]);
        assert_eq!(spread(&every_day, 2), [365, 0]);
        assert_eq!(spread(&every_day, 6), [365, 292, 219, 146, 73, 0]);
        assert_eq!(spread(&every_day, 1000).len(), 366);
        // Few commits are all of them.
        assert_eq!(spread(&days(&[0, 100, 900]), 3), [2, 1, 0]);
        assert_eq!(spread(&days(&[5]), 9), [0]);
        assert!(spread(&[], 9).is_empty());
        // Nothing in between. The state of a year ago is that of the last commit before.
        assert_eq!(spread(&days(&[0, 1, 2, 3, 300, 900]), 4), [5, 4, 0]);
        // A young repository.
        assert_eq!(spread(&days(&[0, 1, 2, 3, 4]), 3), [4, 2, 0]);
        // Clocks that are wrong.
        assert_eq!(spread(&days(&[10, 0, 20, 5]), 3), [2, 0]);
        assert_eq!(spread(&[i64::MAX, 0, i64::MIN], 2), [1, 0]);
        assert_eq!(spread(&[i64::MIN, 0, i64::MAX], 2), [0]);
    }

    #[test]
    fn what_is_counted() {
        let project = Project::from_text(
            "[groups]\nall = ['one', '@b']\none = '@a'\n[paths]\n'*' = '@c'\n'/a/' = 'all'\n\
             '/b' = 'one'\n'/n' = []\n",
        );
        let paths: PathSet = ["a/1", "a/2", "b", "n", "x"].into_iter().collect();
        let shares = Shares::new(&project.unwrap().rules, &paths);
        assert_eq!((shares.files, shares.states), (5, [3, 1, 1, 0, 0]));
        let groups: Vec<_> = shares.groups.iter().collect();
        assert_eq!(groups, [(&"all".to_string(), &2), (&"one".to_string(), &3)]);
        let nothing = Shares::new(&RuleSet::default(), &paths);
        assert_eq!(nothing.states, [0, 0, 0, 5, 0]);
    }
}
