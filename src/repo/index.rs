//! The tracked paths, from git's index.
//!
//! `gix-index` decodes it in a fraction of what a `git ls-files` process takes. What it cannot
//! read (a sparse index, a shared half that is elsewhere, a format from the future), git is asked
//! for.

use std::fs;

use anyhow::{Context, Result, ensure};
use gix_index::entry::Mode;

use super::git::{self, Git};
use crate::paths::{PathKind, PathSet};

pub(super) fn tracked(git: &Git) -> Result<PathSet> {
    decode(git)
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

    let mut paths = Paths::with_capacity(index.entries().len(), index.path_backing().len());
    for entry in index.entries() {
        let kind = match entry.mode {
            Mode::SYMLINK => PathKind::Symlink,
            Mode::COMMIT => PathKind::Submodule,
            _ => PathKind::File,
        };
        paths.push(entry.path(&index), kind)?;
    }
    Ok(paths.set)
}

/// The same from `git ls-files`.
fn list(git: &Git) -> Result<PathSet> {
    let mut command = git.command();
    command.args(["ls-files", "--full-name", "--stage", "-z"]);
    let listing = git::output(&mut command)?;
    let mut paths = Paths::with_capacity(0, listing.len() / 2);
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
        paths.push(&rest[tab + 1..end], kind)?;
        rest = &rest[end + 1..];
    }
    Ok(paths.set)
}

/// A [`PathSet`] in the making, from a source that may be broken.
struct Paths {
    set: PathSet,
    bytes: usize,
}

impl Paths {
    fn with_capacity(paths: usize, bytes: usize) -> Self {
        Paths {
            set: PathSet::with_capacity(paths, bytes),
            bytes: 0,
        }
    }

    fn push(&mut self, path: &[u8], kind: PathKind) -> Result<()> {
        // Equal paths are the stages of a conflict.
        let is_next = self.set.iter().next_back().is_none_or(|last| last <= path);
        ensure!(is_next && !path.is_empty(), "its entries are not in order");
        self.bytes += path.len();
        ensure!(
            u32::try_from(self.bytes).is_ok(),
            "its paths take more than 4 GiB"
        );
        self.set.push(path, kind);
        Ok(())
    }
}
