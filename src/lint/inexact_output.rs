//! `inexact-output`: a forge cannot express a rule exactly. No approximation is written silently.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Context, Findings};
use crate::codeowners::{self, Inexact, Rendered};
use crate::forge::Forge;
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::pattern::{Gap, Glob, Pattern, Piece};
use crate::project::Project;
use crate::ruleset::{ExceptionId, LineId, Ownership, RuleSet};
use crate::text::{Diagnostic, Location, counted, escaped};

/// The maximum number of other rules that a finding points at.
const MAX_SHOWN: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let inexact = context
        .rendered
        .by_forge()
        .filter_map(|rendered| rendered.as_ref().err())
        .flatten();
    for each in inexact {
        findings.report(diagnostic(each, context.project));
    }
    report_widened(context, findings);
}

/// The diagnostic for a pattern that cannot be written.
#[must_use]
pub fn diagnostic(inexact: &Inexact, project: &Project) -> Diagnostic {
    let rules = project.rules.gate(inexact.approval);
    let rule = &rules[inexact.rule];
    let locations = inexact
        .line
        .map(|line| rules.alternative_locations(line, &project.sources));
    let location = match locations.as_deref() {
        Some([only]) => only.clone(),
        _ => rule.location(),
    };
    let what = match inexact.line {
        Some(line) => rules[line].pattern.to_string(),
        None => rule.pattern.value.clone(),
    };
    let message = format!("{} cannot express `{what}` exactly", inexact.forge.title);
    let mut diagnostic = Diagnostic::error(message).at(location.file, location.span, "");
    for &(line, does) in inexact.others.iter().take(MAX_SHOWN) {
        let other = super::place_in(rules, project, line);
        diagnostic = diagnostic.at(other.file, other.span, does);
    }
    diagnostic = diagnostic
        .note(inexact.reason.clone())
        .help(inexact.help.clone());
    diagnostic.lint = Some("inexact-output");
    diagnostic
}

/// Reports patterns that became wider, because a character can only be written as `?`. This matters
/// only if a tracked path gets other owners by the file, as it is read back, than by the rules.
fn report_widened(context: &Context<'_>, findings: &mut Findings<'_>) {
    // The lines depend only on the forge.
    for rendered in context.rendered.by_forge().flatten() {
        for (cause, paths) in differences(context, rendered) {
            findings.report(describe(context.project, rendered.forge, cause, &paths));
        }
    }
}

/// The pattern of the rules that was written too wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A pattern of a rule.
    Line(LineId),
    /// An exception.
    Exception(ExceptionId),
}

/// The tracked paths that have other owners by the file than by the rules, grouped by cause.
fn differences<'p>(context: &Context<'p>, rendered: &Rendered) -> BTreeMap<Cause, Vec<&'p [u8]>> {
    let rules = &context.project.rules;
    let mut differences: BTreeMap<Cause, Vec<&[u8]>> = BTreeMap::new();
    let Cow::Owned(widened_rules) = codeowners::with_written_meaning(rules, rendered.forge) else {
        return differences;
    };
    // Only a path that some widened pattern matches can get other owners.
    let widened_patterns = Matcher::new(
        patterns(&widened_rules)
            .zip(patterns(rules))
            .filter_map(|(wide, exact)| (wide != exact).then_some(wide)),
    );
    let file = codeowners::read(&rendered.text, rendered.forge);
    let (file, widened_matcher) = (file.matcher(), widened_rules.matcher());
    let (mut widened_patterns, mut by_file) = (widened_patterns.walk(), file.walk());
    let (mut by_rules, mut by_widened_rules) = (context.matcher.walk(), widened_matcher.walk());
    for path in context.facts.paths.iter() {
        if widened_patterns.last_match(path).is_none() {
            continue;
        }
        let expected = match by_rules.ownership(path) {
            Ownership::Owned(owners) => owners,
            Ownership::Nobody | Ownership::Unowned => &[],
        };
        let found = file.owners(&mut by_file, path);
        // Another forge may have selectors.
        let found = found.first().copied().unwrap_or_default();
        if Owner::join(found) == Owner::join(expected) {
            continue;
        }
        if let Some(cause) = cause(
            rules,
            &widened_rules,
            path,
            by_rules.decide_each(path),
            by_widened_rules.decide_each(path),
        ) {
            differences.entry(cause).or_default().push(path);
        }
    }
    differences
}

