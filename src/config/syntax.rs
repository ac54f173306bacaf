//! TOML syntax errors, with help for authors of `owners.toml`.
//!
//! The parser's messages say what TOML expected. The usual causes here are few: a pattern without
//! quotes, an owner without quotes, or a backslash in double quotes.

use std::ops::Range;

use toml::de::DeTable;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, Raw, Span};

use crate::text::{
    Conflict, Diagnostic, FileId, ceil_char_boundary, conflicts, floor_char_boundary,
};

/// Further errors usually follow from the first ones.
const MAX_ERRORS: usize = 20;
/// From this size in bytes on, a text is searched for errors before it is parsed.
const LARGE_TEXT: usize = 1 << 20;
/// A large text is parsed up to this many errors. One line may have several.
const MAX_PARSED_ERRORS: usize = 1000;

/// Parses `text`. Explains each syntax error if there are any, one per line.
pub(super) fn parse(text: &str, file: FileId) -> Result<DeTable<'_>, Vec<Diagnostic>> {
    let (table, mut errors) = DeTable::parse_recoverable(up_to_many_errors(text));
    if errors.is_empty() {
        return Ok(table.into_inner());
    }
    let conflicts = conflicts(text.as_bytes());
    if !conflicts.is_empty() {
        // All other errors follow from these.
        let shown = conflicts.into_iter().take(MAX_ERRORS);
        return Err(shown.map(|each| conflict(text, file, &each)).collect());
    }
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let mut diagnostics = Vec::new();
    let mut explained_up_to = 0;
    for error in errors {
        let span = to_char_boundaries(text, error.span().unwrap_or(0..0));
        if span.start < explained_up_to {
            continue;
        }
        explained_up_to = text[span.start..]
            .find('\n')
            .map_or(text.len(), |end| span.start + end);
        diagnostics.push(explain(text, file, error.message(), span));
        if diagnostics.len() == MAX_ERRORS {
            break;
        }
    }
    Err(diagnostics)
}

/// The number of TOML tokens in a text: names, strings, punctuation, blanks and line ends. The cost
/// of parsing depends on it.
pub(crate) fn count_tokens(text: &str) -> usize {
    toml_parser::Source::new(text).lex().count()
}

/// The text, or only its lines up to the [`MAX_PARSED_ERRORS`]th error. The parser keeps every
/// error, so a file with nothing but broken lines would need a hundred times its size in memory.
fn up_to_many_errors(text: &str) -> &str {
    if text.len() < LARGE_TEXT {
        return text;
    }
    let source = toml_parser::Source::new(text);
    let tokens = source.lex().into_vec();
    let mut count = 0;
    let mut last = None;
    let mut found = |error: toml_parser::ParseError| {
        count += 1;
        if count == MAX_PARSED_ERRORS {
            last = error.unexpected().or(error.context());
        }
    };
    // Like `toml`, but without keeping the values.
    let mut decoder = Decoder { text };
    let mut receiver = ValidateWhitespace::new(&mut decoder, source);
    let mut receiver = RecursionGuard::new(&mut receiver, 80);
    parse_document(&tokens, &mut receiver, &mut found);
    let Some(last) = last else {
        return text;
    };
    let end = floor_char_boundary(text, last.end());
    let line_end = text[end..].find('\n');
    &text[..line_end.map_or(text.len(), |length| end + length)]
}

/// Finds errors inside keys and values, and keeps no values.
struct Decoder<'s> {
    text: &'s str,
}

impl EventReceiver for Decoder<'_> {
    fn simple_key(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let text = &self.text[span.start()..span.end()];
        Raw::new_unchecked(text, kind, span).decode_key(&mut (), error);
    }

    fn scalar(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let text = &self.text[span.start()..span.end()];
        let raw = Raw::new_unchecked(text, kind, span);
        let _kind = raw.decode_scalar(&mut (), error);
    }
}

fn conflict(text: &str, file: FileId, conflict: &Conflict) -> Diagnostic {
    let end = text[..conflict.end.start].matches('\n').count() + 1;
    let lines = match conflict.sides.len() {
        2 => "the three lines that git added",
        _ => "the four lines that git added, and what is below `|||||||`",
    };
    Diagnostic::error("there is an unresolved merge conflict")
        .at(file, conflict.start.clone(), format!("up to line {end}"))
        .help(format!(
            "resolve it in this file, and remove {lines}; \
             then run `owners gen`, and `git add` this file and the generated one"
        ))
}

fn explain(text: &str, file: FileId, message: &str, span: Range<usize>) -> Diagnostic {
    let line_start = text[..span.start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let help = if text.contains('\r') && !text.contains('\n') {
        "save the file with LF (or CRLF) line ends".to_string()
    } else if line.contains(['“', '”', '‘', '’']) {
        "use straight quotes: `\"`".to_string()
    } else if message.contains("unquoted key") || message.contains("key with no value") {
        let key = line
            .split('=')
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches('"');
        if key.is_empty() || !line.contains('=') {
            "write one `\"pattern\" = \"group\"` per line".to_string()
        } else {
            format!("quote the pattern: `\"{key}\" = …`")
        }
    } else if let Some(word) = bare_word(text, span.start)
        && (message.contains("must be quoted") || message.contains("invalid"))
    {
        format!("quote it: `\"{word}\"`")
    } else if message.contains("must be quoted") {
        "write a group, an owner, an array of them, or `[]` for nobody".to_string()
    } else if message.contains("escape") {
        "in double quotes a backslash starts an escape of TOML: use single quotes, as in \
         '\\{x\\}'"
            .to_string()
    } else if message.contains("duplicate key") {
        if line.trim_start().starts_with('[') {
            "merge the two tables into one".to_string()
        } else {
            "remove one of them".to_string()
        }
    } else if message.contains("basic string") || message.contains("literal string") {
        "close the string with the quote that opens it".to_string()
    } else if message.contains("unclosed") {
        "close it".to_string()
    } else if message.contains("newline") {
        "write one key per line; several owners are an array: `[\"@a\", \"@b\"]`".to_string()
    } else {
        "the file is TOML: https://toml.io".to_string()
    };
    let mut diagnostic = Diagnostic::error(format!("invalid TOML: {message}"));
    diagnostic = diagnostic.at(file, span.clone(), "");
    if message.contains("duplicate key")
        && let Some(first) = first_place(&text[..line_start], text[span.clone()].trim())
    {
        diagnostic = diagnostic.at(file, first, "first written here");
    }
    diagnostic.help(help)
}

/// The unquoted word at `start`, where a value is expected.
fn bare_word(text: &str, start: usize) -> Option<&str> {
    let word = text[start..]
        .split([' ', '\t', '\r', '\n', ',', ']', '}', '#', '"', '\''])
        .next()?;
    word.starts_with(|c: char| c.is_alphabetic() || c == '@')
        .then_some(word)
}

/// The first line of `text` that starts with `key`.
fn first_place(text: &str, key: &str) -> Option<Range<usize>> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t', '[']).len();
        if line[indent..]
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with(['=', ']', '.']))
        {
            return Some(offset + indent..offset + indent + key.len());
        }
        offset += line.len();
    }
    None
}

fn to_char_boundaries(text: &str, span: Range<usize>) -> Range<usize> {
    let start = floor_char_boundary(text, span.start);
    start..ceil_char_boundary(text, span.end).max(start)
}
