//! Reads a regular expression as Go's `regexp`, or `regexp2`, reads it.
//!
//! Sources: `regexp/syntax` of Go, and `regexp2`. What they refuse is [`Fault::Invalid`]: the forge
//! drops the line. What they may accept, but this reader does not know, is [`Fault::Unknown`].

use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;

use super::Engine;
use super::node::Node;
use super::set::Set;

/// The maximum number of groups in each other.
const MAX_DEPTH: usize = 100;
/// The maximum number that a repetition may name: that of Go.
const MAX_COUNT: u32 = 1000;

/// Why an expression has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The forge does not accept it.
    Invalid(String),
    /// The forge may accept it.
    Unknown(String),
}

/// Reads an expression.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn parse(text: &str, engine: Engine) -> Result<Node, Fault> {
    let mut parser = Parser {
        rest: text.chars().peekable(),
        engine,
        flags: Flags::default(),
        depth: 0,
    };
    let node = parser.alternatives()?;
    match parser.rest.next() {
        None => Ok(node),
        Some(_) => Err(invalid("there is a `)` without a `(`")),
    }
}

/// What `(?i)` and `(?s)` set.
#[derive(Clone, Copy, Default)]
struct Flags {
    any_case: bool,
    dot_is_all: bool,
}

struct Parser<'t> {
    rest: Peekable<Chars<'t>>,
    engine: Engine,
    flags: Flags,
    depth: usize,
}

fn invalid(reason: impl Into<String>) -> Fault {
    Fault::Invalid(reason.into())
}

fn unknown(what: &str) -> Fault {
    Fault::Unknown(format!("`owners` cannot tell what `{what}` matches"))
}

