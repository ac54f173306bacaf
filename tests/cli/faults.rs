//! What goes wrong around the program: disks that are full or read-only, an index that is damaged or
//! changes meanwhile, a process that is killed or not alone. The output is the old one or the new
//! one, and every answer is one that was right at some moment.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use snapbox::str;

use crate::PROJECT;
use crate::support::{NOBODY, Sandbox, owners, skipped};

const OUTPUT: &str = ".github/CODEOWNERS";

/// A configuration whose output is long enough to be written in several pieces.
fn long_config(owner: &str) -> String {
    let rules = (0..400).map(|n| format!("\"/directory-{n}/\" = \"@{owner}\"\n"));
    format!("[paths]\n{}", rules.collect::<String>())
}

/// A shell that becomes `owners` with these arguments once `before` has run.
fn shell(sandbox: &Sandbox, before: &str, arguments: &str) -> Command {
    let mut command = sandbox.command("sh");
    let script = format!("{before}; exec '{}' {arguments}", owners().display());
    command.args(["-c", &script]);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names beside the output.
fn beside_output(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.root.join(".github")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

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
 |
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
 |
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

#[test]
fn a_read_only_checkout_can_be_looked_at() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    for (command, code) in [
        ("check -q", 0),
        ("ls", 0),
        ("stats", 0),
        ("who README.md", 0),
        ("who crates/", 0),
        ("gen", 0),
        ("gen --check", 0),
        ("init", 2),
    ] {
        for directory in [".", ".git", ".github"] {
            fs::set_permissions(
                sandbox.root.join(directory),
                fs::Permissions::from_mode(0o555),
            )
            .unwrap();
        }
        let Some(run) = sandbox.owners_unprivileged(command) else {
            return;
        };
        let output = run.output();
        for directory in [".", ".git", ".github"] {
            fs::set_permissions(
                sandbox.root.join(directory),
                fs::Permissions::from_mode(0o755),
            )
            .unwrap();
        }
        assert_eq!(
            output.status.code(),
            Some(code),
            "{command}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_directory_that_may_not_be_searched() {
    let sandbox = Sandbox::current(PROJECT);
    let directory = sandbox.root.join(".github");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o000)).unwrap();
    let run = sandbox.owners_unprivileged("check");
    if let Some(run) = run {
        run.refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 |
 = note: Permission denied (os error 13)


"#]]);
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Killed by the kernel while the new file is half written.
#[test]
fn killed_half_way() {
    let sandbox = Sandbox::current(PROJECT);
    let old = sandbox.read(OUTPUT);
    sandbox.write("owners.toml", long_config("new"));
    let output = shell(&sandbox, "ulimit -c 0; ulimit -f 1", "gen")
        .output()
        .unwrap();
    assert!(output.status.signal().is_some(), "{:?}", output.status);
    assert_eq!(sandbox.read(OUTPUT), old);
    let names = beside_output(&sandbox);
    let [leftover, output] = names.as_slice() else {
        panic!("{names:?}");
    };
    assert!(
        leftover.starts_with(".owners-") && leftover.ends_with(".tmp") && output == "CODEOWNERS"
    );
    // It is no output, and nothing looks at it but the next one to write, who removes it.
    let config = sandbox.read("owners.toml");
    sandbox.write("owners.toml", PROJECT[0].1);
    sandbox.owners("gen --check").prints("");
    sandbox.owners("check -q").prints("");
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    assert_eq!(beside_output(&sandbox), ["CODEOWNERS"]);
    sandbox.owners("gen --check").prints("");
}

/// What others are still writing is no leftover, nor is what is not ours.
#[test]
fn only_leftovers_are_removed() {
    let sandbox = Sandbox::current(PROJECT);
    let directory = sandbox.root.join(".github");
    let busy = fs::File::create(directory.join(".owners-aaaaaa.tmp")).unwrap();
    busy.lock().unwrap();
    for name in [
        ".owners-bbbbbb.tmp",
        ".owners-.tmp",
        ".owners-bbbbbb.tmp.txt",
        "owners-bbbbbb.tmp",
    ] {
        fs::write(directory.join(name), "").unwrap();
    }
    fs::create_dir(directory.join(".owners-cccccc.tmp")).unwrap();
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    sandbox.owners("gen -q").prints("");
    assert_eq!(
        beside_output(&sandbox),
        [
            ".owners-.tmp",
            ".owners-aaaaaa.tmp",
            ".owners-bbbbbb.tmp.txt",
            ".owners-cccccc.tmp",
            "CODEOWNERS",
            "owners-bbbbbb.tmp",
        ]
    );
}

/// Killed, or interrupted from the keyboard, at any moment.
#[test]
fn killed_at_any_moment() {
    let sandbox = Sandbox::current(PROJECT);
    let texts = ["old", "new"].map(|owner| {
        sandbox.write("owners.toml", long_config(owner));
        sandbox.owners("gen -q").prints("");
        sandbox.read(OUTPUT)
    });
    // How long a run takes until it has written, as far as is known.
    let mut usual = Duration::from_millis(1);
    let (mut before, mut after) = (0, 0);
    for round in 0..400_u32 {
        if round >= 40 && before > 5 && after > 5 {
            break;
        }
        let (from, to) = (round as usize % 2, 1 - round as usize % 2);
        sandbox.write(OUTPUT, &texts[from]);
        sandbox.write("owners.toml", long_config(["old", "new"][to]));
        let mut run = sandbox
            .command(owners())
            .args(["gen", "-q"])
            .spawn()
            .unwrap();
        // From the beginning until well after the end, again and again.
        thread::sleep(usual * (round % 20) / 10);
        if round % 8 == 0 {
            // The same to us as any other death, but by the hand of a person.
            let id = run.id().to_string();
            sandbox
                .command("kill")
                .args(["-INT", &id])
                .output()
                .unwrap();
        }
        run.kill().unwrap();
        run.wait().unwrap();
        let found = sandbox.read(OUTPUT);
        assert!(texts.contains(&found), "half a file: {found}");
        if found == texts[to] {
            after += 1;
        } else {
            before += 1;
            if round % 20 >= 10 {
                usual += usual / 2;
            }
        }
    }
    assert!(
        before > 5 && after > 5,
        "{before} before and {after} after it was written"
    );
    // Whoever writes next takes away what the killed ones have left.
    sandbox.write("owners.toml", long_config("new"));
    sandbox.write(OUTPUT, &texts[0]);
    sandbox.owners("gen -q").prints("");
    assert_eq!(beside_output(&sandbox), ["CODEOWNERS"]);
}

/// Killed at each of the calls that write, by the one tool that can tell.
#[test]
fn killed_at_every_call() {
    let sandbox = Sandbox::current(PROJECT);
    let old = sandbox.read(OUTPUT);
    sandbox.write("owners.toml", long_config("new"));
    sandbox.write("other.toml", long_config("other"));
    let mut is_new = Vec::new();
    for call in [
        "flock",
        "write",
        "fchmod",
        "fsync",
        "rename",
        "fsync:when=2",
    ] {
        sandbox.write(OUTPUT, &old);
        let (call, when) = call.split_once(':').unwrap_or((call, "when=1"));
        // Its name depends on the machine.
        let calls = if call == "rename" {
            "?rename,?renameat,?renameat2"
        } else {
            call
        };
        let mut command = sandbox.command("strace");
        command.args(["-f", "-o", "/dev/null", "-e", &format!("trace={calls}")]);
        command.args(["-e", &format!("inject={calls}:signal=KILL:{when}")]);
        let Ok(output) = command.arg(owners()).args(["gen", "-q"]).output() else {
            skipped("there is no strace");
            return;
        };
        if output.status.signal() != Some(9) {
            skipped(&format!("strace may not trace: {}", said(&output)));
            return;
        }
        let found = sandbox.read(OUTPUT);
        assert!(
            found == old || found.ends_with("/directory-399/ @new\n"),
            "{call}: {found}"
        );
        is_new.push(found != old);
    }
    assert_eq!(is_new, [false, false, false, false, false, true]);
    sandbox.owners("gen -q --config other.toml").prints("");
    assert_eq!(beside_output(&sandbox), ["CODEOWNERS"]);
}

/// It does not hold on to its death either: what waits for input ends at once.
#[test]
fn interrupted_while_it_waits() {
    let sandbox = Sandbox::current(PROJECT);
    let mut run = sandbox
        .command(owners())
        .args(["who", "--stdin"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(30));
    let id = run.id().to_string();
    sandbox
        .command("kill")
        .args(["-INT", &id])
        .output()
        .unwrap();
    assert_eq!(run.wait().unwrap().signal(), Some(2));
}

/// Whoever comes last wins, and nobody ever sees half of a file.
#[test]
fn many_at_once_with_different_configurations() {
    let sandbox = Sandbox::current(PROJECT);
    let texts = ["a", "b", "c"].map(|name| {
        sandbox.write(format!("{name}.toml"), long_config(name));
        sandbox
            .owners(&format!("gen -q --config {name}.toml"))
            .prints("");
        sandbox.read(OUTPUT)
    });
    let is_over = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen: HashMap<usize, usize> = HashMap::new();
            while !is_over.load(Ordering::Relaxed) {
                let found = sandbox.read(OUTPUT);
                let which = texts.iter().position(|text| *text == found);
                *seen.entry(which.expect("half a file")).or_default() += 1;
            }
            seen
        });
        for _ in 0..6 {
            let runs: Vec<_> = ["a", "b", "c", "a", "b", "c"]
                .map(|name| {
                    let mut command = sandbox.command(owners());
                    command.args(["gen", "-q", "--config", &format!("{name}.toml")]);
                    command.spawn().unwrap()
                })
                .into();
            for mut run in runs {
                assert!(run.wait().unwrap().success());
            }
        }
        is_over.store(true, Ordering::Relaxed);
        watcher.join().unwrap()
    });
    assert!(
        seen.len() > 1,
        "only one of the texts was ever there: {seen:?}"
    );
    assert_eq!(beside_output(&sandbox), ["CODEOWNERS"]);
}

