//! The map of a repository: a tree of what each path has, small enough to be looked at.
//!
//! - [`decisions`](Decisions): what each path has;
//! - [`tree`](fold()): the tree, folded until it fits into a page.

mod counter;
mod decisions;
mod history;
mod labels;
mod leaf;
mod runs;
mod tree;
mod weight;

pub use decisions::{Decision, DecisionId, Decisions, State};
pub use history::{Shares, YEAR, spread};
pub use labels::{Before, Label, Labels, Side};
pub use leaf::{LabelBytes, LabelId, Leaf, Size};
pub use runs::Runs;
pub use tree::{Directory, DirectoryId, Files, Tree, fold};
pub use weight::digits;
