//! `owners check`.

use std::fs;

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

/// A repository in order, then with this configuration, regenerated.
fn configured(config: &str) -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    sandbox
}

#[test]
fn nothing_to_report() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose

"#]]);
    sandbox.owners("check -q").prints("");
    sandbox
        .owners("check")
        .within("crates/wasi")
        .prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose

"#]]);
}

#[test]
fn as_many_alternatives_as_there_may_be() {
    let names: Vec<String> = (0..10_000).map(|n| format!("name-{n}")).collect();
    let config = format!(
        r"[paths]
'*' = '@a'
'/{{{}}}/' = '@b'
",
        names.join(",")
    );
    let sandbox = Sandbox::repo([("owners.toml", &*config)]);
    sandbox.owners("gen -q").prints("");
    let generated = sandbox.read(".github/CODEOWNERS");
    assert!(generated.ends_with("\n/name-9999/ @b\n"));
}

/// What is to be typed next is right where it is read.
#[test]
fn helps_name_the_configuration_and_hold_in_subdirectories() {
    let sandbox = Sandbox::repo([
        (
            "it's mine.toml",
            r#"[paths]
"*" = "@a"
"#,
        ),
        ("sub/a", ""),
    ]);
    let check = || {
        sandbox
            .owners("check --config")
            .arg("../it's mine.toml")
            .within("sub")
    };
    check().finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen --config '../it'\''s mine.toml'`

1 error, 0 warnings; 2 tracked paths: 2 owned
`--fix` can fix 1

"#]]);
    sandbox
        .owners("gen -q --config")
        .arg("it's mine.toml")
        .prints("");
    check().finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add :/.github/CODEOWNERS`

1 error, 0 warnings; 2 tracked paths: 2 owned

"#]]);
    sandbox.git_in("sub", "add :/.github/CODEOWNERS");
    check().args("-q").prints("");
    assert_eq!(
        sandbox.read(".github/CODEOWNERS").lines().nth(1),
        Some(r"# Change it's mine.toml and run `owners gen --config 'it'\''s mine.toml'`.")
    );
}

#[test]
fn an_unowned_file() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/it's \"new\".md", "");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: `docs/it's "new".md` has no owner
--> docs/it's "new".md
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

1 error, 0 warnings; 8 tracked paths: 7 owned, 1 without an owner

"#]]);
}

#[test]
fn an_unowned_directory_is_one_finding() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    for file in [
        "docs/a/1", "docs/a/2", "docs/b", "src/x/1", "src/x/2", "crates/y",
    ] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: nothing in `docs/` is owned: 3 paths
--> docs/
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

error[unowned-path]: nothing in `src/` is owned: 2 paths
--> src/
 = help: add a rule under `[paths]`: `"/src/" = "@org/team"`, or `= []` for nobody

2 errors, 0 warnings; 13 tracked paths: 8 owned, 5 without an owner

"#]]);
    sandbox.owners("check -v").finds(str![[r#"
error[unowned-path]: nothing in `docs/` is owned: 3 paths
--> docs/
 = note: `docs/a/1`
 = note: `docs/a/2`
 = note: `docs/b`
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

error[unowned-path]: nothing in `src/` is owned: 2 paths
--> src/
 = note: `src/x/1`
 = note: `src/x/2`
 = help: add a rule under `[paths]`: `"/src/" = "@org/team"`, or `= []` for nobody

2 errors, 0 warnings; 13 tracked paths: 8 owned, 5 without an owner

"#]]);
}

#[test]
fn nothing_is_owned() {
    let sandbox = configured(
        r#"[paths]
"/nowhere" = "@a"
"#,
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[unowned-path]: no path is owned: 7 tracked paths
 |
 = help: add a rule under `[paths]`: `"*" = "@org/team"`, or `= []` for nobody

warning[unowned-config]: anybody may change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` has an owner
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "@org/team"`, or `= []` for nobody

1 error, 1 warning; 7 tracked paths: 0 owned, 7 without an owner

"#]]);
}

#[test]
fn nobodys_on_purpose_is_fine() {
    configured(r#"[paths]
"*" = []
"#).owners("check").prints(str![[r#"
warning[unowned-config]: anybody may change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` has an owner
 --> owners.toml:2:1
  |
2 | "*" = []
  | ^^^ makes `owners.toml` nobody's
  |
  = help: add a rule under `[paths]`: `"/owners.toml" = "@org/team"`, or `= []` for nobody

0 errors, 1 warning; 7 tracked paths: 0 owned, 7 nobody's on purpose

"#]]);
}

