//! Files that a sparse checkout leaves out of the working tree: they are read from the index.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context, Result};
use bstr::ByteSlice;

use super::Repo;
use super::git::{self, Git};

/// Whether files may be left out, found without git: most checkouts are whole, and to ask takes a
/// process.
pub(super) fn is_sparse(repo: &Repo) -> bool {
    let sparse = |git: &Git| git.dir.join("info/sparse-checkout").exists();
    repo.git.as_ref().is_some_and(sparse)
}

/// Those of the `missing` files that are not deleted but left out, with their texts. `pathspec`
/// takes all of them in, and little else.
pub(super) fn read<'m>(
    repo: &Repo,
    pathspec: &str,
    missing: &[&'m [u8]],
) -> Result<Vec<(&'m [u8], Vec<u8>)>> {
    let Some(git) = repo.git.as_ref().filter(|_| !missing.is_empty()) else {
        return Ok(Vec::new());
    };
    let mut command = git.command();
    command.args(["ls-files", "-t", "--stage", "--full-name", "-z", "--"]);
    let listing = git::output(command.arg(pathspec))?;
    // Each is `TAG MODE OBJECT STAGE<tab>PATH`; the tag of what is left out is `S`.
    let left_out: HashMap<&[u8], &[u8]> = listing
        .split(|&byte| byte == 0)
        .filter_map(|record| record.strip_prefix(b"S ")?.split_once_str(b"\t"))
        .filter_map(|(entry, path)| Some((path, entry.split(|&byte| byte == b' ').nth(1)?)))
        .collect();
    let (paths, objects): (Vec<&[u8]>, Vec<&[u8]>) = missing
        .iter()
        .filter_map(|&path| Some((path, *left_out.get(path)?)))
        .unzip();
    Ok(paths.into_iter().zip(blobs(git, &objects)?).collect())
}

/// The contents of objects.
fn blobs(git: &Git, objects: &[&[u8]]) -> Result<Vec<Vec<u8>>> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    // A file and no pipe: git answers before it has read all that is asked.
    let mut questions = tempfile::tempfile().context("cannot make a temporary file")?;
    questions.write_all(&objects.join(&b'\n'))?;
    std::io::Seek::rewind(&mut questions)?;
    let mut command = git.command();
    command
        .args(["cat-file", "--batch"])
        .stdin(Stdio::from(questions));
    let answers = git::output(&mut command)?;
    let mut rest = answers.as_slice();
    let mut next = || {
        // `OBJECT TYPE SIZE<newline>CONTENTS<newline>`
        let (head, tail) = rest.split_once_str(b"\n")?;
        let size: usize = head.rsplit_once_str(b" ")?.1.to_str().ok()?.parse().ok()?;
        let text = tail.get(..size)?;
        rest = tail.get(size + 1..)?;
        Some(text.to_vec())
    };
    let texts = objects
        .iter()
        .map(|_| next().context("unexpected output of `git cat-file`"));
    texts.collect()
}
