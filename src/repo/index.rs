//! The tracked paths, from git's index.
//!
//! [`scan`] reads the usual index in a fraction of what a `git ls-files` process takes. What it
//! refuses is left to `gix-index`, which knows more of the format, and what that cannot read either
//! (a sparse index, a format from the future), git is asked for.

use std::fs;

use anyhow::{Context, Result, ensure};
use gix_index::entry::Mode;

use super::git::{self, Git};
use super::scan;
use crate::paths::{PathKind, PathSet};

pub(super) fn tracked(git: &Git) -> Result<PathSet> {
    scan::paths(&git.index_file(), git.object_hash()?.len_in_bytes())
        .or_else(|_| decode(git))
        .or_else(|reason| {
            // Git does not notice when an index is cut off: it lists garbage, and is content.
            ensure!(
                is_whole(git)?,
                "{reason:#}; its checksum is wrong too: it is damaged"
            );
            list(git).with_context(|| format!("{reason:#}"))
        })
        .with_context(|| format!("cannot read the index `{}`", git.index_file().display()))
}

/// Whether the index ends in the checksum of all before, or in zeros (`index.skipHash`).
fn is_whole(git: &Git) -> Result<bool> {
    let data = fs::read(git.index_file())?;
    let kind = git.object_hash()?;
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
    for entry in index.entries() {
        let kind = match entry.mode {
            Mode::SYMLINK => PathKind::Symlink,
            Mode::COMMIT => PathKind::Submodule,
            _ => PathKind::File,
        };
        push(&mut paths, entry.path(&index), kind)?;
    }
    Ok(paths)
}

/// The same from `git ls-files`.
fn list(git: &Git) -> Result<PathSet> {
    let mut command = git.command();
    command.args(["ls-files", "--full-name", "--stage", "-z"]);
    let listing = git::output(&mut command)?;
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
