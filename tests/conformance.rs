//! The tables of what each forge matches, row by row.
//!
//! A row is matched as a whole file of one line would be: through the reader of that forge's
//! dialect and the matcher. The last column says how the row is known: `docs` (documentation of the
//! forge), `code` (its source), `ruby` (what Ruby's `File.fnmatch?` said, which GitLab calls; where
//! Ruby is installed, `tests/ruby.rs` asks it again), `community` (first-hand reports),
//! `hmarr-tests-agree` (the tests of another implementation agree), `uncertain` (a best guess). No row
//! is left out.

use std::collections::BTreeMap;

use owners::Forge;
use owners::Matcher;
use owners::Owner;
use owners::codeowners::read;

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

/// Which line of a whole file decides. (The table that these rows come from has three more for
/// Gitea, which is no platform of this tool.)
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
    assert_eq!(passed.values().sum::<usize>(), 36, "the table has shrunk");
}
