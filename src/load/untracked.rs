//! Looks for files called `owners.toml` that git does not track.
//!
//! Listing all untracked files would take longer than all lints together. So this module looks only
//! into directories with tracked files, from the root down, and only into so many.

use std::collections::VecDeque;

use crate::config::CONFIG_NAME;
use crate::git::Repo;
use crate::git::error::Result;
use crate::ids::Id as _;
use crate::lint::UntrackedConfig;
use crate::paths::PathSet;

/// The maximum number of directories looked into. A thousand take a millisecond.
const MAX_DIRECTORIES: usize = 250;
/// The maximum number of entries of directories passed over to find their directories.
const MAX_ENTRIES: usize = 20_000;

/// The files that are not among the tracked `paths`.
pub(super) fn configs(repo: &Repo, paths: &PathSet) -> Result<Vec<UntrackedConfig>> {
    if !repo.is_git() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for directory in directories(paths) {
        let path = [&directory, CONFIG_NAME.as_bytes()].concat();
        let is_file = |path: &[u8]| -> Result<bool> {
            let found = repo.join(path)?.symlink_metadata();
            Ok(found.is_ok_and(|found| found.is_file()))
        };
        if !paths.contains(&path) && is_file(&path)? {
            found.push(path);
        }
    }
    let names: Vec<&[u8]> = found.iter().map(Vec::as_slice).collect();
    let ignored = repo.ignored(&names)?;
    let found = found.into_iter().zip(ignored);
    let found = found.map(|(path, is_ignored)| UntrackedConfig { path, is_ignored });
    Ok(found.collect())
}

/// The directories below the root, with a slash at the end, those near the root first.
fn directories(paths: &PathSet) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut open = VecDeque::from([Vec::new()]);
    let mut entries_left = MAX_ENTRIES;
    while let Some(above) = open.pop_front() {
        let mut id = paths.lower_bound(&above);
        while let Some(path) = paths.get(id)
            && let Some(rest) = path.strip_prefix(&above[..])
        {
            if entries_left == 0 || found.len() == MAX_DIRECTORIES {
                return found;
            }
            entries_left -= 1;
            let Some(slash) = memchr::memchr(b'/', rest) else {
                id = id.next();
                continue;
            };
            let directory = path[..=above.len() + slash].to_vec();
            // `0` follows `/` in ASCII, so this is behind all paths below the directory.
            let behind = [&directory[..directory.len() - 1], b"0"].concat();
            id = paths.lower_bound(&behind);
            open.push_back(directory.clone());
            found.push(directory);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_root_down() {
        let paths: PathSet = ["a/b/c", "a-b/d", "a/e", "f/g/h/i", "x"].iter().collect();
        let found: Vec<String> = (directories(&paths).into_iter())
            .map(|directory| String::from_utf8(directory).unwrap())
            .collect();
        assert_eq!(found, ["a-b/", "a/", "f/", "a/b/", "f/g/", "f/g/h/"]);
    }

    #[test]
    fn not_more_than_the_limit() {
        let paths: PathSet = (0..3000).map(|number| format!("{number}/a")).collect();
        assert_eq!(directories(&paths).len(), MAX_DIRECTORIES);
        let paths: PathSet = (0..30_000).map(|number| format!("{number}")).collect();
        assert_eq!(directories(&paths).len(), 0);
    }
}
