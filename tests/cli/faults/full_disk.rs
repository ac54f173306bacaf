//! Disks that are full.

use std::path::Path;

use snapbox::str;

use super::{OUTPUT, beside_output, long_config, said, shell};
use crate::PROJECT;
use crate::support::{Sandbox, owners, skipped};

// Where results go

/// A device that is always full, for commands that print.
#[test]
fn standard_output_on_a_full_disk() {
    if !Path::new("/dev/full").exists() {
        skipped("there is no /dev/full");
        return;
    }
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    sandbox.write("new", "");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"/new" = "@a"
"#,
    );
    sandbox.git("add new");
    for arguments in [
        "gen --stdout",
        "gen --check",
        "check",
        "check --format short",
        "check --format json",
        "check --format github",
        "check --format sarif",
        "check --format gitlab",
        "who README.md",
        "who --json README.md",
        "who --explain README.md",
        "ls",
        "ls -0",
        "stats",
        "stats --json",
        "map -o -",
        "export",
        "export --paths",
        "diff",
        "diff --format markdown",
        "diff --format json",
        "reviewers",
        "reviewers --json",
        "explain",
        "explain unowned-path",
        "completions bash",
        "man",
    ] {
        let output = shell(&sandbox, ":", &format!("{arguments} >/dev/full"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        sandbox.assert_eq(
            &output.stderr,
            str![[r#"
error: cannot write to standard output
 = note: No space left on device (os error 28)

"#]],
        );
    }
}

/// What is only told is not what was asked for: the work is done all the same.
#[test]
fn standard_error_that_takes_nothing() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(
        "owners.toml",
        r#"[[output]]
file = "A"
[[output]]
file = "B"
[paths]
"*" = "@a"
"#,
    );
    // Closed, or a pipe whose reader has gone.
    for (number, redirection) in ["2>&-", "2>&1 | true"].into_iter().enumerate() {
        sandbox.write(
            "owners.toml",
            format!("{}'/{number}' = '@b'\n", sandbox.read("owners.toml")),
        );
        let script = format!(
            "{{ sleep 0.05; '{}' gen; echo $? >&3; }} 3>code {redirection}",
            owners().display()
        );
        sandbox
            .command("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        assert_eq!(sandbox.read("code"), "0\n", "{redirection}");
        assert_eq!(sandbox.read("A"), sandbox.read("B"), "{redirection}");
        sandbox.owners("gen --check").prints("");
    }
}

// The file that is written

/// A file may not grow beyond a limit: to the program, that is a full disk.
#[test]
fn a_full_disk_leaves_the_old_file() {
    let sandbox = Sandbox::current(PROJECT);
    let old = sandbox.read(OUTPUT);
    sandbox.write("owners.toml", long_config("new"));
    for blocks in [0, 1, 8] {
        let before = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = shell(&sandbox, &before, "gen").output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        sandbox.assert_eq(
            &output.stderr,
            str![[r#"
error: cannot write `[ROOT]/.github/CODEOWNERS`
 = note: cannot replace it by a new file in `[ROOT]/.github`
 = note: File too large (os error 27)

"#]],
        );
        assert_eq!(sandbox.read(OUTPUT), old);
        assert_eq!(beside_output(&sandbox), ["CODEOWNERS"]);
    }
}

/// A file system of a few pages, if there may be one.
#[test]
fn a_file_system_that_is_full() {
    let sandbox = Sandbox::current(PROJECT);
    let old = sandbox.read(OUTPUT);
    // In a name space of its own, so that nothing is left behind however this ends.
    let script = format!(
        "mount -t tmpfs -o size=32k none .github && printf '%s' \"$OLD\" > {OUTPUT} && echo mounted\n\
         '{}' gen; echo $?; cat {OUTPUT}; ls -A .github | wc -l",
        owners().display()
    );
    let long = format!("{}/\"", "x".repeat(60));
    sandbox.write("owners.toml", long_config("new").replace("/\"", &long));
    let mut command = sandbox.command("unshare");
    command.args(["-rm", "sh", "-c", &script]).env("OLD", &old);
    let output = command.output();
    let Some(output) = output
        .ok()
        .filter(|output| output.stdout.starts_with(b"mounted"))
    else {
        skipped("a file system may not be mounted");
        return;
    };
    let shown = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(shown, format!("mounted\n2\n{old}1\n"), "{}", said(&output));
    assert!(
        said(&output).contains("No space left on device"),
        "{}",
        said(&output)
    );
}
