//! The real binary: every command, every exit code, every message.
//!
//! - `tests/cmd/*.trycmd` are sessions in the directory of the same name, which is no repository.
//! - `tests/cmd/mistakes/*.md` are wrong configurations and what is said of each.
//! - `tests/cli/*.rs` are the cases that need a git repository, or files that cannot be committed.
//!
//! `SNAPSHOTS=overwrite TRYCMD=overwrite cargo test --test cli` writes what is said now; read the
//! difference before you commit it.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

#[path = "cli/about.rs"]
mod about;
#[path = "cli/awkward.rs"]
mod awkward;
#[path = "cli/bare.rs"]
mod bare;
#[path = "cli/changes.rs"]
mod changes;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/config_schema.rs"]
mod config_schema;
#[path = "cli/configuration.rs"]
mod configuration;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/example.rs"]
mod example;
#[cfg(unix)]
#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/generate.rs"]
mod generate;
#[path = "support/github_model.rs"]
mod github_model;
#[path = "support/gitlab_regex.rs"]
mod gitlab_regex;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/hostile_commits.rs"]
mod hostile_commits;
#[path = "cli/hostile_names.rs"]
mod hostile_names;
#[path = "cli/init.rs"]
mod init;
#[path = "support/json_schema.rs"]
mod json_schema;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/lints.rs"]
mod lints;
#[path = "cli/ls.rs"]
mod ls;
#[path = "cli/meaning.rs"]
mod meaning;
#[path = "cli/migration.rs"]
mod migration;
#[path = "cli/mistakes.rs"]
mod mistakes;
#[path = "cli/nested.rs"]
mod nested;
#[path = "cli/printing.rs"]
mod printing;
#[path = "cli/reviewers.rs"]
mod reviewers;
#[path = "cli/schemas.rs"]
mod schemas;
#[path = "cli/sparse.rs"]
mod sparse;
#[path = "cli/stats.rs"]
mod stats;
mod support;
#[path = "cli/untrusted.rs"]
mod untrusted;
#[path = "cli/who.rs"]
mod who;

use std::path::Path;

/// A configuration and a tree that most tests start from.
const PROJECT: [(&str, &str); 6] = [
    (
        "owners.toml",
        "\
[groups]
core = \"@org/core\"
wasi = [\"@alice\", \"@bob\"]

[paths]
\"*\" = \"core\"
\"crates/<wasi,wasi-http>\" = \"wasi\"
\"Cargo.lock\" = []
",
    ),
    ("Cargo.lock", ""),
    ("README.md", ""),
    ("crates/wasi/src/lib.rs", ""),
    ("crates/wasi-http/src/lib.rs", ""),
    ("crates/wasi-tls/src/lib.rs", ""),
];

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
        .env("CLICOLOR_FORCE", "0")
        .env("LC_ALL", "C")
        .env("GIT_CEILING_DIRECTORIES", directory.to_string_lossy())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .run();
}
