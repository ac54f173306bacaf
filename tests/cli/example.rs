//! `examples/`: configurations, the paths of a repository, and what comes of them.
//!
//! After a change that is meant: `SNAPSHOTS=overwrite cargo test --test cli example`, and read the
//! difference.

use std::fs;
use std::path::PathBuf;

use snapbox::{Assert, Data};

use crate::support::Sandbox;

fn example(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", name]
        .iter()
        .collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(example(name))
        .unwrap()
        .replace("\r\n", "\n")
}

#[track_caller]
fn is_golden(actual: &[u8], name: &str) {
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(
            Data::from(String::from_utf8(actual.to_vec()).unwrap()).raw(),
            Data::read_from(&example(name), None).raw(),
        );
}

#[test]
fn the_generated_file() {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", read("wasmtime/owners.toml"));
    let output = sandbox.owners("gen --stdout").output();
    assert_eq!(output.status.code(), Some(0));
    is_golden(&output.stdout, "wasmtime/CODEOWNERS");
}

#[test]
fn who_owns_each_path() {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", read("wasmtime/owners.toml"));
    let output = sandbox
        .owners("who --stdin")
        .stdin(read("wasmtime/paths.txt"))
        .output();
    // What is exempt is unowned.
    assert_eq!(output.status.code(), Some(1));
    is_golden(&output.stdout, "wasmtime/who.txt");
}

/// Every path has an owner and every pattern a path.
#[test]
fn everything_is_in_order() {
    let sandbox = Sandbox::repo([]);
    for path in read("wasmtime/paths.txt").lines() {
        sandbox.write(path, "");
    }
    sandbox.write("owners.toml", read("wasmtime/owners.toml"));
    sandbox.write(".gitignore", "");
    sandbox.write(".gitattributes", "");
    sandbox.write(".github/CODEOWNERS", read("wasmtime/CODEOWNERS"));
    sandbox.git("add -A");
    sandbox
        .owners("check -D warnings")
        .prints(snapbox::str![[r#"
0 errors, 0 warnings; 701 tracked paths: 695 owned, 2 nobody, 4 exempt

"#]]);
}

/// The pattern that this tool was asked for.
#[test]
fn the_wasi_crates_are_four_lines() {
    let rendered = read("wasmtime/CODEOWNERS");
    let block: Vec<&str> = rendered
        .lines()
        .skip_while(|line| !line.contains("crates/<wasi,wasi-http,wasi-nn,wasi-common>"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        block,
        [
            "crates/wasi",
            "crates/wasi-http",
            "crates/wasi-nn",
            "crates/wasi-common"
        ]
    );
}

/// A repository with the paths of the example: what it has of them, and the rest empty.
fn monorepo() -> Sandbox {
    let sandbox = Sandbox::repo([]);
    for path in read("monorepo/paths.txt").lines() {
        let kept = format!("monorepo/{path}");
        let is_kept = path.ends_with("owners.toml");
        sandbox.write(path, if is_kept { read(&kept) } else { String::new() });
    }
    sandbox.write(".github/CODEOWNERS", read("monorepo/CODEOWNERS"));
    sandbox.git("add -A");
    sandbox
}

#[test]
fn a_monorepo_is_one_generated_file() {
    let output = monorepo().owners("gen --stdout").output();
    assert_eq!(output.status.code(), Some(0));
    is_golden(&output.stdout, "monorepo/CODEOWNERS");
}

#[test]
fn who_owns_each_path_of_a_monorepo() {
    let output = monorepo()
        .owners("who --stdin")
        .stdin(read("monorepo/paths.txt"))
        .output();
    // What is exempt is unowned.
    assert_eq!(output.status.code(), Some(1));
    is_golden(&output.stdout, "monorepo/who.txt");
}

#[test]
fn three_files_have_a_say() {
    let output = monorepo()
        .owners("who --explain services/payments/ledger/src/query/totals.sql")
        .output();
    assert_eq!(output.status.code(), Some(0));
    is_golden(&output.stdout, "monorepo/explain.txt");
}

#[test]
fn a_monorepo_is_in_order() {
    monorepo()
        .owners("check -D warnings")
        .prints(snapbox::str![[r#"
0 errors, 0 warnings; 90 tracked paths: 74 owned, 12 nobody, 4 exempt

"#]]);
}
