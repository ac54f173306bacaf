//! Escapes text that must not be shown as it is.
//!
//! Anybody can choose the names of files and the values of a configuration. A control character in
//! them would act on the terminal. An invisible character makes two different names look the same,
//! and a character that changes the direction of text makes one name look like another. All output
//! for people, and the JSON, escapes the characters of [`is_invisible`].

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is invisible, or changes how the text around it is shown.
///
/// In terms of the Unicode Character Database, these are: the control characters (`Cc`); the format
/// characters (`Cf`: those that set the direction of text, zero width characters, the soft hyphen,
/// tag characters, interlinear annotations); the line and paragraph separators (`Zl`, `Zp`); and
/// everything else with the property `Default_Ignorable_Code_Point` (variation selectors, blank
/// Hangul letters and others).
///
/// Variation selectors and joiners are part of many emoji. They are included, because names that
/// differ only in them look the same. Blanks other than the ASCII one are not included, because
/// they are visible as space.
///
/// ```
/// use owners::text::is_invisible;
///
/// assert!(['\u{7f}', '\u{9b}', '\u{ad}', '\u{202e}', '\u{e0061}'].into_iter().all(is_invisible));
/// assert!(!['a', ' ', '\u{e9}', '\u{3000}'].into_iter().any(is_invisible));
/// ```
#[must_use]
pub fn is_invisible(character: char) -> bool {
    let after = TABLE.partition_point(|&(first, _)| first <= character);
    let range = after.checked_sub(1).and_then(|index| TABLE.get(index));
    range.is_some_and(|&(_, last)| character <= last)
}

/// The ranges of [`is_invisible`], in order: the first and the last character of each.
///
/// Source: Unicode 16.0, `UnicodeData.txt` and `DerivedCoreProperties.txt`. A test compares the
/// table with the properties in the crate `regex`.
const TABLE: &[(char, char)] = &[
    ('\0', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Shows bytes that should be text. Visible UTF-8 stays as it is, and the rest is escaped.
///
/// ```
/// assert_eq!(owners::text::escaped(b"caf\xc3\xa9\n\xff"), r"café\n\xFF");
/// ```
#[must_use]
pub fn escaped(bytes: &[u8]) -> String {
    escaped_except(bytes, &[]).into_owned()
}

/// Like [`escaped`], but leaves the `kept` characters as they are, such as line ends.
#[must_use]
pub fn escaped_except<'t>(bytes: &'t [u8], kept: &[char]) -> Cow<'t, str> {
    let is_shown = |c| !is_invisible(c) || kept.contains(&c);
    if let Ok(text) = str::from_utf8(bytes)
        && (is_plain(text) || text.chars().all(is_shown))
    {
        return text.into();
    }
    let mut shown = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if is_shown(character) {
                shown.push(character);
            } else {
                shown.extend(character.escape_default());
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02X}");
        }
    }
    shown.into()
}

/// Whether a text is visible ASCII only. Nearly all texts are.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    // A fold has no early exit, so the compiler can check many bytes in one step.
    text.bytes().fold(true, |is_plain, byte| {
        is_plain & matches!(byte, b' '..=b'~')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table agrees with Unicode's properties for every character.
    #[test]
    fn the_table_of_invisible_characters_is_unicodes() {
        let unicode = regex::Regex::new(
            r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]$",
        );
        let unicode = unicode.unwrap();
        for character in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let text: &str = character.encode_utf8(&mut buffer);
            let name = character.escape_unicode();
            assert_eq!(is_invisible(character), unicode.is_match(text), "{name}");
        }
    }

    #[test]
    fn what_is_kept() {
        assert_eq!(escaped_except(b"a\n\tb\r", &['\n', '\t']), "a\n\tb\\r");
        let visible = "caf\u{e9}".as_bytes();
        assert!(matches!(escaped_except(visible, &[]), Cow::Borrowed(_)));
        assert_eq!(escaped_except(b"\xff\t", &['\t']), "\\xFF\t");
    }
}
