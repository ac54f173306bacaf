//! `skipped-line`: the forge skips a line of a CODEOWNERS file, or a word of it, and reports it at
//! most on the page of the file.
//!
//! GitHub skips a line with any fault. GitLab skips words that are not owners, and reads a comment
//! after the owners like the rest of the line. A line can also have a pattern that never matches.

use std::ops::Range;

use super::by_hand::{line, lines_instead, owners_of_line, which_match, word_at};
use super::literal_braces::{ExpansionBudget, expand};
use super::{Context, Findings};
use crate::codeowners::{FileLine, LineFault};
use crate::forge::Forge;
use crate::pattern::Pattern;
use crate::project::Handwritten;
use crate::text::{Diagnostic, FileId, escaped};

/// The most words of a line that are pointed at.
const MAX_WORDS: usize = 5;
/// The most patterns that are compared with the tree to find what a line was meant to be, and the
/// longest of them.
const MAX_PATTERNS: usize = 5000;
const MAX_LENGTH: usize = 1000;
/// The most characters of a class that are written out as lines.
const MAX_CLASS: usize = 8;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(by_hand) = &context.project.codeowners else {
        return;
    };
    let mut found = Vec::new();
    let (lines, words): (Vec<&LineFault>, Vec<_>) =
        (by_hand.file.faults.iter()).partition(|fault| fault.skips_line);
    let rewritten = Rewritten::new(context, by_hand, &lines);
    let mut budget = ExpansionBudget::default();
    for (index, fault) in lines.into_iter().enumerate() {
        found.push((
            fault.line,
            skipped(context, by_hand, fault, &rewritten, index, &mut budget),
        ));
    }
    let sections = by_hand.file.sections.iter();
    let mut headings: Vec<usize> = sections.flat_map(|each| each.headings.clone()).collect();
    headings.sort_unstable();
    for faults in words.chunk_by(|a, b| a.line == b.line) {
        let finding = ignored_words(context, by_hand, &headings, faults);
        found.extend(finding.map(|finding| (faults[0].line, finding)));
    }
    for entry in by_hand
        .file
        .entries
        .iter()
        .filter(|entry| entry.pattern.is_none())
    {
        found.push((entry.line, never_matches(context, by_hand, entry)));
    }
    for heading in headings {
        let finding = pattern_as_heading(context, by_hand, heading);
        found.extend(finding.map(|finding| (heading, finding)));
    }
    found.sort_by_key(|(line, _)| *line);
    for (_, finding) in found {
        findings.report(finding);
    }
}

/// A line that the forge skips.
fn skipped(
    context: &Context<'_>,
    by_hand: &Handwritten,
    fault: &LineFault,
    rewritten: &Rewritten,
    index: usize,
    budget: &mut ExpansionBudget,
) -> Diagnostic {
    let source = &context.project.sources[FileId::ROOT];
    let span = word_at(context.project, fault.line, fault.column);
    let word = &source.text[span.clone()];
    let whole = line(context.project, fault.line);
    let is_pattern = span.start == whole.start;
    let forge = by_hand.forge;
    let first = &source.text[word_at(context.project, fault.line, column_of(context, whole.start))];
    let mut finding = Diagnostic::error(format!("{} skips the line of `{first}`", forge.title)).at(
        FileId::ROOT,
        span,
        &*fault.reason,
    );
    let text = &source.text[whole];
    if let Some(other) = claimed_by(text) {
        finding = finding.note(format!(
            "the heading of a section on {}; {} has no sections",
            other.title, forge.title
        ));
        return finding.help(format!("write it as a comment: `# {text}`"));
    }
    match is_pattern {
        true => finding.help(rewritten.help(context, fault, word, index)),
        false => match split_braces(text, budget) {
            Some(help) => finding.note("a blank ends the pattern").help(help),
            None => finding.help(owner_help(by_hand, word)),
        },
    }
}

/// The column of a byte offset.
fn column_of(context: &Context<'_>, offset: usize) -> usize {
    context.project.sources[FileId::ROOT].line_column(offset).1
}

