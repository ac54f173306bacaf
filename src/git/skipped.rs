//! Reads files that a sparse checkout leaves out of the working tree. They are read from the index.
//!
//! A tracked file that is missing in the working tree is either deleted or left out by a sparse
//! checkout. In the second case it still exists for everybody else. Only git knows which case it
//! is.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::error::Result;
use bstr::ByteSlice;

use super::Repo;
use super::index;
use super::objects::Objects;
use super::process::{self, Git};
use crate::config::CONFIG_NAME;
use crate::paths::PathKind;
use crate::text::escaped;

/// Whether files may be left out. Needs neither git nor the index, because most checkouts are
/// complete.
pub(crate) fn is_sparse(repo: &Repo) -> bool {
    let sparse = |git: &Git| git.dir.join("info/sparse-checkout").exists();
    repo.git.as_ref().is_some_and(sparse)
}

/// The files that are left out of the working tree, among the wanted ones. The lookup is done when
/// the first file is read.
pub(crate) struct SkippedFiles<'r> {
    repo: &'r Repo,
    wanted: WantedFiles<'r>,
    /// The object name of each skipped file, once they are looked up.
    listed: Option<HashMap<Vec<u8>, Vec<u8>>>,
    objects: Option<Objects>,
}

/// The wanted files.
enum WantedFiles<'r> {
    /// The files at these paths.
    Paths(Vec<&'r str>),
    /// The configurations of all directories.
    Configurations,
}

impl<'r> SkippedFiles<'r> {
    /// The files at these paths. Paths that are not UTF-8 cannot be in a configuration.
    pub(crate) fn among(repo: &'r Repo, paths: impl IntoIterator<Item = &'r [u8]>) -> Self {
        let paths = paths.into_iter().filter_map(|path| path.to_str().ok());
        SkippedFiles::new(repo, WantedFiles::Paths(paths.collect()))
    }

    /// The configurations of all directories.
    pub(crate) fn configurations(repo: &'r Repo) -> Self {
        SkippedFiles::new(repo, WantedFiles::Configurations)
    }

    fn new(repo: &'r Repo, wanted: WantedFiles<'r>) -> Self {
        SkippedFiles {
            repo,
            wanted,
            listed: None,
            objects: None,
        }
    }

    /// The content of one of the files. `None` if it is not skipped.
    pub(crate) fn read(&mut self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut text = None;
        self.read_each(&[path], |_, found| {
            text = Some(found);
            ControlFlow::Continue(())
        })?;
        Ok(text)
    }

    /// Passes the content of each skipped file, with its index in `paths`, to `take`, until it
    /// breaks.
    pub(crate) fn read_each(
        &mut self,
        paths: &[&[u8]],
        mut take: impl FnMut(usize, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(git) = self.repo.git.as_ref().filter(|_| !paths.is_empty()) else {
            return Ok(());
        };
        let listed = match &mut self.listed {
            Some(listed) => listed,
            None => self.listed.insert(self.wanted.list(self.repo, git)?),
        };
        let (indices, names): (Vec<usize>, Vec<Vec<u8>>) = paths
            .iter()
            .enumerate()
            .filter_map(|(index, &path)| Some((index, listed.get(path)?.clone())))
            .unzip();
        let objects = self.objects.get_or_insert_with(|| Objects::new(git));
        let read = objects.files(&names, |index, text| take(indices[index], text));
        read.map_err(|(index, error)| {
            let path = paths[indices[index]];
            error.context(format!("cannot read `{}` from the index", escaped(path)))
        })
    }
}

impl WantedFiles<'_> {
    /// Looks up the skipped files and their object names.
    fn list(&self, repo: &Repo, git: &Git) -> Result<HashMap<Vec<u8>, Vec<u8>>> {
        let pathspecs = match self {
            WantedFiles::Paths(paths) => {
                // Avoid reading the index and starting git if possible. Git may also refuse to work in
                // this directory.
                if !index::may_skip_files(git) || !is_any_tracked(repo, git, paths)? {
                    return Ok(HashMap::new());
                }
                let literal = paths.iter().map(|path| format!(":(top,literal){path}"));
                literal.collect()
            }
            WantedFiles::Configurations => vec![format!(":(top,glob)**/{CONFIG_NAME}")],
        };
        let mut command = git.command();
        command.args(["ls-files", "-t", "--stage", "--full-name", "-z", "--"]);
        let listing = process::output(command.args(pathspecs))?;
        // Each record is `TAG MODE OBJECT STAGE<tab>PATH`. The tag of a skipped file is `S`, and
        // the mode of a file begins with `100`.
        let skipped = listing.split(|&byte| byte == 0).filter_map(|record| {
            let (entry, path) = record.strip_prefix(b"S 100")?.split_once_str(b"\t")?;
            let object = entry.split(|&byte| byte == b' ').nth(1)?;
            Some((path.to_vec(), object.to_vec()))
        });
        Ok(skipped.collect())
    }
}

/// Whether git tracks one of the files. An unreadable index is an error only in a sparse checkout.
/// Elsewhere, a file that is not in the working tree does not exist.
fn is_any_tracked(repo: &Repo, git: &Git, paths: &[&str]) -> Result<bool> {
    let tracked = match index::tracked(git) {
        Ok(tracked) => tracked,
        Err(error) if is_sparse(repo) => return Err(error),
        Err(_) => return Ok(false),
    };
    let is_file = |path: &&str| {
        let found = tracked.find(path.as_bytes());
        found.is_some_and(|found| found.kind == PathKind::File)
    };
    Ok(paths.iter().any(is_file))
}
