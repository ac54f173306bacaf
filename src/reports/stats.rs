//! How much of a repository who owns.
//!
//! Shares are of all paths. Those of owners and groups add up to more than the whole where paths
//! have several owners; how many each owns alone is counted as well, since nobody else can review
//! these.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::ids::IdVec;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::paths::folded::fold;
use crate::ruleset::survey::Survey;
use crate::ruleset::{GroupId, Ownership, Rule, RuleSet};

/// What to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The groups of `owners.toml`.
    Group,
    /// Owners, as the forge knows them.
    Owner,
    /// The directories, down to so many levels: 1 is those at the root. Up to 255 are meant; what
    /// is deeper counts for the directory above it.
    Directory {
        /// How many levels.
        depth: u8,
    },
}

impl By {
    /// The name on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            By::Group => "group",
            By::Owner => "owner",
            By::Directory { .. } => "dir",
        }
    }
}

/// What there is to know of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// How many paths there are.
    pub paths: usize,
    /// How many have owners.
    pub owned: usize,
    /// How many are deliberately nobody's.
    pub nobody: usize,
    /// How many unmatched paths are exempt.
    pub exempt: usize,
    /// How many are unmatched, and nothing excuses it.
    pub unowned: usize,
    /// By what was asked for.
    pub rows: Vec<Row>,
    /// Where the accidental gaps are: directories (with a slash behind them; empty for the root)
    /// or paths, and how many paths that is.
    pub gaps: Vec<Gap>,
}

/// One group, owner or directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// What it is called: as bytes, since a directory is.
    pub name: Vec<u8>,
    /// How many paths it has: that it owns or, of a directory, that are in it.
    pub paths: usize,
    /// Of these, how many nobody outside owns. Not counted for directories.
    pub alone: usize,
    /// Of a directory: how deep it is, from 1; 0 for anything else.
    pub level: usize,
    /// Of a directory: how many of its paths have owners.
    pub owned: usize,
    /// Of a directory: how many of its paths are deliberately nobody's.
    pub nobody: usize,
}

/// Unowned paths, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The path, or the directory.
    pub path: Vec<u8>,
    /// How many paths that is.
    pub paths: usize,
}

/// Counts.
///
/// ```
/// use owners::Project;
/// use owners::PathSet;
/// use owners::reports::stats::{By, stats};
///
/// let project = Project::from_text("[paths]\n'*.rs' = ['@a', '@b']\n'/b.rs' = '@a'\n").unwrap();
/// let paths: PathSet = ["a.rs", "b.rs", "c"].into_iter().collect();
/// let stats = stats(&project.rules, &paths, By::Owner);
/// assert_eq!((stats.owned, stats.unowned), (2, 1));
/// assert_eq!((stats.rows[0].name.as_slice(), stats.rows[0].paths, stats.rows[0].alone), (&b"@a"[..], 2, 1));
/// ```
#[must_use]
pub fn stats(rules: &RuleSet, paths: &PathSet, by: By) -> Stats {
    let survey = Survey::new(&rules.matcher(), paths);
    let rows = match by {
        By::Group => by_group(rules, &survey),
        By::Owner => by_owner(rules, &survey),
        By::Directory { depth } => by_directory(rules, paths, usize::from(depth.max(1))),
    };
    let gaps = fold(paths, &survey.unowned).into_iter().map(|each| Gap {
        path: each.path.to_vec(),
        paths: each.files.len(),
    });
    Stats {
        paths: paths.len(),
        owned: survey.owned,
        nobody: survey.nobody,
        exempt: survey.exempt(paths),
        unowned: survey.unowned.len(),
        rows: sort(rows),
        gaps: gaps.collect(),
    }
}

/// Rules that own anything, with how many paths each decides.
fn deciding<'s>(rules: &'s RuleSet, survey: &'s Survey) -> impl Iterator<Item = (&'s Rule, usize)> {
    rules
        .rules()
        .iter()
        .filter(|rule| !rule.owners.is_empty())
        .map(|rule| {
            let decided = &survey.decided[rule.lines];
            (rule, decided.iter().sum())
        })
}

/// Every group, used or not. Who owns without a group has a row of its own, without a name.
fn by_group(rules: &RuleSet, survey: &Survey) -> Vec<Row> {
    let mut rows: IdVec<GroupId, Row> = rules
        .groups()
        .iter()
        .map(|group| Row {
            name: group.name.clone().into_bytes(),
            ..Row::default()
        })
        .collect();
    let mut others = Row::default();
    // Most rules are of few groups, and each group may have thousands of others in it.
    let mut counts: BTreeMap<(&[GroupId], usize), (&Rule, usize)> = BTreeMap::new();
    for (rule, count) in deciding(rules, survey) {
        let key = (rule.groups.as_slice(), rule.owners.len());
        counts.entry(key).or_insert((rule, 0)).1 += count;
    }
    for (rule, count) in counts.into_values() {
        for group in rules.groups_of(rule) {
            let is_alone = rules[group].owners.len() == rule.owners.len();
            rows[group].paths += count;
            rows[group].alone += if is_alone { count } else { 0 };
        }
        if rule.groups.is_empty() {
            others.paths += count;
        }
    }
    rows.extend((others.paths > 0).then_some(others));
    rows.into_vec()
}

