//! One side of a comparison: the paths of a tree, and who owns each of them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::definitions::Definitions;
use crate::codeowners::File;
use crate::ids::{Id as _, IdVec, id};
use crate::owner::Owner;
use crate::paths::{PathId, PathSet};
use crate::project::Project;
use crate::ruleset::{LineId, Needed, RuleSet, composed};

/// Who owns a path. Ordered by state, then by owners.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// No rule matches.
    #[default]
    Unowned,
    /// A rule says nobody.
    Nobody,
    /// These owners, in this order.
    Owned(Arc<[Owner]>),
}

impl Answer {
    /// The name of the state in JSON.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Answer::Unowned => "unowned",
            Answer::Nobody => "nobody",
            Answer::Owned(_) => "owned",
        }
    }

    /// The answer for a path that these lines decide.
    fn of_lines(rules: &RuleSet, lines: &[LineId]) -> Self {
        match (lines, &*rules.owners_of(lines)) {
            ([], _) => Answer::Unowned,
            (_, []) => Answer::Nobody,
            (_, owners) => Answer::Owned(owners.into()),
        }
    }

    /// The owners, if it is owned.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        match self {
            Answer::Owned(owners) => owners,
            Answer::Unowned | Answer::Nobody => &[],
        }
    }

    /// A key that is equal if a forge requests reviews from the same owners. Order and case are
    /// ignored.
    pub(super) fn key(&self) -> Answer {
        match self {
            Answer::Owned(owners) => {
                let mut folded: Vec<String> = owners.iter().map(Owner::folded).collect();
                folded.sort_unstable();
                folded.dedup();
                Answer::Owned(folded.iter().map(|each| Owner::unchecked(each)).collect())
            }
            other => other.clone(),
        }
    }
}

id! {
    /// An index into the answers of a [`Side`].
    pub(super) struct AnswerId;
}

/// The maximum number of owners in all answers of a side together. Rules that add owners may give each
/// path another long list.
pub(crate) const MAX_LISTED: usize = 1_000_000;

/// The lists of owners of a tree are too long to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyOwners;

impl fmt::Display for TooManyOwners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the different lists of owners that paths have are longer than {MAX_LISTED} owners together; \
             name teams in rules with `add`"
        )
    }
}

impl std::error::Error for TooManyOwners {}

/// The paths of a tree, with their ownership.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The paths of the tree.
    pub paths: PathSet,
    /// The distinct answers.
    pub(super) answers: IdVec<AnswerId, Answer>,
    /// The answer of each path.
    pub(super) of: IdVec<PathId, AnswerId>,
    /// The groups and rules.
    pub(super) definitions: Definitions,
    /// The groups that the rules of each answer name, directly or through others, ascending.
    pub(super) groups_of: IdVec<AnswerId, Vec<usize>>,
    /// The answer of each path with the owners who approve it, if there are approvals.
    with_approvals: Option<IdVec<PathId, AnswerId>>,
}

impl Side {
    /// Decides the paths of a tree by its `owners.toml`.
    ///
    /// # Errors
    ///
    /// If rules that add owners make the lists of owners too long.
    pub fn of_project(project: &Project, paths: PathSet) -> Result<Self, TooManyOwners> {
        let rules = &project.rules;
        let matcher = rules.matcher();
        let mut walk = matcher.walk();
        let mut known: FxHashMap<Box<[LineId]>, AnswerId> = FxHashMap::default();
        let mut lines: Vec<LineId> = Vec::new();
        let mut listed = 0;
        let mut side = Side {
            definitions: Definitions::of_project(project),
            ..Side::default()
        };
        for path in paths.iter() {
            // Which line of a rule decides makes no difference.
            let first = |&line: &LineId| rules.rule_of(line).lines.start;
            lines.clear();
            lines.extend(walk.decide_each(path).iter().map(first));
            let answer = known.get(&*lines).copied().unwrap_or_else(|| {
                let named = lines.iter().flat_map(|&line| &rules.rule_of(line).groups);
                let named = named.map(|group| group.index());
                side.groups_of.push(side.definitions.with_nested(named));
                let answer = Answer::of_lines(rules, &lines);
                listed += answer.owners().len();
                let answer = side.answers.push(answer);
                known.insert(lines.as_slice().into(), answer);
                answer
            });
            if rules.has_additions() && listed > MAX_LISTED {
                return Err(TooManyOwners);
            }
            side.of.push(answer);
        }
        side.with_approvals = side.approved(rules, &paths);
        side.paths = paths;
        Ok(side)
    }

