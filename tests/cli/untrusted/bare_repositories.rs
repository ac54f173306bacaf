//! Bare repositories in the tree of another one.

use std::fs;
use std::process::{Command, Output};

use super::EVERYWHERE;
use crate::PROJECT;
use crate::support::{Sandbox, owners};

/// Commits a directory that git takes for a bare repository, with this configuration.
fn embed(sandbox: &Sandbox, directory: &str, head: &str, config: &str) {
    for (name, text) in [
        ("HEAD", head),
        ("config", config),
        ("objects/.keep", ""),
        ("refs/heads/.keep", ""),
        ("owners.toml", "[paths]\n'*' = '@evil'\n"),
        ("file", ""),
    ] {
        sandbox.write(format!("{directory}/{name}"), text);
    }
}

/// A configuration that makes git run a program, fetch by one, or go elsewhere.
fn dangerous(kind: &str, sandbox: &Sandbox, touch: &str) -> String {
    match kind {
        "fsmonitor" => {
            format!(
                "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = \"{touch}\"\n"
            )
        }
        "promisor" => format!(
            "[core]\nrepositoryformatversion = 1\nbare = false\nworktree = .\n\
             [extensions]\npartialClone = evil\n[protocol \"ext\"]\nallow = always\n\
             [remote \"evil\"]\npromisor = true\nurl = ext::sh {}\n",
            sandbox.root.join("ci/x.sh").display()
        ),
        "worktree" => format!(
            "[core]\nrepositoryformatversion = 0\nworktree = \"{}\"\n",
            sandbox.root.join("../outside").display()
        ),
        _ => format!("[core]\nrepositoryformatversion = 0\nbare = true\nfsmonitor = \"{touch}\"\n"),
    }
}

/// What a command prints, whatever the user's configuration allows.
fn allowed(mut command: Command) -> Output {
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.bareRepository")
        .env("GIT_CONFIG_VALUE_0", "all");
    command.output().unwrap()
}

/// Demands that every command says in this directory what it says in the repository around it.
#[track_caller]
fn the_repository_around_is_meant(sandbox: &Sandbox, kind: &str, start: &str) {
    let said = |output: &Output| {
        let all = [&*output.stdout, &*output.stderr].concat();
        String::from_utf8(all).unwrap()
    };
    for command in EVERYWHERE {
        // People see paths relative to the directory, and programs from the root.
        let command = match command.split(' ').next() {
            Some("gen" | "init") => format!("{command} -q"),
            _ if command.contains("--dry-run") => format!("{command} -q"),
            _ => format!("{command} -q --json"),
        };
        let same = command.replace("who file", &format!("who {start}/file"));
        let same = match same.starts_with("ls") {
            true => format!("{same} {start}"),
            false => same,
        };
        let mut here = sandbox.command(owners());
        here.args(["-C", start]).args(command.split(' '));
        let (here, there) = (allowed(here), sandbox.owners(&same).output());
        assert_eq!(said(&here), said(&there), "{kind}: {command} in {start}");
        assert_eq!(here.status, there.status, "{kind}: {command} in {start}");
        let marker = sandbox.root.join("../marker");
        assert!(!marker.exists(), "{kind}: {command} in {start} runs it");
    }
}

