//! Rulesets of GitHub: the ids of teams for `export --live`, and whether `check --live` finds there what
//! `[[approval]]` demands.

use snapbox::str;

use super::github::TEAMS;
use super::{NOT_ALLOWED, Scene};
use crate::support::stub::Answer;

const APPROVALS: &str = r#"[paths]
"*" = "@org/core"

[[approval]]
name = "Security"
owners = "@org/security"
count = 2
paths = "/src/"

[[approval]]
name = "Docs"
owners = "@org/docs"
optional = true
paths = "*.toml"
"#;

/// What lists the rules of the default branch.
const RULES: &str = "/repos/org/repo/rules/branches/main?per_page=100";

fn team(slug: &str, id: u64) -> String {
    let closed = super::team(slug, "push", "closed");
    closed.replace(r#""id":1"#, &format!(r#""id":{id}"#))
}

/// A GitHub that has the teams, and lets the token see them.
fn scene(config: &str) -> Scene {
    let scene = Scene::github(config);
    let teams = [team("core", 1), team("security", 11), team("docs", 12)];
    scene.on(TEAMS, Answer::json(&format!("[{}]", teams.join(","))));
    for team in [team("security", 11), team("docs", 12)] {
        let slug = team.split('"').nth(5).unwrap();
        let path = format!("/orgs/org/teams/{slug}");
        scene.on(&path, Answer::json(&team));
    }
    scene
}

fn reviewer(id: u64, count: u64, patterns: &[&str]) -> String {
    let patterns: Vec<String> = patterns.iter().map(|text| format!("{text:?}")).collect();
    format!(
        r#"{{"minimum_approvals":{count},"file_patterns":[{}],"reviewer":{{"id":{id},"type":"Team"}}}}"#,
        patterns.join(",")
    )
}

/// Rules of a branch: one without parameters, and one with these required reviewers.
fn rules(reviewers: &[String]) -> Answer {
    Answer::json(&format!(
        r#"[{{"type":"deletion","ruleset_source_type":"Organization","ruleset_source":"org","ruleset_id":1}},
        {{"type":"pull_request","ruleset_source_type":"Repository","ruleset_source":"org/repo","ruleset_id":2,
        "parameters":{{"required_approving_review_count":0,"required_reviewers":[{}]}}}}]"#,
        reviewers.join(",")
    ))
}

const SECURITY: [&str; 2] = ["src/**", "src/**/*"];
const DOCS: [&str; 4] = ["*.toml", "*.toml/**", "**/*.toml", "**/*.toml/**/*"];

#[test]
fn ids_of_teams() {
    let scene = scene(APPROVALS);
    let run = scene
        .owners("export --format github-ruleset --live")
        .output();
    let seen = scene.seen(&run);
    for text in [r#""id": 11"#, r#""id": 12"#, "\nexit code 0\n"] {
        assert!(seen.contains(text), "{text}: {seen}");
    }
    // What is demanded does not depend on where the ids are from.
    scene
        .sandbox
        .write("ids.toml", "\"@org/security\" = 11\n\"@org/docs\" = 12\n");
    let same = scene
        .sandbox
        .owners("export --format github-ruleset --team-ids ids.toml");
    assert_eq!(same.output().stdout, run.stdout);
    assert_eq!(
        scene.stub.paths(),
        [
            "/repos/org/repo",
            "/orgs/org/teams/security",
            "/orgs/org/teams/docs"
        ]
    );
}

