//! Groups: names for reviewers, which may name each other.
//!
//! A group is visible in the directory of the file that defines it and below. A name means one
//! group wherever it is visible, so a file cannot define one that a file above it has.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ResolvedGroup;
use super::checker::{Checker, is_group_name};
use crate::config::{Config, Group, Text};
use crate::owner::Owner;
use crate::text::{Diagnostic, FileId, Location};

/// The groups of all files.
pub(super) struct Groups<'c> {
    scopes: Vec<Scope>,
    all: Vec<Entry<'c>>,
    /// The groups of each name, by index: in files beside each other, in their order.
    by_name: FxHashMap<&'c str, Vec<usize>>,
}

/// Where the groups of one file are visible.
struct Scope {
    /// The nearest file above.
    parent: Option<usize>,
    /// Behind the last file below.
    end: usize,
    /// The first of its groups.
    first: usize,
}

struct Entry<'c> {
    file: FileId,
    scope: usize,
    group: &'c Group,
    /// Present once the group is resolved.
    resolved: Option<ResolvedGroup>,
}

/// Owners, each once.
#[derive(Default)]
pub(super) struct OwnerList {
    owners: Vec<Owner>,
    seen: FxHashSet<String>,
}

impl OwnerList {
    /// Appends `owner` unless somebody who is the same is there.
    pub(super) fn add(&mut self, owner: &Owner) {
        if self.seen.insert(owner.folded()) {
            self.owners.push(owner.clone());
        }
    }

    pub(super) fn extend(&mut self, owners: &[Owner]) {
        owners.iter().for_each(|owner| self.add(owner));
    }

    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    pub(super) fn into_vec(self) -> Vec<Owner> {
        self.owners
    }
}

impl<'c> Groups<'c> {
    /// Resolves the groups of all files, in the order of their directories: each directly before those
    /// below it.
    pub(super) fn resolve(configs: &'c [Config], checker: &mut Checker<'_>) -> Self {
        let mut groups = Groups {
            scopes: scopes(configs),
            all: Vec::new(),
            by_name: FxHashMap::default(),
        };
        for (scope, config) in configs.iter().enumerate() {
            let first = groups.all.len();
            groups.scopes[scope].first = first;
            for group in &config.groups {
                if let Some(above) = groups.find(scope, &group.name.value) {
                    groups.defined_twice(above, config.file, &group.name, checker);
                    continue;
                }
                let same = groups.by_name.entry(&group.name.value).or_default();
                same.push(groups.all.len());
                groups.all.push(Entry {
                    file: config.file,
                    scope,
                    group,
                    resolved: None,
                });
            }
            for index in groups.dependency_order(first, checker) {
                if checker.is_exhausted() {
                    break;
                }
                groups.all[index].resolved = Some(groups.resolve_one(index, checker));
            }
        }
        groups
    }

    /// The group that `name` means in a file.
    pub(super) fn find(&self, scope: usize, name: &str) -> Option<usize> {
        let same = self.by_name.get(name)?;
        // No two of them are visible in one file, so only the last of these can be in this one.
        let before = same.partition_point(|&index| self.all[index].scope <= scope);
        let last = same[before.checked_sub(1)?];
        (scope < self.scopes[self.all[last].scope].end).then_some(last)
    }

