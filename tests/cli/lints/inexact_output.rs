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
  = note: `#` can only be written as `?` there, which matches any character
  = help: rename one of the paths, or add a rule for the other path below this rule

error[inexact-output]: on GitHub this rule also matches `cyx}`
 --> owners.toml:4:1
  |
4 | '/c\{x\}' = "@b"
  | ^^^^^^^^^ written `/c?x}`
  |
  = note: `{` can only be written as `?` there, which matches any character
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
  = note: `#` can only be written as `?` there, which matches any character
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

/// The variants of what GitLab cannot exclude: the rules, what is said, and the rules after the help, with
/// the owners of two paths.
#[test]
fn exclusions_that_later_rules_contradict() {
    for (rules, said, after, owners) in [
        (
            "\"/docs/b/\" = \"@docs\"\n\"**\" = { add = \"@y\", except = \"/docs/\" }",
            [
                "owners.toml:6:1: error[inexact-output]: GitLab cannot express `**` exactly",
                "but of `/docs/`, `/docs/b/` owns some",
                "give these paths owners at the start of `[paths]`: `\"/docs/\" = \"<group>\"`",
            ],
            "\"/docs/\" = \"@g\"\n\"/docs/b/\" = \"@docs\"\n\"**\" = { add = \"@y\", except = \"/docs/\" }",
            ["@docs", "@g"],
        ),
        (
            "\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"/docs/b/\" = \"@docs\"",
            [
                "owners.toml:5:1: error[inexact-output]: GitLab cannot express `*` exactly",
                "but of `/docs/`, `/docs/b/` owns some",
                "give these paths owners at the start of `[paths]`: `\"/docs/\" = \"<group>\"`",
            ],
            "\"/docs/\" = \"@g\"\n\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"/docs/b/\" = \"@docs\"",
            ["@docs", "@g"],
        ),
        (
            "\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"*.md\" = { add = \"@m\" }",
            [
                "owners.toml:6:1: error[inexact-output]: GitLab cannot express `*.md` exactly",
                "an exception of `*` must exclude `/docs/` permanently",
                "except `/docs/` from it, or give these paths owners at the start of `[paths]`",
            ],
            "\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"*.md\" = { add = \"@m\", except = \"/docs/\" }",
            ["(unowned)", "(unowned)"],
        ),
        (
            "\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"*.md\" = { add = \"@m\" }",
            [
                "",
                "",
                "give these paths owners at the start of `[paths]`: `\"/docs/\" = \"<group>\"`",
            ],
            "\"/docs/\" = \"@g\"\n\"*\" = { owners = \"@y\", except = \"/docs/\" }\n\"*.md\" = { add = \"@m\" }",
            ["@g @m", "@g @m"],
        ),
        (
            "\"*\" = \"@y\"\n\"/docs/\" = []\n\"*.md\" = { add = \"@m\" }",
            [
                "owners.toml:7:1: error[inexact-output]: GitLab cannot express `*.md` exactly",
                "but this adds owners to some of the paths of `/docs/`",
                "except `/docs/` from it, or narrow the rule for nobody",
            ],
            "\"*\" = \"@y\"\n\"/docs/\" = []\n\"*.md\" = { add = \"@m\", except = \"/docs/\" }",
            ["(nobody)", "(nobody)"],
        ),
        (
            "\"*\" = \"@y\"\n\"/docs/\" = []\n\"/docs/b/\" = \"@docs\"",
            [
                "owners.toml:6:1: error[inexact-output]: GitLab cannot express `/docs/` exactly",
                "but the later `/docs/b/` owns some of `/docs/`",
                "narrow the rule for nobody to paths that no later rule owns",
            ],
            "\"*\" = \"@y\"\n\"/docs/{c,d}/\" = []\n\"/docs/b/\" = \"@docs\"",
            ["@docs", "(nobody)"],
        ),
    ] {
        let config =
            |rules: &str| format!("[[output]]\nplatform = \"gitlab\"\n\n[paths]\n{rules}\n");
        let sandbox = Sandbox::repo([("docs/b/x.md", ""), ("docs/c/y.md", ""), ("src/z.md", "")]);
        sandbox.write("owners.toml", config(rules));
        sandbox.git("add -A");
        let output = sandbox.owners("check").output();
        let printed = String::from_utf8(output.stdout).unwrap();
        let short = sandbox.owners("check --format short").output();
        let short = String::from_utf8(short.stdout).unwrap();
        let found = format!("{printed}{short}");
        for said in said {
            assert!(found.contains(said), "{said}: {found}");
        }
        // It is one finding, with both places.
        assert_eq!(short.matches("error[inexact-output]").count(), 1, "{short}");
        assert!(short.contains("(see owners.toml:"), "{short}");
        sandbox.write("owners.toml", config(after));
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        let allow = "check -D warnings -A dead-pattern -A unowned-path";
        let output = sandbox.owners(allow).output();
        assert_eq!(output.status.code(), Some(0), "{after}: {output:?}");
        let output = sandbox.owners("who docs/b/x.md docs/c/y.md").output();
        let printed = String::from_utf8(output.stdout).unwrap();
        for (line, owners) in printed.lines().zip(owners) {
            assert!(line.ends_with(owners), "{after}: {printed}");
        }
    }
}
