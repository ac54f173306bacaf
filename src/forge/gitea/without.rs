//! One expression for what a pattern matches and others do not, for an engine without `(?!…)`.
//!
//! For everything but `/docs/`, it goes along the name, letter by letter:
//!
//! ```text
//! ([^d].*|d([^o].*|o([^c].*|c([^s].*|s([^/].*)?)?)?)?)?
//! ```

use super::automaton::{Dfa, Nfa, difference};
use super::expression::Expression;
use super::node::Node;
use super::pattern;
use crate::pattern::Pattern;
use crate::pattern::budget::Budget;

/// The maximum number of characters of a line. Forgejo reads a line of up to 64 KiB.
const MAX_LENGTH: usize = 50_000;
/// The maximum number of groups in each other. Go accepts about 300.
const MAX_GROUPS: usize = 120;

/// The expression of what `pattern` matches and none of the others. It is read again, and matches the
/// same.
///
/// # Errors
///
/// Why there is none, and what to do.
pub(super) fn expression(
    pattern: &Pattern,
    without: &[Pattern],
    budget: &mut Budget,
) -> Result<Node, (String, String)> {
    if without.is_empty() {
        return Ok(pattern::expression(pattern));
    }
    let refused = || {
        (
            format!(
                "every line that matches counts, so the line of `{pattern}` must leave out what {} own: that takes a regular expression that is too long",
                match without {
                    [one] => format!("the owners of `{one}`"),
                    several => format!("the owners of {} later patterns", several.len()),
                }
            ),
            "let the rules share no paths, or let the later rules add owners with `add`"
                .to_string(),
        )
    };
    let found = automaton(pattern, without, budget).ok_or_else(refused)?;
    if found.is_nothing() {
        // No path is only a slash.
        return Ok(Node::literal('/'));
    }
    let node = found.expression(budget).ok_or_else(refused)?;
    let text = node.whole_text();
    let is_short = text.len() <= MAX_LENGTH && groups(&text) <= MAX_GROUPS;
    let again = Nfa::new([&node]).filter(|_| is_short);
    let again = again.and_then(|nfa| difference(&nfa, budget));
    match again == Some(found) {
        true => Ok(node),
        false => Err(refused()),
    }
}

/// How many groups are in each other.
fn groups(text: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fn automaton(pattern: &Pattern, without: &[Pattern], budget: &mut Budget) -> Option<Dfa> {
    let whole = pattern::expression(pattern);
    let others: Vec<Node> = without.iter().map(pattern::expression).collect();
    let nfa = Nfa::new([&whole].into_iter().chain(&others))?;
    difference(&nfa, budget)
}

/// Whether an expression matches what `pattern` matches and none of the others.
pub(super) fn is_same(
    found: &Expression,
    pattern: &Pattern,
    without: &[Pattern],
    budget: &mut Budget,
) -> bool {
    let [only] = found.alternatives.as_slice() else {
        return false;
    };
    let nfa = Nfa::new([&only.whole].into_iter().chain(&only.without));
    let found_by = nfa.and_then(|nfa| difference(&nfa, budget));
    let Some((expected, found_by)) = automaton(pattern, without, budget).zip(found_by) else {
        return false;
    };
    let is_nothing = expected.is_nothing() && only.whole == Node::literal('/');
    !found.is_negated && (expected == found_by || is_nothing)
}
