//! Links to what is elsewhere.

use std::fs;

use crate::support::Sandbox;

/// Files that are read by their names and directories that are searched for them, with a
/// configuration that makes it so.
const NAMES: [(&str, Option<&str>); 7] = [
    ("owners.toml", None),
    (".github/CODEOWNERS", Some("[paths]\n'*' = '@a'\n")),
    ("docs/CODEOWNERS", Some("[paths]\n'*' = '@a'\n")),
    (
        "roster.md",
        Some(
            r"[check]
roster = 'roster.md'
[paths]
'*' = '@a'
",
        ),
    ),
    (
        "sub/owners.toml",
        Some(
            r"nested = true
[paths]
'*' = '@a'
",
        ),
    ),
    (
        "sub",
        Some(
            r"nested = true
[paths]
'*' = '@a'
",
        ),
    ),
    (".gitlab-ci.yml", None),
];

/// Links to what is elsewhere: in place of every file that is read by its name.
#[test]
fn nothing_outside_is_read() {
    const SECRET: &str = "[paths]\n'*' = '@secret-of-others'\n";
    for (link, config) in NAMES {
        for target in ["../outside/owners.toml", ".git/secret", "/dev/zero"] {
            let sandbox = Sandbox::repo([("a", "")]);
            fs::create_dir(sandbox.root.join("../outside")).unwrap();
            sandbox.write("../outside/owners.toml", SECRET);
            sandbox.write(".git/secret", SECRET);
            if let Some(config) = config {
                sandbox.write("owners.toml", config);
            }
            let depth = "../".repeat(link.matches('/').count());
            let place = sandbox.root.join(link);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            let target = match target {
                "/dev/zero" => target.to_string(),
                target if link == "sub" => target.trim_end_matches("/owners.toml").to_string(),
                target => format!("{depth}{target}"),
            };
            std::os::unix::fs::symlink(&target, place).unwrap();
            sandbox.git("add -A");
            for command in [
                "check",
                "gen --stdout",
                "gen --check",
                "gen",
                "who sub/x",
                "stats",
                "map --lines",
                "diff",
                "init",
            ] {
                let output = sandbox.owners(command).output();
                let all = [output.stdout, output.stderr].concat();
                let all = String::from_utf8_lossy(&all);
                assert!(
                    !all.contains("secret-of-others"),
                    "{link} → {target}: {command}: {all}"
                );
            }
        }
    }
}

/// A tracked file whose directory is a link on disk: git takes it for deleted, and so do we, wherever
/// the link leads.
#[test]
fn nested_configurations_behind_linked_directories() {
    use std::os::unix::fs::symlink;

    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
        ("a/b/c/owners.toml", "[paths]\n'*' = '@b'\n"),
        ("a/b/c/f", ""),
    ]);
    let secret = r"[paths]
'*' = '@secret-of-others'
'/gone' = '@secret-of-others'
";
    for place in ["../outside/b/c", ".git/outside/b/c", "other/b/c"] {
        sandbox.write(format!("{place}/owners.toml"), secret);
    }
    sandbox.git("commit -qm x");
    for (link, depth) in [("a", 0), ("a/b", 1), ("a/b/c", 2)] {
        let rest = "/b/c".get(..depth * 2).unwrap();
        let place = sandbox.root.join(link);
        let kept = sandbox.root.join("kept");
        fs::rename(&place, &kept).unwrap();
        for outside in ["../outside", ".git/outside", "other"] {
            let target = format!("{}{outside}{rest}", "../".repeat(depth));
            symlink(&target, &place).unwrap();
            assert!(place.join("owners.toml").exists() || depth < 2);
            for command in [
                "check",
                "check --fix",
                "check --fix=tree",
                "gen --stdout",
                "gen --check",
                "who --explain a/b/c/f",
                "ls",
                "stats",
                "map --lines -o -",
                "diff",
                "diff HEAD",
                "reviewers",
            ] {
                let output = sandbox.owners(command).output();
                let all = [output.stdout, output.stderr].concat();
                let all = String::from_utf8_lossy(&all);
                assert!(
                    !all.contains("secret-of-others") && !all.contains("cannot read"),
                    "{link} → {target}: {command}: {all}"
                );
            }
            for place in ["../outside/b/c", ".git/outside/b/c", "other/b/c"] {
                assert_eq!(sandbox.read(&format!("{place}/owners.toml")), secret);
            }
            fs::remove_file(&place).unwrap();
        }
        fs::rename(&kept, &place).unwrap();
    }
}

/// Somebody exchanges a directory for a link to elsewhere and back, again and again, so that it is one
/// when it is looked at and the other when it is used.
#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_becomes_a_link_meanwhile() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};

    let sandbox = Sandbox::repo([
        ("d/owners.toml", "[paths]\n'*' = '@b'\n"),
        ("d/roster", "@a\n@b\n@new\n"),
    ]);
    let outside = sandbox.root.join("../outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("owners.toml"), "[paths]\n'*' = '@secret'\n").unwrap();
    fs::write(outside.join("roster"), "@secret\n").unwrap();
    let config = |owner: &str| {
        format!(
            r"nested = true
[paths]
'*' = '{owner}'
[output]
file = 'd/CODEOWNERS'
[check]
roster = 'd/roster'
"
        )
    };
    sandbox.write("owners.toml", config("@a"));
    sandbox.git("add -A");
    let (place, other) = (sandbox.root.join("d"), sandbox.root.join("other"));
    symlink("../outside", &other).unwrap();
    let is_over = AtomicBool::new(false);
    let mut written = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                renameat_with(CWD, &place, CWD, &other, RenameFlags::EXCHANGE).unwrap();
            }
        });
        for round in 0..200 {
            sandbox.write("owners.toml", config(&format!("@a{round}")));
            let command = ["gen", "check", "gen --stdout"][round % 3];
            let output = sandbox.owners(command).output();
            let all = [output.stdout, output.stderr].concat();
            let all = String::from_utf8_lossy(&all);
            let names = fs::read_dir(&outside).unwrap().count();
            if names != 2 || all.contains("secret") {
                is_over.store(true, Ordering::Relaxed);
                panic!("{command}: {names}: {all}");
            }
            written += usize::from(command == "gen" && output.status.success());
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(written > 5, "{written}");
    assert_eq!(
        fs::read_to_string(outside.join("roster")).unwrap(),
        "@secret\n"
    );
}
