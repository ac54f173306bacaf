//! Sections. On GitLab each section asks for an approval of its own. In `owners.toml` a path has
//! one list of owners.
//!
//! If no path is in two sections, the headings can be dropped without a change: the last matching
//! line is then the last one of the only section that matches. This is checked for every tracked
//! path, and then on the patterns, for future paths.

use super::ImportError;
use super::kept::KeptLine;
use crate::codeowners::{File, FileLine};
use crate::paths::PathSet;
use crate::pattern::algebra::{disjoint, intersect, part_ways, witnesses};
use crate::text::escaped;

/// The maximum work of comparing patterns. Only large files with large sections need more, and
/// those overlap on tracked paths.
const MAX_WORK: usize = 3_000_000;
/// The work of a pair of patterns that begin with the same names. Other pairs count as 1.
const PAIR_WORK: usize = 30;

/// Two lines of different sections that may match the same path, but match no tracked path
/// together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Their numbers, ascending.
    pub lines: [usize; 2],
    /// A path that both match. `None` if the search was too much work.
    pub path: Option<String>,
}

/// Checks that the file has the same meaning without its headings, for the tracked paths.
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

/// Checks that no tracked path is in two sections. An exclusion counts as well.
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
                places: [describe(file, other), describe(file, last)],
            });
        }
    }
    Ok(())
}

/// Describes a line with its section.
fn describe(file: &File, entry: &FileLine) -> String {
    let name = &file.sections[entry.section].name;
    let section = match entry.section {
        0 => "before any section".to_string(),
        _ => format!("in [{name}]"),
    };
    format!("`{}` {section}, line {}", entry.text, entry.line)
}

/// The first two lines of different sections that may match the same path.
pub(super) fn overlap(kept: &[KeptLine<'_>]) -> Option<Overlap> {
    let mut work = 0;
    // Neighbouring lines of one section are skipped together.
    let runs: Vec<&[KeptLine<'_>]> = kept
        .chunk_by(|a, b| a.entry.section == b.entry.section)
        .collect();
    let pairs = runs.iter().enumerate().flat_map(|(index, run)| {
        let section = run[0].entry.section;
        let later = runs[index + 1..]
            .iter()
            .filter(move |other| other[0].entry.section != section)
            .flat_map(|other| other.iter());
        run.iter()
            .flat_map(move |a| later.clone().map(move |b| (a, b)))
    });
    for (a, b) in pairs {
        let (first, second) = (a.entry.line, b.entry.line);
        let lines = [first.min(second), first.max(second)];
        let both = |a| b.exact.iter().map(move |b| (a, b));
        for (a, b) in a.exact.iter().flat_map(both) {
            let are_apart = part_ways(a, b);
            work += if are_apart { 1 } else { PAIR_WORK };
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
