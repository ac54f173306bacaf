//! Texts as TOML has them.

/// A TOML string: a literal one where there is a backslash.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A TOML array of strings.
pub(super) fn array<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as it may stand in a comment: TOML allows no control characters there but the tab.
pub(super) fn in_comment(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', " ")
}
