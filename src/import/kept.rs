//! A line of the file that becomes a rule, or several.

use rustc_hash::FxHashMap;

use crate::codeowners::FileLine;
use crate::owner::Owner;
use crate::pattern::alternation::Alternation;
use crate::pattern::{Gap, Pattern};

/// A line that becomes a rule, or several.
#[derive(Debug)]
pub(super) struct Kept<'f> {
    pub(super) entry: &'f FileLine,
    pub(super) owners: &'f [Owner],
    /// The pattern as its author wrote it.
    pub(super) text: &'f str,
    /// The line beside it that became one with it.
    pub(super) joined: Option<usize>,
    /// What the line means, with all choices of its classes.
    pub(super) exact: Vec<Pattern>,
    /// For each of them, what a rule can match: the same, or that and what is below.
    pub(super) whole: Vec<Pattern>,
    /// The rules, which together give the tracked paths that the line matches these owners.
    pub(super) rules: Vec<Rule>,
    /// How they were found.
    pub(super) form: Form,
    /// Whether they match more than the line, but no tracked path.
    pub(super) is_widened: bool,
}

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) patterns: Vec<Pattern>,
    /// The same as they are to be written.
    pub(super) texts: Vec<String>,
    /// What the rule must leave out.
    pub(super) except: Vec<Pattern>,
}

/// How a line is said in rules: each form is used where the one before it cannot be generated again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// By the patterns of the line.
    General,
    /// By patterns for each depth at which there is something tracked.
    Depths,
    /// Of a line without owners: by the directories and files that it decides.
    Directories,
    /// The same, by files alone.
    Files,
}

/// The lines of a file by what becomes of them.
#[derive(Debug, Default)]
pub(super) struct Lines<'f> {
    /// Those that can decide something, in an order in which the last that matches does: of equal
    /// patterns the last, and what is excluded for good behind all others.
    pub(super) kept: Vec<Kept<'f>>,
    /// The numbers of those that name a directory as GitLab would a file, and match nothing.
    pub(super) dead: Vec<usize>,
}

impl Rule {
    /// A rule whose patterns are written in their normal form.
    pub(super) fn new(patterns: Vec<Pattern>, except: Vec<Pattern>) -> Self {
        Rule {
            texts: patterns.iter().map(ToString::to_string).collect(),
            patterns,
            except,
        }
    }

    /// Leaves out of its patterns what later rules say again. They are given with whether the later
    /// rule leaves out what is below.
    fn leave_out(&mut self, later: &FxHashMap<Pattern, bool>) {
        let below = |pattern: &Pattern| pattern.with_tail(Gap::SOME);
        let mut left = Vec::with_capacity(self.patterns.len());
        for (pattern, text) in self.patterns.drain(..).zip(self.texts.drain(..)) {
            match later.get(&pattern) {
                None => left.push((pattern, text)),
                Some(true) if !self.except.contains(&below(&pattern)) => {
                    let below = below(&pattern);
                    if !later.contains_key(&below) {
                        left.push((below.clone(), below.to_string()));
                    }
                }
                Some(_) => {}
            }
        }
        (self.patterns, self.texts) = left.into_iter().unzip();
    }

    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(path));
        any(&self.patterns) && !any(&self.except)
    }
}

impl Kept<'_> {
    /// Whether it makes paths nobody's, where later lines may own others of the same pattern.
    pub(super) fn is_nobodys(&self) -> bool {
        self.owners.is_empty() && !self.entry.is_exclusion
    }

    /// The way to say it where the present one cannot be generated again.
    pub(super) fn next_form(&self) -> Option<Form> {
        let has_exceptions = self.rules.iter().any(|rule| !rule.except.is_empty());
        match self.form {
            Form::General if self.is_nobodys() => Some(Form::Directories),
            Form::General => has_exceptions.then_some(Form::Depths),
            Form::Directories => Some(Form::Files),
            Form::Depths | Form::Files => None,
        }
    }

    /// As many patterns as the line has choices, as its author wrote them if it has one.
    pub(super) fn spelled(&self, patterns: Vec<Pattern>) -> Rule {
        let mut rule = Rule::new(patterns, Vec::new());
        if let ([_], [only], [text]) = (
            self.exact.as_slice(),
            rule.patterns.as_slice(),
            rule.texts.as_mut_slice(),
        ) {
            *text = spelling(self.text.trim_start_matches('!'), only);
        }
        rule
    }
}

/// What is equal for lists of the same owners.
pub(super) fn key(owners: &[Owner]) -> Vec<String> {
    owners.iter().map(Owner::folded).collect()
}

/// Sees to it that no two rules have the same pattern, which is a key of TOML. They may where a line
/// became several: then the later one decides.
pub(super) fn say_once(all: &mut [Kept<'_>]) {
    let is_plain = |kept: &Kept<'_>| kept.form == Form::General && kept.rules.len() == 1;
    if all.iter().all(is_plain) {
        return;
    }
    let mut later: FxHashMap<Pattern, bool> = FxHashMap::default();
    for kept in all.iter_mut().rev() {
        for rule in kept.rules.iter_mut().rev() {
            rule.leave_out(&later);
            for pattern in &rule.patterns {
                let is_left_out = rule.except.contains(&pattern.with_tail(Gap::SOME));
                later.insert(pattern.clone(), is_left_out);
            }
        }
        kept.rules.retain(|rule| !rule.patterns.is_empty());
    }
}

/// Whether `owners.toml` has a text for the pattern.
pub(super) fn is_sayable(pattern: &Pattern) -> bool {
    means(&pattern.to_string(), pattern)
}

/// Whether `text` is, in `owners.toml`, this one pattern.
fn means(text: &str, pattern: &Pattern) -> bool {
    let expanded = Alternation::parse(text);
    expanded.is_ok_and(
        |expanded| matches!(expanded.expansions.as_slice(), [only] if only.pattern == *pattern),
    )
}

/// The pattern as its author wrote it, if that means the same here; else its normal form.
fn spelling(text: &str, pattern: &Pattern) -> String {
    let plain = text
        .replace("\\ ", " ")
        .replace("\\[", "[")
        .replace("\\]", "]");
    [plain.as_str(), text]
        .into_iter()
        // What has alternatives is more than one pattern, and may be ten thousand.
        .find(|candidate| !has_alternatives(candidate) && means(candidate, pattern))
        .map_or_else(|| pattern.to_string(), String::from)
}

/// Whether a text of `owners.toml` has alternatives.
fn has_alternatives(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'<' => return true,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    false
}
