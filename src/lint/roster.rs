//! `roster`: everybody in a group must be in a file or a team that `[check] roster` names.
//!
//! The members of a team are known only if the forge was asked. Without that, nobody is judged who is in
//! none of the files.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use super::{Context, Findings, Members};
use crate::config::Text;
use crate::owner::{Owner, OwnerKind};
use crate::people::roster;
use crate::text::nearest::Suggestions;
use crate::text::toml::quoted;
use crate::text::{Diagnostic, FileId};

/// The maximum number of locations shown for one person.
const MAX_SHOWN: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    if config.roster.is_empty() {
        return;
    }
    let Some(Listed {
        logins: listed,
        unseen,
    }) = listed(context, findings)
    else {
        return;
    };
    let outsiders = not_in_roster(context, &listed);
    // Who is in no file may be in a team that was not seen.
    if let Some((team, why)) = unseen {
        if let Some(first) = outsiders.first() {
            findings.note(not_judged(context, team, &why, outsiders.len(), &first[0]));
        }
        return;
    }
    let name = match config.roster.as_slice() {
        [only] => format!("the roster `{}`", only.value),
        _ => "the roster".to_string(),
    };
    let mut suggestions = Suggestions::default();
    for locations in outsiders {
        let person = &locations[0].1.value;
        let login = person.trim_start_matches('@');
        let known = listed.iter().map(String::as_str);
        let similar = suggestions.nearest(login, known);
        let mut diagnostic = Diagnostic::error(match locations.len() {
            ..=MAX_SHOWN => format!("`{person}` is not in {name}"),
            // The count is in the message, so that one more location is a new finding for
            // `--changed`.
            count => format!("`{person}`, named {count} times, is not in {name}"),
        });
        for (index, (file, text)) in locations.iter().take(MAX_SHOWN).enumerate() {
            let label = if index == 0 {
                "not in the roster"
            } else {
                "and here"
            };
            diagnostic = diagnostic.at(*file, text.span.clone(), label);
        }
        let entries: Vec<String> = (config.roster.iter())
            .map(|entry| format!("`{}`", entry.value))
            .collect();
        let or = format!(
            "add `{person}` to {}, or remove them from the group or rule",
            entries.join(" or ")
        );
        findings.report(match similar {
            Some(similar) => {
                let (file, first) = &locations[0];
                let meant = format!("@{similar}");
                let text = quoted(&meant);
                diagnostic
                    .did_you_mean(*file, first.span.clone(), &meant, text)
                    .help(or)
            }
            None => diagnostic.help(or),
        });
    }
}

/// Who the roster lists.
struct Listed<'c> {
    /// The logins, in lowercase.
    logins: FxHashSet<String>,
    /// A team whose members are not known, with the reason.
    unseen: Option<(&'c Text, String)>,
}

/// Reads the files and teams of the roster. Reports the files that do not exist, and then returns
/// `None`.
fn listed<'c>(context: &Context<'c>, findings: &mut Findings<'_>) -> Option<Listed<'c>> {
    let config = &context.project.config;
    let forges = || config.outputs.iter().map(|output| output.forge);
    let mut listed = Listed {
        logins: FxHashSet::default(),
        unseen: None,
    };
    let mut is_complete = true;
    for (file, text) in config.roster_files().zip(&context.facts.roster) {
        match text {
            Some(text) => {
                let text = String::from_utf8_lossy(text);
                listed.logins.extend(roster::logins(&text, forges()));
            }
            None => {
                is_complete = false;
                findings.report(
                    Diagnostic::error(format!("there is no roster `{}`", file.value))
                        .at(config.file, file.span.clone(), "no such file")
                        .help("add the file, or correct its path"),
                );
            }
        }
    }
    for team in config.roster_teams() {
        let answers = context.facts.answers.as_ref();
        let members = answers.and_then(|it| it.members(&Owner::unchecked(&team.value)));
        match members {
            Some(Members::Known(members)) => {
                let login = |member: &Owner| member.folded().trim_start_matches('@').to_string();
                listed.logins.extend(members.iter().map(login));
            }
            Some(Members::Unknown(why)) => listed.unseen = Some((team, why.clone())),
            None => {
                let why = "only the forge knows its members: `owners check --live` asks";
                listed.unseen = Some((team, why.to_string()));
            }
        }
    }
    is_complete.then_some(listed)
}

/// Says that people who are in no file of the roster were not judged.
fn not_judged(
    context: &Context<'_>,
    team: &Text,
    why: &str,
    count: usize,
    (file, first): &(FileId, &Text),
) -> Diagnostic {
    let people = match count {
        1 => "1 person is".to_string(),
        _ => format!("{count} people are"),
    };
    let message = format!(
        "whether {people} in `{}` could not be checked: {why}",
        team.value
    );
    Diagnostic::error(message)
        .at(context.project.config.file, team.span.clone(), "not known")
        .at(*file, first.span.clone(), "such as this one")
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
