//! `unowned-path`: a tracked path that nobody has said anything about.
//!
//! A directory without any owned path is one finding, however many files are in it.

use super::{Context, Findings};
use crate::diagnostic::{Diagnostic, FileId, counted, escaped, is_invisible};
use crate::paths::PathSet;
use crate::pattern::Pattern;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    for Folded { path, files } in fold(paths, &context.survey.unowned) {
        let is_directory = path.is_empty() || path.ends_with(b"/");
        let shown = escaped(&path);
        let message = match (path.is_empty(), is_directory) {
            (true, _) => format!("no path is owned: {}", counted(files.len(), "tracked path")),
            (_, true) => format!(
                "nothing in `{shown}` is owned: {}",
                counted(files.len(), "path")
            ),
            (_, false) => format!("`{shown}` has no owner"),
        };
        let mut diagnostic = Diagnostic::error(message);
        if context.is_verbose && is_directory {
            for &index in files {
                let file = paths
                    .get(index as usize)
                    .map_or(&b""[..], |path| path.bytes);
                diagnostic = diagnostic.note(format!("`{}`", escaped(file)));
            }
        }
        // A rule for the file alone would leave the next one in its directory unowned.
        let directory = whole_directory(paths, &path).unwrap_or(&path);
        findings.report(
            diagnostic
                .help(rule_for(context, directory))
                .about(path.clone()),
        );
    }
}

/// A rule that can be pasted.
fn rule_for(context: &Context<'_>, path: &[u8]) -> String {
    let is_plain = |&byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let pattern = if path.is_empty() {
        "*".to_string()
    } else if path.iter().all(is_plain) {
        // What the pattern's normal form comes to, for tens of thousands of paths.
        format!("/{}", escaped(path))
    } else {
        let mut pattern = Pattern::entry(path).to_string();
        if path.ends_with(b"/") {
            pattern.push('/');
        }
        // What cannot be seen, or not be written, is matched by `?`.
        pattern.replace(is_invisible, "?")
    };
    let quote = if pattern.contains(['\\', '"']) && !pattern.contains('\'') {
        '\''
    } else {
        '"'
    };
    let pattern = if quote == '"' {
        pattern.replace('\\', "\\\\").replace('"', "\\\"")
    } else {
        pattern
    };
    // Groups of directories are not visible at the root.
    let group = context
        .project
        .rules
        .groups
        .first()
        .filter(|group| group.location.file == FileId::ROOT)
        .map_or("@org/team", |group| &group.name);
    format!(
        "add a rule under `[paths]`: `{quote}{pattern}{quote} = \"{group}\"`, or `= []` for nobody"
    )
}

/// Unowned paths that are reported together: one file, or a whole directory.
struct Folded<'s> {
    /// The file, or the directory with a trailing slash; empty for all there is.
    path: Vec<u8>,
    /// What is in it, as indices into the paths.
    files: &'s [u32],
}

/// Groups unowned paths, sorted as the paths are, into the largest directories that hold nothing
/// else.
fn fold<'s>(paths: &PathSet, mut unowned: &'s [u32]) -> Vec<Folded<'s>> {
    let mut folded = Vec::new();
    while let Some(&first) = unowned.first() {
        let path = paths
            .get(first as usize)
            .map_or(&b""[..], |path| path.bytes);
        // What holds the path before as well cannot start here; what does not hold the path behind
        // is nothing to fold. That settles nearly all of them without a search.
        let start = first
            .checked_sub(1)
            .map(|before| shared(paths, before, path));
        let is_followed = unowned.get(1) == Some(&(first + 1));
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
            let is_whole = unowned.get(count - 1) == Some(&(last as u32));
            (is_whole && count > 1).then_some((directory, count))
        });
        let (path, count) = whole.unwrap_or((path, 1));
        let (files, rest) = unowned.split_at(count);
        folded.push(Folded {
            path: path.to_vec(),
            files,
        });
        unowned = rest;
    }
    folded
}

/// The outermost directory that holds the file at `path` and nothing else.
fn whole_directory<'p>(paths: &PathSet, path: &'p [u8]) -> Option<&'p [u8]> {
    let is_file = !path.is_empty() && !path.ends_with(b"/");
    let mut directories = memchr::memchr_iter(b'/', path).map(|slash| &path[..=slash]);
    is_file.then(|| directories.find(|directory| count_below(paths, directory) == 1))?
}

/// How many bytes the path at `index` and `path` begin with in common.
fn shared(paths: &PathSet, index: u32, path: &[u8]) -> usize {
    let other = paths
        .get(index as usize)
        .map_or(&b""[..], |path| path.bytes);
    other.iter().zip(path).take_while(|(a, b)| a == b).count()
}

/// How many paths begin with `directory`, by two binary searches.
fn count_below(paths: &PathSet, directory: &[u8]) -> usize {
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
