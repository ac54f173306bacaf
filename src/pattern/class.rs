//! A class: one character of a set, as `[a-c]` and `[!a]` say on GitLab.
//!
//! Patterns of `owners.toml` have none. They come from CODEOWNERS files only.

use std::fmt;

/// One character of a set, or of all that are not in it.
///
/// Classes are in canonical form: two that match the same characters are equal. A set of no character,
/// of one, or of all is no class: see [`OneOf::new`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class {
    is_negated: bool,
    /// The first and last character of each range: in order, with others between them, none of them
    /// empty, without the slash.
    ranges: Box<[(char, char)]>,
}

/// A set of characters, as a pattern says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOf {
    /// No character.
    Nothing,
    /// One character.
    Char(char),
    /// Every character: `?`.
    Anything,
    /// Any other set.
    Class(Class),
}

impl OneOf {
    /// The characters in `ranges`, or all others if the set is negated. Ranges may overlap; a reversed
    /// range is empty.
    ///
    /// A slash in them makes no difference, since no name has one.
    #[must_use]
    pub fn new(is_negated: bool, ranges: &[(char, char)]) -> Self {
        let mut ranges: Vec<(char, char)> = ranges
            .iter()
            .flat_map(|&(first, last)| without_slash(first, last))
            .filter(|(first, last)| first <= last)
            .collect();
        ranges.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= *end || Some(first) == next(*end) => {
                    *end = last.max(*end);
                }
                _ => merged.push((first, last)),
            }
        }
        match (is_negated, merged.as_slice()) {
            (false, []) => OneOf::Nothing,
            (true, []) => OneOf::Anything,
            (false, &[(first, last)]) if first == last => OneOf::Char(first),
            _ => OneOf::Class(Class {
                is_negated,
                ranges: merged.into(),
            }),
        }
    }
}

impl Class {
    /// Whether it matches `character`; `None` stands for a byte that is not part of valid UTF-8, which
    /// is in no set.
    #[must_use]
    pub fn matches(&self, character: Option<char>) -> bool {
        let is_in = character.is_some_and(|character| {
            let behind = (self.ranges).partition_point(|&(first, _)| first <= character);
            behind > 0 && character <= self.ranges[behind - 1].1
        });
        is_in != self.is_negated
    }

    /// Its characters, in order, if there are at most `limit`. `None` for a negated class.
    #[must_use]
    pub fn characters(&self, limit: usize) -> Option<Vec<char>> {
        if self.is_negated {
            return None;
        }
        let all = self.ranges.iter().flat_map(|&(first, last)| first..=last);
        let characters: Vec<char> = all.take(limit.saturating_add(1)).collect();
        (characters.len() <= limit).then_some(characters)
    }

    /// The characters that it lists, whether it matches them or not.
    pub(crate) fn listed(&self) -> OneOf {
        OneOf::new(false, &self.ranges)
    }

    /// The first character that it lists, whether it matches it or not.
    pub(crate) fn first_listed(&self) -> char {
        self.ranges.first().map_or('?', |&(first, _)| first)
    }

    /// The ranges of characters that it lists.
    pub(crate) fn ranges(&self) -> &[(char, char)] {
        &self.ranges
    }

    /// Whether it matches all characters but those that it lists.
    #[must_use]
    pub fn is_negated(&self) -> bool {
        self.is_negated
    }
}

/// A range without the slash, as two ranges.
fn without_slash(first: char, last: char) -> [(char, char); 2] {
    if (first..=last).contains(&'/') {
        [(first, '.'), ('0', last)]
    } else {
        // The second range is reversed, so it is empty.
        [(first, last), ('1', '0')]
    }
}

/// The character after `character`.
fn next(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}

/// Writes it as GitLab reads it.
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let write = |character: char, f: &mut fmt::Formatter<'_>| {
            if matches!(character, '\\' | ']' | '-' | '!' | '^' | ' ') {
                f.write_char('\\')?;
            }
            f.write_char(character)
        };
        f.write_str(if self.is_negated { "[!" } else { "[" })?;
        for &(first, last) in &self.ranges {
            write(first, f)?;
            if next(first) == Some(last) {
                write(last, f)?;
            } else if first != last {
                f.write_char('-')?;
                write(last, f)?;
            }
        }
        f.write_char(']')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical() {
        let [abc, same, joined] = [
            &[('a', 'c')][..],
            &[('c', 'c'), ('a', 'b'), ('z', 'y'), ('a', 'a')],
            &[('b', 'c'), ('/', '/'), ('a', 'b')],
        ]
        .map(|ranges| OneOf::new(false, ranges));
        assert_eq!(abc, same);
        assert_eq!(abc, joined);
        assert_ne!(abc, OneOf::new(true, &[('a', 'c')]));
        for (is_negated, ranges, expected) in [
            (false, &[][..], OneOf::Nothing),
            (false, &[('/', '/')], OneOf::Nothing),
            (false, &[('b', 'a')], OneOf::Nothing),
            (false, &[('a', 'a'), ('/', '/')], OneOf::Char('a')),
            (false, &[('/', '0')], OneOf::Char('0')),
            (true, &[], OneOf::Anything),
            (true, &[('/', '/')], OneOf::Anything),
        ] {
            assert_eq!(OneOf::new(is_negated, ranges), expected, "{ranges:?}");
        }
        // No character lies between these two ranges.
        assert_eq!(
            OneOf::new(false, &[('a', '\u{D7FF}'), ('\u{E000}', '\u{F000}')]),
            OneOf::new(false, &[('a', '\u{F000}')])
        );
    }

    #[test]
    fn matching_and_listing() {
        let class = |is_negated, ranges| match OneOf::new(is_negated, ranges) {
            OneOf::Class(class) => class,
            other => panic!("{other:?}"),
        };
        let some = class(false, &[('.', '0'), ('x', 'z'), ('é', 'é')]);
        let others = class(true, &[('.', '0'), ('x', 'z'), ('é', 'é')]);
        assert_eq!(
            some.characters(6).unwrap().iter().collect::<String>(),
            ".0xyzé"
        );
        assert_eq!((some.characters(5), others.characters(9)), (None, None));
        for (character, expected) in [
            (Some('.'), true),
            (Some('0'), true),
            (Some('1'), false),
            (Some('y'), true),
            (Some('w'), false),
            (Some('é'), true),
            (Some('ê'), false),
            (None, false),
        ] {
            assert_eq!(some.matches(character), expected, "{character:?}");
            assert_eq!(others.matches(character), !expected, "{character:?}");
        }
        assert_eq!(others.to_string(), "[!.0x-zé]");
        assert_eq!(class(false, &[('[', ']')]).to_string(), "[[-\\]]");
    }
}
