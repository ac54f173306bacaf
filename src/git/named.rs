//! Writes a file that the user names. It may be anywhere, also outside of the repository.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::dir::{Dir, DirEntry};
use super::error::{ErrorContext, Result, bail};
use super::files::replace_entry;

/// Writes `text` to the file that the user names: completely or, on an error, not at all. A symbolic
/// link is kept, and its target is written. A pipe or a device is written to.
///
/// # Errors
///
/// If the file cannot be written, is a directory, or is in a directory that does not exist.
pub fn write_named(path: &Path, text: &[u8]) -> Result<()> {
    write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

fn write(path: &Path, text: &[u8]) -> Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => bail!("it is a directory: name a file in it"),
        Ok(found) if !found.is_file() => {
            let mut file = fs::OpenOptions::new().write(true).open(path)?;
            return Ok(file.write_all(text)?);
        }
        _ => {}
    }
    let file = target(path)?;
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Some(name) = file.file_name() else {
        bail!("it is not the name of a file");
    };
    if !directory.is_dir() {
        bail!("there is no directory `{}`", directory.display());
    }
    let within = Dir::at(directory)?;
    let found = entry(&within, name)?;
    let written = replace_entry(&within, name, found.as_ref(), text);
    let cannot = || format!("cannot make a new file in `{}`", directory.display());
    written.with_context(cannot)
}

fn entry(directory: &Dir, name: &OsStr) -> Result<Option<DirEntry>> {
    match directory.entry(name)? {
        Some(DirEntry::Directory) => bail!("it is a directory: name a file in it"),
        Some(DirEntry::Link | DirEntry::Other) => bail!("it is not a regular file"),
        found => Ok(found),
    }
}

/// The file that a symbolic link leads to, or else the path itself.
fn target(path: &Path) -> Result<PathBuf> {
    match path.is_symlink() {
        true => fs::canonicalize(path).context("it is a symbolic link to a missing file"),
        false => Ok(path.to_owned()),
    }
}
