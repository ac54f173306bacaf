//! What was committed lately, and by whom.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use anyhow::{Context, Result};
use bstr::ByteSlice;

use super::Git;
use crate::starter::Commit;

/// How many commits are looked at, at most: the latest.
const COMMITS: usize = 20_000;
/// How many bytes of names are read, at most. A commit may change a million paths.
const BYTES: usize = 64 << 20;

/// Hands the commits of the last year that are in `HEAD`, merges left out, to `each`, the latest
/// first, up to a limit. A repository without commits has none.
pub(super) fn last_year(git: &Git, each: &mut dyn FnMut(Commit<'_>)) -> Result<()> {
    let mut command = git.command();
    command.args(["log", "--since=1.year", "--no-merges", "--no-renames"]);
    command.args(["--no-ext-diff", "--no-relative", "--ignore-submodules=none"]);
    command.arg(format!("--max-count={COMMITS}"));
    // Each is `<nul><nul><AUTHOR<nul><newline>PATH<nul>PATH<nul>`: an author may have no address.
    command.args(["--format=%x00%x00<%aE", "--name-only", "-z"]);
    let mut child = (command.stdin(Stdio::null()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot run `git`; is it installed?")?;
    let mut left = BYTES;
    if let Some(out) = child.stdout.take() {
        let mut out = BufReader::with_capacity(1 << 16, out);
        let mut record = Vec::new();
        while left > 0 && read_record(&mut out, &mut record, &mut left)? {
            if let Some(commit) = commit(&record) {
                each(commit);
            }
        }
    }
    // What is left is not wanted. Without commits git fails, which is no answer either.
    let _ = child.kill();
    child.wait()?;
    Ok(())
}

/// Reads up to the next two NUL bytes, or as much as is left to read; false at the end.
fn read_record(out: &mut impl BufRead, record: &mut Vec<u8>, left: &mut usize) -> Result<bool> {
    record.clear();
    loop {
        let start = record.len();
        let count = out.take(*left as u64).read_until(0, record)?;
        *left -= count;
        // A field that is empty is the second of two NULs.
        if count == 0 || (count == 1 && start > 0 && record.ends_with(b"\0")) {
            return Ok(count > 0 || start > 0);
        }
    }
}

fn commit(record: &[u8]) -> Option<Commit<'_>> {
    let mut fields = record
        .split(|&byte| byte == 0)
        .map(|field| field.strip_prefix(b"\n").unwrap_or(field))
        .filter(|field| !field.is_empty());
    let author = trimmed(fields.next()?.strip_prefix(b"<")?);
    (!author.is_empty()).then(|| Commit {
        author,
        paths: fields.collect(),
    })
}

fn trimmed(address: &[u8]) -> Cow<'_, str> {
    match address.trim().to_str_lossy() {
        Cow::Borrowed(address) => Cow::Borrowed(address.trim()),
        Cow::Owned(address) => Cow::Owned(address.trim().to_string()),
    }
}
