//! Approvals: whose approval some paths need, beside that of their owners.
//!
//! An approval gives no path an owner. It is a gate of its own: within it, the last entry that matches
//! a path decides, as the rules do for owners, and it knows nothing of them or of other approvals. So it
//! has a [`RuleSet`] of its own, and whatever works on rules works on it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::checker::MAX_RULE_OWNERS;
use super::resolve::{Owned, Resolver};
use super::{ApprovalId, LineId, RuleId, RuleMatcher, RuleSet, RuleWalk};
use crate::config::{ApprovalEntry, Config, Text};
use crate::ids::{IdRange, IdVec};
use crate::owner::Owner;
use crate::text::{Diagnostic, FileId, Location, fold_case};

/// All entries of `[[approval]]` with the same name.
#[derive(Clone, Debug, Default)]
pub struct Approval {
    /// The name, as the first entry spells it.
    pub name: String,
    /// How many owners of a path approve.
    pub count: usize,
    /// Whether a change may be merged without it.
    pub is_optional: bool,
    /// Its entries. At least one.
    pub parts: Vec<ApprovalPart>,
    /// Who approves: a rule for each of the `paths`, in order. They have no requirements, exemptions
    /// and approvals of their own.
    pub rules: RuleSet,
}

/// An entry of an approval.
#[derive(Clone, Debug)]
pub struct ApprovalPart {
    /// The location of its header.
    pub location: Location,
    /// The location of its owners, or of its header if it has none.
    pub owners: Location,
    /// Its rules, one for each of its `paths`.
    pub rules: IdRange<RuleId>,
}

impl Approval {
    /// The location of the first entry.
    #[must_use]
    pub fn location(&self) -> Location {
        let first = self.parts.first().map(|part| part.location.clone());
        first.unwrap_or(Location {
            file: FileId::ROOT,
            span: 0..0,
        })
    }

    /// How GitLab's files head its section: `[Name]`, `[Name][2]`, or `^[Name]` if it is optional.
    #[must_use]
    pub fn heading(&self) -> String {
        section_heading(&self.name, self.count, self.is_optional)
    }
}

/// How a section is headed: `[Name]`, `[Name][2]`, or `^[Name]` if it is optional.
#[must_use]
pub fn section_heading(name: &str, count: usize, is_optional: bool) -> String {
    let mark = if is_optional { "^" } else { "" };
    let count = match count {
        0 | 1 => String::new(),
        count => format!("[{count}]"),
    };
    format!("{mark}[{name}]{count}")
}

impl Resolver<'_, '_> {
    /// Adds the approvals of a file.
    pub(super) fn approvals(&mut self, scope: usize, config: &Config) {
        let mut known: FxHashMap<String, ApprovalId> = FxHashMap::default();
        // For each approval, the entries that say `count`, and `optional`.
        let mut said: IdVec<ApprovalId, [Option<&ApprovalEntry>; 2]> = IdVec::default();
        for entry in &config.approvals {
            if self.checker.is_exhausted() {
                return;
            }
            let name = fold_case(&entry.name.value);
            let id = *known.entry(name).or_insert_with(|| {
                said.push([None, None]);
                self.rules.approvals.push(Approval {
                    name: entry.name.value.clone(),
                    count: 1,
                    ..Approval::default()
                })
            });
            self.say(config.file, id, entry, &mut said[id]);
            self.approval(scope, config, id, entry);
        }
    }

    /// Takes over what an entry says of the whole approval, or reports that an earlier one says
    /// something else.
    fn say<'e>(
        &mut self,
        file: FileId,
        id: ApprovalId,
        entry: &'e ApprovalEntry,
        [by_count, by_optional]: &mut [Option<&'e ApprovalEntry>; 2],
    ) {
        let approval = &mut self.rules.approvals[id];
        let mut faults = Vec::new();
        if let Some(count) = &entry.count {
            let first = by_count.get_or_insert(entry);
            let first = first.count.as_ref().map(|first| first.span.clone());
            match first.filter(|first| *first != count.span && approval.count != count.value) {
                Some(first) => faults.push(("`count`", first, count.span.clone())),
                None => approval.count = count.value,
            }
        }
        if let Some(optional) = &entry.optional {
            let first = by_optional.get_or_insert(entry);
            let first = first.optional.as_ref().map(|first| first.span.clone());
            let differs = approval.is_optional != optional.value;
            match first.filter(|first| *first != optional.span && differs) {
                Some(first) => faults.push(("`optional`", first, optional.span.clone())),
                None => approval.is_optional = optional.value,
            }
        }
        if faults.is_empty()
            && approval.is_optional
            && approval.count > 1
            && let (Some(count), Some(optional)) = (by_count, by_optional)
            && let (Some(count), Some(optional)) = (&count.count, &optional.optional)
        {
            let message = format!("the optional approval `{}` has a `count`", approval.name);
            self.checker.faults.push(
                Diagnostic::error(message)
                    .at(file, count.span.clone(), "how many must approve")
                    .at(file, optional.span.clone(), "nobody must")
                    .help("remove one of the two"),
            );
            // Reported once.
            approval.count = 1;
        }
        for (key, first, again) in faults {
            let message = format!("the approval `{}` says {key} twice", approval.name);
            self.checker.faults.push(
                Diagnostic::error(message)
                    .at(file, again, "something else here")
                    .at(file, first, "first said here")
                    .help("entries with the same name are parts of one approval: say it once, or give this one another name"),
            );
        }
    }

