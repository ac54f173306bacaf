//! The context of a command: the current directory, the repository, the configuration.

use std::borrow::Cow;
use std::env;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use owners::CodeownersFile;
use owners::Draft;
use owners::Forge;
use owners::PathSet;
use owners::Project;
use owners::config::CONFIG_NAME;
use owners::git::{self, EditLock, Repo, Revision, read_named};
use owners::parallel;
use owners::text::{Diagnostic, escaped};

use crate::args::Global;
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::say;

/// Leaks the data of a command. Freeing all rules and findings one by one, just before the process
/// ends, takes 4 to 6 % of the processor time of `check` (a million files, 10,000 rules).
pub(crate) fn keep<'k, T: 'k>(value: T) -> &'k T {
    Box::leak(Box::new(value))
}

/// What decides who owns the paths, before nested files are added.
enum Decider {
    Config(Draft),
    Codeowners(Project),
}

pub(crate) struct Workspace {
    pub(crate) repo: Repo,
    /// The current directory. Relative paths of the command line are relative to it.
    pub(crate) directory: PathBuf,
    config: Option<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
}

/// Changes to the directory that `-C` names, if any. Returns the current directory.
pub(crate) fn enter(global: &Global) -> Result<PathBuf> {
    if let Some(directory) = &global.directory {
        env::set_current_dir(directory)
            .with_context(|| format!("cannot change to `{}`", directory.display()))?;
    }
    Ok(env::current_dir().context("cannot find the current directory")?)
}

