//! Repositories without commits, worktrees, and the index of a commit in progress.

use std::fs;

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[test]
fn a_repository_without_commits_or_files() {
    let sandbox = Sandbox::repo([]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

1 error, 0 warnings; 0 tracked paths: 0 owned

"#]]);
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 2 tracked paths: 2 owned

"#]]);
}

#[test]
fn the_index_of_a_commit_in_progress() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -q -m x");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.write("docs/new.md", "");
    fs::copy(
        sandbox.root.join(".git/index"),
        sandbox.root.join("../other"),
    )
    .unwrap();
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: `docs/new.md` is unowned
--> docs/new.md
 = help: add a rule under `[paths]`: `"/docs/" = "@a"`, or `= []` for nobody

1 error, 0 warnings; 8 tracked paths: 7 owned, 1 unowned

"#]]);
    sandbox
        .owners("check --format short")
        .env("GIT_INDEX_FILE", sandbox.root.join("../other"))
        .prints("");
}

#[test]
fn a_linked_worktree() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -q -m x");
    sandbox.git("worktree add -q ../tree");
    sandbox
        .owners("check")
        .within("../tree/crates")
        .prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
    fs::write(
        sandbox.root.join("../tree/owners.toml"),
        r#"[paths]
"*" = "@other"
"#,
    )
    .unwrap();
    sandbox.owners("check").within("../tree").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 8 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -q --format short").prints("");
}
