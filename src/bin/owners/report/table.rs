//! Tables for a terminal. The first column is shortened if the lines are too long.

use std::io::{self, Write};

use super::BOLD;

/// The least width of the first column.
const NARROWEST: usize = 16;

/// Rows of cells: the first column has names, the others numbers.
#[derive(Debug, Default)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(header: &[&str]) -> Self {
        Table {
            header: header.iter().map(ToString::to_string).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Writes the table, at most `width` columns wide if the width is known.
    pub(crate) fn write(&self, out: &mut impl Write, width: Option<usize>) -> io::Result<()> {
        let all = || std::iter::once(&self.header).chain(&self.rows);
        let widest = |column: usize| {
            let lengths = all().filter_map(|row| row.get(column));
            lengths.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(widest).collect();
        let numbers: usize = widths.iter().skip(1).map(|width| width + 2).sum();
        let first = widths.first().copied().unwrap_or(0);
        let first = width.map_or(first, |width| {
            first.min(width.saturating_sub(numbers).max(NARROWEST))
        });
        for (index, row) in all().enumerate() {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                if column == 0 {
                    line.push_str(&format!("{:first$}", shortened(cell, first)));
                } else {
                    line.push_str(&format!("  {cell:>width$}", width = widths[column]));
                }
            }
            let line = line.trim_end();
            match index {
                0 => writeln!(out, "{BOLD}{line}{BOLD:#}")?,
                _ => writeln!(out, "{line}")?,
            }
        }
        Ok(())
    }
}

/// The text, shortened in the middle if it is too long: both ends of a path are useful.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_string();
    }
    let kept = width.saturating_sub(1);
    let start: String = text.chars().take(kept / 2).collect();
    let end: String = text.chars().skip(count - (kept - kept / 2)).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: Option<usize>) -> String {
        let mut table = Table::new(&["name", "paths"]);
        table.row(vec!["a/very/long/path/to/somewhere".into(), "1".into()]);
        table.row(vec!["b".into(), "12345".into()]);
        let mut out = Vec::new();
        table.write(&mut out, width).unwrap();
        let out = String::from_utf8(out).unwrap();
        out.replace(&format!("{BOLD}"), "")
            .replace(&format!("{BOLD:#}"), "")
    }

    #[test]
    fn fits() {
        assert_eq!(
            drawn(None),
            "name                           paths\na/very/long/path/to/somewhere      1\nb                              12345\n"
        );
        let narrow = drawn(Some(24));
        assert!(narrow.contains("a/very/l…omewhere"), "{narrow}");
        assert!(
            narrow.lines().all(|line| line.chars().count() <= 24),
            "{narrow}"
        );
        // Some text always stays.
        assert!(drawn(Some(3)).contains("a/very/…omewhere"));
    }
}
