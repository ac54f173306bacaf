//! The parts of the tree that a report is about, and who owns what in them.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ids::{IdRange, IdVec, id};
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::{PathId, PathSet};
use crate::pattern::Pattern;
use crate::ruleset::{GroupId, LineId, RuleId, RuleSet};

id! {
    /// An index into [`Areas`].
    pub struct AreaId;
    /// An owner of a path in an area, as the forge knows them.
    pub struct OwnerId;
    /// A set of owners of a path.
    struct SetId;
    /// A set of areas of a path.
    struct ListId;
}

/// What an area consists of.
#[derive(Clone, Debug)]
pub enum Selection {
    /// The paths that rules decide which name this group, directly or through other groups.
    Group(GroupId),
    /// The paths that a rule decides.
    Rule(RuleId),
    /// Some paths that follow each other: a file, or a directory.
    Paths(IdRange<PathId>),
    /// The paths that any of these patterns matches, whatever decides them.
    Patterns(Vec<Pattern>),
}

/// A part of the tree.
#[derive(Clone, Debug, Default)]
pub struct Area {
    /// The paths that count.
    pub paths: Vec<PathId>,
    /// The number of paths that do not count.
    pub left_out: usize,
    /// The owners of paths that count, with the number of these paths. Groups are replaced by their
    /// people. In the order of their first path.
    pub owners: Vec<(OwnerId, usize)>,
}

/// All areas of a report.
#[derive(Debug, Default)]
pub struct Areas {
    areas: IdVec<AreaId, Area>,
    owners: IdVec<OwnerId, Owner>,
    /// The owners of each path.
    set_of: IdVec<PathId, SetId>,
    sets: IdVec<SetId, Box<[OwnerId]>>,
    /// The areas of each path that counts.
    list_of: IdVec<PathId, ListId>,
    lists: IdVec<ListId, Box<[AreaId]>>,
}

impl Areas {
    /// Finds the paths of all areas. Paths for which `is_left_out` is true count nowhere.
    #[must_use]
    pub fn new(
        rules: &RuleSet,
        paths: &PathSet,
        selections: &[Selection],
        is_left_out: impl Fn(PathId) -> bool,
    ) -> Self {
        let mut finder = Finder::new(rules, selections);
        let matcher = rules.matcher();
        let mut walk = matcher.walk();
        let patterns = Matcher::new(finder.patterns.iter().map(|(pattern, _)| *pattern));
        let mut pattern_walk = patterns.walk();
        let mut lines: Vec<LineId> = Vec::new();
        for (id, path) in paths.with_ids() {
            lines.clear();
            lines.extend_from_slice(walk.decide_each(path));
            let set = finder.set(&lines);
            let mut areas = finder.of_set[set].clone();
            areas.extend(
                (finder.ranges.iter())
                    .filter_map(|(range, area)| range.contains(id).then_some(*area)),
            );
            if !finder.patterns.is_empty() {
                let hits = pattern_walk.all_matches(path);
                areas.extend(hits.iter().map(|&hit| finder.patterns[hit as usize].1));
            }
            areas.sort_unstable();
            areas.dedup();
            finder.add(id, set, areas, is_left_out(id));
        }
        finder.finish()
    }

    /// All areas, in the order of their selections.
    #[must_use]
    pub fn all(&self) -> &IdVec<AreaId, Area> {
        &self.areas
    }

    /// The areas of a path. None if the path does not count.
    #[inline]
    #[must_use]
    pub fn of_path(&self, path: PathId) -> &[AreaId] {
        &self.lists[self.list_of[path]]
    }

    /// The owners of a path, with each group replaced by its people.
    #[must_use]
    pub fn owners_of(&self, path: PathId) -> &[OwnerId] {
        &self.sets[self.set_of[path]]
    }

    /// All owners.
    #[must_use]
    pub fn owners(&self) -> &IdVec<OwnerId, Owner> {
        &self.owners
    }
}

/// Areas under construction.
struct Finder<'r> {
    rules: &'r RuleSet,
    found: Areas,
    of_group: IdVec<GroupId, Vec<AreaId>>,
    of_rule: FxHashMap<RuleId, AreaId>,
    ranges: Vec<(IdRange<PathId>, AreaId)>,
    patterns: Vec<(&'r Pattern, AreaId)>,
    /// The sets of owners, by the rules that decide.
    set_of_rules: FxHashMap<Box<[RuleId]>, SetId>,
    /// The areas that follow from the rules that decide.
    of_set: IdVec<SetId, Vec<AreaId>>,
    list_of_areas: FxHashMap<Box<[AreaId]>, ListId>,
    owner_of: FxHashMap<String, OwnerId>,
    /// The owners of each list of the rules, by its address: rules share long lists.
    of_list: FxHashMap<*const Owner, Box<[OwnerId]>>,
    counts: BTreeMap<AreaId, Vec<(SetId, usize)>>,
}

