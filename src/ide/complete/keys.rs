//! Keys, lints, and values of which there are a few.

use rustc_hash::FxHashSet;

use super::{Completion, CompletionKind, Spot};
use crate::forge::Forge;
use crate::ide::markup::{Line, Markup};
use crate::ide::outline::{Entry, Header};
use crate::ide::pages::page_of;
use crate::ide::schema::{self, Key, LEVELS};
use crate::ide::token::{Quote, Role, Table, Token};
use crate::lint::LINTS;

/// The keys of a table that it does not have yet.
pub(super) fn of_table(spot: &Spot<'_>, table: Table) -> Vec<Completion> {
    let present = present(spot);
    let has = |name: &str| present.contains(name);
    let is_nested = !spot.document.directory.is_empty();
    let is_header = spot.token().entry.is_none();
    let fits = |key: &&Key| {
        let excludes = match (key.table, key.name) {
            (Table::Rule, "owners") => has("add"),
            (Table::Rule, "add") => has("owners"),
            _ => false,
        };
        let may_repeat = is_header && (schema::is_list(key) || key.name == "groups");
        let is_possible = !is_header || schema::is_table(key) || key.table != Table::Root;
        let is_allowed = !(is_nested && schema::is_root_only(key));
        is_possible && is_allowed && !excludes && (may_repeat || !has(key.name))
    };
    let keys = schema::keys_of(table).filter(fits);
    keys.filter_map(|key| item(spot, key)).collect()
}

fn item(spot: &Spot<'_>, key: &Key) -> Option<Completion> {
    let mut about = Markup::new();
    about.paragraph(Line::new().foreign(key.about));
    let is_top = spot.outer_keys().is_empty() && key.table == Table::Root;
    let (label, new) = match spot.header() {
        Some(header) if is_top => of_header(key, header.is_array, header.is_closed),
        None if is_top && schema::is_table(key) => {
            let (label, _) = of_header(key, schema::is_list(key), true);
            (label.clone(), label)
        }
        Some(_) => (key.name.to_string(), key.name.to_string()),
        None => (key.name.to_string(), spot.key(key.name)?),
    };
    Some(Completion {
        label,
        about: Some(about),
        new,
        filter: key.name.to_string(),
        ..spot.value(key.name, CompletionKind::Key)?
    })
}

/// The label and the text of a table in a header that somebody has begun.
fn of_header(key: &Key, is_array: bool, is_closed: bool) -> (String, String) {
    let name = key.name;
    let is_list = schema::is_list(key);
    let label = match is_list {
        true => format!("[[{name}]]"),
        false => format!("[{name}]"),
    };
    let new = match (is_list, is_array) {
        (true, false) => format!("[{name}]"),
        _ => name.to_string(),
    };
    let end = match (is_closed, is_array) {
        (true, _) => "",
        (false, true) => "]]",
        (false, false) => "]",
    };
    (label, new + end)
}

/// The lints that have no level yet.
pub(super) fn lints(spot: &Spot<'_>) -> Vec<Completion> {
    let present = present(spot);
    let lints = LINTS.iter().filter(|lint| !present.contains(lint.name));
    let items = lints.filter_map(|lint| {
        let mut about = Markup::new();
        about.page(page_of(lint));
        Some(Completion {
            detail: lint.summary.to_string(),
            about: Some(about),
            new: spot.key(lint.name)?,
            ..spot.value(lint.name, CompletionKind::Lint)?
        })
    });
    items.collect()
}

pub(super) fn levels(spot: &Spot<'_>) -> Vec<Completion> {
    let levels = LEVELS.iter().filter_map(|(level, about)| {
        Some(Completion {
            detail: (*about).to_string(),
            ..spot.value(level.name(), CompletionKind::Value)?
        })
    });
    levels.collect()
}

pub(super) fn selectors(spot: &Spot<'_>) -> Vec<Completion> {
    let all = Forge::with_selectors().filter_map(|forge| forge.dialect.selectors());
    let examples = all
        .flat_map(|each| each.examples)
        .filter_map(|(text, about)| {
            Some(Completion {
                detail: (*about).to_string(),
                ..spot.value(text, CompletionKind::Value)?
            })
        });
    examples.collect()
}

pub(super) fn platforms(spot: &Spot<'_>) -> Vec<Completion> {
    let forges = Forge::ALL.iter().filter_map(|forge| {
        Some(Completion {
            detail: forge.title.to_string(),
            ..spot.value(forge.name, CompletionKind::Value)?
        })
    });
    forges.collect()
}

