//! The sides of a comparison: the owners in a commit, or in the index and the working tree.

use crate::codeowners::{self, File, TooLarge};
use crate::forge::Forge;
use crate::git::error::{Error, Result, bail};
use crate::git::skipped::SkippedFiles;
use crate::git::{Repo, Revision};
use crate::paths::PathSet;
use crate::project::Project;
use crate::reports::diff::Side;

/// A CODEOWNERS file at a location of a forge.
#[derive(Clone, Debug)]
pub struct CodeownersFile {
    /// The path.
    pub path: String,
    /// The forge that finds it there.
    pub forge: Forge,
    /// The content.
    pub text: Vec<u8>,
}

impl CodeownersFile {
    /// Whether `owners gen` wrote it.
    #[must_use]
    pub fn is_generated(&self) -> bool {
        codeowners::is_generated(&self.text)
    }

    /// The lines of the file as the rules of a project.
    ///
    /// # Errors
    ///
    /// If it is [too large](codeowners::ensure_readable).
    pub fn project(&self) -> Result<Project> {
        Project::from_codeowners(&self.path, &self.text, self.forge)
            .map_err(|fault| self.refused(&fault))
    }

    fn refused(&self, fault: &TooLarge) -> Error {
        Error::Refused(format!("line {}: {fault}", fault.line))
            .context(format!("`{}` is too large", self.path))
    }

    /// Reads the file like its forge. Bytes that are not UTF-8 are replaced, because no owner
    /// contains them.
    ///
    /// # Errors
    ///
    /// If it is [too large](codeowners::ensure_readable).
    pub fn read(&self) -> Result<File> {
        let text = String::from_utf8_lossy(&self.text);
        codeowners::ensure_readable(&text).map_err(|fault| self.refused(&fault))?;
        Ok(codeowners::read(&text, self.forge))
    }
}

/// What decides the owners in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// Its `owners.toml`.
    Config,
    /// Its CODEOWNERS file at this path, because it has no `owners.toml`.
    File(String),
    /// Nothing: it has neither file.
    Nothing,
}

/// Looks for a CODEOWNERS file with `read`: one for `forges` or, if that is empty, for any forge.
/// `has_directory` says whether a directory at the root exists.
pub(super) fn find(
    forges: &[Forge],
    mut read: impl FnMut(&[u8]) -> Result<Option<Vec<u8>>>,
    has_directory: impl Fn(&str) -> bool,
) -> Result<Option<CodeownersFile>> {
    let is_any = forges.is_empty();
    let mut forges = forges.to_vec();
    // The forges that nothing speaks for but the text of the file.
    let mut unmarked = Vec::new();
    if is_any {
        // Several forges use `CODEOWNERS` at the root. A marker file tells which forge it is.
        let (mut marked, mut others) = (Vec::new(), Vec::new());
        for &forge in Forge::ALL {
            let is_marked = match forge.marker {
                Some(marker) => read(marker.as_bytes())?.is_some(),
                None => false,
            };
            if is_marked { &mut marked } else { &mut others }.push(forge);
        }
        if marked.is_empty() {
            unmarked.clone_from(&others);
        }
        forges.extend(marked.into_iter().chain(others));
    }
    for forge in forges {
        for path in forge.locations {
            if let Some(text) = read(path.as_bytes())? {
                let claims =
                    |other: &&Forge| other.locations.contains(path) && other.dialect.claims(&text);
                let mut forge = unmarked.iter().find(claims).copied().unwrap_or(forge);
                if is_any {
                    let mut others = Forge::ALL.iter();
                    let own = |other: &&Forge| looks_further(**other, forge, &has_directory);
                    forge = others.find(own).copied().unwrap_or(forge);
                }
                return Ok(Some(CodeownersFile {
                    path: (*path).to_string(),
                    forge,
                    text,
                }));
            }
        }
    }
    Ok(None)
}

