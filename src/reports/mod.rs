//! Answers questions about ownership, as data: how a change affects it, who will be requested to
//! review, and how it is distributed over the tree.

pub mod diff;
pub mod reviewers;
pub mod stats;
