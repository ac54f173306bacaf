//! Import: an `owners.toml` from an existing CODEOWNERS file.
//!
//! Every line that has an effect becomes a rule, in the same order. Teams become groups, named after
//! them, and so do sets of people that occur more than once. Neighbouring rules of the same owners
//! are folded into alternatives where that is shorter. What a person wrote for people, comments and
//! blank lines, stays where it is; what the forge ignores becomes a comment that says why.
//!
//! Two things cannot be carried over from GitLab as they are. `*.rb` is there what has that name, here
//! it is that and what is below a directory of that name, as on GitHub: `below` leaves that out where
//! it is tracked. And what is nobody's is written for GitLab as an exclusion, which is for good:
//! `narrow` says a line without owners by the paths that it decides, where later lines own others.
//!
//! The result is not trusted. [`import`] loads it and compares the two lists of patterns and owners,
//! which must be equal; it resolves every tracked path by the old file and the new rules; and it
//! generates the file again, proves that, and resolves every tracked path by that as well.

mod below;
mod choosing;
mod folding;
mod groups;
mod kept;
mod narrow;
mod reading;
mod sections;
pub mod starter;
mod toml;
mod write;

pub use self::toml::quoted;
pub use sections::Overlap;

use std::fmt;

use self::groups::Groups;
use self::kept::{Form, Kept, Lines, key};
use self::reading::Reading;
use self::write::Writer;
use crate::codeowners::{File, Inexact, Rendered, ensure_readable, proof, read};
use crate::forge::{Forge, Nobody};
use crate::ids::IdVec;
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::pattern::{Gap, Pattern};
use crate::project::Project;
use crate::ruleset::{LineId, Ownership};
use crate::text::escaped;

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The forge whose dialect the file is written in.
    pub forge: Forge,
    /// Where the file to generate is, if not in the forge's usual place.
    pub output: Option<&'o str>,
    /// Whether to fold rules into alternatives.
    pub fold: bool,
    /// The tracked paths.
    pub paths: &'o PathSet,
    /// Whether the tracked paths that no line matches are to be exempt.
    pub exempt_unowned: bool,
}

/// So often is a file generated again: as the lines are, twice with the lines at fault said in another
/// way, and once with all of them.
const MAX_ATTEMPTS: usize = 4;
/// The attempt behind which there is only one.
const LAST_BUT_ONE: usize = MAX_ATTEMPTS - 1;
/// So many pairs of a line that is said by depths and a tracked path are looked at in one attempt.
const MAX_WORK: usize = 5_000_000;

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The text of the `owners.toml`.
    pub text: String,
    /// The same, loaded.
    pub project: Project,
    /// The file that is generated from it.
    pub rendered: Rendered,
    /// The first tracked path to which that file gives other owners, where a pattern cannot be
    /// written as it is.
    pub departure: Option<Departure>,
    /// How many lines of the file had a pattern.
    pub lines: usize,
    /// How many rules there are now.
    pub rules: usize,
    /// How many lines the forge ignores, or that a later line repeats.
    pub dropped: usize,
    /// How many patterns take what is below a directory of that name as well, which they did not
    /// before. No tracked path tells the difference.
    pub widened: usize,
    /// How many lines became rules for what is tracked now, which stand for no other path.
    pub narrowed: usize,
    /// Lines of different sections that may match the same path, though no tracked one.
    pub overlap: Option<Overlap>,
    /// How many tracked paths `[check] exempt` excuses.
    pub exempt: usize,
}

