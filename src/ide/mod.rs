//! What an editor asks about a place in `owners.toml`, or in a CODEOWNERS file that is written by
//! hand: what stands there, what could stand there, where else it stands.
//!
//! A language server turns these answers into its protocol. There is none of it here: places are
//! bytes of a text, and answers are plain data.
//!
//! # Two kinds of knowledge
//!
//! What stands where is read from the text alone, as it is now: [`Document`]. So it is there on
//! every key stroke, and in a file that is broken at the place where somebody types. What it means
//! (what a pattern decides, who is in a group) is known of the latest texts without errors:
//! [`Known`]. Rules and groups of the two are brought together by their place if the texts are
//! equal, or else by their name.
//!
//! # Cost
//!
//! No answer takes work in proportion to files × rules. Counts come from the
//! [survey](crate::ruleset::survey) that the lints need anyway. A hover on a pattern decides the paths
//! that it matches once more.

mod by_hand;
mod complete;
mod document;
mod effect;
mod groups;
mod hints;
mod hover;
mod known;
mod markup;
mod navigate;
mod outline;
mod pages;
mod rename;
mod schema;
mod scope;
mod symbols;
#[cfg(test)]
mod testing;
mod token;
mod toml;

pub use complete::{Completion, CompletionKind, Completions};
pub use document::Document;
pub use hints::Hint;
pub use hover::Hover;
pub use known::{Known, Place};
pub use markup::Markup;
pub use pages::lint_page;
pub use rename::{DocumentEdits, Edit, Renamable};
pub use symbols::{Fold, FoldKind, Symbol, SymbolKind};
pub use token::{PatternOf, Quote, Role, Table, Token};

use crate::paths::PathSet;

/// What an editor knows of a repository.
#[derive(Clone, Debug)]
pub struct Analysis<'a> {
    /// The files of the configuration as they are now, the one at the root first. Or the CODEOWNERS
    /// file.
    pub documents: Vec<&'a Document>,
    /// The tracked paths.
    pub paths: &'a PathSet,
    /// What is known of the latest texts without errors, and of these paths.
    pub known: Option<Known<'a>>,
}
