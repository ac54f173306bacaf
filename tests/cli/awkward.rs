//! `examples/awkward`: names that a CODEOWNERS file has to be careful with, what is generated for
//! them, and that it means what the rules say when two independent readers of such files judge it.
//!
//! After a change that is meant: `SNAPSHOTS=overwrite cargo test --test cli awkward`, and read the
//! difference.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use snapbox::{Assert, Data, str};

use crate::support::models::github;
use crate::support::models::gitlab::GitlabFile;
use crate::support::{Sandbox, as_text};

fn example(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "awkward", name]
        .iter()
        .collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(example(name))
        .unwrap()
        .replace("\r\n", "\n")
}

#[track_caller]
fn is_golden(actual: String, name: &str) {
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(
            Data::from(actual).raw(),
            Data::read_from(&example(name), None).raw(),
        );
}

/// The paths of `paths.txt`: `\n`, `\t`, `\\` and `\xHH` are written so there.
fn paths() -> Vec<Vec<u8>> {
    read("paths.txt").lines().map(unescape).collect()
}

fn unescape(line: &str) -> Vec<u8> {
    let mut path = Vec::new();
    let mut rest = line;
    while let Some((plain, escape)) = rest.split_once('\\') {
        path.extend_from_slice(plain.as_bytes());
        let (byte, length) = match escape.as_bytes()[0] {
            b'n' => (b'\n', 1),
            b't' => (b'\t', 1),
            b'\\' => (b'\\', 1),
            b'x' => (u8::from_str_radix(&escape[1..3], 16).unwrap(), 3),
            other => panic!("{line}: no escape {other}"),
        };
        path.push(byte);
        rest = &escape[length..];
    }
    path.extend_from_slice(rest.as_bytes());
    path
}

/// What `owners who` says of each path.
fn answers() -> Vec<String> {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", read("owners.toml"));
    let output = sandbox
        .owners("who --stdin -0")
        .stdin(paths().join(&0))
        .output();
    assert_eq!(output.status.code(), Some(0));
    let answers = output.stdout.strip_suffix(b"\0").unwrap();
    (answers.split(|&byte| byte == 0).zip(paths()))
        .map(|(answer, path)| {
            let answer = answer.strip_prefix(&path[..]).unwrap();
            String::from_utf8(answer.trim_ascii().to_vec()).unwrap()
        })
        .collect()
}

/// A repository with these paths in its index, in which everything is generated.
fn repository(config: &str, paths: &[Vec<u8>]) -> Sandbox {
    let sandbox = Sandbox::repo([("owners.toml", config)]);
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    // No file system takes all of these names; the index does.
    let empty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    let entries = paths
        .iter()
        .map(|path| [format!("100644 {empty}\t").as_bytes(), path, b"\0"].concat());
    sandbox.git_with_input(
        "update-index -z --index-info",
        &entries.collect::<Vec<_>>().concat(),
    );
    sandbox
}

#[test]
fn the_generated_files() {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", read("owners.toml"));
    sandbox.git("init -q");
    sandbox.owners("gen -q").prints("");
    for file in [".github/CODEOWNERS", ".gitlab/CODEOWNERS"] {
        is_golden(sandbox.read(file), file);
    }
}

#[test]
fn who_owns_each_path() {
    let mut who = String::new();
    let written = read("paths.txt");
    let width = written.lines().map(|line| line.chars().count()).max();
    for (line, answer) in written.lines().zip(answers()) {
        writeln!(who, "{line:width$}  {answer}", width = width.unwrap()).unwrap();
    }
    is_golden(who, "who.txt");
}

#[test]
fn both_files_say_what_the_rules_say() {
    let github = github::lines(&read(".github/CODEOWNERS"));
    let gitlab = GitlabFile::new(&read(".gitlab/CODEOWNERS"));
    let mut judged = 0;
    for (path, answer) in paths().iter().zip(answers()) {
        let path = as_text(path);
        let expected: Vec<&str> = match answer.as_str() {
            "(nobody)" => Vec::new(),
            owners => owners.split(' ').collect(),
        };
        assert_eq!(github::last_owners(&github, &path), expected, "{path}");
        assert_eq!(gitlab.owners(&path), expected, "{path}");
        judged += 1;
    }
    println!("{judged} paths, the same owners by the rules and by the models of both files");
}

