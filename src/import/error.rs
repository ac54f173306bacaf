//! Why a file cannot be imported, and what to do about it.

use std::fmt;

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImportError {
    /// A path is in two sections, each with owners of its own. In `owners.toml` a path has one list
    /// of owners.
    Sections {
        /// The path.
        path: String,
        /// The two lines that match it, with their sections.
        places: [String; 2],
    },
    /// A section asks for more or fewer approvals than one.
    Heading {
        /// The line of its first heading.
        line: usize,
        /// Its name.
        name: String,
        /// The number of approvals, or `None` if they are optional.
        approvals: Option<usize>,
    },
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
            ImportError::Sections { .. } => {
                "match the path in one section only; or, if one approval is enough, remove the headings: without them, the last line that matches decides"
            }
            ImportError::Heading {
                approvals: None, ..
            } => {
                "remove the `^` if the approval may become required; otherwise keep the section in a CODEOWNERS file that is written by hand"
            }
            ImportError::Heading { .. } => {
                "remove the number if one approval is enough from now on; or set the number for \
                 the whole project, in its merge request approval rules"
            }
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
            ImportError::Sections {
                path,
                places: [a, b],
            } => write!(
                f,
                "`{path}` is in two sections, and each requires its own approval: it matches {a}, and {b}; in owners.toml, a path has one list of owners"
            ),
            ImportError::Heading {
                line,
                name,
                approvals,
            } => {
                let what = match approvals {
                    Some(approvals) => format!("requires {approvals} approvals"),
                    None => "makes its approval optional".to_string(),
                };
                write!(
                    f,
                    "line {line}: the section [{name}] {what}; a rule of owners.toml cannot"
                )
            }
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
