//! `owner-without-access`: the forge ignores an owner, which cannot write.

use snapbox::str;

use crate::live::github::TEAMS;
use crate::live::{Scene, team};
use crate::support::stub::Answer;

#[test]
fn teams_without_access() {
    let scene = Scene::github(
        "[paths]\n\"*\" = [\"@org/read\", \"@org/secret\", \"@org/none\", \"@other/team\", \"@org/child\", \"@org/grandchild\"]\n",
    );
    let listed = [
        team("read", "pull", "closed"),
        team("secret", "push", "secret"),
        team("parent", "push", "closed"),
    ];
    scene.on(TEAMS, Answer::json(&format!("[{}]", listed.join(","))));
    let child = |slug: &str, parent: &str| {
        team(slug, "pull", "closed").replace("\"parent\":null", &format!("\"parent\":{parent}"))
    };
    scene.on("/orgs/org/teams/none", Answer::json(&child("none", "null")));
    scene.on(
        "/orgs/org/teams/child",
        Answer::json(&child("child", r#"{"slug":"parent"}"#)),
    );
    scene.on(
        "/orgs/org/teams/grandchild",
        Answer::json(&child("grandchild", r#"{"slug":"unlisted"}"#)),
    );
    // Nothing is published, so nothing makes up for what a request does not say.
    scene.on(
        &scene.errors(),
        Answer::status(404, r#"{"message":"Not Found"}"#),
    );
    scene.check("--live", str![[r#"
note[unknown-owner]: `@org/grandchild` could not be checked: the team exists; whether a parent of `unlisted` gives it access is not known
 --> owners.toml:2:78
  |
2 | "*" = ["@org/read", "@org/secret", "@org/none", "@other/team", "@org/child", "@org/grandchild"]
  |                                                                              ^^^^^^^^^^^^^^^^^ not known

error[owner-without-access]: `@org/read` cannot own files of `org/repo`
 --> owners.toml:2:8
  |
2 | "*" = ["@org/read", "@org/secret", "@org/none", "@other/team", "@org/child", "@org/grandchild"]
  |        ^^^^^^^^^^^ ignored by the forge
  |
  = note: the team `@org/read` may read `org/repo`, but not write
  = help: change that on GitHub, or name another owner than `@org/read`

error[owner-without-access]: `@org/secret` cannot own files of `org/repo`
 --> owners.toml:2:21
  |
2 | "*" = ["@org/read", "@org/secret", "@org/none", "@other/team", "@org/child", "@org/grandchild"]
  |                     ^^^^^^^^^^^^^ ignored by the forge
  |
  = note: the team `@org/secret` is secret, and GitHub ignores secret teams
  = help: change that on GitHub, or name another owner than `@org/secret`

error[owner-without-access]: `@org/none` cannot own files of `org/repo`
 --> owners.toml:2:36
  |
2 | "*" = ["@org/read", "@org/secret", "@org/none", "@other/team", "@org/child", "@org/grandchild"]
  |                                    ^^^^^^^^^^^ ignored by the forge
  |
  = note: the team `@org/none` exists, and has no access to `org/repo`
  = help: change that on GitHub, or name another owner than `@org/none`

error[owner-without-access]: `@other/team` cannot own files of `org/repo`
 --> owners.toml:2:49
  |
2 | "*" = ["@org/read", "@org/secret", "@org/none", "@other/team", "@org/child", "@org/grandchild"]
  |                                                 ^^^^^^^^^^^^^ ignored by the forge
  |
  = note: a team of `other` cannot have access to `org/repo`
  = help: change that on GitHub, or name another owner than `@other/team`

4 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 1

"#]]);
}