/// The places where forges look for their file.
pub(super) fn files(spot: &Spot<'_>) -> Vec<Completion> {
    let mut seen = FxHashSet::default();
    let mut items = Vec::new();
    for forge in Forge::ALL {
        let own = forge.locations.iter().filter(|&&file| seen.insert(file));
        items.extend(own.filter_map(|file| {
            Some(Completion {
                detail: forge.title.to_string(),
                ..spot.value(file, CompletionKind::File)?
            })
        }));
    }
    items
}

/// The other keys in the table of the key that is completed.
fn present(spot: &Spot<'_>) -> FxHashSet<String> {
    let document = &spot.document;
    let outline = &document.outline;
    let own = spot.token().entry.map(|entry| &outline.entries[entry]);
    // The keys of a header are in the file itself, as those above all headers are.
    let is_top = own.is_none() || spot.token().role == Role::Key(Table::Root);
    let is_beside = |entry: &&Entry| match own {
        Some(own) => entry.table == own.table,
        None => entry.header.is_none() && entry.parent.is_none(),
    };
    let entries = outline.entries.iter().filter(is_beside);
    let headers = outline.headers.iter().filter(|_| is_top);
    let all = entries.map(|entry| &entry.keys);
    let all = all.chain(headers.map(|header| &header.keys));
    let others = all.filter(|keys| !keys.contains(&spot.token));
    let values = |tokens: &[Token]| -> Vec<String> {
        let values = tokens
            .iter()
            .map(|token| document.value(token).into_owned());
        values.collect()
    };
    let before = values(spot.outer_keys());
    let others = others.map(|keys| values(outline.keys(keys)));
    others
        .filter(|keys| keys.len() > before.len() && keys.starts_with(&before))
        .map(|mut keys| keys.swap_remove(before.len()))
        .collect()
}

