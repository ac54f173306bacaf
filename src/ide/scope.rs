//! What a key or value of `owners.toml` stands for, by the keys around it.

use super::token::{PatternOf, Role, Table};

/// What the keys or values of a table mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// A table whose keys have a meaning.
    Table(Table),
    /// `[groups]`
    Groups,
    /// `[paths]`
    Paths,
    /// `[lints]`
    Lints,
    /// A value of this role.
    Value(Role),
}

impl Scope {
    /// What a key in this scope stands for, and the scope of its value.
    pub(super) fn enter(self, key: &str) -> (Role, Scope) {
        use Scope::{Groups, Lints, Paths, Table as In, Value};
        const OWNER: Scope = Scope::Value(Role::Owner);
        let pattern = |of| Value(Role::Pattern(of));
        let table = match self {
            In(table) => table,
            Groups => return (Role::Group, In(Table::Group)),
            Paths => return (Role::Pattern(PatternOf::Rule), In(Table::Rule)),
            Lints => return (Role::Lint, Value(Role::Level)),
            Value(_) => return (Role::Free, Value(Role::Free)),
        };
        let inner = match (table, key) {
            (Table::Root, "groups") => Groups,
            (Table::Root, "paths") => Paths,
            (Table::Root, "lints") => Lints,
            (Table::Root, "require") => In(Table::Require),
            (Table::Root, "approval") => In(Table::Approval),
            (Table::Root, "output") => In(Table::Output),
            (Table::Root, "check") => In(Table::Check),
            (Table::Root, "nested") => In(Table::Nested),
            (Table::Group, "members")
            | (Table::Rule, "owners" | "add" | "notify")
            | (Table::Require, "owners" | "any-of")
            | (Table::Approval, "owners") => OWNER,
            (Table::Group, "team") => Value(Role::Team),
            (Table::Group, "select") => Value(Role::Selector),
            (Table::Rule, "except") => pattern(PatternOf::Except),
            (Table::Require, "paths") => pattern(PatternOf::Requirement),
            (Table::Require, "except") => pattern(PatternOf::RequirementExcept),
            (Table::Approval, "paths") => pattern(PatternOf::Approval),
            (Table::Approval, "except") => pattern(PatternOf::ApprovalExcept),
            (Table::Check, "exempt") => pattern(PatternOf::Exempt),
            (Table::Check, "roster") => Value(Role::Roster),
            (Table::Nested, "except") => pattern(PatternOf::Nested),
            (Table::Output, "platform") => Value(Role::Platform),
            (Table::Output, "file") => Value(Role::File),
            _ => Value(Role::Free),
        };
        (Role::Key(table), inner)
    }

    /// What a string in this scope stands for.
    pub(super) fn value(self) -> Role {
        match self {
            Scope::Value(role) => role,
            // A group or rule may be a list, without a table.
            Scope::Table(Table::Group | Table::Rule) => Role::Owner,
            _ => Role::Free,
        }
    }
}
