//! Writing the `owners.toml`: tables, and `[paths]` line by line as the file was.

use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use super::folding::{braced, folded};
use super::groups::Groups;
use super::kept::{Form, Kept, Lines, can_match};
use crate::codeowners::{File, is_generated};
use crate::forge::{Forge, LineFault, Repeated};
use crate::owner::Owner;

/// A TOML string: a literal one where there is a backslash.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A TOML array of strings.
fn array<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as it may stand in a comment: TOML allows no control characters there but the tab.
fn in_comment(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', " ")
}

/// What stands in a line of the file.
pub(super) enum Piece<'f> {
    Blank,
    /// A comment, without its `#`.
    Comment(String),
    Rule {
        patterns: Vec<String>,
        except: Vec<String>,
        owners: &'f [Owner],
        /// The comment behind it, without its `#`.
        note: String,
    },
}

pub(super) struct Writer<'g> {
    groups: &'g Groups,
    rules: usize,
    out: String,
}

impl<'g> Writer<'g> {
    pub(super) fn new(groups: &'g Groups) -> Self {
        Writer {
            groups,
            rules: 0,
            out: String::new(),
        }
    }

    /// The text, and how many rules are in it.
    pub(super) fn finish(mut self) -> (String, usize) {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        (self.out, self.rules)
    }

    /// `[output]` and `[groups]`.
    pub(super) fn head(&mut self, options: Options<'_>) {
        let is_default = options.forge == Forge::default();
        if !is_default || options.output.is_some() {
            self.out.push_str("[output]\n");
            if !is_default {
                let _ = writeln!(self.out, "platform = {}", quoted(options.forge.name));
            }
            if let Some(file) = options.output {
                let _ = writeln!(self.out, "file = {}", quoted(file));
            }
            self.out.push('\n');
        }
        if self.groups.is_empty() {
            return;
        }
        self.out.push_str("[groups]\n");
        for (name, value) in self.groups.definitions() {
            let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let name = match name.chars().all(is_bare) {
                true => name.to_string(),
                false => quoted(name),
            };
            let _ = writeln!(self.out, "{name} = {value}");
        }
        self.out.push('\n');
    }

    /// `[check] exempt`.
    pub(super) fn exempt(&mut self, exempt: &[(String, usize)]) {
        if exempt.is_empty() {
            return;
        }
        self.out.push_str(
            "[check]\n# Without an owner when this file was made. The list is meant to become shorter.\n\
             exempt = [\n",
        );
        for (pattern, _) in exempt {
            let _ = writeln!(self.out, "    {},", quoted(pattern));
        }
        self.out.push_str("]\n\n");
    }

    /// `[paths]`.
    pub(super) fn paths(&mut self, text: &str, reading: &Reading<'_>, fold: bool) {
        self.out.push_str(
            "# The last rule that matches a path decides. Formatters that sort keys change that.\n\
             [paths]\n",
        );
        let mut pieces = reading.pieces(text);
        if fold {
            pieces = folded(pieces);
        }
        for piece in &pieces {
            self.piece(piece);
        }
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        let (patterns, except, owners, note) = match piece {
            Piece::Blank => return self.out.push('\n'),
            Piece::Comment(comment) => {
                let _ = writeln!(self.out, "#{}", in_comment(comment));
                return;
            }
            Piece::Rule {
                patterns,
                except,
                owners,
                note,
            } => (patterns, except, owners, note),
        };
        self.rules += 1;
        let mut value = self.groups.value(owners);
        if !except.is_empty() {
            let except = array(except.iter().map(String::as_str));
            value = format!("{{ owners = {value}, except = {except} }}");
        }
        let _ = write!(self.out, "{} = {value}", quoted(&braced(patterns)));
        if !note.is_empty() {
            let _ = write!(self.out, "  #{}", in_comment(note));
        }
        self.out.push('\n');
    }
}

/// The file, looked up by line.
pub(super) struct Reading<'f> {
    forge: Forge,
    rules: FxHashMap<usize, &'f Kept<'f>>,
    exclusions: Vec<&'f Kept<'f>>,
    /// Their lines.
    excluding: FxHashSet<usize>,
    /// What the forge ignores, by line.
    faults: FxHashMap<usize, Vec<&'f LineFault>>,
    /// The lines that name a directory, and match nothing.
    dead: FxHashSet<usize>,
    /// The lines that became one with another.
    joined: FxHashSet<usize>,
    /// The names of the sections, by the lines of their headings.
    headings: FxHashMap<usize, &'f str>,
    /// The lines with a pattern that can match.
    possible: FxHashSet<usize>,
    /// The lines with any pattern.
    known: FxHashSet<usize>,
}

