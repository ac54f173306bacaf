//! What somebody else's pull request can put into a repository, and what it must not do: reach out of
//! it, run something, take over the terminal or the CI job that shows its names, or take forever.
//! `docs/security.md` names these tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::PROJECT;
use crate::support::{Run, Sandbox};

/// Tries to color the terminal, to turn text around, and to give commands to a CI job.
const EVIL: &str = "\u{1b}[31m\u{9b}1m\u{202e}\n::add-mask::x\n##[add-mask]x\r\u{7}";

/// The same as a TOML string.
const EVIL_TOML: &str = r"\u001b[31m\u009b1m\u202e\n::add-mask::x\n##[add-mask]x\r\u0007";

const FORMATS: [&str; 6] = ["human", "short", "json", "github", "sarif", "gitlab"];

/// Runs, and demands that nothing of `EVIL` reaches a terminal or a log as it is.
#[track_caller]
fn is_harmless(what: &str, run: Run<'_>) -> String {
    let output = run.output();
    assert!(
        matches!(output.status.code(), Some(0..=2)),
        "{what}: {:?}",
        output.status
    );
    let mut all = String::new();
    for bytes in [&output.stdout, &output.stderr] {
        let text = std::str::from_utf8(bytes).unwrap();
        // JSON escapes what it must, and is for programs.
        let is_json = text.starts_with(['{', '[']);
        let bad = |c: &char| match c {
            '\n' | '\t' => false,
            _ if is_json => c.is_ascii_control(),
            _ => c.is_control() || ('\u{202a}'..='\u{202e}').contains(c),
        };
        assert_eq!(
            text.chars().find(bad),
            None,
            "{what}: {}",
            text.escape_debug()
        );
        for line in text.lines() {
            // The runner takes a command behind blanks, too; ours are all annotations of a file.
            let line = line.trim_start();
            let is_ours = ["::error file=", "::warning file=", "::stop-commands::"];
            let is_ours = is_ours.iter().any(|ours| line.starts_with(ours))
                || line.len() == 36 && line.ends_with("::");
            assert!(is_ours || !line.starts_with("::"), "{what}: {line}");
        }
        all += text;
    }
    all
}

/// Into the index: not every file system has such names.
fn add_to_index(sandbox: &Sandbox, name: &str) {
    let record = format!("100644 {} 0\t{name}\0", "1".repeat(40));
    sandbox.git_with_input("update-index -z --index-info", record.as_bytes());
}

#[test]
fn names_of_files_are_shown_escaped() {
    let sandbox = Sandbox::current([
        ("owners.toml", "[paths]\n'/x' = '@a'\n'/b/*' = '@b'\n"),
        ("b/x", ""),
    ]);
    sandbox.git("commit -qm x");
    let names = [
        EVIL.to_string(),
        format!("{EVIL}/{EVIL}"),
        format!("b/{EVIL}"),
        format!("d/{EVIL}/f"),
    ];
    for name in &names {
        // A directory and a file cannot have one name.
        add_to_index(&sandbox, &format!("{}{name}", name.len()));
    }
    let tree = sandbox.git("write-tree --missing-ok");
    let commit = sandbox.git(&format!("commit-tree {} -p HEAD -m x", tree.trim()));
    sandbox.git(&format!("branch evil {}", commit.trim()));
    for format in FORMATS {
        let shown = is_harmless(format, sandbox.owners("check -v --format").arg(format));
        assert!(shown.contains("add-mask"), "{format}: {shown}");
    }
    for command in [
        "ls",
        "ls --unowned",
        "ls --rev evil",
        "stats -v",
        "stats --by dir",
        "stats --json",
        "diff",
        "diff HEAD evil",
        "diff -v HEAD evil --format markdown",
        "diff HEAD evil --format json",
        "reviewers",
        "reviewers main evil",
        "reviewers main evil --format markdown",
        "reviewers main evil --json",
        "check --rev evil",
        "check --changed main",
        "who --explain b/",
        "gen --stdout",
    ] {
        is_harmless(command, sandbox.owners(command));
    }
    for arguments in ["who", "who --explain", "who --json"] {
        is_harmless(arguments, sandbox.owners(arguments).arg(EVIL));
    }
}

