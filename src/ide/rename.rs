//! Renames a group or an owner, in all files that name it.
//!
//! `edit::rename` makes the new texts, and proves that they say what was asked and nothing else. So
//! a rename needs texts without errors. What an editor gets are the differences, token by token.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_parser::Source;

use super::Analysis;
use super::document::Document;
use super::navigate::Named;
use super::token::{Role, Token};
use crate::edit::{self, Refused};
use crate::forge::Forge;
use crate::owner::Owner;
use crate::project::{Draft, Project, Unsound};
use crate::ruleset::RuleSet;
use crate::text::Diagnostic;

/// What can be renamed at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// Its bytes.
    pub span: Range<usize>,
    /// Its name.
    pub name: String,
}

/// The replacement of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes.
    pub span: Range<usize>,
    /// What is written instead.
    pub new: String,
}

/// The edits of one document, in the order of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEdits {
    /// The index of the document.
    pub document: usize,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Analysis<'_> {
    /// What can be renamed at a place of a document.
    ///
    /// # Errors
    ///
    /// The reason why there is nothing.
    pub fn renamable(&self, document: usize, offset: usize) -> Result<Renamable, String> {
        let found = self.token(document, offset);
        let (shown, token) = found.ok_or("there is no name here")?;
        let name = shown.value(token).into_owned();
        match (self.named(shown, token), token.role) {
            (Some(_), _) => Ok(Renamable {
                span: token.content(),
                name,
            }),
            (None, Role::Owner | Role::Group) if name.is_empty() => {
                Err("there is no name here".to_string())
            }
            (None, Role::Owner) => Err(format!("there is no group `{name}`")),
            _ => Err("only a group or an owner can be renamed".to_string()),
        }
    }

    /// Renames what stands at a place of a document.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be renamed, or not to that.
    pub fn rename(
        &self,
        document: usize,
        offset: usize,
        new: &str,
    ) -> Result<Vec<DocumentEdits>, String> {
        let Renamable { name, .. } = self.renamable(document, offset)?;
        let found = self.token(document, offset);
        let (shown, token) = found.ok_or("there is no name here")?;
        if let Some(forge) = shown.forge {
            let edits = of_lines(shown, forge, &name, new)?;
            return Ok(vec![DocumentEdits { document, edits }]);
        }
        let directory = match self.named(shown, token) {
            // The name means the same there, and a file that was loaded knows it.
            Some(Named::Group(places)) => {
                let first = places.first().map_or(document, |place| place.document);
                &self.documents[first].directory
            }
            _ => &shown.directory,
        };
        let project = self.project()?;
        let edited = edit::rename(&project, &name, new, directory)
            .map_err(|refused| reason(&project, &refused))?;
        let mut changed = BTreeMap::new();
        for file in edited.files {
            let name = &project.sources[file].name;
            let mut documents = self.documents.iter();
            let document = documents.position(|document| document.name == *name);
            let document = document.ok_or_else(|| format!("`{name}` is not known here"))?;
            let edits = differences(
                &self.documents[document].text,
                &edited.project.sources[file].text,
            );
            changed.insert(document, edits);
        }
        let changed = changed.into_iter();
        Ok(changed
            .map(|(document, edits)| DocumentEdits { document, edits })
            .collect())
    }

    /// The configuration that the texts are now.
    fn project(&self) -> Result<Project, String> {
        let root = self.documents.first();
        let root = root.filter(|root| root.directory.is_empty());
        let root = root.ok_or("the owners.toml at the root cannot be read")?;
        let load = || {
            let mut draft = Draft::new(&root.name, root.text.clone().into())?;
            for document in &self.documents[1..] {
                if draft.directory_of(document.name.as_bytes()).is_some() {
                    draft.add(&document.directory, document.text.clone().into());
                }
            }
            draft.finish()
        };
        load().map_err(|unsound| of_unsound("the configuration has an error", &unsound))
    }
}

