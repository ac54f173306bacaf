//! `unowned-path`: no rule matches a tracked path.
//!
//! A directory in which every path is unowned is one finding, however many files it has. Several
//! findings in one directory are shown together to people.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::by_hand::line_for_each;
use super::{Context, Findings, suggestion};
use crate::parallel;
use crate::paths::folded::{Folded, fold, only_directory};
use crate::text::{Diagnostic, Together, counted, escaped};

/// The number of findings in a chunk. A chunk takes a millisecond.
const CHUNK_FINDINGS: usize = 1000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    let unowned = context.new_among(&context.survey.unowned, |before| &before.unowned);
    let folded = fold(paths, &unowned);
    let together = by_directory(context, &folded);
    let describe_all = |folded: &[Folded<'_, '_>]| -> Vec<Diagnostic> {
        let describe_one = |each: &Folded<'_, '_>| {
            let together = together.get(parent(each.path)).cloned();
            describe(context, each).together(together)
        };
        folded.iter().map(describe_one).collect()
    };
    for diagnostics in parallel::map_chunks(&folded, CHUNK_FINDINGS, describe_all) {
        for diagnostic in diagnostics {
            findings.report(diagnostic);
        }
    }
}

/// The directory of a file or directory, with a trailing slash; empty for the root.
fn parent(path: &[u8]) -> &[u8] {
    let name = path.strip_suffix(b"/").unwrap_or(path);
    &path[..memchr::memrchr(b'/', name).map_or(0, |slash| slash + 1)]
}

/// What people see the findings with, by the directory of each.
///
/// A finding that is alone in its directory is seen with those of the directory above. Example: for
/// `a/b`, `a/c/d` and `e/f/g`, the first two are seen with `a/`, and the last one on its own.
fn by_directory<'p>(
    context: &Context<'_>,
    folded: &[Folded<'p, '_>],
) -> FxHashMap<&'p [u8], Arc<Together>> {
    let depth = |directory: &[u8]| memchr::memchr_iter(b'/', directory).count();
    // How many findings are seen with each directory, by its depth.
    let mut levels: Vec<FxHashMap<&[u8], usize>> = vec![FxHashMap::default()];
    for each in folded.iter().filter(|each| !each.path.is_empty()) {
        let directory = parent(each.path);
        let level = depth(directory);
        levels.resize_with(levels.len().max(level + 1), FxHashMap::default);
        *levels[level].entry(directory).or_default() += 1;
    }
    let mut above: FxHashMap<&[u8], &[u8]> = FxHashMap::default();
    for level in (1..levels.len()).rev() {
        let alone = levels[level].iter().filter(|(_, count)| **count == 1);
        let alone: Vec<&[u8]> = alone.map(|(directory, _)| *directory).collect();
        for directory in alone {
            *levels[level - 1].entry(parent(directory)).or_default() += 1;
            above.insert(directory, parent(directory));
        }
    }
    let mut known: FxHashMap<&[u8], Arc<Together>> = FxHashMap::default();
    let mut result = FxHashMap::default();
    for each in folded {
        let mut directory = parent(each.path);
        while let Some(next) = above.get(directory) {
            directory = next;
        }
        let is_shared = levels[depth(directory)]
            .get(directory)
            .is_some_and(|&count| count > 1);
        if is_shared {
            let together = known.entry(directory);
            let together = together.or_insert_with(|| Arc::new(together_in(context, directory)));
            result.insert(parent(each.path), Arc::clone(together));
        }
    }
    result
}

fn together_in(context: &Context<'_>, directory: &[u8]) -> Together {
    let by_hand = context.project.codeowners.as_ref();
    let for_each = by_hand.and_then(|by_hand| line_for_each(by_hand.forge));
    Together {
        directory: directory.to_vec(),
        // Before all other rules, a rule decides exactly the paths that are unowned.
        help: for_each.unwrap_or_else(|| {
            format!(
                "{}; before all other rules, it takes no path from its owners",
                suggestion::rule_for(context, directory)
            )
        }),
    }
}

fn describe(context: &Context<'_>, folded: &Folded<'_, '_>) -> Diagnostic {
    let paths = &context.facts.paths;
    let Folded { path, files } = *folded;
    let shown = escaped(path);
    let is_directory = path.is_empty() || path.ends_with(b"/");
    let message = match (path.is_empty(), is_directory) {
        (true, _) => format!(
            "every path is unowned: {}",
            counted(files.len(), "tracked path")
        ),
        (_, true) => format!(
            "every path in `{shown}` is unowned: {}",
            counted(files.len(), "path")
        ),
        (_, false) => ["`", &shown, "` is unowned"].concat(),
    };
    let mut diagnostic = Diagnostic::error(message);
    if context.is_verbose && is_directory {
        for &file in files {
            diagnostic = diagnostic.note(format!("`{}`", escaped(&paths[file])));
        }
    }
    // Suggest a rule for the directory. With a rule for one file, the next file in its directory
    // would be unowned again.
    let directory = match files {
        [file] if !is_directory => only_directory(paths, *file),
        _ => None,
    };
    diagnostic
        .help(suggestion::rule_for(context, directory.unwrap_or(path)))
        .about(path)
}
