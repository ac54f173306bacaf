//! Files that a sparse checkout leaves out of the working tree: they are read from the index.
//!
//! A file that git tracks and that is not in the working tree is either deleted, and on its way out,
//! or left out, and there as far as anybody else is concerned. Only git knows which.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::error::{Result, bail, ensure};
use bstr::ByteSlice;

use super::Repo;
use super::index;
use super::objects::{Object, ObjectKind, Objects};
use super::process::{self, Git};
use crate::config::CONFIG_NAME;
use crate::paths::PathKind;
use crate::text::escaped;

/// Whether files may be left out, found without git and without the index: most checkouts are whole.
pub(crate) fn is_sparse(repo: &Repo) -> bool {
    let sparse = |git: &Git| git.dir.join("info/sparse-checkout").exists();
    repo.git.as_ref().is_some_and(sparse)
}

/// Those of some files that are left out of the working tree. Nothing is looked up before the first
/// of them is asked for.
pub(crate) struct LeftOut<'r> {
    repo: &'r Repo,
    which: Which<'r>,
    /// The name of the object of each that is left out, once that is known.
    listed: Option<HashMap<Vec<u8>, Vec<u8>>>,
    objects: Option<Objects>,
}

/// Which files are asked for.
enum Which<'r> {
    /// Those at these paths.
    Paths(Vec<&'r str>),
    /// The configurations of all directories.
    Configurations,
}

impl<'r> LeftOut<'r> {
    /// The files at these paths. Paths that are not UTF-8 are in no configuration.
    pub(crate) fn among(repo: &'r Repo, paths: impl IntoIterator<Item = &'r [u8]>) -> Self {
        let paths = paths.into_iter().filter_map(|path| path.to_str().ok());
        LeftOut::new(repo, Which::Paths(paths.collect()))
    }

    /// The configurations of all directories.
    pub(crate) fn configurations(repo: &'r Repo) -> Self {
        LeftOut::new(repo, Which::Configurations)
    }

    fn new(repo: &'r Repo, which: Which<'r>) -> Self {
        LeftOut {
            repo,
            which,
            listed: None,
            objects: None,
        }
    }

    /// The text of one of the files; none if it is not left out.
    pub(crate) fn read(&mut self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut text = None;
        self.read_each(&[path], |_, found| {
            text = Some(found);
            ControlFlow::Continue(())
        })?;
        Ok(text)
    }

    /// Gives the texts of those of the files that are left out to `take`, with their index, until it has
    /// seen enough.
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
            None => self.listed.insert(self.which.list(self.repo, git)?),
        };
        let (places, names): (Vec<usize>, Vec<Vec<u8>>) = (paths.iter().enumerate())
            .filter_map(|(place, &path)| Some((place, listed.get(path)?.clone())))
            .unzip();
        let objects = self.objects.get_or_insert_with(|| Objects::new(git));
        let mut taken = 0;
        let mut is_enough = false;
        let read = objects.each(&names, |object| {
            let flow = match object {
                Some(Object {
                    kind: ObjectKind::Blob,
                    contents,
                }) => take(places[taken], contents),
                Some(_) => bail!("it is not a file"),
                None => bail!("it is missing from the repository"),
            };
            taken += 1;
            // An error is what ends the answers.
            is_enough = flow.is_break();
            ensure!(!is_enough, "there is no need for more");
            Ok(())
        });
        if is_enough {
            return Ok(());
        }
        read.map_err(|error| {
            let path = places.get(taken).map_or(&b""[..], |&place| paths[place]);
            error.context(format!("cannot read `{}` from the index", escaped(path)))
        })
    }
}

impl Which<'_> {
    /// Those of the files that are left out, with the names of their objects.
    fn list(&self, repo: &Repo, git: &Git) -> Result<HashMap<Vec<u8>, Vec<u8>>> {
        let pathspecs = match self {
            Which::Paths(paths) => {
                // To ask git takes a process, and it may refuse to work here.
                if !is_any_tracked(repo, git, paths)? {
                    return Ok(HashMap::new());
                }
                let literal = paths.iter().map(|path| format!(":(top,literal){path}"));
                literal.collect()
            }
            Which::Configurations => vec![format!(":(top,glob)**/{CONFIG_NAME}")],
        };
        let mut command = git.command();
        command.args(["ls-files", "-t", "--stage", "--full-name", "-z", "--"]);
        let listing = process::output(command.args(pathspecs))?;
        // Each is `TAG MODE OBJECT STAGE<tab>PATH`. The tag of what is left out is `S`, and the mode
        // of a file begins with `100`.
        let left_out = listing.split(|&byte| byte == 0).filter_map(|record| {
            let (entry, path) = record.strip_prefix(b"S 100")?.split_once_str(b"\t")?;
            let object = entry.split(|&byte| byte == b' ').nth(1)?;
            Some((path.to_vec(), object.to_vec()))
        });
        Ok(left_out.collect())
    }
}

/// Whether git tracks one of the files. That the index cannot be read is an error in a sparse
/// checkout alone: anywhere else, what is not in the working tree is not there.
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
