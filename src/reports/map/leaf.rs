//! The leaves of a tree: files, and files that are combined.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use crate::ids::id;

id! {
    /// What a leaf has. Leaves of a directory with the same label may be combined.
    pub struct LabelId;
}

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

/// How many bytes a label takes in a leaf: its decision, which is left out if it is the usual one of the
/// directory, and what else it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelBytes {
    /// The decision.
    pub decision: usize,
    /// The rest.
    pub more: usize,
}

/// A file, or several of the same directory and of those below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'p> {
    /// The name of the file. `None` if several are combined.
    pub name: Option<&'p [u8]>,
    /// What they have.
    pub label: LabelId,
    /// How much that is.
    pub size: Size,
}
