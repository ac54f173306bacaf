//! Chooses the lines of a file in which every line that matches a path counts.
//!
//! Such a line adds its owners to those of the others. So it becomes a rule with `add`, unless it has
//! no path in common with an earlier line: then nobody is there to add to, and a plain rule says the
//! same. Lines with the same pattern become one rule.
//!
//! Patterns of `owners.toml` are no regular expressions. A line that no pattern can express is refused
//! if it matches a tracked path. Otherwise it becomes a comment: often it is a pattern as on other
//! forges, such as `src/lib*`, which owns nothing here.

use rustc_hash::{FxHashMap, FxHashSet};

use super::kept::{ChosenLines, KeptLine, LineForm, is_expressible, means};
use super::{Expression, ImportError, below, choosing};
use crate::codeowners::{File, FileLine};
use crate::forge::{Decides, Forge};
use crate::paths::PathSet;
use crate::pattern::algebra::{disjoint, part_ways};
use crate::pattern::{Gap, Pattern};
use crate::text::escaped;

/// The maximum number of pairs of patterns that are compared. After that, rules add.
const MAX_PAIRS: usize = 1_000_000;

/// The file with the owners of lines with the same pattern in the first of them.
pub(super) fn merged(mut file: File) -> File {
    let mut first: FxHashMap<(Pattern, Vec<Pattern>), usize> = FxHashMap::default();
    let mut kept: Vec<FileLine> = Vec::with_capacity(file.entries.len());
    let is_alone = |entries: &[FileLine], index: usize| {
        let line = entries[index].line;
        let is_other = |other: Option<&FileLine>| other.is_none_or(|other| other.line != line);
        is_other(entries.get(index + 1)) && (index == 0 || is_other(entries.get(index - 1)))
    };
    for (index, entry) in file.entries.iter().enumerate() {
        let pattern = entry.pattern.clone().filter(|_| entry.test.is_none());
        if let Some(pattern) = pattern.filter(|_| is_alone(&file.entries, index)) {
            let key = (pattern, entry.except.clone());
            if let Some(&known) = first.get(&key) {
                let known = &mut kept[known];
                known.owners =
                    crate::ruleset::composed([&*known.owners, &*entry.owners].into_iter());
                known.repeated_at.push(entry.line);
                continue;
            }
            first.insert(key, kept.len());
        }
        kept.push(entry.clone());
    }
    file.entries = kept;
    file
}

/// Chooses the lines that become rules.
pub(super) fn choose_lines<'f>(
    file: &'f File,
    forge: Forge,
    paths: &PathSet,
) -> Result<ChosenLines<'f>, ImportError> {
    let mut all: Vec<KeptLine<'f>> = Vec::new();
    let mut unsaid = Vec::new();
    for entries in file.entries.chunk_by(|a, b| a.line == b.line) {
        match entries.iter().any(|entry| entry.test.is_some()) {
            true => unsaid.extend_from_slice(entries),
            false => all.extend(kept(entries)?),
        }
    }
    let unmatched = unmatched(unsaid, forge, paths)?;
    let adding = adding(&all);
    for (line, adds) in all.iter_mut().zip(adding) {
        line.adds = adds;
    }
    let dead = below::except_tracked_below(&mut all, paths)?;
    all.retain(|each| !dead.contains(&each.entry.line));
    spell_apart(&mut all)?;
    Ok(ChosenLines {
        kept: all,
        dead,
        unmatched,
    })
}

/// The numbers of the lines that no pattern can express, if none of them matches a tracked path.
fn unmatched(
    entries: Vec<FileLine>,
    forge: Forge,
    paths: &PathSet,
) -> Result<Vec<usize>, ImportError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let file = File {
        entries,
        decides: Decides::Every,
        ..File::default()
    };
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let mut first: FxHashMap<usize, String> = FxHashMap::default();
    for path in paths.iter() {
        for entry in matcher.entries(&mut walk, path) {
            first.entry(entry.line).or_insert_with(|| escaped(path));
        }
    }
    let lines = || file.entries.chunk_by(|a, b| a.line == b.line);
    let matched = lines().filter_map(|entries| {
        Some(Expression {
            line: entries[0].line,
            text: entries[0].text.clone(),
            path: first.remove(&entries[0].line)?,
            instead: forge.dialect.instead(&entries[0].text),
        })
    });
    match matched.collect::<Vec<_>>() {
        matched if matched.is_empty() => Ok(lines().map(|entries| entries[0].line).collect()),
        matched => Err(ImportError::Expressions(matched)),
    }
}