/// A team that the token cannot see, and one of another organization. Nothing is printed.
#[test]
fn ids_that_are_not_known() {
    let config = APPROVALS.replace("@org/docs", "@else/docs");
    let scene = scene(&config);
    let security = "/orgs/org/teams/security";
    scene.on(
        security,
        Answer::status(404, r#"{"message":"Not Found","status":"404"}"#),
    );
    scene.outcome(
        scene.owners("export --format github-ruleset --live"),
        str![[r#"
error: the id of `@org/security` on GitHub is not known
 --> owners.toml:6:10
  |
6 | owners = "@org/security"
  |          ^^^^^^^^^^^^^^^
  |
  = note: there is no such team, or the token cannot see it: Not Found (404)
  = help: check the name of the team, or use a token that can see it

error: the id of `@else/docs` on GitHub is not known
  --> owners.toml:12:10
   |
12 | owners = "@else/docs"
   |          ^^^^^^^^^^^^
   |
   = note: `org/repo` belongs to `org`, and a required reviewer must be a team of that
   = help: check the name of the team, or use a token that can see it

2 errors in the configuration
exit code 2

"#]],
    );
    scene.on(security, Answer::status(500, ""));
    scene.outcome(
        scene
            .owners("export --format github-ruleset --live")
            .env("OWNERS_LIVE_TIMEOUT", "1"),
        str![[r#"
error: GitHub does not work now: the next attempt would be in 1 s
 = note: `--live` takes at most 1 s in total
 = help: run it again later, or allow more seconds with OWNERS_LIVE_TIMEOUT
exit code 2

"#]],
    );
    scene.on(security, Answer::json(r#"{"slug":"security"}"#));
    scene.outcome(
        scene.owners("export --format github-ruleset --live"),
        str![[r#"
error: cannot understand the reply to `GET /orgs/org/teams/security`
 = note: it has no number `id`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
}

/// The rules are there, in two rulesets of two pages, beside others of other teams.
#[test]
fn what_is_demanded() {
    let scene = scene(APPROVALS);
    let next = format!(
        "{}/repos/org/repo/rules/branches/main?page=2",
        scene.stub.url()
    );
    let first = rules(&[
        reviewer(11, 2, &SECURITY[..1]),
        reviewer(99, 1, &["other/**"]),
    ]);
    scene.on(
        RULES,
        first.header("link", format!("<{next}>; rel=\"next\"")),
    );
    let second = rules(&[reviewer(12, 0, &DOCS), reviewer(11, 2, &SECURITY[1..])]);
    scene.on("/repos/org/repo/rules/branches/main?page=2", second);
    scene.check(
        "--live -D warnings --strict",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    // Without `--live`, nobody knows.
    scene.check(
        "--format short",
        str![[r#"
owners.toml:4:1: warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Security`
owners.toml:10:1: warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Docs`
exit code 0

"#]],
    );
}

/// A team that is not among those with access is asked for once: whether it exists and its id are in one
/// reply.
#[test]
fn a_team_is_asked_for_once() {
    let scene = scene(APPROVALS);
    scene.on(TEAMS, Answer::json(&format!("[{}]", team("core", 1))));
    let demanded = [reviewer(11, 2, &SECURITY), reviewer(12, 0, &DOCS)];
    scene.on(RULES, rules(&demanded));
    scene.check(
        "--live --format short",
        str![[r#"
owners.toml:6:10: error[owner-without-access]: `@org/security` cannot own files of `org/repo`
owners.toml:12:10: error[owner-without-access]: `@org/docs` cannot own files of `org/repo`
exit code 1

"#]],
    );
    let paths = scene.stub.paths();
    for slug in ["security", "docs"] {
        let path = format!("/orgs/org/teams/{slug}");
        let count = paths.iter().filter(|asked| **asked == path).count();
        assert_eq!(count, 1, "{paths:?}");
    }
}

/// Nothing is demanded, whatever else the branch has. No team needs an id then.
#[test]
fn nothing_is_demanded() {
    let scene = scene(APPROVALS);
    scene.on(RULES, rules(&[]));
    scene.check(
        "--live",
        str![[r#"
warning[unenforced-approval]: `org/repo` does not demand the approval `Security`
 --> owners.toml:4:1
  |
4 | [[approval]]
  | ^^^^^^^^^^^^ not demanded like this
  |
  = note: not there: `@org/security` for `src/**`, `src/**/*`
  = help: `owners export --format github-ruleset --live` prints what demands it

warning[unenforced-approval]: `org/repo` does not demand the approval `Docs`
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not demanded like this
   |
   = note: not there: `@org/docs` for `*.toml`, `*.toml/**`, `**/*.toml`, `**/*.toml/**/*`
   = help: `owners export --format github-ruleset --live` prints what demands it

0 errors, 2 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// Another number, other patterns, and none of a team.
#[test]
fn something_else_is_demanded() {
    let scene = scene(APPROVALS);
    scene.on(
        RULES,
        rules(&[reviewer(11, 1, &["src/**", "old/**", "!src/x"])]),
    );
    scene.check(
        "--live",
        str![[r#"
warning[unenforced-approval]: what `org/repo` demands differs from the approval `Security`
 --> owners.toml:4:1
  |
4 | [[approval]]
  | ^^^^^^^^^^^^ not demanded like this
  |
  = note: there, 1 approval of `@org/security` for `src/**`; here, 2
  = note: not there: `@org/security` for `src/**/*`
  = note: only there: `@org/security` for `old/**`, `!src/x`
  = help: `owners export --format github-ruleset --live` prints what demands it

warning[unenforced-approval]: `org/repo` does not demand the approval `Docs`
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not demanded like this
   |
   = note: not there: `@org/docs` for `*.toml`, `*.toml/**`, `**/*.toml`, `**/*.toml/**/*`
   = help: `owners export --format github-ruleset --live` prints what demands it

0 errors, 2 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A token that may not see the rules, or the ids of the teams, does not know.
#[test]
fn what_a_token_may_not_see() {
    let scene = scene(APPROVALS);
    scene.on(RULES, Answer::status(403, NOT_ALLOWED));
    scene.check(
        "--live",
        str![[r#"
note[unenforced-approval]: the approval `Security` could not be checked on GitHub: the token cannot see the rulesets: Resource not accessible by integration (403)
 --> owners.toml:4:1
  |
4 | [[approval]]
  | ^^^^^^^^^^^^ not known

note[unenforced-approval]: the approval `Docs` could not be checked on GitHub: the token cannot see the rulesets: Resource not accessible by integration (403)
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not known

0 errors, 0 warnings, 2 notes; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    scene.on(RULES, rules(&[reviewer(11, 2, &SECURITY)]));
    scene.on(TEAMS, Answer::status(403, NOT_ALLOWED));
    for slug in ["core", "security", "docs"] {
        let path = format!("/orgs/org/teams/{slug}");
        scene.on(&path, Answer::status(403, NOT_ALLOWED));
        scene.on(
            &format!("{path}/repos/org/repo"),
            Answer::status(403, NOT_ALLOWED),
        );
    }
    scene.check(
        "--live",
        str![[r#"
note[unenforced-approval]: the approval `Security` could not be checked on GitHub: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
 --> owners.toml:4:1
  |
4 | [[approval]]
  | ^^^^^^^^^^^^ not known

note[unenforced-approval]: the approval `Docs` could not be checked on GitHub: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not known

note[unknown-owner]: `@org/security` could not be checked: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
 --> owners.toml:6:10
  |
6 | owners = "@org/security"
  |          ^^^^^^^^^^^^^^^ not known

note[unknown-owner]: `@org/docs` could not be checked: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
  --> owners.toml:12:10
   |
12 | owners = "@org/docs"
   |          ^^^^^^^^^^^ not known

0 errors, 0 warnings, 4 notes; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A reply that makes no sense is no answer.
#[test]
fn rules_in_another_form() {
    let scene = scene(APPROVALS);
    let without_id = reviewer(11, 2, &SECURITY).replace(r#""id":11,"#, "");
    scene.on(RULES, rules(&[without_id]));
    scene.check(
        "--live",
        str![[r#"
error: cannot understand the reply to `GET /repos/org/repo/rules/branches/main?per_page=100`
 = note: it has no number `id`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
}

/// An approval that no ruleset can demand stays a warning, whatever there is.
#[test]
fn what_no_ruleset_can_demand() {
    let config = APPROVALS.replace("\"/src/\"", "\"/src\"");
    let scene = scene(&config);
    scene.on(RULES, rules(&[reviewer(12, 0, &DOCS)]));
    scene.check(
        "--live --format short",
        str![[r#"
owners.toml:4:1: warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Security`
exit code 0

"#]],
    );
}
