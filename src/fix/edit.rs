//! Edits the text of one file as the fixes of findings require.
//!
//! Positions are found in the text itself. It says more than the configuration read from it: how a
//! table is written, and where its entries end.

use std::collections::HashSet;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::alternatives;
use crate::config::edit::completed;
use crate::config::{Config, RuleEntry, Text};
use crate::pattern::alternation::Alternation;
use crate::text::toml::entries;
use crate::text::toml::splice::cut;

/// What to remove from a file. Items are identified by the offset of their key or string.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// Items to remove completely.
    pub(super) whole: FxHashSet<usize>,
    /// For each pattern, the alternatives to remove.
    pub(super) alternatives: FxHashMap<usize, FxHashSet<u32>>,
}

/// An edited file.
pub(super) struct Edited {
    pub(super) text: String,
    /// The patterns that were left unchanged, by offset, with the reason.
    pub(super) kept: FxHashMap<usize, String>,
}

/// Edits the text of a configuration.
pub(super) fn edit(text: &str, config: &Config, removals: Removals) -> Edited {
    let Ok(root) = DeTable::parse(text).map(Spanned::into_inner) else {
        return Edited {
            text: text.to_string(),
            kept: FxHashMap::default(),
        };
    };
    let mut editor = Editor {
        text,
        removals,
        cuts: Vec::new(),
    };
    let Shrunk { cuts, whole, kept } = shrunk(config, &editor.removals);
    for (pattern, parts) in cuts {
        editor.cut_in(pattern, parts);
    }
    editor.removals.whole.extend(whole);
    let paths = root
        .get("paths")
        .and_then(|paths| paths.get_ref().as_table());
    for (key, value) in paths.into_iter().flatten() {
        if let Some(rule) = value.get_ref().as_table()
            && !editor.removals.whole.contains(&key.span().start)
        {
            editor.exceptions(rule);
        }
    }
    let mut cuts = entries::cuts(text, &root, &editor.removals.whole);
    cuts.append(&mut editor.cuts);
    let edited = completed(text, cut(text, cuts));
    Edited { text: edited, kept }
}

/// What becomes of the patterns of rules that lose alternatives.
#[derive(Default)]
pub(super) struct Shrunk<'c> {
    /// The ranges of their values that go.
    cuts: Vec<(&'c Text, Vec<Range<usize>>)>,
    /// The offsets of those of which nothing is left.
    whole: Vec<usize>,
    /// Those that are left unchanged, by offset, with the reason.
    pub(super) kept: FxHashMap<usize, String>,
}

/// Removes alternatives from the patterns of rules. This needs only the configuration.
pub(super) fn shrunk<'c>(config: &'c Config, removals: &Removals) -> Shrunk<'c> {
    let mut shrunk = Shrunk::default();
    let loses = |rule: &&RuleEntry| {
        let start = rule.pattern.span.start;
        removals.alternatives.contains_key(&start) && !removals.whole.contains(&start)
    };
    let mut rules = config.rules.iter().filter(loses).peekable();
    if rules.peek().is_none() {
        return shrunk;
    }
    let all = config.rules.iter().map(|rule| rule.pattern.value.as_str());
    let taken: HashSet<&str> = all.collect();
    let mut new: HashSet<String> = HashSet::new();
    for rule in rules {
        let pattern = &rule.pattern;
        let start = pattern.span.start;
        let Some(cuts) = cuts_of(pattern, removals) else {
            shrunk.whole.push(start);
            continue;
        };
        if cuts.is_empty() {
            continue;
        }
        let value = cut(&pattern.value, cuts.clone());
        let reason = if is_scattered(rule) {
            "its pattern is written more than once".to_string()
        } else if taken.contains(value.as_str()) || new.contains(&value) {
            format!("`{}` would be written twice", value.escape_debug())
        } else {
            new.insert(value);
            shrunk.cuts.push((pattern, cuts));
            continue;
        };
        shrunk.kept.insert(start, reason);
    }
    shrunk
}

/// The ranges to remove from the value of a pattern. `None` if nothing would be left.
fn cuts_of(pattern: &Text, removals: &Removals) -> Option<Vec<Range<usize>>> {
    let gone = removals.alternatives.get(&pattern.span.start);
    let parsed = Alternation::parse(&pattern.value).ok();
    match (gone, parsed) {
        (Some(gone), Some(parsed)) => {
            alternatives::cuts(&pattern.value, &parsed.alternatives, gone)
        }
        _ => Some(Vec::new()),
    }
}

/// Whether a rule consists of several dotted keys that each repeat its pattern.
fn is_scattered(rule: &RuleEntry) -> bool {
    // The value of a dotted key is a table with the span of the key.
    let is_dotted = rule.span == rule.pattern.span;
    let only_notifies = rule.adds && rule.owners.is_empty();
    let lists = [
        !only_notifies,
        !rule.except.is_empty(),
        !rule.notify.is_empty(),
    ];
    is_dotted && lists.iter().filter(|&&is_there| is_there).count() > 1
}

struct Editor<'t> {
    text: &'t str,
    removals: Removals,
    cuts: Vec<Range<usize>>,
}

impl Editor<'_> {
    /// Edits the entries of `except`. Removes `except` if no entry is left.
    fn exceptions(&mut self, rule: &DeTable<'_>) {
        let Some((key, except)) = rule.get_key_value("except") else {
            return;
        };
        let entries = match except.get_ref() {
            DeValue::Array(array) => array.iter().collect(),
            _ => vec![except],
        };
        let mut is_left = entries.is_empty();
        for entry in entries {
            let text = Text {
                value: entry.get_ref().as_str().unwrap_or_default().to_string(),
                span: entry.span(),
            };
            match cuts_of(&text, &self.removals) {
                Some(cuts) => self.cut_in(&text, cuts),
                None => {
                    self.removals.whole.insert(text.span.start);
                }
            }
            is_left |= !self.removals.whole.contains(&entry.span().start);
        }
        if !is_left {
            self.removals.whole.insert(key.span().start);
        }
    }

    /// Removes parts of a string from the text. The parts are ranges of its value; quotes and
    /// escapes are accounted for.
    fn cut_in(&mut self, string: &Text, parts: Vec<Range<usize>>) {
        let text = self.text;
        let located = parts.into_iter().map(|part| string.locate(text, part));
        self.cuts.extend(located);
    }
}
