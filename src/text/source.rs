//! The files that diagnostics point into, and locations in them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::escape::escaped;
use crate::ids::{IdVec, id};

/// A text file that diagnostics point into.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name to show: the path relative to the repository root.
    pub name: String,
    /// The content, without a byte order mark.
    pub text: String,
    /// The byte offset of each line, computed when first needed.
    line_starts: OnceLock<Vec<usize>>,
    /// How many characters start before each multiple of [`BLOCK`], computed when first needed.
    characters: OnceLock<Vec<usize>>,
}

/// At most so many bytes are scanned to find a column, since a line may be megabytes long.
const BLOCK: usize = 1024;

impl Source {
    /// Creates a source from a text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The line and column of a byte offset. Both count from 1, and columns count characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let (line, start) = self.line(offset);
        let column = if offset - start <= BLOCK {
            count_characters(&self.text.as_bytes()[start..offset])
        } else {
            self.characters_before(offset) - self.characters_before(start)
        };
        (line, column + 1)
    }

    /// The line of a byte offset, counted from 1, and the byte offset where the line starts.
    #[must_use]
    pub fn line(&self, offset: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= offset);
        (line, starts[line - 1])
    }

    /// The bytes of a line, counted from 1, without its line end. `None` if there is no such line.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)?;
        let end = starts.get(line).map_or(self.text.len(), |next| next - 1);
        let text = &self.text[start..end];
        Some(start..start + text.strip_suffix('\r').unwrap_or(text).len())
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0)
                .chain(newlines.map(|newline| newline + 1))
                .collect()
        })
    }

    fn characters_before(&self, offset: usize) -> usize {
        let counts = self.characters.get_or_init(|| {
            let mut count = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK);
            let ends = blocks.map(|block| {
                count += count_characters(block);
                count
            });
            std::iter::once(0).chain(ends.collect::<Vec<_>>()).collect()
        });
        let block = offset / BLOCK;
        counts[block] + count_characters(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many UTF-8 characters start in these bytes.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// The files of one configuration.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: IdVec<FileId, Arc<Source>>,
}

id! {
    /// A file of [`Sources`].
    pub struct FileId;
}

impl FileId {
    /// The root `owners.toml`, which is always the first file.
    pub const ROOT: FileId = FileId(0);
}

impl Sources {
    /// Sources whose first file is `root`.
    #[must_use]
    pub fn new(root: Source) -> Self {
        Sources {
            files: vec![Arc::new(root)].into(),
        }
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(Arc::new(source))
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.with_ids().map(|(id, source)| (id, &**source))
    }

    /// `file:line:column` of a location, escaped.
    #[must_use]
    pub fn place(&self, location: &Location) -> String {
        let source = &self[location.file];
        let (line, column) = source.line_column(location.span.start);
        format!("{}:{line}:{column}", escaped(source.name.as_bytes()))
    }
}

impl std::ops::Index<FileId> for Sources {
    type Output = Source;

    fn index(&self, file: FileId) -> &Source {
        &self.files[file]
    }
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The byte range in its text.
    pub span: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_column() {
        let source = Source::new("f", "aé\n\"b\"");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(3), (1, 3));
        assert_eq!(source.line_column(5), (2, 2));
        assert_eq!(source.line_column(99), (2, 4));
        let source = Source::new("f", "a\r\n\nb");
        let lines = [0, 1, 2, 3, 4].map(|line| source.line_range(line));
        assert_eq!(lines, [None, Some(0..1), Some(3..3), Some(4..5), None]);
    }
}
