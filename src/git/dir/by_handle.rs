//! The calls of POSIX that take a directory and a name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, FileType, OFlags, Stat};

use super::Entry;

/// An open directory.
#[derive(Debug)]
pub(in crate::git) struct Dir(OwnedFd);

/// The mode of a file.
#[derive(Debug)]
pub(in crate::git) struct Mode(fs::Mode);

/// Which directory it is, by whatever name.
pub(in crate::git) struct Id(Stat);

/// How a directory is opened: to go through it takes no permission to list it.
#[cfg(any(target_os = "linux", target_os = "android"))]
const SEARCH: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const SEARCH: OFlags = OFlags::RDONLY;

fn directory(how: OFlags) -> OFlags {
    how | OFlags::DIRECTORY | OFlags::CLOEXEC
}

impl Dir {
    /// The directory at a path, links followed.
    pub(in crate::git) fn at(path: &Path) -> io::Result<Self> {
        let opened = fs::openat(CWD, path, directory(SEARCH), fs::Mode::empty())?;
        Ok(Dir(opened))
    }

    pub(in crate::git) fn id(&self) -> io::Result<Id> {
        Ok(Id(fs::fstat(&self.0)?))
    }

    /// What has the name; a link itself, not what it leads to.
    pub(in crate::git) fn entry(&self, name: &OsStr) -> io::Result<Option<Entry>> {
        let found = match fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some(match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => Entry::File(Mode(fs::Mode::from_raw_mode(found.st_mode))),
            FileType::Directory => Entry::Directory,
            FileType::Symlink => Entry::Link,
            _ => Entry::Other,
        }))
    }

    /// A directory in it. A link is an error.
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

    /// A file in it, to be read. A link is an error; a pipe is not waited for.
    pub(in crate::git) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let how = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = fs::openat(&self.0, name, how | OFlags::CLOEXEC, fs::Mode::empty())?;
        Ok(opened.into())
    }

    /// A file that is not there yet, to be written.
    pub(in crate::git) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let how = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = fs::Mode::from_raw_mode(0o644);
        Ok(fs::openat(&self.0, name, how, mode)?.into())
    }

    /// Takes the place of what is called `to`.
    pub(in crate::git) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&self.0, from, &self.0, to)?)
    }

    pub(in crate::git) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// The names of all that is in it.
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

    /// Has the names in it survive a power cut.
    pub(in crate::git) fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(self.readable()?)?)
    }

    fn readable(&self) -> io::Result<OwnedFd> {
        let how = directory(OFlags::RDONLY);
        Ok(fs::openat(&self.0, ".", how, fs::Mode::empty())?)
    }
}

impl Mode {
    /// Makes it that of a file.
    pub(in crate::git) fn give_to(&self, file: &File) -> io::Result<()> {
        Ok(fs::fchmod(file, self.0)?)
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        (self.0.st_dev, self.0.st_ino) == (other.0.st_dev, other.0.st_ino)
    }
}
