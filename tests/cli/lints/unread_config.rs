//! `unread-config`: an `owners.toml` in a directory that has no effect.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

const RULES: &str = "[paths]\n\"*\" = \"@a\"\n";

#[test]
fn without_nested() {
    let sandbox = repo(&["crates/wasi/x"], RULES);
    sandbox.write("crates/wasi/owners.toml", RULES);
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unread-config]: `crates/wasi/owners.toml` is not read
--> crates/wasi/owners.toml
 = note: `owners.toml` does not allow such files in directories
 = help: to read it, write `nested = true` at the top of `owners.toml`
 = help: if it is something else, write `nested = { except = ["/crates/wasi/owners.toml"] }` there

1 error, 0 warnings; 4 tracked paths: 4 owned

"#]]);
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["lint"], "unread-config");
    assert_eq!(report["findings"][0]["path"], "crates/wasi/owners.toml");
    // Both helps are right.
    for first in [
        "nested = true",
        "nested = { except = [\"/crates/wasi/owners.toml\"] }",
    ] {
        sandbox.write("owners.toml", format!("{first}\n{RULES}"));
        sandbox.owners("gen -q").prints("");
        sandbox
            .owners("check -q --format short -A shadowed-rule -A ineffective-pattern")
            .prints("");
    }
}

#[test]
fn git_does_not_know_it() {
    let sandbox = repo(&["a/x", "b/x"], &format!("nested = true\n{RULES}"));
    sandbox.write("a/owners.toml", RULES);
    sandbox.write("b/owners.toml", RULES);
    sandbox.write(".git/info/exclude", "/b/owners.toml\n");
    sandbox.owners("check").finds(str![[r#"
error[unread-config]: `a/owners.toml` is not read
--> a/owners.toml
 = note: git does not track it
 = help: to read it, run `git add a/owners.toml`
 = help: if it is something else, write `nested = { except = ["/a/owners.toml"] }` there

error[unread-config]: `b/owners.toml` is not read
--> b/owners.toml
 = note: git ignores it
 = help: to read it, run `git add --force b/owners.toml`
 = help: if it is something else, write `nested = { except = ["/b/owners.toml"] }` there

2 errors, 0 warnings; 4 tracked paths: 4 owned

"#]]);
    // `--untracked` reads the file that is not ignored.
    let output = sandbox
        .owners("check --untracked --format short -A stale-output")
        .output();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!shown.contains("a/owners.toml"), "{shown}");
    assert!(
        shown.contains("b/owners.toml: error[unread-config]"),
        "{shown}"
    );
    // Without `nested`, an untracked file would not be read either.
    sandbox.write("owners.toml", RULES);
    let output = sandbox
        .owners("check --untracked --format short -A stale-output")
        .output();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        shown.matches("a/owners.toml: error[unread-config]").count(),
        1,
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn a_symlink() {
    let sandbox = repo(&["a/x"], &format!("nested = true\n{RULES}"));
    sandbox.link("a/owners.toml", "../owners.toml");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unread-config]: `a/owners.toml` is not read
--> a/owners.toml
 = note: it is a symbolic link, which could lead anywhere
 = help: to have its rules, replace it by a file
 = help: if it is something else, write `nested = { except = ["/a/owners.toml"] }` there

1 error, 0 warnings; 4 tracked paths: 4 owned

"#]]);
}

/// Files that are read, and files that the configuration says are something else.
#[test]
fn what_is_meant() {
    for root in [
        "nested = true\n",
        "nested = { except = '*' }\n",
        "nested = { except = ['/{vendor,a}/'] }\n",
        "[check]\nexempt = ['/vendor/', 'a/']\n",
    ] {
        let paths = if root.starts_with("[check]") {
            "'/x' = '@a'\n'owners.toml' = '@a'\n'.github/' = '@a'\n"
        } else {
            "'*' = '@a'\n"
        };
        let sandbox = Sandbox::repo([
            ("owners.toml", &*format!("{root}[paths]\n{paths}")),
            ("x", ""),
            ("a/owners.toml", ""),
            ("vendor/b/owners.toml", ""),
            ("vendor/b/my-owners.toml", ""),
        ]);
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        let output = sandbox
            .owners("check -D unread-config --format short")
            .output();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!shown.contains("unread-config"), "{root}: {shown}");
    }
}

/// A submodule is another repository.
#[test]
fn a_submodule() {
    let sandbox = repo(&["x"], RULES);
    sandbox.git(&format!(
        "update-index --add --cacheinfo 160000,{},lib",
        "1".repeat(40)
    ));
    sandbox.write("lib/owners.toml", RULES);
    sandbox.owners("check -q --format short").prints("");
}

#[test]
fn in_a_commit_and_in_a_change() {
    let sandbox = repo(&["a/x"], RULES);
    sandbox.write("a/owners.toml", RULES);
    sandbox.git("add -A");
    sandbox.git("commit -qm one");
    let finds = |arguments: &str| {
        let output = sandbox.owners(arguments).output();
        String::from_utf8_lossy(&output.stdout)
            .matches("unread-config")
            .count()
    };
    assert_eq!(finds("check --format short --rev HEAD"), 1);
    sandbox.git("switch -qc change");
    sandbox.write("b/owners.toml", RULES);
    sandbox.git("add -A");
    sandbox.git("commit -qm two");
    assert_eq!(finds("check --format short"), 2);
    assert_eq!(finds("check --format short --changed main"), 1);
}

/// A help does not repeat a long list.
#[test]
fn many_exceptions() {
    let root = "nested = { except = ['/b/', '/c/', '/d/', '/e/', '/f/', '/g/'] }\n";
    let sandbox = repo(&["a/x"], &format!("{root}{RULES}"));
    sandbox.write("a/owners.toml", RULES);
    sandbox.owners("check -W dead-pattern").finds(str![[r#"
error[unread-config]: `a/owners.toml` is not read
--> a/owners.toml
 = note: git does not track it
 = help: to read it, run `git add a/owners.toml`
 = help: if it is something else, add `"/a/owners.toml"` to the `except` of `nested` there

1 error, 0 warnings; 3 tracked paths: 3 owned

"#]]);
}
