//! Reads and replaces single files of the working tree.
//!
//! The names of these files come from `owners.toml`, so in CI from the author of the pull request.
//! So nothing outside the working tree or inside `.git` is ever read or written.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Component, Path};

use super::error::{ErrorContext, Result, bail, ensure};
use bstr::ByteSlice;

use super::Repo;
use super::dir::{Dir, DirEntry};
use super::limit::{ensure_not_large, read_all};
use super::work_tree::{ResolveMode, ResolvedPath, WorkTree};
use crate::config::is_config_name;
use crate::paths::alias::is_dot_git;

/// Checks that `path` is relative to the root and plain.
pub(super) fn plain(path: &[u8]) -> Result<&Path> {
    let named = path
        .to_path()
        .with_context(|| format!("`{}` is not UTF-8", path.as_bstr()))?;
    let is_plain = |component| matches!(component, Component::Normal(_));
    ensure!(
        !path.is_empty() && !path.contains(&0) && named.components().all(is_plain),
        "`{}` is not a path below the repository's root",
        path.as_bstr(),
    );
    Ok(named)
}

/// Reads the file at the root-relative `path`. `None` if it does not exist.
pub(super) fn read(repo: &Repo, path: &Path) -> Result<Option<Vec<u8>>> {
    let read = || {
        let Some(resolved) = WorkTree::open(repo)?.find(path, ResolveMode::FollowLinks)? else {
            return Ok(None);
        };
        let Some(found) = &resolved.found else {
            return Ok(None);
        };
        // Reading a pipe or a device might never end.
        ensure_regular(found)?;
        read_resolved(&resolved).map(Some)
    };
    read().with_context(|| format!("cannot read `{}`", repo.root().join(path).display()))
}

/// Reads a file that is known to be regular.
pub(super) fn read_resolved(resolved: &ResolvedPath) -> Result<Vec<u8>> {
    let (file, size) = resolved.open()?;
    ensure_not_large(size)?;
    read_all(file)
}

/// Reads a tracked file without following links. `None` if the file is missing, because it is
/// deleted in the working tree, or if it or a directory above it was replaced by something else.
pub(crate) fn read_plain(tree: &WorkTree<'_>, path: &[u8]) -> Result<Option<Vec<u8>>> {
    let text = || match tree.find(plain(path)?, ResolveMode::NoLinks)? {
        Some(resolved) if matches!(resolved.found, Some(DirEntry::File(_))) => {
            read_resolved(&resolved).map(Some)
        }
        _ => Ok(None),
    };
    text().with_context(|| format!("cannot read `{}`", tree.shown(path).display()))
}

/// Writes `text` to the file at the root-relative `path`.
pub(super) fn write(repo: &Repo, path: &Path, text: &[u8]) -> Result<()> {
    let file = repo.root().join(path);
    replace(repo, path, text).with_context(|| format!("cannot write `{}`", file.display()))
}

fn replace(repo: &Repo, path: &Path, text: &[u8]) -> Result<()> {
    let is_config = |name: &OsStr| is_config_name(name.as_encoded_bytes());
    let mut names = path.iter().map(OsStr::as_encoded_bytes);
    ensure!(!names.any(is_dot_git), "it is inside `.git`");
    let tree = WorkTree::open(repo)?;
    // A link is kept and its target is written, as editors do.
    let resolved = tree
        .find(path, ResolveMode::CreateDirectories)?
        .context("it has no place")?;
    ensure!(
        path.file_name().is_some_and(is_config) || !is_config(&resolved.name),
        "it is a link to a configuration, `{}`",
        resolved.name.display()
    );
    if let Some(found) = &resolved.found {
        ensure_regular(found)?;
    }
    write_and_rename(&resolved, text).with_context(|| {
        format!(
            "cannot replace it by a new file in `{}`",
            resolved.shown.display()
        )
    })
}

fn write_and_rename(resolved: &ResolvedPath, text: &[u8]) -> io::Result<()> {
    let ResolvedPath {
        directory,
        name,
        found,
        ..
    } = resolved;
    replace_entry(directory, name, found.as_ref(), text)
}

