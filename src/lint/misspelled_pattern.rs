//! `misspelled-pattern`: a pattern, or one of its alternatives, that matches no tracked path, but
//! nearly names one.
//!
//! Unlike a pattern whose code is gone, such a pattern must not be removed: its owners expect review
//! requests that they do not get. What counts as nearly is in `unmatched`.

use super::unmatched::{Unmatched, Verdict};
use super::{Context, Findings};
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for Unmatched {
        message,
        location,
        verdict,
    } in context.unmatched()
    {
        let Verdict::Misspelled(mistake) = verdict else {
            continue;
        };
        let mut finding = Diagnostic::error(message.clone())
            .at(location.file, location.span.clone(), mistake.label.clone())
            .help(mistake.help.clone());
        finding.notes.extend(mistake.note.clone());
        finding.meant.extend(mistake.meant.iter().cloned());
        if let Some((holds, action)) = &mistake.fix {
            finding = finding.fixed_by(*holds, action.clone());
        }
        findings.report(finding);
    }
}
