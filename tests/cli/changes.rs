//! `owners check --changed` and `--rev`.

use snapbox::str;

use crate::support::Sandbox;

/// A repository with a backlog, committed.
fn backlog() -> Sandbox {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            r#"[paths]
"/*" = "@a"
"/.github/" = "@a"
"/gone/" = "@a"
"/alive/" = "@a"
"#,
        ),
        ("alive/x", ""),
        ("old/a", ""),
        ("old/b", ""),
    ]);
    sandbox.git("commit -q -m start");
    sandbox
}

#[test]
fn only_what_changes_is_reported() {
    let sandbox = backlog();
    sandbox.git("checkout -q -b topic");
    sandbox.owners("check --changed main").prints(str![[r#"
0 errors, 0 warnings; 5 tracked paths: 3 owned, 2 unowned

"#]]);
    // A new file beside old ones, a new directory, a pattern that dies now.
    sandbox.write("old/c", "");
    sandbox.write("new/a", "");
    sandbox.write("new/b", "");
    sandbox.git("rm -q -r alive");
    sandbox.git("add -A");
    sandbox.owners("check --changed main").finds(str![[r#"
warning[dead-pattern]: no tracked path matches `/alive/`
 --> owners.toml:5:1
  |
5 | "/alive/" = "@a"
  | ^^^^^^^^^ matches nothing
  |
  = help: remove it: `alive` existed in `main`, and was deleted

error[unowned-path]: 3 paths in `./` are unowned
 = note: `new/` (2 paths), `old/c`
 = help: add a rule for each under `[paths]`: `"/new/" = "@a"`, `"/old/c" = "<group>"`; or `= []` for nobody

1 error, 1 warning; 7 tracked paths: 2 owned, 5 unowned
`--fix=tree` can fix 1

"#]]);
    sandbox.git("commit -q -m topic");
    // The base moves on without the branch.
    sandbox.git("checkout -q main");
    sandbox.write("elsewhere/x", "");
    sandbox.git("add -A");
    sandbox.git("commit -q -m on");
    sandbox.git("checkout -q topic");
    let findings = |arguments: &str| sandbox.owners(arguments).output().stdout.len();
    assert!(findings("check --changed main") > 0);
    assert!(findings("check --changed main") < findings("check"));
}

#[test]
fn a_line_that_is_touched_is_looked_at() {
    let sandbox = backlog();
    let config = sandbox.read("owners.toml");
    sandbox.write(
        "owners.toml",
        config.replace("\"/gone/\" = \"@a\"", "\"/gone/\" = \"@b\""),
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --changed HEAD").prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/gone/`
 --> owners.toml:4:1
  |
4 | "/gone/" = "@b"
  | ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 5 tracked paths: 3 owned, 2 unowned
`--fix=tree` can fix 1

"#]]);
    sandbox.write("owners.toml", format!("# moves the lines\n{config}"));
    sandbox.owners("gen -q").prints("");
    sandbox
        .owners("check -q --format short --changed HEAD")
        .prints("");
}

/// That changes none of the files, but what is to be said of them.
#[test]
fn a_rule_that_is_removed() {
    let sandbox = backlog();
    let config = sandbox.read("owners.toml");
    sandbox.write("owners.toml", config.replace("\"/alive/\" = \"@a\"\n", ""));
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --changed HEAD").finds(str![[r#"
error[unowned-path]: `alive/x` is unowned
--> alive/x
 = help: add a rule under `[paths]`: `"/alive/" = "@a"`, or `= []` for nobody

1 error, 0 warnings; 5 tracked paths: 2 owned, 3 unowned

"#]]);
}

#[test]
fn a_base_that_is_not_there() {
    let sandbox = backlog();
    sandbox.owners("check --changed nowhere").refuses(str![[r#"
error: there is no commit `nowhere`

"#]]);
    sandbox
        .owners("check --changed=--output=x")
        .refuses(str![[r#"
error: there is no commit `--output=x`

"#]]);
    sandbox.git("commit -q --allow-empty -m two");
    sandbox.git("clone -q --depth 1 --no-local . ../shallow");
    sandbox
        .owners("check --changed HEAD~1")
        .within("../shallow")
        .refuses(str![[r#"
error: there is no commit `HEAD~1` in this shallow clone: fetch it, with `fetch-depth: 0` in actions/checkout or `git fetch --unshallow`

"#]]);
}

#[test]
fn a_commit() {
    let sandbox = backlog();
    sandbox.write("owners.toml", "not toml");
    sandbox.git("rm -q -r --cached .");
    sandbox.owners("check --rev HEAD").finds(str![[r#"
warning[dead-pattern]: no tracked path matches `/gone/`
 --> owners.toml:4:1
  |
4 | "/gone/" = "@a"
  | ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

error[unowned-path]: every path in `old/` is unowned: 2 paths
--> old/
 = help: add a rule under `[paths]`: `"/old/" = "@a"`, or `= []` for nobody

1 error, 1 warning; 5 tracked paths: 3 owned, 2 unowned

"#]]);
    sandbox.owners("check --rev HEAD~9").refuses(str![[r#"
error: there is no commit `HEAD~9`

"#]]);
    sandbox.git("commit -q -m none");
    sandbox.owners("check --rev HEAD").refuses(str![[r#"
error: there is neither `owners.toml` nor a CODEOWNERS file in `HEAD`
 = note: a CODEOWNERS file is found where a forge looks for it: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS`, `.gitea/CODEOWNERS`, `.forgejo/CODEOWNERS`, `.bitbucket/CODEOWNERS`

"#]]);
}

/// Adds the repository beside this one as a submodule whose changes git ignores.
fn add_ignored_submodule(sandbox: &Sandbox, name: &str) {
    sandbox.git(&format!(
        "-c protocol.file.allow=always submodule --quiet add {} {name}",
        sandbox.root.join("../library").display()
    ));
    sandbox.git(&format!(
        "config -f .gitmodules submodule.{name}.ignore all"
    ));
}

/// What a command prints.
fn asked(sandbox: &Sandbox, command: &str) -> String {
    let output = sandbox.owners(command).output();
    String::from_utf8(output.stdout).unwrap()
}

/// `ignore = all` keeps the changes of a submodule out of git's own differences, and so does
/// `diff.ignoreSubmodules`; a forge asks for their review all the same.
fn with_ignored_submodule() -> Sandbox {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[paths]
"/*" = "@a"
"/lib" = "@lib"
"#,
        ),
        ("../library/x", ""),
    ]);
    sandbox.git_in("../library", "init -q");
    sandbox.git_in("../library", "add -A");
    sandbox.git_in("../library", "commit -q -m x");
    add_ignored_submodule(&sandbox, "lib");
    sandbox.git("config diff.ignoreSubmodules all");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/*" = "@a"
"/lib" = "@lib"
"/.github/" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -f -A");
    sandbox.git("commit -q -m start");
    sandbox
}

#[test]
fn a_change_of_an_ignored_submodule_asks_for_a_review() {
    let sandbox = with_ignored_submodule();
    // Files that are in the submodule's directory, and in no commit.
    sandbox.write("lib/new", "");
    sandbox.git("checkout -q -b topic");
    assert!(asked(&sandbox, "reviewers main").starts_with("0 paths changed"));
    sandbox.git_in("lib", "add new");
    sandbox.git_in("lib", "commit -q -m y");
    // In the working tree, in the index, in a commit.
    assert!(asked(&sandbox, "reviewers main").contains("@lib"));
    sandbox.git("add -f lib");
    assert!(asked(&sandbox, "reviewers main").contains("@lib"));
    sandbox.git("commit -q -m lib");
    assert!(asked(&sandbox, "reviewers main").contains("@lib"));
    assert!(asked(&sandbox, "reviewers main topic").contains("@lib"));
}

#[test]
fn an_ignored_submodule_that_moves_changes_its_owner() {
    let sandbox = with_ignored_submodule();
    // In the index, and in a commit.
    sandbox.git("mv lib elsewhere");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/*" = "@a"
"/.github/" = "@a"
"#,
    );
    let moved = "1 path changed owners\n  lib → elsewhere  @lib → @a\n";
    let shown = asked(&sandbox, "diff HEAD");
    assert!(shown.contains(moved), "{shown}");
    sandbox.git("add -f -A");
    sandbox.git("commit -q -m moved");
    assert!(asked(&sandbox, "diff HEAD~1 HEAD").ends_with(moved));
}

#[test]
fn an_ignored_submodule_that_nobody_owns_is_a_finding_of_its_change() {
    let sandbox = with_ignored_submodule();
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/owners.toml" = "@a"
"/.*" = "@a"
"#,
    );
    sandbox.git("commit -q -a -m less");
    sandbox.git("checkout -q -b more");
    add_ignored_submodule(&sandbox, "another");
    let found = asked(&sandbox, "check --changed main");
    assert!(found.contains("`another` is unowned"), "{found}");
}

/// Two findings with the same words are two findings.
#[test]
fn a_new_finding_that_reads_like_an_old_one() {
    let config = r"[paths]
'*' = '@a'
'/a/{x,gone}' = '@b'
'/b/{x,w,gone}' = { owners = '@b', except = ['/b/{x,lost}', '/b/{y,lost}'] }
'/c/{a/{x,gone},b/{x,gone}}' = '@b'
";
    let sandbox = Sandbox::current([
        ("owners.toml", config),
        ("a/x", ""),
        ("b/w", ""),
        ("b/x", ""),
        ("b/y", ""),
        ("b/gone", ""),
        ("c/a/x", ""),
        ("c/b/x", ""),
        ("c/b/gone", ""),
    ]);
    sandbox.git("commit -q -m start");
    sandbox
        .owners("check -q --format short --changed HEAD")
        .prints("");
    let places = |sandbox: &Sandbox| {
        let run = sandbox.owners("check -q --changed HEAD --format short");
        let output = String::from_utf8(run.output().stdout).unwrap();
        let place = |line: &str| line.split(' ').next().map(str::to_string);
        output.lines().filter_map(place).collect::<Vec<_>>()
    };
    assert_eq!(places(&sandbox), [""; 0]);
    sandbox.git("rm -q b/gone c/b/gone");
    assert_eq!(places(&sandbox), ["owners.toml:4:10:", "owners.toml:5:22:"]);
    // One is mended, and another breaks.
    sandbox.write("c/a/gone", "");
    sandbox.write("a/gone", "");
    sandbox.git("add -A");
    assert_eq!(places(&sandbox), ["owners.toml:4:10:", "owners.toml:5:22:"]);
    sandbox.write("c/b/gone", "");
    sandbox.git("add -A");
    assert_eq!(places(&sandbox), ["owners.toml:4:10:"]);
    // Lines that move are no news. (The comment is not mirrored in the generated file.)
    sandbox.write("b/gone", "");
    sandbox.write("owners.toml", format!("#: A comment.\n\n{config}"));
    sandbox.git("add -A");
    sandbox.git("rm -q -f a/gone");
    assert_eq!(places(&sandbox), [""; 0]);
}

/// Where there was no owners.toml, the CODEOWNERS file of the base says who owned what.
#[test]
fn the_change_that_brings_the_configuration() {
    let sandbox = Sandbox::repo([
        (".github/CODEOWNERS", "/src/ @core\n/nobody\n"),
        ("src/a", ""),
        ("nobody", ""),
        ("old/a", ""),
        ("old/b", ""),
    ]);
    sandbox.git("commit -q -m start");
    sandbox.owners("init -q --write-output").prints("");
    sandbox.git("add -A");
    sandbox.owners("check --changed HEAD").finds(str![[r#"
error[unowned-path]: 2 paths in `./` are unowned
 = note: `.github/CODEOWNERS`, `owners.toml`
 = help: add a rule for each under `[paths]`: `"/.github/" = "@core"`, `"/owners.toml" = "@core"`; or `= []` for nobody

1 error, 0 warnings; 6 tracked paths: 1 owned, 1 nobody, 4 unowned

"#]]);
    // What is lost on the way is found.
    sandbox.write(
        "owners.toml",
        r"[paths]
'/owners.toml' = '@a'
'/.github/' = '@a'
",
    );
    sandbox.owners("gen -q").prints("");
    let unowned = |sandbox: &Sandbox, arguments: &str| {
        let output = sandbox.owners(arguments).arg("--format=short").output();
        String::from_utf8(output.stdout).unwrap()
    };
    let lost = unowned(&sandbox, "check --changed HEAD");
    assert_eq!(lost.lines().count(), 2, "{lost}");
    assert!(lost.contains("nobody") && lost.contains("src"), "{lost}");
    sandbox.git("commit -q -m adopt");
    assert_eq!(unowned(&sandbox, "check --changed HEAD~1"), lost);

    // A finding that the CODEOWNERS file had is not new, but another one of its lint is.
    let sandbox = Sandbox::repo([
        (".github/CODEOWNERS", "* @all\n/gone/x @a\n/gone/y @a\n"),
        ("a", ""),
    ]);
    sandbox.git("commit -q -m start");
    sandbox.owners("init -q --write-output").prints("");
    sandbox.git("add -A");
    assert_eq!(unowned(&sandbox, "check --changed HEAD"), "");
    let config = sandbox.read("owners.toml");
    sandbox.write("owners.toml", format!("{config}\"/gone/too\" = \"@a\"\n"));
    sandbox.owners("gen -q").prints("");
    let dead = unowned(&sandbox, "check --changed HEAD");
    assert!(
        dead.contains("no tracked path matches `/gone/too`"),
        "{dead}"
    );
    assert_eq!(dead.lines().count(), 1, "{dead}");

    // Without either file, nobody owned anything.
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.git("commit -q -m start");
    sandbox.write("owners.toml", "[paths]\n'/{owners.toml,.github}' = '@a'\n");
    sandbox.owners("gen -q").prints("");
    sandbox.write("b", "");
    sandbox.git("add -A");
    let new = unowned(&sandbox, "check --changed HEAD");
    assert_eq!(new.lines().count(), 1, "{new}");
    assert!(new.starts_with("b:"), "{new}");
}

/// The rule for every path stood in the CODEOWNERS file before.
#[test]
fn the_default_of_the_codeowners_file() {
    let sandbox = Sandbox::repo([
        ("CODEOWNERS", "* @all\n/src/ @core\n"),
        ("src/a", ""),
        ("b", ""),
    ]);
    sandbox.git("commit -q -m start");
    sandbox.owners("init -q --write-output").prints("");
    let config = sandbox.read("owners.toml");
    sandbox.write("owners.toml", config.replace("\"/src/\" = \"@core\"\n", ""));
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    let output = sandbox
        .owners("check -q --changed HEAD -W default-only-path --format short")
        .output();
    let said = String::from_utf8(output.stdout).unwrap();
    let paths: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(paths, ["CODEOWNERS", "owners.toml", "src/a"], "{said}");
}

/// A person is one finding, however many groups name them: a group that is new is reported again.
#[test]
fn a_person_in_one_more_group() {
    let groups =
        |count: usize| -> String { (0..count).map(|n| format!("g{n} = \"@x\"\n")).collect() };
    let rules = r#"[paths]
"*" = "g0"
[check]
roster = "r.md"
[lints]
unused-group = "allow"
"#;
    for count in [1, 8] {
        let config = |count| format!("[groups]\n{}{rules}", groups(count));
        let sandbox = Sandbox::current([("owners.toml", &*config(count)), ("r.md", "")]);
        sandbox.git("commit -q -m start");
        sandbox
            .owners("check -q --format short --changed HEAD")
            .prints("");
        sandbox.write("owners.toml", config(count + 1));
        let run = sandbox.owners("check -q --changed HEAD --format short");
        let said = String::from_utf8(run.output().stdout).unwrap();
        assert_eq!(said.matches("error[roster]").count(), 1, "{said}");
    }
}
