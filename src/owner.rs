//! Owners: the users, teams and addresses that a forge can ask for a review.

use std::fmt;
use std::sync::Arc;

/// Somebody who can own paths: `@user`, `@org/team`, an e-mail address or, on GitLab, a nested
/// group or a role, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner(Arc<str>);

/// What an [`Owner`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerKind {
    /// `@user`
    User,
    /// `@org/team`
    Team,
    /// `user@example.com`
    Email,
    /// `@@developer`: on GitLab, everybody with that role.
    Role,
}

/// Why a text is no owner on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerError {
    /// What is wrong with it, to stand after "`text` is not an owner on PLATFORM: ".
    pub reason: &'static str,
    /// What to write instead.
    pub help: String,
}

impl Owner {
    /// An owner whose text is not checked here: see `Forge::owner`.
    #[must_use]
    pub fn unchecked(text: &str) -> Self {
        Owner(text.into())
    }

    /// The text, as it was first written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is, by its form.
    #[must_use]
    pub fn kind(&self) -> OwnerKind {
        match self.0.strip_prefix('@') {
            Some(name) if name.starts_with('@') => OwnerKind::Role,
            Some(name) if name.contains('/') => OwnerKind::Team,
            Some(_) => OwnerKind::User,
            None => OwnerKind::Email,
        }
    }

    /// Whether both are the same to a forge, which looks names up without regard to case.
    #[must_use]
    pub fn is_same(&self, other: &Owner) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// What is equal for owners that are the same.
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
