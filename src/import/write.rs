//! Writes the `owners.toml`: the tables, and `[paths]` in the order of the file.

use std::fmt::Write as _;

use super::ImportOptions;
use super::folding::{braced, folded};
use super::groups::ImportedGroups;
use super::reading::{LineIndex, PathsItem};
use super::toml::{array, in_comment, quoted};
use crate::forge::Forge;

pub(super) struct ConfigWriter<'g> {
    groups: &'g ImportedGroups,
    rules: usize,
    out: String,
}

impl<'g> ConfigWriter<'g> {
    pub(super) fn new(groups: &'g ImportedGroups) -> Self {
        ConfigWriter {
            groups,
            rules: 0,
            out: String::new(),
        }
    }

    /// The text, and the number of rules in it.
    pub(super) fn finish(mut self) -> (String, usize) {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        (self.out, self.rules)
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
        for (name, value) in self.groups.definitions() {
            let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let name = if name.chars().all(is_bare) {
                name.to_string()
            } else {
                quoted(name)
            };
            let _ = writeln!(self.out, "{name} = {value}");
        }
        self.out.push('\n');
    }

    /// `[check] exempt`.
    pub(super) fn exempt(&mut self, exempt: &[(String, usize)]) {
        if exempt.is_empty() {
            return;
        }
        self.out.push_str(
            "[check]\n# Unowned when this file was created. Shorten this list over time.\n\
             exempt = [\n",
        );
        for (pattern, _) in exempt {
            let _ = writeln!(self.out, "    {},", quoted(pattern));
        }
        self.out.push_str("]\n\n");
    }

    /// `[paths]`.
    pub(super) fn paths(&mut self, text: &str, line_index: &LineIndex<'_>, fold: bool) {
        self.out.push_str(
            "# The last rule that matches a path decides. Formatters that sort keys change that.\n\
             [paths]\n",
        );
        let mut items = line_index.items(text);
        if fold {
            items = folded(items);
        }
        for item in &items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &PathsItem<'_>) {
        let (patterns, except, owners, note) = match item {
            PathsItem::Blank => return self.out.push('\n'),
            PathsItem::Comment(comment) => {
                let _ = writeln!(self.out, "#{}", in_comment(comment));
                return;
            }
            PathsItem::Rule {
                patterns,
                except,
                owners,
                note,
            } => (patterns, except, owners, note),
        };
        self.rules += 1;
        let mut value = self.groups.value(owners);
        if !except.is_empty() {
            let except = array(except.iter().map(String::as_str));
            value = format!("{{ owners = {value}, except = {except} }}");
        }
        let _ = write!(self.out, "{} = {value}", quoted(&braced(patterns)));
        if !note.is_empty() {
            let _ = write!(self.out, "  #{}", in_comment(note));
        }
        self.out.push('\n');
    }
}
