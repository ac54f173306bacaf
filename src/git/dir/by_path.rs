//! Directories by path, with the same interface as `by_handle`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

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
        let found = match self.path(name)?.symlink_metadata() {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(None),
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
        let path = self.path(name)?;
        ensure_directory(path.symlink_metadata()?.is_dir())?;
        Ok(Dir(path))
    }

    pub(in crate::git) fn create_directory(&self, name: &OsStr) -> io::Result<()> {
        fs::create_dir(self.path(name)?)
    }

    pub(in crate::git) fn read_link(&self, name: &OsStr) -> io::Result<PathBuf> {
        fs::read_link(self.path(name)?)
    }

    /// Opens a file for reading. A link is an error.
    pub(in crate::git) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        let path = self.path(name)?;
        if !path.symlink_metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        File::open(path)
    }

    /// Creates a new file for writing.
    pub(in crate::git) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.open(self.path(name)?)
    }

    /// Renames a file, and replaces the file `to`.
    pub(in crate::git) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        patiently(|| fs::rename(&from, &to), is_in_use, thread::sleep)
    }

    pub(in crate::git) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.path(name)?)
    }

    /// The names of all entries.
    pub(in crate::git) fn names(&self) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(&self.0)?;
        entries.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// The path of an entry. On Windows, `C:x` would lead to another directory than this one.
    fn path(&self, name: &OsStr) -> io::Result<PathBuf> {
        let mut parts = Path::new(name).components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(only)), None) if only == name => Ok(self.0.join(name)),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
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

/// Whether there is nothing with this name. Some names, such as `a?`, exist on no file system of
/// Windows.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::InvalidFilename
    )
}

/// Whether Windows refuses to replace a file because another process has it open: an editor, a virus
/// scanner, a file indexer. The numbers are those of "access denied", "sharing violation" and "lock
/// violation".
fn is_in_use(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
}

/// Calls a function again, for half a second, while it fails because a file is in use. Most programs
/// have a file open only for a moment.
fn patiently<T>(
    mut act: impl FnMut() -> io::Result<T>,
    is_in_use: impl Fn(&io::Error) -> bool,
    mut pause: impl FnMut(Duration),
) -> io::Result<T> {
    for exponent in 0..9 {
        match act() {
            Err(error) if is_in_use(&error) => pause(Duration::from_millis(1 << exponent)),
            result => return result,
        }
    }
    act()
}

fn ensure_directory(is_one: bool) -> io::Result<()> {
    is_one
        .then_some(())
        .ok_or_else(|| io::ErrorKind::NotADirectory.into())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io;
    use std::time::Duration;

    use super::{Dir, patiently};

    #[test]
    fn a_name_is_one_name() {
        let top = tempfile::tempdir().unwrap();
        std::fs::create_dir(top.path().join("sub")).unwrap();
        let dir = Dir::at(top.path()).unwrap();
        assert!(dir.entry(OsStr::new("sub")).unwrap().is_some());
        assert!(matches!(dir.entry(OsStr::new("a?")), Ok(None)));
        assert!(dir.entry(OsStr::new("C:sub")).is_ok() != cfg!(windows));
        for name in ["", ".", "..", "sub/..", "sub/", "/", "./sub", "//x/y"] {
            assert!(dir.entry(OsStr::new(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_that_is_in_use_is_replaced_later() {
        // How often the file is in use, the attempts that this takes, the pauses in milliseconds.
        for (busy, attempts, pauses) in [(0, 1, 0), (1, 2, 1), (4, 5, 15), (100, 10, 511)] {
            let (mut attempt, mut paused) = (0, Duration::ZERO);
            let done = patiently(
                || {
                    attempt += 1;
                    let is_busy = attempt <= busy;
                    let error = || io::Error::from(io::ErrorKind::ResourceBusy);
                    (!is_busy).then_some(()).ok_or_else(error)
                },
                |error| error.kind() == io::ErrorKind::ResourceBusy,
                |pause| paused += pause,
            );
            assert_eq!(done.is_ok(), busy < 10);
            assert_eq!((attempt, paused.as_millis()), (attempts, pauses));
        }
        let mut attempt = 0;
        let failed = patiently(
            || -> io::Result<()> {
                attempt += 1;
                Err(io::ErrorKind::NotFound.into())
            },
            |error| error.kind() == io::ErrorKind::ResourceBusy,
            |_| unreachable!("another error is not waited for"),
        );
        assert!(failed.is_err() && attempt == 1);
    }
}
