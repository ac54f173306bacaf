//! `unowned-path`: a tracked path matches no rule and is not exempt.

use snapbox::str;

use super::repo;

use crate::configured;

#[cfg(unix)]
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
error[unowned-path]: `docs/it's "new".md` is unowned
--> docs/it's "new".md
 = help: add a rule under `[paths]`: `"/docs/" = "@a"`, or `= []` for nobody

1 error, 0 warnings; 8 tracked paths: 7 owned, 1 unowned

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
error[unowned-path]: 5 paths in `./` are unowned
 = note: `docs/` (3 paths), `src/` (2 paths)
 = help: add a rule for each under `[paths]`: `"/docs/" = "@a"`, `"/src/" = "@a"`; or `= []` for nobody

1 error, 0 warnings; 13 tracked paths: 8 owned, 5 unowned

"#]]);
    sandbox.owners("check -v").finds(str![[r#"
error[unowned-path]: every path in `docs/` is unowned: 3 paths
--> docs/
 = note: `docs/a/1`
 = note: `docs/a/2`
 = note: `docs/b`
 = help: add a rule under `[paths]`: `"/docs/" = "@a"`, or `= []` for nobody

error[unowned-path]: every path in `src/` is unowned: 2 paths
--> src/
 = note: `src/x/1`
 = note: `src/x/2`
 = help: add a rule under `[paths]`: `"/src/" = "@a"`, or `= []` for nobody

2 errors, 0 warnings; 13 tracked paths: 8 owned, 5 unowned

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
warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "<group>"`, or `= []` for nobody

error[unowned-path]: every path is unowned: 7 tracked paths
 = help: add a rule under `[paths]`: `"*" = "<group>"`, or `= []` for nobody

1 error, 1 warning; 7 tracked paths: 0 owned, 7 unowned

"#]]);
}

#[test]
fn nobodys_on_purpose_is_fine() {
    configured(r#"[paths]
"*" = []
"#).owners("check").prints(str![[r#"
warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
 --> owners.toml:2:1
  |
2 | "*" = []
  | ^^^ gives `owners.toml` to nobody
  |
  = help: add a rule under `[paths]`: `"/owners.toml" = "<group>"`, or `= []` for nobody

0 errors, 1 warning; 7 tracked paths: 0 owned, 7 nobody

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
    sandbox
        .owners("check -q --format short -A unowned-path")
        .prints("");
    sandbox.git("rm -q --cached docs/new.md");
    sandbox.owners("check -q --format short").prints("");
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
error[unowned-path]: `docs/new.md` is unowned
--> docs/new.md
 = help: add a rule under `[paths]`: `"/docs/" = "@a"`, or `= []` for nobody

error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

2 errors, 0 warnings; 9 paths: 8 owned, 1 unowned

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
error[unowned-path]: `crates/wasi-tls/src/lib.rs` is unowned
--> crates/wasi-tls/src/lib.rs
 = help: add a rule under `[paths]`: `"/crates/wasi-tls/" = "@b"`, or `= []` for nobody

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 unowned

"#]]);
}

/// The owner in a suggested rule is that of all siblings with an owner, or left open.
#[test]
fn the_owner_of_a_suggestion() {
    let helps = |files: &[&str], config: &str| -> Vec<String> {
        let sandbox = repo(files, config);
        let output = sandbox.owners("check --format json").output();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let unowned = findings.filter(|finding| finding["lint"] == "unowned-path");
        let help = |finding: &serde_json::Value| finding["helps"][0].as_str().unwrap().to_string();
        unowned
            .map(help)
            .filter_map(|help| Some(help.split_once(": `")?.1.split_once('`')?.0.to_string()))
            .collect()
    };
    let groups = "[groups]\nfirst = '@first'\na = '@a'\n[paths]\n'owners.toml' = 'first'\n'.github/' = 'first'\n";
    let with = |rules: &str| format!("{groups}{rules}");
    for (files, rules, expected) in [
        // The siblings have different owners, or the same one.
        (
            &["x/a/1", "x/b/1", "x/c/1"][..],
            "'/x/a/' = 'a'\n'/x/c/' = ['first', '@b']",
            r#""/x/b/" = "<group>""#,
        ),
        (
            &["x/a/1", "x/b/1", "x/c/1"],
            "'/x/a/' = 'a'\n'/x/c/' = ['@a']",
            r#""/x/b/" = "a""#,
        ),
        // A rule for files anywhere says nothing about the directories that have some.
        (
            &["x/a/1", "x/b/1.md", "x/c/1.md"],
            "'*.md' = 'a'",
            r#""/x/a/" = "<group>""#,
        ),
        (
            &["common/1.c", "docs/a.md", "docs/b.md"],
            "'*.md' = 'a'\n'/.github/' = []\n'/owners.toml' = []",
            r#""/common/" = "<group>""#,
        ),
        (
            &["x/a", "x/m/1", "x/z"],
            "'/x/z' = ['first', '@b']\n'/x/a' = []",
            r#""/x/m/" = ["first", "@b"]"#,
        ),
        // No sibling has one, or only the directory above.
        (&["x/a/1", "y/b/1"], "'/y/' = 'a'", r#""/x/" = "<group>""#),
        (
            &["x/a/1", "x/b/2", "x/c", "y"],
            "'/y' = 'a'\n'/x/c' = []",
            r#""/x/a/" = "<group>""#,
        ),
        // At the root.
        (
            &["docs/1", "src/1", "web/1"],
            "'/docs/' = 'first'\n'/web/' = 'a'",
            r#""/src/" = "<group>""#,
        ),
        (
            &["docs/1", "src/1", "web/1"],
            "'/docs/' = 'first'\n'/web/' = 'first'",
            r#""/src/" = "first""#,
        ),
        (&["a.md", "b.md"], "'/a.md' = 'a'", r#""/b.md" = "<group>""#),
        (
            &["a.md", "b.md"],
            "'/a.md' = 'first'",
            r#""/b.md" = "first""#,
        ),
        // Characters that the forge cannot express.
        (&["x/a\\b", "x/c"], "'/x/c' = 'a'", r#""/x/a?b" = "a""#),
    ] {
        assert_eq!(helps(files, &with(rules))[0], expected, "{rules}");
    }
}

/// Every name can be pasted.
#[cfg(unix)]
#[test]
fn odd_names_of_suggestions() {
    for platform in ["github", "gitlab"] {
        let mut files = Vec::new();
        for name in [
            "a\\b",
            "#a",
            "a b ",
            " a",
            "a[b]",
            "{a}",
            "<a>",
            "a,b",
            "!a",
            "*a",
            "a?",
            "@a",
            "a\"'b",
            "a\tb",
            "a\u{202e}b",
            "é",
            "[Section]",
            "a\\",
        ] {
            files.push(format!("x{name}/{name}"));
            files.push(format!("x{name}/b/{name}/c"));
        }
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let config = format!(
            "[output]\nplatform = '{platform}'\n[paths]\n'owners.toml' = '@a'\n'.git*/' = '@a'\n'b/' = '@a'\n"
        );
        let sandbox = repo(&files, &config);
        // What it suggests is applied: see `suggested`.
        let output = sandbox.owners("check -q").output();
        assert_eq!(output.status.code(), Some(1));
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        sandbox.owners("check -q").finds(shown);
    }
}

/// Each unowned file is alone in a deep directory.
#[test]
fn deep_directories() {
    let sandbox = repo(&["x"], "[paths]\n'x' = '@a'\n");
    let blob = sandbox.git("rev-parse :x");
    let mut records = String::new();
    for number in 0..500 {
        let directory = format!("{number}/{}", "a/".repeat(1_900));
        for name in ["x", "y"] {
            records.push_str(&format!(
                "100644 {} 0\t{directory}{name}\0",
                blob.trim_end()
            ));
        }
    }
    sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    let run = sandbox
        .owners("check -q -A unowned-config -A stale-output")
        .processor_seconds(5)
        .output();
    let shown = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(shown.starts_with("1 error, 0 warnings"), "{shown}");
}
