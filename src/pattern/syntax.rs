//! The text of a pattern: tokens, GitHub's reading of them, and what `owners.toml` refuses.
//!
//! Two front ends share one meaning. `owners.toml` is strict: what a forge would silently ignore or
//! read in a surprising way is an error with a suggestion ([`check`]). The reader of existing
//! CODEOWNERS files takes every text as the forge takes it. Both end in [`lower_github`].
//!
//! The rules are those of GitHub's documentation ("About code owners", section "CODEOWNERS
//! syntax") and of gitignore, from which it departs in a few places: a last segment that is exactly
//! `*` is one level deep, `name/**/` owns the direct files of `name` too, and a `**` glued to other
//! text is a single star.

use std::fmt;
use std::ops::Range;

use super::{Gap, Glob, Pattern};

/// A token of a pattern, with the bytes of the pattern's text that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it starts, in bytes.
    pub start: u32,
    /// Where it ends, in bytes.
    pub end: u32,
}

/// The kinds of [`Token`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A literal character, escaped or not.
    Char(char),
    /// `*`
    Star,
    /// `?`
    One,
    /// `/`
    Slash,
}

impl Token {
    /// The bytes of the text that the token stands for.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What is wrong with a pattern of `owners.toml`, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Bytes of the pattern's text.
    pub span: Range<usize>,
    /// What is wrong there.
    pub fault: Fault,
}

/// The ways in which a pattern of `owners.toml` can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing in it.
    Empty,
    /// `/` alone.
    OnlySlash,
    /// `//`
    DoubleSlash,
    /// A segment `.` or `..`.
    DotSegment {
        /// Whether it is `..`.
        parent: bool,
    },
    /// Three stars or more in a row.
    TripleStar,
    /// `**` glued to other text; the segment as it should be.
    GluedStars(String),
    /// `**/**`
    AdjacentDoubleStars,
    /// `**/` and nothing else.
    BareDoubleStar,
    /// A `\` with nothing behind it.
    TrailingBackslash,
    /// `\/`
    EscapedSlash,
    /// A control character, such as a tab.
    Control(char),
    /// A blank at the start or the end.
    OuterBlank,
    /// `{a}`: a group without a comma.
    NoComma(char),
    /// `{` without its `}`.
    Unclosed(char),
    /// `}` without its `{`.
    Unopened(char),
    /// `{a,b>`
    Mismatched {
        /// The opening character.
        open: char,
        /// The character that closes it wrongly.
        close: char,
    },
    /// Groups nested too deep.
    TooDeep,
    /// More expansions than [`MAX_EXPANSIONS`](super::alternation::MAX_EXPANSIONS).
    TooMany(u64),
    /// Expansions that are too long taken together.
    TooLong,
}

/// The character that closes a group opened by `open`.
fn closer(open: char) -> char {
    if open == '<' { '>' } else { '}' }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("empty pattern"),
            Fault::OnlySlash => f.write_str("`/` matches nothing"),
            Fault::DoubleSlash => f.write_str("empty segment: `//` matches nothing"),
            Fault::DotSegment { parent: false } => f.write_str("a `.` segment matches nothing"),
            Fault::DotSegment { parent: true } => f.write_str("a `..` segment matches nothing"),
            Fault::TripleStar => f.write_str("three stars in a row mean nothing"),
            Fault::GluedStars(_) => f.write_str("`**` glued to other text is only a single `*`"),
            Fault::AdjacentDoubleStars => f.write_str("`**/**` matches nothing on GitHub"),
            Fault::BareDoubleStar => f.write_str("`**/` matches nothing on GitHub"),
            Fault::TrailingBackslash => f.write_str("nothing follows the backslash"),
            Fault::EscapedSlash => f.write_str("a slash cannot be escaped"),
            Fault::Control(character) => {
                write!(f, "control character {character:?} in a pattern")
            }
            Fault::OuterBlank => f.write_str("a pattern cannot start or end with a blank"),
            Fault::NoComma(open) => {
                write!(
                    f,
                    "`{open}…{}` holds no comma, so it is no choice",
                    closer(*open)
                )
            }
            Fault::Unclosed(open) => write!(f, "`{open}` is never closed"),
            Fault::Unopened(close) => write!(f, "`{close}` closes nothing"),
            Fault::Mismatched { open, close } => write!(f, "`{open}` is closed by `{close}`"),
            Fault::TooDeep => f.write_str("alternatives are nested too deep"),
            Fault::TooMany(count) => {
                write!(f, "this expands to {} patterns", Counted(*count))
            }
            Fault::TooLong => f.write_str("the expansions of this pattern are too long"),
        }
    }
}

