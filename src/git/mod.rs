//! The repository on disk: finds it, lists its tracked paths, reads and writes its files.
//!
//! The core of the crate works on plain data. Only this module touches the file system or starts
//! processes. Finding a repository is cheap (a few `stat` calls, one small file, no process, no
//! index), because `owners who` needs nothing else.

mod attributes;
mod config;
mod dir;
mod discover;
mod edits;
mod env;
pub(crate) mod error;
pub(crate) mod files;
mod first_parents;
mod hash;
mod history;
mod index;
mod limit;
mod lines;
mod listing;
mod log;
mod named;
mod objects;
mod pipe;
mod process;
mod quoting;
mod relative;
mod renames;
mod revision;
mod scan;
pub(crate) mod skipped;
pub(crate) mod staged;
mod tree;
mod unmerged;
mod unsaved;
mod walk;
mod window;
pub(crate) mod work_tree;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::error::{ErrorContext, bail};

use crate::codeowners::Unmerged;
use crate::ids::IdVec;
use crate::import::starter::Commit;
use crate::paths::{PathId, PathSet, Rename};
use crate::reports::contributions;
use crate::text::conflicts;

pub use self::edits::EditLock;
pub use self::env::Env;
pub use self::error::{DamagedIndex, Error, Result};
pub use self::first_parents::DatedCommit;
pub use self::limit::read_named;
pub use self::named::{ensure_writable, write_named};
use self::process::Git;
pub use self::quoting::unquoted;
pub use self::revision::Revision;
use self::skipped::SkippedFiles;
use self::staged::StagedFiles;
pub use self::unsaved::{FileStamp, UnsavedTexts};

/// A git repository, or a plain directory with an `owners.toml`.
///
/// A bare repository has only commits. Methods that need the index or the working tree fail there.
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
    /// What is read in place of files.
    unsaved: Arc<UnsavedTexts>,
}

impl Repo {
    /// Finds the repository that contains `start`, with the environment of this process.
    ///
    /// # Errors
    ///
    /// See [`Repo::discover_with`].
    pub fn discover(start: &Path) -> Result<Repo> {
        Self::discover_with(start, &Env::from_process())
    }

    /// Finds the repository that contains the directory `start`.
    ///
    /// `GIT_DIR` decides if it is set. Otherwise the root is the nearest directory with a `.git`,
    /// which may be a directory, or a file as in linked worktrees and submodules. A bare repository
    /// is accepted only if no directory above it has a `.git` or an `owners.toml`, because anybody
    /// could have put it into a working tree. Without a git repository, the root is the nearest
    /// directory with an `owners.toml`.
    ///
    /// # Errors
    ///
    /// If there is neither, or if the repository is broken.
    pub fn discover_with(start: &Path, env: &Env) -> Result<Repo> {
        discover::discover(start, env)
    }

    /// The top of the working tree. In a bare repository, the repository itself. An absolute path,
    /// without symlinks on Unix.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether this is a git repository, and not only a directory with an `owners.toml`.
    #[must_use]
    pub fn is_git(&self) -> bool {
        self.git.is_some()
    }

