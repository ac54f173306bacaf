//! A CODEOWNERS file as its forge reads it, and what all readers share.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Decides;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::text::Source;

/// The meaning of a CODEOWNERS file to a forge.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The lines that have a pattern, in the order in which they apply.
    pub entries: Vec<FileLine>,
    /// The lines, or parts of lines, that the forge ignores.
    pub faults: Vec<LineFault>,
    /// The sections of GitLab. The first is for lines before any section and has no name.
    pub sections: Vec<Section>,
    /// Which of the lines that match a path count.
    pub decides: Decides,
}

/// A section, with all of its headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name, as the first heading spells it.
    pub name: String,
    /// The numbers of the lines with its headings.
    pub headings: Vec<usize>,
    /// Whether its approval is optional (`^[Name]`): all of its lines are below such a heading.
    pub is_optional: bool,
    /// The largest number of approvals that one of its lines needs, at least 1.
    pub approvals: usize,
}

/// A line that has a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileLine {
    /// The number of the line, from 1.
    pub line: usize,
    /// The text of the pattern.
    pub text: String,
    /// The meaning of the text, or `None` if it can never match.
    pub pattern: Option<Pattern>,
    /// Patterns of what it does not match.
    pub except: Vec<Pattern>,
    /// What decides further, if the pattern matches more than the line does.
    pub test: Option<PathTest>,
    /// The owners of what it matches. If empty, nobody owns it.
    pub owners: Vec<Owner>,
    /// Whether it is an exclusion (`!pattern` on GitLab): no line of its section can give the path
    /// an owner.
    pub is_exclusion: bool,
    /// Its section, as an index into [`File::sections`].
    pub section: usize,
    /// How many owners must approve: what the heading above it asks for (`[Name][2]`), at least 1.
    pub approvals: usize,
    /// The numbers of the later lines of its section with the same pattern, if the forge reads all
    /// of them as one line: it keeps the place of the first and the owners of the last.
    pub repeated_at: Vec<usize>,
}

/// Tells whether a path matches what no pattern can say.
#[derive(Clone)]
pub struct PathTest(pub(super) Arc<TestFn>);

/// A test of a path.
type TestFn = dyn Fn(&[u8]) -> bool + Send + Sync;

impl PathTest {
    /// Whether `path` matches.
    #[must_use]
    pub fn matches(&self, path: &[u8]) -> bool {
        (self.0)(path)
    }
}

impl fmt::Debug for PathTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PathTest")
    }
}

impl PartialEq for PathTest {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for PathTest {}

/// Something that the forge ignores, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The number of the line, from 1.
    pub line: usize,
    /// The column of the word at fault, in characters from 1.
    pub column: usize,
    /// The reason.
    pub reason: String,
    /// Whether the forge skips the whole line, not only that word.
    pub skips_line: bool,
    /// Whether the forge may read the line, and only `owners` cannot.
    pub is_unread: bool,
}

impl File {
    /// An empty file.
    pub(super) fn empty() -> Self {
        File {
            sections: vec![Section {
                approvals: 1,
                ..Section::default()
            }],
            ..File::default()
        }
    }
}

impl File {
    /// Adds the lines of a text, as `read` adds each that is not a comment. A line that is an error is skipped.
    pub(super) fn with_lines(
        mut self,
        text: &str,
        mut read: impl FnMut(&mut RawLine<'_>, &mut File) -> Result<(), LineFault>,
    ) -> Self {
        for mut line in lines(text) {
            if let Err(fault) = read(&mut line, &mut self) {
                self.faults.push(LineFault {
                    skips_line: true,
                    ..fault
                });
            }
        }
        self
    }
}

/// A line that is not a comment.
pub(super) struct RawLine<'t> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// The text, without the line end.
    pub(super) text: &'t str,
    /// A byte offset in `text`, and the number of characters before it. A cache for columns.
    counted: (usize, usize),
}

/// The lines of a file that are not comments. A byte order mark and CRLF line ends are ignored.
pub(super) fn lines(text: &str) -> impl Iterator<Item = RawLine<'_>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_comment = |text: &str| text.trim_start_matches([' ', '\t']).starts_with('#');
    (1..)
        .zip(text.lines())
        .filter(move |(_, text)| !is_comment(text))
        .map(|(number, text)| RawLine {
            number,
            text,
            counted: (0, 0),
        })
}

impl<'t> RawLine<'t> {
    /// The line without the blanks around it.
    pub(super) fn trimmed(&self) -> &'t str {
        self.text.trim_matches(STRIPPED)
    }

    /// Creates a fault for a word of this line.
    pub(super) fn fault(&mut self, word: &str, reason: impl Into<String>) -> LineFault {
        let offset = word.as_ptr() as usize - self.text.as_ptr() as usize;
        // Words arrive from left to right, and a line may have a million of them. Counting from the
        // last word keeps this linear.
        let (known, before) = Some(self.counted)
            .filter(|&(known, _)| known <= offset)
            .unwrap_or_default();
        let characters = before + self.text[known..offset].chars().count();
        self.counted = (offset, characters);
        LineFault {
            line: self.number,
            column: characters + 1,
            reason: reason.into(),
            skips_line: false,
            is_unread: false,
        }
    }
}

/// Drops owners that are named again.
pub(super) fn drop_repeated_owners(owners: &mut Vec<Owner>) {
    if owners.len() > 1 {
        let mut seen = FxHashSet::default();
        owners.retain(|owner| seen.insert(owner.folded()));
    }
}

/// The characters that Ruby's `strip` removes from both ends.
const STRIPPED: [char; 6] = [' ', '\t', '\u{B}', '\u{C}', '\r', '\0'];

/// The bytes of a line of a file, counted from 1, without the blanks around it. Empty if there is no
/// such line.
pub(crate) fn line_span(source: &Source, number: usize) -> Range<usize> {
    let line = source.line_range(number).unwrap_or(0..0);
    let text = &source.text[line.clone()];
    let start = line.start + text.len() - text.trim_start_matches(STRIPPED).len();
    start..start + text.trim_matches(STRIPPED).len()
}

/// The first word of a line that starts with it. `is_separator` is as for [`words`].
pub(super) fn first_word(line: &str, is_separator: impl Fn(char, &str) -> bool) -> &str {
    let mut characters = line.char_indices();
    let end = characters.find(|&(at, character)| is_separator(character, &line[..at]));
    &line[..end.map_or(line.len(), |(at, _)| at)]
}

/// Splits at each character for which `is_separator` returns true. It gets the character and the
/// text before it.
pub(super) fn words(line: &str, is_separator: impl Fn(char, &str) -> bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in line.char_indices() {
        if is_separator(character, &line[..at]) {
            words.extend(start.take().map(|start| &line[start..at]));
        } else {
            start.get_or_insert(at);
        }
    }
    words.extend(start.map(|start| &line[start..]));
    words
}

/// Whether a character of a line is a blank between two words, if a backslash before a blank makes it a
/// part of a word. `before` is the text before it.
pub(super) fn is_unescaped_blank(character: char, before: &str) -> bool {
    matches!(character, ' ' | '\t' | '\r') && is_unescaped(before)
}

/// Whether `before` ends in an even number of backslashes, such as none.
pub(super) fn is_unescaped(before: &str) -> bool {
    let backslashes = before.bytes().rev().take_while(|&byte| byte == b'\\');
    backslashes.count() % 2 == 0
}
