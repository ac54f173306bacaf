//! `inexact-output`: a platform that cannot say what a rule means gets no approximation of it.

use super::{Context, Findings};
use crate::codeowners::Inexact;
use crate::diagnostic::Diagnostic;
use crate::project::Project;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let inexact = context
        .rendered
        .iter()
        .filter_map(|rendered| rendered.as_ref().err())
        .flatten();
    for each in inexact {
        findings.report(diagnostic(each, context.project));
    }
}

/// The diagnostic for a pattern that cannot be written.
#[must_use]
pub fn diagnostic(inexact: &Inexact, project: &Project) -> Diagnostic {
    let rules = &project.rules;
    let line = &rules.lines[inexact.origin as usize];
    let rule = rules.rule_of(inexact.origin);
    let location = match rules
        .alternative_locations(inexact.origin, &project.sources)
        .as_slice()
    {
        [only] => only.clone(),
        _ => rule.location(),
    };
    Diagnostic::error(format!(
        "{} cannot express `{}` exactly",
        inexact.platform.title(),
        line.pattern
    ))
    .at(location.file, location.span, inexact.reason.clone())
    .help("write `?` for the character (it matches any other, too), or rename the path")
}
