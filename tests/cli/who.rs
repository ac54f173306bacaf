//! `owners who` in a git repository; `tests/cmd/who.trycmd` has the rest.

use std::fs;

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[test]
fn reads_no_index() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write(".git/index", "broken");
    sandbox
        .owners("who crates/wasi/src/lib.rs")
        .prints(str![[r#"
crates/wasi/src/lib.rs  @alice @bob

"#]]);
    let output = sandbox.owners("who crates/").output();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_submodule_answers_as_itself() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -q -m x");
    sandbox.git_in("..", "init -q library");
    fs::write(sandbox.root.join("../library/file"), "").unwrap();
    sandbox.git_in("../library", "add -A");
    sandbox.git_in("../library", "commit -q -m x");
    sandbox.git("-c protocol.file.allow=always submodule -q add ../library vendor/lib");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/vendor/lib/" = "@inside"
"#,
    );
    sandbox
        .owners("who vendor/lib vendor/lib/ vendor/lib/file vendor")
        .prints(str![[r#"
vendor/lib       @a
vendor/lib       @a
vendor/lib/file  @inside
vendor/          @a  (1 path)

"#]]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/vendor/lib" = "@lib"
"#,
    );
    sandbox
        .owners("who vendor/lib vendor/lib/ vendor/lib/file vendor")
        .prints(str![[r#"
vendor/lib       @lib
vendor/lib       @lib
vendor/lib/file  @lib
vendor/          @lib  (1 path)

"#]]);
}

#[test]
fn a_tracked_directory_that_is_gone() {
    let sandbox = Sandbox::current(PROJECT);
    fs::remove_dir_all(sandbox.root.join("crates")).unwrap();
    sandbox
        .owners("who crates crates/ crates/wasi/")
        .prints(str![[r#"
crates        @org/core
crates/       @alice @bob  (2 paths)
crates/       @org/core  (1 path)
crates/wasi/  @alice @bob  (1 path)

"#]]);
}

#[test]
fn untracked_files_of_a_directory_do_not_count() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("crates/wasi/new.rs", "");
    sandbox.owners("who crates").prints(str![[r#"
crates/  @alice @bob  (2 paths)
crates/  @org/core  (1 path)

"#]]);
}

#[test]
fn paths_of_a_git_listing() {
    let sandbox = Sandbox::current(PROJECT);
    let listing = sandbox.git("ls-files");
    sandbox
        .owners("who --stdin")
        .stdin(&listing)
        .prints(str![[r#"
.github/CODEOWNERS  @org/core
Cargo.lock  (nobody)
README.md  @org/core
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi-tls/src/lib.rs  @org/core
crates/wasi/src/lib.rs  @alice @bob
owners.toml  @org/core

"#]]);
    let nul = |text: String| text.replace('\n', "\0");
    let lines = sandbox
        .owners("who --stdin")
        .stdin(&listing)
        .output()
        .stdout;
    let records = sandbox
        .owners("who --stdin -0")
        .stdin(sandbox.git("ls-files -z"))
        .output();
    assert_eq!(records.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(records.stdout).unwrap(),
        nul(String::from_utf8(lines).unwrap())
    );
}

#[cfg(unix)]
#[test]
fn quoted_paths_of_a_git_listing() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("caf\u{e9} \"x\"\\y", "");
    sandbox.git("add -A");
    let listing = sandbox.git("ls-files");
    assert!(listing.contains(r#""caf\303\251 \"x\"\\y""#));
    sandbox
        .owners("who --stdin")
        .stdin(&listing)
        .prints(str![[r#"
.github/CODEOWNERS  @org/core
Cargo.lock  (nobody)
README.md  @org/core
café "x"\y  @org/core
crates/wasi-http/src/lib.rs  @alice @bob
crates/wasi-tls/src/lib.rs  @org/core
crates/wasi/src/lib.rs  @alice @bob
owners.toml  @org/core

"#]]);
}

#[test]
fn standard_input_from_a_subdirectory() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox
        .owners("who --stdin")
        .within("crates/wasi")
        .stdin("src/lib.rs\n../wasi-tls/x\n./new\n\n../../Cargo.lock\n")
        .prints(str![[r#"
src/lib.rs  @alice @bob
../wasi-tls/x  @org/core
new  @alice @bob
../../Cargo.lock  (nobody)

"#]]);
}

#[test]
fn nothing_on_standard_input() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.owners("who --stdin").prints("");
    sandbox.owners("who --stdin --json").prints(str![[r#"
{"version":1,"paths":[
]}

"#]]);
}

#[test]
fn an_absolute_path() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox
        .owners("who")
        .arg(sandbox.root.join("crates/wasi/x"))
        .prints(str![[r#"
crates/wasi/x  @alice @bob

"#]]);
}

#[test]
fn a_path_outside_the_repository() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox
        .owners("who README.md ../elsewhere")
        .refuses(str![[r#"
error: `../elsewhere` is outside the repository, whose root is `[ROOT]`

"#]]);
    // The pattern of a rule is no path.
    for (arguments, meant) in [
        ("who /crates/wasi/x", "crates/wasi/x"),
        ("ls /crates/", "crates/"),
        ("-C crates who /README.md", "../README.md"),
        ("who README.md /crates/gone/y", "crates/gone/y"),
    ] {
        let output = sandbox.owners(arguments).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        let named = arguments.rsplit_once(' ').unwrap().1;
        let root = sandbox.root.display();
        let expected = format!(
            "error: `{named}` is outside the repository, whose root is `{root}`
 = help: a path with a slash at its start is not one of the repository: write `{meant}`
"
        );
        assert_eq!(said, expected);
    }
    let output = sandbox.owners("who --stdin").stdin("/README.md\n").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("write `README.md`\n"), "{said}");
    let output = sandbox.owners("who /nothing/like/it").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("is outside") && !said.contains("help"),
        "{said}"
    );
    sandbox.owners("who").arg("").refuses(str![[r#"
error: a value is required for '[PATH]...' but none was supplied

For more information, try '--help'.

"#]]);
}

#[cfg(unix)]
#[test]
fn a_symlink_answers_as_itself() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.link("link", "crates/wasi");
    sandbox.git("add -A");
    sandbox.owners("who link link/src/lib.rs").prints(str![[r#"
link             @org/core
link/src/lib.rs  @org/core

"#]]);
}

#[cfg(unix)]
#[test]
fn names_that_are_hard_to_show() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let sandbox = Sandbox::current(PROJECT);
    let names: [&[u8]; 3] = [b"new\nline", b"\xff\xfe", b"quote\"'"];
    let run = |flags: &str| {
        names
            .iter()
            .fold(sandbox.owners(&format!("who {flags}")), |run, name| {
                run.arg(OsStr::from_bytes(name))
            })
    };
    run("").prints(str![[r#"
new\nline  @org/core
\xFF\xFE   @org/core
quote"'    @org/core

"#]]);
    let records = run("-0").output();
    assert_eq!(records.status.code(), Some(0));
    let expected = b"new\nline  @org/core\0\xff\xfe  @org/core\0quote\"'  @org/core\0";
    assert_eq!(
        records.stdout.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
    run("--json").prints(str![[r#"
{"version":1,"paths":[
{"path":"new\nline","state":"owned","owners":["@org/core"],"rule":{"file":"owners.toml","line":6,"column":1,"pattern":"*","expanded":"*","alternatives":[],"groups":["core"]}},
{"path":"\\xFF\\xFE","path_bytes":[255,254],"state":"owned","owners":["@org/core"],"rule":{"file":"owners.toml","line":6,"column":1,"pattern":"*","expanded":"*","alternatives":[],"groups":["core"]}},
{"path":"quote\"'","state":"owned","owners":["@org/core"],"rule":{"file":"owners.toml","line":6,"column":1,"pattern":"*","expanded":"*","alternatives":[],"groups":["core"]}}
]}

"#]]);
}

#[test]
fn a_long_path_does_not_push_the_others_away() {
    let sandbox = Sandbox::current(PROJECT);
    let long = "a/".repeat(100) + "b";
    sandbox.owners(&format!("who README.md {long}")).prints(str![[r#"
README.md                                                     @org/core
a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/b  @org/core

"#]]);
}

/// A path may match by several alternatives of the rule that decides, and of one that it overrides.
#[test]
fn no_rule_overrides_itself() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        r#"[paths]
"{b,?}" = "@b"
"{a,?}" = "@x"
"{a,b,?}" = []
"#,
    )]);
    for (path, expected) in [
        (
            "a",
            str![[r#"
a  (nobody)
    decided by owners.toml:4:1: "{a,b,?}" = []
    alternative owners.toml:4:7: `?` expands to **/?
    overrides owners.toml:3:1: "{a,?}" = "@x"
    overrides owners.toml:2:1: "{b,?}" = "@b"

"#]],
        ),
        (
            "b",
            str![[r#"
b  (nobody)
    decided by owners.toml:4:1: "{a,b,?}" = []
    alternative owners.toml:4:7: `?` expands to **/?
    overrides owners.toml:3:1: "{a,?}" = "@x"
    overrides owners.toml:2:1: "{b,?}" = "@b"

"#]],
        ),
    ] {
        sandbox.owners("who --explain").arg(path).prints(expected);
    }
    let output = sandbox.owners("who --explain --json a").output();
    let said = String::from_utf8(output.stdout).unwrap();
    let (_, overrides) = said.split_once("\"overrides\":").unwrap();
    assert_eq!(
        overrides.matches("\"expanded\":\"**/?\"").count(),
        2,
        "{said}"
    );
    assert_eq!(overrides.matches("\"expanded\"").count(), 2, "{said}");
}

/// A directory without tracked paths is asked about by a file whose name no glob was made for.
#[test]
fn a_directory_without_files() {
    let sandbox = Sandbox::current([(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/docs/*" = "@b"
"/docs/?" = "@c"
"#,
    )]);
    let output = sandbox.owners("who docs/").output();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("@b") && !said.contains("@c"), "{said}");
}
