//! The forges: everything that differs from one forge to another.
//!
//! A [`Forge`] is a row of [`Forge::ALL`]. It has a [`Profile`] (names, file locations, limits) and
//! a [`Dialect`] (owners, patterns, how it reads a file). Other modules ask these for capabilities,
//! and never which forge it is. To add a forge, add a file with a profile, and a row. A profile can
//! name the dialect of another forge.

mod answers;
#[cfg(feature = "live")]
pub(crate) mod api;
mod bitbucket;
mod file;
mod gitea;
mod github;
mod gitlab;
mod required;
mod spelling;
#[cfg(feature = "live")]
mod unasked;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

pub use answers::{Answers, Demand, Demands, Members, RejectedLine, Standing};
pub(crate) use file::line_span;
pub use file::{File, FileLine, LineFault, PathTest, Section};
pub(crate) use required::RequiredReviewers;
pub use required::{RequiredReviewer, TeamIds};
pub(crate) use spelling::Spelling;

use crate::owner::{Owner, OwnerError};
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Pattern};
use crate::text::listed;

/// A forge whose CODEOWNERS files can be written and read. `owners.toml` calls it `platform`.
///
/// ```
/// use owners::Forge;
///
/// assert_eq!(Forge::from_name("gitlab"), Some(Forge::GITLAB));
/// assert_eq!(Forge::GITLAB.default_file, ".gitlab/CODEOWNERS");
/// assert!(Forge::GITHUB.owner("@org/a/b").is_err());
/// ```
#[derive(Clone, Copy)]
pub struct Forge(&'static Profile);

impl Forge {
    /// GitHub.
    pub const GITHUB: Forge = Forge(&github::PROFILE);
    /// GitLab, Premium and Ultimate.
    pub const GITLAB: Forge = Forge(&gitlab::PROFILE);
    /// A Gitea whose regular expressions have `(?!…)`.
    pub const GITEA: Forge = Forge(&gitea::GITEA);
    /// Forgejo, and every version of Gitea.
    pub const FORGEJO: Forge = Forge(&gitea::FORGEJO);
    /// Bitbucket Cloud.
    pub const BITBUCKET: Forge = Forge(&bitbucket::PROFILE);
    /// Every forge. The first is the default.
    pub const ALL: &[Forge] = &[
        Forge::GITHUB,
        Forge::GITLAB,
        Forge::GITEA,
        Forge::FORGEJO,
        Forge::BITBUCKET,
    ];

    /// The forge with this name in `owners.toml`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Forge::ALL.iter().copied().find(|forge| forge.name == name)
    }

    /// The forge in whose own directory, such as `.gitlab/`, a file lies.
    #[must_use]
    pub fn of_file(file: &str) -> Option<Self> {
        let own = |forge: &&Forge| {
            let directory = forge.default_file.rsplit_once('/');
            directory.is_some_and(|(directory, _)| {
                file.strip_prefix(directory)
                    .is_some_and(|rest| rest.starts_with('/'))
            })
        };
        Forge::ALL.iter().find(own).copied()
    }

    /// Reads an owner.
    ///
    /// # Errors
    ///
    /// If the forge does not accept it.
    pub fn owner(self, text: &str) -> Result<Owner, OwnerError> {
        self.dialect.check_owner(text)?;
        Ok(Owner::unchecked(text))
    }

    /// Writes a pattern for the file: as its author spelled it, in `spelling`, if all readers of such
    /// files agree on that text and it means the pattern. Otherwise in its normal form.
    /// `is_whole_line`: no owners follow on the line.
    ///
    /// # Errors
    ///
    /// The reason why a file cannot express the pattern.
    pub(crate) fn spell(
        self,
        pattern: &Pattern,
        spelling: Spelling<'_>,
        is_whole_line: bool,
    ) -> Result<String, String> {
        let means = |text: &str| self.dialect.read_pattern(text).as_ref() == Some(pattern);
        let spelled = self.dialect.spell(spelling).and_then(|mut text| {
            if means(&text) {
                return Some(text);
            }
            // The second of two forms: what is below.
            let is_below = pattern.tail() == Gap::SOME && !text.ends_with('/');
            text.push('/');
            (is_below && means(&text)).then_some(text)
        });
        // A blank at the end of a line is lost, and a backslash would escape what follows.
        let is_safe_at_end =
            |text: &String| !(text.ends_with('\\') || is_whole_line && text.ends_with(' '));
        match spelled.filter(is_safe_at_end) {
            Some(text) => Ok(text),
            None => self.dialect.write(pattern, is_whole_line),
        }
    }

    /// Splits `@org/team:random(2)` into the name of the team and the selector, whichever forge has it.
    pub(crate) fn split_selector(text: &str) -> Option<(&str, &str)> {
        let (name, selector) = text.rsplit_once(':')?;
        let mut all = Forge::ALL
            .iter()
            .filter_map(|forge| forge.dialect.selectors());
        all.any(|each| (each.is_one)(selector))
            .then_some((name, selector))
    }

    /// The forges that have selectors, for a help.
    pub(crate) fn with_selectors() -> impl Iterator<Item = Forge> {
        let all = Forge::ALL.iter().copied();
        all.filter(|forge| forge.dialect.selectors().is_some())
    }

    /// Whether approvals are sections of its CODEOWNERS files.
    #[must_use]
    pub fn has_sections(self) -> bool {
        matches!(self.dialect.abilities().approvals, Approvals::Sections)
    }

    /// How the forge is told of approvals that its file cannot demand, if that is not by hand.
    pub(crate) fn required_reviewers(self) -> Option<&'static dyn RequiredReviewers> {
        match self.dialect.abilities().approvals {
            Approvals::Document(means) => Some(means),
            Approvals::Sections | Approvals::Settings { .. } => None,
        }
    }

    /// The patterns that together express `pattern` in a file. If the pattern of a directory does
    /// not own what is in it, two are needed: one for the path itself, and one for what is below.
    #[must_use]
    pub fn forms(self, pattern: &Pattern) -> Vec<Pattern> {
        let is_one = pattern.tail() != Gap::ANY || pattern.steps().is_empty();
        if is_one || self.dialect.abilities().below != Below::Apart {
            return vec![pattern.clone()];
        }
        vec![pattern.with_tail(Gap::NONE), pattern.with_tail(Gap::SOME)]
    }
}

