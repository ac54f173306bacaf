//! Counts how many paths each owner, group or directory has.
//!
//! Shares are relative to all paths. The shares of owners and groups add up to more than the whole
//! if paths have several owners. The paths that an owner owns alone are also counted, since nobody
//! else can review them.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ids::IdVec;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::paths::folded::fold;
use crate::ruleset::survey::Survey;
use crate::ruleset::{GroupId, LineId, Ownership, ResolvedGroup, Rule, RuleSet};

/// What to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The groups of `owners.toml`.
    Group,
    /// Owners, as the forge knows them.
    Owner,
    /// Directories, down to a depth. 1 is the top level. Deeper directories count for the directory
    /// above them.
    Directory {
        /// The depth.
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

/// The counts of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// The number of paths.
    pub paths: usize,
    /// The number of owned paths.
    pub owned: usize,
    /// The number of paths that a rule gives to nobody.
    pub nobody: usize,
    /// The number of exempt paths.
    pub exempt: usize,
    /// The number of unowned paths that are not exempt.
    pub unowned: usize,
    /// The counts by group, owner or directory.
    pub rows: Vec<Row>,
    /// The unowned paths that are not exempt, folded into directories.
    pub gaps: Vec<UnownedPaths>,
}

/// One group, owner or directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The name, as bytes since a directory may not be UTF-8.
    pub name: Vec<u8>,
    /// The number of paths that it owns or, for a directory, that are in it.
    pub paths: usize,
    /// The number of these paths that it owns alone. 0 for directories.
    pub alone: usize,
    /// For a directory, its depth from 1. Otherwise 0.
    pub level: usize,
    /// For a directory, the number of owned paths.
    pub owned: usize,
    /// For a directory, the number of paths that a rule gives to nobody.
    pub nobody: usize,
}

/// Unowned paths, folded into a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnownedPaths {
    /// The path, or the directory with a trailing slash. Empty for the root.
    pub path: Vec<u8>,
    /// The number of paths.
    pub paths: usize,
}

