//! How many lines the files of a tree have. Git counts them: the difference between the tree and an
//! empty one.

use std::io::{BufRead, BufReader, Read as _};
use std::process::Stdio;

use bstr::ByteSlice;

use super::error::{Error, ErrorContext, Result, bail};
use super::hash::ObjectHash;
use super::limit::MAX_FILE_BYTES;
use super::pipe::Listener;
use super::process::{CANNOT_RUN, Git};
use crate::ids::{Id as _, IdVec};
use crate::paths::{PathId, PathSet};

/// The maximum length of a path with its numbers. What is longer is not counted.
const MAX_LINE: u64 = 1 << 20;
/// The maximum number of bytes kept of what git says on its standard error.
const MAX_SAID: u64 = 1 << 12;

/// For each of the `paths` of a commit or, without one, of the index, how many lines it has. Binary
/// files, links and submodules have none, and neither have files that are larger than the limit.
pub(super) fn lines(
    git: &Git,
    paths: &PathSet,
    commit: Option<&str>,
    progress: &mut dyn FnMut(usize),
) -> Result<IdVec<PathId, u32>> {
    let mut command = git.command();
    // What is larger is a binary file then.
    command.arg("-c");
    command.arg(format!("core.bigFileThreshold={}", MAX_FILE_BYTES + 1));
    command.arg(if commit.is_some() {
        "diff-tree"
    } else {
        "diff-index"
    });
    command.args(["-r", "--numstat", "-z", "--no-renames", "--no-relative"]);
    command.args(["--no-ext-diff", "--no-textconv", "--ignore-submodules=all"]);
    command.arg("-O/dev/null");
    command.args(commit.is_none().then_some("--cached"));
    command.arg(empty_tree(git)?).args(commit).arg("--");
    // Fetching the missing files of a partial clone one by one would take very long.
    command.env("GIT_NO_LAZY_FETCH", "1");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().context(CANNOT_RUN)?;
    let said = process.stderr.take();
    let said = said.map(|pipe| Listener::new(pipe, MAX_SAID));
    let read = match process.stdout.take() {
        Some(out) => read(BufReader::with_capacity(1 << 16, out), paths, progress),
        None => bail!("{CANNOT_RUN}"),
    };
    if read.is_err() {
        let _ = process.kill();
    }
    let status = process.wait()?;
    let lines = read?;
    if status.success() {
        return Ok(lines);
    }
    let said = said.and_then(|said| said.start(std::time::Duration::from_secs(1)));
    let said = said.unwrap_or_default();
    let error = Error::Git(said.trim_ascii().to_str_lossy().into_owned());
    Err(error.context(
        "cannot count lines: git failed (it needs the contents of all files, which a clone with \
         `--filter=blob:none` does not have)",
    ))
}

/// The tree without entries. Git knows it in every repository.
fn empty_tree(git: &Git) -> Result<&'static str> {
    Ok(match git.object_hash()? {
        ObjectHash::Sha1 => "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        ObjectHash::Sha256 => "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
    })
}

/// Reads `ADDED <tab> DELETED <tab> PATH <nul>`. A binary file has `-` in the place of numbers.
fn read(
    mut out: impl BufRead,
    paths: &PathSet,
    progress: &mut dyn FnMut(usize),
) -> Result<IdVec<PathId, u32>> {
    let mut count = 0;
    let mut lines: IdVec<PathId, u32> = vec![0; paths.len()].into();
    let mut next = paths.ids().start;
    let mut record = Vec::new();
    loop {
        record.clear();
        if (&mut out).take(MAX_LINE).read_until(0, &mut record)? == 0 {
            return Ok(lines);
        }
        count += 1;
        progress(count);
        if record.pop_if(|last| *last == 0).is_none() {
            out.skip_until(0)?;
            continue;
        }
        let mut fields = record.splitn(3, |&byte| byte == b'\t');
        let (Some(added), Some(_), Some(path)) = (fields.next(), fields.next(), fields.next())
        else {
            bail!("git wrote something unexpected");
        };
        // The paths have the same order.
        let found = match paths.get(next) == Some(path) {
            true => Some(next),
            false => paths.id_of(path),
        };
        if let Some(id) = found {
            let added = added
                .to_str()
                .ok()
                .and_then(|added| added.parse::<u64>().ok());
            lines[id] = u32::try_from(added.unwrap_or(0)).unwrap_or(u32::MAX);
            next = id.next();
        }
    }
}