/// A path to which the generated file gives other owners than the old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The path.
    pub path: String,
    /// Its owners by the old file.
    pub before: Vec<Owner>,
    /// Its owners by the generated one.
    pub after: Vec<Owner>,
    /// The pattern that decides in the generated one, as it is written there; none if no line matches.
    pub pattern: Option<String>,
}

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The rules say what the file says, but no file for the forge says it.
    Generated {
        /// The pattern of the rule.
        pattern: String,
        /// Why not.
        reason: String,
        /// What to do about it.
        help: String,
    },
    /// The result does not mean the same: a bug.
    Differs(String),
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            ImportError::Generated { help, .. } => help,
            ImportError::Sections { .. } => {
                "match the path in one section only; or, if one approval is enough, remove the headings: without them, the last line that matches decides"
            }
            ImportError::Heading {
                approvals: None, ..
            } => {
                "remove the `^` if the approval may become required; otherwise keep the section in a CODEOWNERS file that is written by hand"
            }
            ImportError::Heading { .. } => {
                "remove the number if one approval is enough from now on; or set the number for \
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
                "`{path}` is in two sections, and each requires its own approval: it matches {a}, and {b}; in owners.toml, a path has one list of owners"
            ),
            ImportError::Heading {
                line,
                name,
                approvals,
            } => {
                let what = match approvals {
                    Some(approvals) => format!("requires {approvals} approvals"),
                    None => "makes its approval optional".to_string(),
                };
                write!(
                    f,
                    "line {line}: the section [{name}] {what}; a rule of owners.toml cannot"
                )
            }
            ImportError::Line { line, reason } => write!(f, "line {line}: {reason}"),
            ImportError::Generated {
                pattern, reason, ..
            } => write!(
                f,
                "the file could not be generated again, for the pattern `{pattern}`: {reason}"
            ),
            ImportError::Differs(what) => write!(f, "the result does not mean the same: {what}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Makes an `owners.toml` from the text of a CODEOWNERS file.
///
/// ```
/// use owners::import::{Options, import};
/// use owners::PathSet;
/// use owners::Forge;
///
/// let options = Options {
///     forge: Forge::GITHUB,
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
    ensure_readable(text).map_err(|fault| ImportError::Line {
        line: fault.line,
        reason: fault.to_string(),
    })?;
    let file = read(text, options.forge);
    sections::flatten(&file, options.paths)?;
    let mut lines = choosing::choose(&file, options.paths)?;
    let mut attempt = 1;
    loop {
        let written = put_down(text, &file, &lines, options)?;
        compare(&file, &written.project, options.paths)?;
        let inexact = match generate(&written.project, options.paths)? {
            Ok(rendered) => return Ok(imported(&file, &lines, written, rendered, options)),
            Err(inexact) => inexact,
        };
        let kept = &mut lines.kept;
        let forms = match attempt {
            // Only where nobody is for good does another form of a line help.
            _ if options.forge.dialect.abilities().nobody == Nobody::WithoutOwners => Vec::new(),
            MAX_ATTEMPTS.. => Vec::new(),
            LAST_BUT_ONE => strictest_forms(kept),
            _ => next_forms(kept, &written.project, &inexact),
        };
        if !say_otherwise(kept, &forms, &file, options.paths)? {
            let first = &inexact[0];
            let rule = &written.project.rules[first.rule];
            return Err(ImportError::Generated {
                pattern: rule.pattern.value.clone(),
                reason: first.reason.clone(),
                help: first.help.clone(),
            });
        }
        attempt += 1;
    }
}

/// An `owners.toml` that has the rules of the lines.
struct Written {
    text: String,
    project: Project,
    rules: usize,
    exempt: usize,
}

fn put_down(
    text: &str,
    file: &File,
    lines: &Lines<'_>,
    options: Options<'_>,
) -> Result<Written, ImportError> {
    let groups = Groups::new(&lines.kept);
    let exempt = if options.exempt_unowned {
        unowned(&lines.kept, options.paths)
    } else {
        Vec::new()
    };
    let mut writer = Writer::new(&groups);
    writer.head(options);
    writer.exempt(&exempt);
    let reading = Reading::new(file, lines, options.forge);
    writer.paths(text, &reading, options.fold);
    let (config, rules) = writer.finish();
    match prove(&config, &lines.kept) {
        Ok(project) => Ok(Written {
            text: config,
            project,
            rules,
            exempt: exempt.iter().map(|(_, count)| count).sum(),
        }),
        Err(error) if !options.fold => Err(error),
        // Folding is for the reader: where it goes wrong, do without.
        Err(_) => {
            let plain = Options {
                fold: false,
                ..options
            };
            put_down(text, file, lines, plain)
        }
    }
}

/// The file that `gen` will write, proved; or what it cannot say.
fn generate(
    project: &Project,
    paths: &PathSet,
) -> Result<Result<Rendered, Vec<Inexact>>, ImportError> {
    let rendered = match project.render(&project.config.outputs[0]) {
        Ok(rendered) => rendered,
        Err(inexact) => return Ok(Err(inexact)),
    };
    proof::prove(&project.rules, &rendered, paths)
        .map_err(|difference| ImportError::Differs(difference.to_string()))?;
    Ok(Ok(rendered))
}