impl<'f> Reading<'f> {
    pub(super) fn new(file: &'f File, Lines { kept, dead }: &'f Lines<'f>, forge: Forge) -> Self {
        let (exclusions, rules): (Vec<_>, Vec<_>) =
            kept.iter().partition(|each| each.entry.is_exclusion);
        let mut faults: FxHashMap<usize, Vec<&LineFault>> = FxHashMap::default();
        for fault in &file.faults {
            faults.entry(fault.line).or_default().push(fault);
        }
        let entries = file.entries.iter();
        let headings = (file.sections.iter())
            .flat_map(|section| section.headings.iter().map(|&line| (line, &*section.name)));
        Reading {
            dead: dead.iter().copied().collect(),
            joined: kept.iter().filter_map(|each| each.joined).collect(),
            headings: headings.collect(),
            forge,
            rules: rules
                .into_iter()
                .map(|each| (each.entry.line, each))
                .collect(),
            excluding: exclusions.iter().map(|each| each.entry.line).collect(),
            exclusions,
            faults,
            possible: (entries.clone().filter(|entry| can_match(entry)))
                .map(|entry| entry.line)
                .collect(),
            known: entries.map(|entry| entry.line).collect(),
        }
    }

    fn pieces(&self, text: &str) -> Vec<Piece<'f>> {
        let mut pieces = Vec::new();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (line, number) in text.lines().zip(1..) {
            self.line(line, number, &mut pieces);
        }
        for each in &self.exclusions {
            self.rules_of(each, " excluded for good, so it stands last", &mut pieces);
        }
        pieces
    }

    fn line(&self, line: &str, number: usize, pieces: &mut Vec<Piece<'f>>) {
        let trimmed = line.trim();
        if let Some(kept) = self.rules.get(&number) {
            let note = inline_comment(trimmed, &kept.entry.text);
            pieces.extend(self.dropped_words(line, number));
            self.rules_of(kept, &note, pieces);
        } else if trimmed.is_empty() {
            pieces.push(Piece::Blank);
        } else if let Some(comment) = trimmed.strip_prefix('#') {
            if !is_generated(line.as_bytes()) {
                pieces.push(Piece::Comment(comment.to_string()));
            }
        } else if let Some(name) = self.headings.get(&number) {
            pieces.push(Piece::Comment(format!(" {name}")));
        } else if !self.joined.contains(&number) && !self.excluding.contains(&number) {
            let why = self.why_not(number);
            pieces.push(Piece::Comment(format!(" {trimmed}   ({why})")));
        }
    }

    /// The rules of a line, the first of them with what stands behind it.
    fn rules_of(&self, kept: &'f Kept<'f>, note: &str, pieces: &mut Vec<Piece<'f>>) {
        let comment = match kept.form {
            Form::General if kept.rules.is_empty() => Some("repeated below"),
            Form::General => None,
            Form::Depths => Some("at the depths of what is tracked now"),
            Form::Directories | Form::Files if kept.rules.is_empty() => {
                Some("no owners, and no other line owns what it decides")
            }
            Form::Directories | Form::Files => {
                Some("no owners: what is tracked now, as later lines own the rest")
            }
        };
        if let Some(comment) = comment {
            pieces.push(Piece::Comment(format!(" {}   ({comment})", kept.text)));
        }
        for (index, rule) in kept.rules.iter().enumerate() {
            pieces.push(Piece::Rule {
                patterns: rule.texts.clone(),
                except: rule.except.iter().map(ToString::to_string).collect(),
                owners: kept.owners,
                note: if index == 0 {
                    note.to_string()
                } else {
                    String::new()
                },
            });
        }
    }

    /// Why a line does not become a rule.
    fn why_not(&self, number: usize) -> String {
        if self.dead.contains(&number) {
            return format!(
                "matches nothing: on {}, a directory needs a slash at the end",
                self.forge.title
            );
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
        match self.forge.dialect.abilities().repeated {
            Repeated::FirstPlace => {
                "no rule of its own: a pattern from above, where its owners stand now".into()
            }
            Repeated::Both => "not a rule".into(),
        }
    }

    /// A comment on the words of a line that the forge drops. What stands behind a `#` is meant as
    /// a comment, whatever the forge makes of it.
    fn dropped_words(&self, line: &str, number: usize) -> Option<Piece<'f>> {
        let comment = line
            .find(" #")
            .map_or(usize::MAX, |at| line[..at].chars().count() + 1);
        let reasons: Vec<&str> = (self.faults.get(&number)?.iter())
            .filter(|fault| fault.column <= comment)
            .map(|fault| fault.reason.as_str())
            .collect();
        let text = format!(" ignored by the forge: {}", reasons.join("; "));
        (!reasons.is_empty()).then_some(Piece::Comment(text))
    }
}

/// What stands behind the owners of a line.
fn inline_comment(line: &str, pattern: &str) -> String {
    let rest = line.strip_prefix(pattern).unwrap_or_default();
    let found = rest
        .match_indices('#')
        .find(|(at, _)| rest[..*at].ends_with([' ', '\t']));
    found.map_or(String::new(), |(at, _)| {
        rest[at + 1..].trim_end().to_string()
    })
}
