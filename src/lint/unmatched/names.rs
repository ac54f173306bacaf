//! Looks for the names that a pattern most likely means, in the tree of the tracked paths.
//!
//! The literal segments at the start of a pattern are followed down the tree as long as they exist.
//! The first missing one is compared with the names in its directory.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::ids::{Id as _, IdRange};
use crate::paths::PathSet;
use crate::pattern::{Gap, Pattern, Step};
use crate::text::nearest::Suggestions;

/// The maximum number of names in one directory compared with a missing one.
const MAX_SIBLINGS: usize = 10_000;
/// The maximum number of names compared in all.
const MAX_NAMES: usize = 200_000;
/// The maximum number of corrections of one pattern.
const MAX_CORRECTIONS: usize = 5;

/// The remaining budget for comparing names.
pub(super) struct NameBudget<'p> {
    names_left: usize,
    pub(super) suggestions: Suggestions,
    /// The names in the directories that were looked at. Patterns beside each other mostly miss names in
    /// the same ones.
    known: FxHashMap<Vec<u8>, Rc<[&'p [u8]]>>,
}

impl Default for NameBudget<'_> {
    fn default() -> Self {
        NameBudget {
            names_left: MAX_NAMES,
            suggestions: Suggestions::default(),
            known: FxHashMap::default(),
        }
    }
}

impl<'p> NameBudget<'p> {
    /// Whether the budget is used up, so that no result means nothing.
    pub(super) fn is_exhausted(&self) -> bool {
        self.names_left == 0 || self.suggestions.is_exhausted()
    }

    /// The names in a directory, given with a trailing slash, as far as the budget allows.
    fn children(&mut self, paths: &'p PathSet, directory: &[u8]) -> Rc<[&'p [u8]]> {
        let most = self.names_left.min(MAX_SIBLINGS);
        let children = match self.known.get(directory) {
            Some(known) if known.len() <= most => Rc::clone(known),
            Some(known) => known[..most].into(),
            None => {
                let found: Rc<[_]> = children(paths, directory, most).into();
                self.known.insert(directory.to_vec(), Rc::clone(&found));
                found
            }
        };
        self.names_left -= children.len();
        children
    }
}

/// The first literal segment of a pattern that does not exist.
pub(super) struct Missing<'p> {
    /// The index of its step.
    pub(super) step: usize,
    /// Its directory, which is empty or ends in a slash.
    pub(super) directory: Vec<u8>,
    pub(super) name: &'p str,
}

impl Missing<'_> {
    pub(super) fn path(&self) -> Vec<u8> {
        [&self.directory, self.name.as_bytes()].concat()
    }
}

/// A path that a pattern most likely means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    /// The number of steps that `to` replaces.
    pub(super) steps: usize,
    /// The names of these steps, with slashes between.
    pub(super) from: String,
    pub(super) to: String,
}

/// The literal segments at the start of a pattern. A single name that matches anywhere was probably
/// meant for the root.
pub(super) fn literals(pattern: &Pattern) -> Vec<&str> {
    if pattern.head() != Gap::NONE && pattern.steps().len() > 1 {
        return Vec::new();
    }
    let mut is_open = false;
    let names = pattern.steps().iter().map_while(|Step { glob, gap }| {
        let name = glob.as_literal().filter(|_| !is_open)?;
        is_open = *gap != Gap::NONE;
        Some(name)
    });
    names.collect()
}

/// The first missing segment. `None` if all literal segments exist.
pub(super) fn first_missing<'p>(pattern: &'p Pattern, paths: &PathSet) -> Option<Missing<'p>> {
    let names = literals(pattern);
    let mut directory = names.join("/").into_bytes();
    directory.push(b'/');
    directory.truncate(paths.deepest_directory(&directory));
    let mut step = memchr::memchr_iter(b'/', &directory).count();
    let file = [&directory, names.get(step)?.as_bytes()].concat();
    if paths.contains(&file) {
        // There is nothing below a file.
        step += 1;
        directory = [&file[..], b"/"].concat();
    }
    let name = *names.get(step)?;
    Some(Missing {
        step,
        directory,
        name,
    })
}

