//! Loads configurations from git and the working tree.
//!
//! The modules on the floors below know either how to find and read files, or what is in them. This
//! module adds methods to [`Repo`] and [`Revision`] that need both: they load the configuration of
//! all directories, the facts for the lints, and the owners on each side of a comparison.

mod contributions;
mod facts;
mod nested;
mod side;
mod untracked;
mod whole;

use std::ops::ControlFlow;

use crate::git::error::{Result, bail};
use bstr::ByteSlice;
use rustc_hash::FxHashSet;

use crate::config::{CONFIG_NAME, Output};
use crate::forge::Forge;
use crate::git::skipped::SkippedFiles;
use crate::git::{Repo, Revision};
use crate::lint::{self, Facts, Past};
use crate::paths::PathSet;
use crate::project::{Draft, Project, Unsound};
use crate::reports::diff::Side;
use crate::text::escaped;

pub use contributions::Question;
pub use side::{CodeownersFile, Decider};

/// Reads the root file from its bytes, and checks the names in it that only the lints know. `name`
/// is shown in messages.
///
/// # Errors
///
/// If it is not valid TOML.
pub fn draft(name: &str, bytes: Vec<u8>) -> Result<Draft, Unsound> {
    let mut draft = Draft::new(name, bytes)?;
    draft.report(lint::unknown_names(draft.config()));
    Ok(draft)
}

impl Repo {
    /// Reads the files of outputs, in order, like [`read_or_skipped`](Self::read_or_skipped).
    ///
    /// # Errors
    ///
    /// If one cannot be read, or if all together are too large.
    pub fn read_outputs(&self, outputs: &[Output]) -> Result<Vec<Option<Vec<u8>>>> {
        let files = outputs.iter().map(|output| output.file.as_bytes());
        let mut skipped = SkippedFiles::among(self, files);
        facts::read_outputs(outputs, |path| match self.read(path)? {
            Some(text) => Ok(Some(text)),
            None => skipped.read(path),
        })
    }

