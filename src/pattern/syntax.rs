//! The text of a pattern: tokens, what they mean on GitHub, and what `owners.toml` refuses.
//!
//! ```text
//! owners.toml    text ─ alternation ─▶ tokens ─ check ─▶ tokens ─ lower_github ─▶ Pattern
//! CODEOWNERS     text ─ lex_github ──▶ tokens ──────────────────── lower_github ─▶ Pattern
//! Pattern ─ write_normal_form ─▶ text
//! ```
//!
//! `owners.toml` is strict: what a forge would ignore in silence, or read in a surprising way, is an
//! error with a suggestion ([`check`]). The reader of CODEOWNERS files reads every text as the forge
//! does. Both use [`lower_github`].
//!
//! The rules are those of GitHub's documentation ("About code owners", section "CODEOWNERS
//! syntax") and of gitignore. GitHub differs from gitignore in three places: a last segment `*` is one
//! level deep, `name/**/` matches the files directly in `name` too, and a `**` glued to other text is
//! a single star.

use std::fmt;
use std::ops::Range;

use super::fault::{Fault, PatternError};
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
    /// A token that stands for these bytes of the text.
    pub(super) fn new(kind: TokenKind, span: Range<usize>) -> Self {
        Token {
            kind,
            start: span.start as u32,
            end: span.end as u32,
        }
    }

    /// The bytes of the text that the token stands for.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The tokens of a pattern in a CODEOWNERS file of GitHub: `\x` is a literal `x`, and all characters
/// except `*`, `?` and `/` are literal. A final `\` is literal.
#[must_use]
pub fn lex_github(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len());
    tokens.extend(tokens_github(text));
    tokens
}

/// The same, one by one.
pub(crate) fn tokens_github(text: &str) -> impl Iterator<Item = Token> {
    let mut characters = text.char_indices();
    std::iter::from_fn(move || {
        let (start, character) = characters.next()?;
        let kind = match character {
            '*' => TokenKind::Star,
            '?' => TokenKind::One,
            '/' => TokenKind::Slash,
            '\\' => TokenKind::Char(characters.next().map_or('\\', |(_, escaped)| escaped)),
            _ => TokenKind::Char(character),
        };
        Some(Token::new(kind, start..characters.offset()))
    })
}

/// What `text` means if it consists of plain names and slashes, as most patterns do. For everything
/// else, and for whatever is wrong, `None`: then [`check`] and [`lower_github`] decide.
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
    if matches_nothing(&segments, directory) {
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
        // `a/**` and `a/**/` both match all paths below `a`.
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
        // A last segment `*` is one level deep. Any other also matches all that is in a directory.
        pattern.widen(Gap::ANY);
    }
    Some(pattern)
}

/// Whether these segments match nothing on GitHub; `directory` says that a slash follows the last.
fn matches_nothing(segments: &[&[Token]], directory: bool) -> bool {
    let is_bad = |segment: &&[Token]| segment.is_empty() || has_triple_star(segment);
    let are_double = |two: &[&[Token]]| two.iter().all(|segment| is_double_star(segment));
    segments.iter().any(is_bad)
        || segments.windows(2).any(are_double)
        || (directory && segments.len() == 1 && is_double_star(segments[0]))
}

/// Refuses what `owners.toml` does not allow in one expanded pattern. [`lower_github`] has a meaning for
/// everything else.
///
/// # Errors
///
/// The first fault that is found. `whole` is the span to blame where there is no token.
pub fn check(tokens: &[Token], whole: Range<usize>) -> Result<(), PatternError> {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return fail(whole, Fault::Empty);
    };
    for token in [first, last] {
        // An escaped blank is two bytes long: the author means it.
        if token.kind == TokenKind::Char(' ') && token.end - token.start == 1 {
            return fail(token.span(), Fault::OuterBlank);
        }
    }
    check_characters(tokens)?;
    if tokens.len() == 1 && first.kind == TokenKind::Slash {
        return fail(first.span(), Fault::OnlySlash);
    }
    for pair in tokens.windows(2) {
        if pair.iter().all(|token| token.kind == TokenKind::Slash) {
            return fail(join(pair), Fault::DoubleSlash);
        }
    }
    check_segments(tokens)?;
    let ends_in_slash = last.kind == TokenKind::Slash;
    let mut named = segments(tokens).filter(|segment| !segment.is_empty());
    if ends_in_slash && named.next().is_some_and(is_double_star) && named.next().is_none() {
        return fail(join(tokens), Fault::BareDoubleStar);
    }
    Ok(())
}

fn fail(span: Range<usize>, fault: Fault) -> Result<(), PatternError> {
    Err(PatternError { span, fault })
}

/// Refuses characters that no pattern may hold.
fn check_characters(tokens: &[Token]) -> Result<(), PatternError> {
    for token in tokens {
        match token.kind {
            TokenKind::Char(character) if character.is_control() => {
                return fail(token.span(), Fault::Control(character));
            }
            TokenKind::Char('/') => return fail(token.span(), Fault::EscapedSlash),
            _ => {}
        }
    }
    Ok(())
}

/// Refuses segments that match nothing, or not what they seem to.
fn check_segments(tokens: &[Token]) -> Result<(), PatternError> {
    let mut previous: &[Token] = &[];
    for segment in segments(tokens).filter(|segment| !segment.is_empty()) {
        let is_dots = segment
            .iter()
            .all(|token| token.kind == TokenKind::Char('.'));
        if is_dots && segment.len() <= 2 {
            let parent = segment.len() == 2;
            return fail(join(segment), Fault::DotSegment { parent });
        }
        if has_triple_star(segment) {
            return fail(join(segment), Fault::TripleStar);
        }
        let has_double_star = segment
            .windows(2)
            .any(|two| two.iter().all(|token| token.kind == TokenKind::Star));
        if has_double_star && !is_double_star(segment) {
            return fail(join(segment), Fault::GluedStars(glob(segment).to_string()));
        }
        if is_double_star(segment) && is_double_star(previous) {
            let start = join(previous).start.min(join(segment).start);
            return fail(start..join(segment).end, Fault::AdjacentDoubleStars);
        }
        previous = segment;
    }
    Ok(())
}

/// The bytes from the first of `tokens` to the last. The tokens of an expansion need not be in the
/// order of the text.
fn join(tokens: &[Token]) -> Range<usize> {
    let start = tokens.iter().map(|token| token.span().start).min();
    let end = tokens.iter().map(|token| token.span().end).max();
    start.unwrap_or(0)..end.unwrap_or(0)
}

/// Writes `pattern` in its normal form: one text for each meaning, in the part of the syntax that all
/// implementations of GitHub's rules read alike. `write_glob` writes a segment with the escapes that
/// the text needs where it will stand.
///
/// GitHub cannot say a pattern that ends at a glob (a file, but not a directory of that name). It is
/// written as if it matched the directory too.
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
                "`**` next to other text means a single `*`",
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
    fn plain_path_agrees_with_lower_github() {
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
