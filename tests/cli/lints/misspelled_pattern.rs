//! `misspelled-pattern`: a pattern that matches nothing, but nearly names a path.

use snapbox::str;

use super::repo;
use crate::configured;
use crate::support::Sandbox;

/// The files of most tests.
const FILES: &[&str] = &[
    "Cargo.lock",
    "README.md",
    "config.yaml",
    "crates/core/src/lib.rs",
    "crates/wasi-http/src/lib.rs",
    "crates/wasi/src/lib.rs",
    "docs/guide.md",
    "lib",
];

/// The message, the label and the help of each finding of `misspelled-pattern`, and the lines of
/// `owners.toml` after `--fix=tree`.
fn corrected(files: &[&str], rules: &str) -> (Vec<String>, String) {
    let sandbox = repo(files, &format!("[paths]\n'*' = '@a'\n{rules}\n"));
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let found = findings
        .filter(|finding| finding["lint"] == "misspelled-pattern")
        .map(|finding| text(&finding["helps"][0]));
    let found = found.collect();
    sandbox
        .owners("check --fix=tree -A duplicate-pattern")
        .output();
    let config = sandbox.read("owners.toml");
    let rules = config.strip_prefix("[paths]\n'*' = '@a'\n").unwrap();
    (found, rules.trim_end().to_string())
}

#[test]
fn a_letter_is_wrong() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/{wasi,wasi-htpp}/" = "@a"
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[misspelled-pattern]: no tracked path matches the alternative `wasi-htpp`
 --> owners.toml:3:16
  |
3 | "/crates/{wasi,wasi-htpp}/" = "@a"
  |                ^^^^^^^^^ `crates/wasi-http` exists
  |
  = help: write `wasi-http`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]]);
}

/// What is corrected, with the exact edit, which `--fix=tree` makes.
#[test]
fn corrections() {
    for (rules, help, fixed) in [
        // Letters.
        (
            "'/crates/wasi-htpp/' = '@b'",
            "write `/crates/wasi-http/`",
            "'/crates/wasi-http/' = '@b'",
        ),
        (
            "'/config.yml' = '@b'",
            "write `/config.yaml`",
            "'/config.yaml' = '@b'",
        ),
        (
            "'/craets/core/src/*' = '@b'",
            "write `/crates/core/src/*`",
            "'/crates/core/src/*' = '@b'",
        ),
        (
            "\"/cr\\u0061ets/core/\" = '@b'",
            "write `/crates/core/`",
            "\"/crates/core/\" = '@b'",
        ),
        ("'/dcos/' = '@b'", "write `/docs/`", "'/docs/' = '@b'"),
        // Swapped letters in a short name.
        ("'/dosc' = '@b'", "write `/docs`", "'/docs' = '@b'"),
        (
            "'/{crates,dosc}/' = '@b'",
            "write `docs`",
            "'/{crates,docs}/' = '@b'",
        ),
        // Case, alone and with a letter.
        (
            "'/readme.md' = '@b'",
            "write `/README.md`",
            "'/README.md' = '@b'",
        ),
        (
            "'cargo.lock' = '@b'",
            "write `Cargo.lock`",
            "'Cargo.lock' = '@b'",
        ),
        (
            "'/Crates/wasi-htpp' = '@b'",
            "write `/crates/wasi-http`",
            "'/crates/wasi-http' = '@b'",
        ),
        // Blanks and separators.
        (
            "'crates/<wasi, wasi-http>' = '@b'",
            "write `wasi-http`",
            "'crates/<wasi,wasi-http>' = '@b'",
        ),
        (
            "'/crates/wasi_http/' = '@b'",
            "write `/crates/wasi-http/`",
            "'/crates/wasi-http/' = '@b'",
        ),
        // Inside of alternatives, and around them.
        (
            "'/crates/wasi{,-htpp}/' = '@b'",
            "write `-http`",
            "'/crates/wasi{,-http}/' = '@b'",
        ),
        (
            "'/crates/wasi-{htpp,nn}/' = '@b'",
            "write `/crates/wasi-{http,nn}/`",
            "'/crates/wasi-{http,nn}/' = '@b'",
        ),
        (
            "'/craets/{core,wasi}/' = '@b'",
            "write `/crates/{core,wasi}/`",
            "'/crates/{core,wasi}/' = '@b'",
        ),
        (
            "'/{docs,crates/{core,wasi-htpp/src}}/' = '@b'",
            "write `wasi-http/src`",
            "'/{docs,crates/{core,wasi-http/src}}/' = '@b'",
        ),
        // A file.
        (
            "'/lib/' = '@b'",
            "remove the slash at the end: `/lib`",
            "'/lib' = '@b'",
        ),
        (
            "'/{docs,lib}/' = '@b'",
            "write a rule for `/lib` instead",
            "'/{docs,lib}/' = '@b'",
        ),
        // Other syntaxes.
        (
            "'[Cc]argo.lock' = '@b'",
            "write `{C,c}argo.lock`",
            "'Cargo.lock' = '@b'",
        ),
        (
            "'/con[a-z]ig.yaml' = '@b'",
            "write `/con?ig.yaml`",
            "'/con?ig.yaml' = '@b'",
        ),
        (
            r"'\{lib\,README.md\}' = '@b'",
            "write `{lib,README.md}`",
            "'{lib,README.md}' = '@b'",
        ),
        (
            "'!README.md' = '@b'",
            "move `README.md` to the `except` of the rule above, or write `\"README.md\" = []` if nobody owns these paths",
            "'!README.md' = '@b'",
        ),
        // Exceptions.
        (
            "'/crates/' = { owners = '@b', except = ['/crates/wasi-htpp/'] }",
            "write `/crates/wasi-http/`",
            "'/crates/' = { owners = '@b', except = ['/crates/wasi-http/'] }",
        ),
        // A bare key.
        (
            "readme-md = '@b'",
            "write `README.md`",
            "\"README.md\" = '@b'",
        ),
    ] {
        let (found, after) = corrected(FILES, rules);
        assert_eq!(found, [help], "{rules}");
        assert_eq!(after, fixed, "{rules}");
    }
}

