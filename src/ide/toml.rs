//! Reads the outline of an `owners.toml` that somebody may be typing.
//!
//! A parser of TOML gives up where a bracket is missing, or takes the rest of the file for what is
//! in it. This one knows what an author of `owners.toml` types next:
//!
//! ```text
//! "/a/" = ["x",          the array ends before a line that begins with a key and `=`
//! "/b/" = "y"
//! "/c/" = { owners = "   a string ends with its line, an inline table before a header
//! [check]
//! ```
//!
//! Nothing is reported here. `config` reads the file, and says what is wrong.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

use super::outline::{Entry, Header, Outline};
use super::scope::Scope;
use super::token::{Quote, Role, Table, Token};

/// The deepest nesting of arrays and tables that is read.
const MAX_DEPTH: usize = 64;
/// The most keys with dots between them that are read. What they contain is shown as a tree of that depth.
const MAX_KEYS: usize = 32;

/// Reads a text.
pub(super) fn outline(text: &str) -> Outline {
    let tokens = Source::new(text).lex().map(|token| {
        let span = token.span();
        (token.kind(), span.start()..span.end())
    });
    let mut reader = Reader {
        text,
        tokens: tokens.collect(),
        at: 0,
        tables: 0,
        header: None,
        outline: Outline::default(),
    };
    reader.document();
    reader.outline
}

struct Reader<'t> {
    text: &'t str,
    /// The tokens of TOML. The last one is the end of the text.
    tokens: Vec<(TokenKind, Range<usize>)>,
    /// The next one.
    at: usize,
    /// How many tables there are so far.
    tables: usize,
    /// The latest header.
    header: Option<usize>,
    outline: Outline,
}

