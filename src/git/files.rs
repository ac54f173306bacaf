//! Reading and replacing single files of the working tree.
//!
//! The names of these files come from `owners.toml`, that is, in CI, from whoever opened the pull
//! request. So nothing is ever read or written outside the working tree, or in `.git`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Component, Path};

use super::error::{Context, Result, bail, ensure};
use bstr::ByteSlice;

use super::Repo;
use super::dir::{Dir, Entry};
use super::limit::{ensure_not_large, read_all};
use super::work_tree::{Place, Way, WorkTree};
use crate::config::is_config_name;
use crate::paths::alias::is_dot_git;

/// The root-relative `path`, if it is one.
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

/// The text of the file at the root-relative `path`; none if there is none.
pub(super) fn read(repo: &Repo, path: &Path) -> Result<Option<Vec<u8>>> {
    let read = || {
        let Some(place) = WorkTree::open(repo)?.find(path, Way::ThroughLinks)? else {
            return Ok(None);
        };
        let Some(found) = &place.found else {
            return Ok(None);
        };
        // A pipe or a device might never end.
        ensure_regular(found)?;
        text_of(&place).map(Some)
    };
    read().with_context(|| format!("cannot read `{}`", repo.root().join(path).display()))
}

/// The text of a file that is known to be one.
pub(super) fn text_of(place: &Place) -> Result<Vec<u8>> {
    let (file, size) = place.open()?;
    ensure_not_large(size)?;
    read_all(file)
}

/// The text of a file, unless something else has taken the place of it or of a directory above it, or
/// nothing has: a file that is deleted in the working tree is on its way out.
pub(crate) fn read_plain(tree: &WorkTree<'_>, path: &[u8]) -> Result<Option<Vec<u8>>> {
    let text = || match tree.find(plain(path)?, Way::Plain)? {
        Some(place) if matches!(place.found, Some(Entry::File(_))) => text_of(&place).map(Some),
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
    // A link stays, and what it points to is written, as an editor would do.
    let place = tree.find(path, Way::Making)?.context("it has no place")?;
    ensure!(
        path.file_name().is_some_and(is_config) || !is_config(&place.name),
        "it is a link to a configuration, `{}`",
        place.name.display()
    );
    if let Some(found) = &place.found {
        ensure_regular(found)?;
    }
    write_and_rename(&place, text).with_context(|| {
        format!(
            "cannot replace it by a new file in `{}`",
            place.shown.display()
        )
    })
}

fn write_and_rename(place: &Place, text: &[u8]) -> io::Result<()> {
    remove_leftovers(&place.directory);
    let mut temporary = Temporary::new(&place.directory)?;
    temporary.file.write_all(text)?;
    if let Some(Entry::File(mode)) = &place.found {
        mode.give_to(&temporary.file)?;
    }
    temporary.file.sync_all()?;
    temporary.rename(&place.name)?;
    // That the new name survives a power cut is worth a try, not a failure: the file is written.
    let _ = place.directory.sync();
    Ok(())
}

/// How the names of temporary files begin and end; six letters and digits are between.
const TEMPORARY: (&str, &str) = (".owners-", ".tmp");

/// A new file beside the one that it will replace, locked for as long as it is being written. It is
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
            let name = OsString::from(format!("{}{}{}", TEMPORARY.0, six(), TEMPORARY.1));
            let file = match directory.create_file(&name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                created => created?,
            };
            // Without locks on this file system, nobody takes the file for a leftover either.
            let is_locked = file.lock().is_ok();
            let temporary = Temporary {
                directory,
                name,
                file,
                is_renamed: false,
            };
            // Before it was locked, somebody may have done so, and removed it.
            if !is_locked || directory.entry(&temporary.name)?.is_some() {
                return Ok(temporary);
            }
        }
    }

    /// Takes the place of what is called `name`.
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

/// Six letters and digits that nobody else is likely to use: from the system's random numbers.
fn six() -> String {
    const SIGNS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut random = RandomState::new().build_hasher().finish();
    let mut sign = || {
        let sign = SIGNS[(random % 36) as usize];
        random /= 36;
        char::from(sign)
    };
    (0..6).map(|_| sign()).collect()
}

/// Removes what a process left behind that was killed while it was writing: a temporary file that
/// nobody holds the lock of. That it cannot be removed is no reason not to write.
fn remove_leftovers(directory: &Dir) {
    for name in directory.names().into_iter().flatten() {
        let text = name.as_encoded_bytes();
        let is_ours = text.starts_with(TEMPORARY.0.as_bytes())
            && text.ends_with(TEMPORARY.1.as_bytes())
            && text.len() == TEMPORARY.0.len() + 6 + TEMPORARY.1.len()
            && matches!(directory.entry(&name), Ok(Some(Entry::File(_))));
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

fn ensure_regular(found: &Entry) -> Result<()> {
    match found {
        Entry::File(_) => Ok(()),
        Entry::Directory => bail!("it is a directory"),
        Entry::Link | Entry::Other => bail!("it is not a regular file"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::{Repo, remove_leftovers};
    use crate::git::Env;
    use crate::git::work_tree::{Way, WorkTree};

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
                    let place = tree.find("d/file".as_ref(), Way::Plain).unwrap().unwrap();
                    while !is_over.load(Ordering::Relaxed) {
                        remove_leftovers(&place.directory);
                    }
                });
            }
            let are_written = (0..150).all(|_| write("text").is_ok());
            is_over.store(true, Ordering::Relaxed);
            assert!(are_written);
        });
    }
}
