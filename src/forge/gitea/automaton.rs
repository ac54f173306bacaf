//! Expressions as automata: which paths they match, whether two match the same, and what one matches
//! without others.
//!
//! ```text
//! expression ─▶ Nfa            states with sets of characters between them
//! Nfa ─ subsets ─▶ Dfa         one state at a time, over few kinds of characters
//! Dfa ─ smallest ─▶ Dfa        equal states joined: equal languages are equal values
//! ```
//!
//! Line ends are in no expression here, since `.` does not match them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::node::Node;
use super::set::Set;
use crate::pattern::budget::Budget;

/// The maximum number of states of an automaton of expressions.
const MAX_STATES: usize = 20_000;
/// The maximum number of states of an automaton of sets of these.
const MAX_SUBSETS: usize = 4_000;

/// A nondeterministic automaton of several expressions. State 0 is its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Nfa {
    states: Vec<State>,
    /// The states in which each expression ends.
    ends: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    /// To where a character of a set leads.
    on: Option<(Set, u32)>,
    /// To where nothing leads.
    free: Vec<u32>,
}

impl Nfa {
    /// The automaton of expressions for the whole path. `None` if it is too large.
    pub(super) fn new<'n>(expressions: impl IntoIterator<Item = &'n Node>) -> Option<Self> {
        let mut nfa = Nfa::default();
        let start = nfa.state()?;
        for expression in expressions {
            let (from, end) = (nfa.state()?, nfa.state()?);
            nfa.states[start as usize].free.push(from);
            nfa.add(expression, from, end)?;
            nfa.ends.push(end);
        }
        Some(nfa)
    }

    fn state(&mut self) -> Option<u32> {
        self.states.push(State::default());
        (self.states.len() <= MAX_STATES).then_some(self.states.len() as u32 - 1)
    }

    fn free(&mut self, from: u32, to: u32) {
        self.states[from as usize].free.push(to);
    }

    /// Adds an expression between two states.
    fn add(&mut self, node: &Node, from: u32, to: u32) -> Option<()> {
        match node {
            Node::Set(set) => {
                let set = set.and(&Set::any());
                let own = self.state()?;
                self.free(from, own);
                self.states[own as usize].on = Some((set, to));
            }
            Node::Concat(parts) => {
                let mut at = from;
                for part in parts {
                    let next = self.state()?;
                    self.add(part, at, next)?;
                    at = next;
                }
                self.free(at, to);
            }
            Node::Alt(parts) => {
                for part in parts {
                    self.add(part, from, to)?;
                }
            }
            Node::Repeat(inner, min, max) => {
                let mut at = from;
                for _ in 0..*min {
                    let next = self.state()?;
                    self.add(inner, at, next)?;
                    at = next;
                }
                match max {
                    None => {
                        let (again, back) = (self.state()?, self.state()?);
                        self.free(at, again);
                        self.add(inner, again, back)?;
                        self.free(back, again);
                        self.free(again, to);
                    }
                    Some(max) => {
                        for _ in *min..*max {
                            let next = self.state()?;
                            self.free(at, to);
                            self.add(inner, at, next)?;
                            at = next;
                        }
                        self.free(at, to);
                    }
                }
            }
            // `expression` has removed them.
            Node::Start | Node::End | Node::Not(_) => return None,
        }
        Some(())
    }

    /// Adds the states to which nothing leads, in order. Returns how many states were looked at.
    fn close(&self, states: &mut Vec<u32>, seen: &mut [bool]) -> usize {
        let mut index = 0;
        while let Some(&state) = states.get(index) {
            for &next in &self.states[state as usize].free {
                if !std::mem::replace(&mut seen[next as usize], true) {
                    states.push(next);
                }
            }
            index += 1;
        }
        for &state in &*states {
            seen[state as usize] = false;
        }
        let count = states.len();
        states.retain(|&state| {
            self.states[state as usize].on.is_some() || self.ends.contains(&state)
        });
        states.sort_unstable();
        count
    }

    /// The sets of characters that no transition tells apart, with a character of each. `None` if that
    /// takes too much of the budget.
    fn kinds(&self, budget: &mut Budget) -> Option<Vec<(Set, u32)>> {
        let mut sets: Vec<&Set> = Vec::new();
        let mut known = rustc_hash::FxHashSet::default();
        for (set, _) in self.states.iter().filter_map(|state| state.on.as_ref()) {
            if known.insert(set) {
                sets.push(set);
            }
        }
        let any = Set::any();
        let mut starts: Vec<u32> = (sets.iter().copied().chain([&any]))
            .flat_map(|set| {
                set.ranges()
                    .iter()
                    .flat_map(|&(first, last)| [first, last + 1])
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        budget.spend(sets.len() * starts.len())?;
        let mut kinds: FxHashMap<Vec<bool>, usize> = FxHashMap::default();
        let mut found: Vec<(Vec<(u32, u32)>, u32)> = Vec::new();
        for two in starts.windows(2).filter(|two| any.contains(two[0])) {
            let signature = sets.iter().map(|set| set.contains(two[0])).collect();
            let range = (two[0], two[1] - 1);
            let index = *kinds.entry(signature).or_insert_with(|| {
                found.push((Vec::new(), two[0]));
                found.len() - 1
            });
            found[index].0.push(range);
        }
        let kinds = found.into_iter();
        let kinds = kinds.map(|(ranges, first)| (Set::new(ranges), first));
        Some(kinds.collect())
    }
}

/// A deterministic automaton. State 0 is its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dfa {
    /// For each state, whether it ends a match.
    ends: Vec<bool>,
    /// For each state, the sets of characters that lead to others, by these.
    on: Vec<Vec<(u32, Set)>>,
}

