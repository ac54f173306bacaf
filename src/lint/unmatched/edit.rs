//! Finds the edit of a pattern's text that gives it another meaning.
//!
//! The text may have alternatives and escapes, so an edit is a guess. Each guess is expanded, and is
//! accepted only if all patterns that match something stay, and the wanted one is among the new
//! ones.

use std::ops::Range;

use super::Whole;
use crate::pattern::alternation::Unexpanded;
use crate::pattern::{Glob, Pattern};

/// The maximum number of characters that all guesses together may expand to.
const MAX_WORK: usize = 2_000_000;
/// The maximum number of places in a text that are tried.
const MAX_PLACES: usize = 5;

/// The remaining work for guesses.
pub(super) struct EditBudget {
    work_left: usize,
}

impl Default for EditBudget {
    fn default() -> Self {
        EditBudget {
            work_left: MAX_WORK,
        }
    }
}

/// A replacement in the text of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TextEdit {
    pub(super) range: Range<usize>,
    pub(super) new: String,
}

impl TextEdit {
    /// The text with the replacement made.
    pub(super) fn apply(&self, text: &str) -> String {
        let Range { start, end } = self.range;
        [&text[..start], &self.new, &text[end..]].concat()
    }
}

/// The edit in `part` of the text that replaces the path `from` by `to`, so that the text expands to
/// `wanted` as well.
pub(super) fn replace_path(
    whole: &Whole<'_>,
    part: &Range<usize>,
    (from, to): (&str, &str),
    wanted: &Pattern,
    budget: &mut EditBudget,
) -> Option<TextEdit> {
    let text = &whole.text.value;
    let (old, new) = differing_names(from, to);
    let (old_word, new_word) = differing_words(&old, &new);
    let places = |old: &'_ str, new: &'_ str| -> Vec<TextEdit> {
        let places = text[part.clone()].match_indices(old).take(MAX_PLACES);
        let edit = |(at, _): (usize, &str)| TextEdit {
            range: part.start + at..part.start + at + old.len(),
            new: escaped(new),
        };
        places.map(edit).collect()
    };
    // If the part is inside of a name, such as `htpp` in `wasi-{htpp,nn}`, the text around it must
    // stay.
    let inner = &text[part.clone()];
    let around = from.match_indices(inner).filter_map(|(at, _)| {
        let behind = &from[at + inner.len()..];
        let new = to.strip_prefix(&from[..at])?.strip_suffix(behind)?;
        Some(TextEdit {
            range: part.clone(),
            new: escaped(new),
        })
    });
    let guesses = (places(&old, &new).into_iter())
        .chain(around.take(MAX_PLACES))
        .chain(places(old_word, new_word));
    guesses.collect::<Vec<_>>().into_iter().find(|edit| {
        let expanded = expand(whole, &edit.apply(text), budget);
        expanded.is_some_and(|patterns| patterns.contains(wanted))
    })
}

/// What a new text of a pattern expands to. `None` if it has errors, or if a pattern that matches
/// something would be lost.
pub(super) fn expand(
    whole: &Whole<'_>,
    text: &str,
    budget: &mut EditBudget,
) -> Option<Vec<Pattern>> {
    let unexpanded = Unexpanded::read(text).ok()?;
    let work = unexpanded.length + text.len();
    budget.work_left = budget.work_left.checked_sub(work)?;
    let expansions = unexpanded.expand().ok()?.expansions.into_iter();
    let patterns: Vec<Pattern> = expansions
        .map(|each| match whole.directory {
            "" => each.pattern,
            directory => each.pattern.below(directory),
        })
        .collect();
    // They are in the same order, so each search goes on where the last one ended.
    let mut left = patterns.iter();
    let keeps = |old: &Pattern| left.any(|new| new == old);
    whole.live().all(keeps).then_some(patterns)
}

/// The names of two paths between those that they have in common at the start and at the end.
/// Neither is empty.
fn differing_names(from: &str, to: &str) -> (String, String) {
    let (mut a, mut b): (Vec<&str>, Vec<&str>) =
        (from.split('/').collect(), to.split('/').collect());
    while a.len() > 1 && b.len() > 1 && a.last() == b.last() {
        a.pop();
        b.pop();
    }
    let pairs = a.iter().zip(&b);
    let common = pairs.take_while(|(a, b)| a == b).count();
    let common = common.min(a.len() - 1).min(b.len() - 1);
    (a[common..].join("/"), b[common..].join("/"))
}

/// The words of two texts between those that they have in common at the start and at the end. The
/// old one is not empty.
fn differing_words<'t>(old: &'t str, new: &'t str) -> (&'t str, &'t str) {
    let is_separator = |character: char| !character.is_alphanumeric();
    let pairs = old.char_indices().zip(new.chars());
    let common = pairs.take_while(|((_, a), b)| a == b).last();
    let same = common.map_or(0, |((at, character), _)| at + character.len_utf8());
    let last = old[..same].rmatch_indices(is_separator).next();
    let start = last.map_or(0, |(at, separator)| at + separator.len());
    let pairs = old[start..].chars().rev().zip(new[start..].chars().rev());
    let same: usize = (pairs.take_while(|(a, b)| a == b))
        .map(|(character, _)| character.len_utf8())
        .sum();
    let behind = &old[old.len() - same..];
    let end = behind.find(is_separator).map_or(0, |at| behind.len() - at);
    let old = &old[start..old.len() - end];
    if old.is_empty() {
        return (old, new);
    }
    (old, &new[start..new.len() - end])
}

/// A path as it is written in a pattern.
fn escaped(path: &str) -> String {
    let names = path.split('/').map(|name| Glob::literal(name).to_string());
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ() {
        for (old, new, word, new_word) in [
            ("wasi-htpp", "wasi-http", "htpp", "http"),
            ("a-b-c", "a-x-c", "b", "x"),
            ("abc", "axc", "abc", "axc"),
            ("a-b", "a-é", "b", "é"),
            // The accent is a character that separates.
            ("e\u{301}b", "e\u{301}c", "b", "c"),
            ("be\u{301}", "ce\u{301}", "be", "ce"),
            ("a.yml", "a.yaml", "yml", "yaml"),
        ] {
            assert_eq!(differing_words(old, new), (word, new_word), "{old} {new}");
        }
    }

    #[test]
    fn names_that_differ() {
        for (from, to, old, new) in [
            ("crates/b", "crates/bee", "b", "bee"),
            ("a/x/b", "a/y/b", "x", "y"),
            ("a/b", "a/c/b", "a", "a/c"),
            ("a/c/b", "a/b", "a/c", "a"),
            ("a", "b/a", "a", "b/a"),
            ("a/b", "c", "a/b", "c"),
        ] {
            assert_eq!(
                differing_names(from, to),
                (old.to_string(), new.to_string()),
                "{from} {to}"
            );
        }
    }
}
