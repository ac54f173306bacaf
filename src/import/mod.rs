//! Import: an `owners.toml` from an existing CODEOWNERS file.
//!
//! Every line that has an effect becomes a rule, in the same order. Teams become groups, named after
//! them, and so do sets of people that occur more than once. Neighbouring rules of the same owners
//! are folded into alternatives where that is shorter. What a person wrote for people, comments and
//! blank lines, stays where it is; what the forge ignores becomes a comment that says why.
//!
//! One thing cannot be carried over as it is: on GitLab `*.rb` is what has that name, here it is
//! that and what is below a directory of that name, as on GitHub. Where no tracked path tells the
//! two apart, the plain pattern is taken; where one does, the rule gets an exception.
//!
//! The result is not trusted: [`import`] loads it and compares the two lists of patterns and
//! owners, which must be equal, and [`compare`] resolves every tracked path both ways.

mod folding;
mod groups;
mod kept;
mod sections;
mod write;

pub use sections::Overlap;
pub use write::quoted;

use std::fmt;

use self::groups::{Groups, key};
use self::kept::{Kept, Lines};
use self::write::{Reading, Writer};
use crate::codeowners::{Entry, File, read};
use crate::diagnostic::escaped;
use crate::folded::fold;
use crate::matcher::Matcher;
use crate::paths::PathSet;
use crate::pattern::{Gap, Pattern};
use crate::platform::Platform;
use crate::project::Project;
use crate::ruleset::Ownership;

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The forge whose dialect the file is written in.
    pub platform: Platform,
    /// Where the file to generate is, if not in the platform's usual place.
    pub output: Option<&'o str>,
    /// Whether to fold rules into alternatives.
    pub fold: bool,
    /// The tracked paths.
    pub paths: &'o PathSet,
    /// Whether the tracked paths that no line matches are to be exempt.
    pub exempt_unowned: bool,
}

