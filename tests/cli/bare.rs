//! Bare repositories, in which there are commits and no files: what a server has, and what its hooks
//! run in.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

/// A bare clone `bare.git` beside the repository, with two commits on `main` and a branch `topic`.
fn bare() -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    sandbox.write("crates/wasi/new.rs", "");
    sandbox.git("add -A");
    sandbox.git("commit -qm second");
    sandbox.git("checkout -qb topic");
    let config = sandbox
        .read("owners.toml")
        .replace("<wasi,wasi-http>", "wasi");
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    sandbox.git("commit -qam third");
    sandbox.git("checkout -q main");
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox
}

#[test]
fn commits_are_looked_at() {
    let sandbox = bare();
    for (command, start) in [
        ("check --rev HEAD", "0 errors, 0 warnings; 8 tracked paths"),
        (
            "ls --name-only --group wasi --rev HEAD~1",
            "crates/wasi-http/src/lib.rs\n",
        ),
        ("stats --rev topic", "8 paths, 7 owned"),
        (
            "diff HEAD~1..HEAD",
            "No path changed owners between HEAD~1 and HEAD",
        ),
        (
            "diff HEAD~1 topic",
            "1 path changed owners between HEAD~1 and topic",
        ),
        ("diff main...topic", "1 path changed owners"),
        ("reviewers main topic", "2 paths changed since main"),
    ] {
        let from_here = sandbox.owners(command).output();
        for run in [
            sandbox.owners(command).within("../bare.git"),
            sandbox.owners(command).within("../bare.git/refs/heads"),
            sandbox.owners(command).env("GIT_DIR", "../bare.git"),
            sandbox.owners("-C ../bare.git").args(command),
        ] {
            let output = run.output();
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(said.starts_with(start), "{command}: {said}");
            assert_eq!(output.status.code(), Some(0), "{command}");
            assert_eq!(said.as_bytes(), from_here.stdout, "{command}");
        }
    }
}

#[test]
fn what_is_about_files_says_what_to_type() {
    let sandbox = bare();
    for (command, help) in [
        ("check", "name a commit: `owners check --rev HEAD`"),
        (
            "check --untracked",
            "name a commit: `owners check --rev HEAD`",
        ),
        ("ls", "name a commit: `owners ls --rev HEAD`"),
        ("export", "name a commit: `owners export --rev HEAD`"),
        ("stats", "name a commit: `owners stats --rev HEAD`"),
        ("map -o -", "name a commit: `owners map --rev HEAD`"),
        ("map HEAD~1", "name a commit: `owners map --rev HEAD`"),
        ("suggest", "name a commit: `owners suggest --rev HEAD`"),
        ("risk docs", "name a commit: `owners risk --rev HEAD`"),
        ("diff", "name two commits: `owners diff HEAD~1..HEAD`"),
        (
            "diff HEAD~1",
            "name two commits: `owners diff HEAD~1..HEAD`",
        ),
        (
            "reviewers main",
            "name two commits: `owners reviewers main TOPIC`",
        ),
        (
            "gen",
            "run it in a clone or a worktree, or name one with GIT_WORK_TREE",
        ),
        (
            "gen --stdout",
            "run it in a clone or a worktree, or name one with GIT_WORK_TREE",
        ),
        (
            "who README.md",
            "run it in a clone or a worktree, or name one with GIT_WORK_TREE",
        ),
        (
            "init",
            "run it in a clone or a worktree, or name one with GIT_WORK_TREE",
        ),
    ] {
        let said = format!(
            "error: `[TOP]/bare.git` is a bare repository: no files are checked out there\n = help: {help}\n"
        );
        sandbox
            .owners(command)
            .within("../bare.git")
            .refuses(said.clone());
        sandbox
            .owners(command)
            .env("GIT_DIR", "../bare.git")
            .refuses(said);
    }
}

