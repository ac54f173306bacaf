//! `floating-directory`: `docs/` matches every directory called `docs`, although often only one is
//! meant.
//!
//! Only texts without another slash are reported. With `**/docs/`, the author has said that all are
//! meant.

use rustc_hash::FxHashMap;

use super::suggestion::{is_alternative, taken, written};
use super::{Context, Findings, place};
use crate::paths::PathSet;
use crate::pattern::{Gap, Pattern};
use crate::ruleset::LineId;
use crate::text::{Diagnostic, escaped};

/// The maximum number of directories listed.
const MAX_SHOWN: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let rules = &project.rules;
    let mut lines: Vec<(LineId, &[u8])> = Vec::new();
    for (id, line) in rules.lines().with_ids() {
        let text = &rules[line.rule].pattern.value;
        // In a regular expression, `(.*/)?` says it.
        let is_explicit = text.contains("**") || text.contains(".*/");
        if !is_explicit && let Some(name) = floating(&line.pattern) {
            lines.push((id, name.as_bytes()));
        }
    }
    if lines.is_empty() {
        return;
    }
    let directories_by_name = directories_by_name(
        &context.facts.paths,
        lines.iter().map(|&(_, name)| name).collect(),
    );
    let taken = taken(context);
    for (line, name) in lines {
        let Some(directories) = directories_by_name
            .get(name)
            .filter(|directories| directories.count > 1)
        else {
            continue;
        };
        let location = place(project, line);
        let mut diagnostic = Diagnostic::error(format!(
            "`{}/` matches {} of that name",
            escaped(name),
            directories.count_in_words()
        ))
        .at(location.file, location.span, "not anchored");
        for directory in &directories.first {
            diagnostic = diagnostic.note(format!("`{}`", escaped(directory)));
        }
        if directories.count > directories.first.len() {
            let more = directories.count - directories.first.len();
            diagnostic = diagnostic.note(format!("and {more} more"));
        }
        let one = directories.first.iter().min_by_key(|path| path.len());
        let one = one.map(|directory| Pattern::entry(directory).with_tail(Gap::SOME));
        let one = one.filter(|one| !taken.contains(one));
        let all = written(context, line, &Pattern::entry(name).with_tail(Gap::SOME));
        let (write, or) = match is_alternative(context, line) {
            true => ("instead, write a rule for", ", or for"),
            false => ("write", ", or"),
        };
        let one = one.map_or(String::new(), |one| {
            let one = written(context, line, &one);
            format!(" `{one}` to match only that one{or}")
        });
        findings.report(diagnostic.help(format!("{write}{one} `**{all}` to match all of them")));
    }
}

/// The name in a pattern `name/`.
fn floating(pattern: &Pattern) -> Option<&str> {
    match pattern.steps() {
        [only] if pattern.head() == Gap::ANY && only.gap == Gap::SOME => only.glob.as_literal(),
        _ => None,
    }
}

/// The directories with one name.
#[derive(Default)]
struct NamedDirectories {
    count: usize,
    first: Vec<Vec<u8>>,
}

impl NamedDirectories {
    fn count_in_words(&self) -> String {
        match self.count {
            1 => "1 directory".to_string(),
            count => format!("{count} directories"),
        }
    }
}

/// Finds the directories with these names. Each directory is counted once, where the sorted paths
/// enter it.
fn directories_by_name<'n>(
    paths: &PathSet,
    names: Vec<&'n [u8]>,
) -> FxHashMap<&'n [u8], NamedDirectories> {
    let mut found: FxHashMap<&[u8], NamedDirectories> = names
        .into_iter()
        .map(|name| (name, NamedDirectories::default()))
        .collect();
    let mut before: &[u8] = b"";
    for path in paths.iter() {
        let shared = before
            .iter()
            .zip(path)
            .take_while(|(before, path)| before == path)
            .count();
        let mut start = 0;
        for slash in memchr::memchr_iter(b'/', path) {
            // If both paths have a slash in their common prefix, both are in that directory, and it
            // was counted before.
            if slash >= shared
                && let Some(directories) = found.get_mut(&path[start..slash])
            {
                directories.count += 1;
                if directories.first.len() < MAX_SHOWN {
                    directories.first.push(path[..slash].to_vec());
                }
            }
            start = slash + 1;
        }
        before = path;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directory_counts_once() {
        let paths: PathSet = [
            "a/x/1", "a/x/2", "a/x/x/3", "ax/x/4", "x", "y/x/5", "y/x1/x",
        ]
        .into_iter()
        .collect();
        let directories_by_name = directories_by_name(&paths, vec![b"x", b"z"]);
        let shown: Vec<String> = (directories_by_name[&b"x"[..]].first.iter())
            .map(|path| escaped(path))
            .collect();
        assert_eq!(shown, ["a/x", "a/x/x", "ax/x", "y/x"]);
        assert_eq!(directories_by_name[&b"z"[..]].count, 0);
    }
}
