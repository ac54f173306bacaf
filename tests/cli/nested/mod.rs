//! `owners.toml` files in directories below the root.

mod files;
mod findings;
mod generated;
mod mistakes;
mod who;

use crate::support::Sandbox;

/// A root that allows nested files, two directories with one and one without.
const NEST: [(&str, &str); 8] = [
    (
        "owners.toml",
        r#"nested = true
[groups]
core = "@org/core"
[paths]
"*" = "core"
"#,
    ),
    (
        "a/owners.toml",
        r#"[groups]
own = ["@a", "core"]
[paths]
"*.rs" = "own"
"#,
    ),
    (
        "a/b/owners.toml",
        r#"[paths]
"/lib.rs" = ["own", "@b"]
"#,
    ),
    (
        "c-d/owners.toml",
        r#"[paths]
"*" = "@c"
"#,
    ),
    ("a/b/lib.rs", ""),
    ("a/main.rs", ""),
    ("c-d/x", ""),
    ("c/x", ""),
];

/// The part of a generated file that comes from nested files.
#[track_caller]
fn generated(sandbox: &Sandbox) -> String {
    let output = sandbox.owners("gen --stdout").output();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

/// Where the rules of the generated file come from.
#[track_caller]
fn files(sandbox: &Sandbox) -> Vec<String> {
    let text = generated(sandbox);
    let named = text.lines().filter_map(|line| line.strip_prefix("# From "));
    named
        .map(|name| name.trim_end_matches(':').to_string())
        .collect()
}
