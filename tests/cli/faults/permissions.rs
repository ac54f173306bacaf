//! Checkouts that may not be written, directories that may not be searched, and repositories of other
//! users.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use snapbox::str;

use super::said;
use crate::PROJECT;
use crate::support::{NOBODY, Sandbox, skipped};

#[test]
fn a_read_only_checkout_can_be_looked_at() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    for (command, code) in [
        ("check", 0),
        ("ls", 0),
        ("stats", 0),
        ("map -o -", 0),
        ("map", 2),
        ("export", 0),
        ("export --paths", 0),
        ("who README.md", 0),
        ("who crates/", 0),
        ("gen", 0),
        ("gen --check", 0),
        ("init", 2),
    ] {
        for directory in [".", ".git", ".github"] {
            fs::set_permissions(
                sandbox.root.join(directory),
                fs::Permissions::from_mode(0o555),
            )
            .unwrap();
        }
        let Some(run) = sandbox.owners_unprivileged(command) else {
            return;
        };
        let output = run.output();
        for directory in [".", ".git", ".github"] {
            fs::set_permissions(
                sandbox.root.join(directory),
                fs::Permissions::from_mode(0o755),
            )
            .unwrap();
        }
        assert_eq!(
            output.status.code(),
            Some(code),
            "{command}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_directory_that_may_not_be_searched() {
    let sandbox = Sandbox::current(PROJECT);
    let directory = sandbox.root.join(".github");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o000)).unwrap();
    let run = sandbox.owners_unprivileged("check");
    if let Some(run) = run {
        run.refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 = note: Permission denied (os error 13)

"#]]);
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Gives a directory away, with all that is in it.
fn give(directory: &Path) {
    chown(directory, Some(NOBODY), Some(NOBODY)).unwrap();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => give(&path),
            false => chown(&path, Some(NOBODY), Some(NOBODY)).unwrap(),
        }
    }
}

/// A repository of somebody else, in which git refuses to work. None, with a note, where it cannot be
/// made.
fn repository_of_another_user() -> Option<Sandbox> {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    if !sandbox.is_roots() {
        skipped("only root can give a repository away");
        return None;
    }
    give(&sandbox.root);
    let refused = sandbox.command("git").arg("status").output().unwrap();
    assert!(
        said(&refused).contains("safe.directory"),
        "{}",
        said(&refused)
    );
    Some(sandbox)
}

/// Git refuses to work in a repository of somebody else, since its configuration names programs to
/// run. We run nothing for the index and for files; where git is needed, its advice is passed on.
#[test]
fn a_repository_of_another_user() {
    let Some(sandbox) = repository_of_another_user() else {
        return;
    };
    for command in [
        "check",
        "ls",
        "stats",
        "map -o -",
        "who README.md",
        "who crates/",
        "gen --check",
    ] {
        let output = sandbox.owners(command).output();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{command}: {}",
            said(&output)
        );
    }
}

#[test]
fn commits_of_a_repository_of_another_user() {
    let Some(sandbox) = repository_of_another_user() else {
        return;
    };
    sandbox.owners("check --rev HEAD").refuses(str![[r#"
error: cannot look for `HEAD`
 = note: `git rev-parse --verify --quiet --end-of-options HEAD^{commit}` failed
 = note: fatal: detected dubious ownership in repository at '[ROOT]'
         To add an exception for this directory, call:
         
         	git config --global --add safe.directory [ROOT]

"#]]);
    for command in [
        "ls --rev main",
        "diff",
        "reviewers",
        "reviewers main",
        "check --changed main",
    ] {
        let output = sandbox.owners(command).output();
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(
            said(&output).contains("git config --global --add safe.directory"),
            "{command}: {}",
            said(&output)
        );
    }
}
