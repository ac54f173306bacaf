//! Folding: joins neighbouring rules with the same owners into one rule with alternatives, where
//! that reads better.
//!
//! ```text
//! Tasks/AzureCLIV1/        Tasks/AzureCLIV{1,2}/     names with a common stem
//! Tasks/AzureCLIV2/
//! crates/wasi              crates/{wasi,wasi-http}   the stem is a name by itself
//! crates/wasi-http
//! /src/                    /{src,tests}/             a whole paragraph of other names
//! /tests/
//! ```
//!
//! All neighbours of a family are joined, or none: a line that gets too long is not split. Other
//! names are joined only if they are a whole run of neighbours without a blank line between.

use super::kept::key;
use super::reading::PathsItem;
use crate::owner::Owner;

/// The maximum number of patterns in a folded rule. More would be unreadable.
const MAX_FOLDED: usize = 24;
/// The maximum length of a folded pattern.
const MAX_WIDTH: usize = 80;
/// The minimum length of a stem before a number.
const MIN_STEM: usize = 3;
/// The maximum number of digits after a stem. A longer number is a part of the name, such as that of
/// a device.
const MAX_DIGITS: usize = 2;

/// Joins neighbouring rules that have the same owners and whose patterns differ in one segment.
/// Rules separated by a blank line are joined only if each of them is a paragraph of its own.
pub(super) fn folded<'f>(items: &[PathsItem<'f>]) -> Vec<PathsItem<'f>> {
    let mut folded = Vec::with_capacity(items.len());
    let mut rest = items;
    while let [first, ..] = rest {
        let run = Run::at_start(&folded, rest);
        if run.rules.len() < 2 {
            folded.push(first.clone());
            rest = &rest[1..];
            continue;
        }
        let joined = run.families();
        // Rules that stay apart keep the blank lines between them.
        for (index, rule) in joined.into_iter().enumerate() {
            if index > 0 && run.is_spaced {
                folded.push(PathsItem::Blank);
            }
            folded.push(rule);
        }
        rest = &rest[run.length..];
    }
    folded
}

fn is_blank(item: &PathsItem<'_>) -> bool {
    matches!(item, PathsItem::Blank)
}

/// Neighbouring rules with the same owners, whose patterns all differ in the same segment.
struct Run<'p, 'f> {
    owners: &'f [Owner],
    rules: Vec<&'p str>,
    /// The segment in which the patterns differ.
    segment: usize,
    /// Whether each rule is a paragraph of its own.
    is_spaced: bool,
    /// The number of items.
    length: usize,
}

impl<'p, 'f> Run<'p, 'f> {
    /// The longest run at the start of `rest`, which follows `before`.
    fn at_start(before: &[PathsItem<'f>], rest: &'p [PathsItem<'f>]) -> Self {
        let mut run = Run {
            owners: &[],
            rules: Vec::new(),
            segment: 0,
            is_spaced: false,
            length: 0,
        };
        let Some((owners, first)) = rest.first().and_then(foldable) else {
            return run;
        };
        run.owners = owners;
        run.rules.push(first);
        run.length = 1;
        let starts_paragraph = before.last().is_none_or(is_blank);
        run.is_spaced = starts_paragraph && rest.get(1).is_some_and(is_blank);
        let key = key(owners);
        let step = if run.is_spaced { 2 } else { 1 };
        while let Some((other, pattern)) = rest.get(run.length - 1 + step).and_then(foldable) {
            let next = run.length + step;
            // The blank line after a rule tells that it is a paragraph of its own.
            let is_same_kind = match run.is_spaced {
                true => rest.get(next).is_none_or(is_blank),
                false => true,
            };
            let place = varying_segment(first, pattern);
            let is_same_segment =
                place.is_some() && (run.rules.len() == 1 || place == Some(run.segment));
            if !is_same_kind || !is_same_segment || super::kept::key(other) != key {
                break;
            }
            run.segment = place.unwrap_or(0);
            run.rules.push(pattern);
            run.length = next;
        }
        run
    }

    /// The rules, with the families among them joined.
    fn families(&self) -> Vec<PathsItem<'f>> {
        let names: Vec<&str> = self
            .rules
            .iter()
            .map(|pattern| pattern.split('/').nth(self.segment).unwrap_or_default())
            .collect();
        let mut families: Vec<std::ops::Range<usize>> = Vec::new();
        for index in 0..names.len() {
            match families.last_mut() {
                Some(family) if are_related(names[family.start], names[index]) => {
                    family.end = index + 1;
                }
                _ => families.push(index..index + 1),
            }
        }
        let has_family = families.iter().any(|family| family.len() > 1);
        if !has_family && !self.is_spaced {
            families.clear();
            families.push(0..names.len());
        }
        let mut items = Vec::with_capacity(families.len());
        for family in families {
            let patterns: Vec<String> =
                self.rules[family].iter().map(|&each| each.into()).collect();
            let is_readable = patterns.len() <= MAX_FOLDED && braced(&patterns).len() <= MAX_WIDTH;
            if is_readable {
                items.push(self.rule(patterns));
            } else {
                items.extend(patterns.into_iter().map(|each| self.rule(vec![each])));
            }
        }
        items
    }

    fn rule(&self, patterns: Vec<String>) -> PathsItem<'f> {
        PathsItem::Rule {
            patterns,
            except: Vec::new(),
            owners: self.owners,
            adds: false,
            comment: String::new(),
        }
    }
}

