//! Writes a file that the user names. It may be anywhere, also outside of the repository.

use std::ffi::OsString;
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
    write(path, text).with_context(|| cannot_write(path))
}

/// Fails if [`write_named`] would: before something that takes long, to write what it finds.
///
/// # Errors
///
/// Like [`write_named`]. Whether a new file can be made is only known when that is done.
pub fn ensure_writable(path: &Path) -> Result<()> {
    place(path).map(drop).with_context(|| cannot_write(path))
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}

/// Where to write.
enum Place {
    /// A pipe or a device.
    Stream,
    /// A file in a directory, which may be there already.
    File {
        shown: PathBuf,
        directory: Dir,
        name: OsString,
        found: Option<DirEntry>,
    },
}

fn place(path: &Path) -> Result<Place> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => bail!("it is a directory; name a file in it"),
        Ok(found) if !found.is_file() => return Ok(Place::Stream),
        // A path forgets a slash at its end.
        _ if path.as_os_str().as_encoded_bytes().ends_with(b"/") => {
            bail!("it ends with a slash, like a directory; name a file")
        }
        _ => {}
    }
    let file = target(path)?;
    let shown = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let Some(name) = file.file_name() else {
        bail!("it is not the name of a file");
    };
    if !shown.is_dir() {
        bail!("there is no directory `{}`", shown.display());
    }
    let directory =
        Dir::at(shown).with_context(|| format!("cannot enter `{}`", shown.display()))?;
    let found = match directory.entry(name)? {
        Some(DirEntry::Directory | DirEntry::Link | DirEntry::Other) => {
            bail!("it is not a regular file")
        }
        found => found,
    };
    Ok(Place::File {
        shown: shown.to_owned(),
        directory,
        name: name.to_owned(),
        found,
    })
}

fn write(path: &Path, text: &[u8]) -> Result<()> {
    match place(path)? {
        Place::Stream => {
            let mut stream = fs::OpenOptions::new().write(true).open(path)?;
            Ok(stream.write_all(text)?)
        }
        Place::File {
            shown,
            directory,
            name,
            found,
        } => {
            let written = replace_entry(&directory, &name, found.as_ref(), text);
            written.with_context(|| format!("cannot make a new file in `{}`", shown.display()))
        }
    }
}

/// The file that a symbolic link leads to, or else the path itself.
fn target(path: &Path) -> Result<PathBuf> {
    match path.is_symlink() {
        true => fs::canonicalize(path).context("it is a symbolic link to a missing file"),
        false => Ok(path.to_owned()),
    }
}
