//! `inexact-output`: a platform that cannot say what a rule means gets no approximation of it.

use std::borrow::Cow;

use super::{Context, Findings};
use crate::codeowners::{self, Inexact};
use crate::diagnostic::{Diagnostic, counted, escaped};
use crate::matcher::Matcher;
use crate::pattern::Pattern;
use crate::platform::Platform;
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
    widened(context, findings);
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
    let mut diagnostic = Diagnostic::error(message)
        .at(location.file, location.span, "")
        .note(inexact.reason.clone())
        .help(inexact.help.clone());
    diagnostic.lint = Some("inexact-output");
    diagnostic
}

/// A character that can only be written as `?` makes a pattern wider, which matters if something is
/// there that only the wider one matches.
fn widened(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut platforms: Vec<Platform> = context
        .project
        .config
        .outputs
        .iter()
        .map(|output| output.platform)
        .collect();
    platforms.dedup();
    for platform in platforms {
        let (lines, wide): (Vec<u32>, Vec<Pattern>) = (rules.lines.iter().enumerate())
            .filter_map(
                |(index, line)| match codeowners::meaning(&line.pattern, platform) {
                    Cow::Borrowed(_) => None,
                    Cow::Owned(wide) => Some((index as u32, wide)),
                },
            )
            .unzip();
        if lines.is_empty() {
            continue;
        }
        let matcher = Matcher::new(&wide);
        let mut walk = matcher.walk();
        let mut caught: Vec<Vec<&[u8]>> = vec![Vec::new(); lines.len()];
        for path in context.facts.paths.iter() {
            for index in walk.all_matches(path) {
                let index = index as usize;
                if !rules.lines[lines[index] as usize].pattern.matches(path) {
                    caught[index].push(path);
                }
            }
        }
        for (index, paths) in caught.into_iter().enumerate() {
            let Some(first) = paths.first() else {
                continue;
            };
            let location = rules.rule_of(lines[index]).location();
            let more = match paths.len() - 1 {
                0 => String::new(),
                more => format!(" and {}", counted(more, "other path")),
            };
            findings.report(
                Diagnostic::error(format!(
                    "on {} this rule also takes `{}`{more}",
                    platform.title(),
                    escaped(first)
                ))
                .at(location.file, location.span, format!(
                    "written `{}`",
                    codeowners::write_pattern(&wide[index], platform).unwrap_or_default()
                ))
                .note("there is no other way to write `#` or `{` there than `?`, which matches any character")
                .help("rename one of the paths, or add a rule for the other behind this one"),
            );
        }
    }
}
