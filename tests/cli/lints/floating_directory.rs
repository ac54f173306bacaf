//! `floating-directory`: a pattern that is not anchored matches several directories.

use snapbox::str;

use super::repo;

#[test]
fn a_floating_directory() {
    let sandbox = repo(
        &[
            "docs/a",
            "crates/x/docs/b",
            "src/y",
            "crates/x/tests/a",
            "crates/z/tests/b",
        ],
        r#"[paths]
"*" = "@a"
"docs/" = "@b"
"src/" = "@b"
"**/tests/" = "@b"
"#,
    );
    sandbox.owners("check -q --format short").prints("");
    sandbox
        .owners("check -W floating-directory")
        .prints(str![[r#"
warning[floating-directory]: `docs/` matches 2 directories of that name
 --> owners.toml:3:1
  |
3 | "docs/" = "@b"
  | ^^^^^^^ not anchored
  |
  = note: `crates/x/docs`
  = note: `docs`
  = help: write `/docs/` to match only that one, or `**/docs/` to match all of them

0 errors, 1 warning; 7 tracked paths: 7 owned

"#]]);
}