fn patterns(rules: &RuleSet) -> impl Iterator<Item = &Pattern> {
    let exceptions = rules.exceptions().iter().map(|each| &each.pattern);
    rules
        .lines()
        .iter()
        .map(|line| &line.pattern)
        .chain(exceptions)
}

/// Why other lines decide `path` in the file: a later line also matches it, or an exception also
/// excludes it from a line of the rules.
fn cause(
    rules: &RuleSet,
    widened_rules: &RuleSet,
    path: &[u8],
    decide: &[LineId],
    decide_in_file: &[LineId],
) -> Option<Cause> {
    let without = |lines: &[LineId], others: &[LineId]| -> Vec<LineId> {
        let mut lines = lines.to_vec();
        lines.retain(|line| !others.contains(line));
        lines
    };
    let taker = without(decide_in_file, decide).last().copied();
    let missing = without(decide, decide_in_file);
    if taker > missing.last().copied() {
        return taker.map(Cause::Line);
    }
    let exceptions = missing
        .iter()
        .flat_map(|&line| rules.rule_of(line).exceptions);
    let mut excepting = exceptions.filter(|&each| widened_rules[each].pattern.matches(path));
    excepting.next().map(Cause::Exception)
}

fn describe(project: &Project, forge: Forge, cause: Cause, paths: &[&[u8]]) -> Diagnostic {
    let rules = &project.rules;
    let (pattern, written, location, does, help) = match cause {
        Cause::Line(line) => (
            &rules[line].pattern,
            codeowners::written_pattern(rules, line, forge),
            super::place(project, line),
            "this rule also matches",
            "rename one of the paths, or add a rule for the other path below this rule",
        ),
        Cause::Exception(id) => {
            let exception = &rules[id];
            let rule = &rules[exception.rule];
            let span = rule.except[exception.entry].span.clone();
            (
                &exception.pattern,
                (forge.dialect.write(&exception.pattern, false)).unwrap_or_default(),
                Location {
                    file: rule.file,
                    span,
                },
                "this exception also matches",
                "rename one of the paths, or add a rule for the other path below this rule",
            )
        }
    };
    let first = paths.first().copied().unwrap_or_default();
    let more = match paths.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(" and {}", counted(more, "other path")),
    };
    Diagnostic::error(format!(
        "on {} {does} `{}`{more}",
        forge.title,
        escaped(first)
    ))
    .at(location.file, location.span, format!("written `{written}`"))
    .note(format!(
        "{} can only be written as `?` there, which matches any character",
        widened_characters(pattern, forge)
    ))
    .help(help)
}

/// The characters of a pattern that can only be written as `?`.
fn widened_characters(pattern: &Pattern, forge: Forge) -> String {
    let is_widened = |character: &char| {
        let mut single = Pattern::new(Gap::NONE);
        single.push(Glob::literal(&character.to_string()));
        matches!(forge.dialect.widened(&single), Cow::Owned(_))
    };
    let pieces = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    let texts = pieces.filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.chars()),
        Piece::One | Piece::Star | Piece::Class(_) => None,
    });
    let mut found: Vec<char> = texts.flatten().filter(is_widened).collect();
    found.sort_unstable();
    found.dedup();
    let shown: Vec<String> = (found.iter())
        .map(|character| match character {
            ' ' => "a blank".to_string(),
            character => format!("`{character}`"),
        })
        .collect();
    shown.join(" and ")
}
