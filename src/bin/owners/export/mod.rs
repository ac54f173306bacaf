//! What a configuration means, as data for other programs: `owners export` prints it, and the programs
//! of `owners check --plugin` read it. docs/export.md documents it, and docs/export.schema.json is its
//! schema.

mod model;
mod rows;

pub(crate) use model::Model;
pub(crate) use rows::{Form, Rows};

/// The JSON Schema of what is exported.
pub(crate) const SCHEMA: &str = include_str!("../../../../docs/export.schema.json");
