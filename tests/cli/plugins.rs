//! `owners check --plugin NAME`: the findings of other programs.

#![cfg(unix)]

use std::os::unix::process::ExitStatusExt as _;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use snapbox::str;

use crate::support::json_schema;
use crate::support::{Run, Sandbox, owners, skipped};

/// A repository in which everything is in order, with two tracked files.
fn sandbox() -> Sandbox {
    Sandbox::current([
        (
            "owners.toml",
            "[groups]\ncore = '@org/core'\n[paths]\n'*' = 'core'\n",
        ),
        ("docs/é.md", "one\ntwo é x\n"),
    ])
}

/// A check that answers this, after it has read its input.
fn with_answer(answer: &Value) -> Sandbox {
    with_script(&format!("cat >/dev/null\ncat <<'END'\n{answer}\nEND\n"))
}

fn with_script(script: &str) -> Sandbox {
    let sandbox = sandbox();
    sandbox.write_program("../bin/owners-check-x", format!("#!/bin/sh\n{script}"));
    sandbox
}

fn check<'s>(sandbox: &'s Sandbox, arguments: &str) -> Run<'s> {
    let path = sandbox.path_with("../bin");
    sandbox
        .owners("check --plugin x")
        .args(arguments)
        .env("PATH", path)
}

/// An error in the configuration, a warning in another file, and one about a path.
fn findings() -> Value {
    json!({ "version": 1, "findings": [
        { "lint": "x/path", "level": "warning", "message": "a path", "path": "docs/é.md" },
        {
            "lint": "x/config", "level": "error", "message": "a group",
            "place": { "file": "owners.toml", "line": 2, "column": 1, "end_column": 5 },
            "notes": ["a note"], "helps": ["a help"],
        },
        {
            "lint": "x/path", "level": "warning", "message": "a place",
            "place": { "file": "docs/é.md", "line": 2, "column": 5, "end_line": 2, "end_column": 6 },
        },
    ] })
}

