//! What was found before a change, so that only what the change brings about is reported.
//!
//! A path is reported if it changed, or if it was in order before: to remove the rule of a directory
//! changes none of its files. Any other finding is reported if it is new, or if the line that it
//! points at is.

use std::collections::{HashMap, HashSet};

use super::{Context, Levels, default_only_path};
use crate::diagnostic::{Diagnostic, Sources};
use crate::paths::PathSet;

/// The lints that look at single paths, and ask [`Baseline::is_new`] about each.
const OF_PATHS: [&str; 2] = ["unowned-path", "default-only-path"];
/// What must be right after every change, whoever made it wrong.
const ALWAYS: [&str; 1] = ["stale-output"];

/// The findings and configuration of the commit that a change starts from. That of a commit without
/// a sound configuration is the default: all that is found is new.
#[derive(Debug, Default)]
pub struct Baseline {
    /// The paths that differ.
    changed: PathSet,
    /// What had no owner, and what had only the default one.
    pub(super) unowned: PathSet,
    pub(super) default_only: PathSet,
    known: HashSet<(Option<&'static str>, String)>,
    texts: HashMap<String, String>,
}

impl Baseline {
    /// Looks at the commit that the change starts from. `changed` are the paths that differ.
    #[must_use]
    pub fn new(context: &Context<'_>, levels: &Levels, changed: PathSet) -> Self {
        let paths = |indices: &[u32]| -> PathSet {
            let paths = &context.facts.paths;
            let path = |&index: &u32| paths.get(index as usize).map(|path| path.bytes);
            indices.iter().filter_map(path).collect()
        };
        let findings = super::run(context, levels).into_iter();
        let sources = context.project.sources.iter();
        Baseline {
            changed,
            unowned: paths(&context.survey.unowned),
            default_only: paths(&default_only_path::caught_by_default(context)),
            known: findings.map(|each| (each.lint, each.message)).collect(),
            texts: sources
                .map(|(_, file)| (file.name.clone(), file.text.clone()))
                .collect(),
        }
    }

    /// Whether a path has changed, or was not among `before`.
    pub(super) fn is_new(&self, path: &[u8], before: &PathSet) -> bool {
        self.changed.contains(path) || !before.contains(path)
    }

    /// Keeps the findings that are new or stand in a line that is.
    #[must_use]
    pub fn retain(&self, mut findings: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
        let changed: Vec<Vec<bool>> = sources
            .iter()
            .map(|(_, file)| {
                let before = self.texts.get(&file.name).map_or("", String::as_str);
                changed_lines(before, &file.text)
            })
            .collect();
        let files: HashMap<_, usize> = (sources.iter().enumerate())
            .map(|(index, (file, _))| (file, index))
            .collect();
        findings.retain(|finding| {
            let lint = finding.lint.unwrap_or_default();
            let key = (finding.lint, finding.message.clone());
            if OF_PATHS.contains(&lint) || ALWAYS.contains(&lint) || !self.known.contains(&key) {
                return true;
            }
            finding.location().is_some_and(|place| {
                let (line, _) = sources[place.file].line_column(place.span.start);
                let lines = files.get(&place.file).map(|&index| &changed[index]);
                lines.and_then(|lines| lines.get(line - 1)) == Some(&true)
            })
        });
        findings
    }
}

/// For each line of `after`, whether it is not as it was.
fn changed_lines(before: &str, after: &str) -> Vec<bool> {
    let mut changed = vec![false; after.lines().count() + 1];
    let diff = similar::TextDiff::from_lines(before, after);
    for change in diff.iter_all_changes() {
        if change.tag() == similar::ChangeTag::Insert
            && let Some(line) = change.new_index().and_then(|index| changed.get_mut(index))
        {
            *line = true;
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