/// Values of every key, most of them mistakes that are shown.
#[test]
fn values_of_a_configuration_are_shown_escaped() {
    let sandbox = Sandbox::repo([("a", ""), ("b/c", "")]);
    for config in [
        "[groups]\n\"{}\" = '@a'\n[paths]\n'*' = '@a'\n",
        "[groups]\na = \"{}\"\n[paths]\n'*' = 'a'\n",
        "[groups]\na = \"@{}\"\n[paths]\n'*' = 'a'\n",
        "[groups.a]\nteam = \"{}\"\nmembers = [\"@x\"]\n[paths]\n'*' = 'a'\n",
        "[groups.a]\ndescription = \"{}\"\ncontact = \"{}\"\nmembers = [\"@x\"]\n[paths]\n'/a' = 'a'\n",
        "[groups.a]\n\"{}\" = 1\n[paths]\n'*' = 'a'\n",
        "[paths]\n'*' = \"{}\"\n",
        "[paths]\n'*' = \"@{}\"\n",
        "[paths]\n'*' = \"x{}@example.com\"\n",
        "[paths]\n\"{}\" = '@a'\n",
        "[paths]\n\"{{a,{}}}\" = '@a'\n",
        "[paths]\n\"{}\" = 1\n",
        "[paths]\n\"*\" = { owners = '@a', except = [\"{}\"] }\n",
        "[paths]\n\"*\" = { \"{}\" = '@a' }\n",
        "[check]\nexempt = [\"{}\"]\n[paths]\n'/a' = '@a'\n",
        "[check]\nroster = \"{}\"\n[paths]\n'/a' = '@a'\n",
        "[check]\n\"{}\" = 1\n[paths]\n'/a' = '@a'\n",
        "[lints]\n\"{}\" = 'deny'\n[paths]\n'/a' = '@a'\n",
        "[lints]\ndead-pattern = \"{}\"\n[paths]\n'/a' = '@a'\n",
        "[output]\nfile = \"{}\"\n[paths]\n'/a' = '@a'\n",
        "[output]\nplatform = \"{}\"\n[paths]\n'/a' = '@a'\n",
        "required-version = \"{}\"\n[paths]\n'/a' = '@a'\n",
        "\"{}\" = 1\n[paths]\n'/a' = '@a'\n",
        "[\"{}\"]\n[paths]\n'/a' = '@a'\n",
        "nested = { except = [\"{}\"] }\n[paths]\n'/a' = '@a'\n",
        "[paths]\n'/a' = '@a' # {RAW}\n",
        "[paths]\n'/a{RAW}' = '@a'\n",
        "[paths]\n'/a' = '@a{RAW}'\n",
        "{RAW}",
    ] {
        let config = config.replace("{}", EVIL_TOML).replace("{RAW}", EVIL);
        sandbox.write("owners.toml", &config);
        for command in [
            "gen --stdout",
            "who --explain a",
            "stats",
            "check",
            "check --format short",
        ] {
            is_harmless(&config, sandbox.owners(command));
        }
        let run = sandbox
            .owners("check --format github")
            .env("GITHUB_ACTIONS", "true");
        is_harmless(&config, run);
    }
}

/// What stands in files that are compared, imported or read beside the configuration.
#[test]
fn contents_of_other_files_are_shown_escaped() {
    let sandbox = Sandbox::repo(PROJECT);
    let evil = format!("{EVIL} @{EVIL} {EVIL}\n/crates/ @a {EVIL}\n[{EVIL}]\n");
    for file in [
        ".github/CODEOWNERS",
        ".gitlab-ci.yml",
        ".gitattributes",
        ".gitignore",
    ] {
        sandbox.write(file, &evil);
    }
    for command in ["gen", "gen --check", "check", "check -v --format short"] {
        is_harmless(command, sandbox.owners(command));
    }
    sandbox.write(
        "owners.toml",
        format!("{}[check]\nroster = 'README.md'\n", PROJECT[0].1),
    );
    sandbox.write("README.md", format!("@{EVIL}\n{EVIL}"));
    is_harmless("roster", sandbox.owners("check"));
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    for command in ["diff", "init", "init --platform gitlab --force"] {
        is_harmless(command, sandbox.owners(command));
    }
}

/// Directories with such names hold configurations; messages name them.
#[cfg(unix)]
#[test]
fn names_of_nested_configurations_are_shown_escaped() {
    for text in [
        "[paths]\n'*' = 'nobody'\n",
        "[paths]\n'*' = '@a'\n'/gone' = '@b'\n",
        "x",
        "\u{fe}",
    ] {
        let sandbox = Sandbox::repo([("owners.toml", "nested = true\n[paths]\n'/a' = '@a'\n")]);
        sandbox.write(format!("{EVIL}/owners.toml"), text);
        sandbox.write(format!("{EVIL}/f"), "");
        sandbox.git("add -A");
        for command in [
            "gen",
            "gen --stdout",
            "who --explain a",
            "who --json a",
            "stats",
            "ls",
            "diff",
        ] {
            is_harmless(command, sandbox.owners(command));
        }
        for format in FORMATS {
            is_harmless(format, sandbox.owners("check --format").arg(format));
        }
        let path = format!("{EVIL}/f");
        is_harmless("who", sandbox.owners("who --explain").arg(path));
    }
}

/// What people read in GitHub Actions may hold commands, even within a line. There the runner is told
/// to wait, with a word that nobody can guess.
#[test]
fn a_ci_job_takes_no_commands_from_names() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'/owners.toml' = '@a'\n")]);
    add_to_index(&sandbox, "##[add-mask]x");
    let tokens = ["check", "check"].map(|command| {
        let output = sandbox
            .owners(command)
            .env("GITHUB_ACTIONS", "true")
            .output();
        let text = String::from_utf8(output.stdout).unwrap();
        let (before, rest) = text.split_once("::stop-commands::").unwrap();
        let (token, rest) = rest.split_once('\n').unwrap();
        let (during, after) = rest.split_once(&format!("::{token}::\n")).unwrap();
        assert!(
            before.is_empty() && during.contains("##[add-mask]x"),
            "{text}"
        );
        assert!(
            after.lines().all(|line| line.starts_with("::error file=")),
            "{text}"
        );
        token.to_string()
    });
    assert_ne!(tokens[0], tokens[1]);
    sandbox.write("owners.toml", "[paths]\n'*' = '##[add-mask]x'\n");
    let output = sandbox.owners("gen").env("GITHUB_ACTIONS", "true").output();
    let text = String::from_utf8(output.stderr).unwrap();
    let (token, rest) = text
        .strip_prefix("::stop-commands::")
        .unwrap()
        .split_once('\n')
        .unwrap();
    assert!(
        rest.contains("##[add-mask]x") && rest.ends_with(&format!("::{token}::\n")),
        "{text}"
    );
}

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
    let here = fs::read_to_string(root.join("tests/cli/untrusted.rs")).unwrap();
    for test in tests(&here) {
        assert!(
            named.contains(&test) || test.starts_with("every_test"),
            "{test} is not named"
        );
    }
}
