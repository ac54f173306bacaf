//! The first-parent history of a commit: the commits of a branch, without those of the branches that
//! were merged into it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use bstr::ByteSlice;

use super::error::{ErrorContext, Result, bail};
use super::process::{CANNOT_RUN, Git};

/// How many commits in a row must be older than the oldest that is wanted. A clock may have been wrong,
/// so one is not enough.
const OLDER: usize = 20;
/// The maximum number of commits that are read.
const MAX_COMMITS: usize = 1_000_000;

/// A commit, and when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedCommit {
    /// The hash.
    pub commit: String,
    /// In seconds since 1970.
    pub time: i64,
}

/// A commit and its first parents: the latest first, up to the first that is older by more than `age`
/// seconds.
pub(super) fn first_parents(git: &Git, commit: &str, age: i64) -> Result<Vec<DatedCommit>> {
    let mut command = git.command();
    // `--since` would stop at the first commit with an old date.
    command.args(["rev-list", "--first-parent", "--timestamp"]);
    command.args([commit, "--"]);
    command.env("GIT_NO_LAZY_FETCH", "1");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = command.spawn().context(CANNOT_RUN)?;
    let out = process.stdout.take().context(CANNOT_RUN)?;
    let read = read(BufReader::new(out), age);
    let is_enough = matches!(&read, Ok((_, true)));
    if is_enough || read.is_err() {
        let _ = process.kill();
    }
    let status = process.wait()?;
    let (mut commits, _) = read?;
    if !is_enough && !status.success() {
        bail!("cannot read the history of {commit}: `git rev-list` failed ({status})");
    }
    let since = commits
        .first()
        .map_or(0, |first| first.time.saturating_sub(age));
    let is_last_older = |commit: &DatedCommit| commit.time < since;
    let count = commits
        .iter()
        .rev()
        .take_while(|commit| is_last_older(commit))
        .count();
    // Of those at the end that are too old, the first says what was there when the time began.
    commits.truncate(commits.len() - count.saturating_sub(1));
    Ok(commits)
}

/// The commits, and whether there are enough of them.
fn read(mut out: impl BufRead, age: i64) -> Result<(Vec<DatedCommit>, bool)> {
    let mut commits: Vec<DatedCommit> = Vec::new();
    let mut older = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        if out.read_until(b'\n', &mut line)? == 0 {
            return Ok((commits, false));
        }
        let words = line
            .trim_ascii()
            .to_str()
            .ok()
            .and_then(|line| line.split_once(' '));
        let found = words.and_then(|(time, commit)| Some((time.parse::<i64>().ok()?, commit)));
        let Some((time, commit)) = found else {
            bail!("`git rev-list` wrote something unexpected");
        };
        commits.push(DatedCommit {
            commit: commit.to_string(),
            time,
        });
        let is_older = time < commits[0].time.saturating_sub(age);
        older = if is_older { older + 1 } else { 0 };
        if older == OLDER || commits.len() == MAX_COMMITS {
            return Ok((commits, true));
        }
    }
}
