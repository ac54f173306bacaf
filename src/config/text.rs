//! Strings of a TOML file with their location.

use std::ops::Range;

/// A string or key, and the byte range that it was read from, including quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The value, with escapes resolved.
    pub value: String,
    /// The byte range in the file.
    pub span: Range<usize>,
}

impl Text {
    /// The byte range in the file of `part`, a range of [`value`](Self::value). With this a message
    /// can point into the middle of a string, despite quotes and escapes.
    #[must_use]
    pub fn locate(&self, source: &str, part: Range<usize>) -> Range<usize> {
        let Some(raw) = source.get(self.span.clone()) else {
            return self.span.clone();
        };
        let quote = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| {
                let ends = raw.starts_with(quote) && raw.ends_with(quote);
                ends && raw.len() >= 2 * quote.len()
            })
            .unwrap_or("");
        let mut body = &raw[quote.len()..raw.len() - quote.len()];
        let mut offset = self.span.start + quote.len();
        if quote.len() == 3 {
            // A newline directly after the opening quotes is not part of the string.
            let rest = body
                .strip_prefix("\r\n")
                .or_else(|| body.strip_prefix('\n'));
            if let Some(rest) = rest {
                offset += body.len() - rest.len();
                body = rest;
            }
        }
        let (start, end) = if quote.starts_with('"') {
            (raw_offset(body, part.start), raw_offset(body, part.end))
        } else {
            (part.start.min(body.len()), part.end.min(body.len()))
        };
        offset + start..offset + end.max(start)
    }

    /// The byte range in the file and its new content that replace `part` of the
    /// [`value`](Self::value) by `new`. `None` if this string cannot hold it.
    #[must_use]
    pub fn replace(
        &self,
        source: &str,
        part: Range<usize>,
        new: &str,
    ) -> Option<(Range<usize>, String)> {
        if new.contains(char::is_control) {
            return None;
        }
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let span = self.locate(source, part.clone());
        match source.as_bytes().get(self.span.start)? {
            b'"' => Some((span, escaped(new))),
            b'\'' => (!new.contains('\'')).then(|| (span, new.to_string())),
            // A key without quotes gets some, since few characters need none.
            _ => {
                let value = [&self.value[..part.start], new, &self.value[part.end..]].concat();
                Some((self.span.clone(), format!("\"{}\"", escaped(&value))))
            }
        }
    }
}

/// The offset in the raw text of a basic string that the decoded byte `decoded` comes from.
fn raw_offset(raw: &str, decoded: usize) -> usize {
    // Without escapes both offsets are equal. This shortcut matters because an alternative may be
    // far inside a long string.
    let start = raw.get(..decoded);
    if start.is_some_and(|start| !start.contains('\\')) {
        return decoded;
    }
    let mut produced = 0;
    let mut characters = raw.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if produced >= decoded {
            return at;
        }
        if character != '\\' {
            produced += character.len_utf8();
            continue;
        }
        let digits = match characters.next() {
            Some((_, 'x')) => 2,
            Some((_, 'u')) => 4,
            Some((_, 'U')) => 8,
            Some((_, blank)) if blank.is_ascii_whitespace() => {
                // A backslash at the end of a line removes all blanks after it.
                while characters
                    .next_if(|(_, next)| next.is_ascii_whitespace())
                    .is_some()
                {}
                continue;
            }
            _ => {
                produced += 1;
                continue;
            }
        };
        let code: String = characters
            .by_ref()
            .take(digits)
            .map(|(_, digit)| digit)
            .collect();
        let character = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
        produced += character.map_or(1, char::len_utf8);
    }
    raw.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replace() {
        for (raw, value, part, new, expected) in [
            ("abc", "abc", 1..2, "x", "\"axc\""),
            ("'abc'", "abc", 1..2, r"\{", r"'a\{c'"),
            ("'abc'", "abc", 1..2, "'", "-"),
            (r#""\u0061bc""#, "abc", 1..2, r#"\""#, r#""\u0061\\\"c""#),
            (r#""""abc""""#, "abc", 0..3, "x", r#""""x""""#),
            ("'abc'", "abc", 1..2, "\n", "-"),
        ] {
            let source = format!("x = {raw} # y");
            let text = Text {
                value: value.into(),
                span: 4..source.len() - 4,
            };
            let replaced = text.replace(&source, part, new).map(|(span, new)| {
                let replaced = [&source[..span.start], &new, &source[span.end..]].concat();
                replaced[4..replaced.len() - 4].to_string()
            });
            assert_eq!(replaced.as_deref().unwrap_or("-"), expected, "{raw}");
        }
    }

    #[test]
    fn locate() {
        for (raw, value, part, expected) in [
            ("abc", "abc", 1..2, "b"),
            ("'a\\b'", "a\\b", 1..2, "\\"),
            (r#""a\\b\u00e9c""#, "a\\bé", 3..5, r"\u00e9"),
            (r#""a\\b\u00e9c""#, "a\\béc", 5..6, "c"),
            ("\"\"\"\nab\\\n   c\"\"\"", "abc", 1..3, "b\\\n   c"),
            ("'''\r\nabc'''", "abc", 0..1, "a"),
            ("\"abc\"", "abc", 3..3, ""),
            ("\"\"", "", 0..0, ""),
            // A line of a CODEOWNERS file has no quotes.
            ("\"\"\"éé", "\"\"\"éé", 0..3, "\"\"\""),
        ] {
            let source = format!("x = {raw}");
            let text = Text {
                value: value.into(),
                span: 4..source.len(),
            };
            assert_eq!(&source[text.locate(&source, part)], expected, "{raw}");
        }
    }
}