#[test]
fn staging_while_somebody_else_has_the_index() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(".git/index.lock", "");
    let output = sandbox.owners("gen --stage").output();
    assert_eq!(output.status.code(), Some(2));
    for part in [
        "`git --literal-pathspecs add",
        "index.lock': File exists",
        "Another git process",
    ] {
        assert!(said(&output).contains(part), "{}", said(&output));
    }
    // What was written is staged by the next attempt, although there is nothing to write any more.
    fs::remove_file(sandbox.root.join(".git/index.lock")).unwrap();
    sandbox.owners("gen --stage").prints("");
    assert_eq!(sandbox.git("diff --name-only"), "");
    assert_eq!(sandbox.git("ls-files .github"), ".github/CODEOWNERS\n");

    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    let runs: Vec<_> = (0..6)
        .map(|_| {
            let mut command = sandbox.command(owners());
            command
                .args(["gen", "--stage", "-q"])
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        match output.status.code() {
            Some(0) => {}
            Some(2) => assert!(said(&output).contains("index.lock"), "{}", said(&output)),
            other => panic!("{other:?}: {}", said(&output)),
        }
    }
    assert_eq!(sandbox.git("fsck --no-dangling"), "");
}

// Where the file would be

/// Outputs that are links, with what they lead to, and whether that is written.
#[test]
fn outputs_behind_links() {
    const KEPT: &str = "kept";
    for (link, target, reason) in [
        ("CODEOWNERS", "real", None),
        ("CODEOWNERS", "dir/../real", None),
        ("docs", "dir", None),
        ("CODEOWNERS", "missing", Some("cannot follow")),
        (
            "CODEOWNERS",
            "../outside/file",
            Some("leads out of the repository"),
        ),
        (
            "CODEOWNERS",
            "../outside/missing",
            Some("leads out of the repository"),
        ),
        (
            "CODEOWNERS",
            "/dev/null",
            Some("leads out of the repository"),
        ),
        // Out and in again, which is no way out.
        ("CODEOWNERS", "../r/real", None),
        ("docs", "../r/dir", None),
        ("docs", "ROOT/dir", None),
        ("docs", "../r/../r/.git/hooks", Some("leads into `.git`")),
        ("docs", "ROOT/.git", Some("leads into `.git`")),
        ("docs", "real", Some("a file has that name")),
        ("CODEOWNERS", ".git/config", Some("leads into `.git`")),
        (
            "CODEOWNERS",
            ".git/hooks/post-checkout",
            Some("leads into `.git`"),
        ),
        ("CODEOWNERS", "CODEOWNERS", Some("symbolic links")),
        ("CODEOWNERS", "dir", Some("it is a directory")),
        ("docs", "../outside", Some("leads out of the repository")),
        ("docs", ".git/hooks", Some("leads into `.git`")),
        ("docs", "missing", Some("cannot follow")),
    ] {
        let file = if link == "docs" {
            "docs/CODEOWNERS"
        } else {
            link
        };
        let sandbox = Sandbox::repo([
            (
                "owners.toml",
                &*format!(
                    r"[paths]
'*' = '@a'
[output]
file = '{file}'
"
                ),
            ),
            ("real", ""),
            ("dir/x", ""),
        ]);
        let outside = sandbox.root.join("../outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), KEPT).unwrap();
        fs::create_dir_all(sandbox.root.join(".git/hooks")).unwrap();
        let git_config = sandbox.read(".git/config");
        let target = target.replace("ROOT", sandbox.root.to_str().unwrap());
        symlink(&target, sandbox.root.join(link)).unwrap();
        for arguments in ["gen", "gen --force"] {
            let output = sandbox.owners(arguments).output();
            let said = said(&output);
            match reason {
                None => assert_eq!(output.status.code(), Some(0), "{link} → {target}: {said}"),
                Some(reason) => {
                    assert_eq!(output.status.code(), Some(2), "{link} → {target}: {said}");
                    assert!(said.contains(reason), "{link} → {target}: {said}");
                }
            }
        }
        assert!(
            fs::symlink_metadata(sandbox.root.join(link))
                .unwrap()
                .is_symlink()
        );
        assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), KEPT);
        assert_eq!(
            fs::read_dir(&outside).unwrap().count(),
            1,
            "{link} → {target}"
        );
        assert_eq!(sandbox.read(".git/config"), git_config);
        assert!(!sandbox.root.join(".git/hooks/post-checkout").exists());
        assert!(!sandbox.root.join(".git/hooks/CODEOWNERS").exists());
        if reason.is_none() {
            assert!(sandbox.read(file).ends_with("* @a\n"), "{link} → {target}");
        }
    }
}

