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

/// The lines of a text. They end in `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub(crate) struct Lines {
    encoding: Encoding,
    /// Where each line starts.
    starts: Vec<usize>,
    /// How many units are before each block.
    blocks: OnceLock<Vec<usize>>,
}

impl Lines {
    pub(crate) fn new(text: &str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (index, &byte) in bytes.iter().enumerate() {
            let is_end = byte == b'\n' || byte == b'\r' && bytes.get(index + 1) != Some(&b'\n');
            if is_end {
                starts.push(index + 1);
            }
        }
        Lines {
            encoding,
            starts,
            blocks: OnceLock::new(),
        }
    }

    /// How many units of `text`, which is that of these lines, are before a byte.
    fn units_before(&self, text: &str, offset: usize) -> usize {
        if self.encoding == Encoding::Utf8 {
            return offset;
        }
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
        let block = (offset / BLOCK).min(blocks.len() - 1);
        blocks[block]
            + self
                .encoding
                .count(&bytes[(block * BLOCK).min(offset)..offset])
    }

    /// The position of a byte of `text`, which is that of these lines.
    pub(crate) fn position(&self, text: &str, offset: usize) -> lsp::Position {
        let offset = owners::text::floor_char_boundary(text, offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let character =
            self.units_before(text, offset) - self.units_before(text, self.starts[line]);
        lsp::Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(character).unwrap_or(u32::MAX),
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
        let wanted = self.units_before(text, start) + position.character as usize;
        // The first byte with so many units before it.
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.units_before(text, middle + 1) > wanted {
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
