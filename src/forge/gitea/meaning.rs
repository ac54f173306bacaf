//! The patterns that an expression means, if there are such patterns.
//!
//! A `.*` may match slashes, so it is a `*` within a name, or the end of a name, directories, and the
//! start of another:
//!
//! ```text
//! src/.*\.go    /src/**/*.go           at the start of a name
//! src/lib.*     /src/lib*, /src/lib*/  at the end of a name
//! src/a.*b      /src/a*b, /src/a*/**/*b
//! (a|b)/.*      /a/, /b/
//! ```
//!
//! `**/` and `*` at the start of a name are one pattern, and so is what a name starts with and what is
//! below. What remains are the alternatives. A pattern of a file that a directory has the name of does
//! not match what is in the directory, as long as the expression does not.

use super::expression::{Alternative, Expression};
use super::node::Node;
use super::set::Set;
use crate::pattern::{Gap, Glob, OneOf, Pattern};

/// The maximum number of patterns of one expression.
const MAX_PATTERNS: usize = 500;
/// The maximum number of characters of all of them.
const MAX_SIZE: usize = 100_000;

/// Patterns, without others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) patterns: Vec<Pattern>,
    pub(super) except: Vec<Pattern>,
}

/// What an expression means. `None` if patterns cannot say it.
pub(super) fn meaning(expression: &Expression) -> Option<Vec<Meaning>> {
    let all = expression.alternatives.iter().map(of_alternative);
    let all: Vec<Meaning> = all.collect::<Option<_>>()?;
    if !expression.is_negated {
        return Some(all);
    }
    if all.iter().any(|each| !each.except.is_empty()) {
        return None;
    }
    Some(vec![Meaning {
        patterns: vec![Pattern::everything()],
        except: all.into_iter().flat_map(|each| each.patterns).collect(),
    }])
}

fn of_alternative(alternative: &Alternative) -> Option<Meaning> {
    let mut except = Vec::new();
    for without in &alternative.without {
        except.extend(patterns(without)?);
    }
    Some(Meaning {
        patterns: patterns(&alternative.whole)?,
        except,
    })
}

/// The patterns of an expression for the whole path.
fn patterns(node: &Node) -> Option<Vec<Pattern>> {
    let mut found = Vec::new();
    for items in items(node)? {
        for pattern in lower(&items)? {
            if !found.contains(&pattern) {
                found.push(pattern);
            }
        }
        if found.len() > MAX_PATTERNS {
            return None;
        }
    }
    Some(found)
}

/// A part of an expression without alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// One character of a name.
    One(OneOf),
    /// `[^/]*`.
    Star,
    /// `.*`.
    Dots,
    Slash,
    /// `(.*/)?`.
    Directories,
    /// `(/.*)?`.
    Below,
}

/// The alternatives of an expression, each without alternatives.
fn items(node: &Node) -> Option<Vec<Vec<Item>>> {
    let all = match node {
        Node::Set(set) => one_of(set)?,
        Node::Concat(parts) => {
            let mut all = vec![Vec::new()];
            for part in parts {
                let more = items(part)?;
                all = product(&all, &more)?;
            }
            all
        }
        Node::Alt(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(items(part)?);
            }
            all
        }
        Node::Repeat(inner, min, max) => repeated(inner, *min, *max)?,
        Node::Start | Node::End | Node::Not(_) => return None,
    };
    let size: usize = all.iter().map(Vec::len).sum();
    (all.len() <= MAX_PATTERNS && size <= MAX_SIZE).then_some(all)
}

fn product(all: &[Vec<Item>], more: &[Vec<Item>]) -> Option<Vec<Vec<Item>>> {
    if all.len() * more.len() > MAX_PATTERNS {
        return None;
    }
    let pairs = all.iter().flat_map(|a| more.iter().map(move |b| (a, b)));
    Some(pairs.map(|(a, b)| [&**a, &**b].concat()).collect())
}

/// The alternatives of a set of characters.
fn one_of(set: &Set) -> Option<Vec<Vec<Item>>> {
    let mut all = Vec::new();
    if set.contains('/'.into()) {
        all.push(vec![Item::Slash]);
    }
    let others = set.and(&Set::in_name());
    if others == Set::in_name() {
        all.insert(0, vec![Item::One(OneOf::Anything)]);
    } else if !others.is_empty() {
        let rest = others.negated().and(&Set::in_name());
        let is_negated = rest.ranges().len() < others.ranges().len();
        let listed = if is_negated { rest } else { others };
        let mut ranges = Vec::new();
        for &(first, last) in listed.ranges() {
            ranges.push((char::from_u32(first)?, char::from_u32(last)?));
        }
        all.insert(0, vec![Item::One(OneOf::new(is_negated, &ranges))]);
    }
    Some(all)
}