/// Everything known about a forge. Each field is required, so a new forge cannot leave one out.
#[derive(Debug)]
pub struct Profile {
    /// The name in `owners.toml` and on the command line.
    pub name: &'static str,
    /// The name as the company writes it.
    pub title: &'static str,
    /// The locations of the file. The forge reads only the first one that exists.
    pub locations: &'static [&'static str],
    /// Where the file is generated by default: in the forge's own directory.
    pub default_file: &'static str,
    /// A file that only repositories on this forge have.
    pub marker: Option<&'static str>,
    /// The size in bytes from which the forge ignores the file.
    pub size_limit: Option<usize>,
    /// The start of the URL of a user's profile, after `https://`.
    pub profiles: &'static str,
    /// The character between the number and the login of a user in `…@users.noreply.HOST`, the address
    /// that hides the real one in commits.
    pub id_separator: char,
    /// Whether logins may contain dots.
    pub has_dots_in_logins: bool,
    /// How the forge reads a file.
    pub dialect: &'static dyn Dialect,
    /// How the forge is asked about owners.
    #[cfg(feature = "live")]
    pub api: &'static dyn api::Api,
}

/// How a forge reads a CODEOWNERS file.
pub trait Dialect: fmt::Debug + Sync {
    /// What a file can express.
    fn abilities(&self) -> Abilities;

    /// Whether `text` is an owner.
    ///
    /// # Errors
    ///
    /// The reason why it is not.
    fn check_owner(&self, text: &str) -> Result<(), OwnerError>;

    /// Whether an owner with this name may be a team.
    fn is_team(&self, owner: &Owner) -> bool;

