//! `unenforced-approval`: a CODEOWNERS file without sections cannot demand an approval.

use super::{Context, Findings};
use crate::forge::{Approvals, Forge};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let mut forges: Vec<(Forge, &str)> = Vec::new();
    for output in &project.config.outputs {
        if let Approvals::Elsewhere { help } = output.forge.dialect.abilities().approvals
            && forges.iter().all(|(forge, _)| *forge != output.forge)
        {
            forges.push((output.forge, help));
        }
    }
    for (forge, help) in forges {
        for approval in project.rules.approvals() {
            let place = approval.location();
            let message = format!(
                "the CODEOWNERS file for {} cannot demand the approval `{}`",
                forge.title, approval.name
            );
            findings.report(
                Diagnostic::error(message)
                    .at(place.file, place.span, "not in the generated file")
                    .help(help),
            );
        }
    }
}
