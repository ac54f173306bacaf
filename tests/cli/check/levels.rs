//! Levels of lints: in the configuration and on the command line.

use snapbox::str;

use crate::configured;

const WARNS: &str = r#"[groups]
a = "@a"

[paths]
"*" = "@a"
"#;

#[test]
fn warnings_pass_unless_denied() {
    let sandbox = configured(WARNS);
    sandbox.owners("check").prints(str![[r#"
warning[unused-group]: no rule uses group `a`
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -D warnings").finds(str![[r#"
error[unused-group]: no rule uses group `a`
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -A warnings").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

#[test]
fn the_last_word_on_a_lint_counts() {
    let sandbox = configured(WARNS);
    for (flags, code) in [
        ("-D unused-group", 1),
        ("-D unused-group -A unused-group", 0),
        ("-A unused-group -D unused-group", 1),
        ("-D unused-group -W unused-group", 0),
        ("-D warnings -W unused-group", 0),
        ("-W unused-group -D warnings", 1),
        ("-A unused-group -D warnings", 0),
        (
            "--deny=unused-group --allow unused-group --warn=unused-group",
            0,
        ),
        ("-D dead-pattern -D unused-group", 1),
        ("-Dunused-group", 1),
    ] {
        let output = sandbox.owners(&format!("check {flags}")).output();
        assert_eq!(output.status.code(), Some(code), "{flags}");
        assert!(output.stderr.is_empty(), "{flags}");
    }
}

#[test]
fn the_command_line_outranks_the_configuration() {
    let sandbox = configured(&format!(
        r#"{WARNS}
[lints]
unused-group = "deny"
"#
    ));
    sandbox.owners("check").finds(str![[r#"
error[unused-group]: no rule uses group `a`
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox
        .owners("check -q --format short -A unused-group")
        .prints("");
    let sandbox = configured(&format!(
        r#"{WARNS}
[lints]
unused-group = "allow"
"#
    ));
    sandbox.owners("check -q --format short").prints("");
    sandbox
        .owners("check -q --format short -D warnings")
        .prints("");
}

#[test]
fn an_unknown_lint() {
    let sandbox = configured(WARNS);
    sandbox.owners("check -D unused-groups").refuses(str![[r#"
error: unknown lint `unused-groups`
 = help: did you mean `unused-group`?

"#]]);
    sandbox.owners("check -W spelling").refuses(str![[r#"
error: unknown lint `spelling`
 = help: `owners explain` lists them

"#]]);
}
