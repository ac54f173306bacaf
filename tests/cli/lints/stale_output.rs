//! `stale-output`: a generated file is missing, untracked, ignored or out of date.

use std::fs;

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

/// What stops `gen` comes first.
#[test]
fn a_missing_file_that_cannot_be_written() {
    let sandbox = Sandbox::repo([
        ("a/b/c", ""),
        (
            "owners.toml",
            r"[paths]
'*' = '@a'
'/a/' = []
'/a/b/' = '@b'
[output]
platform = 'gitlab'
",
        ),
    ]);
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    // The cause comes first.
    let finding = report["findings"].as_array().unwrap().last().unwrap();
    assert_eq!(finding["lint"], "stale-output");
    assert_eq!(
        finding["helps"][0],
        "fix `inexact-output` first, then run `owners gen`"
    );
    assert_eq!(report["findings"][0]["lint"], "inexact-output");
}

#[test]
fn a_missing_output() {
    let sandbox = Sandbox::current(PROJECT);
    fs::remove_file(sandbox.root.join(".github/CODEOWNERS")).unwrap();
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody
`--fix` can fix 1

"#]]);
}

#[test]
fn a_stale_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml").replace("@bob", "@carol"),
    );
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 4 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody
`--fix` can fix 1

"#]]);
}

#[test]
fn an_output_written_by_hand() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(".github/CODEOWNERS", "* @me\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = help: run `owners gen --force` to replace it

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
}

#[test]
fn an_untracked_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q --cached .github/CODEOWNERS");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
}

#[test]
fn an_ignored_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q --cached .github/CODEOWNERS");
    sandbox.write(".gitignore", "CODEOWNERS\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: git ignores `.github/CODEOWNERS`, so the forge never sees it
--> .github/CODEOWNERS
 = help: add it to git: `git add --force .github/CODEOWNERS`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
    sandbox.git("add --force .github/CODEOWNERS");
    sandbox.owners("check -q --format short").prints("");
}

/// In CI, the generated file would be there without the configuration.
#[test]
fn an_untracked_configuration() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q --cached owners.toml");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `owners.toml` is not tracked
--> owners.toml
 = note: `.github/CODEOWNERS` is tracked: in a clone, and in CI, it is there without its `owners.toml`
 = help: run `git add owners.toml`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
    let output = sandbox.owners("-C crates check --untracked").output();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("error[stale-output]: `../owners.toml` is not tracked\n"));
    assert!(
        said.contains(" = help: run `git add :/owners.toml`\n"),
        "{said}"
    );
    sandbox.write(".git/info/exclude", "*.toml\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: git ignores `owners.toml`
--> owners.toml
 = note: `.github/CODEOWNERS` is tracked: in a clone, and in CI, it is there without its `owners.toml`
 = help: run `git add --force owners.toml`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
    sandbox.git("add --force owners.toml");
    sandbox.owners("check -q --format short").prints("");
}

/// Before the first commit of both, the finding about the output is enough. A configuration from
/// elsewhere need not be tracked.
#[test]
fn an_untracked_configuration_without_a_tracked_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -qr --cached owners.toml .github");
    sandbox.owners("check --format short").finds(str![[r#"
.github/CODEOWNERS: error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it

"#]]);
    sandbox.git("add .github");
    sandbox
        .owners("check -q --format short --config owners.toml")
        .prints("");
}

/// After a change of the platform, the file for the forge before stays as it was.
#[test]
fn an_output_that_was_removed() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n\"*\" = \"@a\"\n")]);
    let gitlab = "[output]\nplatform = \"gitlab\"\n\n[paths]\n\"*\" = \"@a\"\n";
    sandbox.write("owners.toml", gitlab);
    sandbox.owners("gen -q").exits(0, "", "");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: no output of `owners.toml` writes `.github/CODEOWNERS` any more
--> .github/CODEOWNERS
 = note: GitHub still reads it, as it was
 = help: remove it: `git rm .github/CODEOWNERS`
 = help: if GitHub is still in use, write an `[[output]]` for each forge, one with `platform = "github"`

1 error, 0 warnings; 3 tracked paths: 3 owned

"#]]);
    // Not one of another configuration, one that is not tracked, nor one that is written by hand.
    let other = sandbox
        .read(".github/CODEOWNERS")
        .replace("owners.toml", "github.toml");
    sandbox.write(".github/CODEOWNERS", other);
    sandbox.owners("check -q --format short").prints("");
    sandbox.write(".github/CODEOWNERS", "* @b\n");
    sandbox.owners("check -q --format short").prints("");
    sandbox.git("checkout -q .github");
    sandbox.git("rm -q --cached .github/CODEOWNERS");
    sandbox.owners("check -q --format short").prints("");
}
