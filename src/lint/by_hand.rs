//! What several lints need to speak about a CODEOWNERS file that somebody wrote by hand: places in
//! it, and lines to write.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Context, Findings};
use crate::forge::{Below, Decides, Forge, Nobody, line_span};
use crate::matcher::Matcher;
use crate::paths::PathSet;
use crate::pattern::{Gap, Pattern};
use crate::project::{Handwritten, Project};
use crate::ruleset::LineId;
use crate::text::{Diagnostic, FileId, Source, is_invisible};

/// The most lines that a help lists, and the most bytes.
const MAX_LINES: usize = 10;
const MAX_BYTES: usize = 1000;

/// A help with a line for a file, or for a directory with its slash. It leaves the owners open,
/// because nothing says who they are.
pub(super) fn line_for(forge: Forge, path: &[u8]) -> String {
    let pattern = pattern_for(forge, path);
    let nobody = match forge.dialect.abilities().nobody {
        Nobody::WithoutOwners => format!("`{pattern}` without owners"),
        Nobody::Exclusion => format!("`!{pattern}`"),
        Nobody::NoLine => return format!("add a line: `{pattern} <owners>`"),
    };
    format!("add a line: `{pattern} <owners>`, or {nobody} for nobody")
}

/// Like [`line_for`], for several paths. `is_cut` says that there are more.
pub(super) fn lines_for(forge: Forge, paths: &[&[u8]], is_cut: bool) -> String {
    let line = |path: &&[u8]| format!("`{} <owners>`", pattern_for(forge, path));
    let mut lines: Vec<String> = paths.iter().map(line).collect();
    lines.extend(is_cut.then(|| "…".to_string()));
    let nobody = match forge.dialect.abilities().nobody {
        Nobody::WithoutOwners => "the pattern without owners",
        Nobody::Exclusion => "`!` before the pattern",
        Nobody::NoLine => return format!("add a line for each: {}", lines.join(", ")),
    };
    format!(
        "add a line for each: {}; or {nobody} for nobody",
        lines.join(", ")
    )
}

/// A help for several paths in a directory, where a line for the whole directory would also change
/// who owns other paths in it, wherever it is written: exclusions are final, and every section adds
/// owners.
pub(super) fn line_for_each(forge: Forge) -> Option<String> {
    let help = "add a line for each of them: one for the whole directory may change the owners of \
                other paths";
    let is_final = forge.dialect.abilities().nobody == Nobody::Exclusion;
    is_final.then(|| help.to_string())
}

/// Like [`line_for`], for a path that somebody must own.
pub(super) fn owned_line_for(forge: Forge, path: &[u8]) -> String {
    format!("add a line: `{} <owners>`", pattern_for(forge, path))
}

fn pattern_for(forge: Forge, path: &[u8]) -> String {
    let entry = Pattern::entry(path);
    match path {
        [] => written(forge, &Pattern::everything()),
        [.., b'/'] => written(forge, &entry.with_tail(Gap::SOME)),
        _ => written(forge, &entry),
    }
}

/// A pattern for a file or a directory, as it is written in a CODEOWNERS file.
pub(super) fn written(forge: Forge, pattern: &Pattern) -> String {
    // Where `/a` does not own what is below `/a`, no second line is needed for a file.
    let pattern = match (forge.dialect.abilities().below, pattern.tail()) {
        (Below::Either, Gap::ANY) => pattern.with_tail(Gap::NONE),
        _ => forge.forms(pattern).swap_remove(0),
    };
    // `?` matches characters that are invisible or cannot be written.
    let written = forge.dialect.write(&pattern, false);
    written
        .unwrap_or_else(|_| pattern.to_string())
        .replace(is_invisible, "?")
}

/// Whether a blank ends the pattern before the end of the text.
pub(super) fn has_end(text: &str) -> bool {
    let is_end = |(at, c): (usize, char)| c.is_whitespace() && !text[..at].ends_with('\\');
    text.char_indices().any(is_end)
}

