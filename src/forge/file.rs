//! A CODEOWNERS file as its forge reads it, and what all readers share.

use rustc_hash::FxHashSet;

use crate::owner::Owner;
use crate::pattern::Pattern;

/// What a forge makes of a CODEOWNERS file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The lines that have a pattern, in the order in which they apply.
    pub entries: Vec<Entry>,
    /// The lines, or parts of lines, that the forge ignores.
    pub faults: Vec<LineFault>,
    /// The sections of GitLab. The first is for lines before any section and has no name.
    pub sections: Vec<Section>,
}

/// A section, under all of its headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name, as the first heading spells it.
    pub name: String,
    /// The lines that have its headings.
    pub headings: Vec<usize>,
    /// Whether a heading makes its approval optional: `^[Name]`.
    pub is_optional: bool,
    /// The most approvals that a heading asks for: `[Name][2]`; otherwise 1.
    pub approvals: usize,
}

/// A line that has a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern as it stands there.
    pub text: String,
    /// What it means; `None`, if it can never match.
    pub pattern: Option<Pattern>,
    /// Who owns what it matches; nobody, if it is empty.
    pub owners: Vec<Owner>,
    /// Whether it takes what it matches out of its section for good (`!pattern` on GitLab).
    pub is_exclusion: bool,
    /// The section that it stands in, as an index into [`File::sections`].
    pub section: usize,
}

/// Something that the forge ignores, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The number of the line, from 1.
    pub line: usize,
    /// The column of the word at fault, in characters from 1.
    pub column: usize,
    /// What is wrong with it.
    pub reason: String,
    /// Whether the whole line is skipped, and not that word alone.
    pub skips_line: bool,
}

impl File {
    /// A file without lines.
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

/// A line that is no comment.
pub(super) struct Line<'t> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// All of it, without its line end.
    pub(super) text: &'t str,
    /// How many characters are before a byte of it.
    counted: (usize, usize),
}

/// The lines of a file that are no comments. A byte order mark and CRLF line ends make no difference.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let is_comment = |text: &str| text.trim_start_matches([' ', '\t']).starts_with('#');
    (1..)
        .zip(text.lines())
        .filter(move |(_, text)| !is_comment(text))
        .map(|(number, text)| Line {
            number,
            text,
            counted: (0, 0),
        })
}

impl<'t> Line<'t> {
    /// The line without the blanks around it.
    pub(super) fn trimmed(&self) -> &'t str {
        self.text.trim_matches(STRIPPED)
    }

    /// Something wrong with a word of it.
    pub(super) fn fault(&mut self, word: &str, reason: impl Into<String>) -> LineFault {
        let offset = word.as_ptr() as usize - self.text.as_ptr() as usize;
        // Words come from left to right, and a line may have a million of them.
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
        }
    }
}

/// Who is named twice owns once.
pub(super) fn once_each(owners: &mut Vec<Owner>) {
    if owners.len() > 1 {
        let mut seen = FxHashSet::default();
        owners.retain(|owner| seen.insert(owner.folded()));
    }
}

/// What is taken off both ends of a line: what Ruby's `strip` does.
const STRIPPED: [char; 6] = [' ', '\t', '\u{B}', '\u{C}', '\r', '\0'];

/// Splits at the characters for which `is_separator` holds, given each and the text before it.
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
