//! Replaces lines without owners by the paths that they decide.
//!
//! On GitLab, a rule for nobody becomes an exclusion, and no later line can own any of its paths.
//! But in a file written by hand, a line without owners is not final. So if later lines own some of
//! its paths, its rule lists the tracked paths that it decides: files, and directories in which it
//! decides everything. If a later line may own new files in these directories, the rule lists files
//! only.

use rustc_hash::FxHashMap;

use super::ImportError;
use super::kept::{ImportedRule, KeptLine, LineForm};
use crate::codeowners::File;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::pattern::{Gap, Pattern};

/// The maximum number of directories and files of a rule. More would be unreadable.
const MAX_LISTED: usize = 50;

/// For each line without owners, by number, the paths that it decides and that earlier lines own.
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

/// Sets the rules of a line to the paths that it decides.
pub(super) fn to_decided_paths(
    kept: &mut KeptLine<'_>,
    form: LineForm,
    decided: &FxHashMap<usize, Vec<PathId>>,
    paths: &PathSet,
) -> Result<(), ImportError> {
    let lines = [Some(kept.entry.line), kept.joined];
    let mut chosen: Vec<PathId> = lines
        .into_iter()
        .flatten()
        .filter_map(|line| decided.get(&line))
        .flatten()
        .copied()
        .collect();
    chosen.sort_unstable();
    kept.form = form;
    let listed: Vec<&[u8]> = match form {
        LineForm::Files => chosen.iter().map(|&id| &paths[id]).collect(),
        _ => fold(paths, &chosen).iter().map(|each| each.path).collect(),
    };
    if listed.len() > MAX_LISTED {
        return Err(ImportError::Line {
            line: kept.entry.line,
            reason: format!(
                "`{}` has no owners, and later lines own some of the paths that it matches; owners.toml would have to list more than {MAX_LISTED} paths that they do not own",
                kept.text
            ),
        });
    }
    let patterns: Vec<Pattern> = listed.into_iter().map(Pattern::folded).collect();
    let except = match form {
        LineForm::Files => patterns
            .iter()
            .map(|each| each.with_tail(Gap::SOME))
            .collect(),
        _ => Vec::new(),
    };
    kept.is_widened = false;
    kept.rules = if patterns.is_empty() {
        Vec::new()
    } else {
        vec![ImportedRule::new(patterns, except)]
    };
    Ok(())
}
