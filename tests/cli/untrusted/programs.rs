//! Nothing is run but git, and what the user has put into PATH.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::EVERYWHERE;
use crate::PROJECT;
use crate::support::Sandbox;

/// Names a program of the tree wherever git takes one: in the tree and in the configuration.
fn name_everywhere(sandbox: &Sandbox, program: &str) {
    sandbox.write(
        ".gitattributes",
        "* diff=evil textconv=evil filter=unknown merge=evil\n",
    );
    sandbox.write(
        ".gitconfig",
        "[core]\n\tfsmonitor = ./evil\n\tpager = ./evil\n",
    );
    sandbox.write(
        ".gitmodules",
        "[submodule \"x\"]\n\tpath = x\n\turl = ext::./evil\n\tupdate = !./evil\n",
    );
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    let evil = sandbox.root.join(program);
    for key in [
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "core.pager",
        "pager.diff",
        "alias.diff",
    ] {
        let mut command = sandbox.command("git");
        assert!(
            command
                .args(["config", key])
                .arg(&evil)
                .status()
                .unwrap()
                .success()
        );
    }
}

/// Programs that the configuration of git names belong to its owner; those that we have no need of
/// are not run all the same. What a tree names is never run.
#[test]
fn nothing_is_run() {
    let sandbox = Sandbox::current(PROJECT);
    let marker = sandbox.root.join("../marker");
    let script = format!("#!/bin/sh\necho \"$0 $@\" >>'{}'\ncat\n", marker.display());
    for name in [
        "evil",
        "git",
        ".githooks/post-index-change",
        "hooks/post-index-change",
    ] {
        sandbox.write_program(name, &script);
    }
    name_everywhere(&sandbox, "evil");
    sandbox.write("README.md", "changed");
    for command in [
        "check",
        "check --changed main",
        "check --rev HEAD",
        "check --untracked",
        "diff",
        "diff HEAD main",
        "reviewers main",
        "stats",
        "map HEAD --lines --risk --history 3 -o -",
        "ls",
        "export",
        "who README.md",
        "gen",
        "init --force",
        "add @a core",
        "rename @a @b",
    ] {
        let output = sandbox.owners(command).output();
        assert!(matches!(output.status.code(), Some(0..=2)), "{command}");
        assert!(
            !marker.exists(),
            "{command} runs {}",
            fs::read_to_string(&marker).unwrap()
        );
    }
}

/// A git that writes its arguments to a log, on a search path.
fn logging_git(sandbox: &Sandbox, log: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap();
    let real = std::env::split_paths(&path)
        .map(|directory| directory.join("git"))
        .find(|file| file.is_file())
        .unwrap();
    let script = format!(
        "#!/bin/sh\necho \"$@\" >>'{}'\nexec '{}' \"$@\"\n",
        log.display(),
        real.display()
    );
    sandbox.write_program("../bin/git", script);
    sandbox.path_with("../bin")
}

/// The command in the arguments of git, behind the options.
fn subcommand(line: &str) -> String {
    let mut words = line.split(' ').peekable();
    while let Some(word) = words.next_if(|word| word.starts_with('-')) {
        if matches!(word, "-C" | "-c") {
            words.next();
        }
    }
    words.next().unwrap().to_string()
}

/// The commands of git that `docs/security.md` lists.
fn commands_of_the_page() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (_, rest) = page.split_once("- It runs these git commands:").unwrap();
    let (sentence, _) = rest.split_once(". (").unwrap();
    // Every other piece stands in backticks; names of our own commands are among them.
    let named = sentence.split('`').skip(1).step_by(2);
    let ours = ["init", "gen", "check", "export", "map", "suggest", "risk"];
    let is_ours = |word: &str| {
        word.split(' ')
            .next()
            .is_some_and(|first| ours.contains(&first))
    };
    let named = named.filter(|word| !is_ours(word)).map(str::to_string);
    named.collect()
}

/// `owners` runs exactly the git commands that `docs/security.md` lists. Each time, except in a bare
/// repository, git is told not to use a bare repository that it finds.
#[test]
fn every_git_command_is_listed() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox.git("clone -q . ../sparse");
    sandbox.git_in("../sparse", "sparse-checkout set --sparse-index docs");
    sandbox.write("../fresh/a", "");
    sandbox.git_in("../fresh", "init -q");
    let log = sandbox.root.join("../log");
    let path = logging_git(&sandbox, &log);
    let mut asked = BTreeSet::new();
    let mut run = |command: &str, directory: &str| {
        let run = sandbox.owners(command).within(directory);
        let output = run.env("PATH", &path).output();
        assert!(matches!(output.status.code(), Some(0..=2)), "{command}");
        for line in fs::read_to_string(&log).unwrap_or_default().lines() {
            let is_told = line.contains("-c safe.bareRepository=explicit ");
            assert_eq!(is_told, directory != "../bare.git", "{line}");
            asked.insert(subcommand(line));
        }
        let _ = fs::remove_file(&log);
    };
    for directory in [".", "../sparse", "../fresh"] {
        for command in EVERYWHERE {
            run(command, directory);
        }
    }
    sandbox.write("README.md", "changed");
    sandbox.write(
        "owners.toml",
        r"[paths]
'*' = '@b'
[output]
file = 'NEW'
",
    );
    for command in EVERYWHERE {
        run(command, ".");
    }
    // Only a part of the change is staged.
    sandbox.git("add owners.toml");
    sandbox.write("owners.toml", "[paths]\n'*' = '@c'\n");
    run("gen --stage", ".");
    for command in ["check --rev HEAD", "ls --rev main", "diff main...HEAD"] {
        run(command, "../bare.git");
    }
    run("check --live", ".");
    sandbox.write(".git/index", "damaged");
    run("ls --rev HEAD", ".");
    assert_eq!(asked, commands_of_the_page());
}

