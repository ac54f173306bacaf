//! Writes the `owners.toml`: the tables, and `[paths]` in the order of the file.

use std::fmt::Write as _;

use super::ImportOptions;
use super::folding::braced;
use super::groups::ImportedGroups;
use super::kept::key;
use super::parts::PartApproval;
use super::reading::PathsItem;
use crate::config::schema_line;
use crate::forge::Forge;
use crate::owner::Owner;
use crate::text::toml::{array, in_comment, one_or_more, quoted};

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
    pub(super) fn paths(&mut self, items: &[PathsItem<'_>], has_approvals: bool) {
        let is_rule = |item: &PathsItem<'_>| matches!(item, PathsItem::Rule { .. });
        self.out.push_str(match (items.iter().any(is_rule), has_approvals) {
            (true, _) => {
                "# The last rule that matches a path decides. Formatters that sort keys change that.\n\
                 [paths]\n"
            }
            (false, false) => {
                "# Nobody owns a path yet: no line of the old file has an effect. Rules go here:\n\
                 # \"/src/\" = \"@group\"\n\
                 [paths]\n"
            }
            (false, true) => {
                "# Nobody owns a path yet: each section of the old file asks for more or less than one\n\
                 # approval, so it is an `[[approval]]`. Rules go here: \"/src/\" = \"@group\"\n\
                 [paths]\n"
            }
        });
        self.items(items);
    }

    /// `[[approval]]`, once for each list of owners.
    pub(super) fn approval(&mut self, approval: &PartApproval, items: &[PathsItem<'_>]) {
        let mut is_first = true;
        for block in blocks(items) {
            self.out.truncate(self.out.trim_end().len());
            self.out.push_str("\n\n");
            self.items(&block.above);
            let Some((owners, except)) = block.says else {
                continue;
            };
            let _ = writeln!(self.out, "[[approval]]\nname = {}", quoted(&approval.name));
            if std::mem::take(&mut is_first) {
                if approval.count > 1 {
                    let _ = writeln!(self.out, "count = {}", approval.count);
                }
                if approval.is_optional {
                    self.out.push_str("optional = true\n");
                }
            }
            let _ = writeln!(self.out, "owners = {}", self.groups.value(owners));
            self.approval_paths(&block.items);
            if !except.is_empty() {
                let except = one_or_more(except.iter().map(String::as_str));
                let _ = writeln!(self.out, "except = {except}");
            }
        }
    }

    /// `paths` of an approval: one pattern, or a line for each with its comments.
    fn approval_paths(&mut self, items: &[PathsItem<'_>]) {
        if let [
            PathsItem::Rule {
                patterns, comment, ..
            },
        ] = items
            && let [only] = patterns.as_slice()
            && comment.is_empty()
        {
            let _ = writeln!(self.out, "paths = {}", quoted(only));
            return;
        }
        self.out.push_str("paths = [\n");
        for item in items {
            let _ = match item {
                PathsItem::Blank => writeln!(self.out),
                PathsItem::Comment(text) => {
                    writeln!(self.out, "    #{}", in_comment(text).trim_end())
                }
                PathsItem::Note(text) => {
                    writeln!(self.out, "    #: {}", in_comment(text).trim_end())
                }
                PathsItem::Rule {
                    patterns, comment, ..
                } => {
                    for (index, pattern) in patterns.iter().enumerate() {
                        let _ = write!(self.out, "    {},", quoted(pattern));
                        if index == 0 && !comment.is_empty() {
                            let _ = write!(self.out, "  #{}", in_comment(comment));
                        }
                        self.out.push('\n');
                    }
                    Ok(())
                }
            };
        }
        self.out.push_str("]\n");
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
                adds,
                comment,
            } => {
                let mut value = self.groups.value(owners);
                let key = if *adds { "add" } else { "owners" };
                if !except.is_empty() {
                    let except = array(except.iter().map(String::as_str));
                    value = format!("{{ {key} = {value}, except = {except} }}");
                } else if *adds {
                    value = format!("{{ add = {value} }}");
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

/// Neighbouring rules of an approval with the same owners and exceptions.
struct Block<'i, 'f> {
    /// What stands above it.
    above: Vec<PathsItem<'f>>,
    /// Its owners and exceptions. `None` for what follows the last rule.
    says: Option<(&'f [Owner], &'i [String])>,
    /// Its rules, with what stands between them.
    items: Vec<PathsItem<'f>>,
}

/// Divides the items of an approval. Blank lines around a block are left out.
fn blocks<'i, 'f>(items: &'i [PathsItem<'f>]) -> Vec<Block<'i, 'f>> {
    let mut blocks: Vec<Block<'i, 'f>> = Vec::new();
    let mut above: Vec<PathsItem<'f>> = Vec::new();
    let is_blank = |item: &PathsItem<'f>| matches!(item, PathsItem::Blank);
    for item in items {
        let PathsItem::Rule { except, owners, .. } = item else {
            if !(above.is_empty() && is_blank(item) && blocks.is_empty()) {
                above.push(item.clone());
            }
            continue;
        };
        let says_same = |block: &&mut Block<'i, 'f>| {
            block.says.is_some_and(|(own, own_except)| {
                key(own) == key(owners) && own_except == except.as_slice()
            })
        };
        if let Some(block) = blocks.last_mut().filter(says_same) {
            block.items.append(&mut above);
            block.items.push(item.clone());
            continue;
        }
        let blanks = above.iter().take_while(|item| is_blank(item)).count();
        above.drain(..blanks);
        blocks.push(Block {
            above: std::mem::take(&mut above),
            says: Some((owners, except)),
            items: vec![item.clone()],
        });
    }
    while above.last().is_some_and(is_blank) {
        above.pop();
    }
    let blanks = above.iter().take_while(|item| is_blank(item)).count();
    above.drain(..blanks);
    if !above.is_empty() {
        blocks.push(Block {
            above,
            says: None,
            items: Vec::new(),
        });
    }
    blocks
}
