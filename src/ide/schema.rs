//! The keys of `owners.toml` and what each means, as its schema says it.
//!
//! The schema is JSON, which the library does not read. A test compares this list with it.

use super::token::Table;
use crate::config::Level;

/// A key of `owners.toml`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// The table that it is in.
    pub(super) table: Table,
    /// The name.
    pub(super) name: &'static str,
    /// What it means: the description in the schema.
    pub(super) about: &'static str,
}

/// A row of [`KEYS`].
macro_rules! key {
    ($table:ident, $name:literal, $about:literal) => {
        Key {
            table: Table::$table,
            name: $name,
            about: $about,
        }
    };
}

/// Every key, table by table.
#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    key!(Root, "required-version", "The versions of owners that may read this file, such as \">=0.1\"."),
    key!(Root, "nested", "true: every directory may have its own owners.toml, with rules for the paths in it. Only in the file at the root."),
    key!(Root, "groups", "Names for lists of owners. A name starts with a letter or digit; letters, digits, \".\", \"_\" and \"-\" may follow."),
    key!(Root, "paths", "The rules: a pattern, and who owns the paths that it matches. The last rule that matches a path decides, and rules with add behind it add to it. So the order counts: do not sort the keys."),
    key!(Root, "require", "Requirements: what must hold for the owners of some paths, whatever the rules say. Only in the file at the root."),
    key!(Root, "approval", "Approvals: whose approval some paths need, beside that of their owners. Only in the file at the root."),
    key!(Root, "output", "The CODEOWNERS file to write, and the forge that reads it. [[output]] for several files."),
    key!(Root, "check", "What owners check requires and allows."),
    key!(Root, "lints", "The level of each lint. A name with a slash is that of a check which owners check --plugin runs, such as contacts/missing; contacts/* stands for all of a check."),
    key!(Group, "members", "The owners in the group, and names of other groups."),
    key!(Group, "team", "The owner that stands for the group in the generated file, such as \"@org/team\". members then says who is in the team."),
    key!(Group, "select", "Which members of the team are asked, on Bitbucket Cloud: \"all\", \"random\", \"random(2)\", \"least_busy\" or \"least_busy(2)\". It needs team."),
    key!(Group, "description", "What the group is for."),
    key!(Group, "contact", "How to reach the group, such as a channel."),
    key!(Group, "meta", "Anything that other programs want to know of the group, such as label = \"area: wasi\". owners export passes it on."),
    key!(Rule, "owners", "Who owns the paths that the pattern matches; [] is nobody."),
    key!(Rule, "add", "Owners that the rule adds to those of the earlier rules, instead of replacing them."),
    key!(Rule, "except", "Exceptions: paths that this rule leaves to the earlier rules."),
    key!(Rule, "notify", "Who is told about changes without being an owner. Never in a CODEOWNERS file."),
    key!(Require, "paths", "Patterns of the paths that the requirement is about."),
    key!(Require, "except", "Patterns of paths that it is not about."),
    key!(Require, "owners", "All of these must be among the owners of the paths."),
    key!(Require, "any-of", "At least one of these must be among the owners of the paths."),
    key!(Require, "min-owners", "How many people must be among the owners of the paths. A team whose members are unknown counts as one."),
    key!(Require, "reason", "Why. The findings show it."),
    key!(Approval, "name", "The name that people see. On GitLab, it is that of the section."),
    key!(Approval, "paths", "Patterns of the paths that need the approval."),
    key!(Approval, "except", "Patterns of paths that the entry does not apply to."),
    key!(Approval, "owners", "Who approves. [] if the paths do not need the approval."),
    key!(Approval, "count", "How many of the owners approve. Default: 1."),
    key!(Approval, "optional", "Whether a change may be merged without the approval. Default: false."),
    key!(Output, "platform", "The forge that reads the file. Default: \"github\"."),
    key!(Output, "file", "The file to write, relative to the root of the repository. Default: \".github/CODEOWNERS\", or \".gitlab/CODEOWNERS\" for GitLab."),
    key!(Output, "header", "A line of your own for the header of the file."),
    key!(Check, "exempt", "Patterns of paths that need no owner yet. For paths that never need one, write a rule: \"/vendor/\" = []."),
    key!(Check, "roster", "Files in the repository, relative to its root, and teams such as @org/team. Every @user in groups and rules must be mentioned in one of the files, as @login or by the address of a profile, or be a member of one of the teams."),
    key!(Check, "min-members", "The least number of people in a group. The lint small-group reports smaller groups."),
    key!(Nested, "except", "Patterns of the files that are not read."),
];

