//! What an editor shows in a box: a little text with names in it.
//!
//! Names of files, groups and owners, and the texts of `description` and `contact`, may be a
//! stranger's. So whoever writes a page says of each piece whether it is a word of ours or a name,
//! and only this module writes Markdown: a name can neither become markup nor end its own.

use std::fmt::Write as _;

use crate::text::escaped;

/// A text for people, as Markdown or without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Paragraph(Line),
    Item(Line),
    /// Markdown of ours.
    Page(String),
}

/// A line of a [`Markup`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Words of ours.
    Words(String),
    /// A name.
    Name(String),
    /// A text of a stranger.
    Foreign(String),
    /// Words of ours, with an address of ours.
    Link(&'static str, String),
}

impl Line {
    pub(super) fn new() -> Self {
        Line::default()
    }

    /// Appends words of ours. They hold nothing that Markdown would take for markup.
    pub(super) fn words(mut self, words: &'static str) -> Self {
        self.pieces.push(Piece::Words(words.to_string()));
        self
    }

    /// Appends a number of things.
    pub(super) fn count(mut self, count: usize, noun: &'static str) -> Self {
        let words = crate::text::counted(count, noun);
        self.pieces.push(Piece::Words(words));
        self
    }

    /// Appends a number.
    pub(super) fn number(mut self, number: usize) -> Self {
        self.pieces.push(Piece::Words(number.to_string()));
        self
    }

    /// Appends a name.
    pub(super) fn name(mut self, name: impl AsRef<[u8]>) -> Self {
        self.pieces.push(Piece::Name(escaped(name.as_ref())));
        self
    }

    /// Appends names, with commas between. Only the first `most` are listed.
    pub(super) fn names<N: AsRef<[u8]>>(
        mut self,
        names: impl ExactSizeIterator<Item = N>,
        most: usize,
    ) -> Self {
        let more = names.len().saturating_sub(most);
        for (index, name) in names.take(most).enumerate() {
            if index > 0 {
                self = self.words(", ");
            }
            self = self.name(name);
        }
        match more {
            0 => self,
            more => self.words(" and ").number(more).words(" more"),
        }
    }

    /// Appends a text of a stranger.
    pub(super) fn foreign(mut self, text: &str) -> Self {
        self.pieces.push(Piece::Foreign(escaped(text.as_bytes())));
        self
    }

    pub(super) fn link(mut self, words: &'static str, address: String) -> Self {
        self.pieces.push(Piece::Link(words, address));
        self
    }
}

impl Markup {
    pub(super) fn new() -> Self {
        Markup::default()
    }

    pub(super) fn paragraph(&mut self, line: Line) {
        self.blocks.push(Block::Paragraph(line));
    }

    pub(super) fn item(&mut self, line: Line) {
        self.blocks.push(Block::Item(line));
    }

    /// Appends Markdown of ours.
    pub(super) fn page(&mut self, page: String) {
        self.blocks.push(Block::Page(page));
    }

    /// The text as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        self.written(true)
    }

    /// The text without markup.
    #[must_use]
    pub fn to_plain(&self) -> String {
        self.written(false)
    }

    fn written(&self, is_markdown: bool) -> String {
        let mut out = String::new();
        let mut follows_item = false;
        for block in &self.blocks {
            let is_item = matches!(block, Block::Item(_));
            if !out.is_empty() {
                out.push_str(if is_item && follows_item {
                    "\n"
                } else {
                    "\n\n"
                });
            }
            follows_item = is_item;
            match block {
                Block::Page(page) => out.push_str(page.trim_end()),
                Block::Paragraph(line) => write_line(line, is_markdown, &mut out),
                Block::Item(line) => {
                    out.push_str("- ");
                    write_line(line, is_markdown, &mut out);
                }
            }
        }
        out
    }
}

fn write_line(line: &Line, is_markdown: bool, out: &mut String) {
    for piece in &line.pieces {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Name(name) if is_markdown => write_code(name, out),
            Piece::Foreign(text) if is_markdown => write_foreign(text, out),
            Piece::Name(text) | Piece::Foreign(text) => out.push_str(text),
            Piece::Link(words, address) if is_markdown => {
                let _ = write!(out, "[{words}]({address})");
            }
            Piece::Link(words, address) => {
                let _ = write!(out, "{words}: {address}");
            }
        }
    }
}

/// Writes a code span. Its marks are longer than any row of backticks in the name.
fn write_code(name: &str, out: &mut String) {
    let (mut longest, mut row) = (0, 0);
    for character in name.chars() {
        row = if character == '`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    let marks = "`".repeat(longest + 1);
    // One blank on each side is not part of the name. A name of blanks alone keeps them all.
    let edge = |c: char| c == '`' || c == ' ';
    let is_blank = name.chars().all(|c| c == ' ');
    let pad = match name.starts_with(edge) || name.ends_with(edge) || name.is_empty() {
        true if !is_blank || name.is_empty() => " ",
        _ => "",
    };
    let _ = write!(out, "{marks}{pad}{name}{pad}{marks}");
}

/// Writes a text in which no character is markup.
fn write_foreign(text: &str, out: &mut String) {
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: Line) -> (String, String) {
        let mut markup = Markup::new();
        markup.paragraph(line);
        (markup.to_markdown(), markup.to_plain())
    }

    #[test]
    fn a_name_is_no_markup() {
        for (name, expected) in [
            ("a*b*", "`a*b*`"),
            ("<b>", "`<b>`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            ("``a`", "``` ``a` ```"),
            (" a", "`  a `"),
            ("a\nb\u{202e}", "`a\\nb\\u{202e}`"),
            ("](x)", "`](x)`"),
        ] {
            assert_eq!(line(Line::new().name(name)).0, expected, "{name:?}");
        }
        assert_eq!(line(Line::new().name(b"\xff")).1, "\\xFF");
    }

    #[test]
    fn a_foreign_text_is_no_markup() {
        let text = "# <img src=x> [a](command:b) *c* 1. &amp; `d`\n- e";
        let (markdown, plain) = line(Line::new().foreign(text));
        assert_eq!(
            markdown,
            r"\# \<img src\=x\> \[a\]\(command\:b\) \*c\* 1\. \&amp\; \`d\`\\n\- e"
        );
        assert_eq!(plain, text.replace('\n', "\\n"));
    }

    #[test]
    fn blocks() {
        let mut markup = Markup::new();
        markup.paragraph(Line::new().words("a ").count(1, "file"));
        markup.item(Line::new().names(["x", "y", "z"].iter(), 2));
        markup.item(Line::new().link("page", "https://x".into()));
        markup.paragraph(Line::new().words("b"));
        assert_eq!(
            markup.to_markdown(),
            "a 1 file\n\n- `x`, `y` and 1 more\n- [page](https://x)\n\nb"
        );
        assert_eq!(
            markup.to_plain(),
            "a 1 file\n\n- x, y and 1 more\n- page: https://x\n\nb"
        );
    }
}
