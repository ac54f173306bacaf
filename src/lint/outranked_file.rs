//! `outranked-file`: the forge reads one CODEOWNERS file, and another one that says something else
//! is never read. Whoever edits that one changes nothing.

use super::{Context, Findings};
use crate::text::{Diagnostic, FileId, escaped};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(by_hand) = &context.project.codeowners else {
        return;
    };
    let forge = by_hand.forge;
    let read = escaped(context.project.sources[FileId::ROOT].name.as_bytes());
    for file in &context.facts.outranked {
        let places: Vec<String> = (forge.locations.iter())
            .map(|place| format!("`{place}`"))
            .collect();
        findings.report(
            Diagnostic::error(format!("{} reads `{read}` and never `{file}`", forge.title))
                .about(file.as_bytes())
                .note(format!(
                    "{} looks for {} and reads the first that exists",
                    forge.title,
                    places.join(", ")
                ))
                .help(format!(
                    "move the lines that should count to `{read}`, then remove the other file: `{}`",
                    context.git("rm", file)
                )),
        );
    }
}
