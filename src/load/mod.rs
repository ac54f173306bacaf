//! Loading: where git meets a configuration.
//!
//! The modules below know either how to find and read files or what is in them. Here are the
//! questions that need both, as further methods of [`Repo`] and [`Revision`]: the configuration of
//! all directories, the facts that lints look at, and who owns what on a side of a comparison.

mod facts;
mod nested;
mod side;

use crate::git::error::{Result, bail};
use bstr::ByteSlice;

use crate::config::{CONFIG_NAME, Output};
use crate::forge::Forge;
use crate::git::skipped::LeftOut;
use crate::git::{Repo, Revision};
use crate::lint::{self, Facts};
use crate::paths::PathSet;
use crate::project::{Draft, Project, Unsound};
use crate::reports::diff::Side;
use crate::text::escaped;

pub use side::{CodeownersFile, Decider};

/// Reads the configuration at the root from the bytes of a file called `name`, and looks for names
/// in it that only the lints know.
///
/// # Errors
///
/// If it is not TOML at all.
pub fn draft(name: &str, bytes: Vec<u8>) -> Result<Draft, Unsound> {
    let mut draft = Draft::new(name, bytes)?;
    draft.report(lint::unknown_names(draft.config()));
    Ok(draft)
}

impl Repo {
    /// What is in the files of outputs, in their order, as [`read_or_skipped`](Self::read_or_skipped)
    /// reads them.
    ///
    /// # Errors
    ///
    /// If one cannot be read, or if all are too large together.
    pub fn read_outputs(&self, outputs: &[Output]) -> Result<Vec<Option<Vec<u8>>>> {
        let files = outputs.iter().map(|output| output.file.as_bytes());
        let mut left_out = LeftOut::among(self, files);
        facts::read_outputs(outputs, |path| match self.read(path)? {
            Some(text) => Ok(Some(text)),
            None => left_out.read(path),
        })
    }

    /// Adds to `draft`, if it allows any, the `owners.toml` of every directory that has one among
    /// `paths`.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn add_nested(&self, draft: &mut Draft, paths: &PathSet) -> Result<()> {
        nested::add(self, draft, paths)
    }

    /// Adds to `draft`, if it allows any, those `owners.toml` that have a say in who owns `paths`,
    /// without looking into the index.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn add_nested_above(&self, draft: &mut Draft, paths: &[&[u8]]) -> Result<()> {
        nested::add_above(self, draft, paths)
    }

    /// The configuration in the working tree, with the files below the root that are among the
    /// tracked `paths`; none if there is none.
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

    /// What the lints need to know, given the paths to look at.
    ///
    /// # Errors
    ///
    /// If a CODEOWNERS file cannot be read, or git fails.
    pub fn facts(&self, project: &Project, paths: PathSet) -> Result<Facts> {
        facts::gather(facts::Place::WorkingTree(self), project, paths)
    }

    /// What the lints need to know of a commit.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn facts_at(&self, revision: &Revision<'_>, project: &Project) -> Result<Facts> {
        let paths = revision.paths.clone();
        facts::gather(facts::Place::Commit(revision), project, paths)
    }

    /// Who owns what in a commit: its `owners.toml` decides or, without one, its CODEOWNERS file.
    ///
    /// # Errors
    ///
    /// If git fails; [`Unsound`] if the configuration has errors.
    pub fn side_at(&self, revision: &Revision<'_>) -> Result<(Side, Decider)> {
        side::of_revision(revision)
    }

    /// The same for the index and the working tree.
    ///
    /// # Errors
    ///
    /// As [`side_at`](Self::side_at), and if a file cannot be read.
    pub fn side(&self) -> Result<(Side, Decider)> {
        side::of_working_tree(self)
    }

    /// The CODEOWNERS file in the working tree, or left out of it by a sparse checkout, that one of
    /// `forges` finds; any, if none are given.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or git fails.
    pub fn codeowners(&self, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
        side::find_checked_out(self, forges)
    }

    /// The branch that changes usually go into.
    ///
    /// # Errors
    ///
    /// If there is none of the usual names, or outside git.
    pub fn default_base(&self) -> Result<&'static str> {
        side::default_base(self)
    }
}

impl Revision<'_> {
    /// The CODEOWNERS file that one of `forges` finds in it; any, if none are given.
    ///
    /// # Errors
    ///
    /// If git fails.
    pub fn codeowners(&self, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
        side::find(forges, |path| self.read(path))
    }

    /// The configuration in the commit, with the files below the root; none if there is none.
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
