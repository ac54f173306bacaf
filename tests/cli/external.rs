//! Commands that are programs in `PATH`: `owners NAME …` runs `owners-NAME`.

#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;

use snapbox::str;

use crate::PROJECT;
use crate::support::{Run, Sandbox, owners};

/// Says what it was started with.
const SHOW: &str = r#"#!/bin/sh
echo "in $(pwd)"
for word; do printf '<%s>\n' "$word"; done
echo "OWNERS=$OWNERS"
echo "OWNERS_ROOT=${OWNERS_ROOT-none}"
echo "OWNERS_CONFIG=${OWNERS_CONFIG-none}"
"#;

/// A repository, and a directory of `PATH` beside it.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write_program("../bin/owners-show", SHOW);
    sandbox
}

/// `owners` with the programs of the sandbox.
fn run<'s>(sandbox: &'s Sandbox, arguments: &str) -> Run<'s> {
    let path = sandbox.path_with("../bin");
    sandbox.owners(arguments).env("PATH", path)
}

/// What the program says of this binary.
fn own_line() -> String {
    format!(
        "OWNERS={}",
        dunce::canonicalize(owners()).unwrap().display()
    )
}

#[test]
fn arguments_and_environment() {
    let sandbox = sandbox();
    let own = own_line();
    run(&sandbox, "show -q --config")
        .arg("a b")
        .args("--help -- -C")
        .arg("")
        .prints(format!(
            "in [ROOT]\n<-q>\n<--config>\n<a b>\n<--help>\n<-->\n<-C>\n<>\n{own}\n\
             OWNERS_ROOT=[ROOT]\nOWNERS_CONFIG=[ROOT]/owners.toml\n"
        ));
    // Options before the word are those of `owners`.
    run(&sandbox, "-C crates/wasi --config ../../README.md show").prints(format!(
        "in [ROOT]/crates/wasi\n{own}\nOWNERS_ROOT=[ROOT]\n\
         OWNERS_CONFIG=[ROOT]/crates/wasi/../../README.md\n"
    ));
    // Outside of a repository; what another run of `owners` said does not count.
    sandbox.write("../elsewhere/x", "");
    let outside = run(&sandbox, "-C ../elsewhere show").env("OWNERS_ROOT", "/x");
    outside.env("OWNERS_CONFIG", "/y").prints(format!(
        "in [TOP]/elsewhere\n{own}\nOWNERS_ROOT=none\nOWNERS_CONFIG=none\n"
    ));
    std::fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    run(&sandbox, "show").prints(format!(
        "in [ROOT]\n{own}\nOWNERS_ROOT=[ROOT]\nOWNERS_CONFIG=none\n"
    ));
}

#[test]
fn arguments_that_are_not_utf_8() {
    let sandbox = sandbox();
    sandbox.write_program(
        "../bin/owners-hex",
        "#!/bin/sh\nprintf %s \"$1\" | od -An -tx1\n",
    );
    let argument = OsStr::from_bytes(b"a\xff");
    run(&sandbox, "hex").arg(argument).prints(" 61 ff\n");
}