/// What git would do in a directory that looks like a bare repository: run what its configuration
/// names, to learn which files changed or to fetch a commit, and go to the working tree that it names.
/// The repository around it is meant, whatever the user's configuration allows.
#[test]
fn a_bare_repository_in_the_tree() {
    let nowhere = format!("{}\n", "1".repeat(40));
    for (kind, head) in [
        ("fsmonitor", "ref: refs/heads/main\n"),
        ("promisor", &*nowhere),
        ("worktree", "ref: refs/heads/main\n"),
        ("bare", "ref: refs/heads/main\n"),
    ] {
        let sandbox = Sandbox::repo(PROJECT);
        let outside = sandbox.root.join("../outside");
        let marker = sandbox.root.join("../marker");
        fs::create_dir(&outside).unwrap();
        let touch = format!("touch '{}'; false", marker.display());
        let config = dangerous(kind, &sandbox, &touch);
        embed(&sandbox, "ci", head, &config);
        sandbox.write("ci/x.sh", &touch);
        sandbox.git("add -A");
        sandbox.git("commit -qm first");
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        sandbox.git("commit -qm second");
        // Git itself, to show that there is something to fear.
        let question = match kind {
            "promisor" => ["cat-file", "-p", "HEAD"],
            _ => ["status", "--short", "--branch"],
        };
        let mut git = sandbox.command("git");
        git.args(question).current_dir(sandbox.root.join("ci"));
        allowed(git);
        let is_dangerous = matches!(kind, "fsmonitor" | "promisor");
        assert_eq!(marker.exists(), is_dangerous, "{kind}: git");
        let _ = fs::remove_file(&marker);
        let starts: &[&str] = match kind {
            "fsmonitor" => &["ci", "ci/refs/heads"],
            _ => &["ci"],
        };
        for start in starts {
            the_repository_around_is_meant(&sandbox, kind, start);
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{kind}");
        assert!(!sandbox.root.join("ci/.github").exists(), "{kind}");
        assert!(!sandbox.root.join("ci/index").exists(), "{kind}");
    }
}

/// Working trees of every kind, each with a bare repository in it.
fn trees_of_every_kind() -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    let config = format!(
        "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = \"touch '{}'; false\"\n",
        sandbox.root.join("../marker").display()
    );
    let head = "ref: refs/heads/main\n";
    embed(&sandbox, "ci", head, &config);
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    sandbox.git("worktree add -q ../linked");
    sandbox.git("clone -q . ../upper");
    let add = format!(
        "-c protocol.file.allow=always submodule --quiet add {} sub",
        sandbox.root.display()
    );
    sandbox.git_in("../upper", &add);
    // Without its repository, or with one that is broken; and as git leaves a worktree behind that is
    // gone.
    for (plain, dot_git) in [("exported", None), ("stripped", Some("HEAD"))] {
        embed(&sandbox, &format!("../{plain}/ci"), head, &config);
        sandbox.write(format!("../{plain}/owners.toml"), "[paths]\n'*' = '@a'\n");
        if let Some(name) = dot_git {
            sandbox.write(format!("../{plain}/.git/{name}"), head);
        }
    }
    // Its files at the top of a repository, too.
    embed(&sandbox, "../top", head, &config);
    sandbox.git_in("../top", "init -q");
    sandbox.git_in("../top", "add -A");
    // There, git looks for another repository if it finds fault with `.git`, but we do not.
    embed(&sandbox, "../broken", head, &config);
    sandbox.git_in("../broken", "init -q");
    sandbox.write("../broken/.git/HEAD", "nonsense");
    sandbox
}

/// Wherever the working tree is, and whatever is known of it: what lies in one is no repository.
#[test]
fn bare_repositories_in_every_kind_of_tree() {
    let sandbox = trees_of_every_kind();
    let marker = sandbox.root.join("../marker");
    let mut git = sandbox.command("git");
    git.args(["-C", "../broken", "status"]).output().unwrap();
    assert!(marker.exists(), "git");
    fs::remove_file(&marker).unwrap();
    let top = sandbox.root.parent().unwrap();
    for (start, root) in [
        ("r/ci", "r"),
        ("linked/ci", "linked"),
        ("upper/ci", "upper"),
        ("upper/sub/ci", "upper/sub"),
        // Untracked data in a repository is no different.
        ("upper/sub/ci/objects", "upper/sub"),
        ("top", "top"),
        ("top/refs", "top"),
        ("broken", "broken"),
        // In these, the configuration next to the fake is nearest.
        ("exported/ci", "exported/ci"),
        ("stripped/ci", "stripped/ci"),
    ] {
        for command in EVERYWHERE {
            let output = sandbox
                .owners(command)
                .within(&format!("../{start}"))
                .output();
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).unwrap();
            assert!(
                matches!(output.status.code(), Some(0..=2)),
                "{command} in {start}: {said}"
            );
            // Only there is git at a loss.
            assert!(
                start == "broken" || !said.contains("cannot use bare repository"),
                "{command} in {start}: {said}"
            );
            assert!(!marker.exists(), "{command} in {start} runs it");
        }
        sandbox
            .owners("gen -q --force")
            .within(&format!("../{start}"))
            .prints("");
        assert!(
            top.join(root).join(".github/CODEOWNERS").exists(),
            "{start}"
        );
    }
}

/// A ceiling says how far to look for a repository. It does not make what lies in one trustworthy.
#[test]
fn a_ceiling_within_the_repository() {
    let sandbox = Sandbox::current(PROJECT);
    let marker = sandbox.root.join("../marker");
    let config = format!(
        "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = \"touch '{}'; false\"\n",
        marker.display()
    );
    embed(&sandbox, "ci", "ref: refs/heads/main\n", &config);
    fs::remove_file(sandbox.root.join("ci/owners.toml")).unwrap();
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    for command in EVERYWHERE {
        let run = sandbox.owners(command).within("ci");
        let run = run.env("GIT_CEILING_DIRECTORIES", &sandbox.root);
        run.refuses(
            "\
error: no repository: `[ROOT]/ci` looks like a bare repository, but it is in a working tree, where \
anybody may have put it; if you trust it, set `GIT_DIR=[ROOT]/ci`
",
        );
    }
    assert!(!marker.exists());
    // Who names it, trusts it.
    let run = sandbox.owners("ls").within("ci");
    let output = run.env("GIT_DIR", sandbox.root.join("ci")).output();
    assert_eq!(output.status.code(), Some(2));
    let run = sandbox.owners("check --rev HEAD").within("ci");
    let said = run.env("GIT_DIR", ".").output().stderr;
    assert!(String::from_utf8_lossy(&said).contains("there is no commit `HEAD`"));
}
