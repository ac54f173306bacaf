//! The owners, groups, rules and decisions of the page. They refer to each other by number, so each is
//! written once.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use owners::reports::map::{Decision, DecisionId, Decisions};
use owners::ruleset::{GroupId, LineId};
use owners::text::escaped;
use owners::{IdVec, Owner, Project};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::commands::who::json::section;

/// How many owners and groups all decisions list together. Each lists at least [`LEAST`].
const LISTED: usize = 100_000;
const LEAST: usize = 10;

/// What the leaves of the map refer to.
#[derive(Default, Serialize)]
pub(super) struct Tables {
    owners: Vec<String>,
    groups: Table<Group>,
    rules: Table<Rule>,
    decisions: Table<Row>,
    /// The number of each owner, by its name without case.
    #[serde(skip)]
    owner_numbers: FxHashMap<String, usize>,
}

/// Entries, each once. They are known by their numbers.
#[derive(Serialize)]
#[serde(transparent)]
struct Table<T> {
    entries: Vec<T>,
    #[serde(skip)]
    numbers: FxHashMap<T, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            entries: Vec::new(),
            numbers: FxHashMap::default(),
        }
    }
}

impl<T: Clone + Eq + Hash> Table<T> {
    /// The number of an entry. It is added if it is not there.
    fn number(&mut self, entry: T) -> usize {
        *self.numbers.entry(entry).or_insert_with_key(|entry| {
            self.entries.push(entry.clone());
            self.entries.len() - 1
        })
    }
}

/// The number of each decision of a tree.
pub(super) type Decided = IdVec<DecisionId, usize>;

/// A group of `owners.toml`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
struct Group {
    name: String,
    owners: Vec<usize>,
    /// Its people, if the owners are not all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<usize>,
}

/// A rule, as it is written.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
struct Rule {
    pattern: String,
    place: String,
    section: Option<String>,
}

/// A decision.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
struct Row {
    state: &'static str,
    owners: Vec<usize>,
    groups: Vec<usize>,
    rules: Vec<usize>,
    /// How many owners are not listed.
    #[serde(skip_serializing_if = "is_nothing")]
    more: usize,
}

fn is_nothing(count: &usize) -> bool {
    *count == 0
}

impl Tables {
    /// Adds the decisions of a tree. The trees of a comparison have most of them in common.
    pub(super) fn add(&mut self, project: &Project, decisions: &Decisions) -> Decided {
        let most = LEAST.max(LISTED / decisions.all.len().max(1));
        let mut side = Side {
            tables: self,
            project,
            most,
            groups: FxHashMap::default(),
            rules: FxHashMap::default(),
        };
        let number = |decision: &Decision| {
            let row = side.row(decision);
            side.tables.decisions.number(row)
        };
        decisions.all.iter().map(number).collect()
    }

    fn owner(&mut self, owner: &Owner) -> usize {
        match self.owner_numbers.entry(owner.folded()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.owners.push(escaped(owner.as_str().as_bytes()));
                *new.insert(self.owners.len() - 1)
            }
        }
    }
}

/// A tree whose decisions are being added.
struct Side<'t> {
    tables: &'t mut Tables,
    project: &'t Project,
    /// How many owners or groups a decision lists.
    most: usize,
    groups: FxHashMap<GroupId, usize>,
    rules: FxHashMap<LineId, usize>,
}

impl Side<'_> {
    fn row(&mut self, decision: &Decision) -> Row {
        let rules = &self.project.rules;
        let owners = rules.owners_of(&decision.lines);
        let mut groups: Vec<usize> = Vec::new();
        for &line in &decision.lines {
            for group in rules.groups_of(rules.rule_of(line)) {
                let group = self.group(group);
                if groups.len() < self.most && !groups.contains(&group) {
                    groups.push(group);
                }
            }
        }
        let listed = &owners[..owners.len().min(self.most)];
        Row {
            state: decision.state.name(),
            owners: listed
                .iter()
                .map(|owner| self.tables.owner(owner))
                .collect(),
            groups,
            rules: decision.lines.iter().map(|&line| self.rule(line)).collect(),
            more: owners.len() - listed.len(),
        }
    }

    fn group(&mut self, id: GroupId) -> usize {
        if let Some(&known) = self.groups.get(&id) {
            return known;
        }
        let group = &self.project.rules[id];
        let mut numbers = |owners: &[Owner]| -> Vec<usize> {
            owners
                .iter()
                .map(|owner| self.tables.owner(owner))
                .collect()
        };
        let (owners, people) = (numbers(&group.owners), numbers(&group.people));
        let group = Group {
            name: escaped(group.name.as_bytes()),
            people: if people == owners { Vec::new() } else { people },
            owners,
        };
        let number = self.tables.groups.number(group);
        self.groups.insert(id, number);
        number
    }

    fn rule(&mut self, line: LineId) -> usize {
        if let Some(&known) = self.rules.get(&line) {
            return known;
        }
        let rule = self.project.rules.rule_of(line);
        let rule = Rule {
            pattern: escaped(rule.pattern.value.as_bytes()),
            place: self.project.sources.place(&rule.location()),
            section: section(self.project, line).map(|name| escaped(name.as_bytes())),
        };
        let number = self.tables.rules.number(rule);
        self.rules.insert(line, number);
        number
    }
}
