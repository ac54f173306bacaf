//! `output-size`: GitHub ignores a file from a certain size on.

use super::{Context, Findings};
use crate::text::{Diagnostic, counted};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    for output in &config.outputs {
        let rendered = context.rendered.of(output);
        let (Some(limit), Some(Ok(rendered))) = (output.forge.size_limit, rendered) else {
            continue;
        };
        let size = rendered.text.len();
        if size < limit {
            continue;
        }
        let (forge, file) = (output.forge.title, &output.file);
        let mut diagnostic = Diagnostic::error(format!(
            "{forge} ignores `{file}`: it has {size} bytes and must have fewer than {limit}"
        ));
        let rules = &context.project.rules;
        let largest = rules.rules().iter().max_by_key(|rule| rule.lines.len());
        if let Some(rule) = largest.filter(|rule| rule.lines.len() > 1) {
            let location = rule.location();
            let label = format!(
                "expands to the most patterns: {}",
                counted(rule.lines.len(), "pattern")
            );
            diagnostic = diagnostic.at(location.file, location.span, label);
        }
        findings.report(
            diagnostic.about(file.as_bytes()).help(
                "replace long alternatives with `*`, and groups of many members with a `team`",
            ),
        );
    }
}
