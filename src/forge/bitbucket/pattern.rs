//! Patterns that mean the same to gitignore and on GitHub.
//!
//! | text | gitignore | GitHub |
//! |---|---|---|
//! | `/docs/*` | all that is in `docs` | one level of it |
//! | `docs/**/` | what is in directories in `docs` | all that is in `docs` |
//! | `***`, `**/` | the same as `*`; all that is in a directory | nothing |
//! | `\ `, `\*` | a blank, a star | the same, but Bitbucket documents no escapes |
//!
//! Of these, none is written. A character that would need an escape is written as `?`.

use std::borrow::Cow;

use crate::forge::Spelling;
use crate::forge::spelling::{self, write_glob};
use crate::pattern::syntax::write_normal_form;
use crate::pattern::{Gap, Pattern, Piece};
use crate::text::escaped;

/// Why a text cannot be read.
pub(super) enum Fault {
    /// It is documented to have no effect.
    Useless(&'static str),
    /// Nothing documents what it means.
    Unknown(&'static str),
}

/// Writes a pattern for the file.
///
/// # Errors
///
/// The reason why the file cannot express it.
pub(super) fn write(pattern: &Pattern) -> Result<String, String> {
    if !pattern.tail().open {
        return Err(
            "Bitbucket Cloud does not document whether a last `*` is for one level, or for all below"
                .into(),
        );
    }
    for piece in pattern.steps().iter().flat_map(|step| step.glob.pieces()) {
        if let Piece::Text(text) = piece
            && let Some(character) = text.chars().find(|c| c.is_control())
        {
            return Err(format!(
                "Bitbucket Cloud has no reliable way to write `{}`",
                escaped(character.to_string().as_bytes())
            ));
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_normal_form(&pattern.without_classes(), &mut text, |glob, out| {
        write_glob(glob, out, is_widened)
    });
    Ok(text)
}

/// Writes tokens as their author spelled them. `None` for a text that has two meanings.
pub(super) fn spell(spelling: Spelling<'_>) -> Option<String> {
    let text = spelling.write(is_widened, char::is_control)?;
    // `**` without a name is everything, for which the documentation has `*`.
    let has_name = text.contains(|c: char| !matches!(c, '*' | '/'));
    let is_certain = !text.contains("**") || has_name;
    (is_certain && also(&text).is_none()).then_some(text)
}

/// Whether a character must be written as `?`. Some readers of gitignore patterns expand braces.
fn is_widened(character: char) -> bool {
    matches!(character, '#' | '{' | ' ' | '[' | ']' | '*' | '?' | '\\')
}

/// The meaning of the text that [`write()`] returns for `pattern`.
pub(super) fn widened(pattern: &Pattern) -> Cow<'_, Pattern> {
    spelling::widened(pattern, is_widened)
}

/// Reads the text of a pattern. If it has [another meaning](also), the one on GitHub.
///
/// # Errors
///
/// Why it cannot be read.
pub(super) fn read(text: &str) -> Result<Pattern, Fault> {
    if text.starts_with('!') {
        return Err(Fault::Useless(
            "`!` does not negate a pattern on Bitbucket Cloud",
        ));
    }
    if text.starts_with("\\#") {
        return Err(Fault::Useless("Bitbucket Cloud does not support `\\#`"));
    }
    if text.contains('\\') {
        return Err(Fault::Unknown(
            "Bitbucket Cloud documents no escapes: write `?` in place of the character",
        ));
    }
    if text.contains('#') {
        return Err(Fault::Unknown("a `#` may start a comment here: write `?`"));
    }
    if text.contains(['[', ']']) {
        return Err(Fault::Useless(
            "`[ ]` are no character ranges on Bitbucket Cloud",
        ));
    }
    if text.starts_with('"') {
        return Err(Fault::Unknown(
            "Bitbucket Cloud documents no quotes, which belong to an app of the Marketplace: write `?` for a blank",
        ));
    }
    let is_glued = |segment: &str| segment.contains("**") && segment != "**";
    if text.split('/').any(is_glued) {
        return Err(Fault::Unknown(
            "`**` beside other characters may match a slash, or not",
        ));
    }
    Pattern::github(text).ok_or(Fault::Unknown("gitignore and GitHub read this differently"))
}

/// The meaning of a text to gitignore, if that is not its meaning on GitHub.
pub(super) fn also(text: &str) -> Option<Pattern> {
    let pattern = read(text).ok()?;
    let tail = pattern.tail();
    if !tail.open {
        return Some(pattern.with_all_below());
    }
    let is_deeper = text.ends_with("/**/");
    is_deeper.then(|| {
        pattern.with_tail(Gap {
            min: tail.min + 1,
            ..tail
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<String, String> {
        write(&Pattern::github(text).unwrap())
    }

    #[test]
    fn texts() {
        for (text, expected) in [
            ("*", "*"),
            ("**", "*"),
            ("/a/b/", "/a/b/"),
            ("/a/**", "/a/"),
            ("/a/*/", "/a/*/"),
            ("/*/", "/*/"),
            ("*.rs", "**/*.rs"),
            ("/app/[id]/page.tsx", "/app/?id?/page.tsx"),
            ("/My Docs/", "/My?Docs/"),
            (r"/a\*b\\c", "/a?b?c"),
            ("#notes", "**/?notes"),
            ("!x", "**/!x"),
            ("/é{a}", "/é?a}"),
        ] {
            assert_eq!(written(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["/*", "/a/*", "/a/*/*", "**/a/*"] {
            assert!(written(text).unwrap_err().contains("one level"), "{text}");
        }
    }

    #[test]
    fn what_is_written_means_the_widened_pattern() {
        for text in [
            "/#a/b",
            "*{x}*",
            "/a b/[c]/",
            "**/x y/",
            "/*?/a",
            "#",
            r"\*",
        ] {
            let pattern = Pattern::github(text).unwrap();
            let written = write(&pattern).unwrap();
            assert_eq!(
                read(&written).ok(),
                Some(widened(&pattern).into_owned()),
                "{text}"
            );
            assert_eq!(also(&written), None, "{text}");
        }
    }

    #[test]
    fn spellings() {
        for (text, expected) in [
            ("docs/**", Some("docs/**")),
            ("a/b", Some("a/b")),
            ("**/x y/", Some("**/x?y/")),
            ("/docs/*", None),
            ("docs/**/", None),
            ("**", None),
            ("*", Some("*")),
            ("@a", None),
        ] {
            assert_eq!(spell(Spelling::Text(text)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn two_meanings() {
        for (text, expected) in [
            ("docs/*", Some("/docs/")),
            ("/*", Some("*")),
            ("/a/*/*", Some("/a/*/")),
            ("docs/**/", Some("/docs/*/")),
            ("/docs/", None),
            ("**/*", None),
            ("/docs/**/*", None),
            ("a/**", None),
        ] {
            let found = also(text).map(|pattern| pattern.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
