//! `ineffective-pattern`: later rules decide every tracked path that a pattern matches.

use snapbox::str;

use super::repo;

#[test]
fn an_ineffective_pattern() {
    let sandbox = repo(
        &["docs/a.md", "docs/b.md", "src/x/a", "src/y/a", "src/z/a"],
        r#"[paths]
"*" = "@a"
"/docs/" = "@b"
"/src/{x,y}/" = "@c"
"*.md" = "@d"
"/src/x/a" = "@d"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[ineffective-pattern]: `/docs/` has no effect on any tracked path
 --> owners.toml:3:1
  |
3 | "/docs/" = "@b"
  | ^^^^^^^^ later rules decide every path that it matches
4 | "/src/{x,y}/" = "@c"
5 | "*.md" = "@d"
  | ------ this rule decides `docs/a.md`
  |
  = note: the rule may take effect for paths that are added later
  = help: move the rule below the rules that decide its paths, or remove it

0 errors, 1 warning; 7 tracked paths: 7 owned

"#]]);
}

#[test]
fn a_rule_that_excepts_all_it_matches() {
    let sandbox = repo(
        &["docs/a.md"],
        r#"[paths]
"*" = "@a"
"/docs/" = { owners = "@b", except = "*.md" }
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[ineffective-pattern]: `/docs/` has no effect on any tracked path
 --> owners.toml:3:1
  |
3 | "/docs/" = { owners = "@b", except = "*.md" }
  | ^^^^^^^^ its exceptions cover every path that it matches
  |
  = note: `docs/a.md` is excepted, for example
  = help: narrow its `except`, or remove the rule

0 errors, 1 warning; 3 tracked paths: 3 owned

"#]]);
}

/// The rule for every path stands there for what is still to come.
#[test]
fn a_default_that_decides_nothing_is_fine() {
    let sandbox = repo(
        &["docs/a.md"],
        r#"[paths]
"*" = "@a"
"/{docs,.github}/" = "@b"
"/owners.toml" = "@b"
"#,
    );
    sandbox.owners("check -q --format short").prints("");
}

/// A path that the rule excepts is no reason to blame a later rule.
#[test]
fn exceptions_before_later_rules() {
    let sandbox = repo(
        &["c/a.l", "d"],
        r#"[paths]
"*" = "@a"
"*.l" = { add = "@x", except = "/c/" }
"/c/" = "@c"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[ineffective-pattern]: `*.l` has no effect on any tracked path
 --> owners.toml:3:1
  |
3 | "*.l" = { add = "@x", except = "/c/" }
  | ^^^^^ its exceptions cover every path that it matches
  |
  = note: `c/a.l` is excepted, for example
  = help: narrow its `except`, or remove the rule

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}