impl Parser<'_> {
    /// Reads up to the end of a group, or of the text.
    fn alternatives(&mut self) -> Result<Node, Fault> {
        let mut all = Vec::new();
        loop {
            all.push(Rc::new(self.sequence()?));
            if self.rest.next_if_eq(&'|').is_none() {
                break;
            }
        }
        Ok(match all.as_slice() {
            [only] => (**only).clone(),
            _ => Node::Alt(all),
        })
    }

    fn sequence(&mut self) -> Result<Node, Fault> {
        let mut parts = Vec::new();
        while let Some(&next) = self.rest.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let Some(atom) = self.atom()? else {
                continue;
            };
            parts.push(Rc::new(self.repeated(atom)?));
        }
        Ok(Node::concat(parts))
    }

    /// Reads what a `*` may follow. `None` if it only sets flags.
    fn atom(&mut self) -> Result<Option<Node>, Fault> {
        let Some(character) = self.rest.next() else {
            return Ok(None);
        };
        Ok(Some(match character {
            '(' => return self.group(),
            '[' => Node::Set(self.class()?),
            '.' if self.flags.dot_is_all => Node::Set(Set::all()),
            '.' => Node::Set(Set::any()),
            '^' => Node::Start,
            '$' => Node::End,
            '\\' => self.escaped()?,
            '*' | '+' | '?' => {
                return Err(invalid(format!(
                    "there is nothing before the `{character}`"
                )));
            }
            '{' if self.count().is_some() => {
                return Err(invalid("there is nothing before the `{`"));
            }
            _ => self.literal(character),
        }))
    }

    fn literal(&self, character: char) -> Node {
        Node::Set(self.folded(Set::of(character)))
    }

    fn folded(&self, set: Set) -> Set {
        match self.flags.any_case {
            true => set.folded(),
            false => set,
        }
    }

    /// Reads how often something is repeated.
    fn repeated(&mut self, node: Node) -> Result<Node, Fault> {
        let Some((min, max)) = self.repetition()? else {
            return Ok(node);
        };
        // `*?` prefers the shorter match. For a whole path that makes no difference.
        self.rest.next_if_eq(&'?');
        if self.repetition()?.is_some() {
            return Err(invalid("a repetition is repeated"));
        }
        Ok(match (&node, min) {
            (Node::Start | Node::End, 0) => Node::empty(),
            (Node::Start | Node::End, _) => node,
            (Node::Not(_), _) => return Err(unknown("(?!…)*")),
            _ => Node::Repeat(Rc::new(node), min, max),
        })
    }

    fn repetition(&mut self) -> Result<Option<(u32, Option<u32>)>, Fault> {
        let found = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let mut ahead = self.rest.clone();
                ahead.next();
                let before = std::mem::replace(&mut self.rest, ahead);
                let Some(count) = self.count() else {
                    self.rest = before;
                    return Ok(None);
                };
                let (min, max) = count;
                if max.is_some_and(|max| max < min) {
                    return Err(invalid(format!(
                        "`{{{min},…}}` has its numbers in the wrong order"
                    )));
                }
                if min.max(max.unwrap_or(0)) > MAX_COUNT {
                    let fault = format!("a repetition has more than {MAX_COUNT} times");
                    return Err(match self.engine {
                        Engine::Re2 => invalid(fault),
                        Engine::Backtracking => Fault::Unknown(fault),
                    });
                }
                return Ok(Some(count));
            }
            _ => return Ok(None),
        };
        self.rest.next();
        Ok(Some(found))
    }

    /// Reads `2}`, `2,}` or `2,3}` behind a `{`. `None`, and nothing is read, if there is none: then
    /// the `{` is a literal.
    fn count(&mut self) -> Option<(u32, Option<u32>)> {
        let mut ahead = self.rest.clone();
        let number = |ahead: &mut Peekable<Chars<'_>>| {
            let mut digits = String::new();
            while let Some(digit) = ahead.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            let is_some = !digits.is_empty();
            is_some.then(|| digits.parse().unwrap_or(u32::MAX))
        };
        let min = number(&mut ahead)?;
        let max = match ahead.next_if_eq(&',') {
            None => Some(min),
            Some(_) => number(&mut ahead),
        };
        ahead.next_if_eq(&'}')?;
        self.rest = ahead;
        Some((min, max))
    }

    /// Reads a group, behind its `(`.
    fn group(&mut self) -> Result<Option<Node>, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::Unknown(format!(
                "more than {MAX_DEPTH} groups are in each other"
            )));
        }
        let before = self.flags;
        let is_not = match self.rest.next_if_eq(&'?') {
            None => false,
            Some(_) => match self.group_start()? {
                GroupStart::Plain => false,
                GroupStart::Not => true,
                GroupStart::Flags => {
                    self.depth -= 1;
                    return Ok(None);
                }
            },
        };
        let node = self.alternatives()?;
        if self.rest.next() != Some(')') {
            return Err(invalid("a `(` has no `)`"));
        }
        self.flags = before;
        self.depth -= 1;
        Ok(Some(match is_not {
            true => Node::Not(Rc::new(node)),
            false => node,
        }))
    }

    /// Reads what follows `(?`.
    fn group_start(&mut self) -> Result<GroupStart, Fault> {
        let is_re2 = self.engine == Engine::Re2;
        match self.rest.peek() {
            Some('!') if !is_re2 => {
                self.rest.next();
                return Ok(GroupStart::Not);
            }
            Some('!') => {
                return Err(invalid("the regular expressions of Go have no `(?!…)`"));
            }
            Some('=' | '>') if is_re2 => {
                return Err(invalid("the regular expressions of Go have no such group"));
            }
            Some('P') if is_re2 => {
                self.rest.next();
                return self.group_name();
            }
            Some('P') => return Err(invalid("`(?P` means nothing")),
            // Only newer versions of Go read it, and it may be `(?<!…)`.
            Some('<') if is_re2 => return Err(unknown("(?<")),
            Some('<') => return self.group_name(),
            _ => {}
        }
        let mut is_on = true;
        let mut flags = self.flags;
        for character in self.rest.by_ref() {
            match character {
                'i' => flags.any_case = is_on,
                's' => flags.dot_is_all = is_on,
                'U' if is_re2 => {}
                '-' if is_on => is_on = false,
                ')' | ':' => {
                    self.flags = flags;
                    return Ok(match character {
                        ')' => GroupStart::Flags,
                        _ => GroupStart::Plain,
                    });
                }
                _ => return Err(unknown(&format!("(?{character}"))),
            }
        }
        Err(invalid("a `(` has no `)`"))
    }

    /// Reads the name of a group.
    fn group_name(&mut self) -> Result<GroupStart, Fault> {
        let name: String = self.rest.by_ref().take_while(|&c| c != '>').collect();
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match name.strip_prefix('<') {
            Some(name) if name.starts_with(is_inner) && name.chars().all(is_inner) => {
                Ok(GroupStart::Plain)
            }
            _ => Err(unknown(&format!("(?{name}"))),
        }
    }

    /// Reads what follows a backslash.
    fn escaped(&mut self) -> Result<Node, Fault> {
        let Some(character) = self.rest.next() else {
            return Err(invalid("there is nothing behind the `\\`"));
        };
        match character {
            'A' => return Ok(Node::Start),
            'z' => return Ok(Node::End),
            'b' | 'B' | 'Z' | 'G' | 'Q' | 'C' | 'X' => {
                return Err(unknown(&format!("\\{character}")));
            }
            _ => {}
        }
        let set = self.escape_set(character)?;
        Ok(Node::Set(self.folded(set)))
    }

    /// The set that a backslash and `character` mean, in a class or outside.
    fn escape_set(&mut self, character: char) -> Result<Set, Fault> {
        let ranges = |ranges: &[(char, char)]| {
            Set::new(ranges.iter().map(|&(a, b)| (a.into(), b.into())).collect())
        };
        let is_class = matches!(character, 'd' | 'w' | 's' | 'D' | 'W' | 'S');
        if is_class && self.engine != Engine::Re2 {
            // Those of all scripts.
            return Err(Fault::Unknown(format!(
                "`owners` cannot tell what `\\{character}` matches in all scripts: write a class, such as `[0-9]`"
            )));
        }
        let set = match character.to_ascii_lowercase() {
            'd' => ranges(&[('0', '9')]),
            'w' => ranges(&[('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')]),
            's' => ranges(&[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')]),
            _ => Set::of(match character {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\u{c}',
                'v' => '\u{b}',
                'a' => '\u{7}',
                'x' => self.hexadecimal()?,
                _ if character.is_ascii_alphanumeric() || !character.is_ascii() => {
                    let what = format!("\\{character}");
                    return Err(match character {
                        'p' | 'P' | 'u' | 'c' | 'e' | 'k' | '0'..='9' => unknown(&what),
                        _ => invalid(format!("`{what}` means nothing")),
                    });
                }
                _ => character,
            }),
        };
        Ok(match is_class && character.is_ascii_uppercase() {
            true => set.negated(),
            false => set,
        })
    }

    /// Reads `41` or `{41}` behind `\x`.
    fn hexadecimal(&mut self) -> Result<char, Fault> {
        let is_braced = self.rest.next_if_eq(&'{').is_some();
        let mut digits = String::new();
        while is_braced || digits.len() < 2 {
            match self.rest.next() {
                Some('}') if is_braced => break,
                Some(digit) if digit.is_ascii_hexdigit() => digits.push(digit),
                _ => return Err(invalid("`\\x` needs two hexadecimal digits")),
            }
        }
        let number = u32::from_str_radix(&digits, 16).ok();
        number
            .and_then(char::from_u32)
            .ok_or_else(|| invalid("`\\x` names no character"))
    }

    /// Reads a class, behind its `[`.
    fn class(&mut self) -> Result<Set, Fault> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut set = Set::new(Vec::new());
        let mut is_first = true;
        loop {
            let Some(character) = self.rest.next() else {
                return Err(invalid("a `[` has no `]`"));
            };
            match character {
                ']' if !is_first => break,
                '[' if self.rest.peek() == Some(&':') => return Err(unknown("[[:")),
                '-' if self.rest.peek() == Some(&'[') => return Err(unknown("-[")),
                _ => {
                    let item = self.class_item(character)?;
                    set = set.or(&item);
                }
            }
            is_first = false;
        }
        let set = self.folded(set);
        Ok(match is_negated {
            true => set.negated(),
            false => set,
        })
    }

    /// Reads a character, a range or an escape of a class.
    fn class_item(&mut self, character: char) -> Result<Set, Fault> {
        let first = match character {
            '\\' => self.class_escape()?,
            _ => Set::of(character),
        };
        let Some(start) = first.only() else {
            return Ok(first);
        };
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), None | Some(']' | '[')) {
            return Ok(first);
        }
        self.rest = ahead;
        let end = match self.rest.next() {
            Some('\\') => self.class_escape()?.only(),
            end => end,
        };
        let Some(end) = end else {
            return Err(invalid("a range in a class has no end"));
        };
        if end < start {
            return Err(invalid(format!("the range `{start}-{end}` is reversed")));
        }
        Ok(Set::new(vec![(start.into(), end.into())]))
    }

    fn class_escape(&mut self) -> Result<Set, Fault> {
        match self.rest.next() {
            None => Err(invalid("a `[` has no `]`")),
            Some('b') => Err(unknown("[\\b]")),
            Some(character) => self.escape_set(character),
        }
    }
}

