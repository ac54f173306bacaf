//! One segment of a pattern: the text between two slashes, with `*` and `?` in it.
//!
//! A [`Glob`] is kept in a canonical form, so that two globs which match the same names by way of
//! different spellings (`a**b` and `a*b`, `*?` and `?*`) are equal as values.

use std::fmt;

use smallvec::SmallVec;

/// A part of a [`Glob`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// These characters, literally. Never empty, and never next to another text.
    Text(String),
    /// `?`: one Unicode scalar value, or one byte that is not part of valid UTF-8.
    One,
    /// `*`: any number of characters, none included.
    Star,
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
    /// Most globs are one name.
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
        // `*?` is `?*`: canonically the star comes last.
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
    /// Takes time proportional to the product of both lengths at worst.
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        let pieces = self.pieces.as_slice();
        let (mut piece, mut at) = (0, 0);
        // Where to go on when the text after the latest star turns out to be elsewhere. Earlier
        // stars need no second thought: the leftmost fit of what follows them loses nothing.
        let mut retry = None;
        loop {
            let stepped = match pieces.get(piece) {
                None if at == name.len() => return true,
                None => None,
                Some(Piece::Star) => {
                    // What the name must end with is at its end, and nowhere else.
                    match &pieces[piece + 1..] {
                        [] => return true,
                        [Piece::Text(text)] => return name[at..].ends_with(text.as_bytes()),
                        _ => {}
                    }
                    retry = Some((piece + 1, at));
                    Some(at)
                }
                Some(Piece::One) => (at < name.len()).then(|| at + unit_len(&name[at..])),
                Some(Piece::Text(text)) => name[at..]
                    .starts_with(text.as_bytes())
                    .then(|| at + text.len()),
            };
            if let Some(next) = stepped {
                at = next;
                piece += 1;
                continue;
            }
            match retry {
                Some((after_star, tried)) if tried < name.len() => {
                    piece = after_star;
                    at = tried + 1;
                    retry = Some((after_star, at));
                }
                _ => return false,
            }
        }
    }
}

/// The length of what `?` takes at the start of `bytes`, which is not empty.
fn unit_len(bytes: &[u8]) -> usize {
    match bstr::decode_utf8(bytes) {
        (Some(_), length) => length,
        (None, _) => 1,
    }
}

/// Whether `character` has a meaning of its own in an `owners.toml` pattern.
fn is_special(character: char) -> bool {
    matches!(character, '*' | '?' | '\\' | '{' | '}' | '<' | '>' | ',')
}

/// Writes the glob as it would stand in `owners.toml`.
impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for piece in &self.pieces {
            match piece {
                Piece::One => f.write_char('?')?,
                Piece::Star => f.write_char('*')?,
                Piece::Text(text) => {
                    for (at, character) in text.char_indices() {
                        // A blank at the end would look like a slip, and is taken for one.
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

/// Reads `*`, `?` and `\` escapes; there is no error in a lone glob, a final `\` is literal.
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
}
