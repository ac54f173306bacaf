//! `--fix` brings the generated file up to date.

use std::fs;

use snapbox::str;

use super::sandbox;

#[test]
fn a_file_that_is_out_of_date_or_missing_is_written() {
    let sandbox = sandbox(
        r"[paths]
'*' = '@a'
'/a/' = '@b'
",
    );
    sandbox.write("owners.toml", "[paths]\n'*' = '@a'\n");
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 3 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
    fs::remove_file(sandbox.root.join(".github/CODEOWNERS")).unwrap();
    sandbox.owners("check --fix -q --format short").prints("");
    sandbox.owners("gen --check").prints("");
}

/// A rule that the next one covers.
const SHADOWED: &str = r"[paths]
'/a/' = '@b'
'*' = '@a'
";

/// Nobody asks for it, but the edit makes it necessary.
#[test]
fn what_follows_from_an_edit_is_written() {
    let sandbox = sandbox(SHADOWED);
    sandbox.owners("check --fix -A stale-output").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
}

#[test]
fn what_was_out_of_date_before_the_edit_stays_so() {
    let sandbox = sandbox(SHADOWED);
    sandbox.write("owners.toml", SHADOWED.replace("@a", "@c"));
    sandbox.owners("check --fix -A stale-output").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
fixed 1 finding

"#]],
    );
}

#[test]
fn a_file_that_somebody_wrote_is_kept() {
    let sandbox = sandbox(SHADOWED);
    sandbox.write(".github/CODEOWNERS", "* @somebody\n");
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@c'
",
    );
    sandbox.owners("check --fix").exits(
        1,
        str![[r#"
error[stale-output]: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = help: run `owners gen --force` to replace it

1 error, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
fixed 1 finding

"#]],
    );
    assert_eq!(sandbox.read(".github/CODEOWNERS"), "* @somebody\n");
    assert_eq!(sandbox.read("owners.toml"), "[paths]\n'*' = '@c'\n");
}
