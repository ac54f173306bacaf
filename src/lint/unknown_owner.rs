//! `unknown-owner`: the forge has no such user or team. The forge requests a review from nobody then,
//! and says so only to those who look at the file.

use super::{Context, Findings, Standing, named};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(answers) = &context.facts.answers else {
        return;
    };
    let forge = answers.forge.title;
    for named in named::owners(context) {
        let owner = &named.owner;
        match answers.standing(owner) {
            Some(Standing::Missing(why)) => findings.report(
                named
                    .point(
                        Diagnostic::error(format!("`{owner}` does not exist on {forge}")),
                        "no such owner",
                    )
                    .note(why)
                    .help(format!("correct the name, or remove `{owner}`")),
            ),
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
