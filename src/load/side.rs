//! The sides of a comparison: who owns what in a commit, and in the index and working tree.

use crate::codeowners::{self, File};
use crate::forge::Forge;
use crate::git::error::{Context, Error, Result, bail};
use crate::git::skipped::LeftOut;
use crate::git::{Repo, Revision};
use crate::reports::diff::Side;

/// A CODEOWNERS file where a forge finds it.
#[derive(Clone, Debug)]
pub struct CodeownersFile {
    /// Where it is.
    pub path: String,
    /// The forge that finds it there.
    pub forge: Forge,
    /// What stands in it.
    pub text: Vec<u8>,
}

impl CodeownersFile {
    /// What the forge makes of it. Bytes that are not UTF-8 are replaced: they are in no owner.
    ///
    /// # Errors
    ///
    /// If it is [too large](codeowners::ensure_readable).
    pub fn read(&self) -> Result<File> {
        let text = String::from_utf8_lossy(&self.text);
        codeowners::ensure_readable(&text)
            .map_err(|fault| Error::Refused(format!("line {}: {fault}", fault.line)))
            .with_context(|| format!("`{}` is too large", self.path))?;
        Ok(codeowners::read(&text, self.forge))
    }
}

/// What decides who owns the paths of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// Its `owners.toml`.
    Config,
    /// Without one, its CODEOWNERS file, of this name.
    File(String),
    /// It has neither.
    Nothing,
}

/// Looks for a CODEOWNERS file with `read`: for one of `forges` or, if none are given, of any.
pub(super) fn find(
    forges: &[Forge],
    mut read: impl FnMut(&[u8]) -> Result<Option<Vec<u8>>>,
) -> Result<Option<CodeownersFile>> {
    let mut forges = forges.to_vec();
    if forges.is_empty() {
        // `CODEOWNERS` at the root may be anybody's; a marker says whose it is.
        let (mut marked, mut others) = (Vec::new(), Vec::new());
        for &forge in Forge::ALL {
            let is_marked = match forge.marker {
                Some(marker) => read(marker.as_bytes())?.is_some(),
                None => false,
            };
            if is_marked { &mut marked } else { &mut others }.push(forge);
        }
        forges.extend(marked.into_iter().chain(others));
    }
    for forge in forges {
        for path in forge.locations {
            if let Some(text) = read(path.as_bytes())? {
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

/// Looks for a CODEOWNERS file in the working tree, and in what a sparse checkout leaves out of it.
pub(super) fn find_checked_out(repo: &Repo, forges: &[Forge]) -> Result<Option<CodeownersFile>> {
    let all = Forge::ALL.iter();
    let places = all.flat_map(|forge| forge.locations.iter().chain(&forge.marker));
    let mut left_out = LeftOut::among(repo, places.map(|place| place.as_bytes()));
    find(forges, |path| match repo.read(path)? {
        Some(text) => Ok(Some(text)),
        None => left_out.read(path),
    })
}

/// A commit.
pub(super) fn of_revision(revision: &Revision<'_>) -> Result<(Side, Decider)> {
    let paths = revision.paths.clone();
    if let Some(project) = revision.project()? {
        return Ok((Side::of_rules(&project.rules, paths), Decider::Config));
    }
    Ok(match revision.codeowners(&[])? {
        Some(found) => (
            Side::of_file(&found.read()?, paths),
            Decider::File(found.path),
        ),
        None => (Side::without_rules(paths), Decider::Nothing),
    })
}

/// The index, with the configuration in the working tree.
pub(super) fn of_working_tree(repo: &Repo) -> Result<(Side, Decider)> {
    let paths = repo.tracked()?;
    if let Some(project) = repo.project(&paths)? {
        return Ok((Side::of_rules(&project.rules, paths), Decider::Config));
    }
    Ok(match find_checked_out(repo, &[])? {
        Some(found) => (
            Side::of_file(&found.read()?, paths),
            Decider::File(found.path),
        ),
        None => (Side::without_rules(paths), Decider::Nothing),
    })
}

/// What a change usually goes into.
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
