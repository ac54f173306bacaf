//! Sections: on GitLab each of them asks for an approval of its own, and here a path has one answer.
//!
//! Where no path lies in two of them, the last line that matches is that of the only section that
//! has any, so that the headings can go and nothing changes. That is looked at for every tracked
//! path, and then on the patterns, for the paths that may come.

use super::ImportError;
use super::kept::Kept;
use crate::codeowners::{File, FileLine};
use crate::paths::PathSet;
use crate::pattern::algebra::{disjoint, intersect, part_ways, witnesses};
use crate::text::escaped;

/// How much comparing of patterns is done. Only large files with large sections need more, and
/// these overlap on tracked paths.
const MAX_WORK: usize = 3_000_000;
/// What a pair that begins alike counts for; one that does not is compared at a glance.
const PAIR: usize = 30;

/// Two lines of different sections that may match the same path, though no tracked one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Their numbers, the first line first.
    pub lines: [usize; 2],
    /// A path that both match; none if there was too much to compare to find one.
    pub path: Option<String>,
}

/// Demands that the file means the same without its headings, as far as tracked paths tell.
pub(super) fn flatten(file: &File, paths: &PathSet) -> Result<(), ImportError> {
    let mut used: Vec<usize> = file.entries.iter().map(|entry| entry.section).collect();
    used.sort_unstable();
    used.dedup();
    for section in used.iter().map(|&index| &file.sections[index]) {
        let line = section.headings.first().copied().unwrap_or_default();
        let is_more = section.approvals > 1;
        if section.is_optional || is_more {
            return Err(ImportError::Heading {
                line,
                name: section.name.clone(),
                approvals: (!section.is_optional).then_some(section.approvals),
            });
        }
    }
    match used.len() {
        0 | 1 => Ok(()),
        _ => refuse_common_paths(file, paths),
    }
}

/// No tracked path may lie in two sections, and be it only to be excluded from one.
fn refuse_common_paths(file: &File, paths: &PathSet) -> Result<(), ImportError> {
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    for path in paths.iter() {
        let mut matching = matcher.entries(&mut walk, path);
        let Some(last) = matching.next_back() else {
            continue;
        };
        if let Some(other) = matching.rfind(|entry| entry.section != last.section) {
            return Err(ImportError::Sections {
                path: escaped(path),
                places: [place(file, other), place(file, last)],
            });
        }
    }
    Ok(())
}

/// `line 3: /docs/`, and the section that it is in.
fn place(file: &File, entry: &FileLine) -> String {
    let name = &file.sections[entry.section].name;
    let section = match entry.section {
        0 => "before any section".to_string(),
        _ => format!("in [{name}]"),
    };
    format!("`{}` {section}, line {}", entry.text, entry.line)
}

/// The first two of these lines that are in different sections and may meet.
pub(super) fn overlap(kept: &[Kept<'_>]) -> Option<Overlap> {
    let mut work = 0;
    // Lines of one section in a row are passed over together.
    let runs: Vec<&[Kept<'_>]> = kept
        .chunk_by(|a, b| a.entry.section == b.entry.section)
        .collect();
    let pairs = (runs.iter().enumerate()).flat_map(|(index, run)| {
        let section = run[0].entry.section;
        let later = (runs[index + 1..].iter())
            .filter(move |other| other[0].entry.section != section)
            .flat_map(|other| other.iter());
        (run.iter()).flat_map(move |a| later.clone().map(move |b| (a, b)))
    });
    for (a, b) in pairs {
        let (first, second) = (a.entry.line, b.entry.line);
        let lines = [first.min(second), first.max(second)];
        for (a, b) in (a.exact.iter()).flat_map(|a| b.exact.iter().map(move |b| (a, b))) {
            let are_apart = part_ways(a, b);
            work += if are_apart { 1 } else { PAIR };
            if work > MAX_WORK {
                return Some(Overlap { lines, path: None });
            }
            if !are_apart && !disjoint(a, b) {
                let common = intersect(a, b, 100).unwrap_or_default();
                let path = common.iter().find_map(|each| witnesses(each).next());
                return Some(Overlap {
                    lines,
                    path: path.map(|path| escaped(&path)),
                });
            }
        }
    }
    None
}