    /// Adds the rules of an entry.
    fn approval(&mut self, scope: usize, config: &Config, id: ApprovalId, entry: &ApprovalEntry) {
        // The reader demands at least one path.
        let Some(place) = entry.paths.first() else {
            return;
        };
        let (owners, people) = self.owners(scope, config, &entry.owners, place, true);
        if owners.len() > MAX_RULE_OWNERS {
            return self.too_many_owners(config.file, place, owners.len());
        }
        let groups = self.named_groups(scope, &entry.owners);
        let except = self.sound(config, &entry.except);
        let own = std::mem::take(&mut self.rules.approvals[id].rules);
        let outer = std::mem::replace(&mut self.rules, own);
        let first = self.rules.rules.next_id();
        for path in &entry.paths {
            if self.checker.is_exhausted() {
                break;
            }
            let owned = Owned {
                owners: Arc::clone(&owners),
                people: Arc::clone(&people),
                added: Vec::new(),
                notify: Arc::default(),
                groups: groups.clone(),
            };
            self.push(config, path, &path.span, except, owned);
        }
        let own = std::mem::replace(&mut self.rules, outer);
        let approval = &mut self.rules.approvals[id];
        let at = |span| Location {
            file: config.file,
            span,
        };
        let owners = match (entry.owners.first(), entry.owners.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => entry.span.clone(),
        };
        approval.parts.push(ApprovalPart {
            location: at(entry.span.clone()),
            owners: at(owners),
            rules: own.rules.ids_from(first),
        });
        approval.rules = own;
    }

    /// The patterns, or none if one of them is at fault: each of the `paths` would report it again.
    fn sound<'t>(&mut self, config: &Config, texts: &'t [Text]) -> &'t [Text] {
        let faults = self.checker.faults.len();
        for text in texts {
            if !self.checker.is_exhausted() {
                self.patterns(config, text);
            }
        }
        match self.checker.faults.len() > faults {
            true => &[],
            false => texts,
        }
    }
}

/// The approvals of a configuration, compiled.
#[derive(Debug)]
pub struct ApprovalMatcher<'r> {
    rules: &'r RuleSet,
    matchers: IdVec<ApprovalId, RuleMatcher<'r>>,
}

/// An approval that a path needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Needed {
    /// The approval.
    pub approval: ApprovalId,
    /// The line of its rules that decides. It has owners.
    pub line: LineId,
}

impl RuleSet {
    /// Compiles the approvals. `None` if there are none.
    #[must_use]
    pub fn approval_matcher(&self) -> Option<ApprovalMatcher<'_>> {
        (!self.approvals.is_empty()).then(|| ApprovalMatcher {
            rules: self,
            matchers: self
                .approvals
                .iter()
                .map(|each| each.rules.matcher())
                .collect(),
        })
    }

    /// Who gives an approval that a path needs.
    #[must_use]
    pub fn approvers(&self, needed: Needed) -> &Arc<[Owner]> {
        &self[needed.approval].rules.rule_of(needed.line).owners
    }
}

impl<'r> ApprovalMatcher<'r> {
    /// Starts a walk over paths. Sorted order is fastest.
    #[must_use]
    pub fn walk(&self) -> ApprovalWalk<'_, 'r> {
        ApprovalWalk {
            rules: self.rules,
            walks: self.matchers.iter().map(RuleMatcher::walk).collect(),
        }
    }
}

/// The state of a walk over sorted paths.
#[derive(Debug)]
pub struct ApprovalWalk<'m, 'r> {
    rules: &'r RuleSet,
    walks: IdVec<ApprovalId, RuleWalk<'m, 'r>>,
}

impl ApprovalWalk<'_, '_> {
    /// The approvals that `path` needs, in document order.
    pub fn needed(&mut self, path: &[u8]) -> Vec<Needed> {
        let rules = self.rules;
        let ids = self.walks.ids();
        let decided = ids.iter().zip(self.walks.iter_mut());
        let needed = decided.filter_map(|(approval, walk)| {
            let line = walk.decide(path)?;
            Some(Needed { approval, line })
        });
        needed
            .filter(|&each| !rules.approvers(each).is_empty())
            .collect()
    }
}
