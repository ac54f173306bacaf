//! Directories by handle, with the POSIX calls that take an open directory and a name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FileType, OFlags, Stat};

use super::DirEntry;

/// An open directory.
#[derive(Debug)]
pub(in crate::git) struct Dir(OwnedFd);

/// The mode of a file.
#[derive(Debug)]
pub(in crate::git) struct Mode(fs::Mode);

/// The identity of a directory, whatever its name.
pub(in crate::git) struct DirId(Stat);

/// The flags to open a directory. Searching it needs no permission to list it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const SEARCH: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SEARCH: OFlags = OFlags::RDONLY;

fn directory(how: OFlags) -> OFlags {
    how | OFlags::DIRECTORY | OFlags::CLOEXEC
}

impl Dir {
    /// Opens the directory at a path. Follows links.
    pub(in crate::git) fn at(path: &Path) -> io::Result<Self> {
        let opened = fs::openat(CWD, path, directory(SEARCH), fs::Mode::empty())?;
        Ok(Dir(opened))
    }

    pub(in crate::git) fn id(&self) -> io::Result<DirId> {
        Ok(DirId(fs::fstat(&self.0)?))
    }

    /// What has this name. For a link, the link itself and not its target.
    pub(in crate::git) fn entry(&self, name: &OsStr) -> io::Result<Option<DirEntry>> {
        let found = match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => DirEntry::File(Mode(fs::Mode::from_raw_mode(found.st_mode))),
            FileType::Directory => DirEntry::Directory,
            FileType::Symlink => DirEntry::Link,
            _ => DirEntry::Other,
        }))
    }

    /// Opens a subdirectory. A link is an error.
    pub(in crate::git) fn directory(&self, name: &OsStr) -> io::Result<Self> {
        let how = directory(SEARCH) | OFlags::NOFOLLOW;
        Ok(Dir(fs::openat(&self.0, name, how, fs::Mode::empty())?))
    }

    pub(in crate::git) fn create_directory(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::mkdirat(&self.0, name, fs::Mode::from_raw_mode(0o777))?)
    }

    pub(in crate::git) fn read_link(&self, name: &OsStr) -> io::Result<PathBuf> {
        let target = fs::readlinkat(&self.0, name, Vec::new())?;
        Ok(OsString::from_vec(target.into_bytes()).into())
    }

    /// Opens a file for reading. A link is an error, and a pipe does not block.
    pub(in crate::git) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let how = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = fs::openat(&self.0, name, how | OFlags::CLOEXEC, fs::Mode::empty())?;
        Ok(opened.into())
    }

    /// Creates a new file for writing.
    pub(in crate::git) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let how = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = fs::Mode::from_raw_mode(0o644);
        Ok(fs::openat(&self.0, name, how, mode)?.into())
    }

    /// Renames a file, and replaces the file `to`.
    pub(in crate::git) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    pub(in crate::git) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// The names of all entries.
    pub(in crate::git) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::Dir::new(self.readable()?)? {
            let name = OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Syncs the directory, so that its names survive a power cut.
    pub(in crate::git) fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(self.readable()?)?)
    }

    fn readable(&self) -> io::Result<OwnedFd> {
        let how = directory(OFlags::RDONLY);
        Ok(fs::openat(&self.0, ".", how, fs::Mode::empty())?)
    }
}

impl Mode {
    /// Sets the mode of a file.
    pub(in crate::git) fn give_to(&self, file: &File) -> io::Result<()> {
        Ok(fs::fchmod(file, self.0)?)
    }
}

impl PartialEq for DirId {
    fn eq(&self, other: &Self) -> bool {
        (self.0.st_dev, self.0.st_ino) == (other.0.st_dev, other.0.st_ino)
    }
}