    /// The answers of the paths with the owners who approve them. `None` if there are no approvals.
    fn approved(&mut self, rules: &RuleSet, paths: &PathSet) -> Option<IdVec<PathId, AnswerId>> {
        let matcher = rules.approval_matcher()?;
        let mut walk = matcher.walk();
        let mut known: FxHashMap<(AnswerId, Vec<Needed>), AnswerId> = FxHashMap::default();
        let mut approved = IdVec::default();
        for (id, path) in paths.with_ids() {
            let own = self.of[id];
            let needed = walk.needed(path);
            if needed.is_empty() {
                approved.push(own);
                continue;
            }
            let answer = *known
                .entry((own, needed))
                .or_insert_with_key(|(own, needed)| {
                    let lists = needed.iter().map(|&each| &**rules.approvers(each));
                    let own_list = std::iter::once(self.answers[*own].owners());
                    let owners = composed(own_list.chain(lists));
                    let named = needed.iter().flat_map(|each| {
                        let rules = &rules[each.approval].rules;
                        rules
                            .rule_of(each.line)
                            .groups
                            .iter()
                            .map(|group| group.index())
                    });
                    let mut groups = self.definitions.with_nested(named);
                    groups.extend_from_slice(&self.groups_of[*own]);
                    groups.sort_unstable();
                    groups.dedup();
                    self.groups_of.push(groups);
                    self.answers.push(Answer::Owned(owners.into()))
                });
            approved.push(answer);
        }
        Some(approved)
    }

    /// This side as it compares with another one. The owners of a section of a CODEOWNERS file are those
    /// of its paths. So if `owners.toml` takes the place of the file, its approvals count, too.
    pub(super) fn beside(&self, other: &Side) -> Cow<'_, Side> {
        match &self.with_approvals {
            Some(of) if other.definitions.is_replaced_by(&self.definitions) => Cow::Owned(Side {
                of: of.clone(),
                ..self.clone()
            }),
            _ => Cow::Borrowed(self),
        }
    }

    /// Decides the paths of a tree by its CODEOWNERS file. A path is owned by the owners of all its
    /// sections.
    #[must_use]
    pub fn of_file(file: &File, paths: PathSet) -> Self {
        let matcher = file.matcher();
        let mut walk = matcher.walk();
        let mut known: FxHashMap<Answer, AnswerId> = FxHashMap::default();
        // The answer for each combination of owner lists, identified by their addresses in the
        // file.
        let mut by_lists: FxHashMap<Vec<*const Owner>, AnswerId> = FxHashMap::default();
        let mut side = Side {
            definitions: Definitions::of_file(file),
            ..Side::default()
        };
        for path in paths.iter() {
            let lists = matcher.owners(&mut walk, path);
            let key: Vec<*const Owner> = lists.iter().map(|list| list.as_ptr()).collect();
            let seen = by_lists.get(&key).filter(|_| !lists.is_empty());
            let answer = seen.copied().unwrap_or_else(|| {
                let answer = if !lists.is_empty() {
                    Answer::Owned(lists.concat().into())
                } else if walk.last_match(path).is_some() {
                    Answer::Nobody
                } else {
                    Answer::Unowned
                };
                let add = |answer: &Answer| side.answers.push(answer.clone());
                let answer = *known.entry(answer).or_insert_with_key(add);
                by_lists.insert(key, answer);
                answer
            });
            side.of.push(answer);
        }
        side.paths = paths;
        side
    }

    /// A tree without any rules.
    #[must_use]
    pub fn without_rules(paths: PathSet) -> Self {
        let mut side = Side::default();
        let unowned = side.answers.push(Answer::Unowned);
        side.of = vec![unowned; paths.len()].into();
        side.paths = paths;
        side
    }

    /// The id of a path.
    pub(super) fn find(&self, path: &[u8]) -> Option<PathId> {
        let id = self.paths.lower_bound(path);
        (self.paths.get(id) == Some(path)).then_some(id)
    }
}