impl Spot<'_> {
    /// The keys before the token in its entry or header.
    fn outer_keys(&self) -> &[Token] {
        let outline = &self.document.outline;
        let keys = match self.token().entry {
            Some(entry) => outline.entries[entry].keys.clone(),
            None => self.header().map_or(0..0, |header| header.keys.clone()),
        };
        match keys.contains(&self.token) {
            true => &outline.tokens[keys.start..self.token],
            false => &[],
        }
    }

    /// The header that the token is in.
    fn header(&self) -> Option<&Header> {
        let mut headers = self.document.outline.headers.iter();
        headers.find(|header| header.keys.contains(&self.token))
    }

    /// A key, with ` = ` if nothing of it is there.
    fn key(&self, name: &str) -> Option<String> {
        let token = self.token();
        let mut new = match token.quote {
            Quote::Bare => name.to_string(),
            _ => self.write(name, true)?,
        };
        let entry = token
            .entry
            .map(|entry| &self.document.outline.entries[entry]);
        if entry.is_some_and(|entry| !entry.has_value && entry.keys.end == self.token + 1) {
            // Behind a quote that is there, ` = ` would be inside.
            if token.quote == Quote::Bare || !token.is_closed {
                new.push_str(" = ");
            }
        }
        Some(new)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{chosen, completions, labels};
    use crate::ide::testing::World;

    fn world() -> World {
        let nested = [("c", "[paths]\n'*' = '@y'\n")];
        World::nested(&["x"], "nested = true\n[paths]\n'*' = '@x'\n", &nested)
    }

    #[test]
    fn keys_of_every_table() {
        for (text, expected) in [
            (
                "$0",
                &[
                    "required-version",
                    "nested",
                    "[groups]",
                    "[paths]",
                    "[[require]]",
                    "[[approval]]",
                    "[[output]]",
                    "[check]",
                    "[lints]",
                ][..],
            ),
            (
                "nested = true\n$0\n[paths]\n",
                &[
                    "required-version",
                    "[groups]",
                    "[[require]]",
                    "[[approval]]",
                    "[[output]]",
                    "[check]",
                    "[lints]",
                ],
            ),
            (
                "[$0]\n[paths]\n[[require]]\n",
                &[
                    "[groups]",
                    "[[require]]",
                    "[[approval]]",
                    "[[output]]",
                    "[check]",
                    "[lints]",
                ],
            ),
            (
                "[groups.a]\nteam = '@o/a'\n$0",
                &["members", "select", "description", "contact", "meta"],
            ),
            (
                "[groups.a.$0]\n",
                &[
                    "members",
                    "team",
                    "select",
                    "description",
                    "contact",
                    "meta",
                ],
            ),
            (
                "[groups]\na.$0\na.team = '@o/a'\nb.contact = 'x'\n",
                &["members", "select", "description", "contact", "meta"],
            ),
            (
                "[paths]\n'x' = { $0 }",
                &["owners", "add", "except", "notify"],
            ),
            ("[paths]\n'x' = { owners = 'a', $0", &["except", "notify"]),
            ("[paths]\n'x' = { add = 'a', no$0", &["except", "notify"]),
            (
                "[[require]]\npaths = 'x'\n[[require]]\nowners = 'a'\n$0",
                &["paths", "except", "any-of", "min-owners", "reason"],
            ),
            (
                "[[approval]]\nname = 'N'\n$0",
                &["paths", "except", "owners", "count", "optional"],
            ),
            ("[output]\npl$0", &["platform", "file", "header"]),
            ("[check]\nexempt = []\n\n$0\n", &["roster", "min-members"]),
            ("nested = { $0", &["except"]),
            ("[groups.a.meta]\n$0", &[]),
            ("[groups]\n$0", &[]),
        ] {
            let mut found = labels(&world(), text);
            let mut expected = expected.to_vec();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn keys_of_a_nested_file() {
        let labels = |text: &str| -> Vec<String> {
            let (found, _) = completions(&world(), text, 1);
            found.items.into_iter().map(|item| item.label).collect()
        };
        let mut found = labels("[$0]");
        found.sort_unstable();
        assert_eq!(found, ["[check]", "[groups]", "[paths]"]);
        assert_eq!(labels("[check]\n$0"), ["exempt"]);
    }

    #[test]
    fn what_is_written() {
        for (text, label, expected) in [
            ("$0", "nested", "nested = "),
            ("pa$0", "[paths]", "[paths]"),
            ("re$0", "[[require]]", "[[require]]"),
            ("[$0", "[paths]", "[paths]"),
            ("[pa$0]", "[paths]", "[paths]"),
            ("[$0]", "[[require]]", "[[require]]"),
            ("[[$0", "[[require]]", "[[require]]"),
            ("[[$0]]", "[[require]]", "[[require]]"),
            ("[lints]\n$0", "roster", "[lints]\nroster = "),
            (
                "[lints]\nro$0 = 'deny'",
                "roster",
                "[lints]\nroster = 'deny'",
            ),
            ("[lints]\n'ro$0", "roster", "[lints]\n'roster' = "),
            ("[lints]\nroster = $0", "deny", "[lints]\nroster = \"deny\""),
            ("[lints]\nroster = '$0'", "deny", "[lints]\nroster = 'deny'"),
            (
                "[paths]\n'x' = { ow$0 }",
                "owners",
                "[paths]\n'x' = { owners =  }",
            ),
            ("[groups.x.$0]", "meta", "[groups.x.meta]"),
            (
                "[groups.x]\nselect = \"$0",
                "least_busy(2)",
                "[groups.x]\nselect = \"least_busy(2)\"",
            ),
            (
                "[[output]]\nplatform = \"g$0",
                "gitlab",
                "[[output]]\nplatform = \"gitlab\"",
            ),
            (
                "[[output]]\nfile = \"$0\"",
                ".github/CODEOWNERS",
                "[[output]]\nfile = \".github/CODEOWNERS\"",
            ),
        ] {
            assert_eq!(chosen(&world(), text, label), expected, "{text}");
        }
    }

    #[test]
    fn lints_have_their_summary_and_page() {
        let (found, _) = completions(&world(), "[lints]\nroster = 'deny'\n$0", 0);
        assert!(found.items.iter().all(|item| item.label != "roster"));
        let dead = found.items.iter().find(|item| item.label == "dead-pattern");
        let dead = dead.unwrap();
        assert_eq!(
            dead.detail,
            "no tracked path matches a pattern, or one of its alternatives"
        );
        let page = dead.about.as_ref().unwrap().to_markdown();
        assert!(page.starts_with("# dead-pattern"), "{page}");
        let (found, _) = completions(&world(), "[check]\n$0", 0);
        let about = found.items[0].about.as_ref().unwrap().to_plain();
        assert!(
            about.starts_with("Patterns of paths that need no owner yet."),
            "{about}"
        );
    }
}