fn repeated(inner: &Node, min: u32, max: Option<u32>) -> Option<Vec<Vec<Item>>> {
    if (min, max) == (0, Some(1))
        && let Some(item) = optional(inner)
    {
        return Some(vec![vec![item]]);
    }
    let once = items(inner)?;
    let (wildcard, most) = match (inner, max) {
        (_, Some(max)) => (None, max),
        (Node::Set(set), None) => {
            let names = set.and(&Set::in_name());
            let has_slash = set.contains('/'.into());
            match (names == Set::in_name(), has_slash) {
                (true, true) => (Some(Item::Dots), min),
                (true, false) => (Some(Item::Star), min),
                // Several slashes in a row are in no path.
                (false, true) if names.is_empty() => (None, min.max(1)),
                _ => return None,
            }
        }
        // `(.*)*`.
        _ if once == [[Item::Dots]] || once == [[Item::Star]] => (None, min.max(1)),
        _ => return None,
    };
    let mut all = Vec::new();
    let mut times = vec![Vec::new()];
    for count in 0..=most {
        if count >= min {
            all.extend(times.iter().cloned());
        }
        if count < most {
            times = product(&times, &once)?;
        }
        if all.len() > MAX_PATTERNS {
            return None;
        }
    }
    if let Some(item) = wildcard {
        all.iter_mut().for_each(|each| each.push(item.clone()));
    }
    Some(all)
}

/// The optional parts that are one pattern, not two.
fn optional(inner: &Node) -> Option<Item> {
    let Node::Concat(parts) = inner else {
        return None;
    };
    let [first, second] = parts.as_slice() else {
        return None;
    };
    let (slash, anything) = (Node::literal('/'), Node::anything());
    if **first == slash && **second == anything {
        Some(Item::Below)
    } else if **first == anything && **second == slash {
        Some(Item::Directories)
    } else {
        None
    }
}

/// A pattern under construction.
#[derive(Clone)]
struct Draft {
    pattern: Pattern,
    /// The name that is read, if there is a part of it.
    glob: Option<Glob>,
    /// Whether that name, and the gap behind it, are in the pattern already.
    is_closed: bool,
}

impl Draft {
    fn glob(&mut self) -> &mut Glob {
        self.glob.get_or_insert_with(Glob::new)
    }

    /// Ends a name. `None` if there is none: no path has an empty name.
    fn close(&mut self) -> Option<()> {
        if !std::mem::take(&mut self.is_closed) {
            self.pattern.push(self.glob.take()?);
        }
        Some(())
    }

    /// Ends a name, and allows directories behind it.
    fn close_with_directories(&mut self) -> Option<()> {
        self.close()?;
        self.pattern.widen(Gap::ANY);
        Some(())
    }
}

/// The items with `.*` for each run of `.*` and `[^/]*`.
fn joined(items: &[Item]) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match (joined.last_mut(), item) {
            (Some(last @ (Item::Dots | Item::Star)), Item::Dots) => *last = Item::Dots,
            (Some(Item::Dots | Item::Star), Item::Star) => {}
            _ => joined.push(item.clone()),
        }
    }
    joined
}

/// The patterns of items. Empty if no path matches; `None` if patterns cannot say it.
fn lower(items: &[Item]) -> Option<Vec<Pattern>> {
    let mut drafts = vec![Draft {
        pattern: Pattern::new(Gap::NONE),
        glob: None,
        is_closed: false,
    }];
    let items = joined(items);
    for (index, item) in items.iter().enumerate() {
        let next = items.get(index + 1);
        let ends = matches!(next, None | Some(Item::Slash));
        let mut more = Vec::new();
        for mut draft in drafts {
            if draft.is_closed && *item != Item::Slash {
                return None;
            }
            match item {
                Item::One(OneOf::Nothing) => continue,
                Item::One(set) => draft.glob().push_one_of(set.clone())?,
                Item::Star => draft.glob().push_star(),
                Item::Slash if draft.close().is_none() => continue,
                Item::Slash => {}
                Item::Directories if draft.glob.is_some() => return None,
                Item::Directories => draft.pattern.widen(Gap::ANY),
                Item::Below if next.is_some() => return None,
                Item::Below if draft.close_with_directories().is_none() => continue,
                Item::Below => draft.is_closed = true,
                Item::Dots if draft.glob.is_none() => {
                    draft.pattern.widen(Gap::ANY);
                    draft.glob().push_star();
                }
                Item::Dots => {
                    draft.glob().push_star();
                    let mut longer = draft.clone();
                    longer.close_with_directories()?;
                    if ends {
                        longer.is_closed = true;
                        draft = longer;
                    } else {
                        longer.glob().push_star();
                        more.push(longer);
                    }
                }
            }
            more.push(draft);
        }
        drafts = more;
        if drafts.len() > MAX_PATTERNS {
            return None;
        }
    }
    let ended = |mut draft: Draft| draft.close().map(|()| draft.pattern);
    Some(drafts.into_iter().filter_map(ended).collect())
}
