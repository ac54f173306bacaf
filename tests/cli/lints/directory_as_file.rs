//! `directory-as-file`: a pattern for a directory names a submodule or a symlink.

use snapbox::str;

use crate::support::Sandbox;

#[cfg(unix)]
#[test]
fn a_directory_as_file() {
    let sandbox = Sandbox::repo(crate::PROJECT);
    sandbox.link("link", "crates");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/{link,crates}/" = "@b"
"/vendor/*/" = "@b"
"#,
    );
    let id = "1".repeat(40);
    sandbox.git(&format!(
        "update-index --add --cacheinfo 160000,{id},vendor/lib"
    ));
    sandbox.git("add link owners.toml");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add .github");
    sandbox.owners("check").prints(str![[r#"
warning[directory-as-file]: `/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:3:4
  |
3 | "/{link,crates}/" = "@b"
  |    ^^^^ matches only paths inside a directory
  |
  = help: write a rule for `/link` instead

warning[directory-as-file]: `/vendor/*/` never matches: `vendor/lib` is a submodule, not a directory
 --> owners.toml:4:1
  |
4 | "/vendor/*/" = "@b"
  | ^^^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/vendor/*`

0 errors, 2 warnings; 9 tracked paths: 9 owned

"#]]);
}

/// A CODEOWNERS file with a pattern for the contents of a submodule.
fn by_hand(file: &str) -> Sandbox {
    let sandbox = Sandbox::repo([(file, "* @a\n/sub\\ mod/ @d\n")]);
    let entry = format!("160000 {}\tsub mod\n", "1".repeat(40));
    sandbox.git_with_input("update-index --add --index-info", entry.as_bytes());
    sandbox
}

/// In a CODEOWNERS file, a blank needs a backslash.
#[test]
fn in_a_file_for_github() {
    by_hand("CODEOWNERS").owners("check").prints(str![[r#"
warning[directory-as-file]: `/sub mod/` never matches: `sub mod` is a submodule, not a directory
 --> CODEOWNERS:2:1
  |
2 | /sub\ mod/ @d
  | ^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/sub\ mod`

0 errors, 1 warning; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Patterns of a nested file are relative to its directory.
#[test]
fn in_a_nested_file() {
    let sandbox = Sandbox::repo([
        ("owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
        ("crates/owners.toml", "[paths]\n'/lib/' = '@b'\n"),
    ]);
    let entry = format!("160000 {}\tcrates/lib\n", "1".repeat(40));
    sandbox.git_with_input("update-index --add --index-info", entry.as_bytes());
    sandbox.owners("gen -q").prints("");
    sandbox.git("add .github");
    sandbox.owners("check").prints(str![[r#"
warning[directory-as-file]: `/crates/lib/` never matches: `crates/lib` is a submodule, not a directory
 --> crates/owners.toml:2:1
  |
2 | '/lib/' = '@b'
  | ^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/lib`

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}

/// Another rule is right already.
#[test]
fn the_entry_has_a_rule() {
    let sandbox = by_hand("CODEOWNERS");
    sandbox.write("CODEOWNERS", "* @a\n/sub\\ mod/ @d\n/sub\\ mod @c\n");
    let run = sandbox.owners("check -A shadowed-rule");
    run.prints(str![[r#"
warning[directory-as-file]: `/sub mod/` never matches: `sub mod` is a submodule, not a directory
 --> CODEOWNERS:2:1
  |
2 | /sub\ mod/ @d
  | ^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove it: another rule is for `/sub\ mod`

0 errors, 1 warning; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// On GitLab, a pattern without a slash at the end does not match what is in a directory.
#[test]
fn in_a_file_for_gitlab() {
    by_hand(".gitlab/CODEOWNERS").owners("check").prints(str![[r#"
warning[directory-as-file]: `/sub mod/` never matches: `sub mod` is a submodule, not a directory
 --> .gitlab/CODEOWNERS:2:1
  |
2 | /sub\ mod/ @d
  | ^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/sub\ mod`

0 errors, 1 warning; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// The pattern of a requirement does not protect a symlink or submodule, as it seems to.
#[cfg(unix)]
#[test]
fn in_requirements() {
    let config = r#"[paths]
"*" = ["@a", "@sec"]

[[require]]
paths  = ["/link/", "{link,src}/", "/src/"]
owners = "@sec"

[[require]]
paths  = ["/link/", "/link"]
owners = "@sec"
"#;
    let sandbox = super::repo(&["src/a"], config);
    sandbox.link("link", "src");
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
warning[directory-as-file]: `/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:5:11
  |
5 | paths  = ["/link/", "{link,src}/", "/src/"]
  |           ^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/link`

warning[directory-as-file]: `**/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:5:21
  |
5 | paths  = ["/link/", "{link,src}/", "/src/"]
  |                     ^^^^^^^^^^^^^ matches only paths inside a directory
  |
  = help: add `**/link` to `paths` instead

warning[directory-as-file]: `/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:9:11
  |
9 | paths  = ["/link/", "/link"]
  |           ^^^^^^^^ matches only paths inside a directory
  |
  = help: remove it: `/link` is among the `paths`

0 errors, 3 warnings; 4 tracked paths: 4 owned

"#]]);
}
