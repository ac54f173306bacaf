//! Turns each line of the file into a rule, a comment, or a blank line of `[paths]`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::choosing::can_match;
use super::kept::{ChosenLines, KeptLine, LineForm};
use super::parts::Part;
use crate::codeowners::is_generated;
use crate::forge::{Below, Decides, Forge, LineFault, Repeated};
use crate::owner::Owner;

/// An item of `[paths]`.
#[derive(Clone)]
pub(super) enum PathsItem<'f> {
    Blank,
    /// A comment of the file, without its `#`.
    Comment(String),
    /// A comment of the import, which stays in `owners.toml`.
    Note(String),
    Rule {
        patterns: Vec<String>,
        except: Vec<String>,
        owners: &'f [Owner],
        /// Whether it adds its owners.
        adds: bool,
        /// The comment after it, without its `#`.
        comment: String,
    },
}

/// What is known of the file, by line number.
pub(super) struct LineIndex<'f> {
    forge: Forge,
    /// The numbers of the lines of the text that it is about.
    lines: &'f [usize],
    is_approval: bool,
    rules: FxHashMap<usize, &'f KeptLine<'f>>,
    exclusions: Vec<&'f KeptLine<'f>>,
    /// The lines of the exclusions.
    excluding: FxHashSet<usize>,
    /// What the forge ignores, by line.
    faults: FxHashMap<usize, Vec<&'f LineFault>>,
    /// The lines that name a directory without a slash at the end, and match nothing.
    dead: FxHashSet<usize>,
    /// The lines that match no tracked path, and that no pattern can express.
    unmatched: FxHashSet<usize>,
    /// The lines that were joined with another one.
    joined: FxHashSet<usize>,
    /// The names of the sections, by the lines of their headings.
    headings: FxHashMap<usize, &'f str>,
    /// The lines with a pattern that can match.
    possible: FxHashSet<usize>,
    /// The lines with a pattern.
    known: FxHashSet<usize>,
}

impl<'f> LineIndex<'f> {
    pub(super) fn new(
        part: &'f Part,
        ChosenLines {
            kept,
            dead,
            unmatched,
        }: &'f ChosenLines<'f>,
        forge: Forge,
    ) -> Self {
        let file = &part.file;
        let (exclusions, rules): (Vec<_>, Vec<_>) =
            kept.iter().partition(|each| each.entry.is_exclusion);
        let mut faults: FxHashMap<usize, Vec<&LineFault>> = FxHashMap::default();
        for fault in &file.faults {
            faults.entry(fault.line).or_default().push(fault);
        }
        let entries = file.entries.iter();
        let headings = file
            .sections
            .iter()
            .flat_map(|section| section.headings.iter().map(|&line| (line, &*section.name)));
        LineIndex {
            dead: dead.iter().copied().collect(),
            unmatched: unmatched.iter().copied().collect(),
            joined: kept.iter().filter_map(|each| each.joined).collect(),
            headings: headings.collect(),
            forge,
            lines: &part.lines,
            is_approval: part.approval.is_some(),
            rules: rules
                .into_iter()
                .map(|each| (each.entry.line, each))
                .collect(),
            excluding: exclusions.iter().map(|each| each.entry.line).collect(),
            exclusions,
            faults,
            possible: entries
                .clone()
                .filter(|entry| can_match(entry))
                .map(|entry| entry.line)
                .collect(),
            known: entries.map(|entry| entry.line).collect(),
        }
    }