impl Reader<'_> {
    fn kind(&self) -> TokenKind {
        self.kind_at(self.at)
    }

    fn kind_at(&self, index: usize) -> TokenKind {
        self.tokens
            .get(index)
            .map_or(TokenKind::Eof, |&(kind, _)| kind)
    }

    /// The end of what was read so far, without the blanks behind it.
    fn end(&self) -> usize {
        let read = self.tokens[..self.at].iter().rev();
        let mut read = read.skip_while(|(kind, _)| is_blank(*kind));
        read.next().map_or(0, |(_, span)| self.trimmed(span).end)
    }

    /// A span without a carriage return at its end, which a string without an end includes.
    fn trimmed(&self, span: &Range<usize>) -> Range<usize> {
        let raw = &self.text[span.clone()];
        span.start..span.start + raw.trim_end_matches('\r').len()
    }

    fn skip_blanks(&mut self) {
        while self.kind() == TokenKind::Whitespace {
            self.at += 1;
        }
    }

    /// Skips blanks, line ends and comments.
    fn skip_lines(&mut self) {
        while is_blank(self.kind()) {
            if self.kind() == TokenKind::Comment {
                let comment = self.tokens[self.at].1.clone();
                self.outline.comments.push(comment);
            }
            self.at += 1;
        }
    }

    /// Skips what a line has behind its value. Nothing, if the value was found to end before this line.
    fn skip_line(&mut self) {
        if self.is_line_start() {
            return;
        }
        while !matches!(
            self.kind(),
            TokenKind::Newline | TokenKind::Comment | TokenKind::Eof
        ) {
            self.at += 1;
        }
    }

    /// Whether the next token is the first one of its line.
    fn is_line_start(&self) -> bool {
        let read = self.tokens[..self.at].iter().rev();
        let mut before = read.map(|&(kind, _)| kind);
        before.find(|&kind| kind != TokenKind::Whitespace) == Some(TokenKind::Newline)
    }

    fn document(&mut self) {
        let mut scope = Scope::Table(Table::Root);
        loop {
            self.skip_lines();
            match self.kind() {
                TokenKind::Eof => return,
                TokenKind::LeftSquareBracket => scope = self.header(),
                kind if is_key(kind) => self.entry(scope, self.tables, None, 0),
                _ => self.at += 1,
            }
            self.skip_line();
        }
    }

    fn header(&mut self) -> Scope {
        let start = self.tokens[self.at].1.start;
        self.at += 1;
        let is_array = self.kind() == TokenKind::LeftSquareBracket;
        self.at += usize::from(is_array);
        self.tables += 1;
        let (keys, scope) = self.keys(Scope::Table(Table::Root), None);
        let mut is_closed = false;
        for _ in 0..if is_array { 2 } else { 1 } {
            is_closed = self.kind() == TokenKind::RightSquareBracket;
            self.at += usize::from(is_closed);
        }
        self.header = Some(self.outline.headers.len());
        self.outline.headers.push(Header {
            keys,
            span: start..self.end(),
            is_array,
            is_closed,
        });
        scope
    }

    /// Reads a key, or several with dots between. Returns them, and the scope of what follows.
    fn keys(&mut self, mut scope: Scope, entry: Option<usize>) -> (Range<usize>, Scope) {
        let first = self.outline.tokens.len();
        self.skip_blanks();
        while is_key(self.kind()) && self.outline.tokens.len() - first < MAX_KEYS {
            let index = self.push(Role::Free, entry);
            let key = self.outline.tokens[index].value(self.text).into_owned();
            let (role, inner) = scope.enter(&key);
            self.outline.tokens[index].role = role;
            scope = inner;
            self.skip_blanks();
            if self.kind() != TokenKind::Dot {
                break;
            }
            self.at += 1;
            self.skip_blanks();
        }
        (first..self.outline.tokens.len(), scope)
    }

    /// Takes the next token.
    fn push(&mut self, role: Role, entry: Option<usize>) -> usize {
        let (kind, span) = self.tokens[self.at].clone();
        self.at += 1;
        let span = self.trimmed(&span);
        let raw = &self.text[span.clone()];
        let mut token = Token::new(span, raw, quote_of(kind), role);
        token.entry = entry;
        self.outline.tokens.push(token);
        self.outline.tokens.len() - 1
    }

    fn entry(&mut self, scope: Scope, table: usize, parent: Option<usize>, depth: usize) {
        let index = self.outline.entries.len();
        let start = self.tokens[self.at].1.start;
        self.outline.entries.push(Entry {
            keys: 0..0,
            value: 0..0,
            span: start..start,
            table,
            parent,
            header: self.header,
            has_value: false,
        });
        let (keys, scope) = self.keys(scope, Some(index));
        let first = self.outline.tokens.len();
        let has_value = self.kind() == TokenKind::Equals;
        if has_value {
            self.at += 1;
            self.skip_blanks();
            self.value(scope, index, depth);
        }
        let end = self.end();
        let value = first..self.outline.tokens.len();
        let entry = &mut self.outline.entries[index];
        (entry.keys, entry.value, entry.has_value) = (keys, value, has_value);
        entry.span.end = end;
    }

    fn value(&mut self, scope: Scope, entry: usize, depth: usize) {
        match self.kind() {
            TokenKind::LeftSquareBracket => self.bracket(scope, entry, depth, Self::array),
            TokenKind::LeftCurlyBracket => self.bracket(scope, entry, depth, Self::inline_table),
            kind if is_string(kind) => {
                self.push(scope.value(), Some(entry));
            }
            TokenKind::Atom | TokenKind::Dot => self.word(scope, entry),
            _ => {}
        }
    }

    /// Takes a value without quotes, such as a number, or what somebody types before the quotes.
    fn word(&mut self, scope: Scope, entry: usize) {
        let index = self.push(scope.value(), Some(entry));
        while matches!(self.kind(), TokenKind::Atom | TokenKind::Dot) {
            self.outline.tokens[index].span.end = self.tokens[self.at].1.end;
            self.at += 1;
        }
    }

    /// Reads an array or an inline table.
    fn bracket(
        &mut self,
        scope: Scope,
        entry: usize,
        depth: usize,
        inside: fn(&mut Self, Scope, usize, usize),
    ) {
        let start = self.tokens[self.at].1.start;
        self.at += 1;
        if depth == MAX_DEPTH {
            return self.skip_line();
        }
        let index = self.outline.brackets.len();
        self.outline.brackets.push(start..start);
        inside(self, scope, entry, depth + 1);
        self.outline.brackets[index].end = self.end();
    }

    fn array(&mut self, scope: Scope, entry: usize, depth: usize) {
        loop {
            self.skip_lines();
            if self.is_line_start() && (self.is_entry() || self.is_header()) {
                return;
            }
            match self.kind() {
                TokenKind::RightSquareBracket => {
                    self.at += 1;
                    return;
                }
                TokenKind::Eof | TokenKind::RightCurlyBracket => return,
                TokenKind::Comma | TokenKind::Equals => self.at += 1,
                _ => self.value(scope, entry, depth),
            }
        }
    }

    fn inline_table(&mut self, scope: Scope, entry: usize, depth: usize) {
        self.tables += 1;
        let table = self.tables;
        let mut follows_comma = true;
        loop {
            self.skip_lines();
            let is_next = || self.is_header() || self.is_outside(scope, follows_comma);
            if self.is_line_start() && is_next() {
                return;
            }
            match self.kind() {
                TokenKind::RightCurlyBracket => {
                    self.at += 1;
                    return;
                }
                TokenKind::Eof | TokenKind::RightSquareBracket => return,
                TokenKind::Comma => {
                    follows_comma = true;
                    self.at += 1;
                }
                kind if is_key(kind) => {
                    follows_comma = false;
                    self.entry(scope, table, Some(entry), depth);
                }
                _ => self.at += 1,
            }
        }
    }

    /// Whether a line in an inline table, which is not closed yet, begins with a key behind it.
    fn is_outside(&self, scope: Scope, follows_comma: bool) -> bool {
        let is_quoted = self.kind() != TokenKind::Atom;
        self.is_entry() && (!follows_comma || matches!(scope, Scope::Table(_)) && is_quoted)
    }

    /// Whether a key with `=` is next.
    fn is_entry(&self) -> bool {
        let mut at = self.at;
        if !is_key(self.kind_at(at)) {
            return false;
        }
        let is_key_or_dot =
            |kind| is_key(kind) || matches!(kind, TokenKind::Dot | TokenKind::Whitespace);
        while is_key_or_dot(self.kind_at(at)) {
            at += 1;
        }
        self.kind_at(at) == TokenKind::Equals
    }

    /// Whether the header of a table of `owners.toml` is next.
    fn is_header(&self) -> bool {
        let mut at = self.at;
        if self.kind_at(at) != TokenKind::LeftSquareBracket {
            return false;
        }
        while matches!(
            self.kind_at(at),
            TokenKind::LeftSquareBracket | TokenKind::Whitespace
        ) {
            at += 1;
        }
        let name = self
            .tokens
            .get(at)
            .map(|(_, span)| &self.text[span.clone()]);
        let tables = [
            "groups", "paths", "require", "approval", "output", "check", "lints", "nested",
        ];
        name.is_some_and(|name| tables.contains(&name))
    }
}