/// What the first expression matches, and no other does.
///
/// `None` if that takes too many states, or too much of the budget.
pub(super) fn difference(nfa: &Nfa, budget: &mut Budget) -> Option<Dfa> {
    let kinds = nfa.kinds(budget)?;
    let mut seen = vec![false; nfa.states.len()];
    let mut start = vec![0];
    nfa.close(&mut start, &mut seen);
    let mut numbers: FxHashMap<Rc<[u32]>, u32> = FxHashMap::default();
    let mut subsets: Vec<Rc<[u32]>> = vec![start.into()];
    numbers.insert(subsets[0].clone(), 0);
    let (mut ends, mut on) = (Vec::new(), Vec::new());
    let first_end = *nfa.ends.first()?;
    // The states of the first expression are before those of the others.
    while let Some(subset) = subsets.get(on.len()).cloned() {
        let is_end = |end: &u32| subset.contains(end);
        ends.push(is_end(&first_end) && !nfa.ends[1..].iter().any(is_end));
        let mut to: Vec<(u32, Set)> = Vec::new();
        for (kind, character) in &kinds {
            budget.spend(1 + subset.len())?;
            let mut next = Vec::new();
            for &state in &*subset {
                if let Some((set, to)) = &nfa.states[state as usize].on
                    && set.contains(*character)
                    && !std::mem::replace(&mut seen[*to as usize], true)
                {
                    next.push(*to);
                }
            }
            budget.spend(nfa.close(&mut next, &mut seen))?;
            // Without a state of the first expression, nothing is left.
            if !next.iter().any(|&state| nfa.is_of_first(state)) {
                continue;
            }
            let key: Rc<[u32]> = next.into();
            let number = *numbers.entry(key.clone()).or_insert_with(|| {
                subsets.push(key);
                subsets.len() as u32 - 1
            });
            match to.iter_mut().find(|(known, _)| *known == number) {
                Some((_, set)) => *set = set.or(kind),
                None => to.push((number, kind.clone())),
            }
        }
        if subsets.len() > MAX_SUBSETS {
            return None;
        }
        on.push(to);
    }
    smallest(&Dfa { ends, on }, &kinds, budget)
}

impl Nfa {
    /// Whether a state is of the first expression.
    fn is_of_first(&self, state: u32) -> bool {
        // The start of the second expression follows the last state of the first.
        let free = &self.states[0].free;
        free.get(1).is_none_or(|&second| state < second)
    }
}

