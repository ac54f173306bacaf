//! The contents of a file, for an outline in the editor, and what can be folded.

use std::ops::Range;

use super::document::Document;
use super::outline::Entry;
use super::schema;
use super::token::{PatternOf, Role, Table, Token};
use crate::text::escaped;

/// An entry of the contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name. Never empty.
    pub name: String,
    /// More about it: owners, or a value. May be empty.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of its bytes.
    pub span: Range<usize>,
    /// The bytes of its name.
    pub selection: Range<usize>,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// What a [`Symbol`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A table of `owners.toml`, or a section of a CODEOWNERS file.
    Table,
    /// A group.
    Group,
    /// A rule.
    Rule,
    /// Another key.
    Key,
}

/// Lines that an editor can fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the first byte to the last.
    pub span: Range<usize>,
    /// What is folded.
    pub kind: FoldKind,
}

/// What a [`Fold`] has in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// A table or section with its header.
    Table,
    /// An array or an inline table. Its last byte is a bracket, if it is complete.
    Brackets,
    /// Comments.
    Comments,
}

/// The most characters of a detail.
const MOST: usize = 60;

impl Document {
    /// The contents of the file: its tables or sections with their entries, in the order of the text.
    #[must_use]
    pub fn symbols(&self) -> Vec<Symbol> {
        let mut symbols: Vec<Symbol> = Vec::new();
        let entries = self.outline.entries.iter().enumerate();
        let mut entries = entries
            .filter(|(_, entry)| entry.parent.is_none())
            .peekable();
        while let Some((index, _)) = entries.next_if(|(_, entry)| entry.header.is_none()) {
            self.add_entry(index, &mut symbols);
        }
        for (number, header) in self.outline.headers.iter().enumerate() {
            let mut children = Vec::new();
            while let Some((index, _)) = entries.next_if(|(_, entry)| entry.header == Some(number))
            {
                self.add_entry(index, &mut children);
            }
            let first = children.first().filter(|_| header.is_array);
            let detail = first.map_or(String::new(), |first| first.detail.clone());
            let span = header.span.start..self.end_of(number);
            let keys = self.outline.keys(&header.keys);
            let Some(table) = self.symbol(keys, &span, children, detail) else {
                continue;
            };
            match keys.len() {
                1 => symbols.push(table),
                _ => join(table, &mut symbols),
            }
        }
        symbols
    }

    /// The symbol of keys within each other. The innermost has the children.
    fn symbol(
        &self,
        keys: &[Token],
        span: &Range<usize>,
        children: Vec<Symbol>,
        detail: String,
    ) -> Option<Symbol> {
        let (first, rest) = keys.split_first()?;
        let (children, detail) = match rest {
            [] => (children, detail),
            rest => {
                let inner = self.symbol(rest, span, children, detail);
                (inner.into_iter().collect(), String::new())
            }
        };
        let value = self.value(first);
        let name = match value.trim() {
            "" => self.text[first.span.clone()].trim().to_string(),
            _ => escaped(value.as_bytes()),
        };
        let is_table = |table| schema::find(table, &value).is_some_and(schema::is_table);
        Some(Symbol {
            // The name of a section may be blank.
            name: match name.is_empty() {
                true => "[]".to_string(),
                false => name,
            },
            detail,
            kind: match first.role {
                Role::Group => SymbolKind::Group,
                Role::Pattern(PatternOf::Rule) => SymbolKind::Rule,
                Role::Section => SymbolKind::Table,
                Role::Key(table @ Table::Root) if is_table(table) => SymbolKind::Table,
                _ => SymbolKind::Key,
            },
            span: span.clone(),
            selection: first.span.clone(),
            children,
        })
    }

    /// Adds the symbol of an entry. What is in its value is listed if it is a table at the top.
    fn add_entry(&self, index: usize, symbols: &mut Vec<Symbol>) {
        let entry = &self.outline.entries[index];
        let keys = self.outline.keys(&entry.keys);
        let mut children = Vec::new();
        if let [
            Token {
                role: Role::Key(Table::Root),
                ..
            },
        ] = keys
        {
            let inner = self.outline.entries.iter().enumerate().skip(index + 1);
            let inner = inner.take_while(|(_, inner)| inner.span.start < entry.span.end);
            for (inner, _) in inner.filter(|(_, inner)| inner.parent == Some(index)) {
                self.add_entry(inner, &mut children);
            }
        }
        let detail = match children.is_empty() {
            true => self.detail(entry),
            false => String::new(),
        };
        match self.symbol(keys, &entry.span, children, detail) {
            Some(symbol) if keys.len() > 1 => join(symbol, symbols),
            symbol => symbols.extend(symbol),
        }
    }

