//! `skipped-line`: the forge skips a line of a CODEOWNERS file, or a word of it, and reports it at
//! most on the page of the file.
//!
//! GitHub skips a line with any fault. GitLab skips words that are not owners, and reads a comment
//! after the owners like the rest of the line. A line can also have a pattern that never matches.

use super::by_hand::{LineTexts, lines_instead, which_match, write_instead};
use super::literal_braces::{ExpansionBudget, expand};
use super::{Context, Findings, two_meanings};
use crate::codeowners::{FileLine, LineFault};
use crate::forge::{Decides, Forge, Nobody};
use crate::owner::is_address;
use crate::paths::PathSet;
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
    let lines = LineTexts::new(context.project, by_hand);
    let mut found = Vec::new();
    let (skipped, words): (Vec<&LineFault>, Vec<_>) =
        (by_hand.file.faults.iter()).partition(|fault| fault.skips_line);
    let rewritten = rewritten(lines, &skipped, &context.facts.paths);
    let mut budget = ExpansionBudget::default();
    for (fault, rewritten) in skipped.into_iter().zip(&rewritten) {
        let finding = skipped_line(lines, fault, rewritten, &context.facts.paths, &mut budget);
        found.push((fault.line, finding));
    }
    let headings = headings(lines, by_hand);
    for faults in words.chunk_by(|a, b| a.line == b.line) {
        let finding = ignored_words(lines, &headings, faults, &context.facts.paths);
        found.extend(finding.map(|finding| (faults[0].line, finding)));
    }
    for entry in by_hand
        .file
        .entries
        .iter()
        .filter(|entry| entry.pattern.is_none())
    {
        found.push((entry.line, never_matches(lines, entry)));
    }
    for heading in headings {
        let finding = pattern_as_heading(lines, heading.line);
        found.extend(finding.map(|finding| (heading.line, finding)));
    }
    found.extend(two_meanings::findings(context, lines));
    found.sort_by_key(|(line, _)| *line);
    for (_, finding) in found {
        findings.report(finding);
    }
}

/// A line that the forge skips.
fn skipped_line(
    lines: LineTexts<'_>,
    fault: &LineFault,
    rewritten: &Rewritten,
    paths: &PathSet,
    budget: &mut ExpansionBudget,
) -> Diagnostic {
    let forge = lines.forge;
    let span = lines.word_at(fault.line, fault.column);
    let word = lines.at(span.clone());
    let first = lines.first_word(fault.line);
    let is_pattern = span.start == first.start;
    let has_owners = words_after_pattern(lines, fault.line).next().is_some();
    if fault.is_unread && !has_owners {
        let message = format!("cannot tell what the line of `{}` means", lines.at(first));
        return Diagnostic::error(message)
            .at(FileId::ROOT, span, &*fault.reason)
            .help("name owners behind it, or remove the line");
    }
    if fault.is_unread {
        let message = format!("cannot tell what the line of `{}` matches", lines.at(first));
        return Diagnostic::error(message)
            .at(FileId::ROOT, span, &*fault.reason)
            .note("its owners are left out, here and elsewhere")
            .help("write it in another way");
    }
    let message = format!("{} skips the line of `{}`", forge.title, lines.at(first));
    let finding = Diagnostic::error(message).at(FileId::ROOT, span, &*fault.reason);
    let text = lines.at(lines.line(fault.line));
    if let Some(other) = claimed_by(text) {
        return finding
            .note(format!(
                "the heading of a section on {}; {} has no sections",
                other.title, forge.title
            ))
            .help(format!("write it as a comment: `# {text}`"));
    }
    let is_every = forge.dialect.abilities().decides == Decides::Every;
    if is_every && is_pattern && !has_owners {
        return finding.help("name owners behind it, or remove the line");
    }
    if let Some(text) = forge.dialect.instead(word).filter(|_| is_pattern) {
        return finding.help(format!("write `{text}`, if it is a pattern as on GitHub"));
    }
    if is_pattern {
        return finding.help(rewritten.help(lines, fault, word));
    }
    if let Some(help) = split_braces(text, budget) {
        return finding.note("a blank ends the pattern").help(help);
    }
    if let Some(finding) = escaped_blanks(lines, fault.line, paths, &finding.message) {
        return finding;
    }
    // The forge names the first word at fault only.
    let others: Vec<&str> = words_after_pattern(lines, fault.line)
        .filter(|other| *other != word && forge.dialect.read_owner(other).is_err())
        .take(MAX_WORDS)
        .collect();
    if others.is_empty() {
        return finding.help(owner_help(forge, word));
    }
    let listed: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
    let note = match listed.as_slice() {
        [one] => format!("{one} is not an owner, either"),
        several => format!("{} are not owners, either", several.join(", ")),
    };
    let words = std::iter::once(word).chain(others);
    let helps: Vec<(&str, String)> = words.map(|word| (word, owner_help(forge, word))).collect();
    let finding = finding.note(note);
    if let [(_, first), rest @ ..] = helps.as_slice()
        && rest.iter().all(|(_, help)| help == first)
    {
        return finding.help(first.clone());
    }
    helps.into_iter().fold(finding, |finding, (word, help)| {
        finding.help(format!("for `{word}`: {help}"))
    })
}

