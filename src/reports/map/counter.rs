//! Counts files and lines by label.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

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

impl Add for Size {
    type Output = Size;

    fn add(self, other: Size) -> Size {
        Size {
            files: self.files + other.files,
            lines: self.lines + other.lines,
        }
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Size) {
        *self = *self + other;
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Size>>(sizes: I) -> Size {
        sizes.fold(Size::default(), Add::add)
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

    pub(super) fn add(&mut self, label: LabelId, size: Size) {
        let known = &mut self.sizes[label];
        if known.files == 0 {
            self.found.push(label);
        }
        *known += size;
    }

    /// The counts, sorted by label. It starts again at nothing.
    pub(super) fn take(&mut self) -> Vec<Amount> {
        self.found.sort_unstable();
        let take = |label| Amount {
            label,
            size: std::mem::take(&mut self.sizes[label]),
        };
        self.found.drain(..).map(take).collect()
    }
}