    /// The value of an entry, in short.
    fn detail(&self, entry: &Entry) -> String {
        let mut detail = String::new();
        for token in self.outline.keys(&entry.value) {
            if matches!(token.role, Role::Key(_)) {
                continue;
            }
            let value = escaped(self.value(token).as_bytes());
            if detail.chars().count() + value.chars().count() > MOST {
                detail.push_str(if detail.is_empty() { "…" } else { ", …" });
                break;
            }
            if !detail.is_empty() {
                detail.push_str(", ");
            }
            detail.push_str(&value);
        }
        detail
    }

    /// Where what is under a header ends: before the next one, without blanks and comments there.
    fn end_of(&self, header: usize) -> usize {
        let own = &self.outline.headers[header].span;
        let entries = &self.outline.entries;
        let behind = entries.partition_point(|entry| entry.header <= Some(header));
        let last = entries[..behind].iter().rev();
        let last = last
            .take_while(|entry| entry.header == Some(header))
            .find(|entry| entry.parent.is_none());
        last.map_or(own.end, |entry| entry.span.end.max(own.end))
    }

    /// What can be folded: tables and sections, arrays and inline tables, comments.
    #[must_use]
    pub fn folds(&self) -> Vec<Fold> {
        let tables = (0..self.outline.headers.len()).map(|index| {
            let start = self.outline.headers[index].span.start;
            start..self.end_of(index)
        });
        let brackets = self.outline.brackets.iter().cloned();
        let fold = |kind| move |span| Fold { span, kind };
        let mut folds: Vec<Fold> = tables.map(fold(FoldKind::Table)).collect();
        folds.extend(brackets.map(fold(FoldKind::Brackets)));
        folds.extend(self.blocks_of_comments().map(fold(FoldKind::Comments)));
        folds.retain(|fold| self.text[fold.span.clone()].contains('\n'));
        folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end)));
        folds
    }

    /// Comments on lines of their own, one after the other.
    fn blocks_of_comments(&self) -> impl Iterator<Item = Range<usize>> {
        let mut comments = self.outline.comments.iter().peekable();
        std::iter::from_fn(move || {
            let mut block = comments.next()?.clone();
            if !is_line_start(&self.text, block.start) {
                return Some(block.start..block.start);
            }
            let follows = |end: usize, next: &Range<usize>| {
                let between = &self.text[end..next.start];
                between.trim().is_empty() && between.matches('\n').count() == 1
            };
            while let Some(next) = comments.next_if(|next| follows(block.end, next)) {
                block.end = next.end;
            }
            Some(block)
        })
    }
}

/// Whether there are only blanks before a place in its line.
fn is_line_start(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next();
    line.is_none_or(|line| line.trim().is_empty())
}

