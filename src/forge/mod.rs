//! The forges: all that differs from one to another, behind one door.
//!
//! A [`Forge`] is a row of [`Forge::ALL`]: a [`Profile`] (its names, its places, its limits) with a
//! [`Dialect`] (its owners, its patterns, how it reads a file). Everybody else asks these, and never
//! which forge it is. To add a forge, add a file with a profile, and its row; if it reads files as
//! another forge does, its profile names that one's dialect.

mod file;
mod github;
mod gitlab;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

pub use file::{Entry, File, LineFault, Section};

use crate::owner::{Owner, OwnerError};
use crate::pattern::{Gap, Glob, Pattern, Piece};

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
    /// Every forge. The first is meant where nothing says which.
    pub const ALL: &[Forge] = &[Forge::GITHUB, Forge::GITLAB];

    /// The forge of that name in `owners.toml`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Forge::ALL.iter().copied().find(|forge| forge.name == name)
    }

    /// The forge whose own directory a file lies in, such as `.gitlab/`.
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

    /// Takes `text` as an owner.
    ///
    /// # Errors
    ///
    /// If the forge would not take it.
    pub fn owner(self, text: &str) -> Result<Owner, OwnerError> {
        self.dialect.check_owner(text)?;
        Ok(Owner::unchecked(text))
    }

    /// The patterns by which a file says what `pattern` does: where that of a directory does not own
    /// what is in it, what is there and what is below are two.
    #[must_use]
    pub fn forms(self, pattern: &Pattern) -> Vec<Pattern> {
        let is_one = pattern.tail() != Gap::ANY || pattern.steps().is_empty();
        if is_one || self.dialect.abilities().includes_below {
            return vec![pattern.clone()];
        }
        vec![pattern.with_tail(Gap::NONE), pattern.with_tail(Gap::SOME)]
    }
}

/// What is known of a forge. All of it is asked for here, so that a new one leaves nothing out.
#[derive(Debug)]
pub struct Profile {
    /// The name in `owners.toml` and on the command line.
    pub name: &'static str,
    /// The name as its makers write it.
    pub title: &'static str,
    /// Where it looks for the file; the first that exists is the only one read.
    pub locations: &'static [&'static str],
    /// Where the file is generated unless `owners.toml` says otherwise: in the forge's own directory.
    pub default_file: &'static str,
    /// The file that only repositories on this forge have.
    pub marker: Option<&'static str>,
    /// The size in bytes from which on it ignores the whole file.
    pub size_limit: Option<usize>,
    /// What the addresses of users' profiles start with, behind `https://`.
    pub profiles: &'static str,
    /// Whether logins may hold dots.
    pub has_dots_in_logins: bool,
    /// How it reads a file.
    pub dialect: &'static dyn Dialect,
}

/// How a forge reads a CODEOWNERS file.
pub trait Dialect: fmt::Debug + Sync {
    /// What a file can say.
    fn abilities(&self) -> Abilities;

    /// Whether `text` is an owner.
    ///
    /// # Errors
    ///
    /// Why it is none.
    fn check_owner(&self, text: &str) -> Result<(), OwnerError>;

    /// Whether a team may be called that.
    fn is_team(&self, owner: &Owner) -> bool;

    /// What the text that [`write`](Self::write) gives for `pattern` means: the pattern itself, or a
    /// wider one where there is no way to write it exactly.
    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern>;

    /// Writes a pattern as it must stand in a line with owners behind it, or without
    /// (`is_whole_line`).
    ///
    /// # Errors
    ///
    /// The reason why a file cannot say it.
    fn write(&self, pattern: &Pattern, is_whole_line: bool) -> Result<String, String>;

    /// Reads a whole file. No text is an error: what the forge ignores is reported in its place.
    fn read(&self, text: &str) -> File;
}

/// What the files of a dialect can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Whether a pattern that matches a directory owns what is in it. If so, none is for a file alone,
    /// and not for what is in a directory of that name.
    pub includes_below: bool,
    /// What becomes of two lines with one pattern.
    pub repeated: Repeated,
    /// How a line says that nobody owns something.
    pub nobody: Nobody,
}

/// What becomes of two lines with one pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// Both stand where they stand.
    Both,
    /// The first keeps its place and gets the owners of the last.
    FirstPlace,
}

/// How a line says that nobody owns something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nobody {
    /// By a pattern without owners; a later line may give it an owner.
    WithoutOwners,
    /// By an exclusion, `!pattern`, which no later line changes.
    Exclusion,
}

impl Abilities {
    /// Whether rules without exceptions are written one line for each pattern, as they are.
    #[must_use]
    pub fn is_line_for_line(self) -> bool {
        self.includes_below
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

/// Writes a segment with the escapes that all dialects have, and `?` for the characters that are
/// `widened`.
fn write_glob(glob: &Glob, out: &mut String, widened: impl Fn(char) -> bool) -> fmt::Result {
    use fmt::Write as _;

    for piece in glob.pieces() {
        match piece {
            Piece::One => out.write_char('?')?,
            Piece::Star => out.write_char('*')?,
            Piece::Class(class) => write!(out, "{class}")?,
            Piece::Text(text) => {
                for character in text.chars() {
                    if widened(character) {
                        out.write_char('?')?;
                        continue;
                    }
                    if matches!(character, ' ' | '[' | ']' | '*' | '?' | '\\') {
                        out.write_char('\\')?;
                    }
                    out.write_char(character)?;
                }
            }
        }
    }
    Ok(())
}

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
