//! Edits `owners.toml` to fix findings, and proves that no path changes owners.
//!
//! A finding describes its fix as plain data ([`FixAction`]). This module applies it to the text of
//! the file, and changes nothing else. `check` repeats this until there is nothing left to fix.

mod alternatives;
mod corrections;
mod edit;
pub(crate) mod exempt;
pub(crate) mod proof;

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Group;
use crate::project::Project;
use crate::text::{Diagnostic, FileId, FixAction, Holds, Location};

pub(crate) use corrections::corrections;
use edit::Removals;

/// Why a fix was not made. This is a bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// What is wrong with the result.
    pub reason: String,
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unproven {}

/// The start of something in a file, which identifies it.
type Start = (FileId, usize);

/// The edits for some findings.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    /// The changed texts.
    pub(crate) texts: BTreeMap<FileId, String>,
    /// The number of findings fixed.
    pub(crate) count: usize,
    /// The patterns that are corrected.
    pub(crate) made: FxHashSet<Location>,
    /// The patterns whose alternatives stay, and the groups that stay.
    kept: FxHashSet<Start>,
    /// What could not be fixed, with the reason.
    pub(crate) notes: Vec<String>,
}

/// Drops the fixes that `--fix` would not make, because the result would have errors. What says how
/// much can be fixed must not count them.
#[must_use]
pub fn without_impossible(project: &Project, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let fixes = findings.iter().filter_map(|each| each.fix.as_ref());
    let actions: Vec<&FixAction> = fixes.map(|fix| &fix.action).collect();
    let mut kept = named_by_others(project, &actions);
    for (file, removals) in removals(&actions) {
        let kept_here = edit::shrunk(project.config_of(file), &removals).kept;
        kept.extend(kept_here.into_keys().map(|start| (file, start)));
    }
    let made = corrections::made(project, &findings, Holds::ThisTree);
    for finding in &mut findings {
        let is_possible = match finding.fix.as_ref().map(|fix| &fix.action) {
            Some(FixAction::Remove(place) | FixAction::RemoveAlternative(place, _)) => {
                !kept.contains(&(place.file, place.span.start))
            }
            Some(FixAction::Replace { pattern, .. }) => made.contains(pattern),
            Some(FixAction::Regenerate | FixAction::RemoveOwner(_)) | None => true,
        };
        if !is_possible {
            finding.fix = None;
        }
    }
    findings
}

/// Makes the removals of `findings` that hold in the trees of `holds`.
pub(crate) fn edits(project: &Project, findings: &[Diagnostic], holds: Holds) -> Edits {
    let mut actions: Vec<&FixAction> = findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.holds <= holds)
        .map(|fix| &fix.action)
        .collect();
    let named = named_by_others(project, &actions);
    actions.retain(|action| {
        !matches!(action, FixAction::Remove(place) if named.contains(&(place.file, place.span.start)))
    });
    let mut edits = Edits {
        kept: named,
        ..Edits::default()
    };
    for (file, removals) in removals(&actions) {
        let source = &project.sources[file];
        let edited = edit::edit(&source.text, project.config_of(file), removals);
        for (start, reason) in edited.kept {
            edits.kept.insert((file, start));
            let span = start..start;
            let place = project.sources.place(&Location { file, span });
            edits.notes.push(format!("{place}: not fixed: {reason}"));
        }
        if edited.text != source.text {
            edits.texts.insert(file, edited.text);
        }
    }
    edits.notes.sort();
    edits.count = actions
        .iter()
        .filter(|action| match action {
            FixAction::Remove(_) => true,
            FixAction::RemoveAlternative(place, _) => {
                !edits.kept.contains(&(place.file, place.span.start))
            }
            FixAction::Replace { .. } | FixAction::Regenerate | FixAction::RemoveOwner(_) => false,
        })
        .count();
    edits
}

/// What the actions remove from each file.
fn removals(actions: &[&FixAction]) -> BTreeMap<FileId, Removals> {
    let mut removals: BTreeMap<FileId, Removals> = BTreeMap::new();
    for action in actions {
        match action {
            FixAction::Remove(place) => {
                let file = removals.entry(place.file).or_default();
                file.whole.insert(place.span.start);
            }
            FixAction::RemoveAlternative(place, index) => {
                let file = removals.entry(place.file).or_default();
                let pattern = file.alternatives.entry(place.span.start).or_default();
                pattern.insert(*index);
            }
            FixAction::Replace { .. } | FixAction::Regenerate | FixAction::RemoveOwner(_) => {}
        }
    }
    removals
}

/// The removed groups that must stay because a remaining group names them. With a
/// [`Baseline`](crate::lint::Baseline) some unused groups are not findings, so they remain.
fn named_by_others(project: &Project, actions: &[&FixAction]) -> FxHashSet<Start> {
    let going: FxHashSet<Start> = actions
        .iter()
        .filter_map(|action| match action {
            FixAction::Remove(place) => Some((place.file, place.span.start)),
            _ => None,
        })
        .collect();
    let mut staying: Vec<&Group> = Vec::new();
    let mut named: FxHashMap<&str, Vec<(Start, &Group)>> = FxHashMap::default();
    for config in std::iter::once(&project.config).chain(&project.nested) {
        for group in &config.groups {
            let place = (config.file, group.name.span.start);
            if going.contains(&place) {
                let same = named.entry(&group.name.value).or_default();
                same.push((place, group));
            } else {
                staying.push(group);
            }
        }
    }
    let mut kept = FxHashSet::default();
    while let Some(group) = staying.pop() {
        for member in &group.members {
            for (place, inner) in named.remove(member.value.as_str()).unwrap_or_default() {
                kept.insert(place);
                staying.push(inner);
            }
        }
    }
    kept
}
