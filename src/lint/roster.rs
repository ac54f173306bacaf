//! `roster`: everybody in a group must be in the file that `[check] roster` names.
//!
//! The file is Markdown. A login counts if it is a mention (`@login` in a list, a table, a link
//! text or a code span) or part of a profile URL (`https://github.com/login`). Comments do not
//! count.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use super::{Context, Findings};
use crate::config::Text;
use crate::forge::Forge;
use crate::owner::{Owner, OwnerKind};
use crate::text::nearest::Suggestions;
use crate::text::{Diagnostic, FileId};

/// The maximum number of locations shown for one person.
const MAX_SHOWN: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    let Some(file) = &config.roster else {
        return;
    };
    let Some(text) = &context.facts.roster else {
        findings.report(
            Diagnostic::error(format!("there is no roster `{}`", file.value))
                .at(config.file, file.span.clone(), "no such file")
                .help("add the file, or correct its path"),
        );
        return;
    };
    let has_dots = config
        .outputs
        .iter()
        .any(|output| output.forge.has_dots_in_logins);
    let roster = logins(&String::from_utf8_lossy(text), has_dots);
    let mut suggestions = Suggestions::default();
    for locations in not_in_roster(context, &roster) {
        let person = &locations[0].1.value;
        let login = person.trim_start_matches('@');
        let known = roster.iter().map(String::as_str);
        let similar = suggestions.nearest(login, known);
        let mut diagnostic = Diagnostic::error(match locations.len() {
            ..=MAX_SHOWN => format!("`{person}` is not in the roster `{}`", file.value),
            // The count is in the message, so that one more location is a new finding for
            // `--changed`.
            count => format!(
                "`{person}`, named {count} times, is not in the roster `{}`",
                file.value
            ),
        });
        for (index, (file, text)) in locations.iter().take(MAX_SHOWN).enumerate() {
            let label = if index == 0 {
                "not in the roster"
            } else {
                "and here"
            };
            diagnostic = diagnostic.at(*file, text.span.clone(), label);
        }
        let or = format!(
            "add `{person}` to `{}`, or remove them from the group or rule",
            file.value
        );
        findings.report(match similar {
            Some(similar) => diagnostic
                .help(format!("did you mean `@{similar}`?"))
                .help(or),
            None => diagnostic.help(or),
        });
    }
}

/// Everybody who is named in groups or rules but not in the roster, with all locations.
fn not_in_roster<'c>(
    context: &Context<'c>,
    roster: &FxHashSet<String>,
) -> Vec<Vec<(FileId, &'c Text)>> {
    let project = context.project;
    let mut not_in_roster: Vec<Vec<(FileId, &Text)>> = Vec::new();
    let mut index_of: HashMap<String, usize> = HashMap::new();
    for config in std::iter::once(&project.config).chain(&project.nested) {
        let members = config.groups.iter().flat_map(|group| &group.members);
        let mut texts: Vec<&Text> = members.chain(config.named_owners()).collect();
        texts.sort_unstable_by_key(|text| text.span.start);
        for text in texts {
            // A name without `@` is a group.
            let Some(login) = text.value.strip_prefix('@') else {
                continue;
            };
            let login = login.to_ascii_lowercase();
            let is_user = Owner::unchecked(&text.value).kind() == OwnerKind::User;
            if !is_user || roster.contains(&login) {
                continue;
            }
            let next = not_in_roster.len();
            let index = *index_of.entry(login).or_insert(next);
            if index == next {
                not_in_roster.push(Vec::new());
            }
            not_in_roster[index].push((config.file, text));
        }
    }
    not_in_roster
}

/// The logins in a Markdown text, in lowercase. With `has_dots`, names may contain dots.
fn logins(text: &str, has_dots: bool) -> FxHashSet<String> {
    let text = without_comments(text);
    let mut logins = FxHashSet::default();
    let mut take = |name: &str| {
        if !name.is_empty() {
            logins.insert(name.to_ascii_lowercase());
        }
    };
    for (at, _) in text.match_indices('@') {
        let name = name_at(&text, at + 1, has_dots);
        let behind = text[at + 1 + name.len()..].chars().next();
        // `docs@example.com` is not a mention, and `@org/team` is not a person.
        if !is_in_word(&text, at) && !matches!(behind, Some('/' | '@')) {
            take(name);
        }
    }
    for host in Forge::ALL.iter().map(|forge| forge.profiles) {
        for (at, _) in text.match_indices(host) {
            let start = at + host.len();
            let rest = text[start..].strip_prefix('@').unwrap_or(&text[start..]);
            let start = text.len() - rest.len();
            let name = name_at(&text, start, has_dots);
            let behind = &text[start + name.len()..];
            let behind = behind.strip_prefix('/').unwrap_or(behind);
            // A longer path is the URL of a repository.
            let is_longer = behind.starts_with(|c: char| c.is_alphanumeric() || "/_-".contains(c));
            let start = if text[..at].ends_with("www.") {
                at - 4
            } else {
                at
            };
            if !is_in_word(&text, start) && !is_longer {
                take(name);
            }
        }
    }
    logins
}

/// The longest name that starts at an offset. A full stop at the end belongs to the sentence.
fn name_at(text: &str, start: usize, has_dots: bool) -> &str {
    let rest = &text[start..];
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || (has_dots && c == '.');
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    rest[..end].trim_end_matches('.')
}

/// Whether the text at an offset continues a word.
fn is_in_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_some_and(|c| c.is_alphanumeric() || "_-.+%".contains(c))
}

/// The text without `<!-- … -->`.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        kept.push(' ');
        // A comment without an end extends to the end of the text, as in HTML.
        rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_roster_names() {
        for (text, expected) in [
            ("@alice and @Bob.", &["alice", "bob"][..]),
            ("* [@a](https://github.com/A) (maintainer)", &["a"]),
            ("- [Carol](https://github.com/carol/)", &["carol"]),
            (
                "| `@code` | <https://www.github.com/table> |",
                &["code", "table"],
            ),
            ("https://github.com/org/repo, github.com/orgs/x/people", &[]),
            ("@org/team, docs@example.com", &[]),
            ("(@x-y_z), **@bold**, @x's", &["bold", "x", "x-y_z"]),
            ("<!-- @gone\n@too --> @here <!-- @open", &["here"]),
            ("@\u{e9}t\u{e9} \u{e9}@a @", &[]),
            ("@bob.smith", &["bob"]),
            ("https://github.com/@d", &["d"]),
            ("notgithub.com/x", &[]),
            ("@a,@b;@c", &["a", "b", "c"]),
        ] {
            let mut found: Vec<String> = logins(text, false).into_iter().collect();
            found.sort();
            assert_eq!(found, expected, "{text}");
        }
        assert!(logins("@bob.smith.", true).contains("bob.smith"));
    }
}
