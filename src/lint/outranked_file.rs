//! `outranked-file`: the forge reads one CODEOWNERS file, and another one that says something else
//! is never read. Whoever edits that one changes nothing.

use super::{Context, Findings};
use crate::forge::Forge;
use crate::text::{Diagnostic, FileId, escaped};

/// A CODEOWNERS file that no forge reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutrankedFile {
    /// Its path.
    pub file: String,
    /// The forge that reads another file.
    pub forge: Forge,
    /// The file that it reads.
    pub read: String,
    /// Whether `owners gen` wrote the file that is not read.
    pub is_generated: bool,
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for outranked in &context.facts.outranked {
        let (file, forge) = (&outranked.file, outranked.forge);
        let read = escaped(outranked.read.as_bytes());
        let places: Vec<String> = (forge.locations.iter())
            .map(|place| format!("`{place}`"))
            .collect();
        let remove = context.git("rm", file);
        let help = match &context.project.codeowners {
            _ if outranked.is_generated => format!("remove it: `{remove}`"),
            Some(_) => format!(
                "move the lines that should count to `{read}`, then remove the other file: `{remove}`"
            ),
            None => format!(
                "turn the lines that should count into rules of `{}`, then remove the file: `{remove}`",
                escaped(context.project.sources[FileId::ROOT].name.as_bytes())
            ),
        };
        let finding =
            Diagnostic::error(format!("{} reads `{read}` and never `{file}`", forge.title))
                .about(file.as_bytes())
                .note(format!(
                    "{} looks for {} and reads the first that exists",
                    forge.title,
                    places.join(", ")
                ));
        findings.report(finding.help(help));
    }
}
