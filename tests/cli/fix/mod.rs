//! `owners check --fix`: what becomes of each way to write a rule, what is left alone, and what
//! happens when something is in the way.

mod generated_file;
mod kept;
mod layout;
mod monorepo;
mod refused;
mod rules;
mod run;

use crate::support::Sandbox;

/// The files that the tables are about.
const FILES: [&str; 5] = ["a/x", "b/x", "c/x/y", "README.md", ".github/x"];

fn sandbox(config: &str) -> Sandbox {
    let files = FILES.iter().map(|&file| (file, ""));
    Sandbox::current(files.chain([("owners.toml", config)]))
}

/// What `check` with these arguments makes of a configuration; the generated file is right before
/// and after.
#[track_caller]
fn fixed(arguments: &str, config: &str) -> String {
    let sandbox = sandbox(config);
    let output = sandbox.owners(arguments).output();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() < Some(2), "{config}\n{shown}");
    sandbox.owners("gen --check").prints("");
    sandbox.read("owners.toml")
}

/// Demands what `--fix` makes of a configuration, and what `--fix=tree` does.
#[track_caller]
fn becomes_step_by_step(config: &str, any: &str, tree: &str) {
    assert_eq!(fixed("check --fix", config), any, "--fix");
    assert_eq!(fixed("check --fix=tree", config), tree, "--fix=tree");
}

/// Demands that `--fix` and `--fix=tree` do the same.
#[track_caller]
fn becomes(config: &str, fixed: &str) {
    becomes_step_by_step(config, fixed, fixed);
}

/// Demands that `--fix` leaves a configuration alone, and what `--fix=tree` makes of it.
#[track_caller]
fn becomes_in_this_tree(config: &str, fixed: &str) {
    becomes_step_by_step(config, config, fixed);
}

/// Demands that neither changes anything.
#[track_caller]
fn stays(config: &str) {
    becomes_step_by_step(config, config, config);
}
