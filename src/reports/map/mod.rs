//! The map of a repository: a tree of what each path has, small enough to be looked at.
//!
//! - [`decisions`](Decisions): what each path has;
//! - [`labels`](Labels): the same as leaves of the map have it, compared with another tree or not;
//! - [`fold`](fold()): the [tree](Tree), folded until it fits into a page;
//! - [`history`](Shares): how many paths had what at other commits.

mod counter;
mod decisions;
mod fold;
mod history;
mod labels;
mod leaf;
mod runs;
mod tree;
mod weight;

pub use decisions::{Decision, DecisionId, Decisions, State};
pub use fold::fold;
pub use history::{Shares, YEAR, spread};
pub use labels::{Before, Label, Labels, Side, ids_of_both};
pub use leaf::{LabelBytes, LabelId, Leaf, Size};
pub use runs::Runs;
pub use tree::{Directory, DirectoryId, Files, Tree};
pub use weight::digits;
