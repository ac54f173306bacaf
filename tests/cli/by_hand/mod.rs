//! A repository without `owners.toml`: the CODEOWNERS file that the forge reads decides, in every
//! command that only reads.

mod bitbucket;
mod gitea;
mod gitlab;

use snapbox::str;

use crate::support::Sandbox;

/// A file with a mistake of each kind that more than one lint is needed for.
const LINES: &str = "\
# Everything
*            @org/core
/docs/       @alice @bob
/src/old/    @alice
/src/        @carol
/gone/       @dave
/notes/
/docs/       @alice
/vendor/lib/ @alice
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repo([
        (".github/CODEOWNERS", LINES),
        ("docs/a.md", ""),
        ("docs/b.md", ""),
        ("notes/x", ""),
        ("src/lib.rs", ""),
        ("src/old/lib.rs", ""),
    ]);
    let id = "1".repeat(40);
    sandbox.git(&format!(
        "update-index --add --cacheinfo 160000,{id},vendor/lib"
    ));
    sandbox
}

/// The lints for `owners.toml`, with places in CODEOWNERS and helps that are right there.
#[test]
fn check() {
    let sandbox = sandbox();
    sandbox.owners("check").finds(str![[r#"
error[duplicate-pattern]: two rules have the pattern `/docs/`
 --> .github/CODEOWNERS:3:1
  |
3 | /docs/       @alice @bob
  | ^^^^^^ this rule can never take effect
...
8 | /docs/       @alice
  | ------ because this rule comes later
  |
  = help: remove one of them

warning[shadowed-rule]: `/src/old/` can never take effect
 --> .github/CODEOWNERS:4:1
  |
4 | /src/old/    @alice
  | ^^^^^^^^^ later rules cover it in any tree
5 | /src/        @carol
  | ----- this rule comes later
  |
  = help: move it below line 5 if it should win, or remove it

warning[dead-pattern]: no tracked path matches `/gone/`
 --> .github/CODEOWNERS:6:1
  |
6 | /gone/       @dave
  | ^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[directory-as-file]: `/vendor/lib/` never matches: `vendor/lib` is a submodule, not a directory
 --> .github/CODEOWNERS:9:1
  |
9 | /vendor/lib/ @alice
  | ^^^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/vendor/lib`

1 error, 3 warnings; 7 tracked paths: 6 owned, 1 nobody
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    sandbox
        .owners(
            "check --format short -A duplicate-pattern -A shadowed-rule -A dead-pattern -A directory-as-file",
        )
        .prints("");
}

/// The summary ends with what `init` would add; not for other commands' readers.
#[test]
fn check_of_a_file_in_order() {
    let sandbox = Sandbox::repo([("CODEOWNERS", "* @a\n"), ("x", "")]);
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    sandbox.owners("check --format short").prints("");
}

#[test]
fn unowned_paths() {
    let sandbox = Sandbox::repo([
        ("CODEOWNERS", "/src/ @a\n"),
        ("src/x", ""),
        ("docs/a", ""),
        ("docs/b", ""),
        ("a b/[id]", ""),
    ]);
    sandbox.owners("check").finds(str![[r#"
warning[unowned-config]: anybody can change who owns what: `CODEOWNERS` is not owned
--> CODEOWNERS
 = help: add a line: `/CODEOWNERS <owners>`

error[unowned-path]: 4 paths in `./` are unowned
 = note: `CODEOWNERS`, `a b/[id]`, `docs/` (2 paths)
 = help: add a line for each: `/CODEOWNERS <owners>`, `/a\ b/ <owners>`, `/docs/ <owners>`; or the pattern without owners for nobody

1 error, 1 warning; 5 tracked paths: 1 owned, 4 unowned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    // Every line that a help offers is one that GitHub reads.
    sandbox.write(
        "CODEOWNERS",
        "/src/ @a\n/CODEOWNERS @o\n/a\\ b/\\[id\\] @o\n/docs/ @o\n",
    );
    sandbox.owners("check --format short").prints("");
    sandbox
        .owners("check --format short -W default-only-path")
        .prints("");
}

/// A pattern that nearly names a path. A file called owners.toml elsewhere is something else.
#[test]
fn misspelled_patterns() {
    let sandbox = Sandbox::committed([
        (
            "CODEOWNERS",
            "* @a\n/crates/wasi-htpp/ @b\n/docs/ @b\n/src/pay/ @b\n",
        ),
        ("crates/wasi-http/x", ""),
        ("Docs/x", ""),
        ("src/pay/x", "what is renamed"),
        ("sub/owners.toml", ""),
    ]);
    sandbox.git("mv src/pay src/payments");
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/crates/wasi-htpp/`
 --> CODEOWNERS:2:1
  |
2 | /crates/wasi-htpp/ @b
  | ^^^^^^^^^^^^^^^^^^ `crates/wasi-http` exists
  |
  = help: write `/crates/wasi-http/`

error[misspelled-pattern]: no tracked path matches `/docs/`
 --> CODEOWNERS:3:1
  |
3 | /docs/ @b
  | ^^^^^^ only the case differs from `Docs`
  |
  = help: write `/Docs/`

error[misspelled-pattern]: no tracked path matches `/src/pay/`
 --> CODEOWNERS:4:1
  |
4 | /src/pay/ @b
  | ^^^^^^^^^ renamed to `src/payments`
  |
  = note: `src/pay` was renamed since `HEAD`
  = help: write `/src/payments/`

3 errors, 0 warnings; 5 tracked paths: 5 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Every format has the places in CODEOWNERS.
#[test]
fn formats() {
    let sandbox = sandbox();
    sandbox.owners("check --format short").finds(str![[r#"
.github/CODEOWNERS:3:1: error[duplicate-pattern]: two rules have the pattern `/docs/` (see .github/CODEOWNERS:8)
.github/CODEOWNERS:4:1: warning[shadowed-rule]: `/src/old/` can never take effect (see .github/CODEOWNERS:5)
.github/CODEOWNERS:6:1: warning[dead-pattern]: no tracked path matches `/gone/`
.github/CODEOWNERS:9:1: warning[directory-as-file]: `/vendor/lib/` never matches: `vendor/lib` is a submodule, not a directory

"#]]);
    sandbox.owners("check --format github").finds(str![[r#"
::error file=.github/CODEOWNERS,line=3,endLine=3,col=1,endColumn=7,title=duplicate-pattern::two rules have the pattern `/docs/`: this rule can never take effect (see .github/CODEOWNERS:8)%0Ahelp: remove one of them
::warning file=.github/CODEOWNERS,line=4,endLine=4,col=1,endColumn=10,title=shadowed-rule::`/src/old/` can never take effect: later rules cover it in any tree (see .github/CODEOWNERS:5)%0Ahelp: move it below line 5 if it should win, or remove it
::warning file=.github/CODEOWNERS,line=6,endLine=6,col=1,endColumn=7,title=dead-pattern::no tracked path matches `/gone/`: matches nothing%0Ahelp: remove it, or correct the path
::warning file=.github/CODEOWNERS,line=9,endLine=9,col=1,endColumn=13,title=directory-as-file::`/vendor/lib/` never matches: `vendor/lib` is a submodule, not a directory: matches only paths inside a directory%0Ahelp: remove the trailing slash: `/vendor/lib`

"#]]);
    let json = sandbox.owners("check --format json").output();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 4);
    for finding in findings {
        assert_eq!(finding["labels"][0]["file"], ".github/CODEOWNERS");
        // `--fix` edits owners.toml only.
        assert!(finding["fix"].is_null(), "{finding}");
    }
    for format in ["sarif", "gitlab"] {
        let output = sandbox.owners("check --format").arg(format).output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("\".github/CODEOWNERS\""), "{text}");
        assert!(
            !text.contains("owners.toml\"") && !text.contains("owners/fix"),
            "{text}"
        );
    }
    let output = sandbox
        .owners("check")
        .env("GITHUB_ACTIONS", "true")
        .output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("::error file=.github/CODEOWNERS,line=3,endLine=3,col=1,"),
        "{text}"
    );
}

#[test]
fn who() {
    let sandbox = sandbox();
    sandbox
        .owners("who docs/a.md src/new.rs notes/x src/")
        .prints(str![[r#"
docs/a.md   @alice
src/new.rs  @carol
notes/x     (nobody)
src/        @carol  (2 paths)

"#]]);
    sandbox
        .owners("who --explain docs/a.md src/old/lib.rs notes/x")
        .prints(str![[r#"
docs/a.md       @alice
    decided by .github/CODEOWNERS:8:1: /docs/ @alice
    overrides .github/CODEOWNERS:3:1: /docs/ @alice @bob
    overrides .github/CODEOWNERS:2:1: * @org/core
src/old/lib.rs  @carol
    decided by .github/CODEOWNERS:5:1: /src/ @carol
    overrides .github/CODEOWNERS:4:1: /src/old/ @alice
    overrides .github/CODEOWNERS:2:1: * @org/core
notes/x         (nobody)
    decided by .github/CODEOWNERS:7:1: /notes/
    overrides .github/CODEOWNERS:2:1: * @org/core

"#]]);
    sandbox
        .owners("who ../docs/a.md --members")
        .within("src")
        .prints(str![[r#"
../docs/a.md  @alice

"#]]);
    sandbox
        .owners("who --stdin")
        .stdin("src/lib.rs\ndocs/\n")
        .prints(str![[r#"
src/lib.rs  @carol
docs/  @alice  (2 paths)

"#]]);
    sandbox
        .owners("who --json --explain docs/a.md notes/")
        .prints(str![[r#"
{"version":1,"paths":[
{"path":"docs/a.md","state":"owned","owners":["@alice"],"rule":{"file":".github/CODEOWNERS","line":8,"column":1,"pattern":"/docs/","expanded":"/docs/","alternatives":[],"groups":[]},"overrides":[{"file":".github/CODEOWNERS","line":3,"column":1,"pattern":"/docs/","expanded":"/docs/","alternatives":[],"groups":[]},{"file":".github/CODEOWNERS","line":2,"column":1,"pattern":"*","expanded":"*","alternatives":[],"groups":[]}]},
{"path":"notes/","below":[{"state":"nobody","owners":[],"paths":1}]}
]}

"#]]);
    let unowned = Sandbox::repo([("CODEOWNERS", "/a @a\n")]);
    unowned.owners("who --explain b").finds(str![[r#"
b  (unowned)
    no rule matches

"#]]);
}

/// `who` for a path reads no index, as with owners.toml.
#[test]
fn who_reads_no_index() {
    let sandbox = sandbox();
    let mut index = std::fs::read(sandbox.root.join(".git/index")).unwrap();
    index.truncate(40);
    sandbox.write(".git/index", index);
    sandbox
        .owners("who docs/a.md")
        .prints("docs/a.md  @alice\n");
    assert_eq!(sandbox.owners("check").output().status.code(), Some(2));
}

#[test]
fn ls() {
    let sandbox = sandbox();
    sandbox
        .owners("ls --name-only --owner @CAROL")
        .prints(str![[r#"
src/lib.rs
src/old/lib.rs

"#]]);
    sandbox.owners("ls --name-only --nobody").prints(str![[r#"
notes/x

"#]]);
    sandbox.owners("ls --name-only --unowned").prints("");
    sandbox.owners("ls --group core").refuses(str![[r#"
error: there is no group `core`: `.github/CODEOWNERS` has no groups
 = help: name the owner: `owners ls --owner @org/core`

"#]]);
    sandbox.owners("ls --group nothing").refuses(str![[r#"
error: there is no group `nothing`: `.github/CODEOWNERS` has no groups
 = help: `owners stats` lists the owners; `owners init` makes groups

"#]]);
    sandbox.owners("ls --owner @carl").refuses(str![[r#"
error: .github/CODEOWNERS has no owner `@carl`
 = help: did you mean `@carol`?

"#]]);
}

#[test]
fn stats() {
    let sandbox = sandbox();
    sandbox.owners("stats").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

owner      paths  share  alone
@alice         2  28.6%      2
@carol         2  28.6%      2
@org/core      2  28.6%      2
@bob           0   0.0%      0
@dave          0   0.0%      0

"#]]);
    sandbox.owners("stats --by dir").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

directory  paths   owned  nobody  unowned
docs/          2  100.0%    0.0%     0.0%
src/           2  100.0%    0.0%     0.0%
.github/       1  100.0%    0.0%     0.0%
notes/         1    0.0%  100.0%     0.0%
vendor/        1  100.0%    0.0%     0.0%

"#]]);
    sandbox.owners("stats --by group").refuses(str![[r#"
error: `.github/CODEOWNERS` has no groups
 = help: run `owners stats --by owner`; `owners init` makes groups

"#]]);
}

/// `--rev` reads the file of the commit, in a bare repository too.
#[test]
fn a_commit() {
    let sandbox = Sandbox::committed([("CODEOWNERS", "/a @a\n"), ("a", ""), ("b", "")]);
    sandbox.write("CODEOWNERS", "* @z\n");
    sandbox
        .owners("check --format short --rev HEAD")
        .finds(str![[r#"
CODEOWNERS: warning[unowned-config]: anybody can change who owns what: `CODEOWNERS` is not owned
CODEOWNERS: error[unowned-path]: `CODEOWNERS` is unowned
b: error[unowned-path]: `b` is unowned

"#]]);
    sandbox
        .owners("ls --name-only --owner @a --rev HEAD")
        .prints("a\n");
    sandbox.owners("stats --rev HEAD").prints(str![[r#"
3 paths, 1 owned (33.3%), 2 unowned (66.7%)

owner  paths  share  alone
@a         1  33.3%      1

unowned
CODEOWNERS
b

"#]]);
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox
        .owners("check -A unowned-path --rev HEAD")
        .within("../bare.git")
        .prints(str![[r#"
warning[unowned-config]: anybody can change who owns what: `CODEOWNERS` is not owned
--> CODEOWNERS
 = help: add a line: `/CODEOWNERS <owners>`

0 errors, 1 warning; 3 tracked paths: 1 owned, 2 unowned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    sandbox
        .owners("ls --name-only --unowned --rev HEAD")
        .within("../bare.git")
        .prints(str![[r#"
CODEOWNERS
b

"#]]);
    sandbox.git("rm -q --cached CODEOWNERS");
    sandbox.git("commit -qm without");
    sandbox.owners("check --rev HEAD").refuses(str![[r#"
error: there is neither `owners.toml` nor a CODEOWNERS file in `HEAD`
 = note: a CODEOWNERS file is found where a forge looks for it: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS`, `.gitea/CODEOWNERS`, `.forgejo/CODEOWNERS`, `.bitbucket/CODEOWNERS`

"#]]);
}

/// `--changed` compares with the file of the base.
#[test]
fn a_change() {
    let sandbox = Sandbox::committed([
        ("CODEOWNERS", "/a/ @a\n/gone @a\n/CODEOWNERS @a\n"),
        ("a/x", ""),
        ("old", ""),
    ]);
    sandbox.write("new", "");
    sandbox.write(
        "CODEOWNERS",
        "# A comment moves the lines.\n/a/ @a\n/gone @a\n/CODEOWNERS @a\n/gone2 @a\n/b [x]\n",
    );
    sandbox.git("add -A");
    sandbox
        .owners("check --format short --changed HEAD")
        .finds(str![[r#"
CODEOWNERS:6:4: error[skipped-line]: GitHub skips the line of `/b`
CODEOWNERS:5:1: warning[dead-pattern]: no tracked path matches `/gone2`
new: error[unowned-path]: `new` is unowned

"#]]);
    // A rule is removed, and a path that was not touched loses its owner.
    sandbox.write("CODEOWNERS", "/CODEOWNERS @a\n");
    sandbox.git("rm -qf new");
    sandbox
        .owners("check --format short --changed HEAD")
        .finds(str![[r#"
a/x: error[unowned-path]: `a/x` is unowned

"#]]);
}

/// The change that brings owners.toml is compared with the CODEOWNERS file of its base.
#[test]
fn a_change_that_adopts_owners_toml() {
    let sandbox = Sandbox::committed([
        ("CODEOWNERS", "/a @a\n/CODEOWNERS @a\n"),
        ("a", ""),
        ("old", ""),
    ]);
    sandbox.owners("init -q --write-output").prints("");
    sandbox.write("new", "");
    sandbox.git("add -A");
    sandbox
        .owners("check --format short --changed HEAD")
        .finds(str![[r#"
new: error[unowned-path]: `new` is unowned

"#]]);
}

#[test]
fn untracked_files() {
    let sandbox = Sandbox::repo([("CODEOWNERS", "/CODEOWNERS @a\n")]);
    sandbox.write("new", "");
    sandbox.owners("check --format short").prints("");
    sandbox
        .owners("check --format short --untracked")
        .finds(str![[r#"
new: error[unowned-path]: `new` is unowned

"#]]);
}

/// The file need not be checked out.
#[test]
fn a_sparse_checkout() {
    let sandbox = Sandbox::committed([
        ("docs/CODEOWNERS", "/a/ @a\n/docs/ @b\n"),
        ("a/x", ""),
        ("docs/y", ""),
    ]);
    sandbox.git("sparse-checkout set --no-cone /a/");
    assert!(!sandbox.root.join("docs").exists());
    sandbox.owners("check --format short").prints("");
    sandbox.owners("who docs/y").prints(str![[r#"
docs/y  @b

"#]]);
}

/// What edits or generates needs `owners.toml`, and says how to get one.
#[test]
fn commands_that_need_owners_toml() {
    let sandbox = sandbox();
    for command in ["gen", "gen --check", "gen --stdout"] {
        sandbox.owners(command).refuses(str![[r#"
error: there is no `owners.toml` in `[ROOT]`
 = note: it belongs at the root of the repository; `--config FILE` names another
 = help: run `owners init`: it imports `.github/CODEOWNERS`

"#]]);
    }
    let output = sandbox.owners("check --exempt-unowned").output();
    assert_eq!(output.status.code(), Some(2));
    for command in ["check --fix", "check --fix=tree --dry-run"] {
        sandbox.owners(command).refuses(str![[r#"
error: `--fix` edits `owners.toml`, and there is none
 = note: `.github/CODEOWNERS` is written by hand
 = help: run `owners check`, and make the edits by hand
 = help: or run `owners init`, which imports the file, then the same command

"#]]);
    }
    sandbox.file_is(".github/CODEOWNERS", LINES);
    // The file that `--config` names is always an owners.toml.
    sandbox.owners("check --config .github/CODEOWNERS").output();
    let output = sandbox.owners("check --config .github/CODEOWNERS").output();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn neither_file() {
    let sandbox = Sandbox::repo([("README.md", "")]);
    for command in ["check", "who x", "ls", "stats", "map"] {
        sandbox.owners(command).refuses(str![[r#"
error: there is neither `owners.toml` nor a CODEOWNERS file in `[ROOT]`
 = note: `owners.toml` belongs at the root of the repository; `--config FILE` names another
 = note: a CODEOWNERS file is found where a forge looks for it: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS`, `.gitea/CODEOWNERS`, `.forgejo/CODEOWNERS`, `.bitbucket/CODEOWNERS`
 = help: run `owners init`: it writes a first `owners.toml`, from the history of the repository

"#]]);
    }
    sandbox.owners("gen").refuses(str![[r#"
error: there is no `owners.toml` in `[ROOT]`
 = note: it belongs at the root of the repository; `--config FILE` names another
 = help: run `owners init`: it writes a starter

"#]]);
}

/// Without its `owners.toml`, a generated file decides nothing: a check that passed would hide that
/// somebody deleted it.
#[test]
fn a_generated_file_alone() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    sandbox.git("commit -qm x");
    sandbox.git("rm -q owners.toml");
    for command in [
        "check",
        "check --fix",
        "who x",
        "ls",
        "stats",
        "map",
        "gen",
        "gen --check",
        "gen --stage",
        "gen --force",
    ] {
        sandbox.owners(command).refuses(str![[r#"
error: there is no `owners.toml`
 = note: `.github/CODEOWNERS` was generated from one
 = help: restore it: `git checkout HEAD -- owners.toml`
 = help: or remove the first two lines of that file, which say that it is generated: then it is a file written by hand, which `owners init` can import

"#]]);
    }
    sandbox.owners("init").refuses(str![[r#"
error: cannot import `.github/CODEOWNERS`
 = note: it was generated from an `owners.toml`
 = help: restore it: `git checkout HEAD -- owners.toml`
 = help: or remove the first two lines of that file, which say that it is generated: then it is a file written by hand, which `owners init` can import

"#]]);
    sandbox.write("d/x", "");
    sandbox.owners("-C d gen").refuses(str![[r#"
error: there is no `owners.toml`
 = note: `.github/CODEOWNERS` was generated from one
 = help: restore it: `git checkout HEAD -- :/owners.toml`
 = help: or remove the first two lines of that file, which say that it is generated: then it is a file written by hand, which `owners init` can import

"#]]);
    sandbox.git_in("d", "checkout HEAD -- :/owners.toml");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q --format short").prints("");
    sandbox.git("rm -qf owners.toml");
    sandbox.git("commit -qm y");
    // `HEAD` lacks it.
    sandbox.owners("gen").refuses(str![[r#"
error: there is no `owners.toml`
 = note: `.github/CODEOWNERS` was generated from one
 = help: restore it, or name it with `--config FILE`
 = help: or remove the first two lines of that file, which say that it is generated: then it is a file written by hand, which `owners init` can import

"#]]);
    sandbox.owners("check --rev HEAD").refuses(str![[r#"
error: there is no `owners.toml` in `HEAD`
 = note: `.github/CODEOWNERS` was generated from one
 = help: name a revision that has both

"#]]);
}

/// The last help works, too.
#[test]
fn a_generated_file_by_hand_again() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    sandbox.git("rm -qf owners.toml");
    let text = sandbox.read(".github/CODEOWNERS");
    let rest: Vec<&str> = text.lines().skip(2).collect();
    sandbox.write(".github/CODEOWNERS", rest.join("\n") + "\n");
    sandbox.owners("check -q --format short").prints("");
    sandbox.owners("init -q --write-output --force").prints("");
    sandbox.git("add -A");
    sandbox.owners("check -q --format short").prints("");
}

/// `owners.toml` decides if there is one.
#[test]
fn owners_toml_goes_first() {
    let sandbox = Sandbox::repo([
        ("owners.toml", "[paths]\n'*' = '@a'\n"),
        (".github/CODEOWNERS", "* @b\n"),
    ]);
    sandbox.owners("who x").prints("x  @a\n");
}

#[test]
fn odd_files() {
    // Empty, or nothing but comments: everything is unowned.
    for text in ["", "\n\n", "# nothing\n"] {
        let sandbox = Sandbox::repo([("CODEOWNERS", text)]);
        sandbox.owners("check --format short").finds(str![[r#"
CODEOWNERS: warning[unowned-config]: anybody can change who owns what: `CODEOWNERS` is not owned
CODEOWNERS: error[unowned-path]: `CODEOWNERS` is unowned

"#]]);
    }
    // Bytes that are not UTF-8, a byte order mark, CRLF, NUL.
    let sandbox = Sandbox::repo([("x", "")]);
    sandbox.write(
        "CODEOWNERS",
        b"\xef\xbb\xbf* @a\r\n/caf\xe9 @b\r\n\0 @c\r\n",
    );
    sandbox.git("add -A");
    sandbox.owners("check --format short").prints(str![[r#"
CODEOWNERS:2:1: warning[dead-pattern]: no tracked path matches `/caf�`
CODEOWNERS:3:3: warning[dead-pattern]: no tracked path matches `@c`

"#]]);
    sandbox.owners("who --explain x").prints(str![[r#"
x  @a
    decided by CODEOWNERS:1:1: * @a

"#]]);
    // Nobody reads so many lines.
    let many = "/a @a\n".repeat(200_000);
    let sandbox = Sandbox::repo([("CODEOWNERS", &*many)]);
    sandbox.owners("check").refuses(str![[r#"
error: `CODEOWNERS` is too large
 = note: line 100001: there are more than 100000 lines with a pattern

"#]]);
}

#[test]
fn a_file_that_is_too_large_for_the_forge() {
    let line = format!("# {}\n", "x".repeat(1000));
    let text = format!("* @a\n{}", line.repeat(3 * 1024 * 1024 / 1000));
    let sandbox = Sandbox::repo([("CODEOWNERS", &*text)]);
    sandbox.owners("check").finds(str![[r#"
error[output-size]: GitHub ignores `CODEOWNERS`: it has 3154440 bytes and must have fewer than 3145728
--> CODEOWNERS
 = help: replace long lists of paths with `*`, and long lists of owners with a team

1 error, 0 warnings; 1 tracked path: 1 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Lines made to be costly: each expands to many patterns, or to a long help.
#[test]
fn lines_made_to_be_costly() {
    let braces = format!("/{} @b\n", "{a,b}".repeat(9)).repeat(1_000);
    let brackets = "/x[abcdefgh]/[id] @b\n/y[abcdefgh] @b\n".repeat(500);
    let blanks = format!("/{}{{a, b}} @b\n", "{a,b}".repeat(8)).repeat(500);
    let long = format!("/{}{{a,b}} @b\n", "x".repeat(200_000));
    let text = ["* @a\n", &braces, &brackets, &blanks, &long].concat();
    let sandbox = Sandbox::repo([(".github/CODEOWNERS", &*text), ("a", "")]);
    let run = sandbox
        .owners("check --format json")
        .processor_seconds(30)
        .output();
    assert_eq!(run.status.code(), Some(1));
    // A finding takes a small multiple of its line.
    assert!(run.stdout.len() < 20 * text.len(), "{}", run.stdout.len());
}
