//! `forge-error`: the forge reports an error in the CODEOWNERS file of the commit. It skips the line.
//!
//! Owners that the forge does not know are findings of the lints about owners instead.

use super::{Context, Findings};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(answers) = &context.facts.answers else {
        return;
    };
    for rejected in &answers.rejected {
        let message = format!(
            "{} reports an error in line {} of `{}`: {}",
            answers.forge.title, rejected.line, rejected.path, rejected.kind
        );
        findings.report(
            Diagnostic::error(message)
                .about(rejected.path.as_bytes())
                .note(&rejected.message)
                .help("correct the line; if the file is generated, please report this as a bug of owners"),
        );
    }
}
