//! The findings before a change, so that only those caused by the change are reported.
//!
//! A path is reported if it has changed, or if it was fine before: removing the rule of a directory
//! changes none of its files. Any other finding is reported if it is new, or if it points at a new
//! line.
//!
//! In a change that brings `owners.toml`, all lines are new, and several lines of the CODEOWNERS file
//! may be one rule. So there a finding is known if the file had it for all of these lines.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::{Context, Levels, default_only_path, unmet_requirement};
use crate::paths::{PathId, PathSet, PushError};
use crate::pattern::Pattern;
use crate::project::Project;
use crate::ruleset::{LineId, Rule};
use crate::text::{Diagnostic, FileId, LineDiff, Location, Sources};

/// The lints that check single paths. They call [`Baseline::is_new`] for each.
const PATH_LINTS: [&str; 3] = ["unowned-path", "default-only-path", "unmet-requirement"];
/// The lints that are reported even if the change did not cause the finding.
const ALWAYS_REPORTED: [&str; 1] = ["stale-output"];

/// The findings and the configuration of the base commit of a change. If its configuration is not
/// valid, the baseline is the default one, and all findings are new.
#[derive(Debug, Default)]
pub struct Baseline {
    /// The paths that the change touches.
    changed: PathSet,
    /// The paths that were unowned, and those that only the default rule matched.
    pub(super) unowned: PathSet,
    pub(super) default_only: PathSet,
    /// For each requirement, the paths that missed it.
    pub(super) unmet: HashMap<String, PathSet>,
    /// How often each finding occurred.
    known: HashMap<FindingKey, usize>,
    /// If the base has a CODEOWNERS file and no configuration: the patterns with a finding of each
    /// lint. An empty list is a finding elsewhere.
    by_hand: Option<HashMap<&'static str, HashSet<Vec<Pattern>>>>,
    hasher: RandomState,
    texts: HashMap<String, String>,
}

/// Identifies a finding across a change. The position in the file is not part of it, since lines
/// above may be added or removed.
#[derive(Debug, PartialEq, Eq, Hash)]
struct FindingKey {
    lint: Option<&'static str>,
    message: String,
    /// The file of its location.
    file: String,
    /// A hash of the pattern of the rule that it points into. It is hashed because one long pattern
    /// may have many findings.
    pattern: u64,
    /// A hash of the entry of `except` that it points into.
    entry: u64,
    /// The offset in the pattern or entry. Two alternatives may have the same text.
    offset: usize,
}

impl Baseline {
    /// Runs the lints on the base commit of a change. `changed` are the paths that the change
    /// touches.
    ///
    /// # Errors
    ///
    /// If all paths together exceed 4 GiB.
    pub fn new(
        context: &Context<'_>,
        levels: &Levels,
        changed: PathSet,
    ) -> Result<Self, PushError> {
        let paths = |some: &[PathId]| chosen(&context.facts.paths, some);
        let hasher = RandomState::new();
        let rule_locations = RuleLocations::new(context.project, &hasher);
        let mut known = HashMap::new();
        let mut by_hand: HashMap<_, HashSet<_>> = HashMap::new();
        let is_by_hand = context.project.codeowners.is_some();
        let lines = is_by_hand.then(|| LineLocations::new(context.project));
        for finding in super::run(context, levels) {
            let lint = finding.lint.unwrap_or_default();
            if !PATH_LINTS.contains(&lint) {
                *known.entry(rule_locations.key(&finding)).or_insert(0) += 1;
                if let Some(lines) = &lines {
                    let known = by_hand.entry(lint).or_default();
                    known.insert(lines.patterns(&finding));
                }
            }
        }
        let sources = context.project.sources.iter();
        Ok(Baseline {
            changed,
            unowned: paths(&context.survey.unowned)?,
            default_only: paths(&default_only_path::caught_by_default(context))?,
            unmet: unmet_requirement::all_unmet(context)?,
            known,
            by_hand: is_by_hand.then_some(by_hand),
            hasher,
            texts: sources
                .map(|(_, file)| (file.name.clone(), file.text.clone()))
                .collect(),
        })
    }

    /// Creates the baseline of a commit with neither a configuration nor a CODEOWNERS file: all its
    /// `paths` are unowned.
    #[must_use]
    pub fn without_rules(paths: PathSet, changed: PathSet) -> Self {
        Baseline {
            changed,
            unowned: paths,
            ..Baseline::default()
        }
    }

    /// Whether the change touches a path or, for a path that ends with a slash, something below it. For
    /// findings of other programs, which have no baseline.
    #[must_use]
    pub fn touches(&self, path: &[u8]) -> bool {
        match path.ends_with(b"/") || path.is_empty() {
            true => self.changed.below(path).next().is_some(),
            false => self.changed.contains(path),
        }
    }

    /// Whether the change touches a path.
    pub(super) fn is_changed(&self, path: &[u8]) -> bool {
        self.changed.contains(path)
    }

