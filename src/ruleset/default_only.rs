//! Which paths only rules for every path decide: nobody has thought of them in particular.
//!
//! A rule that adds owners to whoever owns a path does not count: the path still has no owners of its
//! own. The lint `default-only-path` reports these paths, and the map shows them.

use super::{LineId, RuleSet, RuleWalk};
use crate::ids::IdVec;

/// The rules for every path.
#[derive(Debug)]
pub(crate) struct Defaults<'r> {
    rules: &'r RuleSet,
    is_default: IdVec<LineId, bool>,
    /// Whether a line and all before it are for every path. If such a line decides, no other line
    /// matches.
    is_first: IdVec<LineId, bool>,
}

/// Whether only rules for every path match the paths that some lines decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caught {
    /// All of them.
    All,
    /// None of them.
    None,
    /// [`Defaults::catch`] says it of each path.
    Some,
}

impl<'r> Defaults<'r> {
    pub(crate) fn new(rules: &'r RuleSet) -> Self {
        let is_default: IdVec<LineId, bool> = (rules.lines.iter())
            .map(|line| line.pattern.is_everything())
            .collect();
        let is_first = (is_default.iter())
            .scan(true, |so_far, &is_default| {
                *so_far &= is_default;
                Some(*so_far)
            })
            .collect();
        Defaults {
            rules,
            is_default,
            is_first,
        }
    }

    fn is_neutral(&self, line: LineId) -> bool {
        self.is_default[line] || self.rules.rule_of(line).adds()
    }

    /// What is known of the paths that these lines decide.
    pub(crate) fn caught(&self, lines: &[LineId]) -> Caught {
        match lines {
            [] => Caught::None,
            &[line] if self.is_first[line] => Caught::All,
            lines if lines.iter().all(|&line| self.is_neutral(line)) => Caught::Some,
            _ => Caught::None,
        }
    }

    /// Whether only rules for every path match a path.
    pub(crate) fn catch(&self, walk: &mut RuleWalk<'_, '_>, path: &[u8]) -> bool {
        let applicable = walk.applicable(path);
        applicable.iter().all(|&line| self.is_neutral(line))
            && applicable.iter().any(|&line| self.is_default[line])
    }
}
