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
//! Everything but [`git`] and [`load`] is free of input, output and clocks: it takes plain data and returns
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

pub mod check;
pub mod codeowners;
pub mod config;
pub mod fix;
pub mod forge;
pub mod git;
pub mod ids;
pub mod import;
pub mod lint;
pub mod load;
pub mod matcher;
pub mod owner;
pub mod parallel;
pub mod paths;
pub mod pattern;
pub mod project;
pub mod reports;
pub mod ruleset;
pub mod text;

pub use project::Project;
pub use ruleset::Ownership;
