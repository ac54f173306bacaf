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
    groups: Vec<Group>,
    rules: Vec<Rule>,
    decisions: Vec<Row>,
    #[serde(skip)]
    owner_numbers: FxHashMap<String, usize>,
    #[serde(skip)]
    group_numbers: FxHashMap<Group, usize>,
    #[serde(skip)]
    rule_numbers: FxHashMap<Rule, usize>,
    #[serde(skip)]
    decision_numbers: FxHashMap<Row, usize>,
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

/// The number of an entry of a table. It is added if it is not there.
fn numbered<T: Clone + Eq + Hash>(
    entry: T,
    table: &mut Vec<T>,
    numbers: &mut FxHashMap<T, usize>,
) -> usize {
    let next = table.len();
    *numbers.entry(entry).or_insert_with_key(|entry| {
        table.push(entry.clone());
        next
    })
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
            let Tables {
                decisions,
                decision_numbers,
                ..
            } = &mut *side.tables;
            numbered(row, decisions, decision_numbers)
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
        let Tables {
            groups,
            group_numbers,
            ..
        } = &mut *self.tables;
        let number = numbered(group, groups, group_numbers);
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
        let Tables {
            rules,
            rule_numbers,
            ..
        } = &mut *self.tables;
        let number = numbered(rule, rules, rule_numbers);
        self.rules.insert(line, number);
        number
    }
}
