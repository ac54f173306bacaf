//! Loads nested files.
//!
//! The paths that a command looks at decide which nested files exist: those in the index, so that an
//! untracked file has no effect, or with `--untracked` all. Their content is
//! read from the working tree, like that of the root file. Files that a sparse checkout leaves out
//! are read from the index.

use std::ops::ControlFlow;

use crate::git::error::{ErrorContext, Result};
use bstr::ByteSlice;

use crate::config::CONFIG_NAME;
use crate::git::Repo;
use crate::git::files::read_plain;
use crate::git::skipped::{self, SkippedFiles};
use crate::git::work_tree::WorkTree;
use crate::paths::{PathKind, PathSet};
use crate::project::Draft;
use crate::text::escaped;

/// Adds all tracked nested files.
pub(super) fn add(repo: &Repo, draft: &mut Draft, paths: &PathSet) -> Result<()> {
    if !draft.is_nested() {
        return Ok(());
    }
    let tree = WorkTree::open(repo)?;
    let mut missing = Missing::default();
    for path in paths
        .iter()
        .filter(|path| path.ends_with(CONFIG_NAME.as_bytes()))
    {
        // A symlink may point to anything, and forges do not follow it.
        let is_file = paths
            .find(path)
            .is_some_and(|found| found.kind == PathKind::File);
        let Some(directory) = draft.directory_of(path).filter(|_| is_file) else {
            continue;
        };
        match read(repo, &tree, path)? {
            Some(bytes) => draft.add(utf8(directory)?, bytes),
            None => missing.push(path, directory),
        }
        if draft.wants_more().is_break() {
            return Ok(());
        }
    }
    missing.add_skipped(repo, draft)
}

/// Adds the nested files of the directories above `paths`. Only these can decide who owns `paths`.
/// Reading the index would take most of the time, so untracked files count.
pub(super) fn add_above(repo: &Repo, draft: &mut Draft, paths: &[&[u8]]) -> Result<()> {
    if !draft.is_nested() {
        return Ok(());
    }
    let mut directories: Vec<&[u8]> = paths
        .iter()
        .flat_map(|path| memchr::memchr_iter(b'/', path).map(|slash| &path[..slash]))
        .collect();
    directories.sort_unstable();
    directories.dedup();
    let tree = WorkTree::open(repo)?;
    let mut foreign: Vec<&[u8]> = Vec::new();
    let mut files = Vec::new();
    for directory in directories {
        let is_inside = |outer: &&[u8]| {
            let rest = directory.strip_prefix(*outer);
            rest.is_some_and(|rest| rest.starts_with(b"/"))
        };
        if foreign.iter().any(is_inside) || is_foreign(repo, directory)? {
            foreign.push(directory);
            continue;
        }
        let path = [directory, b"/", CONFIG_NAME.as_bytes()].concat();
        if draft.directory_of(&path).is_none() {
            continue;
        }
        match read(repo, &tree, &path)? {
            Some(bytes) => draft.add(utf8(directory)?, bytes),
            None => files.push((path, directory)),
        }
    }
    // Only the index knows which of the missing files exist. It is read only in a sparse checkout.
    let mut missing = Missing::default();
    if skipped::is_sparse(repo) {
        for (path, directory) in &files {
            missing.push(path, directory);
        }
    }
    missing.add_skipped(repo, draft)
}

/// Reads a nested file, unless an unsaved text stands in for it.
fn read(repo: &Repo, tree: &WorkTree<'_>, path: &[u8]) -> Result<Option<Vec<u8>>> {
    match repo.unsaved(path)? {
        Some(text) => Ok(Some(text)),
        None => read_plain(tree, path),
    }
}

/// Whether the content of a directory is not part of the repository: it is behind a symlink, or
/// belongs to another repository.
fn is_foreign(repo: &Repo, directory: &[u8]) -> Result<bool> {
    let place = repo.join(directory)?;
    let is_symlink = place
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    Ok(is_symlink || repo.is_git() && place.join(".git").symlink_metadata().is_ok())
}

/// Checks that the name of a directory is UTF-8.
pub(super) fn utf8(directory: &[u8]) -> Result<&str> {
    directory.to_str().ok().with_context(|| {
        format!(
            "`{}/{CONFIG_NAME}` is in a directory whose name is not UTF-8, which no pattern can \
             name exactly",
            escaped(directory)
        )
    })
}

/// Files that are not in the working tree, with their directories.
#[derive(Default)]
struct Missing<'p> {
    paths: Vec<&'p [u8]>,
    directories: Vec<&'p [u8]>,
}

impl<'p> Missing<'p> {
    fn push(&mut self, path: &'p [u8], directory: &'p [u8]) {
        self.paths.push(path);
        self.directories.push(directory);
    }

    /// Adds the files that are not deleted but left out by a sparse checkout. So the generated file
    /// is the same in every checkout.
    fn add_skipped(&self, repo: &Repo, draft: &mut Draft) -> Result<()> {
        let mut fault = None;
        SkippedFiles::configurations(repo).read_each(&self.paths, |index, text| {
            match utf8(self.directories[index]) {
                Ok(directory) => {
                    draft.add(directory, text);
                    draft.wants_more()
                }
                Err(error) => {
                    fault = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        fault.map_or(Ok(()), Err)
    }
}
