//! Finds the repository as git does, without starting git.
//!
//! There is one difference. Git accepts any directory with the right entries as a bare repository,
//! and obeys its configuration, which may name programs to run. Somebody can commit such a
//! directory. So a bare repository is accepted only if no working tree contains it, or if `GIT_DIR`
//! names it. That is the rule of git's `safe.bareRepository=explicit`, which all git processes are
//! started with, whatever the user has configured.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{Error, ErrorContext, Result, bail};
use bstr::ByteSlice;

use super::config::{is_absent, read_if_there};
use super::process::Git;
use super::{Env, Repo, config};
use crate::config::CONFIG_NAME;

pub(super) fn discover(start: &Path, env: &Env) -> Result<Repo> {
    let start = canonical(start).with_context(|| format!("cannot enter `{}`", start.display()))?;
    if let Some(named) = &env.git_dir {
        let git_dir = start.join(named);
        let Some(dir) = git_dir_at(&git_dir)? else {
            bail!(
                "GIT_DIR names `{}`, which is not a git repository",
                git_dir.display()
            );
        };
        return open_git(dir, Some(&start), &start, env);
    }
    let mut embedded = None;
    for dir in below_ceilings(&start, &env.ceilings) {
        if let Some(git_dir) = git_dir_at(&dir.join(".git"))? {
            return open_git(git_dir, Some(dir), &start, env);
        }
        // Inside a directory `.git`, use the repository around it.
        if dir.file_name() != Some(OsStr::new(".git")) && is_git_dir(dir) {
            if !is_in_work_tree(dir)? {
                return open_git(dir.to_owned(), None, &start, env);
            }
            embedded.get_or_insert(dir);
        }
    }
    let has_config = |dir: &&Path| dir.join(CONFIG_NAME).is_file();
    match below_ceilings(&start, &env.ceilings).find(has_config) {
        Some(root) => Ok(Repo {
            root: root.to_owned(),
            git: None,
            unsaved: Arc::default(),
        }),
        None => Err(nothing_found(&start, embedded)),
    }
}

fn nothing_found(start: &Path, embedded: Option<&Path>) -> Error {
    match embedded {
        None => Error::NoRepository(format!(
            "no repository: found neither `.git` nor `owners.toml` in `{}` or a directory above \
             it; run inside a repository, or pass `-C DIR`",
            start.display(),
        )),
        Some(bare) => Error::NoRepository(format!(
            "no repository: `{0}` looks like a bare repository, but it is in a working tree, where anybody may have put it; if you trust it, set `GIT_DIR={0}`",
            bare.display(),
        )),
    }
}

/// Opens the repository with its `.git` at `git_dir`, found from `start`. `around` is the directory
/// with the `.git`, or `None` if `start` is inside `git_dir` itself.
fn open_git(git_dir: PathBuf, around: Option<&Path>, start: &Path, env: &Env) -> Result<Repo> {
    let git_dir = canonical(&git_dir).unwrap_or(git_dir);
    let (common_dir, is_linked) = match main_repository_of(&git_dir)? {
        Some(common_dir) => (common_dir, true),
        None => (git_dir.clone(), false),
    };
    let work_tree = match &env.work_tree {
        Some(named) => Some(start.join(named)),
        // A linked worktree shares the configuration, which describes the main working tree.
        None if is_linked => around.map(Path::to_owned),
        None => configured_work_tree(&git_dir, around)?,
    };
    let work_tree = work_tree.map(|top| {
        canonical(&top)
            .with_context(|| format!("cannot enter the working tree `{}`", top.display()))
    });
    let work_tree = work_tree.transpose()?;
    let root = work_tree.clone().unwrap_or_else(|| git_dir.clone());

    // A relative GIT_INDEX_FILE is relative to the directory where git runs: the top of the working
    // tree if called inside it, otherwise `start`.
    let base = if start.starts_with(&root) {
        &root
    } else {
        start
    };
    let is_explicit = env.git_dir.is_some() || env.work_tree.is_some();
    let git = Git {
        index: env.index_file.as_ref().map(|named| base.join(named)),
        is_explicit,
        is_found_inside: around.is_none(),
        cwd: match around {
            Some(around) if !is_explicit => around.to_owned(),
            _ => root.clone(),
        },
        work_tree,
        dir: git_dir,
        common_dir,
    };
    Ok(Repo {
        root,
        git: Some(git),
        unsaved: Arc::default(),
    })
}

/// `core.worktree` or, if that is not set, the directory `around` the repository. `None` for a bare
/// repository.
fn configured_work_tree(git_dir: &Path, around: Option<&Path>) -> Result<Option<PathBuf>> {
    let text = read_if_there(&git_dir.join("config"))?.unwrap_or_default();
    if config::value(&text, "core", "bare").is_some_and(|value| config::is_true(&value)) {
        return Ok(None);
    }
    match config::value(&text, "core", "worktree") {
        Some(named) => {
            let named = named.to_path().context("core.worktree is not UTF-8")?;
            Ok(Some(git_dir.join(named)))
        }
        None => Ok(around.map(Path::to_owned)),
    }
}

