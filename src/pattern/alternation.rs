//! Alternation: one pattern of `owners.toml` that stands for several.
//!
//! `{a,b}` and `<a,b>` mean the same. Groups nest. An alternative may be empty, and may hold slashes
//! and wildcards. Several groups in one pattern multiply; the alternatives of the last one change
//! fastest:
//!
//! ```text
//! crates/<wasi,wasi-{http,nn}>/   crates/wasi/  crates/wasi-http/  crates/wasi-nn/
//! /{a,b}/{c,d}                    /a/c  /a/d  /b/c  /b/d
//! ```
//!
//! Thirty groups of two are a billion patterns. So the number is computed before any pattern is built,
//! and recursion is bounded by [`MAX_DEPTH`]: a hostile file costs a linear scan, and gives an error.

use std::ops::Range;

use super::Pattern;
use super::fault::{Fault, MAX_DEPTH, MAX_EXPANSIONS, MAX_TOKENS, PatternError};
use super::syntax::{self, Token, TokenKind};

/// How many faults of one text are reported.
const MAX_ERRORS: usize = 10;

/// An alternative of a group, as it stands in the pattern's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Bytes of the pattern's text; empty for an empty alternative.
    pub span: Range<usize>,
    /// The alternative that this one is written in, as an index into
    /// [`Alternation::alternatives`].
    pub parent: Option<usize>,
}

/// One of the patterns that a text expands to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expansion {
    /// What it means.
    pub pattern: Pattern,
    /// Which alternatives were taken, as indices into [`Alternation::alternatives`], ascending.
    pub alternatives: Box<[u32]>,
}

/// A pattern of `owners.toml`, expanded.
///
/// ```
/// use owners::pattern::alternation::Alternation;
///
/// let expanded = Alternation::parse("crates/<wasi,wasi-{http,nn}>").unwrap();
/// let patterns: Vec<String> =
///     expanded.expansions.iter().map(|expansion| expansion.pattern.to_string()).collect();
/// assert_eq!(patterns, ["/crates/wasi", "/crates/wasi-http", "/crates/wasi-nn"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternation {
    /// Every alternative that is written in the text, from left to right.
    pub alternatives: Vec<Alternative>,
    /// What the text expands to, in the order in which it is written.
    pub expansions: Vec<Expansion>,
}

/// A pattern whose groups are read and counted, before any of its expansions is built.
#[derive(Debug)]
pub struct Unexpanded<'t> {
    text: &'t str,
    /// `None` for a text without groups.
    tree: Option<Tree>,
    /// How many patterns it expands to.
    pub count: usize,
    /// How many characters these have together.
    pub length: usize,
}

impl Alternation {
    /// Reads and expands `text`.
    ///
    /// # Errors
    ///
    /// The faults of the groups. If there are none, the first fault of each expansion; equal faults are
    /// reported once.
    pub fn parse(text: &str) -> Result<Self, Vec<PatternError>> {
        Unexpanded::read(text)?.expand()
    }
}

impl<'t> Unexpanded<'t> {
    /// Reads the groups of `text`.
    ///
    /// # Errors
    ///
    /// The faults of the groups, or that there are too many expansions.
    pub fn read(text: &'t str) -> Result<Self, Vec<PatternError>> {
        if is_plain(text) {
            return Ok(Unexpanded {
                text,
                tree: None,
                count: 1,
                length: text.len(),
            });
        }
        let tree = Parser::new(text).parse()?;
        let size = size_of(&tree.root);
        let fault = if size.count > MAX_EXPANSIONS {
            Fault::TooMany(size.count)
        } else if size.tokens > MAX_TOKENS {
            Fault::TooLong
        } else {
            return Ok(Unexpanded {
                text,
                tree: Some(tree),
                count: size.count as usize,
                length: size.tokens as usize,
            });
        };
        let span = 0..text.len();
        Err(vec![PatternError { span, fault }])
    }

    /// Builds the expansions.
    ///
    /// # Errors
    ///
    /// The first fault of each expansion. Equal faults are reported once.
    pub fn expand(self) -> Result<Alternation, Vec<PatternError>> {
        let whole = 0..self.text.len();
        if let Some(tree) = self.tree {
            return Ok(Alternation {
                alternatives: tree.alternatives,
                expansions: lower_all(expand(&tree.root), &whole)?,
            });
        }
        let pattern = match syntax::plain_path(self.text) {
            Some(pattern) => pattern,
            None => lower(&syntax::lex_github(self.text), &whole).map_err(|error| vec![error])?,
        };
        Ok(Alternation {
            alternatives: Vec::new(),
            expansions: vec![Expansion {
                pattern,
                alternatives: Box::default(),
            }],
        })
    }

