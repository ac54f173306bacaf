//! Writes a changed [`Config`] back into the text that it was read from.
//!
//! A change is made to the configuration, not to the text: a name in a list is replaced, removed or
//! appended, a group is renamed, an entry is removed. What stays has the place that it was read from, so
//! every difference is an edit at a place, and every other byte of the text stays. Reading the result
//! must give the changed configuration: the caller compares them without their places.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ApprovalEntry, Config, Group, RequirementEntry, RuleEntry, Text};
use crate::text::toml::entries;
use crate::text::toml::keys;
use crate::text::toml::list::{self, Layout, newline_of};
use crate::text::toml::splice::{Splice, spliced};

/// The text that says `after`. `text` is the text of `before`.
pub(crate) fn edited(text: &str, before: &Config, after: &Config) -> String {
    let Ok(root) = DeTable::parse(text).map(Spanned::into_inner) else {
        return text.to_string();
    };
    let mut lists = FxHashMap::default();
    find_lists(&root, &mut lists);
    let mut editor = Editor {
        text,
        lists,
        gone: FxHashSet::default(),
        splices: Vec::new(),
    };
    editor.groups(&before.groups, &after.groups);
    editor.rules(&before.rules, &after.rules);
    editor.requirements(&before.requirements, &after.requirements);
    editor.approvals(&before.approvals, &after.approvals);
    editor.list(&before.roster, &after.roster, Emptied::Nothing);
    let cuts = entries::cuts(text, &root, &editor.gone);
    let mut splices = editor.splices;
    splices.extend(cuts.into_iter().map(Splice::remove));
    completed(text, spliced(text, splices))
}

/// An edited text with the end of the file as it was, with or without a newline, and with the table
/// `paths`, which must exist.
pub(crate) fn completed(text: &str, mut edited: String) -> String {
    let end = &text[text.trim_end().len()..];
    edited.truncate(edited.trim_end().len());
    if !edited.is_empty() {
        edited.push_str(end);
    }
    let has_paths =
        |text: &str| DeTable::parse(text).is_ok_and(|root| root.get_ref().contains_key("paths"));
    if has_paths(text) && !has_paths(&edited) {
        let newline = newline_of(text);
        if !edited.is_empty() && !edited.ends_with('\n') {
            edited.push_str(newline);
        }
        edited.push_str("[paths]");
        edited.push_str(newline);
    }
    edited
}

/// A list of strings in the text.
#[derive(Clone, Copy)]
struct List<'t, 's> {
    /// The offset of its key.
    key: usize,
    value: &'t Spanned<DeValue<'s>>,
}

/// Finds the lists of a table and of those in it, by the offset of their first string.
fn find_lists<'t, 's>(table: &'t DeTable<'s>, lists: &mut FxHashMap<usize, List<'t, 's>>) {
    for (key, value) in table {
        let key = key.span().start;
        match value.get_ref() {
            DeValue::Table(inner) => find_lists(inner, lists),
            DeValue::String(_) => {
                lists.insert(value.span().start, List { key, value });
            }
            DeValue::Array(items) => {
                for inner in items.iter().filter_map(|item| item.get_ref().as_table()) {
                    find_lists(inner, lists);
                }
                if let Some(first) = items.first().filter(|first| first.get_ref().is_str()) {
                    lists.insert(first.span().start, List { key, value });
                }
            }
            _ => {}
        }
    }
}

/// What is written if no item of a list is left.
#[derive(Clone, Copy)]
enum Emptied {
    /// `[]`
    Brackets,
    /// Nothing: its key goes, too.
    Nothing,
}

struct Editor<'t, 's> {
    text: &'t str,
    lists: FxHashMap<usize, List<'t, 's>>,
    /// The offsets of keys and items to remove.
    gone: FxHashSet<usize>,
    splices: Vec<Splice>,
}

impl Editor<'_, '_> {
    fn groups(&mut self, before: &[Group], after: &[Group]) {
        for (old, new) in pairs(before, after, |group| group.name.span.start) {
            let Some(new) = new else {
                self.gone.insert(old.name.span.start);
                continue;
            };
            if old.name.value != new.name.value {
                // Tables and dotted keys, such as `groups.wasi.team`, repeat the name.
                for place in keys::of_entry(self.text, "groups", &old.name.value) {
                    self.rename_key(&old.name, place, &new.name.value);
                }
            }
            for (old, new) in [(&old.team, &new.team), (&old.select, &new.select)] {
                match (old, new) {
                    (Some(old), Some(new)) => self.replace(old, &new.value),
                    (Some(old), None) => {
                        self.gone.insert(old.span.start);
                    }
                    (None, _) => {}
                }
            }
            self.list(&old.members, &new.members, Emptied::Nothing);
        }
    }