/// Adds a table. One with the same name directly before it takes its children.
fn join(mut table: Symbol, symbols: &mut Vec<Symbol>) {
    match symbols.last_mut() {
        Some(last) if last.name == table.name && last.kind == table.kind => {
            last.span.end = table.span.end;
            for child in table.children.drain(..) {
                join(child, &mut last.children);
            }
        }
        _ => symbols.push(table),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::Forge;

    /// The symbols, a line each.
    fn shown(document: &Document) -> Vec<String> {
        fn show(symbols: &[Symbol], depth: usize, lines: &mut Vec<String>) {
            for symbol in symbols {
                let Symbol { name, detail, .. } = symbol;
                let blanks = "  ".repeat(depth);
                lines.push(format!("{blanks}{name} {:?} {detail}", symbol.kind));
                assert!(symbol.span.start <= symbol.selection.start, "{symbol:?}");
                assert!(symbol.selection.end <= symbol.span.end, "{symbol:?}");
                for child in &symbol.children {
                    assert!(symbol.span.start <= child.span.start, "{symbol:?}");
                    assert!(child.span.end <= symbol.span.end, "{symbol:?}");
                }
                show(&symbol.children, depth + 1, lines);
            }
        }
        let mut lines = Vec::new();
        show(&document.symbols(), 0, &mut lines);
        let lines = lines.into_iter();
        lines.map(|line| line.trim_end().to_string()).collect()
    }

    #[test]
    fn tables_and_entries() {
        let text = "nested = true\nlints.roster = 'warn'\n\n[groups]\na = ['@x', '@y']\nb.team = '@o/b'\nb.members = '@z'\n\
                    [groups.c]\nmembers = '@x'\n[groups.c.meta]\nlabel = 'x'\n\n# rules\n[paths]\n\"*\" = 'a'\n\
                    '/x/' = { owners = ['a', '@y'], except = '*.md' }\n'' = 'a'\n[[require]]\npaths = '/y'\nmin-owners = 2\n[[require]]\npaths = '/z'\n";
        let document = Document::toml("owners.toml", "", text);
        assert_eq!(
            shown(&document),
            [
                "nested Key true",
                "lints Table",
                "  roster Key warn",
                "groups Table",
                "  a Group @x, @y",
                "  b Group",
                "    team Key @o/b",
                "    members Key @z",
                "  c Group",
                "    members Key @x",
                "    meta Key",
                "      label Key x",
                "paths Table",
                "  * Rule a",
                "  /x/ Rule a, @y, *.md",
                "  '' Rule a",
                "require Table /y",
                "  paths Key /y",
                "  min-owners Key 2",
                "require Table /z",
                "  paths Key /z",
            ]
        );
    }

    #[test]
    fn inline_tables_and_half_typed_ones() {
        let document = Document::toml(
            "owners.toml",
            "",
            "groups = { a = '@x', b = { team = '@o/b' } }\n[paths\n'/x/' = [\n'/y/' = { owners = 'a",
        );
        assert_eq!(
            shown(&document),
            [
                "groups Table",
                "  a Group @x",
                "  b Group @o/b",
                "paths Table",
                "  /x/ Rule",
                "  /y/ Rule a",
            ]
        );
    }

    #[test]
    fn a_deep_table_is_no_deep_tree() {
        let keys = "a.".repeat(100_000);
        for text in [format!("{keys}a = 1\n"), format!("[{keys}a]\nb = 1\n")] {
            let document = Document::toml("owners.toml", "", text);
            assert!(shown(&document).len() < 100);
        }
    }

    #[test]
    fn sections() {
        let text = "* @a\n[Docs][2] @d\n/docs/ @b @c\n/x\n^[ ]\n/z @q\n";
        let document = Document::codeowners("CODEOWNERS", text, Forge::ALL[1]);
        assert_eq!(
            shown(&document),
            [
                "* Rule @a",
                "Docs Table",
                "  /docs/ Rule @b, @c",
                "  /x Rule",
                "[] Table",
                "  /z Rule @q",
            ]
        );
    }

    #[test]
    fn what_is_folded() {
        let text = "# a\n# b\n\n# c\n[groups]\na = [ # x\n  '@x',\n]\n\n[paths]\n'*' = 'a' # y\n# z\n# z\n";
        let document = Document::toml("owners.toml", "", text);
        let folds: Vec<_> = (document.folds().iter())
            .map(|fold| (&text[fold.span.clone()], fold.kind))
            .collect();
        assert_eq!(
            folds,
            [
                ("# a\n# b", FoldKind::Comments),
                ("[groups]\na = [ # x\n  '@x',\n]", FoldKind::Table),
                ("[ # x\n  '@x',\n]", FoldKind::Brackets),
                ("[paths]\n'*' = 'a'", FoldKind::Table),
                ("# z\n# z", FoldKind::Comments),
            ]
        );
        let text = "[A]\r\n/x\r\n\r\n[B]\r\n# 1\r\n# 2\r\n";
        let document = Document::codeowners("CODEOWNERS", text, Forge::ALL[1]);
        let folds: Vec<_> = (document.folds().iter())
            .map(|fold| &text[fold.span.clone()])
            .collect();
        assert_eq!(folds, ["[A]\r\n/x", "# 1\r\n# 2"]);
    }
}
