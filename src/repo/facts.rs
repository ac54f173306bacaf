//! Gathering the facts that the lints look at.

use anyhow::Result;

use super::Repo;
use crate::lint::{Facts, OutputOnDisk};
use crate::paths::PathSet;
use crate::project::Project;

pub(super) fn gather(repo: &Repo, project: &Project, paths: PathSet) -> Result<Facts> {
    let mut outputs = Vec::new();
    let mut rivals: Vec<String> = Vec::new();
    for output in &project.config.outputs {
        let file = output.file.as_bytes();
        outputs.push(OutputOnDisk {
            text: repo.read(file)?,
            is_tracked: paths.contains(file),
            // To ask git takes a process; a tracked file is never ignored.
            is_ignored: !paths.contains(file) && repo.is_ignored(file)?,
        });
        for place in output.platform.locations() {
            let is_known = *place == output.file || rivals.iter().any(|rival| rival == place);
            if !is_known && repo.read(place.as_bytes())?.is_some() {
                rivals.push((*place).to_string());
            }
        }
    }
    let roster = match &project.config.roster {
        Some(file) => repo.read_inside(file.value.as_bytes())?,
        None => None,
    };
    Ok(Facts {
        paths,
        has_untracked: false,
        is_git: repo.is_git(),
        outputs,
        rivals,
        roster,
    })
}
