//! Positions: a line, and units of an encoding in it, as in the protocol; bytes everywhere else.

use std::ops::Range;
use std::sync::OnceLock;

use gen_lsp_types as lsp;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16: two for a character outside the basic plane, such as an emoji.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The first that a client names, or what every client has.
    pub(crate) fn chosen(offered: &[lsp::PositionEncodingKind]) -> Self {
        let known = |kind: &lsp::PositionEncodingKind| match kind {
            lsp::PositionEncodingKind::UTF8 => Some(Encoding::Utf8),
            lsp::PositionEncodingKind::UTF16 => Some(Encoding::Utf16),
            lsp::PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
            lsp::PositionEncodingKind::Custom(_) => None,
        };
        offered.iter().find_map(known).unwrap_or_default()
    }

    /// The name in the protocol.
    pub(crate) fn kind(self) -> lsp::PositionEncodingKind {
        match self {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
            Encoding::Utf32 => lsp::PositionEncodingKind::UTF32,
        }
    }

    /// The units of the character that starts with this byte. None for a byte inside a character.
    fn units(self, byte: u8) -> usize {
        let is_inside = byte & 0xc0 == 0x80;
        match self {
            Encoding::Utf8 => 1,
            Encoding::Utf16 if byte >= 0xf0 => 2,
            Encoding::Utf16 | Encoding::Utf32 => usize::from(!is_inside),
        }
    }

    fn count(self, bytes: &[u8]) -> usize {
        bytes.iter().map(|&byte| self.units(byte)).sum()
    }
}

/// At most so many bytes are scanned for a column, since a line may be megabytes long.
const BLOCK: usize = 1024;
/// The byte order mark.
pub(crate) const MARK: char = '\u{feff}';

/// The lines of a text. They end in `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub(crate) struct Lines {
    encoding: Encoding,
    /// Where each line starts.
    starts: Vec<usize>,
    /// How many units are before each block.
    blocks: OnceLock<Vec<usize>>,
    /// How many units of the first line the text does not have: those of a byte order mark.
    mark: u32,
}

impl Lines {
    pub(crate) fn new(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        let ends = ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        Lines {
            encoding,
            starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect(),
            blocks: OnceLock::new(),
            mark: 0,
        }
    }

    /// The lines of a text whose byte order mark was removed. Positions are as if it were there.
    pub(crate) fn behind_mark(self) -> Self {
        let units = self.encoding.count(MARK.to_string().as_bytes());
        Lines {
            mark: units_of(units),
            ..self
        }
    }

