//! The keys, strings and words of a file, each with what it stands for.
//!
//! An editor asks about a place while somebody types, so the file may be broken there. A [`Token`]
//! is therefore read from the text alone: it exists also if its string has no end, or if nothing
//! else of the file makes sense.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::decoder::Encoding;
use toml_parser::{Raw, Span};

use crate::config::Text;

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A key that `owners.toml` gives a meaning, in a table of this kind.
    Key(Table),
    /// The name of a group, where the group is defined.
    Group,
    /// A pattern.
    Pattern(PatternOf),
    /// A group or an owner in a list.
    Owner,
    /// The owner that stands for a group in the generated file.
    Team,
    /// Which members of the team of a group are asked.
    Selector,
    /// The name of a lint.
    Lint,
    /// The level of a lint.
    Level,
    /// The name of a forge.
    Platform,
    /// The file of an output.
    File,
    /// A file or a team of the roster.
    Roster,
    /// The name of a section of a CODEOWNERS file.
    Section,
    /// Something else: a text for people, a number, a value of the user's own.
    Free,
}

/// The kinds of tables whose keys have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The file itself.
    Root,
    /// `[groups.NAME]`
    Group,
    /// The table of a rule.
    Rule,
    /// `[[require]]`
    Require,
    /// `[[approval]]`
    Approval,
    /// `[output]`
    Output,
    /// `[check]`
    Check,
    /// `nested`
    Nested,
}

/// What a pattern belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternOf {
    /// A rule: a key of `[paths]`, or a line of a CODEOWNERS file.
    Rule,
    /// `except` of a rule.
    Except,
    /// `paths` of a requirement.
    Requirement,
    /// `except` of a requirement.
    RequirementExcept,
    /// `paths` of an approval.
    Approval,
    /// `except` of an approval.
    ApprovalExcept,
    /// `[check] exempt`.
    Exempt,
    /// `except` of `nested`.
    Nested,
}

/// How a token is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Without quotes.
    Bare,
    /// `'…'`
    Literal,
    /// `"…"`
    Basic,
    /// `'''…'''`
    LiteralLines,
    /// `"""…"""`
    BasicLines,
}

impl Quote {
    /// What stands before and after the text.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Quote::Bare => "",
            Quote::Literal => "'",
            Quote::Basic => "\"",
            Quote::LiteralLines => "'''",
            Quote::BasicLines => "\"\"\"",
        }
    }

    fn encoding(self) -> Option<Encoding> {
        match self {
            Quote::Bare => None,
            Quote::Literal => Some(Encoding::LiteralString),
            Quote::Basic => Some(Encoding::BasicString),
            Quote::LiteralLines => Some(Encoding::MlLiteralString),
            Quote::BasicLines => Some(Encoding::MlBasicString),
        }
    }

    /// Whether a backslash starts an escape.
    fn escapes(self) -> bool {
        matches!(self, Quote::Basic | Quote::BasicLines)
    }

    /// `text` as it is written between such quotes. `None` if it cannot be.
    pub(super) fn escape(self, text: &str) -> Option<String> {
        let is_refused = |c: char| c.is_control() || (c == '\'' && self == Quote::Literal);
        match self {
            _ if text.contains(is_refused) => None,
            Quote::LiteralLines if text.contains("'''") => None,
            Quote::Bare | Quote::Literal | Quote::LiteralLines => Some(text.to_string()),
            Quote::Basic | Quote::BasicLines => {
                Some(text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
    }
}

/// A key, a string or a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the text, with quotes.
    pub span: Range<usize>,
    /// How it is written.
    pub quote: Quote,
    /// Whether its closing quote is there.
    pub is_closed: bool,
    /// What it stands for.
    pub role: Role,
    /// The entry that it belongs to, as an index into the entries of the outline. `None` in a header.
    pub(super) entry: Option<usize>,
}

impl Token {
    /// A token with the closing quote that `raw` has, if it has one.
    pub(super) fn new(span: Range<usize>, raw: &str, quote: Quote, role: Role) -> Self {
        let mark = quote.mark();
        let ends = |rest: &str| !quote.escapes() || trailing_backslashes(rest).is_multiple_of(2);
        let is_closed = raw.len() >= 2 * mark.len() && raw.strip_suffix(mark).is_some_and(ends);
        Token {
            span,
            quote,
            is_closed,
            role,
            entry: None,
        }
    }

    /// The bytes between the quotes.
    #[must_use]
    pub fn content(&self) -> Range<usize> {
        let mark = self.quote.mark().len();
        let end = self.span.end - if self.is_closed { mark } else { 0 };
        self.span.start + mark..end
    }

    /// Whether a place is in the text of the token, or at one of its ends.
    #[must_use]
    pub fn touches(&self, offset: usize) -> bool {
        let content = self.content();
        content.start <= offset && offset <= content.end
    }

    /// The value, with escapes resolved. `text` is the text of the file.
    #[must_use]
    pub fn value<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.decoded(text, self.span.end)
    }

    /// The value up to a place in the token.
    pub(super) fn value_before<'t>(&self, text: &'t str, offset: usize) -> Cow<'t, str> {
        self.decoded(text, offset.clamp(self.span.start, self.content().end))
    }

    fn decoded<'t>(&self, text: &'t str, end: usize) -> Cow<'t, str> {
        let Some(raw) = text.get(self.span.start..end) else {
            return Cow::Borrowed("");
        };
        if self.quote == Quote::Bare {
            return Cow::Borrowed(raw);
        }
        if self.is_closed && end == self.span.end {
            return decode(raw, self.quote);
        }
        // The value of a string without its end is what is there, up to half an escape.
        let is_half = self.quote.escapes() && trailing_backslashes(raw) % 2 == 1;
        let raw = &raw[..raw.len() - usize::from(is_half)];
        let whole = [raw, self.quote.mark()].concat();
        Cow::Owned(decode(&whole, self.quote).into_owned())
    }

    /// The bytes of the file of a part of the value.
    pub(super) fn locate(&self, text: &str, part: Range<usize>) -> Range<usize> {
        if self.quote == Quote::Bare {
            return self.span.start + part.start..self.span.start + part.end;
        }
        let located = |text: &str, span: Range<usize>| {
            let value = String::new();
            Text { value, span }.locate(text, part)
        };
        if self.is_closed {
            return located(text, self.span.clone());
        }
        // As if the closing quote were there.
        let raw = &text[self.span.start..self.span.end];
        let whole = [raw, self.quote.mark()].concat();
        let found = located(&whole, 0..whole.len());
        self.span.start + found.start..self.span.start + found.end
    }

    /// The place in the value of a place in the file.
    pub(super) fn offset_in_value(&self, text: &str, offset: usize) -> usize {
        self.value_before(text, offset).len()
    }
}

