//! `owners ls`: tracked paths by who owns them.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[test]
fn by_owner_and_group() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.owners("ls").prints(str![[r#"
Cargo.lock
README.md
crates/wasi-http/src/lib.rs
crates/wasi-tls/src/lib.rs
crates/wasi/src/lib.rs
owners.toml

"#]]);
    sandbox.owners("ls wasi").prints(str![[r#"
crates/wasi-http/src/lib.rs
crates/wasi/src/lib.rs

"#]]);
    sandbox.owners("ls @Alice").prints(str![[r#"
crates/wasi-http/src/lib.rs
crates/wasi/src/lib.rs

"#]]);
    sandbox.owners("ls --nobody").prints("Cargo.lock\n");
    sandbox.owners("ls --unowned").prints("");
    // As `git ls-files --full-name`: from the root, wherever it runs.
    sandbox
        .owners("ls @alice")
        .within("crates")
        .prints(str![[r#"
crates/wasi-http/src/lib.rs
crates/wasi/src/lib.rs

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
    sandbox.owners("ls a").prints("x\n");
    sandbox.owners("ls c").prints("y\n");
    // Who is on a team is not asked by name; who is in a group that no rule names, not at all.
    sandbox.owners("ls @A").prints("x\n");
    sandbox.owners("ls @e").refuses(str![[r#"
error: `@e` is not an owner itself: it is a member of the group `c`
 = help: run `owners ls c`

"#]]);
    sandbox.owners("ls @d").prints("");
    sandbox.owners("ls --unowned").prints(str![[r#"
owners.toml
z

"#]]);
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
    sandbox.owners("ls").prints(str![[r#"
a\nb
owners.toml

"#]]);
    sandbox.owners("ls -0").prints("a\nb\0owners.toml\0");
}

#[test]
fn mistakes() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.owners("ls wasy").refuses(str![[r#"
error: unknown group `wasy`
 = help: did you mean `wasi`?

"#]]);
    sandbox.owners("ls quite-different").refuses(str![[r#"
error: unknown group `quite-different`
 = help: name a group of owners.toml, or an owner such as `@user`

"#]]);
    sandbox.owners("ls @alcie").refuses(str![[r#"
error: owners.toml has no owner `@alcie`
 = help: did you mean `@alice`?

"#]]);
    sandbox.owners("ls @somebody/else").refuses(str![[r#"
error: owners.toml has no owner `@somebody/else`
 = help: `owners stats --by owner` lists the owners

"#]]);
    sandbox.owners("ls --nobody wasi").refuses(str![[r#"
error: the argument '--nobody' cannot be used with '[GROUP|@OWNER]'

Usage: owners ls --nobody [GROUP|@OWNER]

For more information, try '--help'.

"#]]);
}
