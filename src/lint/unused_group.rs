//! `unused-group`: no rule uses a group, so somebody maintains it for nothing.

use super::{Context, Findings};
use crate::text::{Diagnostic, FixAction, Holds};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for group in context
        .project
        .rules
        .groups()
        .iter()
        .filter(|group| !group.is_used)
    {
        findings.report(
            Diagnostic::error(format!("no rule uses group `{}`", group.name))
                .at(
                    group.location.file,
                    group.location.span.clone(),
                    "nothing refers to it",
                )
                .help(format!(
                    "remove it, or name it in a rule: `\"pattern\" = \"{}\"`",
                    group.name
                ))
                .fixed_by(Holds::AnyTree, FixAction::Remove(group.location.clone())),
        );
    }
}
