//! `owners.toml` as written: tables with their location in the file, nothing resolved.
//!
//! [`parse`] reads a text into a [`Config`]. It reports all faults of form in one run: syntax,
//! types, unknown keys. The meaning of names (groups, patterns, owners) is checked by
//! [`ruleset`](crate::ruleset).

mod approvals;
pub(crate) mod edit;
mod file_name;
mod groups;
mod level;
mod meta;
mod outputs;
mod places;
mod read;
mod requirements;
mod roster;
mod rules;
mod syntax;
mod team_ids;
mod text;
mod value;

pub use crate::forge::TeamIds;
pub(crate) use groups::check_group_name;
pub use level::Level;
pub use meta::{Float, Table, Value};
pub use read::parse;
pub(crate) use syntax::count_tokens;
pub use team_ids::team_ids;
pub use text::Text;

use std::ops::Range;

use crate::forge::Forge;
use crate::paths::alias;
use crate::text::FileId;

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "owners.toml";

/// Whether `name` means [`CONFIG_NAME`] on some file system.
pub(crate) fn is_config_name(name: &[u8]) -> bool {
    alias::is_alias(name, CONFIG_NAME)
}

/// The JSON Schema (draft 7) of `owners.toml`: its tables, keys and types, for completion and
/// checks in editors. It cannot express the meaning of names and patterns.
pub const SCHEMA: &str = include_str!("../../docs/owners.schema.json");

/// Where [`SCHEMA`] is published.
pub const SCHEMA_URL: &str = "https://owners-cli.github.io/owners/owners.schema.json";

/// The first line of a new `owners.toml`. Taplo, Tombi and the editors that use them load the schema
/// that a `#:schema` line names. Comments that start with `#:` do not reach the generated file.
pub(crate) fn schema_line() -> String {
    format!("#:schema {SCHEMA_URL}\n")
}

/// A parsed `owners.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file it was read from.
    pub file: FileId,
    /// The directory of that file, relative to the repository root; empty at the root.
    pub directory: String,
    /// `nested`: whether directories may have files of their own, and which files are not read.
    pub nested: Option<Nested>,
    /// `[groups]`, in document order.
    pub groups: Vec<Group>,
    /// `[paths]`, in document order.
    pub rules: Vec<RuleEntry>,
    /// `[[require]]`, in document order. Only the root file has requirements.
    pub requirements: Vec<RequirementEntry>,
    /// `[[approval]]`, in document order. Only the root file has approvals.
    pub approvals: Vec<ApprovalEntry>,
    /// `[output]` or `[[output]]`. If there is none, the default output.
    pub outputs: Vec<Output>,
    /// `[check] exempt`: patterns of paths that may stay unowned.
    pub exempt: Vec<Text>,
    /// `[check] roster`: the files that list who may be in groups, and the teams whose members may.
    pub roster: Vec<Text>,
    /// `[check] min-members`: how many people each group must have.
    pub min_members: Option<Minimum>,
    /// `[lints]`, in document order.
    pub lints: Vec<(Text, Level)>,
}

impl Config {
    /// The groups and owners that rules, requirements and approvals name.
    pub fn named_owners(&self) -> impl Iterator<Item = &Text> {
        let of_rules = self.rules.iter().flat_map(|rule| &rule.owners);
        let requirements = self.requirements.iter();
        let required = requirements.flat_map(|each| each.owners.iter().chain(&each.any_of));
        let approvals = self.approvals.iter().flat_map(|each| &each.owners);
        of_rules.chain(required).chain(approvals)
    }

    /// The groups and owners that rules notify.
    pub fn notified(&self) -> impl Iterator<Item = &Text> {
        self.rules.iter().flat_map(|rule| &rule.notify)
    }

    /// The files of the roster.
    pub fn roster_files(&self) -> impl Iterator<Item = &Text> {
        self.roster.iter().filter(|entry| !roster::is_team(entry))
    }

    /// The teams of the roster. Only the forge knows their members.
    pub fn roster_teams(&self) -> impl Iterator<Item = &Text> {
        self.roster.iter().filter(|entry| roster::is_team(entry))
    }

