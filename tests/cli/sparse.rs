//! Sparse checkouts: what is left out of the working tree is read from the index, by every command.

use std::fs;

use snapbox::str;

use crate::support::Sandbox;

/// A repository with a CODEOWNERS file that somebody wrote, of which only `src` is checked out.
fn without_github() -> Sandbox {
    let sandbox = Sandbox::committed([
        (".github/CODEOWNERS", "* @all\n/src/ @core\n"),
        ("src/a", ""),
        ("docs/b", ""),
    ]);
    sandbox.git("sparse-checkout set --no-cone /src/");
    assert!(!sandbox.root.join(".github").exists());
    sandbox
}

#[test]
fn a_codeowners_file_that_is_left_out_decides() {
    let sandbox = without_github();
    sandbox.owners("diff --exit-code").exits(
        0,
        str![[r#"
No path changed owners between HEAD and the working tree.

"#]],
        str![""],
    );
    // One that outranks it is found in the working tree.
    fs::create_dir(sandbox.root.join(".github")).unwrap();
    sandbox.write(".github/CODEOWNERS", "* @other\n");
    let output = sandbox.owners("diff --exit-code").output();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_codeowners_file_that_is_left_out_is_imported() {
    for from in ["", " --from .github/CODEOWNERS"] {
        let sandbox = without_github();
        sandbox.owners(&format!("init{from}")).exits(
            0,
            "",
            str![[r#"
wrote owners.toml: 2 lines of .github/CODEOWNERS became 2 rules; 3 tracked paths compared, no difference
next: `owners gen --force` replaces .github/CODEOWNERS
add to .gitattributes: /.github/CODEOWNERS text eol=lf linguist-generated

"#]],
        );
        assert!(sandbox.read("owners.toml").contains("@core"));
        sandbox.owners("init").refuses(str![[r#"
error: `owners.toml` exists already
 = help: edit it, or run `owners init --force` to replace it

"#]]);
    }
}

/// A repository with a configuration, one below it, and a roster.
fn with_configurations() -> Sandbox {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            r"nested = true
[check]
roster = 'people.md'
[groups]
core = { members = ['@core'] }
[paths]
'*' = '@all'
'/src/' = 'core'
",
        ),
        ("people.md", "@core @all\n"),
        ("src/a", ""),
        ("docs/owners.toml", "[paths]\n'*' = '@docs'\n"),
        ("docs/b", ""),
    ]);
    sandbox.git("commit -qm x");
    sandbox
}

#[test]
fn a_configuration_that_is_left_out_counts() {
    let sandbox = with_configurations();
    let commands = [
        "ls --name-only --owner @core",
        "ls --name-only --owner @docs",
        "ls --nobody",
        "who src/a docs/b",
        "who --json docs/",
        "check -D warnings",
        "check --changed HEAD",
        "check --untracked",
        "check --fix --dry-run",
        "stats",
        "map --lines -o -",
        "export",
        "export --paths",
        "gen --check",
        "gen --stdout",
        "gen",
        "diff --exit-code",
        "reviewers main",
    ];
    let answers = |sandbox: &Sandbox| {
        commands.map(|command| {
            let output = sandbox.owners(command).output();
            (output.status.code(), output.stdout, output.stderr)
        })
    };
    let whole = answers(&sandbox);
    for sparse in [
        "sparse-checkout set --no-cone /src/",
        "sparse-checkout set --no-cone /src/ /owners.toml",
        "sparse-checkout set --no-cone /src/ /docs/owners.toml",
    ] {
        sandbox.git(sparse);
        let found = answers(&sandbox);
        for (command, (found, whole)) in commands.iter().zip(found.iter().zip(&whole)) {
            assert_eq!(found, whole, "{sparse}: {command}");
        }
        assert!(!sandbox.root.join("people.md").exists());
    }
}

#[test]
fn a_configuration_that_is_left_out_is_not_replaced() {
    let sandbox = with_configurations();
    sandbox.git("sparse-checkout set --no-cone /src/");
    sandbox.owners("init").refuses(str![[r#"
error: `owners.toml` exists already
 = help: edit it, or run `owners init --force` to replace it

"#]]);
}

#[test]
fn a_configuration_that_is_left_out_can_be_named() {
    let sandbox = with_configurations();
    sandbox.git("sparse-checkout set --no-cone /src/");
    sandbox
        .owners("ls --name-only --owner @docs --config docs/owners.toml")
        .prints(".github/CODEOWNERS\ndocs/b\ndocs/owners.toml\nowners.toml\npeople.md\nsrc/a\n");
}

/// Git says that a file is left out by a bit in the index; the list of what to check out is no more
/// than where the bit usually comes from.
#[test]
fn the_index_says_what_is_left_out() {
    let sandbox = with_configurations();
    sandbox.git("sparse-checkout set --no-cone /src/");
    sandbox.git("sparse-checkout disable");
    sandbox.git("update-index --skip-worktree owners.toml");
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    fs::remove_file(sandbox.root.join(".git/info/sparse-checkout")).unwrap();
    sandbox.owners("who src/a").prints("src/a  @core\n");
    // Deleted by hand, it is on its way out.
    sandbox.git("update-index --no-skip-worktree owners.toml");
    let output = sandbox.owners("who src/a").output();
    assert_eq!(output.status.code(), Some(2));
}

/// What is left out cannot be edited, and the message says why.
#[test]
fn fixing_what_is_left_out() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            r"[groups]
idle = '@x'
[paths]
'*' = '@all'
",
        ),
        ("src/a", ""),
    ]);
    sandbox.git("commit -qm x");
    sandbox.git("sparse-checkout set --no-cone /src/");
    sandbox.owners("check --fix").refuses(str![[r#"
error: cannot edit `owners.toml`: it is not checked out
 = help: check its directory out with `git sparse-checkout add`, and run the command again

"#]]);
}
