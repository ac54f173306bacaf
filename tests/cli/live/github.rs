//! What GitHub says about users, teams, members and the file.

use snapbox::str;

use super::{NOT_ALLOWED, Scene, TOKEN, repository, team, users};
use crate::support::stub::Answer;

pub(crate) const PEOPLE: &str = r#"[groups]
wasi = ["@alice", "@bob"]
docs = "@org/docs"

[paths]
"*" = "docs"
"/src/" = ["wasi", "@ALICE"]
"#;

pub(crate) const TEAM: &str = r#"[groups.core]
team = "@org/core"
members = ["@alice", "@bob"]

[paths]
"*" = "core"
"#;

/// What lists the teams of the repository.
pub(crate) const TEAMS: &str = "/repos/org/repo/teams?per_page=100";
/// What lists the members of the team.
pub(crate) const MEMBERS: &str = "/orgs/org/teams/core/members?per_page=100";

/// Everybody exists and may write. Each is asked about once, however often it is named.
#[test]
fn everything_is_fine() {
    let scene = Scene::github(PEOPLE);
    scene.user("alice", "write").user("bob", "admin");
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("docs", "push", "closed"))),
    );
    scene.check(
        "--live",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    assert_eq!(
        scene.stub.paths(),
        [
            "/repos/org/repo",
            &scene.errors(),
            TEAMS,
            "/repos/org/repo/collaborators/alice/permission",
            "/repos/org/repo/collaborators/bob/permission",
        ]
    );
    for request in scene.stub.seen() {
        assert_eq!(request.method, "GET");
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("authorization"), Some(&*format!("Bearer {TOKEN}")));
        assert_eq!(
            header("user-agent"),
            Some(concat!("owners/", env!("CARGO_PKG_VERSION")))
        );
        assert_eq!(
            header("accept"),
            Some("application/vnd.github+json, application/json")
        );
        assert_eq!(header("x-github-api-version"), Some("2022-11-28"));
    }
}