/// Gives rules with the same pattern different texts, since a key of TOML can be used only once.
fn spell_apart(all: &mut [KeptLine<'_>]) -> Result<(), ImportError> {
    let mut used: FxHashSet<String> = FxHashSet::default();
    for line in all {
        for rule in &mut line.rules {
            for (text, pattern) in rule.texts.iter_mut().zip(&rule.patterns) {
                if used.insert(text.clone()) {
                    continue;
                }
                let more = ["**", "**/*", "*/**"].map(|end| format!("{text}{end}"));
                let other = ["**", "/**", "**/*"]
                    .map(String::from)
                    .into_iter()
                    .chain(more);
                let mut other = other.filter(|other| means(other, pattern));
                *text = other.find(|other| used.insert(other.clone())).ok_or_else(|| {
                    refused(
                        line.entry,
                        format!("in owners.toml, `{pattern}` has one rule, and an earlier line is this rule"),
                    )
                })?;
            }
        }
    }
    Ok(())
}

/// For each line, whether it has a path in common with an earlier one.
fn adding(all: &[KeptLine<'_>]) -> Vec<bool> {
    let mut pairs = 0;
    let mut earlier_patterns = 0;
    let mut adding = Vec::with_capacity(all.len());
    for (index, line) in all.iter().enumerate() {
        let meets = |other: &KeptLine<'_>| {
            let mut both =
                (line.whole.iter()).flat_map(|a| other.whole.iter().map(move |b| (a, b)));
            both.any(|(a, b)| !part_ways(a, b) && !disjoint(a, b))
        };
        pairs += line.whole.len() * earlier_patterns;
        earlier_patterns += line.whole.len();
        adding.push(pairs > MAX_PAIRS || all[..index].iter().any(meets));
    }
    adding
}

/// A line, given its entries. `None` if it can never match.
fn kept(entries: &[FileLine]) -> Result<Option<KeptLine<'_>>, ImportError> {
    let first = &entries[0];
    if entries.iter().any(|entry| entry.except != first.except) {
        return Err(refused(
            first,
            "its alternatives leave out different paths".into(),
        ));
    }
    let mut exact = Vec::new();
    for pattern in entries.iter().filter_map(|entry| entry.pattern.as_ref()) {
        let choices = choosing::choices(pattern).map_err(|reason| refused(first, reason))?;
        exact.extend(choices);
    }
    if exact.is_empty() {
        return Ok(None);
    }
    let whole = expressible(first, &exact)?;
    let except = expressible(first, &first.except)?;
    Ok(Some(KeptLine {
        entry: first,
        owners: &first.owners,
        text: &first.text,
        joined: None,
        exact,
        whole,
        except,
        rules: Vec::new(),
        form: LineForm::General,
        is_widened: false,
        adds: false,
    }))
}

/// The patterns, or wider ones that also match what is below.
fn expressible(entry: &FileLine, patterns: &[Pattern]) -> Result<Vec<Pattern>, ImportError> {
    let wide = |pattern: &Pattern| {
        let mut forms = [pattern.clone(), pattern.with_tail(Gap::ANY)].into_iter();
        forms.find(is_expressible).ok_or_else(|| {
            refused(
                entry,
                format!("owners.toml has no way to write `{pattern}`"),
            )
        })
    };
    patterns.iter().map(wide).collect()
}

fn refused(entry: &FileLine, reason: String) -> ImportError {
    ImportError::Line {
        line: entry.line,
        reason,
    }
}
