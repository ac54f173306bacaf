//! `owner-without-access`: an owner exists, but cannot write to the repository. The forge ignores it.

use super::{Context, Findings, Standing, named};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(answers) = &context.facts.answers else {
        return;
    };
    for named in named::owners(context) {
        let owner = &named.owner;
        if let Some(Standing::WithoutAccess(why)) = answers.standing(owner) {
            let message = format!("`{owner}` cannot own files of `{}`", answers.repository);
            findings.report(
                named
                    .point(Diagnostic::error(message), "ignored by the forge")
                    .note(why)
                    .help(format!(
                        "change that on {}, or name another owner than `{owner}`",
                        answers.forge.title
                    )),
            );
        }
    }
}