fn by_owner(rules: &RuleSet, survey: &Survey) -> Vec<Row> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut rows: Vec<Row> = Vec::new();
    // Rules of one group share its list, and thousands of them may share a long one.
    let mut lists: Vec<(&[Owner], usize)> = Vec::new();
    let mut known: FxHashMap<*const Owner, usize> = FxHashMap::default();
    for (rule, count) in deciding(rules, survey) {
        let next = lists.len();
        let list = *known.entry(rule.owners.as_ptr()).or_insert(next);
        if list == next {
            lists.push((&rule.owners, 0));
        }
        lists[list].1 += count;
    }
    for (owners, count) in lists {
        for owner in owners {
            let place = *places.entry(Owner::folded(owner)).or_insert(rows.len());
            if place == rows.len() {
                rows.push(Row {
                    name: owner.as_str().into(),
                    ..Row::default()
                });
            }
            rows[place].paths += count;
            rows[place].alone += if owners.len() == 1 { count } else { 0 };
        }
    }
    rows
}

/// The directories down to `depth`, each with all that is below it, behind the one that they are
/// in; and one row without a name for the files at the root.
fn by_directory(rules: &RuleSet, paths: &PathSet, depth: usize) -> Vec<Row> {
    let matcher = rules.matcher();
    let mut walk = matcher.walk();
    let mut rows: Vec<Row> = Vec::new();
    let mut files = Row::default();
    // The rows of the directories that the present path is in, outermost first.
    let mut open: Vec<usize> = Vec::new();
    for path in paths.iter() {
        // Sorted paths come directory by directory.
        while open
            .last()
            .is_some_and(|&row| !path.starts_with(&rows[row].name))
        {
            open.pop();
        }
        let known = open.last().map_or(0, |&row| rows[row].name.len());
        for slash in memchr::memchr_iter(b'/', &path[known..]).take(depth - open.len()) {
            open.push(rows.len());
            rows.push(Row {
                name: path[..=known + slash].to_vec(),
                level: open.len(),
                ..Row::default()
            });
        }
        let state = rules.ownership(walk.decide(path));
        let count = |row: &mut Row| {
            row.paths += 1;
            match state {
                Ownership::Owned(_) => row.owned += 1,
                Ownership::Nobody => row.nobody += 1,
                Ownership::Unowned => {}
            }
        };
        open.iter().for_each(|&row| count(&mut rows[row]));
        if open.is_empty() {
            count(&mut files);
        }
    }
    rows.extend((files.paths > 0).then_some(files));
    rows
}

/// Puts the rows of most paths first, and those of what is in a directory behind its own.
fn sort(rows: Vec<Row>) -> Vec<Row> {
    // The rows in each directory, and last those in none.
    let mut inside: Vec<Vec<usize>> = vec![Vec::new(); rows.len() + 1];
    let mut open: Vec<usize> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        while open
            .last()
            .is_some_and(|&outer| rows[outer].level >= row.level)
        {
            open.pop();
        }
        inside[open.last().copied().unwrap_or(rows.len())].push(index);
        open.push(index);
    }
    for siblings in &mut inside {
        siblings.sort_by(|&a, &b| {
            let (a, b) = (&rows[a], &rows[b]);
            b.paths.cmp(&a.paths).then_with(|| a.name.cmp(&b.name))
        });
    }
    let mut order = Vec::with_capacity(rows.len());
    let mut next = std::mem::take(&mut inside[rows.len()]);
    next.reverse();
    while let Some(index) = next.pop() {
        order.push(index);
        next.extend(inside[index].iter().rev());
    }
    let mut rows: Vec<Option<Row>> = rows.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| rows[index].take())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    fn rows(by: By) -> Vec<(String, usize, usize, usize)> {
        let project = Project::from_text(
            "[groups]\na = '@a'\nab = ['a', '@b']\nidle = '@i'\n[paths]\n'/a/' = 'a'\n\
             '/b/' = 'ab'\n'/c/' = '@C'\n'/c/x' = []\n'/d/' = ['a', '@c']\n",
        )
        .unwrap();
        let paths: PathSet = ["a/1", "b/1", "b/2", "c/1", "c/x", "d/1", "e/1", "e/2", "f"]
            .into_iter()
            .collect();
        let found = stats(&project.rules, &paths, by);
        assert_eq!((found.owned, found.nobody, found.unowned), (5, 1, 3));
        let gaps: Vec<_> = found
            .gaps
            .iter()
            .map(|gap| (&gap.path[..], gap.paths))
            .collect();
        assert_eq!(gaps, [(&b"e/"[..], 2), (b"f", 1)]);
        found
            .rows
            .into_iter()
            .map(|row| {
                let second = if matches!(by, By::Directory { .. }) {
                    row.owned
                } else {
                    row.alone
                };
                (
                    String::from_utf8(row.name).unwrap(),
                    row.paths,
                    second,
                    row.nobody,
                )
            })
            .collect()
    }

    #[test]
    fn by_group() {
        let expected = [
            ("a", 4, 1, 0),
            ("ab", 2, 2, 0),
            ("", 1, 0, 0),
            ("idle", 0, 0, 0),
        ];
        assert_eq!(
            rows(By::Group),
            expected.map(|(name, a, b, c)| (name.into(), a, b, c))
        );
    }

    #[test]
    fn by_owner() {
        let expected = [("@a", 4, 1, 0), ("@C", 2, 1, 0), ("@b", 2, 0, 0)];
        assert_eq!(
            rows(By::Owner),
            expected.map(|(name, a, b, c)| (name.into(), a, b, c))
        );
    }

    #[test]
    fn by_directory() {
        let expected = [
            ("b/", 2, 2, 0),
            ("c/", 2, 1, 1),
            ("e/", 2, 0, 0),
            ("", 1, 0, 0),
            ("a/", 1, 1, 0),
            ("d/", 1, 1, 0),
        ];
        assert_eq!(
            rows(By::Directory { depth: 1 }),
            expected.map(|(name, a, b, c)| (name.into(), a, b, c))
        );
    }
}
