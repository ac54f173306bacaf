//! `dead-pattern`: a pattern, or one of its alternatives, that matches no tracked path.
//!
//! Usually code has moved and the rule has not. The finding is as narrow as possible: for
//! `crates/{wasi,gone}` it points at `gone`. If it is clear what was meant, `misspelled-pattern`
//! reports the pattern instead.

use super::by_hand::report_directories_without_slash;
use super::unmatched::{Unmatched, Verdict};
use super::{Context, Findings};
use crate::text::{Diagnostic, Holds};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    report_directories_without_slash(context, findings);
    for Unmatched {
        message,
        location,
        verdict,
    } in context.unmatched()
    {
        let finding = Diagnostic::error(message.clone());
        let at = |label: &str| {
            finding
                .clone()
                .at(location.file, location.span.clone(), label)
        };
        findings.report(match verdict {
            Verdict::Misspelled(_) => continue,
            Verdict::Never => at("its `paths` match no such path, in any tree")
                .help("remove it, or correct the path"),
            Verdict::Dead {
                help,
                meant,
                removal,
            } => {
                let mut finding = at("matches nothing").help(help.clone());
                finding.meant.extend(meant.clone());
                if let Some(removal) = removal {
                    finding = finding.fixed_by(Holds::ThisTree, removal.clone());
                }
                finding
            }
        });
    }
}
