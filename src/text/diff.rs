//! Compares two texts line by line.
//!
//! Calls Myers' algorithm of `similar` directly. Choosing an algorithm at run time would add the
//! code of all algorithms to the binary, one megabyte of six.

use std::fmt::Write as _;
use std::ops::Range;

use similar::algorithms::{Capture, Compact, IdentifyDistinct, Replace, myers};
use similar::{ChangeTag, DiffOp, group_diff_ops};

/// The number of equal lines shown before and after a difference.
const CONTEXT: usize = 3;

/// The difference between two texts.
///
/// ```
/// use owners::text::LineDiff;
///
/// let diff = LineDiff::new("a\nb\nc\n", "a\nc\nd\n");
/// assert_eq!(diff.inserted().collect::<Vec<_>>(), [2]);
/// assert_eq!(diff.count(), 2);
/// assert_eq!(diff.hunks(), ["@@ -1,3 +1,3 @@\n a\n-b\n c\n+d\n"]);
/// ```
#[derive(Debug)]
pub struct LineDiff<'t> {
    old: Vec<&'t str>,
    new: Vec<&'t str>,
    steps: Vec<DiffOp>,
}

impl<'t> LineDiff<'t> {
    /// Compares two texts.
    #[must_use]
    pub fn new(old: &'t str, new: &'t str) -> Self {
        let lines = |text: &'t str| text.split_inclusive('\n').collect::<Vec<_>>();
        let (old, new) = (lines(old), lines(new));
        // Number the lines so that equal lines have equal numbers.
        let numbers = IdentifyDistinct::<u32>::new(&old[..], 0..old.len(), &new[..], 0..new.len());
        let (old_numbers, new_numbers) = (numbers.old_lookup(), numbers.new_lookup());
        let mut steps = Compact::new(Replace::new(Capture::new()), old_numbers, new_numbers);
        let Ok(()) = myers::diff(
            &mut steps,
            old_numbers,
            numbers.old_range(),
            new_numbers,
            numbers.new_range(),
        );
        let steps = steps.into_inner().into_inner().into_ops();
        LineDiff { old, new, steps }
    }

    /// The lines of the new text that differ from the old one, as indices.
    pub fn inserted(&self) -> impl Iterator<Item = usize> {
        let differs = |step: &&DiffOp| !matches!(step, DiffOp::Equal { .. });
        self.steps
            .iter()
            .filter(differs)
            .flat_map(DiffOp::new_range)
    }

    /// The number of lines that are in only one of the texts.
    #[must_use]
    pub fn count(&self) -> usize {
        let differs = |step: &&DiffOp| !matches!(step, DiffOp::Equal { .. });
        self.steps
            .iter()
            .filter(differs)
            .map(|step| step.old_range().len() + step.new_range().len())
            .sum()
    }

    /// What is replaced: bytes of the old text, and what the new text has in their place.
    ///
    /// ```
    /// let diff = owners::text::LineDiff::new("a\nb\nc\n", "a\nc\nd\n");
    /// let all: Vec<_> = diff.replaced().collect();
    /// assert_eq!(all, [(2..4, String::new()), (6..6, "d\n".to_string())]);
    /// ```
    pub fn replaced(&self) -> impl Iterator<Item = (Range<usize>, String)> {
        let mut bytes = 0;
        let mut starts: Vec<usize> = vec![0];
        starts.extend(self.old.iter().map(|line| {
            bytes += line.len();
            bytes
        }));
        let differs = |step: &&DiffOp| !matches!(step, DiffOp::Equal { .. });
        self.steps.iter().filter(differs).map(move |step| {
            let old = step.old_range();
            let new = self.new[step.new_range()].concat();
            (starts[old.start]..starts[old.end], new)
        })
    }

    /// The hunks of a unified diff, each with its header.
    #[must_use]
    pub fn hunks(&self) -> Vec<String> {
        let groups = group_diff_ops(self.steps.clone(), CONTEXT);
        let groups = groups.iter().filter(|steps| !steps.is_empty());
        groups.map(|steps| self.hunk(steps)).collect()
    }

    fn hunk(&self, steps: &[DiffOp]) -> String {
        let (first, last) = (&steps[0], &steps[steps.len() - 1]);
        let old = header(first.old_range().start..last.old_range().end);
        let new = header(first.new_range().start..last.new_range().end);
        let mut hunk = format!("@@ -{old} +{new} @@\n");
        for step in steps {
            for (tag, old, new) in step_lines(step) {
                for line in self.old[old].iter().chain(&self.new[new]) {
                    let _ = write!(hunk, "{tag}{line}");
                    if !line.ends_with('\n') {
                        hunk.push_str("\n\\ No newline at end of file\n");
                    }
                }
            }
        }
        hunk
    }
}

/// The lines of a step in the old and the new text, each with its mark.
fn step_lines(step: &DiffOp) -> Vec<(ChangeTag, Range<usize>, Range<usize>)> {
    let (old, new) = (step.old_range(), step.new_range());
    match step {
        DiffOp::Equal { .. } => vec![(ChangeTag::Equal, old, 0..0)],
        _ => vec![
            (ChangeTag::Delete, old, 0..0),
            (ChangeTag::Insert, 0..0, new),
        ],
    }
}

/// The line range in the header of a hunk: the first line, counted from one, and the number of
/// lines. An empty range names the line before it.
fn header(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use similar::TextDiff;

    use super::*;

    /// `similar` writes the same hunks, for texts of every shape.
    #[test]
    fn hunks_are_those_of_similar() {
        let texts = [
            "", "a", "a\n", "a\nb", "a\nb\n", "b\na\n", "a\r\nb\n", "\n\na\n",
        ];
        let long: String = (0..200)
            .map(|line| format!("line {}\n", line % 70))
            .collect();
        let edited = long
            .replace("line 6\n", "")
            .replace("line 60\n", "line x\nline y\n");
        let all: Vec<&str> = texts.into_iter().chain([&*long, &*edited]).collect();
        for old in &all {
            for new in &all {
                let diff = LineDiff::new(old, new);
                let model = TextDiff::from_lines(*old, *new);
                let mut unified = model.unified_diff();
                let unified = unified.context_radius(CONTEXT).iter_hunks();
                let expected: Vec<String> = unified.map(|hunk| hunk.to_string()).collect();
                assert_eq!(diff.hunks(), expected, "{old:?} {new:?}");
                let inserted: Vec<usize> = model
                    .iter_all_changes()
                    .filter(|change| change.tag() == ChangeTag::Insert)
                    .filter_map(|change| change.new_index())
                    .collect();
                assert_eq!(diff.inserted().collect::<Vec<_>>(), inserted);
            }
        }
    }
}
