//! The `owners.toml` files of directories below the root.
//!
//! Which there are is for the index to say: a file that nobody has added has no say in who owns
//! what. What is in them is read from the working tree, like the one at the root.

use anyhow::Result;
use bstr::ByteSlice;

use super::Repo;
use crate::diagnostic::escaped;
use crate::paths::{PathKind, PathSet};
use crate::project::{CONFIG_NAME, Draft};

/// Adds every tracked file.
pub(super) fn add(repo: &Repo, draft: &mut Draft, paths: &PathSet) -> Result<()> {
    if !draft.is_nested() {
        return Ok(());
    }
    for path in paths
        .iter()
        .filter(|path| path.ends_with(CONFIG_NAME.as_bytes()))
    {
        // What a symlink points to may be anything, and is nothing to a forge.
        let is_file = paths
            .find(path)
            .is_some_and(|found| found.kind == PathKind::File);
        if let Some(directory) = draft.directory_of(path).filter(|_| is_file) {
            read(repo, draft, directory, path)?;
        }
    }
    Ok(())
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
    for directory in directories {
        let path = [directory, b"/", CONFIG_NAME.as_bytes()].concat();
        let is_file = repo
            .join(&path)?
            .symlink_metadata()
            .is_ok_and(|found| found.is_file());
        if is_file && draft.directory_of(&path).is_some() {
            read(repo, draft, directory, &path)?;
        }
    }
    Ok(())
}

fn read(repo: &Repo, draft: &mut Draft, directory: &[u8], path: &[u8]) -> Result<()> {
    // A file that is deleted in the working tree is on its way out.
    let Some(bytes) = repo.read(path)? else {
        return Ok(());
    };
    match directory.to_str() {
        Ok(directory) => draft.add(directory, bytes),
        Err(_) => anyhow::bail!(
            "`{}` is in a directory whose name is not UTF-8, which no pattern can name exactly",
            escaped(path)
        ),
    }
    Ok(())
}