/// The lines that match nothing because they name a directory and have no slash at the end, where
/// the forge needs one.
pub(super) fn directories_without_slash(context: &Context<'_>) -> Vec<LineId> {
    let Some(by_hand) = &context.project.codeowners else {
        return Vec::new();
    };
    if by_hand.forge.dialect.abilities().below == Below::Included {
        return Vec::new();
    }
    let rules = &context.project.rules;
    let is_unhit = |line: LineId| context.survey.first[line].is_none();
    // An expression may be several lines.
    let is_dead = |line: LineId| rules.rule_of(line).lines.iter().all(is_unhit);
    let (lines, patterns): (Vec<LineId>, Vec<Pattern>) = (rules.lines().with_ids())
        .filter(|&(line, each)| is_dead(line) && each.pattern.tail() == Gap::NONE)
        .map(|(line, each)| (line, each.pattern.with_tail(Gap::SOME)))
        .unzip();
    let is_hit = which_match(&patterns, &context.facts.paths);
    let found = lines.into_iter().zip(is_hit);
    found
        .filter_map(|(line, hit)| hit.then_some(line))
        .collect()
}

/// Reports these lines. A part of `dead-pattern`.
pub(super) fn report_directories_without_slash(context: &Context<'_>, findings: &mut Findings<'_>) {
    let found = directories_without_slash(context);
    let Some(by_hand) = context
        .project
        .codeowners
        .as_ref()
        .filter(|_| !found.is_empty())
    else {
        return;
    };
    let rules = &context.project.rules;
    let forge = by_hand.forge.title;
    let known: FxHashSet<&Pattern> = rules.lines().iter().map(|line| &line.pattern).collect();
    for lines in found.chunk_by(|&a, &b| rules[a].rule == rules[b].rule) {
        let rule = rules.rule_of(lines[0]);
        let (location, text) = (rule.location(), &rule.pattern.value);
        let below = |&line: &LineId| rules[line].pattern.with_tail(Gap::SOME);
        let is_known = lines.iter().map(below).all(|below| known.contains(&below));
        let finding = Diagnostic::error(format!("no tracked path matches `{text}`"));
        let whole = match by_hand.forge.dialect.abilities().below {
            Below::Either => {
                let all = lines
                    .iter()
                    .map(|line| written(by_hand.forge, &below(line)));
                all.collect::<Vec<_>>().join("`, `")
            }
            Below::Apart | Below::Included => format!("{text}/"),
        };
        let needed = match by_hand.forge.dialect.abilities().below {
            Below::Either => "an expression for what is in a directory",
            Below::Apart | Below::Included => "a slash at the end of a directory",
        };
        findings.report(
            finding
                .at(
                    location.file,
                    location.span,
                    "matches only a file of that name",
                )
                .help(match is_known {
                    true => format!("remove it: `{whole}` is what owns the directory on {forge}"),
                    false => format!("{forge} needs {needed}: `{whole}`"),
                }),
        );
    }
}

/// A help to write another text for a pattern.
pub(super) fn write_instead(forge: Forge, text: &str) -> String {
    match forge.dialect.abilities().decides {
        Decides::Every => format!("write `{text}`: it is a regular expression for a whole path"),
        Decides::Last => format!("write `{text}`"),
    }
}

/// For each pattern, whether it matches a path.
pub(super) fn which_match<'p>(
    patterns: impl IntoIterator<Item = &'p Pattern>,
    paths: &PathSet,
) -> Vec<bool> {
    let matcher = Matcher::new(patterns);
    if matcher.is_empty() {
        return Vec::new();
    }
    let mut walk = matcher.walk();
    walk.remember_hits();
    for path in paths.iter() {
        walk.last_match(path);
    }
    walk.hits().into_iter().map(|hit| hit.is_some()).collect()
}