/// Without `--live`, nothing is asked.
#[test]
fn without_live() {
    let scene = Scene::github(PEOPLE);
    scene.check(
        "",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    assert_eq!(scene.stub.paths().len(), 0);
}

/// A token that may not push sees users, but not what they may do. It is refused once.
#[test]
fn a_token_that_may_not_see_permissions() {
    let scene = Scene::github(PEOPLE);
    scene
        .sandbox
        .write("owners.toml", PEOPLE.replace("@bob", "@carol"));
    scene.on(
        "/repos/org/repo/collaborators/alice/permission",
        Answer::status(
            403,
            r#"{"message":"Must have push access to view collaborator permission."}"#,
        ),
    );
    scene.on("/users/alice", Answer::json(r#"{"login":"alice","id":1}"#));
    scene.on("/users/carol", Answer::json(r#"{"login":"carol","id":2}"#));
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("docs", "push", "closed"))),
    );
    // `@alice` is in the committed file, and GitHub reports nothing about her.
    scene.check("--live -A stale-output", str![[r#"
note[unknown-owner]: `@carol` could not be checked: the user exists, but the token cannot see who may write: Must have push access to view collaborator permission. (403)
 --> owners.toml:2:19
  |
2 | wasi = ["@alice", "@carol"]
  |                   ^^^^^^^^ not known

0 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 0

"#]]);
    let asked = scene.stub.paths();
    let permissions = asked.iter().filter(|path| path.ends_with("/permission"));
    assert_eq!(permissions.count(), 1, "{asked:?}");
}

/// The token of a job sees no teams. GitHub's verdict on the file answers for those in it.
#[test]
fn the_token_of_a_job() {
    let scene = Scene::github(PEOPLE);
    scene.user("alice", "write").user("bob", "write");
    scene.on(TEAMS, Answer::status(403, NOT_ALLOWED));
    let team = "/orgs/org/teams/docs/repos/org/repo";
    scene.on(team, Answer::status(403, NOT_ALLOWED));
    scene.check(
        "--live --strict",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    // A team that is in no commit yet is not known. Of one organization, a refusal is enough.
    scene.sandbox.write(
        "owners.toml",
        PEOPLE.replace("\"@org/docs\"", "[\"@org/new\", \"@org/newer\"]"),
    );
    let new = "/orgs/org/teams/new/repos/org/repo";
    scene.on(new, Answer::status(403, NOT_ALLOWED));
    scene.check("--live -A stale-output", str![[r#"
note[unknown-owner]: `@org/new` could not be checked: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
 --> owners.toml:3:9
  |
3 | docs = ["@org/new", "@org/newer"]
  |         ^^^^^^^^^^ not known

note[unknown-owner]: `@org/newer` could not be checked: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
 --> owners.toml:3:21
  |
3 | docs = ["@org/new", "@org/newer"]
  |                     ^^^^^^^^^^^^ not known

0 errors, 0 warnings, 2 notes; 3 tracked paths: 3 owned
exit code 0

"#]]);
    scene.check(
        "--live --strict -q -A stale-output",
        str![[r#"
2 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
    assert!(!scene.stub.paths().iter().any(|path| path.contains("newer")));
}

/// `permissions` is optional in the entry of a team.
#[test]
fn teams_without_permissions() {
    let scene = Scene::github("[paths]\n\"*\" = [\"@org/core\", \"@org/docs\", \"@org/odd\"]\n");
    let team = |slug: &str, more: &str| format!(r#"{{"slug":"{slug}"{more}}}"#);
    let teams = [
        team("core", r#","permission":"push""#),
        team("docs", r#","permission":"pull""#),
        team("odd", ""),
    ];
    scene.on(TEAMS, Answer::json(&format!("[{}]", teams.join(","))));
    // Its verdict is about the file of the commit, so it knows none of them.
    let errors = r#"{"message":"Not Found"}"#;
    scene.on(&scene.errors(), Answer::status(404, errors));
    scene.check(
        "--live",
        str![[r#"
note[unknown-owner]: `@org/odd` could not be checked: GitHub does not say which access it has
 --> owners.toml:2:34
  |
2 | "*" = ["@org/core", "@org/docs", "@org/odd"]
  |                                  ^^^^^^^^^^ not known

error[owner-without-access]: `@org/docs` cannot own files of `org/repo`
 --> owners.toml:2:21
  |
2 | "*" = ["@org/core", "@org/docs", "@org/odd"]
  |                     ^^^^^^^^^^^ ignored by the forge
  |
  = note: the team `@org/docs` may read `org/repo`, but not write
  = help: change that on GitHub, or name another owner than `@org/docs`

1 error, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
}

/// A team that the token cannot see is unknown, not wrong.
#[test]
fn teams_that_are_not_seen() {
    let scene = Scene::github(PEOPLE);
    scene.user("alice", "write").user("bob", "write");
    scene
        .sandbox
        .write("owners.toml", PEOPLE.replace("@org/docs", "@org/hidden"));
    scene.on(TEAMS, Answer::json("[]"));
    scene.check(
        "--live -A stale-output",
        str![[r#"
note[unknown-owner]: `@org/hidden` could not be checked: there is no such team, or the token cannot see it: Not Found (404)
 --> owners.toml:3:8
  |
3 | docs = "@org/hidden"
  |        ^^^^^^^^^^^^^ not known

0 errors, 0 warnings, 1 note; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A repository that was renamed is asked about by its new name.
#[test]
fn a_repository_with_another_name() {
    let scene = Scene::github("[paths]\n\"*\" = \"@alice\"\n");
    let moved = format!("{}/repositories/1", scene.stub.url());
    scene.on(
        "/repos/org/repo",
        Answer::status(301, "{}").header("location", moved),
    );
    scene.on("/repositories/1", repository("new/name"));
    let errors = scene.errors().replace("org/repo", "new/name");
    scene.on(&errors, Answer::json(r#"{"errors":[]}"#));
    let permission = r#"{"permission":"write","user":{"login":"alice"}}"#;
    scene.on(
        "/repos/new/name/collaborators/alice/permission",
        Answer::json(permission),
    );
    scene.check(
        "--live",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
}

/// A CODEOWNERS file that is written by hand, with an address.
#[test]
fn a_file_written_by_hand() {
    let scene = Scene::github(PEOPLE);
    scene.sandbox.git("rm -qf owners.toml .github/CODEOWNERS");
    scene
        .sandbox
        .write("CODEOWNERS", "* @org/docs\n/src/ @gone docs@example.com\n");
    scene.sandbox.git("add -A");
    scene.on(
        TEAMS,
        Answer::json(&format!("[{}]", team("docs", "push", "closed"))),
    );
    scene.check("--live", str![[r#"
error[unknown-owner]: `@gone` does not exist on GitHub
 --> CODEOWNERS:2:7
  |
2 | /src/ @gone docs@example.com
  |       ^^^^^ no such owner
  |
  = note: GitHub has no user `gone`
  = help: correct the name, or remove `@gone`

note[unknown-owner]: `docs@example.com` could not be checked: GitHub does not say whose address this is
 --> CODEOWNERS:2:13
  |
2 | /src/ @gone docs@example.com
  |             ^^^^^^^^^^^^^^^^ not known

1 error, 0 warnings, 1 note; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned
exit code 1

"#]]);
}

/// Every format has notes.
#[test]
fn notes_in_every_format() {
    let scene = Scene::github("[paths]\n\"*\" = [\"@alice\", \"docs@example.com\"]\n");
    scene.user("alice", "write");
    scene.on(
        &scene.errors(),
        Answer::status(404, r#"{"message":"Not Found"}"#),
    );
    scene.check(
        "--live --format short",
        str![[r#"
owners.toml:2:18: note[unknown-owner]: `docs@example.com` could not be checked: GitHub does not say whose address this is
exit code 0

"#]],
    );
    scene.check("--live --format github", str![[r#"
::notice file=owners.toml,line=2,endLine=2,col=18,endColumn=36,title=unknown-owner::`docs@example.com` could not be checked: GitHub does not say whose address this is: not known
exit code 0

"#]]);
    scene.check(
        "--live --format markdown",
        str![[r#"
### owners check: 0 errors, 0 warnings, 1 note

3 tracked paths: 3 owned

#### `unknown-owner`: 1 note

| where | what | help |
|---|---|---|
| `owners.toml:2:18` | `` `docs@example.com` could not be checked: GitHub does not say whose address this is `` |  |
exit code 0

"#]],
    );
    scene.check("--live --json", str![[r#"
{"version":1,"findings":[{"lint":"unknown-owner","level":"note","message":"`docs@example.com` could not be checked: GitHub does not say whose address this is","path":null,"labels":[{"file":"owners.toml","line":2,"column":18,"end_line":2,"end_column":36,"start":25,"end":43,"text":"not known"}],"notes":[],"helps":[],"fix":null}],"summary":{"errors":0,"warnings":0,"notes":1,"paths":3,"owned":3,"nobody":0,"exempt":0,"unowned":0}}
exit code 0

"#]]);
    scene.check("--live --format gitlab", str![[r#"
[
  {
    "description": "`docs@example.com` could not be checked: GitHub does not say whose address this is: not known",
    "check_name": "unknown-owner",
    "fingerprint": "d5f36be5124ea0e2af0a017c64e39e1d",
    "severity": "info",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 2
      }
    }
  }
]
exit code 0

"#]]);
    let sarif = scene.owners("check --live --format sarif").output();
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(
        (result["level"].as_str(), result["ruleId"].as_str()),
        (Some("note"), Some("unknown-owner"))
    );
}

/// Only what stands on lines that the change touches is reported.
#[test]
fn findings_of_a_change() {
    let scene = Scene::github("[paths]\n\"*\" = [\"@alice\", \"@gone\"]\n");
    scene.user("alice", "write");
    scene.check(
        "--live --changed HEAD",
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned
exit code 0

"#]],
    );
    scene.sandbox.write(
        "owners.toml",
        "[paths]\n\"*\" = [\"@alice\", \"@gone\", \"@away\"]\n",
    );
    scene.sandbox.owners("gen -q").prints("");
    scene.check(
        "--live --changed HEAD",
        str![[r#"
error[unknown-owner]: `@gone` does not exist on GitHub
 --> owners.toml:2:18
  |
2 | "*" = ["@alice", "@gone", "@away"]
  |                  ^^^^^^^ no such owner
  |
  = note: GitHub has no user `gone`
  = help: correct the name, or remove it: `owners remove @gone`

error[unknown-owner]: `@away` does not exist on GitHub
 --> owners.toml:2:27
  |
2 | "*" = ["@alice", "@gone", "@away"]
  |                           ^^^^^^^ no such owner
  |
  = note: GitHub has no user `away`
  = help: correct the name, or remove it: `owners remove @away`

2 errors, 0 warnings; 3 tracked paths: 3 owned
`--fix` can fix 2
exit code 1

"#]],
    );
}

/// A commit has its own owners, and its own file.
#[test]
fn a_commit() {
    let scene = Scene::github("[paths]\n\"*\" = \"@alice\"\n");
    scene.user("alice", "none");
    let errors = scene.errors();
    scene
        .sandbox
        .write("owners.toml", "[paths]\n\"*\" = \"@bob\"\n");
    scene.sandbox.git("commit -qam second");
    scene.check(
        "--live --rev HEAD~1",
        str![[r#"
error[owner-without-access]: `@alice` cannot own files of `org/repo`
 --> owners.toml:2:7
  |
2 | "*" = "@alice"
  |       ^^^^^^^^ ignored by the forge
  |
  = note: the permission of `@alice` in `org/repo` is `none`, not `write`
  = help: change that on GitHub, or name another owner than `@alice`

1 error, 0 warnings; 3 tracked paths: 3 owned
exit code 1

"#]],
    );
    assert!(scene.stub.paths().contains(&errors));
}

/// The members of a team of the roster are asked for. Without that, nobody is judged by it.
#[test]
fn a_roster_with_a_team() {
    let config = "[check]\nroster = [\"MAINTAINERS.md\", \"@org/recognized\"]\n\n\
                  [paths]\n\"*\" = [\"@alice\", \"@bob\", \"@mallory\"]\n";
    let sandbox_file = "- @alice\n";
    let scene = Scene::github(config);
    scene.sandbox.write("MAINTAINERS.md", sandbox_file);
    scene.sandbox.git("add -A");
    for login in ["alice", "bob", "mallory"] {
        scene.user(login, "write");
    }
    scene.check(
        "",
        str![[r#"
note[roster]: whether 2 people are in `@org/recognized` could not be checked: only the forge knows its members: `owners check --live` asks
 --> owners.toml:2:29
  |
2 | roster = ["MAINTAINERS.md", "@org/recognized"]
  |                             ^^^^^^^^^^^^^^^^^ not known
...
5 | "*" = ["@alice", "@bob", "@mallory"]
  |                  ------ such as this one

0 errors, 0 warnings, 1 note; 4 tracked paths: 4 owned
exit code 0

"#]],
    );
    let members = "/orgs/org/teams/recognized/members?per_page=100";
    scene.on(members, Answer::json(&users(&["Bob"])));
    scene.check("--live", str![[r#"
error[roster]: `@mallory` is not in the roster
 --> owners.toml:5:26
  |
5 | "*" = ["@alice", "@bob", "@mallory"]
  |                          ^^^^^^^^^^ not in the roster
  |
  = help: add `@mallory` to `MAINTAINERS.md` or `@org/recognized`, or remove them from the group or rule

1 error, 0 warnings; 4 tracked paths: 4 owned
exit code 1

"#]]);
    scene.on(members, Answer::status(403, NOT_ALLOWED));
    scene.check("--live --strict", str![[r#"
error[roster]: whether 2 people are in `@org/recognized` could not be checked: there is no such team, or the token cannot see it: Resource not accessible by integration (403)
 --> owners.toml:2:29
  |
2 | roster = ["MAINTAINERS.md", "@org/recognized"]
  |                             ^^^^^^^^^^^^^^^^^ not known
...
5 | "*" = ["@alice", "@bob", "@mallory"]
  |                  ------ such as this one

1 error, 0 warnings; 4 tracked paths: 4 owned
exit code 1

"#]]);
}

/// People who are only told about changes must exist, and need no access. So must members of groups that
/// own nothing.
#[test]
fn people_who_own_nothing() {
    let scene = Scene::github(
        "[groups]\nreaders = ['@vera', '@nobody']\nowning = ['inner']\ninner = ['@alice']\n\
         [paths]\n'*' = 'owning'\n'/src/' = { owners = '@alice', notify = ['readers', '@wim'] }\n",
    );
    scene.user("alice", "write");
    for login in ["vera", "wim"] {
        let user = format!(r#"{{"login":"{login}"}}"#);
        scene.on(&format!("/users/{login}"), Answer::json(&user));
    }
    scene.check(
        "--live",
        str![[r#"
error[unknown-owner]: `@nobody` does not exist on GitHub
 --> owners.toml:2:21
  |
2 | readers = ['@vera', '@nobody']
  |                     ^^^^^^^^^ no such owner
  |
  = note: GitHub has no user `nobody`
  = help: correct the name, or remove it: `owners remove @nobody`

1 error, 0 warnings; 3 tracked paths: 3 owned
`--fix` can fix 1
exit code 1

"#]],
    );
}
