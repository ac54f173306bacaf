//! `dead-pattern`: no tracked path matches a pattern, or one of its alternatives or exceptions.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;
use crate::{PROJECT, configured};

#[test]
fn a_dead_alternative_of_an_exception() {
    let sandbox = repo(
        &["docs/a.md", "docs/b/c.md"],
        r#"[paths]
"*" = "@a"
"/docs/" = { owners = "@b", except = "/docs/{b,gone}/" }
"#,
    );
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: the alternative `gone` of the exception excludes no tracked path
 --> owners.toml:3:48
  |
3 | "/docs/" = { owners = "@b", except = "/docs/{b,gone}/" }
  |                                                ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 4 tracked paths: 4 owned
`--fix=tree` can fix 1

"#]]);
}

/// A name without a slash may stand anywhere, and most likely stands at the root.
#[test]
fn a_dead_name_is_looked_for_at_the_root() {
    let sandbox = Sandbox::repo([
        ("pytest.ini", ""),
        ("Docs/a", ""),
        ("lib", ""),
        ("src/other.ini", ""),
        (
            "owners.toml",
            r"[paths]
'*' = '@a'
'.pytest.ini' = '@b'
'docs/' = '@b'
'lib/' = '@b'
'ohter.ini' = '@b'
",
        ),
    ]);
    let output = sandbox
        .owners("check --format json -A stale-output")
        .output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let helps: Vec<&str> = findings
        .map(|finding| finding["helps"][0].as_str().unwrap())
        .collect();
    assert_eq!(
        helps,
        [
            "write `Docs/`",
            "did you mean `/pytest.ini`?",
            "`lib` is not a directory: remove the trailing slash: `/lib`",
            "remove it, or correct the path",
        ]
    );
}

