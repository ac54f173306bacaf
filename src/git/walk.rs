//! Lists the files on disk that no `.gitignore` excludes. This is the list of files outside git,
//! and what `--untracked` adds inside git.

use std::path::Path;

use super::error::Result;
use bstr::ByteSlice;

use super::discover;
use crate::paths::{PathKind, PathSet};

/// All files below `root` that are not ignored. `root` is not in a git repository.
pub(super) fn files(root: &Path) -> Result<PathSet> {
    unignored(root, |_| true)
}

/// `tracked`, and all files below `root` that are not ignored, without those of nested
/// repositories.
pub(super) fn with_untracked(root: &Path, tracked: &PathSet) -> Result<PathSet> {
    let submodules: Vec<_> = tracked
        .special()
        .filter(|path| path.kind == PathKind::Submodule)
        .filter_map(|path| Some(root.join(path.bytes.to_path().ok()?)))
        .collect();
    let found = unignored(root, move |dir| {
        !submodules.iter().any(|submodule| submodule == dir)
            && !matches!(discover::git_dir_at(&dir.join(".git")), Ok(Some(_)))
    })?;
    Ok(tracked.union(&found)?)
}

/// The files below `root` that are not ignored. `enter` decides which directories to enter.
#[cfg(not(feature = "walk"))]
fn unignored(root: &Path, _enter: impl Fn(&Path) -> bool) -> Result<PathSet> {
    crate::git::error::bail!(
        "cannot list the files in `{}` that git does not track: this build of the library is without \
         its feature `walk`",
        root.display()
    )
}

/// The files below `root` that are not ignored. `enter` decides which directories to enter.
#[cfg(feature = "walk")]
fn unignored(
    root: &Path,
    enter: impl Fn(&Path) -> bool + Send + Sync + 'static,
) -> Result<PathSet> {
    use crate::git::error::ErrorContext;
    use ignore::{DirEntry, WalkBuilder};

    use super::config;
    use super::relative::slashed;

    let is_dir = |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_dir());
    let walk = WalkBuilder::new(root)
        .hidden(false)
        // Use only what git uses: no `.ignore`, and no `.gitignore` above the root.
        .ignore(false)
        .parents(false)
        .require_git(false)
        .filter_entry(move |entry| {
            entry.depth() == 0
                || entry.file_name() != ".git" && (!is_dir(entry) || enter(entry.path()))
        })
        .build();

    let mut found: Vec<(Vec<u8>, PathKind)> = Vec::new();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            // It was deleted after its directory was listed.
            Err(error) if error.io_error().is_some_and(config::is_absent) => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot list `{}`", root.display()));
            }
        };
        let kind = match entry.file_type() {
            Some(kind) if kind.is_file() => PathKind::File,
            Some(kind) if kind.is_symlink() => PathKind::Symlink,
            _ => continue,
        };
        if let Ok(path) = entry.path().strip_prefix(root) {
            found.push((slashed(path)?, kind));
        }
    }
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut paths = PathSet::default();
    for (path, kind) in &found {
        paths.try_push(path, *kind)?;
    }
    Ok(paths)
}
