//! `owners check --format`: one specimen of every finding, in every format.

use std::collections::HashSet;

use owners::lint::LINTS;
use serde_json::Value;
use snapbox::str;

use crate::support::Sandbox;

/// Every lint that can fire beside the others has something to find here.
const CONFIG: &str = r#"# é: columns count characters, not bytes
[check]
exempt = ["/third_party/", "/gone/"]
roster = "ROSTER.md"
min-members = 2

[groups]
core = ["@alice", "@bob"]
one = "@mallory"
idle = ["@alice", "@bob"]

[output]
platform = "github"
file = "CODEOWNERS"

[lints]
default-only-path = "warn"
floating-directory = "warn"

[paths]
"/*.md" = "core"
"/docs/é/" = "core"
"/docs/" = "core"
"docs/" = []
"/{src,source}/" = "one"
"src/**" = "core"
"/src/lib/" = "core"
"*.rs" = "core"
"/a#b" = "core"
"/link/" = "core"
"#;

pub(crate) fn specimens() -> Sandbox {
    let sandbox = Sandbox::repo([
        ("owners.toml", CONFIG),
        ("ROSTER.md", "@alice @bob"),
        (".github/CODEOWNERS", "* @me\n"),
        ("docs/é/a.md", ""),
        ("x/docs/b", ""),
        ("src/lib/a.rs", ""),
        ("third_party/x", ""),
        ("a#b", ""),
        ("axb", ""),
        ("new: 100%, \u{1f600}/a", ""),
        ("new: 100%, \u{1f600}/b", ""),
    ]);
    let id = "1".repeat(40);
    sandbox.git(&format!("update-index --add --cacheinfo 160000,{id},link"));
    sandbox
}