/// Counts the paths.
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
        By::Group if rules.several_may_decide() => by_group_together(rules, paths),
        By::Group => by_group(rules, &survey),
        By::Owner if rules.several_may_decide() => by_owner_together(rules, paths),
        By::Owner => by_owner(rules, &survey),
        By::Directory { depth } => by_directory(rules, paths, usize::from(depth.max(1))),
    };
    let gaps = fold(paths, &survey.unowned)
        .into_iter()
        .map(|each| UnownedPaths {
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

/// The rules with owners, with the number of paths that each decides. For rules that decide alone.
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

/// A row for every group, used or not, and the one without a name for owners named without a group.
fn rows_of_groups(rules: &RuleSet) -> (IdVec<GroupId, Row>, Row) {
    let row = |group: &ResolvedGroup| Row {
        name: group.name.clone().into_bytes(),
        ..Row::default()
    };
    (rules.groups().iter().map(row).collect(), Row::default())
}

fn by_group(rules: &RuleSet, survey: &Survey) -> Vec<Row> {
    let (mut rows, mut others) = rows_of_groups(rules);
    // Most rules name few groups, but each group may contain thousands of others. So count by the
    // named groups first.
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
    // Rules with the same group share its list of owners. Thousands of rules may share a long one,
    // so count by list first.
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
    let mut rows = OwnerRows::default();
    for (owners, count) in lists {
        for owner in owners {
            let row = rows.row_of(owner);
            rows.rows[row].paths += count;
            rows.rows[row].alone += if owners.len() == 1 { count } else { 0 };
        }
    }
    rows.rows
}

/// The rules that decide together, with the number of paths that they decide. Only those that give
/// owners.
fn deciding_together(rules: &RuleSet, paths: &PathSet) -> Vec<(Box<[LineId]>, usize)> {
    let matcher = rules.matcher();
    let mut walk = matcher.walk();
    // Which line of a rule decides makes no difference.
    let mut counts: FxHashMap<Box<[LineId]>, usize> = FxHashMap::default();
    let mut lines: Vec<LineId> = Vec::new();
    for path in paths.iter() {
        let owning = walk
            .decide_each(path)
            .iter()
            .map(|&line| rules.rule_of(line));
        lines.clear();
        lines.extend((owning.filter(|rule| !rule.owners.is_empty())).map(|rule| rule.lines.start));
        match counts.get_mut(&*lines) {
            Some(count) => *count += 1,
            None => {
                counts.insert(lines.as_slice().into(), 1);
            }
        }
    }
    let mut counts: Vec<(Box<[LineId]>, usize)> = counts.into_iter().collect();
    // Of the spellings of an owner, the first counts.
    counts.sort_unstable();
    counts
}

/// Like [`by_group`], if several rules may decide a path. It counts for the groups of each of them.
fn by_group_together(rules: &RuleSet, paths: &PathSet) -> Vec<Row> {
    let (mut rows, mut others) = rows_of_groups(rules);
    let mut owners = OwnerRows::default();
    for (lines, count) in deciding_together(rules, paths) {
        let owners = owners.count(rules, &lines, count);
        let mut seen: FxHashSet<GroupId> = FxHashSet::default();
        let groups = lines
            .iter()
            .flat_map(|&line| rules.groups_of(rules.rule_of(line)));
        for group in groups.filter(|&group| seen.insert(group)) {
            rows[group].paths += count;
            rows[group].alone += if rules[group].owners.len() == owners {
                count
            } else {
                0
            };
        }
        if lines
            .iter()
            .any(|&line| rules.rule_of(line).groups.is_empty())
        {
            others.paths += count;
        }
    }
    rows.extend((others.paths > 0).then_some(others));
    rows.into_vec()
}

/// Like [`by_owner`], if several rules may decide a path.
fn by_owner_together(rules: &RuleSet, paths: &PathSet) -> Vec<Row> {
    let mut owners = OwnerRows::default();
    for (lines, count) in deciding_together(rules, paths) {
        owners.count(rules, &lines, count);
    }
    owners.rows
}

/// A row for each owner. Thousands of rules may share a list of owners, and decide together with
/// others in thousands of ways. So names are compared only once for each list.
#[derive(Default)]
struct OwnerRows {
    rows: Vec<Row>,
    index_of: FxHashMap<String, usize>,
    /// The rows of the owners of each list, by its address.
    of_list: FxHashMap<*const Owner, Vec<usize>>,
    /// For each row, the last call of `distinct` that found it.
    found: Vec<usize>,
    calls: usize,
}

impl OwnerRows {
    /// Adds a number of paths that these rules decide, and returns the number of their owners.
    fn count(&mut self, rules: &RuleSet, lines: &[LineId], count: usize) -> usize {
        let owners = self.distinct(rules, lines);
        for &row in &owners {
            self.rows[row].paths += count;
            self.rows[row].alone += if owners.len() == 1 { count } else { 0 };
        }
        owners.len()
    }

    /// The rows of the owners of these rules, each once.
    fn distinct(&mut self, rules: &RuleSet, lines: &[LineId]) -> Vec<usize> {
        self.calls += 1;
        let mut distinct = Vec::new();
        for &line in lines {
            let owners = &rules.rule_of(line).owners;
            let key = owners.as_ptr();
            if !self.of_list.contains_key(&key) {
                let rows = owners.iter().map(|owner| self.row_of(owner)).collect();
                self.of_list.insert(key, rows);
            }
            for &row in &self.of_list[&key] {
                if std::mem::replace(&mut self.found[row], self.calls) != self.calls {
                    distinct.push(row);
                }
            }
        }
        distinct
    }

    fn row_of(&mut self, owner: &Owner) -> usize {
        let next = self.rows.len();
        let row = *self.index_of.entry(owner.folded()).or_insert(next);
        if row == next {
            self.rows.push(Row {
                name: owner.as_str().into(),
                ..Row::default()
            });
            self.found.push(0);
        }
        row
    }
}

/// A row for each directory down to `depth`, counting everything below it, in tree order. One row
/// without a name is for the files at the root.
fn by_directory(rules: &RuleSet, paths: &PathSet, depth: usize) -> Vec<Row> {
    let matcher = rules.matcher();
    let mut walk = matcher.walk();
    let mut rows: Vec<Row> = Vec::new();
    let mut files = Row::default();
    // The rows of the directories above the current path, outermost first.
    let mut open: Vec<usize> = Vec::new();
    for path in paths.iter() {
        // Paths are sorted, so those of a directory follow each other.
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

/// Sorts the rows by the number of paths. Rows inside a directory follow it.
fn sort(rows: Vec<Row>) -> Vec<Row> {
    // The rows in each directory. The last entry is for rows in no directory.
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
