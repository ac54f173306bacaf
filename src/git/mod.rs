//! The repository on disk: where it is, what it tracks, reading and writing its files.
//!
//! The core of the crate works on plain data; everything that touches the file system or starts a
//! process is here. Finding a repository is cheap on purpose (a few `stat` calls, one small file,
//! no process, no index), because `owners who` needs nothing more.

mod config;
mod dir;
mod discover;
mod env;
pub(crate) mod error;
pub(crate) mod files;
mod hash;
mod history;
mod index;
mod limit;
mod listing;
mod objects;
mod pipe;
mod process;
mod quoting;
mod relative;
mod revision;
mod scan;
pub(crate) mod skipped;
mod tree;
mod walk;
mod window;
pub(crate) mod work_tree;

use std::path::{Path, PathBuf};

use self::error::{Context, bail};

use crate::import::starter::Commit;
use crate::paths::PathSet;
use crate::reports::diff::Rename;

pub use self::env::Env;
pub use self::error::{DamagedIndex, Error, Result};
pub use self::limit::read_named;
use self::process::Git;
pub use self::quoting::unquoted;
pub use self::revision::Revision;
use self::skipped::LeftOut;

/// A git repository, or a plain directory that holds an `owners.toml`.
///
/// A bare repository has commits and nothing else: whatever is about the index or the working tree
/// is an error there.
///
/// ```
/// use owners::git::{Env, Repo};
///
/// let dir = tempfile::tempdir()?;
/// std::fs::write(dir.path().join("owners.toml"), "")?;
/// let env = Env { ceilings: vec![dir.path().to_owned()], ..Env::default() };
///
/// let repo = Repo::discover_with(dir.path(), &env)?;
/// assert!(!repo.is_git());
/// assert_eq!(repo.tracked()?.iter().collect::<Vec<_>>(), [b"owners.toml"]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Repo {
    root: PathBuf,
    git: Option<Git>,
}

impl Repo {
    /// Finds the repository that `start` is in, as git does for the environment of this process.
    ///
    /// # Errors
    ///
    /// See [`Repo::discover_with`].
    pub fn discover(start: &Path) -> Result<Repo> {
        Self::discover_with(start, &Env::from_process())
    }

    /// Finds the repository that the directory `start` is in.
    ///
    /// `GIT_DIR` decides if set. Otherwise the nearest directory with a `.git` is the root, be it a
    /// directory or the file that linked worktrees and submodules have. A bare repository counts
    /// where no directory above it has a `.git` or an `owners.toml`: anybody may have put one into a
    /// working tree. Without a git repository, it is the nearest directory with an `owners.toml`.
    ///
    /// # Errors
    ///
    /// If there is neither, or if what was found is broken.
    pub fn discover_with(start: &Path, env: &Env) -> Result<Repo> {
        discover::discover(start, env)
    }

    /// The top of the working tree, of a bare repository itself: an absolute path, free of symlinks
    /// on Unix.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether this is a git repository, not just a directory with an `owners.toml`.
    #[must_use]
    pub fn is_git(&self) -> bool {
        self.git.is_some()
    }

