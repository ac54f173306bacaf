//! `team-drift`: a group has a team and members, and these are not the members of the team.
//!
//! The generated file has the team. So the forge requests reviews from the members of the team, and
//! `owners` says that it requests them from the members of the group.

use super::{Answers, Context, Findings, Members};
use crate::owner::{Owner, OwnerKind};
use crate::ruleset::ResolvedGroup;
use crate::text::Diagnostic;

/// The most people that are named.
const MAX_NAMES: usize = 20;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(answers) = &context.facts.answers else {
        return;
    };
    for (group, team) in context.project.team_groups() {
        match answers.members(&team) {
            Some(Members::Known(real)) => {
                if let Some(drift) = drift(group, &team, real, answers) {
                    findings.report(drift);
                }
            }
            Some(Members::Unknown(why)) => {
                let message = format!("the members of `{team}` could not be checked: {why}");
                findings.note(at(group, message, "the group of the team"));
            }
            None => {}
        }
    }
}

fn at(group: &ResolvedGroup, message: String, label: &str) -> Diagnostic {
    let place = &group.location;
    Diagnostic::error(message).at(place.file, place.span.clone(), label)
}

fn drift(
    group: &ResolvedGroup,
    team: &Owner,
    real: &[Owner],
    answers: &Answers,
) -> Option<Diagnostic> {
    let is_among = |person: &Owner, all: &[Owner]| all.iter().any(|each| each.is_same(person));
    let users = group.people.iter();
    let users = users.filter(|person| person.kind() == OwnerKind::User);
    let extra: Vec<&Owner> = users.filter(|person| !is_among(person, real)).collect();
    let missing = real
        .iter()
        .filter(|person| !is_among(person, &group.people));
    let mut missing: Vec<&Owner> = missing.collect();
    missing.sort_by_key(|person| person.folded());
    if extra.is_empty() && missing.is_empty() {
        return None;
    }
    let name = &group.name;
    let message = format!("the group `{name}` is not the team `{team}`");
    let mut finding = at(group, message, "its members differ");
    if !missing.is_empty() {
        let people = names(&missing);
        finding = finding.note(format!(
            "in the team on {}, but not in the group: {people}",
            answers.forge.title
        ));
    }
    if !extra.is_empty() {
        finding = finding.note(format!(
            "in the group, but not in the team: {}",
            names(&extra)
        ));
    }
    let mut helps = Vec::new();
    if !missing.is_empty() {
        helps.push(format!("add {}", names(&missing)));
    }
    if !extra.is_empty() {
        helps.push(format!("remove {}", names(&extra)));
    }
    let (edit, group) = (helps.join(" and "), format!("`members` of `{name}`"));
    Some(finding.help(format!("in {group}, {edit}, or change the team")))
}

fn names(people: &[&Owner]) -> String {
    let shown = people.iter().take(MAX_NAMES);
    let mut shown: Vec<String> = shown.map(|person| format!("`{person}`")).collect();
    if let Some(more) = people.len().checked_sub(MAX_NAMES).filter(|&more| more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}
