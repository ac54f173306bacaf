//! Counts files and lines by label.

use std::iter::Sum;

use super::tree::LabelId;
use crate::ids::IdVec;

/// How much something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The number of files.
    pub files: u64,
    /// The number of their lines. 0 if they were not counted.
    pub lines: u64,
}

impl Size {
    fn add(&mut self, other: Size) {
        self.files += other.files;
        self.lines += other.lines;
    }

    pub(super) fn sum(amounts: &[Amount]) -> Size {
        amounts.iter().map(|amount| amount.size).sum()
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Size>>(sizes: I) -> Size {
        let mut all = Size::default();
        sizes.for_each(|size| all.add(size));
        all
    }
}

/// How much of a label there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) label: LabelId,
    pub(super) size: Size,
}

/// A count for each label. It is used again and again, because there may be many labels.
pub(super) struct Counter {
    sizes: IdVec<LabelId, Size>,
    /// The labels that were counted.
    found: Vec<LabelId>,
}

impl Counter {
    pub(super) fn new<T>(labels: &IdVec<LabelId, T>) -> Self {
        Counter {
            sizes: IdVec::filled(labels, Size::default()),
            found: Vec::new(),
        }
    }

    /// Counts files with these labels, and these numbers of lines.
    pub(super) fn add(&mut self, labels: &[LabelId], lines: Option<&[u32]>) {
        for (index, &label) in labels.iter().enumerate() {
            let lines = lines.map_or(0, |lines| lines[index].into());
            self.add_amount(&Amount {
                label,
                size: Size { files: 1, lines },
            });
        }
    }

    pub(super) fn add_amount(&mut self, amount: &Amount) {
        let size = &mut self.sizes[amount.label];
        if size.files == 0 {
            self.found.push(amount.label);
        }
        size.add(amount.size);
    }

    /// The counts, sorted by label. It starts again at nothing.
    pub(super) fn take(&mut self) -> Vec<Amount> {
        let mut found = std::mem::take(&mut self.found);
        found.sort_unstable();
        let take = |label| Amount {
            label,
            size: std::mem::take(&mut self.sizes[label]),
        };
        found.into_iter().map(take).collect()
    }
}
