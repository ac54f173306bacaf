//! `owners check`.

mod backlog;
mod exempt;
mod levels;
mod names;
mod repositories;

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[test]
fn nothing_to_report() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
    sandbox.owners("check -q --format short").prints("");
    sandbox
        .owners("check")
        .within("crates/wasi")
        .prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 6 owned, 1 nobody

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
error[stale-output]: `../.github/CODEOWNERS` is missing
--> ../.github/CODEOWNERS
 = help: run `owners gen --config '../it'\''s mine.toml'`

1 error, 0 warnings; 2 tracked paths: 2 owned
`--fix` can fix 1

"#]]);
    sandbox
        .owners("gen -q --config")
        .arg("it's mine.toml")
        .prints("");
    check().finds(str![[r#"
error[stale-output]: `../.github/CODEOWNERS` is not tracked, so the forge does not see it
--> ../.github/CODEOWNERS
 = help: run `git add :/.github/CODEOWNERS`

1 error, 0 warnings; 2 tracked paths: 2 owned

"#]]);
    sandbox.git_in("sub", "add :/.github/CODEOWNERS");
    check().args("--format short").prints("");
    assert_eq!(
        sandbox.read(".github/CODEOWNERS").lines().nth(1),
        Some(r"# Change it's mine.toml and run `owners gen --config 'it'\''s mine.toml'`.")
    );
}
