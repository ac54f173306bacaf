//! Owners on GitLab: `@user`, `@group/subgroup`, `@@role` or an e-mail address.
//!
//! The grammar is that of GitLab's namespaces: any number of segments of letters, digits, `_`, `.`
//! and `-`. The roles are `@@developer`, `@@maintainer` and `@@owner`.

use crate::owner::{OwnerError, not_an_owner, unlike_an_owner, with_another_at};

/// What may be written.
const FORMS: &str = "write `@user`, `@group/subgroup`, `@@role` or an e-mail address";

pub(super) fn check(text: &str) -> Result<(), OwnerError> {
    if let Some(role) = text.strip_prefix("@@") {
        let singular = role.strip_suffix('s').unwrap_or(role).to_ascii_lowercase();
        return if matches!(singular.as_str(), "developer" | "maintainer" | "owner") {
            Ok(())
        } else {
            not_an_owner(
                "there is no such role",
                "write `@@developer`, `@@maintainer` or `@@owner`",
            )
        };
    }
    let Some(name) = text.strip_prefix('@') else {
        return check_email(text);
    };
    if name.contains('@') {
        return Err(with_another_at(name));
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
    not_an_owner(
        "a user or group name has only letters, digits, `_`, `.` and `-`, does not start with `-` and does not end with `.`",
        FORMS,
    )
}

/// GitLab accepts anything without blanks around an `@`, up to 100 and 255 characters. The address
/// must end with a letter, a digit or `_`.
fn check_email(text: &str) -> Result<(), OwnerError> {
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
    unlike_an_owner(FORMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for text in [
            "@a",
            "@a/b/c",
            "@a.b-c_d",
            "@@developer",
            "@@Maintainers",
            "u@example.com",
            "u+x@localhost",
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in [
            "@", "@a//b", "@a/", "@-a", "@a.", "@a.git", "@@guest", "@a@b", "a@", "user", "@a b",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
