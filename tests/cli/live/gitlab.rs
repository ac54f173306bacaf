//! What GitLab says about users, groups and members.

use snapbox::str;

use super::{Scene, TOKEN};
use crate::support::Run;
use crate::support::stub::Answer;

const CONFIG: &str = r#"[groups]
wasi = ["@alice", "@bob"]
docs = "@top/sub"

[paths]
"*" = ["docs", "@@maintainer"]
"/src/" = ["wasi", "@guests"]

[output]
platform = "gitlab"
"#;

const PROJECT: &str = r#"{"id":7,"path_with_namespace":"top/sub/project",
    "namespace":{"kind":"group","full_path":"top/sub"},
    "shared_with_groups":[{"group_id":1,"group_full_path":"platform","group_access_level":30},
        {"group_id":2,"group_full_path":"guests","group_access_level":40},
        {"group_id":3,"group_full_path":"other/low","group_access_level":20}]}"#;

const MEMBERS: &str = "/projects/7/members/all?per_page=100";
const INVITED: &str = "/projects/7/invited_groups?per_page=100";

fn member(name: &str, level: u8) -> String {
    format!(r#"{{"id":1,"username":"{name}","state":"active","access_level":{level}}}"#)
}

fn scene(config: &str) -> Scene {
    let scene = Scene::new(config);
    scene.on("/projects/7", Answer::json(PROJECT));
    scene.on(INVITED, Answer::json(r#"[{"id":2,"full_path":"guests"},{"id":3,"full_path":"other/low"},{"id":4,"full_path":"above/us"}]"#));
    let members = [member("Alice", 30), member("bob", 40)];
    scene.on(MEMBERS, Answer::json(&format!("[{}]", members.join(","))));
    scene
}

/// `owners` in a job of GitLab CI.
fn job<'s>(scene: &'s Scene, arguments: &str) -> Run<'s> {
    let run = scene.sandbox.owners(&format!("check {arguments}"));
    run.env("GITLAB_CI", "true")
        .env("CI_API_V4_URL", scene.stub.url())
        .env("CI_PROJECT_ID", "7")
        .env("CI_PROJECT_PATH", "top/sub/project")
        .env("GITLAB_TOKEN", TOKEN)
}

#[test]
fn everything_is_fine() {
    let scene = scene(CONFIG);
    scene.outcome(
        job(&scene, "--live --strict"),
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    assert_eq!(scene.stub.paths(), ["/projects/7", INVITED, MEMBERS]);
    for request in scene.stub.seen() {
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("private-token"), Some(TOKEN));
        assert_eq!(header("authorization"), None);
    }
}

#[test]
fn owners_that_gitlab_ignores() {
    let scene = scene(
        "[paths]\n\"*\" = [\"@reporter\", \"@blocked\", \"@stranger\", \"@gone\", \"@hidden\", \"@other/group\", \"@other/secret\", \"@platform\", \"@other/low\", \"@above/us\", \"a@example.com\"]\n[output]\nplatform = \"gitlab\"\n",
    );
    let members = [
        member("reporter", 20),
        member("blocked", 40).replace("active", "blocked"),
    ];
    scene.on(MEMBERS, Answer::json(&format!("[{}]", members.join(","))));
    for (name, exists) in [("stranger", true), ("gone", false), ("hidden", true)] {
        let answer = format!(r#"{{"exists":{exists},"suggests":[]}}"#);
        scene.on(&format!("/namespaces/{name}/exists"), Answer::json(&answer));
    }
    scene.on(
        "/users?username=stranger",
        Answer::json(r#"[{"id":9,"username":"stranger"}]"#),
    );
    scene.on("/users?username=hidden", Answer::json("[]"));
    scene.on(
        "/groups/other%2Flow?with_projects=false",
        Answer::json(r#"{"id":3,"full_path":"other/low"}"#),
    );
    scene.on(
        "/groups/other%2Fgroup?with_projects=false",
        Answer::json(r#"{"id":3,"full_path":"other/group"}"#),
    );
    scene.outcome(job(&scene, "--live"), str![[r#"
error[unknown-owner]: `@gone` does not exist on GitLab
 --> owners.toml:2:46
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                                              ^^^^^^^ no such owner
  |
  = note: GitLab has neither a user nor a group `gone`
  = help: correct the name, or remove it: `owners remove @gone`

note[unknown-owner]: `@hidden` could not be checked: `hidden` is a group, and the token cannot see whether it was invited to the project
 --> owners.toml:2:55
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                                                       ^^^^^^^^^ not known

note[unknown-owner]: `@other/secret` could not be checked: there is no such group, or the token cannot see it: Not Found (404)
 --> owners.toml:2:82
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                                                                                  ^^^^^^^^^^^^^^^ not known

note[unknown-owner]: `@above/us` could not be checked: `@above/us` was invited to a group above the project, and GitLab does not say with which role
 --> owners.toml:2:126
  |
2 | ...r/group", "@other/secret", "@platform", "@other/low", "@above/us", "a@example.com"]
  |                                                          ^^^^^^^^^^^ not known

note[unknown-owner]: `a@example.com` could not be checked: GitLab does not say whose address this is
 --> owners.toml:2:139
  |
2 | ...er/secret", "@platform", "@other/low", "@above/us", "a@example.com"]
  |                                                        ^^^^^^^^^^^^^^^ not known

error[owner-without-access]: `@reporter` cannot own files of `top/sub/project`
 --> owners.toml:2:8
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |        ^^^^^^^^^^^ ignored by the forge
  |
  = note: `@reporter` has less than the role Developer in `top/sub/project` (access level 20, not 30)
  = help: change that on GitLab, or name another owner than `@reporter`

error[owner-without-access]: `@blocked` cannot own files of `top/sub/project`
 --> owners.toml:2:21
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                     ^^^^^^^^^^ ignored by the forge
  |
  = note: the account `@blocked` is not active
  = help: change that on GitLab, or name another owner than `@blocked`

error[owner-without-access]: `@stranger` cannot own files of `top/sub/project`
 --> owners.toml:2:33
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                                 ^^^^^^^^^^^ ignored by the forge
  |
  = note: `@stranger` is not a member of `top/sub/project`
  = help: change that on GitLab, or name another owner than `@stranger`

error[owner-without-access]: `@other/group` cannot own files of `top/sub/project`
 --> owners.toml:2:66
  |
2 | "*" = ["@reporter", "@blocked", "@stranger", "@gone", "@hidden", "@other/group", "@other/secret", "@platform", "@other/low", "@above/...
  |                                                                  ^^^^^^^^^^^^^^ ignored by the forge
  |
  = note: the group `@other/group` exists, but was not invited to `top/sub/project` with at least the role Developer
  = help: change that on GitLab, or name another owner than `@other/group`

error[owner-without-access]: `@other/low` cannot own files of `top/sub/project`
 --> owners.toml:2:112
  |
2 | ..., "@other/group", "@other/secret", "@platform", "@other/low", "@above/us", "a@example.com"]
  |                                                    ^^^^^^^^^^^^ ignored by the forge
  |
  = note: the group `@other/low` exists, but was not invited to `top/sub/project` with at least the role Developer
  = help: change that on GitLab, or name another owner than `@other/low`

6 errors, 0 warnings, 4 notes; 3 tracked paths: 3 owned
`--fix` can fix 1
exit code 1

"#]]);
}

/// The members are on two pages, and only direct members of the group count.
#[test]
fn a_group_that_is_not_its_team() {
    let scene = scene(
        "[groups.core]\nteam = \"@top/sub\"\nmembers = [\"@alice\", \"@bob\"]\n[paths]\n\"*\" = \"core\"\n[output]\nplatform = \"gitlab\"\n",
    );
    let members = "/groups/top%2Fsub/members?per_page=100";
    let next = format!("<{}{members}&page=2>; rel=\"next\"", scene.stub.url());
    scene.on(
        members,
        Answer::json(&format!("[{}]", member("alice", 30))).header("link", next),
    );
    scene.on(
        &format!("{members}&page=2"),
        Answer::json(&format!("[{}]", member("carol", 30))),
    );
    scene.outcome(
        job(&scene, "--live"),
        str![[r#"
error[team-drift]: the group `core` is not the team `@top/sub`
 --> owners.toml:1:9
  |
1 | [groups.core]
  |         ^^^^ its members differ
  |
  = note: in the team on GitLab, but not in the group: `@carol`
  = note: in the group, but not in the team: `@bob`
  = help: in `members` of `core`, add `@carol` and remove `@bob`, or change the team

1 error, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
}

/// A token that sees the project, and not its members.
#[test]
fn a_token_that_may_not_see_members() {
    let scene = scene("[paths]\n\"*\" = \"@alice\"\n[output]\nplatform = \"gitlab\"\n");
    scene.on(
        MEMBERS,
        Answer::status(403, r#"{"message":"403 Forbidden"}"#),
    );
    scene.on(INVITED, Answer::status(404, r#"{"error":"404 Not Found"}"#));
    scene.on(
        "/namespaces/alice/exists",
        Answer::json(r#"{"exists":true,"suggests":[]}"#),
    );
    scene.on(
        "/users?username=alice",
        Answer::json(r#"[{"id":9,"username":"alice"}]"#),
    );
    scene.outcome(
        job(&scene, "--live"),
        str![[r#"
note[unknown-owner]: `@alice` could not be checked: the user exists, but the token cannot see who has access: 403 Forbidden (403)
 --> owners.toml:2:7
  |
2 | "*" = "@alice"
  |       ^^^^^^^^ not known

0 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A job token may ask none of this.
#[test]
fn the_token_of_a_job() {
    let scene = scene(CONFIG);
    scene.on(
        "/projects/7",
        Answer::status(401, r#"{"message":"401 Unauthorized"}"#),
    );
    let run = job(&scene, "--live")
        .env("GITLAB_TOKEN", "")
        .env("CI_JOB_TOKEN", TOKEN);
    scene.outcome(
        run,
        str![[r#"
error: GitLab refuses the token from CI_JOB_TOKEN
 = note: the request was `GET [API]/projects/7`
 = help: a job token may not ask this: set GITLAB_TOKEN to a token with the scope `read_api`
exit code 2

"#]],
    );
    let seen = scene.stub.seen();
    assert_eq!(
        seen[0].headers.get("job-token").map(String::as_str),
        Some(TOKEN)
    );
}

#[test]
fn a_rate_limit() {
    let scene = scene(CONFIG);
    scene.stub.on(
        MEMBERS,
        [
            Answer::status(429, "Retry later")
                .header("ratelimit-remaining", "0")
                .header("ratelimit-reset", "1"),
            Answer::json(&format!("[{},{}]", member("alice", 30), member("bob", 30))),
        ],
    );
    scene.outcome(
        job(&scene, "--live"),
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A refusal that is not from GitLab says nothing about a group.
#[test]
fn refusals() {
    let config = "[paths]\n\"*\" = [\"@alice\", \"@other/a\"]\n[output]\nplatform = \"gitlab\"\n";
    let scene = scene(config);
    let group = "/groups/other%2Fa?with_projects=false";
    scene.on(group, Answer::status(404, "<html>Not Found</html>"));
    scene.outcome(
        job(&scene, "--live"),
        str![[r#"
error: cannot understand the reply to `GET /groups/other%2Fa?with_projects=false`
 = note: the status is 404, and it is not JSON
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    scene.on(group, Answer::json("{}"));
    scene.outcome(
        job(&scene, "--live"),
        str![[r#"
error: cannot understand the reply to `GET /groups/other%2Fa?with_projects=false`
 = note: it has no text `full_path`
 = help: check that the URL of the API is that of the forge, and that no proxy answers instead
exit code 2

"#]],
    );
    let refusal = r#"{"error":"insufficient_scope","scope":"api"}"#;
    scene.on(group, Answer::status(403, refusal));
    scene.outcome(job(&scene, "--live"), str![[r#"
note[unknown-owner]: `@other/a` could not be checked: there is no such group, or the token cannot see it: insufficient_scope (403)
 --> owners.toml:2:18
  |
2 | "*" = ["@alice", "@other/a"]
  |                  ^^^^^^^^^^ not known

0 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 0

"#]]);
}
