//! Chooses names for the groups of an imported configuration.

use rustc_hash::{FxHashMap, FxHashSet};

use super::kept::{KeptLine, key};
use super::toml::quoted;
use crate::owner::{Owner, OwnerKind};

/// The maximum length of a name for several owners. Longer ones are shortened to `and-2-more`.
const MAX_NAME: usize = 40;

/// The named groups.
pub(super) struct ImportedGroups {
    /// The name and owners of each group, in the order of first use.
    named: Vec<(String, Vec<Owner>)>,
    by_owners: FxHashMap<Vec<String>, usize>,
    /// The used names, in lowercase.
    taken: FxHashSet<String>,
    /// The next number for each used name. Thousands of groups may want the same name.
    numbers: FxHashMap<String, usize>,
}

impl ImportedGroups {
    pub(super) fn new(entries: &[KeptLine<'_>]) -> Self {
        let mut groups = ImportedGroups {
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

    /// Adds a group with the first of `names` that is free. If none is free, appends a number to
    /// the last one.
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

    /// An array of owners. Owners with a group of their own are written as that group.
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

/// A list of two teams is clearer than a third name.
fn is_worth_a_name(owners: &[Owner]) -> bool {
    let is_team = |owner: &Owner| owner.kind() == OwnerKind::Team;
    owners.len() > 2 || owners.len() == 2 && !owners.iter().all(is_team)
}

/// Possible names of a set of owners: `alice-and-bob`, `alice-and-2-more`, and then names with more
/// of the owners.
fn names_of_set(owners: &[Owner]) -> Vec<String> {
    let names: Vec<String> = owners.iter().map(short_name).collect();
    let with = |named: usize| match names.len() - named {
        0 => format!("{}-and-{}", names[..named - 1].join("-"), names[named - 1]),
        left => format!("{}-and-{left}-more", names[..named].join("-")),
    };
    let is_pair = names.len() == 2;
    let pair = is_pair.then(|| with(2)).into_iter();
    // The number of owners that fit into a name. A set may have thousands.
    let mut width = 0;
    let fitting = names.iter().take_while(|name| {
        width += name.len() + 1;
        width <= MAX_NAME
    });
    let fitting = fitting.count();
    let mut candidates: Vec<String> = pair
        .chain((1..=fitting).map(with))
        .filter(|name| name.len() <= MAX_NAME)
        .collect();
    // The last candidate gets a number if it is used.
    candidates.push(with(1));
    candidates
}

/// The short name of an owner, as a part of a group name.
fn short_name(owner: &Owner) -> String {
    let text = owner.as_str();
    match text.strip_prefix('@') {
        Some(name) => {
            let name = name.trim_start_matches('@');
            name.rsplit('/').next().unwrap_or(name).to_string()
        }
        // Many addresses start with a word like `support`, so add the domain.
        None => {
            let (local, domain) = text.split_once('@').unwrap_or((text, ""));
            let place = domain.split('.').next().unwrap_or_default();
            format!("{local}-{place}").replace('.', "-")
        }
    }
}

/// Turns a text into a valid group name.
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