/// Where what is written in `owners.toml` does not say what it leads to.
#[test]
fn outputs_that_are_something_else_on_disk() {
    let config = |file: &str| {
        format!(
            r"[paths]
'*' = '@a'
[output]
file = '{file}'
"
        )
    };
    let sandbox = Sandbox::repo([("owners.toml", &*config("link")), ("nested/x", "")]);
    sandbox.git("init -q --separate-git-dir own-git");
    sandbox.git("worktree add -q --orphan -b other inner");
    symlink("owners.toml", sandbox.root.join("link")).unwrap();
    sandbox.write("nested/owners.toml", "[paths]\n'*' = '@b'\n");
    symlink("nested/owners.toml", sandbox.root.join("nested-link")).unwrap();
    symlink("own-git", sandbox.root.join("to-git")).unwrap();
    for (file, reason) in [
        ("link", "it is a link to a configuration, `owners.toml`"),
        (
            "nested-link",
            "it is a link to a configuration, `owners.toml`",
        ),
        ("own-git/hooks/post-checkout", "leads into `.git`"),
        ("own-git/x/y", "leads into `.git`"),
        ("to-git/hooks/post-checkout", "leads into `.git`"),
        ("nested/../own-git/config", "it is no plain path of a file"),
    ] {
        sandbox.write("owners.toml", config(file));
        let output = sandbox.owners("gen --force").output();
        assert_eq!(output.status.code(), Some(2), "{file}: {}", said(&output));
        assert!(said(&output).contains(reason), "{file}: {}", said(&output));
        assert_eq!(sandbox.read("owners.toml"), config(file));
    }
    assert!(!sandbox.root.join("own-git/hooks/post-checkout").exists());
    assert!(!sandbox.root.join("own-git/x").exists());
    // The main repository is no part of a worktree, wherever that lies.
    sandbox.write("inner/owners.toml", config("CODEOWNERS"));
    sandbox.owners("gen -q").within("inner").prints("");
}