/// The owners and the pattern of a rule without exceptions and comment.
fn foldable<'p, 'f>(item: &'p PathsItem<'f>) -> Option<(&'f [Owner], &'p str)> {
    match item {
        PathsItem::Rule {
            patterns,
            except,
            owners,
            adds: false,
            comment,
        } if except.is_empty() && comment.is_empty() => match patterns.as_slice() {
            [only] => Some((owners, only)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two names belong to one family: they differ in a number at their end, or they have the
/// same first word.
fn are_related(a: &str, b: &str) -> bool {
    match (before_number(a), before_number(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => {
            let (first, other) = (first_word(a), first_word(b));
            first == other && first.chars().any(|c| c.is_alphanumeric() || c == '*')
        }
        _ => false,
    }
}

/// The stem of a name that ends in a short number.
fn before_number(name: &str) -> Option<&str> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - stem.len();
    (stem.len() >= MIN_STEM && (1..=MAX_DIGITS).contains(&digits)).then_some(stem)
}

/// The first word of a name, with the separators before it.
fn first_word(name: &str) -> &str {
    let is_separator = |c: char| matches!(c, '-' | '_' | '.');
    let start = name.len() - name.trim_start_matches(is_separator).len();
    let length = name[start..].find(is_separator);
    &name[..length.map_or(name.len(), |length| start + length)]
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
    let mut segments: Vec<&str> = first.split('/').collect();
    let names: Vec<&str> = patterns
        .iter()
        .map(|pattern| pattern.split('/').nth(place).unwrap_or_default())
        .collect();
    let (start, end) = common_ends(&names);
    let different: Vec<&str> = names
        .iter()
        .map(|name| &name[start..name.len() - end])
        .collect();
    let varying = format!(
        "{}{{{}}}{}",
        &names[0][..start],
        different.join(","),
        &names[0][names[0].len() - end..]
    );
    segments[place] = &varying;
    segments.join("/")
}

/// The lengths of what all names start and end with, in whole words. `*.{rs,toml}` reads better than
/// `{*.rs,*.toml}`, but `{wasi,wasi-http}` better than `wasi{,-http}`: so no alternative is empty.
fn common_ends(names: &[&str]) -> (usize, usize) {
    let related = names[1..].iter().all(|name| are_related(names[0], name));
    if !related {
        return (0, 0);
    }
    if names.iter().all(|name| before_number(name).is_some()) {
        return (before_number(names[0]).unwrap_or_default().len(), 0);
    }
    let is_separator = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
    let bytes: Vec<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
    let first = bytes[0];
    let shared = |is_same: &dyn Fn(&[u8], usize) -> bool| {
        (0..first.len())
            .take_while(|&at| {
                bytes
                    .iter()
                    .all(|name| at < name.len() && is_same(name, at))
            })
            .count()
    };
    let start = shared(&|name, at| name[at] == first[at]);
    let end = shared(&|name, at| name[name.len() - 1 - at] == first[first.len() - 1 - at]);
    // Cut back to whole words, with the separators outside of the braces.
    let start = (0..=start)
        .rev()
        .find(|&at| at == 0 || is_separator(first[at - 1]))
        .unwrap_or(0);
    let end = (0..=end)
        .rev()
        .find(|&at| at == 0 || is_separator(first[first.len() - at]))
        .unwrap_or(0);
    let leaves_something = |end: usize| bytes.iter().all(|name| start + end < name.len());
    match (leaves_something(end), leaves_something(0)) {
        (true, _) => (start, end),
        (false, true) => (start, 0),
        (false, false) => (0, 0),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives() {
        for (patterns, expected) in [
            (
                &["T/CliV1/", "T/CliV2/", "T/CliV10/"][..],
                "T/CliV{1,2,10}/",
            ),
            (&["c/wasi", "c/wasi-http"], "c/{wasi,wasi-http}"),
            (&["c/wasi-http", "c/wasi-nn"], "c/wasi-{http,nn}"),
            (&["*.rs", "*.toml"], "*.{rs,toml}"),
            (&["setup.py", "setup.cfg"], "setup.{py,cfg}"),
            (&["d.base.yml", "d.gpu.yml"], "d.{base,gpu}.yml"),
            (&["d.yml", "d.gpu.yml"], "d.{yml,gpu.yml}"),
            (&["/src/", "/tests/"], "/{src,tests}/"),
            (&["/as/", "/asm/"], "/{as,asm}/"),
            (&["/a/x", "/b/y"], "{/a/x,/b/y}"),
            (&["/a/x,y", "/b/z"], r"{/a/x\,y,/b/z}"),
            (&["/é-a", "/é-ü"], "/é-{a,ü}"),
        ] {
            let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
            assert_eq!(braced(&patterns), expected);
        }
    }
}
