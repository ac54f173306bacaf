//! Which bytes of a TOML file go with the entries that are removed from it.
//!
//! A parser that keeps comments would move what follows an entry into the entry behind it. Here
//! every byte that is not cut stays as it is: line ends, indentation, and the way of quoting.
//!
//! # Comments
//!
//! An entry that stands in lines of its own goes with them, with the comment behind it, and with the
//! comment lines directly above: they are what `gen` carries along with a rule. They stay where they
//! rather head a paragraph: where they begin one, and entries that stay follow without a comment of
//! their own. A comment with an empty line below it is about something else, and stays; so does what
//! begins the file, which may be about all of it.

use std::ops::Range;

use rustc_hash::FxHashSet;
use toml::de::{DeTable, DeValue};

/// Lines that an entry takes up.
struct Entry {
    lines: Range<usize>,
    goes: bool,
}

/// An entry between brackets.
struct Item {
    /// Where its value ends.
    end: usize,
    goes: bool,
}

/// What must be cut from `text`, which is `root`, with the keys and the items of arrays that start
/// at the `gone` bytes.
pub(super) fn cuts(text: &str, root: &DeTable<'_>, gone: &FxHashSet<usize>) -> Vec<Range<usize>> {
    let mut cutter = Cutter {
        text,
        gone,
        lines: Vec::new(),
        cuts: Vec::new(),
    };
    cutter.table(root, false, None);
    let mut lines = std::mem::take(&mut cutter.lines);
    lines.sort_by_key(|entry| entry.lines.start);
    cutter.cut_lines(&lines, 0);
    cutter.cuts
}

struct Cutter<'t> {
    text: &'t str,
    gone: &'t FxHashSet<usize>,
    /// The entries of tables without brackets.
    lines: Vec<Entry>,
    cuts: Vec<Range<usize>>,
}

/// The ways to write a table.
#[derive(PartialEq)]
enum Form {
    /// `{ … }`
    Inline,
    /// `[name]`
    Header,
    /// `name.key = …`, or only the start of the name of another.
    Dotted,
}

