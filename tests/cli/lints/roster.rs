//! `roster`: a user in a group or rule is not in the roster.

use snapbox::str;

use super::repo;

const POLICY: &str = r#"[check]
roster = "MAINTAINERS.md"

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

#[test]
fn owners_who_are_not_in_the_roster() {
    let sandbox = repo(&["src/a"], POLICY);
    sandbox.write(
        "MAINTAINERS.md",
        "# Maintainers\n\n- [@alice](https://github.com/Alice)\n- [Bob](https://github.com/bob)\n",
    );
    sandbox.git("add -A");
    sandbox.owners("check -A small-group").finds(str![[r#"
error[roster]: `@mallory` is not in the roster `MAINTAINERS.md`
  --> owners.toml:5:19
   |
 5 | core = ["@Alice", "@mallory", "@org/core", "docs@example.com"]
   |                   ^^^^^^^^^^ not in the roster
...
14 | "/src/" = ["wasi", "@Mallory"]
   |                    ---------- and here
   |
   = help: add `@mallory` to `MAINTAINERS.md`, or remove them from the group or rule

error[roster]: `@bobb` is not in the roster `MAINTAINERS.md`
 --> owners.toml:6:9
  |
6 | wasi = ["@bobb"]
  |         ^^^^^^^ not in the roster
  |
  = help: did you mean `@bob`?
  = help: add `@bobb` to `MAINTAINERS.md`, or remove them from the group or rule

2 errors, 0 warnings; 4 tracked paths: 4 owned

"#]]);
}

#[test]
fn a_missing_roster() {
    let sandbox = repo(&["src/a"], POLICY);
    sandbox.owners("check -A small-group").finds(str![[r#"
error[roster]: there is no roster `MAINTAINERS.md`
 --> owners.toml:2:10
  |
2 | roster = "MAINTAINERS.md"
  |          ^^^^^^^^^^^^^^^^ no such file
  |
  = help: add the file, or correct its path

1 error, 0 warnings; 3 tracked paths: 3 owned

"#]]);
}

#[cfg(unix)]
#[test]
fn a_roster_outside_the_repository() {
    let sandbox = repo(&["src/a"], POLICY);
    std::fs::write(sandbox.root.join("../secret"), "@alice @mallory @bobb").unwrap();
    sandbox.link("MAINTAINERS.md", "../secret");
    sandbox.owners("check").refuses(str![[r#"
error: cannot read `[ROOT]/MAINTAINERS.md`
 = note: `[ROOT]/MAINTAINERS.md` leads out of the repository, to `[TOP]/secret`

"#]]);
}