    /// Whether a path has changed or is not in `before`.
    pub(super) fn is_new(&self, path: &[u8], before: &PathSet) -> bool {
        self.changed.contains(path) || !before.contains(path)
    }

    /// Keeps the findings that are new or point at a new line.
    #[must_use]
    pub fn retain(&self, mut findings: Vec<Diagnostic>, project: &Project) -> Vec<Diagnostic> {
        if let Some(before) = &self.by_hand
            && project.codeowners.is_none()
        {
            let lines = LineLocations::new(project);
            findings.retain(|finding| {
                let lint = finding.lint.unwrap_or_default();
                let is_known = |known: &HashSet<Vec<Pattern>>| {
                    let patterns = lines.patterns(finding);
                    match patterns.is_empty() {
                        true => known.contains(&patterns),
                        false => patterns.into_iter().all(|each| known.contains(&vec![each])),
                    }
                };
                is_compared_elsewhere(lint) || !before.get(lint).is_some_and(is_known)
            });
            return findings;
        }
        let sources = &project.sources;
        let changed: HashMap<FileId, Vec<bool>> = sources
            .iter()
            .map(|(id, file)| {
                let before = self.texts.get(&file.name).map_or("", String::as_str);
                (id, changed_lines(before, &file.text))
            })
            .collect();
        let rule_locations = RuleLocations::new(project, &self.hasher);
        let mut known: HashMap<&FindingKey, usize> = self
            .known
            .iter()
            .map(|(key, count)| (key, *count))
            .collect();
        findings.retain(|finding| {
            let lint = finding.lint.unwrap_or_default();
            if is_compared_elsewhere(lint) {
                return true;
            }
            match known.get_mut(&rule_locations.key(finding)) {
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

/// Whether findings of this lint are not compared with those of the base.
fn is_compared_elsewhere(lint: &str) -> bool {
    PATH_LINTS.contains(&lint) || ALWAYS_REPORTED.contains(&lint)
}

/// The lines of a project, by the location of their rule and of each of its alternatives.
struct LineLocations<'p> {
    project: &'p Project,
    lines: HashMap<(FileId, Range<usize>), Vec<LineId>>,
}

impl<'p> LineLocations<'p> {
    fn new(project: &'p Project) -> Self {
        let mut lines: HashMap<_, Vec<LineId>> = HashMap::new();
        for line in project.rules.lines().ids() {
            let mut locations = project.rules.alternative_locations(line, &project.sources);
            locations.push(project.rules.rule_of(line).location());
            for location in locations {
                let key = (location.file, location.span);
                lines.entry(key).or_default().push(line);
            }
        }
        LineLocations { project, lines }
    }

    /// The patterns of the lines that a finding points at. None if it points at something else.
    fn patterns(&self, finding: &Diagnostic) -> Vec<Pattern> {
        let key = (finding.location()).map(|location| (location.file, location.span.clone()));
        let lines = key.and_then(|key| self.lines.get(&key));
        let patterns = lines.into_iter().flatten();
        patterns
            .map(|&line| self.project.rules[line].pattern.clone())
            .collect()
    }
}

/// The set of some of the paths.
fn chosen(paths: &PathSet, some: &[PathId]) -> Result<PathSet, PushError> {
    PathSet::sorted(some.iter().map(|&id| &paths[id]))
}

/// The rules of a project, looked up by location.
struct RuleLocations<'p> {
    sources: &'p Sources,
    /// Sorted by file and position.
    rules: Vec<HashedRule<'p>>,
}

/// A rule with hashes of its texts.
struct HashedRule<'p> {
    rule: &'p Rule,
    pattern: u64,
    /// The entries of its `except`, sorted by position.
    entries: Vec<(Range<usize>, u64)>,
}

impl<'p> RuleLocations<'p> {
    fn new(project: &'p Project, hasher: &RandomState) -> Self {
        let rules = project.rules.rules().iter().map(|rule| HashedRule {
            rule,
            pattern: hasher.hash_one(&rule.pattern.value),
            entries: rule
                .except
                .iter()
                .map(|entry| (entry.span.clone(), hasher.hash_one(&entry.value)))
                .collect(),
        });
        let mut rules: Vec<HashedRule<'_>> = rules.collect();
        rules.sort_by_key(|place| (place.rule.file, place.rule.span.start));
        for place in &mut rules {
            place.entries.sort_by_key(|(span, _)| span.start);
        }
        RuleLocations {
            sources: &project.sources,
            rules,
        }
    }

    fn key(&self, finding: &Diagnostic) -> FindingKey {
        let mut key = FindingKey {
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
        let Some(HashedRule {
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

    /// The rule that contains a location.
    fn rule_at(&self, location: &Location) -> Option<&HashedRule<'p>> {
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

/// For each line of `after`, whether it is new or changed.
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