/// Names that an output cannot have, by what is written in `owners.toml` alone.
#[test]
fn outputs_that_are_refused_by_name() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.git("commit -qm x");
    let before = sandbox.read(".git/config");
    for file in [
        "../x",
        "a/../../x",
        "/tmp/x",
        "~/x",
        "C:/x",
        "..",
        ".",
        "a//b",
        "a/",
        "a\\\\b",
        "a\\nb",
        "a\\u0000b",
        "",
        ".git/config",
        ".git/hooks/post-checkout",
        ".GIT/config",
        "sub/.Git/hooks/x",
        ".git./config",
        ".git /config",
        "GIT~1/config",
        ".g\\u200cit/config",
        ".git::$INDEX_ALLOCATION/config",
        ".git",
        "owners.toml",
        "crates/owners.toml",
        "OWNERS.TOML",
        "owners.toml. ",
        "owners.t\\u200Coml",
        "crates/owners.toml\\u200C",
        "owner\\u017F.toml",
        "OWNERS~1.TOM",
        "crates/owners~2.tom",
        "OWNER~10.TOM",
        "OWC0DE~1.TOM",
    ] {
        let config = format!(
            r#"[output]
file = "{file}"
[paths]
"*" = "@a"
"#
        );
        sandbox.write("owners.toml", &config);
        for arguments in ["gen", "gen --force", "gen --check", "check"] {
            let output = sandbox.owners(arguments).output();
            let said = said(&output);
            assert_eq!(output.status.code(), Some(2), "{file}: {said}");
            assert!(
                said.starts_with("error: the output cannot be `"),
                "{file}: {said}"
            );
        }
        assert_eq!(sandbox.read("owners.toml"), config);
    }
    assert_eq!(sandbox.read(".git/config"), before);
    let status = sandbox.git("status --porcelain --untracked-files=all");
    assert_eq!(status, " M owners.toml\n");
}