/// A name that is only somewhat like another one is not an error.
#[test]
fn no_false_alarms() {
    for (name, files) in [
        ("short", &["wasi/a", "docs/a"][..]),
        ("wasm", &["wasi/a"]),
        ("doc", &["docs/a"]),
        ("scr", &["src/a"]),
        ("dosc", &["docs/a", "odsc/a"]),
        ("driver-v1", &["driver-v2/a"]),
        ("plugin-a", &["plugin-b/a"]),
        ("compiler", &["interpreter/a"]),
        ("github", &[".github/a"]),
        // Not where the pattern looks for it.
        ("crates/compiler", &["other/compiler/a"]),
        ("compiler/x.rs", &["compilers/y.rs"]),
    ] {
        let (found, _) = corrected(files, &format!("'/{name}/' = '@b'"));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
    // The other name has a rule of its own, or the same rule matches it already.
    for rules in [
        "'/compiler/' = '@b'\n'/compilers/' = '@c'",
        "'/{compiler,compilers}/' = '@b'",
        "'/{compiler/,comp*}' = '@b'",
    ] {
        let (found, after) = corrected(&["compilers/a"], rules);
        assert!(found.is_empty(), "{rules}: {found:?}");
        assert!(!after.contains("compiler/"), "{rules}: {after}");
    }
}

/// Several names may have been meant: the user decides.
#[test]
fn several_candidates() {
    let rules = "'/compiler/' = '@b'";
    let (found, after) = corrected(&["compilers/a", "compilerx/a", "x"], rules);
    assert_eq!(found, ["did you mean `/compilers/` or `/compilerx/`?"]);
    assert_eq!(after, rules);
}

/// Two rules must not become equal: a note says why nothing is changed.
#[test]
fn a_correction_that_is_taken() {
    let sandbox = repo(
        FILES,
        "[paths]\n'*' = '@a'\n'/crates/wasi-htpp' = '@b'\n'/crates/wasi-htttp' = '@c'\n",
    );
    let output = sandbox.owners("check --fix=tree -q").output();
    let config = sandbox.read("owners.toml");
    assert_eq!(
        config,
        "[paths]\n'*' = '@a'\n'/crates/wasi-http' = '@b'\n'/crates/wasi-htttp' = '@c'\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn in_a_nested_file() {
    let sandbox = repo(
        &["services/search/src/a", "services/search/src/b", "x"],
        "nested = true\n[paths]\n'*' = '@a'\n",
    );
    sandbox.write(
        "services/search/owners.toml",
        "[paths]\n'/services/search/src/' = '@b'\n'/scr/' = '@b'\n'/SRC/a' = '@c'\n",
    );
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/services/search/src/`
 --> services/search/owners.toml:2:1
  |
2 | '/services/search/src/' = '@b'
  | ^^^^^^^^^^^^^^^^^^^^^^^ patterns of this file are relative to `services/search/`
  |
  = help: write `/src/`

error[misspelled-pattern]: no tracked path matches `/SRC/a`
 --> services/search/owners.toml:4:1
  |
4 | '/SRC/a' = '@c'
  | ^^^^^^^^ only the case differs from `services/search/src/a`
  |
  = help: write `/src/a`

warning[dead-pattern]: no tracked path matches `/scr/`
 --> services/search/owners.toml:3:1
  |
3 | '/scr/' = '@b'
  | ^^^^^^^ matches nothing
  |
  = help: did you mean `/src/`?

2 errors, 1 warning; 6 tracked paths: 6 owned
`--fix=tree` can fix 2

"#]]);
    sandbox.owners("check -q --fix=tree").output();
    assert_eq!(
        sandbox.read("services/search/owners.toml"),
        "[paths]\n'/src/' = '@b'\n'/scr/' = '@b'\n'/src/a' = '@c'\n"
    );
    assert_eq!(sandbox.owners("check").output().status.code(), Some(0));
}

/// In a nested file, the help has the text that is right there.
#[test]
fn a_file_as_a_directory_in_a_nested_file() {
    let sandbox = repo(
        &["sub/lib", "sub/docs/x"],
        "nested = true\n[paths]\n'*' = '@a'\n",
    );
    sandbox.write("sub/owners.toml", "[paths]\n'/lib/' = '@b'\n");
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/lib/`
 --> sub/owners.toml:2:1
  |
2 | '/lib/' = '@b'
  | ^^^^^^^ `sub/lib` is a file, not a directory
  |
  = help: remove the slash at the end: `/lib`

1 error, 0 warnings; 5 tracked paths: 5 owned
`--fix=tree` can fix 1

"#]]);
    sandbox.write("sub/owners.toml", "[paths]\n'/{docs,lib}/' = '@b'\n");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches the alternative `lib`
 --> sub/owners.toml:2:9
  |
2 | '/{docs,lib}/' = '@b'
  |         ^^^ `sub/lib` is a file, not a directory
  |
  = help: write a rule for `/lib` instead

1 error, 0 warnings; 5 tracked paths: 5 owned

"#]]);
}

/// In a CODEOWNERS file, a blank needs a backslash.
#[test]
fn a_blank_in_a_file_written_by_hand() {
    let sandbox = Sandbox::repo([
        ("CODEOWNERS", "* @a\n/user_guide/ @b\n"),
        ("user guide/x", ""),
    ]);
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/user_guide/`
 --> CODEOWNERS:2:1
  |
2 | /user_guide/ @b
  | ^^^^^^^^^^^^ `user guide` exists
  |
  = help: write `/user\ guide/`

1 error, 0 warnings; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// A correction says how many paths have other owners, and where the finding is.
#[test]
fn what_the_fix_changes() {
    let sandbox = repo(FILES, "[paths]\n'*' = '@a'\n'/craets/' = '@b'\n");
    sandbox
        .owners("who crates/wasi/src/lib.rs")
        .prints("crates/wasi/src/lib.rs  @a\n");
    let run = sandbox.owners("check --fix=tree --dry-run");
    run.exits(
        0,
        str![[r#"
--- a/owners.toml
+++ b/owners.toml
@@ -1,3 +1,3 @@
 [paths]
 '*' = '@a'
-'/craets/' = '@b'
+'/crates/' = '@b'
--- a/.github/CODEOWNERS
+++ b/.github/CODEOWNERS
@@ -2,4 +2,4 @@
 # Change owners.toml and run `owners gen`.
 
 *        @a
-/craets/ @b
+/crates/ @b

"#]],
        "the corrected patterns change the owners of 3 paths\nwould fix 1 finding; 0 errors, 0 warnings would remain\n",
    );
    // Without `=tree`, nothing changes.
    sandbox.owners("check --fix -q").output();
    assert!(sandbox.read("owners.toml").contains("craets"));
    sandbox
        .owners("check --fix=tree -q --format short")
        .prints("");
    sandbox
        .owners("who crates/wasi/src/lib.rs")
        .prints("crates/wasi/src/lib.rs  @b\n");
}

/// A commit of crates, and rules for them.
fn committed() -> Sandbox {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    for file in ["a.rs", "b.rs", "c.rs"] {
        sandbox.write(
            format!("crates/b/{file}"),
            format!("content of {file}\n").repeat(20),
        );
    }
    sandbox.write("crates/core/x.rs", "");
    sandbox.write(
        "owners.toml",
        "[paths]\n'*' = '@a'\n'/crates/b/' = '@b'\n'/crates/{b,core}/a.rs' = '@c'\n",
    );
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm base");
    sandbox
}

/// Git says that a directory was renamed. Its new name is not like the old one.
#[test]
fn a_renamed_directory() {
    let sandbox = committed();
    sandbox.git("mv crates/b crates/parser");
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/crates/b/`
 --> owners.toml:3:1
  |
3 | '/crates/b/' = '@b'
  | ^^^^^^^^^^^^ renamed to `crates/parser`
  |
  = note: `crates/b` was renamed since `HEAD`
  = help: write `/crates/parser/`

error[misspelled-pattern]: no tracked path matches `/crates/{b,core}/a.rs`
 --> owners.toml:4:1
  |
4 | '/crates/{b,core}/a.rs' = '@c'
  | ^^^^^^^^^^^^^^^^^^^^^^^ renamed to `crates/parser`
  |
  = note: `crates/b` was renamed since `HEAD`
  = help: write `/crates/{parser,core}/a.rs`

2 errors, 0 warnings; 6 tracked paths: 6 owned
`--fix=tree` can fix 2

"#]]);
    sandbox
        .owners("check -q --format short --fix=tree")
        .prints("");
    assert_eq!(
        sandbox.read("owners.toml"),
        "[paths]\n'*' = '@a'\n'/crates/parser/' = '@b'\n'/crates/parser/a.rs' = '@c'\n"
    );
}

/// The same in a pull request, whose commits are compared with the merge base.
#[test]
fn a_renamed_directory_in_a_change() {
    let sandbox = committed();
    sandbox.git("switch -qc change");
    sandbox.git("mv crates/b lib");
    sandbox.git("commit -qm move");
    let helps = |arguments: &str| {
        let output = sandbox.owners(arguments).output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let line =
            |finding: &serde_json::Value| format!("{} {}", finding["lint"], finding["helps"][0]);
        findings.map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        helps("check --format json --changed main"),
        [
            r#""misspelled-pattern" "write `/lib/`""#,
            r#""misspelled-pattern" "write a rule for `/lib/a.rs` instead""#,
        ]
    );
    // Since HEAD nothing has moved.
    assert_eq!(
        helps("check --format json"),
        [
            r#""dead-pattern" "remove it, or correct the path""#,
            r#""dead-pattern" "remove it, or correct the path""#,
        ]
    );
    sandbox.owners("check --changed main --fix=tree").output();
    assert_eq!(
        sandbox.read("owners.toml"),
        "[paths]\n'*' = '@a'\n'/lib/' = '@b'\n'/crates/{b,core}/a.rs' = '@c'\n"
    );
}

/// A directory that was split, or deleted while a name like it exists, has not moved.
#[test]
fn what_was_deleted_is_not_misspelled() {
    let sandbox = committed();
    sandbox.git("mv crates/b/a.rs crates/one.rs");
    sandbox.git("mv crates/b/b.rs crates/two.rs");
    sandbox.git("rm -q crates/b/c.rs");
    sandbox
        .owners("check -q --format short --fix=tree")
        .prints("");
    assert_eq!(sandbox.read("owners.toml"), "[paths]\n'*' = '@a'\n");

    let sandbox = Sandbox::current([
        ("compiler/a", "1"),
        ("compilers/a", "2"),
        ("owners.toml", "[paths]\n'*' = '@a'\n'/compiler/' = '@b'\n"),
    ]);
    sandbox.git("commit -qm base");
    sandbox.git("rm -q compiler/a");
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: no tracked path matches `/compiler/`
 --> owners.toml:3:1
  |
3 | '/compiler/' = '@b'
  | ^^^^^^^^^^^^ matches nothing
  |
  = help: remove it: `compiler` existed in `HEAD`, and was deleted

0 errors, 1 warning; 3 tracked paths: 3 owned
`--fix=tree` can fix 1

"#]]);
}

/// The character before the end of an alternative may take several bytes.
#[test]
fn an_accent_at_the_end_of_an_alternative() {
    let sandbox = Sandbox::repo([
        ("e\u{301}", ""),
        (".gitlab/x", ""),
        (
            "owners.toml",
            "[paths]\n'/{e\u{301},.gitlab}/' = '@a'\n'*' = '@b'\n",
        ),
    ]);
    let output = sandbox.owners("check -q --format short").output();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("misspelled-pattern]: no tracked path matches the alternative"),
        "{said}"
    );
}

/// The patterns of a requirement are judged as those of rules, and a rule for the path that was meant
/// is no reason against it.
#[test]
fn in_requirements() {
    let config = r#"[paths]
"*" = ["@a", "@sec"]
"/.github/workflows/" = ["@a", "@sec"]

[[require]]
paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
except = ["/services/serach/gen/", "/services/payments/*.md"]
owners = "@sec"
"#;
    let files = [
        ".github/workflows/ci.yml",
        "services/search/gen/x",
        "services/payments/x",
        "Dockerfile",
        "Makefile",
        "docs/x",
        "README.md",
    ];
    let sandbox = repo(&files, config);
    sandbox
        .owners("check -A loose-requirement -A duplicate-pattern -A shadowed-rule")
        .finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/.github/workflow/`
 --> owners.toml:6:11
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |           ^^^^^^^^^^^^^^^^^^^^ `.github/workflows` exists
  |
  = help: write `/.github/workflows/`

error[misspelled-pattern]: no tracked path matches the alternative `paymnets`
 --> owners.toml:6:52
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |                                                    ^^^^^^^^ `services/payments` exists
  |
  = help: write `payments`

error[misspelled-pattern]: no tracked path matches `Dockerflie`
 --> owners.toml:6:65
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |                                                                 ^^^^^^^^^^^^ `Dockerfile` exists
  |
  = help: write `Dockerfile`

error[misspelled-pattern]: no tracked path matches `/[Mm]akefile`
 --> owners.toml:6:79
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |                                                                               ^^^^^^^^^^^^^^ `[Mm]` stands for these characters, not for one of them
  |
  = help: write `/{M,m}akefile`

error[misspelled-pattern]: no tracked path matches `!docs/`
 --> owners.toml:6:95
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |                                                                                               ^^^^^^^^ `!` is part of the name here: no pattern is negated
  |
  = help: move `docs/` to the `except` of the requirement

error[misspelled-pattern]: no tracked path matches `/README.md/`
 --> owners.toml:6:105
  |
6 | paths  = ["/.github/workflow/", "/services/{search,paymnets}/", "Dockerflie", "/[Mm]akefile", "!docs/", "/README.md/"]
  |                                                                                                         ^^^^^^^^^^^^^ `README.md` is a file, not a directory
  |
  = help: remove the slash at the end: `/README.md`

error[misspelled-pattern]: the exception `/services/serach/gen/` excludes no tracked path
 --> owners.toml:7:11
  |
7 | except = ["/services/serach/gen/", "/services/payments/*.md"]
  |           ^^^^^^^^^^^^^^^^^^^^^^^ `services/search/gen` exists
  |
  = help: write `/services/search/gen/`

7 errors, 0 warnings; 9 tracked paths: 9 owned
`--fix=tree` can fix 6

"#]]);
    // All but the one that is not a fix.
    sandbox
        .owners("check -A loose-requirement -A shadowed-rule -A ineffective-pattern --fix=tree --format short")
        .exits(1, str![[r#"
owners.toml:6:97: error[misspelled-pattern]: no tracked path matches `!docs/`

"#]], str![[r#"
updated owners.toml
fixed 6 findings

"#]]);
    let fixed = r#"paths  = ["/.github/workflows/", "/services/{search,payments}/", "Dockerfile", "/{M,m}akefile", "!docs/", "/README.md"]
except = ["/services/search/gen/", "/services/payments/*.md"]
"#;
    let text = sandbox.read("owners.toml");
    assert!(text.contains(fixed), "{text}");
}

/// A renamed directory is followed.
#[test]
fn requirements_whose_files_were_renamed() {
    let config = r#"[paths]
"*" = ["@a", "@sec"]

[[require]]
paths  = ["/keys/", "/gone/"]
owners = "@sec"
"#;
    let sandbox = repo(&["keys/a", "keys/b", "gone/c"], config);
    sandbox.git("commit -qm base");
    sandbox.git("mv keys secrets");
    sandbox.git("rm -qr gone");
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/keys/`
 --> owners.toml:5:11
  |
5 | paths  = ["/keys/", "/gone/"]
  |           ^^^^^^^^ renamed to `secrets`
  |
  = note: `keys` was renamed since `HEAD`
  = help: write `/secrets/`

1 error, 0 warnings; 4 tracked paths: 4 owned
`--fix=tree` can fix 1

"#]]);
}
