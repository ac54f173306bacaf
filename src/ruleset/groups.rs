//! Groups: names for sets of owners. A group may name other groups.
//!
//! A group is visible in the directory of the file that defines it, and below. In any file a name
//! means at most one group. So a file cannot define a group that a file above it defines.

use rustc_hash::{FxHashMap, FxHashSet};

use super::checker::{Checker, is_group_name};
use super::{GroupId, ResolvedGroup};
use crate::config::{Config, Group, Text};
use crate::ids::{Id as _, IdVec};
use crate::owner::Owner;
use crate::text::{Diagnostic, FileId, Location};

/// The groups of all files.
pub(super) struct Groups<'c> {
    scopes: Vec<Scope>,
    all: IdVec<GroupId, GroupEntry<'c>>,
    /// The groups with each name, in the order of their files. They are defined in directories that
    /// do not contain each other.
    by_name: FxHashMap<&'c str, Vec<GroupId>>,
}

/// The scope of one file: where its groups are visible.
struct Scope {
    /// The scope of the nearest file above.
    parent: Option<usize>,
    /// The end of the scopes below this one, which follow it directly.
    end: usize,
    /// Its first group.
    first: GroupId,
}

struct GroupEntry<'c> {
    file: FileId,
    scope: usize,
    group: &'c Group,
    state: State,
    /// `Some` once the group is resolved.
    resolved: Option<ResolvedGroup>,
}

/// The state of a group during the depth-first search that orders groups.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Unvisited,
    /// Some of its members are not visited yet.
    Open,
    Done,
}

/// A list of distinct owners.
#[derive(Default)]
pub(super) struct OwnerList {
    owners: Vec<Owner>,
    seen: FxHashSet<String>,
}

impl OwnerList {
    /// Appends `owner` unless the list has the same owner.
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
    /// Resolves the groups of all files. The files must be in the order of their directories: each
    /// directly before those below it.
    pub(super) fn resolve(configs: &'c [Config], checker: &mut Checker<'_>) -> Self {
        let mut groups = Groups {
            scopes: scopes(configs),
            all: IdVec::default(),
            by_name: FxHashMap::default(),
        };
        for (scope, config) in configs.iter().enumerate() {
            let first = groups.all.next_id();
            groups.scopes[scope].first = first;
            for group in &config.groups {
                if let Some(above) = groups.find(scope, &group.name.value) {
                    groups.defined_twice(above, config.file, &group.name, checker);
                    continue;
                }
                let id = groups.all.push(GroupEntry {
                    file: config.file,
                    scope,
                    group,
                    state: State::Unvisited,
                    resolved: None,
                });
                let same = groups.by_name.entry(&group.name.value).or_default();
                same.push(id);
            }
            for id in groups.dependency_order(first, checker) {
                if checker.is_exhausted() {
                    break;
                }
                groups.all[id].resolved = Some(groups.resolve_one(id, checker));
            }
        }
        groups
    }

    /// The group that `name` means in a file.
    pub(super) fn find(&self, scope: usize, name: &str) -> Option<GroupId> {
        let same = self.by_name.get(name)?;
        // At most one of them is visible in a file. The last one defined at or before this file is
        // the only candidate.
        let before = same.partition_point(|&id| self.all[id].scope <= scope);
        let last = same[before.checked_sub(1)?];
        (scope < self.scopes[self.all[last].scope].end).then_some(last)
    }

