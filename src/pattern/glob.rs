//! One segment of a pattern: the text between two slashes, with `*` and `?` in it.
//!
//! A [`Glob`] is kept in a canonical form, so that different spellings of the same set of names are
//! equal values:
//!
//! ```text
//! a**b   a*b       Text("a") Star Text("b")
//! *?*?   ??*       One One Star
//! ```

use std::fmt;

use smallvec::SmallVec;

use super::class::{Class, OneOf};

/// A part of a [`Glob`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// These characters, literally. Never empty, and never next to another text.
    Text(String),
    /// `?`: one Unicode scalar value, or one byte that is not part of valid UTF-8.
    One,
    /// `*`: any number of characters, none included.
    Star,
    /// `[a-c]`: one character of a set. Never a set of one character, which is a text, or of all
    /// characters, which is `?`.
    Class(Class),
}

/// A pattern for one path segment, in canonical form: adjacent texts are merged, and a run of
/// wildcards is written as its `?`s followed by at most one `*`.
///
/// ```
/// use owners::pattern::Glob;
///
/// let glob: Glob = "wasi-*".parse().unwrap();
/// assert!(glob.matches(b"wasi-http"));
/// assert!(!glob.matches(b"wasi"));
/// assert_eq!("a*?".parse::<Glob>().unwrap(), "a?*".parse().unwrap());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Glob {
    /// Most globs are one name, which then takes no second allocation.
    pieces: SmallVec<[Piece; 1]>,
}

impl Glob {
    /// The empty glob, to which pieces are pushed.
    #[must_use]
    pub fn new() -> Self {
        Glob::default()
    }

    /// A glob that matches this name and no other.
    #[must_use]
    pub fn literal(name: &str) -> Self {
        let mut glob = Glob::new();
        if !name.is_empty() {
            glob.pieces.push(Piece::Text(name.to_string()));
        }
        glob
    }

    /// Appends a literal character.
    pub fn push_char(&mut self, character: char) {
        if let Some(Piece::Text(text)) = self.pieces.last_mut() {
            text.push(character);
        } else {
            let mut text = String::with_capacity(16);
            text.push(character);
            self.pieces.push(Piece::Text(text));
        }
    }

    /// Appends a `?`.
    pub fn push_one(&mut self) {
        // In canonical form `*?` is `?*`.
        if self.pieces.last() == Some(&Piece::Star) {
            self.pieces.insert(self.pieces.len() - 1, Piece::One);
        } else {
            self.pieces.push(Piece::One);
        }
    }

    /// Appends a `*`.
    pub fn push_star(&mut self) {
        if self.pieces.last() != Some(&Piece::Star) {
            self.pieces.push(Piece::Star);
        }
    }

    /// Appends one character of a set. `None`, if the set is empty: then no name matches.
    #[must_use = "a set without characters matches nothing"]
    pub fn push_one_of(&mut self, set: OneOf) -> Option<()> {
        match set {
            OneOf::Nothing => return None,
            OneOf::Char(character) => self.push_char(character),
            OneOf::Anything => self.push_one(),
            OneOf::Class(class) => self.pieces.push(Piece::Class(class)),
        }
        Some(())
    }

    /// The classes in it.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Class(class) => Some(class),
            Piece::Text(_) | Piece::One | Piece::Star => None,
        })
    }

    /// The same glob with `replacement` for each class. `None`, if a replacement has no character.
    pub(crate) fn map_classes(&self, mut replacement: impl FnMut(&Class) -> OneOf) -> Option<Glob> {
        let mut glob = Glob::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => text.chars().for_each(|each| glob.push_char(each)),
                Piece::One => glob.push_one(),
                Piece::Star => glob.push_star(),
                Piece::Class(class) => glob.push_one_of(replacement(class))?,
            }
        }
        Some(glob)
    }

    /// The parts, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The one name that this glob matches, if it has no wildcard.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Its length: the bytes of its texts, and one for each wildcard.
    pub(crate) fn size(&self) -> usize {
        let sizes = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            _ => 1,
        });
        sizes.sum()
    }

    /// Whether every name matches: `*`, and `?*` too, since no name is empty.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(
            self.pieces.as_slice(),
            [Piece::Star] | [Piece::One, Piece::Star]
        )
    }

    /// Whether `name`, the bytes of one path segment, matches.
    ///
    /// Takes time proportional to the product of both lengths at worst. The loop is one function, since
    /// its three variables change together and it is run for each name that a glob is tried on.
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        let pieces = self.pieces.as_slice();
        let (mut piece, mut at) = (0, 0);
        // Where to go on if what follows the latest star does not match: the piece behind the star, and
        // where it was tried. Earlier stars are never tried again, since the leftmost match of what
        // follows them leaves most of the name for the rest.
        let mut retry = None;
        loop {
            let stepped = match pieces.get(piece) {
                None if at == name.len() => return true,
                None => None,
                Some(Piece::Star) => {
                    // The last text can only match at the end of the name.
                    match &pieces[piece + 1..] {
                        [] => return true,
                        [Piece::Text(text)] => return name[at..].ends_with(text.as_bytes()),
                        _ => {}
                    }
                    retry = Some((piece + 1, at));
                    Some(at)
                }
                Some(Piece::One) => (at < name.len()).then(|| at + unit(&name[at..]).1),
                Some(Piece::Class(class)) => name
                    .get(at..)
                    .filter(|rest| !rest.is_empty())
                    .and_then(|rest| {
                        let (character, length) = unit(rest);
                        class.matches(character).then_some(at + length)
                    }),
                Some(Piece::Text(text)) => {
                    let text = text.as_bytes();
                    name[at..].starts_with(text).then(|| at + text.len())
                }
            };
            if let Some(next) = stepped {
                at = next;
                piece += 1;
                continue;
            }
            match retry {
                Some((after_star, tried)) if tried < name.len() => {
                    // A text can only match where its first byte is.
                    let first = match &pieces[after_star] {
                        Piece::Text(text) => text.as_bytes().first(),
                        _ => None,
                    };
                    let rest = &name[tried + 1..];
                    let skipped = first.map_or(Some(0), |&byte| memchr::memchr(byte, rest));
                    let Some(skipped) = skipped else {
                        return false;
                    };
                    piece = after_star;
                    // The next byte may be within a character. No text begins with such a byte, but a
                    // class would match it.
                    at = match &pieces[after_star] {
                        Piece::Class(_) => tried + unit(&name[tried..]).1,
                        _ => tried + 1 + skipped,
                    };
                    retry = Some((after_star, at));
                }
                _ => return false,
            }
        }
    }
}