#[test]
fn an_untracked_file_needs_no_owner() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/new.md", "");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
    sandbox.git("add -A");
    sandbox.owners("check -q -A unowned-path").prints("");
    sandbox.git("rm -q --cached docs/new.md");
    sandbox.owners("check -q").prints("");
}

#[test]
fn untracked_files_on_request() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/new.md", "");
    sandbox.write("target/a.o", "");
    sandbox.write(".gitignore", "/target/\n");
    sandbox.git("rm -q -f --cached .github/CODEOWNERS");
    sandbox.owners("check --untracked").finds(str![[r#"
error[unowned-path]: `docs/new.md` has no owner
--> docs/new.md
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

2 errors, 0 warnings; 9 paths: 8 owned, 1 without an owner

"#]]);
}

#[test]
fn exempt() {
    let sandbox = configured(
        r#"[check]
exempt = ["/{crates,docs}/"]

[paths]
"/*" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 4 owned, 3 exempt

"#]]);
}

#[test]
fn a_missing_output() {
    let sandbox = Sandbox::current(PROJECT);
    fs::remove_file(sandbox.root.join(".github/CODEOWNERS")).unwrap();
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose
`--fix` can fix 1

"#]]);
}

#[test]
fn a_stale_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml").replace("@bob", "@carol"),
    );
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 4 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose
`--fix` can fix 1

"#]]);
}

#[test]
fn an_output_written_by_hand() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(".github/CODEOWNERS", "* @me\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = help: run `owners gen --force` to replace it

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose

"#]]);
}

#[test]
fn an_untracked_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q --cached .github/CODEOWNERS");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody's on purpose

"#]]);
}

#[test]
fn an_ignored_output() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q --cached .github/CODEOWNERS");
    sandbox.write(".gitignore", "CODEOWNERS\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: git ignores `.github/CODEOWNERS`, so the forge never sees it
--> .github/CODEOWNERS
 = help: let git track it: `git add --force .github/CODEOWNERS`

1 error, 0 warnings; 6 tracked paths: 5 owned, 1 nobody's on purpose

"#]]);
    sandbox.git("add --force .github/CODEOWNERS");
    sandbox.owners("check -q").prints("");
}

#[test]
fn an_overridden_output() {
    let sandbox = configured(
        r#"[output]
file = "docs/CODEOWNERS"

[paths]
"*" = "@a"
"#,
    );
    sandbox.write("CODEOWNERS", "* @me\n");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitHub reads `.github/CODEOWNERS` and ignores `docs/CODEOWNERS`
 --> owners.toml:2:8
  |
2 | file = "docs/CODEOWNERS"
  |        ^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first
  = help: remove it: `git rm .github/CODEOWNERS`

error[overridden-output]: GitHub reads `CODEOWNERS` and ignores `docs/CODEOWNERS`
 --> owners.toml:2:8
  |
2 | file = "docs/CODEOWNERS"
  |        ^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and takes the first
  = help: remove it: `git rm CODEOWNERS`

2 errors, 0 warnings; 9 tracked paths: 9 owned

"#]]);
}

#[test]
fn a_file_that_the_output_overrides() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("docs/CODEOWNERS", "* @me\n");
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 8 tracked paths: 7 owned, 1 nobody's on purpose

"#]]);
}