/// They are the owner's; but what they are told by, people had better know.
#[test]
fn hooks_that_git_runs() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    let log = sandbox.root.join("../log");
    for hook in [
        "applypatch-msg",
        "commit-msg",
        "fsmonitor-watchman",
        "post-checkout",
        "post-commit",
        "post-index-change",
        "post-merge",
        "post-rewrite",
        "pre-applypatch",
        "pre-auto-gc",
        "pre-commit",
        "pre-merge-commit",
        "pre-push",
        "pre-rebase",
        "prepare-commit-msg",
        "reference-transaction",
        "sendemail-validate",
    ] {
        let file = sandbox.root.join(".git/hooks").join(hook);
        let script = format!("#!/bin/sh\necho {hook} >>'{}'\n", log.display());
        sandbox.write_program(file, script);
    }
    let mut telling = Vec::new();
    for (number, command) in EVERYWHERE.into_iter().enumerate() {
        // Something to write, and a file that looks as if it had changed.
        let config = format!("{}'/{number}' = '@x'\n", PROJECT[0].1);
        sandbox.write("owners.toml", config);
        sandbox.git("add owners.toml");
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number as u64);
        let readme = fs::File::options()
            .append(true)
            .open(sandbox.root.join("README.md"));
        readme.unwrap().set_modified(time).unwrap();
        let _ = fs::remove_file(&log);
        sandbox.owners(command).output();
        if let Ok(hooks) = fs::read_to_string(&log) {
            let is_known = hooks.lines().all(|hook| hook == "post-index-change");
            assert!(is_known, "{command}: {hooks}");
            telling.push(command);
        }
    }
    let expected = [
        "check --changed main",
        "reviewers",
        "reviewers main",
        "gen --stage",
    ];
    assert_eq!(telling, expected);
}

/// An external command is never one of the working tree, however PATH names it.
#[test]
fn external_commands_are_not_those_of_the_tree() {
    let sandbox = Sandbox::current(PROJECT);
    let evil = "#!/bin/sh\necho evil\n";
    for name in ["owners-evil", "bin/owners-evil", "bin/owners-check-evil"] {
        sandbox.write_program(name, evil);
    }
    sandbox.write_program("../outside/owners-fine", evil);
    sandbox.link("../alias", "r");
    sandbox.link("links", "../outside");
    sandbox.link("../linked/owners-evil", "../r/bin/owners-evil");
    let root = sandbox.root.display();
    let absolute = [
        format!("{root}"),
        format!("{root}/bin"),
        format!("{root}/crates/../bin"),
        format!("{root}/../alias/bin"),
        // The link is a person's own, and the program is the tree's.
        format!("{root}/../linked"),
    ];
    for path in ["", ":", ".", "bin", "./bin", "../r/bin"].map(String::from) {
        for directory in [".", "bin"] {
            for command in ["evil", "help evil", "check --plugin evil"] {
                let run = sandbox.owners(command).within(directory);
                let output = run.env("PATH", Sandbox::path_of(&path)).output();
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(2), "{command} {path}");
                assert!(said.contains("no directory of PATH has"), "{said}");
                assert_eq!(output.stdout, b"", "{command} {path}");
            }
        }
    }
    for path in &absolute {
        for directory in [".", "crates"] {
            let run = sandbox.owners("evil").within(directory);
            let output = run.env("PATH", Sandbox::path_of(path)).output();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{path}");
            assert!(said.contains("is in the working tree"), "{said}");
        }
        let check = sandbox.owners("check --plugin evil");
        let output = check.env("PATH", Sandbox::path_of(path)).output();
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert_eq!(output.stdout, b"", "{path}");
        // From elsewhere, it is a program like any other.
        let run = sandbox.owners("-C .. evil");
        run.env("PATH", Sandbox::path_of(path)).prints("evil\n");
    }
    // A link of the tree says what would be run.
    let run = sandbox.owners("fine");
    let output = run
        .env("PATH", Sandbox::path_of(&format!("{root}/links")))
        .output();
    assert_eq!(output.status.code(), Some(2));
    let output = sandbox.owners("--list").env("PATH", &absolute[1]).output();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("evil"));
}
