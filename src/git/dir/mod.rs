//! A directory that is held open, and what is in it, by one name each.
//!
//! A path is looked up anew each time that it is used: between a check and what is done after it,
//! somebody may exchange a directory on the way for a link. A directory that is open stays the same
//! one. Names are looked up in it, one at a time, and a link is never followed on the way.
//!
//! Elsewhere than on Unix, the standard library offers no such thing: there, a directory is known by
//! its path, checks are the same, and the moment between remains.

#[cfg(unix)]
mod by_handle;
#[cfg(any(not(unix), test))]
mod by_path;

#[cfg(unix)]
pub(super) use by_handle::{Dir, Id, Mode};
#[cfg(not(unix))]
pub(super) use by_path::{Dir, Id, Mode};

/// What has a name in a directory.
#[derive(Debug)]
pub(super) enum Entry<M = Mode> {
    File(M),
    Directory,
    Link,
    /// A device, a pipe, a socket.
    Other,
}

#[cfg(test)]
mod tests;
