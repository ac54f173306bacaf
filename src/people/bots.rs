//! Recognises the authors of commits that are programs. They do not review.

/// Names of programs, in lowercase, that do not say that they are one.
const KNOWN: &[&str] = &[
    "allcontributors",
    "circleci",
    "codecov",
    "copybara",
    "crowdin",
    "dependabot",
    "dependabot-preview",
    "github",
    "github action",
    "github actions",
    "github-actions",
    "gitlab",
    "gitlab ci",
    "greenkeeper",
    "imgbot",
    "jenkins",
    "mergify",
    "pre-commit-ci",
    "pyup",
    "release-please",
    "renovate",
    "renovatebot",
    "root",
    "semantic-release",
    "snyk",
    "transifex",
    "travis ci",
    "web-flow",
    "weblate",
];

/// Addresses of the forges themselves.
const ADDRESSES: &[&str] = &[
    "noreply@github.com",
    "actions@github.com",
    "action@github.com",
    "github-actions@github.com",
];

/// Whether a login or a name is that of a program: it ends in `[bot]`, or `bot` is one of its words,
/// or it is known.
pub(crate) fn is_bot(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    KNOWN.contains(&name.as_str())
        || name.ends_with("[bot]")
        || words.any(|word| matches!(word, "bot" | "robot" | "autobot"))
}

/// Whether an address is one of a forge, and not of a person.
pub(crate) fn is_address(address: &str) -> bool {
    ADDRESSES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_people() {
        for name in [
            "dependabot[bot]",
            "renovate[bot]",
            "Renovate Bot",
            "k8s-ci-robot",
            "semantic-release-bot",
            "GitHub Actions",
            "project_1_bot_2f",
            "Mergify",
        ] {
            assert!(is_bot(name), "{name}");
        }
        for name in [
            "alice",
            "Abbot Costello",
            "robothead",
            "botond",
            "Jenkins, Ann",
            "",
        ] {
            assert!(!is_bot(name), "{name}");
        }
        assert!(is_address("noreply@GitHub.com"));
        assert!(!is_address("alice@github.com"));
    }
}
