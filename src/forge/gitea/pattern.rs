//! Patterns as regular expressions for the whole path.
//!
//! | pattern | expression |
//! |---|---|
//! | `*` | `.*` |
//! | `/a/b/` | `a/b/.*` |
//! | `/a/b` | `a/b(/.*)?` |
//! | `/a/*` | `a/[^/]*` |
//! | `*.rs` | `(.*/)?[^/]*\.rs(/.*)?` |
//!
//! No path has an empty name in it, so `a/.*` and `a/[^/]*` need not refuse `a/`.

use std::rc::Rc;

use super::node::Node;
use super::set::Set;
use crate::pattern::{Class, Gap, Glob, Pattern, Piece};

/// The expression of a pattern.
pub(super) fn expression(pattern: &Pattern) -> Node {
    let mut parts = Vec::new();
    let head = pattern.head();
    let Some((last, before)) = pattern.steps().split_last() else {
        for number in 0..head.min.saturating_sub(u32::from(head.open)) {
            if number > 0 {
                parts.push(slash());
            }
            parts.push(name());
        }
        if head.open {
            if head.min > 1 {
                parts.push(slash());
            }
            parts.push(Node::anything());
        }
        return concat(parts);
    };
    between(head, &mut parts);
    for step in before {
        glob(&step.glob, &mut parts);
        parts.push(slash());
        between(step.gap, &mut parts);
    }
    glob(&last.glob, &mut parts);
    match last.gap {
        Gap {
            min: 0,
            open: false,
        } => {}
        Gap { min: 0, open: true } => {
            parts.push(concat(vec![slash(), Node::anything()]).optional());
        }
        Gap { min, open } => {
            for _ in 0..min - u32::from(open) {
                parts.extend([slash(), name()]);
            }
            if open {
                parts.extend([slash(), Node::anything()]);
            }
        }
    }
    concat(parts)
}

/// The expression of what a pattern matches and none of the others does, for an engine with `(?!…)`.
pub(super) fn expression_without(pattern: &Pattern, without: &[Pattern]) -> Node {
    let whole = expression(pattern);
    if without.is_empty() {
        return whole;
    }
    let all = without
        .iter()
        .map(|each| Rc::new(expression(each)))
        .collect();
    let group = match without {
        [only] => expression(only),
        _ => Node::Alt(all),
    };
    let not = Node::concat([Rc::new(group), Rc::new(Node::End)]);
    Node::concat([Rc::new(Node::Not(Rc::new(not))), Rc::new(whole)])
}

fn concat(parts: Vec<Node>) -> Node {
    Node::concat(parts.into_iter().map(Rc::new))
}

fn slash() -> Node {
    Node::literal('/')
}

/// Any name.
fn name() -> Node {
    Node::Set(in_name()).star()
}

/// `[^/]`.
fn in_name() -> Set {
    Set::of('/').negated()
}

/// What stands before a glob, with the slash at its end.
fn between(gap: Gap, parts: &mut Vec<Node>) {
    for _ in 0..gap.min {
        parts.extend([name(), slash()]);
    }
    if gap.open {
        parts.push(concat(vec![Node::anything(), slash()]).optional());
    }
}

fn glob(glob: &Glob, parts: &mut Vec<Node>) {
    for piece in glob.pieces() {
        match piece {
            Piece::Text(text) => parts.extend(text.chars().map(Node::literal)),
            Piece::One => parts.push(Node::Set(in_name())),
            // `?*` is `[^/]+`.
            Piece::Star => match parts.last() {
                Some(Node::Set(set)) if *set == in_name() => {
                    let one = Rc::new(Node::Set(in_name()));
                    parts.pop();
                    parts.push(Node::Repeat(one, 1, None));
                }
                _ => parts.push(name()),
            },
            Piece::Class(class) => parts.push(Node::Set(set_of(class))),
        }
    }
}

fn set_of(class: &Class) -> Set {
    let ranges = class.ranges().iter();
    let listed = Set::new(ranges.map(|&(a, b)| (a.into(), b.into())).collect());
    match class.is_negated() {
        true => listed.or(&Set::of('/')).negated(),
        false => listed,
    }
}
