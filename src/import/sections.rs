//! Whether sections that became `[paths]` together may meet in a future path. No tracked path is in two
//! of them, so this looks at their patterns.

use super::kept::KeptLine;
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