#[test]
fn a_dead_pattern() {
    configured(
        r#"[paths]
"*" = "@a"
"/srcs/" = "@a"
"*.zig" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/srcs/`
 --> owners.toml:3:1
  |
3 | "/srcs/" = "@a"
  | ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `*.zig`
 --> owners.toml:4:1
  |
4 | "*.zig" = "@a"
  | ^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn a_dead_alternative() {
    configured(
        r#"[paths]
"*" = "@a"
"crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:3:15
  |
3 | "crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
  |               ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches the alternative `wasi-nn`
 --> owners.toml:3:30
  |
3 | "crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
  |                              ^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn the_last_file_of_a_pattern_is_removed() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q -f crates/wasi-http/src/lib.rs");
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `wasi-http`
 --> owners.toml:7:15
  |
7 | "crates/<wasi,wasi-http>" = "wasi"
  |               ^^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 6 tracked paths: 5 owned, 1 nobody
`--fix=tree` can fix 1

"#]]);
    sandbox.owners("check -D dead-pattern -q").finds(str![[r#"
1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
}

#[test]
fn an_exception_that_excludes_nothing() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: the exception `/docs/` excludes no tracked path
 --> owners.toml:3:41
  |
3 | "/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
  |                                         ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: the alternative `gone` of the exception excludes no tracked path
 --> owners.toml:3:66
  |
3 | "/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
  |                                                                  ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

/// The help of each `dead-pattern`, and what `--fix=tree` makes of `owners.toml`. `files` are tracked,
/// `rules` come after the rule for every path.
fn suggested(files: &[&str], rules: &str) -> (Vec<String>, String) {
    let sandbox = repo(files, &format!("[paths]\n'*' = '@a'\n{rules}\n"));
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let dead = findings.filter(|finding| finding["lint"] == "dead-pattern");
    let helps = dead.map(|finding| finding["helps"][0].as_str().unwrap().to_string());
    let helps = helps.collect();
    sandbox.owners("check --fix=tree").output();
    let config = sandbox.read("owners.toml");
    let rules = config.strip_prefix("[paths]\n'*' = '@a'\n").unwrap();
    (helps, rules.trim_end().to_string())
}

/// A pattern for which something else may have been meant is never removed.
#[test]
fn what_may_be_meant_is_not_removed() {
    let files = ["vespa_ng/src/a.rs", "vespa_ng/README.md", "pulse/a", "lib"];
    for (rule, help) in [
        ("'/vespa/' = '@b'", "did you mean `/vespa_ng/`?"),
        ("'/vespa/' = '@b' # why", "did you mean `/vespa_ng/`?"),
        ("'/pulze/' = '@b'", "did you mean `/pulse/`?"),
        ("'/puls' = '@b'", "did you mean `/pulse`?"),
        // The rest of the pattern stays.
        (
            "'/vespa/README.md' = '@b'",
            "did you mean `/vespa_ng/README.md`?",
        ),
        (
            "'/vespa/**/*.rs' = '@b'",
            "did you mean `/vespa_ng/**/*.rs`?",
        ),
        // Only the directory exists.
        (
            "'/vespa/Makefile' = '@b'",
            "remove it, or correct the path: the directory `/vespa_ng/` exists",
        ),
        (
            "'lib/' = '@b'",
            "`lib` is not a directory: remove the trailing slash: `/lib`",
        ),
    ] {
        let (helps, after) = suggested(&files, rule);
        assert_eq!(helps, [help], "{rule}");
        assert_eq!(after, rule);
    }
    // An alternative is not removed, either.
    let rule = "'/{pulse,vespa}/' = '@b'";
    let (helps, after) = suggested(&files, rule);
    assert_eq!((helps.len(), after.as_str()), (1, rule), "{helps:?}");
}

/// Another product, or a name that has a rule of its own, was not meant.
#[test]
fn another_name_is_not_suggested() {
    let gone = "remove it, or correct the path";
    for (rules, after) in [
        ("'/pulsar/' = '@b'", ""),
        ("'/pulsar/README.md' = '@b'", ""),
        (
            "'/vespa/' = '@b'\n'/vespa_ng/' = '@c'",
            "'/vespa_ng/' = '@c'",
        ),
        (
            "'/vespa/x' = '@b'\n'/vespa_ng/' = '@c'",
            "'/vespa_ng/' = '@c'",
        ),
    ] {
        let (helps, fixed) = suggested(&["pulse/README.md", "vespa_ng/a"], rules);
        assert_eq!(helps, [gone], "{rules}");
        assert_eq!(fixed, after, "{rules}");
    }
}

#[test]
fn no_fix_is_counted_for_what_may_be_meant() {
    repo(&["vespa_ng/a"], "[paths]\n'*' = '@a'\n'/vespa/' = '@b'\n")
        .owners("check")
        .prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/vespa/`
 --> owners.toml:3:1
  |
3 | '/vespa/' = '@b'
  | ^^^^^^^^^ matches nothing
  |
  = help: did you mean `/vespa_ng/`?

0 errors, 1 warning; 3 tracked paths: 3 owned

"#]]);
}

/// A requirement is a guard for paths to come, also if nothing matches it now. But an exception that
/// excepts nothing in any tree is a mistake.
#[test]
fn in_requirements() {
    let config = r#"[paths]
"*" = ["@a", "@sec"]

[[require]]
paths  = ["/.github/workflows/", "*.pem", "AGENTS.md", ".cursor/", "/{infra,deploy}/", "/a b/**/c?/*.x"]
except = ["*.md", "/infra/local/", "test/"]
owners = "@sec"

[[require]]
paths  = ["/infra/", "/certs/"]
except = ["/deploy/*.key", "/infra/*.md", "/{deploy,other}/*.sh", "/{deploy,infra}/x"]
owners = "@a"
"#;
    let sandbox = repo(&["src/a"], config);
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: the exception `/deploy/*.key` excludes nothing that the requirement is about
  --> owners.toml:11:11
   |
11 | except = ["/deploy/*.key", "/infra/*.md", "/{deploy,other}/*.sh", "/{deploy,infra}/x"]
   |           ^^^^^^^^^^^^^^^ its `paths` match no such path, in any tree
   |
   = help: remove it, or correct the path

warning[dead-pattern]: the exception `/{deploy,other}/*.sh` excludes nothing that the requirement is about
  --> owners.toml:11:43
   |
11 | except = ["/deploy/*.key", "/infra/*.md", "/{deploy,other}/*.sh", "/{deploy,infra}/x"]
   |                                           ^^^^^^^^^^^^^^^^^^^^^^ its `paths` match no such path, in any tree
   |
   = help: remove it, or correct the path

0 errors, 2 warnings; 3 tracked paths: 3 owned

"#]]);
    // The exceptions are right as soon as the requirement is about them.
    sandbox.write(
        "owners.toml",
        config.replace("[\"/infra/\", \"/certs/\"]", "\"*\""),
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -D warnings").prints(str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned

"#]]);
}
