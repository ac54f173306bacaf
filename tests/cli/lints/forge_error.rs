//! `forge-error`: the forge reports an error in the file.

use snapbox::str;

use crate::live::github::{PEOPLE, TEAMS};
use crate::live::{NOT_ALLOWED, Scene};
use crate::support::stub::Answer;

/// GitHub's own errors: about owners, and about other things.
#[test]
fn errors_of_the_file() {
    let scene = Scene::github(PEOPLE);
    scene.user("alice", "write").user("bob", "write");
    scene.on(TEAMS, Answer::status(403, NOT_ALLOWED));
    scene.on(
        "/orgs/org/teams/docs/repos/org/repo",
        Answer::status(404, r#"{"message":"Not Found"}"#),
    );
    let errors = r#"{"errors":[
        {"line":4,"column":3,"kind":"Unknown owner","source":"* @org/docs\n",
         "suggestion":"make sure the team @org/docs exists, is publicly visible, and has write access to the repository",
         "message":"Unknown owner on line 4","path":".github/CODEOWNERS"},
        {"line":5,"column":13,"kind":"Unknown owner","source":"/src/ @alice @bob\n",
         "suggestion":"make sure @bob exists and has write access to the repository",
         "message":"Unknown owner on line 5","path":".github/CODEOWNERS"},
        {"line":6,"column":1,"kind":"Invalid pattern","source":"[x] @a","suggestion":null,
         "message":"Invalid pattern on line 6: both `[` and `]` must be escaped\n\n  [x] @a","path":".github/CODEOWNERS"}
    ]}"#;
    scene.on(
        &scene.errors(),
        Answer::json(&errors.replace("/src/ @alice", "/src/ @aaa")),
    );
    scene.check("--live", str![[r#"
error[unknown-owner]: GitHub does not accept `@bob` as an owner
 --> owners.toml:2:19
  |
2 | wasi = ["@alice", "@bob"]
  |                   ^^^^^^ not accepted
  |
  = note: GitHub says: make sure @bob exists and has write access to the repository
  = help: do what GitHub says, or name another owner than `@bob`

error[unknown-owner]: GitHub does not accept `@org/docs` as an owner
 --> owners.toml:3:8
  |
3 | docs = "@org/docs"
  |        ^^^^^^^^^^^ not accepted
  |
  = note: GitHub says: make sure the team @org/docs exists, is publicly visible, and has write access to the repository
  = help: do what GitHub says, or name another owner than `@org/docs`

error[forge-error]: GitHub reports an error in line 6 of `.github/CODEOWNERS`: Invalid pattern
--> .github/CODEOWNERS
 = note: Invalid pattern on line 6: both `[` and `]` must be escaped
 = help: correct the line; if the file is generated, please report this as a bug of owners

3 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]]);
}