    /// How many units of `text` are before a byte.
    fn units_before(&self, text: &str, offset: usize) -> usize {
        let bytes = text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let mut count = 0;
            let before = bytes.chunks(BLOCK).map(|block| {
                let before = count;
                count += self.encoding.count(block);
                before
            });
            let mut blocks: Vec<usize> = before.collect();
            blocks.push(count);
            blocks
        });
        let block = offset / BLOCK;
        blocks[block] + self.encoding.count(&bytes[block * BLOCK..offset])
    }

    /// How many units of `text`, which is that of these lines, are between the start of a line and a
    /// byte of it.
    fn column(&self, text: &str, start: usize, offset: usize) -> usize {
        if self.encoding == Encoding::Utf8 {
            offset - start
        } else if offset - start <= BLOCK {
            self.encoding.count(&text.as_bytes()[start..offset])
        } else {
            self.units_before(text, offset) - self.units_before(text, start)
        }
    }

    /// The position of a byte of `text`, which is that of these lines.
    pub(crate) fn position(&self, text: &str, offset: usize) -> lsp::Position {
        let offset = owners::text::floor_char_boundary(text, offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let mark = if line == 0 { self.mark } else { 0 };
        lsp::Position {
            line: units_of(line),
            character: units_of(self.column(text, self.starts[line], offset)).saturating_add(mark),
        }
    }

    /// The range of some bytes.
    pub(crate) fn range(&self, text: &str, span: &Range<usize>) -> lsp::Range {
        lsp::Range {
            start: self.position(text, span.start),
            end: self.position(text, span.end.max(span.start)),
        }
    }

    /// The byte at a position. Behind the end of a line is its end, and behind the last line that of
    /// the text. Inside a character is its start.
    pub(crate) fn offset(&self, text: &str, position: lsp::Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else {
            return text.len();
        };
        let next = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let end = start + text[start..next].trim_end_matches(['\r', '\n']).len();
        let mark = if line == 0 { self.mark } else { 0 };
        let wanted = position.character.saturating_sub(mark) as usize;
        // The first byte with so many units before it.
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.column(text, start, middle + 1) > wanted {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        owners::text::floor_char_boundary(text, low)
    }

    /// The bytes of a range. If it ends before it starts, the ends are swapped.
    pub(crate) fn span(&self, text: &str, range: lsp::Range) -> Range<usize> {
        let (start, end) = (self.offset(text, range.start), self.offset(text, range.end));
        start.min(end)..start.max(end)
    }
}

/// A number of units or lines in the type of the protocol.
fn units_of(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    #[test]
    fn every_encoding() {
        let text = "a😀é\r\n\rx";
        for (encoding, columns) in [
            (Encoding::Utf8, [0, 1, 5, 7]),
            (Encoding::Utf16, [0, 1, 3, 4]),
            (Encoding::Utf32, [0, 1, 2, 3]),
        ] {
            let lines = Lines::new(text, encoding);
            for (offset, column) in [0, 1, 5, 7].into_iter().zip(columns) {
                assert_eq!(lines.position(text, offset), at(0, column), "{encoding:?}");
                assert_eq!(lines.offset(text, at(0, column)), offset, "{encoding:?}");
            }
            assert_eq!(lines.position(text, 9), at(1, 0));
            assert_eq!(lines.position(text, 10), at(2, 0));
            assert_eq!(lines.position(text, 99), at(2, 1));
            // Behind the end of a line, and behind the last one.
            assert_eq!(lines.offset(text, at(0, 99)), 7);
            assert_eq!(lines.offset(text, at(1, 99)), 9);
            assert_eq!(lines.offset(text, at(9, 9)), text.len());
        }
    }

    #[test]
    fn inside_a_character() {
        let text = "😀b";
        let lines = Lines::new(text, Encoding::Utf16);
        assert_eq!(lines.offset(text, at(0, 1)), 0);
        assert_eq!(lines.position(text, 2), at(0, 0));
    }

    #[test]
    fn behind_a_byte_order_mark() {
        let text = "éb\nc";
        for (encoding, mark, width) in [
            (Encoding::Utf8, 3, 2),
            (Encoding::Utf16, 1, 1),
            (Encoding::Utf32, 1, 1),
        ] {
            let lines = Lines::new(text, encoding).behind_mark();
            for (offset, position) in [
                (0, at(0, mark)),
                (2, at(0, mark + width)),
                (4, at(1, 0)),
                (5, at(1, 1)),
            ] {
                assert_eq!(lines.position(text, offset), position, "{encoding:?}");
                assert_eq!(lines.offset(text, position), offset, "{encoding:?}");
            }
            assert_eq!(lines.offset(text, at(0, 0)), 0, "{encoding:?}");
        }
    }

    #[test]
    fn long_lines() {
        let text = format!("\n{}", "é😀".repeat(5000));
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines::new(&text, encoding);
            for (index, (offset, _)) in text.char_indices().enumerate().skip(1).step_by(97) {
                let column = match encoding {
                    Encoding::Utf8 => offset - 1,
                    Encoding::Utf16 => (index - 1) / 2 * 3 + (index - 1) % 2,
                    Encoding::Utf32 => index - 1,
                };
                let position = at(1, u32::try_from(column).unwrap());
                assert_eq!(lines.position(&text, offset), position);
                assert_eq!(lines.offset(&text, position), offset);
            }
        }
    }
}
