//! Questions about who owns what, answered as data: what a change means for ownership, whom it asks
//! for a review, and how ownership is spread over the tree.

pub mod diff;
pub mod reviewers;
pub mod stats;
