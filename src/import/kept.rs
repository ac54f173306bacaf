//! A line of the file that becomes one or more rules.

use rustc_hash::FxHashMap;

use crate::codeowners::FileLine;
use crate::owner::Owner;
use crate::pattern::alternation::Alternation;
use crate::pattern::{Gap, Pattern};

/// A line that becomes one or more rules.
#[derive(Debug)]
pub(super) struct KeptLine<'f> {
    pub(super) entry: &'f FileLine,
    pub(super) owners: &'f [Owner],
    /// The pattern as written in the file.
    pub(super) text: &'f str,
    /// The number of another line that was joined with this one.
    pub(super) joined: Option<usize>,
    /// The exact meaning of the line, with its classes expanded.
    pub(super) exact: Vec<Pattern>,
    /// For each exact pattern, the pattern that a rule can have: the same, or a wider one that also
    /// matches what is below.
    pub(super) whole: Vec<Pattern>,
    /// What its negated classes exclude from these patterns.
    pub(super) except: Vec<Pattern>,
    /// The rules. Together they give the tracked paths of the line its owners.
    pub(super) rules: Vec<ImportedRule>,
    /// How the rules express the line.
    pub(super) form: LineForm,
    /// Whether the rules match more than the line, but no additional tracked path.
    pub(super) is_widened: bool,
    /// Whether the rules add their owners to those that earlier rules give.
    pub(super) adds: bool,
}

/// A rule of the new `owners.toml`.
#[derive(Clone, Debug)]
pub(super) struct ImportedRule {
    pub(super) patterns: Vec<Pattern>,
    /// The text of each pattern.
    pub(super) texts: Vec<String>,
    /// The exceptions.
    pub(super) except: Vec<Pattern>,
}

/// How a line is expressed by rules. The next form is used if no file can be generated with the
/// previous one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineForm {
    /// The patterns of the line.
    General,
    /// One pattern for each depth at which a path is tracked.
    Depths,
    /// For a line without owners: the directories and files that it decides.
    Directories,
    /// For a line without owners: the files that it decides.
    Files,
}

/// The lines of a file, by what happens to them.
#[derive(Debug, Default)]
pub(super) struct ChosenLines<'f> {
    /// The lines that become rules, ordered so that the last match decides: of equal patterns only
    /// the last, and exclusions after all others.
    pub(super) kept: Vec<KeptLine<'f>>,
    /// The numbers of lines that name a directory without a slash at the end, which matches nothing
    /// on GitLab.
    pub(super) dead: Vec<usize>,
    /// The numbers of lines that match no tracked path, and for which `owners.toml` has no pattern.
    pub(super) unmatched: Vec<usize>,
}

impl ImportedRule {
    /// Creates a rule whose patterns are written in normal form.
    pub(super) fn new(patterns: Vec<Pattern>, except: Vec<Pattern>) -> Self {
        ImportedRule {
            texts: patterns.iter().map(ToString::to_string).collect(),
            patterns,
            except,
        }
    }

    /// Removes patterns that a later rule repeats. `later` tells for each pattern whether the later
    /// rule excepts what is below.
    fn remove_repeated(&mut self, later: &FxHashMap<Pattern, bool>) {
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

impl KeptLine<'_> {
    /// Whether it says nobody and is not an exclusion, so later lines may own some of its paths.
    pub(super) fn says_nobody(&self) -> bool {
        self.owners.is_empty() && !self.entry.is_exclusion
    }

    /// The next form to try.
    pub(super) fn next_form(&self) -> Option<LineForm> {
        let has_exceptions = self.rules.iter().any(|rule| !rule.except.is_empty());
        match self.form {
            LineForm::General if self.says_nobody() => Some(LineForm::Directories),
            LineForm::General => has_exceptions.then_some(LineForm::Depths),
            LineForm::Directories => Some(LineForm::Files),
            LineForm::Depths | LineForm::Files => None,
        }
    }

    /// Excepts from its rules what its negated classes exclude.
    pub(super) fn except_classes(&mut self) {
        for rule in &mut self.rules {
            rule.except.extend(self.except.iter().cloned());
        }
    }

    /// Creates a rule with these patterns. If there is only one, it keeps the spelling of the file
    /// where that is possible.
    pub(super) fn rule_with_spelling(&self, patterns: Vec<Pattern>) -> ImportedRule {
        let mut rule = ImportedRule::new(patterns, Vec::new());
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

/// A key that is equal for equal lists of owners.
pub(super) fn key(owners: &[Owner]) -> Vec<String> {
    let written = owners.iter().map(Owner::written);
    written.map(|text| text.to_ascii_lowercase()).collect()
}

/// Removes repeated patterns from rules, because a TOML key can be used only once. Repetitions
/// occur where a line became several rules. The last rule with a pattern keeps it.
pub(super) fn drop_repeated_patterns(all: &mut [KeptLine<'_>]) {
    let is_plain = |kept: &KeptLine<'_>| kept.form == LineForm::General && kept.rules.len() == 1;
    if all.iter().all(is_plain) {
        return;
    }
    let mut later: FxHashMap<Pattern, bool> = FxHashMap::default();
    for kept in all.iter_mut().rev() {
        for rule in kept.rules.iter_mut().rev() {
            rule.remove_repeated(&later);
            for pattern in &rule.patterns {
                let is_left_out = rule.except.contains(&pattern.with_tail(Gap::SOME));
                later.insert(pattern.clone(), is_left_out);
            }
        }
        kept.rules.retain(|rule| !rule.patterns.is_empty());
    }
}

/// Whether `owners.toml` can express the pattern as one text.
pub(super) fn is_expressible(pattern: &Pattern) -> bool {
    means(&pattern.to_string(), pattern)
}

/// Whether `text` means exactly this one pattern in `owners.toml`.
pub(super) fn means(text: &str, pattern: &Pattern) -> bool {
    let expanded = Alternation::parse(text);
    expanded.is_ok_and(
        |expanded| matches!(expanded.expansions.as_slice(), [only] if only.pattern == *pattern),
    )
}

/// The spelling of the file, if it has the same meaning in `owners.toml`. Otherwise the normal
/// form.
fn spelling(text: &str, pattern: &Pattern) -> String {
    let plain = text
        .replace("\\ ", " ")
        .replace("\\[", "[")
        .replace("\\]", "]");
    [plain.as_str(), text]
        .into_iter()
        // A text with alternatives may expand to ten thousand patterns, so do not try it.
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
