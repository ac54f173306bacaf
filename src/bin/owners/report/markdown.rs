//! Markdown for a comment on a forge.

use std::io::{self, Write};

/// A text as code, so that nobody is notified of a mention and nothing is taken for markup. Fit for
/// the cell of a table.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
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
