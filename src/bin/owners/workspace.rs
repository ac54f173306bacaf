//! The context of a command: the current directory, the repository, the configuration.

use std::borrow::Cow;
use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
use owners::Draft;
use owners::PathSet;
use owners::Project;
use owners::config::CONFIG_NAME;
use owners::git::{self, Repo, read_named};
use owners::parallel;
use owners::text::Diagnostic;

use crate::args::Global;
use crate::failure::{Failure, Result};
use crate::here;

/// Leaks the data of a command. Freeing all rules and findings one by one, just before the process
/// ends, takes 4 to 6 % of the processor time of `check` (a million files, 10,000 rules).
pub(crate) fn keep<'k, T: 'k>(value: T) -> &'k T {
    Box::leak(Box::new(value))
}

pub(crate) struct Workspace {
    pub(crate) repo: Repo,
    /// The current directory. Relative paths of the command line are relative to it.
    pub(crate) directory: PathBuf,
    config: Option<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
}

impl Workspace {
    pub(crate) fn new(global: &Global) -> Result<Self> {
        if let Some(directory) = &global.directory {
            env::set_current_dir(directory)
                .with_context(|| format!("cannot change to `{}`", directory.display()))?;
        }
        let directory = env::current_dir().context("cannot find the current directory")?;
        let repo = Repo::discover(&directory)?;
        let outside = global.config.as_deref().filter(|file| {
            let inside = repo.relative(&directory, file);
            inside.is_err()
        });
        let outside = outside.map(|file| here::Outside {
            name: file_name(file),
            path: file.to_string_lossy().into_owned(),
        });
        here::remember(&repo, &directory, outside);
        Ok(Workspace {
            repo,
            directory,
            config: global.config.clone(),
            quiet: global.quiet,
            verbose: global.verbose,
        })
    }

    /// For commands that read no configuration, or several.
    pub(crate) fn forbid_config(&self, why: &str) -> Result<()> {
        match &self.config {
            None => Ok(()),
            Some(_) => Err(Failure::from(
                Diagnostic::error("this command does not take `--config`").note(why),
            )),
        }
    }

    /// Loads the configuration with all nested files.
    pub(crate) fn project(&self) -> Result<Project> {
        let draft = self.draft()?;
        let paths = if draft.is_nested() {
            self.repo.tracked()?
        } else {
            PathSet::default()
        };
        self.finish(draft, &paths)
    }

    /// Loads the configuration and the tracked paths.
    pub(crate) fn project_and_paths(&self) -> Result<(Project, PathSet)> {
        // For a large repository, reading the index and the configuration takes about the same
        // time: a million entries take 21 ms, 10,000 rules 17 ms.
        let configuration = || {
            let draft = self.draft()?;
            if draft.is_nested() {
                return Ok(Err(draft));
            }
            self.finish(draft, &PathSet::default()).map(Ok)
        };
        let (loaded, tracked) = parallel::both(configuration, || self.repo.tracked());
        let loaded: Result<Result<Project, Draft>> = loaded;
        let (loaded, tracked) = (loaded?, tracked?);
        // The index lists the nested files.
        let project = loaded.or_else(|draft| self.finish(draft, &tracked))?;
        Ok((project, tracked))
    }

    /// Loads the configuration and the paths of a commit, if there is one. Otherwise like
    /// [`project_and_paths`](Self::project_and_paths).
    pub(crate) fn project_and_paths_at(&self, rev: Option<&str>) -> Result<(Project, PathSet)> {
        let Some(name) = rev else {
            return self.project_and_paths();
        };
        let revision = self.repo.revision(name)?;
        match revision.project()? {
            Some(project) => Ok((project, revision.paths)),
            None => {
                let message = format!("there is no `{CONFIG_NAME}` in `{name}`");
                Err(Diagnostic::error(message).into())
            }
        }
    }

    /// Loads the part of the configuration that can decide `paths`.
    pub(crate) fn project_for(&self, paths: &[&[u8]]) -> Result<Project> {
        let mut draft = self.draft()?;
        self.repo.add_nested_above(&mut draft, paths)?;
        Ok(draft.finish()?)
    }

    /// Adds the nested files among the tracked `paths` to a configuration.
    pub(crate) fn finish(&self, mut draft: Draft, paths: &PathSet) -> Result<Project> {
        self.repo.add_nested(&mut draft, paths)?;
        Ok(draft.finish()?)
    }

    /// The value of `--config`.
    pub(crate) fn config_argument(&self) -> Option<Cow<'_, str>> {
        self.config.as_deref().map(Path::to_string_lossy)
    }

    /// The path, in the repository, of the file at the root or of the file from `--config`.
    pub(crate) fn config_path(&self) -> git::Result<Vec<u8>> {
        match &self.config {
            None => Ok(CONFIG_NAME.into()),
            Some(file) => self.repo.relative(&self.directory, file),
        }
    }

    /// Reads the file at the root.
    pub(crate) fn draft(&self) -> Result<Draft> {
        let (name, bytes) = match &self.config {
            None => (CONFIG_NAME.to_string(), self.default_config()?),
            Some(file) => {
                let bytes = self.read_named(file).map_err(|error| {
                    error.context(format!(
                        "cannot read the configuration `{}`",
                        file.display()
                    ))
                })?;
                (self.shown_name(file), bytes)
            }
        };
        Ok(owners::draft(&name, bytes)?)
    }

    /// Reads a file from the command line. It may be anywhere. In the repository, a sparse checkout
    /// may leave it out.
    pub(crate) fn read_named(&self, file: &Path) -> git::Result<Vec<u8>> {
        let error = match read_named(file) {
            Ok(text) => return Ok(text),
            Err(error) => error,
        };
        let is_absent = !file.try_exists().unwrap_or(true);
        if let Ok(path) = self.repo.relative(&self.directory, file)
            && is_absent
            && !self.repo.is_bare()
            && let Some(text) = self.repo.read_or_skipped(&path)?
        {
            return Ok(text);
        }
        Err(error)
    }

    fn default_config(&self) -> Result<Vec<u8>> {
        let found = self.repo.read_or_skipped(CONFIG_NAME.as_bytes())?;
        found.ok_or_else(|| {
            let root = self.repo.root().display();
            if self.repo.root().join(CONFIG_NAME).is_symlink() {
                let message = format!("`{CONFIG_NAME}` in `{root}` is a symbolic link to a missing file");
                return Failure::from(Diagnostic::error(message));
            }
            Failure::from(
                Diagnostic::error(format!("there is no `{CONFIG_NAME}` in `{root}`"))
                    .note("it belongs at the root of the repository; `--config FILE` names another")
                    .help("run `owners init`: it imports an existing CODEOWNERS file, or writes a starter"),
            )
        })
    }

    /// The name of a configuration in messages and in the generated file: its path in the
    /// repository, so that the text does not depend on the current directory.
    fn shown_name(&self, file: &Path) -> String {
        match self.repo.relative(&self.directory, file) {
            Ok(path) => owners::text::escaped(&path),
            Err(_) => file_name(file),
        }
    }
}

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}
