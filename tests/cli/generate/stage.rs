//! `gen --stage`, by hand and in a hook.

use snapbox::str;

use crate::PROJECT;
use crate::support::{Sandbox, owners};

#[test]
fn stage_adds_what_is_written() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox
        .owners("gen --stage")
        .exits(0, "", "wrote .github/CODEOWNERS\n");
    assert_eq!(sandbox.git("ls-files .github"), ".github/CODEOWNERS\n");
    assert_eq!(sandbox.git("diff --name-only"), "");
}

#[test]
fn stage_adds_what_was_right_already() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.owners("gen -q").prints("");
    sandbox.owners("gen --stage").prints("");
    assert_eq!(sandbox.git("ls-files .github"), ".github/CODEOWNERS\n");
}

#[test]
fn stage_refuses_a_temporary_index() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox
        .owners("gen --stage")
        .env("GIT_INDEX_FILE", ".git/next-index-1.lock")
        .refuses(str![[r#"
error: refusing to stage into the temporary index `[ROOT]/.git/next-index-1.lock` (GIT_INDEX_FILE) of a commit in progress: the change would not reach the real index; run `git add` and then `git commit` without -a, --only or paths

"#]]);
}

#[test]
fn stage_outside_a_repository() {
    let sandbox = Sandbox::plain();
    sandbox.write_all(PROJECT);
    sandbox.owners("gen --stage").refuses(str![[r#"
error: `[ROOT]` is not a git repository

"#]]);
}

#[test]
fn stage_of_an_ignored_file() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(".gitignore", ".github/\n");
    sandbox.owners("gen --stage -q").refuses(str![[r#"
error: `git --literal-pathspecs add -- [ROOT]/.github/CODEOWNERS` failed
 = note: The following paths are ignored by one of your .gitignore files:
         .github
         hint: Use -f if you really want to add them.
         hint: Disable this message with "git config advice.addIgnoredFile false"

"#]]);
}

/// What git does in a hook, with a real hook: `commit -a` shows it a temporary index.
#[cfg(unix)]
#[test]
fn in_a_hook() {
    let sandbox = Sandbox::repo(PROJECT);
    let hook = |command: &str| {
        let script = format!("#!/bin/sh\nexec '{}' {command}\n", owners().display());
        sandbox.write_program(".git/hooks/pre-commit", script);
    };
    hook("gen --stage -q");
    sandbox.git("commit -q -m first");
    assert_eq!(
        sandbox.git("ls-tree --name-only HEAD .github/"),
        ".github/CODEOWNERS\n"
    );

    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@b"
"#,
    );
    let commit = || {
        sandbox
            .command("git")
            .args(["commit", "-qam", "second"])
            .output()
            .unwrap()
    };
    let refused = commit();
    assert_eq!(refused.status.code(), Some(1));
    sandbox.assert_eq(&refused.stderr, str![[r#"
error: refusing to stage into the temporary index `[ROOT]/.git/index.lock` (GIT_INDEX_FILE) of a commit in progress: the change would not reach the real index; run `git add` and then `git commit` without -a, --only or paths

"#]]);

    // The way to be in a hook without staging: demand that it was done before.
    hook("check");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@c"
"#,
    );
    let refused = commit();
    assert_eq!(refused.status.code(), Some(1));
    sandbox.owners("gen -q").prints("");
    assert!(commit().status.success());
    sandbox.owners("check -q --format short").prints("");
}
