//! Diagnostics: what is wrong, where, why, and what to type instead, as plain data.
//!
//! A fault in a user's file and a finding of a lint are the same kind of thing; how one is shown
//! (for a person, a CI system or a program) is the business of whoever shows it.

use std::borrow::Cow;
use std::ops::Range;

use super::escape::escaped_except;
use super::source::{FileId, Location};

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