/// Writes a file in a directory, in the place of what was found there.
pub(super) fn replace_entry(
    directory: &Dir,
    name: &OsStr,
    found: Option<&DirEntry>,
    text: &[u8],
) -> io::Result<()> {
    remove_leftovers(directory);
    let mut temporary = Temporary::new(directory)?;
    temporary.file.write_all(text)?;
    if let Some(DirEntry::File(mode)) = found {
        mode.give_to(&temporary.file)?;
    }
    temporary.file.sync_all()?;
    temporary.rename(name)?;
    // The file is written. Syncing the directory makes the rename survive a power cut, but a
    // failure to do so is not an error.
    let _ = directory.sync();
    Ok(())
}

/// The prefix and suffix of the names of temporary files. Six letters and digits are between them.
const TEMPORARY: (&str, &str) = (".owners-", ".tmp");

/// A temporary file beside the file that it will replace. It is locked while it is written, and
/// removed unless it is renamed.
struct Temporary<'d> {
    directory: &'d Dir,
    name: OsString,
    file: File,
    is_renamed: bool,
}

impl<'d> Temporary<'d> {
    fn new(directory: &'d Dir) -> io::Result<Self> {
        loop {
            let name = OsString::from(format!("{}{}{}", TEMPORARY.0, random_suffix(), TEMPORARY.1));
            let file = match directory.create_file(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                created => created?,
            };
            // If this file system has no locks, no other process can take the file for a leftover
            // either.
            let is_locked = file.lock().is_ok();
            let temporary = Temporary {
                directory,
                name,
                file,
                is_renamed: false,
            };
            // Another process may have locked and removed it before this one locked it. Some file
            // systems refuse to look at a name that is being removed.
            if !is_locked || matches!(directory.entry(&temporary.name), Ok(Some(_))) {
                return Ok(temporary);
            }
        }
    }

    /// Replaces the file `name`.
    fn rename(&mut self, name: &OsStr) -> io::Result<()> {
        self.directory.rename(&self.name, name)?;
        self.is_renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_renamed {
            let _ = self.directory.remove_file(&self.name);
        }
    }
}

/// Six random letters and digits.
fn random_suffix() -> String {
    const SIGNS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = RandomState::new().build_hasher().finish();
    let mut sign = || {
        let sign = SIGNS[(random % 36) as usize];
        random /= 36;
        char::from(sign)
    };
    (0..6).map(|_| sign()).collect()
}

/// Removes the temporary files of killed processes: those that nobody has locked. A failure is not
/// an error.
fn remove_leftovers(directory: &Dir) {
    for name in directory.names().into_iter().flatten() {
        let text = name.as_encoded_bytes();
        let is_ours = text.starts_with(TEMPORARY.0.as_bytes())
            && text.ends_with(TEMPORARY.1.as_bytes())
            && text.len() == TEMPORARY.0.len() + 6 + TEMPORARY.1.len()
            && matches!(directory.entry(&name), Ok(Some(DirEntry::File(_))));
        if !is_ours {
            continue;
        }
        // The lock is held until the name is gone: whoever has just created the file waits for it,
        // and then sees that the name is gone.
        if let Ok(file) = directory.open_file(&name)
            && file.try_lock().is_ok()
        {
            let _ = directory.remove_file(&name);
            drop(file);
        }
    }
}

fn ensure_regular(found: &DirEntry) -> Result<()> {
    match found {
        DirEntry::File(_) => Ok(()),
        DirEntry::Directory => bail!("it is a directory"),
        DirEntry::Link | DirEntry::Other => bail!("it is not a regular file"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::{Repo, remove_leftovers};
    use crate::git::Env;
    use crate::git::work_tree::{ResolveMode, WorkTree};

    /// Who removes leftovers leaves the files alone that others are writing.
    #[test]
    fn leftovers_are_removed_while_others_write() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("owners.toml"), "").unwrap();
        let env = Env {
            ceilings: vec![directory.path().to_owned()],
            ..Env::default()
        };
        let repo = Repo::discover_with(directory.path(), &env).unwrap();
        let write = |text: &str| repo.write(b"d/file", text.as_bytes());
        write("").unwrap();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let tree = WorkTree::open(&repo).unwrap();
                    let found = tree
                        .find("d/file".as_ref(), ResolveMode::NoLinks)
                        .unwrap()
                        .unwrap();
                    while !is_over.load(Ordering::Relaxed) {
                        remove_leftovers(&found.directory);
                    }
                });
            }
            let are_written = (0..150).all(|_| write("text").is_ok());
            is_over.store(true, Ordering::Relaxed);
            assert!(are_written);
        });
    }
}