    /// Whether the repository is bare: it has commits, but no working tree.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.git.as_ref().is_some_and(|git| git.work_tree.is_none())
    }

    /// The bytes of `path` relative to the root, with `/` as separator. The root itself is empty.
    ///
    /// `path` may be absolute, or relative to the directory `cwd`. It need not exist. `.` and `..`
    /// are resolved without looking at the disk, as in git, and a trailing slash is kept.
    ///
    /// # Errors
    ///
    /// If the path is empty or leads out of the repository.
    pub fn relative(&self, cwd: &Path, path: &Path) -> Result<Vec<u8>> {
        relative::relative(&self.root, cwd, path)
    }

    /// The paths that `git ls-files` lists. Outside git, all files that are not ignored.
    ///
    /// # Errors
    ///
    /// If neither this module nor git can read the index, or if a directory is unreadable.
    pub fn tracked(&self) -> Result<PathSet> {
        self.ensure_checked_out()?;
        match &self.git {
            Some(git) => index::tracked(git),
            None => walk::files(&self.root),
        }
    }

    /// The tracked paths, and the untracked ones that are not ignored.
    ///
    /// # Errors
    ///
    /// See [`Repo::tracked`].
    pub fn tracked_and_untracked(&self) -> Result<PathSet> {
        self.ensure_checked_out()?;
        match &self.git {
            Some(git) => walk::with_untracked(git, &self.root, &index::tracked(git)?),
            None => walk::files(&self.root),
        }
    }

    /// Whether this is a shallow clone.
    ///
    /// # Errors
    ///
    /// Outside git.
    pub fn is_shallow(&self) -> Result<bool> {
        Ok(revision::is_shallow(self.git()?))
    }

    /// Whether `HEAD` is a commit. It is not in a new repository.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn has_commits(&self) -> Result<bool> {
        Revision::exists(self, "HEAD")
    }

    /// Resolves a revision.
    ///
    /// # Errors
    ///
    /// If `name` does not resolve to a commit, or outside git.
    pub fn revision(&self, name: &str) -> Result<Revision<'_>> {
        Revision::new(self, name)
    }

    /// The merge base of `name` and HEAD.
    ///
    /// # Errors
    ///
    /// If there is none, or outside git. In a shallow clone, the message says so.
    pub fn merge_base(&self, name: &str) -> Result<Revision<'_>> {
        Revision::merge_base(self, name, "HEAD")
    }

    /// The merge base of `one` and `other`.
    ///
    /// # Errors
    ///
    /// See [`Repo::merge_base`].
    pub fn merge_base_of(&self, one: &str, other: &str) -> Result<Revision<'_>> {
        Revision::merge_base(self, one, other)
    }

    /// Passes the commits of the last year to `each`, the latest first, up to a limit. None outside
    /// git.
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

    /// Passes a commit (or `HEAD`) and those before to `each`, the latest first, without
    /// merges.
    ///
    /// # Errors
    ///
    /// Outside git, if git fails, or if the history has far too many changes.
    pub fn commits(
        &self,
        commit: Option<&str>,
        mut each: impl FnMut(&contributions::Commit<'_>),
    ) -> Result<()> {
        log::commits(self.git()?, commit, &mut each)
    }

    /// A commit and its first parents: the latest first, up to the first that is older than the commit
    /// by more than `age` seconds.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn first_parents(&self, commit: &str, age: i64) -> Result<Vec<DatedCommit>> {
        first_parents::first_parents(self.git()?, commit, age)
    }

    /// For each of the paths of a commit or, without one, of the index, how many lines it has. Binary
    /// files, links and submodules have none, and neither have files of more than 8 MiB. Calls `progress`
    /// with the number of files that are counted.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn lines(
        &self,
        paths: &PathSet,
        commit: Option<&str>,
        mut progress: impl FnMut(usize),
    ) -> Result<IdVec<PathId, u32>> {
        lines::lines(self.git()?, paths, commit, &mut progress)
    }

    /// For each path, whether `.gitattributes` says that it is generated or vendored
    /// (`linguist-generated`, `linguist-vendored`): in a commit or, without one, in the working tree.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn generated_or_vendored(
        &self,
        paths: &PathSet,
        commit: Option<&str>,
    ) -> Result<IdVec<PathId, bool>> {
        attributes::generated_or_vendored(self.git()?, paths, commit)
    }

    /// The files that were renamed, by git's detection, from one commit to another or, without one,
    /// to the index. `after` are its paths. Sorted by the new path. If there is too much to compare,
    /// only files that did not change are found.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn renames(
        &self,
        from: &Revision<'_>,
        to: Option<&Revision<'_>>,
        after: &PathSet,
    ) -> Result<Vec<Rename>> {
        if after.is_subset(&from.paths) || from.paths.is_subset(after) {
            return Ok(Vec::new());
        }
        renames::renames(from, to)
    }

    /// The short names of branches and tags, at most a thousand, for completions. Outside git, none.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn names_of_revisions(&self) -> Result<Vec<String>> {
        match &self.git {
            Some(git) => git.names_of_revisions(),
            None => Ok(Vec::new()),
        }
    }

    /// The URL of the remote `origin`, as it is configured. `None` if there is no such remote, and
    /// outside git.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn origin(&self) -> Result<Option<String>> {
        match &self.git {
            Some(git) => git.origin(),
            None => Ok(None),
        }
    }

    /// The URL of the remote `origin`, if the repository's own configuration has it. Starts no process, so
    /// it misses what other files of git's configuration say.
    #[must_use]
    pub fn own_origin(&self) -> Option<String> {
        let file = self.git.as_ref()?.common_dir.join("config");
        let text = config::read_if_there(&file).ok()??;
        let url = config::value(&text, "remote \"origin\"", "url")?;
        String::from_utf8(url).ok()
    }

    /// For each of the root-relative `paths`, whether `HEAD` has a file or directory there. Outside
    /// git, and without a commit, none exists.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn exist_in_head(&self, paths: &[Vec<u8>]) -> Result<Vec<bool>> {
        match &self.git {
            Some(git) => git.exist_in("HEAD", paths),
            None => Ok(vec![false; paths.len()]),
        }
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

    /// For each of the root-relative `paths`, whether git ignores it. Tracked paths are never
    /// ignored. Outside git, nothing is.
    ///
    /// # Errors
    ///
    /// If a path is outside the repository, or git fails.
    pub fn ignored(&self, paths: &[&[u8]]) -> Result<Vec<bool>> {
        let full: Result<Vec<PathBuf>> = paths.iter().map(|path| self.join(path)).collect();
        match &self.git {
            Some(git) => git.ignored(&full?),
            None => full.map(|full| vec![false; full.len()]),
        }
    }

    /// Stages the root-relative `paths`, as `git add` does.
    ///
    /// # Errors
    ///
    /// Outside git, if git fails, and where [`ensure_can_stage`](Self::ensure_can_stage) does.
    pub fn stage(&self, paths: &[&[u8]]) -> Result<()> {
        if paths.is_empty() {
            return Ok(());
        }
        let full: Result<Vec<PathBuf>> = paths.iter().map(|path| self.join(path)).collect();
        self.git()?.stage(&full?)
    }

    /// Stages texts as the contents of the files at root-relative paths. The working tree stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// Outside git, if git fails or ignores a file, and where
    /// [`ensure_can_stage`](Self::ensure_can_stage) does.
    pub fn stage_texts(&self, texts: &[(&[u8], &[u8])]) -> Result<()> {
        let paths: Vec<&[u8]> = texts.iter().map(|(path, _)| *path).collect();
        if paths.is_empty() {
            return Ok(());
        }
        let ignored = self.ignored(&paths)?;
        if let Some(index) = ignored.iter().position(|&is_ignored| is_ignored) {
            bail!("git ignores `{}`", crate::text::escaped(paths[index]));
        }
        staged::write(self.git()?, texts)
    }

    /// The contents of the files at the root-relative `paths` in the index. `None` for a file that is
    /// not there, or has a merge conflict.
    ///
    /// # Errors
    ///
    /// Outside git, or if git fails.
    pub fn staged_texts(&self, paths: &[&[u8]]) -> Result<Vec<Option<Vec<u8>>>> {
        let literal = paths.iter().map(|path| [b":(top,literal)", *path].concat());
        let files = StagedFiles::new(self.git()?, literal)?;
        paths.iter().map(|path| files.read(path)).collect()
    }

    /// The merge conflicts of the files at the root-relative `paths`, in the index. `texts` are what is
    /// in the working tree.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn unmerged(
        &self,
        paths: &[&[u8]],
        texts: &[Option<Vec<u8>>],
    ) -> Result<Vec<Option<Unmerged>>> {
        // Asking git takes a process.
        let has_markers = |text: &Vec<u8>| !conflicts(text).is_empty();
        match &self.git {
            Some(git) if git.is_merging() || texts.iter().flatten().any(has_markers) => {
                unmerged::find(git, paths)
            }
            _ => Ok(vec![None; paths.len()]),
        }
    }

    /// The configuration files in the index: the one at `root`, and those of all directories.
    pub(crate) fn staged_configs(&self, root: &[u8]) -> Result<StagedFiles<'_>> {
        self.ensure_checked_out()?;
        let root = [b":(top,literal)", root].concat();
        let nested = format!(":(top,glob)**/{}", crate::config::CONFIG_NAME);
        StagedFiles::new(self.git()?, [root, nested.into_bytes()])
    }

    /// Checks whether what is staged becomes part of the commit in progress, and stays in the index.
    ///
    /// # Errors
    ///
    /// Outside git, and while `GIT_INDEX_FILE` names the index of a commit of some paths: the real
    /// index would keep the old content. That of `git commit -a` becomes the real index.
    pub fn ensure_can_stage(&self) -> Result<()> {
        self.git()?.ensure_lasting_index()
    }

    /// The contents of the file at the root-relative `path`, or `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// If the path leads out of the repository or into `.git`, even through a symlink, since it may
    /// come from a stranger's pull request. Also if it is not a regular file, or cannot be read.
    pub fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        self.ensure_checked_out()?;
        match self.unsaved(path)? {
            Some(text) => Ok(Some(text)),
            None => files::read(self, files::plain(path)?),
        }
    }

    /// Like [`read`](Self::read), but reads files that a sparse checkout leaves out from the index.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or git fails.
    pub fn read_or_skipped(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        match self.read(path)? {
            Some(text) => Ok(Some(text)),
            None => SkippedFiles::among(self, [path]).read(path),
        }
    }

    /// Writes `text` to the file at the root-relative `path`, completely or, on an error, not at
    /// all. Creates missing directories. A replaced file keeps its mode.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, or must not be: if it is outside the repository or inside
    /// `.git`, even through a symlink, since `owners.toml` may come from a stranger's pull request,
    /// or if something else than a regular file is there.
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
