//! Findings of `check`.

use snapbox::{file, str};

use super::NEST;
use crate::support::Sandbox;

/// A nest with a finding of every kind that concerns several files.
fn nest_with_findings() -> Sandbox {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write(
        "owners.toml",
        r#"nested = true
[groups]
core = "@org/core"
[paths]
"/owners.toml" = "core"
"/a/**/lib.rs" = "core"
"/{a,c}/main.rs" = "core"
"/c/" = []
"#,
    );
    sandbox.write(
        "a/owners.toml",
        r#"[groups]
own = "@a"
idle = "core"
[check]
exempt = ["owners.toml"]
[paths]
"lib.rs" = "own"
"/{gone,main}.rs" = { owners = "own", except = "/never" }
"/main.rs" = "own"
"#,
    );
    sandbox.write(
        "c-d/owners.toml",
        r#"[paths]
"/y" = "@c"
"x" = []
"#,
    );
    sandbox
}

#[test]
fn findings_are_shown_in_their_file() {
    nest_with_findings()
        .owners("check")
        .finds(file!["findings.txt"]);
}

/// Nothing is repeated, and the exit code is the same.
#[test]
fn findings_do_not_depend_on_where_check_starts() {
    let sandbox = nest_with_findings();
    let below = sandbox.owners("check --json").within("a/b").output();
    let above = sandbox.owners("check --json").output();
    assert_eq!(below.stdout, above.stdout);
    assert_eq!(below.status.code(), Some(1));
}

/// What the help says can be pasted: no group of a directory in a rule of the root.
#[test]
fn groups_of_directories_are_not_suggested_at_the_root() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"nested = true
[paths]
"/*" = "@all"
"#,
        ),
        (
            "a/owners.toml",
            r#"[groups]
own = "@a"
[paths]
"*" = "own"
"#,
        ),
        ("b/x", ""),
    ]);
    sandbox.owners("check -A stale-output").finds(str![[r#"
error[unowned-path]: `b/x` is unowned
--> b/x
 = help: add a rule under `[paths]` of `owners.toml`: `"/b/" = "<group>"`, or `= []` for nobody

1 error, 0 warnings; 3 tracked paths: 2 owned, 1 unowned

"#]]);
}
