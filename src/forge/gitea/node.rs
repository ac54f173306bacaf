//! A regular expression as a tree, and its text.
//!
//! [`whole_text`](Node::whole_text) writes the part of the syntax that Go's `regexp` and `regexp2` read alike.

use std::rc::Rc;

use super::set::Set;

/// A part of a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// One character.
    Set(Set),
    /// One after the other. The empty text, if there is none.
    Concat(Vec<Rc<Node>>),
    /// One of them. Nothing at all, if there is none.
    Alt(Vec<Rc<Node>>),
    /// At least and at most so many.
    Repeat(Rc<Node>, u32, Option<u32>),
    /// `^`.
    Start,
    /// `$`.
    End,
    /// `(?!…)`: from here on, the rest of the text does not start so.
    Not(Rc<Node>),
}

impl Node {
    pub(super) fn empty() -> Self {
        Node::Concat(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Node::Concat(parts) if parts.is_empty())
    }

    pub(super) fn literal(character: char) -> Self {
        Node::Set(Set::of(character))
    }

    /// Any number of these, none included.
    pub(super) fn star(self) -> Self {
        match self {
            Node::Repeat(inner, 0 | 1, None) | Node::Repeat(inner, 0, Some(1)) => {
                Node::Repeat(inner, 0, None)
            }
            node if node.is_empty() => node,
            node => Node::Repeat(Rc::new(node), 0, None),
        }
    }

    /// This, or the empty text.
    pub(super) fn optional(self) -> Self {
        match self {
            Node::Repeat(inner, 1, None) => Node::Repeat(inner, 0, None),
            Node::Repeat(inner, 0, most) => Node::Repeat(inner, 0, most),
            node if node.is_empty() => node,
            node => Node::Repeat(Rc::new(node), 0, Some(1)),
        }
    }

    /// `.*`.
    pub(super) fn anything() -> Self {
        Node::Set(Set::any()).star()
    }

    /// One after the other.
    pub(super) fn concat(parts: impl IntoIterator<Item = Rc<Node>>) -> Self {
        let mut flat: Vec<Rc<Node>> = Vec::new();
        for part in parts {
            match &*part {
                Node::Concat(inner) => flat.extend(inner.iter().cloned()),
                _ => flat.push(part),
            }
        }
        match flat.as_slice() {
            [only] => (**only).clone(),
            _ => Node::Concat(flat),
        }
    }

    /// One of two.
    pub(super) fn or(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        match (self, other) {
            (Node::Alt(none), node) | (node, Node::Alt(none)) if none.is_empty() => node,
            (Node::Set(a), Node::Set(b)) => Node::Set(a.or(&b)),
            (empty, node) | (node, empty) if empty.is_empty() => node.optional(),
            (Node::Repeat(a, 0, Some(1)), node) | (node, Node::Repeat(a, 0, Some(1))) => {
                (*a).clone().or(node).optional()
            }
            (a, b) => {
                let alternatives = |node: Node| match node {
                    Node::Alt(inner) => inner,
                    node => vec![Rc::new(node)],
                };
                let mut all = alternatives(a);
                for each in alternatives(b) {
                    if !all.contains(&each) {
                        all.push(each);
                    }
                }
                Node::Alt(all)
            }
        }
    }

    /// How long its text is, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Node::Set(set) => 1 + 2 * (set.ranges().len() - 1),
            Node::Concat(parts) => parts.iter().map(|part| part.size()).sum(),
            Node::Alt(parts) => 2 + parts.iter().map(|part| 1 + part.size()).sum::<usize>(),
            Node::Repeat(inner, ..) | Node::Not(inner) => 3 + inner.size(),
            Node::Start | Node::End => 1,
        }
    }

    /// The text of the expression for a whole path. Between `^` and `$`, alternatives need a group.
    pub(super) fn whole_text(&self) -> String {
        let mut out = String::new();
        match self {
            Node::Alt(_) => self.write_group(&mut out),
            _ => self.write(&mut out),
        }
        out
    }

    /// The text.
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Node::Set(set) => write_set(set, out),
            Node::Concat(parts) => parts.iter().for_each(|part| match &**part {
                Node::Alt(_) => part.write_group(out),
                _ => part.write(out),
            }),
            Node::Alt(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push('|');
                    }
                    part.write(out);
                }
            }
            Node::Repeat(inner, min, max) => {
                match &**inner {
                    Node::Set(_) => inner.write(out),
                    _ => inner.write_group(out),
                }
                match (min, max) {
                    (0, None) => out.push('*'),
                    (1, None) => out.push('+'),
                    (0, Some(1)) => out.push('?'),
                    (min, None) => out.push_str(&format!("{{{min},}}")),
                    (min, Some(max)) => out.push_str(&format!("{{{min},{max}}}")),
                }
            }
            Node::Start => out.push('^'),
            Node::End => out.push('$'),
            Node::Not(inner) => {
                out.push_str("(?!");
                inner.write(out);
                out.push(')');
            }
        }
    }

    fn write_group(&self, out: &mut String) {
        out.push('(');
        self.write(out);
        out.push(')');
    }
}

/// Writes a set of characters. A line end in it does not count.
fn write_set(set: &Set, out: &mut String) {
    let line_end = Set::of('\n');
    let with_line_end = set.or(&line_end);
    if let Some(character) = set.only() {
        write_char(character, r"\.+*?()|[]{}^$", out);
    } else if with_line_end == Set::all() {
        out.push('.');
    } else {
        let others = with_line_end.negated();
        let is_negated = others.ranges().len() < set.ranges().len() + 1;
        let (start, listed) = match is_negated {
            true => ("[^", &others),
            false => ("[", set),
        };
        out.push_str(start);
        for &(first, last) in listed.ranges() {
            let ends = [first, last].map(|each| char::from_u32(each).unwrap_or('\u{FFFD}'));
            write_char(ends[0], r"\[]^-", out);
            if first != last {
                if first + 1 < last {
                    out.push('-');
                }
                write_char(ends[1], r"\[]^-", out);
            }
        }
        out.push(']');
    }
}

/// Writes a character, with a backslash before it if it is one of `special`.
fn write_char(character: char, special: &str, out: &mut String) {
    if character.is_control() && u32::from(character) < 0x100 {
        out.push_str(&format!("\\x{:02x}", u32::from(character)));
        return;
    }
    if special.contains(character) {
        out.push('\\');
    }
    out.push(character);
}

impl Node {
    /// The characters that every text starts with that it matches.
    pub(super) fn literal_start(&self) -> String {
        let only = |node: &Node| match node {
            Node::Set(set) => set.only(),
            _ => None,
        };
        match self {
            Node::Concat(parts) => parts.iter().map_while(|part| only(part)).collect(),
            node => only(node).into_iter().collect(),
        }
    }
}
