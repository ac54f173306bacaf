//! Many findings: people see the first of each lint, programs see all.

use std::fs;

use serde_json::Value;
use snapbox::{file, str};

use crate::support::Sandbox;

/// Unowned paths in several directories, beside owned ones.
fn unowned() -> Sandbox {
    let owned = [
        "owners.toml",
        ".github/CODEOWNERS",
        "src/owned.rs",
        "src/deep/owned.rs",
    ];
    let rules: String = owned
        .iter()
        .map(|path| format!("'/{path}' = '@a'\n"))
        .collect();
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    sandbox.write("owners.toml", format!("[paths]\n{rules}"));
    for path in [
        "Makefile",
        "README.md",
        "alone/only.txt",
        "src/a.rs",
        "src/b.rs",
        "src/whole/1",
        "src/whole/2",
        "src/deep/one.rs",
        "src/owned.rs",
        "src/deep/owned.rs",
    ] {
        sandbox.write(path, "");
    }
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox
}

/// A repository with this many patterns that match nothing.
fn dead(count: usize) -> Sandbox {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    let rules: String = (0..count)
        .map(|n| format!("'/gone{n}/' = '@a'\n"))
        .collect();
    sandbox.write("owners.toml", format!("[paths]\n'*' = '@a'\n{rules}"));
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox
}

