//! What goes wrong between here and the forge. No answer is never a pass.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use snapbox::str;

use super::{Scene, TOKEN, repository, users};
use crate::support::stub::{Answer, Stub};

const ALICE: &str = "[paths]\n\"*\" = \"@alice\"\n";
const PERMISSION: &str = "/repos/org/repo/collaborators/alice/permission";
const MAY_WRITE: &str = r#"{"permission":"write","user":{"login":"alice"}}"#;

/// A group with a team, whose members are listed.
const GROUP: &str =
    "[groups.a]\nteam = \"@org/a\"\nmembers = [\"@alice\"]\n[paths]\n\"*\" = \"a\"\n";
const MEMBERS: &str = "/orgs/org/teams/a/members?per_page=100";

const FINE: &str = "0 errors, 0 warnings; 3 tracked paths: 3 owned\nexit code 0\n";

/// A repository with one owner, whose permission is answered like this.
fn scene(answers: impl IntoIterator<Item = Answer>) -> Scene {
    let scene = Scene::github(ALICE);
    scene.stub.on(PERMISSION, answers);
    scene
}

fn asked(scene: &Scene) -> usize {
    let paths = scene.stub.paths();
    paths.iter().filter(|path| *path == PERMISSION).count()
}

#[test]
fn a_token_that_is_not_valid() {
    let body = format!(r#"{{"message":"Bad credentials {TOKEN}"}}"#);
    let scene = Scene::github(ALICE);
    scene.on("/repos/org/repo", Answer::status(401, body));
    scene.check(
        "--live",
        str![[r#"
error: GitHub refuses the token from GITHUB_TOKEN
 = note: the request was `GET [API]/repos/org/repo`
 = help: set GITHUB_TOKEN to a token that is valid, and not expired
exit code 2

"#]],
    );
    assert_eq!(scene.stub.paths().len(), 1);
}

/// What a server says is shown, but not the token that it repeats.
#[test]
fn a_server_that_repeats_the_token() {
    let scene = Scene::github(ALICE);
    let body = format!(r#"{{"message":"no access for {TOKEN}\u001b[31m"}}"#);
    scene.on("/repos/org/repo", Answer::status(403, body));
    scene.check(
        "--live",
        str![[r#"
error: GitHub shows no repository `org/repo` to this token
 = note: no access for ***\u{1b}[31m (403)
 = note: the token is from GITHUB_TOKEN
 = help: use a token that can read the repository, or set GITHUB_REPOSITORY to its name
exit code 2

"#]],
    );
    let elsewhere = format!("https://evil.example/?token={TOKEN}");
    scene.on(
        "/repos/org/repo",
        Answer::status(302, "").header("location", elsewhere),
    );
    scene.check(
        "--live",
        str![[r#"
error: GitHub redirects to another server, which does not get the token
 = note: it named `https://evil.example/?token=***`, and the API is at `[API]`
 = help: check the URL of the API, and whether a proxy or a login page answers instead
exit code 2

"#]],
    );
}

/// The token in a URL, in an escape of JSON, percent-encoded, and where a text is cut off.
#[test]
fn a_token_in_disguise() {
    let (first, rest) = TOKEN.split_at(1);
    let shown = |text: &str| {
        assert!(!text.to_lowercase().contains(&rest[..10].to_lowercase()));
        text.to_string()
    };
    let scene = Scene::github(GROUP);
    let page = format!("/x?private={TOKEN}&again=%67{rest}");
    let next = format!("<{}{page}>; rel=\"next\"", scene.stub.url());
    scene.on(MEMBERS, Answer::json("[]").header("link", next));
    let mut seen = String::new();
    for answer in [
        Answer::json("<html>"),
        Answer::status(500, ""),
        Answer::status(302, "").header("location", format!("//127.0.0.1/{TOKEN}")),
        Answer::json(&users(&["bob", TOKEN])),
    ] {
        scene.on(&page, answer);
        let output = scene.owners("check --live").output();
        seen.push_str(&shown(&scene.seen(&output)));
    }
    let escape = format!("\\u{:04x}", u32::from(first.chars().next().unwrap()));
    let long = "x".repeat(190);
    for said in [
        format!("bad {escape}{rest}"),
        format!("bad {}", TOKEN.to_uppercase()),
        format!("{long} {TOKEN}"),
    ] {
        let body = format!(r#"{{"message":"{said}"}}"#);
        scene.on("/repos/org/repo", Answer::status(403, body));
        let output = scene.owners("check --live").output();
        seen.push_str(&shown(&scene.seen(&output)));
    }
    let closed = scene.owners("check --live");
    let closed = closed.env("GITHUB_API_URL", format!("http://localhost:0/{TOKEN}"));
    let closed = shown(&scene.seen(&closed.output()));
    assert!(
        closed.contains("the request was `GET http://localhost:0/***/repos/org/repo`"),
        "{closed}"
    );
    scene.sandbox.assert_eq(seen.as_bytes(), str![[r#"
error: cannot understand the reply to `GET /x?private=***&again=***`
 = note: it is not JSON
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2
error: GitHub does not answer: status 500
 = note: the request was `GET [API]/x?private=***&again=***`
 = note: it failed 3 times
exit code 2
error: GitHub redirects to another server, which does not get the token
 = note: it named `//127.0.0.1/***`, and the API is at `[API]`
 = help: check the URL of the API, and whether a proxy or a login page answers instead
exit code 2
error[unknown-owner]: `@alice` does not exist on GitHub
 --> owners.toml:3:12
  |
3 | members = ["@alice"]
  |            ^^^^^^^^ no such owner
  |
  = note: GitHub has no user `alice`
  = help: correct the name, or remove it: `owners remove @alice`

error[team-drift]: the group `a` is not the team `@org/a`
 --> owners.toml:1:9
  |
1 | [groups.a]
  |         ^ its members differ
  |
  = note: in the team on GitHub, but not in the group: `@***`, `@bob`
  = note: in the group, but not in the team: `@alice`
  = help: in `members` of `a`, add `@***`, `@bob` and remove `@alice`, or change the team

2 errors, 0 warnings; 3 tracked paths: 3 owned
`--fix` can fix 1
exit code 1
error: GitHub shows no repository `org/repo` to this token
 = note: bad *** (403)
 = note: the token is from GITHUB_TOKEN
 = help: use a token that can read the repository, or set GITHUB_REPOSITORY to its name
exit code 2
error: GitHub shows no repository `org/repo` to this token
 = note: bad *** (403)
 = note: the token is from GITHUB_TOKEN
 = help: use a token that can read the repository, or set GITHUB_REPOSITORY to its name
exit code 2
error: GitHub shows no repository `org/repo` to this token
 = note: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ***… (403)
 = note: the token is from GITHUB_TOKEN
 = help: use a token that can read the repository, or set GITHUB_REPOSITORY to its name
exit code 2

"#]]);
}

#[test]
fn a_repository_that_is_not_there() {
    let scene = Scene::new(ALICE);
    scene.check(
        "--live",
        str![[r#"
error: GitHub shows no repository `org/repo` to this token
 = note: Not Found (404)
 = note: the token is from GITHUB_TOKEN
 = help: use a token that can read the repository, or set GITHUB_REPOSITORY to its name
exit code 2

"#]],
    );
}

#[test]
fn a_rate_limit_that_ends() {
    let limited = |status| Answer::status(status, r#"{"message":"slow down"}"#);
    let scene = scene([
        limited(429).header("retry-after", "0"),
        limited(403).header("retry-after", "0"),
        limited(403)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "1"),
        Answer::json(MAY_WRITE),
    ]);
    scene.check("--live", FINE);
    assert_eq!(asked(&scene), 4);
}

/// A server that says to ask again at once, without end.
#[test]
fn a_rate_limit_without_a_wait() {
    let scene = scene([
        Answer::status(429, "").header("retry-after", "0"),
        Answer::status(403, "{}").header("retry-after", "0"),
    ]);
    let start = Instant::now();
    scene.check(
        "--live",
        str![[r#"
error: GitHub has a rate limit, which did not end after 5 waits
 = help: run it again later
exit code 2

"#]],
    );
    assert_eq!(asked(&scene), 6);
    assert!(start.elapsed() >= Duration::from_secs(5));
    let run = scene.owners("check --live").env("OWNERS_LIVE_TIMEOUT", "2");
    scene.outcome(
        run,
        str![[r#"
error: GitHub has a rate limit: the next attempt would be in 1 s
 = note: `--live` takes at most 2 s in total
 = help: run it again later, or allow more seconds with OWNERS_LIVE_TIMEOUT
exit code 2

"#]],
    );
}

/// A wait that people notice is announced.
#[test]
fn a_rate_limit_of_seconds() {
    let scene = scene([
        Answer::status(429, "").header("retry-after", "3"),
        Answer::json(MAY_WRITE),
    ]);
    let start = Instant::now();
    scene.check(
        "--live",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
---
GitHub has a rate limit: waiting for 3 s
exit code 0

"#]],
    );
    assert!(start.elapsed() >= Duration::from_secs(3));
}

#[test]
fn a_rate_limit_that_does_not_end() {
    let hour = 3630 + std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let scene = scene([
        Answer::status(403, r#"{"message":"API rate limit exceeded"}"#)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", hour.to_string()),
    ]);
    scene.check(
        "--live",
        str![[r#"
error: GitHub has a rate limit: the next attempt would be in 61 min
 = note: `--live` takes at most 300 s in total
 = help: run it again later, or allow more seconds with OWNERS_LIVE_TIMEOUT
exit code 2

"#]],
    );
    scene.stub.on(
        PERMISSION,
        [Answer::status(429, "").header("retry-after", "4")],
    );
    let run = scene.owners("check --live").env("OWNERS_LIVE_TIMEOUT", "3");
    scene.outcome(
        run,
        str![[r#"
error: GitHub has a rate limit: the next attempt would be in 4 s
 = note: `--live` takes at most 3 s in total
 = help: run it again later, or allow more seconds with OWNERS_LIVE_TIMEOUT
exit code 2

"#]],
    );
}

#[test]
fn a_server_that_fails_for_a_while() {
    let scene = scene([
        Answer::status(502, "<html>"),
        Answer::status(503, "").header("retry-after", "0"),
        Answer::json(MAY_WRITE),
    ]);
    scene.check("--live", FINE);
    assert_eq!(asked(&scene), 3);
}

#[test]
fn a_server_that_fails() {
    let scene = scene([Answer::status(500, "{}")]);
    scene.check(
        "--live",
        str![[r#"
error: GitHub does not answer: status 500
 = note: the request was `GET [API]/repos/org/repo/collaborators/alice/permission`
 = note: it failed 3 times
exit code 2

"#]],
    );
    assert_eq!(asked(&scene), 3);
}

#[test]
fn nobody_listens() {
    let scene = Scene::github(ALICE);
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = scene.owners("check --live");
    let output = run.env("GITHUB_API_URL", format!("http://{free}")).output();
    let shown = scene.seen(&output).replace(&free.to_string(), "[CLOSED]");
    // How a system says that nobody listens is its own affair.
    let shown = match shown.split_once("answer: ") {
        Some((before, rest)) => format!("{before}answer: …\n{}", rest.split_once('\n').unwrap().1),
        None => shown,
    };
    scene.sandbox.assert_eq(
        shown.as_bytes(),
        str![[r#"
error: GitHub does not answer: …
 = note: the request was `GET http://[CLOSED]/repos/org/repo`
 = note: it failed 3 times
exit code 2

"#]],
    );
}

#[test]
fn an_answer_that_ends_too_early() {
    let cut = Answer::json(MAY_WRITE).truncated();
    let fine = scene([cut.clone(), Answer::json(MAY_WRITE)]);
    fine.check("--live", FINE);
    let scene = scene([cut]);
    scene.check(
        "--live",
        str![[r#"
error: GitHub does not answer: io: Peer disconnected
 = note: the request was `GET [API]/repos/org/repo/collaborators/alice/permission`
 = note: it failed 3 times
exit code 2

"#]],
    );
    assert_eq!(asked(&scene), 3);
}

#[test]
fn an_answer_that_is_something_else() {
    let scene = scene([Answer::json("<html>Please log in</html>")]);
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /repos/org/repo/collaborators/alice/permission`
 = note: it is not JSON
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    scene
        .stub
        .on(PERMISSION, [Answer::json(r#"{"hello":"world"}"#)]);
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /repos/org/repo/collaborators/alice/permission`
 = note: it has no text `permission`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    scene
        .stub
        .on(PERMISSION, [Answer::status(200, b"\xff\xfe{}")]);
    scene.check(
        "--live -q",
        str![[r#"
error: cannot understand the reply to `GET /repos/org/repo/collaborators/alice/permission`
 = note: it is not JSON
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
}

/// A refusal that is not from the forge says nothing about the owner, and nobody is removed.
#[test]
fn a_refusal_that_is_something_else() {
    let config = "[paths]\n\"*\" = [\"@alice\", \"@bob\"]\n";
    let scene = Scene::github(config);
    scene.user("bob", "write");
    let mut shown = String::new();
    for body in [
        "<html>Not Found</html>",
        "{}",
        "[]",
        "",
        "\"message\"",
        r#"{"error":"x"}"#,
    ] {
        for status in [403, 404] {
            scene.on(PERMISSION, Answer::status(status, body));
            let output = scene.owners("check --live --fix").output();
            assert_eq!(output.status.code(), Some(2), "{status} {body}");
            shown = scene.seen(&output);
            scene.sandbox.file_is("owners.toml", config);
        }
    }
    scene.sandbox.assert_eq(
        shown.as_bytes(),
        str![[r#"
error: cannot understand the reply to `GET /repos/org/repo/collaborators/alice/permission`
 = note: the status is 404, and it is not in the form of GitHub
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    // A page with the status of an answer, for requests whose status alone would decide.
    scene.on(PERMISSION, Answer::status(403, super::NOT_ALLOWED));
    scene.on("/users/alice", Answer::json("{}"));
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /users/alice`
 = note: it has no text `login`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    let scene = Scene::github("[paths]\n\"*\" = [\"@org/a\"]\n");
    scene.on("/repos/org/repo/teams?per_page=100", Answer::json("[]"));
    scene.on("/orgs/org/teams/a", Answer::json("{}"));
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /orgs/org/teams/a`
 = note: it has no text `slug`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
}

#[test]
fn an_answer_that_is_too_large() {
    let large = "x".repeat((8 << 20) + 1);
    let scene = scene([Answer::status(200, large)]);
    scene.check(
        "--live",
        str![[r#"
error: GitHub does not answer: the reply is larger than 8388608 bytes
 = note: the request was `GET [API]/repos/org/repo/collaborators/alice/permission`
exit code 2

"#]],
    );
    assert_eq!(asked(&scene), 1);
}

/// The token does not leave the server, wherever that points.
#[test]
fn another_server() {
    let other = Stub::new();
    other.on("/x", [Answer::json(MAY_WRITE)]);
    let place = format!("{}/x", other.url());
    let scene = scene([Answer::status(302, "").header("location", &place)]);
    let shown = |scene: &Scene| {
        scene
            .seen(&scene.owners("check --live").output())
            .replace(&other.url(), "[OTHER]")
    };
    scene.sandbox.assert_eq(
        shown(&scene).as_bytes(),
        str![[r#"
error: GitHub redirects to another server, which does not get the token
 = note: it named `[OTHER]/x`, and the API is at `[API]`
 = help: check the URL of the API, and whether a proxy or a login page answers instead
exit code 2

"#]],
    );
    // A URL without a scheme names a host, too.
    let place_without_scheme = place.strip_prefix("http:").unwrap();
    scene.stub.on(
        PERMISSION,
        [Answer::status(302, "").header("location", place_without_scheme)],
    );
    let said = shown(&scene);
    assert!(
        said.starts_with("error: GitHub redirects to another server"),
        "{said}"
    );
    // Neither does it for the next page of a list.
    let team = Scene::github(GROUP);
    let next = format!("<{place}>; rel=\"next\"");
    team.on(MEMBERS, Answer::json("[]").header("link", next));
    team.sandbox.assert_eq(
        shown(&team).as_bytes(),
        str![[r#"
error: GitHub continues a list on another server, which does not get the token
 = note: it named `[OTHER]/x`, and the API is at `[API]`
 = help: check the URL of the API, and whether a proxy or a login page answers instead
exit code 2

"#]],
    );
    assert_eq!(other.paths().len(), 0);
}

/// A redirect that leads to itself ends.
#[test]
fn a_circle_of_redirects() {
    let scene = scene([Answer::status(307, "").header("location", PERMISSION)]);
    scene.check(
        "--live",
        str![[r#"
error: GitHub does not answer: more than 3 redirects
 = note: the request was `GET [API]/repos/org/repo/collaborators/alice/permission`
exit code 2

"#]],
    );
    assert_eq!(asked(&scene), 4);
}

#[test]
fn a_server_that_is_slow() {
    let scene = scene([Answer::json(MAY_WRITE).after(Duration::from_secs(3))]);
    let run = scene.owners("check --live").env("OWNERS_LIVE_TIMEOUT", "1");
    let start = Instant::now();
    scene.outcome(
        run,
        str![[r#"
error: GitHub took more than 1 s to answer
 = help: run it again, or allow more seconds with OWNERS_LIVE_TIMEOUT
exit code 2

"#]],
    );
    assert!(start.elapsed() < Duration::from_secs(3));
}

/// A list that never ends.
#[test]
fn pages_without_end() {
    let scene = Scene::github(GROUP);
    let next = format!("<{}{MEMBERS}>; rel=\"next\"", scene.stub.url());
    scene.on(MEMBERS, Answer::json("[]").header("link", next));
    scene.on("/repos/org/repo/teams?per_page=100", Answer::json("[]"));
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /orgs/org/teams/a/members?per_page=100`
 = note: the list has more than 500 pages
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
}

/// A job whose file has errors, and a forge that is not reached, leave nothing on standard output.
#[test]
fn formats_say_nothing_without_an_answer() {
    let scene = Scene::github(ALICE);
    scene.on("/repos/org/repo", repository("org/repo"));
    scene.stub.on(PERMISSION, [Answer::status(401, "{}")]);
    for format in ["json", "sarif", "github", "short", "markdown", "gitlab"] {
        let output = scene
            .owners(&format!("check --live --format {format}"))
            .output();
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{format}");
    }
}
