//! Import: an `owners.toml` from an existing CODEOWNERS file.
//!
//! Every line that has an effect becomes a rule, in the same order. Teams become groups, named after
//! them, and so do sets of people that occur more than once. Neighbouring rules of the same owners
//! are folded into alternatives where that is shorter. What a person wrote for people, comments and
//! blank lines, stays where it is; what the forge ignores becomes a comment that says why.
//!
//! The result is not trusted: [`import`] loads it and compares the two lists of patterns and
//! owners, which must be equal.

use std::fmt::Write as _;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::codeowners::{Entry, File, read};
use crate::owner::{Owner, OwnerKind};
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternation;
use crate::platform::Platform;
use crate::project::Project;

/// Folding more patterns than this into one rule makes a line that nobody reads.
const MAX_FOLDED: usize = 12;

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The forge whose dialect the file is written in.
    pub platform: Platform,
    /// Where the file to generate is, if not in the platform's usual place.
    pub output: Option<&'o str>,
    /// Whether to fold rules into alternatives.
    pub fold: bool,
}

/// What came of an import.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of the `owners.toml`.
    pub text: String,
    /// How many lines of the file had a pattern.
    pub lines: usize,
    /// How many rules there are now.
    pub rules: usize,
    /// How many lines the forge ignores, or that a later line repeats.
    pub dropped: usize,
}

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// Paths have one answer in `owners.toml`, and one for each section in the file.
    Sections(Vec<String>),
    /// The result does not mean the same: a bug.
    Differs(String),
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ImportError::Sections(names) => write!(
                f,
                "the file has sections ({}), which add up; a rule has one list of owners",
                names.join(", ")
            ),
            ImportError::Differs(what) => write!(
                f,
                "the result does not mean the same ({what}); this is a bug in owners: please report \
                 it with the file"
            ),
        }
    }
}

impl std::error::Error for ImportError {}

/// Makes an `owners.toml` from the text of a CODEOWNERS file.
///
/// ```
/// use owners::import::{Options, import};
/// use owners::platform::Platform;
///
/// let options = Options { platform: Platform::GitHub, output: None, fold: true };
/// let imported = import("* @org/core\n/a/ @org/docs\n/b/ @org/docs\n", options).unwrap();
/// assert!(imported.text.contains("\"/{a,b}/\" = \"docs\""), "{}", imported.text);
/// ```
///
/// # Errors
///
/// If the file says something that `owners.toml` cannot.
pub fn import(text: &str, options: Options<'_>) -> Result<Imported, ImportError> {
    let file = read(text, options.platform);
    let used: FxHashSet<usize> = file.entries.iter().map(|entry| entry.section).collect();
    if used.len() > 1 {
        return Err(ImportError::Sections(
            file.sections
                .iter()
                .filter(|name| !name.is_empty())
                .cloned()
                .collect(),
        ));
    }
    let entries = effective(&file);
    let groups = Groups::new(&entries);
    let mut writer = Writer {
        groups: &groups,
        rules: 0,
        out: String::new(),
    };
    writer.head(options);
    writer.paths(text, &file, &entries, options.fold);
    let imported = Imported {
        rules: writer.rules,
        text: writer.out,
        lines: file.entries.len(),
        dropped: file.entries.len() - entries.len(),
    };
    match prove(&imported.text, &entries) {
        Ok(()) => Ok(imported),
        // Folding is for the reader: where it goes wrong, do without.
        Err(_) if options.fold => import(
            text,
            Options {
                fold: false,
                ..options
            },
        ),
        Err(error) => Err(error),
    }
}

/// The entries that can decide something, in an order in which the last that matches does: of equal
/// patterns the last, and what is excluded for good behind all others.
fn effective(file: &File) -> Vec<&Entry> {
    let mut seen: FxHashSet<(&[Pattern], bool)> = FxHashSet::default();
    let mut kept: Vec<&Entry> = (file.entries.iter().rev())
        .filter(|entry| !entry.patterns.is_empty())
        .filter(|entry| seen.insert((&entry.patterns, entry.is_exclusion)))
        .collect();
    kept.reverse();
    kept.sort_by_key(|entry| entry.is_exclusion);
    kept
}

/// The names that owners get.
struct Groups {
    /// In the order in which they are first used.
    named: Vec<(String, Vec<Owner>)>,
    by_owners: FxHashMap<Vec<String>, usize>,
}

