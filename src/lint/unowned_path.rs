//! `unowned-path`: a tracked path that nobody has said anything about.
//!
//! A directory without any owned path is one finding, however many files are in it.

use super::{Context, Findings};
use crate::diagnostic::{Diagnostic, FileId, counted, escaped, is_invisible};
use crate::folded::{Folded, count_below, fold};
use crate::paths::PathSet;
use crate::pattern::Pattern;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    let unowned = context.new_among(&context.survey.unowned, |before| &before.unowned);
    for Folded { path, files } in fold(paths, &unowned) {
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
pub(super) fn rule_for(context: &Context<'_>, path: &[u8]) -> String {
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

/// The outermost directory that holds the file at `path` and nothing else.
fn whole_directory<'p>(paths: &PathSet, path: &'p [u8]) -> Option<&'p [u8]> {
    let is_file = !path.is_empty() && !path.ends_with(b"/");
    let mut directories = memchr::memchr_iter(b'/', path).map(|slash| &path[..=slash]);
    is_file.then(|| directories.find(|directory| count_below(paths, directory) == 1))?
}
