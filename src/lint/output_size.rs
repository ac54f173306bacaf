//! `output-size`: GitHub ignores a file from a certain size on.

use super::{Context, Findings};
use crate::forge::Forge;
use crate::text::{Diagnostic, FileId, counted};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if let Some(by_hand) = &context.project.codeowners {
        let source = &context.project.sources[FileId::ROOT];
        let size = source.text.len();
        if let Some(limit) = by_hand.forge.size_limit.filter(|&limit| size >= limit) {
            let finding = too_large(by_hand.forge, &source.name, size, limit);
            findings.report(finding.about(source.name.as_bytes()).help(
                "replace long lists of paths with `*`, and long lists of owners with a team",
            ));
        }
        return;
    }
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
        let file = &output.file;
        let mut diagnostic = too_large(output.forge, file, size, limit);
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

fn too_large(forge: Forge, file: &str, size: usize, limit: usize) -> Diagnostic {
    Diagnostic::error(format!(
        "{} ignores `{file}`: it has {size} bytes and must have fewer than {limit}",
        forge.title
    ))
}