    fn rules(&mut self, before: &[RuleEntry], after: &[RuleEntry]) {
        for (old, new) in pairs(before, after, |rule| rule.pattern.span.start) {
            match new {
                None => {
                    self.gone.insert(old.pattern.span.start);
                }
                Some(new) => {
                    let emptied = match old.adds {
                        true => Emptied::Nothing,
                        false => Emptied::Brackets,
                    };
                    self.list(&old.owners, &new.owners, emptied);
                    self.list(&old.notify, &new.notify, Emptied::Nothing);
                }
            }
        }
    }

    fn requirements(&mut self, before: &[RequirementEntry], after: &[RequirementEntry]) {
        for (old, new) in pairs(before, after, |each| each.span.start) {
            let Some(new) = new else {
                self.gone.insert(old.span.start);
                continue;
            };
            self.list(&old.owners, &new.owners, Emptied::Nothing);
            self.list(&old.any_of, &new.any_of, Emptied::Nothing);
        }
    }

    fn approvals(&mut self, before: &[ApprovalEntry], after: &[ApprovalEntry]) {
        for (old, new) in pairs(before, after, |each| each.span.start) {
            match new {
                Some(new) => self.list(&old.owners, &new.owners, Emptied::Brackets),
                None => {
                    self.gone.insert(old.span.start);
                }
            }
        }
    }

    fn list(&mut self, before: &[Text], after: &[Text], emptied: Emptied) {
        let Some(first) = before.first() else {
            return;
        };
        let Some(&list) = self.lists.get(&first.span.start) else {
            return;
        };
        if after.is_empty() {
            return match emptied {
                Emptied::Nothing => {
                    self.gone.insert(list.key);
                }
                Emptied::Brackets if list.value.get_ref().is_array() => {
                    self.gone.extend(before.iter().map(|item| item.span.start));
                }
                Emptied::Brackets => self.splices.push(Splice {
                    range: list.value.span(),
                    new: "[]".to_string(),
                }),
            };
        }
        for (old, new) in pairs(before, after, |item| item.span.start) {
            match new {
                Some(new) => self.replace(old, &new.value),
                None => {
                    self.gone.insert(old.span.start);
                }
            }
        }
        let known: FxHashSet<usize> = before.iter().map(|item| item.span.start).collect();
        let is_new = |item: &&Text| !known.contains(&item.span.start);
        let new = after.iter().filter(is_new).map(|item| item.value.clone());
        let new: Vec<String> = new.collect();
        if !new.is_empty() {
            let splices = list::append(self.text, list.value, &new, Layout::Alike);
            self.splices.extend(splices);
        }
    }

    fn replace(&mut self, old: &Text, new: &str) {
        if old.value == new {
            return;
        }
        let whole = 0..old.value.len();
        let splice = old.replace(self.text, whole, new);
        self.splices
            .extend(splice.map(|(range, new)| Splice { range, new }));
    }

    /// Renames a key at one of its places. A key without quotes gets some only if it needs them.
    fn rename_key(&mut self, old: &Text, span: Range<usize>, new: &str) {
        let is_bare = !self.text[span.clone()].starts_with(['"', '\'']);
        let may_be_bare = new
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if is_bare && may_be_bare {
            self.splices.push(Splice {
                range: span,
                new: new.to_string(),
            });
        } else {
            let value = old.value.clone();
            self.replace(&Text { value, span }, new);
        }
    }
}