#[test]
fn streams_and_exit_codes() {
    let sandbox = sandbox();
    let script = "#!/bin/sh\ncat\necho said >&2\nexit 7\n";
    sandbox.write_program("../bin/owners-copy", script);
    run(&sandbox, "copy")
        .stdin("given\n")
        .exits(7, "given\n", "said\n");
    // A signal is seen as such, as if the program had been started directly.
    sandbox.write_program("../bin/owners-dies", "#!/bin/sh\nkill -TERM $$\n");
    let output = run(&sandbox, "dies").output();
    assert_eq!(output.status.signal(), Some(15));
    sandbox.write_program("../bin/owners-broken", "#!/nowhere/at/all\n");
    run(&sandbox, "broken").refuses(str![[r#"
error: cannot run `[ROOT]/../bin/owners-broken`: No such file or directory (os error 2)
 = note: the file is there: its first line probably names a program that is not installed

"#]]);
}

/// The variables for colors are those that `owners` reads; other options would be lost.
#[test]
fn options_before_the_word() {
    let sandbox = sandbox();
    let script = "#!/bin/sh\necho \"${NO_COLOR-no} ${FORCE_COLOR-no}\"\n";
    sandbox.write_program("../bin/owners-colors", script);
    run(&sandbox, "colors").prints("1 no\n");
    run(&sandbox, "--color always colors").prints("no 1\n");
    let never = run(&sandbox, "--color never colors").env("FORCE_COLOR", "1");
    never.prints("1 1\n");
    run(&sandbox, "-v show").refuses(str![[r#"
error: `--verbose` has no effect on `owners-show`
 = help: if the program has this option, write it after `show`

"#]]);
}

#[test]
fn built_in_commands_come_first() {
    let sandbox = sandbox();
    for name in ["ls", "help", "show2"] {
        sandbox.write_program(
            format!("../bin/owners-{name}"),
            "#!/bin/sh\necho external\n",
        );
    }
    run(&sandbox, "ls --name-only Cargo.lock").prints("Cargo.lock\n");
    let help = run(&sandbox, "help").output();
    assert!(help.stdout.starts_with(b"Generate CODEOWNERS"));
    run(&sandbox, "show2").prints("external\n");
    // The first program in `PATH` counts, if it may be run.
    sandbox.write_program("../first/owners-show2", "#!/bin/sh\necho first\n");
    let both = format!(
        "{}:{}",
        sandbox.root.join("../first").display(),
        sandbox.root.join("../bin").display()
    );
    sandbox.owners("show2").env("PATH", &both).prints("first\n");
    sandbox.write("../none/owners-show2", "not a program");
    let path = both.replace("first", "none");
    sandbox
        .owners("show2")
        .env("PATH", path)
        .prints("external\n");
    sandbox.write("../bin/owners-text", "#!/bin/sh\n");
    run(&sandbox, "text").refuses(str![[r#"
error: there is no command `text`
 = note: `[ROOT]/../bin/owners-text` may not be run: `chmod +x` makes it executable
 = help: `owners --list` lists the commands

"#]]);
}

#[test]
fn help_is_that_of_the_program() {
    let sandbox = sandbox();
    let own = own_line();
    let expected =
        format!("<--help>\n{own}\nOWNERS_ROOT=[ROOT]\nOWNERS_CONFIG=[ROOT]/owners.toml\n");
    run(&sandbox, "show --help").prints(format!("in [ROOT]\n{expected}"));
    run(&sandbox, "help show").prints(format!("in [ROOT]\n{expected}"));
    run(&sandbox, "-C docs help show").refuses(str![[r#"
error: cannot change to `docs`
 = note: No such file or directory (os error 2)

"#]]);
    run(&sandbox, "-C crates help show").prints(format!("in [ROOT]/crates\n{expected}"));
}

#[test]
fn a_list_of_all_commands() {
    let sandbox = sandbox();
    for name in ["owners-check-teams", "owners-who", "owners-"] {
        sandbox.write_program(format!("../bin/{name}"), SHOW);
    }
    sandbox.write("../bin/owners-text", "not a program");
    let path = sandbox.root.join("../bin");
    let output = sandbox.owners("--list").env("PATH", &path).output();
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    let (built_in, external): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| !line.contains("owners-"));
    assert!(built_in.len() > 10, "{text}");
    assert!(
        built_in.contains(&"who                   Show who owns paths"),
        "{text}"
    );
    let shown = external.join("\n") + "\n";
    sandbox.assert_eq(
        shown.as_bytes(),
        str![[r#"
show                  [ROOT]/../bin/owners-show
check --plugin teams  [ROOT]/../bin/owners-check-teams

"#]],
    );
    run(&sandbox, "--list who README.md").refuses(str![[r#"
error: `--list` stands alone: it lists the commands and runs none
 = help: `owners --list` lists the commands

"#]]);
    run(&sandbox, "-q").refuses(str![[r#"
error: there is no command
 = help: `owners --list` lists the commands

"#]]);
}

#[test]
fn an_unknown_command() {
    let sandbox = sandbox();
    for command in ["shwo", "help shwo"] {
        run(&sandbox, command).refuses(str![[r#"
error: there is no command `shwo`
 = note: it is not built in, and no directory of PATH has a program `owners-shwo`
 = help: did you mean `show`?

"#]]);
    }
    run(&sandbox, "README.md").refuses(str![[r#"
error: there is no command `README.md`
 = note: it is not built in, and no directory of PATH has a program `owners-README.md`
 = help: to see who owns it, run `owners who README.md`

"#]]);
    // A check reads what only `check` gives it.
    sandbox.write_program("../bin/owners-check-teams", SHOW);
    run(&sandbox, "check-teams").refuses(str![[r#"
error: there is no command `check-teams`
 = help: it is a check: run `owners check --plugin teams`

"#]]);
    // A word is no path.
    for word in ["../bin/owners-show", "-/show", "show/../show"] {
        let output = run(&sandbox, "--").arg(word).output();
        assert_eq!(output.status.code(), Some(2), "{word}");
        assert_eq!(output.stdout, b"", "{word}");
    }
}

#[test]
fn completions_offer_them() {
    let sandbox = sandbox();
    sandbox.write_program("../bin/owners-$(x)", SHOW);
    let mut command = sandbox.command(owners());
    command
        .env("PATH", sandbox.root.join("../bin"))
        .env("OWNERS_COMPLETE", "fish")
        .args(["--", "owners", "sh"]);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<&str> = (text.lines().filter_map(|line| line.split('\t').next())).collect();
    names.sort_unstable();
    assert_eq!(names, ["show"]);
}
