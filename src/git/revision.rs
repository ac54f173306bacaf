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
use crate::reports::diff::Rename;
use crate::text::escaped;

/// The files of a commit.
#[derive(Debug)]
pub struct Revision<'r> {
    git: &'r Git,
    commit: String,
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

    /// The paths that differ between this commit and another one or, without one, the working tree.
    pub(super) fn changed(&self, other: Option<&Self>) -> Result<PathSet> {
        let mut command = self.git.command();
        command.args([
            "diff",
            "--name-only",
            "--no-renames",
            "--no-relative",
            "--no-ext-diff",
            "-z",
        ]);
        // Override `ignore = all` in `.gitmodules`. Compared with a working tree, untracked files
        // in a submodule are not a change of the submodule.
        command.arg(match other {
            Some(_) => "--ignore-submodules=none",
            None => "--ignore-submodules=untracked",
        });
        command
            .arg(&self.commit)
            .args(other.map(|other| &other.commit));
        let listing = process::output(command.arg("--"))?;
        let changed = listing.split(|&byte| byte == 0);
        Ok(PathSet::sorted(changed.filter(|path| !path.is_empty()))?)
    }
}

/// The files that were renamed, by git's own detection, from one commit to another or to the index.
/// Sorted by the new path.
pub(super) fn renames(from: &Revision<'_>, to: Option<&Revision<'_>>) -> Result<Vec<Rename>> {
    let mut command = from.git.command();
    command.args(["diff", "--name-status", "-z", "--find-renames"]);
    command.args(["--diff-filter=R", "--no-ext-diff", "--no-relative"]);
    command.arg("--ignore-submodules=none");
    // Compare with the index. The working tree is not needed, and git would have to read every file
    // of it.
    command.args(to.is_none().then_some("--cached"));
    command.arg(&from.commit).args(to.map(|to| &to.commit));
    let listing = process::output(command.arg("--"))?;
    // Each record is `R100<nul>OLD<nul>NEW<nul>`.
    let fields: Vec<&[u8]> = listing.split(|&byte| byte == 0).collect();
    let renames = fields.chunks_exact(3).map(|fields| Rename {
        old: fields[1].to_vec(),
        new: fields[2].to_vec(),
    });
    let mut renames: Vec<Rename> = renames.collect();
    renames.sort_unstable_by(|a, b| a.new.cmp(&b.new));
    Ok(renames)
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