#[test]
fn short() {
    specimens()
        .owners("check --format short")
        .exits(1, str![[r#"
.github/CODEOWNERS: error[unowned-path]: `.github/CODEOWNERS` has no owner
axb: error[unowned-path]: `axb` has no owner
link: error[unowned-path]: `link` has no owner
new: 100%, 😀/: error[unowned-path]: nothing in `new: 100%, 😀/` is owned: 2 paths
owners.toml: error[unowned-path]: `owners.toml` has no owner
CODEOWNERS: error[stale-output]: `CODEOWNERS` is missing
owners.toml:14:8: error[overridden-output]: GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`
owners.toml:29:1: error[inexact-output]: on GitHub this rule also takes `axb`
owners.toml:25:4: error[duplicate-pattern]: two rules have the pattern `/src/`
owners.toml:22:1: warning[shadowed-rule]: `/docs/é/` can never decide anything
owners.toml:23:1: warning[shadowed-rule]: `/docs/` can never decide anything
owners.toml:25:8: warning[dead-pattern]: no tracked path matches the alternative `source`
owners.toml:26:1: warning[ineffective-pattern]: `src/**` decides no tracked path
owners.toml:27:1: warning[ineffective-pattern]: `/src/lib/` decides no tracked path
owners.toml:10:1: warning[unused-group]: group `idle` is used by no rule
owners.toml:3:28: warning[useless-exemption]: the exemption `/gone/` exempts nothing
owners.toml: warning[unowned-config]: anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner
owners.toml:30:1: warning[directory-as-file]: `/link/` never matches: `link` is a submodule, not a directory
owners.toml:24:1: warning[floating-directory]: `docs/` matches 2 directories of that name
owners.toml:9:7: error[roster]: `@mallory` is not in the roster `ROSTER.md`
owners.toml:9:1: error[small-group]: group `one` has only 1 person

"#]], "");
}

#[test]
fn human() {
    specimens()
        .owners("check --format human")
        .exits(1, str![[r#"
error[unowned-path]: `.github/CODEOWNERS` has no owner
--> .github/CODEOWNERS
 = help: add a rule under `[paths]`: `"/.github/" = "core"`, or `= []` for nobody

error[unowned-path]: `axb` has no owner
--> axb
 = help: add a rule under `[paths]`: `"/axb" = "core"`, or `= []` for nobody

error[unowned-path]: `link` has no owner
--> link
 = help: add a rule under `[paths]`: `"/link" = "core"`, or `= []` for nobody

error[unowned-path]: nothing in `new: 100%, 😀/` is owned: 2 paths
--> new: 100%, 😀/
 = help: add a rule under `[paths]`: `'/new: 100%\, 😀/' = "core"`, or `= []` for nobody

error[unowned-path]: `owners.toml` has no owner
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "core"`, or `= []` for nobody

error[stale-output]: `CODEOWNERS` is missing
--> CODEOWNERS
 = help: run `owners gen`

error[overridden-output]: GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`
  --> owners.toml:14:8
   |
14 | file = "CODEOWNERS"
   |        ^^^^^^^^^^^^ never read
   |
   = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first
   = help: remove it: `git rm .github/CODEOWNERS`

error[inexact-output]: on GitHub this rule also takes `axb`
  --> owners.toml:29:1
   |
29 | "/a#b" = "core"
   | ^^^^^^ written `/a?b`
   |
   = note: there is no other way to write `#` or `{` there than `?`, which matches any character
   = help: rename one of the paths, or add a rule for the other behind this one

error[duplicate-pattern]: two rules have the pattern `/src/`
  --> owners.toml:25:4
   |
25 | "/{src,source}/" = "one"
   |    ^^^ this one never decides anything
26 | "src/**" = "core"
   | -------- because this one comes later
   |
   = help: remove one of them

warning[shadowed-rule]: `/docs/é/` can never decide anything
  --> owners.toml:22:1
   |
22 | "/docs/é/" = "core"
   | ^^^^^^^^^^ covered by later rules, in any tree
23 | "/docs/" = "core"
24 | "docs/" = []
   | ------- this one comes later
   |
   = help: move it below line 24 if it is meant to win, or remove it

warning[shadowed-rule]: `/docs/` can never decide anything
  --> owners.toml:23:1
   |
23 | "/docs/" = "core"
   | ^^^^^^^^ covered by later rules, in any tree
24 | "docs/" = []
   | ------- this one comes later
   |
   = help: move it below line 24 if it is meant to win, or remove it

warning[dead-pattern]: no tracked path matches the alternative `source`
  --> owners.toml:25:8
   |
25 | "/{src,source}/" = "one"
   |        ^^^^^^ matches nothing
   |
   = help: remove it, or correct the path

warning[ineffective-pattern]: `src/**` decides no tracked path
  --> owners.toml:26:1
   |
26 | "src/**" = "core"
   | ^^^^^^^^ later rules take all it matches
27 | "/src/lib/" = "core"
28 | "*.rs" = "core"
   | ------ this one takes `src/lib/a.rs`
   |
   = note: that is so for the paths there are now; another tree may need the rule
   = help: move it behind the rules that take its paths, or remove it

warning[ineffective-pattern]: `/src/lib/` decides no tracked path
  --> owners.toml:27:1
   |
27 | "/src/lib/" = "core"
   | ^^^^^^^^^^^ later rules take all it matches
28 | "*.rs" = "core"
   | ------ this one takes `src/lib/a.rs`
   |
   = note: that is so for the paths there are now; another tree may need the rule
   = help: move it behind the rules that take its paths, or remove it

warning[unused-group]: group `idle` is used by no rule
  --> owners.toml:10:1
   |
10 | idle = ["@alice", "@bob"]
   | ^^^^ nothing refers to it
   |
   = help: remove it, or name it in a rule: `"pattern" = "idle"`

warning[useless-exemption]: the exemption `/gone/` exempts nothing
 --> owners.toml:3:28
  |
3 | exempt = ["/third_party/", "/gone/"]
  |                            ^^^^^^^^ no tracked path matches it
  |
  = help: remove it from `exempt`

warning[unowned-config]: anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "core"`, or `= []` for nobody

warning[directory-as-file]: `/link/` never matches: `link` is a submodule, not a directory
  --> owners.toml:30:1
   |
30 | "/link/" = "core"
   | ^^^^^^^^ matches only what is below
   |
   = help: drop the slash at the end: `/link`

warning[floating-directory]: `docs/` matches 2 directories of that name
  --> owners.toml:24:1
   |
24 | "docs/" = []
   | ^^^^^^^ tied to no place
   |
   = note: `docs`
   = note: `x/docs`
   = help: write `/docs/` for that one alone, or `**/docs/` if all are meant

error[roster]: `@mallory` is not in the roster `ROSTER.md`
 --> owners.toml:9:7
  |
9 | one = "@mallory"
  |       ^^^^^^^^^^ not in there
  |
  = help: add `@mallory` to `ROSTER.md`, or take them out

error[small-group]: group `one` has only 1 person
 --> owners.toml:9:1
  |
5 | min-members = 2
  |               - the least that is asked for
...
9 | one = "@mallory"
  | ^^^
  |
  = help: add 1 person to it

11 errors, 10 warnings; 12 tracked paths: 3 owned, 2 nobody's on purpose, 1 exempt, 6 without an owner
`--fix` can fix 5, `--fix=tree` 2 more

"#]], "");
}

#[test]
fn github() {
    specimens()
        .owners("check --format github")
        .exits(1, str![[r#"
::error file=.github/CODEOWNERS,title=unowned-path::`.github/CODEOWNERS` has no owner%0Ahelp: add a rule under `[paths]`: `"/.github/" = "core"`, or `= []` for nobody
::error file=axb,title=unowned-path::`axb` has no owner%0Ahelp: add a rule under `[paths]`: `"/axb" = "core"`, or `= []` for nobody
::error file=link,title=unowned-path::`link` has no owner%0Ahelp: add a rule under `[paths]`: `"/link" = "core"`, or `= []` for nobody
::error file=new%3A 100%25%2C 😀/a,title=unowned-path::nothing in `new: 100%25, 😀/` is owned: 2 paths%0Ahelp: add a rule under `[paths]`: `'/new: 100%25\, 😀/' = "core"`, or `= []` for nobody
::error file=owners.toml,title=unowned-path::`owners.toml` has no owner%0Ahelp: add a rule under `[paths]`: `"/owners.toml" = "core"`, or `= []` for nobody
::error file=CODEOWNERS,title=stale-output::`CODEOWNERS` is missing%0Ahelp: run `owners gen`
::error file=owners.toml,line=14,endLine=14,col=8,endColumn=20,title=overridden-output::GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`: never read%0Anote: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first%0Ahelp: remove it: `git rm .github/CODEOWNERS`
::error file=owners.toml,line=29,endLine=29,col=1,endColumn=7,title=inexact-output::on GitHub this rule also takes `axb`: written `/a?b`%0Anote: there is no other way to write `#` or `{` there than `?`, which matches any character%0Ahelp: rename one of the paths, or add a rule for the other behind this one
::error file=owners.toml,line=25,endLine=25,col=4,endColumn=7,title=duplicate-pattern::two rules have the pattern `/src/`: this one never decides anything%0Ahelp: remove one of them
::warning file=owners.toml,line=22,endLine=22,col=1,endColumn=11,title=shadowed-rule::`/docs/é/` can never decide anything: covered by later rules, in any tree%0Ahelp: move it below line 24 if it is meant to win, or remove it
::warning file=owners.toml,line=23,endLine=23,col=1,endColumn=9,title=shadowed-rule::`/docs/` can never decide anything: covered by later rules, in any tree%0Ahelp: move it below line 24 if it is meant to win, or remove it
::warning file=owners.toml,line=25,endLine=25,col=8,endColumn=14,title=dead-pattern::no tracked path matches the alternative `source`: matches nothing%0Ahelp: remove it, or correct the path
::warning file=owners.toml,line=26,endLine=26,col=1,endColumn=9,title=ineffective-pattern::`src/**` decides no tracked path: later rules take all it matches%0Anote: that is so for the paths there are now; another tree may need the rule%0Ahelp: move it behind the rules that take its paths, or remove it
::warning file=owners.toml,line=27,endLine=27,col=1,endColumn=12,title=ineffective-pattern::`/src/lib/` decides no tracked path: later rules take all it matches%0Anote: that is so for the paths there are now; another tree may need the rule%0Ahelp: move it behind the rules that take its paths, or remove it
::warning file=owners.toml,line=10,endLine=10,col=1,endColumn=5,title=unused-group::group `idle` is used by no rule: nothing refers to it%0Ahelp: remove it, or name it in a rule: `"pattern" = "idle"`
::warning file=owners.toml,line=3,endLine=3,col=28,endColumn=36,title=useless-exemption::the exemption `/gone/` exempts nothing: no tracked path matches it%0Ahelp: remove it from `exempt`
::warning file=owners.toml,title=unowned-config::anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner%0Ahelp: add a rule under `[paths]`: `"/owners.toml" = "core"`, or `= []` for nobody
::warning file=owners.toml,line=30,endLine=30,col=1,endColumn=9,title=directory-as-file::`/link/` never matches: `link` is a submodule, not a directory: matches only what is below%0Ahelp: drop the slash at the end: `/link`
::warning file=owners.toml,line=24,endLine=24,col=1,endColumn=8,title=floating-directory::`docs/` matches 2 directories of that name: tied to no place%0Anote: `docs`%0Anote: `x/docs`%0Ahelp: write `/docs/` for that one alone, or `**/docs/` if all are meant
::error file=owners.toml,line=9,endLine=9,col=7,endColumn=17,title=roster::`@mallory` is not in the roster `ROSTER.md`: not in there%0Ahelp: add `@mallory` to `ROSTER.md`, or take them out
::error file=owners.toml,line=9,endLine=9,col=1,endColumn=4,title=small-group::group `one` has only 1 person%0Ahelp: add 1 person to it

"#]], "");
}

#[test]
fn gitlab() {
    specimens()
        .owners("check --format gitlab")
        .exits(1, str![[r#"
[
  {
    "description": "`.github/CODEOWNERS` has no owner\nhelp: add a rule under `[paths]`: `\"/.github/\" = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-path",
    "fingerprint": "4ce0b68721fdfb7cc977b5ff5a3a0dc3",
    "severity": "major",
    "location": {
      "path": ".github/CODEOWNERS",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "`axb` has no owner\nhelp: add a rule under `[paths]`: `\"/axb\" = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-path",
    "fingerprint": "1fce4c9707051a959e24b04b2c1281b1",
    "severity": "major",
    "location": {
      "path": "axb",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "`link` has no owner\nhelp: add a rule under `[paths]`: `\"/link\" = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-path",
    "fingerprint": "6a7d1c7aaa0a4c898c5d89e88d8109cf",
    "severity": "major",
    "location": {
      "path": "link",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "nothing in `new: 100%, 😀/` is owned: 2 paths\nhelp: add a rule under `[paths]`: `'/new: 100%\\, 😀/' = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-path",
    "fingerprint": "bc747b6b5bc7ac2bc81fa9c072e366f9",
    "severity": "major",
    "location": {
      "path": "new: 100%, 😀/a",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "`owners.toml` has no owner\nhelp: add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-path",
    "fingerprint": "39c4274eae05d59d7793b402f8f54a1f",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "`CODEOWNERS` is missing\nhelp: run `owners gen`",
    "check_name": "stale-output",
    "fingerprint": "a35ce2a0bcc7db2777bb0387c9e83560",
    "severity": "major",
    "location": {
      "path": "CODEOWNERS",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`: never read\nnote: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first\nhelp: remove it: `git rm .github/CODEOWNERS`",
    "check_name": "overridden-output",
    "fingerprint": "9d0acd02975705e5f256a22c5d9abb1d",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 14
      }
    }
  },
  {
    "description": "on GitHub this rule also takes `axb`: written `/a?b`\nnote: there is no other way to write `#` or `{` there than `?`, which matches any character\nhelp: rename one of the paths, or add a rule for the other behind this one",
    "check_name": "inexact-output",
    "fingerprint": "71fe4db92c3abe11401b046333e5be8f",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 29
      }
    }
  },
  {
    "description": "two rules have the pattern `/src/`: this one never decides anything\nhelp: remove one of them",
    "check_name": "duplicate-pattern",
    "fingerprint": "19988d8fc66e302d3e6e86e20b8ae037",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 25
      }
    }
  },
  {
    "description": "`/docs/é/` can never decide anything: covered by later rules, in any tree\nhelp: move it below line 24 if it is meant to win, or remove it",
    "check_name": "shadowed-rule",
    "fingerprint": "59357ab5d2fb30a4cb51c76ba94d3435",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 22
      }
    }
  },
  {
    "description": "`/docs/` can never decide anything: covered by later rules, in any tree\nhelp: move it below line 24 if it is meant to win, or remove it",
    "check_name": "shadowed-rule",
    "fingerprint": "aa1cc59534ae7949a60e2f2f875dcb42",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 23
      }
    }
  },
  {
    "description": "no tracked path matches the alternative `source`: matches nothing\nhelp: remove it, or correct the path",
    "check_name": "dead-pattern",
    "fingerprint": "57bde2138d66c15e24adde5b4d997f4e",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 25
      }
    }
  },
  {
    "description": "`src/**` decides no tracked path: later rules take all it matches\nnote: that is so for the paths there are now; another tree may need the rule\nhelp: move it behind the rules that take its paths, or remove it",
    "check_name": "ineffective-pattern",
    "fingerprint": "85284cf79b9692a9f5fe047ad8f4c446",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 26
      }
    }
  },
  {
    "description": "`/src/lib/` decides no tracked path: later rules take all it matches\nnote: that is so for the paths there are now; another tree may need the rule\nhelp: move it behind the rules that take its paths, or remove it",
    "check_name": "ineffective-pattern",
    "fingerprint": "b17daf093117431870d7ba32b6f82189",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 27
      }
    }
  },
  {
    "description": "group `idle` is used by no rule: nothing refers to it\nhelp: remove it, or name it in a rule: `\"pattern\" = \"idle\"`",
    "check_name": "unused-group",
    "fingerprint": "ad86c7a632c529104d2d547724d6fb03",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 10
      }
    }
  },
  {
    "description": "the exemption `/gone/` exempts nothing: no tracked path matches it\nhelp: remove it from `exempt`",
    "check_name": "useless-exemption",
    "fingerprint": "1b0044bd01d653d5fe6c1047ce785b8f",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 3
      }
    }
  },
  {
    "description": "anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner\nhelp: add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody",
    "check_name": "unowned-config",
    "fingerprint": "2e4a222f31e4999da7cf733020db4137",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 1
      }
    }
  },
  {
    "description": "`/link/` never matches: `link` is a submodule, not a directory: matches only what is below\nhelp: drop the slash at the end: `/link`",
    "check_name": "directory-as-file",
    "fingerprint": "2bcf458001ef2134f5146488dad9bf9b",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 30
      }
    }
  },
  {
    "description": "`docs/` matches 2 directories of that name: tied to no place\nnote: `docs`\nnote: `x/docs`\nhelp: write `/docs/` for that one alone, or `**/docs/` if all are meant",
    "check_name": "floating-directory",
    "fingerprint": "684648330ffe56949ca0ef2ea553e634",
    "severity": "minor",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 24
      }
    }
  },
  {
    "description": "`@mallory` is not in the roster `ROSTER.md`: not in there\nhelp: add `@mallory` to `ROSTER.md`, or take them out",
    "check_name": "roster",
    "fingerprint": "153907564aa7419d368f8246e52a9f4a",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 9
      }
    }
  },
  {
    "description": "group `one` has only 1 person\nhelp: add 1 person to it",
    "check_name": "small-group",
    "fingerprint": "b8c910ee1786fe7bc9db24219b419229",
    "severity": "major",
    "location": {
      "path": "owners.toml",
      "lines": {
        "begin": 9
      }
    }
  }
]

