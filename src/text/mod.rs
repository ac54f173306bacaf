//! Text files of users, and messages about them: sources, locations, diagnostics, escaping.
//!
//! A fault in a user's file and a finding of a lint are both a [`Diagnostic`]. It says what is
//! wrong, where, why, and what to type instead. The program that shows it decides how.

mod boundary;
mod conflict;
pub mod date;
mod decode;
mod diagnostic;
mod diff;
mod escape;
mod fold;
pub mod nearest;
mod source;
pub mod toml;

pub use boundary::{ceil_char_boundary, floor_char_boundary};
pub use conflict::{Conflict, conflicts};
pub use diagnostic::{
    Diagnostic, Faults, Fix, FixAction, Holds, Label, Replacement, Severity, Together, counted,
    listed, owners_command, shell_word,
};
pub use diff::LineDiff;
pub use escape::{escaped, escaped_except, is_invisible, is_plain};
pub use fold::fold_case;
pub use source::{FileId, Location, Source, Sources};
