//! What `--fix` keeps because something needs it.

use snapbox::str;

use super::sandbox;
use crate::support::Sandbox;

#[test]
fn a_group_that_an_older_one_names_stays() {
    let sandbox = sandbox(
        r"[groups]
a = '@a'
old = 'a'
[paths]
'*' = 'a'
",
    );
    sandbox.git("commit -qm base");
    let config = r"[groups]
a = '@a'
old = 'a'
[paths]
'*' = '@a'
";
    sandbox.write("owners.toml", config);
    sandbox
        .owners("check -q --fix --changed HEAD --format short")
        .prints(str![[r#"
owners.toml:2:1: warning[unused-group]: no rule uses group `a`

"#]]);
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox.owners("check -q --format short --fix").prints("");
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[groups]
[paths]
'*' = '@a'
"
    );
}

#[test]
fn untracked_files_keep_a_rule_alive() {
    let config = r"[paths]
'*' = '@a'
'/new' = '@b'
";
    let sandbox = sandbox(config);
    sandbox.write("new", "");
    sandbox
        .owners("check -q --format short --untracked --fix=tree")
        .prints("");
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox
        .owners("check -q --format short --fix=tree")
        .prints("");
    assert_eq!(sandbox.read("owners.toml"), "[paths]\n'*' = '@a'\n");
}

/// The generated file is written in the run that would find its rule dead.
#[test]
fn rules_for_its_own_files_are_alive() {
    let config = r"[paths]
'*' = '@a'
'/{owners.toml,.github/CODEOWNERS,gone}' = '@b'
";
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.write("owners.toml", config);
    sandbox
        .owners("check --fix=tree --format short")
        .exits(1, str![[r#"
owners.toml:3:1: warning[dead-pattern]: no tracked path matches `/{owners.toml,.github/CODEOWNERS}`
.github/CODEOWNERS: error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it

"#]], str![[r#"
updated owners.toml
wrote .github/CODEOWNERS
fixed 2 findings

"#]]);
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = '@a'
'/{owners.toml,.github/CODEOWNERS}' = '@b'
"
    );
}

#[test]
fn a_pattern_that_would_be_written_twice() {
    let config = r"[paths]
'*' = '@a'
'/{a,gone}' = '@b'
'/a' = { owners = '@c', except = '/a/x' }
";
    let sandbox = sandbox(config);
    sandbox.owners("check --fix=tree").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:3:6
  |
3 | '/{a,gone}' = '@b'
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[ineffective-pattern]: `/a` has no effect on any tracked path
 --> owners.toml:4:1
  |
4 | '/a' = { owners = '@c', except = '/a/x' }
  | ^^^^ its exceptions cover every path that it matches
  |
  = note: `a/x` is excepted, for example
  = help: narrow its `except`, or remove the rule

0 errors, 2 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
owners.toml:3:1: not fixed: `/a` would be written twice
nothing to fix

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), config);
}

#[test]
fn a_pattern_that_is_a_key_of_two() {
    let config = r"[paths]
'*' = '@a'
'/{a,gone}'.owners = '@b'
'/{a,gone}'.except = '/a/x'
";
    let sandbox = sandbox(config);
    sandbox.owners("check --fix=tree --format short").exits(
        0,
        str![[r#"
owners.toml:3:6: warning[dead-pattern]: no tracked path matches the alternative `gone`
owners.toml:3:1: warning[ineffective-pattern]: `/{a,gone}` has no effect on any tracked path

"#]],
        str![[r#"
owners.toml:3:1: not fixed: its pattern is written more than once
nothing to fix

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), config);
}

/// What `check` says about fixes is what `--fix` does, also about rules that add and for programs.
#[test]
fn fixes_that_are_not_made_are_not_counted() {
    for rule in ["{ add = '@b' }", "'@b'"] {
        let config =
            format!("[paths]\n'*' = '@a'\n'/{{a,gone}}' = {rule}\n'/a' = {{ add = '@c' }}\n");
        let sandbox = sandbox(&config);
        let check = sandbox.owners("check").output();
        let text = String::from_utf8(check.stdout).unwrap();
        assert!(
            text.contains("dead-pattern") && !text.contains("can fix"),
            "{text}"
        );
        let check = sandbox.owners("check --format json").output();
        let text = String::from_utf8(check.stdout).unwrap();
        assert!(
            text.contains("\"fix\":null") && !text.contains("\"fix\":{"),
            "{text}"
        );
        let fix = sandbox.owners("check --fix=tree -q").output();
        assert_eq!(String::from_utf8(fix.stderr).unwrap(), "");
        assert_eq!(sandbox.read("owners.toml"), config);
    }
}