"#]], "");
}

#[test]
fn json() {
    let sandbox = specimens();
    let output = sandbox.owners("check --format json").output();
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let pretty = serde_json::to_string_pretty(&document).unwrap();
    sandbox.assert_eq(pretty.as_bytes(), str![[r#"
{
  "findings": [
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `\"/.github/\" = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "error",
      "lint": "unowned-path",
      "message": "`.github/CODEOWNERS` has no owner",
      "notes": [],
      "path": ".github/CODEOWNERS"
    },
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `\"/axb\" = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "error",
      "lint": "unowned-path",
      "message": "`axb` has no owner",
      "notes": [],
      "path": "axb"
    },
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `\"/link\" = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "error",
      "lint": "unowned-path",
      "message": "`link` has no owner",
      "notes": [],
      "path": "link"
    },
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `'/new: 100%\\, 😀/' = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "error",
      "lint": "unowned-path",
      "message": "nothing in `new: 100%, 😀/` is owned: 2 paths",
      "notes": [],
      "path": "new: 100%, 😀/"
    },
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "error",
      "lint": "unowned-path",
      "message": "`owners.toml` has no owner",
      "notes": [],
      "path": "owners.toml"
    },
    {
      "fix": "any-tree",
      "helps": [
        "run `owners gen`"
      ],
      "labels": [],
      "level": "error",
      "lint": "stale-output",
      "message": "`CODEOWNERS` is missing",
      "notes": [],
      "path": "CODEOWNERS"
    },
    {
      "fix": null,
      "helps": [
        "remove it: `git rm .github/CODEOWNERS`"
      ],
      "labels": [
        {
          "column": 8,
          "end": 252,
          "end_column": 20,
          "end_line": 14,
          "file": "owners.toml",
          "line": 14,
          "start": 240,
          "text": "never read"
        }
      ],
      "level": "error",
      "lint": "overridden-output",
      "message": "GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`",
      "notes": [
        "GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first"
      ],
      "path": ".github/CODEOWNERS"
    },
    {
      "fix": null,
      "helps": [
        "rename one of the paths, or add a rule for the other behind this one"
      ],
      "labels": [
        {
          "column": 1,
          "end": 481,
          "end_column": 7,
          "end_line": 29,
          "file": "owners.toml",
          "line": 29,
          "start": 475,
          "text": "written `/a?b`"
        }
      ],
      "level": "error",
      "lint": "inexact-output",
      "message": "on GitHub this rule also takes `axb`",
      "notes": [
        "there is no other way to write `#` or `{` there than `?`, which matches any character"
      ],
      "path": null
    },
    {
      "fix": "any-tree",
      "helps": [
        "remove one of them"
      ],
      "labels": [
        {
          "column": 4,
          "end": 401,
          "end_column": 7,
          "end_line": 25,
          "file": "owners.toml",
          "line": 25,
          "start": 398,
          "text": "this one never decides anything"
        },
        {
          "column": 1,
          "end": 428,
          "end_column": 9,
          "end_line": 26,
          "file": "owners.toml",
          "line": 26,
          "start": 420,
          "text": "because this one comes later"
        }
      ],
      "level": "error",
      "lint": "duplicate-pattern",
      "message": "two rules have the pattern `/src/`",
      "notes": [],
      "path": null
    },
    {
      "fix": "any-tree",
      "helps": [
        "move it below line 24 if it is meant to win, or remove it"
      ],
      "labels": [
        {
          "column": 1,
          "end": 354,
          "end_column": 11,
          "end_line": 22,
          "file": "owners.toml",
          "line": 22,
          "start": 343,
          "text": "covered by later rules, in any tree"
        },
        {
          "column": 1,
          "end": 389,
          "end_column": 8,
          "end_line": 24,
          "file": "owners.toml",
          "line": 24,
          "start": 382,
          "text": "this one comes later"
        }
      ],
      "level": "warning",
      "lint": "shadowed-rule",
      "message": "`/docs/é/` can never decide anything",
      "notes": [],
      "path": null
    },
    {
      "fix": "any-tree",
      "helps": [
        "move it below line 24 if it is meant to win, or remove it"
      ],
      "labels": [
        {
          "column": 1,
          "end": 372,
          "end_column": 9,
          "end_line": 23,
          "file": "owners.toml",
          "line": 23,
          "start": 364,
          "text": "covered by later rules, in any tree"
        },
        {
          "column": 1,
          "end": 389,
          "end_column": 8,
          "end_line": 24,
          "file": "owners.toml",
          "line": 24,
          "start": 382,
          "text": "this one comes later"
        }
      ],
      "level": "warning",
      "lint": "shadowed-rule",
      "message": "`/docs/` can never decide anything",
      "notes": [],
      "path": null
    },
    {
      "fix": "this-tree",
      "helps": [
        "remove it, or correct the path"
      ],
      "labels": [
        {
          "column": 8,
          "end": 408,
          "end_column": 14,
          "end_line": 25,
          "file": "owners.toml",
          "line": 25,
          "start": 402,
          "text": "matches nothing"
        }
      ],
      "level": "warning",
      "lint": "dead-pattern",
      "message": "no tracked path matches the alternative `source`",
      "notes": [],
      "path": null
    },
    {
      "fix": null,
      "helps": [
        "move it behind the rules that take its paths, or remove it"
      ],
      "labels": [
        {
          "column": 1,
          "end": 428,
          "end_column": 9,
          "end_line": 26,
          "file": "owners.toml",
          "line": 26,
          "start": 420,
          "text": "later rules take all it matches"
        },
        {
          "column": 1,
          "end": 465,
          "end_column": 7,
          "end_line": 28,
          "file": "owners.toml",
          "line": 28,
          "start": 459,
          "text": "this one takes `src/lib/a.rs`"
        }
      ],
      "level": "warning",
      "lint": "ineffective-pattern",
      "message": "`src/**` decides no tracked path",
      "notes": [
        "that is so for the paths there are now; another tree may need the rule"
      ],
      "path": null
    },
    {
      "fix": null,
      "helps": [
        "move it behind the rules that take its paths, or remove it"
      ],
      "labels": [
        {
          "column": 1,
          "end": 449,
          "end_column": 12,
          "end_line": 27,
          "file": "owners.toml",
          "line": 27,
          "start": 438,
          "text": "later rules take all it matches"
        },
        {
          "column": 1,
          "end": 465,
          "end_column": 7,
          "end_line": 28,
          "file": "owners.toml",
          "line": 28,
          "start": 459,
          "text": "this one takes `src/lib/a.rs`"
        }
      ],
      "level": "warning",
      "lint": "ineffective-pattern",
      "message": "`/src/lib/` decides no tracked path",
      "notes": [
        "that is so for the paths there are now; another tree may need the rule"
      ],
      "path": null
    },
    {
      "fix": "any-tree",
      "helps": [
        "remove it, or name it in a rule: `\"pattern\" = \"idle\"`"
      ],
      "labels": [
        {
          "column": 1,
          "end": 181,
          "end_column": 5,
          "end_line": 10,
          "file": "owners.toml",
          "line": 10,
          "start": 177,
          "text": "nothing refers to it"
        }
      ],
      "level": "warning",
      "lint": "unused-group",
      "message": "group `idle` is used by no rule",
      "notes": [],
      "path": null
    },
    {
      "fix": "this-tree",
      "helps": [
        "remove it from `exempt`"
      ],
      "labels": [
        {
          "column": 28,
          "end": 85,
          "end_column": 36,
          "end_line": 3,
          "file": "owners.toml",
          "line": 3,
          "start": 77,
          "text": "no tracked path matches it"
        }
      ],
      "level": "warning",
      "lint": "useless-exemption",
      "message": "the exemption `/gone/` exempts nothing",
      "notes": [],
      "path": null
    },
    {
      "fix": null,
      "helps": [
        "add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody"
      ],
      "labels": [],
      "level": "warning",
      "lint": "unowned-config",
      "message": "anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner",
      "notes": [],
      "path": "owners.toml"
    },
    {
      "fix": null,
      "helps": [
        "drop the slash at the end: `/link`"
      ],
      "labels": [
        {
          "column": 1,
          "end": 499,
          "end_column": 9,
          "end_line": 30,
          "file": "owners.toml",
          "line": 30,
          "start": 491,
          "text": "matches only what is below"
        }
      ],
      "level": "warning",
      "lint": "directory-as-file",
      "message": "`/link/` never matches: `link` is a submodule, not a directory",
      "notes": [],
      "path": "link"
    },
    {
      "fix": null,
      "helps": [
        "write `/docs/` for that one alone, or `**/docs/` if all are meant"
      ],
      "labels": [
        {
          "column": 1,
          "end": 389,
          "end_column": 8,
          "end_line": 24,
          "file": "owners.toml",
          "line": 24,
          "start": 382,
          "text": "tied to no place"
        }
      ],
      "level": "warning",
      "lint": "floating-directory",
      "message": "`docs/` matches 2 directories of that name",
      "notes": [
        "`docs`",
        "`x/docs`"
      ],
      "path": null
    },
    {
      "fix": null,
      "helps": [
        "add `@mallory` to `ROSTER.md`, or take them out"
      ],
      "labels": [
        {
          "column": 7,
          "end": 176,
          "end_column": 17,
          "end_line": 9,
          "file": "owners.toml",
          "line": 9,
          "start": 166,
          "text": "not in there"
        }
      ],
      "level": "error",
      "lint": "roster",
      "message": "`@mallory` is not in the roster `ROSTER.md`",
      "notes": [],
      "path": null
    },
    {
      "fix": null,
      "helps": [
        "add 1 person to it"
      ],
      "labels": [
        {
          "column": 1,
          "end": 163,
          "end_column": 4,
          "end_line": 9,
          "file": "owners.toml",
          "line": 9,
          "start": 160,
          "text": ""
        },
        {
          "column": 15,
          "end": 123,
          "end_column": 16,
          "end_line": 5,
          "file": "owners.toml",
          "line": 5,
          "start": 122,
          "text": "the least that is asked for"
        }
      ],
      "level": "error",
      "lint": "small-group",
      "message": "group `one` has only 1 person",
      "notes": [],
      "path": null
    }
  ],
  "summary": {
    "errors": 11,
    "exempt": 1,
    "nobody": 2,
    "owned": 3,
    "paths": 12,
    "unowned": 6,
    "warnings": 10
  },
  "version": 1
}
"#]]);
}