fn is_blank(kind: TokenKind) -> bool {
    use TokenKind::{Comment, Newline, Whitespace};
    matches!(kind, Whitespace | Newline | Comment)
}

fn is_string(kind: TokenKind) -> bool {
    kind.encoding().is_some()
}

fn is_key(kind: TokenKind) -> bool {
    kind == TokenKind::Atom || is_string(kind)
}

fn quote_of(kind: TokenKind) -> Quote {
    match kind {
        TokenKind::LiteralString => Quote::Literal,
        TokenKind::BasicString => Quote::Basic,
        TokenKind::MlLiteralString => Quote::LiteralLines,
        TokenKind::MlBasicString => Quote::BasicLines,
        _ => Quote::Bare,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::PatternOf;
    use super::*;

    /// The tokens as text, with their roles.
    fn shown(text: &str) -> Vec<String> {
        let outline = outline(text);
        let show = |token: &Token| format!("{} {:?}", token.value(text), token.role);
        outline.tokens.iter().map(show).collect()
    }

    #[test]
    fn every_form_of_a_table() {
        let key = |name: &str, table| format!("{name} {:?}", Role::Key(table));
        let rule = |name: &str| format!("{name} {:?}", Role::Pattern(PatternOf::Rule));
        let owner = |name: &str| format!("{name} Owner");
        let root = |name| key(name, Table::Root);
        for (text, expected) in [
            (
                "[groups]\nwasi = [\n  '@a', # x, 'y'\n  \"b\",\n]\n",
                vec![root("groups"), "wasi Group".into(), owner("@a"), owner("b")],
            ),
            (
                "[groups.'wa si'.meta]\nteam = '@x'\n",
                vec![
                    root("groups"),
                    "wa si Group".into(),
                    key("meta", Table::Group),
                    "team Free".into(),
                    "@x Free".into(),
                ],
            ),
            (
                "groups.wasi.team = '@o/t'\n",
                vec![
                    root("groups"),
                    "wasi Group".into(),
                    key("team", Table::Group),
                    "@o/t Team".into(),
                ],
            ),
            (
                "[paths]\n\"/a/\" = { owners = ['x'], except = \"*.md\" }\n'b'.add = 'y'\n",
                vec![
                    root("paths"),
                    rule("/a/"),
                    key("owners", Table::Rule),
                    owner("x"),
                    key("except", Table::Rule),
                    format!("*.md {:?}", Role::Pattern(PatternOf::Except)),
                    rule("b"),
                    key("add", Table::Rule),
                    owner("y"),
                ],
            ),
            (
                "require = [{ paths = '/x', any-of = ['a'] }]\n",
                vec![
                    root("require"),
                    key("paths", Table::Require),
                    format!("/x {:?}", Role::Pattern(PatternOf::Requirement)),
                    key("any-of", Table::Require),
                    owner("a"),
                ],
            ),
            (
                "[[approval]]\nname = 'N'\npaths = '/x'\nexcept = '/x/y'\nowners = 'a'\n",
                vec![
                    root("approval"),
                    key("name", Table::Approval),
                    "N Free".into(),
                    key("paths", Table::Approval),
                    format!("/x {:?}", Role::Pattern(PatternOf::Approval)),
                    key("except", Table::Approval),
                    format!("/x/y {:?}", Role::Pattern(PatternOf::ApprovalExcept)),
                    key("owners", Table::Approval),
                    owner("a"),
                ],
            ),
            (
                "[[output]]\nplatform = 'gitlab'\n[lints]\ndead-pattern = 'allow'\n",
                vec![
                    root("output"),
                    key("platform", Table::Output),
                    "gitlab Platform".into(),
                    root("lints"),
                    "dead-pattern Lint".into(),
                    "allow Level".into(),
                ],
            ),
            (
                "nested = { except = 't/' }\n[check]\nexempt = 'v/'\nroster = ['M', '@o/t']\nmin-members = 2\n",
                vec![
                    root("nested"),
                    key("except", Table::Nested),
                    format!("t/ {:?}", Role::Pattern(PatternOf::Nested)),
                    root("check"),
                    key("exempt", Table::Check),
                    format!("v/ {:?}", Role::Pattern(PatternOf::Exempt)),
                    key("roster", Table::Check),
                    "M Roster".into(),
                    "@o/t Roster".into(),
                    key("min-members", Table::Check),
                    "2 Free".into(),
                ],
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    /// What is typed half does not hide what stands behind it.
    #[test]
    fn what_is_half_typed_ends() {
        let behind = "\"/b/\" = 'y'\n[lints]\nroster = 'deny'\n";
        for half in [
            "\"/a/\" = ['x',",
            "\"/a/\" = ['x', 'z",
            "\"/a/\" = [",
            "\"/a/\" = { owners = ['x'",
            "\"/a/\" = { owners = 'x',",
            "\"/a/\" = { owners = \"x",
            "\"/a/\" = { own",
            "\"/a/\" = {",
            "\"/a/\" =",
            "\"/a/\"",
            "\"/a/",
            "\"/a/\" = wa",
            "\"/a/\" = [\n  'x',\n  'z'",
            "= 'x'",
            "] }",
            "\"/a/\" = [[{ [",
        ] {
            for newline in ["\n", "\r\n"] {
                let text = format!("[paths]{newline}{half}{newline}{behind}");
                let shown = shown(&text);
                let end = &shown[shown.len() - 5..];
                let rule = format!("/b/ {:?}", Role::Pattern(PatternOf::Rule));
                let expected = [
                    &rule,
                    "y Owner",
                    "lints Key(Root)",
                    "roster Lint",
                    "deny Level",
                ];
                assert_eq!(end, expected, "{half}");
            }
        }
    }

    #[test]
    fn hostile_nesting_is_bounded() {
        for text in ["a = [", "a = {b=", "[[", "a."] {
            let outline = outline(&text.repeat(100_000));
            assert!(outline.brackets.len() <= MAX_DEPTH, "{text}");
            let keys = outline.entries.iter().map(|entry| entry.keys.len());
            let keys = keys.chain(outline.headers.iter().map(|header| header.keys.len()));
            assert!(keys.max() <= Some(MAX_KEYS), "{text}");
        }
    }

    /// Any text has an outline, and its spans are within the text.
    #[test]
    fn any_text() {
        let text = "groups.a.team='@x'\n[paths]\n\"/é😀/\\\"<a,b>\" = { owners = [\"w\", 'y'] , except=''} # c\n[[require]]\npaths=\"\"\"x\"\"\"\n";
        for start in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            for end in (start..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                let part = &text[start..end];
                let outline = outline(part);
                for token in &outline.tokens {
                    assert!(part.get(token.content()).is_some(), "{part:?}");
                    let _ = token.value(part);
                }
                for entry in &outline.entries {
                    assert!(part.get(entry.span.clone()).is_some(), "{part:?}");
                }
                assert!(outline.tokens.is_sorted_by_key(|token| token.span.start));
            }
        }
    }
}
