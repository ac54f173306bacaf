//! Owners on Bitbucket Cloud: an e-mail address, `@user`, `@workspace/group` or `@teams/team`.
//!
//! Sources: Atlassian's documentation, and its article "CODEOWNERS not working for workspace user groups":
//! a group is named by its slug, which has lowercase letters. `@teams/team` is a team of the file
//! `.bitbucket/teams.yaml`.

use crate::forge::Selectors;
use crate::owner::{Owner, OwnerError, OwnerKind, not_an_owner, unlike_an_owner, with_another_at};

/// What may be written.
const FORMS: &str = "write `@user`, `@workspace/group`, `@teams/team` or an e-mail address";

/// What may follow a group or a team: `@workspace/group:random(2)`.
pub(super) const SELECTORS: Selectors = Selectors {
    examples: &[
        ("all", "all of them"),
        ("random", "one of them, at random"),
        ("random(2)", "two of them, at random"),
        ("least_busy", "the one with the fewest open reviews"),
        ("least_busy(2)", "the two with the fewest open reviews"),
    ],
    is_one: is_selector,
};

fn is_selector(text: &str) -> bool {
    let number = |name: &str| {
        let rest = text.strip_prefix(name)?;
        rest.strip_prefix('(')?.strip_suffix(')')
    };
    let is_number = |text: &str| {
        let is_short = (1..=3).contains(&text.len());
        is_short && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
    };
    let counted = number("random").or_else(|| number("least_busy"));
    ["all", "random", "least_busy"].contains(&text) || counted.is_some_and(is_number)
}

/// Reads an owner of a file, with its selector.
pub(super) fn read(word: &str) -> Result<Owner, OwnerError> {
    let Some((name, selector)) = word.rsplit_once(':') else {
        check(word)?;
        return Ok(Owner::unchecked(word));
    };
    check(name)?;
    let owner = Owner::unchecked(name);
    if owner.kind() != OwnerKind::Team {
        return Err(OwnerError {
            reason: "only groups and teams have selectors",
            help: format!("write `{name}`"),
        });
    }
    if !is_selector(selector) {
        return Err(OwnerError {
            reason: "there is no such selector",
            help: format!(
                "write `{name}`, or another selector: {}",
                SELECTORS.forms().replace('`', "")
            ),
        });
    }
    Ok(owner.with_selector(Some(selector)))
}

pub(super) fn check(text: &str) -> Result<(), OwnerError> {
    let Some(name) = text.strip_prefix('@') else {
        return check_email(text);
    };
    if name.starts_with('@') {
        return not_an_owner(
            "names with `@@` belong to an app of the Marketplace",
            "write `@workspace/group` for a group of the workspace, or `@teams/team` for a team of `.bitbucket/teams.yaml`",
        );
    }
    if name.starts_with('"') {
        return not_an_owner("names in quotes belong to an app of the Marketplace", FORMS);
    }
    if name.contains('@') {
        return Err(with_another_at(name));
    }
    let (account, group) = match name.split_once('/') {
        Some((account, group)) => (account, Some(group)),
        None => (name, None),
    };
    if account.is_empty() {
        return not_an_owner("there is no name after the `@`", FORMS);
    }
    if !account.chars().all(is_name) || account.starts_with('-') {
        return not_an_owner(
            "the name of a user or a workspace has only letters, digits, `-`, `_` and `.`, and does not start with `-`",
            FORMS,
        );
    }
    group.map_or(Ok(()), |group| check_group(account, group))
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-_.".contains(character)
}

/// Checks the name of a group of `workspace`, or of a team of the file.
fn check_group(workspace: &str, group: &str) -> Result<(), OwnerError> {
    if group.is_empty() {
        return not_an_owner("there is no group after the `/`", FORMS);
    }
    if group.contains('/') {
        return not_an_owner("a group is written as `@workspace/group`", FORMS);
    }
    if let Some((group, _)) = group.split_once(':') {
        return not_an_owner(
            "there is no such selector",
            format!(
                "write `@{workspace}/{group}`, or a group of `[groups]` with `select`, which is {}",
                SELECTORS.forms()
            ),
        );
    }
    let is_team = workspace == "teams";
    if group.chars().all(is_name) && (is_team || !group.contains(|c: char| c.is_ascii_uppercase()))
    {
        return Ok(());
    }
    if is_team {
        return not_an_owner(
            "the name of a team has only letters, digits, `-`, `_` and `.`",
            "rename the team in `.bitbucket/teams.yaml`",
        );
    }
    not_an_owner(
        "a group is written with its slug, which has only lowercase letters, digits, `-`, `_` and `.`",
        format!(
            "look up the slug in the group's address; it may be `@{workspace}/{}`",
            slug(group)
        ),
    )
}

/// What the slug of a group of this name may be: that of `Group#1` is `group-1`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if is_name(character) {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_string()
}

fn check_email(text: &str) -> Result<(), OwnerError> {
    let is_valid = text.split_once('@').is_some_and(|(user, domain)| {
        let is_outside =
            |c: char| c.is_whitespace() || c.is_control() || "@#,;:<>()\"'`\\/".contains(c);
        let (host, top) = domain.rsplit_once('.').unwrap_or_default();
        !user.is_empty()
            && !user.contains(is_outside)
            && !domain.contains(is_outside)
            && !host.is_empty()
            && top.len() >= 2
    });
    match is_valid {
        true => Ok(()),
        false => unlike_an_owner(FORMS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for text in [
            "@a",
            "@octo-cat_1",
            "@a.b",
            "@work-space/group-1",
            "@teams/SRE_leads",
            "docs@example.com",
            "a.b+c@x-y.co.uk",
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in [
            "@",
            "@A@B",
            "@-a",
            "@w/",
            "@w/a/b",
            "@w/Group",
            "@w/Group#1",
            "@w/group:some",
            "@teams/a b",
            "@@devs",
            "@@@devs",
            "@\"A",
            "a@b",
            "docs@",
            "@a,",
            "user",
            "@é",
            "a b@c.de",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn selectors() {
        for text in ["all", "random", "random(1)", "least_busy", "least_busy(20)"] {
            assert!(is_selector(text), "{text}");
        }
        for text in [
            "",
            "ALL",
            "all(1)",
            "random()",
            "random(0)",
            "random(a)",
            "random(1000)",
            "random(-1)",
        ] {
            assert!(!is_selector(text), "{text}");
        }
        for word in ["@w/t:x", "@a:all", "u@example.com:all", "@w/T:all", "@w/t:"] {
            assert!(read(word).is_err(), "{word}");
        }
        let team = read("@teams/sre:least_busy(2)").unwrap();
        assert_eq!(
            (team.as_str(), team.selector()),
            ("@teams/sre", Some("least_busy(2)"))
        );
    }

    #[test]
    fn slugs() {
        for (name, expected) in [
            ("Group#1", "group-1"),
            ("MyTestGroup", "mytestgroup"),
            ("A (b)", "a-b"),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
    }
}
