//! Shortens the list of paths that somebody reviews: whole directories of a change instead of their files.

use bstr::ByteSlice;

use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet, common_prefix};

/// A path of a change, or a directory in which all changed paths are listed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedPath {
    /// The path. A directory has a trailing slash.
    pub path: Vec<u8>,
    /// The number of paths.
    pub paths: usize,
}

/// Folds some paths of a change into directories that contain no other path of the change. Splits
/// directories as long as the result has at most `limit` entries. A single directory is always split,
/// so the result does not depend on the depth at which the paths are.
///
/// ```
/// use owners::PathSet;
/// use owners::reports::reviewers::places;
///
/// let change: PathSet = ["a/b/1", "a/b/2", "a/c", "d/1", "d/2"].into_iter().collect();
/// let some: Vec<_> = change.ids().iter().take(4).collect();
/// let shown = |limit| -> Vec<(String, usize)> {
///     let text = |path| String::from_utf8(path).unwrap();
///     places(&change, &some, limit).into_iter().map(|index| (text(index.path), index.paths)).collect()
/// };
/// assert_eq!(shown(2), [("a/".into(), 3), ("d/1".into(), 1)]);
/// assert_eq!(shown(3), [("a/b/".into(), 2), ("a/c".into(), 1), ("d/1".into(), 1)]);
/// assert_eq!(shown(4).len(), 4);
/// ```
#[must_use]
pub fn places(change: &PathSet, some: &[PathId], limit: usize) -> Vec<FoldedPath> {
    let folded = fold(change, some);
    let mut places: Vec<PathRun<'_>> = folded
        .iter()
        .map(|each| PathRun::new(change, each.files))
        .collect();
    loop {
        let is_only = places.len() == 1;
        if places.len() >= limit && !is_only {
            break;
        }
        let mut by_size: Vec<usize> = (0..places.len()).collect();
        by_size.sort_by_key(|&index| std::cmp::Reverse(places[index].files.len()));
        let split = by_size.into_iter().find_map(|index| {
            let runs = places[index].runs(change);
            let is_more = runs.len() > 1;
            // Always split the only entry, because it says nothing, whatever its depth.
            let fits = places.len() + runs.len() - 1 <= limit || is_only;
            (is_more && fits).then_some((index, runs))
        });
        let Some((index, runs)) = split else { break };
        places.splice(index..=index, runs);
    }
    let places = places.into_iter().map(|run| FoldedPath {
        path: run.path.to_vec(),
        paths: run.files.len(),
    });
    places.collect()
}

/// Neighbouring paths of a change.
struct PathRun<'p> {
    /// The path, or the innermost directory that contains all paths.
    path: &'p [u8],
    /// The paths.
    files: &'p [PathId],
}

impl<'p> PathRun<'p> {
    fn new(change: &'p PathSet, files: &'p [PathId]) -> Self {
        let name = |file: Option<&PathId>| file.map_or(&[][..], |&file| &change[file]);
        let (first, last) = (name(files.first()), name(files.last()));
        let path = if files.len() > 1 {
            // All paths between two sorted paths share their common prefix.
            let common = &first[..common_prefix(first, last)];
            &first[..common.rfind_byte(b'/').map_or(0, |slash| slash + 1)]
        } else {
            first
        };
        PathRun { path, files }
    }

    /// Splits the paths by the children of the directory.
    fn runs(&self, change: &'p PathSet) -> Vec<PathRun<'p>> {
        if self.files.len() < 2 {
            return Vec::new();
        }
        let child = |&file: &PathId| {
            let rest = &change[file][self.path.len()..];
            &rest[..rest.find_byte(b'/').unwrap_or(rest.len())]
        };
        let children = self.files.chunk_by(|a, b| child(a) == child(b));
        children.map(|files| PathRun::new(change, files)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same files below another directory are folded in the same way.
    #[test]
    fn folding_does_not_depend_on_the_depth() {
        let names = (0..12).flat_map(|n| [format!("d{n:02}/a"), format!("d{n:02}/b")]);
        let names: Vec<String> = names
            .chain(["x/y/z/1", "x/y/z/2"].map(String::from))
            .collect();
        for limit in [1, 5, 10, 13, 14, 20, 30] {
            let folded = |above: &str| -> Vec<(String, usize)> {
                let change: PathSet = names.iter().map(|name| format!("{above}{name}")).collect();
                let all: Vec<PathId> = change.ids().iter().collect();
                let places = places(&change, &all, limit).into_iter();
                let shown = places.map(|place| {
                    let path = String::from_utf8(place.path).unwrap();
                    (path.strip_prefix(above).unwrap().to_string(), place.paths)
                });
                shown.collect()
            };
            let at_root = folded("");
            assert!(at_root.len() > 1);
            for above in ["top/", "a/b/c/d/"] {
                assert_eq!(folded(above), at_root, "{limit} {above}");
            }
        }
    }
}