#[test]
fn nothing_found() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n\"*\" = \"@a\"\n")]);
    sandbox.owners("check --format short").exits(0, "", "");
    sandbox.owners("check --format github").exits(0, "", "");
    sandbox.owners("check --format gitlab").exits(0, "[]\n", "");
    sandbox.owners("check --format json").exits(0, str![[r#"
{"version":1,"findings":[],"summary":{"errors":0,"warnings":0,"paths":2,"owned":2,"nobody":0,"exempt":0,"unowned":0}}

"#]], "");
}

/// What the published schema demands, of what is written at all, and a bit more.
#[test]
fn sarif() {
    let sandbox = specimens();
    let output = sandbox.owners("check --format sarif").output();
    assert_eq!(output.status.code(), Some(1));
    let mut log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &mut log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].take();
    let rules = rules.as_array().unwrap();
    assert_eq!(rules.len(), LINTS.len());
    for (rule, lint) in rules.iter().zip(LINTS) {
        assert_eq!(rule["id"], lint.name);
        assert_eq!(rule["help"]["text"], lint.page);
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(["error", "warning"].contains(&level));
    }
    let mut fingerprints = HashSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(result["ruleId"], LINTS[index].name);
        assert!(result["message"]["text"].is_string());
        let print = &result["partialFingerprints"]["owners/v1"];
        assert!(fingerprints.insert(print.as_str().unwrap()), "{result}");
        let mut places = result["locations"].as_array().unwrap().clone();
        places.extend(
            result["relatedLocations"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
        );
        for place in places {
            let physical = &place["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.is_ascii() && !uri.contains([' ', ':', '\\']), "{uri}");
            assert!(!uri.starts_with('/') && !uri.ends_with('/'), "{uri}");
            if let Some(region) = physical.get("region") {
                let number = |key: &str| region[key].as_u64().unwrap();
                let start = (number("startLine"), number("startColumn"));
                assert!(start >= (1, 1) && start <= (number("endLine"), number("endColumn")));
            }
        }
    }
    let pretty = serde_json::to_string_pretty(&log).unwrap();
    let pretty = pretty.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    sandbox.assert_eq(pretty.as_bytes(), str![[r#"
{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "runs": [
    {
      "columnKind": "unicodeCodePoints",
      "originalUriBaseIds": {
        "%SRCROOT%": {
          "description": {
            "text": "The root of the repository"
          }
        }
      },
      "results": [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": ".github/CODEOWNERS",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "`.github/CODEOWNERS` has no owner\nhelp: add a rule under `[paths]`: `\"/.github/\" = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "4ce0b68721fdfb7cc977b5ff5a3a0dc3"
          },
          "ruleId": "unowned-path",
          "ruleIndex": 0
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "axb",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "`axb` has no owner\nhelp: add a rule under `[paths]`: `\"/axb\" = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "1fce4c9707051a959e24b04b2c1281b1"
          },
          "ruleId": "unowned-path",
          "ruleIndex": 0
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "link",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "`link` has no owner\nhelp: add a rule under `[paths]`: `\"/link\" = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "6a7d1c7aaa0a4c898c5d89e88d8109cf"
          },
          "ruleId": "unowned-path",
          "ruleIndex": 0
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "new%3A%20100%25%2C%20%F0%9F%98%80/a",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "nothing in `new: 100%, 😀/` is owned: 2 paths\nhelp: add a rule under `[paths]`: `'/new: 100%\\, 😀/' = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "bc747b6b5bc7ac2bc81fa9c072e366f9"
          },
          "ruleId": "unowned-path",
          "ruleIndex": 0
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "`owners.toml` has no owner\nhelp: add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "39c4274eae05d59d7793b402f8f54a1f"
          },
          "ruleId": "unowned-path",
          "ruleIndex": 0
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "CODEOWNERS",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "`CODEOWNERS` is missing\nhelp: run `owners gen`"
          },
          "partialFingerprints": {
            "owners/v1": "a35ce2a0bcc7db2777bb0387c9e83560"
          },
          "properties": {
            "owners/fix": "any-tree"
          },
          "ruleId": "stale-output",
          "ruleIndex": 2
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 20,
                  "endLine": 14,
                  "startColumn": 8,
                  "startLine": 14
                }
              }
            }
          ],
          "message": {
            "text": "GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`: never read\nnote: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first\nhelp: remove it: `git rm .github/CODEOWNERS`"
          },
          "partialFingerprints": {
            "owners/v1": "9d0acd02975705e5f256a22c5d9abb1d"
          },
          "ruleId": "overridden-output",
          "ruleIndex": 3
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 7,
                  "endLine": 29,
                  "startColumn": 1,
                  "startLine": 29
                }
              }
            }
          ],
          "message": {
            "text": "on GitHub this rule also takes `axb`: written `/a?b`\nnote: there is no other way to write `#` or `{` there than `?`, which matches any character\nhelp: rename one of the paths, or add a rule for the other behind this one"
          },
          "partialFingerprints": {
            "owners/v1": "71fe4db92c3abe11401b046333e5be8f"
          },
          "ruleId": "inexact-output",
          "ruleIndex": 5
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 7,
                  "endLine": 25,
                  "startColumn": 4,
                  "startLine": 25
                }
              }
            }
          ],
          "message": {
            "text": "two rules have the pattern `/src/`: this one never decides anything\nhelp: remove one of them"
          },
          "partialFingerprints": {
            "owners/v1": "19988d8fc66e302d3e6e86e20b8ae037"
          },
          "properties": {
            "owners/fix": "any-tree"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "because this one comes later"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 9,
                  "endLine": 26,
                  "startColumn": 1,
                  "startLine": 26
                }
              }
            }
          ],
          "ruleId": "duplicate-pattern",
          "ruleIndex": 6
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 11,
                  "endLine": 22,
                  "startColumn": 1,
                  "startLine": 22
                }
              }
            }
          ],
          "message": {
            "text": "`/docs/é/` can never decide anything: covered by later rules, in any tree\nhelp: move it below line 24 if it is meant to win, or remove it"
          },
          "partialFingerprints": {
            "owners/v1": "59357ab5d2fb30a4cb51c76ba94d3435"
          },
          "properties": {
            "owners/fix": "any-tree"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "this one comes later"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 8,
                  "endLine": 24,
                  "startColumn": 1,
                  "startLine": 24
                }
              }
            }
          ],
          "ruleId": "shadowed-rule",
          "ruleIndex": 7
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 9,
                  "endLine": 23,
                  "startColumn": 1,
                  "startLine": 23
                }
              }
            }
          ],
          "message": {
            "text": "`/docs/` can never decide anything: covered by later rules, in any tree\nhelp: move it below line 24 if it is meant to win, or remove it"
          },
          "partialFingerprints": {
            "owners/v1": "aa1cc59534ae7949a60e2f2f875dcb42"
          },
          "properties": {
            "owners/fix": "any-tree"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "this one comes later"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 8,
                  "endLine": 24,
                  "startColumn": 1,
                  "startLine": 24
                }
              }
            }
          ],
          "ruleId": "shadowed-rule",
          "ruleIndex": 7
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 14,
                  "endLine": 25,
                  "startColumn": 8,
                  "startLine": 25
                }
              }
            }
          ],
          "message": {
            "text": "no tracked path matches the alternative `source`: matches nothing\nhelp: remove it, or correct the path"
          },
          "partialFingerprints": {
            "owners/v1": "57bde2138d66c15e24adde5b4d997f4e"
          },
          "properties": {
            "owners/fix": "this-tree"
          },
          "ruleId": "dead-pattern",
          "ruleIndex": 8
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 9,
                  "endLine": 26,
                  "startColumn": 1,
                  "startLine": 26
                }
              }
            }
          ],
          "message": {
            "text": "`src/**` decides no tracked path: later rules take all it matches\nnote: that is so for the paths there are now; another tree may need the rule\nhelp: move it behind the rules that take its paths, or remove it"
          },
          "partialFingerprints": {
            "owners/v1": "85284cf79b9692a9f5fe047ad8f4c446"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "this one takes `src/lib/a.rs`"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 7,
                  "endLine": 28,
                  "startColumn": 1,
                  "startLine": 28
                }
              }
            }
          ],
          "ruleId": "ineffective-pattern",
          "ruleIndex": 9
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 12,
                  "endLine": 27,
                  "startColumn": 1,
                  "startLine": 27
                }
              }
            }
          ],
          "message": {
            "text": "`/src/lib/` decides no tracked path: later rules take all it matches\nnote: that is so for the paths there are now; another tree may need the rule\nhelp: move it behind the rules that take its paths, or remove it"
          },
          "partialFingerprints": {
            "owners/v1": "b17daf093117431870d7ba32b6f82189"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "this one takes `src/lib/a.rs`"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 7,
                  "endLine": 28,
                  "startColumn": 1,
                  "startLine": 28
                }
              }
            }
          ],
          "ruleId": "ineffective-pattern",
          "ruleIndex": 9
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 5,
                  "endLine": 10,
                  "startColumn": 1,
                  "startLine": 10
                }
              }
            }
          ],
          "message": {
            "text": "group `idle` is used by no rule: nothing refers to it\nhelp: remove it, or name it in a rule: `\"pattern\" = \"idle\"`"
          },
          "partialFingerprints": {
            "owners/v1": "ad86c7a632c529104d2d547724d6fb03"
          },
          "properties": {
            "owners/fix": "any-tree"
          },
          "ruleId": "unused-group",
          "ruleIndex": 10
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 36,
                  "endLine": 3,
                  "startColumn": 28,
                  "startLine": 3
                }
              }
            }
          ],
          "message": {
            "text": "the exemption `/gone/` exempts nothing: no tracked path matches it\nhelp: remove it from `exempt`"
          },
          "partialFingerprints": {
            "owners/v1": "1b0044bd01d653d5fe6c1047ce785b8f"
          },
          "properties": {
            "owners/fix": "this-tree"
          },
          "ruleId": "useless-exemption",
          "ruleIndex": 11
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                }
              }
            }
          ],
          "message": {
            "text": "anybody may change who owns what: neither `owners.toml` nor `CODEOWNERS` has an owner\nhelp: add a rule under `[paths]`: `\"/owners.toml\" = \"core\"`, or `= []` for nobody"
          },
          "partialFingerprints": {
            "owners/v1": "2e4a222f31e4999da7cf733020db4137"
          },
          "ruleId": "unowned-config",
          "ruleIndex": 12
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 9,
                  "endLine": 30,
                  "startColumn": 1,
                  "startLine": 30
                }
              }
            }
          ],
          "message": {
            "text": "`/link/` never matches: `link` is a submodule, not a directory: matches only what is below\nhelp: drop the slash at the end: `/link`"
          },
          "partialFingerprints": {
            "owners/v1": "2bcf458001ef2134f5146488dad9bf9b"
          },
          "ruleId": "directory-as-file",
          "ruleIndex": 13
        },
        {
          "level": "warning",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 8,
                  "endLine": 24,
                  "startColumn": 1,
                  "startLine": 24
                }
              }
            }
          ],
          "message": {
            "text": "`docs/` matches 2 directories of that name: tied to no place\nnote: `docs`\nnote: `x/docs`\nhelp: write `/docs/` for that one alone, or `**/docs/` if all are meant"
          },
          "partialFingerprints": {
            "owners/v1": "684648330ffe56949ca0ef2ea553e634"
          },
          "ruleId": "floating-directory",
          "ruleIndex": 14
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 17,
                  "endLine": 9,
                  "startColumn": 7,
                  "startLine": 9
                }
              }
            }
          ],
          "message": {
            "text": "`@mallory` is not in the roster `ROSTER.md`: not in there\nhelp: add `@mallory` to `ROSTER.md`, or take them out"
          },
          "partialFingerprints": {
            "owners/v1": "153907564aa7419d368f8246e52a9f4a"
          },
          "ruleId": "roster",
          "ruleIndex": 15
        },
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 4,
                  "endLine": 9,
                  "startColumn": 1,
                  "startLine": 9
                }
              }
            }
          ],
          "message": {
            "text": "group `one` has only 1 person\nhelp: add 1 person to it"
          },
          "partialFingerprints": {
            "owners/v1": "b8c910ee1786fe7bc9db24219b419229"
          },
          "relatedLocations": [
            {
              "message": {
                "text": "the least that is asked for"
              },
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "owners.toml",
                  "uriBaseId": "%SRCROOT%"
                },
                "region": {
                  "endColumn": 16,
                  "endLine": 5,
                  "startColumn": 15,
                  "startLine": 5
                }
              }
            }
          ],
          "ruleId": "small-group",
          "ruleIndex": 16
        }
      ],
      "tool": {
        "driver": {
          "name": "owners",
          "rules": null,
          "semanticVersion": "[VERSION]",
          "version": "[VERSION]"
        }
      }
    }
  ],
  "version": "2.1.0"
}
"#]]);
}

