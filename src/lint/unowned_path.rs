//! `unowned-path`: no rule matches a tracked path.
//!
//! A directory in which every path is unowned is one finding, however many files it has.

use super::{Context, Findings};
use crate::parallel;
use crate::paths::folded::{Folded, fold, only_directory};
use crate::pattern::Pattern;
use crate::text::{Diagnostic, FileId, counted, escaped, is_invisible};

/// The number of findings in a chunk. A chunk takes a millisecond.
const CHUNK_FINDINGS: usize = 1000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    let unowned = context.new_among(&context.survey.unowned, |before| &before.unowned);
    let folded = fold(paths, &unowned);
    let describe_all = |folded: &[Folded<'_, '_>]| -> Vec<Diagnostic> {
        folded.iter().map(|each| describe(context, each)).collect()
    };
    for diagnostics in parallel::map_chunks(&folded, CHUNK_FINDINGS, describe_all) {
        for diagnostic in diagnostics {
            findings.report(diagnostic);
        }
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
        .help(rule_for(context, directory.unwrap_or(path)))
        .about(path)
}

/// A help with a rule that can be pasted.
pub(super) fn rule_for(context: &Context<'_>, path: &[u8]) -> String {
    // Groups of nested files are not visible at the root.
    let groups = context.project.rules.groups();
    let group = groups
        .iter()
        .next()
        .filter(|group| group.location.file == FileId::ROOT);
    let group = group.map_or("@org/team", |group| &group.name);
    let key = key_for(path);
    // Name the root file, because the pattern would mean something else in a nested one.
    let table = if context.project.nested.is_empty() {
        "`[paths]`"
    } else {
        &format!(
            "`[paths]` of `{}`",
            context.project.sources[FileId::ROOT].name
        )
    };
    let parts = [
        "add a rule under ",
        table,
        ": `",
        &key,
        " = \"",
        group,
        "\"`, or `= []` for nobody",
    ];
    parts.concat()
}

/// The TOML key of a rule for a file, or for a directory with its slash.
fn key_for(path: &[u8]) -> String {
    let is_plain = |&byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if path.is_empty() {
        return r#""*""#.to_string();
    }
    // A shortcut with the same result, for tens of thousands of paths.
    if path.iter().all(is_plain) {
        return ["\"/", &String::from_utf8_lossy(path), "\""].concat();
    }
    let mut pattern = Pattern::entry(path).to_string();
    if path.ends_with(b"/") {
        pattern.push('/');
    }
    // `?` matches characters that are invisible or cannot be written.
    let pattern = pattern.replace(is_invisible, "?");
    if pattern.contains(['\\', '"']) && !pattern.contains('\'') {
        return format!("'{pattern}'");
    }
    format!("\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""))
}
