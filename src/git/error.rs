//! Errors of reading and writing a repository.
//!
//! Most errors end up in a message: a sentence that says what is wrong, wrapped in what was being
//! done. Errors that a caller may want to handle have their own variant.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::paths::PushError;
use crate::project::Unsound;

/// An error of [`Repo`](super::Repo) and its [`Revision`](super::Revision)s.
///
/// It displays what failed, and [`source`](std::error::Error::source) is the reason. `{:#}`
/// displays the whole chain in one line.
///
/// ```
/// use owners::git::{Env, Error, Repo};
///
/// let dir = tempfile::tempdir()?;
/// let env = Env { ceilings: vec![dir.path().to_owned()], ..Env::default() };
///
/// let error = Repo::discover_with(dir.path(), &env).unwrap_err();
/// assert!(matches!(error.root(), Error::NoRepository(_)));
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is neither a git repository nor an `owners.toml`.
    NoRepository(String),
    /// A name does not resolve to a commit, or two commits have no merge base.
    NoCommit(String),
    /// The index is truncated or overwritten.
    DamagedIndex(Box<DamagedIndex>),
    /// The configuration has errors.
    Unsound(Box<Unsound>),
    /// `git` failed with this message.
    Git(String),
    /// The operating system reported an error.
    Io(io::Error),
    /// A file, a path or an object is not valid. The text says what is wrong.
    Refused(String),
    /// The context of another error.
    While {
        /// What failed.
        doing: String,
        /// Why.
        source: Box<Error>,
    },
}

/// The result of the methods of [`Repo`](super::Repo).
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps the error in what was being done.
    #[must_use]
    pub fn context(self, doing: impl Into<String>) -> Self {
        Error::While {
            doing: doing.into(),
            source: Box::new(self),
        }
    }

    /// The innermost error, which is never a [`While`](Error::While).
    #[must_use]
    pub fn root(&self) -> &Error {
        let mut error = self;
        while let Error::While { source, .. } = error {
            error = source;
        }
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoRepository(message)
            | Error::NoCommit(message)
            | Error::Git(message)
            | Error::Refused(message) => f.write_str(message),
            Error::DamagedIndex(damaged) => damaged.fmt(f),
            Error::Unsound(unsound) => unsound.fmt(f),
            Error::Io(error) => error.fmt(f),
            Error::While { doing, source } => {
                f.write_str(doing)?;
                if f.alternate() {
                    write!(f, ": {source:#}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::While { source, .. } => Some(source),
            Error::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Io(error)
    }
}

impl From<Unsound> for Error {
    fn from(unsound: Unsound) -> Self {
        Error::Unsound(Box::new(unsound))
    }
}

impl From<PushError> for Error {
    fn from(error: PushError) -> Self {
        in_words(error)
    }
}

/// An index that is truncated or overwritten.
#[derive(Debug)]
pub struct DamagedIndex {
    /// The file, if it is the repository's own index and not a temporary one.
    pub(super) own: Option<PathBuf>,
    pub(super) reason: String,
}

impl DamagedIndex {
    /// The file, if it can be recreated from a commit.
    #[must_use]
    pub fn own(&self) -> Option<&Path> {
        self.own.as_deref()
    }
}

impl fmt::Display for DamagedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}; its checksum is wrong too: it is damaged",
            self.reason
        )
    }
}

impl std::error::Error for DamagedIndex {}

/// A type that converts to an [`Error`].
pub(crate) trait Reason {
    fn into_error(self) -> Error;
}

macro_rules! reasons {
    ($($reason:ty => $error:expr),* $(,)?) => {
        $(impl Reason for $reason {
            fn into_error(self) -> Error {
                $error(self)
            }
        })*
    };
}

fn in_words(reason: impl fmt::Display) -> Error {
    Error::Refused(reason.to_string())
}

reasons! {
    Error => std::convert::identity,
    io::Error => Error::Io,
    PushError => in_words,
    bstr::Utf8Error => in_words,
}
#[cfg(feature = "walk")]
reasons! { ignore::Error => in_words }

/// Adds what was being done to an error or to a missing value.
pub(crate) trait ErrorContext<T> {
    fn context(self, doing: impl Into<String>) -> Result<T>;

    /// Like [`context`](Self::context), but builds the text only if needed.
    fn with_context<S: Into<String>>(self, doing: impl FnOnce() -> S) -> Result<T>
    where
        Self: Sized;
}

impl<T, E: Reason> ErrorContext<T> for Result<T, E> {
    fn context(self, doing: impl Into<String>) -> Result<T> {
        self.map_err(|error| error.into_error().context(doing))
    }

    fn with_context<S: Into<String>>(self, doing: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|error| error.into_error().context(doing()))
    }
}

impl<T> ErrorContext<T> for Option<T> {
    fn context(self, message: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| Error::Refused(message.into()))
    }

    fn with_context<S: Into<String>>(self, message: impl FnOnce() -> S) -> Result<T> {
        self.ok_or_else(|| Error::Refused(message().into()))
    }
}

/// Returns [`Error::Refused`] with a formatted message.
macro_rules! bail {
    ($($message:tt)+) => {
        return Err($crate::git::error::Error::Refused(format!($($message)+)))
    };
}

/// Returns [`Error::Refused`] with a formatted message unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            $crate::git::error::bail!($($message)+);
        }
    };
}

pub(crate) use {bail, ensure};

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn reasons_follow_what_went_wrong() {
        let absent = || io::Error::new(io::ErrorKind::NotFound, "it is not there");
        let error = Error::from(absent()).context("cannot read `a`");
        let error = error.context("cannot load");
        assert_eq!(error.to_string(), "cannot load");
        assert_eq!(
            format!("{error:#}"),
            "cannot load: cannot read `a`: it is not there"
        );
        let mut reasons = Vec::new();
        let mut next = error.source();
        while let Some(reason) = next {
            reasons.push(reason.to_string());
            next = reason.source();
        }
        assert_eq!(reasons, ["cannot read `a`", "it is not there"]);
        assert!(matches!(error.root(), Error::Io(_)));
    }
}
