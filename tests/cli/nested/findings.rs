//! Findings of `check`.

use snapbox::str;

use super::NEST;
use crate::support::Sandbox;

#[test]
fn findings_are_shown_in_their_file() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write(
        "owners.toml",
        r#"nested = true
[groups]
core = "@org/core"
[paths]
"/owners.toml" = "core"
"/a/**/lib.rs" = "core"
"/{a,c}/main.rs" = "core"
"/c/" = []
"#,
    );
    sandbox.write(
        "a/owners.toml",
        r#"[groups]
own = "@a"
idle = "core"
[check]
exempt = ["owners.toml"]
[paths]
"lib.rs" = "own"
"/{gone,main}.rs" = { owners = "own", except = "/never" }
"/main.rs" = "own"
"#,
    );
    sandbox.write(
        "c-d/owners.toml",
        r#"[paths]
"/y" = "@c"
"x" = []
"#,
    );
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: `c-d/owners.toml` has no owner
--> c-d/owners.toml
 = help: add a rule under `[paths]` of `owners.toml`: `"/c-d/owners.toml" = "core"`, or `= []` for nobody

error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen`

error[duplicate-pattern]: two rules have the pattern `/a/**/lib.rs`
 --> owners.toml:6:1
  |
6 | "/a/**/lib.rs" = "core"
  | ^^^^^^^^^^^^^^ this one never decides anything
  |
 ::: a/owners.toml:7:1
  |
7 | "lib.rs" = "own"
  | -------- because this one comes later
  |
  = help: remove one of them

error[duplicate-pattern]: two rules have the pattern `/a/main.rs`
 --> owners.toml:7:4
  |
7 | "/{a,c}/main.rs" = "core"
  |    ^ this one never decides anything
  |
 ::: a/owners.toml:9:1
  |
9 | "/main.rs" = "own"
  | ---------- because this one comes later
  |
  = help: remove one of them

error[duplicate-pattern]: two rules have the pattern `/a/main.rs`
 --> a/owners.toml:8:9
  |
8 | "/{gone,main}.rs" = { owners = "own", except = "/never" }
  |         ^^^^ this one never decides anything
9 | "/main.rs" = "own"
  | ---------- because this one comes later
  |
  = help: remove one of them

warning[shadowed-rule]: `/{a,c}/main.rs` can never decide anything
 --> owners.toml:7:1
  |
7 | "/{a,c}/main.rs" = "core"
  | ^^^^^^^^^^^^^^^^ covered by later rules, in any tree
8 | "/c/" = []
  | ----- this one comes later
  |
 ::: a/owners.toml:9:1
  |
9 | "/main.rs" = "own"
  | ---------- this one comes later
  |
  = help: move it to `a/owners.toml`, below line 9 if it is meant to win, or remove it

warning[dead-pattern]: no tracked path matches the alternative `c`
 --> owners.toml:7:6
  |
7 | "/{a,c}/main.rs" = "core"
  |      ^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: the exception `/never` excludes no tracked path
 --> a/owners.toml:8:48
  |
8 | "/{gone,main}.rs" = { owners = "own", except = "/never" }
  |                                                ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> a/owners.toml:8:4
  |
8 | "/{gone,main}.rs" = { owners = "own", except = "/never" }
  |    ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `/y`
 --> c-d/owners.toml:2:1
  |
2 | "/y" = "@c"
  | ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[ineffective-pattern]: `lib.rs` decides no tracked path
 --> a/owners.toml:7:1
  |
7 | "lib.rs" = "own"
  | ^^^^^^^^ later rules take all it matches
  |
 ::: a/b/owners.toml:2:1
  |
2 | "/lib.rs" = ["own", "@b"]
  | --------- this one takes `a/b/lib.rs`
  |
  = note: that is so for the paths there are now; another tree may need the rule
  = help: remove it, or keep it for paths that are still to come

warning[unused-group]: group `idle` is used by no rule
 --> a/owners.toml:3:1
  |
3 | idle = "core"
  | ^^^^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "idle"`

5 errors, 7 warnings; 8 tracked paths: 3 owned, 2 nobody's on purpose, 2 exempt, 1 without an owner
`--fix` can fix 6, `--fix=tree` 4 more

"#]]);
    // Nothing is repeated, and no other code, when it starts below.
    let below = sandbox.owners("check").within("a/b").output();
    let above = sandbox.owners("check").output();
    assert_eq!(below.stdout, above.stdout);
    assert_eq!(below.status.code(), Some(1));
}

/// What the help says can be pasted: no group of a directory in a rule of the root.
#[test]
fn groups_of_directories_are_not_suggested_at_the_root() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"nested = true
[paths]
"/*" = "@all"
"#,
        ),
        (
            "a/owners.toml",
            r#"[groups]
own = "@a"
[paths]
"*" = "own"
"#,
        ),
        ("b/x", ""),
    ]);
    sandbox.owners("check -A stale-output").finds(str![[r#"
error[unowned-path]: `b/x` has no owner
--> b/x
 = help: add a rule under `[paths]` of `owners.toml`: `"/b/" = "@org/team"`, or `= []` for nobody

1 error, 0 warnings; 3 tracked paths: 2 owned, 1 without an owner

"#]]);
}