/// A count that may have been cut off at `u64::MAX`.
struct Counted(u64);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == u64::MAX {
            f.write_str("more than 10^19")
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl Fault {
    /// What to type instead.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Fault::Empty => "write `*` for every path".into(),
            Fault::OnlySlash => "write `*` for every path, `/*` for the files at the root".into(),
            Fault::DoubleSlash => "write one `/`, or `/**/` for any directories between".into(),
            Fault::DotSegment { parent: false } => {
                "patterns start at the root of the repository already: leave the `.` out".into()
            }
            Fault::DotSegment { parent: true } => {
                "a pattern matches only below the directory of its file: leave the `..` out".into()
            }
            Fault::TripleStar => {
                "write `*` within a segment, `**` as a segment of its own for any depth".into()
            }
            Fault::GluedStars(segment) => format!(
                "write `{segment}`, or make `**` a segment of its own for any depth, as in `**/x`"
            ),
            Fault::AdjacentDoubleStars => "write one `**`: it stands for any depth".into(),
            Fault::BareDoubleStar => {
                "write `*` for every path, `*/` for every path in a directory".into()
            }
            Fault::TrailingBackslash => {
                r"write `\\` for a backslash, in single quotes so that TOML leaves it alone".into()
            }
            Fault::EscapedSlash => "drop the backslash".into(),
            Fault::Control(_) => "write `?` in its place".into(),
            Fault::OuterBlank => {
                r"drop the blank; to mean one, write `?`, or `\ ` in single quotes".into()
            }
            Fault::NoComma(open) => format!(
                "for the characters themselves write '\\{open}' and '\\{}', in single quotes",
                closer(*open)
            ),
            Fault::Unclosed(open) => format!(
                "close it with `{}`; for the character itself write '\\{open}', in single quotes",
                closer(*open)
            ),
            Fault::Unopened(close) => {
                format!("for the character itself write '\\{close}', in single quotes")
            }
            Fault::Mismatched { open, .. } => format!("close it with `{}`", closer(*open)),
            Fault::TooDeep => {
                format!(
                    "at most {} levels are allowed",
                    super::alternation::MAX_DEPTH
                )
            }
            Fault::TooMany(_) | Fault::TooLong => format!(
                "at most {} patterns are allowed: split the rule, or use `*`",
                super::alternation::MAX_EXPANSIONS
            ),
        }
    }
}

/// The tokens of a pattern in a CODEOWNERS file of GitHub: `\x` is a literal `x`, everything but
/// `*`, `?` and `/` is itself. A final `\` is literal.
#[must_use]
pub fn lex_github(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len());
    let mut characters = text.char_indices();
    while let Some((start, character)) = characters.next() {
        let kind = match character {
            '*' => TokenKind::Star,
            '?' => TokenKind::One,
            '/' => TokenKind::Slash,
            '\\' => TokenKind::Char(characters.next().map_or('\\', |(_, escaped)| escaped)),
            _ => TokenKind::Char(character),
        };
        let end = characters.offset();
        tokens.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
        });
    }
    tokens
}

/// What `text` means if it is nothing but plain names and slashes, as most patterns are; `None`
/// sends everything else, and whatever is wrong, the long way.
#[must_use]
pub fn plain_path(text: &str) -> Option<Pattern> {
    let is_plain = |byte: u8| {
        (byte.is_ascii_graphic() || byte == b' ')
            && !matches!(byte, b'*' | b'?' | b'\\' | b'{' | b'}' | b'<' | b'>')
    };
    if !text.bytes().all(is_plain) || text.starts_with(' ') || text.ends_with(' ') {
        return None;
    }
    let from_root = text.strip_prefix('/');
    let names = from_root.unwrap_or(text);
    let (names, tail) = match names.strip_suffix('/') {
        Some(names) => (names, Gap::SOME),
        None => (names, Gap::ANY),
    };
    let slashes = memchr::memchr_iter(b'/', names.as_bytes()).count();
    let is_anchored = from_root.is_some() || slashes > 0;
    let mut pattern = Pattern::new(if is_anchored { Gap::NONE } else { Gap::ANY });
    pattern.reserve(slashes + 1);
    for name in names.split('/') {
        if matches!(name, "" | "." | "..") {
            return None;
        }
        pattern.push(Glob::literal(name));
    }
    pattern.widen(tail);
    Some(pattern)
}

/// Splits at slashes. A leading or trailing slash gives an empty first or last segment.
fn segments(tokens: &[Token]) -> impl DoubleEndedIterator<Item = &[Token]> {
    tokens.split(|token| token.kind == TokenKind::Slash)
}

/// Whether the segment is exactly `**`.
fn is_double_star(segment: &[Token]) -> bool {
    matches!(
        segment,
        [
            Token {
                kind: TokenKind::Star,
                ..
            },
            Token {
                kind: TokenKind::Star,
                ..
            }
        ]
    )
}

