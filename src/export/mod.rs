//! What a configuration means, as data for other programs: `owners export` prints it, and the programs
//! of `owners check --plugin` read it. docs/export.md documents it, and docs/export.schema.json is its
//! schema. Only with the feature `export`.
//!
//! ```
//! use owners::export::{Form, Model, Rows};
//! use owners::{PathSet, Project};
//!
//! let project = Project::from_text("[groups]\nwasi = '@alice'\n[paths]\n'*' = 'wasi'\n").unwrap();
//! let model = serde_json::to_value(Model::new(&project, None, None)).unwrap();
//! assert_eq!(model["groups"][0]["name"], "wasi");
//! assert_eq!(model["rules"][0]["owners"][0], "@alice");
//!
//! let paths = PathSet::from_iter(["src/lib.rs"]);
//! let rows = Rows {
//!     project: &project,
//!     paths: &paths,
//!     repository: Some("acme/api"),
//!     form: Form::Csv,
//! };
//! let mut text = Vec::new();
//! rows.write(&mut text).unwrap();
//! let row = b"\nacme/api,src/lib.rs,owned,false,@alice,wasi,owners.toml:4,*,,\n";
//! assert!(text.ends_with(row));
//! ```

mod model;
mod required;
mod rows;

pub use model::Model;
pub use required::{Required, formats};
pub use rows::{Form, Rows};

/// The JSON Schema of what is exported.
pub const SCHEMA: &str = include_str!("../../docs/export.schema.json");
