//! What was found before a change, so that only what the change brings about is reported.
//!
//! A path is reported if it changed, or if it was in order before: to remove the rule of a directory
//! changes none of its files. Any other finding is reported if it is new, or if one of the lines that
//! it points at is.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::{Context, Levels, default_only_path};
use crate::codeowners::File;
use crate::paths::{PathId, PathSet, PushError};
use crate::pattern::Pattern;
use crate::project::Project;
use crate::ruleset::Rule;
use crate::text::{Diagnostic, FileId, LineDiff, Location, Sources};

/// The lints that look at single paths, and ask [`Baseline::is_new`] about each.
const OF_PATHS: [&str; 2] = ["unowned-path", "default-only-path"];
/// What must be right after every change, whoever made it wrong.
const ALWAYS: [&str; 1] = ["stale-output"];

/// The findings and configuration of the commit that a change starts from. That of a commit whose
/// configuration is not sound is the default: all that is found is new.
#[derive(Debug, Default)]
pub struct Baseline {
    /// The paths that differ.
    changed: PathSet,
    /// What had no owner, and what had only the default one.
    pub(super) unowned: PathSet,
    pub(super) default_only: PathSet,
    /// How often each finding was there.
    known: HashMap<Key, usize>,
    hasher: RandomState,
    texts: HashMap<String, String>,
}

/// What a finding is recognized by after a change. Its place in the file is not part of it, since
/// other lines may have come or gone above.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    lint: Option<&'static str>,
    message: String,
    /// The file that it points into.
    file: String,
    /// The pattern of the rule that it points into, hashed: a long one may have many findings.
    pattern: u64,
    /// The entry of the rule's exceptions that it points into, hashed.
    entry: u64,
    /// Where in the pattern or the entry it points: two alternatives may be spelled alike.
    offset: usize,
}

impl Baseline {
    /// Looks at the commit that the change starts from. `changed` are the paths that differ.
    ///
    /// # Errors
    ///
    /// If the paths are longer than 4 GiB together.
    pub fn new(
        context: &Context<'_>,
        levels: &Levels,
        changed: PathSet,
    ) -> Result<Self, PushError> {
        let paths = |some: &[PathId]| chosen(&context.facts.paths, some);
        let hasher = RandomState::new();
        let places = Places::new(context.project, &hasher);
        let mut known = HashMap::new();
        for finding in super::run(context, levels) {
            if !OF_PATHS.contains(&finding.lint.unwrap_or_default()) {
                *known.entry(places.key(&finding)).or_insert(0) += 1;
            }
        }
        let sources = context.project.sources.iter();
        Ok(Baseline {
            changed,
            unowned: paths(&context.survey.unowned)?,
            default_only: paths(&default_only_path::caught_by_default(context))?,
            known,
            hasher,
            texts: sources
                .map(|(_, file)| (file.name.clone(), file.text.clone()))
                .collect(),
        })
    }

    /// Looks at a commit without a configuration, whose CODEOWNERS file decides who owns its `paths`.
    /// Without such a file, nobody owns anything.
    ///
    /// # Errors
    ///
    /// If the paths are longer than 4 GiB together.
    pub fn of_file(
        file: Option<&File>,
        paths: &PathSet,
        changed: PathSet,
    ) -> Result<Self, PushError> {
        let nothing = File::default();
        let matcher = file.unwrap_or(&nothing).matcher();
        let mut walk = matcher.walk();
        let (mut unowned, mut default_only) = (Vec::new(), Vec::new());
        for (id, path) in paths.with_ids() {
            let mut entries = matcher.entries(&mut walk, path).peekable();
            if entries.peek().is_none() {
                unowned.push(id);
            } else if entries
                .all(|entry| entry.pattern.as_ref().is_some_and(Pattern::is_everything))
            {
                default_only.push(id);
            }
        }
        Ok(Baseline {
            changed,
            unowned: chosen(paths, &unowned)?,
            default_only: chosen(paths, &default_only)?,
            ..Baseline::default()
        })
    }

    /// Whether a path has changed, or was not among `before`.
    pub(super) fn is_new(&self, path: &[u8], before: &PathSet) -> bool {
        self.changed.contains(path) || !before.contains(path)
    }

