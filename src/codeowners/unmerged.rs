//! A generated file with a merge conflict in git's index.
//!
//! Git merges line by line, so the first line of a generated file can be merged without a conflict
//! although one side of the file was written by hand. The text with the markers then looks
//! generated. Only the index still has both sides.

use super::is_generated;
use crate::text::conflicts;

/// A side of a merge conflict, with git's name for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeSide {
    /// The branch that is merged into, or rebased onto.
    Ours,
    /// The branch that is merged, or the commit that is rebased.
    Theirs,
}

impl MergeSide {
    /// The name, as in `git checkout --ours`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MergeSide::Ours => "ours",
            MergeSide::Theirs => "theirs",
        }
    }

    /// The number of its stage in the index.
    #[must_use]
    pub fn stage(self) -> &'static str {
        match self {
            MergeSide::Ours => "2",
            MergeSide::Theirs => "3",
        }
    }

    /// The side with this stage. `None` for the common ancestor.
    #[must_use]
    pub fn of_stage(stage: &[u8]) -> Option<Self> {
        let all = [MergeSide::Ours, MergeSide::Theirs];
        all.into_iter()
            .find(|side| side.stage().as_bytes() == stage)
    }
}

/// The merge conflict of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmerged {
    /// Whether the sides have a common ancestor, stage 1.
    pub has_base: bool,
    /// The sides that `owners gen` did not write.
    pub by_hand: Vec<MergeSide>,
}

/// Whether `gen` may overwrite a file with this text: if `owners gen` wrote it or, in a merge
/// conflict, each side of it.
#[must_use]
pub fn may_overwrite(text: &[u8], unmerged: Option<&Unmerged>) -> bool {
    match unmerged {
        Some(unmerged) if !unmerged.by_hand.is_empty() => false,
        Some(_) if !conflicts(text).is_empty() => true,
        _ => is_generated(text),
    }
}