/// What came of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of the `owners.toml`.
    pub text: String,
    /// How many lines of the file had a pattern.
    pub lines: usize,
    /// How many rules there are now.
    pub rules: usize,
    /// How many lines the forge ignores, or that a later line repeats.
    pub dropped: usize,
    /// How many patterns take what is below a directory of that name as well, which they did not
    /// before. No tracked path tells the difference.
    pub widened: usize,
    /// Lines of different sections that may match the same path, though no tracked one.
    pub overlap: Option<Overlap>,
    /// How many tracked paths `[check] exempt` excuses.
    pub exempt: usize,
}

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// A path has one answer in `owners.toml`, and in the file one for each of two sections.
    Sections {
        /// The path.
        path: String,
        /// What matches it: two lines, and the sections that they are in.
        places: [String; 2],
    },
    /// A section asks for more or less than one approval.
    Heading {
        /// The line of its first heading.
        line: usize,
        /// Its name.
        name: String,
        /// How many it asks for; none if they are optional.
        approvals: Option<usize>,
    },
    /// A line has an effect that no rule can have.
    Line {
        /// Its number, from 1.
        line: usize,
        /// Why not.
        reason: String,
    },
    /// The result does not mean the same: a bug.
    Differs(String),
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            ImportError::Sections { .. } => {
                "give the path to one section alone; or, where one approval is enough, take the \
                 headings out: without them, the last line that matches decides"
            }
            ImportError::Heading {
                approvals: None, ..
            } => {
                "take the `^` out if an approval may be required from now on; else leave the \
                 section in a CODEOWNERS file that is written by hand"
            }
            ImportError::Heading { .. } => {
                "take the number out if one approval is enough from now on; or set the number for \
                 the whole project, in its merge request approval rules"
            }
            ImportError::Line { .. } => "write the line in another way, then try again",
            ImportError::Differs(_) => {
                "this is a bug in owners: please report it with the CODEOWNERS file"
            }
        }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Sections {
                path,
                places: [a, b],
            } => write!(
                f,
                "`{path}` lies in two sections, each of which asks for an approval of its own: it \
                 matches {a}, and {b}; in owners.toml, a path has one list of owners"
            ),
            ImportError::Heading {
                line,
                name,
                approvals,
            } => {
                let what = match approvals {
                    Some(approvals) => format!("asks for {approvals} approvals"),
                    None => "makes its approval optional".to_string(),
                };
                write!(
                    f,
                    "line {line}: the section [{name}] {what}; a rule of owners.toml cannot"
                )
            }
            ImportError::Line { line, reason } => write!(f, "line {line}: {reason}"),
            ImportError::Differs(what) => write!(f, "the result does not mean the same: {what}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Makes an `owners.toml` from the text of a CODEOWNERS file.
///
/// ```
/// use owners::import::{Options, import};
/// use owners::paths::PathSet;
/// use owners::platform::Platform;
///
/// let options = Options {
///     platform: Platform::GitHub,
///     output: None,
///     fold: true,
///     paths: &PathSet::default(),
///     exempt_unowned: false,
/// };
/// let imported = import("* @org/core\n/a/ @org/docs\n/b/ @org/docs\n", options).unwrap();
/// assert!(imported.text.contains("\"/{a,b}/\" = \"docs\""), "{}", imported.text);
/// ```
///
/// # Errors
///
/// If the file says something that `owners.toml` cannot.
pub fn import(text: &str, options: Options<'_>) -> Result<Imported, ImportError> {
    let file = read(text, options.platform);
    sections::flatten(&file, options.paths)?;
    let Lines { kept, dead } = kept::sort_out(&file, options)?;
    let groups = Groups::new(&kept);
    let exempt = if options.exempt_unowned {
        unowned(&kept, options.paths)
    } else {
        Vec::new()
    };
    let mut writer = Writer::new(&groups);
    writer.head(options);
    writer.exempt(&exempt);
    let reading = Reading::new(&file, &kept, &dead, options.platform);
    writer.paths(text, &reading, options.fold);
    let (text_of_config, rules) = writer.finish();
    if let Err(error) = prove(&text_of_config, &kept) {
        // Folding is for the reader: where it goes wrong, do without.
        let plain = Options {
            fold: false,
            ..options
        };
        return if options.fold {
            import(text, plain)
        } else {
            Err(error)
        };
    }
    // On GitLab a fault is a word, and the line holds.
    let skipped = match options.platform {
        Platform::GitHub => file.faults.len(),
        Platform::GitLab => 0,
    };
    let lines = file.entries.len() + skipped;
    let entries: Vec<&Entry> = kept.iter().map(|each| each.entry).collect();
    let joined = kept.iter().filter(|each| each.joined.is_some()).count();
    Ok(Imported {
        text: text_of_config,
        rules,
        lines,
        overlap: sections::overlap(&entries),
        dropped: lines - kept.len() - joined,
        widened: kept.iter().filter(|each| each.is_widened).count(),
        exempt: exempt.iter().map(|(_, count)| count).sum(),
    })
}

/// Patterns for the paths that no line matches, and how many of them each takes.
fn unowned(kept: &[Kept<'_>], paths: &PathSet) -> Vec<(String, usize)> {
    let matcher = Matcher::new(kept.iter().flat_map(|each| each.exact.iter()));
    let mut walk = matcher.walk();
    let unmatched: Vec<u32> = (0u32..)
        .zip(paths.iter())
        .filter(|(_, path)| walk.last_match(path).is_none())
        .map(|(index, _)| index)
        .collect();
    fold(paths, &unmatched)
        .into_iter()
        .map(|each| {
            let pattern = match each.path {
                [] => Pattern::everything(),
                path @ [.., b'/'] => Pattern::entry(path).with_tail(Gap::SOME),
                path => Pattern::entry(path),
            };
            (pattern.to_string(), each.files.len())
        })
        .collect()
}

/// Demands that every path has the owners that the old file gives it.
///
/// # Errors
///
/// The first path that has others: a bug.
pub fn compare(old: &File, project: &Project, paths: &PathSet) -> Result<(), ImportError> {
    let (old, new) = (old.matcher(), project.rules.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    for path in paths.iter() {
        let before = old.owners(&mut old_walk, path).concat();
        let after = match project.rules.ownership(new_walk.decide(path)) {
            Ownership::Owned(owners) => owners,
            Ownership::Nobody | Ownership::Unmatched => &[],
        };
        if key(&before) != key(after) {
            return Err(ImportError::Differs(format!(
                "`{}` would get other owners",
                escaped(path)
            )));
        }
    }
    Ok(())
}

/// The rules of `text` are the lines that were kept, one for one.
fn prove(text: &str, kept: &[Kept<'_>]) -> Result<(), ImportError> {
    let project = Project::from_text(text).map_err(|unsound| {
        let messages: Vec<&str> = (unsound.diagnostics.iter())
            .map(|each| each.message.as_str())
            .collect();
        ImportError::Differs(messages.join("; "))
    })?;
    let rules = &project.rules;
    let ours = rules.lines.iter().map(|line| {
        let rule = &rules.rules[line.rule as usize];
        let except = rules.exceptions[rule.exceptions.clone()].iter();
        let except: Vec<&Pattern> = except.map(|each| &each.pattern).collect();
        (&line.pattern, except, key(&rule.owners))
    });
    let theirs = kept.iter().flat_map(|each| {
        let except: Vec<&Pattern> = each.except.iter().collect();
        let owners = key(each.owners);
        (each.patterns.iter()).map(move |pattern| (pattern, except.clone(), owners.clone()))
    });
    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
    let different = ours
        .iter()
        .zip(&theirs)
        .find(|(ours, theirs)| ours != theirs);
    match different {
        Some(((pattern, ..), (expected, ..))) => Err(ImportError::Differs(format!(
            "`{pattern}` stands for `{expected}`, or has other owners"
        ))),
        None if ours.len() != theirs.len() => Err(ImportError::Differs(format!(
            "{} patterns stand for {}",
            ours.len(),
            theirs.len()
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
