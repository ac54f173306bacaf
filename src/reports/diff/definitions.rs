//! What changed in the groups, rules and requirements themselves, before any path is looked at.
//!
//! One changed line of `owners.toml` may change the owners of thousands of paths. A reviewer wants
//! to read that line first: `wasi: + @alice`.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::kind::Kind;
use crate::codeowners::{File, FileLine};
use crate::config::{ApprovalEntry, RequirementEntry, Text};
use crate::ids::Id as _;
use crate::owner::Owner;
use crate::project::Project;
use crate::text::FileId;
use crate::text::toml::{one_or_more, quoted};

/// The groups, rules and requirements of one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Definitions {
    kind: FileKind,
    pub(super) groups: Vec<Group>,
    rules: Vec<Rule>,
    requirements: Vec<Requirement>,
    approvals: Vec<Requirement>,
}

/// Where they are written. Rules of different kinds of files are not compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum FileKind {
    #[default]
    Nothing,
    Config,
    Codeowners,
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The file and the name identify a group.
    file: String,
    name: String,
    owners: Vec<Owner>,
    /// The members of its teams. Not the owners that stand for themselves.
    people: Vec<Owner>,
    /// The groups in it, as indices.
    nested: Vec<usize>,
}

impl Group {
    fn key(&self) -> (&str, &str) {
        (&self.file, &self.name)
    }
}

#[derive(Clone, Debug)]
struct Rule {
    file: String,
    pattern: String,
    /// The rule in one line.
    text: String,
}

/// A requirement, or an entry of an approval, as text in a normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    /// Which paths it is about.
    paths: String,
    /// What it demands.
    demand: String,
    reason: Option<String>,
}

impl Requirement {
    fn new(entry: &RequirementEntry) -> Self {
        let minimum = entry.min_owners.as_ref();
        Requirement {
            paths: joined(vec![
                list("paths", &entry.paths),
                list("except", &entry.except),
            ]),
            demand: joined(vec![
                list("owners", &entry.owners),
                list("any-of", &entry.any_of),
                minimum.map(|minimum| format!("min-owners = {}", minimum.value)),
            ]),
            reason: entry.reason.as_ref().map(|reason| quoted(&reason.value)),
        }
    }

    fn of_approval(entry: &ApprovalEntry) -> Self {
        let (count, optional) = (entry.count.as_ref(), entry.optional.as_ref());
        let owners = match entry.owners.is_empty() {
            true => Some("owners = []".to_string()),
            false => list("owners", &entry.owners),
        };
        Requirement {
            paths: joined(vec![
                Some(format!("name = {}", quoted(&entry.name.value))),
                list("paths", &entry.paths),
                list("except", &entry.except),
            ]),
            demand: joined(vec![
                owners,
                count.map(|count| format!("count = {}", count.value)),
                optional.map(|optional| format!("optional = {}", optional.value)),
            ]),
            reason: None,
        }
    }

    /// The requirement as it would be written in one line.
    fn text(&self) -> String {
        let reason = self.reason.as_ref();
        let reason = reason.map_or(String::new(), |reason| format!(", reason = {reason}"));
        format!("{}, {}{reason}", self.paths, self.demand)
    }
}

/// A key with a list of texts, if there are some.
fn list(key: &str, texts: &[Text]) -> Option<String> {
    let texts = texts.iter().map(|text| text.value.as_str());
    (texts.len() > 0).then(|| format!("{key} = {}", one_or_more(texts)))
}

