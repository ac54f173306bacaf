//! A configuration to begin with, for a repository that has none and no CODEOWNERS file either.
//!
//! It is one rule for everything, and a comment for each directory at the root that shows what a
//! rule for it would look like, and who worked there: whom to ask is a question that people decide,
//! but not one that they want to begin with an empty page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{escaped, is_invisible};
use crate::import::quoted;
use crate::paths::PathSet;
use crate::pattern::Pattern;
use crate::platform::Platform;

/// How many people are suggested for a directory.
const SUGGESTIONS: usize = 3;

/// A commit: who made it, and what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The e-mail address of its author.
    pub author: String,
    /// The paths that it changed.
    pub paths: Vec<Vec<u8>>,
}

/// Writes the starter.
///
/// ```
/// use owners::paths::PathSet;
/// use owners::platform::Platform;
/// use owners::starter::{Commit, starter};
///
/// let paths: PathSet = ["docs/a.md", "src/main.rs"].into_iter().collect();
/// let commit = Commit { author: "a@example.com".into(), paths: vec![b"src/main.rs".to_vec()] };
/// let text = starter(&paths, &[commit], Platform::GitHub);
/// assert!(text.contains("\n# \"/docs/\" = \"maintainers\"\n"), "{text}");
/// assert!(text.contains("\n# \"/src/\" = \"maintainers\" # a@example.com (1)\n"), "{text}");
/// ```
#[must_use]
pub fn starter(paths: &PathSet, commits: &[Commit], platform: Platform) -> String {
    let mut text = "# Who reviews what. Run `owners gen` after every change.\n\
        # The last rule that matches a path decides. Formatters that sort keys change that.\n\
        \n"
    .to_string();
    if platform != Platform::default() {
        let _ = writeln!(text, "[output]\nplatform = {}\n", quoted(platform.name()));
    }
    text.push_str(
        "[groups]\n\
        maintainers = \"@org/team\" # to be replaced\n\
        \n\
        [paths]\n\
        \"*\" = \"maintainers\"\n",
    );
    let directories = directories(paths, commits);
    if !directories.is_empty() {
        text.push_str("\n# A directory gets reviewers of its own by a rule");
        text.push_str(match commits {
            [] => ":\n",
            _ => "; behind each, who worked there most in\n# the last year:\n",
        });
    }
    for (directory, authors) in directories {
        let mut pattern = Pattern::entry(directory).to_string();
        pattern.push('/');
        let line = format!("# {} = \"maintainers\"", quoted(&pattern));
        text.push_str(&line.replace(is_invisible, "?"));
        let people = most_active(authors);
        if !people.is_empty() {
            let _ = write!(text, " # {}", escaped(people.as_bytes()));
        }
        text.push('\n');
    }
    text
}

/// Each directory at the root, with who made how many commits in it.
fn directories<'p>(
    paths: &'p PathSet,
    commits: &[Commit],
) -> BTreeMap<&'p [u8], BTreeMap<String, usize>> {
    let mut directories: BTreeMap<&[u8], BTreeMap<String, usize>> = paths
        .iter()
        .filter_map(|path| Some((top(path)?, BTreeMap::new())))
        .collect();
    for commit in commits {
        let mut touched: Vec<&[u8]> = commit.paths.iter().filter_map(|path| top(path)).collect();
        touched.sort_unstable();
        touched.dedup();
        for directory in touched {
            if let Some(authors) = directories.get_mut(directory) {
                *authors.entry(handle(&commit.author)).or_default() += 1;
            }
        }
    }
    directories
}

/// The directory at the root that a path is in.
fn top(path: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b'/', path).map(|slash| &path[..slash])
}

/// `@bob (2), alice@example.com (1)`
fn most_active(authors: BTreeMap<String, usize>) -> String {
    let mut authors: Vec<(String, usize)> = authors.into_iter().collect();
    authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let people: Vec<String> = (authors.iter().take(SUGGESTIONS))
        .map(|(who, count)| format!("{who} ({count})"))
        .collect();
    people.join(", ")
}

/// A login, where the address is one that a forge made from it; else the address.
fn handle(email: &str) -> String {
    match email.split_once("@users.noreply.") {
        Some((user, _)) => format!("@{}", user.rsplit('+').next().unwrap_or(user)),
        None => email.to_string(),
    }
}
