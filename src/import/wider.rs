//! Makes patterns for one level (`docs/*`) match everything below, for a forge that has no pattern for one
//! level, if no tracked path makes a difference.

use super::ImportOptions;
use crate::codeowners::File;
use crate::owner::Owner;
use crate::pattern::Pattern;

/// The most lines that are made wider: each takes a look at every path.
const MAX_LINES: usize = 50;

/// The file with wider patterns, and how many there are. `None` if there are none.
pub(super) fn wider(mut file: File, options: ImportOptions<'_>) -> Option<(File, usize)> {
    let abilities = options.forge.dialect.abilities();
    let ends_too_early = |index: &usize| {
        let pattern = file.entries[*index].pattern.as_ref();
        pattern.is_some_and(|pattern| abilities.ends_too_early(pattern))
    };
    let early: Vec<usize> = (0..file.entries.len()).filter(ends_too_early).collect();
    let before = owners(&file, options);
    let mut count = 0;
    for index in early.into_iter().take(MAX_LINES) {
        let wide = file.entries[index]
            .pattern
            .as_ref()
            .map(Pattern::with_all_below);
        let narrow = std::mem::replace(&mut file.entries[index].pattern, wide);
        if owners(&file, options) == before {
            count += 1;
        } else {
            file.entries[index].pattern = narrow;
        }
    }
    (count > 0).then_some((file, count))
}

/// The owners of each tracked path.
fn owners(file: &File, options: ImportOptions<'_>) -> Vec<Vec<Owner>> {
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let paths = options.paths.iter();
    paths
        .map(|path| matcher.all_owners(&mut walk, path))
        .collect()
}
