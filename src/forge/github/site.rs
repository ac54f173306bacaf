//! Which server of GitHub is asked about which repository, and with which token.

use crate::forge::api::{Env, Origin, Secret, Site, Unplaced, first_set};

/// Where to ask. Only the environment and the remote `origin` say it.
pub(super) fn site(env: Env<'_>, origin: Option<&Origin>) -> Result<Site, Unplaced> {
    let Server { base, host, tokens } = server(env, origin)?;
    let repository = match env("GITHUB_REPOSITORY") {
        Some(name) => name,
        None => match origin {
            Some(origin) if web_host(&origin.host) == host => origin.path.clone(),
            _ => {
                return Err(Unplaced::new(
                    format!("the name of the repository on `{host}` is not known"),
                    "set GITHUB_REPOSITORY, such as `org/name`, or add the remote `origin`",
                ));
            }
        },
    };
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..")
            && (name.chars()).all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if repository.split('/').count() != 2 || !repository.split('/').all(is_name) {
        return Err(Unplaced::new(
            format!("`{repository}` is not the name of a repository on GitHub"),
            "set GITHUB_REPOSITORY, such as `org/name`",
        ));
    }
    let Some((token_from, token)) = first_set(env, tokens) else {
        let variable = tokens[tokens.len() - 1];
        let help = match env("GITHUB_ACTIONS") {
            Some(_) => {
                "give one to the step: `env: { GITHUB_TOKEN: ${{ github.token }} }`".to_string()
            }
            None => format!(
                "set {variable} to one; with the `gh` command: `{variable}=$(gh auth token)`"
            ),
        };
        return Err(Unplaced::new(
            format!("there is no token for `{host}`"),
            help,
        ));
    };
    Ok(Site {
        base,
        repository,
        token_from,
        token: ("authorization", Secret::new("Bearer ", token)),
        authorities: None,
    })
}

/// A server, and the variables that may hold its token.
struct Server {
    base: String,
    /// The host of its pages.
    host: String,
    tokens: &'static [&'static str],
}

/// The tokens of github.com and of `*.ghe.com`.
const OWN_TOKENS: &[&str] = &["GH_TOKEN", "GITHUB_TOKEN"];
/// The tokens of an Enterprise server that `GH_HOST` names.
const ENTERPRISE_TOKENS: &[&str] = &["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
/// The tokens of the server that `GITHUB_API_URL` names: in a job, `GITHUB_TOKEN` is one for it.
const SERVER_TOKENS: &[&str] = &[
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GH_TOKEN",
    "GITHUB_TOKEN",
];

/// The server. Only the environment names one that is not github.com: the URL of `origin` may have
/// come with a copy of the repository.
fn server(env: Env<'_>, origin: Option<&Origin>) -> Result<Server, Unplaced> {
    let is_own = |host: &str| host == "github.com" || host.ends_with(".ghe.com");
    if let Some(base) = env("GITHUB_API_URL") {
        let base = base.trim_end_matches('/').to_string();
        let host = base.split_once("://").map_or(&*base, |(_, rest)| rest);
        let host = web_host(host.split('/').next().unwrap_or_default());
        let host = host
            .strip_prefix("api.")
            .map_or(host.clone(), str::to_string);
        let tokens = if is_own(&host) {
            OWN_TOKENS
        } else {
            SERVER_TOKENS
        };
        return Ok(Server { base, host, tokens });
    }
    let named = env("GH_HOST").map(|host| web_host(&host));
    let host = named.unwrap_or_else(|| "github.com".to_string());
    let is_elsewhere = |origin: &&Origin| web_host(&origin.host) != host;
    if let Some(origin) = origin.filter(is_elsewhere)
        && env("GITHUB_REPOSITORY").is_none()
    {
        return Err(Unplaced::new(
            format!(
                "the remote `origin` is on `{}`, not on `{host}`",
                origin.host
            ),
            format!(
                "if that is a GitHub Enterprise server, set GH_HOST={0} and GH_ENTERPRISE_TOKEN",
                origin.host
            ),
        ));
    }
    let (base, tokens) = match host.as_str() {
        own if is_own(own) => (format!("https://api.{own}"), OWN_TOKENS),
        enterprise => (format!("https://{enterprise}/api/v3"), ENTERPRISE_TOKENS),
    };
    Ok(Server { base, host, tokens })
}

/// The host of the pages, for one of the names of a host.
fn web_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    match host.as_str() {
        // SSH over the port of HTTPS.
        "ssh.github.com" | "www.github.com" => "github.com".to_string(),
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(env: &[(&str, &str)], origin: &str) -> Result<Site, String> {
        let find = |name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_string())
        };
        let origin = Origin::from_url(origin);
        super::site(&find, origin.as_ref()).map_err(|it| it.message)
    }

    #[test]
    fn a_token_goes_only_to_its_server() {
        let all = [
            ("GITHUB_TOKEN", "own"),
            ("GH_ENTERPRISE_TOKEN", "enterprise"),
        ];
        for (extra, origin, expected) in [
            (
                &[][..],
                "git@github.com:o/r.git",
                Ok(("https://api.github.com", "own")),
            ),
            (
                &[],
                "ssh://git@ssh.github.com:443/o/r",
                Ok(("https://api.github.com", "own")),
            ),
            (
                &[("GH_HOST", "git.example")],
                "https://git.example/o/r",
                Ok(("https://git.example/api/v3", "enterprise")),
            ),
            (
                &[("GH_HOST", "x.ghe.com")],
                "https://x.ghe.com/o/r",
                Ok(("https://api.x.ghe.com", "own")),
            ),
            (
                &[("GITHUB_API_URL", "https://api.github.com/")],
                "https://github.com/o/r",
                Ok(("https://api.github.com", "own")),
            ),
            (
                &[("GITHUB_API_URL", "https://git.example/api/v3")],
                "https://git.example/o/r",
                Ok(("https://git.example/api/v3", "enterprise")),
            ),
            (
                &[],
                "https://evil.example/o/r",
                Err("the remote `origin` is on `evil.example`, not on `github.com`"),
            ),
            (
                &[],
                "https://evil.ghe.com/o/r",
                Err("the remote `origin` is on `evil.ghe.com`, not on `github.com`"),
            ),
            (
                &[("GH_HOST", "git.example")],
                "https://evil.example/o/r",
                Err("the remote `origin` is on `evil.example`, not on `git.example`"),
            ),
            (
                &[],
                "https://github.com/o",
                Err("`o` is not the name of a repository on GitHub"),
            ),
            (
                &[],
                "",
                Err("the name of the repository on `github.com` is not known"),
            ),
        ] {
            let env = [&all[..], extra].concat();
            let found = site(&env, origin);
            let sent = found.as_ref().map(|it| (&*it.base, it.token.1.sent()));
            let expected = expected.map(|(base, token)| (base, format!("Bearer {token}")));
            match (sent, expected) {
                (Ok((base, token)), Ok(wanted)) => assert_eq!((base, token.to_string()), wanted),
                (Err(message), Err(wanted)) => assert_eq!(message, wanted),
                (sent, wanted) => panic!("{extra:?} {origin}: {sent:?}, not {wanted:?}"),
            }
        }
        let without = site(&[("GH_ENTERPRISE_TOKEN", "x")], "https://github.com/o/r");
        assert_eq!(without.unwrap_err(), "there is no token for `github.com`");
    }
}
