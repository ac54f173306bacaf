//! What becomes of the output when nobody reads it: `owners check | head` is a gate all the same.

use std::io::{Read as _, pipe};
use std::process::Stdio;

use crate::support::{Sandbox, owners};

/// Every command that prints, with arguments for each exit code that is a verdict.
const COMMANDS: &[&str] = &[
    "check",
    "check -q",
    "check --format markdown",
    "check -v",
    "check -D warnings",
    "check --format human",
    "check -q --format short",
    "check --format json",
    "check --format github",
    "check --format sarif",
    "check --format gitlab",
    "check --rev HEAD",
    "check --rev HEAD --format short",
    "check --changed main",
    "check --untracked",
    "check --fix --dry-run",
    "check --fix --dry-run -q",
    "check -A unowned-path -A stale-output -A unowned-config",
    "gen --check",
    "gen --check -q",
    "gen --stdout",
    "who new",
    "who file0001",
    "who new file0001 --explain",
    "who --stdin",
    "who --stdin -0",
    "who --stdin --json",
    "who .",
    "ls",
    "ls --json",
    "ls --name-only",
    "man check",
    "ls -0",
    "stats",
    "stats --json",
    "map -o -",
    "map HEAD -o -",
    "export",
    "export --paths",
    "export --paths --format csv",
    "stats --by dir",
    "diff",
    "diff -v",
    "diff --exit-code",
    "diff --exit-code --format markdown",
    "diff --exit-code --format json",
    "reviewers",
    "reviewers --json",
    "remove @b",
    "rename @b @c --dry-run",
    "explain",
    "explain unowned-path",
    "completions zsh",
    "man",
    "schema",
    "--help",
    "--version",
    "check --help",
];

/// A repository with findings of every kind, and more to say than a pipe holds.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r"[paths]
'*' = '@a'
'/gone/' = '@b'
",
        ),
        ("new", ""),
    ]);
    for number in 0..600 {
        sandbox.write(format!("file{number:04}"), "");
    }
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    sandbox.write(
        "owners.toml",
        r"[paths]
'/new' = '@a'
'/gone/' = '@b'
",
    );
    sandbox.write("file0000", "changed");
    sandbox.git("add -A");
    sandbox
}

/// What is on the standard input of commands that read it: an unowned path comes last.
fn input(arguments: &str) -> String {
    let end = if arguments.contains("-0") { '\0' } else { '\n' };
    format!("new{end}").repeat(9_000) + "file0001"
}

/// How a command ends whose reader takes so many bytes and goes, and what it says.
fn with_reader(sandbox: &Sandbox, arguments: &str, taken: Option<usize>) -> (Option<i32>, String) {
    sandbox.write("../input", input(arguments));
    let input = std::fs::File::open(sandbox.root.join("../input")).unwrap();
    let (mut reader, writer) = pipe().unwrap();
    let mut command = sandbox.command(owners());
    command
        .args(arguments.split(' '))
        .stdin(input)
        .stdout(writer)
        .stderr(Stdio::piped());
    // Gone before anything is written, however busy the machine is.
    if taken == Some(0) {
        drop(reader);
        let output = command.output().unwrap();
        return (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        );
    }
    let child = command.spawn().unwrap();
    // It holds the other end of the pipe.
    drop(command);
    let mut bytes = Vec::new();
    match taken {
        Some(taken) => (&mut reader).take(taken as u64).read_to_end(&mut bytes),
        None => reader.read_to_end(&mut bytes),
    }
    .unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_reader_that_hangs_up_changes_no_verdict() {
    let sandbox = sandbox();
    let mut verdicts = Vec::new();
    for arguments in COMMANDS {
        let usual = with_reader(&sandbox, arguments, None);
        for taken in [0, 1] {
            let found = with_reader(&sandbox, arguments, Some(taken));
            assert_eq!(found, usual, "{arguments}, read {taken} bytes");
        }
        verdicts.push((*arguments, usual.0));
    }
    // Nothing here is 2, and there is something for both of the others to show.
    let count = |code| verdicts.iter().filter(|verdict| verdict.1 == code).count();
    let (fine, findings) = (count(Some(0)), count(Some(1)));
    assert_eq!(fine + findings, COMMANDS.len(), "{verdicts:?}");
    assert!(fine > 15 && findings > 20, "{verdicts:?}");
}

/// What cannot run says so with its exit code, whoever reads.
#[test]
fn a_reader_that_hangs_up_hides_no_fault() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", "[paths]\n'/new' = 'nobody'\n");
    for arguments in [
        "check",
        "check --format json",
        "gen --check",
        "who new",
        "ls",
        "nonsense",
    ] {
        let usual = with_reader(&sandbox, arguments, None);
        assert_eq!(usual.0, Some(2), "{arguments}: {}", usual.1);
        assert_eq!(with_reader(&sandbox, arguments, Some(0)), usual);
    }
}

/// In GitHub Actions the end of the pause goes where it is still read: a job whose step goes on
/// after `owners check | head` takes commands again.
#[test]
fn a_reader_that_hangs_up_leaves_no_pause() {
    let sandbox = sandbox();
    let (mut reader, writer) = pipe().unwrap();
    let mut command = sandbox.command(owners());
    command
        .args(["check", "-v"])
        .env("GITHUB_ACTIONS", "true")
        .stdout(writer)
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    drop(command);
    let mut line = [0; "::stop-commands::".len() + 32];
    reader.read_exact(&mut line).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    let line = String::from_utf8(line.to_vec()).unwrap();
    let word = line.strip_prefix("::stop-commands::").unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!("::{word}::\n")
    );
    assert_eq!(output.status.code(), Some(1));
}
