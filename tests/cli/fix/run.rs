//! A whole run: the difference, what is said, what is left, in every format and at every level.

use snapbox::str;

use super::{fixed, sandbox};

/// One finding that holds in any tree, and one of this tree.
const CONFIG: &str = r#"[groups]
core = "@org/core"
old = "@old"

[paths]
"*" = "core"
# The old team's.
"/a/x" = "old"
"/{a,gone}/" = "@a"
"#;

#[test]
fn a_dry_run_shows_the_difference_and_writes_nothing() {
    let sandbox = sandbox(CONFIG);
    sandbox.owners("check --fix=tree --dry-run").exits(
        0,
        str![[r#"
--- a/owners.toml
+++ b/owners.toml
@@ -1,9 +1,6 @@
 [groups]
 core = "@org/core"
-old = "@old"
 
 [paths]
 "*" = "core"
-# The old team's.
-"/a/x" = "old"
-"/{a,gone}/" = "@a"
+"/a/" = "@a"
--- a/.github/CODEOWNERS
+++ b/.github/CODEOWNERS
@@ -2,10 +2,4 @@
 # Change owners.toml and run `owners gen`.
 
 * @org/core
-
-# The old team's.
-/a/x @old
-
-# /{a,gone}/
-/a/    @a
-/gone/ @a
+/a/ @a

"#]],
        str![[r#"
would fix 3 findings; 0 errors, 0 warnings would remain

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), CONFIG);
    sandbox.owners("gen --check").prints("");
}

#[test]
fn check_says_what_could_be_fixed() {
    let sandbox = sandbox(CONFIG);
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `/a/x` can never take effect
 --> owners.toml:8:1
  |
8 | "/a/x" = "old"
  | ^^^^^^ later rules cover it in any tree
9 | "/{a,gone}/" = "@a"
  |    - this rule comes later
  |
  = help: move it below line 9 if it should win, or remove it

warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:9:6
  |
9 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1, `--fix=tree` 1 more

"#]]);
}

#[test]
fn fix_says_what_it_did_and_what_is_left() {
    let sandbox = sandbox(CONFIG);
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:6:6
  |
6 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 2 findings

"#]],
    );
}

#[test]
fn there_is_nothing_left_to_fix() {
    let sandbox = sandbox(CONFIG);
    sandbox.owners("check -q -A dead-pattern --fix").prints("");
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:6:6
  |
6 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]],
        str![[r#"
nothing to fix

"#]],
    );
    sandbox.owners("check --fix=tree -q").prints("");
    sandbox.owners("check --fix=tree").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
nothing to fix

"#]],
    );
    sandbox.owners("check --fix=tree --dry-run").exits(
        0,
        "",
        str![[r#"
nothing to fix; 0 errors, 0 warnings would remain

"#]],
    );
}

#[test]
fn what_is_allowed_is_not_fixed() {
    let config = r"[groups]
old = '@a'
[paths]
'/a/x' = '@a'
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
";
    for allowed in ["shadowed-rule", "unused-group"] {
        let left = fixed(&format!("check --fix -A {allowed}"), config);
        assert_eq!(left.contains("old"), allowed == "unused-group");
        assert_eq!(left.contains("'/a/x'"), allowed == "shadowed-rule");
    }
}

#[test]
fn what_is_left_and_denied_fails_the_run() {
    let sandbox = sandbox(
        r"[paths]
'/a/' = '@a'
'gone/*' = '@b'
'/gone' = '@c'
",
    );
    sandbox
        .owners("check --fix -q --format short -A warnings -D dead-pattern")
        .finds(str![[r#"
.github/: error[unowned-path]: every path in `.github/` is unowned: 2 paths
README.md: error[unowned-path]: `README.md` is unowned
b/x: error[unowned-path]: `b/x` is unowned
c/x/y: error[unowned-path]: `c/x/y` is unowned
owners.toml: error[unowned-path]: `owners.toml` is unowned
owners.toml:3:1: error[dead-pattern]: no tracked path matches `gone/*`
owners.toml:4:1: error[dead-pattern]: no tracked path matches `/gone`

"#]]);
}

#[test]
fn with_a_base_only_what_is_new_is_fixed() {
    let sandbox = sandbox(
        r"[paths]
'*' = '@a'
'/gone' = '@b'
",
    );
    sandbox.git("commit -qm base");
    sandbox.write(
        "owners.toml",
        r"[paths]
'*' = '@a'
'/gone' = '@b'
'/{a,new}' = '@c'
",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --fix=tree --changed HEAD").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = '@a'
'/gone' = '@b'
'/a' = '@c'
"
    );
}

#[test]
fn findings_in_every_format() {
    let config = r"[paths]
'*' = '@a'
'/a/' = '@b'
'/gone' = '@b'
'/a' = '@c'
";
    for format in ["human", "short", "json", "github", "sarif", "gitlab"] {
        let sandbox = sandbox(config);
        let run = sandbox
            .owners(&format!("check -q --fix --format {format}"))
            .output();
        let again = sandbox
            .owners(&format!("check -q --format {format}"))
            .output();
        assert_eq!(run.stdout, again.stdout, "{format}");
        assert!(run.stderr.is_empty() && !run.stdout.is_empty(), "{format}");
    }
}
