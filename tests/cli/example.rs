//! `examples/wasmtime`: a configuration, the paths of a repository, and what comes of them.
//!
//! After a change that is meant: `SNAPSHOTS=overwrite cargo test --test cli example`, and read the
//! difference.

use std::fs;
use std::path::PathBuf;

use snapbox::{Assert, Data};

use crate::support::Sandbox;

fn example(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "wasmtime", name]
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
    sandbox.write("owners.toml", read("owners.toml"));
    let output = sandbox.owners("gen --stdout").output();
    assert_eq!(output.status.code(), Some(0));
    is_golden(&output.stdout, "CODEOWNERS");
}

#[test]
fn who_owns_each_path() {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", read("owners.toml"));
    let output = sandbox
        .owners("who --stdin")
        .stdin(read("paths.txt"))
        .output();
    // What is exempt is unmatched.
    assert_eq!(output.status.code(), Some(1));
    is_golden(&output.stdout, "who.txt");
}

/// Every path has an owner and every pattern a path.
#[test]
fn everything_is_in_order() {
    let sandbox = Sandbox::repo([]);
    for path in read("paths.txt").lines() {
        sandbox.write(path, "");
    }
    sandbox.write("owners.toml", read("owners.toml"));
    sandbox.write(".gitignore", "");
    sandbox.write(".gitattributes", "");
    sandbox.write(".github/CODEOWNERS", read("CODEOWNERS"));
    sandbox.git("add -A");
    sandbox.owners("check -D warnings").exits(
        0,
        snapbox::str![[r#"
0 errors, 0 warnings; 701 tracked paths: 695 owned, 2 nobody's on purpose, 4 exempt

"#]],
        "",
    );
}

/// The pattern that this tool was asked for.
#[test]
fn the_wasi_crates_are_four_lines() {
    let rendered = read("CODEOWNERS");
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
            "/crates/wasi",
            "/crates/wasi-http",
            "/crates/wasi-nn",
            "/crates/wasi-common"
        ]
    );
}