    /// The names that can be used in a file.
    pub(super) fn names(&self, scope: usize) -> impl Iterator<Item = &'c str> {
        std::iter::successors(Some(scope), |&scope| self.scopes[scope].parent)
            .flat_map(|scope| {
                let own = self.all[self.all.ids_from(self.scopes[scope].first)].iter();
                own.take_while(move |entry| entry.scope == scope)
            })
            .map(|entry| entry.group.name.value.as_str())
    }

    /// A group. `None` if resolution was given up.
    pub(super) fn get(&self, id: GroupId) -> Option<&ResolvedGroup> {
        self.all[id].resolved.as_ref()
    }

    /// All groups. Those in `reached`, and the groups that they name, are marked as used.
    pub(super) fn into_resolved(
        mut self,
        mut reached: Vec<GroupId>,
    ) -> IdVec<GroupId, ResolvedGroup> {
        while let Some(id) = reached.pop() {
            let entry = &self.all[id];
            let members = entry.group.members.iter();
            let inner: Vec<GroupId> = members
                .filter_map(|member| self.find(entry.scope, &member.value))
                .collect();
            let resolved = &mut self.all[id].resolved;
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

    fn defined_twice(&self, above: GroupId, file: FileId, name: &Text, checker: &mut Checker<'_>) {
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

    fn resolve_one(&self, id: GroupId, checker: &mut Checker<'_>) -> ResolvedGroup {
        let GroupEntry {
            file, scope, group, ..
        } = self.all[id];
        let mut owners = OwnerList::default();
        let mut people = OwnerList::default();
        for member in &group.members {
            if is_group_name(&member.value) {
                // An unknown group or a cycle has been reported already.
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
            let select = group.select.as_ref();
            let select = select.and_then(|select| checker.selector(file, select));
            let team = team.with_selector(select);
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

    /// The groups that a group names, directly or through other groups, each once.
    fn groups_in(&self, scope: usize, group: &Group) -> Vec<GroupId> {
        let mut seen: FxHashSet<GroupId> = FxHashSet::default();
        let mut found = Vec::new();
        for member in &group.members {
            if let Some(id) = self.find(scope, &member.value) {
                let inner = self.get(id).into_iter();
                let inner = inner.flat_map(|inner| inner.groups.iter().copied());
                let all = std::iter::once(id).chain(inner);
                found.extend(all.filter(|&group| seen.insert(group)));
            }
        }
        found
    }

    /// The groups from `first` on, in dependency order: after the groups that they name. Reports
    /// unknown names and cycles. A group in a cycle is included, so that its other faults are
    /// found. Iterative, because a chain of a hundred thousand groups would overflow the stack.
    fn dependency_order(&mut self, first: GroupId, checker: &mut Checker<'_>) -> Vec<GroupId> {
        let mut order = Vec::new();
        for root in self.all.ids_from(first) {
            if self.all[root].state != State::Unvisited {
                continue;
            }
            self.all[root].state = State::Open;
            // The groups on the current path, each with the index of its next member.
            let mut path = vec![(root, 0)];
            while let Some((id, next)) = path.last_mut() {
                let id = *id;
                let GroupEntry {
                    file, scope, group, ..
                } = self.all[id];
                let Some(member) = group.members.get(*next) else {
                    self.all[id].state = State::Done;
                    order.push(id);
                    path.pop();
                    continue;
                };
                *next += 1;
                if !is_group_name(&member.value) {
                    continue;
                }
                match self.find(scope, &member.value) {
                    None => checker.unknown_group(file, member, false, self.names(scope)),
                    Some(inner) if self.all[inner].state == State::Open => {
                        self.cycle(&path, inner, checker);
                    }
                    Some(inner) if self.all[inner].state == State::Unvisited => {
                        self.all[inner].state = State::Open;
                        path.push((inner, 0));
                    }
                    // This includes the groups of files above.
                    Some(_) => {}
                }
            }
        }
        order
    }

    fn cycle(&self, path: &[(GroupId, usize)], back_to: GroupId, checker: &mut Checker<'_>) {
        let start = path.iter().position(|&(id, _)| id == back_to).unwrap_or(0);
        let name = |id: GroupId| self.all[id].group.name.value.as_str();
        let mut names: Vec<&str> = path[start..].iter().map(|&(id, _)| name(id)).collect();
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
        for &(id, next) in path[start..].iter().take(10) {
            let entry = &self.all[id];
            let member = &entry.group.members[next - 1];
            let label = format!("`{}` names `{}`", name(id), member.value);
            diagnostic = diagnostic.at(entry.file, member.span.clone(), label);
        }
        checker
            .faults
            .push(diagnostic.help("remove one of these names from its group"));
    }
}

/// Computes the scope of each file.
fn scopes(configs: &[Config]) -> Vec<Scope> {
    let mut scopes: Vec<Scope> = Vec::with_capacity(configs.len());
    // The files above the current one, the outermost first.
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
            first: GroupId::from_number(0),
        });
        above.push(index);
    }
    scopes
}

/// Whether `directory` is below `outer`. The root is the empty string.
fn is_below(directory: &str, outer: &str) -> bool {
    let rest = directory.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}
