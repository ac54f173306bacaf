//! The login in the address that a forge puts into commits to hide the real one.
//!
//! Anybody can write such an address into a commit, so a login found this way is a claim.

use crate::forge::Forge;
use crate::owner::OwnerKind;

/// The start of the name of the host.
const HOST: &str = "users.noreply.";

/// The login in `1234+login@users.noreply.HOST` or `login@users.noreply.HOST`, as `forge` writes
/// them. `None` for any other address, for one of another forge, and if no login can be like that.
#[must_use]
pub fn of_address(address: &str, forge: Forge) -> Option<&str> {
    let (user, host) = address.split_once('@')?;
    let host = host.get(HOST.len()..).filter(|_| {
        let start = host.get(..HOST.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(HOST))
    })?;
    let is_host = |forge: &Forge| host.eq_ignore_ascii_case(forge.profiles.trim_end_matches('/'));
    // An unknown host is that of a company.
    if Forge::ALL
        .iter()
        .any(|other| *other != forge && is_host(other))
    {
        return None;
    }
    let parts = user.split_once(forge.id_separator);
    let login = parts.filter(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()));
    let login = login.map_or(user, |(_, login)| login);
    is_login(login, forge).then_some(login)
}

/// Whether a user of the forge, or one of its programs, can have this login.
fn is_login(login: &str, forge: Forge) -> bool {
    let user = login.strip_suffix("[bot]").unwrap_or(login);
    let owner = forge.owner(&format!("@{user}"));
    owner.is_ok_and(|owner| owner.kind() == OwnerKind::User)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_a_forge_made() {
        for (forge, address, expected) in [
            (
                Forge::GITHUB,
                "1+alice@users.noreply.github.com",
                Some("alice"),
            ),
            (
                Forge::GITHUB,
                "Alice@users.noreply.github.com",
                Some("Alice"),
            ),
            (Forge::GITHUB, "a@Users.NoReply.GitHub.com", Some("a")),
            (Forge::GITHUB, "a@users.noreply.git.example.com", Some("a")),
            (
                Forge::GITHUB,
                "1-alice@users.noreply.github.com",
                Some("1-alice"),
            ),
            (Forge::GITHUB, "1+a+b@users.noreply.github.com", None),
            (Forge::GITHUB, "1+a|b@users.noreply.github.com", None),
            (Forge::GITHUB, "12+c\u{1}tl@users.noreply.github.com", None),
            (Forge::GITHUB, "1+o/team@users.noreply.github.com", None),
            (Forge::GITLAB, "1-o/team@users.noreply.gitlab.com", None),
            (Forge::GITHUB, "1+[bot]@users.noreply.github.com", None),
            (
                Forge::GITHUB,
                "49699333+dependabot[bot]@users.noreply.github.com",
                Some("dependabot[bot]"),
            ),
            (Forge::GITLAB, "1-a.b@users.noreply.gitlab.com", Some("a.b")),
            (
                Forge::GITLAB,
                "1234-al-ice@users.noreply.gitlab.com",
                Some("al-ice"),
            ),
            (
                Forge::GITLAB,
                "al-ice@users.noreply.gitlab.com",
                Some("al-ice"),
            ),
            (Forge::GITLAB, "1+alice@users.noreply.github.com", None),
            (Forge::GITHUB, "1-alice@users.noreply.gitlab.com", None),
            (Forge::GITHUB, "1+@users.noreply.github.com", None),
            (Forge::GITHUB, "noreply@github.com", None),
            (Forge::GITHUB, "alice@example.com", None),
            (Forge::GITHUB, "", None),
        ] {
            assert_eq!(of_address(address, forge), expected, "{address}");
        }
    }
}