// The index

/// A tree of which only the names matter, and its index.
fn sandbox_with_index() -> (Sandbox, Vec<u8>) {
    let names: Vec<String> = (0..40).map(|n| format!("src/{}/file-{n}", n % 7)).collect();
    let files = names.iter().map(|name| (name.as_str(), ""));
    let sandbox = Sandbox::repo(
        [("owners.toml", "[paths]\n'*' = '@a'\n")]
            .into_iter()
            .chain(files),
    );
    let index = fs::read(sandbox.root.join(".git/index")).unwrap();
    (sandbox, index)
}

/// Cut off, overwritten or no index at all: an error that names the file and says what to do, and
/// never a list of paths with some of them missing.
#[test]
fn a_damaged_index() {
    let (sandbox, sound) = sandbox_with_index();
    let file = sandbox.root.join(".git/index");
    let whole = sandbox.owners("ls").output().stdout;
    let cut = (0..sound.len())
        .step_by(131)
        .chain([1, 4, 11, 12, 13, 31, sound.len() - 1]);
    let mut damaged: Vec<(String, Vec<u8>)> = cut
        .map(|length| (format!("cut off at {length}"), sound[..length].to_vec()))
        .collect();
    for (at, byte) in [
        (0, b'X'),
        (7, 0),
        (7, 5),
        (7, 99),
        (8, 1),
        (9, 1),
        (11, 0),
        (11, 5),
        (11, 40),
        (11, 42),
        (11, 255),
    ] {
        let mut bytes = sound.clone();
        bytes[at] = byte;
        damaged.push((format!("byte {at} is {byte}"), bytes));
    }
    damaged.push(("text".into(), b"<<<<<<< HEAD\n".repeat(100)));
    damaged.push(("twice".into(), [&sound[..], &sound[..]].concat()));
    let mut names_twice = sound.clone();
    let at = names_twice
        .windows(13)
        .position(|name| name == b"src/0/file-21")
        .unwrap();
    names_twice[at..at + 13].copy_from_slice(b"src/0/file-14");
    damaged.push(("a name that comes twice".into(), names_twice));
    for (what, bytes) in damaged {
        fs::write(&file, bytes).unwrap();
        let output = sandbox.owners("ls").output();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{what}: {said}");
        for part in [
            "error: cannot read the index `",
            ".git/index`",
            "damaged",
            "= help: `rm ",
            "git reset",
        ] {
            assert!(said.contains(part), "{what}: {said}");
        }
    }
    // The help can be pasted.
    let output = sandbox.owners("check").output();
    let (_, help) = said(&output)
        .split_once("help: `")
        .map(|(a, b)| (a.to_string(), b.to_string()))
        .unwrap();
    let (command, _) = help.split_once('`').unwrap();
    assert!(
        sandbox
            .command("sh")
            .args(["-c", command])
            .status()
            .unwrap()
            .success()
    );
    sandbox.git("add -A");
    assert_eq!(sandbox.owners("ls").output().stdout, whole);
}

