//! `owners` turns a declarative `owners.toml` into the CODEOWNERS file that a forge enforces,
//! proves that the two mean the same, and answers questions about ownership.
//!
//! # The problem
//!
//! A CODEOWNERS file decides who must review a change. It is a list of patterns of which the last
//! match wins, so a line that is added below may silently take what a line above had. A name with a
//! typing error owns nothing, a directory that moves is owned by nobody, and forges read the same
//! pattern in different ways. Nothing reports any of it.
//!
//! Here, rules are written once, in TOML, with groups and exceptions. The file for the forge is
//! generated, and read back to prove that it says what the rules say. Lints report what is wrong
//! with the rules, with the place in the file.
//!
//! # The pipeline
//!
//! Each stage is a module, and data flows one way:
//!
//! ```text
//! owners.toml ─ config::parse ─▶ Config            tables and places, nothing resolved
//! Config ─ ruleset::resolve ─▶ RuleSet             groups resolved, patterns expanded, in order
//! RuleSet ─ codeowners::render ─▶ text             what `owners gen` writes
//! RuleSet ─ matcher ─ path ─▶ the line that wins   what `owners who` says
//! RuleSet + Facts ─ check ─▶ diagnostics           what `owners check` reports
//! Project + diagnostics ─ fix ─▶ Project           what `owners check --fix` writes
//! ```
//!
//! # Using it
//!
//! A [`Project`] is a configuration that is loaded and resolved. It needs no repository:
//!
//! ```
//! use owners::{Ownership, Project};
//!
//! let project = Project::from_text(r#"
//!     [groups]
//!     wasi = ["@alice", "@bob"]
//!
//!     [paths]
//!     "*" = "@org/team"
//!     "crates/<wasi,wasi-http>" = "wasi"
//! "#).unwrap();
//!
//! let line = project.rules.matcher().decide(b"crates/wasi/src/lib.rs");
//! let Ownership::Owned(owners) = project.rules.ownership(line) else { panic!() };
//! assert_eq!(owners[0].as_str(), "@alice");
//! ```
//!
//! A [`Repo`](git::Repo) is a repository on disk: it lists the tracked paths, loads the project with
//! its nested files, and gathers the [`Facts`](lint::Facts) that [`check()`] looks at.
//! `examples/embed.rs` answers `who` and `check` so. Everything but the methods of `Repo` and
//! [`Revision`](git::Revision) is free of input, output and clocks: it takes plain data and returns
//! plain data.
//!
//! # Features
//!
//! - `cli` (default): the command `owners`. A program that embeds the library turns it off.
//! - `walk` (part of `cli`): lists files that git does not track. Without it, [`Repo`](git::Repo)
//!   lists what git tracks, and no more.
//!
//! # Versions
//!
//! Before 1.0, a release `0.x.0` may change anything in this library, and `CHANGELOG.md` says what; a
//! release `0.x.y` changes no public item. Enums of errors are `non_exhaustive`, so that a new variant
//! is no such change. The text of messages is for people, and may change in any release; what a
//! program should read is the JSON of the commands, which has a version of its own, and exit codes.
//! The minimum version of Rust (`rust-version` in `Cargo.toml`) is raised in a release `0.x.0` only.

mod check;
pub mod codeowners;
pub mod config;
mod fix;
mod forge;
pub mod git;
mod ids;
pub mod import;
pub mod lint;
mod load;
mod matcher;
mod owner;
#[doc(hidden)]
pub mod parallel;
mod paths;
pub mod pattern;
mod project;
pub mod reports;
pub mod ruleset;
pub mod text;

pub use check::{Fixed, check, fix};
pub use fix::Unproven;
pub use forge::Forge;
pub use ids::{Id, IdRange, IdVec};
pub use load::{CodeownersFile, Decider, draft};
pub use matcher::{Matcher, Walk};
pub use owner::{Owner, OwnerError, OwnerKind};
pub use paths::{PathId, PathKind, PathSet, PushError, TrackedPath};
pub use project::{Draft, Project, Unsound};
pub use ruleset::Ownership;