    /// Reads an owner as it stands in a file. By default, its name is all of it.
    ///
    /// # Errors
    ///
    /// The reason why it is not one.
    fn read_owner(&self, word: &str) -> Result<Owner, OwnerError> {
        self.check_owner(word)?;
        Ok(Owner::unchecked(word))
    }

    /// What may be written behind the name of a team, to select some of its members. By default, nothing.
    fn selectors(&self) -> Option<&'static Selectors> {
        None
    }

    /// The meaning of the text that [`write`](Self::write) returns for `pattern`: the pattern
    /// itself, or a wider one if it cannot be written exactly.
    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern>;

    /// Writes a pattern for the file. `is_whole_line`: no owners follow on the line.
    ///
    /// # Errors
    ///
    /// The reason why a file cannot express it.
    fn write(&self, pattern: &Pattern, is_whole_line: bool) -> Result<String, String>;

    /// Writes a pattern that does not match what others do, for a file in which [every](Decides::Every)
    /// line counts. `without` may be empty. By default, nothing can be left out.
    ///
    /// # Errors
    ///
    /// The reason why a file cannot express it, and what to do instead.
    fn write_without(
        &self,
        pattern: &Pattern,
        without: &[Pattern],
        _budget: &mut Budget,
    ) -> Result<String, (String, String)> {
        let fail = |reason: String| (reason, "write another pattern".to_string());
        match without {
            [] => self.write(pattern, false).map_err(fail),
            [first, ..] => Err(fail(format!("`{pattern}` cannot leave out `{first}`"))),
        }
    }

    /// Writes a pattern as its author spelled it, with the escapes of the file. `None` if readers of
    /// such files may disagree on the text.
    fn spell(&self, spelling: Spelling<'_>) -> Option<String>;

    /// The meaning of the text of a pattern. `None` if it can never match, or is an error.
    fn read_pattern(&self, text: &str) -> Option<Pattern>;

    /// Whether the entries of a line of a file mean `pattern`, without what others match. False if the
    /// budget does not suffice: it does if [`write_without`](Self::write_without) had as much. By default,
    /// a line has one pattern, which leaves nothing out.
    fn says(
        &self,
        line: &[FileLine],
        pattern: &Pattern,
        without: &[Pattern],
        _budget: &mut Budget,
    ) -> bool {
        let only = match line {
            [only] => only.pattern.as_ref(),
            _ => None,
        };
        without.is_empty() && only == Some(pattern)
    }

    /// What to write in place of the text of a pattern that is valid, and yet not what was meant: as in
    /// a file of another forge. `None` if it seems to be meant.
    fn instead(&self, _text: &str) -> Option<String> {
        None
    }

    /// Another meaning that the text of a valid pattern may have, if what is known of the forge does not
    /// tell which of the two it is.
    fn also(&self, _text: &str) -> Option<Pattern> {
        None
    }

    /// Whether a file has something that no other dialect has.
    fn claims(&self, text: &[u8]) -> bool;

    /// The first word of a line that starts with it. For a line with a pattern, this is the pattern.
    fn first_word<'l>(&self, line: &'l str) -> &'l str;

    /// Reads a whole file. No text is an error: the result lists what the forge ignores.
    fn read(&self, text: &str) -> File;
}

/// What may be written behind the name of a team, to select some of its members.
#[derive(Debug)]
pub struct Selectors {
    /// An example of each, with what it selects.
    pub examples: &'static [(&'static str, &'static str)],
    /// Whether a text is one.
    pub is_one: fn(&str) -> bool,
}

impl Selectors {
    /// What may be written, for a help.
    pub(crate) fn forms(&self) -> String {
        let quoted = self.examples.iter().map(|(text, _)| format!("`{text}`"));
        listed(&quoted.collect::<Vec<_>>(), "or")
    }
}

/// What the files of a dialect can express.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    /// Whether a pattern that matches a directory also owns what is in it.
    pub below: Below,
    /// Whether a pattern can match what is at one level only: `/docs/*`, without what is deeper.
    pub one_level: bool,
    /// Which of the lines that match a path count.
    pub decides: Decides,
    /// What happens to two lines with the same pattern.
    pub repeated: Repeated,
    /// How a line says that nobody owns a path.
    pub nobody: Nobody,
    /// Whether a comment may follow the owners on their line.
    pub inline_comments: bool,
    /// Where the forge is told whose approval paths need, beside that of their owners.
    pub approvals: Approvals,
}

