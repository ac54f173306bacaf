//! `unread-config`: an `owners.toml` in a directory that has no effect.
//!
//! Its author believes that its rules apply. The root file says whether such files are read, and
//! which of them are something else: files that `nested.except` excludes or `[check] exempt`
//! exempts are not reported. What is in a submodule is not part of the repository.

use rustc_hash::FxHashSet;

use super::suggestion::key_for;
use super::{Context, Findings};
use crate::config::{CONFIG_NAME, Text};
use crate::matcher::Matcher;
use crate::paths::PathKind;
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternation;
use crate::text::toml::quoted;
use crate::text::{Diagnostic, FileId, escaped};

/// The maximum number of entries of `nested.except` that a help repeats.
const MAX_KNOWN: usize = 5;

/// An `owners.toml` that git does not track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntrackedConfig {
    /// Its path.
    pub path: Vec<u8>,
    /// Whether git ignores it.
    pub is_ignored: bool,
}

/// Why a file is not read.
enum Reason {
    NotNested,
    Symlink,
    NotTracked,
    Ignored,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.project.codeowners.is_some() {
        // Without a file at the root, such a file is probably something else.
        return;
    }
    let facts = context.facts;
    let is_nested = context.project.config.nested.is_some();
    let sources = context.project.sources.iter();
    let read: FxHashSet<&[u8]> = sources.map(|(_, source)| source.name.as_bytes()).collect();
    let tracked = facts.paths.iter().filter(|path| is_nested_config(path));
    let mut unread: Vec<(&[u8], Reason)> = Vec::new();
    for path in tracked.filter(|path| !read.contains(path)) {
        let found = facts.paths.find(path).map(|found| found.kind);
        let reason = match found {
            Some(PathKind::Submodule) => continue,
            Some(PathKind::Symlink) => Reason::Symlink,
            _ if is_nested => continue,
            _ => Reason::NotNested,
        };
        unread.push((path, reason));
    }
    for each in &facts.untracked_configs {
        let reason = match each.is_ignored {
            true => Reason::Ignored,
            false => Reason::NotTracked,
        };
        unread.push((&each.path, reason));
    }
    if unread.is_empty() {
        return;
    }
    let meant = Matcher::new(&meant_to_be_unread(context));
    for (path, reason) in unread {
        if meant.last_match(path).is_none() {
            findings.report(describe(context, path, &reason));
        }
    }
}

fn is_nested_config(path: &[u8]) -> bool {
    let directory = path.strip_suffix(CONFIG_NAME.as_bytes());
    directory.is_some_and(|directory| directory.ends_with(b"/"))
}

/// The patterns of files that the configuration says are something else.
fn meant_to_be_unread(context: &Context<'_>) -> Vec<Pattern> {
    let nested = context.project.config.nested.iter();
    let except = nested.flat_map(|nested| &nested.except);
    let except = except.filter_map(|entry| Alternation::parse(&entry.value).ok());
    let except = except.flat_map(|entry| entry.expansions);
    let exempt = context.project.rules.exemptions().iter();
    let exempt = exempt.flat_map(|each| each.patterns.iter().cloned());
    except.map(|each| each.pattern).chain(exempt).collect()
}

/// The help for a file that is something else.
fn except_help(context: &Context<'_>, path: &[u8]) -> String {
    let entry = key_for(context, path);
    let nested = context.project.config.nested.iter();
    let known: Vec<&Text> = nested.flat_map(|nested| &nested.except).collect();
    if known.len() > MAX_KNOWN {
        return format!("if it is something else, add `{entry}` to the `except` of `nested` there");
    }
    let known = known.iter().map(|known| quoted(&known.value));
    let except: Vec<String> = known.chain([entry]).collect();
    let except = except.join(", ");
    format!("if it is something else, write `nested = {{ except = [{except}] }}` there")
}

fn describe(context: &Context<'_>, path: &[u8], reason: &Reason) -> Diagnostic {
    let shown = escaped(path);
    let root = &context.project.sources[FileId::ROOT].name;
    let finding = Diagnostic::error(format!("`{shown}` is not read")).about(path);
    let add = |command| {
        let command = context.git(command, &String::from_utf8_lossy(path));
        format!("to read it, run `{command}`")
    };
    let finding = match reason {
        Reason::NotNested => finding
            .note(format!("`{root}` does not allow such files in directories"))
            .help(format!(
                "to read it, write `nested = true` at the top of `{root}`"
            )),
        Reason::Symlink => finding
            .note("it is a symbolic link, which could lead anywhere")
            .help("to have its rules, replace it by a file"),
        Reason::NotTracked => finding.note("git does not track it").help(add("add")),
        Reason::Ignored => finding.note("git ignores it").help(add("add --force")),
    };
    finding.help(except_help(context, path))
}