    /// Adds the nested files among `paths` to `draft`, if it allows nested files.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn add_nested(&self, draft: &mut Draft, paths: &PathSet) -> Result<()> {
        nested::add(self, draft, paths)
    }

    /// Adds the nested files that can decide who owns `paths` to `draft`, if it allows nested
    /// files. Does not read the index.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn add_nested_above(&self, draft: &mut Draft, paths: &[&[u8]]) -> Result<()> {
        nested::add_above(self, draft, paths)
    }

    /// The configuration in the working tree, with the nested files among the tracked `paths`.
    /// `None` if there is none.
    ///
    /// # Errors
    ///
    /// If a file cannot be read; [`Error::Unsound`](crate::git::Error::Unsound) if it has errors.
    pub fn project(&self, paths: &PathSet) -> Result<Option<Project>> {
        let Some(bytes) = self.read_or_skipped(CONFIG_NAME.as_bytes())? else {
            return Ok(None);
        };
        let mut draft = draft(CONFIG_NAME, bytes)?;
        self.add_nested(&mut draft, paths)?;
        Ok(Some(draft.finish()?))
    }

    /// The configuration in the index, with its nested files. `root` is the path of the file at the
    /// root. `None` if that is not in the index.
    ///
    /// # Errors
    ///
    /// If git fails, or a file has a merge conflict;
    /// [`Error::Unsound`](crate::git::Error::Unsound) if the configuration has errors.
    pub fn staged_project(&self, root: &[u8]) -> Result<Option<Project>> {
        let files = self.staged_configs(root)?;
        let paths = files.paths();
        if !paths.contains(&root) {
            return Ok(None);
        }
        let mut text = Vec::new();
        files.read_each(&[root], |_, found| {
            text = found;
            ControlFlow::Continue(())
        })?;
        let mut draft = draft(&escaped(root), text)?;
        let mut directories = Vec::new();
        let mut nested = Vec::new();
        for path in paths {
            let Some(directory) = draft.directory_of(path) else {
                continue;
            };
            directories.push(nested::utf8(directory)?);
            nested.push(path);
        }
        files.read_each(&nested, |index, text| {
            draft.add(directories[index], text);
            draft.wants_more()
        })?;
        Ok(Some(draft.finish()?))
    }

    /// The facts for the lints about the working tree, with these paths.
    ///
    /// # Errors
    ///
    /// If a CODEOWNERS file cannot be read, or git fails.
    pub fn facts(&self, project: &Project, paths: PathSet) -> Result<Facts> {
        facts::gather(facts::FileSource::WorkingTree(self), project, paths)
    }

    /// What became of paths that are missing in the index, since `HEAD` or since `base`. `paths` are
    /// those of the index. Looks for renames only if one of the missing paths existed.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn past(
        &self,
        base: Option<(&str, &Revision<'_>)>,
        missing: &[Vec<u8>],
        paths: &PathSet,
    ) -> Result<Past> {
        if missing.is_empty() {
            return Ok(Past::default());
        }
        let existed: Vec<bool> = match base {
            Some((_, base)) => {
                let exists = |path: &Vec<u8>| base.paths.contains_entry(path);
                missing.iter().map(exists).collect()
            }
            None => self.exist_in_head(missing)?,
        };
        let existed: FxHashSet<Vec<u8>> = (missing.iter().zip(existed))
            .filter(|(_, existed)| *existed)
            .map(|(path, _)| path.clone())
            .collect();
        if existed.is_empty() {
            return Ok(Past::default());
        }
        let (name, renames) = match base {
            Some((name, base)) => (name, self.renames(base, None, paths)?),
            None => ("HEAD", self.renames(&self.revision("HEAD")?, None, paths)?),
        };
        Ok(Past {
            name: name.to_string(),
            existed,
            renames,
        })
    }

    /// The facts for the lints about a commit.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn facts_at(&self, revision: &Revision<'_>, project: &Project) -> Result<Facts> {
        let paths = revision.paths.clone();
        facts::gather(facts::FileSource::Commit(revision), project, paths)
    }

    /// The owners in a commit. Its `owners.toml` decides or, if there is none, its CODEOWNERS file.
    ///
    /// # Errors
    ///
    /// If git fails; [`Unsound`] if the configuration has errors.
    pub fn side_at(&self, revision: &Revision<'_>) -> Result<(Side, Decider)> {
        side::of_revision(revision)
    }

    /// The owners in the index and the working tree.
    ///
    /// # Errors
    ///
    /// Like [`side_at`](Self::side_at), or if a file cannot be read.
    pub fn side(&self) -> Result<(Side, Decider)> {
        side::of_working_tree(self)
    }

    /// The rules that decide in a commit: those of its `owners.toml` or, if there is none, the lines of its
    /// CODEOWNERS file. Without either, there are none.
    ///
    /// # Errors
    ///
    /// Like [`side_at`](Self::side_at).
    pub fn deciding_at(&self, revision: &Revision<'_>) -> Result<(Project, Decider)> {
        side::deciding_at(revision)
    }

    /// The rules that decide in the working tree, with these tracked paths.
    ///
    /// # Errors
    ///
    /// Like [`side`](Self::side).
    pub fn deciding(&self, paths: &PathSet) -> Result<(Project, Decider)> {
        side::deciding(self, paths)
    }

    /// The CODEOWNERS file in the working tree that one of `forges` finds. If `forges` is empty,
    /// any forge. Includes files that a sparse checkout leaves out.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or git fails.
    pub fn codeowners(&self, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
        side::find_checked_out(self, forges)
    }

    /// The usual base branch of changes.
    ///
    /// # Errors
    ///
    /// If no branch has one of the usual names, or outside git.
    pub fn default_base(&self) -> Result<&'static str> {
        side::default_base(self)
    }
}

impl Revision<'_> {
    /// The CODEOWNERS file of the commit that one of `forges` finds. If `forges` is empty, any
    /// forge.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn codeowners(&self, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
        let is_directory = |name: &str| {
            let directory = format!("{name}/");
            let mut below = self.paths.below(directory.as_bytes());
            below.next().is_some()
        };
        side::find(forges, |path| self.read(path), is_directory)
    }

    /// The configuration in the commit, with its nested files. `None` if there is none.
    ///
    /// # Errors
    ///
    /// If git fails; [`Unsound`] if it has errors.
    pub fn project(&self) -> Result<Option<Project>> {
        let Some(root) = self.read(CONFIG_NAME.as_bytes())? else {
            return Ok(None);
        };
        let mut draft = draft(CONFIG_NAME, root)?;
        let mut directories = Vec::new();
        let mut files = Vec::new();
        let is_config = |path: &&[u8]| path.ends_with(CONFIG_NAME.as_bytes());
        for path in self.paths.iter().filter(is_config) {
            let Some(directory) = draft.directory_of(path) else {
                continue;
            };
            let Ok(directory) = directory.to_str() else {
                bail!(
                    "`{}` is in a directory whose name is not UTF-8",
                    escaped(path)
                );
            };
            if self.is_file(path) {
                directories.push(directory);
                files.push(path);
            }
        }
        self.read_each(&files, |index, text| {
            draft.add(directories[index], text);
            draft.wants_more()
        })?;
        Ok(Some(draft.finish()?))
    }
}
