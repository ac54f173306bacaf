//! Owners on Gitea and Forgejo: `@user` or `@org/team`.
//!
//! Source: their code. Names have up to 40 letters, digits, `-`, `_` and `.`, start with a letter or a
//! digit, and have no two of the others beside each other nor one at the end. Names of teams have the
//! same characters. There are no e-mail addresses.

use crate::owner::{OwnerError, not_an_owner};

pub(super) fn check(text: &str) -> Result<(), OwnerError> {
    const FORMS: &str = "write `@user` or `@org/team`";
    let Some(name) = text.strip_prefix('@') else {
        return match text.contains('@') {
            true => not_an_owner("there are no e-mail addresses on Gitea and Forgejo", FORMS),
            false => not_an_owner("it does not start with `@`", FORMS),
        };
    };
    if name.contains('@') {
        return match name.starts_with('@') {
            true => not_an_owner("roles exist on GitLab only", FORMS),
            false => not_an_owner(
                "two owners are written as one",
                "write them as two: [\"@a\", \"@b\"]",
            ),
        };
    }
    let (account, team) = match name.split_once('/') {
        Some((account, team)) => (account, Some(team)),
        None => (name, None),
    };
    let is_sign = |c: char| "-_.".contains(c);
    let is_inner = |c: char| c.is_ascii_alphanumeric() || is_sign(c);
    let has_two_signs = (account.as_bytes())
        .windows(2)
        .any(|two| two.iter().all(|&byte| is_sign(char::from(byte))));
    let is_account = account.chars().all(is_inner)
        && account.starts_with(|c: char| c.is_ascii_alphanumeric())
        && account.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !has_two_signs
        && account.len() <= 40;
    if !is_account {
        return not_an_owner(
            "the name of a user or an organization has up to 40 letters, digits, `-`, `_` and `.`, and none of these signs at its ends or twice",
            FORMS,
        );
    }
    match team {
        Some(team) if team.is_empty() || team.contains('/') || !team.chars().all(is_inner) => {
            not_an_owner(
                "the name of a team has only letters, digits, `-`, `_` and `.`",
                "write `@org/team`",
            )
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for text in ["@a", "@a-b", "@a.b_c", "@org/Team.A-1", "@1"] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in [
            "a",
            "@",
            "@a@b",
            "u@example.com",
            "@@owner",
            "@-a",
            "@a-",
            "@a--b",
            "@a/",
            "@a/b/c",
            "@a/b c",
            "@é",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