    /// The tokens of each expansion, as the author spelled them, in the order of
    /// [`Alternation::expansions`]. `None` if the text is one pattern: then these are those of the
    /// text.
    pub(crate) fn tokens(&self) -> Option<Vec<Vec<Token>>> {
        let branches = expand(&self.tree.as_ref()?.root).into_iter();
        Some(branches.map(|branch| branch.tokens).collect())
    }
}

/// What `tokens` mean. `whole` is the span of the text.
fn lower(tokens: &[Token], whole: &Range<usize>) -> Result<Pattern, PatternError> {
    syntax::check(tokens, whole.clone())?;
    match syntax::lower_github(tokens) {
        Some(pattern) => Ok(pattern),
        None => unreachable!("`check` refuses the texts that match nothing"),
    }
}

/// What all branches mean, or the first fault of each. Equal faults are reported once.
fn lower_all(
    branches: Vec<Branch>,
    whole: &Range<usize>,
) -> Result<Vec<Expansion>, Vec<PatternError>> {
    let mut errors: Vec<PatternError> = Vec::new();
    let mut expansions = Vec::with_capacity(branches.len());
    for branch in branches {
        match lower(&branch.tokens, whole) {
            Ok(pattern) => expansions.push(Expansion {
                pattern,
                alternatives: branch.alternatives.into(),
            }),
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
        // Ten thousand expansions can all be wrong, but for a few reasons.
        if errors.len() == MAX_ERRORS {
            break;
        }
    }
    if errors.is_empty() {
        Ok(expansions)
    } else {
        Err(errors)
    }
}

/// Whether a text has neither groups nor escapes. Then it is one pattern, which `owners.toml` and
/// CODEOWNERS read alike.
fn is_plain(text: &str) -> bool {
    let is_syntax = |byte: &u8| matches!(byte, b'{' | b'}' | b'<' | b'>' | b'\\');
    (text.len() as u64) < MAX_TOKENS && !text.as_bytes().iter().any(is_syntax)
}

/// A part of a text: tokens and groups, in order.
type Items = Vec<Item>;

#[derive(Debug)]
enum Item {
    Token(Token),
    /// Alternatives: the index of each, and what it holds.
    Group(Vec<(u32, Items)>),
}

#[derive(Debug)]
struct Tree {
    root: Items,
    alternatives: Vec<Alternative>,
}

/// A group that is not closed yet.
struct Open {
    delimiter: char,
    span: Range<usize>,
    /// The alternatives that are complete.
    done: Vec<(u32, Items)>,
    /// The one that is being read.
    current: u32,
    /// What stood before the group. The text behind it goes on from there.
    before: Items,
}

struct Parser<'t> {
    text: &'t str,
    stack: Vec<Open>,
    items: Items,
    alternatives: Vec<Alternative>,
    errors: Vec<PatternError>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        Parser {
            text,
            stack: Vec::new(),
            items: Vec::new(),
            alternatives: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn parse(mut self) -> Result<Tree, Vec<PatternError>> {
        let mut characters = self.text.char_indices();
        while let Some((start, character)) = characters.next() {
            let kind = match character {
                '{' | '<' => {
                    if self.stack.len() == MAX_DEPTH {
                        self.fail(start..start + 1, Fault::TooDeep);
                        return Err(self.errors);
                    }
                    self.open(character, start);
                    continue;
                }
                '}' | '>' => {
                    self.close(character, start);
                    continue;
                }
                ',' if !self.stack.is_empty() => {
                    self.end_alternative(start);
                    self.begin_alternative(start + 1);
                    continue;
                }
                '*' => TokenKind::Star,
                '?' => TokenKind::One,
                '/' => TokenKind::Slash,
                '\\' => {
                    if let Some((_, escaped)) = characters.next() {
                        TokenKind::Char(escaped)
                    } else {
                        self.fail(start..start + 1, Fault::TrailingBackslash);
                        continue;
                    }
                }
                _ => TokenKind::Char(character),
            };
            let token = Token::new(kind, start..characters.offset());
            self.items.push(Item::Token(token));
        }
        while let Some(open) = self.stack.pop() {
            self.fail(open.span, Fault::Unclosed(open.delimiter));
        }
        if self.errors.is_empty() {
            Ok(Tree {
                root: self.items,
                alternatives: self.alternatives,
            })
        } else {
            self.errors.sort_by_key(|error| error.span.start);
            Err(self.errors)
        }
    }

    fn fail(&mut self, span: Range<usize>, fault: Fault) {
        // A megabyte of closing braces would be a million faults.
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(PatternError { span, fault });
        }
    }

    fn open(&mut self, delimiter: char, start: usize) {
        self.stack.push(Open {
            delimiter,
            span: start..start + 1,
            done: Vec::new(),
            current: 0,
            before: std::mem::take(&mut self.items),
        });
        self.begin_alternative(start + 1);
    }

    fn begin_alternative(&mut self, start: usize) {
        let parent = self
            .stack
            .iter()
            .rev()
            .nth(1)
            .map(|outer| outer.current as usize);
        let index = self.alternatives.len() as u32;
        self.alternatives.push(Alternative {
            span: start..start,
            parent,
        });
        if let Some(open) = self.stack.last_mut() {
            open.current = index;
        }
    }

    fn end_alternative(&mut self, end: usize) {
        let items = std::mem::take(&mut self.items);
        if let Some(open) = self.stack.last_mut() {
            self.alternatives[open.current as usize].span.end = end;
            open.done.push((open.current, items));
        }
    }

    fn close(&mut self, delimiter: char, start: usize) {
        let span = start..start + 1;
        self.end_alternative(start);
        let Some(open) = self.stack.pop() else {
            // What was read so far is dropped, since the text is an error.
            self.fail(span, Fault::Unopened(delimiter));
            return;
        };
        let matching = if open.delimiter == '<' { '>' } else { '}' };
        if delimiter != matching {
            self.fail(
                span,
                Fault::Mismatched {
                    open: open.delimiter,
                    close: delimiter,
                },
            );
        } else if open.done.len() == 1 {
            self.fail(open.span.start..span.end, Fault::NoComma(open.delimiter));
        }
        self.items = open.before;
        self.items.push(Item::Group(open.done));
    }
}