    /// Keeps the findings that are new or point at a line that is.
    #[must_use]
    pub fn retain(&self, mut findings: Vec<Diagnostic>, project: &Project) -> Vec<Diagnostic> {
        let sources = &project.sources;
        let changed: HashMap<FileId, Vec<bool>> = sources
            .iter()
            .map(|(id, file)| {
                let before = self.texts.get(&file.name).map_or("", String::as_str);
                (id, changed_lines(before, &file.text))
            })
            .collect();
        let places = Places::new(project, &self.hasher);
        let mut known: HashMap<&Key, usize> = self
            .known
            .iter()
            .map(|(key, count)| (key, *count))
            .collect();
        findings.retain(|finding| {
            let lint = finding.lint.unwrap_or_default();
            if OF_PATHS.contains(&lint) || ALWAYS.contains(&lint) {
                return true;
            }
            match known.get_mut(&places.key(finding)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => return true,
            }
            finding.labels.iter().any(|label| {
                let place = &label.location;
                let (line, _) = sources[place.file].line(place.span.start);
                let lines = changed.get(&place.file);
                lines.and_then(|lines| lines.get(line - 1)) == Some(&true)
            })
        });
        findings
    }
}

/// Some of the paths.
fn chosen(paths: &PathSet, some: &[PathId]) -> Result<PathSet, PushError> {
    PathSet::sorted(some.iter().map(|&id| &paths[id]))
}

/// The rules of a project by their places.
struct Places<'p> {
    sources: &'p Sources,
    /// In the order of files and of places in them.
    rules: Vec<Place<'p>>,
}

/// A rule.
struct Place<'p> {
    rule: &'p Rule,
    pattern: u64,
    /// The entries of its exceptions, in the order of places.
    entries: Vec<(Range<usize>, u64)>,
}

impl<'p> Places<'p> {
    fn new(project: &'p Project, hasher: &RandomState) -> Self {
        let rules = project.rules.rules().iter().map(|rule| Place {
            rule,
            pattern: hasher.hash_one(&rule.pattern.value),
            entries: rule
                .except
                .iter()
                .map(|entry| (entry.span.clone(), hasher.hash_one(&entry.value)))
                .collect(),
        });
        let mut rules: Vec<Place<'_>> = rules.collect();
        rules.sort_by_key(|place| (place.rule.file, place.rule.span.start));
        for place in &mut rules {
            place.entries.sort_by_key(|(span, _)| span.start);
        }
        Places {
            sources: &project.sources,
            rules,
        }
    }

    fn key(&self, finding: &Diagnostic) -> Key {
        let mut key = Key {
            lint: finding.lint,
            message: finding.message.clone(),
            file: String::new(),
            pattern: 0,
            entry: 0,
            offset: 0,
        };
        let Some(location) = finding.location() else {
            return key;
        };
        let start = location.span.start;
        key.file.clone_from(&self.sources[location.file].name);
        let Some(Place {
            rule,
            pattern,
            entries,
        }) = self.rule_at(location)
        else {
            return key;
        };
        key.pattern = *pattern;
        if rule.pattern.span.contains(&start) {
            key.offset = start - rule.pattern.span.start;
            return key;
        }
        let behind = entries.partition_point(|(span, _)| span.start <= start);
        if let Some((span, entry)) = entries[..behind].last()
            && span.contains(&start)
        {
            key.entry = *entry;
            key.offset = start - span.start;
        }
        key
    }

    /// The rule that a place is in.
    fn rule_at(&self, location: &Location) -> Option<&Place<'p>> {
        let start = (location.file, location.span.start);
        let behind = self
            .rules
            .partition_point(|place| (place.rule.file, place.rule.span.start) <= start);
        let place = self.rules[..behind].last()?;
        let is_inside =
            place.rule.file == location.file && place.rule.span.contains(&location.span.start);
        is_inside.then_some(place)
    }
}

/// For each line of `after`, whether it is not as it was.
fn changed_lines(before: &str, after: &str) -> Vec<bool> {
    let mut changed = vec![false; after.lines().count() + 1];
    for line in LineDiff::new(before, after).inserted() {
        if let Some(changed) = changed.get_mut(line) {
            *changed = true;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_changed() {
        assert_eq!(
            changed_lines("a\nb\nc\n", "a\nx\nb\nC\n")[..4],
            [false, true, false, true]
        );
        assert_eq!(changed_lines("a\n", "a\n")[..1], [false]);
        assert_eq!(changed_lines("", "a")[..1], [true]);
    }
}