/// How a group starts.
enum GroupStart {
    Plain,
    Not,
    /// It only sets flags, up to the end of the group that it is in.
    Flags,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_back() {
        for text in [
            "a/b",
            ".*",
            "[^/]+",
            "(a|b)c*",
            "(/.*)?",
            "a{2,3}",
            "[a-c]",
            r"\.\(\*",
            "[^/a-z]",
            r"[\]\^]",
            "(?!(a|b)$)c",
            "^a$",
            "x{y}",
        ] {
            let node = parse(text, Engine::Backtracking).unwrap();
            let expected = text.replace("x{y}", r"x\{y\}");
            assert_eq!(node.text(), expected, "{text}");
            assert_eq!(
                parse(&node.text(), Engine::Backtracking),
                Ok(node),
                "{text}"
            );
        }
    }

    #[test]
    fn what_go_refuses() {
        for text in [
            "**/x", "*", "a|*", "(*)", "a{2,1}", "a{1001}", "(a", "a)", "[a", "[]", "[z-a]", r"\y",
            r"a\", "(?!a)b", "(?=a)b", "a**", "a{2}{3}", "{2}", r"\x4",
        ] {
            let result = parse(text, Engine::Re2);
            assert!(
                matches!(result, Err(Fault::Invalid(_))),
                "{text}: {result:?}"
            );
        }
        for text in [r"\bx", r"\1", r"\pL", "[[:alpha:]]", "(?x)a", "(?m)a"] {
            let result = parse(text, Engine::Re2);
            assert!(
                matches!(result, Err(Fault::Unknown(_))),
                "{text}: {result:?}"
            );
        }
        assert!(matches!(
            parse(r"\d", Engine::Backtracking),
            Err(Fault::Unknown(_))
        ));
        assert!(parse(r"\d", Engine::Re2).is_ok());
    }
}
