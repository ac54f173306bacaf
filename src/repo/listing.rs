//! The paths of a commit.
//!
//! To list a whole tree, git has to unpack every directory of it, which takes five times as long as
//! to read the index. But most commits that anybody asks about differ little from the index, and to
//! find the difference git looks only into directories that differ. So the paths are those of the
//! index with the difference undone; where anything about that is not plain, the tree is listed.

use anyhow::{Context, Result};
use bstr::ByteSlice;

use super::git::{self, Git};
use super::index;
use crate::paths::{PathKind, PathSet};

/// Every path in `commit`.
pub(super) fn paths(git: &Git, commit: &str) -> Result<PathSet> {
    let Ok(tracked) = index::tracked(git) else {
        return listed(git, commit);
    };
    // Nothing that happens on the way is worth an error: listing will say what is wrong.
    let mut command = git.command();
    command.args(["diff-index", "--cached", "--raw", "-z", "--no-renames"]);
    command.args(["--no-abbrev", "--no-relative", "--no-ext-diff"]);
    command.args(["--ita-visible-in-index", "--ignore-submodules=none"]);
    let difference = git::output(command.args([commit, "--"])).ok();
    match difference.and_then(|difference| undone(tracked, &difference)) {
        Some(paths) => Ok(paths),
        None => listed(git, commit),
    }
}

/// A path that the index has, and the commit has not or as something else; or the other way round.
struct Difference<'d> {
    path: &'d [u8],
    /// What it is in the commit; none if it is not there.
    before: Option<PathKind>,
    is_in_index: bool,
}

/// The paths of the commit from which the index differs so; none if that is not plain.
fn undone(index: PathSet, difference: &[u8]) -> Option<PathSet> {
    let mut differences = differences(difference)?;
    if differences.is_empty() {
        return Some(index);
    }
    differences.sort_unstable_by_key(|each| each.path);
    let mut paths = PathSet::with_capacity(index.len(), index.iter().map(<[u8]>::len).sum());
    let mut differences = differences.into_iter().peekable();
    for at in 0..index.len() {
        let tracked = index.get(at)?;
        while let Some(missing) = differences.next_if(|each| each.path < tracked.bytes) {
            add(&mut paths, &missing)?;
        }
        match differences.next_if(|each| each.path == tracked.bytes) {
            None => paths.try_push(tracked.bytes, tracked.kind).ok()?,
            Some(other) if !other.is_in_index => return None,
            Some(other) => {
                if let Some(kind) = other.before {
                    paths.try_push(other.path, kind).ok()?;
                }
            }
        }
    }
    for missing in differences {
        add(&mut paths, &missing)?;
    }
    Some(paths)
}

fn add(paths: &mut PathSet, missing: &Difference<'_>) -> Option<()> {
    let kind = missing.before.filter(|_| !missing.is_in_index)?;
    paths.try_push(missing.path, kind).ok()
}

/// Each is `:MODE MODE OBJECT OBJECT STATUS<nul>PATH<nul>`, the mode of the commit first.
fn differences(raw: &[u8]) -> Option<Vec<Difference<'_>>> {
    let mut fields = raw.split(|&byte| byte == 0);
    let mut differences = Vec::new();
    while let Some(header) = fields.next().filter(|header| !header.is_empty()) {
        let mut words = header.strip_prefix(b":")?.split(|&byte| byte == b' ');
        let (before, after) = (words.next()?, words.next()?);
        let status = words.nth(2)?;
        let (before, is_in_index) = match status {
            b"A" => (None, true),
            b"D" => (Some(kind(before)?), false),
            b"M" | b"T" => (Some(kind(before)?), true),
            // In conflict, or something that git is yet to invent.
            _ => return None,
        };
        if is_in_index {
            kind(after)?;
        }
        differences.push(Difference {
            path: fields.next().filter(|path| !path.is_empty())?,
            before,
            is_in_index,
        });
    }
    Some(differences)
}

/// What a mode stands for; none for a directory, which a sparse index may have.
fn kind(mode: &[u8]) -> Option<PathKind> {
    match mode {
        [b'1', b'0', ..] => Some(PathKind::File),
        [b'1', b'2', ..] => Some(PathKind::Symlink),
        [b'1', b'6', ..] => Some(PathKind::Submodule),
        _ => None,
    }
}

fn listed(git: &Git, commit: &str) -> Result<PathSet> {
    let mut command = git.command();
    command.args(["ls-tree", "-r", "-z", "--full-tree", commit]);
    let listing = git::output(&mut command)?;
    let mut paths = PathSet::with_capacity(0, listing.len() / 2);
    // Each is `MODE TYPE OBJECT<tab>PATH<nul>`, in the order of the index.
    for entry in listing
        .split(|&byte| byte == 0)
        .filter(|entry| !entry.is_empty())
    {
        let tab = entry
            .find_byte(b'\t')
            .context("unexpected output of `git ls-tree`")?;
        let kind = kind(entry).context("unexpected output of `git ls-tree`")?;
        paths.push(&entry[tab + 1..], kind);
    }
    Ok(paths)
}
