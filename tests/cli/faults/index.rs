//! An index that is damaged, cannot be read, or changes while it is read.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use snapbox::str;

use super::said;
use crate::support::Sandbox;

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

/// An index that is cut off, overwritten, or none at all.
fn damages(sound: &[u8]) -> Vec<(String, Vec<u8>)> {
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
        let mut bytes = sound.to_vec();
        bytes[at] = byte;
        damaged.push((format!("byte {at} is {byte}"), bytes));
    }
    damaged.push(("text".into(), b"<<<<<<< HEAD\n".repeat(100)));
    damaged.push(("twice".into(), [sound, sound].concat()));
    let mut names_twice = sound.to_vec();
    let at = names_twice
        .windows(13)
        .position(|name| name == b"src/0/file-21")
        .unwrap();
    names_twice[at..at + 13].copy_from_slice(b"src/0/file-14");
    damaged.push(("a name that comes twice".into(), names_twice));
    damaged
}

/// An error that names the file and says what to do, and never a list of paths with some of them
/// missing.
#[test]
fn a_damaged_index() {
    let (sandbox, sound) = sandbox_with_index();
    let file = sandbox.root.join(".git/index");
    for (what, bytes) in damages(&sound) {
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
}

#[test]
fn the_help_for_a_damaged_index_can_be_pasted() {
    let (sandbox, sound) = sandbox_with_index();
    let whole = sandbox.owners("ls").output().stdout;
    fs::write(sandbox.root.join(".git/index"), &sound[..sound.len() / 2]).unwrap();
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
 = note: it is too short for its entries; its checksum is wrong too: it is damaged
 = help: `rm [ROOT]/.git/index && git reset` rebuilds it from HEAD; then run `git add` again for what you had added

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
 = note: Permission denied (os error 13)

"#]]);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    sandbox.owners("ls").refuses(str![[r#"
error: cannot read the index `[ROOT]/.git/index`
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