fn joined(parts: Vec<Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

impl Definitions {
    /// Whether this side is a CODEOWNERS file, and the other one `owners.toml`.
    pub(super) fn is_replaced_by(&self, other: &Definitions) -> bool {
        self.kind == FileKind::Codeowners && other.kind == FileKind::Config
    }

    pub(super) fn of_project(project: &Project) -> Self {
        let name = |file| project.sources[file].name.clone();
        let groups = project.rules.groups().iter().map(|group| Group {
            file: name(group.location.file),
            name: group.name.clone(),
            owners: group.owners.to_vec(),
            people: (group.people.iter())
                .filter(|each| !group.owners.contains(each))
                .cloned()
                .collect(),
            nested: group.groups.iter().map(|id| id.index()).collect(),
        });
        let rule = |file: FileId, pattern: &Text, span: &Range<usize>| Rule {
            file: name(file),
            pattern: pattern.value.clone(),
            text: in_one_line(&project.sources[file].text[span.clone()]),
        };
        let mut rules = Vec::new();
        // Rules that only notify are where they are written.
        let mut notices = project.rules.notices().iter().peekable();
        for (index, each) in project.rules.rules().iter().enumerate() {
            while let Some(notice) = notices.next_if(|notice| notice.follows() <= index) {
                rules.push(rule(notice.file, &notice.pattern, &notice.span));
            }
            rules.push(rule(each.file, &each.pattern, &each.span));
        }
        rules.extend(notices.map(|each| rule(each.file, &each.pattern, &each.span)));
        Definitions {
            kind: FileKind::Config,
            groups: groups.collect(),
            rules,
            requirements: project
                .config
                .requirements
                .iter()
                .map(Requirement::new)
                .collect(),
            approvals: (project.config.approvals.iter())
                .map(Requirement::of_approval)
                .collect(),
        }
    }

    pub(super) fn of_file(file: &File) -> Self {
        let section = |line: &FileLine| file.sections.get(line.section);
        let rules = file.entries.iter().map(|line| Rule {
            file: section(line).map_or(String::new(), |section| section.name.clone()),
            pattern: line.text.clone(),
            text: in_one_line(&format!("{} {}", line.text, Owner::line(&line.owners))),
        });
        Definitions {
            kind: FileKind::Codeowners,
            groups: Vec::new(),
            rules: rules.collect(),
            requirements: Vec::new(),
            approvals: Vec::new(),
        }
    }

    /// The groups and all groups in them.
    pub(super) fn with_nested(&self, groups: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut all: Vec<usize> = groups.collect();
        let nested: Vec<usize> = (all.iter())
            .flat_map(|&group| self.groups[group].nested.iter().copied())
            .collect();
        all.extend(nested);
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Owners that were added and removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Delta {
    /// Those after the change that were not there before.
    pub added: Vec<Owner>,
    /// Those before the change that are not there after it.
    pub removed: Vec<Owner>,
}

impl Delta {
    /// Compares two lists. Order and case do not matter.
    #[must_use]
    pub fn between(before: &[Owner], after: &[Owner]) -> Self {
        let without = |owners: &[Owner], others: &[Owner]| {
            let others: FxHashSet<String> = others.iter().map(Owner::folded).collect();
            let kept = owners
                .iter()
                .filter(|owner| !others.contains(&owner.folded()));
            kept.cloned().collect()
        };
        Delta {
            added: without(after, before),
            removed: without(before, after),
        }
    }

    /// Compares two lists of the same owners, with the selectors of teams as parts of their names.
    fn of_selectors(before: &[Owner], after: &[Owner]) -> Self {
        let written = |owners: &[Owner]| -> Vec<Owner> {
            let written = owners.iter().map(Owner::written);
            written.map(|text| Owner::unchecked(&text)).collect()
        };
        Delta::between(&written(before), &written(after))
    }

    /// Whether nothing was added or removed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// This delta without what other deltas have.
    fn without<'d>(&self, others: &(impl Iterator<Item = &'d Delta> + Clone)) -> Delta {
        let rest = |own: &[Owner], other: fn(&Delta) -> &[Owner]| {
            let has = |owner: &Owner| {
                let mut all = others.clone().flat_map(other);
                all.any(|each| each.is_same(owner))
            };
            own.iter().filter(|owner| !has(owner)).cloned().collect()
        };
        Delta {
            added: rest(&self.added, |delta| &delta.added),
            removed: rest(&self.removed, |delta| &delta.removed),
        }
    }
}

/// A group whose members changed, or that is new or gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChange {
    /// What happened: a group is never [`Moved`](Kind::Moved).
    pub kind: Kind,
    /// The file that defines it.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Its owners. If its members changed, without what changed in groups that it names.
    pub owners: Delta,
    /// Its people, if they are not its owners: the group has a team.
    pub people: Delta,
    /// The number of paths whose owners changed because its members did, or those of it and other
    /// groups.
    pub paths: usize,
    /// The index of the group on each side, if it is on both.
    at: Option<[usize; 2]>,
}

