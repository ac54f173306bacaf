//! Texts of users and what is said about them: sources, places in them, diagnostics, escaping.
//!
//! A fault in a user's file and a finding of a lint are the same kind of data, a [`Diagnostic`]. It
//! says what is wrong, where, why, and what to type instead. The program that shows it decides how.

mod decode;
mod diagnostic;
mod escape;
pub mod nearest;
mod source;

pub use diagnostic::{
    Change, Diagnostic, Faults, Fix, Holds, Label, Severity, counted, owners_command, shell_word,
};
pub use escape::{escaped, escaped_except, is_invisible, is_plain};
pub use source::{FileId, Location, Source, Sources};
