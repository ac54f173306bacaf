//! The tables of what each forge matches, row by row.
//!
//! A row is matched as a whole file of one line would be: through the reader of that forge's
//! dialect and the matcher. The last column says how the row is known: `docs` (documentation of the
//! forge), `code` (its source), `ruby` (what Ruby's `File.fnmatch?` said, which GitLab calls; where
//! Ruby is installed, `tests/ruby.rs` asks it again), `community` (first-hand reports),
//! `hmarr-tests-agree` (the tests of another implementation agree), `uncertain` (a best guess). For
//! Bitbucket, `both` (gitignore and GitHub's rules agree), `one-of-two` (they do not), `none` (not
//! documented). No row is left out.

use std::collections::BTreeMap;

use owners::Forge;
use owners::Matcher;
use owners::Owner;
use owners::codeowners::read;
use owners::reports::reviewers::{Absent, reviewers};

#[expect(clippy::print_stdout, reason = "`--nocapture` shows it")]
fn check(table: &str, forge: Forge, rows: usize) {
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for row in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let [pattern, path, expected, source] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not a row: {row}");
        };
        let file = read(&format!("{pattern} @owner\n"), forge);
        let patterns = file
            .entries
            .iter()
            .filter_map(|entry| entry.pattern.as_ref());
        let by_matcher = Matcher::new(patterns.clone())
            .last_match(path.as_bytes())
            .is_some();
        let by_definition = patterns
            .clone()
            .any(|pattern| pattern.matches(path.as_bytes()));
        assert_eq!(
            by_matcher, by_definition,
            "the two matchers disagree: {row}"
        );
        if by_matcher == (expected == "yes") {
            *passed.entry(source).or_default() += 1;
        } else {
            failed.push(row);
        }
    }
    println!("{}: passed by source {passed:?}", forge.title);
    assert!(
        failed.is_empty(),
        "{} rows fail:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert_eq!(passed.values().sum::<usize>(), rows, "the table has shrunk");
}

#[test]
fn github() {
    check(include_str!("conformance/github.tsv"), Forge::GITHUB, 267);
}

#[test]
fn gitlab() {
    check(include_str!("conformance/gitlab.tsv"), Forge::GITLAB, 124);
}

#[test]
fn bitbucket() {
    check(
        include_str!("conformance/bitbucket.tsv"),
        Forge::BITBUCKET,
        185,
    );
}

/// What the sections of a file demand.
#[test]
fn sections() {
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let table = include_str!("conformance/sections.tsv");
    for row in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let [content, path, expected, source] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not a row: {row}");
        };
        let file = read(&content.replace("\\n", "\n"), Forge::GITLAB);
        let paths = [path].into_iter().collect();
        let found = reviewers(&file, &paths, &Absent::default()).unwrap();
        let of_sections = found.approvals.iter().map(|each| {
            let mark = if each.is_optional { "^" } else { "" };
            let owners = Owner::join(&each.owners);
            format!("{mark}[{}][{}] {owners}", each.name, each.count)
        });
        // The lines before any section.
        let unnamed = file.section(0);
        let line = unnamed.entries.iter().rfind(|line| {
            let pattern = line.pattern.as_ref();
            pattern.is_some_and(|pattern| pattern.matches(path.as_bytes()))
        });
        let unnamed =
            line.map(|line| format!("[{}] {}", line.approvals, Owner::join(&line.owners)));
        let found: Vec<String> = unnamed.into_iter().chain(of_sections).collect();
        assert_eq!(found.join(" | "), expected.trim_start_matches('-'), "{row}");
        *passed.entry(source).or_default() += 1;
    }
    println!("sections: passed by source {passed:?}");
    assert_eq!(passed.values().sum::<usize>(), 31, "the table has shrunk");
}

/// A row is for Gitea and for Forgejo. `tests/go.rs` asks Go about each.
#[test]
fn gitea_and_forgejo() {
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let table = include_str!("conformance/gitea.tsv");
    for row in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let [pattern, path, gitea, forgejo, source] = row.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("not a row: {row}");
        };
        for (forge, expected) in [(Forge::GITEA, gitea), (Forge::FORGEJO, forgejo)] {
            let file = read(&format!("{pattern} @owner\n"), forge);
            let is_matched = !file.owners(path.as_bytes()).is_empty();
            assert_eq!(is_matched, expected == "yes", "{} {row}", forge.title);
        }
        *passed.entry(source).or_default() += 1;
    }
    println!("Gitea and Forgejo: passed by source {passed:?}");
    assert_eq!(passed.values().sum::<usize>(), 81, "the table has shrunk");
}

/// Which lines of a whole file decide.
#[test]
fn files() {
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let table = include_str!("conformance/files.tsv");
    for row in table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
    {
        let [forge, content, path, expected, source] = row.split('\t').collect::<Vec<_>>()[..]
        else {
            panic!("not a row: {row}");
        };
        let content = content
            .replace("\\n", "\n")
            .replace("\\r", "\r")
            .replace("\\\\", "\\");
        let forge = Forge::from_name(forge).expect("a platform");
        let file = read(&content, forge);
        let sections = file.owners(path.as_bytes()).into_iter().map(|owners| {
            let owners: Vec<&str> = owners.iter().map(Owner::as_str).collect();
            owners.join(" ")
        });
        let found = sections.collect::<Vec<_>>().join(" | ");
        assert_eq!(found, expected.trim_start_matches('-'), "{row}");
        *passed.entry(source).or_default() += 1;
    }
    println!("whole files: passed by source {passed:?}");
    assert_eq!(passed.values().sum::<usize>(), 61, "the table has shrunk");
}
