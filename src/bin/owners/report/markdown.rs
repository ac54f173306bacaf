//! Markdown for a comment on a pull request.

use std::io::{self, Write};

/// A text as a code span, so that it mentions no user and is not read as markup. It can be used in
/// a table.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    // A code span ends at the same number of backticks as it starts with.
    let runs = text.split(|c| c != '`').map(str::len);
    match runs.max().unwrap_or(0) {
        0 => format!("`{text}`"),
        longest => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// The longest list of owners, or path, in a table.
pub(crate) const CELL: usize = 120;
/// Rows of a table.
const ROWS: usize = 100;

/// The space that is left for the rows of tables. A comment on GitHub has at most 65,536
/// characters, and the text around the rows needs some of them.
pub(crate) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Room(45_000)
    }
}

/// The space that the heading of a section and the text around its table need.
const SECTION: usize = 600;

impl Room {
    /// Takes the space for a section with a table of its own. False if there is none left.
    pub(crate) fn takes_section(&mut self) -> bool {
        match self.0.checked_sub(SECTION) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }

    /// Writes rows while there is space. Returns the number of rows that are left.
    pub(crate) fn write_rows(
        &mut self,
        out: &mut impl Write,
        rows: impl Iterator<Item = String>,
    ) -> io::Result<usize> {
        let mut left = 0;
        for (index, row) in rows.enumerate() {
            if left > 0 || index >= ROWS || row.len() > self.0 {
                left += 1;
                continue;
            }
            self.0 -= row.len();
            out.write_all(row.as_bytes())?;
        }
        Ok(left)
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
