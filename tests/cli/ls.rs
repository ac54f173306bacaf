//! `owners ls`: tracked paths with their owners.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[test]
fn paths_with_owners() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.owners("ls").prints(str![[r#"
Cargo.lock                   (nobody)
README.md                    @org/core
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi-tls/src/lib.rs   @org/core
crates/wasi/src/lib.rs       @alice @bob
owners.toml                  @org/core

"#]]);
    sandbox.owners("ls --group wasi").prints(str![[r#"
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi/src/lib.rs       @alice @bob

"#]]);
    sandbox
        .owners("ls --owner @Alice --nobody")
        .prints(str![[r#"
Cargo.lock                   (nobody)
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi/src/lib.rs       @alice @bob

"#]]);
    sandbox
        .owners("ls --owner @org/core --owner @bob")
        .prints(str![[r#"
README.md                    @org/core
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi-tls/src/lib.rs   @org/core
crates/wasi/src/lib.rs       @alice @bob
owners.toml                  @org/core

"#]]);
    sandbox.owners("ls --unowned").prints("");
    sandbox
        .owners("ls -0 crates/wasi")
        .prints("crates/wasi/src/lib.rs  @alice @bob\0");
}

#[test]
fn only_names() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.owners("ls --name-only").prints(str![[r#"
Cargo.lock
README.md
crates/wasi-http/src/lib.rs
crates/wasi-tls/src/lib.rs
crates/wasi/src/lib.rs
owners.toml

"#]]);
    sandbox
        .owners("ls --name-only --owner @alice")
        .prints(str![[r#"
crates/wasi-http/src/lib.rs
crates/wasi/src/lib.rs

"#]]);
    sandbox
        .owners("ls --name-only --nobody")
        .prints("Cargo.lock\n");
}

/// As `git ls-files`, which lists what is in the current directory, relative to it.
#[test]
fn in_a_subdirectory() {
    let sandbox = Sandbox::repo(PROJECT);
    let run = |arguments: &str| sandbox.owners(arguments).within("crates/wasi");
    run("ls").prints("src/lib.rs  @alice @bob\n");
    run("ls --name-only ..")
        .prints("../wasi-http/src/lib.rs\n../wasi-tls/src/lib.rs\nsrc/lib.rs\n");
    run("ls -0 --name-only ../../README.md .").prints("../../README.md\0src/lib.rs\0");
    run("ls --name-only ../..").prints(str![[r#"
../../Cargo.lock
../../README.md
../wasi-http/src/lib.rs
../wasi-tls/src/lib.rs
src/lib.rs
../../owners.toml

"#]]);
    let listed = sandbox.git_in("crates", "ls-files");
    sandbox
        .owners("ls --name-only")
        .within("crates")
        .prints(listed);
}

#[test]
fn of_paths() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox
        .owners("ls README.md crates/wasi crates/wasi/src/ crates/wasi/src/lib.rs README.md")
        .prints(str![[r#"
README.md               @org/core
crates/wasi/src/lib.rs  @alice @bob

"#]]);
    sandbox
        .owners("ls --name-only crates/wasi-tls/ --owner @alice")
        .prints("");
    // A directory is no prefix of a name.
    sandbox.owners("ls crates/was").refuses(str![[r#"
error: no tracked path is `crates/was`
 = help: `owners ls` lists the tracked paths in the current directory

"#]]);
    sandbox.owners("ls ..").refuses(str![[r#"
error: `..` is outside the repository, whose root is `[ROOT]`

"#]]);
    sandbox.git("commit -qm x");
    sandbox
        .owners("ls --rev HEAD --name-only src/..")
        .prints(str![[r#"
Cargo.lock
README.md
crates/wasi-http/src/lib.rs
crates/wasi-tls/src/lib.rs
crates/wasi/src/lib.rs
owners.toml

"#]]);
    sandbox
        .owners("ls --rev HEAD --name-only crates/wasi")
        .prints("crates/wasi/src/lib.rs\n");
}

#[test]
fn as_json() {
    let sandbox = Sandbox::repo(PROJECT);
    for format in ["--json", "--format json"] {
        // Relative to the root, as all JSON.
        sandbox
            .owners(&format!("ls {format} wasi ../Cargo.lock"))
            .within("crates")
            .prints(str![[r#"
{"version":1,"paths":[
{"path":"Cargo.lock","state":"nobody","owners":[]},
{"path":"crates/wasi/src/lib.rs","state":"owned","owners":["@alice","@bob"]}
]}

"#]]);
    }
    sandbox.owners("ls --json --unowned").prints(str![[r#"
{"version":1,"paths":[
]}

"#]]);
    sandbox.owners("ls --format json -0").refuses(str![[r#"
error: `-0` has no effect on JSON
 = help: leave it out: each path is a string

"#]]);
}

#[test]
fn a_group_in_a_group() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[groups]
a = "@a"
b = ["a", "@b"]
c = { team = "@o/c", members = ["@a", "@e"] }
d = "@d"
[paths]
"x" = "b"
"y" = "c"
"#,
        ),
        ("x", ""),
        ("y", ""),
        ("z", ""),
    ]);
    sandbox.owners("ls --group a").prints("x  @a @b\n");
    sandbox.owners("ls --group c").prints("y  @o/c\n");
    // Who is on a team is not asked by name; who is in a group that no rule names, not at all.
    sandbox.owners("ls --owner @A").prints("x  @a @b\n");
    sandbox.owners("ls --owner @e").refuses(str![[r#"
error: `@e` is not an owner itself: it is a member of the group `c`
 = help: run `owners ls --group c`

"#]]);
    sandbox.owners("ls --owner @d").prints("");
    sandbox
        .owners("ls --unowned")
        .prints("owners.toml  (unowned)\nz            (unowned)\n");
}

#[test]
fn names_that_need_care() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[paths]
"*" = "@a"
"#,
        ),
        ("a\nb", ""),
    ]);
    sandbox
        .owners("ls --name-only")
        .prints("a\\nb\nowners.toml\n");
    sandbox
        .owners("ls --name-only -0")
        .prints("a\nb\0owners.toml\0");
    sandbox
        .owners("ls -0")
        .prints("a\nb  @a\0owners.toml  @a\0");
}

#[test]
fn mistakes() {
    let sandbox = Sandbox::repo(PROJECT);
    for arguments in [
        "ls --group wasy",
        "ls --group quite-different",
        "ls --group @alice",
        "ls --owner @alcie",
        "ls --owner @somebody/else",
        "ls --owner wasi",
        "ls wasi",
        "ls @alice",
        "ls gone/",
    ] {
        let output = sandbox.owners(arguments).output();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty());
    }
    sandbox.owners("ls --group wasy").refuses(str![[r#"
error: unknown group `wasy`
 = help: did you mean `wasi`?

"#]]);
    sandbox
        .owners("ls --group quite-different")
        .refuses(str![[r#"
error: unknown group `quite-different`
 = help: `owners stats` lists the groups

"#]]);
    sandbox.owners("ls --group @alice").refuses(str![[r#"
error: unknown group `@alice`
 = help: for an owner, write `--owner @alice`

"#]]);
    sandbox.owners("ls --owner @alcie").refuses(str![[r#"
error: owners.toml has no owner `@alcie`
 = help: did you mean `@alice`?

"#]]);
    sandbox
        .owners("ls --owner @somebody/else")
        .refuses(str![[r#"
error: owners.toml has no owner `@somebody/else`
 = help: `owners stats --by owner` lists the owners

"#]]);
    sandbox.owners("ls --owner wasi").refuses(str![[r#"
error: `wasi` is a group, not an owner
 = help: write `--group wasi`

"#]]);
    // What used to be the name of a group or an owner.
    sandbox.owners("ls wasi").refuses(str![[r#"
error: no tracked path is `wasi`
 = help: for the paths of the group, run `owners ls --group wasi`

"#]]);
    sandbox.owners("ls @alice").refuses(str![[r#"
error: no tracked path is `@alice`
 = help: for the paths of an owner, run `owners ls --owner @alice`

"#]]);
    sandbox.owners("ls --name-only --json").refuses(str![[r#"
error: the argument '--name-only' cannot be used with '--json'

Usage: owners ls --name-only [PATH]...

For more information, try '--help'.

"#]]);
}
