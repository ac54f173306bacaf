//! Groups, and owners that are used already.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Completion, CompletionKind, Completions, MOST, Spot};
use crate::ide::Analysis;
use crate::ide::groups::Documents;
use crate::ide::token::Role;
use crate::owner::Owner;

impl Analysis<'_> {
    /// The groups that are visible, and then the owners.
    pub(super) fn groups_and_owners(&self, spot: &Spot<'_>) -> Completions {
        let mut items = match spot.document.forge {
            None => self.groups(spot),
            Some(_) => Vec::new(),
        };
        items.extend(self.used(spot));
        limited(spot, items)
    }

    /// The owners, the teams first.
    pub(super) fn owners(&self, spot: &Spot<'_>) -> Completions {
        let (teams, others): (Vec<_>, Vec<_>) = (self.used(spot))
            .into_iter()
            .partition(|item| item.label.contains('/'));
        limited(spot, teams.into_iter().chain(others).collect())
    }

    fn groups(&self, spot: &Spot<'_>) -> Vec<Completion> {
        let outline = &spot.document.outline;
        let own = outline.key_around(spot.token, Role::Group);
        let own = own.map(|token| spot.document.value(token));
        let listed = listed(spot);
        let names = Documents(&self.documents).names(&spot.document.directory);
        let fits = |name: &str| own.as_deref() != Some(name) && !listed.contains(name);
        let names = names.into_iter().map(|(_, name)| name);
        let items = names.filter(|name| fits(name)).filter_map(|name| {
            let detail = self.people_of(&name, &spot.document.directory);
            Some(Completion {
                detail,
                ..spot.value(&name, CompletionKind::Group)?
            })
        });
        items.collect()
    }

    /// The owners of a group, in short.
    fn people_of(&self, name: &str, directory: &str) -> String {
        let Some(known) = self.known else {
            return String::new();
        };
        match *known.project.groups_named(name, directory) {
            [group] => {
                let owners = &known.project.rules[group].owners;
                let shown = &owners[..owners.len().min(5)];
                let more = if owners.len() > 5 { " …" } else { "" };
                crate::text::escaped(Owner::join(shown).as_bytes()) + more
            }
            _ => String::new(),
        }
    }

    /// The owners of all documents, those that are named most first.
    fn used(&self, spot: &Spot<'_>) -> Vec<Completion> {
        let listed = listed(spot);
        let mut counts: FxHashMap<String, (usize, String)> = FxHashMap::default();
        for document in &self.documents {
            for token in &document.outline.tokens {
                if !matches!(token.role, Role::Owner | Role::Team) {
                    continue;
                }
                let name = document.value(token);
                let is_owner = name.len() > 1 && name.contains('@');
                if is_owner && !listed.contains(&*name) {
                    let first = || (0, name.clone().into_owned());
                    let entry = counts
                        .entry(name.to_ascii_lowercase())
                        .or_insert_with(first);
                    entry.0 += 1;
                }
            }
        }
        let typed = spot.typed().to_ascii_lowercase();
        // What is typed is a name, too, but not one that anybody used before.
        if let Some((1, _)) = counts.get(&typed) {
            counts.remove(&typed);
        }
        let mut all: Vec<(usize, String)> = counts.into_values().collect();
        all.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let items = all.into_iter();
        items
            .filter_map(|(_, name)| spot.value(&name, CompletionKind::Owner))
            .collect()
    }
}

/// The other names in the same list.
fn listed(spot: &Spot<'_>) -> FxHashSet<String> {
    let outline = &spot.document.outline;
    let Some(entry) = spot.token().entry else {
        return FxHashSet::default();
    };
    let range = outline.entries[entry].value.clone();
    let others =
        range.filter(|&index| index != spot.token && outline.tokens[index].entry == Some(entry));
    let others = others.map(|index| &outline.tokens[index]);
    others
        .filter(|token| token.role == spot.token().role)
        .map(|token| spot.document.value(token).into_owned())
        .collect()
}

