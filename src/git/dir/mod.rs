//! A directory that is held open, and its entries, each given by one name.
//!
//! The system resolves a path each time that it is used. Between a check and the use after it,
//! somebody may replace a directory on the way by a link. An open directory stays the same. Here
//! names are looked up in open directories, one at a time, and links are never followed.
//!
//! The standard library offers this only on Unix. On other systems a directory is known by its
//! path. The checks are the same, but a moment between check and use remains.

#[cfg(unix)]
mod by_handle;
#[cfg(any(not(unix), test))]
mod by_path;

#[cfg(unix)]
pub(super) use by_handle::{Dir, DirId, Mode};
#[cfg(not(unix))]
pub(super) use by_path::{Dir, DirId, Mode};

/// An entry of a directory.
#[derive(Debug)]
pub(super) enum DirEntry<M = Mode> {
    File(M),
    Directory,
    Link,
    /// A device, a pipe, a socket.
    Other,
}

#[cfg(test)]
mod tests;
