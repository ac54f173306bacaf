//! Chooses names for the groups of an imported configuration.
//!
//! A team becomes a group with the name of the team. What all teams have in common at the start and
//! at the end of their names is left out: `wasmtime-core-reviewers` and `wasmtime-wasi-reviewers`
//! become `core` and `wasi`. A team of another organization than most keeps the name of its
//! organization: `@partner/core` becomes `partner-core`.
//!
//! A set of owners becomes a group only if the file has a name for it: the section comment or the
//! directory of all rules with this set, if no other rule is in that section or directory. An
//! invented name would say less than the owners.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kept::key;
use super::reading::PathsItem;
use crate::owner::{Owner, OwnerKind};
use crate::text::toml::{array, quoted};

/// The maximum length of a name that is made from a section comment.
const MAX_NAME: usize = 30;
/// The maximum number of words of such a name.
const MAX_WORDS: usize = 4;

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
    /// Names the teams and sets of owners of the rules. With `full_names`, teams keep their whole
    /// names.
    pub(super) fn new(items: &[PathsItem<'_>], full_names: bool) -> Self {
        let mut groups = ImportedGroups {
            named: Vec::new(),
            by_owners: FxHashMap::default(),
            taken: FxHashSet::default(),
            numbers: FxHashMap::default(),
        };
        let lists: Vec<&[Owner]> = items
            .iter()
            .filter_map(|item| match item {
                PathsItem::Rule { owners, .. } => Some(*owners),
                _ => None,
            })
            .collect();
        let teams = || lists.iter().copied().flatten().filter(|each| is_team(each));
        let home = most_common_organization(teams());
        let is_foreign = |team: &&Owner| Some(organization(team)) != home;
        let affixes = match full_names {
            true => Affixes::default(),
            false => Affixes::of(teams().filter(|team| !is_foreign(team))),
        };
        let mut sets = SetNames::of(items);
        for owners in lists {
            for owner in owners.iter().filter(|owner| is_team(owner)) {
                let path = owner.as_str().trim_start_matches('@').replace('/', "-");
                let slug = slug(owner);
                groups.add(std::slice::from_ref(owner), || {
                    let names = match is_foreign(&owner) {
                        true => vec![path],
                        false => vec![affixes.without(slug).to_string(), slug.to_string(), path],
                    };
                    // Another group may have the team, with another selector.
                    match owner.selector() {
                        None => names,
                        Some(selector) => {
                            let selected = format!("{}-{selector}", names[0]);
                            vec![names[0].clone(), selected]
                        }
                    }
                });
            }
            if let Some(name) = sets.0.remove(&key(owners))
                && !groups.taken.contains(&name)
            {
                groups.add(owners, || vec![name]);
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
                [only] => match only.selector() {
                    None => quoted(only.as_str()),
                    Some(selector) => format!(
                        "{{ team = {}, select = {} }}",
                        quoted(only.as_str()),
                        quoted(selector)
                    ),
                },
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
        array(owners.iter().map(|owner| {
            let group = self.name_of(std::slice::from_ref(owner));
            group.unwrap_or(owner.as_str())
        }))
    }
}

fn is_team(owner: &Owner) -> bool {
    owner.kind() == OwnerKind::Team
}

/// The name of a team, without its organization.
fn slug(team: &Owner) -> &str {
    let text = team.as_str().trim_start_matches('@');
    text.rsplit('/').next().unwrap_or(text)
}

/// The organization of a team, or on GitLab its first group, in lowercase.
fn organization(team: &Owner) -> String {
    let text = team.as_str().trim_start_matches('@');
    text.split('/').next().unwrap_or(text).to_lowercase()
}

/// The organization with the most teams; among equals, the one that is named first.
fn most_common_organization<'o>(teams: impl Iterator<Item = &'o Owner>) -> Option<String> {
    let mut seen = FxHashSet::default();
    // The number of teams, and the position of the first, by organization.
    let mut counts: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for (position, team) in teams.enumerate() {
        if seen.insert(team.as_str().to_lowercase()) {
            counts.entry(organization(team)).or_insert((0, position)).0 += 1;
        }
    }
    let most = |&(_, (count, position)): &(String, (usize, usize))| (count, Reverse(position));
    let home = counts.into_iter().max_by_key(most)?;
    Some(home.0)
}

/// What the names of all teams start and end with.
#[derive(Debug, Default)]
struct Affixes {
    prefix: String,
    suffix: String,
}

impl Affixes {
    fn of<'o>(teams: impl Iterator<Item = &'o Owner>) -> Self {
        let mut names: Vec<String> = teams.map(|team| slug(team).to_lowercase()).collect();
        names.sort_unstable();
        names.dedup();
        // One name has nothing in common with others.
        let [first, .., last] = names.as_slice() else {
            return Affixes::default();
        };
        // In sorted order, the first and the last name differ most at their start.
        let is_separator = |c: char| matches!(c, '-' | '_' | '.');
        let common = common_start(first.chars(), last.chars());
        let prefix = first[..common]
            .rfind(is_separator)
            .map_or("", |at| &first[..=at]);
        let mut suffix = &first[prefix.len()..];
        for name in &names {
            let rest = name[prefix.len()..].chars().rev();
            let common = common_start(suffix.chars().rev(), rest);
            suffix = &suffix[suffix.len() - common..];
        }
        let suffix = suffix.find(is_separator).map_or("", |at| &suffix[at..]);
        let is_name = |name: &String| {
            let end = name.len() - suffix.len();
            let left = name.get(prefix.len()..end).unwrap_or_default();
            left.len() > 1 && left.starts_with(|c: char| c.is_ascii_alphabetic())
        };
        if !names.iter().all(is_name) {
            return Affixes::default();
        }
        Affixes {
            prefix: prefix.to_string(),
            suffix: suffix.to_string(),
        }
    }

    fn without<'n>(&self, name: &'n str) -> &'n str {
        let end = name.len().saturating_sub(self.suffix.len());
        name.get(self.prefix.len()..end).unwrap_or(name)
    }
}