#[test]
fn a_commit_without_a_configuration() {
    let sandbox = bare();
    sandbox
        .owners("check --rev nope")
        .within("../bare.git")
        .refuses(str![[r#"
error: there is no commit `nope`

"#]]);
    sandbox.git("rm -q --cached owners.toml");
    sandbox.git("commit -qm without");
    sandbox.git("push -q ../bare.git HEAD:without");
    sandbox
        .owners("check --rev without")
        .within("../bare.git")
        .refuses(str![[r#"
error: there is no `owners.toml` in `without`
 = note: `.github/CODEOWNERS` was generated from one
 = help: name a revision that has both

"#]]);
}

/// A directory made with `--separate-git-dir`, or a worktree's own in `.git/worktrees`: git runs
/// nothing that needs files there either.
#[test]
fn inside_of_a_repository_s_own_directory() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    sandbox.git("init -q --separate-git-dir ../apart.git");
    sandbox.git("worktree add -q ../linked");
    for (directory, shown) in [
        ("../apart.git", "apart.git"),
        (
            "../apart.git/worktrees/linked",
            "apart.git/worktrees/linked",
        ),
    ] {
        let said = format!(
            "error: `[TOP]/{shown}` is a bare repository: no files are checked out there\n \
             = help: name a commit: `owners check --rev HEAD`\n"
        );
        sandbox.owners("check").within(directory).refuses(said);
        sandbox
            .owners("check --format short --rev HEAD")
            .within(directory)
            .prints("");
    }
    sandbox.owners("check -q --format short").prints("");
    sandbox
        .owners("check --format short")
        .within("../linked")
        .prints("");
}

/// It may have been committed, so its configuration is not obeyed; unless somebody says that it is
/// meant.
#[test]
fn inside_of_a_working_tree() {
    let sandbox = bare();
    sandbox.write("new", "");
    sandbox.git("add -A");
    sandbox.git("commit -qm fourth");
    sandbox.git("clone -q --bare ../bare.git data/bare.git");
    let around = "0 errors, 0 warnings; 9 tracked paths: 8 owned, 1 nobody\n";
    let inside = "0 errors, 0 warnings; 8 tracked paths: 7 owned, 1 nobody\n";
    for directory in ["data/bare.git", "data/bare.git/objects"] {
        let run = sandbox.owners("check --rev HEAD").within(directory);
        run.prints(around);
        let run = sandbox.owners("check --rev HEAD").within(directory);
        let named = sandbox.root.join("data/bare.git");
        run.env("GIT_DIR", named).prints(inside);
    }
    // Worktrees beside the repository that they belong to.
    sandbox.git("clone -q --bare . ../beside/.bare");
    sandbox.write("../beside/.git", "gitdir: ./.bare\n");
    sandbox.git_in("../beside", "worktree add -q main-tree main");
    for directory in ["../beside", "../beside/.bare", "../beside/main-tree"] {
        let run = sandbox.owners("check --rev HEAD").within(directory);
        run.prints(around);
    }
}

/// A server may be as careful as we are.
#[test]
fn git_that_wants_bare_repositories_to_be_named() {
    let sandbox = bare();
    let careful = |command: &str| {
        let run = sandbox.owners(command).within("../bare.git");
        run.env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.bareRepository")
            .env("GIT_CONFIG_VALUE_0", "explicit")
    };
    careful("check --format short --rev HEAD")
        .env("GIT_DIR", ".")
        .prints("");
    let said = careful("check --rev HEAD").output().stderr;
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("safe.bareRepository is 'explicit'"), "{said}");
}

/// Git runs it in the bare repository, with `GIT_DIR` and with what was pushed in quarantine.
#[cfg(unix)]
#[test]
fn a_hook_that_refuses_a_push() {
    let sandbox = bare();
    let script = format!(
        "#!/bin/sh\nwhile read old new name; do '{}' check --rev $new --format short || exit 1; done\n",
        crate::support::owners().display()
    );
    sandbox.write_program("../bare.git/hooks/pre-receive", script);
    let push = || {
        let mut command = sandbox.command("git");
        command
            .args("push -q ../bare.git main".split(' '))
            .output()
            .unwrap()
    };
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/crates/" = "@org/core"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("commit -qam worse");
    let refused = push();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && said.contains("`README.md` is unowned"),
        "{said}"
    );
    sandbox.git("reset -q --hard HEAD~1");
    sandbox.write("crates/wasi/b.rs", "");
    sandbox.git("add -A");
    sandbox.git("commit -qm better");
    let taken = push();
    assert!(
        taken.status.success(),
        "{}",
        String::from_utf8_lossy(&taken.stderr)
    );
}