/// The entries before, each with what became of it.
fn pairs<'c, T>(
    before: &'c [T],
    after: &'c [T],
    place: impl Fn(&T) -> usize,
) -> Vec<(&'c T, Option<&'c T>)> {
    let left: FxHashMap<usize, &T> = after.iter().map(|each| (place(each), each)).collect();
    let pair = |old| (old, left.get(&place(old)).copied());
    before.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;
    use crate::text::{FileId, Source};

    fn config(text: &str) -> Config {
        let source = Source::new("owners.toml", text);
        let (config, faults) = parse(FileId::ROOT, &source, "").unwrap();
        assert!(faults.is_empty(), "{text}");
        config
    }

    /// The text after a change of the first group or, without groups, of the first rule or requirement.
    fn after(text: &str, change: impl Fn(&mut Config)) -> String {
        let before = config(text);
        let mut wanted = before.clone();
        change(&mut wanted);
        let edited = edited(text, &before, &wanted);
        assert_eq!(
            config(&edited).without_places(),
            wanted.without_places(),
            "{edited}"
        );
        edited
    }

    fn new(name: &str) -> Text {
        Text {
            value: name.to_string(),
            span: 0..0,
        }
    }

    #[test]
    fn an_item_is_appended() {
        for (before, then) in [
            ("g = '@a'", r#"g = ['@a', "@b"]"#),
            ("g = ['@a']", r#"g = ['@a', "@b"]"#),
            ("g = ['@a',] # x", r#"g = ['@a', "@b",] # x"#),
            ("g = [ '@a' ]", r#"g = [ '@a', "@b" ]"#),
            ("g = [\n  '@a'\n]", "g = [\n  '@a',\n  \"@b\",\n]"),
            (
                "g = [\n\t'@a', # x, y\n\t# z\n]",
                "g = [\n\t'@a', # x, y\n\t# z\n\t\"@b\",\n]",
            ),
            ("g = ['@c',\n     '@a']", "g = ['@c',\n     '@a', \"@b\"]"),
            (
                "g = { members = '@a' }",
                r#"g = { members = ['@a', "@b"] }"#,
            ),
            (
                "g.team = '@o/t'\ng.members = '@a'",
                "g.team = '@o/t'\ng.members = ['@a', \"@b\"]",
            ),
            (
                "g = [\r\n  '@a',\r\n]",
                "g = [\r\n  '@a',\r\n  \"@b\",\r\n]",
            ),
        ] {
            let text = |group: &str| format!("[groups]\n{group}\n[paths]\n'*' = 'g'\n");
            let edited = after(&text(before), |config| {
                config.groups[0].members.push(new("@b"));
            });
            assert_eq!(edited, text(then));
        }
    }

    #[test]
    fn an_item_is_removed_or_replaced() {
        for (before, removed, replaced) in [
            (
                "'x' = ['@a', '@b'] # c",
                "'x' = ['@a'] # c",
                "'x' = ['@a', '@z'] # c",
            ),
            ("'x' = '@b'", "'x' = []", "'x' = '@z'"),
            (
                "'x' = { owners = \"@b\", except = 'y' }",
                "'x' = { owners = [], except = 'y' }",
                "'x' = { owners = \"@z\", except = 'y' }",
            ),
            (
                "'x'.owners = ['@b']",
                "'x'.owners = []",
                "'x'.owners = ['@z']",
            ),
            (
                "'x' = [\n  '@a', # a\n  # b\n  '@b',\n]",
                "'x' = [\n  '@a', # a\n]",
                "'x' = [\n  '@a', # a\n  # b\n  '@z',\n]",
            ),
        ] {
            let text = |rule: &str| format!("# top\n[paths]\n{rule}\n");
            let edited = after(&text(before), |config| {
                config.rules[0].owners.retain(|owner| owner.value != "@b");
            });
            assert_eq!(edited, text(removed));
            let edited = after(&text(before), |config| {
                for owner in config.rules[0]
                    .owners
                    .iter_mut()
                    .filter(|owner| owner.value == "@b")
                {
                    owner.value = "@z".to_string();
                }
            });
            assert_eq!(edited, text(replaced));
        }
    }

    #[test]
    fn the_owners_of_an_approval() {
        for (before, removed, replaced) in [
            (
                "owners = ['@a', '@b'] # c",
                "owners = ['@a'] # c",
                "owners = ['@a', '@z'] # c",
            ),
            ("owners = '@b'", "owners = []", "owners = '@z'"),
            (
                "owners = [\n  '@b',\n]",
                "owners = [\n]",
                "owners = [\n  '@z',\n]",
            ),
        ] {
            let text = |owners: &str| {
                format!("[paths]\n[[approval]]\nname = 'S'\npaths = '/a'\n{owners}\ncount = 2\n")
            };
            let edited = after(&text(before), |config| {
                config.approvals[0]
                    .owners
                    .retain(|owner| owner.value != "@b");
            });
            assert_eq!(edited, text(removed));
            let edited = after(&text(before), |config| {
                let owners = config.approvals[0].owners.iter_mut();
                for owner in owners.filter(|owner| owner.value == "@b") {
                    owner.value = "@z".to_string();
                }
            });
            assert_eq!(edited, text(replaced));
        }
    }

    #[test]
    fn a_group_is_renamed() {
        for (before, then) in [
            ("[groups]\ng = '@a'", "[groups]\nh-1 = '@a'"),
            ("[groups]\n\"g\" = '@a'", "[groups]\n\"h-1\" = '@a'"),
            (
                "[groups.g] # x\nmembers = '@a'",
                "[groups.h-1] # x\nmembers = '@a'",
            ),
            (
                "[groups . 'g']\nmembers = '@a'",
                "[groups . 'h-1']\nmembers = '@a'",
            ),
            ("groups = { g = '@a' }", "groups = { h-1 = '@a' }"),
            (
                "groups.g.team = '@o/t'\ngroups . g . members = '@a'",
                "groups.h-1.team = '@o/t'\ngroups . h-1 . members = '@a'",
            ),
            (
                "[groups]\ng.team = '@o/t'\n# g.members\ng.members = ['@a']",
                "[groups]\nh-1.team = '@o/t'\n# g.members\nh-1.members = ['@a']",
            ),
            (
                "[groups.g]\nteam = '@o/t'\n[groups.'g'.meta]\ng = 1\n[[groups.g.meta.h]]\ng = 2",
                "[groups.h-1]\nteam = '@o/t'\n[groups.'h-1'.meta]\ng = 1\n[[groups.h-1.meta.h]]\ng = 2",
            ),
            (
                "[groups]\ng.team = '@o/t'\ng.meta.a = 1\ng.meta.b = 2",
                "[groups]\nh-1.team = '@o/t'\nh-1.meta.a = 1\nh-1.meta.b = 2",
            ),
        ] {
            let text = |groups: &str| format!("{groups}\n[paths]\n'*' = '@b'\n");
            let edited = after(&text(before), |config| {
                config.groups[0].name.value = "h-1".to_string();
            });
            assert_eq!(edited, text(then));
        }
    }

    #[test]
    fn an_entry_is_removed() {
        for (before, then) in [
            (
                "[groups]\n# g\ng = '@a'\n# h\nh = '@b'\n[paths]\n",
                "[groups]\n# h\nh = '@b'\n[paths]\n",
            ),
            (
                "[groups.g]\nmembers = '@a'\n\n[groups.h]\nteam = '@o/h'\n[paths]\n",
                "[groups.h]\nteam = '@o/h'\n[paths]\n",
            ),
            (
                "[groups.g]\nmembers = '@a'\nmeta.x = [\n1,\n2,\n]\nmeta.y.z = 1\n\n[groups.h]\nteam = '@o/h'\n[paths]\n",
                "[groups.h]\nteam = '@o/h'\n[paths]\n",
            ),
            (
                "[groups.g]\nmembers = '@a'\n[groups.g.meta.deep]\nx = 1\n[groups.h]\nteam = '@o/h'\n[groups.h.meta]\nx = 2\n[[groups.g.meta.list]]\nx = 1\n[[groups.g.meta.list]]\nx = 2\n[paths]\n",
                "[groups.h]\nteam = '@o/h'\n[groups.h.meta]\nx = 2\n[paths]\n",
            ),
        ] {
            let edited = after(before, |config| {
                config.groups.remove(0);
            });
            assert_eq!(edited, then);
        }
        for (before, then) in [
            ("paths.x = '@a'\n", "[paths]\n"),
            (
                "[paths]\n# x\n'x' = '@a' # a\n\n'y' = []\n",
                "[paths]\n'y' = []\n",
            ),
        ] {
            let edited = after(before, |config| {
                config.rules.remove(0);
            });
            assert_eq!(edited, then);
        }
        for (before, then) in [
            (
                "[paths]\n\n[[require]]\npaths = 'a'\nowners = '@a'\n\n# b\n[[require]]\npaths = 'b'\nowners = '@b'\n",
                "[paths]\n\n# b\n[[require]]\npaths = 'b'\nowners = '@b'\n",
            ),
            (
                "require = [{ paths = 'a', owners = '@a' }, { paths = 'b', owners = '@b' }]\n[paths]\n",
                "require = [{ paths = 'b', owners = '@b' }]\n[paths]\n",
            ),
        ] {
            let edited = after(before, |config| {
                config.requirements.remove(0);
            });
            assert_eq!(edited, then);
        }
    }
}