/// How the lines at fault can be said next, as indices of lines with a form.
fn next_forms(kept: &[Kept<'_>], project: &Project, inexact: &[Inexact]) -> Vec<(usize, Form)> {
    let of_lines: IdVec<LineId, usize> = (kept.iter().enumerate())
        .flat_map(|(index, each)| {
            let patterns = each.rules.iter().map(|rule| rule.patterns.len()).sum();
            std::iter::repeat_n(index, patterns)
        })
        .collect();
    let mut at_fault: Vec<usize> = inexact
        .iter()
        .flat_map(|each| &of_lines[project.rules[each.rule].lines])
        .copied()
        .collect();
    at_fault.sort_unstable();
    at_fault.dedup();
    let next = |index: usize| Some((index, kept[index].next_form()?));
    at_fault.into_iter().filter_map(next).collect()
}

/// The last way to say each line that can be said in another.
fn strictest_forms(kept: &[Kept<'_>]) -> Vec<(usize, Form)> {
    let strictest = |(index, each): (usize, &Kept<'_>)| {
        let form = match each.next_form()? {
            Form::Directories => Form::Files,
            form => form,
        };
        Some((index, form))
    };
    kept.iter().enumerate().filter_map(strictest).collect()
}

/// Says lines in other forms. False, if there are none, or to find them is too much work.
fn say_otherwise(
    kept: &mut [Kept<'_>],
    forms: &[(usize, Form)],
    file: &File,
    paths: &PathSet,
) -> Result<bool, ImportError> {
    let by_depth = forms.iter().filter(|(_, form)| *form == Form::Depths);
    if forms.is_empty() || by_depth.count() * paths.len() > MAX_WORK {
        return Ok(false);
    }
    let decided = narrow::decided(file, paths);
    for &(index, form) in forms {
        match form {
            Form::General => {}
            Form::Depths => below::by_depth(&mut kept[index], paths)?,
            Form::Directories | Form::Files => {
                narrow::to_places(&mut kept[index], form, &decided, paths)?;
            }
        }
    }
    kept::say_once(kept);
    Ok(true)
}

fn imported(
    file: &File,
    lines: &Lines<'_>,
    written: Written,
    rendered: Rendered,
    options: Options<'_>,
) -> Imported {
    let skipped = file.faults.iter().filter(|fault| fault.skips_line);
    let count = file.entries.len() + skipped.count();
    let Lines { kept, .. } = lines;
    let joined = kept.iter().filter(|each| each.joined.is_some()).count();
    Imported {
        text: written.text,
        project: written.project,
        departure: departure(file, &rendered, options.paths),
        rendered,
        rules: written.rules,
        lines: count,
        overlap: sections::overlap(kept),
        dropped: count - kept.len() - joined,
        widened: kept.iter().filter(|each| each.is_widened).count(),
        narrowed: kept
            .iter()
            .filter(|each| each.form != Form::General)
            .count(),
        exempt: written.exempt,
    }
}

/// The first path to which the generated file, read as the forge will read it, gives other owners.
fn departure(old: &File, rendered: &Rendered, paths: &PathSet) -> Option<Departure> {
    let new = read(&rendered.text, rendered.forge);
    let (old, new) = (old.matcher(), new.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    paths.iter().find_map(|path| {
        let before = old.owners(&mut old_walk, path).concat();
        let after = new.owners(&mut new_walk, path).concat();
        (key(&before) != key(&after)).then(|| Departure {
            path: escaped(path),
            before,
            after,
            pattern: (new.entries(&mut new_walk, path).next_back()).map(|entry| entry.text.clone()),
        })
    })
}

/// Patterns for the paths that no line matches, and how many of them each takes.
fn unowned(kept: &[Kept<'_>], paths: &PathSet) -> Vec<(String, usize)> {
    let matcher = Matcher::new(kept.iter().flat_map(|each| each.exact.iter()));
    let mut walk = matcher.walk();
    let unmatched: Vec<PathId> = (paths.with_ids())
        .filter(|(_, path)| walk.last_match(path).is_none())
        .map(|(id, _)| id)
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
fn compare(old: &File, project: &Project, paths: &PathSet) -> Result<(), ImportError> {
    let (old, new) = (old.matcher(), project.rules.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    for path in paths.iter() {
        let before = old.owners(&mut old_walk, path).concat();
        let after = match project.rules.ownership(new_walk.decide(path)) {
            Ownership::Owned(owners) => owners,
            Ownership::Nobody | Ownership::Unowned => &[],
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
fn prove(text: &str, kept: &[Kept<'_>]) -> Result<Project, ImportError> {
    let project = Project::from_text(text).map_err(|unsound| {
        let messages: Vec<&str> = (unsound.diagnostics.iter())
            .map(|each| each.message.as_str())
            .collect();
        ImportError::Differs(messages.join("; "))
    })?;
    let rules = &project.rules;
    let ours = rules.lines().iter().map(|line| {
        let rule = &rules[line.rule];
        let except = rules.exceptions()[rule.exceptions].iter();
        let except: Vec<&Pattern> = except.map(|each| &each.pattern).collect();
        (&line.pattern, except, key(&rule.owners))
    });
    let theirs = kept
        .iter()
        .flat_map(|each| each.rules.iter().map(|rule| (rule, each.owners)));
    let theirs = theirs.flat_map(|(rule, owners)| {
        let except: Vec<&Pattern> = rule.except.iter().collect();
        let owners = key(owners);
        (rule.patterns.iter()).map(move |pattern| (pattern, except.clone(), owners.clone()))
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
        None => Ok(project),
    }
}

#[cfg(test)]
mod tests;
