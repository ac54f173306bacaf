//! The algebra of patterns: what must be true of two patterns in every possible tree.
//!
//! ```text
//! question                                  answer           found by
//! are /docs/ and *.md disjoint?             no               laying one over the other
//! does /docs/ cover /docs/*.md?             yes              laying one over the other
//! do /a/* and /a/*/ together cover /a/?     yes              a search through all paths of /a/
//! what do /docs/ and *.md share?            /docs/**/*.md    a walk over both at once
//! ```
//!
//! # One algebra at two levels
//!
//! A pattern is a sequence of globs with gaps between them, and a glob is a sequence of characters
//! with gaps between them. `sequence` answers the questions for both. They differ only in how two
//! letters compare: characters are equal or have nothing in common; whether two globs overlap, or
//! one includes the other, is the same question one level down. `names` asks it, and remembers the
//! answers.
//!
//! The other files ask about patterns: [`disjoint`](disjoint()), `include` ([`covers`], [`covered_by`]),
//! [`intersect`](intersect()) and `witness` ([`witnesses`], paths to try before a proof).
//!
//! # What an answer means
//!
//! An answer is about paths that nobody has created yet, so it is proven on the patterns. Where the
//! work is bounded, the answer can be "not proven", which is never taken for the contrary. Two kinds
//! of patterns are special:
//!
//! - One that matches nothing (a reader of CODEOWNERS files takes an escaped `/` as a character, which
//!   no name has) has no sequence.
//! - One with a [`Class`](crate::pattern::Class) (`[a-c]`, from a file of GitLab) is compared as if
//!   it had `?` in its place, where that is sound. Otherwise nothing is proven.

mod disjoint;
mod include;
mod intersect;
mod names;
mod samples;
mod sequence;
#[cfg(test)]
mod testing;
mod witness;

pub use disjoint::disjoint;
pub(crate) use disjoint::{disjoint_within, part_ways};
pub use include::{covered_by, covers};
pub(crate) use include::{covers_within, plainly_covers};
pub(crate) use intersect::intersect_within;
pub use intersect::{TooMany, intersect};
pub use witness::witnesses;
pub(crate) use witness::{FRESH, witnesses_of};

/// The budget of a question that brings none of its own.
const WORK: usize = 4_000_000;
