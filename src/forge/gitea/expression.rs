//! The expression of a line: which paths it matches.
//!
//! The forge compiles `^token$`, so `src|test` is `^src` or `test$`, and `^*.go$` has no `^` at all.
//! [`read`] brings every expression into one form: alternatives, each for the whole path, without
//! what `(?!…)` at its start takes out.

use std::rc::Rc;

use super::Engine;
use super::node::Node;
use super::set::Set;
use super::syntax::{Fault, parse};

/// The paths that an expression matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    /// Whether it matches all other paths.
    pub(super) is_negated: bool,
    pub(super) alternatives: Vec<Alternative>,
}

/// An alternative of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alternative {
    /// What the whole path must match.
    pub(super) whole: Node,
    /// What the whole path must not match.
    pub(super) without: Vec<Node>,
}

/// Reads the text of a line, without the escapes of the file.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn read(text: &str, engine: Engine) -> Result<Expression, Fault> {
    let (is_negated, text) = match text.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let text = match engine {
        Engine::Backtracking => text.strip_prefix('/').unwrap_or(text),
        Engine::Re2 => text,
    };
    let node = parse(&format!("^{text}$"), engine)?;
    let alternatives = alternatives(&node)?;
    Ok(Expression {
        is_negated,
        alternatives,
    })
}

fn alternatives(node: &Node) -> Result<Vec<Alternative>, Fault> {
    match node {
        Node::Alt(all) => all.iter().map(|each| alternative(each)).collect(),
        node => Ok(vec![alternative(node)?]),
    }
}

fn alternative(node: &Node) -> Result<Alternative, Fault> {
    let only = [Rc::new(node.clone())];
    let parts: &[Rc<Node>] = match node {
        Node::Concat(parts) => parts,
        _ => &only,
    };
    let (parts, is_from_start, is_to_end) = trimmed(parts);
    let nots = parts
        .iter()
        .take_while(|part| matches!(***part, Node::Not(_)));
    let (nots, parts) = parts.split_at(nots.count());
    if !is_from_start && !nots.is_empty() {
        return Err(Fault::Unknown(
            "`owners` cannot tell what `(?!…)` takes out, unless it is at the start".into(),
        ));
    }
    let mut without = Vec::new();
    for not in nots {
        if let Node::Not(inner) = &**not {
            for each in alternatives_at_start(inner)? {
                without.push(each);
            }
        }
    }
    let whole = padded(parts, is_from_start, is_to_end);
    only_matches(&whole)?;
    Ok(Alternative { whole, without })
}

/// What a `(?!…)` at the start takes out, as expressions for the whole path.
fn alternatives_at_start(node: &Node) -> Result<Vec<Node>, Fault> {
    let all: Vec<Rc<Node>> = match node {
        Node::Alt(all) => all.clone(),
        node => vec![Rc::new(node.clone())],
    };
    let mut found = Vec::new();
    for each in all {
        let only = [each.clone()];
        let parts: &[Rc<Node>] = match &*each {
            Node::Concat(parts) => parts,
            _ => &only,
        };
        let (parts, _, is_to_end) = trimmed(parts);
        let whole = match (parts, is_to_end) {
            // The forms that are written: `(?!(a|b)$)`.
            ([group], true) => match &**group {
                Node::Alt(inner) => {
                    for each in inner {
                        only_matches(each)?;
                        found.push((**each).clone());
                    }
                    continue;
                }
                _ => padded(parts, true, true),
            },
            _ => padded(parts, true, is_to_end),
        };
        only_matches(&whole)?;
        found.push(whole);
    }
    Ok(found)
}

/// The parts without `^` at the start and `$` at the end, and whether there were any.
fn trimmed(parts: &[Rc<Node>]) -> (&[Rc<Node>], bool, bool) {
    let starts = parts.iter().take_while(|part| ***part == Node::Start);
    let (start, parts) = parts.split_at(starts.count());
    let ends = parts.iter().rev().take_while(|part| ***part == Node::End);
    let (parts, end) = parts.split_at(parts.len() - ends.count());
    (parts, !start.is_empty(), !end.is_empty())
}

/// The expression for the whole path, of which only a part is named.
fn padded(parts: &[Rc<Node>], is_from_start: bool, is_to_end: bool) -> Node {
    let anything = Rc::new(Node::Set(Set::all()).star());
    let before = (!is_from_start).then(|| anything.clone());
    let after = (!is_to_end).then_some(anything);
    Node::concat(before.into_iter().chain(parts.iter().cloned()).chain(after))
}

/// Refuses `^`, `$` and `(?!…)` in other places.
fn only_matches(node: &Node) -> Result<(), Fault> {
    match node {
        Node::Set(_) => Ok(()),
        Node::Concat(parts) | Node::Alt(parts) => {
            parts.iter().try_for_each(|part| only_matches(part))
        }
        Node::Repeat(inner, ..) => only_matches(inner),
        Node::Start | Node::End | Node::Not(_) => Err(Fault::Unknown(
            "`owners` cannot tell what `^`, `$` and `(?!…)` match inside of an expression".into(),
        )),
    }
}
