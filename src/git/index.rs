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
use std::io::Read as _;
use std::path::Path;

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

/// Whether the index may say that a file is left out of the working tree. Version 2, the usual one,
/// has no bit for that. A split index keeps most entries in another file, so its version says
/// nothing.
pub(super) fn may_skip_files(git: &Git) -> bool {
    let file = git.index_file();
    let mut header = [0; 8];
    let read = fs::File::open(&file).and_then(|mut index| index.read_exact(&mut header));
    let is_plain = read.is_ok() && header == *b"DIRC\0\0\0\x02";
    let is_shared = |directory: &Path| {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).any(|name| {
            let name = name.to_string_lossy();
            name.starts_with("sharedindex.")
        })
    };
    let beside = file.parent();
    !is_plain || is_shared(&git.dir) || beside.is_some_and(is_shared)
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
