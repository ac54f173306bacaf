//! `owners who`.

use snapbox::str;

use super::NEST;
use crate::support::Sandbox;

#[test]
fn who_explains_across_files() {
    let sandbox = Sandbox::repo(NEST);
    sandbox
        .owners("who --explain a/b/lib.rs a/main.rs c/x")
        .prints(str![[r#"
a/b/lib.rs  @a @org/core @b
    decided by a/b/owners.toml:2:1: "/lib.rs" = ["own", "@b"]
    group a/owners.toml:2:1: own = @a @org/core
    overrides a/owners.toml:4:1: "*.rs" = "own"
    overrides owners.toml:5:1: "*" = "core"
a/main.rs   @a @org/core
    decided by a/owners.toml:4:1: "*.rs" = "own"
    group a/owners.toml:2:1: own = @a @org/core
    overrides owners.toml:5:1: "*" = "core"
c/x         @org/core
    decided by owners.toml:5:1: "*" = "core"
    group owners.toml:3:1: core = @org/core

"#]]);
    sandbox
        .owners("who --explain lib.rs ../main.rs ../../c/x new/lib.rs")
        .within("a/b")
        .prints(str![[r#"
lib.rs      @a @org/core @b
    decided by owners.toml:2:1: "/lib.rs" = ["own", "@b"]
    group ../owners.toml:2:1: own = @a @org/core
    overrides ../owners.toml:4:1: "*.rs" = "own"
    overrides ../../owners.toml:5:1: "*" = "core"
../main.rs  @a @org/core
    decided by ../owners.toml:4:1: "*.rs" = "own"
    group ../owners.toml:2:1: own = @a @org/core
    overrides ../../owners.toml:5:1: "*" = "core"
../../c/x   @org/core
    decided by ../../owners.toml:5:1: "*" = "core"
    group ../../owners.toml:3:1: core = @org/core
new/lib.rs  @a @org/core
    decided by ../owners.toml:4:1: "*.rs" = "own"
    group ../owners.toml:2:1: own = @a @org/core
    overrides ../../owners.toml:5:1: "*" = "core"

"#]]);
    sandbox
        .owners("who --json b/lib.rs")
        .within("a")
        .prints(str![[r#"
{"version":1,"paths":[
{"path":"a/b/lib.rs","state":"owned","owners":["@a","@org/core","@b"],"rule":{"file":"a/b/owners.toml","line":2,"column":1,"pattern":"/lib.rs","expanded":"/a/b/lib.rs","alternatives":[],"groups":["own"]}}
]}

"#]]);
    sandbox.owners("who --explain a").prints(str![[r#"
a/  @org/core  (2 paths)
    decided by owners.toml:5:1: "*" = "core"
a/  @a @org/core @b  (1 path)
    decided by a/b/owners.toml:2:1: "/lib.rs" = ["own", "@b"]
a/  @a @org/core  (1 path)
    decided by a/owners.toml:4:1: "*.rs" = "own"

"#]]);
}

#[test]
fn who_reads_only_the_files_on_the_way() {
    let sandbox = Sandbox::repo(NEST);
    sandbox.write("c-d/owners.toml", "broken");
    sandbox.write("a/b/owners.toml", "broken");
    let who = "a/main.rs  @a @org/core\nc/x        @org/core\n";
    sandbox.owners("who a/main.rs c/x").prints(who);
    // Whoever asks about a directory asks about all that is in it.
    for arguments in [
        "who a/b/lib.rs",
        "who a/b/new/lib.rs",
        "who c-d/x c/x",
        "who a/",
    ] {
        let output = sandbox.owners(arguments).output();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty());
    }
    sandbox
        .owners("who b/new/lib.rs")
        .within("a")
        .refuses(str![[r#"
error: invalid TOML: key with no value, expected `=`
 --> b/owners.toml:1:7
  |
1 | broken
  |       ^
  |
  = help: write one `"pattern" = "group"` per line

1 error in the configuration

"#]]);
    // Neither is the index: a file on the way counts before it is added.
    sandbox.write(".git/index", "broken");
    sandbox.write(
        "c/owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    let who = "c/x  @new\n";
    sandbox.owners("who c/x").prints(who);
}
