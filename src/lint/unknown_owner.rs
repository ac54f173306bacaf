//! `unknown-owner`: the forge has no such user or team. The forge requests a review from nobody then,
//! and says so only to those who look at the file.

use super::{Answers, Context, Findings, Standing, named};
use crate::config::{Config, Group, Text};
use crate::owner::Owner;
use crate::project::Project;
use crate::text::{Diagnostic, FixAction, Holds, shell_word};

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
    let (project, answers) = (context.project, context.facts.answers.as_ref());
    if project.codeowners.is_some() {
        return finding.help(format!("correct the name, or remove `{owner}`"));
    }
    let remove = context.owners(&format!("remove {}", shell_word(owner.as_str())));
    let others_remain = answers.is_some_and(|answers| others_remain(project, answers, owner));
    if !others_remain {
        return finding
            .note("where it is the only owner that exists, nobody would remain")
            .help(format!(
                "correct the name, or say who takes over: `{remove} --replace-with @user`"
            ));
    }
    finding
        .help(format!("correct the name, or remove it: `{remove}`"))
        .fixed_by(
            Holds::AnyTree,
            FixAction::RemoveOwner(owner.as_str().to_string()),
        )
}

/// Whether every list that names an owner also names somebody who exists.
fn others_remain(project: &Project, answers: &Answers, owner: &Owner) -> bool {
    let is_gone = |name: &Text| {
        let standing = answers.standing(&Owner::unchecked(&name.value));
        matches!(standing, Some(Standing::Missing(_)))
    };
    let is_it = |name: &Text| owner.is_same(&Owner::unchecked(&name.value));
    let is_left = |list: &[Text]| !list.iter().any(is_it) || !list.iter().all(is_gone);
    let mut configs = std::iter::once(&project.config).chain(&project.nested);
    configs.all(|config: &Config| {
        let is_group_left = |group: &Group| match &group.team {
            Some(team) => !is_it(team),
            None => is_left(&group.members),
        };
        config.groups.iter().all(is_group_left)
            && config.rules.iter().all(|rule| is_left(&rule.owners))
            && (config.requirements.iter())
                .all(|each| is_left(&each.owners) && is_left(&each.any_of))
    })
}
