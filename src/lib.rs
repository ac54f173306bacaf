//! `owners` turns a declarative `owners.toml` into the CODEOWNERS file that a forge enforces.

pub mod paths;
pub mod pattern;
pub mod repo;
