//! Which lines of the file become rules, and with which patterns.

use rustc_hash::FxHashSet;

use super::kept::{Form, Kept, Lines, is_sayable, key, say_once};
use super::{ImportError, below};
use crate::codeowners::{File, FileLine};
use crate::paths::PathSet;
use crate::pattern::{Gap, OneOf, Pattern};

/// The most patterns that the classes of one line (`[a-z]`) may stand for.
const MAX_CHOICES: usize = 1000;

/// Chooses the lines that become rules.
pub(super) fn choose<'f>(file: &'f File, paths: &PathSet) -> Result<Lines<'f>, ImportError> {
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
    let mut last: Vec<(&FileLine, &Pattern)> = (entries.into_iter().rev())
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

/// What two lines say together where a pattern does not own what is below, and the text for it:
/// `/a` and `/a/` are `/a` here.
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
    (is_same_rule && is_pair && is_sayable(&whole)).then_some((text, whole))
}

/// Whether any path can match: GitHub takes `./a`, and no path is called that.
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
) -> Result<Kept<'f>, ImportError> {
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
            "the forge accepts it, but its character classes expand to more than {MAX_CHOICES} patterns, and owners.toml has no classes"
        )
    };
    let mut count = 1;
    let mut classes = Vec::new();
    for class in pattern.classes() {
        if class.is_negated() {
            return Err(
                "the forge accepts it, but owners.toml has no pattern for `any character except these`"
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
