//! Owners: the users, teams and addresses that a forge can request reviews from.

use std::fmt;
use std::sync::Arc;

/// An owner as written in the file: `@user`, `@org/team`, an e-mail address or, on GitLab, a nested
/// group or a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(Arc<str>);

/// The owner in a new configuration, which a user has to replace.
pub(crate) const PLACEHOLDER: &str = "@org/team";

/// What an [`Owner`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerKind {
    /// `@user`
    User,
    /// `@org/team`
    Team,
    /// `user@example.com`
    Email,
    /// `@@developer`: everybody with that role (GitLab only).
    Role,
}

/// Why a forge does not accept a text as an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerError {
    /// What is wrong. Shown after "`text` is not an owner on PLATFORM: ".
    pub reason: &'static str,
    /// What to write instead.
    pub help: String,
}

/// As the text.
#[cfg(feature = "export")]
impl serde::Serialize for Owner {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Owner {
    /// Creates an owner without a check. `Forge::owner` checks.
    #[must_use]
    pub fn unchecked(text: &str) -> Self {
        Owner(text.into())
    }

    /// The owners as on a line of a CODEOWNERS file, with blanks between.
    #[must_use]
    pub fn join(owners: &[Owner]) -> String {
        let texts: Vec<&str> = owners.iter().map(Owner::as_str).collect();
        texts.join(" ")
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind, derived from the form of the text.
    #[must_use]
    pub fn kind(&self) -> OwnerKind {
        match self.0.strip_prefix('@') {
            Some(name) if name.starts_with('@') => OwnerKind::Role,
            Some(name) if name.contains('/') => OwnerKind::Team,
            Some(_) => OwnerKind::User,
            None => OwnerKind::Email,
        }
    }

    /// Whether a forge takes both for the same owner. Forges ignore the case of names.
    #[must_use]
    pub fn is_same(&self, other: &Owner) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// A key that is equal for owners that are the same.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_whatever_the_case() {
        assert!(Owner::unchecked("@Org/Team").is_same(&Owner::unchecked("@org/team")));
    }
}
