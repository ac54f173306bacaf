//! Recent commits and their authors.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::error::{ErrorContext, Result};
use bstr::ByteSlice;

use super::process::{CANNOT_RUN, Git};
use crate::import::starter::Commit;

/// The maximum number of commits read, starting from the latest.
const MAX_COMMITS: usize = 20_000;
/// The maximum number of bytes of names read. The root may have a million entries.
const MAX_BYTES: usize = 64 << 20;

/// Passes the commits of `HEAD` from the last year to `each`, without merges, the latest first, up
/// to a limit. A repository without commits has none.
///
/// Only the root trees are compared, because a commit may change a million files, or contain one
/// directory a billion times.
pub(super) fn last_year(git: &Git, each: &mut dyn FnMut(Commit<'_>)) -> Result<()> {
    let mut list = git.command();
    list.args(["rev-list", "--since=1.year", "--no-merges"]);
    list.arg(format!("--max-count={MAX_COMMITS}")).arg("HEAD");
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
    // Each record is `<nul><nul><ADDRESS>NAME<nul><newline>`, followed by `:MODE MODE OBJECT OBJECT
    // STATUS<nul>NAME<nul>` for each entry that differs. The address and the name of an author may
    // be empty. Git removes `<` and `>` from both.
    compare.args(["--ignore-submodules=none", "--format=%x00%x00<%aE>%aN"]);
    compare.stdin(list.stdout.take().map_or(Stdio::null(), Stdio::from));
    let mut compare = start(&mut compare)?;
    let read = read_commits(compare.stdout.take(), each);
    // Stop both processes: the rest is not needed. Git fails in a repository without commits, which
    // means no commits.
    for mut process in [compare, list] {
        let _ = process.kill();
        process.wait()?;
    }
    read
}

fn start(command: &mut Command) -> Result<Child> {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context(CANNOT_RUN)
}

fn read_commits(out: Option<ChildStdout>, each: &mut dyn FnMut(Commit<'_>)) -> Result<()> {
    let Some(out) = out else {
        return Ok(());
    };
    let mut out = BufReader::with_capacity(1 << 16, out);
    let mut record = Vec::new();
    let mut left = MAX_BYTES;
    while left > 0 && read_record(&mut out, &mut record, &mut left)? {
        if let Some(commit) = commit(&record) {
            each(commit);
        }
    }
    Ok(())
}

/// Reads up to the next two NUL bytes, or `left` bytes. False at the end.
fn read_record(out: &mut impl BufRead, record: &mut Vec<u8>, left: &mut usize) -> Result<bool> {
    record.clear();
    loop {
        let start = record.len();
        let count = out.take(*left as u64).read_until(0, record)?;
        *left -= count;
        // An empty field is the second of two NULs.
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
    let author = fields.next()?.strip_prefix(b"<")?;
    let (address, name) = author.split_once_str(b">")?;
    let (address, name) = (trimmed(address), trimmed(name));
    let mut directories = Vec::new();
    while let (Some(modes), Some(name)) = (fields.next(), fields.next()) {
        let mut modes = modes
            .trim_start_with(|c| c == ':')
            .split(|&byte| byte == b' ');
        if modes.any(|mode| mode == b"040000") {
            directories.push(name);
        }
    }
    let is_known = !address.is_empty() || !name.is_empty();
    is_known.then_some(Commit {
        address,
        name,
        directories,
    })
}

fn trimmed(text: &[u8]) -> Cow<'_, str> {
    match text.trim_ascii().to_str_lossy() {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_string()),
    }
}
