//! `unknown-owner`: the forge has no such user or team. The forge requests a review from nobody then,
//! and says so only to those who look at the file.

use super::{Answers, Context, Findings, Standing, named};
use crate::config::{Config, RuleEntry, Text};
use crate::owner::{Owner, OwnerKind};
use crate::project::Project;
use crate::ruleset::Ownership;
use crate::text::{Diagnostic, FixAction, Holds, escaped, shell_word};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(answers) = &context.facts.answers else {
        return;
    };
    let forge = answers.forge.title;
    for named in named::owners(context) {
        let owner = &named.owner;
        match answers.standing(owner) {
            Some(Standing::Missing(why)) => {
                let message = format!("`{owner}` does not exist on {forge}");
                let finding = named.point(Diagnostic::error(message), "no such owner");
                findings.report(with_remedy(context, owner, finding.note(why)));
            }
            Some(Standing::Renamed(new)) => findings.report(
                named
                    .point(
                        Diagnostic::error(format!("`{owner}` has another name now: `{new}`")),
                        "the old name",
                    )
                    .note(format!("{forge} ignores the old name"))
                    .help(format!("write `{new}`")),
            ),
            Some(Standing::Rejected(said)) => findings.report(
                named
                    .point(
                        Diagnostic::error(format!("{forge} does not accept `{owner}` as an owner")),
                        "not accepted",
                    )
                    .note(said)
                    .help(format!(
                        "do what {forge} says, or name another owner than `{owner}`"
                    )),
            ),
            // The reason is in the message, because some formats have no notes.
            Some(Standing::Unknown(why)) => findings.note(named.point(
                Diagnostic::error(format!("`{owner}` could not be checked: {why}")),
                "not known",
            )),
            Some(Standing::Valid | Standing::WithoutAccess(_)) | None => {}
        }
    }
}

/// What to do about an owner that does not exist. It can be removed if others remain.
fn with_remedy(context: &Context<'_>, owner: &Owner, finding: Diagnostic) -> Diagnostic {
    let project = context.project;
    let Some(answers) = context.facts.answers.as_ref() else {
        return finding;
    };
    if project.codeowners.is_some() {
        return finding.help(format!("correct the name, or remove `{owner}`"));
    }
    let remove = context.owners(&format!("remove {}", shell_word(owner.as_str())));
    if let Some(why) = why_it_stays(context, answers, owner) {
        let new = match owner.kind() {
            OwnerKind::Team => "@org/team",
            _ => "@user",
        };
        return finding
            .note(format!("`--fix` does not remove it: {why}"))
            .help(format!(
                "correct the name, or say who takes over: `{remove} --replace-with {new}`"
            ));
    }
    let finding = match is_only_addition(project, owner) {
        true => finding
            .note("rules that only add or notify it go, too; every path keeps an owner")
            .help(format!(
                "correct the name, or remove it: `{remove} --allow-unowned`"
            )),
        false => finding.help(format!("correct the name, or remove it: `{remove}`")),
    };
    finding.fixed_by(
        Holds::AnyTree,
        FixAction::RemoveOwner(owner.as_str().to_string()),
    )
}

fn configs(project: &Project) -> impl Iterator<Item = &Config> {
    std::iter::once(&project.config).chain(&project.nested)
}

fn is_it(owner: &Owner) -> impl Fn(&Text) -> bool {
    |name| owner.is_same(&Owner::unchecked(&name.value))
}

/// Whether a rule only adds or notifies this owner.
fn is_only_addition(project: &Project, owner: &Owner) -> bool {
    let is_alone = |list: &[Text]| !list.is_empty() && list.iter().all(is_it(owner));
    let is_only = |rule: &RuleEntry| match rule.owners.is_empty() {
        true => is_alone(&rule.notify),
        false => is_alone(&rule.owners),
    };
    let mut rules = configs(project).flat_map(|config| &config.rules);
    rules.any(|rule| rule.adds && is_only(rule))
}

/// Why an owner cannot simply go: what would have no owner who exists. Rules that only add or notify it
/// may go, if every path keeps an owner.
fn why_it_stays(context: &Context<'_>, answers: &Answers, owner: &Owner) -> Option<String> {
    let is_gone = |owner: &Owner| matches!(answers.standing(owner), Some(Standing::Missing(_)));
    let is_it = is_it(owner);
    let is_left = |list: &[Text]| {
        let names_gone = |name: &Text| is_gone(&Owner::unchecked(&name.value));
        !list.iter().any(&is_it) || !list.iter().all(names_gone)
    };
    let mut adds_nobody = false;
    for config in configs(context.project) {
        for group in &config.groups {
            let name = &group.name.value;
            match &group.team {
                Some(team) if is_it(team) => {
                    return Some(format!("it is the team of the group `{name}`"));
                }
                None if !is_left(&group.members) => {
                    return Some(format!("the group `{name}` names nobody else who exists"));
                }
                _ => {}
            }
        }
        for rule in config.rules.iter().filter(|rule| !is_left(&rule.owners)) {
            if !rule.adds {
                let pattern = &rule.pattern.value;
                return Some(format!("the rule `{pattern}` names nobody else who exists"));
            }
            adds_nobody = true;
        }
        let mut requirements = config.requirements.iter();
        if requirements.any(|each| !is_left(&each.owners) || !is_left(&each.any_of)) {
            return Some("a requirement names nobody else who exists".to_string());
        }
        let mut approvals = config.approvals.iter();
        if let Some(approval) = approvals.find(|each| !is_left(&each.owners)) {
            let name = &approval.name.value;
            return Some(format!(
                "the approval `{name}` names nobody else who exists"
            ));
        }
    }
    if !adds_nobody {
        return None;
    }
    let mut walk = context.matcher.walk();
    let is_lost = |path: &&[u8]| match walk.ownership(path) {
        Ownership::Owned(owners) => {
            owners.iter().any(|each| each.is_same(owner)) && owners.iter().all(is_gone)
        }
        Ownership::Nobody | Ownership::Unowned => false,
    };
    let path = context.facts.paths.iter().find(is_lost)?;
    Some(format!("`{}` has no other owner who exists", escaped(path)))
}
