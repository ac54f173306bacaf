//! Mistakes in them, and what they may not do.

use snapbox::{IntoData, file, str};

use super::NEST;
use crate::support::Sandbox;

#[test]
fn faults_are_shown_in_their_file() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write(
        "a/owners.toml",
        r#"[paths]
"*.rs" = "ow n"
"a//b" = 'cor'
"#,
    );
    sandbox.write(
        "a/b/owners.toml",
        r#"[paths]
"/lib.rs" = ["own", "@b"
"#,
    );
    sandbox.write("c-d/owners.toml", b"[paths]\n'\xff' = '@c'\n");
    for command in ["gen", "check", "who a/"] {
        sandbox.owners(command).refuses(file!["mistakes.txt"]);
    }
    assert!(!sandbox.root.join(".github").exists());
}

/// Without its groups, nothing sure can be said about what is below.
#[test]
fn a_broken_file_is_not_blamed_on_those_below() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write("a/owners.toml", "[groups]\nown = \n");
    sandbox.owners("check").refuses(str![[r#"
error: invalid TOML: string values must be quoted, expected literal string
 --> a/owners.toml:2:7
  |
2 | own = 
  |       ^
  |
  = help: write a group, an owner, an array of them, or `[]` for nobody

1 error in the configuration

"#]]);
    sandbox.write("a/owners.toml", b"[groups]\nown = '@\xff'\n");
    sandbox.owners("check").refuses(str![[r#"
error: `a/owners.toml` is not UTF-8
 --> a/owners.toml:2:9
  |
2 | own = '@�'
  |         ^ byte 0xff
  |
  = help: save the file as UTF-8; to match a name that is not UTF-8, use `?` for each such byte

1 error in the configuration

"#]]);
}

/// Demands that this text is refused where it is the configuration of `a`.
#[track_caller]
fn refuses_in_a(text: &str, expected: impl IntoData) {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write("a/owners.toml", text);
    sandbox.write("a/b/owners.toml", "");
    sandbox.owners("gen").refuses(expected);
}

#[test]
fn patterns_of_rules_do_not_leave_the_directory() {
    refuses_in_a(
        r#"[paths]
"../c/x" = "@a"
"#,
        str![[r#"
error: a `..` segment matches nothing
 --> a/owners.toml:2:2
  |
2 | "../c/x" = "@a"
  |  ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

1 error in the configuration

"#]],
    );
    refuses_in_a(
        r#"[paths]
"/b/../../c" = "@a"
"#,
        str![[r#"
error: a `..` segment matches nothing
 --> a/owners.toml:2:5
  |
2 | "/b/../../c" = "@a"
  |     ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

1 error in the configuration

"#]],
    );
    refuses_in_a(
        r#"[paths]
"{b,..}/x" = "@a"
"#,
        str![[r#"
error: a `..` segment matches nothing
 --> a/owners.toml:2:5
  |
2 | "{b,..}/x" = "@a"
  |     ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

1 error in the configuration

"#]],
    );
}

#[test]
fn exceptions_and_exemptions_do_not_leave_the_directory() {
    refuses_in_a(
        r#"[paths]
"*" = { owners = "@a", except = "../c" }
"#,
        str![[r#"
error: a `..` segment matches nothing
 --> a/owners.toml:2:34
  |
2 | "*" = { owners = "@a", except = "../c" }
  |                                  ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

1 error in the configuration

"#]],
    );
    refuses_in_a(
        r#"[check]
exempt = ["../c"]
"#,
        str![[r#"
error: a `..` segment matches nothing
 --> a/owners.toml:2:12
  |
2 | exempt = ["../c"]
  |            ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

1 error in the configuration

"#]],
    );
}

#[test]
fn tables_of_the_repository_belong_to_the_root() {
    refuses_in_a(
        r#"[output]
file = "CODEOWNERS"
"#,
        str![[r#"
error: `output` belongs in the owners.toml at the root
 --> a/owners.toml:1:2
  |
1 | [output]
  |  ^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]],
    );
    refuses_in_a(
        r#"[lints]
unowned-path = "allow"
"#,
        str![[r#"
error: `lints` belongs in the owners.toml at the root
 --> a/owners.toml:1:2
  |
1 | [lints]
  |  ^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]],
    );
}

#[test]
fn keys_of_the_repository_belong_to_the_root() {
    refuses_in_a(
        "nested = false\n",
        str![[r#"
error: `nested` belongs in the owners.toml at the root
 --> a/owners.toml:1:1
  |
1 | nested = false
  | ^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]],
    );
    refuses_in_a(
        "required-version = \"1\"\n",
        str![[r#"
error: `required-version` belongs in the owners.toml at the root
 --> a/owners.toml:1:1
  |
1 | required-version = "1"
  | ^^^^^^^^^^^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]],
    );
}

#[test]
fn a_group_from_above_cannot_be_redefined() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write(
        "a/b/owners.toml",
        r#"[groups]
own = "@b"
core = ["@b"]
"#,
    );
    sandbox.owners("check").refuses(str![[r#"
error: group `own` is defined above already
 --> a/b/owners.toml:2:1
  |
2 | own = "@b"
  | ^^^ defined again here
  |
 ::: a/owners.toml:2:1
  |
2 | own = ["@a", "core"]
  | --- and visible below this file
  |
  = help: use the one from above, or give this one another name

error: group `core` is defined above already
 --> a/b/owners.toml:3:1
  |
3 | core = ["@b"]
  | ^^^^ defined again here
  |
 ::: owners.toml:3:1
  |
3 | core = "@org/core"
  | ---- and visible below this file
  |
  = help: use the one from above, or give this one another name

2 errors in the configuration

"#]]);
    sandbox.write("a/b/owners.toml", "");
    // What is defined beside is not seen.
    sandbox.write(
        "c-d/owners.toml",
        r#"[paths]
"*" = ["core", "own"]
"#,
    );
    sandbox.owners("check").refuses(str![[r#"
error: unknown group `own`
 --> c-d/owners.toml:2:16
  |
2 | "*" = ["core", "own"]
  |                ^^^^^ not defined in `[groups]`
  |
  = help: define it under `[groups]`: `own = ["@user"]`; a user is written `@own`

1 error in the configuration

"#]]);
}