/// At most [`MOST`] items. If there are more, only those with the typed text in them.
fn limited(spot: &Spot<'_>, mut items: Vec<Completion>) -> Completions {
    if items.len() <= MOST {
        return super::complete(items);
    }
    let typed = spot.typed().to_ascii_lowercase();
    items.retain(|item| item.label.to_ascii_lowercase().contains(&typed));
    items.truncate(MOST);
    Completions {
        items,
        is_incomplete: true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{chosen, chosen_in, completions, labels};
    use crate::ide::testing::World;

    const ROOT: &str = "nested = true\n[groups]\na = ['@x', '@y']\nb = { team = '@o/b', members = ['a'] }\n[paths]\n'*' = ['a', '@y', '@Z']\n";

    fn world() -> World {
        let nested = [("c", "[groups]\nn = '@y'\n[paths]\n'*' = 'n'\n")];
        World::nested(&["x"], ROOT, &nested)
    }

    #[test]
    fn groups_and_then_owners() {
        let rule = |value: &str| labels(&world(), &format!("{ROOT}'x' = {value}\n"));
        let all = ["a", "b", "@y", "@Z", "@o/b", "@x"];
        assert_eq!(rule("\"$0\""), all);
        assert_eq!(rule("$0"), all);
        assert_eq!(rule("[$0"), all);
        assert_eq!(rule("[\"a$0"), all);
        assert_eq!(rule("{ add = '@$0' }"), all);
        // What is in the list is not offered again.
        assert_eq!(rule("[\"a\", \"$0\"]"), ["b", "@y", "@Z", "@o/b", "@x"]);
        assert_eq!(rule("{ owners = 'a', notify = ['$0'] }"), all);
        assert_eq!(rule("'a' # $0"), [""; 0]);
        assert_eq!(rule("'a'$0"), [""; 0]);
        // A group is not in itself, and a team is an owner.
        let text = ROOT.replace("['a'] }", "[$0] }");
        assert_eq!(labels(&world(), &text), ["a", "@y", "@Z", "@o/b", "@x"]);
        let text = ROOT.replace("'@o/b'", "'$0'");
        assert_eq!(labels(&world(), &text), ["@y", "@Z", "@x"]);
        let (nested, _) = completions(&world(), "[groups]\nn = '@y'\n[paths]\n'*' = '$0'", 1);
        assert_eq!(nested.items[2].label, "n");
        assert_eq!(nested.items[1].detail, "@o/b");
    }

    #[test]
    fn what_is_written() {
        let rule = |value: &str, label: &str| {
            let text = chosen(&world(), &format!("{ROOT}'x' = {value}\n"), label);
            text[ROOT.len() + "'x' = ".len()..].trim_end().to_string()
        };
        assert_eq!(rule("$0", "a"), "\"a\"");
        assert_eq!(rule("[$0]", "@o/b"), "[\"@o/b\"]");
        assert_eq!(rule("wa$0si", "a"), "\"a\"");
        assert_eq!(rule("'w$0a'", "a"), "'a'");
        assert_eq!(rule("['@y', \"w$0]", "a"), "['@y', \"a\"]");
        assert_eq!(rule("['@y', '$0", "a"), "['@y', 'a'");
        let nested = chosen_in(&world(), "[paths]\n\"x\" = \"\\u00$0", "a", 1);
        assert_eq!(nested, "[paths]\n\"x\" = \"a\"");
    }

    #[test]
    fn owners_of_a_codeowners_file() {
        let text = "* @a @b\n/x @a\n";
        let world = World::by_hand(&["x"], text);
        for (text, expected) in [
            ("* @a @b\n/x @$0\n", &["@a", "@b"][..]),
            ("* @a @b\n/x $0\n", &["@a", "@b"]),
            ("* @a @b\n/x @a $0\n", &["@b"]),
            ("* @a @b\n/x al$0\n", &["@a", "@b"]),
            ("* @a @b\n# $0\n", &[]),
        ] {
            assert_eq!(labels(&world, text), expected, "{text}");
        }
        assert_eq!(
            chosen(&world, "* @a @b\n/x al$0 # y", "@b"),
            "* @a @b\n/x @b # y"
        );
    }

    #[test]
    fn many_owners_are_limited() {
        let mut text = "[paths]\n'*' = [".to_string();
        for number in 0..500 {
            text.push_str(&format!("'@u{number}',"));
        }
        text.push_str("]\n");
        let world = World::new(&["x"], "[paths]\n'*' = '@x'\n");
        let (all, _) = completions(&world, &format!("{text}'x' = '$0'"), 0);
        assert_eq!((all.items.len(), all.is_incomplete), (200, true));
        let (some, _) = completions(&world, &format!("{text}'x' = '@U49$0'"), 0);
        assert_eq!((some.items.len(), some.is_incomplete), (11, true));
    }
}
