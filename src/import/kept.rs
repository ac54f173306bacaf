//! Which lines of the file become rules, and with which patterns.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

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
    except_what_is_tracked(&mut all, options.paths)?;
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

/// Gives the widened rules that would take tracked paths exceptions for them.
fn except_what_is_tracked(all: &mut [Kept<'_>], paths: &PathSet) -> Result<(), ImportError> {
    let (owners, below): (Vec<usize>, Vec<Pattern>) = (all.iter().enumerate())
        .filter(|(_, kept)| kept.is_widened)
        .flat_map(|(index, kept)| {
            let exact = kept.exact.iter();
            exact.map(move |pattern| (index, pattern.with_tail(Gap::SOME)))
        })
        .unzip();
    if below.is_empty() {
        return Ok(());
    }
    let matcher = Matcher::new(&below);
    let mut walk = matcher.walk();
    let mut found: BTreeMap<usize, Below> = BTreeMap::new();
    for path in paths.iter() {
        for pattern in walk.all_matches(path) {
            let index = owners[pattern as usize];
            let found = found.entry(index).or_default();
            if all[index].exact.iter().any(|exact| exact.matches(path)) {
                found.is_both = true;
            } else {
                found.patterns.insert(pattern);
                found.paths.insert(path.to_vec());
            }
        }
    }
    for (index, found) in found {
        if !found.paths.is_empty() {
            all[index].is_widened = false;
            all[index].except = found.exceptions(&below, all[index].entry)?;
        }
    }
    Ok(())
}

/// What lies below the names that a pattern takes.
#[derive(Default)]
struct Below {
    /// The tracked paths that the pattern does not take, and a wider one would.
    paths: BTreeSet<Vec<u8>>,
    /// The patterns for what is below that match them.
    patterns: BTreeSet<u32>,
    /// Whether others are below such a name and have one: `a/a`.
    is_both: bool,
}

impl Below {
    /// Exceptions that leave out the paths and nothing that the pattern takes.
    fn exceptions(&self, below: &[Pattern], entry: &Entry) -> Result<Vec<Pattern>, ImportError> {
        if !self.is_both {
            let patterns = self.patterns.iter();
            return Ok(patterns
                .map(|&index| below[index as usize].clone())
                .collect());
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
