//! Several processes at once.

use std::collections::HashMap;
use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{OUTPUT, beside_output, long_config, said};
use crate::PROJECT;
use crate::support::{Sandbox, owners};

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
        let mut failed = 0;
        for _ in 0..6 {
            let runs: Vec<_> = ["a", "b", "c", "a", "b", "c"]
                .map(|name| {
                    let mut command = sandbox.command(owners());
                    command.args(["gen", "-q", "--config", &format!("{name}.toml")]);
                    command.spawn().unwrap()
                })
                .into();
            for mut run in runs {
                failed += usize::from(!run.wait().unwrap().success());
            }
        }
        // Before anything is asserted: the watcher would go on for ever.
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(failed, 0);
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
