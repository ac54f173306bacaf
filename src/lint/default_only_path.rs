//! `default-only-path`: only a rule for every path matches the path.
//!
//! A rule that adds owners to whoever owns a path does not count: the path still has no owners of its
//! own.
//!
//! For projects in which each new file must have specific owners. There, the rule for every path is
//! only a fallback, and the paths that it decides should be noticed.

use rustc_hash::FxHashSet;

use super::suggestion::{Suggester, key_for};
use super::{Context, Findings};
use crate::paths::PathId;
use crate::paths::folded::{Folded, fold};
use crate::ruleset::RuleSet;
use crate::ruleset::default_only::{Caught, Defaults};
use crate::text::toml::quoted;
use crate::text::{Diagnostic, FileId, counted, escaped};

/// The maximum number of rules in one help.
const MAX_RULES: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let paths = &context.facts.paths;
    let chosen = caught_by_default(context);
    let chosen = context.new_among(&chosen, |before| &before.default_only);
    let adding = keys_that_add(&context.project.rules);
    let mut walk = context.matcher.walk();
    let mut suggester = Suggester::new(context);
    for Folded { path, files } in fold(paths, &chosen) {
        let rules = &context.project.rules;
        let lines = walk.decide_each(&paths[files[0]]);
        let default = lines
            .iter()
            .find(|&&line| rules[line].pattern.is_everything());
        let Some(&line) = default else {
            continue;
        };
        let has_more = lines
            .iter()
            .any(|&line| !rules[line].pattern.is_everything());
        let only = match has_more {
            true => "apart from rules with `add`, only",
            false => "only",
        };
        let pattern = &rules.rule_of(line).pattern.value;
        let shown = escaped(path);
        let message = match (path.is_empty(), path.ends_with(b"/")) {
            (true, _) => format!(
                "{only} `{pattern}` matches any path: {}",
                counted(files.len(), "path")
            ),
            (_, true) => format!(
                "{only} `{pattern}` matches the paths in `{shown}`: {}",
                counted(files.len(), "path")
            ),
            (_, false) => format!("{only} `{pattern}` matches `{shown}`"),
        };
        let mut diagnostic = Diagnostic::error(message);
        if context.is_verbose && files.len() > 1 {
            for &file in files {
                diagnostic = diagnostic.note(format!("`{}`", escaped(&paths[file])));
            }
        }
        findings.report(
            diagnostic
                .help(help(context, path, files, &adding, &mut suggester))
                .about(path),
        );
    }
}

/// A rule for a path, or for each file and directory at the root. A key that is there already cannot
/// be written again: `adding` are the keys of the rules that add.
fn help(
    context: &Context<'_>,
    path: &[u8],
    files: &[PathId],
    adding: &FxHashSet<String>,
    suggester: &mut Suggester<'_>,
) -> String {
    let paths = &context.facts.paths;
    let is_taken = |path: &[u8]| !adding.is_empty() && adding.contains(&key_for(context, path));
    if path.is_empty() {
        let mut entries: Vec<&[u8]> = files.iter().map(|&id| top_entry(&paths[id])).collect();
        entries.dedup();
        entries.retain(|path| !is_taken(path));
        if !entries.is_empty() {
            return suggester.rules_for(&entries, MAX_RULES);
        }
    }
    match path.is_empty() || is_taken(path) {
        true => {
            "write `owners` instead of `add` in the rule for it, and name all owners".to_string()
        }
        false => suggester.rule_for(path),
    }
}

/// The keys of the rules in the root file that add.
fn keys_that_add(rules: &RuleSet) -> FxHashSet<String> {
    let rules = rules.rules().iter();
    let adding = rules.filter(|rule| rule.adds() && rule.file == FileId::ROOT);
    adding.map(|rule| quoted(&rule.pattern.value)).collect()
}

/// The file or directory at the root that a path is or is in. A directory ends in a slash.
fn top_entry(path: &[u8]) -> &[u8] {
    memchr::memchr(b'/', path).map_or(path, |slash| &path[..=slash])
}

/// The paths that only rules for every path match, apart from rules that add.
pub(super) fn caught_by_default(context: &Context<'_>) -> Vec<PathId> {
    let defaults = Defaults::new(&context.project.rules);
    let mut walk = context.matcher.walk();
    let mut caught = Vec::new();
    for (id, path) in context.facts.paths.with_ids() {
        let is_only = match defaults.caught(walk.decide_each(path)) {
            Caught::All => true,
            Caught::None => false,
            Caught::Some => defaults.catch(&mut walk, path),
        };
        if is_only {
            caught.push(id);
        }
    }
    caught
}
