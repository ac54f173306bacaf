//! Why a file cannot be imported, and what to do about it.

use std::fmt;

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportError {
    /// A line has an effect that rules cannot have.
    Line {
        /// Its number, from 1.
        line: usize,
        /// The reason.
        reason: String,
    },
    /// The file is too large.
    TooLarge {
        /// The number of the line that exceeds the limit, from 1.
        line: usize,
        /// The limit.
        reason: String,
    },
    /// The rules are equal to the file, but no file for the forge can be generated from them.
    Generated {
        /// The pattern of the rule.
        pattern: String,
        /// The reason.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// The result has another meaning. This is a bug.
    Differs(String),
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            ImportError::Generated { help, .. } => help,
            ImportError::TooLarge { .. } => {
                "write one line for a directory instead of one for each of its files, then try again"
            }
            ImportError::Line { .. } => "write the line in another way, then try again",
            ImportError::Differs(_) => {
                "this is a bug in owners: please report it with the CODEOWNERS file"
            }
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Line { line, reason } | ImportError::TooLarge { line, reason } => {
                write!(f, "line {line}: {reason}")
            }
            ImportError::Generated {
                pattern, reason, ..
            } => write!(
                f,
                "the file could not be generated again, for the pattern `{pattern}`: {reason}"
            ),
            ImportError::Differs(what) => write!(f, "the result does not mean the same: {what}"),
        }
    }
}

impl std::error::Error for ImportError {}
