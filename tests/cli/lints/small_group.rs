//! `small-group`: a group has fewer people than `min-members`.

use snapbox::str;

use super::repo;

const POLICY: &str = r#"[check]
min-members = 2

[groups]
core = ["@Alice", "@mallory", "@org/core", "docs@example.com"]
wasi = ["@bobb"]
docs = "@org/docs"
[groups.admins]
team = "@org/admins"
members = ["@alice"]

[paths]
"*" = ["core", "docs", "admins"]
"/src/" = ["wasi", "@Mallory"]
"#;

/// People are those who are written out: a team is not one of them.
#[test]
fn groups_with_too_few_people() {
    let sandbox = repo(&["src/a"], POLICY);
    sandbox.owners("check").finds(str![[r#"
error[small-group]: group `wasi` has only 1 person
 --> owners.toml:6:1
  |
2 | min-members = 2
  |               - the required minimum
...
6 | wasi = ["@bobb"]
  | ^^^^
  |
  = help: add 1 person to it

error[small-group]: group `admins` has only 1 person
 --> owners.toml:8:9
  |
2 | min-members = 2
  |               - the required minimum
...
8 | [groups.admins]
  |         ^^^^^^
  |
  = help: add 1 person to it

2 errors, 0 warnings; 3 tracked paths: 3 owned

"#]]);
}
