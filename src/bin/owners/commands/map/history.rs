//! The history of the page: how many files had which state, at some commits of the last year.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use owners::git::{self, DatedCommit, Repo};
use owners::reports::map::{Shares, State, YEAR, spread};
use owners::text::date::day;
use owners::text::escaped;
use serde::Serialize;

use crate::commands::history::ensure_commits;
use crate::failure::Result;
use crate::print::Progress;
use crate::workspace::Workspace;

/// How many groups the history has at most: those with most files at any of its commits.
const GROUPS: usize = 100;

/// A commit of the history.
#[derive(Serialize)]
pub(super) struct Point {
    commit: String,
    date: String,
    files: usize,
    owned: usize,
    default: usize,
    nobody: usize,
    unowned: usize,
    exempt: usize,
    groups: BTreeMap<String, usize>,
    /// Why there are no numbers.
    error: Option<String>,
}

/// The points of the history that ends with a commit, or with `HEAD`; the oldest first.
pub(super) fn points(
    workspace: &Workspace,
    commit: Option<&str>,
    count: usize,
) -> Result<Vec<Point>> {
    let repo = &workspace.repo;
    if commit.is_none() {
        ensure_commits(repo)?;
    }
    let commits = repo.first_parents(commit.unwrap_or("HEAD"), YEAR)?;
    let times: Vec<i64> = commits.iter().map(|commit| commit.time).collect();
    let mut progress = Progress::new("commits of the last year counted", !workspace.quiet);
    let mut points = Vec::new();
    for index in spread(&times, count) {
        points.push(Point::new(repo, &commits[index]));
        progress.step(points.len());
    }
    keep_largest(&mut points);
    Ok(points)
}

impl Point {
    fn new(repo: &Repo, commit: &DatedCommit) -> Self {
        let (shares, error) = match shares(repo, &commit.commit) {
            Ok(shares) => (shares, None),
            Err(error) => (
                Shares::default(),
                Some(escaped(error.to_string().as_bytes())),
            ),
        };
        let of = |state: State| shares.states[state as usize];
        Point {
            commit: commit.commit.clone(),
            date: day(commit.time),
            files: shares.files,
            owned: of(State::Owned),
            default: of(State::Default),
            nobody: of(State::Nobody),
            unowned: of(State::Unowned),
            exempt: of(State::Exempt),
            groups: (shares.groups.iter())
                .map(|(name, &files)| (escaped(name.as_bytes()), files))
                .collect(),
            error,
        }
    }
}

fn shares(repo: &Repo, commit: &str) -> git::Result<Shares> {
    let revision = repo.revision(commit)?;
    let (project, _) = repo.deciding_at(&revision)?;
    Ok(Shares::new(&project.rules, &revision.paths))
}

/// Drops all but the largest groups. Thousands of lines in a picture show nothing.
fn keep_largest(points: &mut [Point]) {
    let mut most: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, &files) in points.iter().flat_map(|point| &point.groups) {
        let most = most.entry(name).or_default();
        *most = files.max(*most);
    }
    let mut names: Vec<(Reverse<usize>, &str)> = most
        .into_iter()
        .map(|(name, files)| (Reverse(files), name))
        .collect();
    names.sort_unstable();
    names.truncate(GROUPS);
    let kept: BTreeSet<String> = names.iter().map(|(_, name)| (*name).to_string()).collect();
    for point in points {
        point.groups.retain(|name, _| kept.contains(name));
    }
}
