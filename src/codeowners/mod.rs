//! CODEOWNERS files: written from rules, read back, and proved to mean the same.
//!
//! [`plan()`] says which lines a forge needs for the rules, [`render()`] turns them into the one
//! text that `gen` writes and `check` compares with. [`read()`] takes any file as its forge takes it,
//! and [`proof`] reads the one with the other. What differs from forge to forge is
//! behind [`Forge`].

mod limits;
mod matcher;
pub mod plan;
pub mod proof;
mod render;

pub use limits::{TooLarge, ensure_readable};
pub use matcher::FileMatcher;
pub use plan::{Line, plan};
pub use render::{Rendered, Renderings, is_generated, render, same_text};

use std::borrow::Cow;

use crate::forge::Forge;
pub use crate::forge::{File, FileLine, LineFault, Section};
use crate::ruleset::{LineId, RuleId, RuleSet};

/// Something that a forge cannot express exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexact {
    /// The forge that cannot.
    pub forge: Forge,
    /// The rule.
    pub rule: RuleId,
    /// The line of the rule, where only one of them is at fault.
    pub line: Option<LineId>,
    /// Why.
    pub reason: String,
    /// What to do instead.
    pub help: String,
}

/// The rules with what the texts of their patterns mean on `forge`: what a file there can say.
#[must_use]
pub fn meant(rules: &RuleSet, forge: Forge) -> Cow<'_, RuleSet> {
    let mut patterns = (rules.lines().iter().map(|line| &line.pattern)).chain(
        rules
            .exceptions()
            .iter()
            .map(|exception| &exception.pattern),
    );
    if patterns.all(|pattern| matches!(forge.dialect.widened(pattern), Cow::Borrowed(_))) {
        Cow::Borrowed(rules)
    } else {
        Cow::Owned(rules.map_patterns(|pattern| forge.dialect.widened(pattern).into_owned()))
    }
}

/// Reads a whole file as `forge` does. No text is an error: what the forge ignores is reported in its
/// place.
///
/// A byte order mark, CRLF line ends, blanks and tabs between words and a missing final newline
/// make no difference.
///
/// ```
/// use owners::codeowners::read;
/// use owners::Forge;
///
/// let file = read("* @a # everyone\n/x/[id]/ @b\n", Forge::GITHUB);
/// assert_eq!(file.entries[0].owners[0].as_str(), "@a");
/// assert_eq!(file.faults[0].line, 2);
/// ```
#[must_use]
pub fn read(text: &str, forge: Forge) -> File {
    forge.dialect.read(text)
}