/// Whether three stars stand in a row.
fn has_triple_star(segment: &[Token]) -> bool {
    segment
        .windows(3)
        .any(|three| three.iter().all(|token| token.kind == TokenKind::Star))
}

/// The glob of one segment.
fn glob(segment: &[Token]) -> Glob {
    let mut glob = Glob::new();
    for token in segment {
        match token.kind {
            TokenKind::Star => glob.push_star(),
            TokenKind::One => glob.push_one(),
            TokenKind::Char(character) => glob.push_char(character),
            TokenKind::Slash => {}
        }
    }
    glob
}

/// What the tokens mean on GitHub; `None` for the texts that match nothing there.
#[must_use]
pub fn lower_github(tokens: &[Token]) -> Option<Pattern> {
    let mut segments: Vec<&[Token]> = segments(tokens).collect();
    let anchored_at_start = segments.len() > 1 && segments[0].is_empty();
    if anchored_at_start {
        segments.remove(0);
    }
    let directory = segments.len() > 1 && segments.last().is_some_and(|last| last.is_empty());
    if directory {
        segments.pop();
    }
    let never = segments
        .iter()
        .any(|segment| segment.is_empty() || has_triple_star(segment))
        || segments
            .windows(2)
            .any(|two| two.iter().all(|segment| is_double_star(segment)))
        || (directory && segments.len() == 1 && is_double_star(segments[0]));
    if never {
        return None;
    }

    let anchored = anchored_at_start || segments.len() > 1;
    let mut pattern = Pattern::new(if anchored { Gap::NONE } else { Gap::ANY });
    let (last, before) = segments.split_last()?;
    for segment in before {
        if is_double_star(segment) {
            pattern.widen(Gap::ANY);
        } else {
            pattern.push(glob(segment));
        }
    }
    if is_double_star(last) {
        // `a/**` and `a/**/` are both "something below a".
        pattern.widen(Gap::SOME);
        return Some(pattern);
    }
    pattern.push(glob(last));
    if directory {
        pattern.widen(Gap::SOME);
    } else if !matches!(
        last,
        [Token {
            kind: TokenKind::Star,
            ..
        }]
    ) {
        // A last segment that is exactly `*` is one level; any other takes directories whole.
        pattern.widen(Gap::ANY);
    }
    Some(pattern)
}

/// Refuses what `owners.toml` does not allow in one expanded pattern. What passes has a meaning:
/// [`lower_github`] returns it.
///
/// # Errors
///
/// The first fault from the left. `whole` is the span to blame where there is no token.
pub fn check(tokens: &[Token], whole: Range<usize>) -> Result<(), PatternError> {
    let fail = |span, fault| Err(PatternError { span, fault });
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return fail(whole, Fault::Empty);
    };
    for token in [first, last] {
        // An escaped blank is two bytes long: the author means it.
        if token.kind == TokenKind::Char(' ') && token.end - token.start == 1 {
            return fail(token.span(), Fault::OuterBlank);
        }
    }
    for token in tokens {
        if let TokenKind::Char(character) = token.kind {
            if character.is_control() {
                return fail(token.span(), Fault::Control(character));
            }
            if character == '/' {
                return fail(token.span(), Fault::EscapedSlash);
            }
        }
    }
    if tokens.len() == 1 && first.kind == TokenKind::Slash {
        return fail(first.span(), Fault::OnlySlash);
    }
    for pair in tokens.windows(2) {
        if pair.iter().all(|token| token.kind == TokenKind::Slash) {
            return fail(join(pair), Fault::DoubleSlash);
        }
    }

    let mut previous: &[Token] = &[];
    for segment in segments(tokens).filter(|segment| !segment.is_empty()) {
        let is_dots = segment
            .iter()
            .all(|token| token.kind == TokenKind::Char('.'));
        if is_dots && segment.len() <= 2 {
            return fail(
                join(segment),
                Fault::DotSegment {
                    parent: segment.len() == 2,
                },
            );
        }
        if has_triple_star(segment) {
            return fail(join(segment), Fault::TripleStar);
        }
        let glued = segment
            .windows(2)
            .any(|two| two.iter().all(|token| token.kind == TokenKind::Star));
        if glued && !is_double_star(segment) {
            return fail(join(segment), Fault::GluedStars(glob(segment).to_string()));
        }
        if is_double_star(segment) && is_double_star(previous) {
            let both = previous[0].start.min(segment[0].start) as usize..join(segment).end;
            return fail(both, Fault::AdjacentDoubleStars);
        }
        previous = segment;
    }
    let ends_in_slash = last.kind == TokenKind::Slash;
    let mut named = segments(tokens).filter(|segment| !segment.is_empty());
    if ends_in_slash && named.next().is_some_and(is_double_star) && named.next().is_none() {
        return fail(join(tokens), Fault::BareDoubleStar);
    }
    Ok(())
}

