//! `floating-directory`: a pattern that is not anchored matches several directories.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

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

/// The text of an alternative cannot be replaced by a pattern.
#[test]
fn an_alternative_that_floats() {
    repo(
        &["a/docs/x", "a/notes/x", "docs/x", "notes/x"],
        "[paths]\n'*' = '@a'\n'{docs,notes}/' = '@b'\n",
    )
    .owners("check -W floating-directory")
    .prints(str![[r#"
warning[floating-directory]: `docs/` matches 2 directories of that name
 --> owners.toml:3:3
  |
3 | '{docs,notes}/' = '@b'
  |   ^^^^ not anchored
  |
  = note: `a/docs`
  = note: `docs`
  = help: instead, write a rule for `/docs/` to match only that one, or for `**/docs/` to match all of them

warning[floating-directory]: `notes/` matches 2 directories of that name
 --> owners.toml:3:8
  |
3 | '{docs,notes}/' = '@b'
  |        ^^^^^ not anchored
  |
  = note: `a/notes`
  = note: `notes`
  = help: instead, write a rule for `/notes/` to match only that one, or for `**/notes/` to match all of them

0 errors, 2 warnings; 6 tracked paths: 6 owned

"#]]);
}

/// In a CODEOWNERS file, a blank needs a backslash.
#[test]
fn in_a_file_written_by_hand() {
    let sandbox = Sandbox::repo([
        ("CODEOWNERS", "* @a\nm\\ y/ @c\n"),
        ("x/m y/a", ""),
        ("y/m y/a", ""),
    ]);
    sandbox.owners("check -W floating-directory").prints(str![[r#"
warning[floating-directory]: `m y/` matches 2 directories of that name
 --> CODEOWNERS:2:1
  |
2 | m\ y/ @c
  | ^^^^^ not anchored
  |
  = note: `x/m y`
  = note: `y/m y`
  = help: write `/x/m\ y/` to match only that one, or `**/m\ y/` to match all of them

0 errors, 1 warning; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}
