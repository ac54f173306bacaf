//! `gen --stage`, by hand and in a hook.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

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
error: `owners.toml` is not staged
 = note: `--stage` writes what is being committed, and this file would not be part of it
 = help: run `git add owners.toml`, and the command again

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

/// A repository with the hook of the README, and a commit.
#[cfg(unix)]
fn with_hook() -> Sandbox {
    let sandbox = Sandbox::repo(PROJECT);
    let owners = crate::support::owners().display();
    let script =
        format!("#!/bin/sh\n'{owners}' gen --stage -q && exec '{owners}' check --format short\n");
    sandbox.write_program(".git/hooks/pre-commit", script);
    sandbox.git("commit -q -m first");
    assert_fits(&sandbox, "core");
    sandbox
}

/// Rules with this owner for everything.
#[cfg(unix)]
fn rules(owner: &str) -> String {
    format!("[paths]\n\"*\" = \"@{owner}\"\n")
}

/// What git says of a commit, and whether it was made.
#[cfg(unix)]
fn commit(sandbox: &Sandbox, arguments: &str) -> (bool, String) {
    let mut command = sandbox.command("git");
    command
        .args(["commit", "-q"])
        .args(arguments.split_whitespace());
    let output = command.output().unwrap();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), shown)
}

/// The commit and the index each have a generated file that fits their `owners.toml`, and the commit
/// names this owner.
#[cfg(unix)]
#[track_caller]
fn assert_fits(sandbox: &Sandbox, owner: &str) {
    let committed = sandbox.git("show HEAD:.github/CODEOWNERS");
    assert!(
        committed.contains(&format!("@{owner}")) || owner == "core",
        "{committed}"
    );
    for tree in ["HEAD", ""] {
        let copy = Sandbox::plain();
        copy.write(
            "owners.toml",
            sandbox.git(&format!("show {tree}:owners.toml")),
        );
        copy.write(
            ".github/CODEOWNERS",
            sandbox.git(&format!("show {tree}:.github/CODEOWNERS")),
        );
        copy.git("init -q");
        copy.owners("gen --check").prints("");
    }
}

/// Every way to commit makes a pair that fits, or no commit.
#[cfg(unix)]
#[test]
fn in_a_hook() {
    let sandbox = with_hook();

    // Everything is staged.
    sandbox.write("owners.toml", rules("b"));
    sandbox.git("add owners.toml");
    assert_eq!(commit(&sandbox, "-m staged"), (true, String::new()));
    assert_fits(&sandbox, "b");
    assert_eq!(sandbox.git("status --porcelain"), "");

    // `commit -a` commits a new index, which becomes the real one.
    sandbox.write("owners.toml", rules("c"));
    assert_eq!(commit(&sandbox, "-am all"), (true, String::new()));
    assert_fits(&sandbox, "c");
    assert_eq!(sandbox.git("status --porcelain"), "");

    // Nothing about owners is staged: the commit is as before.
    sandbox.write("owners.toml", rules("d"));
    sandbox.write("README.md", "text");
    sandbox.git("add README.md");
    assert!(commit(&sandbox, "-m other").0);
    assert_fits(&sandbox, "c");
    assert_eq!(
        sandbox.git("status --porcelain"),
        " M .github/CODEOWNERS\n M owners.toml\n"
    );

    // A part is staged: the commit has that part, the working tree has the rest.
    sandbox.git("add owners.toml");
    sandbox.write("owners.toml", rules("e"));
    assert!(commit(&sandbox, "-m part").0);
    assert_fits(&sandbox, "d");
    assert!(sandbox.read(".github/CODEOWNERS").contains("@e"));
    assert_eq!(
        sandbox.git("status --porcelain"),
        " M .github/CODEOWNERS\n M owners.toml\n"
    );

    // An amended commit.
    assert_eq!(
        commit(&sandbox, "-a --amend --no-edit"),
        (true, String::new())
    );
    assert_fits(&sandbox, "e");
}