/// What `?` matches at the start of `bytes`, and its length: a character, or a byte that is not part of
/// one. `bytes` must not be empty.
fn unit(bytes: &[u8]) -> (Option<char>, usize) {
    match bstr::decode_utf8(bytes) {
        (Some(character), length) => (Some(character), length),
        (None, _) => (None, 1),
    }
}

/// Whether `character` has a meaning of its own in an `owners.toml` pattern.
fn is_special(character: char) -> bool {
    matches!(character, '*' | '?' | '\\' | '{' | '}' | '<' | '>' | ',')
}

/// Writes the glob as it would stand in `owners.toml`. A class, which `owners.toml` cannot say, is
/// written as on GitLab.
impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for piece in &self.pieces {
            match piece {
                Piece::One => f.write_char('?')?,
                Piece::Star => f.write_char('*')?,
                Piece::Class(class) => write!(f, "{class}")?,
                Piece::Text(text) => {
                    for (at, character) in text.char_indices() {
                        // `owners.toml` refuses a blank at the end if it is not escaped.
                        let is_last_blank = character == ' ' && at + 1 == text.len();
                        if is_special(character) || is_last_blank {
                            f.write_char('\\')?;
                        }
                        f.write_char(character)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads `*`, `?` and `\` escapes. A final `\` is literal, so no text is wrong.
impl std::str::FromStr for Glob {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut glob = Glob::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' => glob.push_star(),
                '?' => glob.push_one(),
                '\\' => glob.push_char(characters.next().unwrap_or('\\')),
                _ => glob.push_char(character),
            }
        }
        Ok(glob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(glob: &str, name: impl AsRef<[u8]>) -> bool {
        glob.parse::<Glob>().unwrap().matches(name.as_ref())
    }

    #[test]
    fn table() {
        for (glob, name, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*.rs", "main.rs", true),
            ("*.rs", ".rs", true),
            ("*.rs", "main.rs.bak", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
            ("?", "é", true),
            ("??", "é", false),
            ("*?", "", false),
            ("*é?", "xéy", true),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            ("[id]", "[id]", true),
        ] {
            assert_eq!(matches(glob, name), expected, "{glob} on {name}");
        }
    }

    #[test]
    fn one_takes_a_byte_that_is_not_utf8() {
        assert!(matches("a?b", b"a\xffb"));
        assert!(matches("a??b", b"a\xc3\xffb"));
        assert!(!matches("a?b", b"a\xc3\xffb"));
    }

    #[test]
    fn canonical() {
        let glob = |text: &str| text.parse::<Glob>().unwrap();
        assert_eq!(glob("a**b"), glob("a*b"));
        assert_eq!(glob("*?*?"), glob("??*"));
        assert!(glob("*?").is_any());
        assert!(!glob("??*").is_any());
        assert_eq!(glob(r"a\,\{b*").to_string(), r"a\,\{b*");
    }

    #[test]
    fn classes() {
        let glob = |before: &str, ranges: (bool, &[(char, char)]), after: &str| {
            let mut glob: Glob = before.parse().unwrap();
            glob.push_one_of(OneOf::new(ranges.0, ranges.1)).unwrap();
            for character in after.chars() {
                match character {
                    '*' => glob.push_star(),
                    '?' => glob.push_one(),
                    _ => glob.push_char(character),
                }
            }
            glob
        };
        let (some, others): (_, (bool, &[_])) = ((false, &[('a', 'c')][..]), (true, &[('a', 'é')]));
        for (glob, name, expected) in [
            (glob("x", some, ""), "xb", true),
            (glob("x", some, ""), "xd", false),
            (glob("x", some, ""), "x", false),
            (glob("x", some, "*"), "xcd", true),
            (glob("*", some, "*"), "xxaxx", true),
            (glob("*", some, "*"), "xxxx", false),
            (glob("*", some, "?"), "aax", true),
            (glob("*", some, ""), "", false),
            (glob("", others, ""), "Z", true),
            (glob("", others, ""), "é", false),
            (glob("", others, ""), "ê", true),
            // A class does not match a byte within a character.
            (glob("*", others, ""), "é", false),
            (glob("*", others, "*"), "éé", false),
            (glob("*", others, ""), "éê", true),
            (glob("?*", others, "x"), "éêx", true),
        ] {
            assert_eq!(glob.matches(name.as_bytes()), expected, "{glob} on {name}");
        }
        assert!(glob("", others, "").matches(b"\xff"));
        assert!(!glob("", some, "").matches(b"\xff"));
        // A set of one character, or of all, is no class.
        assert_eq!(
            glob("a", (false, &[('b', 'b')]), "c").as_literal(),
            Some("abc")
        );
        assert!(glob("*", (true, &[]), "").is_any());
    }
}