/// Why a rename was refused, in one line.
fn reason(project: &Project, refused: &Refused) -> String {
    let of = |found: &Diagnostic| {
        let place = found.location().map(|place| project.sources.place(place));
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        let helps = found.helps.iter().map(|help| format!("; {help}"));
        format!("{}{place}{}", found.message, helps.collect::<String>())
    };
    match refused {
        Refused::Mistake(found) | Refused::Denied(found) => of(found),
        Refused::Unsound(unsound) => of_unsound("the renamed texts would have an error", unsound),
        Refused::Unproven(unproven) => unproven.to_string(),
    }
}

fn of_unsound(what: &str, unsound: &Unsound) -> String {
    let Some(first) = unsound.diagnostics.first() else {
        return what.to_string();
    };
    match first.location() {
        Some(place) => {
            let place = unsound.sources.place(place);
            format!("{what}, at {place}: {}", first.message)
        }
        None => format!("{what}: {}", first.message),
    }
}

/// The differences between two texts: in each token if they have the same tokens, or else one.
fn differences(old: &str, new: &str) -> Vec<Edit> {
    let tokens = |text| -> Vec<Range<usize>> {
        let tokens = Source::new(text).lex();
        tokens
            .map(|token| token.span().start()..token.span().end())
            .collect()
    };
    let (old_tokens, new_tokens) = (tokens(old), tokens(new));
    if old_tokens.len() == new_tokens.len() {
        let pairs = old_tokens.into_iter().zip(new_tokens);
        let changed = pairs.filter(|(a, b)| old[a.clone()] != new[b.clone()]);
        return changed
            .map(|(a, b)| Edit {
                span: a,
                new: new[b].to_string(),
            })
            .collect();
    }
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = (old.chars().zip(new.chars()))
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end: usize = (old_rest.chars().rev().zip(new_rest.chars().rev()))
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    vec![Edit {
        span: start..old.len() - end,
        new: new_rest[..new_rest.len() - end].to_string(),
    }]
}

/// Renames an owner in a CODEOWNERS file, with a proof that every line keeps its pattern and its other
/// owners.
fn of_lines(document: &Document, forge: Forge, name: &str, new: &str) -> Result<Vec<Edit>, String> {
    let new_owner = forge.owner(new).map_err(|error| {
        let (title, reason, help) = (forge.title, error.reason, error.help);
        format!("`{new}` is not an owner on {title}: {reason}; {help}")
    })?;
    if name == new {
        return Err(format!("the owner is called `{new}` already"));
    }
    let old = Owner::unchecked(name);
    let is_named = |token: &&Token| document.value(token).eq_ignore_ascii_case(name);
    let tokens = document.tokens(Role::Owner).filter(is_named);
    let edits: Vec<Edit> = tokens
        .map(|token| Edit {
            span: token.span.clone(),
            new: new.to_string(),
        })
        .collect();
    let mut text = document.text.clone();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.clone(), &edit.new);
    }
    let (before, after) = (rules(&document.text, forge)?, rules(&text, forge)?);
    let renamed = |owners: &[Owner]| {
        let owners = owners.iter();
        let owners = owners.map(|owner| match owner.is_same(&old) {
            true => new_owner.folded(),
            false => owner.folded(),
        });
        let mut owners: Vec<String> = owners.collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    };
    let pairs = before.lines().ids().iter().zip(after.lines().ids());
    let mut pairs = pairs.map(|(a, b)| {
        before[a].pattern == after[b].pattern
            && renamed(&before.rule_of(a).owners) == renamed(&after.rule_of(b).owners)
    });
    let is_proved = before.lines().len() == after.lines().len() && pairs.all(|same| same);
    is_proved
        .then_some(edits)
        .ok_or_else(|| "the renamed file would not say the same".to_string())
}

