//! The texts that diagnostics point into, and places in them.

use std::ops::Range;
use std::sync::OnceLock;

use super::escape::escaped;
use crate::ids::{IdVec, id};

/// A text file that diagnostics point into.
#[derive(Clone, Debug)]
pub struct Source {
    /// What to call it: its path relative to the repository root.
    pub name: String,
    /// What it holds, without a byte order mark.
    pub text: String,
    /// Where each line starts, found when first asked for.
    line_starts: OnceLock<Vec<usize>>,
    /// How many characters start before each multiple of [`BLOCK`], in long texts.
    characters: OnceLock<Vec<usize>>,
}

/// So many bytes are counted each time that a column is asked for; a line may be megabytes long.
const BLOCK: usize = 1024;

impl Source {
    /// Takes a text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// The line and column, both counted from 1, of a byte offset. Columns count characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let (line, start) = self.line(offset);
        let column = if offset - start <= BLOCK {
            starting(&self.text.as_bytes()[start..offset])
        } else {
            self.characters_before(offset) - self.characters_before(start)
        };
        (line, column + 1)
    }

    /// The line of a byte offset, counted from 1, and where it starts.
    #[must_use]
    pub fn line(&self, offset: usize) -> (usize, usize) {
        let starts = self.line_starts.get_or_init(|| {
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0)
                .chain(newlines.map(|newline| newline + 1))
                .collect()
        });
        let line = starts.partition_point(|&start| start <= offset);
        (line, starts[line - 1])
    }

    fn characters_before(&self, offset: usize) -> usize {
        let counts = self.characters.get_or_init(|| {
            let mut count = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK);
            let ends = blocks.map(|block| {
                count += starting(block);
                count
            });
            std::iter::once(0).chain(ends.collect::<Vec<_>>()).collect()
        });
        let block = offset / BLOCK;
        counts[block] + starting(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// How many characters of UTF-8 start in these bytes.
fn starting(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// The files of one configuration.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: IdVec<FileId, Source>,
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
    /// The sources of which `root` is the first.
    #[must_use]
    pub fn new(root: Source) -> Self {
        Sources {
            files: vec![root].into(),
        }
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source)
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.with_ids()
    }

    /// `file:line:column` of a place, to be shown.
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

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// Bytes of its text.
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
    }
}
