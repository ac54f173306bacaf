//! `owners` turns a declarative `owners.toml` into the CODEOWNERS file that a forge enforces,
//! proves that the two mean the same, and answers questions about ownership.
//!
//! # The problem
//!
//! A CODEOWNERS file decides who must review a change. It is a list of patterns, and the last match
//! wins. So a new line may silently take paths from a line above it. A misspelled name owns
//! nothing, a directory that moves becomes unowned, and forges read the same pattern in different
//! ways. Nothing reports any of it.
//!
//! With `owners`, rules are written once, in TOML, with groups and exceptions. The file for the
//! forge is generated, then read back to prove that it says what the rules say. Lints report what
//! is wrong with the rules, and where.
//!
//! # The pipeline
//!
//! Each stage is a module, and data flows one way:
//!
//! ```text
//! owners.toml ─ config::parse ─▶ Config            tables and places, nothing resolved
//! Config ─ ruleset::resolve ─▶ RuleSet             groups resolved, patterns expanded, in order
//! RuleSet ─ codeowners::render ─▶ text             what `owners gen` writes
//! RuleSet ─ matcher ─ path ─▶ lines that decide   what `owners who` says
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
//!     "*.rs" = { add = "@org/rust" }
//! "#).unwrap();
//!
//! let matcher = project.rules.matcher();
//! let mut walk = matcher.walk();
//! let Ownership::Owned(owners) = walk.ownership(b"crates/wasi/src/lib.rs") else { panic!() };
//! assert_eq!(owners[0].as_str(), "@alice");
//! assert_eq!(owners[2].as_str(), "@org/rust");
//! ```
//!
//! A [`Repo`](git::Repo) is a repository on disk. It lists the tracked paths, loads the project
//! with its nested files, and gathers the [`Facts`](lint::Facts) for [`check()`].
//! `examples/embed.rs` answers `who` and `check` this way. Only `Repo` and
//! [`Revision`](git::Revision) do input and output. Everything else takes plain data, returns plain
//! data, and reads no clock.
//!
//! # Features
//!
//! - `cli` (default): the command `owners`. A program that embeds the library turns it off.
//! - `live` (default): asks a forge about the owners, for `owners check --live`. Without it, there is no
//!   code that opens a connection.
//! - `lsp` (default): the language server `owners-lsp`.
//! - `export` (part of `cli`): the module `export` writes what a configuration means as JSON and CSV.
//! - `walk` (part of `cli` and `lsp`): lists the files of a directory that is not a git repository. Without
//!   it, [`Repo`](git::Repo) works with git only.
//!
//! # Versions
//!
//! Before 1.0, a release `0.x.0` may change anything in this library; `CHANGELOG.md` says what. A
//! release `0.x.y` changes no public item. Enums of errors are `non_exhaustive`, so a new variant
//! does not count as a change. The text of messages is for people and may change in any release. A
//! program should read the JSON of the commands, which has its own version, and the exit codes.
//! Only a release `0.x.0` raises the minimum version of Rust (`rust-version` in `Cargo.toml`).

mod check;
pub mod codeowners;
pub mod config;
pub mod edit;
#[cfg(feature = "export")]
pub mod export;
mod fix;
mod forge;
pub mod git;
pub mod ide;
mod ids;
pub mod import;
pub mod lint;
#[cfg(feature = "live")]
pub mod live;
mod load;
mod matcher;
mod owner;
#[doc(hidden)]
pub mod parallel;
mod paths;
pub mod pattern;
pub mod people;
mod project;
pub mod reports;
pub mod ruleset;
pub mod text;

pub use check::{Exempted, Fixed, check, check_with, exempt_unowned, fix, fix_one};
pub use fix::{Unproven, without_impossible as without_impossible_fixes};
pub use forge::Forge;
pub use ids::{Id, IdRange, IdVec};
pub use load::{CodeownersFile, Decider, Question, draft};
pub use matcher::{Matcher, Walk};
pub use owner::{Owner, OwnerError, OwnerKind};
pub use paths::{PathId, PathKind, PathSet, PushError, Rename, TrackedPath};
pub use project::{Draft, Handwritten, Project, Unsound};
pub use ruleset::Ownership;
