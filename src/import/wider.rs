//! Makes patterns for one level (`docs/*`) match everything below, for a forge that has no pattern for one
//! level, if no tracked path makes a difference.

use super::ImportOptions;
use crate::codeowners::File;
use crate::owner::Owner;
use crate::pattern::Pattern;

/// The most lines that are made wider: for each, every path is looked at.
const MAX_LINES: usize = 50;

/// The file with wider patterns, and how many there are. `None` if there are none.
pub(super) fn wider(mut file: File, options: ImportOptions<'_>) -> Option<(File, usize)> {
    let abilities = options.forge.dialect.abilities();
    let early = file
        .entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| {
            let pattern = entry.pattern.clone()?;
            abilities
                .ends_too_early(&pattern)
                .then_some((index, pattern))
        });
    let early: Vec<(usize, Pattern)> = early.take(MAX_LINES).collect();
    let mut count = 0;
    for (index, narrow) in early {
        let wide = narrow.with_all_below();
        let is_new = |path: &&[u8]| wide.matches(path) && !narrow.matches(path);
        let new: Vec<&[u8]> = options.paths.iter().filter(is_new).collect();
        let before = owners(&file, &new);
        file.entries[index].pattern = Some(wide);
        if owners(&file, &new) == before {
            count += 1;
        } else {
            file.entries[index].pattern = Some(narrow);
        }
    }
    (count > 0).then_some((file, count))
}

/// The owners of some paths, which are in order.
fn owners(file: &File, paths: &[&[u8]]) -> Vec<Vec<Owner>> {
    if paths.is_empty() {
        return Vec::new();
    }
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let paths = paths.iter();
    paths
        .map(|path| matcher.all_owners(&mut walk, path))
        .collect()
}
