//! The tracked paths, from git's index.
//!
//! There are two readers. [`scan`] reads the usual index in a fraction of the time of a `git
//! ls-files` process. If it refuses an index (a split or sparse one, or a later format), `git
//! ls-files` reads it, provided that the checksum is right: git does not check that, and lists
//! garbage from a truncated index.
//!
//! Git replaces an index by renaming a new file. So an open file stays the same index until it is
//! closed, and each reader opens it once. If a program breaks this rule and writes in place, the
//! checksum does not match.

use std::fs;

use super::error::{DamagedIndex, Error, ErrorContext, Result, ensure};
use super::hash::ObjectHash;
use super::process::{self, Git};
use super::scan;
use crate::paths::{PathKind, PathSet};

pub(super) fn tracked(git: &Git) -> Result<PathSet> {
    let file = git.index_file();
    let hash = git.object_hash()?;
    scan::paths(&file, hash.length())
        .or_else(|reason| {
            if !has_valid_checksum(&fs::read(&file)?, hash) {
                let is_temporary = git.temporary_index().is_some();
                return Err(Error::DamagedIndex(Box::new(DamagedIndex {
                    own: (!is_temporary).then(|| file.clone()),
                    reason: format!("{reason:#}"),
                })));
            }
            list(git).with_context(|| format!("{reason:#}"))
        })
        .with_context(|| format!("cannot read the index `{}`", file.display()))
}

/// Whether the index ends in the checksum of everything before it, or in zeros (`index.skipHash`).
fn has_valid_checksum(data: &[u8], hash: ObjectHash) -> bool {
    let Some(end) = data.len().checked_sub(hash.length()) else {
        return false;
    };
    let (data, checksum) = data.split_at(end);
    checksum.iter().all(|&byte| byte == 0) || hash.digest(data) == checksum
}

/// Reads the tracked paths with `git ls-files`.
fn list(git: &Git) -> Result<PathSet> {
    let mut command = git.command();
    command.args(["ls-files", "--full-name", "--stage", "-z"]);
    let listing = process::output(&mut command)?;
    let mut paths = PathSet::with_capacity(0, listing.len() / 2);
    // Each record is `MODE OBJECT STAGE<tab>PATH<nul>`.
    let mut rest = listing.as_slice();
    while let Some(end) = memchr::memchr(0, rest) {
        let tab =
            memchr::memchr(b'\t', &rest[..end]).context("unexpected output of `git ls-files`")?;
        let kind = match &rest[..tab] {
            [b'1', b'2', ..] => PathKind::Symlink,
            [b'1', b'6', ..] => PathKind::Submodule,
            _ => PathKind::File,
        };
        let path = &rest[tab + 1..end];
        ensure!(!path.is_empty(), "an entry has no name");
        paths.try_push(path, kind)?;
        rest = &rest[end + 1..];
    }
    Ok(paths)
}
