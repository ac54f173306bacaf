//! From the changes that findings ask for to the text of one file.
//!
//! What starts where is found in the text itself, which says more than the configuration read from
//! it: how a table is written, and where its entries end.

use std::collections::HashSet;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{alternatives, entries};
use crate::config::Text;
use crate::pattern::alternation::Alternation;

/// What is to go from a file, by where its key or string starts.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// What goes as a whole.
    pub(super) whole: FxHashSet<usize>,
    /// Of which patterns which alternatives go.
    pub(super) alternatives: FxHashMap<usize, FxHashSet<u32>>,
}

/// A file without what was to go.
pub(super) struct Edited {
    pub(super) text: String,
    /// The patterns that have to stay whole: where they start, and why.
    pub(super) kept: FxHashMap<usize, String>,
}

/// Removes what is to go from a text that is a sound configuration.
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
    let mut edited = cut(text, cuts);
    // A file ends as it did: with a newline or without.
    let end = &text[text.trim_end().len()..];
    edited.truncate(edited.trim_end().len());
    edited.push_str(end);
    // Where no rule is left and no header was there, the table that must be there is gone.
    let goes = |key: &Spanned<DeString<'_>>| editor.removals.whole.contains(&key.span().start);
    let has_paths =
        |text: &str| DeTable::parse(text).is_ok_and(|root| root.get_ref().contains_key("paths"));
    if paths.is_some_and(|paths| paths.keys().all(goes)) && !has_paths(&edited) {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        if !edited.is_empty() && !edited.ends_with('\n') {
            edited.push_str(newline);
        }
        edited.push_str("[paths]");
        edited.push_str(newline);
    }
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
        let mut keys: Vec<Text> = (paths.keys())
            .map(|key| Text {
                value: key.get_ref().to_string(),
                span: key.span(),
            })
            .collect();
        keys.sort_by_key(|key| key.span.start);
        let taken: HashSet<&str> = keys.iter().map(|key| key.value.as_str()).collect();
        let mut new: HashSet<String> = HashSet::new();
        for key in &keys {
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

    /// Whether a rule consists of several dotted keys, all of which start with its pattern.
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

    /// Shrinks the entries of `except`, which goes itself when nothing is left of it.
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

    /// What must go from the value of `pattern`; if all of it, the pattern goes as a whole.
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

    /// Cuts parts of a string, given in its value, from the text, whatever quotes and escapes it has.
    fn cut_in(&mut self, string: &Text, parts: Vec<Range<usize>>) {
        let text = self.text;
        let located = parts.into_iter().map(|part| string.locate(text, part));
        self.cuts.extend(located);
    }
}

/// A text without some of its bytes. A line of which nothing but blanks is left goes as well.
pub(super) fn cut(text: &str, mut cuts: Vec<Range<usize>>) -> String {
    cuts.sort_by_key(|cut| cut.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for cut in cuts {
        match merged.last_mut() {
            Some(last) if last.end >= cut.start => last.end = last.end.max(cut.end),
            _ => merged.push(cut),
        }
    }
    let mut left = String::with_capacity(text.len());
    let mut end = 0;
    for cut in merged {
        left.push_str(&text[end..cut.start]);
        end = cut.end;
        let line = left.rfind('\n').map_or(0, |newline| newline + 1);
        let behind = text[end..].find('\n').map(|newline| end + newline + 1);
        if let Some(next) = behind
            && !text[..end].ends_with('\n')
            && left[line..].trim().is_empty()
            && text[end..next].trim().is_empty()
        {
            left.truncate(line);
            end = next;
        }
    }
    left.push_str(&text[end..]);
    left
}
