//! Gathers the facts for the lints.

use super::{Repo, Revision, untracked};
use crate::codeowners::{self, Unmerged};
use crate::config::{CONFIG_NAME, Output};
use crate::forge::Forge;
use crate::git::error::{Result, ensure};
use crate::git::skipped::SkippedFiles;
use crate::lint::{Facts, OutputOnDisk, OutrankedFile, Past, UntrackedConfig};
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
            .roster_files()
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

/// The CODEOWNERS file that `forge` reads: the first that exists.
fn first_location(files: &mut Files<'_>, forge: Forge) -> Result<Option<&'static str>> {
    for place in forge.locations {
        if files.read(place.as_bytes())?.is_some() {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// The CODEOWNERS files behind the one that a forge reads: a generated one or, without an
/// `owners.toml`, the one that decides. Not those that another forge reads, or that say the same.
fn outranked(
    files: &mut Files<'_>,
    project: &Project,
    outputs: &[OutputOnDisk],
) -> Result<Vec<OutrankedFile>> {
    let own: Vec<(Forge, &str, &[u8])> = match &project.codeowners {
        Some(by_hand) => {
            let read = &project.sources[FileId::ROOT];
            vec![(by_hand.forge, &read.name, read.text.as_bytes())]
        }
        None => (project.config.outputs.iter().zip(outputs))
            .filter_map(|(output, on_disk)| {
                let text = on_disk.text.as_deref()?;
                Some((output.forge, output.file.as_str(), text))
            })
            .collect(),
    };
    let mut read = Vec::new();
    for &forge in Forge::ALL {
        let is_used = own.iter().any(|(own, ..)| *own == forge);
        // A marker shows that the repository is on this forge too.
        let is_marked = match forge.marker {
            Some(marker) if !is_used => files.read(marker.as_bytes())?.is_some(),
            _ => is_used,
        };
        if is_marked && let Some(place) = first_location(files, forge)? {
            read.push((forge, place));
        }
    }
    let mut outranked: Vec<OutrankedFile> = Vec::new();
    for (forge, file, text) in own {
        // If the forge reads another file, that is a finding of `overridden-output`.
        if !read.contains(&(forge, file)) {
            continue;
        }
        let behind = forge.locations.iter().skip_while(|place| **place != file);
        for place in behind.skip(1) {
            let is_read = read.iter().any(|(_, read)| read == place);
            let is_output = (project.config.outputs.iter()).any(|output| output.file == *place);
            let is_known = outranked.iter().any(|known| known.file == *place);
            let is_tracked = files.paths.contains(place.as_bytes());
            if is_read || is_output || is_known || !is_tracked {
                continue;
            }
            let Some(found) = files.read(place.as_bytes())? else {
                continue;
            };
            if !codeowners::same_text(&found, text) {
                outranked.push(OutrankedFile {
                    file: (*place).to_string(),
                    forge,
                    read: file.to_string(),
                    is_generated: codeowners::is_generated(&found),
                });
            }
        }
    }
    Ok(outranked)
}

/// The files that were generated from this configuration when it had other outputs. Where the forge of an
/// output looks, other lints report them.
fn former(files: &mut Files<'_>, project: &Project) -> Result<Vec<(String, Forge)>> {
    let mut found: Vec<(String, Forge)> = Vec::new();
    if project.codeowners.is_some() {
        return Ok(found);
    }
    let outputs = &project.config.outputs;
    let config = &project.sources[FileId::ROOT].name;
    for &forge in Forge::ALL {
        for place in forge.locations {
            let is_known = found.iter().any(|(file, _)| file == place)
                || outputs.iter().any(|output| output.file == *place)
                || (outputs.iter()).any(|output| output.forge.locations.contains(place));
            if is_known || !files.paths.contains(place.as_bytes()) {
                continue;
            }
            let text = files.read(place.as_bytes())?;
            if text.is_some_and(|text| codeowners::is_generated_from(&text, config)) {
                found.push(((*place).to_string(), forge));
            }
        }
    }
    Ok(found)
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
    let outranked = outranked(&mut files, project, &outputs)?;
    let former = former(&mut files, project)?;
    let root = CONFIG_NAME.as_bytes();
    let is_untracked = source.is_git() && project.codeowners.is_none() && !paths.contains(root);
    let untracked_root = match is_untracked && files.read(root)?.is_some() {
        true => Some(UntrackedConfig {
            path: root.to_vec(),
            is_ignored: source.ignored(&[root])? == [true],
        }),
        false => None,
    };
    let roster = project.config.roster_files();
    let roster = roster.map(|file| files.read(file.value.as_bytes()));
    let roster = roster.collect::<Result<_>>()?;
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
        former,
        untracked_root,
        roster,
        untracked_configs,
        past: Past::default(),
        answers: None,
    })
}