#[test]
fn a_dead_pattern() {
    configured(
        r#"[paths]
"*" = "@a"
"/srcs/" = "@a"
"*.zig" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/srcs/`
 --> owners.toml:3:1
  |
3 | "/srcs/" = "@a"
  | ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `*.zig`
 --> owners.toml:4:1
  |
4 | "*.zig" = "@a"
  | ^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn a_dead_alternative() {
    configured(
        r#"[paths]
"*" = "@a"
"crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:3:15
  |
3 | "crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
  |               ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches the alternative `wasi-nn`
 --> owners.toml:3:30
  |
3 | "crates/{wasi,gone,<wasi-tls,wasi-nn>}" = "@a"
  |                              ^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn the_last_file_of_a_pattern_is_removed() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("rm -q -f crates/wasi-http/src/lib.rs");
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `wasi-http`
 --> owners.toml:7:15
  |
7 | "crates/<wasi,wasi-http>" = "wasi"
  |               ^^^^^^^^^ matches nothing
  |
  = help: did you mean `/crates/wasi-tls/`?

0 errors, 1 warning; 6 tracked paths: 5 owned, 1 nobody's on purpose
`--fix=tree` can fix 1

"#]]);
    sandbox.owners("check -D dead-pattern -q").finds(str![[r#"
error[dead-pattern]: no tracked path matches the alternative `wasi-http`
 --> owners.toml:7:15
  |
7 | "crates/<wasi,wasi-http>" = "wasi"
  |               ^^^^^^^^^ matches nothing
  |
  = help: did you mean `/crates/wasi-tls/`?


"#]]);
}

#[test]
fn a_dead_pattern_in_another_case() {
    configured(
        r#"[paths]
"*" = "@a"
"/Crates/WASI/" = "@a"
"/readme.md" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/Crates/WASI/`
 --> owners.toml:3:1
  |
3 | "/Crates/WASI/" = "@a"
  | ^^^^^^^^^^^^^^^ matches nothing
  |
  = help: only the case differs: `/crates/wasi/`

warning[dead-pattern]: no tracked path matches `/readme.md`
 --> owners.toml:4:1
  |
4 | "/readme.md" = "@a"
  | ^^^^^^^^^^^^ matches nothing
  |
  = help: only the case differs: `/README.md`

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn a_dead_pattern_near_an_existing_path() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/wasi-htpp/" = "@a"
"/README.md/" = "@a"
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/crates/wasi-htpp/`
 --> owners.toml:3:1
  |
3 | "/crates/wasi-htpp/" = "@a"
  | ^^^^^^^^^^^^^^^^^^^^ matches nothing
  |
  = help: did you mean `/crates/wasi-http/`?

warning[dead-pattern]: no tracked path matches `/README.md/`
 --> owners.toml:4:1
  |
4 | "/README.md/" = "@a"
  | ^^^^^^^^^^^^^ matches nothing
  |
  = help: `README.md` is not a directory: drop the slash at the end, `/README.md`

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn an_unused_group() {
    configured(
        r#"[groups]
a = "@a"
b = "c"
c = "@c"
d = "@d"
e = "d"

[paths]
"*" = ["a", "e"]
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[unused-group]: group `b` is used by no rule
 --> owners.toml:3:1
  |
3 | b = "c"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "b"`

warning[unused-group]: group `c` is used by no rule
 --> owners.toml:4:1
  |
4 | c = "@c"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "c"`

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix` can fix 2

"#]]);
}

#[test]
fn a_duplicate_pattern() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/{wasi,wasi-tls}/" = "@b"
"crates/wasi/**" = "@c"
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[duplicate-pattern]: two rules have the pattern `/crates/wasi/`
 --> owners.toml:3:11
  |
3 | "/crates/{wasi,wasi-tls}/" = "@b"
  |           ^^^^ this one never decides anything
4 | "crates/wasi/**" = "@c"
  | ---------------- because this one comes later
  |
  = help: remove one of them

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
}

#[test]
fn a_pattern_that_the_platform_cannot_say() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
'/a\\b' = "@a"
"#,
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[inexact-output]: GitHub cannot express `/a\\b` exactly
 --> owners.toml:3:1
  |
3 | '/a\\b' = "@a"
  | ^^^^^^^
  |
  = note: a CODEOWNERS file of GitHub has no reliable way to write `\`
  = help: write `?` in its place (which matches any other character, too), or rename the path

1 error, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

const WARNS: &str = r#"[groups]
a = "@a"

[paths]
"*" = "@a"
"#;

#[test]
fn warnings_pass_unless_denied() {
    let sandbox = configured(WARNS);
    sandbox.owners("check").prints(str![[r#"
warning[unused-group]: group `a` is used by no rule
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -D warnings").finds(str![[r#"
error[unused-group]: group `a` is used by no rule
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -A warnings").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

#[test]
fn the_last_word_on_a_lint_counts() {
    let sandbox = configured(WARNS);
    for (flags, code) in [
        ("-D unused-group", 1),
        ("-D unused-group -A unused-group", 0),
        ("-A unused-group -D unused-group", 1),
        ("-D unused-group -W unused-group", 0),
        ("-D warnings -W unused-group", 0),
        ("-W unused-group -D warnings", 1),
        ("-A unused-group -D warnings", 0),
        (
            "--deny=unused-group --allow unused-group --warn=unused-group",
            0,
        ),
        ("-D dead-pattern -D unused-group", 1),
        ("-Dunused-group", 1),
    ] {
        let output = sandbox.owners(&format!("check {flags}")).output();
        assert_eq!(output.status.code(), Some(code), "{flags}");
        assert!(output.stderr.is_empty(), "{flags}");
    }
}

#[test]
fn the_command_line_outranks_the_configuration() {
    let sandbox = configured(&format!(
        r#"{WARNS}
[lints]
unused-group = "deny"
"#
    ));
    sandbox.owners("check -q").finds(str![[r#"
error[unused-group]: group `a` is used by no rule
 --> owners.toml:2:1
  |
2 | a = "@a"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "a"`


