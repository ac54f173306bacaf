//! Finds the bytes to remove from a TOML file together with its entries.
//!
//! A parser that keeps comments would attach the text after an entry to the next entry. Here, every
//! byte that is not removed stays as it is: line ends, indentation, and quotes.
//!
//! # Comments
//!
//! If an entry has lines of its own, they are removed with the comment after it and the comment
//! lines directly above. Those are the comments that `gen` copies with a rule. The comment lines
//! stay if they head a paragraph: if they begin it, and entries of it remain that have no comment
//! of their own. A comment followed by an empty line is about something else and stays. So does a
//! comment at the start of the file, which may be about the whole file.

use std::ops::Range;

use rustc_hash::FxHashSet;
use toml::de::{DeArray, DeTable, DeValue};

/// The lines of an entry.
struct EntryLines {
    lines: Range<usize>,
    goes: bool,
}

/// An entry of an inline table or array.
struct InlineItem {
    /// Where its value ends.
    end: usize,
    goes: bool,
}

/// The byte ranges to remove from `text` so that the keys and array items at the offsets `gone`
/// disappear. `root` is the parsed text.
pub(crate) fn cuts(text: &str, root: &DeTable<'_>, gone: &FxHashSet<usize>) -> Vec<Range<usize>> {
    let mut cutter = Cutter {
        text,
        newlines: memchr::memchr_iter(b'\n', text.as_bytes()).collect(),
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
    /// The offsets of its line ends. A line may hold a hundred thousand entries, so it is not searched
    /// for each.
    newlines: Vec<usize>,
    gone: &'t FxHashSet<usize>,
    /// The entries of tables that are not inline.
    lines: Vec<EntryLines>,
    cuts: Vec<Range<usize>>,
}

/// The tables of an array that have headers, `[[name]]`, each with its header.
fn headers<'a, 's>(array: &'a DeArray<'s>, text: &str) -> Vec<(Range<usize>, &'a DeTable<'s>)> {
    let is_header = |start: usize| text.as_bytes().get(start) == Some(&b'[');
    let tables = array.iter().filter(|item| is_header(item.span().start));
    tables
        .filter_map(|item| Some((item.span(), item.get_ref().as_table()?)))
        .collect()
}

/// The ways to write a table.
enum TableForm {
    /// `{ … }`
    Inline,
    /// `[name]`
    Header,
    /// `name.key = …`, or a prefix of another table's name.
    Dotted,
}

impl Cutter<'_> {
    fn form(&self, start: usize) -> TableForm {
        match self.text.as_bytes().get(start) {
            Some(b'{') => TableForm::Inline,
            Some(b'[') => TableForm::Header,
            _ => TableForm::Dotted,
        }
    }

    /// Visits the entries of a table. `goes`: whether the whole table is removed. Entries of an
    /// inline table are added to `list`.
    fn table(&mut self, table: &DeTable<'_>, goes: bool, mut list: Option<&mut Vec<InlineItem>>) {
        for (key, value) in table {
            // A list with one item may be written without brackets.
            let is_gone_item = value.get_ref().is_str() && self.gone.contains(&value.span().start);
            let goes = goes || is_gone_item || self.gone.contains(&key.span().start);
            match value.get_ref() {
                DeValue::Table(inner) => match self.form(value.span().start) {
                    TableForm::Dotted => {
                        self.table(inner, goes, list.as_deref_mut());
                        continue;
                    }
                    TableForm::Header if goes => {
                        self.header(value.span(), inner);
                        continue;
                    }
                    TableForm::Header => {
                        self.table(inner, false, None);
                        continue;
                    }
                    TableForm::Inline if !goes => {
                        let mut items = Vec::new();
                        self.table(inner, false, Some(&mut items));
                        self.cut_items(value.span(), items);
                    }
                    TableForm::Inline => {}
                },
                DeValue::Array(array) => {
                    let tables = headers(array, self.text);
                    if !tables.is_empty() {
                        for (header, inner) in tables {
                            if goes || self.gone.contains(&header.start) {
                                self.header(header, inner);
                            } else {
                                self.table(inner, false, None);
                            }
                        }
                        continue;
                    }
                    if !goes {
                        let items = array.iter().map(|item| InlineItem {
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
                Some(list) => list.push(InlineItem { end, goes }),
                None => {
                    let lines = self.line_start(key.span().start)..self.line_end(end);
                    self.lines.push(EntryLines { lines, goes });
                }
            }
        }
    }

    /// Records a removed table with a header. Its lines end with its last entry. Tables in it with
    /// headers of their own may stand elsewhere.
    fn header(&mut self, header: Range<usize>, table: &DeTable<'_>) {
        let end = self.end_of(table, header.end);
        let lines = self.line_start(header.start)..self.line_end(end);
        self.lines.push(EntryLines { lines, goes: true });
    }

    /// Where the last entry of a removed table ends, or `end` if that is later. Records the tables in
    /// it that have headers.
    fn end_of(&mut self, table: &DeTable<'_>, mut end: usize) -> usize {
        for value in table.values() {
            match value.get_ref() {
                DeValue::Table(inner) => match self.form(value.span().start) {
                    TableForm::Dotted => end = self.end_of(inner, end),
                    TableForm::Header => self.header(value.span(), inner),
                    TableForm::Inline => end = end.max(value.span().end),
                },
                DeValue::Array(array) => {
                    let tables = headers(array, self.text);
                    if tables.is_empty() {
                        end = end.max(value.span().end);
                    }
                    for (header, inner) in tables {
                        self.header(header, inner);
                    }
                }
                _ => end = end.max(value.span().end),
            }
        }
        end
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.newlines.partition_point(|&newline| newline < at);
        let last = before.checked_sub(1);
        last.map_or(0, |last| self.newlines[last] + 1)
    }

    /// The start of the line after that of `at`.
    fn line_end(&self, at: usize) -> usize {
        let next = self.newlines.partition_point(|&newline| newline < at);
        let next = self.newlines.get(next);
        next.map_or(self.text.len(), |newline| newline + 1)
    }

    /// Removes the entries that go. `entries` are in order. Text before `floor` does not belong to
    /// them.
    fn cut_lines(&mut self, entries: &[EntryLines], floor: usize) {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.goes) {
            let previous = index.checked_sub(1).map(|index| entries[index].lines.end);
            let mut range = entry.lines.clone();
            let top = self.comment_above(range.start, previous.unwrap_or(floor));
            let begins = previous != Some(top);
            let mut end = range.end;
            let paragraph = entries[index + 1..].iter().take_while(|next| {
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

    /// The start of the comment lines directly above `start`.
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

    /// Extends a removed range by an empty line below it, if an empty line above remains. After a
    /// header, no empty line is needed unless another header follows.
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

    /// Removes the items that go from the brackets of `list`.
    fn cut_items(&mut self, list: Range<usize>, mut items: Vec<InlineItem>) {
        if !items.iter().any(|item| item.goes) {
            return;
        }
        let (open, close) = (list.start + 1, list.end - 1);
        if items.iter().all(|item| item.goes) && !self.text[open..close].contains('\n') {
            self.cuts.push(open..close);
            return;
        }
        // Dotted keys of one table may be apart.
        items.sort_by_key(|item| item.end);
        let mut entries = Vec::new();
        let mut kept_comma = None;
        let mut has_kept = false;
        let mut cursor = open;
        for InlineItem { end, goes } in items {
            let start = self.skip_blanks(cursor);
            let comma = self.comma(end);
            cursor = comma.map_or(end, |comma| comma + 1);
            if goes && comma.is_none() {
                // The last item had no comma, so the new last item gets none either.
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
            entries.push(EntryLines {
                lines,
                goes: goes && is_alone,
            });
        }
        self.cut_lines(&entries, self.line_end(open));
    }

    /// The offset of the comma after `at`, if nothing else comes before it.
    fn comma(&self, at: usize) -> Option<usize> {
        let at = self.skip_blanks(at);
        (self.text.as_bytes().get(at) == Some(&b',')).then_some(at)
    }

    /// The offset of the first byte from `at` on that is not part of blanks, line ends or comments.
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
