//! Nothing is written by looking.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::PROJECT;
use crate::support::Sandbox;

/// Every file with its contents and its time, but for the index.
fn all_files(directory: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else if !path.ends_with(".git/index") {
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            files.push((path.clone(), fs::read(&path).unwrap(), modified));
        }
    }
    files.sort();
    files
}

/// Git itself may note in its index that a file is the same as before; that is all.
#[test]
fn looking_writes_nothing() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.git("commit -qm x");
    let file = sandbox.root.join("owners.toml");
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let entries = sandbox.git("ls-files --stage");
    let before = all_files(&sandbox.root);
    for command in [
        "check",
        "check --changed main",
        "check --untracked",
        "diff",
        "reviewers",
        "stats",
        "map --lines --risk --history 3 -o -",
        "ls",
        "export",
        "export --paths",
        "who a",
        "gen --check",
        "gen",
    ] {
        assert_ne!(
            sandbox.owners(command).output().status.code(),
            Some(2),
            "{command}"
        );
        assert!(all_files(&sandbox.root) == before, "{command}");
        assert_eq!(sandbox.git("ls-files --stage"), entries, "{command}");
    }
}
