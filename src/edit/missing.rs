//! Takes owners that do not exist out of a configuration, for `check --live --fix`.

use std::collections::BTreeSet;

use super::remove::remove_dead;
use super::{Edited, Refused};
use crate::check::check;
use crate::lint::{Baseline, Facts, Levels};
use crate::project::Project;
use crate::text::{Diagnostic, FixAction};

/// A configuration without owners that do not exist.
#[derive(Debug)]
pub struct WithoutMissing {
    /// The configuration, and the changed files.
    pub edited: Edited,
    /// The number of owners that are gone.
    pub count: usize,
    /// The generated files that findings say must be written, before anything was removed.
    pub stale: Vec<Vec<u8>>,
    /// Who was not removed, with the reason.
    pub notes: Vec<String>,
}

/// Removes every owner whose finding has that as its fix. No group, rule with `owners` or requirement,
/// and no path in `facts`, is left without owners.
///
/// # Errors
///
/// If the edited configuration is not proved to be the same without the owner.
pub fn remove_missing(
    project: &Project,
    facts: &Facts,
    levels: &Levels,
    baseline: Option<&Baseline>,
) -> Result<WithoutMissing, Refused> {
    let mut without = WithoutMissing {
        edited: Edited {
            project: project.clone(),
            files: Vec::new(),
        },
        count: 0,
        stale: Vec::new(),
        notes: Vec::new(),
    };
    if facts.answers.is_none() {
        return Ok(without);
    }
    let mut findings = check(project, facts, levels);
    if let Some(baseline) = baseline {
        findings = baseline.retain(findings, project);
    }
    let must_be_written = |finding: &&Diagnostic| {
        let action = finding.fix.as_ref().map(|fix| &fix.action);
        action == Some(&FixAction::Regenerate)
    };
    let stale = findings.iter().filter(must_be_written);
    without.stale = stale.filter_map(|finding| finding.path.clone()).collect();
    let mut files = BTreeSet::new();
    for name in findings.iter().filter_map(owner_to_remove) {
        let before = &without.edited.project;
        match remove_dead(before, &facts.paths, name) {
            Ok(edited) => {
                files.extend(edited.files);
                without.edited.project = edited.project;
                without.count += 1;
            }
            Err(Refused::Denied(why)) => {
                let note = format!("`{name}` was not removed: {}", why.message);
                without.notes.push(note);
            }
            Err(other) => return Err(other),
        }
    }
    without.edited.files = files.into_iter().collect();
    Ok(without)
}

fn owner_to_remove(finding: &Diagnostic) -> Option<&str> {
    match &finding.fix.as_ref()?.action {
        FixAction::RemoveOwner(name) => Some(name),
        _ => None,
    }
}