fn key(owners: &[Owner]) -> Vec<String> {
    owners.iter().map(Owner::folded).collect()
}

impl Groups {
    fn new(entries: &[&Entry]) -> Self {
        let mut groups = Groups {
            named: Vec::new(),
            by_owners: FxHashMap::default(),
        };
        let mut taken: FxHashSet<String> = FxHashSet::default();
        let mut counts: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        for entry in entries {
            *counts.entry(key(&entry.owners)).or_default() += 1;
        }
        for entry in entries {
            for owner in entry
                .owners
                .iter()
                .filter(|owner| owner.kind() == OwnerKind::Team)
            {
                let path = owner.as_str().trim_start_matches('@');
                let slug = path.rsplit('/').next().unwrap_or(path);
                groups.add(
                    vec![owner.clone()],
                    &[slug.to_string(), path.replace('/', "-")],
                    &mut taken,
                );
            }
            if entry.owners.len() > 1 && counts[&key(&entry.owners)] > 1 {
                let first = entry.owners[0].as_str().trim_start_matches('@');
                let first = first.split(['/', '@']).next_back().unwrap_or(first);
                let name = format!("{first}-and-{}-more", entry.owners.len() - 1);
                groups.add(entry.owners.clone(), &[name.clone(), name], &mut taken);
            }
        }
        groups
    }

    fn add(&mut self, owners: Vec<Owner>, names: &[String; 2], taken: &mut FxHashSet<String>) {
        if self.by_owners.contains_key(&key(&owners)) {
            return;
        }
        let numbered = (2..).map(|number| format!("{}-{number}", names[1]));
        let name = names
            .iter()
            .cloned()
            .chain(numbered)
            .map(|name| group_name(&name))
            .find(|name| taken.insert(name.to_ascii_lowercase()));
        self.by_owners.insert(key(&owners), self.named.len());
        self.named.push((name.unwrap_or_default(), owners));
    }

    fn name_of(&self, owners: &[Owner]) -> Option<&str> {
        let index = self.by_owners.get(&key(owners))?;
        Some(&self.named[*index].0)
    }

    /// The value of a rule: `"group"`, or an array.
    fn value(&self, owners: &[Owner]) -> String {
        if let Some(name) = self.name_of(owners) {
            return quoted(name);
        }
        let each: Vec<String> = owners
            .iter()
            .map(|owner| {
                let group = self.name_of(std::slice::from_ref(owner));
                quoted(group.unwrap_or(owner.as_str()))
            })
            .collect();
        match each.as_slice() {
            [only] => only.clone(),
            _ => format!("[{}]", each.join(", ")),
        }
    }
}

/// What a group may be called.
fn group_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = name.trim_start_matches(['.', '_', '-']);
    if name.is_empty() {
        "group".into()
    } else {
        name.to_string()
    }
}

/// A TOML string: a literal one where there is a backslash.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

struct Writer<'g> {
    groups: &'g Groups,
    rules: usize,
    out: String,
}

/// What stands in a line of the file.
enum Piece<'f> {
    Blank,
    /// A comment, without its `#`.
    Comment(String),
    Rules {
        patterns: Vec<String>,
        owners: &'f [Owner],
        note: String,
    },
}

