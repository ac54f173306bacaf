//! CODEOWNERS files: written from rules, read back, and proved to mean the same.
//!
//! [`plan()`] says which lines a platform needs for the rules, [`render()`] turns them into the one
//! text that `gen` writes and `check` compares with. [`read()`] takes any file as its forge takes it,
//! and [`proof`] reads the one with the other. What is special to a forge is in the module named
//! after it.

pub mod github;
pub mod gitlab;
mod limits;
pub mod plan;
pub mod proof;
mod read;
mod render;

pub use limits::{TooLarge, ensure_readable};
pub use plan::{Line, plan};
pub use read::{Entry, File, FileMatcher, LineFault, Section, read};
pub use render::{Rendered, Renderings, is_generated, render, same_text};

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::pattern::{Glob, Pattern, Piece};
use crate::platform::Platform;
use crate::ruleset::RuleSet;

/// Something that a platform cannot express exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexact {
    /// The forge that cannot.
    pub platform: Platform,
    /// The rule, as an index into [`RuleSet::rules`](crate::ruleset::RuleSet::rules).
    pub rule: u32,
    /// The line of the rule, as an index into [`RuleSet::lines`](crate::ruleset::RuleSet::lines),
    /// where only one of them is at fault.
    pub line: Option<u32>,
    /// Why.
    pub reason: String,
    /// What to do instead.
    pub help: String,
}

/// What the text of `pattern` means on `platform`: the pattern itself, or a wider one where there
/// is no way to write it exactly.
#[must_use]
pub fn meaning(pattern: &Pattern, platform: Platform) -> Cow<'_, Pattern> {
    match platform {
        Platform::GitHub => github::widened(pattern),
        Platform::GitLab => Cow::Borrowed(pattern),
    }
}

/// The rules with what their patterns [mean](meaning) on `platform`: what a file there can say.
#[must_use]
pub fn meant(rules: &RuleSet, platform: Platform) -> Cow<'_, RuleSet> {
    let mut patterns = (rules.lines.iter().map(|line| &line.pattern))
        .chain(rules.exceptions.iter().map(|exception| &exception.pattern));
    if patterns.all(|pattern| matches!(meaning(pattern, platform), Cow::Borrowed(_))) {
        Cow::Borrowed(rules)
    } else {
        Cow::Owned(rules.map_patterns(|pattern| meaning(pattern, platform).into_owned()))
    }
}

/// The text of a pattern, or the reason why there is none.
pub(crate) fn write_pattern(pattern: &Pattern, platform: Platform) -> Result<String, String> {
    match platform {
        Platform::GitHub => github::write(pattern),
        Platform::GitLab => gitlab::write(pattern),
    }
}

/// Writes a segment with the escapes that both platforms have, and `?` for the characters that are
/// `widened`.
fn write_glob(glob: &Glob, out: &mut String, widened: impl Fn(char) -> bool) -> fmt::Result {
    for piece in glob.pieces() {
        match piece {
            Piece::One => out.write_char('?')?,
            Piece::Star => out.write_char('*')?,
            Piece::Class(class) => write!(out, "{class}")?,
            Piece::Text(text) => {
                for character in text.chars() {
                    if widened(character) {
                        out.write_char('?')?;
                        continue;
                    }
                    if matches!(character, ' ' | '[' | ']' | '*' | '?' | '\\') {
                        out.write_char('\\')?;
                    }
                    out.write_char(character)?;
                }
            }
        }
    }
    Ok(())
}