/// `git commit PATH` commits a temporary index, whose content does not stay.
#[cfg(unix)]
#[test]
fn in_a_hook_of_a_commit_of_some_paths() {
    let sandbox = with_hook();
    sandbox.write("owners.toml", rules("b"));
    let (is_made, shown) = commit(&sandbox, "-m one owners.toml");
    assert!(!is_made);
    sandbox.assert_eq(
        shown.as_bytes(),
        str![[r#"
error: refusing to stage into the temporary index `[ROOT]/.git/next-index-[..].lock` (GIT_INDEX_FILE) of a commit of some paths: the change would not reach the real index; run `git add` and then `git commit` without --only or paths

"#]],
    );
    // Nothing has changed.
    assert_eq!(sandbox.git("status --porcelain"), " M owners.toml\n");
    assert_fits(&sandbox, "core");
    // Other paths can be committed, whatever is staged.
    sandbox.write("README.md", "text");
    sandbox.git("add owners.toml");
    sandbox.owners("gen -q").prints("");
    assert_eq!(commit(&sandbox, "-m two README.md"), (true, String::new()));
    assert_fits_in_head(&sandbox, "core");
    // So can both files together.
    assert!(commit(&sandbox, "-m three owners.toml .github/CODEOWNERS").0);
    assert_fits(&sandbox, "b");
}

#[cfg(unix)]
#[track_caller]
fn assert_fits_in_head(sandbox: &Sandbox, owner: &str) {
    let copy = Sandbox::plain();
    for file in ["owners.toml", ".github/CODEOWNERS"] {
        copy.write(file, sandbox.git(&format!("show HEAD:{file}")));
    }
    copy.git("init -q");
    copy.owners("gen --check").prints("");
    assert!(owner == "core" || copy.read("owners.toml").contains(owner));
}

/// Nested files count as they are staged. An unfinished configuration in the working tree does not
/// stop a commit.
#[cfg(unix)]
#[test]
fn nested_files_and_unfinished_ones() {
    let sandbox = Sandbox::current([
        ("owners.toml", "nested = true\n[paths]\n\"*\" = \"@a\"\n"),
        ("x/owners.toml", "[paths]\n\"*\" = \"@b\"\n"),
        ("y", ""),
    ]);
    sandbox.git("commit -qm first");
    let staged = || sandbox.git("show :.github/CODEOWNERS");
    sandbox.write("x/owners.toml", "[paths]\n\"*\" = \"@c\"\n");
    sandbox.git("add x/owners.toml");
    sandbox.write("x/owners.toml", "[paths]\n\"*\" = \"@d\"\n");
    sandbox.write("z/owners.toml", "[paths]\n\"*\" = \"@z\"\n");
    sandbox.owners("gen --stage").exits(0, "", str![[r#"
staged .github/CODEOWNERS as the staged owners.toml says, which differs from the one in the working tree
updated .github/CODEOWNERS

"#]]);
    assert!(staged().contains("/x/ @c"), "{}", staged());
    assert!(!staged().contains("@z"));
    assert!(sandbox.read(".github/CODEOWNERS").contains("/x/ @d"));

    sandbox.write("owners.toml", "[paths\n");
    sandbox.git("rm -qf --cached x/owners.toml");
    sandbox.owners("gen --stage -q").exits(0, "", "");
    assert!(!staged().contains("/x/"), "{}", staged());
    assert!(sandbox.read(".github/CODEOWNERS").contains("/x/ @d"));
    // What is staged must be valid.
    sandbox.git("add owners.toml");
    assert_eq!(
        sandbox.owners("gen --stage").output().status.code(),
        Some(2)
    );
}

#[test]
fn stage_without_a_staged_configuration() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    sandbox.git("rm -q --cached owners.toml");
    sandbox.owners("gen --stage").refuses(str![[r#"
error: `owners.toml` is not staged
 = note: `--stage` writes what is being committed, and this file would not be part of it
 = help: run `git add owners.toml`, and the command again

"#]]);
    // Deleted everywhere, there is no configuration.
    std::fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    let output = sandbox.owners("gen --stage").output();
    assert_eq!(output.status.code(), Some(2));
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(shown.contains("restore it: `git checkout HEAD"), "{shown}");
}

/// After a merge with conflicts, the configuration must be resolved first. The generated file is
/// resolved by generating it.
#[test]
fn stage_in_a_merge() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n\"*\" = \"@a\"\n"), ("x", "")]);
    sandbox.git("commit -qm base");
    sandbox.git("switch -qc other");
    let change = |owner: &str| {
        sandbox.write("owners.toml", format!("[paths]\n\"*\" = \"@{owner}\"\n"));
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        sandbox.git(&format!("commit -qm {owner}"));
    };
    change("b");
    sandbox.git("switch -q main");
    change("c");
    let merge = sandbox
        .command("git")
        .args(["merge", "-q", "other"])
        .output()
        .unwrap();
    assert!(!merge.status.success());
    sandbox.owners("gen --stage").refuses(str![[r#"
error: `owners.toml` has a merge conflict in the index: resolve it, and run `git add owners.toml`

"#]]);
    sandbox.write("owners.toml", "[paths]\n\"*\" = [\"@b\", \"@c\"]\n");
    sandbox.git("add owners.toml");
    sandbox.owners("gen --stage -q").exits(0, "", "");
    assert_eq!(sandbox.git("diff --name-only --diff-filter=U"), "");
    sandbox.git("commit -qm merged");
    assert!(
        sandbox
            .git("show HEAD:.github/CODEOWNERS")
            .contains("* @b @c")
    );
}
