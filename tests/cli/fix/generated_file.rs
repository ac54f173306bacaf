//! `--fix` brings the generated file up to date.

use std::fs;

use snapbox::str;

use super::sandbox;

#[test]
fn the_generated_file() {
    let sandbox = sandbox(
        r"[paths]
'*' = '@a'
'/a/' = '@b'
",
    );
    // Out of date, and missing.
    sandbox.write("owners.toml", "[paths]\n'*' = '@a'\n");
    sandbox.owners("check -q").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 1 line would change: `owners gen --check` shows the difference
 = help: run `owners gen`


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
    sandbox.owners("check --fix -q").prints("");
    sandbox.owners("gen --check").prints("");

    // What follows from an edit is written though nobody asks for it; what was wrong before is not.
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@a'
",
    );
    sandbox.owners("gen -q").prints("");
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
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@c'
",
    );
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

    // Nobody's work is overwritten.
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