/// What to write in place of a line such as `/{a, b} @x`, whose pattern has a blank between braces.
fn split_braces(line: &str, budget: &mut ExpansionBudget) -> Option<String> {
    let (first, _) = line.split_once(char::is_whitespace)?;
    let open = first.rfind(['{', '<'])?;
    let close = if first[open..].starts_with('{') {
        '}'
    } else {
        '>'
    };
    if !first[open..].contains(',') || first[open..].contains(close) {
        return None;
    }
    let end = open + line[open..].find(close)?;
    let (pattern, owners) = match line[end..].find(char::is_whitespace) {
        Some(length) => line.split_at(end + length),
        None => (line, ""),
    };
    let pattern: String = pattern.split_whitespace().collect();
    let patterns = expand(&pattern, budget);
    (patterns.len() > 1).then(|| lines_instead(owners.trim(), &patterns))
}

/// The forge that alone reads the line so: it is the heading of a section.
fn claimed_by(line: &str) -> Option<Forge> {
    let mut forges = Forge::ALL.iter().copied();
    forges.find(|forge| forge.dialect.claims(line.as_bytes()))
}

/// What to write in place of a word that is not an owner.
fn owner_help(by_hand: &Handwritten, word: &str) -> String {
    let is_owner = |text: &str| by_hand.forge.owner(text).is_ok();
    if word.chars().all(|c| ",;".contains(c)) {
        return "separate owners by blanks only".to_string();
    }
    let trimmed = word.trim_matches(|c: char| ",;:'\"`()<>".contains(c));
    if trimmed != word && is_owner(trimmed) {
        return format!("write `{trimmed}`: owners are separated by blanks only");
    }
    let parts: Vec<&str> = word
        .split([',', ';'])
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|part| is_owner(part)) {
        return format!(
            "write `{}`: owners are separated by blanks",
            parts.join(" ")
        );
    }
    let glued: Vec<String> = (word.split('@').skip(1))
        .map(|part| format!("@{part}"))
        .collect();
    if glued.len() > 1 && word.starts_with('@') && glued.iter().all(|part| is_owner(part)) {
        return format!("write a blank between them: `{}`", glued.join(" "));
    }
    if is_owner(&format!("@{word}")) {
        return format!("write `@{word}` if that is an owner; a comment starts with `#`");
    }
    match by_hand.forge.owner(word) {
        Err(error) => error.help,
        Ok(_) => "write `@user`, `@org/team` or an e-mail address".to_string(),
    }
}

/// Words of a line that the forge ignores, while the rest of the line counts. A comment after the
/// owners is fine unless it has an effect.
fn ignored_words(
    context: &Context<'_>,
    by_hand: &Handwritten,
    headings: &[usize],
    faults: &[&LineFault],
) -> Option<Diagnostic> {
    let project = context.project;
    let forge = by_hand.forge;
    let text = project.sources[FileId::ROOT].text.as_str();
    let whole = line(project, faults[0].line);
    let first = word_at(project, faults[0].line, column_of(context, whole.start));
    let comment = comment_in(text, &whole);
    let spans = faults
        .iter()
        .map(|fault| (word_at(project, fault.line, fault.column), fault))
        .take_while(|(span, _)| comment.is_none_or(|comment| span.start < comment));
    let bad: Vec<_> = spans.take(MAX_WORDS).collect();
    if let Some((span, fault)) = bad.first() {
        let mut finding = Diagnostic::error(format!(
            "{} ignores `{}` in the line of `{}`",
            forge.title,
            &text[span.clone()],
            &text[first]
        ))
        .at(FileId::ROOT, span.clone(), &*fault.reason);
        for (span, _) in bad.iter().skip(1) {
            finding = finding.at(FileId::ROOT, span.clone(), "ignored too");
        }
        return Some(finding.help(owner_help(by_hand, &text[span.clone()])));
    }
    // What is left is a comment.
    let comment = comment?;
    let owners_before = text[first.end..comment.max(first.end)]
        .split_whitespace()
        .count();
    let words = text[comment..whole.end].split_whitespace();
    let taken = words.clone().find(|word| forge.owner(word).is_ok());
    let finding = match taken {
        Some(owner) => Diagnostic::error(format!(
            "{} takes `{owner}` in a comment for an owner",
            forge.title
        )),
        None if owners_before == 0
            && has_default_owners(context, by_hand, headings, whole.start) =>
        {
            Diagnostic::error(format!(
                "{} takes the comment of `{}` for owners in place of those of its section",
                forge.title, &text[first]
            ))
        }
        None => return None,
    };
    let label = format!("{} has no comments after a pattern", forge.title);
    let finding = finding.at(FileId::ROOT, comment..whole.end, label);
    Some(finding.help("write the comment on a line of its own, above this line"))
}

