//! `unowned-path`: no rule matches a tracked path.
//!
//! A directory in which every path is unowned is one finding, however many files it has. Several
//! findings in one directory are shown together to people.

use std::sync::Arc;

use super::by_hand::line_for_each;
use super::suggestion::Suggester;
use super::{Context, Findings};
use crate::parallel;
use crate::paths::common_prefix;
use crate::paths::folded::{Folded, fold, only_directory};
use crate::text::{Diagnostic, Together, counted, escaped};

/// The number of findings in a chunk. A chunk takes a millisecond.
const CHUNK_FINDINGS: usize = 1000;
/// The maximum number of rules in one help.
const MAX_RULES: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    let unowned = context.new_among(&context.survey.unowned, |before| &before.unowned);
    let folded = fold(paths, &unowned);
    let together = together(context, &folded);
    let all: Vec<_> = folded.into_iter().zip(together).collect();
    let describe_all = |chunk: &[(Folded<'_, '_>, Option<Arc<Together>>)]| -> Vec<Diagnostic> {
        let mut suggester = Suggester::new(context);
        let describe_one = |(each, together): &(Folded<'_, '_>, Option<Arc<Together>>)| {
            describe(context, each, &mut suggester).together(together.clone())
        };
        chunk.iter().map(describe_one).collect()
    };
    for diagnostics in parallel::map_chunks(&all, CHUNK_FINDINGS, describe_all) {
        for diagnostic in diagnostics {
            findings.report(diagnostic);
        }
    }
}

/// The directory of a file or directory, with a trailing slash; empty for the root.
fn parent(path: &[u8]) -> &[u8] {
    up_to_slash(path.strip_suffix(b"/").unwrap_or(path))
}

/// The path up to its last slash.
fn up_to_slash(path: &[u8]) -> &[u8] {
    &path[..memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1)]
}

/// A directory, and the findings to be shown with it, as indices.
struct Directory<'p> {
    path: &'p [u8],
    findings: Vec<usize>,
}

/// What people see each finding with.
///
/// A finding that is alone in its directory is seen with those of the directory above. Example: for
/// `a/b`, `a/c/d` and `e/f/g`, the first two are seen with `a/`, and the last one on its own.
fn together(context: &Context<'_>, folded: &[Folded<'_, '_>]) -> Vec<Option<Arc<Together>>> {
    let mut done: Vec<Directory<'_>> = Vec::new();
    // Each is inside the one before. The findings are sorted, so no other directory gets more.
    let mut open: Vec<Directory<'_>> = Vec::new();
    for (index, each) in folded.iter().enumerate() {
        let path = parent(each.path);
        leave(&mut open, path, &mut done);
        match open.last_mut().filter(|last| last.path == path) {
            Some(last) => last.findings.push(index),
            None => open.push(Directory {
                path,
                findings: vec![index],
            }),
        }
    }
    leave(&mut open, b"", &mut done);
    let mut result = vec![None; folded.len()];
    let mut suggester = Suggester::new(context);
    for directory in done.iter().chain(&open) {
        if directory.findings.len() > 1 {
            let all = directory.findings.iter().map(|&index| &folded[index]);
            let together = Arc::new(together_in(context, directory.path, all, &mut suggester));
            for &index in &directory.findings {
                result[index] = Some(Arc::clone(&together));
            }
        }
    }
    result
}

/// Closes the directories that `next` is not in.
fn leave<'p>(open: &mut Vec<Directory<'p>>, next: &[u8], done: &mut Vec<Directory<'p>>) {
    while let Some(left) = open.pop_if(|last| !next.starts_with(last.path)) {
        if left.findings.len() > 1 {
            done.push(left);
            continue;
        }
        // The nearest directory above that has, or will have, other findings.
        let common = common_prefix(left.path, next);
        let above = up_to_slash(&left.path[..common]);
        match open
            .last_mut()
            .filter(|last| last.path.len() >= above.len())
        {
            Some(last) => last.findings.extend(left.findings),
            None => open.push(Directory {
                path: above,
                findings: left.findings,
            }),
        }
    }
}

/// What people see several findings in a directory with.
fn together_in<'f>(
    context: &Context<'_>,
    directory: &[u8],
    findings: impl Iterator<Item = &'f Folded<'f, 'f>>,
    suggester: &mut Suggester<'_>,
) -> Together {
    let survey = context.survey;
    let help = if directory.is_empty() && survey.owned + survey.nobody > 0 {
        // A rule for every path would be about more than these findings: new paths would no longer
        // be unowned.
        let paths: Vec<&[u8]> = (findings.take(MAX_RULES + 1))
            .map(|each| path_of_rule(context, each))
            .collect();
        suggester.rules_for(&paths, MAX_RULES)
    } else if let Some(by_hand) = &context.project.codeowners
        && let Some(for_each) = line_for_each(by_hand.forge)
    {
        for_each
    } else {
        // Before all other rules, a rule decides exactly the paths that are unowned.
        format!(
            "{}; before all other rules, it takes no path from its owners",
            suggester.rule_for(directory)
        )
    };
    Together {
        directory: directory.to_vec(),
        what: "are unowned".to_string(),
        help,
    }
}

/// The path that a rule for a finding is for. It is a directory if that has only one file: with a rule
/// for the file, the next one would be unowned again.
fn path_of_rule<'p>(context: &'p Context<'_>, folded: &Folded<'p, '_>) -> &'p [u8] {
    let paths = &context.facts.paths;
    let directory = match folded.files {
        [file] if folded.path == &paths[*file] => only_directory(paths, *file),
        _ => None,
    };
    directory.unwrap_or(folded.path)
}

fn describe(
    context: &Context<'_>,
    folded: &Folded<'_, '_>,
    suggester: &mut Suggester<'_>,
) -> Diagnostic {
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
    diagnostic
        .help(suggester.rule_for(path_of_rule(context, folded)))
        .about(path)
}
