//! `owners.toml` as it is written: tables and their places in the file, nothing resolved.
//!
//! [`parse`] reads a text into a [`Config`] and reports every fault of form in one go: syntax,
//! types, unknown keys. What names mean (groups, patterns, owners) is the business of
//! [`ruleset`](crate::ruleset).

mod level;
mod read;
mod syntax;
mod text;
mod value;

pub use level::Level;
pub use read::parse;
pub(crate) use syntax::count_tokens;
pub use text::Text;

use std::ops::Range;

use crate::forge::Forge;
use crate::paths::alias;
use crate::text::FileId;

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "owners.toml";

/// Whether some file system takes `name` for [`CONFIG_NAME`].
pub(crate) fn is_config_name(name: &[u8]) -> bool {
    alias::is_alias(name, CONFIG_NAME)
}

/// The JSON Schema (draft 7) of `owners.toml`: its tables, keys and types, for editors that complete
/// and check while somebody types. What names and patterns mean it cannot say.
pub const SCHEMA: &str = include_str!("../../docs/owners.schema.json");

/// A parsed `owners.toml`.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from.
    pub file: FileId,
    /// The directory of that file, relative to the repository root; empty at the root.
    pub directory: String,
    /// `nested`: whether directories may have files of their own, and which may not.
    pub nested: Option<Nested>,
    /// `[groups]`, in document order.
    pub groups: Vec<Group>,
    /// `[paths]`, in document order: by the place of each key in the file.
    pub rules: Vec<RuleEntry>,
    /// `[output]` or `[[output]]`; the default output if there is none.
    pub outputs: Vec<Output>,
    /// `[check] exempt`: patterns of paths that may stay unowned.
    pub exempt: Vec<Text>,
    /// `[check] roster`: the file that names the people who may be in groups.
    pub roster: Option<Text>,
    /// `[check] min-members`: how many people each group must have.
    pub min_members: Option<Minimum>,
    /// `[lints]`, in document order.
    pub lints: Vec<(Text, Level)>,
}

/// The key `nested`, if it allows anything.
#[derive(Clone, Debug, Default)]
pub struct Nested {
    /// Patterns of files that are called `owners.toml` and are something else.
    pub except: Vec<Text>,
}

/// An entry of `[groups]`.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is called.
    pub name: Text,
    /// `team`: the owner that stands for the whole group in the generated file.
    pub team: Option<Text>,
    /// Owners and names of other groups.
    pub members: Vec<Text>,
    /// `description`, for people.
    pub description: Option<String>,
    /// `contact`, for people.
    pub contact: Option<String>,
}

/// An entry of `[paths]`.
#[derive(Clone, Debug)]
pub struct RuleEntry {
    /// The key: a pattern, possibly with alternatives.
    pub pattern: Text,
    /// Owners and names of groups. Empty means deliberately nobody's.
    pub owners: Vec<Text>,
    /// `except`: patterns of paths to which the rule does not apply.
    pub except: Vec<Text>,
    /// The comment lines directly above, without their `#`.
    pub comments: Vec<String>,
    /// The bytes from the key to the end of the value.
    pub span: Range<usize>,
}

/// The least number of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// At least 1.
    pub value: usize,
    /// Where it stands.
    pub span: Range<usize>,
}

/// An entry of `[output]`.
#[derive(Clone, Debug)]
pub struct Output {
    /// The forge to write for.
    pub forge: Forge,
    /// The file to write, relative to the repository root.
    pub file: String,
    /// Where the file is named, or else the output itself; none for the default output.
    pub span: Option<Range<usize>>,
}

impl Default for Output {
    fn default() -> Self {
        let forge = Forge::default();
        Output {
            forge,
            file: forge.default_file.into(),
            span: None,
        }
    }
}
