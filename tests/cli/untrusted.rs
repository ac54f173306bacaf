//! What somebody else's pull request can put into a repository, and what it must not do: reach out of
//! it, run something, or take forever. `hostile_names.rs` is about what shows its names.
//! `docs/security.md` names these tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::PROJECT;
use crate::support::Sandbox;

/// Links to what is elsewhere: in place of every file that is read by its name.
#[cfg(unix)]
#[test]
fn nothing_outside_is_read() {
    const SECRET: &str = "[paths]\n'*' = '@secret-of-others'\n";
    for (link, config) in [
        ("owners.toml", None),
        (".github/CODEOWNERS", Some("[paths]\n'*' = '@a'\n")),
        ("docs/CODEOWNERS", Some("[paths]\n'*' = '@a'\n")),
        (
            "roster.md",
            Some(
                r"[check]
roster = 'roster.md'
[paths]
'*' = '@a'
",
            ),
        ),
        (
            "sub/owners.toml",
            Some(
                r"nested = true
[paths]
'*' = '@a'
",
            ),
        ),
        (
            "sub",
            Some(
                r"nested = true
[paths]
'*' = '@a'
",
            ),
        ),
        (".gitlab-ci.yml", None),
    ] {
        for target in ["../outside/owners.toml", ".git/secret", "/dev/zero"] {
            let sandbox = Sandbox::repo([("a", "")]);
            fs::create_dir(sandbox.root.join("../outside")).unwrap();
            sandbox.write("../outside/owners.toml", SECRET);
            sandbox.write(".git/secret", SECRET);
            if let Some(config) = config {
                sandbox.write("owners.toml", config);
            }
            let depth = "../".repeat(link.matches('/').count());
            let place = sandbox.root.join(link);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let target = match target {
                "/dev/zero" => target.to_string(),
                target if link == "sub" => target.trim_end_matches("/owners.toml").to_string(),
                target => format!("{depth}{target}"),
            };
            std::os::unix::fs::symlink(&target, place).unwrap();
            sandbox.git("add -A");
            for command in [
                "check",
                "gen --stdout",
                "gen --check",
                "gen",
                "who sub/x",
                "stats",
                "diff",
                "init",
            ] {
                let output = sandbox.owners(command).output();
                let all = [output.stdout, output.stderr].concat();
                let all = String::from_utf8_lossy(&all);
                assert!(
                    !all.contains("secret-of-others"),
                    "{link} → {target}: {command}: {all}"
                );
            }
        }
    }
}

/// A tracked file whose directory is a link on disk: git takes it for deleted, and so do we, wherever
/// the link leads.
#[cfg(unix)]
#[test]
fn nested_configurations_behind_linked_directories() {
    use std::os::unix::fs::symlink;

    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
        ("a/b/c/owners.toml", "[paths]\n'*' = '@b'\n"),
        ("a/b/c/f", ""),
    ]);
    let secret = r"[paths]
'*' = '@secret-of-others'
'/gone' = '@secret-of-others'
";
    for place in ["../outside/b/c", ".git/outside/b/c", "other/b/c"] {
        sandbox.write(format!("{place}/owners.toml"), secret);
    }
    sandbox.git("commit -qm x");
    for (link, depth) in [("a", 0), ("a/b", 1), ("a/b/c", 2)] {
        let rest = "/b/c".get(..depth * 2).unwrap();
        let place = sandbox.root.join(link);
        let kept = sandbox.root.join("kept");
        fs::rename(&place, &kept).unwrap();
        for outside in ["../outside", ".git/outside", "other"] {
            let target = format!("{}{outside}{rest}", "../".repeat(depth));
            symlink(&target, &place).unwrap();
            assert!(place.join("owners.toml").exists() || depth < 2);
            for command in [
                "check",
                "check --fix",
                "check --fix=tree",
                "gen --stdout",
                "gen --check",
                "who --explain a/b/c/f",
                "ls",
                "stats",
                "diff",
                "diff HEAD",
                "reviewers",
            ] {
                let output = sandbox.owners(command).output();
                let all = [output.stdout, output.stderr].concat();
                let all = String::from_utf8_lossy(&all);
                assert!(
                    !all.contains("secret-of-others") && !all.contains("cannot read"),
                    "{link} → {target}: {command}: {all}"
                );
            }
            for place in ["../outside/b/c", ".git/outside/b/c", "other/b/c"] {
                assert_eq!(sandbox.read(&format!("{place}/owners.toml")), secret);
            }
            fs::remove_file(&place).unwrap();
        }
        fs::rename(&kept, &place).unwrap();
    }
}