/// How many expansions there are, and how many tokens they have together.
#[derive(Clone, Copy)]
struct Size {
    count: u64,
    tokens: u64,
}

fn size_of(items: &[Item]) -> Size {
    items.iter().fold(
        Size {
            count: 1,
            tokens: 0,
        },
        |left, item| {
            let right = match item {
                Item::Token(_) => Size {
                    count: 1,
                    tokens: 1,
                },
                Item::Group(alternatives) => {
                    alternatives.iter().map(|(_, each)| size_of(each)).fold(
                        Size {
                            count: 0,
                            tokens: 0,
                        },
                        |sum, each| Size {
                            count: sum.count.saturating_add(each.count),
                            tokens: sum.tokens.saturating_add(each.tokens),
                        },
                    )
                }
            };
            Size {
                count: left.count.saturating_mul(right.count),
                tokens: (left.tokens.saturating_mul(right.count))
                    .saturating_add(right.tokens.saturating_mul(left.count)),
            }
        },
    )
}

#[derive(Clone, Default)]
struct Branch {
    tokens: Vec<Token>,
    alternatives: Vec<u32>,
}

/// All expansions; the alternatives of the last group change fastest. Their number was checked.
fn expand(items: &[Item]) -> Vec<Branch> {
    let mut branches = vec![Branch::default()];
    for item in items {
        match item {
            Item::Token(token) => {
                branches
                    .iter_mut()
                    .for_each(|branch| branch.tokens.push(*token));
            }
            Item::Group(alternatives) => {
                let choices: Vec<Branch> = alternatives
                    .iter()
                    .flat_map(|(index, inner)| {
                        expand(inner).into_iter().map(|mut branch| {
                            branch.alternatives.insert(0, *index);
                            branch
                        })
                    })
                    .collect();
                branches = branches
                    .iter()
                    .flat_map(|left| {
                        choices.iter().map(|right| Branch {
                            tokens: [left.tokens.as_slice(), &right.tokens].concat(),
                            alternatives: [left.alternatives.as_slice(), &right.alternatives]
                                .concat(),
                        })
                    })
                    .collect();
            }
        }
    }
    branches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> Vec<String> {
        let expanded = Alternation::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        expanded
            .expansions
            .iter()
            .map(|expansion| expansion.pattern.to_string())
            .collect()
    }

    #[test]
    fn table() {
        for (text, expected) in [
            (
                "crates/<wasi,wasi-http,wasi-nn,wasi-common>",
                &[
                    "/crates/wasi",
                    "/crates/wasi-http",
                    "/crates/wasi-nn",
                    "/crates/wasi-common",
                ][..],
            ),
            ("wasi{,-http}", &["**/wasi", "**/wasi-http"]),
            ("/{a,b}/{c,d}", &["/a/c", "/a/d", "/b/c", "/b/d"]),
            (
                "/{a,<b,c>/{d,e}}x",
                &["/ax", "/b/dx", "/b/ex", "/c/dx", "/c/ex"],
            ),
            // Whether a pattern is anchored is decided for each alternative.
            ("{a,b/c}", &["**/a", "/b/c"]),
            ("{/,}a", &["/a", "**/a"]),
            ("*.{rs,md}", &["**/*.rs", "**/*.md"]),
            (r"\{a,b\}", &[r"**/\{a\,b\}"]),
            (r"/{a\,b,c}", &[r"/a\,b", "/c"]),
            ("/a,b", &[r"/a\,b"]),
            ("/{a,a}", &["/a", "/a"]),
            ("/app/[id]/#x!", &["/app/[id]/#x!"]),
        ] {
            assert_eq!(expand(text), expected, "{text}");
        }
    }

    #[test]
    fn alternatives_know_where_they_stand() {
        let text = "a/{b,{c,}d}/<e,f>";
        let expanded = Alternation::parse(text).unwrap();
        let texts: Vec<_> = expanded
            .alternatives
            .iter()
            .map(|each| &text[each.span.clone()])
            .collect();
        assert_eq!(texts, ["b", "{c,}d", "c", "", "e", "f"]);
        assert_eq!(expanded.alternatives[3].parent, Some(1));
        let taken: Vec<_> = expanded
            .expansions
            .iter()
            .map(|each| each.alternatives.to_vec())
            .collect();
        assert_eq!(
            taken,
            [
                [0, 4].as_slice(),
                &[0, 5],
                &[1, 2, 4],
                &[1, 2, 5],
                &[1, 3, 4],
                &[1, 3, 5]
            ]
        );
    }

    #[test]
    fn faults() {
        for (text, span, fault) in [
            ("{a}", 0..3, Fault::NoComma('{')),
            ("x<a>", 1..4, Fault::NoComma('<')),
            ("{{cookiecutter.name}}", 0..21, Fault::NoComma('{')),
            ("a{b,c", 1..2, Fault::Unclosed('{')),
            ("a}b", 1..2, Fault::Unopened('}')),
            (
                "{a,b>",
                4..5,
                Fault::Mismatched {
                    open: '{',
                    close: '>',
                },
            ),
            (r"a\", 1..2, Fault::TrailingBackslash),
            ("a/{,b}/c", 1..7, Fault::DoubleSlash),
            ("{,a}", 0..4, Fault::Empty),
        ] {
            let errors = Alternation::parse(text).unwrap_err();
            assert!(
                errors.contains(&PatternError { span, fault }),
                "{text}: {errors:?}"
            );
        }
    }

    #[test]
    fn explosions_are_refused_before_they_happen() {
        let fault = |text: &str| Alternation::parse(text).unwrap_err()[0].fault.clone();
        assert_eq!(fault(&"{a,b}".repeat(30)), Fault::TooMany(1 << 30));
        assert_eq!(fault(&"{a,b}".repeat(300)), Fault::TooMany(u64::MAX));
        assert_eq!(fault(&"{a,".repeat(1_000_000)), Fault::TooDeep);
        assert_eq!(
            fault(&format!("{}{{a,b}}", "x".repeat(3_000_000))),
            Fault::TooLong
        );
        assert_eq!(
            Alternation::parse(&"}".repeat(1_000_000))
                .unwrap_err()
                .len(),
            10
        );
    }
}
