//! The findings of each lint, as a person sees them: a file for each lint.

mod dead_pattern;
mod default_only_path;
mod directory_as_file;
mod duplicate_pattern;
mod floating_directory;
#[cfg(feature = "live")]
mod forge_error;
mod ineffective_pattern;
mod inexact_output;
mod literal_braces;
mod loose_requirement;
mod misread_pattern;
mod misspelled_pattern;
mod near_duplicate_owner;
mod output_size;
mod outranked_file;
mod overridden_output;
#[cfg(feature = "live")]
mod owner_without_access;
mod placeholder_owner;
mod roster;
mod shadowed_rule;
mod skipped_line;
mod small_group;
mod stale_output;
#[cfg(feature = "live")]
mod team_drift;
mod unenforced_approval;
#[cfg(feature = "live")]
mod unknown_owner;
mod unmet_requirement;
mod unowned_config;
mod unowned_path;
mod unread_config;
mod unused_group;
mod useless_exemption;

use std::fs;
use std::path::Path;

use owners::lint::LINTS;
use snapbox::str;

use crate::support::Sandbox;

/// A repository of these files and this configuration, in order.
fn repo(files: &[&str], config: &str) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::current(files.chain([("owners.toml", config)]))
}

/// Every lint has a file here that shows a finding, a page, and a row in the reference.
#[test]
fn every_lint_is_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    let reference = read("docs/owners-toml.md");
    for lint in LINTS {
        let (name, page) = (lint.name, lint.page);
        let file = format!("tests/cli/lints/{}.rs", name.replace('-', "_"));
        let tests = read(&file);
        assert!(
            tests.contains(&format!("\nerror[{name}]: "))
                || tests.contains(&format!("\nwarning[{name}]: ")),
            "no test in {file} shows a finding of `{name}`"
        );
        let level = lint.level.name();
        let row = format!("\n| `{name}` | {level} | ");
        assert!(
            reference.contains(&row),
            "`{name}` has no row in docs/owners-toml.md"
        );
        let head = format!("# {name}\n\nDefault level: {level}\n\n");
        assert!(page.starts_with(&head), "docs/lints/{name}.md");
        for section in ["Why", "Example", "How to fix it", "How to silence it"] {
            let section = format!("\n## {section}\n\n");
            assert!(page.contains(&section), "docs/lints/{name}.md: {section}");
        }
        assert!(!page.contains("\n\n\n"), "docs/lints/{name}.md");
    }
}

/// A repository with a roster that allows configurations below the root.
fn nested_with_roster() -> Sandbox {
    let sandbox = repo(
        &["crates/a/x", "crates/a/y", "crates/b"],
        r#"nested = true
[check]
roster = "ROSTER"
[paths]
"*" = "@a"
"#,
    );
    sandbox.write("ROSTER", "@a");
    sandbox
}

#[test]
fn settings_of_lints_belong_to_the_root() {
    let sandbox = nested_with_roster();
    sandbox.write(
        "crates/owners.toml",
        r#"[check]
min-members = 2
[paths]
"*" = "@a"
"#,
    );
    sandbox.git("add -A");
    sandbox.owners("check").refuses(str![[r#"
error: `min-members` belongs in the owners.toml at the root
 --> crates/owners.toml:2:1
  |
2 | min-members = 2
  | ^^^^^^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]]);
}

/// Findings name the file that they are in, and what stands in it is relative to its directory.
#[test]
fn below_the_root() {
    let sandbox = nested_with_roster();
    sandbox.write(
        "crates/owners.toml",
        r#"[groups]
mine = ["@b"]
[paths]
"/a/x" = "mine"
"*" = { owners = "@a", except = "/{b,c}" }
"a/" = "@b"
"#,
    );
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[roster]: `@b` is not in the roster `ROSTER`
 --> crates/owners.toml:2:9
  |
2 | mine = ["@b"]
  |         ^^^^ not in the roster
...
6 | "a/" = "@b"
  |        ---- and here
  |
  = help: add `@b` to `ROSTER`, or remove them from the group or rule

warning[shadowed-rule]: `/a/x` can never take effect
 --> crates/owners.toml:4:1
  |
4 | "/a/x" = "mine"
  | ^^^^^^ later rules cover it in any tree
5 | "*" = { owners = "@a", except = "/{b,c}" }
6 | "a/" = "@b"
  | ---- this rule comes later
  |
  = help: move it below line 6 if it should win, or remove it

warning[dead-pattern]: the alternative `c` of the exception excludes no tracked path
 --> crates/owners.toml:5:38
  |
5 | "*" = { owners = "@a", except = "/{b,c}" }
  |                                      ^ matches nothing
  |
  = help: remove it, or correct the path

1 error, 2 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1, `--fix=tree` 1 more

"#]]);
}