    /// The items of the part, in file order. `text` has all lines of the file.
    pub(super) fn items(&self, text: &[&str]) -> Vec<PathsItem<'f>> {
        let mut items = Vec::new();
        for &number in self.lines {
            self.line(text[number - 1], number, &mut items);
        }
        for each in &self.exclusions {
            self.rules_of(
                each,
                ": excluded permanently, so this rule is last",
                &mut items,
            );
        }
        items
    }

    fn line(&self, line: &str, number: usize, items: &mut Vec<PathsItem<'f>>) {
        let trimmed = line.trim();
        if let Some(kept) = self.rules.get(&number) {
            let comment = inline_comment(trimmed, &kept.entry.text);
            items.extend(self.dropped_words(line, number));
            self.rules_of(kept, &comment, items);
        } else if trimmed.is_empty() {
            items.push(PathsItem::Blank);
        } else if let Some(comment) = trimmed.strip_prefix('#') {
            if !is_generated(line.as_bytes()) {
                items.push(PathsItem::Comment(kept_comment(comment)));
            }
        } else if let Some(name) = self.headings.get(&number) {
            // An approval has the name of its section.
            let is_shown = !self.is_approval && !name.is_empty();
            items.extend(is_shown.then(|| PathsItem::Comment(format!(" {name}"))));
        } else if !self.joined.contains(&number) && !self.excluding.contains(&number) {
            let mut why = self.why_not(number);
            let is_read = self.possible.contains(&number) && !self.unmatched.contains(&number);
            if let Some(pattern) = meant_elsewhere(trimmed, self.forge).filter(|_| !is_read) {
                why.push_str(&format!("; perhaps \"{pattern}\" is meant"));
            }
            items.push(PathsItem::Note(format!("{trimmed}   ({why})")));
        }
    }

    /// Adds the rules of a line. The first gets the comment `comment`.
    fn rules_of(&self, kept: &'f KeptLine<'f>, comment: &str, items: &mut Vec<PathsItem<'f>>) {
        let note = match kept.form {
            LineForm::General if kept.rules.is_empty() => Some("repeated below"),
            LineForm::General => None,
            LineForm::Depths => Some("at the depths of the paths that are tracked now"),
            LineForm::Directories | LineForm::Files if kept.rules.is_empty() => {
                Some("no owners, and no other line owns its paths")
            }
            LineForm::Directories | LineForm::Files => Some(
                "no owners: only the paths that are tracked now, since later lines own the rest",
            ),
        };
        if let Some(note) = note {
            items.push(PathsItem::Note(format!("{}   ({note})", kept.text)));
        }
        for (index, rule) in kept.rules.iter().enumerate() {
            items.push(PathsItem::Rule {
                patterns: rule.texts.clone(),
                except: rule.except.iter().map(ToString::to_string).collect(),
                owners: kept.owners,
                adds: kept.adds,
                comment: if index == 0 {
                    comment.to_string()
                } else {
                    String::new()
                },
            });
        }
    }

    /// Why a line did not become a rule.
    fn why_not(&self, number: usize) -> String {
        if self.dead.contains(&number) {
            let end = match self.forge.dialect.abilities().below {
                Below::Either => "`/.*`",
                Below::Included | Below::Apart => "a slash",
            };
            return format!(
                "matches nothing: on {}, a directory needs {end} at the end",
                self.forge.title
            );
        }
        if self.unmatched.contains(&number) {
            return "matches no tracked path, and no pattern of owners.toml means the same".into();
        }
        if self.possible.contains(&number) {
            return "repeated below".into();
        }
        if self.known.contains(&number) {
            return "never matches".into();
        }
        let faults = self.faults.get(&number).map_or(&[][..], Vec::as_slice);
        if let Some(fault) = faults.iter().find(|fault| fault.skips_line) {
            return format!("ignored by the forge: {}", fault.reason);
        }
        let abilities = self.forge.dialect.abilities();
        match abilities.repeated {
            _ if abilities.decides == Decides::Every => {
                "no rule of its own: its owners are in the rule of the same pattern above".into()
            }
            Repeated::FirstPlace => {
                "no rule of its own: it repeats an earlier pattern, which has its owners now".into()
            }
            Repeated::Both => "not a rule".into(),
        }
    }

    /// A comment about the words of a line that the forge ignores. Text after a `#` is meant as a
    /// comment, so it is not mentioned.
    fn dropped_words(&self, line: &str, number: usize) -> Option<PathsItem<'f>> {
        let comment = line
            .find(" #")
            .map_or(usize::MAX, |at| line[..at].chars().count() + 1);
        let faults = self.faults.get(&number)?.iter();
        let reasons: Vec<&str> = faults
            .filter(|fault| fault.column <= comment)
            .map(|fault| fault.reason.as_str())
            .collect();
        let text = format!("ignored by the forge: {}", reasons.join("; "));
        (!reasons.is_empty()).then_some(PathsItem::Note(text))
    }
}

/// The pattern of `owners.toml` that a line seems to mean, if it is written as for another forge, and its
/// own reads it as a regular expression.
pub(super) fn meant_elsewhere(line: &str, forge: Forge) -> Option<String> {
    let dialect = forge.dialect;
    if dialect.abilities().decides != Decides::Every {
        return None;
    }
    let instead = dialect.instead(dialect.first_word(line))?;
    Some(dialect.read_pattern(&instead)?.to_string())
}

/// The comment after the owners of a line.
fn inline_comment(line: &str, pattern: &str) -> String {
    let rest = line.strip_prefix(pattern).unwrap_or_default();
    let found = rest
        .match_indices('#')
        .find(|(at, _)| rest[..*at].ends_with([' ', '\t']));
    found.map_or(String::new(), |(at, _)| {
        kept_comment(rest[at + 1..].trim_end())
    })
}

/// A comment that stays in the generated file. `#:` would mark one that does not.
fn kept_comment(comment: &str) -> String {
    if comment.starts_with(':') {
        format!(" {comment}")
    } else {
        comment.to_string()
    }
}
