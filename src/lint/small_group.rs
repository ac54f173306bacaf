//! `small-group`: a group has fewer people than `[check] min-members`.
//!
//! The members of a team on the forge are unknown. So a group with a team that does not list
//! `members` is not reported.

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
