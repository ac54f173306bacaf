//! `near-duplicate-owner`: two owners that are probably one.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

#[test]
fn in_owners_toml() {
    let sandbox = repo(
        &["a/b/x", "a/x"],
        r#"[groups]
ux = { team = "@org/user-experience-maintainers", members = ["@christopherson", "@christoperson"] }
[paths]
"*" = "ux"
"/a/" = ["@org/user-experiences-maintainers", "@org/team-a", "@org/team-b"]
"/a/b/" = "@Org/team-A"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[near-duplicate-owner]: `@org/user-experiences-maintainers` and `@org/user-experience-maintainers` differ only by a letter
 --> owners.toml:5:10
  |
2 | ux = { team = "@org/user-experience-maintainers", members = ["@christopherson", "@christoperson"] }
  |               ---------------------------------- used once
...
5 | "/a/" = ["@org/user-experiences-maintainers", "@org/team-a", "@org/team-b"]
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ used once
  |
  = help: if both mean the same owner, write `@org/user-experience-maintainers` everywhere

warning[near-duplicate-owner]: `@christoperson` and `@christopherson` differ only by a letter
 --> owners.toml:2:81
  |
2 | ux = { team = "@org/user-experience-maintainers", members = ["@christopherson", "@christoperson"] }
  |                                                              -----------------  ^^^^^^^^^^^^^^^^ used once
  |                                                              |
  |                                                              used once
  |
  = help: if both mean the same owner, write `@christopherson` everywhere

0 errors, 2 warnings; 4 tracked paths: 4 owned

"#]]);
    sandbox
        .owners("check --format short -A near-duplicate-owner")
        .prints("");
}

/// The finding points at the owner that is used less often, and at the default owners of a section
/// by their line.
#[test]
fn in_codeowners() {
    let sandbox = Sandbox::repo([
        (
            "CODEOWNERS",
            "[S] @org/maintianers\n/a/\n[T]\n* @org/maintainers\n/x @org/maintainers\n",
        ),
        (".gitlab-ci.yml", ""),
        ("a/b", ""),
        ("x", ""),
    ]);
    sandbox.owners("check").prints(str![[r#"
warning[near-duplicate-owner]: `@org/maintianers` and `@org/maintainers` differ only by a letter
 --> CODEOWNERS:1:5
  |
1 | [S] @org/maintianers
  |     ^^^^^^^^^^^^^^^^ used once
...
4 | * @org/maintainers
  |   ---------------- used 2 times
  |
  = help: if both mean the same owner, write `@org/maintainers` everywhere

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}

#[test]
fn in_files_below_the_root() {
    let sandbox = repo(
        &["a/x"],
        "nested = true\n[paths]\n'*' = '@org/documentation'\n",
    );
    sandbox.write("a/owners.toml", "[paths]\n'*' = '@org/documentaton'\n");
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").prints(str![[r#"
warning[near-duplicate-owner]: `@org/documentaton` and `@org/documentation` differ only by a letter
 --> a/owners.toml:2:7
  |
2 | '*' = '@org/documentaton'
  |       ^^^^^^^^^^^^^^^^^^^ used once
  |
 ::: owners.toml:3:7
  |
3 | '*' = '@org/documentation'
  |       -------------------- used once
  |
  = help: if both mean the same owner, write `@org/documentation` everywhere

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}

/// Names that look alike and are meant.
#[test]
fn owners_that_are_two() {
    let sandbox = repo(
        &["x"],
        "[paths]\n'*' = ['@bob', '@rob', '@org/team-1', '@org/team-2', '@org/web', '@org/webs', \
         '@org/linter', '@org/linker', '@org/Docs', '@org/docs-eu', '@org/docs-us']\n",
    );
    sandbox.owners("check --format short").prints("");
}

/// An owner that a requirement demands may be the misspelled one.
#[test]
fn in_requirements() {
    let sandbox = repo(
        &["a/x"],
        r#"[paths]
"*" = "@org/security-reviewers"

[[require]]
paths  = "/a/"
any-of = ["@org/security-reviewer", "@org/security-reviewers"]
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[near-duplicate-owner]: `@org/security-reviewer` and `@org/security-reviewers` differ only by a letter
 --> owners.toml:6:11
  |
2 | "*" = "@org/security-reviewers"
  |       ------------------------- used 2 times
...
6 | any-of = ["@org/security-reviewer", "@org/security-reviewers"]
  |           ^^^^^^^^^^^^^^^^^^^^^^^^ used once
  |
  = help: if both mean the same owner, write `@org/security-reviewers` everywhere

0 errors, 1 warning; 3 tracked paths: 3 owned

"#]]);
}
