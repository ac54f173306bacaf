//! Counts files and lines by label.

use super::leaf::{LabelId, Size};
use crate::ids::IdVec;

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
