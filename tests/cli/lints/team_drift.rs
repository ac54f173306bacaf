//! `team-drift`: the members of a group are not those of its team.

use snapbox::str;

use crate::live::github::{MEMBERS, TEAM, TEAMS};
use crate::live::{Scene, team, users};
use crate::support::stub::Answer;

/// The team has two pages of members.
#[test]
fn a_group_that_is_not_its_team() {
    let scene = Scene::github(TEAM);
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("core", "push", "closed"))),
    );
    let next = format!("<{}{MEMBERS}&page=2>; rel=\"next\"", scene.stub.url());
    scene.on(
        MEMBERS,
        Answer::json(&users(&["Alice", "carol"])).header("link", next),
    );
    scene.on(
        &format!("{MEMBERS}&page=2"),
        Answer::json(&users(&["dave"])),
    );
    scene.on("/users/bob", Answer::json(r#"{"login":"bob"}"#));
    scene.check(
        "--live",
        str![[r#"
error[team-drift]: the group `core` is not the team `@org/core`
 --> owners.toml:1:9
  |
1 | [groups.core]
  |         ^^^^ its members differ
  |
  = note: in the team on GitHub, but not in the group: `@carol`, `@dave`
  = note: in the group, but not in the team: `@bob`
  = help: in `members` of `core`, add `@carol`, `@dave` and remove `@bob`, or change the team

1 error, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
    // Members of the team are known to exist, and need no access of their own.
    assert!(!scene.stub.paths().iter().any(|path| path.contains("alice")));
    scene.on(MEMBERS, Answer::json(&users(&["alice", "BOB"])));
    scene.check(
        "--live",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    scene.on(MEMBERS, Answer::status(404, r#"{"message":"Not Found"}"#));
    scene.on("/users/alice", Answer::json(r#"{"login":"alice"}"#));
    scene.check(
        "--live",
        str![[r#"
note[team-drift]: the members of `@org/core` could not be checked: there is no such team, or the token cannot see it: Not Found (404)
 --> owners.toml:1:9
  |
1 | [groups.core]
  |         ^^^^ the group of the team

0 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}