/// The words after the pattern of a line, up to a comment.
fn words_after_pattern(lines: LineTexts<'_>, line: usize) -> impl Iterator<Item = &str> {
    let words = lines.owners(line).split_whitespace();
    words.take_while(|word| !word.starts_with('#'))
}

/// The finding about a line such as `/my dir/ @x`, whose pattern has a blank without a backslash: if a
/// word after it is not an owner and ends with a slash, or if both name a tracked path.
fn escaped_blanks(
    lines: LineTexts<'_>,
    line: usize,
    paths: &PathSet,
    message: &str,
) -> Option<Diagnostic> {
    let first = lines.first_word(line);
    let mut pattern = lines.at(first.clone()).to_string();
    let mut end = first.end;
    let mut found = None;
    let is_no_owner =
        |word: &&str| !word.contains('@') && lines.forge.dialect.read_owner(word).is_err();
    let words = words_after_pattern(lines, line).take_while(is_no_owner);
    for word in words.take(MAX_WORDS) {
        end += lines.at(end..lines.line(line).end).find(word)? + word.len();
        pattern.push_str("\\ ");
        pattern.push_str(word);
        let path = pattern.replace('\\', "");
        if word.ends_with('/') || paths.contains_entry(path.trim_matches('/').as_bytes()) {
            found = Some((end, pattern.clone()));
        }
    }
    let (end, pattern) = found?;
    let (label, pattern) = match lines.forge.dialect.read_pattern(&pattern) {
        Some(_) => (
            "a blank ends the pattern, unless a backslash is before it",
            pattern,
        ),
        None => ("a blank ends the pattern", pattern.replace("\\ ", "?")),
    };
    let finding = Diagnostic::error(message).at(FileId::ROOT, first.start..end, label);
    Some(finding.help(format!("write `{pattern}`")))
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
    let has_sections = |forge: &Forge| forge.dialect.abilities().nobody == Nobody::Exclusion;
    let mut forges = Forge::ALL.iter().copied().filter(has_sections);
    forges.find(|forge| forge.dialect.claims(line.as_bytes()))
}

