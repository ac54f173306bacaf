//! What each path of a tree has: a state, and the rules that decide. Most paths have the same as their
//! neighbors, so each distinct decision is stored once, and a path has its number.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::runs::Runs;
use crate::ids::{Id as _, IdRange, IdVec, id};
use crate::matcher::Matcher;
use crate::parallel;
use crate::paths::{PathId, PathSet};
use crate::reports::diff::{MAX_LISTED, TooManyOwners};
use crate::ruleset::default_only::{Caught, Defaults};
use crate::ruleset::{LineId, Ownership, RuleMatcher, RuleSet};

/// From this many paths on, two threads share the work.
const PARALLEL_PATHS: usize = 20_000;

id! {
    /// An index into [`Decisions::all`].
    pub struct DecisionId;
}

/// The states of a path on the map. They are distinct: each path has one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It has owners of its own.
    Owned,
    /// It has owners, but only from a rule for every path.
    Default,
    /// A rule gives it to nobody.
    Nobody,
    /// No rule matches.
    Unowned,
    /// No rule matches, and it is exempt.
    Exempt,
}

impl State {
    /// All states.
    pub const ALL: [State; 5] = [
        State::Owned,
        State::Default,
        State::Nobody,
        State::Unowned,
        State::Exempt,
    ];

    /// The name in the data of the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Owned => "owned",
            State::Default => "default",
            State::Nobody => "nobody",
            State::Unowned => "unowned",
            State::Exempt => "exempt",
        }
    }
}

/// What some paths have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The state.
    pub state: State,
    /// The first line of each rule that decides, in the order of the rules. Which line of a rule
    /// decides makes no difference.
    pub lines: SmallVec<[LineId; 2]>,
}

/// The decisions of all paths of a tree.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The distinct ones, in the order of their first path.
    pub all: IdVec<DecisionId, Decision>,
    /// The one of each path.
    pub of: Runs<DecisionId>,
}

impl Decisions {
    /// Decides every path.
    ///
    /// ```
    /// use owners::reports::map::{Decisions, State};
    /// use owners::{PathSet, Project};
    ///
    /// let project = Project::from_text("[paths]\n'*' = '@a'\n'/b' = []\n").unwrap();
    /// let paths: PathSet = ["a", "b"].into_iter().collect();
    /// let decisions = Decisions::new(&project.rules, &paths);
    /// let states = decisions.of.all().map(|(_, id)| decisions.all[id].state);
    /// assert_eq!(states.collect::<Vec<_>>(), [State::Default, State::Nobody]);
    /// ```
    #[must_use]
    pub fn new(rules: &RuleSet, paths: &PathSet) -> Self {
        let decider = Decider::new(rules);
        let part = |ids| Part::new(&decider, paths, ids);
        if paths.len() < PARALLEL_PATHS {
            return part(paths.ids()).decisions;
        }
        let (first, rest) = paths.ids().split_at(paths.len() / 2);
        let (rest, mut all) = parallel::both(|| part(rest), || part(first));
        all.append(rest);
        all.decisions
    }
}

impl Decisions {
    /// The same, unless the owners of all decisions together are too many to be listed. Rules that add
    /// owners may give each path another long list.
    ///
    /// # Errors
    ///
    /// If they are.
    pub fn listable(self, rules: &RuleSet) -> Result<Self, TooManyOwners> {
        if !rules.several_may_decide() {
            return Ok(self);
        }
        let lines = self.all.iter().flat_map(|decision| &decision.lines);
        let owners = lines.map(|&line| rules.rule_of(line).owners.len());
        match owners.sum::<usize>() > MAX_LISTED {
            true => Err(TooManyOwners),
            false => Ok(self),
        }
    }
}

/// What all parts of a tree share.
struct Decider<'r> {
    rules: &'r RuleSet,
    matcher: RuleMatcher<'r>,
    defaults: Defaults<'r>,
    /// `None` if nothing is exempt.
    exempt: Option<Matcher>,
}