/// The corrections of a pattern's literal segments: any number of names that differ in case or
/// separators, and at most one with a letter wrong. `missing` is the first segment that is missing.
pub(super) fn meant<'p>(
    pattern: &Pattern,
    missing: &Missing<'_>,
    paths: &'p PathSet,
    budget: &mut NameBudget<'p>,
) -> Vec<Meant> {
    let names = literals(pattern);
    // The path so far, how many of `names` it stands for, and whether a letter was wrong.
    let mut open = vec![(missing.directory.clone(), missing.step, false)];
    let mut found = Vec::new();
    while let Some((directory, count, is_misspelled)) = open.pop() {
        let Some(&wanted) = names.get(count) else {
            found.extend(corrected(&names, directory));
            if found.len() == MAX_CORRECTIONS {
                break;
            }
            continue;
        };
        // The first one is known to be missing.
        if count > missing.step && paths.contains_entry(&[&directory, wanted.as_bytes()].concat()) {
            let next = [&directory, wanted.as_bytes(), b"/"].concat();
            open.push((next, count + 1, is_misspelled));
            continue;
        }
        let children = budget.children(paths, &directory);
        let known = (children.iter()).filter_map(|child| std::str::from_utf8(child).ok());
        let near = budget.suggestions.misspelled(wanted, known);
        for name in near.into_iter().take(MAX_CORRECTIONS) {
            let is_wrong = name.chars().count() != wanted.chars().count()
                || !name.to_lowercase().eq(&wanted.to_lowercase());
            if is_wrong && is_misspelled {
                continue;
            }
            let next = [&directory, name.as_bytes(), b"/"].concat();
            open.push((next, count + 1, is_misspelled || is_wrong));
        }
    }
    found.reverse();
    found
}

/// The correction that leads to `path`, which ends in a slash.
fn corrected(names: &[&str], mut path: Vec<u8>) -> Option<Meant> {
    path.pop();
    let to = String::from_utf8(path).ok()?;
    let from = names.join("/");
    let steps = names.len();
    (from != to).then_some(Meant { steps, from, to })
}

/// The corrections of the first missing segment by names that are somewhat like it, the most similar
/// first. Good enough for a hint, but not for an error.
pub(super) fn similar<'p>(
    pattern: &Pattern,
    missing: &Missing<'_>,
    paths: &'p PathSet,
    budget: &mut NameBudget<'p>,
) -> Vec<Meant> {
    let children = budget.children(paths, &missing.directory);
    let known = (children.iter()).filter_map(|child| std::str::from_utf8(child).ok());
    let similar = budget.suggestions.similar(missing.name, known);
    let names = &literals(pattern)[..=missing.step];
    let similar = similar.into_iter().take(MAX_CORRECTIONS);
    let meant = similar.filter_map(|name| {
        let path = [&missing.directory, name.as_bytes(), b"/"].concat();
        corrected(names, path)
    });
    meant.collect()
}

/// The first `most` names in a directory, given with a trailing slash. The paths below a name are skipped.
fn children<'p>(paths: &'p PathSet, directory: &[u8], most: usize) -> Vec<&'p [u8]> {
    let mut children = Vec::new();
    let mut id = paths.lower_bound(directory);
    while let Some(path) = paths.get(id)
        && let Some(rest) = path.strip_prefix(directory)
        && children.len() < most
    {
        let rest_of_paths = IdRange::new(id.next(), paths.ids().end);
        let slash = memchr::memchr(b'/', rest);
        children.push(&rest[..slash.unwrap_or(rest.len())]);
        id = match slash {
            None => id.next(),
            Some(slash) => paths.end_of(&path[..=directory.len() + slash], rest_of_paths),
        };
    }
    children
}
