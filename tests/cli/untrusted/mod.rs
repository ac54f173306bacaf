//! What somebody else's pull request can put into a repository, and what it must not do: reach out of
//! it, run something, or take forever. `hostile_names.rs` is about what shows its names.
//! `docs/security.md` names these tests.

#[cfg(unix)]
mod bare_repositories;
#[cfg(unix)]
mod links;
mod looking;
#[cfg(unix)]
mod programs;
mod sizes;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every command that looks for a repository.
#[cfg(unix)]
const EVERYWHERE: [&str; 30] = [
    "check",
    "check --rev HEAD",
    "check --changed main",
    "check --untracked",
    "check --fix --dry-run",
    "check --fix",
    "diff",
    "diff HEAD main",
    "diff HEAD~1...HEAD",
    "reviewers",
    "reviewers main",
    "reviewers main HEAD",
    "stats",
    "stats --rev HEAD",
    "map --lines --risk --history 3",
    "map HEAD~1",
    "export",
    "export --paths",
    "export --rev HEAD",
    "ls",
    "ls --rev HEAD",
    "who file",
    "gen",
    "gen --check",
    "gen --stage",
    "init",
    "init --force",
    "add @a core",
    "remove @a",
    "rename @a @b",
];

/// `docs/security.md` names the tests that hold its claims.
#[test]
fn every_test_that_the_page_names_exists() {
    fn collect(directory: &Path, all: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let mut sources = String::new();
    for directory in ["src", "tests"] {
        collect(&root.join(directory), &mut sources);
    }
    let tests = |text: &str| -> BTreeSet<String> {
        let test = regex::Regex::new(r"#\[test\]\s+fn (\w+)\(").unwrap();
        test.captures_iter(text)
            .map(|found| found[1].to_string())
            .collect()
    };
    let name = regex::Regex::new("`([a-z0-9]+(?:_[a-z0-9]+)+)`").unwrap();
    let named: BTreeSet<String> = name
        .captures_iter(&page)
        .map(|found| found[1].to_string())
        .collect();
    let known = tests(&sources);
    let missing: Vec<&String> = named.difference(&known).collect();
    assert!(named.len() > 20 && missing.is_empty(), "{missing:?}");
    // And nothing here is held without being claimed.
    let mut here = fs::read_to_string(root.join("tests/cli/hostile_names.rs")).unwrap();
    collect(&root.join("tests/cli/untrusted"), &mut here);
    for test in tests(&here) {
        assert!(
            named.contains(&test) || test.starts_with("every_test"),
            "{test} is not named"
        );
    }
}
