//! `roster`: everybody in a group must be in the file that `[check] roster` names.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use super::{Context, Findings};
use crate::config::Text;
use crate::owner::{Owner, OwnerKind};
use crate::people::roster;
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
    let forges = config.outputs.iter().map(|output| output.forge);
    let roster = roster::logins(&String::from_utf8_lossy(text), forges);
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
