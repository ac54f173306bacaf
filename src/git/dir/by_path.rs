//! Directories by path, with the same interface as `by_handle`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use super::DirEntry;

/// A directory.
#[derive(Debug)]
pub(in crate::git) struct Dir(PathBuf);

/// The permissions of a file.
#[derive(Debug)]
pub(in crate::git) struct Mode(Permissions);

/// The identity of a directory, whatever its name.
#[derive(PartialEq)]
pub(in crate::git) struct DirId(PathBuf);

impl Dir {
    /// Opens the directory at a path. Follows links.
    pub(in crate::git) fn at(path: &Path) -> io::Result<Self> {
        ensure_directory(fs::metadata(path)?.is_dir())?;
        Ok(Dir(path.to_owned()))
    }

    pub(in crate::git) fn id(&self) -> io::Result<DirId> {
        fs::canonicalize(&self.0).map(DirId)
    }

    /// What has this name. For a link, the link itself and not its target.
    pub(in crate::git) fn entry(&self, name: &OsStr) -> io::Result<Option<DirEntry<Mode>>> {
        let found = match self.0.join(name).symlink_metadata() {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let kind = found.file_type();
        Ok(Some(if kind.is_symlink() {
            DirEntry::Link
        } else if kind.is_dir() {
            DirEntry::Directory
        } else if kind.is_file() {
            DirEntry::File(Mode(found.permissions()))
        } else {
            DirEntry::Other
        }))
    }

    /// Opens a subdirectory. A link is an error.
    pub(in crate::git) fn directory(&self, name: &OsStr) -> io::Result<Self> {
        let path = self.0.join(name);
        ensure_directory(path.symlink_metadata()?.is_dir())?;
        Ok(Dir(path))
    }

    pub(in crate::git) fn create_directory(&self, name: &OsStr) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    pub(in crate::git) fn read_link(&self, name: &OsStr) -> io::Result<PathBuf> {
        fs::read_link(self.0.join(name))
    }

    /// Opens a file for reading. A link is an error.
    pub(in crate::git) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let path = self.0.join(name);
        if !path.symlink_metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        File::open(path)
    }

    /// Creates a new file for writing.
    pub(in crate::git) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.open(self.0.join(name))
    }

    /// Renames a file, and replaces the file `to`.
    pub(in crate::git) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    pub(in crate::git) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    /// The names of all entries.
    pub(in crate::git) fn names(&self) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(&self.0)?;
        entries.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Does nothing: there is no portable way to sync a directory.
    pub(in crate::git) fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Mode {
    /// Sets the permissions of a file.
    pub(in crate::git) fn give_to(&self, file: &File) -> io::Result<()> {
        file.set_permissions(self.0.clone())
    }
}

fn ensure_directory(is_one: bool) -> io::Result<()> {
    is_one
        .then_some(())
        .ok_or_else(|| io::ErrorKind::NotADirectory.into())
}
