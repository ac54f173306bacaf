//! Which lines of the file become rules, and with which patterns.

use rustc_hash::{FxHashMap, FxHashSet};

use super::groups::key;
use super::{ImportError, below};
use crate::codeowners::{Entry, File};
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::pattern::alternation::Alternation;
use crate::pattern::{Gap, OneOf, Pattern};

/// The most patterns that the classes of one line (`[a-z]`) may stand for.
const MAX_CHOICES: usize = 1000;

/// A line that becomes a rule, or several.
#[derive(Debug)]
pub(super) struct Kept<'f> {
    pub(super) entry: &'f Entry,
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

/// Decides what becomes of the lines.
pub(super) fn sort_out<'f>(file: &'f File, paths: &PathSet) -> Result<Lines<'f>, ImportError> {
    let mut entries: Vec<(&Entry, &Pattern)> = file
        .entries
        .iter()
        .filter_map(|entry| {
            Some((
                entry,
                entry.pattern.as_ref().filter(|each| is_possible(each))?,
            ))
        })
        .collect();
    entries.sort_by_key(|(entry, _)| entry.is_exclusion);
    let mut seen: FxHashSet<&Pattern> = FxHashSet::default();
    let mut last: Vec<(&Entry, &Pattern)> = (entries.into_iter().rev())
        .filter(|(_, pattern)| seen.insert(pattern))
        .collect();
    last.reverse();
    let mut all = Vec::with_capacity(last.len());
    let mut last = last.into_iter().peekable();
    while let Some((entry, pattern)) = last.next() {
        let whole = last.peek().and_then(|next| whole((entry, pattern), *next));
        all.push(match whole {
            None => keep(entry, &entry.text, pattern)?,
            Some((text, pattern)) => Kept {
                joined: last.next().map(|(next, _)| next.line),
                ..keep(entry, text, &pattern)?
            },
        });
    }
    let dead = below::leave_out_what_is_tracked(&mut all, paths)?;
    all.retain(|each| !dead.contains(&each.entry.line));
    say_once(&mut all);
    Ok(Lines { kept: all, dead })
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

/// What two lines of GitLab say together, and the text for it: `/a` and `/a/`, which is what is
/// there and what is below it, are `/a` here.
fn whole<'f>(
    (a, one): (&'f Entry, &Pattern),
    (b, other): (&'f Entry, &Pattern),
) -> Option<(&'f str, Pattern)> {
    let is_same_rule = !a.is_exclusion && !b.is_exclusion && key(&a.owners) == key(&b.owners);
    let (text, there, below) = match one.tail() {
        Gap::NONE => (&a.text, one, other),
        _ => (&b.text, other, one),
    };
    let is_pair = there.tail() == Gap::NONE && there.with_tail(Gap::SOME) == *below;
    let whole = there.with_tail(Gap::ANY);
    (is_same_rule && is_pair && is_sayable(&whole)).then_some((text, whole))
}

/// Whether any path can match: GitHub takes `./a`, and no path is called that.
pub(super) fn can_match(entry: &Entry) -> bool {
    entry.pattern.as_ref().is_some_and(is_possible)
}

fn is_possible(pattern: &Pattern) -> bool {
    let text = pattern.to_string();
    !text
        .split('/')
        .any(|segment| segment == "." || segment == "..")
}

fn keep<'f>(entry: &'f Entry, text: &'f str, pattern: &Pattern) -> Result<Kept<'f>, ImportError> {
    let refused = |reason: String| ImportError::Line {
        line: entry.line,
        reason,
    };
    let exact = choices(pattern).map_err(refused)?;
    let mut whole = Vec::with_capacity(exact.len());
    for each in &exact {
        // One that ends at a name stands here for what is below it too.
        let sayable = [each.clone(), each.with_tail(Gap::ANY)];
        let Some(sayable) = sayable.into_iter().find(is_sayable) else {
            return Err(refused(format!(
                "owners.toml has no way to write the pattern {text:?}"
            )));
        };
        whole.push(sayable);
    }
    Ok(Kept {
        entry,
        owners: &entry.owners,
        text,
        joined: None,
        exact,
        whole,
        rules: Vec::new(),
        form: Form::General,
        is_widened: false,
    })
}

/// The patterns that a pattern stands for by the choices of its classes, which `owners.toml` has none
/// of.
fn choices(pattern: &Pattern) -> Result<Vec<Pattern>, String> {
    let too_many = || {
        format!(
            "the forge takes it, but its classes stand for more than {MAX_CHOICES} patterns, and owners.toml has no classes"
        )
    };
    let mut count = 1;
    let mut classes = Vec::new();
    for class in pattern.classes() {
        if class.is_negated() {
            return Err(
                "the forge takes it, but owners.toml has no way to say `any character but these`"
                    .into(),
            );
        }
        let characters = class.characters(MAX_CHOICES).ok_or_else(too_many)?;
        count *= characters.len();
        if count > MAX_CHOICES {
            return Err(too_many());
        }
        classes.push(characters);
    }
    let choice = |index: usize| {
        let mut left = index;
        let mut places = classes.iter().rev().map(|characters| {
            let place = left % characters.len();
            left /= characters.len();
            characters[place]
        });
        let mut chosen: Vec<char> = places.by_ref().collect();
        pattern.map_classes(|_| chosen.pop().map_or(OneOf::Nothing, OneOf::Char))
    };
    Ok((0..count).filter_map(choice).filter(is_possible).collect())
}

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