/// What to write in place of a word that is not an owner.
fn owner_help(forge: Forge, word: &str) -> String {
    let is_owner = |text: &str| forge.dialect.read_owner(text).is_ok();
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
    let address = word.strip_prefix('@').unwrap_or_default();
    if is_address(address) && is_owner(address) {
        return format!("write `{address}`");
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
    match forge.dialect.read_owner(word) {
        Err(error) => error.help,
        Ok(_) => "write `@user`, `@org/team` or an e-mail address".to_string(),
    }
}

/// The heading of a section.
struct Heading {
    line: usize,
    /// Whether it names owners, for the lines without any.
    has_owners: bool,
}

/// The headings of a file, in order.
fn headings(lines: LineTexts<'_>, by_hand: &Handwritten) -> Vec<Heading> {
    let sections = by_hand.file.sections.iter();
    let numbers = sections.flat_map(|section| section.headings.iter().copied());
    let mut headings: Vec<Heading> = numbers
        .map(|line| {
            let text = lines.at(lines.line(line));
            let (_, owners) = text.split_once(']').unwrap_or_default();
            let mut words = owners.split_whitespace();
            let has_owners = words.any(|word| lines.forge.dialect.read_owner(word).is_ok());
            Heading { line, has_owners }
        })
        .collect();
    headings.sort_unstable_by_key(|heading| heading.line);
    headings
}

/// Words of a line that the forge ignores, while the rest of the line counts. A comment after the
/// owners is fine unless it has an effect.
fn ignored_words(
    lines: LineTexts<'_>,
    headings: &[Heading],
    faults: &[&LineFault],
    paths: &PathSet,
) -> Option<Diagnostic> {
    let forge = lines.forge;
    let number = faults[0].line;
    let (whole, first) = (lines.line(number), lines.first_word(number));
    let comment = comment_in(lines.at(whole.clone())).map(|at| whole.start + at);
    let spans = faults
        .iter()
        .map(|fault| (lines.word_at(fault.line, fault.column), fault))
        .take_while(|(span, _)| comment.is_none_or(|comment| span.start < comment));
    let bad: Vec<_> = spans.take(MAX_WORDS).collect();
    if let Some((span, fault)) = bad.first() {
        let word = lines.at(span.clone());
        let mut finding = Diagnostic::error(format!(
            "{} ignores `{word}` in the line of `{}`",
            forge.title,
            lines.at(first)
        ))
        .at(FileId::ROOT, span.clone(), &*fault.reason);
        for (span, _) in bad.iter().skip(1) {
            finding = finding.at(FileId::ROOT, span.clone(), "ignored too");
        }
        let blanks = escaped_blanks(lines, number, paths, &finding.message);
        return Some(blanks.unwrap_or_else(|| finding.help(owner_help(forge, word))));
    }
    // What is left is a comment.
    let comment = comment?;
    let has_owners = !lines
        .at(first.end..comment.max(first.end))
        .trim()
        .is_empty();
    let mut words = lines.at(comment..whole.end).split_whitespace();
    let message = match words.find(|word| forge.dialect.read_owner(word).is_ok()) {
        Some(owner) => format!("{} takes `{owner}` in a comment for an owner", forge.title),
        None if !has_owners && has_default_owners(headings, number) => format!(
            "{} takes the comment of `{}` for owners in place of those of its section",
            forge.title,
            lines.at(first)
        ),
        None => return None,
    };
    let label = format!("{} has no comments after a pattern", forge.title);
    let finding = Diagnostic::error(message).at(FileId::ROOT, comment..whole.end, label);
    Some(finding.help("write the comment on a line of its own, above this line"))
}

/// The offset of the comment at the end of a line.
fn comment_in(line: &str) -> Option<usize> {
    let mut found = line.match_indices('#').map(|(at, _)| at);
    found.find(|&at| line[..at].ends_with(char::is_whitespace))
}

/// Whether the heading above a line names owners for the lines without any.
fn has_default_owners(headings: &[Heading], line: usize) -> bool {
    let above = headings.partition_point(|heading| heading.line < line);
    headings[..above]
        .last()
        .is_some_and(|heading| heading.has_owners)
}

/// A pattern that matches nothing, whatever the tree.
fn never_matches(lines: LineTexts<'_>, entry: &FileLine) -> Diagnostic {
    let start = lines.line(entry.line).start;
    let span = start..start + entry.text.len();
    let forge = lines.forge.title;
    let finding = Diagnostic::error(format!("`{}` never matches a path on {forge}", entry.text));
    let finding = finding.at(FileId::ROOT, span, "matches nothing in any tree");
    if let Some(text) = lines.forge.dialect.instead(&entry.text) {
        return finding.help(write_instead(lines.forge, &text));
    }
    match entry.text.as_str() {
        "/" => finding.help("write `*` for every path, or `/*` for the files at the root"),
        text if text.contains('[') => {
            finding.help(r"close the class with `]`, or write `\[` for a bracket")
        }
        _ => finding.help("remove it, or correct the pattern"),
    }
}

/// A line such as `[ab].txt @x`, which the forge takes for the heading of a section.
fn pattern_as_heading(lines: LineTexts<'_>, number: usize) -> Option<Diagnostic> {
    let whole = lines.line(number);
    let text = lines.at(whole.clone());
    let first = text.split_whitespace().next()?;
    let (name, rest) = first
        .trim_start_matches('^')
        .strip_prefix('[')?
        .split_once(']')?;
    if rest.is_empty() || claimed_by(text).is_some() {
        return None;
    }
    let forge = lines.forge.title;
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

/// What a pattern that the forge skips may have been meant to be. Only for patterns in which the
/// brackets are all that is wrong.
#[derive(Default)]
struct Rewritten {
    /// The brackets escaped.
    escaped: Option<String>,
    /// A pattern for each character of the class.
    listed: Vec<String>,
    /// Whether these match a tracked path.
    escaped_matches: bool,
    listed_matches: bool,
}

/// For each of the faults, what its pattern may have been meant to be.
fn rewritten(lines: LineTexts<'_>, faults: &[&LineFault], paths: &PathSet) -> Vec<Rewritten> {
    let dialect = lines.forge.dialect;
    let mut all: Vec<Rewritten> = Vec::with_capacity(faults.len());
    // The patterns, each with the index of its line, and whether it is the escaped one.
    let mut patterns: Vec<(usize, bool, Pattern)> = Vec::new();
    for (index, fault) in faults.iter().enumerate() {
        let word = lines.at(lines.word_at(fault.line, fault.column));
        let mut each = Rewritten::default();
        if patterns.len() < MAX_PATTERNS
            && word.len() < MAX_LENGTH
            && let Some((text, pattern)) = without_class(lines.forge, word)
        {
            patterns.push((index, true, pattern));
            each.escaped = Some(text);
            each.listed = class_written_out(word).unwrap_or_default();
            let listed = each.listed.iter();
            let listed = listed.filter_map(|text| dialect.read_pattern(text));
            patterns.extend(listed.map(|pattern| (index, false, pattern)));
        }
        all.push(each);
    }
    let is_hit = which_match(patterns.iter().map(|(.., each)| each), paths);
    for ((index, is_escaped, _), is_hit) in patterns.iter().zip(is_hit) {
        let each = &mut all[*index];
        let found = match is_escaped {
            true => &mut each.escaped_matches,
            false => &mut each.listed_matches,
        };
        *found |= is_hit;
    }
    all
}

impl Rewritten {
    /// What to write in place of a pattern at fault.
    fn help(&self, lines: LineTexts<'_>, fault: &LineFault, word: &str) -> String {
        let Some(text) = &self.escaped else {
            return match word.strip_prefix('!') {
                Some(_) if lines.forge.dialect.abilities().nobody == Nobody::NoLine => {
                    "narrow the lines that own it: no line says that nobody owns a path".to_string()
                }
                Some(rest) => format!(
                    "write `{rest}` without owners, below the lines that own it: then nobody owns it"
                ),
                // The pattern would be fine: the line is something else.
                None if lines.forge.dialect.read_pattern(word).is_some() => "remove it".to_string(),
                None => "remove it, or write the pattern in another way".to_string(),
            };
        };
        if self.escaped_matches {
            return format!("write `{text}`");
        }
        if self.listed_matches {
            return lines_instead(lines.owners(fault.line), &self.listed);
        }
        format!("write `?` or `*` in place of a class, or `{text}` if a path has these brackets")
    }
}

/// The text and the pattern for names with these brackets: with a backslash before each, or with `?` where
/// files have no escapes. `None` if there is no bracket without a backslash.
fn without_class(forge: Forge, word: &str) -> Option<(String, Pattern)> {
    let texts = [with_brackets_escaped(word)?, word.replace(['[', ']'], "?")];
    let read = |text: String| Some((forge.dialect.read_pattern(&text)?, text));
    let (pattern, text) = texts.into_iter().find_map(read)?;
    Some((text, pattern))
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