fn trailing_backslashes(text: &str) -> usize {
    text.len() - text.trim_end_matches('\\').len()
}

/// The value of a string. Of wrong escapes, whatever the parser makes of them.
fn decode(raw: &str, quote: Quote) -> Cow<'_, str> {
    let mut value = Cow::Borrowed("");
    let span = Span::new_unchecked(0, raw.len());
    Raw::new_unchecked(raw, quote.encoding(), span).decode_key(&mut value, &mut ());
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_and_what_is_inside() {
        use Quote::{Bare, Basic, BasicLines, Literal};
        for (raw, quote, is_closed, value) in [
            (r#""a\"b""#, Basic, true, r#"a"b"#),
            (r#""a\""#, Basic, false, r#"a""#),
            (r#""a\\""#, Basic, true, r"a\"),
            (r#""a\"#, Basic, false, "a"),
            ("\"", Basic, false, ""),
            ("\"\"", Basic, true, ""),
            ("\"\\u00e9\\U0001F600", Basic, false, "é😀"),
            (r"'a\'", Literal, true, r"a\"),
            ("'a", Literal, false, "a"),
            ("wasi-http", Bare, true, "wasi-http"),
            ("\"\"\"\na\"\"\"", BasicLines, true, "a"),
        ] {
            let text = format!("= {raw}");
            let token = Token::new(2..text.len(), raw, quote, Role::Free);
            assert_eq!(token.is_closed, is_closed, "{raw}");
            assert_eq!(token.value(&text), value, "{raw}");
        }
    }

    #[test]
    fn places_in_the_value() {
        let text = r#"= "\u00e9\\b""#;
        let token = Token::new(2..text.len(), &text[2..], Quote::Basic, Role::Free);
        let at = |needle: &str| text.find(needle).unwrap();
        for (offset, expected) in [(3, 0), (at(r"\\"), 2), (at("b"), 3), (text.len(), 4)] {
            assert_eq!(token.offset_in_value(text, offset), expected, "{offset}");
        }
        assert_eq!(token.locate(text, 3..4), at("b")..at("b") + 1);
        let text = &text[..text.len() - 1];
        let token = Token::new(2..text.len(), &text[2..], Quote::Basic, Role::Free);
        assert_eq!(token.locate(text, 4..4), text.len()..text.len());
    }
}
