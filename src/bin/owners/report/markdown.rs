//! Markdown for a comment on a forge.

/// A text as code, so that nobody is notified of a mention and nothing is taken for markup. Fit for
/// the cell of a table.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    // It ends at as many backticks as it begins with, and at no others.
    let runs = text.split(|c| c != '`').map(str::len);
    match runs.max().unwrap_or(0) {
        0 => format!("`{text}`"),
        longest => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn nothing_gets_out() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("``@org/all`"), "``` ``@org/all` ```");
    }
}
