//! Gathering the facts that the lints look at.

use super::{Repo, Revision};
use crate::config::Output;
use crate::forge::Forge;
use crate::git::error::{Result, ensure};
use crate::git::skipped::LeftOut;
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
    fn ignored(self, paths: &[&[u8]]) -> Result<Vec<bool>> {
        match self {
            Place::WorkingTree(repo) => repo.ignored(paths),
            Place::Commit(_) => Ok(vec![false; paths.len()]),
        }
    }

    fn is_git(self) -> bool {
        match self {
            Place::WorkingTree(repo) => repo.is_git(),
            Place::Commit(_) => true,
        }
    }
}

/// The files that are read.
struct Files<'p> {
    place: Place<'p>,
    /// What is tracked there.
    paths: &'p PathSet,
    /// What a sparse checkout leaves out of the working tree.
    left_out: Option<LeftOut<'p>>,
}

impl<'p> Files<'p> {
    fn new(place: Place<'p>, project: &'p Project, paths: &'p PathSet) -> Self {
        let outputs = (project.config.outputs.iter()).map(|output| output.file.as_bytes());
        let locations = Forge::ALL.iter().flat_map(|each| each.locations);
        let roster = (project.config.roster.iter()).map(|roster| roster.value.as_bytes());
        let left_out = match place {
            Place::WorkingTree(repo) => Some(LeftOut::among(
                repo,
                outputs
                    .chain(locations.map(|location| location.as_bytes()))
                    .chain(roster),
            )),
            Place::Commit(_) => None,
        };
        Files {
            place,
            paths,
            left_out,
        }
    }

    fn read(&mut self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let repo = match self.place {
            Place::WorkingTree(repo) => repo,
            Place::Commit(revision) => return revision.read(path),
        };
        let text = repo.read(path)?;
        let found = self.paths.find(path);
        match &mut self.left_out {
            // What is not tracked is not left out.
            Some(left_out) if text.is_none() && found.is_some() => left_out.read(path),
            _ => Ok(text),
        }
    }
}

/// The most bytes that the files of all outputs may have together: each is compared, line by line,
/// with what it should be.
const MAX_OUTPUTS: usize = 16 << 20;

/// What is in the files of outputs.
pub(super) fn read_outputs(
    outputs: &[Output],
    mut read: impl FnMut(&[u8]) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<Option<Vec<u8>>>> {
    let mut size = 0;
    let read = |output: &Output| {
        let text = read(output.file.as_bytes())?;
        size += text.as_ref().map_or(0, Vec::len);
        ensure!(
            size <= MAX_OUTPUTS,
            "the files of the outputs up to `{}` have {size} bytes together; the limit is \
             {MAX_OUTPUTS}",
            output.file
        );
        Ok(text)
    };
    outputs.iter().map(read).collect()
}

pub(super) fn gather(place: Place<'_>, project: &Project, paths: PathSet) -> Result<Facts> {
    let mut files = Files::new(place, project, &paths);
    let texts = read_outputs(&project.config.outputs, |path| files.read(path))?;
    let mut outputs: Vec<OutputOnDisk> = (texts.into_iter().zip(&project.config.outputs))
        .map(|(text, output)| OutputOnDisk {
            text,
            is_tracked: paths.contains(output.file.as_bytes()),
            is_ignored: false,
        })
        .collect();
    // To ask git takes a process; a tracked file is never ignored.
    let (untracked, names): (Vec<&mut OutputOnDisk>, Vec<&[u8]>) = (outputs.iter_mut())
        .zip(&project.config.outputs)
        .filter(|(on_disk, _)| !on_disk.is_tracked)
        .map(|(on_disk, output)| (on_disk, output.file.as_bytes()))
        .unzip();
    for (on_disk, is_ignored) in untracked.into_iter().zip(place.ignored(&names)?) {
        on_disk.is_ignored = is_ignored;
    }
    let mut rivals: Vec<String> = Vec::new();
    for output in &project.config.outputs {
        for location in output.forge.locations {
            let is_known = *location == output.file || rivals.iter().any(|rival| rival == location);
            if !is_known && files.read(location.as_bytes())?.is_some() {
                rivals.push((*location).to_string());
            }
        }
    }
    let roster = match &project.config.roster {
        Some(file) => files.read(file.value.as_bytes())?,
        None => None,
    };
    drop(files);
    Ok(Facts {
        paths,
        has_untracked: false,
        is_git: place.is_git(),
        outputs,
        rivals,
        roster,
    })
}
