//! Which server is asked, and with which token. No file of the repository decides it.

use snapbox::str;

use super::{Scene, TOKEN};
use crate::support::Run;
use crate::support::stub::Answer;

const ALICE: &str = "[paths]\n\"*\" = \"@alice\"\n";

fn scene() -> Scene {
    let scene = Scene::github(ALICE);
    scene.user("alice", "write");
    scene
}

/// `check --live` without a variable of a job.
fn bare(scene: &Scene) -> Run<'_> {
    scene.sandbox.owners("check --live")
}

#[test]
fn no_token() {
    let scene = scene();
    let run = bare(&scene)
        .env("GITHUB_API_URL", scene.stub.url())
        .env("GITHUB_REPOSITORY", "org/repo")
        // A secret that does not exist is an empty text in a job.
        .env("GITHUB_TOKEN", "");
    scene.outcome(
        run,
        str![[r#"
error: cannot ask GitHub: there is no token for `[API]`
 = help: set GITHUB_TOKEN to one; with the `gh` command: `GITHUB_TOKEN=$(gh auth token)`
exit code 2

"#]],
    );
    assert_eq!(scene.stub.paths().len(), 0);
}

#[test]
fn no_repository() {
    let scene = scene();
    scene.outcome(
        bare(&scene).env("GH_TOKEN", TOKEN),
        str![[r#"
error: cannot ask GitHub: the name of the repository on `github.com` is not known
 = help: set GITHUB_REPOSITORY, such as `org/name`, or add the remote `origin`
exit code 2

"#]],
    );
}

/// The repository is that of `origin`, if its server is the one that is asked.
#[test]
fn the_remote() {
    let scene = scene();
    scene
        .sandbox
        .git("remote add origin git@127.0.0.1:org/repo.git");
    let run = || {
        bare(&scene)
            .env("GITHUB_API_URL", scene.stub.url())
            .env("GH_TOKEN", TOKEN)
    };
    // The URL of the API has a port, and that of `origin` has none.
    scene.outcome(
        run(),
        str![[r#"
error: cannot ask GitHub: the name of the repository on `[API]` is not known
 = help: set GITHUB_REPOSITORY, such as `org/name`, or add the remote `origin`
exit code 2

"#]],
    );
    scene
        .sandbox
        .git("remote set-url origin https://evil.example/org/repo");
    scene.outcome(
        bare(&scene).env("GH_TOKEN", TOKEN),
        str![[r#"
error: cannot ask GitHub: the remote `origin` is on `evil.example`, not on `github.com`
 = help: if that is a GitHub Enterprise server, set GH_HOST=evil.example and GH_ENTERPRISE_TOKEN
exit code 2

"#]],
    );
    scene.outcome(
        run(),
        str![[r#"
error: cannot ask GitHub: the name of the repository on `[API]` is not known
 = help: set GITHUB_REPOSITORY, such as `org/name`, or add the remote `origin`
exit code 2

"#]],
    );
    assert_eq!(scene.stub.paths().len(), 0);
}

#[test]
fn values_that_are_refused() {
    let scene = scene();
    let with = |name: &str, value: &str| {
        let run = scene.owners("check --live").env(name, value);
        scene.seen(&run.output())
    };
    let mut shown = String::new();
    for (name, value) in [
        ("GITHUB_API_URL", "http://git.example/api/v3"),
        ("GITHUB_API_URL", "https://user:p4ssword@git.example/api/v3"),
        ("GITHUB_API_URL", "git.example"),
        ("GITHUB_REPOSITORY", "org/../other"),
        ("GITHUB_TOKEN", "a\r\nx-evil: b"),
        ("OWNERS_LIVE_TIMEOUT", "soon"),
        ("OWNERS_LIVE_TIMEOUT", "0"),
        ("OWNERS_LIVE_TIMEOUT", "86401"),
        ("OWNERS_LIVE_TIMEOUT", "18446744073709551615"),
        ("SSL_CERT_FILE", "owners.toml"),
        ("SSL_CERT_FILE", "nothing"),
    ] {
        let text = with(name, value);
        assert!(
            !text.contains("p4ssword") && !text.contains("x-evil"),
            "{text}"
        );
        shown.push_str(&text);
    }
    scene.sandbox.assert_eq(shown.as_bytes(), str![[r#"
error: cannot ask GitHub: `http://git.example/api/v3` is not encrypted, and the token would be readable on its way; OWNERS_LIVE_ALLOW_HTTP=1 allows it
exit code 2
error: cannot ask GitHub: the URL of the API holds a name, a password or a query
exit code 2
error: cannot ask GitHub: `git.example` is not a URL
exit code 2
error: cannot ask GitHub: `org/../other` is not the name of a repository on GitHub
 = help: set GITHUB_REPOSITORY, such as `org/name`
exit code 2
error: cannot ask GitHub: GITHUB_TOKEN holds a character that no token has
 = help: set it to the token alone, without line breaks
exit code 2
error: cannot ask GitHub: OWNERS_LIVE_TIMEOUT is not a whole number of seconds from 1 to 86400
 = help: write it as `OWNERS_LIVE_TIMEOUT=300`
exit code 2
error: cannot ask GitHub: OWNERS_LIVE_TIMEOUT is not a whole number of seconds from 1 to 86400
 = help: write it as `OWNERS_LIVE_TIMEOUT=300`
exit code 2
error: cannot ask GitHub: OWNERS_LIVE_TIMEOUT is not a whole number of seconds from 1 to 86400
 = help: write it as `OWNERS_LIVE_TIMEOUT=300`
exit code 2
error: cannot ask GitHub: OWNERS_LIVE_TIMEOUT is not a whole number of seconds from 1 to 86400
 = help: write it as `OWNERS_LIVE_TIMEOUT=300`
exit code 2
error: cannot ask GitHub: SSL_CERT_FILE names `owners.toml`: there is no certificate in it
 = help: name a file with certificates in the format PEM
exit code 2
error: cannot ask GitHub: SSL_CERT_FILE names `nothing`: No such file or directory (os error 2)
 = help: name a file with certificates in the format PEM
exit code 2

"#]]);
    assert_eq!(scene.stub.paths().len(), 0);
}

/// What stays on this machine passes no proxy.
#[test]
fn no_proxy_for_this_machine() {
    let scene = scene();
    let run = scene.owners("check --live");
    let run = run
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9");
    scene.outcome(
        run,
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// The forge of the job has no output.
#[test]
fn another_forge() {
    let scene = scene();
    let run = bare(&scene)
        .env("CI_API_V4_URL", scene.stub.url())
        .env("GITLAB_TOKEN", TOKEN);
    scene.outcome(
        run,
        str![[r#"
error: cannot ask GitLab: no output is for GitLab
 = help: add `[[output]]` with `platform = "gitlab"`, or run this where the other forge is
exit code 2

"#]],
    );
}

/// No configuration chooses the server.
#[test]
fn the_configuration_of_git_is_not_asked_for_the_server() {
    let scene = scene();
    scene.sandbox.write("other", "");
    scene
        .sandbox
        .git("config remote.origin.url http://127.0.0.1:1/org/repo");
    scene.on("/repos/org/repo", Answer::status(401, "{}"));
    scene.check(
        "--live -q",
        str![[r#"
error: GitHub refuses the token from GITHUB_TOKEN
 = note: the request was `GET [API]/repos/org/repo`
 = help: set GITHUB_TOKEN to a token that is valid, and not expired
exit code 2

"#]],
    );
}

/// A proxy is asked for the server, and gets no token.
#[test]
fn a_proxy() {
    let scene = scene();
    let proxy = |variable: &str| {
        let run = scene.owners("check --live").env(variable, scene.stub.url());
        run.env("GITHUB_API_URL", "https://git.example/api/v3")
    };
    scene.outcome(
        proxy("HTTPS_PROXY"),
        str![[r#"
error: GitHub does not answer: the proxy refuses the connection
 = note: the request was `GET https://git.example/api/v3/repos/org/repo`
 = note: it failed 3 times
exit code 2

"#]],
    );
    let seen = scene.stub.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        assert_eq!(
            (&*request.method, &*request.path),
            ("CONNECT", "git.example:443")
        );
        assert!(!format!("{request:?}").contains(TOKEN), "{request:?}");
    }
    let with_password = scene.stub.url().replace("http://", "http://user:p4ssword@");
    let run = proxy("NO_PROXY").env("NO_PROXY", "other.example");
    let output = run.env("ALL_PROXY", with_password).output();
    let shown = scene.seen(&output);
    assert!(
        !shown.contains("p4ssword") && output.status.code() == Some(2),
        "{shown}"
    );
}
