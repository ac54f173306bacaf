//! Owners: the users, teams and addresses that a forge can ask for a review.

use std::fmt;
use std::sync::Arc;

use crate::platform::Platform;

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

/// Why a text is no owner on a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerError {
    /// What is wrong with it, to stand after "`text` is not an owner on PLATFORM: ".
    pub reason: &'static str,
    /// What to write instead.
    pub help: String,
}

impl Owner {
    /// Takes `text` as an owner on `platform`.
    ///
    /// GitLab's grammar is that of its namespaces: segments of letters, digits, `_`, `.` and `-`, any
    /// number of them; `@@developer`, `@@maintainer` and `@@owner` are roles.
    ///
    /// GitHub publishes no grammar. Logins are up to 39 letters, digits and hyphens, with an
    /// underscore in those of enterprise managed users; team slugs are letters, digits, `_` and
    /// `-`; teams do not nest in names.
    ///
    /// # Errors
    ///
    /// If the platform would not take it.
    pub fn parse(text: &str, platform: Platform) -> Result<Self, OwnerError> {
        match platform {
            Platform::GitHub => check_github(text)?,
            Platform::GitLab => check_gitlab(text)?,
        }
        Ok(Owner(text.into()))
    }

    /// An owner whose text nobody checks: what stands in an existing file.
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

fn check_github(text: &str) -> Result<(), OwnerError> {
    let fail = |reason, help: &str| {
        Err(OwnerError {
            reason,
            help: help.into(),
        })
    };
    let Some(name) = text.strip_prefix('@') else {
        return check_email(text);
    };
    let (login, team) = match name.split_once('/') {
        Some((org, team)) => (org, Some(team)),
        None => (name, None),
    };
    if login.is_empty() {
        return fail(
            "there is no name after the `@`",
            "write `@user`, `@org/team` or an e-mail address",
        );
    }
    if login.starts_with('@') {
        return fail(
            "roles exist on GitLab only",
            "write `@user`, `@org/team` or an e-mail address",
        );
    }
    if login.contains('@') || team.is_some_and(|team| team.contains('@')) {
        return fail(
            "two owners are glued together",
            "write them as two: [\"@a\", \"@b\"]",
        );
    }
    let is_login = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !login.chars().all(is_login) || login.starts_with(['-', '_']) {
        return fail(
            "a user or organization name has only letters, digits and hyphens, and starts with no hyphen",
            "write `@user`, `@org/team` or an e-mail address",
        );
    }
    if login.len() > 39 {
        return fail(
            "a user or organization name has at most 39 characters",
            "check the spelling",
        );
    }
    match team {
        None => Ok(()),
        Some("") => fail("there is no team after the `/`", "write `@org/team`"),
        Some(team) if team.contains('/') => fail(
            "a team is named by its organization and itself alone, even when it is a child team",
            &format!(
                "write `@{login}/{}`",
                team.rsplit('/').next().unwrap_or_default()
            ),
        ),
        Some(team) if team.chars().all(is_login) => Ok(()),
        Some(team) => {
            let slug: String = team
                .chars()
                .map(|c| {
                    if is_login(c) {
                        c.to_ascii_lowercase()
                    } else {
                        '-'
                    }
                })
                .collect();
            fail(
                "a team is named by its slug, which has only letters, digits, `-` and `_`",
                &format!("look up the slug in the team's address; it may be `@{login}/{slug}`"),
            )
        }
    }
}

fn check_gitlab(text: &str) -> Result<(), OwnerError> {
    let fail = |reason, help: &str| {
        Err(OwnerError {
            reason,
            help: help.into(),
        })
    };
    if let Some(role) = text.strip_prefix("@@") {
        let singular = role.strip_suffix('s').unwrap_or(role).to_ascii_lowercase();
        return if matches!(singular.as_str(), "developer" | "maintainer" | "owner") {
            Ok(())
        } else {
            fail(
                "there is no such role",
                "write `@@developer`, `@@maintainer` or `@@owner`",
            )
        };
    }
    let Some(name) = text.strip_prefix('@') else {
        return check_gitlab_email(text);
    };
    if name.contains('@') {
        return fail(
            "two owners are glued together",
            "write them as two: [\"@a\", \"@b\"]",
        );
    }
    let is_segment = |segment: &str| {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        segment.chars().all(is_inner)
            && segment.starts_with(|c| is_inner(c) && c != '-')
            && segment.ends_with(|c| is_inner(c) && c != '.')
            && ![".git", ".atom"]
                .iter()
                .any(|suffix| segment.ends_with(suffix))
    };
    if name.split('/').all(is_segment) {
        return Ok(());
    }
    fail(
        "a user or group name has only letters, digits, `_`, `.` and `-`, starts with no `-` and ends with no `.`",
        "write `@user`, `@group/subgroup`, `@@role` or an e-mail address",
    )
}

/// GitLab takes anything around an `@` that is not blank, up to 100 and 255 characters, and ends
/// the address with a letter or digit.
fn check_gitlab_email(text: &str) -> Result<(), OwnerError> {
    let is_valid = text.split_once('@').is_some_and(|(user, domain)| {
        let is_part = |part: &str, most| {
            (1..=most).contains(&part.chars().count())
                && !part.contains(|c: char| c == '@' || c.is_whitespace() || c.is_control())
        };
        is_part(user, 100)
            && is_part(domain, 255)
            && domain.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && !user.starts_with(['#', '!', '['])
    });
    if is_valid {
        return Ok(());
    }
    Err(OwnerError {
        reason: "it is neither a name that starts with `@` nor an e-mail address",
        help: "write `@user`, `@group/subgroup`, `@@role` or an e-mail address".into(),
    })
}

fn check_email(text: &str) -> Result<(), OwnerError> {
    let is_valid = text.split_once('@').is_some_and(|(user, domain)| {
        let user_char = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let domain_char = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        !user.is_empty()
            && user.chars().all(user_char)
            && domain.chars().all(domain_char)
            && domain.rsplit_once('.').is_some_and(|(host, top)| {
                !host.is_empty() && top.len() >= 2 && top.chars().all(|c| c.is_ascii_alphabetic())
            })
    });
    if is_valid {
        Ok(())
    } else {
        Err(OwnerError {
            reason: "it is neither a name that starts with `@` nor an e-mail address",
            help: "write `@user`, `@org/team` or an e-mail address".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn github() {
        for text in [
            "@a",
            "@octo-cat",
            "@legacy-",
            "@user_corp",
            "@org/team",
            "@org/Team_1",
            "docs@example.com",
            "a.b+c@x-y.co.uk",
            "@a1234567890123456789012345678901234567",
        ] {
            assert!(Owner::parse(text, Platform::GitHub).is_ok(), "{text}");
        }
        for text in [
            "@",
            "@x.y",
            "@A@B",
            "@-a",
            "@org/",
            "@org/a/b",
            "@org/team name",
            "@org/te.am",
            "a@b",
            "@a1234567890123456789012345678901234567890",
            "docs@",
            "@a,",
            "user",
            "@é",
            "a b@c.de",
        ] {
            assert!(Owner::parse(text, Platform::GitHub).is_err(), "{text}");
        }
    }

    #[test]
    fn gitlab() {
        for text in [
            "@a",
            "@a/b/c",
            "@a.b-c_d",
            "@@developer",
            "@@Maintainers",
            "u@example.com",
            "u+x@localhost",
        ] {
            assert!(Owner::parse(text, Platform::GitLab).is_ok(), "{text}");
        }
        for text in [
            "@", "@a//b", "@a/", "@-a", "@a.", "@a.git", "@@guest", "@a@b", "a@", "user", "@a b",
        ] {
            assert!(Owner::parse(text, Platform::GitLab).is_err(), "{text}");
        }
    }

    #[test]
    fn same_whatever_the_case() {
        assert!(Owner::unchecked("@Org/Team").is_same(&Owner::unchecked("@org/team")));
    }
}
