//! Answers questions about ownership, as data: how a change affects it, who will be requested to
//! review, how it is distributed over the tree, and what the history says about it.

pub mod contributions;
pub mod diff;
pub mod map;
pub mod reviewers;
pub mod risk;
pub mod stats;
pub mod suggest;
