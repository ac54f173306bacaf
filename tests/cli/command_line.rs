//! What all commands have in common: formats, colors, places relative to the current directory,
//! and hints about the command line.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

/// A committed repository in which `docs/a` is unowned and a pattern matches nothing.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[paths]\n'/src/' = '@a'\n'/gone/' = '@b'\n'/*.toml' = '@a'\n'.github/' = []\n",
        ),
        ("docs/a", ""),
        ("src/b/c", ""),
    ]);
    sandbox.git("commit -qm x");
    sandbox
}

/// `--json` and `--format json` are the same, wherever there are formats.
#[test]
fn json_has_a_short_form_everywhere() {
    let sandbox = sandbox();
    for command in [
        "check",
        "who src/b/c",
        "ls",
        "stats",
        "diff",
        "reviewers HEAD",
        "suggest --rev HEAD",
        "risk --rev HEAD",
    ] {
        let json = |option: &str| sandbox.owners(&format!("{command} {option}")).output();
        let (short, long) = (json("--json"), json("--format json"));
        assert_eq!(short.stdout, long.stdout, "{command}");
        assert_eq!(short.status, long.status, "{command}");
        assert!(short.stdout.starts_with(b"{\"version\":1,"), "{command}");
        let human = sandbox.owners(command).output();
        assert_eq!(human.stdout, json("--format human").stdout, "{command}");
        assert_ne!(human.stdout, long.stdout, "{command}");
        let both = json("--json --format human");
        assert_eq!(both.status.code(), Some(2), "{command}");
    }
}

