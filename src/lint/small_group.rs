//! `small-group`: groups with fewer people behind them than `[check] min-members` asks for.
//!
//! Nobody here knows who is in a team, so a group that holds one without saying who its `members`
//! are may be as large as it needs to be, and is left alone.

use super::{Context, Findings};
use crate::owner::OwnerKind;
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(minimum) = &context.project.config.min_members else {
        return;
    };
    for group in context.project.rules.groups() {
        let is_known = |kind: OwnerKind| matches!(kind, OwnerKind::User | OwnerKind::Email);
        let people = group.people.len();
        if people >= minimum.value || !group.people.iter().all(|each| is_known(each.kind())) {
            continue;
        }
        findings.report(
            Diagnostic::error(format!(
                "group `{}` has only {}",
                group.name,
                people_counted(people)
            ))
            .at(group.location.file, group.location.span.clone(), "")
            .at(
                context.project.config.file,
                minimum.span.clone(),
                "the required minimum",
            )
            .help(format!(
                "add {} to it",
                people_counted(minimum.value - people)
            )),
        );
    }
}

fn people_counted(count: usize) -> String {
    match count {
        1 => "1 person".to_string(),
        many => format!("{many} people"),
    }
}
