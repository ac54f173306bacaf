//! Processes that are killed or interrupted: the output is the old one or the new one.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::{OUTPUT, beside_output, long_config, said, shell};
use crate::PROJECT;
use crate::support::{Sandbox, owners, skipped};

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
    sandbox.owners("check -q --format short").prints("");
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
    if ignores_interrupts() {
        skipped("a shell started this in the background, where Ctrl-C is ignored");
        return;
    }
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

/// Whether SIGINT is ignored, as it then is in every program that this one starts.
fn ignores_interrupts() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 0b10 != 0)
}
