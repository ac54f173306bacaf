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
use crate::config::Text;
use crate::config::edit::completed;
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

/// Edits a text that is a valid configuration.
pub(super) fn edit(text: &str, removals: Removals) -> Edited {
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
        kept: FxHashMap::default(),
    };
    let paths = root
        .get("paths")
        .and_then(|paths| paths.get_ref().as_table());
    if let Some(paths) = paths {
        editor.rules(paths);
    }
    let mut cuts = entries::cuts(text, &root, &editor.removals.whole);
    cuts.append(&mut editor.cuts);
    let edited = completed(text, cut(text, cuts));
    Edited {
        text: edited,
        kept: editor.kept,
    }
}

struct Editor<'t> {
    text: &'t str,
    removals: Removals,
    cuts: Vec<Range<usize>>,
    kept: FxHashMap<usize, String>,
}

impl Editor<'_> {
    fn rules(&mut self, paths: &DeTable<'_>) {
        let mut keys: Vec<Text> = paths
            .keys()
            .map(|key| Text {
                value: key.get_ref().to_string(),
                span: key.span(),
            })
            .collect();
        keys.sort_by_key(|key| key.span.start);
        let taken: HashSet<&str> = keys.iter().map(|key| key.value.as_str()).collect();
        let mut new: HashSet<String> = HashSet::new();
        let whole = self.removals.whole.clone();
        for key in keys.iter().filter(|key| !whole.contains(&key.span.start)) {
            let Some(cuts) = self.shrink(key) else {
                continue;
            };
            let value = cut(&key.value, cuts.clone());
            let reason = if self.is_scattered(key, paths) {
                "its pattern is written more than once".to_string()
            } else if taken.contains(value.as_str()) || new.contains(&value) {
                format!("`{}` would be written twice", value.escape_debug())
            } else {
                new.insert(value);
                self.cut_in(key, cuts);
                continue;
            };
            self.kept.insert(key.span.start, reason);
        }
        for (key, value) in paths {
            if let Some(rule) = value.get_ref().as_table()
                && !self.removals.whole.contains(&key.span().start)
            {
                self.exceptions(rule);
            }
        }
    }

    /// Whether a rule consists of several dotted keys that each repeat its pattern.
    fn is_scattered(&self, key: &Text, paths: &DeTable<'_>) -> bool {
        paths.get(key.value.as_str()).is_some_and(|value| {
            let is_dotted = value.span().start == key.span.start;
            is_dotted
                && value
                    .get_ref()
                    .as_table()
                    .is_some_and(|table| table.len() > 1)
        })
    }

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
            if let Some(cuts) = self.shrink(&text) {
                self.cut_in(&text, cuts);
            }
            is_left |= !self.removals.whole.contains(&entry.span().start);
        }
        if !is_left {
            self.removals.whole.insert(key.span().start);
        }
    }

    /// The ranges to remove from the value of `pattern`. If nothing would be left, marks the
    /// pattern for complete removal.
    fn shrink(&mut self, pattern: &Text) -> Option<Vec<Range<usize>>> {
        let start = pattern.span.start;
        let gone = self.removals.alternatives.get(&start)?;
        let parsed = Alternation::parse(&pattern.value).ok()?;
        let cuts = alternatives::cuts(&pattern.value, &parsed.alternatives, gone);
        if cuts.is_none() {
            self.removals.whole.insert(start);
        }
        cuts.filter(|cuts| !cuts.is_empty())
    }

    /// Removes parts of a string from the text. The parts are ranges of its value; quotes and
    /// escapes are accounted for.
    fn cut_in(&mut self, string: &Text, parts: Vec<Range<usize>>) {
        let text = self.text;
        let located = parts.into_iter().map(|part| string.locate(text, part));
        self.cuts.extend(located);
    }
}
