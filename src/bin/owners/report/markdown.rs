//! Markdown for a comment on a forge.

use std::io::{self, Write};

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

/// More of an owner list or a path than this makes a table that nobody reads.
pub(crate) const CELL: usize = 120;
/// Rows of a table.
const ROWS: usize = 100;

/// The room that is left for rows of tables: a comment on GitHub has 65,536 characters in all, and
/// what stands around the rows wants some.
pub(crate) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Room(45_000)
    }
}

impl Room {
    /// Writes rows as long as there is room, and counts those that are left.
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
