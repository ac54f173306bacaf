//! Folding: shows paths that are reported together as the fewest directories that hold nothing
//! else.

use crate::ids::Id as _;
use crate::paths::{PathId, PathSet, common_prefix};

/// One file, or one whole directory.
pub(crate) struct Folded<'p, 's> {
    /// The path of the file, or of the directory with a trailing slash. Empty for the root.
    pub(crate) path: &'p [u8],
    /// Its files.
    pub(crate) files: &'s [PathId],
}

/// Groups `chosen`, which is ascending, into the largest directories that hold no other path.
pub(crate) fn fold<'p, 's>(paths: &'p PathSet, mut chosen: &'s [PathId]) -> Vec<Folded<'p, 's>> {
    let mut folded = Vec::new();
    // The length of the run of consecutive chosen paths. A whole directory cannot extend past it.
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

/// The outermost directory, with a trailing slash, whose only file is the path `id`. Never the
/// root.
pub(crate) fn only_directory(paths: &PathSet, id: PathId) -> Option<&[u8]> {
    let path = &paths[id];
    let directory = outermost(paths, path, [id.previous(), Some(id.next())])?;
    if !directory.is_empty() {
        return Some(directory);
    }
    memchr::memchr(b'/', path).map(|slash| &path[..=slash])
}

/// The outermost directory of `path` that holds none of the `others`.
///
/// Paths are sorted. If a path lies between the two `others`, any directory that contains it but
/// neither of them holds only paths between them. So two comparisons are enough, and no search is
/// needed.
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
