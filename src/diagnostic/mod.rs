//! Diagnostics: what is wrong, where, why, and what to type instead, as plain data.
//!
//! A fault in a user's file and a finding of a lint are the same kind of thing; how one is shown
//! (for a person, a CI system or a program) is the business of whoever shows it.

mod escape;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

pub use escape::{escaped, escaped_except, is_invisible, is_plain};

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

    /// Takes the bytes of a file.
    ///
    /// # Errors
    ///
    /// Where the bytes are not UTF-8: a source to show (with replacement characters) and a
    /// diagnostic that points at the first wrong byte in it.
    pub fn from_bytes(
        name: impl Into<String>,
        mut bytes: Vec<u8>,
    ) -> Result<Self, Box<(Source, Diagnostic)>> {
        let name = name.into();
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            let diagnostic = Diagnostic::error(format!("`{name}` is UTF-16"))
                .at(FileId::ROOT, 0..0, "")
                .help("save the file as UTF-8");
            return Err(Box::new((Source::new(name, ""), diagnostic)));
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes()[at];
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let diagnostic = Diagnostic::error(format!("`{name}` is not UTF-8"))
                    .at(FileId::ROOT, at..at + '\u{FFFD}'.len_utf8(), format!("byte 0x{byte:02x}"))
                    .help("save the file as UTF-8; to match a name that is not UTF-8, use `?` for each such byte");
                Err(Box::new((Source::new(name, text), diagnostic)))
            }
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
    files: Vec<Source>,
}

/// Which file of [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

impl FileId {
    /// The root `owners.toml`, which is always the first file.
    pub const ROOT: FileId = FileId(0);
}

impl Sources {
    /// The sources of which `root` is the first.
    #[must_use]
    pub fn new(root: Source) -> Self {
        Sources { files: vec![root] }
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    /// Every file, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (FileId(index as u32), file))
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
        &self.files[file.0 as usize]
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

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the command succeeds.
    Warning,
    /// The command fails.
    Error,
}

/// A place that a diagnostic is about, and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub location: Location,
    /// What to say there; may be empty.
    pub text: String,
}

/// One finding or fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The lint that found it; none for a fault that no lint level can silence.
    pub lint: Option<&'static str>,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// Where; the first is the place itself, the others explain it.
    pub labels: Vec<Label>,
    /// The path in the repository that this is about, where it is about one: a tracked file, or a
    /// directory with a trailing slash.
    pub path: Option<Vec<u8>>,
    /// Why, and other facts.
    pub notes: Vec<String>,
    /// What to do; each can be pasted or typed.
    pub helps: Vec<String>,
    /// What `owners check --fix` does about it, if it can.
    pub fix: Option<Fix>,
}

/// What can be done about a finding without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// In which trees it leaves every path its owners.
    pub holds: Holds,
    /// What it does.
    pub change: Change,
}

/// In which trees a [`Fix`] leaves every path its owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// In every tree there could be.
    AnyTree,
    /// In the tree that was looked at: another might need what is gone.
    ThisTree,
}

impl Holds {
    /// What it is called where programs read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Holds::AnyTree => "any-tree",
            Holds::ThisTree => "this-tree",
        }
    }
}

/// What a [`Fix`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Removes the rule or group whose key stands at the place, or the entry of a list that does.
    Remove(Location),
    /// Removes an alternative of the pattern that stands at the place, as an index into the
    /// [alternatives](crate::pattern::alternation::Alternation::alternatives) of its text.
    RemoveAlternative(Location, u32),
    /// Writes the generated file that the finding is about.
    Regenerate,
}

impl Diagnostic {
    /// An error that nothing silences.
    #[must_use]
    pub fn error(message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            lint: None,
            message: one_line(message.into()),
            labels: Vec::new(),
            path: None,
            notes: Vec::new(),
            helps: Vec::new(),
            fix: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, file: FileId, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            location: Location { file, span },
            text: one_line(text.into()),
        });
        self
    }

    /// Names the path in the repository that this is about.
    #[must_use]
    pub fn about(mut self, path: impl Into<Vec<u8>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(lines(note.into()));
        self
    }

    /// Adds a help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(lines(help.into()));
        self
    }

    /// Adds a help, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.helps.extend(help.map(lines));
        self
    }

    /// Says what can be done about it in the trees that `holds` names.
    #[must_use]
    pub fn fixed_by(mut self, holds: Holds, change: Change) -> Self {
        self.fix = Some(Fix { holds, change });
        self
    }

    /// The place itself: the first label's.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.labels.first().map(|label| &label.location)
    }
}

/// The faults of a configuration. The first thousand are kept, the others counted: a file of a
/// million mistakes is understood by its first hundred.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    kept: Vec<Diagnostic>,
    count: usize,
}

impl Faults {
    /// How many are kept.
    pub const MOST: usize = 1000;

    /// Adds a fault.
    pub fn push(&mut self, fault: Diagnostic) {
        self.count += 1;
        if self.kept.len() < Self::MOST {
            self.kept.push(fault);
        }
    }

    /// Adds the faults of another part.
    pub fn append(&mut self, other: Faults) {
        let dropped = other.count - other.kept.len();
        self.extend(other.kept);
        self.count += dropped;
    }

    /// How many there are, kept or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Those that were kept, in the order in which they were added.
    #[must_use]
    pub fn into_kept(self) -> Vec<Diagnostic> {
        self.kept
    }
}

impl Extend<Diagnostic> for Faults {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, faults: I) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }
}

/// A command of `owners` that can be pasted: with the file that `--config` has to name, if any.
#[must_use]
pub fn owners_command(command: &str, config: Option<&str>) -> String {
    match config {
        Some(file) => format!("owners {command} --config {}", shell_word(file)),
        None => format!("owners {command}"),
    }
}

/// A text as one word of a shell, for a command that can be pasted.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:@%+=,".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("'{}'", text.replace('\'', r"'\''"))),
    }
}

/// A text of one line, fit for a terminal and for the log of a CI job: the names and values that it
/// quotes may come from anybody.
fn one_line(text: String) -> String {
    match escaped_except(text.as_bytes(), &[]) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// The same for a text of several lines.
fn lines(text: String) -> String {
    match escaped_except(text.as_bytes(), &['\n', '\t']) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// `1 path`, `2 paths`: a count with its noun.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
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

    #[test]
    fn not_utf8() {
        let (source, diagnostic) =
            *Source::from_bytes("owners.toml", b"a\xffb".into()).unwrap_err();
        assert_eq!(source.text, "a\u{FFFD}b");
        assert_eq!(diagnostic.location().unwrap().span, 1..4);
        assert_eq!(
            Source::from_bytes("f", b"\xef\xbb\xbfa".into())
                .unwrap()
                .text,
            "a"
        );
    }
}
