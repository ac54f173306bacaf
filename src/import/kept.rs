//! Which lines of the file become rules, and with which patterns.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::groups::key;
use super::{ImportError, Options};
use crate::codeowners::{Entry, File};
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::pattern::alternation::Alternation;
use crate::pattern::{Gap, Pattern};
use crate::platform::Platform;

/// More exceptions than this make a rule that nobody reads.
const MAX_EXCEPTIONS: usize = 50;

/// A line that becomes a rule.
#[derive(Debug)]
pub(super) struct Kept<'f> {
    pub(super) entry: &'f Entry,
    pub(super) owners: &'f [Owner],
    /// The line beside it that became one with it.
    pub(super) joined: Option<usize>,
    /// What the line means, or both.
    pub(super) exact: Cow<'f, [Pattern]>,
    /// What the rule is to match, one for each of [`exact`](Self::exact).
    pub(super) patterns: Vec<Pattern>,
    /// The same as they are to be written.
    pub(super) texts: Vec<String>,
    /// What the rule must leave out.
    pub(super) except: Vec<Pattern>,
    /// Whether the rule matches more than the line, but no tracked path.
    pub(super) is_widened: bool,
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

/// Decides what becomes of the lines.
pub(super) fn sort_out<'f>(file: &'f File, options: Options<'_>) -> Result<Lines<'f>, ImportError> {
    if options.platform == Platform::GitLab {
        refuse_unsayable(file)?;
    }
    let mut entries: Vec<&Entry> = file
        .entries
        .iter()
        .filter(|entry| can_match(entry))
        .collect();
    entries.sort_by_key(|entry| entry.is_exclusion);
    let mut seen: FxHashSet<&[Pattern]> = FxHashSet::default();
    let mut last: Vec<&Entry> = (entries.into_iter().rev())
        .filter(|entry| seen.insert(&entry.patterns))
        .collect();
    last.reverse();
    let mut all = Vec::with_capacity(last.len());
    let mut last = last.into_iter().peekable();
    while let Some(entry) = last.next() {
        let whole = last.peek().and_then(|next| whole(entry, next));
        all.push(match whole {
            None => keep(entry, &entry.text, Cow::Borrowed(&entry.patterns))?,
            Some((text, pattern)) => Kept {
                joined: last.next().map(|next| next.line),
                ..keep(entry, text, Cow::Owned(vec![pattern]))?
            },
        });
    }
    let dead = except_what_is_tracked(&mut all, options.paths)?;
    all.retain(|each| !dead.contains(&each.entry.line));
    Ok(Lines { kept: all, dead })
}

/// What two lines of GitLab say together, and the text for it: `/a` and `/a/`, which is what is
/// there and what is below it, are `/a` here.
fn whole<'f>(a: &'f Entry, b: &'f Entry) -> Option<(&'f str, Pattern)> {
    let ([one], [other]) = (a.patterns.as_slice(), b.patterns.as_slice()) else {
        return None;
    };
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
    entry.patterns.iter().any(is_possible)
}

fn is_possible(pattern: &Pattern) -> bool {
    let text = pattern.to_string();
    !text
        .split('/')
        .any(|segment| segment == "." || segment == "..")
}

/// What the reader cannot say in patterns has an effect all the same.
fn refuse_unsayable(file: &File) -> Result<(), ImportError> {
    match file.unsayable.first() {
        None => Ok(()),
        Some(fault) => Err(ImportError::Line {
            line: fault.line,
            reason: format!("GitLab takes it, but {}", fault.reason),
        }),
    }
}

