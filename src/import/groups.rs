//! The names that owners get.

use rustc_hash::{FxHashMap, FxHashSet};

use super::kept::{Kept, key};
use super::toml::quoted;
use crate::owner::{Owner, OwnerKind};

/// A name of several people that is longer than this is shortened to `and-2-more`.
const MAX_NAME: usize = 40;

/// The names that owners get.
pub(super) struct Groups {
    /// In the order in which they are first used.
    named: Vec<(String, Vec<Owner>)>,
    by_owners: FxHashMap<Vec<String>, usize>,
    /// The names that are taken, in lower case.
    taken: FxHashSet<String>,
    /// The next number for a name that is taken: thousands may want the same.
    numbers: FxHashMap<String, usize>,
}

impl Groups {
    pub(super) fn new(entries: &[Kept<'_>]) -> Self {
        let mut groups = Groups {
            named: Vec::new(),
            by_owners: FxHashMap::default(),
            taken: FxHashSet::default(),
            numbers: FxHashMap::default(),
        };
        let mut counts: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        for entry in entries {
            *counts.entry(key(entry.owners)).or_default() += 1;
        }
        for entry in entries {
            for owner in entry
                .owners
                .iter()
                .filter(|owner| owner.kind() == OwnerKind::Team)
            {
                let path = owner.as_str().trim_start_matches('@');
                let slug = path.rsplit('/').next().unwrap_or(path);
                groups.add(std::slice::from_ref(owner), || {
                    vec![slug.to_string(), path.replace('/', "-")]
                });
            }
            if is_worth_a_name(entry.owners) && counts[&key(entry.owners)] > 1 {
                groups.add(entry.owners, || names_of_set(entry.owners));
            }
        }
        groups
    }

    /// Adds a group under the first of `names` that is free; else the last of them is numbered.
    fn add(&mut self, owners: &[Owner], names: impl FnOnce() -> Vec<String>) {
        let key = key(owners);
        if self.by_owners.contains_key(&key) {
            return;
        }
        let names: Vec<String> = names().iter().map(|name| group_name(name)).collect();
        let taken = &mut self.taken;
        let mut is_free = |name: &String| taken.insert(name.to_ascii_lowercase());
        let name = match names.iter().find(|name| is_free(name)) {
            Some(name) => name.clone(),
            None => {
                let last = names.last().map_or("group", String::as_str);
                let number = self.numbers.entry(last.to_ascii_lowercase()).or_insert(2);
                loop {
                    let name = format!("{last}-{number}");
                    *number += 1;
                    if is_free(&name) {
                        break name;
                    }
                }
            }
        };
        self.by_owners.insert(key, self.named.len());
        self.named.push((name, owners.to_vec()));
    }

    fn name_of(&self, owners: &[Owner]) -> Option<&str> {
        let index = self.by_owners.get(&key(owners))?;
        Some(&self.named[*index].0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The name of each group, and its value.
    pub(super) fn definitions(&self) -> impl Iterator<Item = (&str, String)> {
        self.named.iter().map(|(name, owners)| {
            let value = match owners.as_slice() {
                [only] => quoted(only.as_str()),
                several => self.list(several),
            };
            (name.as_str(), value)
        })
    }

    /// The value of a rule: `"group"`, or an array.
    pub(super) fn value(&self, owners: &[Owner]) -> String {
        if let Some(name) = self.name_of(owners) {
            return quoted(name);
        }
        match owners {
            [only] => quoted(only.as_str()),
            several => self.list(several),
        }
    }

    /// An array of owners, with the groups of those that have one.
    fn list(&self, owners: &[Owner]) -> String {
        let each: Vec<String> = owners
            .iter()
            .map(|owner| {
                let group = self.name_of(std::slice::from_ref(owner));
                quoted(group.unwrap_or(owner.as_str()))
            })
            .collect();
        format!("[{}]", each.join(", "))
    }
}

/// Two teams have names already, and a list of these says more than a third.
fn is_worth_a_name(owners: &[Owner]) -> bool {
    let is_team = |owner: &Owner| owner.kind() == OwnerKind::Team;
    owners.len() > 2 || owners.len() == 2 && !owners.iter().all(is_team)
}

/// What a set of owners may be called: `alice-and-bob`, `alice-and-2-more`, and with more and more
/// of their names where that one is taken.
fn names_of_set(owners: &[Owner]) -> Vec<String> {
    let names: Vec<String> = owners.iter().map(short_name).collect();
    let with = |named: usize| match names.len() - named {
        0 => format!("{}-and-{}", names[..named - 1].join("-"), names[named - 1]),
        left => format!("{}-and-{left}-more", names[..named].join("-")),
    };
    let is_pair = names.len() == 2;
    let pair = is_pair.then(|| with(2)).into_iter();
    // How many of them fit into a name: there may be thousands.
    let mut width = 0;
    let fitting = (names.iter()).take_while(|name| {
        width += name.len() + 1;
        width <= MAX_NAME
    });
    let fitting = fitting.count();
    let mut candidates: Vec<String> = pair
        .chain((1..=fitting).map(with))
        .filter(|name| name.len() <= MAX_NAME)
        .collect();
    // What all others fall back to, by a number.
    candidates.push(with(1));
    candidates
}

/// The name of one owner in that of a set.
fn short_name(owner: &Owner) -> String {
    let text = owner.as_str();
    match text.strip_prefix('@') {
        Some(name) => {
            let name = name.trim_start_matches('@');
            name.rsplit('/').next().unwrap_or(name).to_string()
        }
        // Many an address starts with `support`.
        None => {
            let (local, domain) = text.split_once('@').unwrap_or((text, ""));
            let place = domain.split('.').next().unwrap_or_default();
            format!("{local}-{place}").replace('.', "-")
        }
    }
}

/// What a group may be called.
fn group_name(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = name.trim_start_matches(['.', '_', '-']);
    if name.is_empty() {
        "group".into()
    } else {
        name.to_string()
    }
}