    /// The names that can be used in a file.
    pub(super) fn names(&self, scope: usize) -> impl Iterator<Item = &'c str> {
        std::iter::successors(Some(scope), |&scope| self.scopes[scope].parent)
            .flat_map(|scope| {
                let own = self.all[self.scopes[scope].first..].iter();
                own.take_while(move |entry| entry.scope == scope)
            })
            .map(|entry| entry.group.name.value.as_str())
    }

    /// A group, unless resolution was given up.
    pub(super) fn get(&self, index: usize) -> Option<&ResolvedGroup> {
        self.all[index].resolved.as_ref()
    }

    /// All groups, those marked as used that one of `reached` is or names.
    pub(super) fn into_resolved(mut self, mut reached: Vec<u32>) -> Vec<ResolvedGroup> {
        while let Some(index) = reached.pop() {
            let entry = &self.all[index as usize];
            let inner: Vec<u32> = (entry.group.members.iter())
                .filter_map(|member| self.find(entry.scope, &member.value))
                .map(|inner| inner as u32)
                .collect();
            let resolved = &mut self.all[index as usize].resolved;
            if let Some(group) = resolved.as_mut().filter(|group| !group.is_used) {
                group.is_used = true;
                reached.extend(inner);
            }
        }
        self.all
            .into_iter()
            .filter_map(|entry| entry.resolved)
            .collect()
    }

    fn defined_twice(&self, above: usize, file: FileId, name: &Text, checker: &mut Checker<'_>) {
        let first = &self.all[above];
        checker.faults.push(
            Diagnostic::error(format!("group `{}` is defined above already", name.value))
                .at(file, name.span.clone(), "defined again here")
                .at(
                    first.file,
                    first.group.name.span.clone(),
                    "and visible below this file",
                )
                .help("use the one from above, or give this one another name"),
        );
    }

    fn resolve_one(&self, index: usize, checker: &mut Checker<'_>) -> ResolvedGroup {
        let Entry {
            file, scope, group, ..
        } = self.all[index];
        let mut owners = OwnerList::default();
        let mut people = OwnerList::default();
        for member in &group.members {
            if is_group_name(&member.value) {
                // A missing one was reported; so was a cycle.
                let inner = self
                    .find(scope, &member.value)
                    .and_then(|inner| self.get(inner));
                if let Some(inner) = inner {
                    owners.extend(&inner.owners);
                    people.extend(&inner.people);
                }
            } else if let Some(owner) = checker.owner(file, member) {
                owners.add(&owner);
                people.add(&owner);
            }
        }
        if let Some(team) = group
            .team
            .as_ref()
            .and_then(|team| checker.team(file, team))
        {
            if people.len() == 0 {
                people.add(&team);
            }
            owners = OwnerList::default();
            owners.add(&team);
        }
        let inner = match &group.team {
            Some(_) => Vec::new(),
            None => self.groups_in(scope, group),
        };
        let count = owners.len() + people.len() + inner.len();
        checker.spend_owners(count, file, &group.name);
        ResolvedGroup {
            name: group.name.value.clone(),
            location: Location {
                file,
                span: group.name.span.clone(),
            },
            owners: owners.into_vec().into(),
            people: people.into_vec().into(),
            description: group.description.clone(),
            contact: group.contact.clone(),
            groups: inner.into(),
            is_used: false,
        }
    }

    /// The groups that a group names, and those in them, each once.
    fn groups_in(&self, scope: usize, group: &Group) -> Vec<u32> {
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let mut found = Vec::new();
        for member in &group.members {
            if let Some(index) = self.find(scope, &member.value) {
                let inner = self.get(index).into_iter();
                let inner = inner.flat_map(|inner| inner.groups.iter().copied());
                let all = std::iter::once(index as u32).chain(inner);
                found.extend(all.filter(|&group| seen.insert(group)));
            }
        }
        found
    }

    /// The groups from `first` on, those that each names before it. Reports unknown names and
    /// cycles; a group in a cycle comes anyway, so that its other faults are found. Iterative: a
    /// chain of a hundred thousand groups is no reason to overflow the stack.
    fn dependency_order(&self, first: usize, checker: &mut Checker<'_>) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.all.len() - first];
        let mut order = Vec::with_capacity(states.len());
        for root in first..self.all.len() {
            if states[root - first] != State::New {
                continue;
            }
            states[root - first] = State::Open;
            // Each group on the way, and which of its members comes next.
            let mut path = vec![(root, 0)];
            while let Some((index, next)) = path.last_mut() {
                let index = *index;
                let entry = &self.all[index];
                let Some(member) = entry.group.members.get(*next) else {
                    states[index - first] = State::Done;
                    order.push(index);
                    path.pop();
                    continue;
                };
                *next += 1;
                if !is_group_name(&member.value) {
                    continue;
                }
                match self.find(entry.scope, &member.value) {
                    None => checker.unknown_group(entry.file, member, self.names(entry.scope)),
                    // Files above are done, and cannot name what is below them.
                    Some(inner) if inner < first => {}
                    Some(inner) if states[inner - first] == State::Open => {
                        self.cycle(&path, inner, checker);
                    }
                    Some(inner) if states[inner - first] == State::New => {
                        states[inner - first] = State::Open;
                        path.push((inner, 0));
                    }
                    Some(_) => {}
                }
            }
        }
        order
    }

    fn cycle(&self, path: &[(usize, usize)], back_to: usize, checker: &mut Checker<'_>) {
        let start = path
            .iter()
            .position(|&(index, _)| index == back_to)
            .unwrap_or(0);
        let name = |index: usize| self.all[index].group.name.value.as_str();
        let mut names: Vec<&str> = path[start..]
            .iter()
            .map(|&(index, _)| name(index))
            .collect();
        names.push(names[0]);
        if names.len() > 12 {
            names.splice(5..names.len() - 5, ["…"]);
        }
        let message = format!(
            "group `{}` contains itself: {}",
            names[0],
            names.join(" → ")
        );
        let mut diagnostic = Diagnostic::error(message);
        for &(index, next) in path[start..].iter().take(10) {
            let entry = &self.all[index];
            let member = &entry.group.members[next - 1];
            let label = format!("`{}` names `{}`", name(index), member.value);
            diagnostic = diagnostic.at(entry.file, member.span.clone(), label);
        }
        checker
            .faults
            .push(diagnostic.help("remove one of these names from its group"));
    }
}

/// Which files are above and below each.
fn scopes(configs: &[Config]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::with_capacity(configs.len());
    // The files above the present one, the outermost first.
    let mut above: Vec<usize> = Vec::new();
    for (index, config) in configs.iter().enumerate() {
        while let Some(&last) = above.last()
            && !is_below(&config.directory, &configs[last].directory)
        {
            scopes[last].end = index;
            above.pop();
        }
        scopes.push(Scope {
            parent: above.last().copied(),
            end: configs.len(),
            first: 0,
        });
        above.push(index);
    }
    scopes
}

/// Whether a directory is in another; all are in the root, which is empty.
fn is_below(directory: &str, outer: &str) -> bool {
    outer.is_empty() || (directory.strip_prefix(outer)).is_some_and(|rest| rest.starts_with('/'))
}