fn text(output: std::process::Output) -> String {
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn unowned_paths_are_shown_by_directory() {
    let sandbox = unowned();
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: 3 paths in `./` are unowned
 = note: `Makefile`, `README.md`, `alone/only.txt`
 = help: add a rule for each under `[paths]`: `"/Makefile" = "@a"`, `"/README.md" = "@a"`, `"/alone/" = "@a"`; or `= []` for nobody

error[unowned-path]: 5 paths in `src/` are unowned
--> src/
 = note: `a.rs`, `b.rs`, `deep/one.rs`, `whole/` (2 paths)
 = help: add a rule under `[paths]`: `"/src/" = "@a"`, or `= []` for nobody; before all other rules, it takes no path from its owners

2 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
    sandbox.owners("check").within("src").finds(str![[r#"
error[unowned-path]: 3 paths in `../` are unowned
 = note: `Makefile`, `README.md`, `alone/only.txt`
 = help: add a rule for each under `[paths]`: `"/Makefile" = "@a"`, `"/README.md" = "@a"`, `"/alone/" = "@a"`; or `= []` for nobody

error[unowned-path]: 5 paths in `./` are unowned
--> ./
 = note: `a.rs`, `b.rs`, `deep/one.rs`, `whole/` (2 paths)
 = help: add a rule under `[paths]`: `"/src/" = "@a"`, or `= []` for nobody; before all other rules, it takes no path from its owners

2 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
    // Each on its own, with every path.
    sandbox
        .owners("check -v")
        .finds(file!["backlog/verbose.txt"]);
    let json: Value =
        serde_json::from_slice(&sandbox.owners("check --json").output().stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 7);
    assert_eq!(json["summary"]["unowned"], 8);
    // The numbers for people count what they see, the others each finding.
    assert_eq!(json["summary"]["errors"], 7);
    let verbose = text(sandbox.owners("check -v").output());
    assert!(verbose.contains("\n7 errors, 0 warnings;"), "{verbose}");
    for format in ["short", "github"] {
        let lines = text(sandbox.owners(&format!("check --format {format}")).output());
        assert_eq!(lines.lines().count(), 7, "{lines}");
    }
}

/// The rule that is suggested for a directory changes the owners of no owned path, and leaves
/// nothing unowned there.
#[test]
fn the_rule_for_a_directory_takes_nothing_away() {
    let sandbox = unowned();
    let owned = text(sandbox.owners("ls --owner @a").output());
    let shown = text(sandbox.owners("check").output());
    let rules: Vec<String> = shown
        .lines()
        .filter_map(|line| Some(line.split_once("under `[paths]`: ")?.1))
        .flat_map(|help| help.split('`'))
        .filter_map(|rule| Some(rule.split_once(" = ")?.0).filter(|key| !key.is_empty()))
        .map(|key| format!("{key} = '@new'"))
        .collect();
    assert_eq!(rules.len(), 4, "{shown}");
    let config = sandbox
        .read("owners.toml")
        .replace("[paths]\n", &format!("[paths]\n{}\n", rules.join("\n")));
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    sandbox.owners("ls --unowned").prints("");
    assert_eq!(text(sandbox.owners("ls --owner @a").output()), owned);
}

#[test]
fn the_first_findings_of_a_lint_are_shown() {
    let sandbox = dead(25);
    let shown = text(sandbox.owners("check").output());
    assert_eq!(shown.matches("warning[dead-pattern]").count(), 20);
    let end = shown.split_once("… and").unwrap().1;
    sandbox.assert_eq(
        end.as_bytes(),
        str![[r#"
 5 more of `dead-pattern` (`-v` shows all)

0 errors, 25 warnings; 2 tracked paths: 2 owned
`--fix=tree` can fix 25
for a backlog: `owners check --changed <base>` reports only what a change to that branch causes

"#]],
    );
    let all = text(sandbox.owners("check -v").output());
    assert_eq!(all.matches("warning[dead-pattern]").count(), 25);
    assert!(!all.contains("… and"));
    let json: Value =
        serde_json::from_slice(&sandbox.owners("check --json").output().stdout).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 25);
    // As many as are shown, and nothing is said of more.
    let shown = text(dead(20).owners("check").output());
    assert_eq!(shown.matches("warning[dead-pattern]").count(), 20);
    assert!(!shown.contains("… and") && !shown.contains("backlog"));
}

#[test]
fn a_backlog_of_unowned_paths() {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    let rules: String = (0..25)
        .map(|n| format!("'/d{n:02}/owned' = '@a'\n"))
        .collect();
    sandbox.write(
        "owners.toml",
        format!("[paths]\n{rules}'/*' = '@a'\n'.github/' = '@a'\n"),
    );
    for n in 0..25 {
        for name in ["owned", "a", "b"] {
            sandbox.write(format!("d{n:02}/{name}"), "");
        }
    }
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    let shown = text(sandbox.owners("check").output());
    assert_eq!(shown.matches("error[unowned-path]").count(), 20);
    let end = shown.split_once("… and").unwrap().1;
    sandbox.assert_eq(
        end.as_bytes(),
        str![[r#"
 5 more of `unowned-path` (`-v` shows all)

25 errors, 0 warnings; 77 tracked paths: 27 owned, 50 unowned
for a backlog: `owners check --changed <base>` reports only what a change to that branch causes
paths that need no owner yet: `owners check --exempt-unowned` lists them in owners.toml

"#]],
    );
    sandbox.write("d00/new", "");
    sandbox.git("add -A");
    sandbox.owners("check --changed HEAD").finds(str![[r#"
error[unowned-path]: `d00/new` is unowned
--> d00/new
 = help: add a rule under `[paths]`: `"/d00/new" = "@a"`, or `= []` for nobody

1 error, 0 warnings; 78 tracked paths: 27 owned, 51 unowned

"#]]);
}

#[test]
fn quiet_is_the_summary() {
    let sandbox = unowned();
    sandbox.owners("check -q").finds(str![[r#"
2 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
    // No annotations either.
    sandbox
        .owners("check -q")
        .env("GITHUB_ACTIONS", "true")
        .finds(str![[r#"
2 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
    // A format for programs is what it is.
    let short = sandbox.owners("check --format short").output().stdout;
    assert_eq!(
        sandbox.owners("check -q --format short").output().stdout,
        short
    );
    sandbox.owners("check -q -A unowned-path").prints(str![[r#"
0 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
}

/// In GitHub Actions, where only ten annotations show, the whole result is in the job summary.
#[test]
fn the_summary_of_a_job() {
    let sandbox = unowned();
    let summary = sandbox.root.join("../summary.md");
    let run = |arguments: &str| {
        sandbox
            .owners(arguments)
            .env("GITHUB_STEP_SUMMARY", &summary)
    };
    fs::write(&summary, "# Of another command\n").unwrap();
    let shown = run("check").output();
    assert_eq!(shown.status.code(), Some(1));
    assert_eq!(shown.stdout, sandbox.owners("check").output().stdout);
    let written = fs::read_to_string(&summary).unwrap();
    sandbox.assert_eq(written.as_bytes(), file!["backlog/summary.md"]);
    // With every format, and quiet. The file need not exist.
    for arguments in ["check -q", "check --json", "check --format short"] {
        fs::remove_file(&summary).unwrap();
        let _ = run(arguments).output();
        let again = fs::read_to_string(&summary).unwrap();
        assert_eq!(
            format!("# Of another command\n{again}"),
            written,
            "{arguments}"
        );
    }
    // The same as a comment.
    let comment = text(sandbox.owners("check --format markdown").output());
    assert_eq!(format!("# Of another command\n{comment}"), written);
    sandbox.write("owners.toml", "[paths]\n'/a' = 'gone'\n");
    fs::remove_file(&summary).unwrap();
    assert_eq!(run("check").output().status.code(), Some(2));
    let written = fs::read_to_string(&summary).unwrap();
    sandbox.assert_eq(written.as_bytes(), str![[r####"
### owners check: the configuration has errors

1 error

| where | what | help |
|---|---|---|
| `owners.toml:2:8` | `` unknown group `gone` `` | `` define it under `[groups]`: `gone = ["@user"]`; a user is written `@gone` `` |

"####]]);
}

/// GitHub drops the summary of a step that writes more than 1 MiB.
#[test]
fn the_summary_of_a_job_has_a_limit() {
    let sandbox = dead(11_000);
    let summary = sandbox.root.join("../summary.md");
    let run = || {
        sandbox
            .owners("check -q")
            .env("GITHUB_STEP_SUMMARY", &summary)
    };
    run().prints("0 errors, 11000 warnings; 2 tracked paths: 2 owned\n");
    let size = || fs::metadata(&summary).unwrap().len();
    assert!(size() < 1 << 20 && size() > 1_000_000, "{}", size());
    let written = fs::read_to_string(&summary).unwrap();
    let last = written.lines().last().unwrap();
    assert!(
        last.starts_with("… and ") && last.ends_with("`owners check -v` shows all."),
        "{last}"
    );
    // The same step again: nothing more fits, and the verdict is the same.
    let again = run().output();
    assert_eq!(again.status.code(), Some(0));
    assert!(size() < 1 << 20);
    // A comment on a pull request is shorter.
    let comment = text(sandbox.owners("check --format markdown").output());
    assert!(comment.len() < 65_536, "{}", comment.len());
}

/// The verdict is that of the check, and the error says why there is no summary.
#[test]
fn a_summary_that_cannot_be_written() {
    let sandbox = unowned();
    let run = |arguments: &str| {
        sandbox
            .owners(arguments)
            .env("GITHUB_STEP_SUMMARY", &sandbox.root)
    };
    run("check -q -A unowned-path").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]],
        str![[r#"
error: cannot add the result to the job summary `[ROOT]`
 = note: Is a directory (os error 21)

"#]],
    );
    assert_eq!(run("check -q").output().status.code(), Some(1));
    // An empty variable is none.
    sandbox
        .owners("check -q -A unowned-path")
        .env("GITHUB_STEP_SUMMARY", "")
        .prints(str![[r#"
0 errors, 0 warnings; 12 tracked paths: 4 owned, 8 unowned

"#]]);
}

/// Names are anybody's: none starts markup, a table cell, a mention or a line.
#[cfg(unix)]
#[test]
fn hostile_names_in_markdown() {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    sandbox.write(
        "owners.toml",
        "[paths]\n'owners.toml' = '@a'\n'.github/' = '@a'\n",
    );
    for name in [
        "a|b",
        "`c`",
        "``@org/all",
        "<img src=x>",
        "d\n\n# e",
        "[f](g)",
        "::add-mask::h",
    ] {
        sandbox.write(name, "");
    }
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    let comment = text(sandbox.owners("check --format markdown").output());
    sandbox.assert_eq(comment.as_bytes(), file!["backlog/hostile.md"]);
    for row in comment
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("unowned"))
    {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 4, "{row}");
    }
}
