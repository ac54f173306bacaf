//! Gathers the facts for the lints.

use super::{Repo, Revision, untracked};
use crate::codeowners::{self, Unmerged};
use crate::config::Output;
use crate::forge::Forge;
use crate::git::error::{Result, ensure};
use crate::git::skipped::SkippedFiles;
use crate::lint::{Facts, OutputOnDisk, Past};
use crate::paths::PathSet;
use crate::project::Project;
use crate::text::FileId;

/// Where files are read from.
#[derive(Clone, Copy)]
pub(super) enum FileSource<'p> {
    WorkingTree(&'p Repo),
    Commit(&'p Revision<'p>),
}

impl FileSource<'_> {
    fn ignored(self, paths: &[&[u8]]) -> Result<Vec<bool>> {
        match self {
            FileSource::WorkingTree(repo) => repo.ignored(paths),
            FileSource::Commit(_) => Ok(vec![false; paths.len()]),
        }
    }

    fn unmerged(
        self,
        outputs: &[Output],
        texts: &[Option<Vec<u8>>],
    ) -> Result<Vec<Option<Unmerged>>> {
        match self {
            FileSource::WorkingTree(repo) => {
                let files = outputs.iter().map(|output| output.file.as_bytes());
                repo.unmerged(&files.collect::<Vec<_>>(), texts)
            }
            FileSource::Commit(_) => Ok(vec![None; outputs.len()]),
        }
    }

    fn is_git(self) -> bool {
        match self {
            FileSource::WorkingTree(repo) => repo.is_git(),
            FileSource::Commit(_) => true,
        }
    }
}

/// Reads files.
struct Files<'p> {
    source: FileSource<'p>,
    /// The tracked paths.
    paths: &'p PathSet,
    /// The files that a sparse checkout leaves out.
    skipped: Option<SkippedFiles<'p>>,
}

impl<'p> Files<'p> {
    fn new(source: FileSource<'p>, project: &'p Project, paths: &'p PathSet) -> Self {
        let outputs = project
            .config
            .outputs
            .iter()
            .map(|output| output.file.as_bytes());
        let forges = Forge::ALL.iter();
        let locations = forges.flat_map(|each| each.locations.iter().chain(&each.marker));
        let roster = project
            .config
            .roster
            .iter()
            .map(|roster| roster.value.as_bytes());
        let skipped = match source {
            FileSource::WorkingTree(repo) => Some(SkippedFiles::among(
                repo,
                outputs
                    .chain(locations.map(|location| location.as_bytes()))
                    .chain(roster),
            )),
            FileSource::Commit(_) => None,
        };
        Files {
            source,
            paths,
            skipped,
        }
    }

    fn read(&mut self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let repo = match self.source {
            FileSource::WorkingTree(repo) => repo,
            FileSource::Commit(revision) => return revision.read(path),
        };
        let text = repo.read(path)?;
        let found = self.paths.find(path);
        match &mut self.skipped {
            // Only tracked files can be skipped.
            Some(skipped) if text.is_none() && found.is_some() => skipped.read(path),
            _ => Ok(text),
        }
    }
}

/// The maximum size of the files of all outputs together. Each is compared, line by line, with the
/// rendered text.
const MAX_OUTPUTS: usize = 16 << 20;

/// Reads the files of outputs.
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

/// The CODEOWNERS files behind the one that `forge` reads, unless another forge may read them or they
/// say the same.
fn outranked(files: &mut Files<'_>, project: &Project, forge: Forge) -> Result<Vec<String>> {
    let read = &project.sources[FileId::ROOT];
    let mut outranked = Vec::new();
    let behind = forge
        .locations
        .iter()
        .skip_while(|place| **place != read.name);
    'places: for place in behind.skip(1) {
        let Some(text) = files.read(place.as_bytes())? else {
            continue;
        };
        for other in Forge::ALL.iter().filter(|other| **other != forge) {
            // A marker shows that the repository is on the other forge too.
            let may_read = other.locations.contains(place);
            if may_read
                && let Some(marker) = other.marker
                && files.read(marker.as_bytes())?.is_some()
            {
                continue 'places;
            }
        }
        if !codeowners::same_text(&text, read.text.as_bytes()) {
            outranked.push((*place).to_string());
        }
    }
    Ok(outranked)
}

pub(super) fn gather(source: FileSource<'_>, project: &Project, paths: PathSet) -> Result<Facts> {
    let mut files = Files::new(source, project, &paths);
    let texts = read_outputs(&project.config.outputs, |path| files.read(path))?;
    let unmerged = source.unmerged(&project.config.outputs, &texts)?;
    let mut outputs: Vec<OutputOnDisk> = texts
        .into_iter()
        .zip(unmerged)
        .zip(&project.config.outputs)
        .map(|((text, unmerged), output)| OutputOnDisk {
            text,
            is_tracked: paths.contains(output.file.as_bytes()),
            is_ignored: false,
            unmerged,
        })
        .collect();
    // Asking git takes a process, and tracked files are never ignored.
    let (untracked, names): (Vec<&mut OutputOnDisk>, Vec<&[u8]>) = outputs
        .iter_mut()
        .zip(&project.config.outputs)
        .filter(|(on_disk, _)| !on_disk.is_tracked)
        .map(|(on_disk, output)| (on_disk, output.file.as_bytes()))
        .unzip();
    for (on_disk, is_ignored) in untracked.into_iter().zip(source.ignored(&names)?) {
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
    let outranked = match &project.codeowners {
        Some(by_hand) => outranked(&mut files, project, by_hand.forge)?,
        None => Vec::new(),
    };
    let roster = match &project.config.roster {
        Some(file) => files.read(file.value.as_bytes())?,
        None => None,
    };
    drop(files);
    let untracked_configs = match source {
        FileSource::WorkingTree(repo) => untracked::configs(repo, &paths)?,
        FileSource::Commit(_) => Vec::new(),
    };
    Ok(Facts {
        paths,
        has_untracked: false,
        is_git: source.is_git(),
        outputs,
        rivals,
        outranked,
        roster,
        untracked_configs,
        past: Past::default(),
    })
}
