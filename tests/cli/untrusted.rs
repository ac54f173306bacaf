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
            Some("[check]\nroster = 'roster.md'\n[paths]\n'*' = '@a'\n"),
        ),
        (
            "sub/owners.toml",
            Some("nested = true\n[paths]\n'*' = '@a'\n"),
        ),
        ("sub", Some("nested = true\n[paths]\n'*' = '@a'\n")),
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

/// The files themselves take no time or memory to refuse.
#[test]
fn files_that_are_too_large_are_not_read() {
    let big = |sandbox: &Sandbox, name: &str| {
        sandbox.write(name, "");
        let file = fs::File::options()
            .write(true)
            .open(sandbox.root.join(name))
            .unwrap();
        file.set_len((32 << 20) + 1).unwrap();
    };
    for (name, config) in [
        ("owners.toml", "[paths]\n"),
        (".github/CODEOWNERS", "[paths]\n'*' = '@a'\n"),
        (
            "roster.md",
            "[check]\nroster = 'roster.md'\n[paths]\n'*' = '@a'\n",
        ),
        ("sub/owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
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
            "33554433 bytes, and 33554432 are the most",
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

/// What one rule of a few bytes must not stand for.
#[test]
fn what_multiplies_is_counted_first() {
    let hundred: Vec<String> = (0..100).map(|n| format!("a{n}")).collect();
    let hundred = format!("{{{}}}", hundred.join(","));
    let owners: Vec<String> = (0..3_000).map(|n| format!("'@o{n}'")).collect();
    let owners = owners.join(",");
    for (config, fault) in [
        (
            format!("[paths]\n'/{hundred}{hundred}{hundred}' = '@a'\n"),
            "expands to 1000000 patterns",
        ),
        (
            format!("[paths]\n'/{}' = '@a'\n", "{a,b}".repeat(64)),
            "expands to",
        ),
        (
            format!("[groups]\ng = [{owners}]\n[paths]\n'/{hundred}{hundred}' = 'g'\n"),
            "expand to more than 100000000 characters in all",
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
