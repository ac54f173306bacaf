//! Diagnostics: what is wrong, where, why, and what to type instead, as plain data.
//!
//! A fault in a user's file and a finding of a lint are the same kind of thing. How to show one (to
//! a person, a CI system or a program) is up to the caller.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::escape::escaped_except;
use super::source::{FileId, Location};

/// How severe a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something could not be checked. The command still succeeds.
    Note,
    /// The command still succeeds.
    Warning,
    /// The command fails.
    Error,
}

/// A location that a diagnostic points at, with a text.
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
    /// How severe it is.
    pub severity: Severity,
    /// The lint that found it; none for a fault that no lint level can silence.
    pub lint: Option<&'static str>,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// Where: the first label is the location itself, the others explain it.
    pub labels: Vec<Label>,
    /// The path in the repository that this is about, if any: a tracked file, or a directory with a
    /// trailing slash.
    pub path: Option<Vec<u8>>,
    /// Why, and other facts.
    pub notes: Vec<String>,
    /// What to do; each can be pasted or typed.
    pub helps: Vec<String>,
    /// What `owners check --fix` does about it, if it can.
    pub fix: Option<Fix>,
    /// What a help says may have been meant.
    pub meant: Vec<Replacement>,
    /// The directory with which people may see it, instead of on its own.
    pub together: Option<Arc<Together>>,
}

/// Several findings of a lint about paths in one directory. They share this value, and people may
/// see them as one. Their last label is the same, if they have labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The directory, with a trailing slash; empty for the root.
    pub directory: Vec<u8>,
    /// What is wrong with these paths, after their number: `are unowned`.
    pub what: String,
    /// What to do about all of them.
    pub help: String,
}

/// A text that may have been meant. Unlike a [`Fix`], it is for somebody to choose: nothing proves that it
/// is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What it replaces.
    pub location: Location,
    /// The text, as it is written in that file.
    pub text: String,
}

/// How a finding is fixed without asking the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// In which trees every path keeps its owners, except those that a corrected pattern matches.
    pub holds: Holds,
    /// What to do.
    pub action: FixAction,
}

/// In which trees every path keeps its owners after a [`Fix`], except one that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// In every possible tree.
    AnyTree,
    /// In the tree that was checked. Another tree may need what the fix removes.
    ThisTree,
}

impl Holds {
    /// The name in JSON and SARIF.
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
pub enum FixAction {
    /// Removes the rule, group or list entry at the location. For a rule or group, the location is
    /// that of its key.
    Remove(Location),
    /// Removes an alternative of the pattern at the location. The number is an index into the
    /// [alternatives](crate::pattern::alternation::Alternation::alternatives) of its text.
    RemoveAlternative(Location, u32),
    /// Replaces a part of the pattern at the location `pattern`: the bytes `span` of its file by
    /// `text`. The new pattern may match paths, which then have the owners of its rule.
    Replace {
        /// The pattern, a key or an entry of a list.
        pattern: Location,
        /// The bytes to replace.
        span: Range<usize>,
        /// What to write instead.
        text: String,
    },
    /// Writes the generated file that the finding is about.
    Regenerate,
    /// Takes this owner, who does not exist, out of every list. Every list keeps another owner, except
    /// rules that only add or notify it: these go, and every path keeps an owner.
    RemoveOwner(String),
}

impl Diagnostic {
    /// An error. For a finding of a lint, `Findings::report` sets the lint and its level.
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
            meant: Vec::new(),
            together: None,
        }
    }

    /// Adds a label.
    #[must_use]
    pub fn at(mut self, file: FileId, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            location: Location { file, span },
            text: one_line(text.into()),
        });
        self
    }

    /// Sets the path that this is about.
    #[must_use]
    pub fn about(mut self, path: impl Into<Vec<u8>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(several_lines(note.into()));
        self
    }

    /// Adds a help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(several_lines(help.into()));
        self
    }

    /// Adds a help, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.helps.extend(help.map(several_lines));
        self
    }

    /// Sets a fix that keeps all owners in the trees that `holds` names.
    #[must_use]
    pub fn fixed_by(mut self, holds: Holds, action: FixAction) -> Self {
        self.fix = Some(Fix { holds, action });
        self
    }

    /// Adds a text that may have been meant in place of some bytes.
    #[must_use]
    pub fn meant(mut self, file: FileId, span: Range<usize>, text: impl Into<String>) -> Self {
        self.meant.push(Replacement {
            location: Location { file, span },
            text: text.into(),
        });
        self
    }

    /// Adds the help that `name` may have been meant, which is written as `text` in place of some bytes.
    #[must_use]
    pub fn did_you_mean(
        self,
        file: FileId,
        span: Range<usize>,
        name: &str,
        text: impl Into<String>,
    ) -> Self {
        self.help(format!("did you mean `{name}`?"))
            .meant(file, span, text)
    }

    /// Sets the directory with which people may see it.
    #[must_use]
    pub fn together(mut self, together: Option<Arc<Together>>) -> Self {
        self.together = together;
        self
    }

    /// The location of the first label.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.labels.first().map(|label| &label.location)
    }
}

/// The faults of a configuration. Only the first thousand are kept, and the others are counted:
/// nobody needs more to understand a broken file.
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

    /// Adds all faults of `other`.
    pub fn append(&mut self, other: Faults) {
        let dropped = other.count - other.kept.len();
        self.extend(other.kept);
        self.count += dropped;
    }

    /// How many faults there are, including those not kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no faults.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The kept faults, in the order in which they were added.
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

/// A command of `owners` that can be pasted, with `--config` if the configuration needs it.
#[must_use]
pub fn owners_command(command: &str, config: Option<&str>) -> String {
    match config {
        Some(file) => format!("owners {command} --config {}", shell_word(file)),
        None => format!("owners {command}"),
    }
}

/// Quotes a text as one word of a shell, for a command that can be pasted.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// Escapes a one-line text. It may quote names and values that anybody can choose, and is shown on
/// terminals and in CI logs.
fn one_line(text: String) -> String {
    match escaped_except(text.as_bytes(), &[]) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// Escapes a text of several lines.
fn several_lines(text: String) -> String {
    match escaped_except(text.as_bytes(), &['\n', '\t']) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// `a, b or c`: texts with a word before the last one.
#[must_use]
pub fn listed(texts: &[impl AsRef<str>], word: &str) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    match &texts[..] {
        [before @ .., last] if !before.is_empty() => {
            format!("{} {word} {last}", before.join(", "))
        }
        _ => texts.concat(),
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
