//! Lines that are inserted into a text: where tables start, and what lines end with.

/// Where the header of a table is, at the start of its line.
pub(crate) fn header(text: &str, table: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start().strip_prefix('[');
        let inner = inner.and_then(|inner| inner.split_once(']'));
        if inner.is_some_and(|(name, _)| name.trim() == table) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// The start of the line behind the one of a byte, or the end of the text.
pub(crate) fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |end| at + end + 1)
}

/// What lines end with.
pub(crate) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The text with a line more, which starts at a byte that starts a line, or at the end.
pub(crate) fn inserted(text: &str, at: usize, line: &str) -> String {
    let newline = newline(text);
    let (before, after) = text.split_at(at);
    let needs_end = !before.is_empty() && !before.ends_with('\n');
    let end = if needs_end { newline } else { "" };
    [before, end, line, newline, after].concat()
}
