//! Writes the `owners.toml`: the tables, and `[paths]` in the order of the file.

use std::fmt::Write as _;

use super::ImportOptions;
use super::folding::braced;
use super::groups::ImportedGroups;
use super::reading::PathsItem;
use crate::config::schema_line;
use crate::forge::Forge;
use crate::text::toml::{array, in_comment, quoted};

/// The equals signs of a paragraph are aligned after keys of up to so many characters.
const WIDEST: usize = 60;

pub(super) struct ConfigWriter<'g> {
    groups: &'g ImportedGroups,
    out: String,
}

/// A line of a table.
enum Entry {
    Blank,
    /// A whole line.
    Text(String),
    /// A key and the rest of the line.
    Pair(String, String),
}

impl<'g> ConfigWriter<'g> {
    pub(super) fn new(groups: &'g ImportedGroups) -> Self {
        ConfigWriter {
            groups,
            out: schema_line() + "\n",
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out
    }

    /// The comments at the top of the file, and the blank lines after them.
    pub(super) fn preface(&mut self, items: &[PathsItem<'_>]) {
        self.items(items);
    }

    /// `[output]` and `[groups]`.
    pub(super) fn head(&mut self, options: ImportOptions<'_>) {
        let is_default = options.forge == Forge::default();
        if !is_default || options.output.is_some() {
            self.out.push_str("[output]\n");
            if !is_default {
                let _ = writeln!(self.out, "platform = {}", quoted(options.forge.name));
            }
            if let Some(file) = options.output {
                let _ = writeln!(self.out, "file = {}", quoted(file));
            }
            self.out.push('\n');
        }
        if self.groups.is_empty() {
            return;
        }
        self.out.push_str("[groups]\n");
        let groups = self.groups.definitions().map(|(name, value)| {
            let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let name = if name.chars().all(is_bare) {
                name.to_string()
            } else {
                quoted(name)
            };
            Entry::Pair(name, value)
        });
        let groups: Vec<Entry> = groups.collect();
        self.entries(&groups);
        self.out.push('\n');
    }

    /// `[paths]`.
    pub(super) fn paths(&mut self, items: &[PathsItem<'_>]) {
        self.out.push_str(
            "# The last rule that matches a path decides. Formatters that sort keys change that.\n\
             [paths]\n",
        );
        self.items(items);
    }

    /// `[check] exempt`. It may be long, so it is at the end.
    pub(super) fn exempt(&mut self, exempt: &[(String, usize)]) {
        if exempt.is_empty() {
            return;
        }
        self.out.truncate(self.out.trim_end().len());
        self.out.push_str(
            "\n\n[check]\n# Unowned when this list was made. Shorten it over time.\n\
             exempt = [\n",
        );
        for (pattern, _) in exempt {
            let _ = writeln!(self.out, "    {},", quoted(pattern));
        }
        self.out.push_str("]\n");
    }

    fn items(&mut self, items: &[PathsItem<'_>]) {
        let entries: Vec<Entry> = items.iter().map(|item| self.entry(item)).collect();
        self.entries(&entries);
    }

    fn entry(&self, item: &PathsItem<'_>) -> Entry {
        match item {
            PathsItem::Blank => Entry::Blank,
            PathsItem::Comment(comment) => Entry::Text(format!("#{}", in_comment(comment))),
            PathsItem::Note(note) => Entry::Text(format!("#: {}", in_comment(note))),
            PathsItem::Rule {
                patterns,
                except,
                owners,
                comment,
            } => {
                let mut value = self.groups.value(owners);
                if !except.is_empty() {
                    let except = array(except.iter().map(String::as_str));
                    value = format!("{{ owners = {value}, except = {except} }}");
                }
                if !comment.is_empty() {
                    let _ = write!(value, "  #{}", in_comment(comment));
                }
                Entry::Pair(quoted(&braced(patterns)), value)
            }
        }
    }

    /// Writes lines. The equals signs of a paragraph are aligned.
    fn entries(&mut self, entries: &[Entry]) {
        let is_text = |entry: &Entry| !matches!(entry, Entry::Blank);
        for paragraph in entries.chunk_by(|a, b| is_text(a) == is_text(b)) {
            let widths = paragraph.iter().filter_map(|entry| match entry {
                Entry::Pair(key, _) => Some(key.chars().count()),
                _ => None,
            });
            let width = widths.filter(|&width| width <= WIDEST).max().unwrap_or(0);
            for entry in paragraph {
                let _ = match entry {
                    Entry::Blank => writeln!(self.out),
                    Entry::Text(text) => writeln!(self.out, "{}", text.trim_end()),
                    Entry::Pair(key, value) => writeln!(self.out, "{key:width$} = {value}"),
                };
            }
        }
    }
}