/// Whether a pattern that matches a directory also owns what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// It does. There is no pattern for a file only, without the contents of a directory of that name.
    Included,
    /// It does not. Another pattern does.
    Apart,
    /// A pattern says which.
    Either,
}

/// Which of the lines that match a path count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decides {
    /// The last one, in each section.
    #[default]
    Last,
    /// Every one: the path has the owners of all of them.
    Every,
}

/// What happens to two lines with the same pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// Both keep their place.
    Both,
    /// The first keeps its place and gets the owners of the last.
    FirstPlace,
}

/// How a line says that nobody owns a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// A pattern without owners. A later line may give the path an owner.
    WithoutOwners,
    /// An exclusion, `!pattern`. No later line changes it.
    Exclusion,
    /// It cannot. Nobody owns what no line matches.
    NoLine,
}

/// Where a forge is told whose approval paths need, beside that of their owners.
#[derive(Clone, Copy, Debug)]
pub enum Approvals {
    /// In a section of the file for each approval.
    Sections,
    /// In a document that `owners export` writes.
    Document(&'static dyn RequiredReviewers),
    /// In its settings, by hand.
    Settings {
        /// What to do there.
        help: &'static str,
    },
}

impl Abilities {
    /// Whether a file has no pattern that ends where this one does: one for a file only, or for one level
    /// only, and not for what is below. Then a wider line is written, and lines behind it restore the
    /// owners of what it matches too much.
    #[must_use]
    pub fn ends_too_early(self, pattern: &Pattern) -> bool {
        let tail = pattern.tail();
        self.below == Below::Included && !tail.open && (tail == Gap::NONE || !self.one_level)
    }

    /// Whether each pattern of rules without exceptions is written as one line, unchanged.
    #[must_use]
    pub fn is_line_for_line(self) -> bool {
        self.below == Below::Included
            && self.one_level
            && self.decides == Decides::Last
            && self.repeated == Repeated::Both
            && self.nobody == Nobody::WithoutOwners
    }
}

impl Deref for Forge {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        self.0
    }
}

impl Default for Forge {
    fn default() -> Self {
        Forge::ALL[0]
    }
}

impl PartialEq for Forge {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Forge {}

impl Hash for Forge {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Forge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title)
    }
}

/// The maximum number of steps to write all lines of a file, and to read them. Less than a second.
pub(crate) const MAX_WRITING_STEPS: usize = 60_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_told_apart() {
        for (index, forge) in Forge::ALL.iter().enumerate() {
            assert_eq!(Forge::from_name(forge.name), Some(*forge));
            assert_eq!(Forge::of_file(forge.default_file), Some(*forge));
            assert!(forge.locations.contains(&forge.default_file));
            for other in &Forge::ALL[..index] {
                assert_ne!((other.name, other.title), (forge.name, forge.title));
            }
        }
        assert_eq!(Forge::of_file("CODEOWNERS"), None);
        assert_eq!(Forge::of_file(".gitlabx/CODEOWNERS"), None);
    }

    #[test]
    fn what_is_there_and_what_is_below() {
        for (text, expected) in [
            ("/a/b", &["/a/b", "/a/b/"][..]),
            ("*.rs", &["**/*.rs", "**/*.rs/"]),
            ("/a/*", &["/a/*"]),
            ("/a/", &["/a/"]),
            ("*", &["*"]),
        ] {
            let pattern = Pattern::github(text).unwrap();
            let forms = Forge::GITLAB.forms(&pattern);
            let written = forms
                .iter()
                .map(|each| Forge::GITLAB.dialect.write(each, false));
            assert_eq!(
                written.collect::<Result<Vec<_>, _>>().unwrap(),
                expected,
                "{text}"
            );
            assert_eq!(Forge::GITHUB.forms(&pattern), [pattern]);
        }
    }
}