impl Writer<'_> {
    fn head(&mut self, options: Options<'_>) {
        let is_default = options.platform == Platform::default();
        if !is_default || options.output.is_some() {
            self.out.push_str("[output]\n");
            if !is_default {
                let _ = writeln!(self.out, "platform = {}", quoted(options.platform.name()));
            }
            if let Some(file) = options.output {
                let _ = writeln!(self.out, "file = {}", quoted(file));
            }
            self.out.push('\n');
        }
        if !self.groups.named.is_empty() {
            self.out.push_str("[groups]\n");
            for (name, owners) in &self.groups.named {
                let bare = name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
                let name = if bare { name.clone() } else { quoted(name) };
                let owners: Vec<String> = owners
                    .iter()
                    .map(
                        |owner| match self.groups.name_of(std::slice::from_ref(owner)) {
                            Some(group) if owners.len() > 1 => quoted(group),
                            _ => quoted(owner.as_str()),
                        },
                    )
                    .collect();
                let _ = match owners.as_slice() {
                    [only] => writeln!(self.out, "{name} = {only}"),
                    _ => writeln!(self.out, "{name} = [{}]", owners.join(", ")),
                };
            }
            self.out.push('\n');
        }
        self.out.push_str("# The last rule that matches a path decides. Formatters that sort keys change that.\n[paths]\n");
    }

    fn paths(&mut self, text: &str, file: &File, entries: &[&Entry], fold: bool) {
        let by_line: FxHashMap<usize, &&Entry> = entries
            .iter()
            .filter(|entry| !entry.is_exclusion)
            .map(|entry| (entry.line, entry))
            .collect();
        let faults: FxHashMap<usize, &str> = file
            .faults
            .iter()
            .map(|fault| (fault.line, fault.reason.as_str()))
            .collect();
        let known: FxHashSet<usize> = file.entries.iter().map(|entry| entry.line).collect();
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        for (index, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let trimmed = line.trim();
            let number = index + 1;
            if let Some(entry) = by_line.get(&number) {
                let note = inline_comment(trimmed);
                pieces.push(rules(entry, note));
            } else if trimmed.is_empty() {
                pieces.push(Piece::Blank);
            } else if let Some(comment) = trimmed.strip_prefix('#') {
                if !crate::codeowners::is_generated(line.as_bytes()) {
                    pieces.push(Piece::Comment(comment.to_string()));
                }
            } else {
                let why = match faults.get(&number) {
                    Some(reason) => format!("ignored by the forge: {reason}"),
                    None if known.contains(&number) => "repeated below, or never matches".into(),
                    None => "not a rule".into(),
                };
                if !entries
                    .iter()
                    .any(|entry| entry.is_exclusion && entry.line == number)
                {
                    pieces.push(Piece::Comment(format!(" {trimmed}   ({why})")));
                }
            }
        }
        for entry in entries.iter().filter(|entry| entry.is_exclusion) {
            pieces.push(rules(entry, " excluded for good, so it stands last".into()));
        }
        if fold {
            pieces = folded(pieces);
        }
        for piece in pieces {
            self.piece(piece);
        }
        let length = self.out.trim_end().len();
        self.out.truncate(length);
        self.out.push('\n');
    }

    fn piece(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Blank => self.out.push('\n'),
            Piece::Comment(comment) => {
                // TOML allows no control characters in comments but the tab.
                let comment = comment.replace(|c: char| c.is_control() && c != '\t', " ");
                let _ = writeln!(self.out, "#{comment}");
            }
            Piece::Rules {
                patterns,
                owners,
                note,
            } => {
                self.rules += 1;
                let pattern = braced(&patterns);
                let note = if note.is_empty() {
                    note
                } else {
                    format!("  #{note}")
                };
                let note = note.replace(|c: char| c.is_control() && c != '\t', " ");
                let _ = writeln!(
                    self.out,
                    "{} = {}{note}",
                    quoted(&pattern),
                    self.groups.value(owners)
                );
            }
        }
    }
}

fn rules(entry: &Entry, note: String) -> Piece<'_> {
    let patterns = match entry.patterns.as_slice() {
        [only] => vec![spelling(&entry.text, only)],
        several => several.iter().map(ToString::to_string).collect(),
    };
    Piece::Rules {
        patterns,
        owners: &entry.owners,
        note,
    }
}

/// The pattern as its author wrote it, if that means the same here; else its normal form.
fn spelling(text: &str, pattern: &Pattern) -> String {
    let plain = text
        .replace("\\ ", " ")
        .replace("\\[", "[")
        .replace("\\]", "]");
    for candidate in [plain.as_str(), text] {
        if let Ok(expanded) = Alternation::parse(candidate)
            && let [only] = expanded.expansions.as_slice()
            && only.pattern == *pattern
        {
            return candidate.to_string();
        }
    }
    pattern.to_string()
}

/// What stands behind the owners of a line.
fn inline_comment(line: &str) -> String {
    let found = line
        .match_indices('#')
        .find(|(at, _)| line[..*at].ends_with([' ', '\t']));
    found.map_or(String::new(), |(at, _)| {
        line[at + 1..].trim_end().to_string()
    })
}

