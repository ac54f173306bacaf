//! Why a command could not run.

use std::io;

use owners::PushError;
use owners::Unsound;
use owners::git;
use owners::text::Diagnostic;

/// Why a command could not run.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A user's mistake, with notes and helps.
    Faulty(Box<Diagnostic>),
    /// An error of the library.
    Library(git::Error),
    /// Standard output cannot be written.
    Output(io::Error),
    /// Any other error: a message, and its cause.
    Other(anyhow::Error),
}

/// The result of a command.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// The errors of the configuration, if it has any.
    pub(crate) fn unsound(&self) -> Option<&Unsound> {
        match self {
            Failure::Library(error) => match error.root() {
                git::Error::Unsound(unsound) => Some(unsound),
                _ => None,
            },
            _ => None,
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::Faulty(Box::new(diagnostic))
    }
}

impl From<git::Error> for Failure {
    fn from(error: git::Error) -> Self {
        Failure::Library(error)
    }
}

impl From<Unsound> for Failure {
    fn from(unsound: Unsound) -> Self {
        git::Error::from(unsound).into()
    }
}

impl From<PushError> for Failure {
    fn from(error: PushError) -> Self {
        git::Error::from(error).into()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Failure::Other(error)
    }
}
