//! Markdown for a comment on a forge.

/// A text as code, so that nobody is notified of a mention and nothing is taken for markup. Fit for
/// the cell of a table.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}
