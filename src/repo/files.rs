//! Reading and replacing single files of the working tree.
//!
//! The names of these files come from `owners.toml`, that is, in CI, from whoever opened the pull
//! request. So nothing is ever written outside the working tree, or into `.git`.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use bstr::ByteSlice;
use tempfile::NamedTempFile;

use super::Repo;
use super::discover::is_absent;
use crate::alias::is_dot_git;

/// The file of the root-relative `path`.
pub(super) fn join(root: &Path, path: &[u8]) -> Result<PathBuf> {
    let named = path
        .to_path()
        .with_context(|| format!("`{}` is not UTF-8", path.as_bstr()))?;
    let is_plain = |component| matches!(component, Component::Normal(_));
    ensure!(
        !path.is_empty() && !path.contains(&0) && named.components().all(is_plain),
        "`{}` is not a path below the repository's root",
        path.as_bstr(),
    );
    Ok(root.join(named))
}

pub(super) fn read(repo: &Repo, file: &Path) -> Result<Option<Vec<u8>>> {
    let cannot = || format!("cannot read `{}`", file.display());
    match fs::metadata(file) {
        // A pipe or a device might never end.
        Ok(found) => ensure_regular(&found)
            .and_then(|()| ensure_not_large(found.len()))
            .with_context(cannot)?,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error).with_context(cannot),
    }
    let resolved = resolve_inside(repo, file)
        .with_context(|| format!("refusing to read `{}`", file.display()))?;
    fs::read(resolved).map(Some).with_context(cannot)
}

/// Writes `text` to `file`, which is the root-relative `path`.
pub(super) fn write(repo: &Repo, path: &[u8], file: &Path, text: &[u8]) -> Result<()> {
    replace(repo, path, file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

fn replace(repo: &Repo, path: &[u8], file: &Path, text: &[u8]) -> Result<()> {
    ensure!(
        !path.split(|&byte| byte == b'/').any(is_dot_git),
        "it is inside `.git`"
    );
    let directory = file.parent().context("it has no directory")?;
    // Looked at twice: a directory that is yet to be made must not be made elsewhere either.
    let existing = directory
        .ancestors()
        .find(|dir| dir.symlink_metadata().is_ok());
    resolve_inside(repo, existing.unwrap_or(directory))?;
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the directory `{}`", directory.display()))?;
    let directory = resolve_inside(repo, directory)?;

    let mut target = directory.join(file.file_name().context("it has no name")?);
    let mut replaced = existing_file(&target)?;
    if replaced.as_ref().is_some_and(Metadata::is_symlink) {
        // The link stays, and what it points to is written, as an editor would do.
        target = resolve_inside(repo, &target)?;
        replaced = existing_file(&target)?;
    }
    if let Some(found) = &replaced {
        ensure_regular(found)?;
    }
    let directory = target.parent().context("it has no directory")?;
    write_and_rename(directory, &target, replaced.as_ref(), text).with_context(|| {
        format!(
            "cannot replace it by a new file in `{}`",
            directory.display()
        )
    })
}

fn write_and_rename(
    directory: &Path,
    target: &Path,
    replaced: Option<&Metadata>,
    text: &[u8],
) -> io::Result<()> {
    remove_leftovers(directory);
    let mut temporary = locked_temporary(directory)?;
    temporary.as_file_mut().write_all(text)?;
    if let Some(replaced) = replaced {
        temporary
            .as_file()
            .set_permissions(replaced.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(target).map_err(|error| error.error)?;
    // That the new name survives a power cut is worth a try, not a failure: the file is written.
    if cfg!(unix) {
        let _ = File::open(directory).and_then(|directory| directory.sync_all());
    }
    Ok(())
}

/// How the names of temporary files begin and end; six letters and digits are between.
const TEMPORARY: (&str, &str) = (".owners-", ".tmp");

/// A new file beside the one that it will replace, locked for as long as it is being written.
fn locked_temporary(directory: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder
        .prefix(TEMPORARY.0)
        .suffix(TEMPORARY.1)
        .rand_bytes(6);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    loop {
        let temporary = builder.tempfile_in(directory).map_err(without_path)?;
        // Without locks on this file system, nobody takes the file for a leftover either.
        let is_locked = temporary.as_file().lock().is_ok();
        // Before it was locked, somebody may have done so, and removed it.
        if !is_locked || temporary.path().symlink_metadata().is_ok() {
            return Ok(temporary);
        }
    }
}

/// The error without the made-up name of the file, which helps nobody.
fn without_path(error: io::Error) -> io::Error {
    match error.get_ref() {
        Some(_) => error.kind().into(),
        None => error,
    }
}

/// Removes what a process left behind that was killed while it was writing: a temporary file that
/// nobody holds the lock of. That it cannot be removed is no reason not to write.
fn remove_leftovers(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let is_ours = name.starts_with(TEMPORARY.0.as_bytes())
            && name.ends_with(TEMPORARY.1.as_bytes())
            && name.len() == TEMPORARY.0.len() + 6 + TEMPORARY.1.len()
            && entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_ours && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What is at `path` itself, if anything.
fn existing_file(path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Where `path` leads, if that is in the working tree.
fn resolve_inside(repo: &Repo, path: &Path) -> Result<PathBuf> {
    let resolved =
        fs::canonicalize(path).with_context(|| format!("cannot follow `{}`", path.display()))?;
    // The usual file is what it seems to be. A tree may have ten thousand that are read.
    let is_plain = resolved == path
        && path.strip_prefix(repo.root()).is_ok_and(|inner| {
            !inner
                .components()
                .any(|name| is_dot_git(name.as_os_str().as_encoded_bytes()))
        })
        && !repo
            .git
            .iter()
            .any(|git| path.starts_with(&git.dir) || path.starts_with(&git.common_dir));
    if is_plain {
        return Ok(resolved);
    }
    let root = fs::canonicalize(repo.root())?;
    let Ok(inner) = resolved.strip_prefix(&root) else {
        bail!(
            "`{}` leads out of the repository, to `{}`",
            path.display(),
            resolved.display()
        );
    };
    let in_git_dir = repo
        .git
        .iter()
        .flat_map(|git| [&git.dir, &git.common_dir])
        .any(|dir| fs::canonicalize(dir).is_ok_and(|dir| dir != root && resolved.starts_with(dir)));
    let mut names = inner
        .components()
        .map(|name| name.as_os_str().as_encoded_bytes());
    ensure!(
        !in_git_dir && !names.any(is_dot_git),
        "`{}` leads into `.git`",
        path.display()
    );
    Ok(resolved)
}

/// No file that we read whole is larger: GitHub takes 3 MB of a CODEOWNERS file.
const LARGEST: u64 = 32 << 20;

/// An error for a file that would take long to read and longer to understand.
pub(super) fn ensure_not_large(size: u64) -> Result<()> {
    ensure!(
        size <= LARGEST,
        "it has {size} bytes, and {LARGEST} are the most that is read"
    );
    Ok(())
}

fn ensure_regular(found: &Metadata) -> Result<()> {
    ensure!(!found.is_dir(), "it is a directory");
    ensure!(found.is_file(), "it is not a regular file");
    Ok(())
}