#[test]
fn findings_in_every_format() {
    let sandbox = with_answer(&findings());
    check(&sandbox, "").finds(str![[r#"
error[x/config]: a group
 --> owners.toml:2:1
  |
2 | core = '@org/core'
  | ^^^^
  |
  = note: a note
  = help: a help

warning[x/path]: a path
--> docs/é.md

warning[x/path]: a place
 --> docs/é.md:2:5
  |
2 | two é x
  |     ^

1 error, 2 warnings; 3 tracked paths: 3 owned

"#]]);
    check(&sandbox, "--format short").finds(str![[r#"
owners.toml:2:1: error[x/config]: a group
docs/é.md: warning[x/path]: a path
docs/é.md:2:5: warning[x/path]: a place

"#]]);
    check(&sandbox, "--format github").finds(str![[r#"
::error file=owners.toml,line=2,endLine=2,col=1,endColumn=5,title=x/config::a group%0Anote: a note%0Ahelp: a help
::warning file=docs/é.md,title=x/path::a path
::warning file=docs/é.md,line=2,endLine=2,col=5,endColumn=6,title=x/path::a place

"#]]);
    check(&sandbox, "--format markdown").finds(str![[r#"
### owners check: 1 error, 2 warnings

3 tracked paths: 3 owned

#### `x/config`: 1 error

| where | what | help |
|---|---|---|
| `owners.toml:2:1` | `a group` | `a help` |

#### `x/path`: 2 warnings

| where | what | help |
|---|---|---|
| `docs/é.md` | `a path` |  |
| `docs/é.md:2:5` | `a place` |  |

"#]]);
    let json = |format: &str| -> Value {
        let output = check(&sandbox, &format!("--format {format}")).output();
        assert_eq!(output.status.code(), Some(1), "{format}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let found = json("json");
    assert_eq!(found["summary"]["errors"], 1);
    assert_eq!(found["findings"][0]["lint"], "x/config");
    assert_eq!(found["findings"][0]["labels"][0]["end_column"], 5);
    assert_eq!(found["findings"][2]["labels"][0]["file"], "docs/é.md");
    assert_eq!(json("gitlab")[0]["check_name"], "x/config");
    let sarif = json("sarif");
    let published = include_str!("../schemas/sarif-2.1.0.json");
    let published: Value = serde_json::from_str(published).unwrap();
    assert_eq!(json_schema::faults(&published, &sarif), [""; 0]);
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let others: Vec<&Value> = rules.iter().map(|rule| &rule["id"]).rev().take(2).collect();
    assert_eq!(others, ["x/path", "x/config"]);
    assert_eq!(run["results"][0]["ruleId"], "x/config");
    assert_eq!(
        run["results"][2]["locations"][0]["physicalLocation"]["region"]["startColumn"],
        5
    );
}

/// A check may find the same in two ways. What differs in anything is another finding.
#[test]
fn equal_findings_are_one() {
    let finding = |message: &str, note: &str| {
        json!({
            "lint": "x/a", "level": "warning", "message": message, "path": "docs/é.md", "notes": [note],
        })
    };
    let (one, other) = (finding("one", "n"), finding("two", "n"));
    let noted = finding("one", "m");
    let all = [&one, &other, &one, &noted, &one];
    check(
        &with_answer(&json!({ "version": 1, "findings": all })),
        "--format short -v",
    )
    .prints(str![[r#"
docs/é.md: warning[x/a]: one
docs/é.md: warning[x/a]: two
docs/é.md: warning[x/a]: one

"#]]);
}

#[test]
fn levels() {
    let sandbox = with_answer(&findings());
    let ends = |run: Run<'_>, code: i32, summary: &str| {
        let output = run.output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{text}");
        assert!(text.contains(summary), "{summary}: {text}");
    };
    ends(check(&sandbox, "-q"), 1, "1 error, 2 warnings");
    ends(check(&sandbox, "-q -W x"), 0, "0 errors, 3 warnings");
    ends(check(&sandbox, "-q -A x/config"), 0, "0 errors, 2 warnings");
    ends(
        check(&sandbox, "-q -A x -D x/path"),
        1,
        "2 errors, 0 warnings",
    );
    ends(
        check(&sandbox, "-q -A x/config -D warnings"),
        1,
        "2 errors, 0 warnings",
    );
    let config = sandbox.read("owners.toml");
    let lints = "[lints]\n'x/path' = 'deny'\n'x/*' = 'allow'\n";
    sandbox.write("owners.toml", format!("{config}{lints}"));
    ends(check(&sandbox, "-q"), 1, "2 errors, 0 warnings");
    // Without the check, its levels mean nothing, and the command line may not have them.
    ends(sandbox.owners("check -q"), 0, "0 errors, 0 warnings");
    sandbox.owners("check -A y/z").refuses(str![[r#"
error: the check of `y/z` does not run
 = help: add `--plugin y`

"#]]);
    sandbox.owners("check -A x").refuses(str![[r#"
error: unknown lint `x`
 = help: `owners explain` lists them

"#]]);
    check(&sandbox, "-A x/**").refuses(str![[r#"
error: unknown lint `x/**`
 = help: `owners explain` lists them

"#]]);
    sandbox.owners("explain x/path").refuses(str![[r#"
error: `x/path` is not a lint of `owners` itself
 = help: `owners-check-x` reports it, with `owners check --plugin x`

"#]]);
    sandbox.write("owners.toml", format!("{config}[lints]\nx = 'allow'\n"));
    check(&sandbox, "").refuses(str![[r#"
error: unknown lint `x`
 --> owners.toml:6:1
  |
6 | x = 'allow'
  | ^ not known
  |
  = help: `owners explain` lists them; the lints of a check from outside are `"check/lint"` or `"check/*"`

1 error in the configuration

"#]]);
}

/// What it gets: the model, the paths, and its environment. It runs once, in the root.
#[test]
fn what_a_check_reads() {
    let script = r#"cat >"$OWNERS_ROOT/../input"
echo "$(pwd) $OWNERS_ROOT $OWNERS_CONFIG $OWNERS_PLUGIN_PROTOCOL" >>"$OWNERS_ROOT/../runs"
# A command that it runs is no check.
"$OWNERS" protocol >>"$OWNERS_ROOT/../runs"
echo '{"version":1,"findings":[]}'
"#;
    let sandbox = with_script(script);
    sandbox.write_program(
        "../bin/owners-protocol",
        "#!/bin/sh\necho ${OWNERS_PLUGIN_PROTOCOL-none}\n",
    );
    let inputs = |run: Run<'_>| {
        run.prints("0 errors, 0 warnings; 3 tracked paths: 3 owned\n");
        sandbox.read("../input")
    };
    let of =
        |arguments: &str| String::from_utf8(sandbox.owners(arguments).output().stdout).unwrap();
    let expected = of("export") + &of("export --paths");
    assert_eq!(
        inputs(check(&sandbox, "--plugin x").within("docs")),
        expected
    );
    let root = sandbox.root.display();
    let runs = format!("{root} {root} {root}/owners.toml 1\nnone\n");
    assert_eq!(sandbox.read("../runs"), runs);
    sandbox.git("commit -qm first");
    sandbox.write("new", "");
    sandbox.git("add new");
    let expected = of("export --rev HEAD") + &of("export --paths --rev HEAD");
    assert_eq!(inputs(check(&sandbox, "--rev HEAD")), expected);
}

/// A check that does not run must not look like one that finds nothing.
#[test]
fn a_check_that_fails() {
    for script in [
        "echo 'no team' >&2; printf '\\033[31mred\\n' >&2; exit 3",
        "kill -9 $$",
        "cat >/dev/null",
        "echo '[1,[]]'",
        "echo '{\"version\":1,\"findings\":['",
        "echo '{\"version\":1,\"findings\":[]} more'",
        "echo '{\"version\":2,\"findings\":[]}'",
        "echo '{\"version\":1}'",
        "echo '{\"version\":1,\"findings\":[],\"more\":1}'",
    ] {
        let sandbox = with_script(&format!("{script}\n"));
        let output = check(&sandbox, "").output();
        assert_eq!(output.status.code(), Some(2), "{script}");
        assert_eq!(output.stdout, b"", "{script}");
    }
    let failing = "echo 'no team' >&2; printf '\\033[31mred\\n' >&2; exit 3\n";
    check(&with_script(failing), "").refuses(str![[r#"
error: the check `x` failed: exit status: 3
 = note: it says:
         no team
         \u{1b}[31mred

"#]]);
    check(&with_script("kill -9 $$\n"), "").refuses(str![[r#"
error: the check `x` failed: signal: 9 (SIGKILL)

"#]]);
    check(
        &with_script("echo sorry >&2; echo '{\"version\":1,\"findings\":['\n"),
        "",
    )
    .refuses(str![[r#"
error: the check `x` failed: its answer is wrong: EOF while parsing a list at line 2 column 0
 = note: it says:
         sorry

"#]]);
    check(&with_script("echo '{\"version\":2,\"findings\":[]}'\n"), "").refuses(str![[r#"
error: the check `x` failed: its answer is wrong: its version is 2, and this `owners` knows 1

"#]]);
    check(&with_script("cat >/dev/null\n"), "").refuses(str![[r#"
error: the check `x` failed: its answer is wrong: it is empty

"#]]);
    check(&with_script("echo '[1,[]]'\n"), "").refuses(str![[r#"
error: the check `x` failed: its answer is wrong: it is not a JSON object

"#]]);
}

#[test]
fn a_check_that_does_not_start() {
    let sandbox = sandbox();
    sandbox.write_program("../bin/owners-check-xy", "#!/bin/sh\n");
    check(&sandbox, "").refuses(str![[r#"
error: there is no check `x`
 = note: no directory of PATH has a program `owners-check-x`
 = help: `owners --list` lists the checks that are there

"#]]);
    sandbox.write_program("../bin/owners-check-x", "#!/nowhere\n");
    check(&sandbox, "").refuses(str![[r#"
error: the check `x` failed: it does not start: No such file or directory (os error 2)
 = note: the file is there: its first line probably names a program that is not installed

"#]]);
    std::fs::remove_file(sandbox.root.join("../bin/owners-check-x")).unwrap();
    sandbox.write("../bin/owners-check-x", "#!/bin/sh\n");
    check(&sandbox, "").refuses(str![[r#"
error: there is no check `x`
 = note: `[ROOT]/../bin/owners-check-x` may not be run: `chmod +x` makes it executable
 = help: `owners --list` lists the checks that are there

"#]]);
}

#[test]
fn findings_that_are_wrong() {
    let finding = |key: &str, value: Value| {
        let mut finding = json!({ "lint": "x/a", "level": "error", "message": "m" });
        finding[key] = value;
        json!({ "version": 1, "findings": [finding] })
    };
    let place = |line: usize, column: usize| json!({ "file": "owners.toml", "line": line, "column": column });
    for (answer, expected) in [
        (
            finding("lint", json!("y/a")),
            "`lint` must be `x/` and a name",
        ),
        (
            finding("lint", json!("x/")),
            "`lint` must be `x/` and a name",
        ),
        (
            finding("lint", json!("x/a/b")),
            "`lint` must be `x/` and a name",
        ),
        (
            finding("lint", json!("unowned-path")),
            "`lint` must be `x/` and a name",
        ),
        (finding("level", json!("fatal")), "unknown variant `fatal`"),
        (finding("message", json!(" ")), "`message` is empty"),
        (
            finding("path", json!("/etc/passwd")),
            "`/etc/passwd` is not a path relative to the root",
        ),
        (
            finding("path", json!("../a")),
            "`../a` is not a path relative to the root",
        ),
        (
            finding("place", place(99, 1)),
            "`owners.toml` has no line 99 (`line`)",
        ),
        (
            finding("place", place(1, 99)),
            "line 1 of `owners.toml` has no column 99 (`column`)",
        ),
        (finding("colour", json!("red")), "unknown field `colour`"),
    ] {
        let output = check(&with_answer(&answer), "").output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{answer}");
        assert!(
            said.contains("the check `x` failed: its answer is wrong"),
            "{said}"
        );
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn a_check_has_a_time_limit() {
    // One never answers, the other answers and stays.
    for script in [
        "echo waiting >&2; exec sleep 60\n",
        "echo '{}'; exec >&-; exec sleep 60\n",
    ] {
        let sandbox = with_script(script);
        let start = Instant::now();
        let output = check(&sandbox, "--plugin-timeout 1").output();
        assert!(start.elapsed().as_secs() < 30, "{script}");
        assert_eq!(output.status.code(), Some(2), "{script}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("the check `x` failed: it has not ended after 1 second"),
            "{said}"
        );
        assert!(said.contains("--plugin-timeout"), "{said}");
        assert_eq!(
            said.contains("waiting"),
            script.contains("waiting"),
            "{said}"
        );
    }
    sandbox()
        .owners("check --plugin-timeout 1")
        .refuses(str![[r#"
error: the following required arguments were not provided:
  --plugin <NAME>

Usage: owners check --plugin <NAME> --plugin-timeout <SECONDS>

For more information, try '--help'.

"#]]);
}

/// What a check started ends with it: when its time is up, and when `owners` is interrupted.
#[test]
fn no_process_of_a_check_is_left_behind() {
    // It has a child of its own, as a script that waits for another program.
    let script = r#"while sleep 0.02; do echo >>"$OWNERS_ROOT/../beats"; done & wait"#;
    let beats = |sandbox: &Sandbox| {
        std::fs::read(sandbox.root.join("../beats")).map_or(0, |text| text.len())
    };
    let is_gone = |sandbox: &Sandbox| {
        thread::sleep(Duration::from_millis(200));
        let before = beats(sandbox);
        thread::sleep(Duration::from_millis(400));
        before > 0 && beats(sandbox) == before
    };
    let sandbox = with_script(script);
    let output = check(&sandbox, "--plugin-timeout 1").output();
    assert_eq!(output.status.code(), Some(2));
    assert!(is_gone(&sandbox), "after its time");

    for (signal, number) in [("INT", 2), ("TERM", 15)] {
        let sandbox = with_script(script);
        let mut command = sandbox.command(owners());
        command.env("PATH", sandbox.path_with("../bin"));
        let mut running = command.args(["check", "--plugin", "x"]).spawn().unwrap();
        while beats(&sandbox) == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        let id = running.id().to_string();
        let sent = sandbox.command("kill").args(["-s", signal, &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(running.wait().unwrap().signal(), Some(number));
        assert!(is_gone(&sandbox), "after {signal}");
    }
}

/// Its answer is complete when nobody can write to its standard output any more.
#[test]
fn a_child_that_keeps_the_output_open() {
    let sandbox = with_script("sleep 60 &\necho '{\"version\":1,\"findings\":[]}'\n");
    check(&sandbox, "--plugin-timeout 1").refuses(str![[r#"
error: the check `x` failed: it has ended, but after 1 second a process that it started still has its standard output open
 = help: start that process with its standard output closed

"#]]);
}

#[test]
fn a_large_answer() {
    let sandbox = with_script("exec head -c 20000000 /dev/zero\n");
    check(&sandbox, "").refuses(str![[r#"
error: the check `x` failed: its answer has more than 16777216 bytes

"#]]);
    // What it says is not kept either, and what it does not read is no error.
    let answer = "head -c 20000000 /dev/zero >&2; echo '{\"version\":1,\"findings\":[]}'\n";
    check(&with_script(answer), "").prints("0 errors, 0 warnings; 3 tracked paths: 3 owned\n");
}

#[test]
fn what_a_check_answers_is_shown_escaped() {
    const EVIL: &str = "\u{1b}[31m\u{202e}\n::error::x";
    let sandbox = with_answer(&json!({ "version": 1, "findings": [{
        "lint": "x/evil", "level": "error", "message": EVIL, "path": EVIL,
        "notes": [EVIL], "helps": [EVIL],
    }, {
        "lint": "x/evil", "level": "error", "message": EVIL,
        "place": { "file": EVIL, "line": 1, "column": 1 },
    }] }));
    for format in [
        "human", "short", "json", "markdown", "github", "sarif", "gitlab",
    ] {
        let output = check(&sandbox, &format!("--format {format}")).output();
        assert_eq!(output.status.code(), Some(1), "{format}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            text.contains("error") && !text.contains(['\u{1b}', '\u{202e}']),
            "{text}"
        );
        let mut lines = text.lines().map(str::trim_start);
        assert!(!lines.any(|line| line.starts_with("::error::x")), "{text}");
    }
}

/// A place outside of the repository, and a file that is no text, are named and not read.
#[test]
fn files_that_cannot_be_shown() {
    let answer = |file: &str| {
        with_answer(&json!({ "version": 1, "findings": [{
            "lint": "x/a", "level": "warning", "message": "m",
            "place": { "file": file, "line": 3, "column": 4 },
        }] }))
    };
    let sandbox = answer("link");
    sandbox.write("../secret", "secret\n\n    secret\n");
    sandbox.link("link", "../secret");
    check(&sandbox, "").prints(str![[r#"
warning[x/a]: m
--> link
 = note: at link:3:4

0 errors, 1 warning; 3 tracked paths: 3 owned

"#]]);
    let sandbox = answer("bytes");
    sandbox.write("bytes", b"\xff\n\n\n");
    let output = check(&sandbox, "--format short").output();
    assert_eq!(output.stdout, "bytes: warning[x/a]: m\n".as_bytes());
}

/// A change is not blamed for what it does not touch, and nothing is fixed.
#[test]
fn changes_and_fixes() {
    let sandbox = with_answer(&findings());
    sandbox.git("commit -qm first");
    sandbox.git("checkout -qb topic");
    sandbox.write("new", "");
    sandbox.git("add new");
    check(&sandbox, "--changed main -q").prints("0 errors, 0 warnings; 4 tracked paths: 4 owned\n");
    sandbox.write("docs/é.md", "one\ntwo é y\n");
    let output = check(&sandbox, "--changed main -q").output();
    assert_eq!(
        output.stdout,
        b"0 errors, 2 warnings; 4 tracked paths: 4 owned\n"
    );
    let before = sandbox.read("owners.toml");
    let output = check(&sandbox, "--fix=tree -q").output();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(sandbox.read("owners.toml"), before);
}

/// The example is a check that a person could install.
#[test]
fn the_example_in_python() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[groups]\ncore = '@org/core'\nidle = '@i'\n[groups.wasi]\nmembers = '@a'\ncontact = 'chat'\n\
             [paths]\n'*' = 'core'\n'/wasi/' = 'wasi'\n'*.lock' = '@c'\n",
        ),
        ("a.lock", ""),
        ("wasi/b.lock", ""),
        ("wasi/c", ""),
    ]);
    if sandbox
        .command("python3")
        .arg("--version")
        .output()
        .is_err()
    {
        return skipped("there is no python3");
    }
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/plugins");
    let run = sandbox.owners("check --plugin contacts -A unused-group");
    run.env("PATH", Sandbox::path_of(plugins)).finds(str![[r##"
error[contacts/missing]: the group `core` owns paths and has no contact
 --> owners.toml:2:1
  |
2 | core = '@org/core'
  | ^^^^
  |
  = help: write `contact = "#channel"` under `[groups.core]`

warning[contacts/no-group]: no group owns the paths of the rule `*.lock`: 2 paths
--> a.lock
 = note: the rule is owners.toml:10
 = help: put the owners into a group that has a contact

1 error, 1 warning; 5 tracked paths: 5 owned

"##]]);
}
