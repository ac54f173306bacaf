//! `inexact-output`: the forge cannot express a pattern exactly.

use snapbox::str;

use crate::support::Sandbox;
use crate::{PROJECT, configured};

#[test]
fn a_pattern_that_the_platform_cannot_say() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
'/a\\b' = "@a"
"#,
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[inexact-output]: GitHub cannot express `/a\\b` exactly
 --> owners.toml:3:1
  |
3 | '/a\\b' = "@a"
  | ^^^^^^^
  |
  = note: GitHub has no reliable way to write `\`
  = help: write `?` in its place (it matches any other character too), or rename the path

1 error, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

/// A `#` has to be written `?`, which may take in more than was meant.
#[test]
fn a_pattern_that_widens_onto_another_path() {
    let sandbox = configured(
        r#"[paths]
"*" = "@a"
"/a#b" = "@b"
'/c\{x\}' = "@b"
"#,
    );
    for file in ["a#b", "c{x}"] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 9 tracked paths: 9 owned

"#]]);
    for file in ["axb", "cyx}"] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[inexact-output]: on GitHub this rule also matches `axb`
 --> owners.toml:3:1
  |
3 | "/a#b" = "@b"
  | ^^^^^^ written `/a?b`
  |
  = note: `#` and `{` can only be written as `?` there, which matches any character
  = help: rename one of the paths, or add a rule for the other path below this rule

error[inexact-output]: on GitHub this rule also matches `cyx}`
 --> owners.toml:4:1
  |
4 | '/c\{x\}' = "@b"
  | ^^^^^^^^^ written `/c?x}`
  |
  = note: `#` and `{` can only be written as `?` there, which matches any character
  = help: rename one of the paths, or add a rule for the other path below this rule

2 errors, 0 warnings; 11 tracked paths: 11 owned

"#]]);
    // The rules that the helps ask for settle it.
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml") + "'/axb' = '@a'\n'/cyx\\}' = '@a'\n",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q --format short").prints("");
}

/// An exception that had to be written `?` excepts more than was meant. Here `who` names `@core` for
/// `src/c1/f`, and the forge would ask `@all`.
#[test]
fn an_exception_that_widens_onto_another_path() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[paths]
"*" = "@all"
"/src/" = { owners = "@core", except = "/src/c#/" }
"#,
        ),
        ("src/c#/f", ""),
        ("src/c1/f", ""),
        ("src/c1/g", ""),
        ("src/d/f", ""),
    ]);
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    assert!(
        sandbox
            .read(".github/CODEOWNERS")
            .contains("\n/src/c?/ @all\n")
    );
    sandbox.owners("check").finds(str![[r#"
error[inexact-output]: on GitHub this exception also matches `src/c1/f` and 1 other path
 --> owners.toml:3:40
  |
3 | "/src/" = { owners = "@core", except = "/src/c#/" }
  |                                        ^^^^^^^^^^ written `/src/c?/`
  |
  = note: `#` and `{` can only be written as `?` there, which matches any character
  = help: rename one of the paths, or add a rule for the other path below this rule

1 error, 0 warnings; 6 tracked paths: 6 owned

"#]]);
    // The rule that the help asks for settles it.
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml") + "\"/src/c1/\" = \"@core\"\n",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q --format short").prints("");
}

/// A path that a widened pattern takes is no fault where a later rule gives it its owners back, or
/// where the owners are the same.
#[test]
fn a_widened_pattern_that_a_later_rule_corrects() {
    let sandbox = Sandbox::repo([("a#b", ""), ("axb", ""), ("c#", ""), ("cx", "")]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/a#b" = "@x"
"/axb" = "@y"
"/c#" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check -q --format short").prints("");
}
