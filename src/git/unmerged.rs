//! Files with a merge conflict: which of their sides were written by hand.

use std::ops::ControlFlow;

use bstr::ByteSlice;
use rustc_hash::FxHashMap;

use super::error::{ErrorContext, Result};
use super::objects::Objects;
use super::process::{self, Git};
use crate::codeowners::{self, MergeSide, Unmerged};
use crate::text::escaped;

/// What git keeps in its directory while an operation waits for conflicts to be resolved.
const IN_PROGRESS: [&str; 5] = [
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "rebase-merge",
    "rebase-apply",
];

/// The mode of a submodule, which has no text.
const SUBMODULE: &[u8] = b"160000";

impl Git {
    /// Whether a merge or a similar operation is in progress. Needs neither a process nor the index.
    pub(super) fn is_merging(&self) -> bool {
        let mut names = IN_PROGRESS.iter();
        names.any(|name| self.dir.join(name).exists())
    }
}

/// A side of a file.
struct Side {
    /// The index of its path.
    index: usize,
    side: MergeSide,
    object: Vec<u8>,
}

/// The conflicts of the files at root-relative paths.
pub(super) fn find(git: &Git, paths: &[&[u8]]) -> Result<Vec<Option<Unmerged>>> {
    let mut command = git.command();
    command.args(["ls-files", "--full-name", "--unmerged", "-z", "--"]);
    for path in paths {
        let pathspec = [b":(top,literal)", *path].concat();
        command.arg(pathspec.to_os_str().context("a path is not UTF-8")?);
    }
    let listing = process::output(&mut command)?;
    let indices: FxHashMap<&[u8], usize> = paths.iter().copied().zip(0..).collect();
    let mut found: Vec<Option<Unmerged>> = vec![None; paths.len()];
    let mut sides = Vec::new();
    // Each record is `MODE OBJECT STAGE<tab>PATH`.
    for record in listing.split(|&byte| byte == 0) {
        let Some((entry, path)) = record.split_once_str(b"\t") else {
            continue;
        };
        let mut words = entry.split(|&byte| byte == b' ');
        let (Some(mode), Some(object), Some(stage)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let Some(&index) = indices.get(path).filter(|_| mode != SUBMODULE) else {
            continue;
        };
        let unmerged = found[index].get_or_insert_default();
        match MergeSide::of_stage(stage) {
            None => unmerged.has_base = true,
            Some(side) => sides.push(Side {
                index,
                side,
                object: object.to_vec(),
            }),
        }
    }
    let objects: Vec<Vec<u8>> = sides.iter().map(|side| side.object.clone()).collect();
    let read = Objects::new(git).files(&objects, |index, text| {
        let Side { index, side, .. } = sides[index];
        let unmerged = found[index]
            .as_mut()
            .filter(|_| !codeowners::is_generated(&text));
        if let Some(unmerged) = unmerged {
            unmerged.by_hand.push(side);
        }
        ControlFlow::Continue(())
    });
    read.map_err(|(index, error)| {
        let path = escaped(paths[sides[index].index]);
        error.context(format!("cannot read `{path}` from the index"))
    })?;
    Ok(found)
}
