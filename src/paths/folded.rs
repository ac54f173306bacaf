//! Folding: paths that are reported alike, as the fewest directories that hold nothing else.

use crate::paths::{PathSet, common_prefix};

/// Paths that are reported together: one file, or a whole directory.
pub(crate) struct Folded<'p, 's> {
    /// The file, or the directory with a trailing slash; empty for all there is.
    pub(crate) path: &'p [u8],
    /// What is in it, as indices into the paths.
    pub(crate) files: &'s [u32],
}

/// Groups paths, sorted as the paths are, into the largest directories that hold nothing else.
pub(crate) fn fold<'p, 's>(paths: &'p PathSet, mut chosen: &'s [u32]) -> Vec<Folded<'p, 's>> {
    let mut folded = Vec::new();
    // What is chosen without a path left out between: no directory that is whole reaches further.
    let mut run = 0;
    while let Some(&first) = chosen.first() {
        if run == 0 {
            run = 1 + chosen
                .windows(2)
                .take_while(|two| two[0] + 1 == two[1])
                .count();
        }
        let first = first as usize;
        let path = bytes(paths, first);
        let around = [first.checked_sub(1), Some(first + run)];
        let directory = outermost(paths, path, around);
        let count = directory.map_or(0, |directory| {
            let is_inside = |&index: &u32| bytes(paths, index as usize).starts_with(directory);
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

/// The outermost directory that holds the path at `index` and nothing else: with a trailing slash,
/// and never the root.
pub(crate) fn only_directory(paths: &PathSet, index: usize) -> Option<&[u8]> {
    let path = bytes(paths, index);
    let directory = outermost(paths, path, [index.checked_sub(1), Some(index + 1)])?;
    if !directory.is_empty() {
        return Some(directory);
    }
    memchr::memchr(b'/', path).map(|slash| &path[..=slash])
}

/// The outermost directory of `path` that holds neither of the `others`.
///
/// Paths are sorted: what is between these two and in no directory with them is all that the
/// directory holds. This costs two comparisons, where a search would cost many.
fn outermost<'p>(paths: &PathSet, path: &'p [u8], others: [Option<usize>; 2]) -> Option<&'p [u8]> {
    let others = others.into_iter().flatten().filter_map(|at| paths.get(at));
    let Some(longest) = others.map(|other| common_prefix(other.bytes, path)).max() else {
        return Some(&[]);
    };
    let slash = memchr::memchr(b'/', &path[longest..])?;
    Some(&path[..=longest + slash])
}

fn bytes(paths: &PathSet, index: usize) -> &[u8] {
    paths.get(index).map_or(&[], |path| path.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_the_largest_directories() {
        let paths: PathSet = ["a/b/1", "a/b/2", "a/c", "d/1", "d/e/1", "d/e/2", "f", "g/1"]
            .into_iter()
            .collect();
        let folded: Vec<_> = fold(&paths, &[0, 1, 3, 4, 5, 7])
            .into_iter()
            .map(|each| (String::from_utf8_lossy(each.path), each.files.len()))
            .collect();
        assert_eq!(
            folded,
            [("a/b/".into(), 2), ("d/".into(), 3), ("g/1".into(), 1)]
        );
        assert_eq!(fold(&paths, &[0, 1, 2, 3, 4, 5, 6, 7])[0].path, b"");
    }
}
