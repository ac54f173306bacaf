//! The `owners.toml` files of directories below the root.
//!
//! Which there are is for the index to say: a file that nobody has added has no say in who owns
//! what. What is in them is read from the working tree, like the one at the root; only what a
//! sparse checkout leaves out of the working tree is read from the index.

use std::ops::ControlFlow;

use crate::git::error::{Context, Result};
use bstr::ByteSlice;

use crate::config::CONFIG_NAME;
use crate::git::Repo;
use crate::git::files::read_plain;
use crate::git::skipped::{self, LeftOut};
use crate::git::work_tree::WorkTree;
use crate::paths::{PathKind, PathSet};
use crate::project::Draft;
use crate::text::escaped;

/// Adds every tracked file.
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
        // What a symlink points to may be anything, and is nothing to a forge.
        let is_file = paths
            .find(path)
            .is_some_and(|found| found.kind == PathKind::File);
        let Some(directory) = draft.directory_of(path).filter(|_| is_file) else {
            continue;
        };
        match read_plain(&tree, path)? {
            Some(bytes) => draft.add(utf8(directory)?, bytes),
            None => missing.push(path, directory),
        }
        if draft.wants_more().is_break() {
            return Ok(());
        }
    }
    missing.add_left_out(repo, draft)
}

/// Adds the files of the directories that `paths` lie in: no others have a say in who owns them.
/// To look into the index would take longer than all else, so files that nobody has added count.
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
        match read_plain(&tree, &path)? {
            Some(bytes) => draft.add(utf8(directory)?, bytes),
            None => files.push((path, directory)),
        }
    }
    // Which of the others there are is for the index to say, which is not looked into otherwise.
    let mut missing = Missing::default();
    if skipped::is_sparse(repo) {
        for (path, directory) in &files {
            missing.push(path, directory);
        }
    }
    missing.add_left_out(repo, draft)
}

/// Whether what is in a directory is no part of the repository: behind a symlink, or another
/// repository's.
fn is_foreign(repo: &Repo, directory: &[u8]) -> Result<bool> {
    let place = repo.join(directory)?;
    let is_symlink = place
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    Ok(is_symlink || repo.is_git() && place.join(".git").symlink_metadata().is_ok())
}

/// The name of a directory that has a file.
fn utf8(directory: &[u8]) -> Result<&str> {
    directory.to_str().ok().with_context(|| {
        format!(
            "`{}/{CONFIG_NAME}` is in a directory whose name is not UTF-8, which no pattern can \
             name exactly",
            escaped(directory)
        )
    })
}

/// Files that are not in the working tree, and the directories that they are of.
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

    /// Adds those that are not deleted, but left out by a sparse checkout: the generated file is the
    /// same in every checkout.
    fn add_left_out(&self, repo: &Repo, draft: &mut Draft) -> Result<()> {
        let mut fault = None;
        LeftOut::configurations(repo).read_each(&self.paths, |index, text| {
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
