//! What was committed lately, and by whom.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::error::{Context, Result};
use bstr::ByteSlice;

use super::process::{CANNOT_RUN, Git};
use crate::import::starter::Commit;

/// How many commits are looked at, at most: the latest.
const COMMITS: usize = 20_000;
/// How many bytes of names are read, at most. The root may have a million entries.
const BYTES: usize = 64 << 20;

/// Hands the commits of the last year that are in `HEAD`, merges left out, to `each`, the latest
/// first, up to a limit. A repository without commits has none.
///
/// Only the trees at the root are compared: a commit may change a million files, or name one
/// directory a billion times.
pub(super) fn last_year(git: &Git, each: &mut dyn FnMut(Commit<'_>)) -> Result<()> {
    let mut list = git.command();
    list.args(["rev-list", "--since=1.year", "--no-merges"]);
    list.arg(format!("--max-count={COMMITS}")).arg("HEAD");
    let mut list = start(list.stdin(Stdio::null()))?;
    let mut compare = git.command();
    compare.args([
        "diff-tree",
        "--stdin",
        "--root",
        "--raw",
        "--abbrev=4",
        "-z",
    ]);
    compare.args(["--no-renames", "--no-ext-diff", "--no-relative"]);
    // Each is `<nul><nul><AUTHOR<nul><newline>` and then, for each entry that differs,
    // `:MODE MODE OBJECT OBJECT STATUS<nul>NAME<nul>`. An author may have no address.
    compare.args(["--ignore-submodules=none", "--format=%x00%x00<%aE"]);
    compare.stdin(list.stdout.take().map_or(Stdio::null(), Stdio::from));
    let mut compare = start(&mut compare)?;
    let read = read_commits(compare.stdout.take(), each);
    // What is left is not wanted. Without commits git fails, which is no answer either.
    for mut process in [compare, list] {
        let _ = process.kill();
        process.wait()?;
    }
    read
}

fn start(command: &mut Command) -> Result<Child> {
    (command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()).context(CANNOT_RUN)
}

fn read_commits(out: Option<ChildStdout>, each: &mut dyn FnMut(Commit<'_>)) -> Result<()> {
    let Some(out) = out else {
        return Ok(());
    };
    let mut out = BufReader::with_capacity(1 << 16, out);
    let mut record = Vec::new();
    let mut left = BYTES;
    while left > 0 && read_record(&mut out, &mut record, &mut left)? {
        if let Some(commit) = commit(&record) {
            each(commit);
        }
    }
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
    let mut directories = Vec::new();
    while let (Some(modes), Some(name)) = (fields.next(), fields.next()) {
        let mut modes = modes
            .trim_start_with(|c| c == ':')
            .split(|&byte| byte == b' ');
        if modes.any(|mode| mode == b"040000") {
            directories.push(name);
        }
    }
    (!author.is_empty()).then_some(Commit {
        author,
        directories,
    })
}

fn trimmed(address: &[u8]) -> Cow<'_, str> {
    match address.trim_ascii().to_str_lossy() {
        Cow::Borrowed(address) => Cow::Borrowed(address.trim_ascii()),
        Cow::Owned(address) => Cow::Owned(address.trim_ascii().to_string()),
    }
}