fn rules(text: &str, forge: Forge) -> Result<RuleSet, String> {
    let project = Project::from_codeowners("CODEOWNERS", text.as_bytes(), forge);
    project
        .map(|project| project.rules)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::{World, marked};

    const ROOT: &str = "nested = true\r\n[groups]\r\na = ['@x', \"\\u0062\"] # b\r\n[groups.\"b\"]\r\nteam = '@o/b'\r\n[groups.b.meta]\r\nb = 'b'\r\n\
                        [paths]\r\n'*' = ['a', '@x']\r\n'b' = { add = [\r\n  'b', # é😀\r\n  '@X',\r\n], notify = 'b' }\r\n[[require]]\r\npaths = 'b'\r\nany-of = 'b'\r\n[[approval]]\r\nname = 'b'\r\npaths = 'b'\r\nowners = 'b'\r\n";
    const NESTED: [(&str, &str); 2] = [
        ("c", "[groups]\nn = 'b'\n[paths]\n'b' = ['n', 'b']\n"),
        ("d", "[groups]\nn = '@y'\n[paths]\n'b' = 'n'\n"),
    ];

    /// The texts after a rename at the mark of a document, of those that change.
    fn renamed(document: usize, text: &str, new: &str) -> Result<Vec<String>, String> {
        let (text, at) = marked(text);
        let world = World::nested(&["c/x"], ROOT, &NESTED);
        let mut documents = world.documents(ROOT);
        let changed = &documents[document];
        documents[document] = Document::toml(&changed.name, &changed.directory, text);
        let documents: Vec<&Document> = documents.iter().collect();
        let found = world.analysis(&documents).rename(document, at, new)?;
        let texts = found.into_iter().map(|found| {
            let mut text = documents[found.document].text.clone();
            for edit in found.edits.iter().rev() {
                text.replace_range(edit.span.clone(), &edit.new);
            }
            text
        });
        Ok(texts.collect())
    }

    #[test]
    fn a_group_that_a_nested_file_uses() {
        let expected = [
            ROOT.replace("\"\\u0062\"", "\"wasi\"")
                .replace("groups.\"b\"", "groups.\"wasi\"")
                .replace("groups.b.", "groups.wasi.")
                .replace("  'b', #", "  'wasi', #")
                .replace("notify = 'b'", "notify = 'wasi'")
                .replace("any-of = 'b'", "any-of = 'wasi'")
                .replace("owners = 'b'", "owners = 'wasi'"),
            "[groups]\nn = 'wasi'\n[paths]\n'b' = ['n', 'wasi']\n".to_string(),
        ];
        for (from, to) in [
            ("groups.\"b\"", "groups.\"b$0\""),
            ("groups.b.", "groups.$0b."),
            ("\\u0062", "$0\\u0062"),
            ("any-of = 'b'", "any-of = 'b$0'"),
        ] {
            let text = ROOT.replacen(from, to, 1);
            assert_eq!(renamed(0, &text, "wasi").unwrap(), expected, "{to}");
        }
        let text = NESTED[0].1.replacen("'b'\n[paths]", "'$0b'\n[paths]", 1);
        assert_eq!(renamed(1, &text, "wasi").unwrap(), expected);
        // One of two groups of a name.
        let text = NESTED[1].1.replacen("n =", "n$0 =", 1);
        assert_eq!(
            renamed(2, &text, "m").unwrap(),
            ["[groups]\nm = '@y'\n[paths]\n'b' = 'm'\n"]
        );
    }

    #[test]
    fn only_what_changes_is_edited() {
        let (text, at) = marked(&ROOT.replacen("'@X'", "'@$0X'", 1));
        let world = World::nested(&["c/x"], &text, &NESTED);
        let documents = world.documents(&text);
        let documents: Vec<&Document> = documents.iter().collect();
        let found = world.analysis(&documents).rename(0, at, "@z").unwrap();
        let [DocumentEdits { document: 0, edits }] = &found[..] else {
            panic!("{found:?}");
        };
        let edits: Vec<_> = edits
            .iter()
            .map(|edit| (&text[edit.span.clone()], edit.new.as_str()))
            .collect();
        assert_eq!(
            edits,
            [("'@x'", "'@z'"), ("'@x'", "'@z'"), ("'@X'", "'@z'")]
        );
    }

    #[test]
    fn an_owner_that_is_in_the_list_already() {
        let text = ROOT.replacen("['a', '@x']", "['a', '@$0x', '@y']", 1);
        let texts = renamed(0, &text, "@y").unwrap();
        assert!(texts[0].contains("'*' = ['a', '@y']"), "{}", texts[0]);
        assert!(texts[0].contains("a = ['@y', "), "{}", texts[0]);
    }

    #[test]
    fn what_would_be_wrong_is_refused() {
        for (from, to, new, expected) in [
            (
                "a = [",
                "a$0 = [",
                "b",
                "there is a group `b` already (owners.toml:4:9); choose another name, or move the owners of one group to the other by hand",
            ),
            (
                "a = [",
                "a$0 = [",
                "n",
                "there is a group `n` already (c/owners.toml:2:1); choose another name, or move the owners of one group to the other by hand",
            ),
            (
                "a = [",
                "a$0 = [",
                "a b",
                "`a b` is not a group name; use letters, digits, `.`, `_` and `-`, and start with a letter or digit",
            ),
            (
                "a = [",
                "a$0 = [",
                "",
                "`` is not a group name; use letters, digits, `.`, `_` and `-`, and start with a letter or digit",
            ),
            ("a = [", "a$0 = [", "a", "the group is called `a` already"),
            (
                "a = [",
                "a$0 = [",
                "@a",
                "`a` is a group, and `@a` would be an owner; name two groups, or two owners; an owner is `@user`, `@org/team` or an e-mail address",
            ),
            (
                "'@X'",
                "'@$0X'",
                "x",
                "`@X` is an owner, and `x` would be a group; name two groups, or two owners; an owner is `@user`, `@org/team` or an e-mail address",
            ),
            ("'@X'", "'@$0X'", "@a b", "`@a b` is not an owner on GitHub"),
            (
                "'b' = {",
                "'b$0' = {",
                "x",
                "only a group or an owner can be renamed",
            ),
            (
                "b = 'b'",
                "b = 'b$0'",
                "x",
                "only a group or an owner can be renamed",
            ),
            (
                "[paths]",
                "[pa$0ths]",
                "x",
                "only a group or an owner can be renamed",
            ),
            (
                "['a', '@x']",
                "['nothing$0', '@x']",
                "x",
                "there is no group `nothing`",
            ),
            (
                "[paths]\r\n",
                "[paths]\r\n$0\r\n",
                "x",
                "there is no name here",
            ),
            (
                "['a', '@x']",
                "['$0a', '@x'",
                "x",
                "the configuration has an error, at owners.toml:10:1: invalid TOML",
            ),
            (
                "['a', '@x']",
                "['$0a', 'wrong']",
                "x",
                "the configuration has an error, at owners.toml:9:13: unknown group `wrong`",
            ),
        ] {
            let refused = renamed(0, &ROOT.replacen(from, to, 1), new).unwrap_err();
            assert!(refused.starts_with(expected), "{to}: {refused}");
        }
    }

    #[test]
    fn an_owner_of_a_codeowners_file() {
        let text = "# @a\n* @$0a @b # @a\r\n/x @A\n/y @ab\n";
        let rename = |new| {
            let (text, at) = marked(text);
            let world = World::by_hand(&["x"], &text);
            let documents = world.documents(&text);
            let documents: Vec<&Document> = documents.iter().collect();
            let found = world.analysis(&documents).rename(0, at, new)?;
            let mut text = text.clone();
            for edit in found[0].edits.iter().rev() {
                text.replace_range(edit.span.clone(), &edit.new);
            }
            Ok::<_, String>(text)
        };
        assert_eq!(
            rename("@o/t").unwrap(),
            "# @a\n* @o/t @b # @a\r\n/x @o/t\n/y @ab\n"
        );
        assert_eq!(
            rename("@b").unwrap(),
            "# @a\n* @b @b # @a\r\n/x @b\n/y @ab\n"
        );
        assert!(
            rename("team")
                .unwrap_err()
                .starts_with("`team` is not an owner on GitHub")
        );
        assert!(rename("@a").unwrap_err().contains("already"));
    }
}
