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
  = help: did you mean `/crates/wasi-tls/`?

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
