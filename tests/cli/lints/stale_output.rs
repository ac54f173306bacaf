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
    let finding = &report["findings"][0];
    assert_eq!(finding["lint"], "stale-output");
    assert_eq!(
        finding["helps"][0],
        "fix `inexact-output` first, then run `owners gen`"
    );
    assert_eq!(report["findings"][1]["lint"], "inexact-output");
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
