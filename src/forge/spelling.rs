//! What the dialects share when they write patterns: the spelling of the author, the escapes, and what a
//! text means where a character is written as `?`.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::pattern::syntax::{Token, TokenKind, tokens_github};
use crate::pattern::{Glob, Pattern, Piece, Step};

/// A pattern of `owners.toml` as its author spelled it.
#[derive(Clone, Copy, Debug)]
pub enum Spelling<'s> {
    /// The text of one pattern.
    Text(&'s str),
    /// The tokens of one of several expansions.
    Tokens(&'s [Token]),
}

impl Spelling<'_> {
    /// Writes it with the escapes that all dialects share. Characters that are `widened` become `?`.
    /// `None` if there is a `refused` character, or if the first one could be taken for something
    /// else than the start of a pattern.
    pub(super) fn write(
        self,
        widened: impl Fn(char) -> bool,
        refused: impl Fn(char) -> bool,
    ) -> Option<String> {
        match self {
            Spelling::Text(text) => write_tokens(tokens_github(text), text.len(), widened, refused),
            Spelling::Tokens(tokens) => {
                write_tokens(tokens.iter().copied(), tokens.len(), widened, refused)
            }
        }
    }
}

fn write_tokens(
    tokens: impl Iterator<Item = Token>,
    length: usize,
    widened: impl Fn(char) -> bool,
    refused: impl Fn(char) -> bool,
) -> Option<String> {
    let mut text = String::with_capacity(length + 1);
    for token in tokens {
        match token.kind {
            TokenKind::Char(character) if refused(character) => return None,
            TokenKind::Star => text.push('*'),
            TokenKind::One => text.push('?'),
            TokenKind::Slash => text.push('/'),
            TokenKind::Char(character) => write_char(character, &mut text, &widened),
        }
    }
    (!text.starts_with(['!', '#', '@', '[', '\\', '^', '"'])).then_some(text)
}

/// Writes a character with the escape that all dialects share, or as `?` if it is `widened`.
fn write_char(character: char, out: &mut String, widened: impl Fn(char) -> bool) {
    if widened(character) {
        out.push('?');
        return;
    }
    if matches!(character, ' ' | '[' | ']' | '*' | '?' | '\\') {
        out.push('\\');
    }
    out.push(character);
}

/// Writes a segment with the escapes that all dialects share. Characters that are `widened` become
/// `?`.
pub(super) fn write_glob(
    glob: &Glob,
    out: &mut String,
    widened: impl Fn(char) -> bool,
) -> fmt::Result {
    for piece in glob.pieces() {
        match piece {
            Piece::One => out.write_char('?')?,
            Piece::Star => out.write_char('*')?,
            Piece::Class(class) => write!(out, "{class}")?,
            Piece::Text(text) => {
                for character in text.chars() {
                    write_char(character, out, &widened);
                }
            }
        }
    }
    Ok(())
}

/// The meaning of the text of `pattern` if some characters, and its classes, are written as `?`: the
/// pattern itself, or a wider one.
pub(super) fn widened(pattern: &Pattern, is_widened: impl Fn(char) -> bool) -> Cow<'_, Pattern> {
    let is_exact = |piece: &Piece| match piece {
        Piece::Text(text) => !text.contains(&is_widened),
        Piece::Class(_) => false,
        Piece::One | Piece::Star => true,
    };
    let mut pieces = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    if pieces.all(is_exact) {
        return Cow::Borrowed(pattern);
    }
    let mut wide = Pattern::new(pattern.head());
    for Step { glob, gap } in pattern.steps() {
        let mut wide_glob = Glob::new();
        for piece in glob.pieces() {
            match piece {
                // Rules have no classes; `?` is the wider pattern.
                Piece::One | Piece::Class(_) => wide_glob.push_one(),
                Piece::Star => wide_glob.push_star(),
                Piece::Text(text) => {
                    for character in text.chars() {
                        if is_widened(character) {
                            wide_glob.push_one();
                        } else {
                            wide_glob.push_char(character);
                        }
                    }
                }
            }
        }
        wide.push(wide_glob);
        wide.widen(*gap);
    }
    Cow::Owned(wide)
}
