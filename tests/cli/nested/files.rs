//! Which files count as configurations.

use std::fs;

use snapbox::{file, str};

use super::{NEST, files, generated};
use crate::support::Sandbox;

#[test]
fn ignored_unless_the_root_allows_them() {
    let sandbox = Sandbox::repo(NEST);
    for key in ["", "nested = false\n"] {
        sandbox.write("owners.toml", format!("{key}[paths]\n\"*\" = \"@all\"\n"));
        sandbox.write("a/owners.toml", "not TOML");
        assert_eq!(files(&sandbox), [""; 0]);
        sandbox.owners("who a/b/lib.rs").prints(str![[r#"
a/b/lib.rs  @all

"#]]);
        let output = sandbox
            .owners("check -A stale-output -A unread-config")
            .output();
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn the_index_says_which_there_are() {
    let sandbox = Sandbox::current(NEST);
    sandbox.write(
        "c/owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    sandbox.owners("gen --check").prints("");
    sandbox
        .owners("check -q --format short -D warnings -A unread-config")
        .prints("");
    sandbox.git("add c/owners.toml");
    sandbox.owners("gen --check").finds(str![[r#"
--- a/.github/CODEOWNERS
+++ b/.github/CODEOWNERS
@@ -11,6 +11,10 @@
 
 /a/b/lib.rs @a @org/core @b
 
+# From c/owners.toml:
+
+/c/ @new
+
 # From c-d/owners.toml:
 
 /c-d/ @c

"#]]);
    sandbox.owners("check").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 4 lines would change: `owners gen --check` shows the difference
 = help: run `owners gen`

1 error, 0 warnings; 10 tracked paths: 10 owned
`--fix` can fix 1

"#]]);

    sandbox.git("rm -q --cached c/owners.toml");
    sandbox.owners("gen --check").prints("");

    // Its content is that of the working tree; deleted there, it is on its way out.
    sandbox.write(
        "a/b/owners.toml",
        r#"[paths]
"*" = "@edited"
"#,
    );
    assert!(generated(&sandbox).contains("/a/b/ @edited\n"));
    fs::remove_file(sandbox.root.join("a/b/owners.toml")).unwrap();
    assert_eq!(files(&sandbox), ["a/owners.toml", "c-d/owners.toml"]);
    fs::remove_dir_all(sandbox.root.join("a")).unwrap();
    assert_eq!(files(&sandbox), ["c-d/owners.toml"]);
}

#[test]
fn what_has_taken_the_place_of_a_file_is_not_read() {
    let sandbox = Sandbox::repo(NEST);
    fs::remove_file(sandbox.root.join("a/b/owners.toml")).unwrap();
    sandbox.write("a/b/owners.toml/x", "");
    assert_eq!(files(&sandbox), ["a/owners.toml", "c-d/owners.toml"]);
    let who = "a/b/lib.rs  @a @org/core\n";
    sandbox.owners("who a/b/lib.rs").prints(who);
}

#[cfg(unix)]
#[test]
fn symlinks_are_not_followed() {
    let sandbox = Sandbox::repo(NEST);
    let link = |to: &str, at: &str| {
        sandbox.link(at, to);
    };
    link("../a/owners.toml", "c/owners.toml");
    link("a", "link");
    // Not even one that nobody has added yet.
    for _ in 0..2 {
        assert_eq!(
            files(&sandbox),
            ["a/owners.toml", "a/b/owners.toml", "c-d/owners.toml"]
        );
        sandbox
            .owners("who c/x c/owners.toml link/main.rs a/main.rs")
            .prints(str![[r#"
c/x            @org/core
c/owners.toml  @org/core
link/main.rs   @org/core
a/main.rs      @a @org/core

"#]]);
        sandbox.git("add -A");
    }
    // A tracked file that has become a symlink in the working tree.
    fs::remove_file(sandbox.root.join("c-d/owners.toml")).unwrap();
    link("../a/owners.toml", "c-d/owners.toml");
    assert_eq!(files(&sandbox), ["a/owners.toml", "a/b/owners.toml"]);
    let who = "c-d/x  @org/core\n";
    sandbox.owners("who c-d/x").prints(who);
}

#[test]
fn a_submodule_has_rules_of_its_own() {
    let sandbox = Sandbox::current(NEST);
    sandbox.git("commit -q -m x");
    sandbox.git_in("..", "init -q library");
    let library = r#"[output]
platform = "gitlab"
[paths]
"*" = "@lib"
"#;
    fs::write(sandbox.root.join("../library/owners.toml"), library).unwrap();
    sandbox.git_in("../library", "add -A");
    sandbox.git_in("../library", "commit -q -m x");
    sandbox.git("-c protocol.file.allow=always submodule -q add ../library c/lib");
    sandbox
        .owners("who c/lib/src/x c/lib/owners.toml")
        .prints(str![[r#"
c/lib/src/x        @org/core
c/lib/owners.toml  @org/core

"#]]);
    sandbox.owners("gen --check").prints("");
}

/// What a sparse checkout leaves out is in the generated file all the same.
#[test]
fn sparse_checkouts() {
    let sandbox = Sandbox::current(NEST);
    sandbox.git("commit -q -m x");
    for sparse in [
        "sparse-checkout set --cone c .github",
        "sparse-checkout set --cone --sparse-index c .github",
        "sparse-checkout set --no-cone /* !/a",
        // The generated file as well.
        "sparse-checkout set --cone c",
        "sparse-checkout set --cone --sparse-index c",
    ] {
        sandbox.git(sparse);
        assert!(!sandbox.root.join("a").exists());
        sandbox.owners("gen --check").prints("");
        sandbox
            .owners("check -q --format short -D warnings")
            .prints("");
        sandbox.owners("who --explain a/b/lib.rs").prints(str![[r#"
a/b/lib.rs  @a @org/core @b
    decided by a/b/owners.toml:2:1: "/lib.rs" = ["own", "@b"]
    group a/owners.toml:2:1: own = @a @org/core
    overrides a/owners.toml:4:1: "*.rs" = "own"
    overrides owners.toml:5:1: "*" = "core"

"#]]);
    }
    // What is deleted by hand is still on its way out.
    sandbox.git("sparse-checkout set --cone c-d");
    fs::remove_file(sandbox.root.join("c-d/owners.toml")).unwrap();
    assert_eq!(files(&sandbox), ["a/owners.toml", "a/b/owners.toml"]);
}

/// A nest in which two files of that name are something else.
fn nest_with_other_files() -> Sandbox {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write("a/b/owners.toml", "not TOML");
    sandbox.write("c-d/owners.toml", "[whatever]\n");
    sandbox
}

#[test]
fn excepted_files_are_no_configurations() {
    let sandbox = nest_with_other_files();
    sandbox.write(
        "owners.toml",
        r"nested = { except = ['/a/{b,x}/', 'c-*/owners.toml'] }
[paths]
'*' = '@all'
[groups]
core = '@core'
",
    );
    sandbox.git("add -A");
    assert_eq!(files(&sandbox), ["a/owners.toml"]);
    sandbox.owners("who a/b/lib.rs c-d/x").prints(str![[r#"
a/b/lib.rs  @a @core
c-d/x       @all

"#]]);
}

#[test]
fn faults_of_nested_and_of_other_files_are_shown_together() {
    let sandbox = nest_with_other_files();
    sandbox.write(
        "owners.toml",
        r"nested = { except = ['../x', '{a', '/b/'], also = 1 }
[paths]
'*' = '@all'
",
    );
    sandbox
        .owners("gen --check")
        .refuses(file!["faults_of_nested.txt"]);
}

#[test]
fn a_fault_in_nested_hides_no_group() {
    let sandbox = nest_with_other_files();
    sandbox.write(
        "owners.toml",
        r"nested = { except = ['../x', '{a', '/b/'] }
[groups]
core = '@core'
[paths]
'*' = '@all'
",
    );
    sandbox.owners("gen --check").refuses(str![[r#"
error: a `..` segment matches nothing
 --> owners.toml:1:23
  |
1 | nested = { except = ['../x', '{a', '/b/'] }
  |                       ^^
  |
  = help: a pattern matches only below the directory of its file: remove the `..`

error: `{` is never closed
 --> owners.toml:1:31
  |
1 | nested = { except = ['../x', '{a', '/b/'] }
  |                               ^
  |
  = help: close it with `}`; for the character itself, write '\{', in single quotes

error: invalid TOML: key with no value, expected `=`
 --> a/b/owners.toml:1:5
  |
1 | not TOML
  |     ^
  |
  = help: write one `"pattern" = "group"` per line

error: unknown table or key `whatever`
 --> c-d/owners.toml:1:2
  |
1 | [whatever]
  |  ^^^^^^^^ not known
  |
  = help: known here: `groups`, `paths`, `check`

4 errors in the configuration

"#]]);
}

#[test]
fn nested_is_a_boolean_or_a_table() {
    let sandbox = nest_with_other_files();
    sandbox.write(
        "owners.toml",
        r"nested = 'yes'
[paths]
'*' = '@all'
",
    );
    sandbox.owners("gen --check").refuses(str![[r#"
error: `nested` must be a boolean or a table
 --> owners.toml:1:10
  |
1 | nested = 'yes'
  |          ^^^^^ this is a string
  |
  = help: write `nested = true`, or `nested = { except = ["tests/"] }`

1 error in the configuration

"#]]);
}

/// `--untracked` asks what would be, were everything added: files with rules, too.
#[test]
fn untracked_files_have_a_say_if_asked() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write(
        "c/owners.toml",
        r#"[paths]
"/gone" = "core"
"#,
    );
    let dead = "no tracked path matches `/gone`";
    for (arguments, expected) in [("check", false), ("check --untracked", true)] {
        let output = sandbox.owners(arguments).output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.contains(dead), expected, "{arguments}: {text}");
        assert_eq!(
            text.contains("c/owners.toml:2:1"),
            expected,
            "{arguments}: {text}"
        );
    }
}
