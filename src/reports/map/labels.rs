//! What the leaves of the map have: a decision and, in a comparison, the decision before. Files of a
//! directory with the same label may be combined.

use rustc_hash::FxHashMap;

use super::decisions::{Decision, DecisionId, Decisions};
use super::leaf::LabelId;
use super::runs::Runs;
use crate::ids::{Id as _, IdVec};
use crate::owner::Owner;
use crate::paths::{PathId, PathSet};
use crate::ruleset::{Ownership, RuleSet};

/// What a path had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    /// The same owners, or there is no comparison.
    Same,
    /// The path was not there.
    Absent,
    /// Other owners.
    Other(DecisionId),
}

/// What a leaf has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The decision. `None` if the path is gone.
    pub decision: Option<DecisionId>,
    /// The decision before, which is one of the other tree.
    pub before: Before,
    /// The [risks](crate::reports::risk::flags) of the path.
    pub risk: u8,
}

/// A tree, with what its paths have.
#[derive(Clone, Copy, Debug)]
pub struct Side<'s> {
    /// The rules.
    pub rules: &'s RuleSet,
    /// The paths.
    pub paths: &'s PathSet,
    /// What they have.
    pub decisions: &'s Decisions,
}

/// The labels of all paths of a map.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The distinct ones, in the order of their first path.
    pub all: IdVec<LabelId, Label>,
    /// The one of each path.
    pub of: Runs<LabelId>,
    known: FxHashMap<Label, LabelId>,
}

impl Labels {
    /// The labels of a tree. `risks` are what [`Label::risk`] is of each path.
    #[must_use]
    pub fn new(decisions: &Decisions, risks: Option<&IdVec<PathId, u8>>) -> Self {
        let mut labels = Labels::default();
        for (run, decision) in decisions.of.all() {
            let label = |risk| Label {
                decision: Some(decision),
                before: Before::Same,
                risk,
            };
            match risks {
                None => labels.push(label(0), run.len()),
                Some(risks) => risks[run]
                    .iter()
                    .for_each(|&risk| labels.push(label(risk), 1)),
            }
        }
        labels
    }

    /// The labels of all paths of two trees, which are `paths`. `risks` are of those of the tree after.
    #[must_use]
    pub fn compared(
        paths: &PathSet,
        before: Side<'_>,
        after: Side<'_>,
        risks: Option<&IdVec<PathId, u8>>,
    ) -> Self {
        let mut labels = Labels::default();
        let mut answers = Answers::default();
        let was = answers.number(before);
        let is = answers.number(after);
        for (old, new) in ids_of_both(paths, before.paths, after.paths) {
            let decision = new.map(|new| after.decisions.of.at(new));
            let earlier = old.map(|old| before.decisions.of.at(old));
            let label = Label {
                decision,
                before: match (earlier, decision) {
                    (None, _) => Before::Absent,
                    (Some(earlier), Some(decision)) if was[earlier] == is[decision] => Before::Same,
                    (Some(earlier), _) => Before::Other(earlier),
                },
                risk: risks.zip(new).map_or(0, |(risks, new)| risks[new]),
            };
            labels.push(label, 1);
        }
        labels
    }

    fn push(&mut self, label: Label, count: usize) {
        let last = self.of.last().filter(|&id| self.all[id] == label);
        let id = last.unwrap_or_else(|| {
            let add = |label: &Label| self.all.push(*label);
            *self.known.entry(label).or_insert_with_key(add)
        });
        self.of.push(id, count);
    }
}

/// The ids of each of `paths` in two trees. `paths` are those of both trees.
pub fn ids_of_both(
    paths: &PathSet,
    before: &PathSet,
    after: &PathSet,
) -> impl Iterator<Item = (Option<PathId>, Option<PathId>)> {
    let (mut old, mut new) = (before.ids().start, after.ids().start);
    paths.iter().map(move |path| {
        let next = |paths: &PathSet, id: &mut PathId| {
            let found = Some(*id).filter(|&id| paths.get(id) == Some(path))?;
            *id = id.next();
            Some(found)
        };
        (next(before, &mut old), next(after, &mut new))
    })
}

/// Who owns a path, as a forge sees it: order and case make no difference.
#[derive(PartialEq, Eq, Hash)]
enum Answer {
    Unowned,
    Nobody,
    Owned(Vec<String>),
}

impl Answer {
    fn new(rules: &RuleSet, decision: &Decision) -> Self {
        match rules.ownership(rules.first_owning(&decision.lines)) {
            Ownership::Unowned => Answer::Unowned,
            Ownership::Nobody => Answer::Nobody,
            Ownership::Owned(_) => {
                let owners = rules.owners_of(&decision.lines);
                let mut owners: Vec<String> = owners.iter().map(Owner::folded).collect();
                owners.sort_unstable();
                owners.dedup();
                Answer::Owned(owners)
            }
        }
    }
}

/// Numbers for answers. Decisions with the same number are the same to a forge.
#[derive(Default)]
struct Answers {
    numbers: FxHashMap<Answer, usize>,
}

impl Answers {
    fn number(&mut self, side: Side<'_>) -> IdVec<DecisionId, usize> {
        let number = |decision: &Decision| {
            let next = self.numbers.len();
            let answer = Answer::new(side.rules, decision);
            *self.numbers.entry(answer).or_insert(next)
        };
        side.decisions.all.iter().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn what_changed_owners() {
        let before = Project::from_text(
            "[paths]\n'*' = ['@a', '@b']\n'/gone' = '@x'\n'/n' = []\n'/m' = '@m'\n",
        );
        let after =
            Project::from_text("[paths]\n'/?' = ['@B', '@a']\n'/m' = '@n'\n'/new' = '@a'\n");
        let (before, after) = (before.unwrap(), after.unwrap());
        let (old, new): (PathSet, PathSet) = (
            ["a", "gone", "m", "n"].into_iter().collect(),
            ["a", "m", "n", "new"].into_iter().collect(),
        );
        let decisions = [
            Decisions::new(&before.rules, &old),
            Decisions::new(&after.rules, &new),
        ];
        let paths = old.union(&new).unwrap();
        let before = Side {
            rules: &before.rules,
            paths: &old,
            decisions: &decisions[0],
        };
        let after = Side {
            rules: &after.rules,
            paths: &new,
            decisions: &decisions[1],
        };
        let risks = vec![0, 1, 2, 3].into();
        let labels = Labels::compared(&paths, before, after, Some(&risks));
        let shown = paths.with_ids().map(|(id, path)| {
            let Label {
                decision,
                before,
                risk,
            } = labels.all[labels.of.at(id)];
            let change = match (decision, before) {
                (None, _) => "gone",
                (_, Before::Same) => "same",
                (_, Before::Absent) => "new",
                (_, Before::Other(_)) => "changed",
            };
            format!("{} {change} {risk}", String::from_utf8_lossy(path))
        });
        let expected = [
            "a same 0",
            "gone gone 0",
            "m changed 1",
            "n changed 2",
            "new new 3",
        ];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }
}