/// Whether a forge looks in all places of `forge`, and then in a directory of its own, which exists.
fn looks_further(other: Forge, forge: Forge, has_directory: impl Fn(&str) -> bool) -> bool {
    let more = other.locations.strip_prefix(forge.locations);
    let directory = other.default_file.rsplit_once('/').map(|(name, _)| name);
    more.is_some_and(|more| !more.is_empty()) && directory.is_some_and(has_directory)
}

/// Looks for a CODEOWNERS file in the working tree, and among the files that a sparse checkout
/// leaves out.
pub(super) fn find_checked_out(repo: &Repo, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
    let all = Forge::ALL.iter();
    let places = all.flat_map(|forge| forge.locations.iter().chain(&forge.marker));
    let mut skipped = SkippedFiles::among(repo, places.map(|place| place.as_bytes()));
    let read = |path: &[u8]| match repo.read(path)? {
        Some(text) => Ok(Some(text)),
        None => skipped.read(path),
    };
    let is_directory = |name: &str| {
        let found = repo.root().join(name).symlink_metadata();
        found.is_ok_and(|found| found.is_dir())
    };
    find(forges, read, is_directory)
}

/// The side of an `owners.toml`.
fn of_project(project: &Project, paths: PathSet) -> Result<Side> {
    Side::of_project(project, paths).map_err(|fault| Error::Refused(fault.to_string()))
}

/// The side of a commit.
pub(super) fn of_revision(revision: &Revision<'_>) -> Result<(Side, Decider)> {
    let paths = revision.paths.clone();
    if let Some(project) = revision.project()? {
        return Ok((of_project(&project, paths)?, Decider::Config));
    }
    Ok(match revision.codeowners(&[])? {
        Some(found) => (
            Side::of_file(&found.read()?, paths),
            Decider::File(found.path),
        ),
        None => (Side::without_rules(paths), Decider::Nothing),
    })
}

/// The side of the index, with the configuration in the working tree.
pub(super) fn of_working_tree(repo: &Repo) -> Result<(Side, Decider)> {
    let paths = repo.tracked()?;
    if let Some(project) = repo.project(&paths)? {
        return Ok((of_project(&project, paths)?, Decider::Config));
    }
    Ok(match find_checked_out(repo, &[])? {
        Some(found) => (
            Side::of_file(&found.read()?, paths),
            Decider::File(found.path),
        ),
        None => (Side::without_rules(paths), Decider::Nothing),
    })
}

/// What decides in a commit: its `owners.toml` or, if there is none, its CODEOWNERS file. Without either,
/// there are no rules.
pub(super) fn deciding_at(revision: &Revision<'_>) -> Result<(Project, Decider)> {
    if let Some(project) = revision.project()? {
        return Ok((project, Decider::Config));
    }
    of_found(revision.codeowners(&[])?)
}

/// What decides in the working tree.
pub(super) fn deciding(repo: &Repo, paths: &PathSet) -> Result<(Project, Decider)> {
    if let Some(project) = repo.project(paths)? {
        return Ok((project, Decider::Config));
    }
    of_found(find_checked_out(repo, &[])?)
}

fn of_found(found: Option<CodeownersFile>) -> Result<(Project, Decider)> {
    Ok(match found {
        Some(found) => (found.project()?, Decider::File(found.path)),
        None => (Project::without_rules(), Decider::Nothing),
    })
}

/// The usual base branch of a change.
pub(super) fn default_base(repo: &Repo) -> Result<&'static str> {
    for name in ["origin/HEAD", "main", "master"] {
        if Revision::exists(repo, name)? {
            return Ok(name);
        }
    }
    if repo.is_shallow()? {
        bail!(
            "there is neither `origin/HEAD` nor `main` nor `master` in this shallow clone: name the \
             branch that the change goes into, and fetch it, with `fetch-depth: 0` in \
             actions/checkout or `git fetch --unshallow`"
        );
    }
    bail!(
        "there is neither `origin/HEAD` nor `main` nor `master`: name the branch that the change goes into"
    )
}