/// The bytes from the first of `tokens` to the last. Alternatives are out of order in the text
/// only when nested groups repeat, so the ends are put in order.
fn join(tokens: &[Token]) -> Range<usize> {
    let start = tokens.iter().map(|token| token.start).min().unwrap_or(0);
    let end = tokens.iter().map(|token| token.end).max().unwrap_or(0);
    start as usize..end as usize
}

/// Writes `pattern` in its normal form: one text for each meaning, in the subset of the syntax that
/// every implementation of GitHub's rules agrees on. `write_glob` writes a segment with the
/// escapes of the place where the text will stand.
///
/// A pattern that ends exactly at a glob (a file, but not a directory of that name) cannot be said
/// on GitHub; it is written like one that can.
pub(crate) fn write_normal_form<W: fmt::Write>(
    pattern: &Pattern,
    out: &mut W,
    mut write_glob: impl FnMut(&Glob, &mut W) -> fmt::Result,
) -> fmt::Result {
    let stars = |out: &mut W, count: u32| (0..count).try_for_each(|_| out.write_str("/*"));
    let head = pattern.head();
    let Some((last, before)) = pattern.steps().split_last() else {
        return match head {
            Gap {
                min: 0 | 1,
                open: true,
            } => out.write_str("*"),
            Gap { min, open: true } => stars(out, min - 1).and_then(|()| out.write_str("/")),
            Gap { min, open: false } => stars(out, min),
        };
    };
    match head {
        Gap { min: 0, open: true } => out.write_str("**")?,
        Gap { min, open } => {
            stars(out, min)?;
            if open {
                out.write_str("/**")?;
            }
        }
    }
    for step in before {
        out.write_str("/")?;
        write_glob(&step.glob, out)?;
        stars(out, step.gap.min)?;
        if step.gap.open {
            out.write_str("/**")?;
        }
    }
    out.write_str("/")?;
    write_glob(&last.glob, out)?;
    match last.gap {
        Gap { min: 0, .. } => Ok(()),
        Gap { min, open: true } => stars(out, min - 1).and_then(|()| out.write_str("/")),
        Gap { min, open: false } => stars(out, min),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_match_nothing() {
        for text in [
            "/", "**/", "/**/", "**/**", "/**/**/x", "***", "a/***", "//", "a//b", "",
        ] {
            assert_eq!(lower_github(&lex_github(text)), None, "{text}");
        }
    }

    #[test]
    fn faults() {
        for (text, span, message) in [
            ("", 0..0, "empty pattern"),
            ("/", 0..1, "`/` matches nothing"),
            ("a//b", 1..3, "empty segment: `//` matches nothing"),
            ("./a", 0..1, "a `.` segment matches nothing"),
            ("a/../b", 2..4, "a `..` segment matches nothing"),
            ("a/***", 2..5, "three stars in a row mean nothing"),
            (
                "/foo**/b",
                1..6,
                "`**` glued to other text is only a single `*`",
            ),
            ("a/**/**", 2..7, "`**/**` matches nothing on GitHub"),
            ("**/", 0..3, "`**/` matches nothing on GitHub"),
            ("/**/", 0..4, "`**/` matches nothing on GitHub"),
            ("a\tb", 1..2, "control character '\\t' in a pattern"),
            (" a", 0..1, "a pattern cannot start or end with a blank"),
            ("a ", 1..2, "a pattern cannot start or end with a blank"),
        ] {
            let error = check(&lex_github(text), 0..text.len()).unwrap_err();
            assert_eq!(
                (error.span, error.fault.to_string().as_str()),
                (span, message),
                "{text}"
            );
        }
    }

    #[test]
    fn the_short_way_leads_where_the_long_one_does() {
        for text in [
            "a",
            "/a",
            "a/",
            "/a/",
            "a/b",
            "/a b/c.d/",
            "x/[id]/#!",
            "a,b",
            "...",
            "/a/b/c",
        ] {
            assert_eq!(plain_path(text), lower_github(&lex_github(text)), "{text}");
        }
        for text in [
            "", "/", "//", "a//b", "./a", "..", " a", "a ", "*", "a?", "é", "a\tb", r"\a", "{a,b}",
        ] {
            assert_eq!(plain_path(text), None, "{text}");
        }
    }

    #[test]
    fn no_fault() {
        for text in [
            "*", "/a", "a/**/", ".../x", r"\ a", "a b", "..a", "**/*.rs", "/*/",
        ] {
            assert_eq!(check(&lex_github(text), 0..text.len()), Ok(()), "{text}");
            assert!(lower_github(&lex_github(text)).is_some(), "{text}");
        }
    }
}