impl<'r> Finder<'r> {
    fn new(rules: &'r RuleSet, selections: &'r [Selection]) -> Self {
        let mut finder = Finder {
            rules,
            found: Areas::default(),
            of_group: IdVec::filled(rules.groups(), Vec::new()),
            of_rule: FxHashMap::default(),
            ranges: Vec::new(),
            patterns: Vec::new(),
            set_of_rules: FxHashMap::default(),
            of_set: IdVec::default(),
            list_of_areas: FxHashMap::default(),
            owner_of: FxHashMap::default(),
            of_list: FxHashMap::default(),
            counts: BTreeMap::new(),
        };
        finder.list(Box::default());
        for selection in selections {
            let area = finder.found.areas.push(Area::default());
            match selection {
                Selection::Group(group) => finder.of_group[*group].push(area),
                Selection::Rule(rule) => {
                    finder.of_rule.insert(*rule, area);
                }
                Selection::Paths(range) => finder.ranges.push((*range, area)),
                Selection::Patterns(patterns) => {
                    let patterns = patterns.iter().map(|pattern| (pattern, area));
                    finder.patterns.extend(patterns);
                }
            }
        }
        finder
    }

    /// The set of the owners that these lines give together.
    fn set(&mut self, lines: &[LineId]) -> SetId {
        let rules: Box<[RuleId]> = lines.iter().map(|&line| self.rules[line].rule).collect();
        if let Some(&known) = self.set_of_rules.get(&rules) {
            return known;
        }
        let mut owners: Vec<OwnerId> = Vec::new();
        let mut seen: FxHashSet<OwnerId> = FxHashSet::default();
        let mut areas: Vec<AreaId> = Vec::new();
        for &id in &rules {
            let rule = &self.rules[id];
            let list = self.owners(&rule.people);
            owners.extend(list.iter().filter(|&&owner| seen.insert(owner)));
            for group in self.rules.groups_of(rule) {
                areas.extend_from_slice(&self.of_group[group]);
            }
            areas.extend(self.of_rule.get(&id));
        }
        areas.sort_unstable();
        areas.dedup();
        self.of_set.push(areas);
        let set = self.found.sets.push(owners.into());
        self.set_of_rules.insert(rules, set);
        set
    }

    fn owners(&mut self, list: &[Owner]) -> Box<[OwnerId]> {
        if let Some(known) = self.of_list.get(&list.as_ptr()) {
            return known.clone();
        }
        let ids: Box<[OwnerId]> = (list.iter())
            .map(|owner| {
                let known = self.owner_of.entry(owner.folded());
                *known.or_insert_with(|| self.found.owners.push(owner.clone()))
            })
            .collect();
        if !list.is_empty() {
            self.of_list.insert(list.as_ptr(), ids.clone());
        }
        ids
    }

    fn list(&mut self, areas: Box<[AreaId]>) -> ListId {
        if let Some(&known) = self.list_of_areas.get(&areas) {
            return known;
        }
        let list = self.found.lists.push(areas.clone());
        self.list_of_areas.insert(areas, list);
        list
    }

    /// Adds the next path.
    fn add(&mut self, path: PathId, set: SetId, areas: Vec<AreaId>, is_left_out: bool) {
        for &area in &areas {
            if is_left_out {
                self.found.areas[area].left_out += 1;
                continue;
            }
            self.found.areas[area].paths.push(path);
            let counts = self.counts.entry(area).or_default();
            // Neighbors mostly have the same owners.
            match counts.last_mut() {
                Some((last, count)) if *last == set => *count += 1,
                _ => counts.push((set, 1)),
            }
        }
        let counted = if is_left_out { Vec::new() } else { areas };
        let list = self.list(counted.into());
        self.found.list_of.push(list);
        self.found.set_of.push(set);
    }

    fn finish(mut self) -> Areas {
        for (area, counts) in self.counts {
            let mut of_set: FxHashMap<SetId, usize> = FxHashMap::default();
            let mut order: Vec<SetId> = Vec::new();
            for (set, count) in counts {
                *of_set.entry(set).or_insert_with(|| {
                    order.push(set);
                    0
                }) += count;
            }
            let mut place: FxHashMap<OwnerId, usize> = FxHashMap::default();
            let owners = &mut self.found.areas[area].owners;
            for set in order {
                for &owner in &self.found.sets[set] {
                    let place = *place.entry(owner).or_insert_with(|| {
                        owners.push((owner, 0));
                        owners.len() - 1
                    });
                    owners[place].1 += of_set[&set];
                }
            }
        }
        self.found
    }
}
