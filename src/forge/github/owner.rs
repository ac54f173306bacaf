//! Who can own on GitHub: `@user`, `@org/team` or an e-mail address.
//!
//! GitHub publishes no grammar. Logins are up to 39 letters, digits and hyphens, with an underscore
//! in those of enterprise managed users; team slugs are letters, digits, `_` and `-`; teams do not
//! nest in names.

use crate::owner::OwnerError;

pub(super) fn check(text: &str) -> Result<(), OwnerError> {
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
