//! Which lines of the file become rules, and with which patterns.

use rustc_hash::FxHashSet;

use super::{ImportError, Options};
use crate::codeowners::{Entry, File};
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::pattern::alternation::Alternation;
use crate::pattern::{Gap, Pattern};
use crate::platform::Platform;

/// A line that becomes a rule.
#[derive(Debug)]
pub(super) struct Kept<'f> {
    pub(super) entry: &'f Entry,
    pub(super) owners: &'f [Owner],
    /// What the line means.
    pub(super) exact: &'f [Pattern],
    /// What the rule is to match, one for each of [`exact`](Self::exact).
    pub(super) patterns: Vec<Pattern>,
    /// The same as they are to be written.
    pub(super) texts: Vec<String>,
    /// What the rule must leave out.
    pub(super) except: Vec<Pattern>,
    /// Whether the rule matches more than the line, but no tracked path.
    pub(super) is_widened: bool,
}

/// The lines that can decide something, in an order in which the last that matches does: of equal
/// patterns the last, and what is excluded for good behind all others.
pub(super) fn kept<'f>(file: &'f File, options: Options<'_>) -> Result<Vec<Kept<'f>>, ImportError> {
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
    for entry in last {
        all.push(keep(entry)?);
    }
    except_what_is_tracked(&mut all, options.paths);
    Ok(all)
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

fn keep(entry: &Entry) -> Result<Kept<'_>, ImportError> {
    let mut kept = Kept {
        entry,
        owners: &entry.owners,
        exact: &entry.patterns,
        patterns: Vec::new(),
        texts: Vec::new(),
        except: Vec::new(),
        is_widened: false,
    };
    for pattern in entry.patterns.iter().filter(|pattern| is_possible(pattern)) {
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
                reason: format!(
                    "owners.toml has no way to write the pattern {:?}",
                    entry.text
                ),
            });
        }
        kept.texts.push(match entry.patterns.len() {
            1 => spelling(entry.text.trim_start_matches('!'), &whole),
            _ => whole.to_string(),
        });
        kept.patterns.push(whole);
    }
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

/// Gives the widened rules that would take tracked paths an exception for them.
fn except_what_is_tracked(all: &mut [Kept<'_>], paths: &PathSet) {
    let widened: Vec<usize> = (0..all.len())
        .filter(|&index| all[index].is_widened)
        .collect();
    let (owners, below): (Vec<usize>, Vec<Pattern>) = (widened.iter())
        .flat_map(|&index| {
            let exact = all[index].exact.iter();
            exact.map(move |pattern| (index, pattern.with_tail(Gap::SOME)))
        })
        .unzip();
    if below.is_empty() {
        return;
    }
    let matcher = Matcher::new(&below);
    let mut walk = matcher.walk();
    walk.remember_hits();
    for path in paths.iter() {
        walk.last_match(path);
    }
    for ((index, pattern), is_hit) in owners.into_iter().zip(&below).zip(walk.hits()) {
        if is_hit {
            all[index].except.push(pattern.clone());
            all[index].is_widened = false;
        }
    }
}