/// The smallest automaton with the same language: equal states are one, and a state from which no end
/// is reached is left out. Its states are in the order of a walk from the start.
fn smallest(dfa: &Dfa, kinds: &[(Set, u32)], budget: &mut Budget) -> Option<Dfa> {
    let count = dfa.ends.len();
    // Where each kind of character leads. `count` is the state from which no end is reached.
    let step = |state: usize, character: u32| -> usize {
        let found = dfa.on[state]
            .iter()
            .find(|(_, set)| set.contains(character));
        found.map_or(count, |(to, _)| *to as usize)
    };
    let table: Vec<Vec<usize>> = (0..count)
        .map(|state| {
            kinds
                .iter()
                .map(|&(_, character)| step(state, character))
                .collect()
        })
        .collect();
    let mut class: Vec<u32> = dfa
        .ends
        .iter()
        .map(|&end| u32::from(end))
        .chain([0])
        .collect();
    let mut classes = 0;
    loop {
        let mut known: FxHashMap<(u32, Vec<u32>), u32> = FxHashMap::default();
        let dead = (class[count], vec![class[count]; kinds.len()]);
        let mut next = Vec::with_capacity(count + 1);
        for state in 0..count {
            budget.spend(1 + kinds.len())?;
            let key = (
                class[state],
                table[state].iter().map(|&to| class[to]).collect(),
            );
            let number = known.len() as u32;
            next.push(*known.entry(key).or_insert(number));
        }
        let number = known.len() as u32;
        next.push(*known.entry(dead).or_insert(number));
        class = next;
        if known.len() == classes {
            break;
        }
        classes = known.len();
    }
    let dead = class[count];
    let mut order: Vec<usize> = vec![0];
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::from_iter([(class[0], 0)]);
    let (mut ends, mut on) = (Vec::new(), Vec::new());
    while let Some(&state) = order.get(on.len()) {
        ends.push(dfa.ends[state]);
        let mut to: Vec<(u32, Set)> = Vec::new();
        for ((kind, _), &next) in kinds.iter().zip(&table[state]) {
            if class[next] == dead {
                continue;
            }
            let number = *numbers.entry(class[next]).or_insert_with(|| {
                order.push(next);
                order.len() as u32 - 1
            });
            match to.iter_mut().find(|(known, _)| *known == number) {
                Some((_, set)) => *set = set.or(kind),
                None => to.push((number, kind.clone())),
            }
        }
        on.push(to);
    }
    Some(Dfa { ends, on })
}

/// The maximum size of an expression that is made from an automaton.
const MAX_EXPRESSION: usize = 60_000;

impl Dfa {
    /// An expression for what it matches, made by taking out one state after the other:
    ///
    /// ```text
    ///      c         b                    c a* b
    /// p ──────▶ q ──────▶ r        p ──────────────▶ r
    ///          ↺ a
    /// ```
    ///
    /// The states that lead to the fewest others come first: so what many literal texts have in common
    /// stands only once. Of those that lead to each other, the one that costs least. `None` if the
    /// expression is too long.
    pub(super) fn expression(&self, budget: &mut Budget) -> Option<Node> {
        let count = self.ends.len();
        let end = count;
        let mut graph = Graph::new(count + 1);
        for (state, to) in self.on.iter().enumerate() {
            for (next, set) in to {
                graph.add(state, *next as usize, Node::Set(set.clone()));
            }
            if self.ends[state] {
                graph.add(state, end, Node::empty());
            }
        }
        let mut left: Vec<(usize, usize)> = Vec::with_capacity(count);
        for state in 1..count {
            left.push((self.reach(state, budget)?, state));
        }
        left.sort_unstable_by(|a, b| b.cmp(a));
        while let Some(&(reach, _)) = left.last() {
            let same = left.iter().rev().take_while(|each| each.0 == reach).count();
            budget.spend(same)?;
            let least = (left.len() - same..left.len()).min_by_key(|&at| graph.cost(left[at].1))?;
            let (_, state) = left.remove(least);
            if graph.cost(state) > MAX_EXPRESSION {
                return None;
            }
            graph.take_out(state);
        }
        let again = graph.on[0].remove(&0).map(|each| each.node.star());
        let rest = graph.on[0].remove(&end)?.node;
        let whole = Node::concat(again.into_iter().chain([rest]).map(Rc::new));
        (whole.size() <= MAX_EXPRESSION).then_some(whole)
    }

