//! A starter configuration, for a repository with neither `owners.toml` nor CODEOWNERS.
//!
//! It has one rule for everything. For each top-level directory, a comment shows a possible rule
//! and who worked there. People decide who owns what, but they should not have to start with an
//! empty page.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::config::schema_line;
use crate::forge::Forge;
use crate::owner::PLACEHOLDER;
use crate::paths::PathSet;
use crate::pattern::Pattern;
use crate::people::{self, bots};
use crate::text::toml::quoted;
use crate::text::{escaped, is_invisible};

/// The number of people suggested for a directory.
const SUGGESTIONS: usize = 3;
/// The equals signs are aligned after patterns of up to so many characters.
const WIDEST: usize = 40;
/// The maximum number of directories listed.
const DIRECTORIES: usize = 1000;

/// A commit: its author and the directories that it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit<'c> {
    /// The e-mail address of its author.
    pub address: Cow<'c, str>,
    /// The name of its author.
    pub name: Cow<'c, str>,
    /// The top-level directories that it changed, each once.
    pub directories: Vec<&'c [u8]>,
}

/// The number of commits of each author in each top-level directory.
#[derive(Clone, Debug)]
pub struct Activity<'p> {
    forge: Forge,
    /// Whether authors are named by their e-mail address, if their login is not known.
    emails: bool,
    directories: BTreeMap<&'p [u8], FxHashMap<u32, u32>>,
    /// The number of directories not listed.
    others: usize,
    /// The authors, by number.
    authors: Vec<String>,
    numbers: FxHashMap<String, u32>,
}

impl<'p> Activity<'p> {
    /// Starts with no commits. With `emails`, authors are named by their e-mail address, if their
    /// login is not known; otherwise by their name.
    #[must_use]
    pub fn new(paths: &'p PathSet, forge: Forge, emails: bool) -> Self {
        let mut directories: Vec<&[u8]> = paths.iter().filter_map(top).collect();
        directories.dedup();
        let others = directories.len().saturating_sub(DIRECTORIES);
        directories.truncate(DIRECTORIES);
        Activity {
            forge,
            emails,
            directories: directories
                .into_iter()
                .map(|directory| (directory, FxHashMap::default()))
                .collect(),
            others,
            authors: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }

    /// The login, if the forge made the address from it. Otherwise the name, or the address.
    fn handle(&self, address: &str, name: &str) -> String {
        match people::of_address(address, self.forge) {
            Some(login) => format!("@{login}"),
            None if self.emails && !address.is_empty() => address.to_string(),
            None => name.to_string(),
        }
    }

    /// Counts a commit, unless a program made it.
    pub fn add(&mut self, commit: &Commit<'_>) {
        let next = self.authors.len() as u32;
        let author = self.handle(&commit.address, &commit.name);
        let is_program = bots::is_bot(author.trim_start_matches('@')) || bots::is_bot(&commit.name);
        if author.is_empty() || is_program || bots::is_address(&commit.address) {
            return;
        }
        let number = *self.numbers.entry(author.clone()).or_insert(next);
        if number == next {
            self.authors.push(author);
        }
        for &directory in &commit.directories {
            if let Some(counts) = self.directories.get_mut(directory) {
                *counts.entry(number).or_default() += 1;
            }
        }
    }

    /// The most active authors: `@bob (2), alice@example.com (1)`.
    fn most_active(&self, counts: &FxHashMap<u32, u32>) -> String {
        let name = |number: u32| self.authors[number as usize].as_str();
        let mut authors: Vec<(&str, u32)> = counts
            .iter()
            .map(|(&number, &count)| (name(number), count))
            .collect();
        authors.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let people: Vec<String> = authors
            .iter()
            .take(SUGGESTIONS)
            .map(|(who, count)| format!("{who} ({count})"))
            .collect();
        people.join(", ")
    }
}

/// Writes the starter configuration.
///
/// ```
/// use owners::PathSet;
/// use owners::Forge;
/// use owners::import::starter::{Activity, Commit, starter};
///
/// let paths: PathSet = ["docs/a.md", "src/main.rs"].into_iter().collect();
/// let mut activity = Activity::new(&paths, Forge::GITHUB, false);
/// activity.add(&Commit {
///     address: "a@example.com".into(),
///     name: "Alice".into(),
///     directories: vec![b"src"],
/// });
/// let text = starter(&activity);
/// assert!(text.contains("\n#: \"/docs/\" = \"maintainers\"\n"), "{text}");
/// assert!(text.contains("\n#: \"/src/\"  = \"maintainers\" # Alice (1)\n"), "{text}");
/// ```
#[must_use]
pub fn starter(activity: &Activity<'_>) -> String {
    let mut text = schema_line()
        + "\n\
        #: Who reviews what. Run `owners gen` after every change.\n\
        #: Comments like this one stay here. Others are copied to the CODEOWNERS file.\n\
        \n";
    if activity.forge != Forge::default() {
        let name = quoted(activity.forge.name);
        let _ = writeln!(text, "[output]\nplatform = {name}\n");
    }
    text.push_str(
        "[groups]\n\
        maintainers = ",
    );
    text.push_str(&quoted(PLACEHOLDER));
    text.push_str(
        " # replace this\n\
        \n\
        # The last rule that matches a path decides. Formatters that sort keys change that.\n\
        [paths]\n\
        \"*\" = \"maintainers\"\n",
    );
    if !activity.directories.is_empty() {
        text.push_str("\n#: Add a rule to give a directory its own reviewers");
        text.push_str(if activity.authors.is_empty() {
            ":\n"
        } else {
            ". The comment after each rule\n#: names who worked there most in the last year:\n"
        });
    }
    let patterns = activity.directories.keys().map(|directory| {
        let pattern = format!("{}/", Pattern::entry(directory));
        quoted(&pattern).replace(is_invisible, "?")
    });
    let patterns: Vec<String> = patterns.collect();
    let widths = patterns.iter().map(|pattern| pattern.chars().count());
    let width = widths.filter(|&width| width <= WIDEST).max().unwrap_or(0);
    for (pattern, counts) in patterns.iter().zip(activity.directories.values()) {
        let _ = write!(text, "#: {pattern:width$} = \"maintainers\"");
        let people = activity.most_active(counts);
        if !people.is_empty() {
            let _ = write!(text, " # {}", escaped(people.as_bytes()));
        }
        text.push('\n');
    }
    if activity.others > 0 {
        let _ = writeln!(text, "#: and {} more directories", activity.others);
    }
    text
}

/// The top-level directory of a path.
fn top(path: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b'/', path).map(|slash| &path[..slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_authors_are_named() {
        let paths = PathSet::default();
        for (forge, email, expected) in [
            (Forge::GITHUB, "1+alice@users.noreply.github.com", "@alice"),
            (Forge::GITLAB, "alice@example.com", "alice@example.com"),
            (Forge::GITLAB, "", "Alice"),
        ] {
            let activity = Activity::new(&paths, forge, true);
            assert_eq!(activity.handle(email, "Alice"), expected);
        }
    }
}