/// The offset of the comment at the end of a line.
fn comment_in(text: &str, line: &Range<usize>) -> Option<usize> {
    let line_text = &text[line.clone()];
    let mut found = line_text.match_indices('#').map(|(at, _)| at);
    let at = found.find(|&at| line_text[..at].ends_with(char::is_whitespace))?;
    Some(line.start + at)
}

/// Whether the heading above a line names owners for the lines without any.
fn has_default_owners(
    context: &Context<'_>,
    by_hand: &Handwritten,
    headings: &[usize],
    offset: usize,
) -> bool {
    let source = &context.project.sources[FileId::ROOT];
    let (number, _) = source.line(offset);
    let above = headings.partition_point(|&heading| heading < number);
    let heading = above
        .checked_sub(1)
        .map(|index| line(context.project, headings[index]));
    let text = heading.map_or("", |heading| &source.text[heading]);
    let (_, owners) = text.split_once(']').unwrap_or_default();
    owners
        .split_whitespace()
        .any(|word| by_hand.forge.owner(word).is_ok())
}

/// A pattern that matches nothing, whatever the tree.
fn never_matches(context: &Context<'_>, by_hand: &Handwritten, entry: &FileLine) -> Diagnostic {
    let whole = line(context.project, entry.line);
    let span = whole.start..whole.start + entry.text.len();
    let forge = by_hand.forge.title;
    let finding = Diagnostic::error(format!("`{}` never matches a path on {forge}", entry.text));
    let finding = finding.at(FileId::ROOT, span, "matches nothing in any tree");
    match entry.text.as_str() {
        "/" => finding.help("write `*` for every path, or `/*` for the files at the root"),
        text if text.contains('[') => {
            finding.help(r"close the class with `]`, or write `\[` for a bracket")
        }
        _ => finding.help("remove it, or correct the pattern"),
    }
}

/// A line such as `[ab].txt @x`, which the forge takes for the heading of a section.
fn pattern_as_heading(
    context: &Context<'_>,
    by_hand: &Handwritten,
    number: usize,
) -> Option<Diagnostic> {
    let whole = line(context.project, number);
    let text = &context.project.sources[FileId::ROOT].text[whole.clone()];
    let first = text.split_whitespace().next()?;
    let (name, rest) = first
        .trim_start_matches('^')
        .strip_prefix('[')?
        .split_once(']')?;
    if rest.is_empty() || claimed_by(text).is_some() {
        return None;
    }
    let forge = by_hand.forge.title;
    let finding = Diagnostic::error(format!(
        "{forge} takes `{first}` for the section `[{name}]`"
    ))
    .at(
        FileId::ROOT,
        whole.start..whole.start + first.len(),
        "not a pattern",
    );
    Some(finding.help(format!(
        "write `/{first}` for the root, or `**/{first}` for any directory; after a heading, write a \
         blank"
    )))
}

/// What to write in place of the patterns of skipped lines.
struct Rewritten {
    /// For each pattern, what it may have been meant to be.
    meant: Vec<Meant>,
}

/// What a pattern with brackets may have been meant to be.
#[derive(Default)]
struct Meant {
    /// The brackets escaped.
    escaped: Option<String>,
    /// A pattern for each character of the class.
    listed: Vec<String>,
    /// Whether these match a tracked path.
    escaped_matches: bool,
    listed_matches: bool,
}

