//! `unknown-owner`: the forge has no such user or team.

use snapbox::str;

use crate::live::github::{PEOPLE, TEAMS};
use crate::live::{Scene, team};
use crate::support::stub::Answer;

#[test]
fn users_who_do_not_exist_or_may_only_read() {
    let scene = Scene::github(PEOPLE);
    let gone = r#"{"message":"alice is not a user","status":"404"}"#;
    scene.on(
        "/repos/org/repo/collaborators/alice/permission",
        Answer::status(404, gone),
    );
    scene.user("bob", "read");
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("docs", "push", "closed"))),
    );
    scene.check(
        "--live",
        str![[r#"
error[unknown-owner]: `@alice` does not exist on GitHub
 --> owners.toml:2:9
  |
2 | wasi = ["@alice", "@bob"]
  |         ^^^^^^^^ no such owner
...
7 | "/src/" = ["wasi", "@ALICE"]
  |                    -------- and here
  |
  = note: GitHub has no user `alice`
  = help: correct the name, or remove it: `owners remove @alice`

error[owner-without-access]: `@bob` cannot own files of `org/repo`
 --> owners.toml:2:19
  |
2 | wasi = ["@alice", "@bob"]
  |                   ^^^^^^ ignored by the forge
  |
  = note: the permission of `@bob` in `org/repo` is `read`, not `write`
  = help: change that on GitHub, or name another owner than `@bob`

2 errors, 0 warnings; 3 tracked paths: 3 owned
`--fix` can fix 1
exit code 1

"#]],
    );
}

/// The reply to a login that a user had before names the user as they are now.
#[test]
fn a_user_with_another_name() {
    let scene = Scene::github(PEOPLE);
    let moved = format!("{}/user/7", scene.stub.url());
    scene.on(
        "/repos/org/repo/collaborators/alice/permission",
        Answer::status(301, "{}").header("location", moved),
    );
    scene.on(
        "/user/7",
        Answer::json(r#"{"permission":"write","user":{"login":"alice-new"}}"#),
    );
    scene.user("bob", "write");
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("docs", "push", "closed"))),
    );
    scene.check(
        "--live",
        str![[r#"
error[unknown-owner]: `@alice` has another name now: `@alice-new`
 --> owners.toml:2:9
  |
2 | wasi = ["@alice", "@bob"]
  |         ^^^^^^^^ the old name
...
7 | "/src/" = ["wasi", "@ALICE"]
  |                    -------- and here
  |
  = note: GitHub ignores the old name
  = help: write `@alice-new`

1 error, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
}