    /// A configuration that says nothing and generates nothing.
    #[must_use]
    pub fn without_rules(file: FileId) -> Self {
        Config {
            file,
            directory: String::new(),
            nested: None,
            groups: Vec::new(),
            rules: Vec::new(),
            requirements: Vec::new(),
            approvals: Vec::new(),
            outputs: Vec::new(),
            exempt: Vec::new(),
            roster: Vec::new(),
            min_members: None,
            lints: Vec::new(),
        }
    }
}

/// The key `nested`, unless it is `false`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nested {
    /// Patterns of files called `owners.toml` that are something else.
    pub except: Vec<Text>,
}

/// An entry of `[groups]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name.
    pub name: Text,
    /// `team`: the owner that stands for the whole group in the generated file.
    pub team: Option<Text>,
    /// `select`: which members of the team are asked.
    pub select: Option<Text>,
    /// Owners and names of other groups.
    pub members: Vec<Text>,
    /// `description`, for people.
    pub description: Option<String>,
    /// `contact`, for people.
    pub contact: Option<String>,
    /// `meta`, for other programs.
    pub meta: Table,
}

/// An entry of `[paths]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleEntry {
    /// The key: a pattern, possibly with alternatives.
    pub pattern: Text,
    /// Owners and names of groups. Empty for nobody.
    pub owners: Vec<Text>,
    /// Whether the rule adds `owners` to those that the earlier rules give, instead of replacing
    /// them. If it adds nobody, it only [notifies](Self::notify).
    pub adds: bool,
    /// `notify`: owners and names of groups who are told about changes, without being owners.
    pub notify: Vec<Text>,
    /// `except`: patterns of paths that the rule does not apply to.
    pub except: Vec<Text>,
    /// The bytes from the key to the end of the value.
    pub span: Range<usize>,
}

/// An entry of `[[require]]`: what must hold for the owners of some paths, whatever the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementEntry {
    /// `paths`: patterns of the paths that it is about. At least one.
    pub paths: Vec<Text>,
    /// `except`: patterns of paths that it is not about.
    pub except: Vec<Text>,
    /// `owners`: owners and groups that must all be among the owners of the paths.
    pub owners: Vec<Text>,
    /// `any-of`: owners and groups of which at least one owner must be among them.
    pub any_of: Vec<Text>,
    /// `min-owners`: how many people must be among them.
    pub min_owners: Option<Minimum>,
    /// `reason`, for people.
    pub reason: Option<Text>,
    /// The bytes of its header, or of the whole table if that is inline.
    pub span: Range<usize>,
}

/// An entry of `[[approval]]`: whose approval some paths need, beside that of their owners. Entries
/// with the same name are parts of one approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalEntry {
    /// `name`.
    pub name: Text,
    /// `paths`: patterns of the paths that need it. At least one.
    pub paths: Vec<Text>,
    /// `except`: patterns of paths that the entry does not apply to.
    pub except: Vec<Text>,
    /// `owners`: owners and groups, one of whom approves. Empty if the paths do not need it.
    pub owners: Vec<Text>,
    /// `count`: how many of them approve.
    pub count: Option<Minimum>,
    /// `optional`: whether a change may be merged without it.
    pub optional: Option<Flag>,
    /// The bytes of its header, or of the whole table if that is inline.
    pub span: Range<usize>,
}

/// A boolean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The value.
    pub value: bool,
    /// Where it is written.
    pub span: Range<usize>,
}

/// A minimum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    /// The number, at least 1.
    pub value: usize,
    /// Where it is written.
    pub span: Range<usize>,
}

/// An entry of `[output]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The forge to write for.
    pub forge: Forge,
    /// The file to write, relative to the repository root.
    pub file: String,
    /// `header`: a line of the author's own in the header of the file.
    pub header: Option<String>,
    /// The location of `file`, or of the output if it names no file. `None` for the default output.
    pub span: Option<Range<usize>>,
}

impl From<Forge> for Output {
    /// The default output of a forge.
    fn from(forge: Forge) -> Self {
        Output {
            forge,
            file: forge.default_file.into(),
            header: None,
            span: None,
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Forge::default().into()
    }
}