#[test]
fn github_actions_gets_both() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n\"*\" = \"@a\"\n")]);
    let check = |arguments: &str| sandbox.owners(arguments).env("GITHUB_ACTIONS", "true");
    check("check").exits(1, str![[r#"
::stop-commands::[..]
error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen`

1 error, 0 warnings; 1 tracked path: 1 owned
`--fix` can fix 1
::[..]::
::error file=.github/CODEOWNERS,title=stale-output::`.github/CODEOWNERS` is missing%0Ahelp: run `owners gen`

"#]], "");
    let is_annotated = |arguments: &str| {
        let output = check(arguments).output();
        String::from_utf8_lossy(&output.stdout).contains("::error ")
    };
    assert!(is_annotated("check -q"));
    for format in ["human", "short", "json", "sarif", "gitlab"] {
        assert!(
            !is_annotated(&format!("check --format {format}")),
            "{format}"
        );
    }
}

#[test]
fn a_configuration_with_errors_is_annotated() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n\"*\" = \"core\"\n")]);
    sandbox
        .owners("check")
        .env("GITHUB_ACTIONS", "true")
        .exits(2, "", str![[r#"
::error file=owners.toml,line=2,endLine=2,col=7,endColumn=13,title=owners.toml::unknown group `core`: not defined in `[groups]`%0Ahelp: define it under `[groups]`: `core = ["@user"]`; a user is written `@core`
::stop-commands::[..]
error: unknown group `core`
 --> owners.toml:2:7
  |
2 | "*" = "core"
  |       ^^^^^^ not defined in `[groups]`
  |
  = help: define it under `[groups]`: `core = ["@user"]`; a user is written `@core`

1 error in the configuration
::[..]::

"#]]);
    for format in ["short", "json", "sarif", "gitlab"] {
        let output = sandbox.owners(&format!("check --format {format}")).output();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
}

#[test]
fn fingerprints_do_not_change_with_the_line() {
    let prints = |config: &str| -> Vec<String> {
        let sandbox = Sandbox::repo([("owners.toml", config)]);
        let output = sandbox.owners("check --format gitlab").output();
        let issues: Value = serde_json::from_slice(&output.stdout).unwrap();
        let issues = issues.as_array().unwrap().iter();
        issues
            .map(|issue| issue["fingerprint"].to_string())
            .collect()
    };
    let config = "[paths]\n\"*\" = \"@a\"\n\"/gone/\" = \"@a\"\n";
    let moved = config.replace("[paths]", "# one\n# two\n\n[paths]");
    assert_eq!(prints(config), prints(&moved));
}
