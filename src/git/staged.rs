//! Reads and writes what is staged: the contents of files in the index.

use std::collections::HashMap;
use std::ops::ControlFlow;

use bstr::ByteSlice;

use super::error::{ErrorContext, Result, bail};
use super::objects::Objects;
use super::process::{self, Git};
use crate::text::escaped;

/// Files of the index, and their contents.
pub(crate) struct StagedFiles<'g> {
    git: &'g Git,
    /// The object name of each regular file. `None` for a file with a merge conflict.
    files: HashMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<'g> StagedFiles<'g> {
    /// Looks up the files that the pathspecs match.
    pub(super) fn new(git: &'g Git, pathspecs: impl IntoIterator<Item = Vec<u8>>) -> Result<Self> {
        let mut command = git.command();
        command.args(["ls-files", "--full-name", "--stage", "-z", "--"]);
        for pathspec in pathspecs {
            command.arg(pathspec.to_os_str().context("a path is not UTF-8")?);
        }
        let listing = process::output(&mut command)?;
        // Each record is `MODE OBJECT STAGE<tab>PATH`. The mode of a file begins with `100`.
        let records = listing.split(|&byte| byte == 0).filter_map(|record| {
            let (entry, path) = record.strip_prefix(b"100")?.split_once_str(b"\t")?;
            let mut words = entry.split(|&byte| byte == b' ').skip(1);
            let (object, stage) = (words.next()?, words.next()?);
            let object = (stage == b"0").then(|| object.to_vec());
            Some((path.to_vec(), object))
        });
        let files = records.collect();
        Ok(StagedFiles { git, files })
    }

    /// The paths of the files, sorted.
    pub(crate) fn paths(&self) -> Vec<&[u8]> {
        let mut paths: Vec<&[u8]> = self.files.keys().map(Vec::as_slice).collect();
        paths.sort_unstable();
        paths
    }

    /// Passes the contents of files, with their index in `paths`, to `take`, until it breaks.
    ///
    /// # Errors
    ///
    /// If a file has a merge conflict, or git fails.
    pub(crate) fn read_each(
        &self,
        paths: &[&[u8]],
        take: impl FnMut(usize, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut names = Vec::with_capacity(paths.len());
        for &path in paths {
            match self.files.get(path) {
                Some(Some(object)) => names.push(object.clone()),
                Some(None) => bail!(
                    "`{0}` has a merge conflict in the index: resolve it, and run `git add {0}`",
                    escaped(path)
                ),
                None => bail!("`{}` is not in the index", escaped(path)),
            }
        }
        let read = Objects::new(self.git).files(&names, take);
        read.map_err(|(index, error)| {
            let path = escaped(paths[index]);
            error.context(format!("cannot read `{path}` from the index"))
        })
    }

    /// The contents of a file. `None` if it is not in the index, or has a merge conflict.
    pub(super) fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        if !matches!(self.files.get(path), Some(Some(_))) {
            return Ok(None);
        }
        let mut text = None;
        self.read_each(&[path], |_, found| {
            text = Some(found);
            ControlFlow::Continue(())
        })?;
        Ok(text)
    }
}

/// Stages texts as the contents of the files at root-relative paths, whatever is in the working tree.
pub(super) fn write(git: &Git, files: &[(&[u8], &[u8])]) -> Result<()> {
    git.ensure_lasting_index()?;
    // Most files have the same content.
    let mut objects: HashMap<&[u8], Vec<u8>> = HashMap::new();
    let mut records = Vec::new();
    for &(path, text) in files {
        if !objects.contains_key(text) {
            let mut command = git.command();
            command.args(["hash-object", "-w", "--stdin", "--path"]);
            command.arg(path.to_os_str().ok().context("a path is not UTF-8")?);
            let object = process::answer_to(&mut command, text)?.unwrap_or_default();
            objects.insert(text, object.trim_ascii().to_vec());
        }
        records.extend_from_slice(b"100644 ");
        records.extend_from_slice(&objects[text]);
        records.extend_from_slice(&[b"\t", path, b"\0"].concat());
    }
    let mut command = git.command();
    command.args(["update-index", "--add", "-z", "--index-info"]);
    process::answer_to(&mut command, &records).map(drop)
}
