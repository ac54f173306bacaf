//! `owners` turns a declarative `owners.toml` into the CODEOWNERS file that a forge enforces,
//! proves that the two mean the same, and answers questions about ownership.
//!
//! A straight pipeline, each stage a module, data flowing one way:
//!
//! ```text
//! owners.toml ─ config::parse ─▶ Config            tables and places, nothing resolved
//! Config ─ ruleset::resolve ─▶ RuleSet             groups resolved, patterns expanded, in order
//! RuleSet ─ codeowners::render ─▶ text             what `owners gen` writes
//! RuleSet ─ matcher ─ path ─▶ the line that wins   what `owners who` says
//! RuleSet + Facts ─ lint::run ─▶ diagnostics       what `owners check` reports
//! Project + diagnostics ─ fix ─▶ Project           what `owners check --fix` writes
//! ```
//!
//! Everything but [`repo`] is free of input, output and clocks: it takes plain data and returns
//! plain data.
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

mod alias;
pub mod codeowners;
pub mod config;
pub mod diagnostic;
pub mod fix;
mod folded;
pub mod import;
pub mod lint;
pub mod matcher;
pub mod owner;
pub mod ownership_diff;
pub mod parallel;
pub mod paths;
pub mod pattern;
pub mod platform;
pub mod project;
pub mod repo;
pub mod reviewers;
pub mod ruleset;
pub mod starter;
pub mod stats;
pub mod suggest;
pub mod survey;

pub use project::Project;
pub use ruleset::Ownership;
