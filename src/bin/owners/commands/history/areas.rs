//! Which areas the words of the command line name.
//!
//! A word is the first of these that exists: a group, a tracked file or a directory with tracked
//! files, a pattern. A word that starts with `/` is always a pattern, and one that starts with `./`
//! always a path. A pattern is relative to the root, as in `owners.toml`.
//!
//! Files in different directories may define groups of the same name. A word means the one that is
//! visible in the current directory, as for `owners add`. If none is, it means all of them, and each
//! is an area.

use std::path::{Path, PathBuf};

use owners::pattern::alternation::Unexpanded;
use owners::reports::contributions::areas::Selection;
use owners::ruleset::{GroupId, Rule, RuleSet};
use owners::text::{Diagnostic, escaped, nearest};
use owners::{Id as _, IdRange, PathId, PathSet, Project};
use rustc_hash::FxHashMap;

use crate::failure::{Failure, Result};
use crate::here;
use crate::workspace::Workspace;

/// What an area is called.
pub(crate) enum Title {
    Group {
        name: String,
        /// Its file, as seen from the current directory, if there are others of that name.
        file: Option<String>,
        /// Its place, as seen from the root.
        place: String,
    },
    /// A rule.
    Rule {
        pattern: String,
        /// Its place, as seen from the current directory.
        shown: String,
        /// Its place, as seen from the root.
        place: String,
    },
    /// A file, or a directory with a slash at its end. The root is empty.
    Path(Vec<u8>),
    Pattern(String),
}

impl Title {
    /// The kind, as JSON names it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Title::Group { .. } => "group",
            Title::Rule { .. } => "rule",
            Title::Path(_) => "path",
            Title::Pattern(_) => "pattern",
        }
    }

    /// The name, escaped.
    pub(crate) fn name(&self) -> String {
        match self {
            Title::Path(path) => here::shown(path),
            Title::Group { name, .. }
            | Title::Pattern(name)
            | Title::Rule { pattern: name, .. } => escaped(name.as_bytes()),
        }
    }

    /// What it is a name of, with a comma. A place is written by `place`.
    pub(crate) fn what(&self, place: impl Fn(&str) -> String) -> String {
        match self {
            Title::Group { file: None, .. } => "group, ".to_string(),
            Title::Group {
                file: Some(file), ..
            } => format!("group of {}, ", place(file)),
            Title::Rule { shown, .. } => format!("{}, ", place(shown)),
            Title::Path(_) => String::new(),
            Title::Pattern(_) => "pattern, ".to_string(),
        }
    }
}

/// The areas that the words name. Without words, every group, and every rule that names none.
pub(super) fn select(
    workspace: &Workspace,
    words: &[PathBuf],
    project: &Project,
    paths: &PathSet,
) -> Result<(Vec<Title>, Vec<Selection>)> {
    if words.is_empty() {
        return Ok(everything(project));
    }
    let mut areas: Vec<(Title, Selection)> = Vec::new();
    for word in words {
        areas.extend(named(workspace, word, project, paths)?);
    }
    Ok(areas.into_iter().unzip())
}

fn everything(project: &Project) -> (Vec<Title>, Vec<Selection>) {
    let rules = &project.rules;
    let mut count: FxHashMap<&str, usize> = FxHashMap::default();
    for group in rules.groups() {
        *count.entry(&group.name).or_default() += 1;
    }
    let groups = rules.groups().with_ids();
    let groups = groups.map(|(id, each)| group(project, id, count[each.name.as_str()] == 1));
    let has_owners_alone = |rule: &Rule| rule.groups.is_empty() && !rule.owners.is_empty();
    let alone = rules
        .rules()
        .with_ids()
        .filter(|(_, rule)| has_owners_alone(rule));
    let alone = alone.map(|(id, rule)| {
        let title = Title::Rule {
            pattern: rule.pattern.value.clone(),
            shown: here::place(&project.sources, &rule.location()),
            place: project.sources.place(&rule.location()),
        };
        (title, Selection::Rule(id))
    });
    groups.chain(alone).unzip()
}

/// The area of a group.
fn group(project: &Project, id: GroupId, is_only: bool) -> (Title, Selection) {
    let group = &project.rules[id];
    let name = &project.sources[group.location.file].name;
    let title = Title::Group {
        name: group.name.clone(),
        file: (!is_only).then(|| here::shown_source(name)),
        place: project.sources.place(&group.location),
    };
    (title, Selection::Group(id))
}

/// The areas that a word names. Several only for groups of the same name.
fn named(
    workspace: &Workspace,
    word: &Path,
    project: &Project,
    paths: &PathSet,
) -> Result<Vec<(Title, Selection)>> {
    let text = word.to_str();
    let range = match text.is_some_and(|text| text.starts_with('/')) {
        true => None,
        // A path outside of the repository may be a pattern.
        false => workspace
            .relative(word)
            .ok()
            .and_then(|path| tracked(&path, paths)),
    };
    if let Some(name) = text {
        let same = project.rules.groups().iter();
        let is_only = same.filter(|group| group.name == name).count() == 1;
        let groups = project.groups_named(name, &here::directory());
        if !groups.is_empty() {
            let groups = groups.into_iter();
            return Ok(groups.map(|id| group(project, id, is_only)).collect());
        }
    }
    if let Some((path, range)) = range {
        return Ok(vec![(Title::Path(path), Selection::Paths(range))]);
    }
    let is_pattern = |text: &&str| text.starts_with('/') || text.contains(['*', '?', '<', '{']);
    match text.filter(is_pattern) {
        Some(text) => Ok(vec![pattern(text)?]),
        None => Err(unknown(word, &project.rules)),
    }
}

/// The tracked paths that a path names, and how it is written.
fn tracked(path: &[u8], paths: &PathSet) -> Option<(Vec<u8>, IdRange<PathId>)> {
    let name = path.strip_suffix(b"/").unwrap_or(path);
    if let Some(id) = paths.id_of(name) {
        return Some((name.to_vec(), IdRange::new(id, id.next())));
    }
    let directory = match name.is_empty() {
        true => Vec::new(),
        false => [name, b"/"].concat(),
    };
    let from_there = IdRange::new(paths.lower_bound(&directory), paths.ids().end);
    let below = from_there.split_at(paths.below(&directory).count()).0;
    (!below.is_empty()).then_some((directory, below))
}

fn pattern(text: &str) -> Result<(Title, Selection)> {
    let expanded = Unexpanded::read(text).and_then(Unexpanded::expand);
    let expanded = expanded.map_err(|faults| {
        let mut error = Diagnostic::error(format!("`{text}` is not a pattern"));
        for fault in faults {
            error = error.note(fault.fault.to_string()).help(fault.fault.help());
        }
        Failure::from(error)
    })?;
    let patterns = expanded.expansions.into_iter().map(|each| each.pattern);
    Ok((
        Title::Pattern(text.into()),
        Selection::Patterns(patterns.collect()),
    ))
}

fn unknown(word: &Path, rules: &RuleSet) -> Failure {
    let word = word.to_string_lossy();
    let shown = escaped(word.as_bytes());
    let error = Diagnostic::error(format!("`{shown}` is no group and no tracked path"));
    let groups = rules.groups().iter().map(|group| group.name.as_str());
    let error = error.maybe_help(nearest::did_you_mean(&word, groups));
    error
        .help("name a group of owners.toml, a tracked file or directory, or a pattern such as `/src/**/*.rs`")
        .into()
}
