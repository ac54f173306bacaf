//! Folding: joins neighbouring rules with the same owners into one rule with alternatives.

use super::kept::key;
use super::reading::PathsItem;
use crate::owner::Owner;

/// The maximum number of patterns in a folded rule. More would be unreadable.
const MAX_FOLDED: usize = 12;
/// The maximum length of a folded pattern.
const MAX_WIDTH: usize = 80;
/// The characters of a rule besides its pattern and value: quotes, the equals sign, the line end.
const RULE: usize = 6;

/// Joins neighbouring rules that have the same owners and whose patterns differ in one segment.
/// Rules separated by a blank line are not joined, unless each of them is a paragraph of its own.
pub(super) fn folded(items: Vec<PathsItem<'_>>) -> Vec<PathsItem<'_>> {
    let mut folded: Vec<PathsItem<'_>> = Vec::new();
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        let is_last = items.peek().is_none_or(is_blank);
        let before = match folded.as_slice() {
            [.., above, last, PathsItem::Blank] if is_last && is_blank(above) => Some((last, 1)),
            [last, PathsItem::Blank] if is_last => Some((last, 1)),
            [.., last] => Some((last, 0)),
            [] => None,
        };
        let joined = before.and_then(|(last, blanks)| Some((joined(last, &item)?, blanks)));
        match joined {
            Some((joined, blanks)) => {
                folded.truncate(folded.len() - 1 - blanks);
                folded.push(joined);
            }
            None => folded.push(item),
        }
    }
    folded
}

fn is_blank(item: &PathsItem<'_>) -> bool {
    matches!(item, PathsItem::Blank)
}

/// Joins two rules if that is possible and shorter.
fn joined<'f>(a: &PathsItem<'f>, b: &PathsItem<'f>) -> Option<PathsItem<'f>> {
    let (owners, a) = foldable(a)?;
    let (other_owners, b) = foldable(b)?;
    if key(owners) != key(other_owners) || a.len() + b.len() > MAX_FOLDED {
        return None;
    }
    let patterns = [a, b].concat();
    let apart = braced(a).len() + braced(b).len();
    let folded = braced(&patterns).len();
    (vary_in_same_segment(&patterns) && folded <= MAX_WIDTH && folded < apart + RULE).then(|| {
        PathsItem::Rule {
            patterns,
            except: Vec::new(),
            owners,
            note: String::new(),
        }
    })
}

/// The owners and patterns of a rule without exceptions and comment.
fn foldable<'p, 'f>(item: &'p PathsItem<'f>) -> Option<(&'f [Owner], &'p [String])> {
    match item {
        PathsItem::Rule {
            patterns,
            except,
            owners,
            note,
        } if except.is_empty() && note.is_empty() => Some((owners, patterns)),
        _ => None,
    }
}

/// The index of the only segment in which two patterns differ. `None` if they differ in more
/// segments.
fn varying_segment(a: &str, b: &str) -> Option<usize> {
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

/// Whether all patterns differ from the first in the same segment only.
fn vary_in_same_segment(patterns: &[String]) -> bool {
    let mut segments = patterns[1..]
        .iter()
        .map(|pattern| varying_segment(&patterns[0], pattern));
    let Some(Some(first)) = segments.next() else {
        return false;
    };
    segments.all(|place| place == Some(first))
}

/// Writes `/a/x`, `/a/y` as `/a/{x,y}`. Patterns that differ in more segments become alternatives
/// as a whole.
pub(super) fn braced(patterns: &[String]) -> String {
    let [first, rest @ ..] = patterns else {
        return String::new();
    };
    if rest.is_empty() {
        return first.clone();
    }
    if !vary_in_same_segment(patterns) {
        let patterns: Vec<String> = patterns.iter().map(|each| escape_commas(each)).collect();
        return format!("{{{}}}", patterns.join(","));
    }
    let place = varying_segment(first, &rest[0]).unwrap_or(0);
    let segments: Vec<&str> = first.split('/').collect();
    let choices: Vec<&str> = patterns
        .iter()
        .map(|pattern| pattern.split('/').nth(place).unwrap_or_default())
        .collect();
    // `*.{rs,toml}` reads better than `{*.rs,*.toml}`. Names are not split.
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

/// Escapes commas, which separate alternatives inside braces.
fn escape_commas(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == ',' {
            escaped.push('\\');
        }
        escaped.push(character);
        if character == '\\' {
            escaped.extend(characters.next());
        }
    }
    escaped
}