impl Rewritten {
    fn new(context: &Context<'_>, by_hand: &Handwritten, faults: &[&LineFault]) -> Self {
        let source = &context.project.sources[FileId::ROOT];
        let mut meant: Vec<Meant> = Vec::with_capacity(faults.len());
        // The patterns, each with the index of its line, and whether it is the escaped one.
        let mut patterns: Vec<(usize, bool, Pattern)> = Vec::new();
        for (index, fault) in faults.iter().enumerate() {
            let word = &source.text[word_at(context.project, fault.line, fault.column)];
            let mut each = Meant::default();
            // Only if the brackets are all that is wrong with it.
            if patterns.len() < MAX_PATTERNS
                && word.len() < MAX_LENGTH
                && let Some(text) = with_brackets_escaped(word)
                && let Some(pattern) = by_hand.forge.dialect.read_pattern(&text)
            {
                patterns.push((index, true, pattern));
                each.escaped = Some(text);
                each.listed = class_written_out(word).unwrap_or_default();
                let listed = each
                    .listed
                    .iter()
                    .filter_map(|text| by_hand.forge.dialect.read_pattern(text));
                patterns.extend(listed.map(|pattern| (index, false, pattern)));
            }
            meant.push(each);
        }
        let is_hit = which_match(patterns.iter().map(|(.., each)| each), &context.facts.paths);
        for ((index, is_escaped, _), is_hit) in patterns.iter().zip(is_hit) {
            let each = &mut meant[*index];
            let found = match is_escaped {
                true => &mut each.escaped_matches,
                false => &mut each.listed_matches,
            };
            *found |= is_hit;
        }
        Rewritten { meant }
    }

    /// What to write in place of a pattern at fault.
    fn help(&self, context: &Context<'_>, fault: &LineFault, word: &str, index: usize) -> String {
        let meant = &self.meant[index];
        let Some(text) = &meant.escaped else {
            return match word.strip_prefix('!') {
                Some(rest) => format!(
                    "write `{rest}` without owners, below the lines that own it: then nobody owns it"
                ),
                None => "remove it, or write the pattern in another way".to_string(),
            };
        };
        if meant.escaped_matches {
            return format!("write `{text}`");
        }
        if meant.listed_matches {
            let owners = owners_of_line(context.project, fault.line);
            return lines_instead(owners, &meant.listed);
        }
        format!("write `?` or `*` in place of a class, or `{text}` if a path has these brackets")
    }
}

/// The text with a backslash before each bracket that has none. `None` if there is no such bracket.
fn with_brackets_escaped(word: &str) -> Option<String> {
    let mut text = String::with_capacity(word.len() + 4);
    let mut is_escaped = false;
    let mut found = false;
    for character in word.chars() {
        if matches!(character, '[' | ']') && !is_escaped {
            text.push('\\');
            found = true;
        }
        text.push(character);
        is_escaped = character == '\\' && !is_escaped;
    }
    // A backslash at the start of a pattern is lost.
    let text = if text.starts_with('\\') {
        format!("**/{text}")
    } else {
        text
    };
    found.then_some(text)
}

/// A pattern for each character of the only class in `word`. `None` if the class is not a short list
/// of characters.
fn class_written_out(word: &str) -> Option<Vec<String>> {
    let (before, rest) = word.split_once('[')?;
    let (class, after) = rest.split_once(']')?;
    let is_listed = |c: char| c.is_alphanumeric() || "._".contains(c);
    let is_short = (2..=MAX_CLASS).contains(&class.chars().count());
    if !is_short
        || !class.chars().all(is_listed)
        || after.contains(['[', ']'])
        || before.contains(['\\', ']'])
    {
        return None;
    }
    let with = |character: char| {
        format!(
            "{before}{}{after}",
            escaped(character.to_string().as_bytes())
        )
    };
    Some(class.chars().map(with).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets() {
        let escaped = |word| with_brackets_escaped(word);
        assert_eq!(escaped("/app/[id]/x").as_deref(), Some(r"/app/\[id\]/x"));
        assert_eq!(escaped(r"/\[id]").as_deref(), Some(r"/\[id\]"));
        assert_eq!(escaped("[id]").as_deref(), Some(r"**/\[id\]"));
        assert_eq!(escaped(r"/\[id\]"), None);
        let lines = class_written_out("/a[bc].rs");
        assert_eq!(lines, Some(vec!["/ab.rs".into(), "/ac.rs".into()]));
        for word in ["/a[0-9]", "/[!a]", "/[a]", "/[ab][cd]", "/[taskIdentifier]"] {
            assert_eq!(class_written_out(word), None, "{word}");
        }
    }
}
