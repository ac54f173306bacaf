//! `shadowed-rule`: later rules cover everything that a rule can match.

use snapbox::str;

use super::repo;

#[test]
fn a_shadowed_rule() {
    let sandbox = repo(
        &["docs/api/a.md", "docs/b.md"],
        r#"[paths]
"*" = "@a"
"/docs/api/" = "@b"
"/docs/" = "@c"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `/docs/api/` can never take effect
 --> owners.toml:3:1
  |
3 | "/docs/api/" = "@b"
  | ^^^^^^^^^^^^ later rules cover it in any tree
4 | "/docs/" = "@c"
  | -------- this rule comes later
  |
  = help: move it below line 4 if it should win, or remove it

0 errors, 1 warning; 4 tracked paths: 4 owned
`--fix` can fix 1

"#]]);
}

/// `ineffective-pattern` says nothing of it again.
#[test]
fn a_shadowed_alternative() {
    let sandbox = repo(
        &["docs/api/a.md", "src/b.md"],
        r#"[paths]
"*" = "@a"
"/{docs/api,src}/" = "@b"
"/docs/" = "@c"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: the alternative `docs/api` can never take effect
 --> owners.toml:3:4
  |
3 | "/{docs/api,src}/" = "@b"
  |    ^^^^^^^^ later rules cover it in any tree
4 | "/docs/" = "@c"
  | -------- this rule comes later
  |
  = help: remove it

0 errors, 1 warning; 4 tracked paths: 4 owned
`--fix` can fix 1

"#]]);
}

#[test]
fn a_rule_that_two_shadow_together() {
    let sandbox = repo(
        &["a/b", "a/c/d"],
        r#"[paths]
"*" = "@a"
"/a/" = "@b"
"/a/*" = "@c"
"/a/*/" = "@d"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `/a/` can never take effect
 --> owners.toml:3:1
  |
3 | "/a/" = "@b"
  | ^^^^^ later rules cover it in any tree
4 | "/a/*" = "@c"
  | ------ this rule comes later
5 | "/a/*/" = "@d"
  | ------- this rule comes later
  |
  = help: move it below line 5 if it should win, or remove it

0 errors, 1 warning; 4 tracked paths: 4 owned
`--fix` can fix 1

"#]]);
}

#[test]
fn a_catch_all_that_shadows_all_before_it_is_one_finding() {
    let rules: String = (0..50)
        .map(|index| format!("\"/a{index}/\" = \"@b\"\n"))
        .collect();
    let files: Vec<String> = (0..50).map(|index| format!("a{index}/x")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let sandbox = repo(
        &files,
        &format!(
            r#"[paths]
{rules}"*" = "@a"
"#
        ),
    );
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `*` covers 50 rules above it, which can never take effect
  --> owners.toml:52:1
   |
 2 | "/a0/" = "@b"
   | ------ never takes effect
 3 | "/a1/" = "@b"
   | ------ never takes effect
 4 | "/a2/" = "@b"
   | ------ never takes effect
 5 | "/a3/" = "@b"
   | ------ never takes effect
 6 | "/a4/" = "@b"
   | ------ never takes effect
...
52 | "*" = "@a"
   | ^^^ the last rule that matches decides
   |
   = note: and 45 more
   = help: move `*` above the rules that it covers

0 errors, 1 warning; 52 tracked paths: 52 owned

"#]]);
}

/// Its own exceptions are what is wrong, also where a later rule covers it.
#[test]
fn a_rule_that_excepts_everything() {
    let sandbox = repo(
        &["c/a.l", "c/b", "d"],
        r#"[paths]
"*" = "@a"
"c/a.l" = { add = "@x", except = "*" }
"/c/{b,x}" = { owners = "@y", except = "b" }
"/c/" = "@c"
"#,
    );
    sandbox.owners("check -A dead-pattern").prints(str![[r#"
warning[shadowed-rule]: `c/a.l` can never take effect
 --> owners.toml:3:1
  |
3 | "c/a.l" = { add = "@x", except = "*" }
  | ^^^^^^^ its own exceptions leave nothing of it
  |
  = help: narrow its `except`, or remove it

warning[shadowed-rule]: `/c/{b,x}` can never take effect
 --> owners.toml:4:1
  |
4 | "/c/{b,x}" = { owners = "@y", except = "b" }
  | ^^^^^^^^^^ later rules cover it in any tree
5 | "/c/" = "@c"
  | ----- this rule comes later
  |
  = help: move it below line 5 if it should win, or remove it

0 errors, 2 warnings; 5 tracked paths: 5 owned
`--fix` can fix 2

"#]]);
}
