//! Lists the files on disk that are not ignored: what `--untracked` adds to the tracked files, and
//! all files outside git.

use std::path::Path;

use super::error::Result;
use bstr::ByteSlice;

use super::process::{self, Git};
use crate::paths::{PathKind, PathSet};

/// `tracked`, and the files of the working tree that are neither tracked nor ignored, as git lists
/// them: without those of submodules and nested repositories.
pub(super) fn with_untracked(git: &Git, root: &Path, tracked: &PathSet) -> Result<PathSet> {
    let mut command = git.command();
    // Git lists only what is below the directory where it runs.
    command.arg("-C").arg(root);
    command.args([
        "ls-files",
        "--others",
        "--exclude-standard",
        "--full-name",
        "-z",
    ]);
    let listing = process::output(&mut command)?;
    let mut found = Vec::new();
    for path in listing.split(|&byte| byte == 0) {
        // A nested repository is listed as a directory.
        if path.is_empty() || path.ends_with(b"/") {
            continue;
        }
        let on_disk = path.to_path().ok().map(|path| root.join(path));
        let metadata = on_disk.and_then(|path| path.symlink_metadata().ok());
        let kind = match metadata.map(|metadata| metadata.file_type()) {
            Some(kind) if kind.is_symlink() => PathKind::Symlink,
            Some(_) => PathKind::File,
            // It was deleted after it was listed.
            None => continue,
        };
        found.push((path.to_vec(), kind));
    }
    Ok(tracked.union(&sorted(found)?)?)
}

/// The paths as a set.
fn sorted(mut found: Vec<(Vec<u8>, PathKind)>) -> Result<PathSet> {
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut paths = PathSet::default();
    for (path, kind) in &found {
        paths.try_push(path, *kind)?;
    }
    Ok(paths)
}

/// All files below `root` that are not ignored. `root` is not in a git repository.
#[cfg(not(feature = "walk"))]
pub(super) fn files(root: &Path) -> Result<PathSet> {
    crate::git::error::bail!(
        "cannot list the files in `{}`, which is not a git repository: this build of the library is \
         without its feature `walk`",
        root.display()
    )
}

/// All files below `root` that are not ignored. `root` is not in a git repository.
#[cfg(feature = "walk")]
pub(super) fn files(root: &Path) -> Result<PathSet> {
    use crate::git::error::ErrorContext;
    use ignore::WalkBuilder;

    use super::config;
    use super::relative::slashed;

    let walk = WalkBuilder::new(root)
        .hidden(false)
        // Use only what git uses: no `.ignore`, and no `.gitignore` above the root.
        .ignore(false)
        .parents(false)
        .require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git")
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
    sorted(found)
}
