//! Writing the `owners.toml`: tables, and `[paths]` line by line as the file was.

use std::fmt::Write as _;

use super::Options;
use super::folding::{braced, folded};
use super::groups::Groups;
use super::reading::{Item, Reading};
use super::toml::{array, in_comment, quoted};
use crate::forge::Forge;

pub(super) struct Writer<'g> {
    groups: &'g Groups,
    rules: usize,
    out: String,
}

impl<'g> Writer<'g> {
    pub(super) fn new(groups: &'g Groups) -> Self {
        Writer {
            groups,
            rules: 0,
            out: String::new(),
        }
    }

    /// The text, and how many rules are in it.
    pub(super) fn finish(mut self) -> (String, usize) {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        (self.out, self.rules)
    }

    /// `[output]` and `[groups]`.
    pub(super) fn head(&mut self, options: Options<'_>) {
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
            let name = match name.chars().all(is_bare) {
                true => name.to_string(),
                false => quoted(name),
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
    pub(super) fn paths(&mut self, text: &str, reading: &Reading<'_>, fold: bool) {
        self.out.push_str(
            "# The last rule that matches a path decides. Formatters that sort keys change that.\n\
             [paths]\n",
        );
        let mut items = reading.items(text);
        if fold {
            items = folded(items);
        }
        for item in &items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item<'_>) {
        let (patterns, except, owners, note) = match item {
            Item::Blank => return self.out.push('\n'),
            Item::Comment(comment) => {
                let _ = writeln!(self.out, "#{}", in_comment(comment));
                return;
            }
            Item::Rule {
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
