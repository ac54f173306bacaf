//! The edits of `owners.toml` that findings ask for, and the proof that they change no owner.
//!
//! A finding says what can be done about it, as plain data ([`FixAction`]). Here it is done to the text
//! of the file, of which nothing else changes. `check` asks again until there is nothing left to fix.

mod alternatives;
mod edit;
mod entries;
pub(crate) mod proof;

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Group;
use crate::project::Project;
use crate::text::{Diagnostic, FileId, FixAction, Holds, Location};

use edit::Removals;

/// Why there is no fixed configuration: a bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unproven {}

/// Where something starts in a file, which is enough to know what it is.
type Start = (FileId, usize);

/// What some findings make of the texts of a configuration.
pub(crate) struct Edits {
    /// The texts that change.
    pub(crate) texts: BTreeMap<FileId, String>,
    /// How many findings that fixes.
    pub(crate) count: usize,
    /// What could not be done, and why.
    pub(crate) notes: Vec<String>,
}

/// Does what `findings` ask for, as far as their fixes hold.
pub(crate) fn edits(project: &Project, findings: &[Diagnostic], holds: Holds) -> Edits {
    let mut changes: Vec<&FixAction> = (findings.iter())
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.holds <= holds)
        .map(|fix| &fix.action)
        .collect();
    let named = named_by_others(project, &changes);
    changes.retain(|change| {
        !matches!(change, FixAction::Remove(place) if named.contains(&(place.file, place.span.start)))
    });
    let mut removals: BTreeMap<FileId, Removals> = BTreeMap::new();
    for change in &changes {
        match change {
            FixAction::Remove(place) => {
                let file = removals.entry(place.file).or_default();
                file.whole.insert(place.span.start);
            }
            FixAction::RemoveAlternative(place, index) => {
                let file = removals.entry(place.file).or_default();
                let pattern = file.alternatives.entry(place.span.start).or_default();
                pattern.insert(*index);
            }
            FixAction::Regenerate => {}
        }
    }
    let mut edits = Edits {
        texts: BTreeMap::new(),
        count: 0,
        notes: Vec::new(),
    };
    let mut kept: FxHashSet<Start> = FxHashSet::default();
    for (file, removals) in removals {
        let source = &project.sources[file];
        let edited = edit::edit(&source.text, removals);
        for (start, reason) in edited.kept {
            kept.insert((file, start));
            let span = start..start;
            let place = project.sources.place(&Location { file, span });
            edits.notes.push(format!("{place}: not fixed: {reason}"));
        }
        if edited.text != source.text {
            edits.texts.insert(file, edited.text);
        }
    }
    edits.notes.sort();
    edits.count = (changes.iter())
        .filter(|change| match change {
            FixAction::Remove(_) => true,
            FixAction::RemoveAlternative(place, _) => {
                !kept.contains(&(place.file, place.span.start))
            }
            FixAction::Regenerate => false,
        })
        .count();
    edits
}

/// Where the groups without use start that have to stay, since another one that stays names them:
/// with a [`Baseline`](crate::lint::Baseline) not all that are without use are findings.
fn named_by_others(project: &Project, changes: &[&FixAction]) -> FxHashSet<Start> {
    let going: FxHashSet<Start> = (changes.iter())
        .filter_map(|change| match change {
            FixAction::Remove(place) => Some((place.file, place.span.start)),
            FixAction::RemoveAlternative(..) | FixAction::Regenerate => None,
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
