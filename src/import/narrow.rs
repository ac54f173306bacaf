//! Lines without owners, as the paths that they decide.
//!
//! What is nobody's is written as an exclusion, and on GitLab that is for good: no later line can own
//! any of it. In a file that was written by hand, a line without owners is not final. Where later
//! lines own some of what it matches, its rule names what is tracked and left to it: directories in
//! which everything is, and files; or files alone, where a later line may own what is yet to come in
//! these directories.

use rustc_hash::FxHashMap;

use super::ImportError;
use super::kept::{Form, Kept, Rule};
use crate::codeowners::File;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::pattern::{Gap, Pattern};

/// More directories and files than this make a rule that nobody reads.
const MAX_PLACES: usize = 50;

/// The paths that each line without owners decides, and that would have owners without it, by the
/// number of the line.
pub(super) fn decided(file: &File, paths: &PathSet) -> FxHashMap<usize, Vec<PathId>> {
    let mut decided: FxHashMap<usize, Vec<PathId>> = FxHashMap::default();
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    for (id, path) in paths.with_ids() {
        let mut matching = matcher.entries(&mut walk, path);
        let Some(last) = matching.next_back().filter(|last| last.owners.is_empty()) else {
            continue;
        };
        let (mut is_owned, mut is_excluded) = (false, last.is_exclusion);
        for entry in matching {
            is_owned |= !entry.owners.is_empty();
            is_excluded |= entry.is_exclusion;
        }
        if is_owned && !is_excluded {
            decided.entry(last.line).or_default().push(id);
        }
    }
    decided
}

/// Says a line by the paths that it decides.
pub(super) fn to_places(
    kept: &mut Kept<'_>,
    form: Form,
    decided: &FxHashMap<usize, Vec<PathId>>,
    paths: &PathSet,
) -> Result<(), ImportError> {
    let lines = [Some(kept.entry.line), kept.joined];
    let mut chosen: Vec<PathId> = (lines.into_iter().flatten())
        .filter_map(|line| decided.get(&line))
        .flatten()
        .copied()
        .collect();
    chosen.sort_unstable();
    kept.form = form;
    let places: Vec<&[u8]> = match form {
        Form::Files => (chosen.iter()).map(|&id| &paths[id]).collect(),
        _ => fold(paths, &chosen).iter().map(|each| each.path).collect(),
    };
    if places.len() > MAX_PLACES {
        return Err(ImportError::Line {
            line: kept.entry.line,
            reason: format!(
                "`{}` has no owners, and later lines own some of the paths that it matches; owners.toml would have to list more than {MAX_PLACES} paths that they do not own",
                kept.text
            ),
        });
    }
    let patterns = places.into_iter().map(|path| match path {
        [] => Pattern::everything(),
        [.., b'/'] => Pattern::entry(path).with_tail(Gap::SOME),
        _ => Pattern::entry(path),
    });
    let patterns: Vec<Pattern> = patterns.collect();
    let except = match form {
        Form::Files => patterns
            .iter()
            .map(|each| each.with_tail(Gap::SOME))
            .collect(),
        _ => Vec::new(),
    };
    kept.is_widened = false;
    kept.rules = match patterns.is_empty() {
        true => Vec::new(),
        false => vec![Rule::new(patterns, except)],
    };
    Ok(())
}