    /// Whether no files are checked out here, so that there are only commits to look at.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.git.as_ref().is_some_and(|git| git.work_tree.is_none())
    }

    /// The bytes of `path` relative to the root, `/`-separated; the root itself is empty.
    ///
    /// `path` may be absolute, or relative to the directory `cwd`; it need not exist. `.` and `..`
    /// are resolved by the letter, as git does, and a trailing slash is kept.
    ///
    /// # Errors
    ///
    /// If the path is empty or leads out of the repository.
    pub fn relative(&self, cwd: &Path, path: &Path) -> Result<Vec<u8>> {
        relative::relative(&self.root, cwd, path)
    }

    /// The paths that `git ls-files` would list; outside git, all files that are not ignored.
    ///
    /// # Errors
    ///
    /// If the index cannot be read, by git either, or if a directory is unreadable.
    pub fn tracked(&self) -> Result<PathSet> {
        self.ensure_checked_out()?;
        match &self.git {
            Some(git) => index::tracked(git),
            None => walk::files(&self.root),
        }
    }

    /// The tracked paths and those that git would call untracked and not ignored.
    ///
    /// # Errors
    ///
    /// As [`Repo::tracked`].
    pub fn tracked_and_untracked(&self) -> Result<PathSet> {
        self.ensure_checked_out()?;
        match &self.git {
            Some(git) => walk::with_untracked(&self.root, &index::tracked(git)?),
            None => walk::files(&self.root),
        }
    }

    /// Whether history was cut off when the repository was cloned.
    ///
    /// # Errors
    ///
    /// Outside git.
    pub fn is_shallow(&self) -> Result<bool> {
        Ok(revision::is_shallow(self.git()?))
    }

    /// The commit that `name` means.
    ///
    /// # Errors
    ///
    /// If there is none, or outside git.
    pub fn revision(&self, name: &str) -> Result<Revision<'_>> {
        Revision::new(self, name)
    }

    /// The newest commit from which both `name` and HEAD descend.
    ///
    /// # Errors
    ///
    /// If there is none, or outside git; says so where the history is not all there.
    pub fn merge_base(&self, name: &str) -> Result<Revision<'_>> {
        Revision::merge_base(self, name, "HEAD")
    }

    /// The newest commit from which both `one` and `other` descend.
    ///
    /// # Errors
    ///
    /// As [`Repo::merge_base`].
    pub fn merge_base_of(&self, one: &str, other: &str) -> Result<Revision<'_>> {
        Revision::merge_base(self, one, other)
    }

    /// Hands the commits of the last year to `each`, the latest first, as long as they are not too
    /// many; none outside git.
    ///
    /// # Errors
    ///
    /// If git cannot be run.
    pub fn last_year(&self, mut each: impl FnMut(Commit<'_>)) -> Result<()> {
        match &self.git {
            Some(git) => history::last_year(git, &mut each),
            None => Ok(()),
        }
    }

    /// The files that git takes for moved from one commit to another, or to the index.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn renames(&self, from: &Revision<'_>, to: Option<&Revision<'_>>) -> Result<Vec<Rename>> {
        revision::renames(from, to)
    }

    /// The tracked paths that differ between a commit and the working tree.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn changed_since(&self, revision: &Revision<'_>) -> Result<PathSet> {
        self.ensure_checked_out()?;
        revision.changed(None)
    }

    /// The paths that differ between two commits.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn changed_between(&self, from: &Revision<'_>, to: &Revision<'_>) -> Result<PathSet> {
        from.changed(Some(to))
    }

    /// Which of the root-relative `paths` git ignores: never a tracked path, and none outside git.
    ///
    /// # Errors
    ///
    /// If a path leaves the repository or git fails.
    pub fn ignored(&self, paths: &[&[u8]]) -> Result<Vec<bool>> {
        let full: Result<Vec<PathBuf>> = paths.iter().map(|path| self.join(path)).collect();
        match &self.git {
            Some(git) => git.ignored(&full?),
            None => full.map(|full| vec![false; full.len()]),
        }
    }

    /// Stages the root-relative `path`, as `git add` does.
    ///
    /// # Errors
    ///
    /// Outside git, when git fails, and while `GIT_INDEX_FILE` names a temporary index: what is
    /// added there is lost or unseen once the commit in progress is made.
    pub fn stage(&self, path: &[u8]) -> Result<()> {
        let full = self.join(path)?;
        self.git()?.stage(&full)
    }

    /// Whether [`stage`](Repo::stage) may be called at all.
    ///
    /// # Errors
    ///
    /// If not: outside git, and while `GIT_INDEX_FILE` names a temporary index.
    pub fn ensure_can_stage(&self) -> Result<()> {
        self.git()?.ensure_own_index()
    }

    /// Whether `GIT_INDEX_FILE` names an index other than the repository's own, as it does in the
    /// hooks of `git commit -a`.
    #[must_use]
    pub fn has_temporary_index(&self) -> bool {
        self.git
            .as_ref()
            .is_some_and(|git| git.temporary_index().is_some())
    }

    /// The contents of the file at the root-relative `path`, or `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// If the path leaves the repository (be it through a symlink, since it may come from a
    /// stranger's pull request) or leads into `.git`, is no regular file, or cannot be read.
    pub fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        self.ensure_checked_out()?;
        files::read(self, files::plain(path)?)
    }

    /// As [`read`](Self::read), but what a sparse checkout leaves out is read from the index.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or git fails.
    pub fn read_or_skipped(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        match self.read(path)? {
            Some(text) => Ok(Some(text)),
            None => LeftOut::among(self, [path]).read(path),
        }
    }

    /// Makes `text` the contents of the file at the root-relative `path`: all of it or, on an
    /// error, none. Missing directories are made, and a file that is replaced keeps its mode.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, or must not be: outside the repository (be it through a
    /// symlink, since `owners.toml` may come from a stranger's pull request), inside `.git`, or in
    /// place of something that is no regular file.
    pub fn write(&self, path: &[u8], text: &[u8]) -> Result<()> {
        self.ensure_checked_out()?;
        files::write(self, files::plain(path)?, text)
    }

    pub(crate) fn join(&self, path: &[u8]) -> Result<PathBuf> {
        self.ensure_checked_out()?;
        Ok(self.root.join(files::plain(path)?))
    }

    fn ensure_checked_out(&self) -> Result<()> {
        if self.is_bare() {
            bail!(
                "`{}` is a bare repository: no files are checked out there",
                self.root.display()
            );
        }
        Ok(())
    }

    fn git(&self) -> Result<&Git> {
        self.git
            .as_ref()
            .with_context(|| format!("`{}` is not a git repository", self.root.display()))
    }
}
