//! The values that a word of the command line may have.

use std::env;
use std::ffi::OsStr;

use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter,
    SubcommandCandidates, ValueCompleter,
};
use owners::git::Repo;
use owners::lint::LINTS;
use owners::{Owner, Project};

use super::bash::PATHS;
use crate::programs::{self, Purpose};

/// The lints, with what each is about. Some options take `warnings` as well.
pub(crate) fn lints(with_warnings: bool) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let warnings = with_warnings.then_some(("warnings", "every lint that warns"));
        let lints = LINTS.iter().map(|lint| (lint.name, lint.summary));
        let all = lints.chain(warnings);
        all.map(|(name, about)| CompletionCandidate::new(name).help(Some(about.into())))
            .collect()
    })
}

/// The external commands, with their programs.
pub(super) fn commands() -> SubcommandCandidates {
    SubcommandCandidates::new(|| {
        let names = programs::names(Purpose::Command).into_iter();
        candidates(names.map(|(name, program)| (name, Some(program))))
    })
}

/// The checks of other programs.
pub(crate) fn checks() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let names = programs::names(Purpose::Check).into_iter();
        candidates(names.map(|(name, program)| (name, Some(program))))
    })
}

/// The groups of `owners.toml`, with their owners.
pub(crate) fn groups() -> ArgValueCandidates {
    ArgValueCandidates::new(of_groups)
}

fn of_groups() -> Vec<CompletionCandidate> {
    let Some(project) = project() else {
        return Vec::new();
    };
    let groups = project.rules.groups().iter().map(|group| {
        let about = owners::text::escaped(Owner::join(&group.owners).as_bytes());
        (group.name.clone(), Some(about))
    });
    candidates(groups)
}

/// The owners in `owners.toml`.
pub(crate) fn owners() -> ArgValueCandidates {
    ArgValueCandidates::new(|| of_project(|rule| &rule.owners))
}

/// The owners in `owners.toml`, with the members of teams.
pub(crate) fn people() -> ArgValueCandidates {
    ArgValueCandidates::new(|| of_project(|rule| &rule.people))
}

/// The same, and files.
pub(crate) fn people_or_paths() -> ArgValueCompleter {
    ArgValueCompleter::new(PeopleOrPaths)
}

struct PeopleOrPaths;

impl ValueCompleter for PeopleOrPaths {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let text = current.to_string_lossy();
        if !text.starts_with('@') {
            return PathCompleter::any().complete(current);
        }
        let (listed, last) = text.split_at(text.rfind(',').map_or(0, |comma| comma + 1));
        let names = names(|rule| &rule.people);
        let names = names.into_iter().filter(|name| name.starts_with(last));
        candidates(names.map(|name| (format!("{listed}{name}"), None)))
    }
}

fn of_project(list: impl Fn(&owners::ruleset::Rule) -> &[Owner]) -> Vec<CompletionCandidate> {
    candidates(names(list).into_iter().map(|name| (name, None)))
}

/// The names in a list of each rule.
fn names(list: impl Fn(&owners::ruleset::Rule) -> &[Owner]) -> Vec<String> {
    let Some(project) = project() else {
        return Vec::new();
    };
    let rules = project.rules.rules().iter();
    let mut all: Vec<String> = rules
        .flat_map(|rule| list(rule).iter().map(Owner::to_string))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The groups of `owners.toml`, and the owners in it.
pub(crate) fn groups_and_people() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let mut all = of_groups();
        all.extend(of_project(|rule| &rule.people));
        all
    })
}

/// Branches and tags.
pub(crate) fn revisions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        candidates(names_of_revisions().into_iter().map(|name| (name, None)))
    })
}

/// A revision, or two with `..` or `...` between them.
pub(crate) fn range() -> ArgValueCompleter {
    ArgValueCompleter::new(Range)
}

struct Range;

impl ValueCompleter for Range {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(current) = current.to_str() else {
            return Vec::new();
        };
        let start = current.rfind("..").map_or(0, |dots| dots + 2);
        let (first, last) = current.split_at(start);
        let names = names_of_revisions().into_iter();
        let names = names.filter(|name| name.starts_with(last));
        candidates(names.map(|name| (format!("{first}{name}"), None)))
    }
}

/// Files and directories.
pub(crate) fn paths() -> ArgValueCompleter {
    ArgValueCompleter::new(Paths)
}

struct Paths;

impl ValueCompleter for Paths {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        if env::var_os(PATHS).is_some() {
            return Vec::new();
        }
        let mut found = PathCompleter::any().complete(current);
        found.retain(|candidate| candidate.get_value().to_str().is_some_and(is_safe));
        found
    }
}

/// Groups, files and directories.
pub(crate) fn areas() -> ArgValueCompleter {
    ArgValueCompleter::new(Areas)
}

struct Areas;

impl ValueCompleter for Areas {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let starts = |candidate: &CompletionCandidate| {
            let (value, current) = (candidate.get_value(), current.as_encoded_bytes());
            value.as_encoded_bytes().starts_with(current)
        };
        let mut found = of_groups();
        found.retain(starts);
        found.extend(Paths.complete(current));
        found
    }
}

/// The configuration. Without one, the CODEOWNERS file decides.
fn project() -> Option<Project> {
    let repo = repo()?;
    let paths = repo.tracked().ok()?;
    if let Some(project) = repo.project(&paths).ok()? {
        return Some(project);
    }
    repo.codeowners(&[]).ok()??.project().ok()
}

fn repo() -> Option<Repo> {
    Repo::discover(&env::current_dir().ok()?).ok()
}

fn names_of_revisions() -> Vec<String> {
    let names = repo().and_then(|repo| repo.names_of_revisions().ok());
    names.unwrap_or_default()
}

fn candidates(values: impl Iterator<Item = (String, Option<String>)>) -> Vec<CompletionCandidate> {
    let safe = values.filter(|(value, _)| is_safe(value));
    safe.map(|(value, about)| CompletionCandidate::new(value).help(about.map(Into::into)))
        .collect()
}

/// Whether a shell takes the text as one word that means itself.
fn is_safe(text: &str) -> bool {
    let is_safe = |c: char| c.is_alphanumeric() || "@/._-+:=".contains(c);
    text.chars().all(is_safe)
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn what_a_shell_would_run_is_not_offered() {
        for safe in [
            "@org/team",
            "origin/main",
            "v1.2..main",
            "docs@example.com",
            "é.rs",
            "a:b",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_text in [
            "$(x)",
            "`x`",
            "a b",
            "a;b",
            "a|b",
            "a&b",
            "a'b",
            "a\"b",
            "a\\b",
            "a\nb",
            "*",
            "a?",
            "~",
            "!x",
            "{a,b}",
            "<x>",
            "a\u{202e}b",
            "#x",
        ] {
            assert!(!is_safe(unsafe_text), "{unsafe_text}");
        }
    }
}