impl Workspace {
    pub(crate) fn new(global: &Global) -> Result<Self> {
        let directory = enter(global)?;
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

    /// Keeps other processes from editing the files of the working tree. Waits for one that does.
    pub(crate) fn lock_edits(&self) -> EditLock {
        self.repo.lock_edits(|| {
            if !self.quiet {
                say(format_args!(
                    "waiting for another `owners` that edits these files"
                ));
            }
        })
    }

    /// Whether the current directory is not the root of the repository.
    pub(crate) fn is_below_root(&self) -> bool {
        self.directory != self.repo.root()
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

    /// Loads the configuration with all nested files. Without one, the CODEOWNERS file decides.
    pub(crate) fn project(&self) -> Result<Project> {
        match self.decider()? {
            Decider::Config(draft) => self.with_nested(draft),
            Decider::Codeowners(project) => Ok(project),
        }
    }

    /// Loads the configuration with all nested files, for what only a configuration can do.
    pub(crate) fn configuration(&self) -> Result<Project> {
        self.with_nested(self.draft()?)
    }

    fn with_nested(&self, draft: Draft) -> Result<Project> {
        let paths = if draft.is_nested() {
            self.repo.tracked()?
        } else {
            PathSet::default()
        };
        self.finish(draft, &paths)
    }

    /// Loads the configuration and the tracked paths. Without a configuration, the CODEOWNERS file
    /// decides.
    pub(crate) fn project_and_paths(&self) -> Result<(Project, PathSet)> {
        // For a large repository, reading the index and the configuration takes about the same
        // time: a million entries take 21 ms, 10,000 rules 17 ms.
        let configuration = || match self.decider()? {
            Decider::Config(draft) if draft.is_nested() => Ok(Err(draft)),
            Decider::Config(draft) => self.finish(draft, &PathSet::default()).map(Ok),
            Decider::Codeowners(project) => Ok(Ok(project)),
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
        let project = project_at(&revision, name)?;
        Ok((project, revision.paths))
    }

    /// Loads the configuration with the nested files among `paths`. Without a configuration, the
    /// CODEOWNERS file decides.
    pub(crate) fn project_with(&self, paths: &PathSet) -> Result<Project> {
        match self.decider()? {
            Decider::Config(draft) => self.finish(draft, paths),
            Decider::Codeowners(project) => Ok(project),
        }
    }

    /// Loads the part of the configuration that can decide `paths`. Without a configuration, the
    /// CODEOWNERS file decides.
    pub(crate) fn project_for(&self, paths: &[&[u8]]) -> Result<Project> {
        match self.decider()? {
            Decider::Config(mut draft) => {
                self.repo.add_nested_above(&mut draft, paths)?;
                Ok(draft.finish()?)
            }
            Decider::Codeowners(project) => Ok(project),
        }
    }

    /// What decides who owns the paths in the working tree.
    fn decider(&self) -> Result<Decider> {
        if self.config.is_some() || self.has_dangling_config() {
            return self.draft().map(Decider::Config);
        }
        if let Some(bytes) = self.repo.read_or_skipped(CONFIG_NAME.as_bytes())? {
            return Ok(Decider::Config(owners::draft(CONFIG_NAME, bytes)?));
        }
        match self.repo.codeowners(&[])? {
            Some(found) if found.is_generated() => Err(self.generated_alone(&found)),
            Some(found) => Ok(Decider::Codeowners(found.project()?)),
            None => Err(self.nothing_decides()),
        }
    }

    /// Adds the nested files among the tracked `paths` to a configuration.
    pub(crate) fn finish(&self, mut draft: Draft, paths: &PathSet) -> Result<Project> {
        self.repo.add_nested(&mut draft, paths)?;
        Ok(draft.finish()?)
    }

    /// The file of `--config`.
    pub(crate) fn config_file(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// The value of `--config`, as text.
    pub(crate) fn config_argument(&self) -> Option<Cow<'_, str>> {
        self.config.as_deref().map(Path::to_string_lossy)
    }

    /// A path of the command line, relative to the root of the repository.
    pub(crate) fn relative(&self, path: &Path) -> Result<Vec<u8>> {
        let directory = match self.repo.is_bare() {
            true => self.repo.root(),
            false => &self.directory,
        };
        self.repo.relative(directory, path).map_err(|error| {
            match self.without_slash(path) {
                Some(meant) => Diagnostic::error(error.to_string())
                    .help(format!(
                        "a path with a slash at its start is not one of the repository: write `{meant}`"
                    ))
                    .into(),
                None => Failure::from(error),
            }
        })
    }

    /// The path without the slash at its start, which a pattern has, if there is something at the root
    /// with its first name. As seen from the current directory.
    fn without_slash(&self, path: &Path) -> Option<String> {
        let rest = path.strip_prefix("/").ok()?;
        let Some(Component::Normal(first)) = rest.components().next() else {
            return None;
        };
        let is_there = self.repo.root().join(first).symlink_metadata().is_ok();
        if !is_there || self.repo.is_bare() {
            return None;
        }
        let mut meant = self.repo.relative(self.repo.root(), rest).ok()?;
        let last = path.as_os_str().as_encoded_bytes().last();
        if last.is_some_and(|&byte| std::path::is_separator(byte.into())) {
            meant.push(b'/');
        }
        Some(here::shown(&meant))
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
        if let Some(found) = self.repo.read_or_skipped(CONFIG_NAME.as_bytes())? {
            return Ok(found);
        }
        let root = self.repo.root().display();
        if self.has_dangling_config() {
            let message =
                format!("`{CONFIG_NAME}` in `{root}` is a symbolic link to a missing file");
            return Err(Failure::from(Diagnostic::error(message)));
        }
        let fault = Diagnostic::error(format!("there is no `{CONFIG_NAME}` in `{root}`"))
            .note("it belongs at the root of the repository; `--config FILE` names another");
        Err(Failure::from(match self.repo.codeowners(&[])? {
            Some(found) if found.is_generated() => return Err(self.generated_alone(&found)),
            Some(found) => fault.help(format!(
                "run `owners init`: it imports `{}`",
                escaped(found.path.as_bytes())
            )),
            None => fault.help("run `owners init`: it writes a starter"),
        }))
    }

    /// The error for a generated file without its `owners.toml`. It does not decide: a check that
    /// passed would hide that `owners.toml` was moved or deleted.
    fn generated_alone(&self, found: &CodeownersFile) -> Failure {
        let fault = Diagnostic::error(format!("there is no `{CONFIG_NAME}`"))
            .note(format!("`{}` was generated from one", found.path));
        let fault = fault.help(self.restore_help());
        Failure::from(fault.help(BY_HAND_AGAIN))
    }

    /// How to restore `owners.toml`: with git, if `HEAD` has it.
    pub(crate) fn restore_help(&self) -> String {
        let exist = self.repo.exist_in_head(&[CONFIG_NAME.into()]);
        if exist.is_ok_and(|exist| exist == [true]) {
            let root = if self.is_below_root() { ":/" } else { "" };
            return format!("restore it: `git checkout HEAD -- {root}{CONFIG_NAME}`");
        }
        "restore it, or name it with `--config FILE`".to_string()
    }

    /// Whether `owners.toml` is a symbolic link to a file that is not there.
    fn has_dangling_config(&self) -> bool {
        let file = self.repo.root().join(CONFIG_NAME);
        file.is_symlink() && !file.exists()
    }

    /// The error for a working tree in which nothing says who owns what.
    fn nothing_decides(&self) -> Failure {
        let root = self.repo.root().display();
        let fault = Diagnostic::error(format!(
            "there is neither `{CONFIG_NAME}` nor a CODEOWNERS file in `{root}`"
        ));
        Failure::from(
            fault
                .note(format!(
                    "`{CONFIG_NAME}` belongs at the root of the repository; `--config FILE` names \
                     another"
                ))
                .note(format!(
                    "a CODEOWNERS file is found where a forge looks for it: {}",
                    in_words(&codeowners_locations())
                ))
                .help(format!(
                    "run `owners init`: it writes a first `{CONFIG_NAME}`, from the history of the \
                     repository"
                )),
        )
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

/// What to do with a generated file if its `owners.toml` is not wanted any more, or lost.
pub(crate) const BY_HAND_AGAIN: &str = "or remove the first two lines of that file, which say that it is generated: then it is a file \
     written by hand, which `owners init` can import";

fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str());
    name.to_string_lossy().into_owned()
}

/// The configuration of a commit. Without one, its CODEOWNERS file decides. `name` is the revision as
/// the user wrote it.
pub(crate) fn project_at(revision: &Revision<'_>, name: &str) -> Result<Project> {
    if let Some(project) = revision.project()? {
        return Ok(project);
    }
    match revision.codeowners(&[])? {
        Some(found) if found.is_generated() => {
            let message = format!("there is no `{CONFIG_NAME}` in `{name}`");
            let note = format!("`{}` was generated from one", found.path);
            let fault = Diagnostic::error(message).note(note);
            Err(fault.help("name a revision that has both").into())
        }
        Some(found) => Ok(found.project()?),
        None => {
            let message =
                format!("there is neither `{CONFIG_NAME}` nor a CODEOWNERS file in `{name}`");
            let places = in_words(&codeowners_locations());
            let note = format!("a CODEOWNERS file is found where a forge looks for it: {places}");
            Err(Diagnostic::error(message).note(note).into())
        }
    }
}

/// Where forges look for CODEOWNERS files, each location once.
fn codeowners_locations() -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    for location in Forge::ALL.iter().flat_map(|forge| forge.locations) {
        if !all.contains(location) {
            all.push(location);
        }
    }
    all
}

fn in_words(places: &[&str]) -> String {
    let quoted: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
    quoted.join(", ")
}