#[test]
fn what_is_said_of_a_damaged_index() {
    let (sandbox, sound) = sandbox_with_index();
    fs::write(sandbox.root.join(".git/index"), &sound[..sound.len() / 2]).unwrap();
    sandbox.owners("check").refuses(str![[r#"
error: cannot read the index `[ROOT]/.git/index`
 |
 = note: it is too short for its entries; its checksum is wrong too: it is damaged
 = help: `rm [ROOT]/.git/index && git reset` makes it anew from HEAD; then `git add` again what was added


"#]]);
}

/// Bytes that no checksum guards while reading, as with git itself: the same paths, other names, or
/// an error; never a panic, and never fewer paths.
#[test]
fn an_index_with_one_wrong_byte() {
    let (sandbox, sound) = sandbox_with_index();
    let file = sandbox.root.join(".git/index");
    let count = sandbox
        .owners("ls -0")
        .output()
        .stdout
        .iter()
        .filter(|&&byte| byte == 0)
        .count();
    for at in (12..sound.len()).step_by(73) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x41;
        fs::write(&file, bytes).unwrap();
        let output = sandbox.owners("ls -0").output();
        match output.status.code() {
            Some(0) => {
                let found = output.stdout.iter().filter(|&&byte| byte == 0).count();
                assert_eq!(found, count, "byte {at}");
            }
            Some(2) => assert!(
                said(&output).contains(".git/index"),
                "byte {at}: {}",
                said(&output)
            ),
            _ => panic!("byte {at}: {:?}", output.status),
        }
    }
}

#[test]
fn an_index_that_cannot_be_read() {
    let (sandbox, _) = sandbox_with_index();
    let file = sandbox.root.join(".git/index");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if let Some(run) = sandbox.owners_unprivileged("ls") {
        run.refuses(str![[r#"
error: cannot read the index `[ROOT]/.git/index`
 |
 = note: Permission denied (os error 13)


"#]]);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    sandbox.owners("ls").refuses(str![[r#"
error: cannot read the index `[ROOT]/.git/index`
 |
 = note: Is a directory (os error 21)


"#]]);
}

/// Git adds and removes files all the while: every answer is one of a moment.
#[test]
fn an_index_that_changes_while_it_is_read() {
    let (sandbox, _) = sandbox_with_index();
    let few = sandbox.owners("ls").output().stdout;
    for n in 0..300 {
        sandbox.write(format!("src/new/{n}"), "");
    }
    sandbox.git("add -A");
    let many = sandbox.owners("ls").output().stdout;
    let is_over = AtomicBool::new(false);
    let (seen_few, seen_many) = thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                sandbox.git("rm -rq --cached src/new");
                sandbox.git("add src/new");
            }
        });
        let (mut seen_few, mut seen_many) = (0, 0);
        while seen_few + seen_many < 40
            || (seen_few == 0 || seen_many == 0) && seen_few + seen_many < 400
        {
            let output = sandbox.owners("ls").output();
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            match output.stdout {
                found if found == few => seen_few += 1,
                found if found == many => seen_many += 1,
                found => panic!("neither: {}", String::from_utf8_lossy(&found)),
            }
        }
        is_over.store(true, Ordering::Relaxed);
        (seen_few, seen_many)
    });
    assert!(seen_few > 0 && seen_many > 0, "{seen_few} and {seen_many}");
}

// Whose repository it is

/// Git refuses to work in a repository of somebody else, since its configuration names programs to
/// run. We run nothing for the index and for files; where git is needed, its advice is passed on.
#[test]
fn a_repository_of_another_user() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    if !sandbox.is_roots() {
        skipped("only root can give a repository away");
        return;
    }
    fn give(directory: &Path) {
        chown(directory, Some(NOBODY), Some(NOBODY)).unwrap();
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => give(&path),
                false => chown(&path, Some(NOBODY), Some(NOBODY)).unwrap(),
            }
        }
    }
    give(&sandbox.root);
    let refused = sandbox.command("git").arg("status").output().unwrap();
    assert!(
        said(&refused).contains("safe.directory"),
        "{}",
        said(&refused)
    );
    for command in [
        "check -q",
        "ls",
        "stats",
        "who README.md",
        "who crates/",
        "gen --check",
    ] {
        let output = sandbox.owners(command).output();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{command}: {}",
            said(&output)
        );
    }
    sandbox.owners("check --rev HEAD").refuses(str![[r#"
error: cannot look for `HEAD`
 |
 = note: `git rev-parse --verify --quiet --end-of-options HEAD^{commit}` failed
 = note: fatal: detected dubious ownership in repository at '[ROOT]'
         To add an exception for this directory, call:
         
         	git config --global --add safe.directory [ROOT]


"#]]);
    for command in [
        "ls --rev main",
        "diff",
        "reviewers",
        "reviewers main",
        "check --changed main",
    ] {
        let output = sandbox.owners(command).output();
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(
            said(&output).contains("git config --global --add safe.directory"),
            "{command}: {}",
            said(&output)
        );
    }
}