/// Somebody exchanges a directory for a link to elsewhere and back, again and again, so that it is one
/// when it is looked at and the other when it is used.
#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_becomes_a_link_meanwhile() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    let sandbox = Sandbox::repo([
        ("d/owners.toml", "[paths]\n'*' = '@b'\n"),
        ("d/roster", "@a\n@b\n@new\n"),
    ]);
    let outside = sandbox.root.join("../outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("owners.toml"), "[paths]\n'*' = '@secret'\n").unwrap();
    fs::write(outside.join("roster"), "@secret\n").unwrap();
    let config = |owner: &str| {
        format!(
            r"nested = true
[paths]
'*' = '{owner}'
[output]
file = 'd/CODEOWNERS'
[check]
roster = 'd/roster'
"
        )
    };
    sandbox.write("owners.toml", config("@a"));
    sandbox.git("add -A");
    let (place, other) = (sandbox.root.join("d"), sandbox.root.join("other"));
    symlink("../outside", &other).unwrap();
    let is_over = AtomicBool::new(false);
    let mut written = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                renameat_with(CWD, &place, CWD, &other, RenameFlags::EXCHANGE).unwrap();
            }
        });
        for round in 0..200 {
            sandbox.write("owners.toml", config(&format!("@a{round}")));
            let command = ["gen", "check", "gen --stdout"][round % 3];
            let output = sandbox.owners(command).output();
            let all = [output.stdout, output.stderr].concat();
            let all = String::from_utf8_lossy(&all);
            let names = fs::read_dir(&outside).unwrap().count();
            if names != 2 || all.contains("secret") {
                is_over.store(true, Ordering::Relaxed);
                panic!("{command}: {names}: {all}");
            }
            written += usize::from(command == "gen" && output.status.success());
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(written > 5, "{written}");
    assert_eq!(
        fs::read_to_string(outside.join("roster")).unwrap(),
        "@secret\n"
    );
}

