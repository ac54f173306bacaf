//! Writes and reads patterns of GitHub's CODEOWNERS files.
//!
//! Sources: GitHub's documentation, "About code owners", section "CODEOWNERS syntax", and GitHub's
//! error reports. Implementations of these rules disagree on some texts. So patterns are written in
//! their normal form, and with those escapes only that are known to work.

use std::borrow::Cow;

use crate::forge::spelling::{self, Spelling, write_glob};
use crate::pattern::syntax::{lex_github, lower_github, plain_path, write_normal_form};
use crate::pattern::{Gap, Pattern, Piece};
use crate::text::escaped;

/// Writes a pattern for the file.
///
/// A `#` always starts a comment, even after a backslash. Some readers take `{` literally and
/// others expand it. So both are written as `?`, which matches any character. [`widened`] returns
/// what the text then means.
///
/// # Errors
///
/// The reason why the file cannot express the pattern.
pub(super) fn write(pattern: &Pattern, is_whole_line: bool) -> Result<String, String> {
    let ends_at_file = pattern
        .steps()
        .last()
        .is_some_and(|step| step.gap == Gap::NONE);
    if ends_at_file {
        return Err(
            "GitHub has no pattern for \"a file, but not a directory of that name\"".into(),
        );
    }
    for piece in pattern.steps().iter().flat_map(|step| step.glob.pieces()) {
        if let Piece::Text(text) = piece
            && let Some(character) = text.chars().find(|&c| c == '\\' || c.is_control())
        {
            return Err(format!(
                "GitHub has no reliable way to write `{}`",
                escaped(character.to_string().as_bytes())
            ));
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_normal_form(&pattern.without_classes(), &mut text, |glob, out| {
        write_glob(glob, out, is_widened)
    });
    if is_whole_line && text.ends_with(' ') {
        return Err("a blank at the end of a line is lost".into());
    }
    Ok(text)
}

/// Writes tokens as their author spelled them. `None` for a text that implementations of GitHub's
/// rules may read differently.
///
/// GitHub documents the rules by reference to gitignore. A last segment `**` after a name
/// (`scripts/**`) is documented there. A slash after it (`scripts/**/`) is not: gitignore then
/// leaves out the files directly in the directory. `**` without a name is everything, for which
/// GitHub documents `*`.
pub(super) fn spell(spelling: Spelling<'_>) -> Option<String> {
    let text = spelling.write(is_widened, |c| c == '\\' || c.is_control())?;
    let is_ambiguous = text.contains("**") && {
        let has_name = text.contains(|c: char| !matches!(c, '*' | '/'));
        !has_name || text.ends_with("**/")
    };
    (!is_ambiguous).then_some(text)
}

/// Whether a character must be written as `?`.
fn is_widened(character: char) -> bool {
    matches!(character, '#' | '{')
}

/// The meaning of the text that [`write()`] returns for `pattern`.
pub(super) fn widened(pattern: &Pattern) -> Cow<'_, Pattern> {
    spelling::widened(pattern, is_widened)
}

/// Reads the text of a pattern. `Ok(None)` is a pattern that matches nothing.
///
/// # Errors
///
/// The error that GitHub reports, or why it is unknown how GitHub reads the text. In both cases the
/// line is taken to have no effect.
pub(super) fn read(text: &str) -> Result<Option<Pattern>, String> {
    if text.starts_with('!') {
        return Err("GitHub does not support `!`: the line has no effect".into());
    }
    if text.starts_with("\\#") {
        return Err("GitHub does not support `\\#`: the line has no effect".into());
    }
    if text.starts_with('\\') {
        return Err(
            "GitHub drops a backslash at the start of a pattern: write `/` or `**/` before it"
                .into(),
        );
    }
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next();
                if escaped == Some('#') {
                    return Err("GitHub takes `#` as the start of a comment: write `?`".into());
                }
            }
            '#' => return Err("GitHub takes `#` as the start of a comment: write `?`".into()),
            '[' | ']' => return Err("both `[` and `]` must be escaped with a `\\`".into()),
            _ => {}
        }
    }
    // An escaped star counts as one of the three.
    if text.contains("***") {
        return Ok(None);
    }
    Ok(plain_path(text).or_else(|| lower_github(&lex_github(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<String, String> {
        write(&lower_github(&lex_github(text)).unwrap(), false)
    }

    #[test]
    fn escapes() {
        for (text, expected) in [
            ("/app/[id]/page.tsx", r"/app/\[id\]/page.tsx"),
            ("/My Docs/", r"/My\ Docs/"),
            (r"a\*b", r"**/a\*b"),
            ("#notes", "**/?notes"),
            ("!x", "**/!x"),
            ("@scope", "**/@scope"),
            ("{{x}}/", "**/??x}}/"),
            ("/café,~$+()", "/café,~$+()"),
        ] {
            assert_eq!(written(text).as_deref(), Ok(expected), "{text}");
        }
        assert!(written(r"/a\\b").is_err());
    }

    #[test]
    fn what_is_written_means_the_widened_pattern() {
        for text in ["/#a/b", "*{x}*", "/a b/[c]/*", "**/x y/", "/*?/a", "#"] {
            let pattern = lower_github(&lex_github(text)).unwrap();
            let written = write(&pattern, false).unwrap();
            assert_eq!(
                read(&written),
                Ok(Some(widened(&pattern).into_owned())),
                "{text}"
            );
        }
    }
}