/// Joins neighbouring rules of the same owners whose patterns differ in one segment.
fn folded(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut folded: Vec<Piece<'_>> = Vec::new();
    for piece in pieces {
        if let Piece::Rules {
            patterns,
            owners,
            note,
        } = &piece
            && let Some(Piece::Rules {
                patterns: before,
                owners: same,
                note: before_note,
            }) = folded.last_mut()
            && key(owners) == key(same)
            && note.is_empty()
            && before_note.is_empty()
            && before.len() + patterns.len() <= MAX_FOLDED
        {
            let candidate: Vec<String> = before.iter().chain(patterns).cloned().collect();
            let apart: usize = candidate.iter().map(String::len).sum();
            if one_place(&candidate) && braced(&candidate).len() < apart {
                *before = candidate;
                continue;
            }
        }
        folded.push(piece);
    }
    folded
}

/// The one segment in which two patterns differ, as an index; none if they differ in more.
fn varying_part(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('/').collect(), b.split('/').collect());
    let is_plain =
        |segment: &&&str| !segment.is_empty() && !segment.contains(['\\', '{', '}', '<', '>', ',']);
    if a.len() != b.len() {
        return None;
    }
    let mut differing = (0..a.len()).filter(|&index| a[index] != b[index]);
    let index = differing.next()?;
    let plain =
        is_plain(&&a[index]) && is_plain(&&b[index]) && a[index] != "**" && b[index] != "**";
    (differing.next().is_none() && plain).then_some(index)
}

/// Whether all patterns differ from the first in the same segment.
fn one_place(patterns: &[String]) -> bool {
    let mut places = patterns[1..]
        .iter()
        .map(|pattern| varying_part(&patterns[0], pattern));
    let Some(Some(first)) = places.next() else {
        return false;
    };
    places.all(|place| place == Some(first))
}

/// `/a/x`, `/a/y` as `/a/{x,y}`. Patterns that differ in more are alternatives as a whole.
fn braced(patterns: &[String]) -> String {
    let [first, rest @ ..] = patterns else {
        return String::new();
    };
    if rest.is_empty() {
        return first.clone();
    }
    if !one_place(patterns) {
        return format!("{{{}}}", patterns.join(","));
    }
    let place = varying_part(first, &rest[0]).unwrap_or(0);
    let segments: Vec<&str> = first.split('/').collect();
    let choices: Vec<&str> = patterns
        .iter()
        .map(|pattern| pattern.split('/').nth(place).unwrap_or_default())
        .collect();
    // `*.{rs,toml}` reads better than `{*.rs,*.toml}`; names are not taken apart.
    let prefix = if choices.iter().all(|choice| choice.starts_with("*.")) {
        2
    } else {
        0
    };
    let alternatives: Vec<&str> = choices.iter().map(|choice| &choice[prefix..]).collect();
    let varying = format!("{}{{{}}}", &choices[0][..prefix], alternatives.join(","));
    let mut joined: Vec<&str> = segments;
    joined[place] = &varying;
    joined.join("/")
}

/// The rules of `text` are the entries, one for one.
fn prove(text: &str, entries: &[&Entry]) -> Result<(), ImportError> {
    let project = Project::from_text(text).map_err(|unsound| {
        let messages: Vec<String> = unsound
            .diagnostics
            .iter()
            .map(|each| format!("{} in {text}", each.message))
            .collect();
        ImportError::Differs(messages.join("; "))
    })?;
    let rules = &project.rules;
    let ours: Vec<(&Pattern, Vec<String>)> = rules
        .lines
        .iter()
        .map(|line| (&line.pattern, key(&rules.rules[line.rule as usize].owners)))
        .collect();
    let theirs: Vec<(&Pattern, Vec<String>)> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .patterns
                .iter()
                .map(|pattern| (pattern, deduplicated(&entry.owners)))
        })
        .collect();
    match ours
        .iter()
        .zip(&theirs)
        .find(|(ours, theirs)| ours != theirs)
    {
        Some(((pattern, _), (expected, _))) => Err(ImportError::Differs(format!(
            "`{pattern}` stands for `{expected}`"
        ))),
        None if ours.len() != theirs.len() => Err(ImportError::Differs(format!(
            "{} patterns for {}",
            ours.len(),
            theirs.len()
        ))),
        None => Ok(()),
    }
}

/// Owners as a group lists them: each once.
fn deduplicated(owners: &[Owner]) -> Vec<String> {
    let mut seen = FxHashSet::default();
    key(owners)
        .into_iter()
        .filter(|owner| seen.insert(owner.clone()))
        .collect()
}