fn keep<'f>(
    entry: &'f Entry,
    text: &str,
    exact: Cow<'f, [Pattern]>,
) -> Result<Kept<'f>, ImportError> {
    let mut kept = Kept {
        entry,
        owners: &entry.owners,
        joined: None,
        exact: Cow::Borrowed(&[]),
        patterns: Vec::new(),
        texts: Vec::new(),
        except: Vec::new(),
        is_widened: false,
    };
    for pattern in exact.iter().filter(|pattern| is_possible(pattern)) {
        let whole = if is_sayable(pattern) {
            pattern.clone()
        } else {
            // It ends at a name, which here stands for what is below it too.
            kept.is_widened = true;
            pattern.with_tail(Gap::ANY)
        };
        if !is_sayable(&whole) {
            return Err(ImportError::Line {
                line: entry.line,
                reason: format!("owners.toml has no way to write the pattern {text:?}"),
            });
        }
        kept.texts.push(match exact.len() {
            1 => spelling(text.trim_start_matches('!'), &whole),
            _ => whole.to_string(),
        });
        kept.patterns.push(whole);
    }
    kept.exact = exact;
    Ok(kept)
}

fn is_sayable(pattern: &Pattern) -> bool {
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
        .find(|candidate| means(candidate, pattern))
        .map_or_else(|| pattern.to_string(), String::from)
}

/// Gives the widened rules that would take tracked paths exceptions for them. The lines of those
/// that would take nothing else are returned: to say so would be a rule for no path.
fn except_what_is_tracked(
    all: &mut [Kept<'_>],
    paths: &PathSet,
) -> Result<Vec<usize>, ImportError> {
    let widened = all.iter().enumerate().filter(|(_, kept)| kept.is_widened);
    let (owners, patterns): (Vec<(usize, Gap)>, Vec<Pattern>) = widened
        .flat_map(|(index, kept)| {
            let exact = kept.exact.iter();
            exact.flat_map(move |pattern| {
                let of_tail = |tail| ((index, tail), pattern.with_tail(tail));
                [of_tail(Gap::NONE), of_tail(Gap::SOME)]
            })
        })
        .unzip();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let matcher = Matcher::new(&patterns);
    let mut walk = matcher.walk();
    let mut found: BTreeMap<usize, Below> = BTreeMap::new();
    for path in paths.iter() {
        let matching = walk.all_matches(path);
        for &pattern in &matching {
            let (index, tail) = owners[pattern as usize];
            let found = found.entry(index).or_default();
            if tail == Gap::NONE {
                found.is_there = true;
            } else if (matching.iter()).any(|&other| owners[other as usize] == (index, Gap::NONE)) {
                found.is_both = true;
            } else {
                found.patterns.insert(pattern);
                found.paths.insert(path.to_vec());
            }
        }
    }
    let mut dead = Vec::new();
    for (index, found) in found {
        if found.paths.is_empty() {
            continue;
        }
        all[index].is_widened = false;
        if found.is_there || all[index].entry.is_exclusion {
            all[index].except = found.exceptions(&patterns, all[index].entry)?;
        } else {
            dead.push(all[index].entry.line);
        }
    }
    Ok(dead)
}

/// What lies below the names that a pattern takes.
#[derive(Default)]
struct Below {
    /// The tracked paths that the pattern does not take, and a wider one would.
    paths: BTreeSet<Vec<u8>>,
    /// The patterns for what is below that match them.
    patterns: BTreeSet<u32>,
    /// Whether there is a path that the pattern takes.
    is_there: bool,
    /// Whether others are below such a name and have one: `a/a`.
    is_both: bool,
}

impl Below {
    /// Exceptions that leave out the paths and nothing that the pattern takes.
    fn exceptions(&self, all: &[Pattern], entry: &Entry) -> Result<Vec<Pattern>, ImportError> {
        if !self.is_both {
            let patterns = self.patterns.iter();
            return Ok(patterns.map(|&index| all[index as usize].clone()).collect());
        }
        if self.paths.len() > MAX_EXCEPTIONS {
            return Err(ImportError::Line {
                line: entry.line,
                reason: format!(
                    "`{}` takes files in directories of that name, and leaves out more than \
                     {MAX_EXCEPTIONS} others there; a rule of owners.toml would take them all",
                    entry.text
                ),
            });
        }
        Ok(self.paths.iter().map(|path| Pattern::entry(path)).collect())
    }
}