    /// The number of states to which one leads, also by others.
    fn reach(&self, state: usize, budget: &mut Budget) -> Option<usize> {
        let mut seen = vec![false; self.on.len()];
        let mut left = vec![state];
        let mut count = 0;
        while let Some(state) = left.pop() {
            budget.spend(1 + self.on[state].len())?;
            for &(next, _) in &self.on[state] {
                if !std::mem::replace(&mut seen[next as usize], true) {
                    count += 1;
                    left.push(next as usize);
                }
            }
        }
        Some(count)
    }
}

/// An automaton with expressions between its states.
struct Graph {
    on: Vec<std::collections::BTreeMap<usize, Sized>>,
    from: Vec<std::collections::BTreeSet<usize>>,
}

#[derive(Clone)]
struct Sized {
    node: Node,
    size: usize,
}

impl Graph {
    fn new(states: usize) -> Self {
        Graph {
            on: vec![std::collections::BTreeMap::new(); states],
            from: vec![std::collections::BTreeSet::new(); states],
        }
    }

    fn add(&mut self, from: usize, to: usize, node: Node) {
        let node = match self.on[from].remove(&to) {
            Some(known) => known.node.or(node),
            None => node,
        };
        let size = node.size();
        self.on[from].insert(to, Sized { node, size });
        self.from[to].insert(from);
    }

    /// How much longer everything gets without a state.
    fn cost(&self, state: usize) -> usize {
        let again = self.on[state].get(&state).map_or(0, |each| each.size + 1);
        let before: Vec<usize> = (self.from[state].iter())
            .filter(|&&from| from != state)
            .filter_map(|&from| Some(self.on[from].get(&state)?.size))
            .collect();
        let after = self.on[state].iter().filter(|(to, _)| **to != state);
        let after: Vec<usize> = after.map(|(_, each)| each.size).collect();
        let (ins, outs) = (before.len(), after.len());
        before.iter().sum::<usize>() * outs + after.iter().sum::<usize>() * ins + again * ins * outs
    }

    fn take_out(&mut self, state: usize) {
        let mut on = std::mem::take(&mut self.on[state]);
        let again = on.remove(&state).map(|each| Rc::new(each.node.star()));
        let before = std::mem::take(&mut self.from[state]);
        for to in on.keys() {
            self.from[*to].remove(&state);
        }
        let after: Vec<(usize, Rc<Node>)> = on
            .into_iter()
            .map(|(to, each)| (to, Rc::new(each.node)))
            .collect();
        for from in before.into_iter().filter(|&from| from != state) {
            let Some(first) = self.on[from].remove(&state) else {
                continue;
            };
            let first = Rc::new(first.node);
            for (to, last) in &after {
                let parts = [first.clone()]
                    .into_iter()
                    .chain(again.clone())
                    .chain([last.clone()]);
                self.add(from, *to, Node::concat(parts));
            }
        }
    }
}

impl Dfa {
    /// Whether it matches `path`. A byte that is not part of valid UTF-8 counts as one character that no
    /// expression names.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let mut state = 0;
        for chunk in path.utf8_chunks() {
            let valid = chunk.valid().chars().map(u32::from);
            let invalid = chunk.invalid().iter().map(|_| 0xFFFD);
            for character in valid.chain(invalid) {
                let found = (self.on[state].iter()).find(|(_, set)| set.contains(character));
                match found {
                    Some((next, _)) => state = *next as usize,
                    None => return false,
                }
            }
        }
        self.ends[state]
    }

    /// Whether it matches nothing.
    pub(super) fn is_nothing(&self) -> bool {
        !self.ends.contains(&true)
    }
}
