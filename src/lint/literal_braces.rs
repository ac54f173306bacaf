//! `literal-braces`: `src/{a,b}.rs` in a CODEOWNERS file. No forge expands it, so the line matches
//! only a path with these characters, and no forge reports it.

use super::by_hand::{LineTexts, lines_instead};
use super::{Context, Findings};
use crate::ruleset::LineId;
use crate::text::{Diagnostic, FileId};

/// The most groups of one pattern that are expanded.
const MAX_GROUPS: usize = 10;
/// The most patterns that one pattern is expanded to.
const MAX_EXPANSIONS: usize = 1000;
/// The most bytes of all expanded patterns together.
const MAX_EXPANDED_BYTES: usize = 4 << 20;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(by_hand) = &context.project.codeowners else {
        return;
    };
    let rules = &context.project.rules;
    let texts = LineTexts::new(context.project, by_hand);
    let mut budget = ExpansionBudget::default();
    for line in lines(context) {
        let rule = rules.rule_of(line);
        let text = rule.pattern.value.as_str();
        let finding = Diagnostic::error(format!(
            "{} does not expand the {} in `{text}`",
            by_hand.forge.title,
            kind(text)
        ))
        .at(
            FileId::ROOT,
            rule.pattern.span.clone(),
            "matches only a path with these characters",
        );
        let (number, _) = context.project.sources[FileId::ROOT].line(rule.pattern.span.start);
        let expanded = expand(text, &mut budget);
        findings.report(match expanded.as_slice() {
            [] => finding.help("write a line for each pattern that is meant"),
            patterns => finding.help(lines_instead(texts.owners(number), patterns)),
        });
    }
}

/// The lines with alternatives that match no tracked path. `dead-pattern` leaves them out.
pub(super) fn lines(context: &Context<'_>) -> Vec<LineId> {
    if context.project.codeowners.is_none() || context.facts.paths.is_empty() {
        return Vec::new();
    }
    let rules = &context.project.rules;
    let first = context.survey.first.with_ids();
    first
        .filter(|(_, hit)| hit.is_none())
        .map(|(line, _)| line)
        .filter(|&line| find_group(&rules.rule_of(line).pattern.value).is_some())
        .collect()
}

/// What the forge does not expand.
fn kind(text: &str) -> &'static str {
    match find_group(text) {
        Some(Group { open, .. }) if text[open..].starts_with('<') => "`<…>`",
        _ => "`{…}`",
    }
}

/// Alternatives in a text: `{a,b}` or `<a,b>`.
struct Group<'t> {
    open: usize,
    /// The offset behind the closing character.
    end: usize,
    alternatives: Vec<&'t str>,
}

/// The first group with at least one comma.
fn find_group(text: &str) -> Option<Group<'_>> {
    // A quick answer for nearly all patterns.
    if !text.contains(['{', '<']) || !text.contains(',') {
        return None;
    }
    let mut open: Vec<(usize, char, Vec<usize>)> = Vec::new();
    let mut first: Option<Group<'_>> = None;
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match character {
            '\\' => is_escaped = true,
            '{' => open.push((at, '}', Vec::new())),
            '<' => open.push((at, '>', Vec::new())),
            ',' => {
                if let Some((_, _, commas)) = open.last_mut() {
                    commas.push(at);
                }
            }
            '}' | '>' if open.last().is_some_and(|(_, close, _)| *close == character) => {
                let Some((start, _, commas)) = open.pop() else {
                    continue;
                };
                let is_before = first.as_ref().is_none_or(|first| start < first.open);
                if !commas.is_empty() && is_before {
                    let starts = std::iter::once(start + 1).chain(commas.iter().map(|at| at + 1));
                    let ends = commas.iter().copied().chain([at]);
                    first = Some(Group {
                        open: start,
                        end: at + 1,
                        alternatives: starts
                            .zip(ends)
                            .map(|(start, end)| &text[start..end])
                            .collect(),
                    });
                }
            }
            _ => {}
        }
    }
    first
}

/// How many more bytes of patterns may be expanded. Later findings list no lines.
pub(super) struct ExpansionBudget {
    left: usize,
}

impl Default for ExpansionBudget {
    fn default() -> Self {
        ExpansionBudget {
            left: MAX_EXPANDED_BYTES,
        }
    }
}

/// The patterns that a text with groups was meant to be, in order. Empty if there are too many.
pub(super) fn expand(text: &str, budget: &mut ExpansionBudget) -> Vec<String> {
    if text.matches(['{', '<']).count() > MAX_GROUPS {
        return Vec::new();
    }
    let mut expanded = Vec::new();
    let mut open = vec![text.to_string()];
    while let Some(text) = open.pop() {
        let Some(group) = find_group(&text) else {
            expanded.push(text);
            continue;
        };
        let left = budget
            .left
            .checked_sub(group.alternatives.len() * text.len());
        budget.left = left.unwrap_or(0);
        let count = expanded.len() + open.len() + group.alternatives.len();
        if left.is_none() || count > MAX_EXPANSIONS {
            return Vec::new();
        }
        let (before, after) = (&text[..group.open], &text[group.end..]);
        let each = group.alternatives.iter().rev();
        let each: Vec<String> = each
            .map(|part| [before, part.trim(), after].concat())
            .collect();
        open.extend(each);
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        for (text, expected) in [
            ("src/{a,b}.rs", &["src/a.rs", "src/b.rs"][..]),
            ("/<a,b>/{c,d}", &["/a/c", "/a/d", "/b/c", "/b/d"]),
            ("/{a,b{c,d}}", &["/a", "/bc", "/bd"]),
            ("/a{,-b}/", &["/a/", "/a-b/"]),
            ("/{{a,b}}", &["/{a}", "/{b}"]),
            ("/{a}/{b,c}", &["/{a}/b", "/{a}/c"]),
        ] {
            assert_eq!(
                expand(text, &mut ExpansionBudget::default()),
                expected,
                "{text}"
            );
        }
        for text in [
            "/{a}", "/{{x}}/", "a,b", r"/\{a,b}", "/{a,b", "/{a>,b", "<x>,y",
        ] {
            assert!(find_group(text).is_none(), "{text}");
        }
        assert_eq!(
            expand(&"{a,b}".repeat(11), &mut ExpansionBudget::default()),
            [""; 0]
        );
        assert_eq!(
            expand(&"{a,b,c}".repeat(10), &mut ExpansionBudget::default()),
            [""; 0]
        );
    }
}