/// Programs that the configuration of git names belong to its owner; those that we have no need of
/// are not run all the same. What a tree names is never run.
#[cfg(unix)]
#[test]
fn nothing_is_run() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::current(PROJECT);
    let marker = sandbox.root.join("../marker");
    let script = format!("#!/bin/sh\necho \"$0 $@\" >>'{}'\ncat\n", marker.display());
    for name in [
        "evil",
        "git",
        ".githooks/post-index-change",
        "hooks/post-index-change",
    ] {
        sandbox.write(name, &script);
        fs::set_permissions(sandbox.root.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
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
    let evil = sandbox.root.join("evil");
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
        "ls",
        "who README.md",
        "gen",
        "init --force",
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

/// What `docs/security.md` says that git is asked with is all that it is asked with. And each time it
/// is told not to take a directory for a repository, but in one.
#[cfg(unix)]
#[test]
fn every_git_command_is_listed() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm first");
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox.git("clone -q . ../sparse");
    sandbox.git_in("../sparse", "sparse-checkout set --sparse-index docs");
    sandbox.write("../fresh/a", "");
    sandbox.git_in("../fresh", "init -q");
    let log = sandbox.root.join("../log");
    let git = sandbox.root.join("../bin/git");
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
    sandbox.write("../bin/git", script);
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    let first = git.parent().unwrap().to_owned();
    let path: Vec<_> = std::iter::once(first)
        .chain(std::env::split_paths(&path))
        .collect();
    let path = std::env::join_paths(path).unwrap();
    let mut asked = BTreeSet::new();
    let mut run = |command: &str, directory: &str| {
        let run = sandbox.owners(command).within(directory);
        let output = run.env("PATH", &path).output();
        assert!(matches!(output.status.code(), Some(0..=2)), "{command}");
        for line in fs::read_to_string(&log).unwrap_or_default().lines() {
            let is_told = line.contains("-c safe.bareRepository=explicit ");
            assert_eq!(is_told, directory != "../bare.git", "{line}");
            let mut words = line.split(' ').peekable();
            while let Some(word) = words.next_if(|word| word.starts_with('-')) {
                if matches!(word, "-C" | "-c") {
                    words.next();
                }
            }
            asked.insert(words.next().unwrap().to_string());
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
    for command in ["check --rev HEAD", "ls --rev main", "diff main...HEAD"] {
        run(command, "../bare.git");
    }
    sandbox.write(".git/index", "damaged");
    run("ls --rev HEAD", ".");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let (_, rest) = page.split_once("- Git is asked with").unwrap();
    let (sentence, _) = rest.split_once(". (").unwrap();
    // Every other piece stands in backticks; names of our own commands are among them.
    let named = sentence.split('`').skip(1).step_by(2);
    let ours = ["init", "gen --stage"];
    let named = named
        .filter(|word| !ours.contains(word))
        .map(str::to_string);
    assert_eq!(asked, named.collect::<BTreeSet<String>>());
}

/// They are the owner's; but what they are told by, people had better know.
#[cfg(unix)]
#[test]
fn hooks_that_git_runs() {
    use std::os::unix::fs::PermissionsExt as _;

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
        sandbox.write(
            &file,
            format!("#!/bin/sh\necho {hook} >>'{}'\n", log.display()),
        );
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut telling = Vec::new();
    for (number, command) in EVERYWHERE.into_iter().enumerate() {
        // Something to write, and a file that looks as if it had changed.
        let config = format!("{}'/{number}' = '@x'\n", PROJECT[0].1);
        sandbox.write("owners.toml", config);
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

/// Commits a directory that git takes for a bare repository, with this configuration.
#[cfg(unix)]
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

/// Every command that looks for a repository.
#[cfg(unix)]
const EVERYWHERE: [&str; 22] = [
    "check",
    "check --rev HEAD",
    "check --changed main",
    "check --untracked",
    "check --fix --dry-run",
    "check --fix",
    "diff",
    "diff HEAD main",
    "diff HEAD~1...HEAD",
    "reviewers",
    "reviewers main",
    "reviewers main HEAD",
    "stats",
    "stats --rev HEAD",
    "ls",
    "ls --rev HEAD",
    "who file",
    "gen",
    "gen --check",
    "gen --stage",
    "init",
    "init --force",
];

/// What git would do in a directory that looks like a bare repository: run what its configuration
/// names, to learn which files changed or to fetch a commit, and go to the working tree that it names.
/// The repository around it is meant, whatever the user's configuration allows.
#[cfg(unix)]
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
        let config = match kind {
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
                outside.display()
            ),
            _ => format!(
                "[core]\nrepositoryformatversion = 0\nbare = true\nfsmonitor = \"{touch}\"\n"
            ),
        };
        embed(&sandbox, "ci", head, &config);
        sandbox.write("ci/x.sh", &touch);
        sandbox.git("add -A");
        sandbox.git("commit -qm first");
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        sandbox.git("commit -qm second");
        let allowed = |mut command: std::process::Command| {
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env("GIT_CONFIG_KEY_0", "safe.bareRepository")
                .env("GIT_CONFIG_VALUE_0", "all");
            command.output().unwrap()
        };
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
            for command in EVERYWHERE {
                // The path of a file is relative to the directory.
                let same = command.replace("who file", &format!("who {start}/file"));
                let mut here = sandbox.command(crate::support::owners());
                here.args(["-C", *start]).args(command.split(' '));
                let (here, there) = (allowed(here), sandbox.owners(&same).output());
                let said = |output: &std::process::Output| {
                    let all = [&*output.stdout, &*output.stderr].concat();
                    String::from_utf8(all).unwrap()
                };
                assert_eq!(said(&here), said(&there), "{kind}: {command} in {start}");
                assert_eq!(here.status, there.status, "{kind}: {command} in {start}");
                assert!(!marker.exists(), "{kind}: {command} in {start} runs it");
            }
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{kind}");
        assert!(!sandbox.root.join("ci/.github").exists(), "{kind}");
        assert!(!sandbox.root.join("ci/index").exists(), "{kind}");
    }
}

/// Wherever the working tree is, and whatever is known of it: what lies in one is no repository.
#[cfg(unix)]
#[test]
fn bare_repositories_in_every_kind_of_tree() {
    let sandbox = Sandbox::current(PROJECT);
    let marker = sandbox.root.join("../marker");
    let config = format!(
        "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = \"touch '{}'; false\"\n",
        marker.display()
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
#[cfg(unix)]
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
error: no repository: `[ROOT]/ci` looks like a bare one, but lies in a working tree, where anybody \
may have put it; if you trust it, name it: `GIT_DIR=[ROOT]/ci`

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

/// The files themselves take no time or memory to refuse.
#[test]
fn files_that_are_too_large_are_not_read() {
    let big = |sandbox: &Sandbox, name: &str| {
        sandbox.write(name, "");
        let file = fs::File::options()
            .write(true)
            .open(sandbox.root.join(name))
            .unwrap();
        file.set_len((8 << 20) + 1).unwrap();
    };
    for (name, config) in [
        ("owners.toml", "[paths]\n"),
        (".github/CODEOWNERS", "[paths]\n'*' = '@a'\n"),
        (
            "roster.md",
            r"[check]
roster = 'roster.md'
[paths]
'*' = '@a'
",
        ),
        (
            "sub/owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
    ] {
        let sandbox = Sandbox::repo([("owners.toml", config)]);
        let file = sandbox.root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        sandbox.git("add -A");
        big(&sandbox, name);
        let output = sandbox.owners("check").output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        for part in [
            "error: cannot read `",
            name,
            "8388609 bytes, and 8388608 are the most",
        ] {
            assert!(said.contains(part), "{name}: {said}");
        }
    }
}

/// Every file with its contents and its time, but for the index.
fn all_files(directory: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else if !path.ends_with(".git/index") {
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            files.push((path.clone(), fs::read(&path).unwrap(), modified));
        }
    }
    files.sort();
    files
}

/// Git itself may note in its index that a file is the same as before; that is all.
#[test]
fn looking_writes_nothing() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    let file = sandbox.root.join("owners.toml");
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let entries = sandbox.git("ls-files --stage");
    let before = all_files(&sandbox.root);
    for command in [
        "check",
        "check --changed main",
        "check --untracked",
        "diff",
        "reviewers",
        "stats",
        "ls",
        "who a",
        "gen --check",
        "gen",
    ] {
        assert_ne!(
            sandbox.owners(command).output().status.code(),
            Some(2),
            "{command}"
        );
        assert!(all_files(&sandbox.root) == before, "{command}");
        assert_eq!(sandbox.git("ls-files --stage"), entries, "{command}");
    }
}

/// So many rules that each stand for 8,192 patterns.
fn rules_of_braces(count: usize) -> String {
    (0..count)
        .map(|n| format!("'/{n}{}' = '@a'\n", "{a,b}".repeat(13)))
        .collect()
}

/// What one rule of a few bytes must not stand for, nor many of them together.
#[test]
fn what_multiplies_is_counted_first() {
    let hundred: Vec<String> = (0..100).map(|n| format!("a{n}")).collect();
    let hundred = format!("{{{}}}", hundred.join(","));
    let owners: Vec<String> = (0..800).map(|n| format!("'@o{n}'")).collect();
    let owners = owners.join(",");
    for (config, fault) in [
        (
            format!("[paths]\n'/{hundred}{hundred}{hundred}' = '@a'\n"),
            "expands to 1000000 patterns",
        ),
        (
            format!("[paths]\n{}", rules_of_braces(25)),
            "more than 150000 patterns in all",
        ),
        (
            format!(
                "[paths]\n'/{}{hundred}{hundred}' = '@a'\n",
                "a/".repeat(100)
            ),
            "more than 1000000 segments and wildcards in all",
        ),
        (
            format!("[paths]\n'*' = {{ owners = '@a', except = [{}] }}\n", {
                let each = format!("'/{}', ", "{a,b}".repeat(13));
                each.repeat(25)
            }),
            "more than 150000 patterns in all",
        ),
        (
            format!("[paths]\n'/{}' = '@a'\n", "{a,b}".repeat(64)),
            "expands to",
        ),
        (
            format!(
                r"[groups]
g = [{owners}]
[paths]
'/{hundred}{hundred}' = 'g'
"
            ),
            "expand to more than 5000000 characters in all",
        ),
    ] {
        let sandbox = Sandbox::repo([("owners.toml", &*config)]);
        let output = sandbox.owners("gen").output();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(
            said.contains(fault),
            "{fault}: {}",
            &said[..said.len().min(2_000)]
        );
        assert!(!sandbox.root.join(".github").exists());
    }
}

/// `docs/security.md` names the tests that hold its claims.
#[test]
fn every_test_that_the_page_names_exists() {
    fn collect(directory: &Path, all: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let mut sources = String::new();
    for directory in ["src", "tests"] {
        collect(&root.join(directory), &mut sources);
    }
    let tests = |text: &str| -> BTreeSet<String> {
        let test = regex::Regex::new(r"#\[test\]\s+fn (\w+)\(").unwrap();
        test.captures_iter(text)
            .map(|found| found[1].to_string())
            .collect()
    };
    let name = regex::Regex::new("`([a-z0-9]+(?:_[a-z0-9]+)+)`").unwrap();
    let named: BTreeSet<String> = name
        .captures_iter(&page)
        .map(|found| found[1].to_string())
        .collect();
    let known = tests(&sources);
    let missing: Vec<&String> = named.difference(&known).collect();
    assert!(named.len() > 20 && missing.is_empty(), "{missing:?}");
    // And nothing here is held without being claimed.
    for file in ["untrusted", "hostile_names"] {
        let here = root.join("tests/cli").join(file).with_extension("rs");
        for test in tests(&fs::read_to_string(here).unwrap()) {
            assert!(
                named.contains(&test) || test.starts_with("every_test"),
                "{test} is not named"
            );
        }
    }
}
