//! Reads a commit without checking it out.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use super::error::{Error, ErrorContext, Result};
use bstr::ByteSlice;

use super::Repo;
use super::listing;
use super::objects::Objects;
use super::process::{self, Git};
use super::tree::Finder;
use crate::paths::{PathKind, PathSet};
use crate::text::escaped;

/// The files of a commit.
#[derive(Debug)]
pub struct Revision<'r> {
    pub(super) git: &'r Git,
    pub(super) commit: String,
    /// Reads its objects.
    objects: Mutex<Objects>,
    /// All its paths.
    pub paths: PathSet,
}

impl<'r> Revision<'r> {
    /// Resolves `name` to a commit.
    pub(super) fn new(repo: &'r Repo, name: &str) -> Result<Self> {
        let git = repo.git()?;
        let commit = resolve(git, name)?;
        let mut objects = Objects::new(git);
        let paths = listing::paths(git, &mut objects, &commit)?;
        Ok(Revision {
            git,
            commit,
            objects: Mutex::new(objects),
            paths,
        })
    }

    /// The merge base of `name` and `other`.
    pub(super) fn merge_base(repo: &'r Repo, name: &str, other: &str) -> Result<Self> {
        let git = repo.git()?;
        let tips = [resolve(git, name)?, resolve(git, other)?];
        let mut command = git.command();
        command.arg("merge-base").args(tips);
        let found = process::answer(&mut command)?.unwrap_or_default();
        let Some(base) = found.lines().next().and_then(|line| line.to_str().ok()) else {
            return Err(Error::NoCommit(if is_shallow(git) {
                format!(
                    "the merge base of `{name}` and `{other}` is not in this shallow clone: \
                     fetch the whole history, with `fetch-depth: 0` in actions/checkout or \
                     `git fetch --unshallow`"
                )
            } else {
                format!("`{name}` and `{other}` have no merge base")
            }));
        };
        Revision::new(repo, base)
    }

    /// Whether `name` resolves to a commit.
    pub(crate) fn exists(repo: &Repo, name: &str) -> Result<bool> {
        Ok(lookup(repo.git()?, name)?.is_some())
    }

    /// The hash of the commit.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// When the commit was made, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn time(&self) -> Result<i64> {
        let mut command = self.git.command();
        // `git show` reads the configuration of diffs.
        command.args(["rev-list", "--max-count=1", "--timestamp"]);
        let line = process::output(command.arg(&self.commit).arg("--"))?;
        let time = line.split(|&byte| byte == b' ').next();
        let time = time.and_then(|time| time.to_str().ok()?.parse().ok());
        time.with_context(|| format!("the commit {} has no date", self.commit))
    }

    /// The contents of a file. `None` if there is no regular file with this name.
    ///
    /// # Errors
    ///
    /// If git fails, or the file is larger than 8 MiB.
    pub fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut text = None;
        if self.is_file(path) {
            self.read_each(&[path], |_, found| {
                text = Some(found);
                ControlFlow::Continue(())
            })?;
        }
        Ok(text)
    }

    pub(crate) fn is_file(&self, path: &[u8]) -> bool {
        let found = self.paths.find(path);
        found.is_some_and(|found| found.kind == PathKind::File)
    }

    /// Passes the contents of files of the commit, with their index in `paths`, to `take`, in
    /// order, until it breaks.
    pub(crate) fn read_each(
        &self,
        paths: &[&[u8]],
        take: impl FnMut(usize, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<()> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.names(&mut objects, paths)?;
        let read = objects.files(&names, take);
        read.map_err(|(index, error)| error.context(self.cannot_read(paths[index])))
    }

    /// The object names to request for these files.
    fn names(&self, objects: &mut Objects, paths: &[&[u8]]) -> Result<Vec<Vec<u8>>> {
        if let [path] = paths {
            let name = [self.commit.as_bytes(), b":", path].concat();
            if Objects::can_ask(&name) {
                return Ok(vec![name]);
            }
        }
        let hash = self.git.object_hash()?.length();
        let mut finder = Finder::new(objects, &self.commit, hash);
        let mut name_of = |path: &&[u8]| {
            let found = finder.find(path).with_context(|| self.cannot_read(path))?;
            Ok(found.with_context(|| self.cannot_read(path))?.hex())
        };
        paths.iter().map(&mut name_of).collect()
    }

    fn cannot_read(&self, path: &[u8]) -> String {
        format!("cannot read `{}` in {}", escaped(path), self.commit)
    }

    /// The paths that differ between this commit and another one. Without one, the paths that differ
    /// between this commit and the index, or between the index and the working tree.
    pub(super) fn changed(&self, other: Option<&Self>) -> Result<PathSet> {
        let differing = |from: &[&str]| {
            let mut command = self.git.command();
            command.args(["diff", "--name-only", "--no-renames", "--no-relative"]);
            command.args(["--no-ext-diff", "-z"]);
            process::output(command.args(from).arg("--"))
        };
        // The options override `ignore = all` in `.gitmodules`. Compared with a working tree,
        // untracked files in a submodule are not a change of the submodule.
        let listing = match other {
            Some(other) => differing(&["--ignore-submodules=none", &self.commit, &other.commit])?,
            // `git diff COMMIT` would compare both in one process, in quadratic time where files
            // are missing from the working tree.
            None => {
                let staged = ["--ignore-submodules=none", "--cached", &self.commit];
                let mut listing = differing(&staged)?;
                listing.extend(differing(&["--ignore-submodules=untracked"])?);
                listing
            }
        };
        let mut changed: Vec<&[u8]> = listing.split(|&byte| byte == 0).collect();
        changed.retain(|path| !path.is_empty());
        changed.sort_unstable();
        changed.dedup();
        Ok(PathSet::sorted(changed)?)
    }
}

fn resolve(git: &Git, name: &str) -> Result<String> {
    lookup(git, name)?.ok_or_else(|| {
        Error::NoCommit(if is_shallow(git) {
            format!(
                "there is no commit `{name}` in this shallow clone: fetch it, with `fetch-depth: 0` \
                 in actions/checkout or `git fetch --unshallow`"
            )
        } else {
            format!("there is no commit `{name}`")
        })
    })
}

/// The commit that `name` resolves to, if there is one.
fn lookup(git: &Git, name: &str) -> Result<Option<String>> {
    let mut command = git.command();
    command.args(["rev-parse", "--verify", "--quiet", "--end-of-options"]);
    command.arg(format!("{name}^{{commit}}"));
    let found =
        process::answer(&mut command).with_context(|| format!("cannot look for `{name}`"))?;
    // `^name` excludes a commit and its ancestors. It is not the name of a commit.
    let is_name = |commit: &&str| commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let commit = found
        .as_deref()
        .and_then(|found| found.trim_ascii().to_str().ok());
    Ok(commit.filter(is_name).map(str::to_string))
}

/// Whether this is a shallow clone.
pub(super) fn is_shallow(git: &Git) -> bool {
    git.common_dir.join("shallow").exists()
}
