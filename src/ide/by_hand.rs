//! Reads the outline of a CODEOWNERS file that is written by hand.

use rustc_hash::FxHashSet;

use super::outline::{Entry, Header, Outline};
use super::token::{PatternOf, Quote, Role, Token};
use crate::forge::{Forge, line_span};
use crate::text::Source;

/// Reads a text as `forge` does.
pub(super) fn outline(text: &str, forge: Forge) -> Outline {
    let file = forge.dialect.read(text);
    let headings: FxHashSet<usize> = (file.sections.iter())
        .flat_map(|section| section.headings.iter().copied())
        .collect();
    let source = Source::new("", text);
    let mut reader = Reader {
        text,
        forge,
        outline: Outline::default(),
    };
    for number in 1.. {
        if source.line_range(number).is_none() {
            break;
        }
        let span = line_span(&source, number);
        let line = &text[span.clone()];
        if line.starts_with('#') {
            reader.outline.comments.push(span);
        } else if headings.contains(&number) {
            reader.heading(line, span.start);
        } else if !line.is_empty() {
            reader.rule(line, span.start);
        }
    }
    reader.outline
}

struct Reader<'t> {
    text: &'t str,
    forge: Forge,
    outline: Outline,
}

impl Reader<'_> {
    fn push(&mut self, start: usize, word: &str, role: Role, entry: Option<usize>) {
        let span = start..start + word.len();
        let mut token = Token::new(span, word, Quote::Bare, role);
        token.entry = entry;
        self.outline.tokens.push(token);
    }

    fn heading(&mut self, line: &str, start: usize) {
        let first = self.outline.tokens.len();
        let open = line.find('[').map_or(0, |open| open + 1);
        let close = line[open..]
            .find(']')
            .map_or(line.len(), |close| open + close);
        self.push(start + open, &line[open..close], Role::Section, None);
        let keys = first..self.outline.tokens.len();
        self.owners(line, close, start, None);
        self.outline.headers.push(Header {
            keys,
            span: start..start + line.len(),
            is_array: false,
            is_closed: true,
        });
    }

    fn rule(&mut self, line: &str, start: usize) {
        let index = self.outline.entries.len();
        let first = self.outline.tokens.len();
        let pattern = self.forge.dialect.first_word(line);
        let role = Role::Pattern(PatternOf::Rule);
        self.push(start, pattern, role, Some(index));
        self.owners(line, pattern.len(), start, Some(index));
        self.outline.entries.push(Entry {
            keys: first..first + 1,
            value: first + 1..self.outline.tokens.len(),
            span: start..start + line.len(),
            table: self.outline.headers.len(),
            parent: None,
            header: self.outline.headers.len().checked_sub(1),
            has_value: true,
        });
    }

    /// Takes the words behind `from`, up to a comment.
    fn owners(&mut self, line: &str, from: usize, start: usize, entry: Option<usize>) {
        let has_comments = self.forge.dialect.abilities().inline_comments;
        let base = self.text.as_ptr() as usize;
        for word in line[from..].split_ascii_whitespace() {
            let at = word.as_ptr() as usize - base;
            if word.starts_with('#') && has_comments {
                self.outline.comments.push(at..start + line.len());
                return;
            }
            if word.contains('@') {
                self.push(at, word, Role::Owner, entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, forge: Forge) -> Vec<String> {
        let outline = outline(text, forge);
        let show = |token: &Token| format!("{} {:?}", &text[token.span.clone()], token.role);
        outline.tokens.iter().map(show).collect()
    }

    #[test]
    fn lines_and_sections() {
        let rule = |name: &str| format!("{name} {:?}", Role::Pattern(PatternOf::Rule));
        let text = "# x\n\n\t/a\\ b/  @a b@c.d # why @z\r\n[S] @s\n/b\n!/c @d\n";
        assert_eq!(
            shown(text, Forge::GITHUB),
            [
                rule("/a\\ b/"),
                "@a Owner".into(),
                "b@c.d Owner".into(),
                rule("[S]"),
                "@s Owner".into(),
                rule("/b"),
                rule("!/c"),
                "@d Owner".into(),
            ]
        );
        let gitlab = shown(text, Forge::GITLAB);
        assert_eq!(gitlab[gitlab.len() - 5..][..2], ["S Section", "@s Owner"]);
        assert_eq!(outline(text, Forge::GITLAB).headers.len(), 1);
    }
}
