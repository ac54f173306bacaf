//! Gathering the facts that the lints look at.

use anyhow::Result;

use super::{Repo, Revision};
use crate::lint::{Facts, OutputOnDisk};
use crate::paths::PathSet;
use crate::project::Project;

/// Where the files are that are not just listed.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    WorkingTree(&'p Repo),
    Commit(&'p Revision<'p>),
}

impl Place<'_> {
    fn read(self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        match self {
            Place::WorkingTree(repo) => repo.read_or_skipped(path),
            Place::Commit(revision) => revision.read(path),
        }
    }

    fn is_ignored(self, path: &[u8]) -> Result<bool> {
        match self {
            Place::WorkingTree(repo) => repo.is_ignored(path),
            Place::Commit(_) => Ok(false),
        }
    }

    fn is_git(self) -> bool {
        match self {
            Place::WorkingTree(repo) => repo.is_git(),
            Place::Commit(_) => true,
        }
    }
}

pub(super) fn gather(place: Place<'_>, project: &Project, paths: PathSet) -> Result<Facts> {
    let mut outputs = Vec::new();
    let mut rivals: Vec<String> = Vec::new();
    for output in &project.config.outputs {
        let file = output.file.as_bytes();
        outputs.push(OutputOnDisk {
            text: place.read(file)?,
            is_tracked: paths.contains(file),
            // To ask git takes a process; a tracked file is never ignored.
            is_ignored: !paths.contains(file) && place.is_ignored(file)?,
        });
        for location in output.platform.locations() {
            let is_known = *location == output.file || rivals.iter().any(|rival| rival == location);
            if !is_known && place.read(location.as_bytes())?.is_some() {
                rivals.push((*location).to_string());
            }
        }
    }
    let roster = match &project.config.roster {
        Some(file) => place.read(file.value.as_bytes())?,
        None => None,
    };
    Ok(Facts {
        paths,
        has_untracked: false,
        is_git: place.is_git(),
        outputs,
        rivals,
        roster,
    })
}