/// People get paths that they can click on and paste. Programs get paths from the root.
#[test]
fn paths_are_relative_to_the_current_directory() {
    let sandbox = sandbox();
    let run = |arguments: &str| sandbox.owners(arguments).within("docs");
    run("check -A shadowed-rule").finds(str![[r#"
warning[dead-pattern]: no tracked path matches `/gone/`
 --> ../owners.toml:3:1
  |
3 | '/gone/' = '@b'
  | ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

error[unowned-path]: `a` is unowned
--> a
 = help: add a rule under `[paths]`: `"/docs/" = "@a"`, or `= []` for nobody

1 error, 1 warning; 4 tracked paths: 2 owned, 1 nobody, 1 unowned
`--fix=tree` can fix 1

"#]]);
    run("check --format short").finds(str![[r#"
../owners.toml:3:1: warning[dead-pattern]: no tracked path matches `/gone/`
a: error[unowned-path]: `a` is unowned

"#]]);
    let everywhere = |format: &str| {
        let arguments = format!("check --format {format}");
        let at_root = sandbox.owners(&arguments).output().stdout;
        assert_eq!(run(&arguments).output().stdout, at_root, "{format}");
        assert!(!at_root.is_empty());
    };
    ["json", "github", "sarif", "gitlab"]
        .into_iter()
        .for_each(everywhere);
    run("who a ../src/ ../src/b/c .").exits(
        1,
        str![[r#"
a           (unowned)
../src/     @a  (1 path)
../src/b/c  @a
./          (unowned)  (1 path)

"#]],
        "",
    );
    run("who --explain ../src/b/c").prints(str![[r#"
../src/b/c  @a
    decided by ../owners.toml:2:1: '/src/' = '@a'

"#]]);
    run("stats --by dir").prints(str![[r#"
4 paths, 2 owned (50.0%), 1 nobody (25.0%), 1 unowned (25.0%)

directory            paths   owned  nobody  unowned
(files at the root)      1  100.0%    0.0%     0.0%
../.github/              1    0.0%  100.0%     0.0%
./                       1    0.0%    0.0%   100.0%
../src/                  1  100.0%    0.0%     0.0%

unowned
a

"#]]);
    sandbox.write("src/b/c", "changed");
    run("reviewers HEAD").prints(str![[r#"
1 path changed since HEAD; the owners are from its .github/CODEOWNERS

@a  (1 path)
  ../src/b/c

enough: @a  (no smaller set covers every owned path)

"#]]);
    sandbox.write("owners.toml", "[paths\n");
    run("check").refuses(str![[r#"
error: invalid TOML: unclosed table, expected `]`
 --> ../owners.toml:1:7
  |
1 | [paths
  |       ^
  |
  = help: close it

1 error in the configuration

"#]]);
    sandbox.write("../other.toml", "[paths]\n'/gone' = 'x'\n");
    // A file that is not in the repository has no path in it.
    run("check --config ../../other.toml").refuses(str![[r#"
error: unknown group `x`
 --> ../../other.toml:2:11
  |
2 | '/gone' = 'x'
  |           ^^^ not defined in `[groups]`
  |
  = help: define it under `[groups]`: `x = ["@user"]`; a user is written `@x`

1 error in the configuration

"#]]);
}

#[test]
fn colors_follow_the_environment() {
    let sandbox = sandbox();
    let is_colored = |arguments: &str, variables: &[(&str, &str)]| {
        let mut run = sandbox.owners(arguments);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        let output = run.output();
        [output.stdout, output.stderr].concat().contains(&0x1b)
    };
    // On findings, on errors of the command line, and on help.
    for arguments in ["check", "check --nonsense", "check --help", "-C gone check"] {
        for (variables, expected) in [
            (&[("NO_COLOR", "")][..], false),
            (&[("NO_COLOR", ""), ("FORCE_COLOR", "1")], true),
            (&[("NO_COLOR", ""), ("FORCE_COLOR", "0")], false),
            (&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")], true),
            (&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "0")], false),
            (
                &[
                    ("NO_COLOR", "1"),
                    ("FORCE_COLOR", "1"),
                    ("CLICOLOR_FORCE", "1"),
                ],
                false,
            ),
        ] {
            assert_eq!(
                is_colored(arguments, variables),
                expected,
                "{arguments} {variables:?}"
            );
        }
    }
    assert!(is_colored("check --color always", &[("NO_COLOR", "1")]));
    assert!(!is_colored(
        "check --color never",
        &[("NO_COLOR", ""), ("FORCE_COLOR", "1")]
    ));
    assert!(!is_colored(
        "check --json",
        &[("NO_COLOR", ""), ("FORCE_COLOR", "1")]
    ));
}

#[test]
fn a_value_of_fix_after_a_blank() {
    let sandbox = sandbox();
    sandbox.owners("check --fix tree").refuses(str![[r#"
error: unexpected argument 'tree' found

  tip: write `--fix=tree`: the value of `--fix` follows an equals sign

Usage: owners check [OPTIONS]

For more information, try '--help'.

"#]]);
    sandbox
        .owners("check --fix tree --dry-run -q")
        .refuses(str![[r#"
error: unexpected argument 'tree' found

  tip: write `--fix=tree`: the value of `--fix` follows an equals sign

Usage: owners check [OPTIONS]

For more information, try '--help'.

"#]]);
    sandbox.owners("check --fix forest").refuses(str![[r#"
error: unexpected argument 'forest' found

Usage: owners check [OPTIONS]

For more information, try '--help'.

"#]]);
    sandbox.owners("check any").refuses(str![[r#"
error: unexpected argument 'any' found

Usage: owners check [OPTIONS]

For more information, try '--help'.

"#]]);
}

/// Merges a branch that changes the rules of the same directory in another way.
fn conflicted() -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm base");
    for (branch, owner) in [("topic", "@topic"), ("main", "@main")] {
        sandbox.git(&format!("checkout -qB {branch} main"));
        let config = sandbox.read("owners.toml").replace("@org/core", owner);
        sandbox.write("owners.toml", config);
        sandbox.owners("gen -q").prints("");
        sandbox.git(&format!("commit -qam {branch}"));
        if branch == "topic" {
            sandbox.git("branch -q side");
            sandbox.git("reset -q --hard HEAD~1");
            sandbox.git("checkout -q main");
        }
    }
    let output = sandbox
        .command("git")
        .args(["merge", "-q", "side"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    sandbox
}

#[test]
fn a_merge_conflict() {
    let sandbox = conflicted();
    assert!(sandbox.read(".github/CODEOWNERS").contains("<<<<<<< "));
    for command in ["check", "gen", "who README.md", "gen --check"] {
        sandbox.owners(command).refuses(str![[r#"
error: there is an unresolved merge conflict
 --> owners.toml:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ up to line 6
  |
  = help: resolve it in this file, and remove the three lines that git added; then run `owners gen`, and `git add` this file and the generated one

1 error in the configuration

"#]]);
    }
    sandbox.git("checkout --theirs owners.toml");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` has an unresolved merge conflict
--> .github/CODEOWNERS
 = note: there is nothing to merge in a generated file: owners.toml decides
 = help: run `owners gen`, which writes the file again; then `git add .github/CODEOWNERS`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody
`--fix` can fix 1

"#]]);
    sandbox
        .owners("gen")
        .exits(0, "", "updated .github/CODEOWNERS\n");
    sandbox.git("add owners.toml .github/CODEOWNERS");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
}

/// The first line, which says that the file is generated, may be in the conflict.
#[test]
fn a_conflict_in_the_first_line() {
    let sandbox = Sandbox::current(PROJECT);
    let generated = sandbox.read(".github/CODEOWNERS");
    let conflict =
        |theirs: &str| format!("<<<<<<< HEAD\n{generated}=======\n{theirs}>>>>>>> topic\n");
    sandbox.write(".github/CODEOWNERS", conflict(&generated));
    sandbox
        .owners("gen")
        .exits(0, "", "updated .github/CODEOWNERS\n");
    sandbox.file_is(".github/CODEOWNERS", generated.clone());
    sandbox.write(".github/CODEOWNERS", conflict("* @by-hand\n"));
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` has an unresolved merge conflict
--> .github/CODEOWNERS
 = note: one side was not written by `owners gen`
 = help: make the changes of that side in owners.toml; then run `owners gen --force` and `git add .github/CODEOWNERS`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
    sandbox.owners("gen").refuses(str![[r#"
error: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = note: it has an unresolved merge conflict, and one side was written by hand
 = help: make the changes of that side in owners.toml; then run `owners gen --force`

"#]]);
    sandbox.owners("gen --force -q").prints("");
    sandbox.file_is(".github/CODEOWNERS", generated);
}

/// A build without the feature has no network code, and says so.
#[cfg(not(feature = "live"))]
#[test]
fn live_without_the_feature() {
    let sandbox = Sandbox::current(PROJECT);
    let run = sandbox.owners("check --live").env("GITHUB_TOKEN", "x");
    run.refuses(str![[r#"
error: this build of owners cannot ask a forge: it has no network code
 = note: it was built without the feature `live`
 = help: use a released build, or build it with `cargo install owners-cli`

"#]]);
}
