//! Owners: the users, teams and addresses that a forge can request reviews from.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// An owner: `@user`, `@org/team`, an e-mail address or, on GitLab, a nested group or a role. A team may
/// have a selector: which of its members Bitbucket asks. It is not a part of the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    name: Arc<str>,
    /// Such as `random(2)`.
    selector: Option<Arc<str>>,
}

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

/// As the name.
#[cfg(feature = "export")]
impl serde::Serialize for Owner {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl Owner {
    /// Creates an owner without a check. `Forge::owner` checks.
    #[must_use]
    pub fn unchecked(text: &str) -> Self {
        Owner {
            name: text.into(),
            selector: None,
        }
    }

    /// The same owner with this selector, or without one.
    #[must_use]
    pub fn with_selector(&self, selector: Option<&str>) -> Self {
        Owner {
            name: self.name.clone(),
            selector: selector.map(Into::into),
        }
    }

    /// The names of owners, with blanks between.
    #[must_use]
    pub fn join(owners: &[Owner]) -> String {
        let texts: Vec<&str> = owners.iter().map(Owner::as_str).collect();
        texts.join(" ")
    }

    /// The owners as on a line of a CODEOWNERS file, with blanks between.
    #[must_use]
    pub fn line(owners: &[Owner]) -> String {
        let texts: Vec<Cow<'_, str>> = owners.iter().map(Owner::written).collect();
        texts.join(" ")
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The selector.
    #[must_use]
    pub fn selector(&self) -> Option<&str> {
        self.selector.as_deref()
    }

    /// The name and the selector, as in a CODEOWNERS file.
    #[must_use]
    pub fn written(&self) -> Cow<'_, str> {
        match &self.selector {
            None => Cow::Borrowed(&self.name),
            Some(selector) => Cow::Owned(format!("{}:{selector}", self.name)),
        }
    }

    /// The kind, derived from the form of the name.
    #[must_use]
    pub fn kind(&self) -> OwnerKind {
        match self.name.strip_prefix('@') {
            Some(name) if name.starts_with('@') => OwnerKind::Role,
            Some(name) if name.contains('/') => OwnerKind::Team,
            Some(_) => OwnerKind::User,
            None => OwnerKind::Email,
        }
    }

    /// Whether a forge takes both for the same owner. Forges ignore the case of names.
    #[must_use]
    pub fn is_same(&self, other: &Owner) -> bool {
        self.name.eq_ignore_ascii_case(&other.name)
    }

    /// A key that is equal for owners that are the same.
    #[must_use]
    pub fn folded(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A text is no owner, for this reason. `help` says what to write instead.
pub(crate) fn not_an_owner(
    reason: &'static str,
    help: impl Into<String>,
) -> Result<(), OwnerError> {
    Err(OwnerError {
        reason,
        help: help.into(),
    })
}

/// Neither a name nor an e-mail address. `forms` are those that the forge accepts.
pub(crate) fn unlike_an_owner(forms: &str) -> Result<(), OwnerError> {
    not_an_owner(
        "it is neither a name that starts with `@` nor an e-mail address",
        forms,
    )
}

/// Why a name with an `@` in it is no owner: it is an address with an `@` before it, or two owners.
pub(crate) fn with_another_at(name: &str) -> OwnerError {
    if is_address(name) {
        return OwnerError {
            reason: "an e-mail address has no `@` before it",
            help: format!("write `{name}`"),
        };
    }
    OwnerError {
        reason: "two owners are written as one",
        help: "write them as two: [\"@a\", \"@b\"]".into(),
    }
}

/// Whether a text looks like an e-mail address, with a domain such as `example.com`.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, domain)| {
        let user_char = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let domain_char = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        !user.is_empty()
            && user.chars().all(user_char)
            && domain.chars().all(domain_char)
            && domain.rsplit_once('.').is_some_and(|(host, top)| {
                !host.is_empty() && top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic())
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_whatever_the_case() {
        assert!(Owner::unchecked("@Org/Team").is_same(&Owner::unchecked("@org/team")));
    }

    #[test]
    fn a_selector_is_written_and_is_no_part_of_the_name() {
        let team = Owner::unchecked("@w/t");
        let some = team.with_selector(Some("random(2)"));
        assert_ne!(some, team);
        assert!(some.is_same(&team));
        assert_eq!(
            (some.as_str(), &*some.written()),
            ("@w/t", "@w/t:random(2)")
        );
        assert_eq!(Owner::line(&[team, some]), "@w/t @w/t:random(2)");
    }
}