impl GroupChange {
    /// A group that is on one side only. All its owners are new or gone with it.
    fn of_one_side(group: &Group, kind: Kind) -> Self {
        let delta = |owners: &[Owner]| match kind {
            Kind::Gone => Delta::between(owners, &[]),
            _ => Delta::between(&[], owners),
        };
        GroupChange {
            kind,
            file: group.file.clone(),
            name: group.name.clone(),
            owners: delta(&group.owners),
            people: delta(&group.people),
            paths: 0,
            at: None,
        }
    }
}

/// A rule that was added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// The file of the rule; of a CODEOWNERS file, the section.
    pub file: String,
    /// The rule before, in one line. `None` if it was added.
    pub before: Option<String>,
    /// The rule after. `None` if it was removed.
    pub after: Option<String>,
}

/// A requirement, or an entry of an approval, that was added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementChange {
    /// The requirement before, with its keys one after the other. `None` if it was added.
    pub before: Option<String>,
    /// The requirement after. `None` if it was removed.
    pub after: Option<String>,
}

/// The groups whose members changed and those that are new, in the order of the new side, then those
/// that are gone. If only one side has an `owners.toml`, all groups come with it, so none is a change.
pub(super) fn group_changes(before: &Definitions, after: &Definitions) -> Vec<GroupChange> {
    if before.kind != after.kind {
        return Vec::new();
    }
    let old = by_name(&before.groups);
    let new = by_name(&after.groups);
    // Of each new group: the old one, and what changed.
    let deltas: Vec<Option<(usize, Delta, Delta)>> = (after.groups.iter())
        .map(|group| {
            let &at = old.get(&group.key())?;
            let was = &before.groups[at];
            let owners = match Delta::between(&was.owners, &group.owners) {
                delta if delta.is_empty() => Delta::of_selectors(&was.owners, &group.owners),
                delta => delta,
            };
            let people = Delta::between(&was.people, &group.people);
            Some((at, owners, people))
        })
        .collect();
    let changed = after
        .groups
        .iter()
        .enumerate()
        .filter_map(|(index, group)| {
            let Some((at, owners, people)) = &deltas[index] else {
                return Some(GroupChange::of_one_side(group, Kind::New));
            };
            let nested = (group.nested.iter()).filter_map(|&other| deltas[other].as_ref());
            let own = owners.without(&nested.clone().map(|(_, owners, _)| owners));
            let people = people.without(&nested.map(|(_, _, people)| people));
            (!own.is_empty() || !people.is_empty()).then(|| GroupChange {
                kind: Kind::Changed,
                file: group.file.clone(),
                name: group.name.clone(),
                owners: own,
                people,
                paths: 0,
                at: Some([*at, index]),
            })
        });
    let gone = before.groups.iter();
    let gone = gone.filter(|group| !new.contains_key(&group.key()));
    let gone = gone.map(|group| GroupChange::of_one_side(group, Kind::Gone));
    changed.chain(gone).collect()
}

/// The index of each group, by the file and the name.
fn by_name(groups: &[Group]) -> FxHashMap<(&str, &str), usize> {
    let groups = groups.iter().enumerate();
    groups.map(|(index, group)| (group.key(), index)).collect()
}

/// The changes of groups that explain why owners of `before` became those of `after`: all of the
/// difference comes from groups that the deciding rules name on both sides. None if they do not
/// explain all of it.
pub(super) fn explained_by(
    changes: &[GroupChange],
    [old, new]: [&[usize]; 2],
    delta: &Delta,
) -> Vec<usize> {
    let is_used = |change: &GroupChange| {
        let is_named = |[was, is]: [usize; 2]| {
            old.binary_search(&was).is_ok() && new.binary_search(&is).is_ok()
        };
        change.at.is_some_and(is_named)
    };
    let used = changes
        .iter()
        .enumerate()
        .filter(|(_, change)| is_used(change));
    let used: Vec<usize> = used.map(|(index, _)| index).collect();
    let rest = delta.without(&used.iter().map(|&index| &changes[index].owners));
    match rest.is_empty() && !delta.is_empty() {
        true => used,
        false => Vec::new(),
    }
}

