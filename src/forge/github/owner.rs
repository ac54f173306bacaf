//! Owners on GitHub: `@user`, `@org/team` or an e-mail address.
//!
//! GitHub publishes no grammar. Logins have up to 39 letters, digits and hyphens. Those of
//! enterprise managed users also have an underscore. Team slugs have letters, digits, `_` and `-`.
//! A child team is named without its parent.

use crate::owner::{OwnerError, is_address, not_an_owner, unlike_an_owner, with_another_at};

/// What may be written.
const FORMS: &str = "write `@user`, `@org/team` or an e-mail address";

pub(super) fn check(text: &str) -> Result<(), OwnerError> {
    let Some(name) = text.strip_prefix('@') else {
        return check_email(text);
    };
    match name.split_once('/') {
        Some((organization, team)) => {
            check_login(organization, team.contains('@'))?;
            check_team(organization, team)
        }
        None => check_login(name, false),
    }
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-' || character == '_'
}

/// Checks the name of a user or an organization. `has_at`: whether an `@` follows it.
fn check_login(login: &str, has_at: bool) -> Result<(), OwnerError> {
    if login.is_empty() {
        return not_an_owner("there is no name after the `@`", FORMS);
    }
    if login.starts_with('@') {
        return not_an_owner("roles exist on GitLab only", FORMS);
    }
    if login.contains('@') || has_at {
        return Err(with_another_at(login));
    }
    if !login.chars().all(is_name) || login.starts_with(['-', '_']) {
        return not_an_owner(
            "a user or organization name has only letters, digits and hyphens, and does not start with a hyphen",
            FORMS,
        );
    }
    if login.len() > 39 {
        return not_an_owner(
            "a user or organization name has at most 39 characters",
            "check the spelling",
        );
    }
    Ok(())
}

/// Checks the name of a team of `organization`.
fn check_team(organization: &str, team: &str) -> Result<(), OwnerError> {
    if team.is_empty() {
        return not_an_owner("there is no team after the `/`", "write `@org/team`");
    }
    if let Some((_, child)) = team.rsplit_once('/') {
        return not_an_owner(
            "a team is written as `@org/team`, without its parent team",
            format!("write `@{organization}/{child}`"),
        );
    }
    if team.chars().all(is_name) {
        return Ok(());
    }
    let slug: String = team
        .chars()
        .map(|c| {
            if is_name(c) {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    not_an_owner(
        "a team is written with its slug, which has only letters, digits, `-` and `_`",
        format!("look up the slug in the team's address; it may be `@{organization}/{slug}`"),
    )
}

fn check_email(text: &str) -> Result<(), OwnerError> {
    if is_address(text) {
        Ok(())
    } else {
        unlike_an_owner(FORMS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
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
            assert!(check(text).is_ok(), "{text}");
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
            assert!(check(text).is_err(), "{text}");
        }
    }
}
