//! Merge conflicts in the generated file, from real merges.

use snapbox::str;

use crate::support::Sandbox;

const BY_HAND: &str = "*     @all\n/api/ @api\n/doc/ @doc\n/web/ @web\n";

/// A branch `main` that adopts `owners.toml`, and a branch `topic` that edits the file by hand. Both
/// change the owners of `/doc/`.
fn adopted_on_main() -> Sandbox {
    let sandbox = Sandbox::committed([
        ("CODEOWNERS", BY_HAND),
        ("api/x", ""),
        ("doc/x", ""),
        ("web/x", ""),
    ]);
    sandbox.git("checkout -qb topic");
    let edited = BY_HAND.replace("/doc/ @doc", "/doc/ @writers");
    sandbox.write("CODEOWNERS", edited);
    sandbox.git("commit -qam topic");
    sandbox.git("checkout -q main");
    sandbox.owners("init -q --write-output --force").prints("");
    let config = sandbox.read("owners.toml").replace("@doc", "@editors");
    sandbox.write("owners.toml", config);
    sandbox.git("add -A");
    sandbox.owners("gen -q --stage").prints("");
    sandbox.git("commit -qm adopt");
    sandbox
}

fn conflict(sandbox: &Sandbox, arguments: &str) {
    let mut command = sandbox.command("git");
    command.args(arguments.split_whitespace());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "no conflict: {output:?}");
    let text = sandbox.read("CODEOWNERS");
    assert!(text.starts_with("# @generated"), "{text}");
    assert!(text.contains("\n<<<<<<< "), "{text}");
}

/// `gen` and `check` refuse, and the commands that they name work.
#[track_caller]
fn refuses(sandbox: &Sandbox, side: &str, stage: &str, directory: &str, add: &str) {
    let conflicted = sandbox.read("CODEOWNERS");
    let message = format!(
        "`{directory}CODEOWNERS` has an unresolved merge conflict
--> {directory}CODEOWNERS
 = note: its side `{side}` was written by hand: `owners gen` would lose the changes there
 = help: make these changes in owners.toml: `git diff :1:CODEOWNERS :{stage}:CODEOWNERS` shows them
 = help: then run `owners gen --force` and `{add}`
"
    );
    let cwd = if directory.is_empty() { "." } else { "doc" };
    for command in ["gen", "gen --stage"] {
        let output = sandbox.owners(&format!("-C {cwd} {command}")).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert_eq!(said, format!("error: {message}"));
    }
    let summary = "1 error, 0 warnings; 5 tracked paths: 5 owned\n";
    for command in ["check", "check --fix"] {
        let output = sandbox.owners(&format!("-C {cwd} {command}")).output();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(said, format!("error[stale-output]: {message}\n{summary}"));
    }
    assert_eq!(sandbox.read("CODEOWNERS"), conflicted);
    let shown = sandbox.git_in(cwd, &format!("diff :1:CODEOWNERS :{stage}:CODEOWNERS"));
    assert!(
        shown.contains("\n-/doc/ @doc\n+/doc/ @writers\n"),
        "{shown}"
    );
    let config = sandbox.read("owners.toml").replace("@editors", "@writers");
    sandbox.write("owners.toml", config);
    sandbox
        .owners(&format!("-C {cwd} gen --force -q"))
        .prints("");
    sandbox.git_in(cwd, add.strip_prefix("git ").unwrap());
    sandbox.git("add owners.toml");
    sandbox.git("commit -qm merged");
    sandbox.owners("check -q --format short").prints("");
    assert!(sandbox.read("CODEOWNERS").contains("@writers"));
}

#[test]
fn main_merged_into_a_branch_that_edits_by_hand() {
    let sandbox = adopted_on_main();
    sandbox.git("checkout -q topic");
    conflict(&sandbox, "merge -q main");
    refuses(&sandbox, "ours", "2", "", "git add CODEOWNERS");
}

#[test]
fn a_branch_that_edits_by_hand_merged_into_main() {
    let sandbox = adopted_on_main();
    conflict(&sandbox, "-c merge.conflictStyle=zdiff3 merge -q topic");
    refuses(&sandbox, "theirs", "3", "../", "git add :/CODEOWNERS");
}

#[test]
fn a_commit_by_hand_picked_onto_main() {
    let sandbox = adopted_on_main();
    conflict(&sandbox, "cherry-pick topic");
    refuses(&sandbox, "theirs", "3", "", "git add CODEOWNERS");
}

/// No operation is in progress, but the index has the conflict.
#[test]
fn a_stash_by_hand() {
    let sandbox = adopted_on_main();
    sandbox.git("checkout -q topic");
    sandbox.git("reset -q --soft HEAD~1");
    sandbox.git("stash -q");
    sandbox.git("checkout -q main");
    conflict(&sandbox, "stash pop -q");
    refuses(&sandbox, "theirs", "3", "", "git add CODEOWNERS");
}

/// Git leaves our side in the working tree, without markers.
#[test]
fn a_file_that_git_does_not_merge() {
    let sandbox = adopted_on_main();
    sandbox.write(".git/info/attributes", "CODEOWNERS -merge\n");
    let mut command = sandbox.command("git");
    let output = command.args(["merge", "-q", "topic"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    sandbox.owners("check -q --format short").prints("");
    let config = sandbox.read("owners.toml").replace("@web", "@ui");
    sandbox.write("owners.toml", config);
    refuses(&sandbox, "theirs", "3", "", "git add CODEOWNERS");
}

/// Without a common ancestor, the side itself is shown.
#[test]
fn a_file_that_both_sides_add() {
    let sandbox = adopted_on_main();
    sandbox.git("checkout -q --orphan other");
    sandbox.git("rm -qrf .");
    sandbox.write("CODEOWNERS", "/doc/ @writers\n");
    sandbox.git("add -A");
    sandbox.git("commit -qm other");
    sandbox.git("checkout -q main");
    let mut command = sandbox.command("git");
    command.args(["merge", "-q", "--allow-unrelated-histories", "other"]);
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    sandbox.owners("gen").refuses(str![[r#"
error: `CODEOWNERS` has an unresolved merge conflict
--> CODEOWNERS
 = note: its side `theirs` was written by hand: `owners gen` would lose the changes there
 = help: make these changes in owners.toml: `git show :3:CODEOWNERS` shows them
 = help: then run `owners gen --force` and `git add CODEOWNERS`

"#]]);
    assert_eq!(sandbox.git("show :3:CODEOWNERS"), "/doc/ @writers\n");
}

/// Both sides adopt `owners.toml`: the common ancestor, which the markers show, is written by hand.
#[test]
fn a_file_that_both_sides_generate() {
    let sandbox = adopted_on_main();
    sandbox.git("checkout -q topic");
    sandbox.git("reset -q --hard HEAD~1");
    sandbox.git("checkout -q main owners.toml");
    let config = sandbox.read("owners.toml").replace("@editors", "@writers");
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q --force").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm adopt");
    let mut command = sandbox.command("git");
    command.args(["-c", "merge.conflictStyle=diff3", "merge", "-q", "main"]);
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    sandbox.owners("gen").refuses(str![[r#"
error: there is an unresolved merge conflict
 --> owners.toml:1:1
  |
1 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ up to line 26
  |
  = help: resolve it in this file, and remove the four lines that git added, and what is below `|||||||`; then run `owners gen`, and `git add` this file and the generated one

1 error in the configuration

"#]]);
    sandbox.git("checkout -q --ours owners.toml");
    sandbox.owners("gen").exits(0, "", "updated CODEOWNERS\n");
}
