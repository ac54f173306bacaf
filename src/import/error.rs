//! Why a file cannot be imported, and what to do about it.

use std::borrow::Cow;
use std::fmt;

/// The most lines that an error lists.
const MAX_LISTED: usize = 10;

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
    /// Lines that match tracked paths are expressions for which `owners.toml` has no pattern.
    Expressions(Vec<Expression>),
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

/// A line whose regular expression no pattern of `owners.toml` can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Its number, from 1.
    pub line: usize,
    /// The expression, as written in the file.
    pub text: String,
    /// A tracked path that it matches.
    pub path: String,
    /// What to write, if it was meant as a pattern of another forge.
    pub instead: Option<String>,
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Cow<'_, str> {
        match self {
            ImportError::Generated { help, .. } => help.into(),
            ImportError::TooLarge { .. } => {
                "write one line for a directory instead of one for each of its files, then try again"
                    .into()
            }
            ImportError::Line { .. } => "write the line in another way, then try again".into(),
            ImportError::Expressions(all) => help_for(all).into(),
            ImportError::Differs(_) => {
                "this is a bug in owners: please report it with the CODEOWNERS file".into()
            }
        }
    }
}

/// What to write in place of expressions.
fn help_for(all: &[Expression]) -> String {
    let mut help = match all {
        [_] => "write the line in another way, then try again".to_string(),
        _ => "write these lines in another way, then try again".to_string(),
    };
    for Expression { line, instead, .. } in all.iter().take(MAX_LISTED) {
        if let Some(instead) = instead {
            help.push_str(&format!(
                "\nline {line}: `{instead}`, if it is a pattern as on GitHub"
            ));
        }
    }
    help
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Line { line, reason } | ImportError::TooLarge { line, reason } => {
                write!(f, "line {line}: {reason}")
            }
            ImportError::Expressions(all) => {
                for (index, each) in all.iter().take(MAX_LISTED).enumerate() {
                    let end = if index == 0 { "" } else { "\n" };
                    write!(
                        f,
                        "{end}line {}: `{}` is a regular expression for which owners.toml has no pattern; it matches `{}`",
                        each.line, each.text, each.path
                    )?;
                }
                match all.len().saturating_sub(MAX_LISTED) {
                    0 => Ok(()),
                    more => write!(f, "\nand {more} more"),
                }
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