/// The git directory at `path`, which may be a directory or a file that names one.
pub(super) fn git_dir_at(path: &Path) -> Result<Option<PathBuf>> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(is_git_dir(path).then(|| path.to_owned())),
        Ok(found) if found.is_file() => {
            let text =
                fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let Some(target) = text.strip_prefix(b"gitdir: ") else {
                bail!(
                    "`{}` is not a gitfile: it lacks `gitdir: PATH`",
                    path.display()
                );
            };
            let target = target.trim_end_with(|c| matches!(c, '\n' | '\r'));
            let target = target
                .to_path()
                .context("the path in a gitfile is not UTF-8")?;
            let dir = path.parent().unwrap_or(path).join(target);
            if !is_git_dir(&dir) {
                bail!(
                    "`{}` points to `{}`, which is not a git repository",
                    path.display(),
                    dir.display()
                );
            }
            Ok(Some(dir))
        }
        Ok(_) => Ok(None),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot look at `{}`", path.display())),
    }
}

/// Whether git accepts a directory as a repository. An empty directory `.git` is not one.
fn is_git_dir(dir: &Path) -> bool {
    if dir.join("HEAD").symlink_metadata().is_err() {
        return false;
    }
    let common_dir = main_repository_of(dir)
        .ok()
        .flatten()
        .unwrap_or_else(|| dir.to_owned());
    common_dir.join("objects").is_dir() && common_dir.join("refs").is_dir()
}

/// Whether a working tree contains `dir`: a directory above has an `owners.toml` or a `.git`, even
/// a broken one. Ceilings do not count, because they limit the search and say nothing about trust.
/// A directory inside a `.git` is in no working tree.
fn is_in_work_tree(dir: &Path) -> Result<bool> {
    for above in dir.ancestors().skip(1) {
        if above.file_name() == Some(OsStr::new(".git")) && is_git_dir(above) {
            return Ok(false);
        }
        let dot_git = above.join(".git");
        match dot_git.symlink_metadata() {
            Ok(_) => return Ok(true),
            Err(error) if is_absent(&error) => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot look at `{}`", dot_git.display()));
            }
        }
        if above.join("owners.toml").is_file() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The main repository of the linked worktree with this `git_dir`.
fn main_repository_of(git_dir: &Path) -> Result<Option<PathBuf>> {
    let Some(text) = read_if_there(&git_dir.join("commondir"))? else {
        return Ok(None);
    };
    let target = text.trim_end_with(|c| matches!(c, '\n' | '\r')).to_path();
    Ok(Some(git_dir.join(
        target.context("the path in `commondir` is not UTF-8")?,
    )))
}

/// `start` and the directories above it, up to but excluding the nearest ceiling above `start`.
fn below_ceilings<'a>(start: &'a Path, ceilings: &[PathBuf]) -> impl Iterator<Item = &'a Path> {
    let ceilings: Vec<PathBuf> = ceilings
        .iter()
        .map(|dir| canonical(dir).unwrap_or_else(|_| dir.clone()))
        .collect();
    let is_ceiling =
        move |dir: &Path| dir != start && ceilings.iter().any(|ceiling| ceiling == dir);
    start.ancestors().take_while(move |&dir| !is_ceiling(dir))
}

/// An absolute path to the directory, as git would print it.
fn canonical(dir: &Path) -> io::Result<PathBuf> {
    if cfg!(windows) {
        // `canonicalize` returns `\\?\C:\…` on Windows, which git does not understand. The current
        // directory may also have this form.
        let dir = std::path::absolute(dir)?;
        let dir = dir.to_str().and_then(without_verbatim).unwrap_or(dir);
        fs::metadata(&dir).map(|_| dir)
    } else {
        fs::canonicalize(dir)
    }
}

/// A path of the form `\\?\C:\x` or `\\?\UNC\server\share\x`, as other programs than Rust's know it.
fn without_verbatim(path: &str) -> Option<PathBuf> {
    let plain = path.strip_prefix(r"\\?\")?;
    match plain.strip_prefix(r"UNC\") {
        Some(share) => Some(format!(r"\\{share}").into()),
        None => (plain.as_bytes().get(1..3) == Some(br":\")).then(|| plain.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::without_verbatim;

    #[test]
    fn verbatim_paths_of_windows() {
        for (path, plain) in [
            (r"\\?\C:\a\b", Some(r"C:\a\b")),
            (r"\\?\UNC\server\share\a", Some(r"\\server\share\a")),
            (r"\\?\Volume{0}\a", None),
            (r"C:\a", None),
            (r"\\server\share", None),
            (r"\\?\C", None),
        ] {
            let found = without_verbatim(path);
            assert_eq!(found.as_deref(), plain.map(Path::new), "{path}");
        }
    }
}