/// The length in bytes of the common start of two texts.
fn common_start(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    let common = a.zip(b).take_while(|(a, b)| a == b);
    common.map(|(a, _)| a.len_utf8()).sum()
}

/// The names that the file has for sets of owners, by the keys of these.
#[derive(Default)]
struct SetNames(FxHashMap<Vec<String>, String>);

/// A place that may give its name to a set of owners: a section or a directory.
#[derive(Default)]
struct Place {
    /// The set of its rules, unless they have several.
    owners: Option<Vec<String>>,
    is_mixed: bool,
    rules: usize,
}

impl Place {
    fn add(&mut self, owners: &[String]) {
        self.rules += 1;
        let first = self.owners.get_or_insert_with(|| owners.to_vec());
        self.is_mixed |= first != owners;
    }
}

impl SetNames {
    fn of(items: &[PathsItem<'_>]) -> Self {
        let mut counts: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        let mut sections: Vec<(&str, Place)> = Vec::new();
        let mut directories: FxHashMap<&str, Place> = FxHashMap::default();
        for (index, item) in items.iter().enumerate() {
            match item {
                PathsItem::Comment(title) if starts_section(items, index) => {
                    sections.push((title, Place::default()));
                }
                PathsItem::Rule {
                    patterns, owners, ..
                } => {
                    let key = key(owners);
                    if let Some((_, section)) = sections.last_mut() {
                        section.add(&key);
                    }
                    for directory in patterns.iter().flat_map(|pattern| directories_of(pattern)) {
                        directories.entry(directory).or_default().add(&key);
                    }
                    if is_worth_a_name(owners) {
                        *counts.entry(key).or_default() += 1;
                    }
                }
                _ => {}
            }
        }
        let mut names = SetNames::default();
        // Deeper directories first: they say more.
        let mut directories: Vec<(&str, Place)> = directories.into_iter().collect();
        directories.sort_unstable_by_key(|(name, _)| (std::cmp::Reverse(name.len()), *name));
        let directories = directories.into_iter().map(|(path, place)| {
            let name = path.rsplit('/').next().unwrap_or_default();
            (name, place)
        });
        for (title, place) in sections.into_iter().chain(directories) {
            let Some(owners) = place.owners.filter(|_| !place.is_mixed) else {
                continue;
            };
            // All uses of the set are in this place, and it is used more than once.
            let is_only_here = counts.get(&owners) == Some(&place.rules) && place.rules > 1;
            if is_only_here && let Some(name) = set_name(title) {
                names.0.entry(owners).or_insert(name);
            }
        }
        names
    }
}

/// Whether the comment at `index` is one line that begins a paragraph.
fn starts_section(items: &[PathsItem<'_>], index: usize) -> bool {
    let is_first = index == 0 || matches!(items[index - 1], PathsItem::Blank);
    is_first && matches!(items.get(index + 1), Some(PathsItem::Rule { .. }))
}

/// The directories that a pattern is in, by their literal names from the root.
fn directories_of(pattern: &str) -> impl Iterator<Item = &str> {
    let is_anchored = pattern.trim_end_matches('/').contains('/');
    let path = pattern.trim_start_matches('/');
    let literal = path.find(['*', '?', '\\']).unwrap_or(path.len());
    let slashes = path[..literal].match_indices('/');
    slashes
        .take_while(move |_| is_anchored)
        .map(|(slash, _)| &path[..slash])
}

/// A name from a title: `azure-sdk` from `Azure SDK`. `None` if the title is a sentence.
fn set_name(title: &str) -> Option<String> {
    let title = title.trim_matches(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = title.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_/&+".contains(c))
    };
    let is_name = !words.is_empty() && words.len() <= MAX_WORDS && words.iter().all(is_word);
    let words = words.iter().map(|word| group_name(word).to_lowercase());
    let words: Vec<String> = words.filter(|word| word != "group").collect();
    let name = words.join("-");
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && starts_well && name.len() <= MAX_NAME).then_some(name)
}

/// A list of two teams is clearer than a third name.
fn is_worth_a_name(owners: &[Owner]) -> bool {
    owners.len() > 2 || owners.len() == 2 && !owners.iter().all(is_team)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_that_all_share() {
        for (teams, expected) in [
            (
                &[
                    "w-core-reviewers",
                    "w-compiler-s390x-reviewers",
                    "w-wasi-reviewers",
                ][..],
                &["core", "compiler-s390x", "wasi"][..],
            ),
            (&["wg-a1", "wg-security"], &["a1", "security"]),
            (&["core-team", "docs-team"], &["core", "docs"]),
            (&["only-one-team"], &["only-one-team"]),
            // The rest would be empty, too short or a number.
            (&["core", "core-reviewers"], &["core", "core-reviewers"]),
            (&["team-a", "team-b"], &["team-a", "team-b"]),
            (&["team-10", "team-20"], &["team-10", "team-20"]),
            // Not at a boundary of words.
            (&["alpha", "alphabet"], &["alpha", "alphabet"]),
            (&["Web-core", "web-Docs"], &["core", "Docs"]),
        ] {
            let owners: Vec<Owner> = teams
                .iter()
                .map(|team| Owner::unchecked(&format!("@org/{team}")))
                .collect();
            let affixes = Affixes::of(owners.iter());
            let found: Vec<&str> = teams.iter().map(|team| affixes.without(team)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn titles_that_are_names() {
        for (title, expected) in [
            (" Azure SDK", Some("azure-sdk")),
            ("## Core ##", Some("core")),
            (" CI/CD", Some("ci-cd")),
            (" Files which can be approved by anyone", None),
            (" DRI rotation: App Service", None),
            (" 2023", None),
            ("", None),
            (" ---", None),
        ] {
            assert_eq!(set_name(title).as_deref(), expected, "{title}");
        }
    }
}
