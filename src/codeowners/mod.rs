//! CODEOWNERS files: written from rules, read back, and proved to mean the same.
//!
//! [`render`] is the one function that produces the text; `gen` writes it, `check` compares with
//! it. [`read`] takes any file as its forge takes it. [`proof`] reads the one with the other.

pub mod github;
pub mod proof;
mod read;
mod render;

pub use read::{Entry, LineFault, read};
pub use render::{Inexact, Rendered, is_generated, render, same_text};
