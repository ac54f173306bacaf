//! What goes wrong between here and the forge. No answer is never a pass.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use snapbox::str;

use super::{Scene, TOKEN, repository};
use crate::support::stub::{Answer, Stub};

const ALICE: &str = "[paths]\n\"*\" = \"@alice\"\n";
const PERMISSION: &str = "/repos/org/repo/collaborators/alice/permission";
const MAY_WRITE: &str = r#"{"permission":"write","user":{"login":"alice"}}"#;

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
error: GitHub has a rate limit: it asks to wait for 61 min
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
error: GitHub has a rate limit: it asks to wait for 4 s
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
    // Neither does it for the next page of a list.
    let team = Scene::github(
        "[groups.a]\nteam = \"@org/a\"\nmembers = [\"@alice\"]\n[paths]\n\"*\" = \"a\"\n",
    );
    let next = format!("<{place}>; rel=\"next\"");
    let members = "/orgs/org/teams/a/members?per_page=100";
    team.on(members, Answer::json("[]").header("link", next));
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
    let scene = Scene::github(
        "[groups.a]\nteam = \"@org/a\"\nmembers = [\"@alice\"]\n[paths]\n\"*\" = \"a\"\n",
    );
    let members = "/orgs/org/teams/a/members?per_page=100";
    let next = format!("<{}{members}>; rel=\"next\"", scene.stub.url());
    scene.on(members, Answer::json("[]").header("link", next));
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
