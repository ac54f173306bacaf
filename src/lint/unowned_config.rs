//! `unowned-config`: nobody owns `owners.toml`, so anybody can change who owns what.
//!
//! It is enough if `owners.toml` or one generated file is owned: as long as `stale-output` is
//! checked, neither can change without the other. Without an `owners.toml`, the CODEOWNERS file must
//! be owned.

use super::by_hand::owned_line_for;
use super::suggestion::Suggester;
use super::{Context, Findings};
use crate::ruleset::Ownership;
use crate::text::Diagnostic;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let source = project.sources[project.config.file].name.as_str();
    let outputs = project.config.outputs.iter();
    let files: Vec<&str> = std::iter::once(source)
        .chain(outputs.map(|output| output.file.as_str()))
        .collect();
    let decide = |file: &str| context.matcher.decide(file.as_bytes());
    let is_owned =
        |file: &&str| matches!(project.rules.ownership(decide(file)), Ownership::Owned(_));
    if files.iter().any(is_owned) {
        return;
    }
    let generated: Vec<String> = files[1..].iter().map(|file| format!("`{file}`")).collect();
    let which = match generated.as_slice() {
        [] => format!("`{source}` is not owned"),
        generated => format!(
            "neither `{source}` nor {} is owned",
            generated.join(" nor ")
        ),
    };
    let mut diagnostic = Diagnostic::error(format!("anybody can change who owns what: {which}"));
    if let Some(line) = decide(source) {
        let location = project.rules.rule_of(line).location();
        diagnostic = diagnostic.at(
            location.file,
            location.span,
            format!("gives `{source}` to nobody"),
        );
    }
    let mut rule = match &project.codeowners {
        Some(by_hand) => owned_line_for(by_hand.forge, source.as_bytes()),
        None => Suggester::new(context).rule_for(source.as_bytes()),
    };
    let decides = decide(source).map(|line| project.rules.rule_of(line));
    if decides.is_some_and(|decides| decides.pattern.value == format!("/{source}")) {
        // TOML has each key once.
        rule = rule.replacen("add a rule", "change the rule", 1);
    }
    findings.report(diagnostic.about(source.as_bytes()).help(rule));
}