"#]]);
    sandbox.owners("check -q -A unused-group").prints("");
    let sandbox = configured(&format!(
        r#"{WARNS}
[lints]
unused-group = "allow"
"#
    ));
    sandbox.owners("check -q").prints("");
    sandbox.owners("check -q -D warnings").prints("");
}

#[test]
fn an_unknown_lint() {
    let sandbox = configured(WARNS);
    sandbox.owners("check -D unused-groups").refuses(str![[r#"
error: unknown lint `unused-groups`
 |
 = help: did you mean `unused-group`?


"#]]);
    sandbox.owners("check -W spelling").refuses(str![[r#"
error: unknown lint `spelling`
 |
 = help: `owners explain` lists them


"#]]);
}

#[test]
fn a_repository_without_commits_or_files() {
    let sandbox = Sandbox::repo([]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

1 error, 0 warnings; 0 tracked paths: 0 owned

"#]]);
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 2 tracked paths: 2 owned

"#]]);
}

#[test]
fn the_index_of_a_commit_in_progress() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -q -m x");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.write("docs/new.md", "");
    fs::copy(
        sandbox.root.join(".git/index"),
        sandbox.root.join("../other"),
    )
    .unwrap();
    sandbox.git("add -A");
    sandbox.owners("check -q").finds(str![[r#"
error[unowned-path]: `docs/new.md` has no owner
--> docs/new.md
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody


"#]]);
    sandbox
        .owners("check -q")
        .env("GIT_INDEX_FILE", sandbox.root.join("../other"))
        .prints("");
}

#[test]
fn a_linked_worktree() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -q -m x");
    sandbox.git("worktree add -q ../tree");
    sandbox
        .owners("check")
        .within("../tree/crates")
        .prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody's on purpose

"#]]);
    fs::write(
        sandbox.root.join("../tree/owners.toml"),
        r#"[paths]
"*" = "@other"
"#,
    )
    .unwrap();
    sandbox.owners("check").within("../tree").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 8 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check -q").prints("");
}

#[cfg(unix)]
#[test]
fn names_that_are_hard_to_show() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let sandbox = configured(
        r#"[paths]
"/*.*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    let names: [&[u8]; 8] = [
        b"new\nline",
        b"tab\t",
        b"quote\"'",
        b"\xff\xfe",
        b"back\\slash",
        b" blanks ",
        b"[x]{y}<z>*?",
        b"#hash",
    ];
    for name in names {
        sandbox.write(OsStr::from_bytes(name), "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: ` blanks ` has no owner
-->  blanks 
 = help: add a rule under `[paths]`: `'/ blanks\ ' = "@org/team"`, or `= []` for nobody

error[unowned-path]: `#hash` has no owner
--> #hash
 = help: add a rule under `[paths]`: `"/#hash" = "@org/team"`, or `= []` for nobody

error[unowned-path]: `[x]{y}<z>*?` has no owner
--> [x]{y}<z>*?
 = help: add a rule under `[paths]`: `'/[x]\{y\}\<z\>\*\?' = "@org/team"`, or `= []` for nobody

error[unowned-path]: `back\slash` has no owner
--> back\slash
 = help: add a rule under `[paths]`: `'/back\\slash' = "@org/team"`, or `= []` for nobody

error[unowned-path]: `new\nline` has no owner
--> new\nline
 = help: add a rule under `[paths]`: `"/new?line" = "@org/team"`, or `= []` for nobody

error[unowned-path]: `quote"'` has no owner
--> quote"'
 = help: add a rule under `[paths]`: `"/quote\"'" = "@org/team"`, or `= []` for nobody

error[unowned-path]: `tab\t` has no owner
--> tab\t
 = help: add a rule under `[paths]`: `"/tab?" = "@org/team"`, or `= []` for nobody

error[unowned-path]: `\xFF\xFE` has no owner
--> \xFF\xFE
 = help: add a rule under `[paths]`: `"/??" = "@org/team"`, or `= []` for nobody

8 errors, 0 warnings; 15 tracked paths: 7 owned, 8 without an owner

"#]]);
}

/// What changes the direction of text can make a message say what it does not.
#[test]
fn nothing_turns_the_text_around() {
    let sandbox = configured(
        r#"[paths]
"/*.*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("\u{202e}left", "");
    sandbox.git("add -A");
    let output = sandbox.owners("check").output();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains(r"`\u{202e}left` has no owner"),
        "{}",
        text.escape_unicode()
    );
    assert!(
        !text.contains('\u{202e}'),
        "{}",
        text.replace('\u{202e}', "<U+202E>")
    );
}

#[test]
fn an_exception_that_excludes_nothing() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[dead-pattern]: the exception `/docs/` excludes no tracked path
 --> owners.toml:3:41
  |
3 | "/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
  |                                         ^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: the alternative `gone` of the exception excludes no tracked path
 --> owners.toml:3:66
  |
3 | "/crates/" = { owners = "@b", except = ["/docs/", "/crates/{wasi,gone}/"] }
  |                                                                  ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 2

"#]]);
}

#[test]
fn an_excepted_path_that_no_earlier_rule_matches() {
    configured(
        r#"[paths]
"/*" = "@a"
"/.github/" = "@a"
"/crates/" = { owners = "@b", except = ["/crates/wasi-tls/"] }
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[unowned-path]: `crates/wasi-tls/src/lib.rs` has no owner
--> crates/wasi-tls/src/lib.rs
 = help: add a rule under `[paths]`: `"/crates/wasi-tls/" = "@org/team"`, or `= []` for nobody

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 without an owner

"#]]);
}

/// A `#` has to be written `?`, which may take in more than was meant.
#[test]
fn a_pattern_that_widens_onto_another_path() {
    let sandbox = configured(
        r#"[paths]
"*" = "@a"
"/a#b" = "@b"
'/c\{x\}' = "@b"
"#,
    );
    for file in ["a#b", "c{x}"] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 9 tracked paths: 9 owned

"#]]);
    for file in ["axb", "cyx}"] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[inexact-output]: on GitHub this rule also takes `axb`
 --> owners.toml:3:1
  |
3 | "/a#b" = "@b"
  | ^^^^^^ written `/a?b`
  |
  = note: there is no other way to write `#` or `{` there than `?`, which matches any character
  = help: rename one of the paths, or add a rule for the other behind this one

error[inexact-output]: on GitHub this rule also takes `cyx}`
 --> owners.toml:4:1
  |
4 | '/c\{x\}' = "@b"
  | ^^^^^^^^^ written `/c?x}`
  |
  = note: there is no other way to write `#` or `{` there than `?`, which matches any character
  = help: rename one of the paths, or add a rule for the other behind this one

2 errors, 0 warnings; 11 tracked paths: 11 owned

"#]]);
}

/// An exception that had to be written `?` excepts more than was meant. Here `who` names `@core` for
/// `src/c1/f`, and the forge would ask `@all`.
#[test]
fn an_exception_that_widens_onto_another_path() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[paths]
"*" = "@all"
"/src/" = { owners = "@core", except = "/src/c#/" }
"#,
        ),
        ("src/c#/f", ""),
        ("src/c1/f", ""),
        ("src/c1/g", ""),
        ("src/d/f", ""),
    ]);
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    assert!(
        sandbox
            .read(".github/CODEOWNERS")
            .contains("\n/src/c?/ @all\n")
    );
    sandbox.owners("check").finds(str![[r#"
error[inexact-output]: on GitHub this exception also excepts `src/c1/f` and 1 other path
 --> owners.toml:3:40
  |
3 | "/src/" = { owners = "@core", except = "/src/c#/" }
  |                                        ^^^^^^^^^^ written `/src/c?/`
  |
  = note: there is no other way to write `#` or `{` there than `?`, which matches any character
  = help: rename one of the paths, or add a rule for the other behind this one

1 error, 0 warnings; 6 tracked paths: 6 owned

"#]]);
    // The rule that the help asks for settles it.
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml") + "\"/src/c1/\" = \"@core\"\n",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q").prints("");
}

/// A path that a widened pattern takes is no fault where a later rule gives it its owners back, or
/// where the owners are the same.
#[test]
fn a_widened_pattern_that_a_later_rule_corrects() {
    let sandbox = Sandbox::repo([("a#b", ""), ("axb", ""), ("c#", ""), ("cx", "")]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/a#b" = "@x"
"/axb" = "@y"
"/c#" = "@a"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check -q").prints("");
}

#[test]
fn a_file_that_outranks_on_gitlab() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(
        "owners.toml",
        r#"[output]
platform = "gitlab"

[paths]
"*" = "@a"
"#,
    );
    sandbox.write("CODEOWNERS", "* @me\n");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitLab reads `CODEOWNERS` and ignores `.gitlab/CODEOWNERS`
 --> owners.toml:1:1
  |
1 | [output]
  | ^^^^^^^^ never read
  |
  = note: GitLab looks for `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS` and takes the first
  = help: remove it: `git rm CODEOWNERS`

1 error, 0 warnings; 8 tracked paths: 8 owned

"#]]);
}
