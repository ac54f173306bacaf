//! Why a command could not run.

use std::io;

use owners::PushError;
use owners::Unsound;
use owners::git;
use owners::text::Diagnostic;

/// Why a command could not run.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A user's mistake, with more to say than one line.
    Faulty(Box<Diagnostic>),
    /// The library could not find or do something.
    Library(git::Error),
    /// Standard output could not be written.
    Output(io::Error),
    /// Anything else: a message, and what caused it.
    Other(anyhow::Error),
}

/// What a command returns.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// What is wrong with a configuration, if that is why.
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
