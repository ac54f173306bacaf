//! CODEOWNERS files: written from rules, read back, and proved equal to the rules.
//!
//! [`plan()`] computes the lines that a forge needs for the rules, and [`render()`] turns them into
//! the text that `gen` writes and `check` compares. [`read()`] reads any file as its forge does,
//! and [`proof`] uses it to check the rendered text. All differences between forges are behind
//! [`Forge`].

mod layout;
mod limits;
mod matcher;
pub mod plan;
pub mod proof;
mod render;
mod sections;
mod unmerged;

pub use limits::{TooLarge, ensure_readable};
pub use matcher::FileMatcher;
pub use plan::{PlannedLine, PlannedSection, plan, plan_approvals};
pub(crate) use render::is_generated_from;
pub use render::{Rendered, Renderings, is_generated, render, same_text, written_pattern};
pub use unmerged::{MergeSide, Unmerged, may_overwrite};

use std::borrow::Cow;

use crate::forge::Forge;
pub use crate::forge::{Decides, File, FileLine, LineFault, PathTest, Section};
use crate::ruleset::{ApprovalId, LineId, RuleId, RuleSet};

/// Something that a forge cannot express exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexact {
    /// The forge that cannot.
    pub forge: Forge,
    /// The approval whose rule it is, if it is one of an approval.
    pub approval: Option<ApprovalId>,
    /// The rule.
    pub rule: RuleId,
    /// The line of the rule, if only one line is affected.
    pub line: Option<LineId>,
    /// Why.
    pub reason: String,
    /// What to do instead.
    pub help: String,
    /// Lines of other rules that have a part in it, each with what it does.
    pub others: Vec<(LineId, &'static str)>,
    /// A pattern that the rule should except, as it is written in the root file.
    pub except: Option<String>,
}

/// The rules, with each pattern replaced by the meaning of its text in a file of `forge`. The text
/// may match more, because some characters can only be written as `?`. Owners have no selectors if the
/// files have none.
#[must_use]
pub fn with_written_meaning(rules: &RuleSet, forge: Forge) -> Cow<'_, RuleSet> {
    let mut patterns = (rules.lines().iter().map(|line| &line.pattern)).chain(
        rules
            .exceptions()
            .iter()
            .map(|exception| &exception.pattern),
    );
    let is_exact =
        patterns.all(|pattern| matches!(forge.dialect.widened(pattern), Cow::Borrowed(_)));
    let is_selecting = rules.has_selectors() && forge.dialect.selectors().is_none();
    if is_exact && !is_selecting {
        return Cow::Borrowed(rules);
    }
    let mut written = rules.map_patterns(|pattern| forge.dialect.widened(pattern).into_owned());
    if is_selecting {
        written.remove_selectors();
    }
    Cow::Owned(written)
}

/// Reads a whole file as `forge` does. No text is an error: the result lists what the forge
/// ignores.
///
/// Byte order marks, CRLF line ends, extra blanks and tabs between words, and a missing final
/// newline are ignored.
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
