//! Chooses the lines of the file that become rules, and their patterns.

use rustc_hash::FxHashSet;

use super::kept::{ChosenLines, KeptLine, LineForm, drop_repeated_patterns, is_expressible, key};
use super::{ImportError, below, negated};
use crate::codeowners::{File, FileLine};
use crate::paths::PathSet;
use crate::pattern::{Gap, OneOf, Pattern};

/// The maximum number of exceptions for the negated classes of one line.
const MAX_EXCLUDED: usize = 100;
/// The maximum number of patterns that the classes of one line (`[a-z]`) expand to.
const MAX_CHOICES: usize = 1000;

/// Chooses the lines that become rules.
pub(super) fn choose_lines<'f>(
    file: &'f File,
    paths: &PathSet,
) -> Result<ChosenLines<'f>, ImportError> {
    let mut entries: Vec<(&FileLine, &Pattern)> = file
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
    let mut last: Vec<(&FileLine, &Pattern)> = entries
        .into_iter()
        .rev()
        .filter(|(_, pattern)| seen.insert(pattern))
        .collect();
    last.reverse();
    let mut all = Vec::with_capacity(last.len());
    let mut last = last.into_iter().peekable();
    while let Some((entry, pattern)) = last.next() {
        let whole = last.peek().and_then(|next| whole((entry, pattern), *next));
        all.push(match whole {
            None => keep(entry, &entry.text, pattern)?,
            Some((text, pattern)) => KeptLine {
                joined: last.next().map(|(next, _)| next.line),
                ..keep(entry, text, &pattern)?
            },
        });
    }
    let dead = below::except_tracked_below(&mut all, paths)?;
    all.retain(|each| !dead.contains(&each.entry.line));
    drop_repeated_patterns(&mut all);
    Ok(ChosenLines {
        kept: all,
        dead,
        unmatched: Vec::new(),
    })
}

/// Joins two lines that together mean one pattern of `owners.toml`: GitLab's `/a` and `/a/` are
/// `/a` here. Returns the text and the pattern.
fn whole<'f>(
    (a, one): (&'f FileLine, &Pattern),
    (b, other): (&'f FileLine, &Pattern),
) -> Option<(&'f str, Pattern)> {
    let is_same_rule = !a.is_exclusion && !b.is_exclusion && key(&a.owners) == key(&b.owners);
    let (text, there, below) = match one.tail() {
        Gap::NONE => (&a.text, one, other),
        _ => (&b.text, other, one),
    };
    let is_pair = there.tail() == Gap::NONE && there.with_tail(Gap::SOME) == *below;
    let whole = there.with_tail(Gap::ANY);
    (is_same_rule && is_pair && is_expressible(&whole)).then_some((text, whole))
}

/// Whether any path can match. GitHub accepts `./a`, but no path has that name.
pub(super) fn can_match(entry: &FileLine) -> bool {
    entry.pattern.as_ref().is_some_and(is_possible)
}

fn is_possible(pattern: &Pattern) -> bool {
    let text = pattern.to_string();
    !text
        .split('/')
        .any(|segment| segment == "." || segment == "..")
}

fn keep<'f>(
    entry: &'f FileLine,
    text: &'f str,
    pattern: &Pattern,
) -> Result<KeptLine<'f>, ImportError> {
    let refused = |reason: String| ImportError::Line {
        line: entry.line,
        reason,
    };
    let Some((positive, excluded)) = negated::split(pattern) else {
        return Err(negated::refused(entry.line));
    };
    let exact = choices(&positive).map_err(refused)?;
    let mut whole = Vec::with_capacity(exact.len());
    for each in &exact {
        // If the exact pattern cannot be written, use the one that also matches what is below.
        let expressible = [each.clone(), each.with_tail(Gap::ANY)];
        let Some(expressible) = expressible.into_iter().find(is_expressible) else {
            return Err(refused(format!(
                "owners.toml has no way to write the pattern {text:?}"
            )));
        };
        whole.push(expressible);
    }
    let mut except = Vec::new();
    for each in &excluded {
        let choices = choices(each).map_err(refused)?.into_iter();
        except.extend(choices.map(|choice| match choice.tail() {
            // The rule may match what is below, too.
            Gap::NONE => choice.with_tail(Gap::ANY),
            _ => choice,
        }));
    }
    if except.len() > MAX_EXCLUDED || !except.iter().all(is_expressible) {
        return Err(refused(format!(
            "the forge accepts it, but owners.toml would need more than {MAX_EXCLUDED} exceptions for \
             its negated classes"
        )));
    }
    Ok(KeptLine {
        entry,
        owners: &entry.owners,
        text,
        joined: None,
        exact,
        whole,
        except,
        rules: Vec::new(),
        form: LineForm::General,
        is_widened: false,
        adds: false,
    })
}

/// Expands the classes of a pattern, because `owners.toml` has no classes.
pub(super) fn choices(pattern: &Pattern) -> Result<Vec<Pattern>, String> {
    let too_many = || {
        format!(
            "the forge accepts it, but its character classes expand to more than {MAX_CHOICES} patterns, and owners.toml has no classes"
        )
    };
    let mut count = 1;
    let mut classes = Vec::new();
    for class in pattern.classes() {
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
