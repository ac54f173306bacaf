//! The tracked paths, from git's index.
//!
//! [`scan`] reads the usual index in a fraction of what a `git ls-files` process takes. What it
//! refuses must at least end in the right checksum: git itself does not notice when an index is cut
//! off, lists garbage, and is content. Then a split index is left to `gix-index`, and what is neither
//! (a sparse index, a format from the future), git is asked for.
//!
//! Git replaces an index by renaming a new one. So a file, once open, is one index from beginning to
//! end, and each of the three readers opens it once. Who writes in place, against the rules, is
//! found out by the checksum; only then may `gix-index` map the file into memory, where the end of a
//! file that shrinks is the end of the process.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use gix_index::entry::Mode;
use gix_index::hash::Kind;

use super::process::{self, Git};
use super::scan;
use crate::paths::{PathKind, PathSet};

pub(super) fn tracked(git: &Git) -> Result<PathSet> {
    let file = git.index_file();
    scan::paths(&file, git.object_hash()?.len_in_bytes())
        .or_else(|reason| {
            let data = fs::read(&file)?;
            if !is_whole(&data, git.object_hash()?)? {
                let is_temporary = git.temporary_index().is_some();
                return Err(anyhow::Error::new(DamagedIndex {
                    own: (!is_temporary).then(|| file.clone()),
                    reason: format!("{reason:#}"),
                }));
            }
            let is_split = memchr::memmem::find(&data, b"link").is_some();
            let split = is_split.then(|| decode(git).ok()).flatten();
            split.map_or_else(|| list(git).with_context(|| format!("{reason:#}")), Ok)
        })
        .with_context(|| format!("cannot read the index `{}`", file.display()))
}

/// An index that is cut off or overwritten.
#[derive(Debug)]
pub struct DamagedIndex {
    /// The file, if it is the repository's own and no temporary one.
    own: Option<PathBuf>,
    reason: String,
}

impl DamagedIndex {
    /// The file, if it can be made anew from a commit.
    #[must_use]
    pub fn own(&self) -> Option<&Path> {
        self.own.as_deref()
    }
}

impl fmt::Display for DamagedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; its checksum is wrong too: it is damaged",
            self.reason
        )
    }
}

impl std::error::Error for DamagedIndex {}

/// Whether the index ends in the checksum of all before, or in zeros (`index.skipHash`).
fn is_whole(data: &[u8], kind: Kind) -> Result<bool> {
    let Some(end) = data.len().checked_sub(kind.len_in_bytes()) else {
        return Ok(false);
    };
    let (data, checksum) = data.split_at(end);
    let mut hasher = gix_index::hash::hasher(kind);
    hasher.update(data);
    Ok(checksum.iter().all(|&byte| byte == 0) || hasher.try_finalize()?.as_slice() == checksum)
}

/// The same from `gix-index`, which reads a split index as well.
fn decode(git: &Git) -> Result<PathSet> {
    let options = gix_index::decode::Options {
        // With more threads (and `gix-parallel/parallel`, which we leave off) the offset table is
        // used, whose offsets are not checked: a broken one would end in a panic.
        thread_limit: Some(1),
        ..Default::default()
    };
    // Hashing the whole file would more than double the time; git does not do it either.
    let skip_hash = true;
    let index =
        gix_index::File::at_or_default(git.index_file(), git.object_hash()?, skip_hash, options)?;
    ensure!(!index.is_sparse(), "it is sparse");

    let mut paths = PathSet::with_capacity(index.entries().len(), index.path_backing().len());
    let mut is_merged = false;
    for entry in index.entries() {
        let kind = match entry.mode {
            Mode::SYMLINK => PathKind::Symlink,
            Mode::COMMIT => PathKind::Submodule,
            _ => PathKind::File,
        };
        let before = paths.len();
        push(&mut paths, entry.path(&index), kind)?;
        ensure!(
            !is_merged || paths.len() > before,
            "a path stands there twice"
        );
        is_merged = entry.stage_raw() == 0;
    }
    Ok(paths)
}

/// The same from `git ls-files`.
fn list(git: &Git) -> Result<PathSet> {
    let mut command = git.command();
    command.args(["ls-files", "--full-name", "--stage", "-z"]);
    let listing = process::output(&mut command)?;
    let mut paths = PathSet::with_capacity(0, listing.len() / 2);
    // Each is `MODE OBJECT STAGE<tab>PATH<nul>`.
    let mut rest = listing.as_slice();
    while let Some(end) = memchr::memchr(0, rest) {
        let tab =
            memchr::memchr(b'\t', &rest[..end]).context("unexpected output of `git ls-files`")?;
        let kind = match &rest[..tab] {
            [b'1', b'2', ..] => PathKind::Symlink,
            [b'1', b'6', ..] => PathKind::Submodule,
            _ => PathKind::File,
        };
        push(&mut paths, &rest[tab + 1..end], kind)?;
        rest = &rest[end + 1..];
    }
    Ok(paths)
}

fn push(paths: &mut PathSet, path: &[u8], kind: PathKind) -> Result<()> {
    ensure!(!path.is_empty(), "an entry has no name");
    Ok(paths.try_push(path, kind)?)
}