impl Cutter<'_> {
    fn form(&self, start: usize) -> Form {
        match self.text.as_bytes().get(start) {
            Some(b'{') => Form::Inline,
            Some(b'[') => Form::Header,
            _ => Form::Dotted,
        }
    }

    /// Looks at the entries of a table; `goes` if all of it does. Those between the brackets of an
    /// inline table are put into `list`.
    fn table(&mut self, table: &DeTable<'_>, goes: bool, mut list: Option<&mut Vec<Item>>) {
        for (key, value) in table {
            // A list of one may be written without brackets.
            let is_gone_item = value.get_ref().is_str() && self.gone.contains(&value.span().start);
            let goes = goes || is_gone_item || self.gone.contains(&key.span().start);
            match value.get_ref() {
                DeValue::Table(inner) => match self.form(value.span().start) {
                    Form::Dotted => {
                        self.table(inner, goes, list.as_deref_mut());
                        continue;
                    }
                    Form::Header if goes => {
                        self.header(value.span(), inner);
                        continue;
                    }
                    Form::Header => {
                        self.table(inner, false, None);
                        continue;
                    }
                    Form::Inline if !goes => {
                        let mut items = Vec::new();
                        self.table(inner, false, Some(&mut items));
                        self.cut_items(value.span(), items);
                    }
                    Form::Inline => {}
                },
                DeValue::Array(array) => {
                    let is_header = |start| self.form(start) == Form::Header;
                    let tables: Vec<&DeTable<'_>> = (array.iter())
                        .filter(|item| is_header(item.span().start))
                        .filter_map(|item| item.get_ref().as_table())
                        .collect();
                    if !tables.is_empty() {
                        for inner in tables {
                            self.table(inner, goes, None);
                        }
                        continue;
                    }
                    if !goes {
                        let items = array.iter().map(|item| Item {
                            end: item.span().end,
                            goes: self.gone.contains(&item.span().start),
                        });
                        let items = items.collect();
                        self.cut_items(value.span(), items);
                    }
                }
                _ => {}
            }
            let end = value.span().end;
            match &mut list {
                Some(list) => list.push(Item { end, goes }),
                None => {
                    let lines = self.line_start(key.span().start)..self.line_end(end);
                    self.lines.push(Entry { lines, goes });
                }
            }
        }
    }

    /// A table with a header that goes: up to its last entry it is one.
    fn header(&mut self, header: Range<usize>, table: &DeTable<'_>) {
        let end = (table.iter())
            .map(|(_, value)| value.span().end)
            .fold(header.end, usize::max);
        let lines = self.line_start(header.start)..self.line_end(end);
        self.lines.push(Entry { lines, goes: true });
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line behind that of `at` starts.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        rest.find('\n')
            .map_or(self.text.len(), |newline| at + newline + 1)
    }

    /// Cuts those of the entries that go, which are in order. What is before `floor` has nothing to
    /// do with them.
    fn cut_lines(&mut self, entries: &[Entry], floor: usize) {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.goes) {
            let previous = index.checked_sub(1).map(|index| entries[index].lines.end);
            let mut range = entry.lines.clone();
            let top = self.comment_above(range.start, previous.unwrap_or(floor));
            let begins = previous != Some(top);
            let mut end = range.end;
            let paragraph = (entries[index + 1..].iter()).take_while(|next| {
                let follows = next.lines.start == end;
                end = next.lines.end;
                follows
            });
            let is_heading = begins && paragraph.into_iter().any(|next| !next.goes);
            if !is_heading && top > 0 {
                range.start = top;
            }
            match ranges.last_mut() {
                Some(last) if self.text[last.end..range.start].trim().is_empty() => {
                    last.end = range.end;
                }
                _ => ranges.push(range),
            }
        }
        for range in ranges {
            let cut = self.with_blank_line(range);
            self.cuts.push(cut);
        }
    }

    /// Where the comment lines directly above `start` begin.
    fn comment_above(&self, start: usize, floor: usize) -> usize {
        let mut top = start;
        while top > floor {
            let above = self.line_start(top - 1);
            if above < floor || !self.text[above..top].trim_start().starts_with('#') {
                break;
            }
            top = above;
        }
        top
    }

    /// Of the empty lines above and below what is cut, one is enough. Below a header there need be
    /// none, but for the next header.
    fn with_blank_line(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text;
        let below = self.line_end(range.end);
        let next = text[below..].trim_start();
        let is_free = range.start == 0 || {
            let above = text[self.line_start(range.start - 1)..range.start].trim();
            above.is_empty() || above.starts_with('[') && !next.starts_with('[')
        };
        if is_free && text[range.end..below].trim().is_empty() {
            range.start..below
        } else {
            range
        }
    }

    /// Cuts those of the items that go from what stands between the brackets of `list`.
    fn cut_items(&mut self, list: Range<usize>, mut items: Vec<Item>) {
        if !items.iter().any(|item| item.goes) {
            return;
        }
        let (open, close) = (list.start + 1, list.end - 1);
        if items.iter().all(|item| item.goes) && !self.text[open..close].contains('\n') {
            self.cuts.push(open..close);
            return;
        }
        // Dotted keys of one table need not stand together.
        items.sort_by_key(|item| item.end);
        let mut entries = Vec::new();
        let mut kept_comma = None;
        let mut has_kept = false;
        let mut cursor = open;
        for Item { end, goes } in items {
            let start = self.skip_blanks(cursor);
            let comma = self.comma(end);
            cursor = comma.map_or(end, |comma| comma + 1);
            if goes && comma.is_none() {
                // It was the last: what is the last now has no comma behind it either.
                self.cuts.extend(kept_comma.map(|comma| comma..comma + 1));
            }
            if !goes {
                kept_comma = comma;
            }
            let lines = self.line_start(start)..self.line_end(cursor);
            let before = &self.text[lines.start..start];
            let behind = self.text[cursor..lines.end].trim();
            let is_first = before.trim().is_empty();
            let is_alone =
                is_first && (behind.is_empty() || behind.starts_with('#')) && lines.start >= open;
            if goes && !is_alone {
                let comment = behind
                    .starts_with('#')
                    .then(|| cursor + self.text[cursor..lines.end].trim_end().len());
                let end = comment.unwrap_or(cursor);
                let blanks = |text: &str| text.len() - text.trim_end_matches([' ', '\t']).len();
                self.cuts.push(if has_kept && !is_first {
                    start - blanks(before)..end
                } else {
                    let rest = &self.text[end..];
                    start..end + rest.len() - rest.trim_start_matches([' ', '\t']).len()
                });
            }
            has_kept |= !goes;
            entries.push(Entry {
                lines,
                goes: goes && is_alone,
            });
        }
        self.cut_lines(&entries, self.line_end(open));
    }

    /// The place of the comma behind `at`, if one comes before anything else.
    fn comma(&self, at: usize) -> Option<usize> {
        let at = self.skip_blanks(at);
        (self.text.as_bytes().get(at) == Some(&b',')).then_some(at)
    }

    /// The first byte from `at` on that is part of no blank, line end or comment.
    fn skip_blanks(&self, mut at: usize) -> usize {
        loop {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start().len();
            if !self.text[at..].starts_with('#') {
                return at;
            }
            at = self.line_end(at);
        }
    }
}
