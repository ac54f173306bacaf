//! The real binary: every command, every exit code, every message.
//!
//! - `tests/cmd/**/*.trycmd` are sessions in the directory of the same name, which is no repository;
//!   without one, they need no files. `cargo test --test cli -- sessions trycmd=NAME` runs one.
//! - `tests/cmd/mistakes/*.md` are wrong configurations and what is said of each.
//! - The modules here are the cases that need a git repository, or files that cannot be committed.
//!
//! A report that is too long for a test is a file in the directory named as the file of the test.
//! `SNAPSHOTS=overwrite TRYCMD=overwrite cargo test --test cli` writes what is said now; read the
//! difference before you commit it.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod about;
mod additions;
mod approvals;
// Many of the names are none on Windows.
#[cfg(unix)]
mod awkward;
mod bare;
mod by_hand;
mod changes;
mod check;
mod command_line;
mod completions;
mod config_schema;
mod configuration;
mod diff;
mod edit;
mod example;
mod explain;
mod export;
mod external;
#[cfg(unix)]
mod faults;
mod fix;
mod formats;
mod generate;
mod hostile;
mod hostile_commits;
mod hostile_names;
mod init;
mod limits;
mod lints;
// For a build without the feature, there is `command_line`.
#[cfg(feature = "live")]
mod live;
mod ls;
mod map;
mod meaning;
mod mistakes;

mod nested;
mod notify;
mod pages;
mod picture;
mod plugins;
mod printing;
mod reviewers;
mod risk;
mod rulesets;
mod schemas;
mod selectors;
mod sparse;
mod stats;
mod suggest;
#[path = "../support/mod.rs"]
mod support;
mod untrusted;
mod who;

use std::path::Path;

use support::Sandbox;

/// A configuration and a tree that most tests start from.
const PROJECT: [(&str, &str); 6] = [
    (
        "owners.toml",
        r#"[groups]
core = "@org/core"
wasi = ["@alice", "@bob"]

[paths]
"*" = "core"
"crates/<wasi,wasi-http>" = "wasi"
"Cargo.lock" = []
"#,
    ),
    ("Cargo.lock", ""),
    ("README.md", ""),
    ("crates/wasi/src/lib.rs", ""),
    ("crates/wasi-http/src/lib.rs", ""),
    ("crates/wasi-tls/src/lib.rs", ""),
];

/// The project with this configuration, and what is generated from it.
fn configured(config: &str) -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    sandbox
}

#[test]
fn sessions() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let cases = trycmd::TestCases::new();
    // An empty variable counts as one that is not set.
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "CLICOLOR",
        "GITHUB_ACTIONS",
    ] {
        cases.env(name, "");
    }
    cases
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/help/*.trycmd")
        .case("tests/cmd/usage/*.trycmd")
        .env("CLICOLOR_FORCE", "0")
        .env("LC_ALL", "C")
        .env("GIT_CEILING_DIRECTORIES", directory.to_string_lossy())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .run();
}
