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
    let rule = &rules.rules[inexact.rule as usize];
    let locations = inexact
        .line
        .map(|line| rules.alternative_locations(line, &project.sources));
    let location = match locations.as_deref() {
        Some([only]) => only.clone(),
        _ => rule.location(),
    };
    let what = match inexact.line {
        Some(line) => rules.lines[line as usize].pattern.to_string(),
        None => rule.pattern.value.clone(),
    };
    let message = format!(
        "{} cannot express `{what}` exactly",
        inexact.platform.title()
    );
    Diagnostic::error(message).at(location.file, location.span, "").note(inexact.reason.clone()).help(
        "write `?` for a character that cannot be written, narrow the rule, or write other rules for the same paths",
    )
}
