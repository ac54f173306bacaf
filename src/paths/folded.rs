//! Folding: paths that are reported alike, as the fewest directories that hold nothing else.

use crate::ids::Id as _;
use crate::paths::{PathId, PathSet, common_prefix};

/// Paths that are reported together: one file, or a whole directory.
pub(crate) struct Folded<'p, 's> {
    /// The file, or the directory with a trailing slash; empty for all there is.
    pub(crate) path: &'p [u8],
    /// What is in it.
    pub(crate) files: &'s [PathId],
}

/// Groups paths, sorted as the paths are, into the largest directories that hold nothing else.
pub(crate) fn fold<'p, 's>(paths: &'p PathSet, mut chosen: &'s [PathId]) -> Vec<Folded<'p, 's>> {
    let mut folded = Vec::new();
    // What is chosen without a path left out between: no directory that is whole reaches further.
    let mut run = 0;
    while let Some(&first) = chosen.first() {
        if run == 0 {
            run = 1 + chosen
                .windows(2)
                .take_while(|two| two[0].next() == two[1])
                .count();
        }
        let path = &paths[first];
        let around = [first.previous(), Some(chosen[run - 1].next())];
        let directory = outermost(paths, path, around);
        let count = directory.map_or(0, |directory| {
            let is_inside = |&id: &PathId| paths[id].starts_with(directory);
            chosen[..run].partition_point(is_inside)
        });
        let (path, count) = match directory {
            Some(directory) if count > 1 => (directory, count),
            _ => (path, 1),
        };
        let (files, rest) = chosen.split_at(count);
        folded.push(Folded { path, files });
        run -= count;
        chosen = rest;
    }
    folded
}

/// The outermost directory that holds a path and nothing else: with a trailing slash,
/// and never the root.
pub(crate) fn only_directory(paths: &PathSet, id: PathId) -> Option<&[u8]> {
    let path = &paths[id];
    let directory = outermost(paths, path, [id.previous(), Some(id.next())])?;
    if !directory.is_empty() {
        return Some(directory);
    }
    memchr::memchr(b'/', path).map(|slash| &path[..=slash])
}

/// The outermost directory of `path` that holds neither of the `others`.
///
/// Paths are sorted: what is between these two and in no directory with them is all that the
/// directory holds. This costs two comparisons, where a search would cost many.
fn outermost<'p>(paths: &PathSet, path: &'p [u8], others: [Option<PathId>; 2]) -> Option<&'p [u8]> {
    let others = others.into_iter().flatten().filter_map(|id| paths.get(id));
    let Some(longest) = others.map(|other| common_prefix(other, path)).max() else {
        return Some(&[]);
    };
    let slash = memchr::memchr(b'/', &path[longest..])?;
    Some(&path[..=longest + slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_the_largest_directories() {
        let paths: PathSet = ["a/b/1", "a/b/2", "a/c", "d/1", "d/e/1", "d/e/2", "f", "g/1"]
            .into_iter()
            .collect();
        let some = [0, 1, 3, 4, 5, 7].map(PathId::from_index);
        let folded: Vec<_> = fold(&paths, &some)
            .into_iter()
            .map(|each| (String::from_utf8_lossy(each.path), each.files.len()))
            .collect();
        assert_eq!(
            folded,
            [("a/b/".into(), 2), ("d/".into(), 3), ("g/1".into(), 1)]
        );
        assert_eq!(
            fold(&paths, &paths.ids().iter().collect::<Vec<_>>())[0].path,
            b""
        );
    }
}