/// Each rule is shown by a path that it decides: a wrong answer is another team's.
#[test]
fn every_rule_has_a_path() {
    let answers: HashSet<String> = answers().into_iter().collect();
    for rule in read("owners.toml").lines() {
        if let Some((_, owner)) = rule.split_once("= \"@") {
            let owner = format!("@{}", owner.trim_end_matches('"'));
            assert!(answers.contains(&owner), "{owner}");
        }
    }
}

#[test]
fn everything_is_in_order() {
    repository(&read("owners.toml"), &paths())
        .owners("check -D warnings")
        .prints(str![[r#"
0 errors, 0 warnings; 65 tracked paths: 63 owned, 2 nobody

"#]]);
}

/// What `?` in the place of `#` or `{` takes too much is reported as soon as it is there.
#[test]
fn a_wider_pattern_that_catches_something() {
    let mut paths = paths();
    for path in [
        "1drafts/x",
        "src/C/Main.cs",
        "src/CC/Main.cs",
        "lib/main.fs",
        "x{cookiecutter.name}}/y",
    ] {
        paths.push(path.into());
    }
    repository(&read("owners.toml"), &paths)
        .owners("check")
        .finds(str![[r#"
error[inexact-output]: on GitHub this rule also matches `1drafts/x`
  --> owners.toml:20:1
   |
20 | "/#drafts/"             = "@awkward/hash-first"
   | ^^^^^^^^^^^ written `/?drafts/`
   |
   = note: `#` can only be written as `?` there, which matches any character
   = help: rename one of the paths, or add a rule for the other path below this rule

error[inexact-output]: on GitHub this rule also matches `src/CC/Main.cs`
  --> owners.toml:21:1
   |
21 | "/src/C#/"              = "@awkward/hash-last"
   | ^^^^^^^^^^ written `/src/C?/`
   |
   = note: `#` can only be written as `?` there, which matches any character
   = help: rename one of the paths, or add a rule for the other path below this rule

error[inexact-output]: on GitHub this rule also matches `lib/main.fs`
  --> owners.toml:23:1
   |
23 | "*.f#"                  = "@awkward/hash-anywhere"
   | ^^^^^^ written `*.f?`
   |
   = note: `#` can only be written as `?` there, which matches any character
   = help: rename one of the paths, or add a rule for the other path below this rule

error[inexact-output]: on GitHub this rule also matches `x{cookiecutter.name}}/y`
  --> owners.toml:42:1
   |
42 | '/\{\{cookiecutter.name\}\}/'  = "@awkward/braces"
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ written `/??cookiecutter.name}}/`
   |
   = note: `{` can only be written as `?` there, which matches any character
   = help: rename one of the paths, or add a rule for the other path below this rule

4 errors, 0 warnings; 70 tracked paths: 68 owned, 2 nobody

"#]]);
}

/// The rest of the names: what a platform cannot write is refused, and the reason said.
#[test]
fn names_that_are_refused() {
    let sandbox = Sandbox::repo([]);
    sandbox.write(
        "owners.toml",
        r"[[output]]
platform = 'github'
[[output]]
platform = 'gitlab'
[paths]
'*' = '@a'
'/back\\slash' = '@b'
'/at-the-end/{x\\,y}' = '@c'
",
    );
    sandbox.owners("gen").finds(str![[r#"
error[inexact-output]: GitHub cannot express `/back\\slash` exactly
 --> owners.toml:7:1
  |
7 | '/back\\slash' = '@b'
  | ^^^^^^^^^^^^^^
  |
  = note: GitHub has no reliable way to write `\`
  = help: write `?` in its place (it matches any other character too), or rename the path

error[inexact-output]: GitHub cannot express `/at-the-end/x\\` exactly
 --> owners.toml:8:15
  |
8 | '/at-the-end/{x\\,y}' = '@c'
  |               ^^^
  |
  = note: GitHub has no reliable way to write `\`
  = help: write `?` in its place (it matches any other character too), or rename the path

"#]]);
}