impl<'r> Decider<'r> {
    fn new(rules: &'r RuleSet) -> Self {
        let exempt = rules.exemptions().iter().flat_map(|each| &each.patterns);
        Decider {
            rules,
            matcher: rules.matcher(),
            defaults: Defaults::new(rules),
            exempt: (!rules.exemptions().is_empty()).then(|| Matcher::new(exempt)),
        }
    }
}

/// The decisions of a range of the paths.
#[derive(Default)]
struct Part {
    decisions: Decisions,
    known: FxHashMap<Decision, DecisionId>,
}

impl Part {
    fn new(decider: &Decider<'_>, paths: &PathSet, ids: IdRange<PathId>) -> Self {
        let rules = decider.rules;
        let mut part = Part::default();
        let mut walk = decider.matcher.walk();
        let mut exempt = decider.exempt.as_ref().map(|exempt| exempt.walk());
        let mut lines: SmallVec<[LineId; 2]> = SmallVec::new();
        let mut id = ids.start;
        while id < ids.end {
            let path = &paths[id];
            let deciding = walk.decide_each(path);
            let caught = decider.defaults.caught(deciding);
            let first = |&line: &LineId| rules.rule_of(line).lines.start;
            lines.clear();
            lines.extend(deciding.iter().map(first));
            let end = match walk.decided_directory() {
                Some(length) => paths.end_of(&path[..length], IdRange::new(id.next(), ids.end)),
                None => id.next(),
            };
            let alike = IdRange::new(id, end);
            let state = match (rules.ownership(rules.first_owning(&lines)), caught) {
                (Ownership::Unowned, _) => State::Unowned,
                (Ownership::Nobody, _) => State::Nobody,
                (Ownership::Owned(_), Caught::All) => State::Default,
                (Ownership::Owned(_), _) => State::Owned,
            };
            match (state, caught, &mut exempt) {
                (State::Owned, Caught::Some, _) => {
                    let mut is_default = |path| decider.defaults.catch(&mut walk, &paths[path]);
                    part.push_each(alike, State::Default, state, &lines, &mut is_default);
                }
                (State::Unowned, _, Some(exempt)) => {
                    let mut is_exempt = |path| exempt.last_match(&paths[path]).is_some();
                    part.push_each(alike, State::Exempt, state, &lines, &mut is_exempt);
                }
                _ => part.push(state, &lines, alike.len()),
            }
            id = end;
        }
        part
    }

    /// Adds the next paths. Those that `is_special` have another state.
    fn push_each(
        &mut self,
        paths: IdRange<PathId>,
        special: State,
        usual: State,
        lines: &SmallVec<[LineId; 2]>,
        is_special: &mut dyn FnMut(PathId) -> bool,
    ) {
        for path in paths {
            let state = if is_special(path) { special } else { usual };
            self.push(state, lines, 1);
        }
    }

    /// Adds the next paths, which all have this decision.
    fn push(&mut self, state: State, lines: &SmallVec<[LineId; 2]>, count: usize) {
        let is_same = |decision: &Decision| decision.state == state && decision.lines == *lines;
        let last = self.decisions.of.last();
        let last = last.filter(|&id| is_same(&self.decisions.all[id]));
        let id = last.unwrap_or_else(|| {
            self.id_of(Decision {
                state,
                lines: lines.clone(),
            })
        });
        self.decisions.of.push(id, count);
    }

    fn id_of(&mut self, decision: Decision) -> DecisionId {
        if let Some(&known) = self.known.get(&decision) {
            return known;
        }
        let id = self.decisions.all.push(decision.clone());
        self.known.insert(decision, id);
        id
    }

    /// Adds the paths that follow.
    fn append(&mut self, other: Part) {
        let ids = other.decisions.all.into_vec().into_iter();
        let ids: IdVec<DecisionId, DecisionId> = ids.map(|each| self.id_of(each)).collect();
        for (run, id) in other.decisions.of.all() {
            self.decisions.of.push(ids[id], run.len());
        }
    }
}