/// The rules that were added, removed or changed, in the order of the files: the new side, then
/// what is gone. A rule is known by its pattern.
pub(super) fn rule_changes(before: &Definitions, after: &Definitions) -> Vec<RuleChange> {
    if before.kind != after.kind || before.kind == FileKind::Nothing {
        return Vec::new();
    }
    let by_pattern = |side: &Definitions| {
        let mut rules: FxHashMap<(String, String), Vec<String>> = FxHashMap::default();
        // A CODEOWNERS file may have a pattern several times; the last one counts most.
        for rule in side.rules.iter().rev() {
            let key = (rule.file.clone(), rule.pattern.clone());
            rules.entry(key).or_default().push(rule.text.clone());
        }
        rules
    };
    let mut old = by_pattern(before);
    let mut changes = Vec::new();
    for rule in &after.rules {
        let known = old.get_mut(&(rule.file.clone(), rule.pattern.clone()));
        let was = known.and_then(Vec::pop);
        if was.as_ref() != Some(&rule.text) {
            changes.push(RuleChange {
                file: rule.file.clone(),
                before: was,
                after: Some(rule.text.clone()),
            });
        }
    }
    for rule in &before.rules {
        let left = old.get_mut(&(rule.file.clone(), rule.pattern.clone()));
        if let Some(text) = left.and_then(Vec::pop) {
            changes.push(RuleChange {
                file: rule.file.clone(),
                before: Some(text),
                after: None,
            });
        }
    }
    changes
}

/// The requirements that were added, removed or changed, in the order of the new side, then what is
/// gone. Their order means nothing. A requirement is known by its paths or, if these changed, by what
/// it demands. A side without `owners.toml` has none.
pub(super) fn requirement_changes(
    before: &Definitions,
    after: &Definitions,
) -> Vec<RequirementChange> {
    changes_between(&before.requirements, &after.requirements)
}

/// The same for the entries of approvals.
pub(super) fn approval_changes(
    before: &Definitions,
    after: &Definitions,
) -> Vec<RequirementChange> {
    changes_between(&before.approvals, &after.approvals)
}

fn changes_between(before: &[Requirement], after: &[Requirement]) -> Vec<RequirementChange> {
    let mut old: Vec<Option<&Requirement>> = before.iter().map(Some).collect();
    let mut was: Vec<Option<&Requirement>> = vec![None; after.len()];
    let is_same: [fn(&Requirement, &Requirement) -> bool; 3] = [
        |one, other| one == other,
        |one, other| one.paths == other.paths,
        |one, other| one.demand == other.demand,
    ];
    for is_same in is_same {
        for (was, is) in was.iter_mut().zip(after) {
            if was.is_none() {
                let same = old
                    .iter_mut()
                    .find(|old| old.is_some_and(|old| is_same(old, is)));
                *was = same.and_then(Option::take);
            }
        }
    }
    let text = |requirement: &Requirement| Some(requirement.text());
    let pairs = was.into_iter().zip(after);
    let changed = pairs.filter(|(was, is)| *was != Some(*is));
    let changed = changed.map(|(was, is)| RequirementChange {
        before: was.and_then(text),
        after: text(is),
    });
    let gone = old.into_iter().flatten().map(|was| RequirementChange {
        before: text(was),
        after: None,
    });
    changed.chain(gone).collect()
}

/// Whether rules, or entries of approvals, that are on both sides have another order, which decides who
/// owns a path, or approves.
pub(super) fn is_reordered(before: &Definitions, after: &Definitions) -> bool {
    if before.kind != after.kind {
        return false;
    }
    let approvals = |side: &[Requirement], other: &[Requirement]| -> Vec<String> {
        let both = side
            .iter()
            .filter(|each| other.iter().any(|other| other.paths == each.paths));
        both.map(|each| each.paths.clone()).collect()
    };
    let (old, new) = (&before.approvals, &after.approvals);
    if approvals(old, new) != approvals(new, old) {
        return true;
    }
    fn key(rule: &Rule) -> (&str, &str) {
        (&rule.file, &rule.pattern)
    }
    let (old, new): (FxHashSet<_>, FxHashSet<_>) = (
        before.rules.iter().map(key).collect(),
        after.rules.iter().map(key).collect(),
    );
    let kept = |side: &[Rule], other: &FxHashSet<(&str, &str)>| -> Vec<(String, String)> {
        let kept = side.iter().map(key).filter(|key| other.contains(key));
        kept.map(|(file, pattern)| (file.to_string(), pattern.to_string()))
            .collect()
    };
    kept(&before.rules, &new) != kept(&after.rules, &old)
}
