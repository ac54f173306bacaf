//! `owners export --format github-ruleset`: the document, and every reason why there is none.

use snapbox::str;

use crate::support::{Run, Sandbox};

const CONFIG: &str = r#"[groups]
security = { team = "@acme/security", members = ["@a", "@b"] }

[paths]
"*" = "@acme/core"

[[approval]]
name = "Security"
owners = "security"
count = 2
paths = ["/auth/", "*.pem"]

[[approval]]
name = "Docs"
owners = "@acme/docs"
optional = true
paths = "/docs/{api,guide}/"
"#;

const IDS: &str = "# from GitHub\n\"@acme/security\" = 11\n\"@ACME/Docs\" = 12\n";

fn export<'s>(sandbox: &'s Sandbox, more: &str) -> Run<'s> {
    sandbox.owners(&format!("export --format github-ruleset {more}"))
}

#[test]
fn the_document() {
    let sandbox = Sandbox::committed([("owners.toml", CONFIG), ("src/a", "")]);
    sandbox.write("ids.toml", IDS);
    let document = str![[r#"
{
  "name": "Approvals of owners.toml",
  "target": "branch",
  "enforcement": "active",
  "conditions": {
    "ref_name": {
      "include": [
        "~DEFAULT_BRANCH"
      ],
      "exclude": []
    }
  },
  "rules": [
    {
      "type": "pull_request",
      "parameters": {
        "dismiss_stale_reviews_on_push": false,
        "require_code_owner_review": false,
        "require_last_push_approval": false,
        "required_approving_review_count": 0,
        "required_review_thread_resolution": false,
        "required_reviewers": [
          {
            "reviewer": {
              "id": 11,
              "type": "Team"
            },
            "minimum_approvals": 2,
            "file_patterns": [
              "auth/**",
              "auth/**/*",
              "*.pem",
              "*.pem/**",
              "**/*.pem",
              "**/*.pem/**/*"
            ]
          },
          {
            "reviewer": {
              "id": 12,
              "type": "Team"
            },
            "minimum_approvals": 0,
            "file_patterns": [
              "docs/api/**",
              "docs/api/**/*",
              "docs/guide/**",
              "docs/guide/**/*"
            ]
          }
        ]
      }
    }
  ]
}

"#]];
    export(&sandbox, "--team-ids ids.toml").prints(document.clone());
    // Of a commit, and from another directory.
    sandbox.write("owners.toml", "[paths]\n");
    let run = export(&sandbox, "--team-ids ../ids.toml --rev HEAD").within("src");
    run.prints(document);
}

/// All reasons are shown, in the order of the file, and nothing is printed.
#[test]
fn every_reason() {
    let config = CONFIG
        .replace(
            "\"*.pem\"]",
            "\"/README.md\", \"/k?y/\"]\nexcept = \"*.md\"",
        )
        .replace("\"@acme/docs\"", "[\"@writer\", \"@acme/docs\"]")
        .replace("{api,guide}/", "{api,guide}/*");
    let sandbox = Sandbox::committed([("owners.toml", &*config)]);
    export(&sandbox, "").refuses(str![[r#"
error: the id of `@acme/security` on GitHub is not known
 --> owners.toml:9:10
  |
9 | owners = "security"
  |          ^^^^^^^^^^
  |
  = help: ask for them with `--live`, or name a file with `--team-ids`: `gh api --paginate orgs/acme/teams --jq '.[] | "\"@acme/\(.slug)\" = \(.id)"'` prints its lines

error: a ruleset on GitHub cannot express `/README.md` exactly
  --> owners.toml:11:20
   |
11 | paths = ["/auth/", "/README.md", "/k?y/"]
   |                    ^^^^^^^^^^^^
   |
   = note: without a slash at its start it may match at any depth, and with one nowhere: the descriptions differ
   = help: write `**/README.md`, which matches more: at any depth

error: a ruleset on GitHub cannot express `/k?y/` exactly
  --> owners.toml:11:34
   |
11 | paths = ["/auth/", "/README.md", "/k?y/"]
   |                                  ^^^^^^^
   |
   = note: `?` may stand for a `/`, too
   = help: name what it matches: as `{a,b}`, or a directory

error: a ruleset on GitHub cannot leave out `*.md`
  --> owners.toml:12:10
   |
12 | except = "*.md"
   |          ^^^^^^
   |
   = note: whether `!` works in its patterns is not certain
   = help: name the paths that need the approval, and leave out `except`; or let these paths need it, too

error: a ruleset on GitHub cannot demand the approval of one of @writer @acme/docs
  --> owners.toml:16:11
   |
16 | owners = ["@writer", "@acme/docs"]
   |           ^^^^^^^^^^^^^^^^^^^^^^^ who gives `Docs`
   |
   = note: all of them would have to approve: required reviewers add up
   = help: name one team: `owners = "@org/team"`, or a group with `team = "@org/team"`

error: a ruleset on GitHub cannot express `/docs/api/*` exactly
  --> owners.toml:18:17
   |
18 | paths = "/docs/{api,guide}/*"
   |                 ^^^
   |
   = note: `*` may stand for several directories, too: no description excludes it
   = help: write `/docs/api/`, which matches more: at any depth

error: a ruleset on GitHub cannot express `/docs/guide/*` exactly
  --> owners.toml:18:21
   |
18 | paths = "/docs/{api,guide}/*"
   |                     ^^^^^
   |
   = note: `*` may stand for several directories, too: no description excludes it
   = help: write `/docs/guide/`, which matches more: at any depth

7 errors in the configuration

"#]]);
}

#[test]
fn ids_that_are_wrong() {
    let sandbox = Sandbox::committed([("owners.toml", CONFIG)]);
    let ids = "acme = 1\n\"@acme/docs\" = \"2\"\n\"@acme/x\" = 3\n\"@ACME/x\" = 4\n\"@acme/y\" = -1\n\"@acme/z\" = 99999999999999999999\n";
    sandbox.write("ids.toml", ids);
    export(&sandbox, "--team-ids ids.toml").refuses(str![[r#"
error: `acme` is not a team
 --> ids.toml:1:1
  |
1 | acme = 1
  | ^^^^
  |
  = help: write `"@org/team" = 1234567`

error: the id of `@acme/docs` must be a number of at least 1
 --> ids.toml:2:16
  |
2 | "@acme/docs" = "2"
  |                ^^^ this is a string
  |
  = help: write `"@org/team" = 1234567`

error: `@ACME/x` has two ids
 --> ids.toml:4:1
  |
4 | "@ACME/x" = 4
  | ^^^^^^^^^ another one above
  |
  = help: remove one of the entries: the case of names does not count

error: the id of `@acme/y` must be a number of at least 1
 --> ids.toml:5:13
  |
5 | "@acme/y" = -1
  |             ^^ this is too small
  |
  = help: write `"@org/team" = 1234567`

error: the id of `@acme/z` must be a number of at least 1
 --> ids.toml:6:13
  |
6 | "@acme/z" = 99999999999999999999
  |             ^^^^^^^^^^^^^^^^^^^^ this is too large
  |
  = help: write `"@org/team" = 1234567`

5 errors in the configuration

"#]]);
    sandbox.write("ids.toml", "\"@acme/docs\" = [\n");
    export(&sandbox, "--team-ids ids.toml").refuses(str![[r#"
error: invalid TOML: unclosed array, expected `]`
 --> ids.toml:1:17
  |
1 | "@acme/docs" = [
  |                 ^
  |
  = help: close it

1 error in the configuration

"#]]);
    export(&sandbox, "--team-ids none.toml").refuses(str![[r#"
error: cannot read the ids of teams from `none.toml`
 = note: [..]

"#]]);
}

/// What the options do not go with, and nothing to export.
#[test]
fn what_does_not_go_together() {
    let sandbox = Sandbox::committed([("owners.toml", CONFIG)]);
    export(&sandbox, "--paths").refuses(str![[r#"
error: `--paths` is about paths and the model, not about approvals
 = help: leave out `--paths`

"#]]);
    export(&sandbox, "--repository x").refuses(str![[r#"
error: `--repository` is about paths and the model, not about approvals
 = help: leave out `--repository`

"#]]);
    sandbox
        .owners("export --paths --format csv --live")
        .refuses(str![[r#"
error: `--live` is for approvals, not for paths
 = help: write `--format github-ruleset`, or leave out `--live`

"#]]);
    sandbox.write("owners.toml", "[paths]\n\"*\" = \"@acme/core\"\n");
    export(&sandbox, "").refuses(str![[r#"
error: there are no approvals to export: `owners.toml` has no `[[approval]]`
 = help: add `[[approval]]`, with `name`, `paths` and `owners` under it

"#]]);
    let sandbox = Sandbox::committed([(".github/CODEOWNERS", "* @acme/core\n")]);
    export(&sandbox, "").refuses(str![[r#"
error: there are no approvals to export: there is no `owners.toml`
 = help: add `[[approval]]`, with `name`, `paths` and `owners` under it

"#]]);
}
