//! `output-size`: GitHub ignores a file from a certain size on.

use super::{Context, Findings};
use crate::codeowners::PlannedLine;
use crate::codeowners::plan::combined::Combined;
use crate::forge::Forge;
use crate::ids::IdVec;
use crate::ruleset::{Rule, RuleId, RuleSet};
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
        let lines = lines_of_rules(&context.project.rules, &rendered.lines);
        let file = &output.file;
        let mut diagnostic = too_large(output.forge, file, size, limit);
        let mut help =
            "replace long alternatives with `*`, and groups of many members with a `team`"
                .to_string();
        let rules = &context.project.rules;
        let largest = (rules.rules().ids().iter()).max_by_key(|&rule| lines[rule]);
        if let Some(id) = largest.filter(|&rule| lines[rule] > 1) {
            let rule = &rules[id];
            let label = match rule.adds() {
                true => {
                    help = match Combined::of(rules, id) {
                        Some(combined) => combined.help,
                        None => "narrow the pattern of the rule that adds, or add the owners to fewer rules by hand".into(),
                    };
                    format!("takes the most lines: {}", counted(lines[id], "line"))
                }
                false => format!(
                    "expands to the most patterns: {}",
                    counted(rule.lines.len(), "pattern")
                ),
            };
            let location = rule.location();
            diagnostic = diagnostic.at(location.file, location.span, label);
        }
        findings.report(diagnostic.about(file.as_bytes()).help(help));
    }
}

/// The number of patterns of each rule or, for a rule that adds, of the lines that it takes.
fn lines_of_rules(rules: &RuleSet, planned: &[PlannedLine]) -> IdVec<RuleId, usize> {
    let patterns = |rule: &Rule| if rule.adds() { 0 } else { rule.lines.len() };
    let mut lines: IdVec<RuleId, usize> = rules.rules().iter().map(patterns).collect();
    for line in planned.iter().filter(|line| rules[line.rule].adds()) {
        lines[line.rule] += 1;
    }
    lines
}

fn too_large(forge: Forge, file: &str, size: usize, limit: usize) -> Diagnostic {
    Diagnostic::error(format!(
        "{} ignores `{file}`: it has {size} bytes and must have fewer than {limit}",
        forge.title
    ))
}
