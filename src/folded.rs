//! Folding: paths that are reported alike, as the fewest directories that hold nothing else.

use crate::paths::PathSet;

/// Paths that are reported together: one file, or a whole directory.
pub(crate) struct Folded<'s> {
    /// The file, or the directory with a trailing slash; empty for all there is.
    pub(crate) path: Vec<u8>,
    /// What is in it, as indices into the paths.
    pub(crate) files: &'s [u32],
}

/// Groups paths, sorted as the paths are, into the largest directories that hold nothing else.
pub(crate) fn fold<'s>(paths: &PathSet, mut chosen: &'s [u32]) -> Vec<Folded<'s>> {
    let mut folded = Vec::new();
    while let Some(&first) = chosen.first() {
        let path = paths
            .get(first as usize)
            .map_or(&b""[..], |path| path.bytes);
        // What holds the path before as well cannot start here; what does not hold the path behind
        // is nothing to fold. That settles nearly all of them without a search.
        let start = first
            .checked_sub(1)
            .map(|before| shared(paths, before, path));
        let is_followed = chosen.get(1) == Some(&(first + 1));
        let longest = if is_followed {
            shared(paths, first + 1, path)
        } else {
            0
        };
        let directories = std::iter::once(0)
            .chain(memchr::memchr_iter(b'/', path).map(|slash| slash + 1))
            .filter(|&end| start.is_none_or(|start| end > start))
            .take_while(|&end| is_followed && end <= longest)
            .map(|end| &path[..end]);
        let whole = directories.into_iter().find_map(|directory| {
            let count = count_below(paths, directory);
            let last = first as usize + count - 1;
            // The indices are sorted and distinct: if the last is in its place, all are.
            let is_whole = chosen.get(count - 1) == Some(&(last as u32));
            (is_whole && count > 1).then_some((directory, count))
        });
        let (path, count) = whole.unwrap_or((path, 1));
        let (files, rest) = chosen.split_at(count);
        folded.push(Folded {
            path: path.to_vec(),
            files,
        });
        chosen = rest;
    }
    folded
}

/// How many bytes the path at `index` and `path` begin with in common.
fn shared(paths: &PathSet, index: u32, path: &[u8]) -> usize {
    let other = paths
        .get(index as usize)
        .map_or(&b""[..], |path| path.bytes);
    other.iter().zip(path).take_while(|(a, b)| a == b).count()
}

/// How many paths begin with `directory`, by two binary searches.
pub(crate) fn count_below(paths: &PathSet, directory: &[u8]) -> usize {
    let Some((_, stem)) = directory.split_last() else {
        return paths.len();
    };
    // `0` follows `/` in ASCII.
    let behind = [stem, b"0"].concat();
    paths.lower_bound(&behind) - paths.lower_bound(directory)
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
            .map(|each| (String::from_utf8(each.path).unwrap(), each.files.len()))
            .collect();
        assert_eq!(
            folded,
            [("a/b/".into(), 2), ("d/".into(), 3), ("g/1".into(), 1)]
        );
        assert_eq!(fold(&paths, &[0, 1, 2, 3, 4, 5, 6, 7])[0].path, b"");
    }
}
