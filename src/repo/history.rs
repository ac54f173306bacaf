//! What was committed lately, and by whom.

use anyhow::Result;
use bstr::ByteSlice;

use super::Git;
use super::git::run;
use crate::starter::Commit;

/// The commits of the last year that are in `HEAD`, merges left out. A repository without commits
/// has none.
pub(super) fn last_year(git: &Git) -> Result<Vec<Commit>> {
    let mut command = git.command();
    command.args(["log", "--since=1.year", "--no-merges", "--no-renames"]);
    command.args(["--no-ext-diff", "--no-relative", "--ignore-submodules=none"]);
    // Each is `<nul><nul>AUTHOR<nul><newline>PATH<nul>PATH<nul>`.
    command.args(["--format=%x00%x00%aE", "--name-only", "-z"]);
    let output = run(&mut command)?;
    if !output.status.success() {
        return Ok(Vec::new());
    }
    Ok(output
        .stdout
        .split_str(b"\0\0")
        .filter_map(commit)
        .collect())
}

fn commit(record: &[u8]) -> Option<Commit> {
    let mut fields = record
        .split(|&byte| byte == 0)
        .map(|field| field.strip_prefix(b"\n").unwrap_or(field))
        .filter(|field| !field.is_empty());
    Some(Commit {
        author: fields.next()?.to_str_lossy().trim().to_string(),
        paths: fields.map(<[u8]>::to_vec).collect(),
    })
}