/// The text of the lines.
#[derive(Clone, Copy)]
pub(super) struct LineTexts<'c> {
    pub(super) forge: Forge,
    source: &'c Source,
}

impl<'c> LineTexts<'c> {
    pub(super) fn new(project: &'c Project, by_hand: &Handwritten) -> Self {
        LineTexts {
            forge: by_hand.forge,
            source: &project.sources[FileId::ROOT],
        }
    }

    /// The text at some bytes of the file.
    pub(super) fn at(self, span: Range<usize>) -> &'c str {
        &self.source.text[span]
    }

    /// The bytes of a line without the blanks around it. Empty if there is no such line.
    pub(super) fn line(self, number: usize) -> Range<usize> {
        line_span(self.source, number)
    }

    /// The bytes of the first word of a line.
    pub(super) fn first_word(self, number: usize) -> Range<usize> {
        let line = self.line(number);
        self.word(line)
    }

    /// The bytes of the word of a line at a column, which counts characters from 1.
    pub(super) fn word_at(self, number: usize, column: usize) -> Range<usize> {
        let line = self.source.line_range(number).unwrap_or(0..0);
        let mut characters = self.at(line.clone()).char_indices();
        let start = characters.nth(column.saturating_sub(1));
        self.word(start.map_or(line.end, |(at, _)| line.start + at)..line.end)
    }

    fn word(self, span: Range<usize>) -> Range<usize> {
        let word = self.forge.dialect.first_word(self.at(span.clone()));
        span.start..span.start + word.len()
    }

    /// What follows the pattern of a line.
    pub(super) fn owners(self, number: usize) -> &'c str {
        let pattern = self.first_word(number);
        self.at(pattern.end..self.line(number).end).trim()
    }
}

/// A help that lists lines to write in place of one: a line for each of `patterns`, each with these
/// owners.
pub(super) fn lines_instead(owners: &str, patterns: &[String]) -> String {
    let mut help = String::from("write a line for each:");
    let mut listed = 0;
    for pattern in patterns.iter().take(MAX_LINES) {
        if help.len() + pattern.len() + owners.len() > MAX_BYTES {
            break;
        }
        listed += 1;
        help.push_str("\n`");
        help.push_str([pattern, " ", owners].concat().trim_end());
        help.push('`');
    }
    match (listed, patterns.len() - listed) {
        (_, 0) => help,
        (0, _) => "write a line for each pattern that is meant".to_string(),
        (_, more) => format!("{help}\nand {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_can_be_written() {
        for (path, github, gitlab) in [
            ("", "*", "*"),
            ("docs/", "/docs/", "/docs/"),
            ("docs/a b", r"/docs/a\ b", r"/docs/a\ b"),
            ("a/[id]/", r"/a/\[id\]/", r"/a/\[id\]/"),
            ("#x", "/?x", "/#x"),
            (r"a\b", r"/a\\b", r"/a\\b"),
        ] {
            assert_eq!(
                pattern_for(Forge::GITHUB, path.as_bytes()),
                github,
                "{path}"
            );
            assert_eq!(
                pattern_for(Forge::GITLAB, path.as_bytes()),
                gitlab,
                "{path}"
            );
        }
    }

    #[test]
    fn words_of_a_line() {
        let text = "é\n\t/a\\ b\\\\ é @x\r\n";
        for (forge, expected) in [
            (Forge::GITHUB, [r"/a\ b\\", "é", "@x", ""]),
            (Forge::GITLAB, [r"/a\ b\\ é", "é", "@x", ""]),
        ] {
            let project = Project::from_codeowners("f", text.as_bytes(), forge).unwrap();
            let by_hand = project.codeowners.as_ref().unwrap();
            let lines = LineTexts::new(&project, by_hand);
            let word = |column| lines.at(lines.word_at(2, column));
            assert_eq!([2, 10, 12, 99].map(word), expected);
            assert_eq!(lines.at(lines.first_word(2)), expected[0]);
        }
    }
}