/// The keys of a table.
pub(super) fn keys_of(table: Table) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.table == table)
}

/// The key of a table with this name.
pub(super) fn find(table: Table, name: &str) -> Option<&'static Key> {
    keys_of(table).find(|key| key.name == name)
}

/// Whether only the file at the root may have the key.
pub(super) fn is_root_only(key: &Key) -> bool {
    match key.table {
        Table::Root => !matches!(key.name, "groups" | "paths" | "check"),
        Table::Check => key.name != "exempt",
        _ => false,
    }
}

/// Whether a key at the root is mostly written as a header: `[paths]`.
pub(super) fn is_table(key: &Key) -> bool {
    key.table == Table::Root && !matches!(key.name, "required-version" | "nested")
}

/// Whether there may be several tables of a key at the root: `[[require]]`.
pub(super) fn is_list(key: &Key) -> bool {
    key.table == Table::Root && matches!(key.name, "require" | "approval" | "output")
}

/// What each level does.
pub(super) const LEVELS: &[(Level, &str)] = &[
    (Level::Allow, "not reported."),
    (Level::Warn, "reported."),
    (Level::Deny, "reported, and owners check exits with 1."),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Project;
    use crate::config::SCHEMA;

    /// The list has the keys of the schema, in its order, with its descriptions.
    #[test]
    fn the_list_is_that_of_the_schema() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let at = |pointer: &str| schema.pointer(pointer).unwrap().as_object().unwrap();
        for (table, pointer) in [
            (Table::Root, "/properties"),
            (Table::Group, "/definitions/group/oneOf/1/properties"),
            (Table::Rule, "/definitions/rule/oneOf/1/properties"),
            (Table::Require, "/definitions/requirement/properties"),
            (Table::Approval, "/definitions/approval/properties"),
            (Table::Output, "/definitions/output/properties"),
            (Table::Check, "/properties/check/properties"),
            (Table::Nested, "/properties/nested/oneOf/1/properties"),
        ] {
            let mut expected: Vec<_> = (at(pointer).iter())
                .map(|(name, key)| (name.as_str(), key["description"].as_str().unwrap()))
                .collect();
            let mut listed: Vec<_> = keys_of(table).map(|key| (key.name, key.about)).collect();
            expected.sort_unstable();
            listed.sort_unstable();
            assert_eq!(listed, expected, "{table:?}");
        }
        let levels = LEVELS.iter();
        let levels: Vec<String> = levels
            .map(|(level, about)| format!("{}: {about}", level.name()))
            .collect();
        let about = schema.pointer("/definitions/level/description").unwrap();
        assert_eq!(about.as_str().unwrap(), levels.join(" "));
    }

    #[test]
    fn what_only_the_root_file_may_have() {
        for key in KEYS {
            let entry = match key.table {
                Table::Root => format!("{} = 1\n", key.name),
                Table::Check => format!("check.{} = 1\n", key.name),
                _ => continue,
            };
            let mut draft =
                crate::Draft::new("owners.toml", "nested = true\n[paths]\n".into()).unwrap();
            draft.add("a", entry.into());
            let faults = draft
                .finish()
                .map_or_else(|faults| faults.diagnostics, |_| vec![]);
            let is_refused = |fault: &crate::text::Diagnostic| {
                fault
                    .message
                    .contains("belongs in the owners.toml at the root")
            };
            assert_eq!(
                faults.iter().any(is_refused),
                is_root_only(key),
                "{}",
                key.name
            );
        }
        assert!(Project::from_text("[paths]\n").is_ok());
    }
}
