//! `overridden-output`: a forge reads only the first CODEOWNERS file that it finds.

use super::{Context, Findings};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    for output in &config.outputs {
        let locations = output.forge.locations;
        let rank = locations.iter().position(|&place| place == output.file);
        // If the forge never reads the output, any file that it does read outranks it.
        let outranking = &locations[..rank.unwrap_or(locations.len())];
        for rival in context
            .facts
            .rivals
            .iter()
            .filter(|file| outranking.contains(&file.as_str()))
        {
            if config.outputs.iter().any(|other| other.file == *rival) && rank.is_none() {
                continue;
            }
            let forge = output.forge.title;
            let mut diagnostic = Diagnostic::error(format!(
                "{forge} reads `{rival}` and ignores `{}`",
                output.file
            ));
            if let Some(span) = &output.span {
                diagnostic = diagnostic.at(config.file, span.clone(), "never read");
            }
            findings.report(
                diagnostic
                    .about(rival.as_bytes())
                    .note(format!(
                        "{forge} looks for {} and reads the first that exists",
                        in_words(locations)
                    ))
                    .help(if config.outputs.iter().any(|other| other.file == *rival) {
                        format!("`{rival}` is an output too: change the `file` of one of the two")
                    } else {
                        format!("remove it: `{}`", context.git("rm", rival))
                    }),
            );
        }
    }
}

fn in_words(locations: &[&str]) -> String {
    locations
        .iter()
        .map(|place| format!("`{place}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
