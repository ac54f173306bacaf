//! Writes TOML: strings, arrays and comments, and edits that keep every byte they do not change.

pub(crate) mod entries;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod splice;

/// A TOML string. It is a literal string if there is a backslash or a quotation mark.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains(['\\', '"']) && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A TOML array of strings.
pub(crate) fn array<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// One text as a TOML string, several as an array.
pub(crate) fn one_or_more<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> String {
    let is_one = texts.len() == 1;
    let mut texts = texts.map(quoted);
    match texts.next() {
        Some(only) if is_one => only,
        first => {
            let all: Vec<String> = first.into_iter().chain(texts).collect();
            format!("[{}]", all.join(", "))
        }
    }
}

/// A text made safe for a comment. TOML forbids control characters in comments, except tabs.
pub(crate) fn in_comment(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', " ")
}
