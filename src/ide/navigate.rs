//! Where a group is defined, and where a group or an owner is named.

use super::Analysis;
use super::document::Document;
use super::groups::Documents;
use super::known::{Place, is_in};
use super::token::{Role, Token};
use crate::owner::Owner;

/// A group or an owner that a token names.
pub(super) enum Named {
    /// A group, with the places where it is defined.
    Group(Vec<Place>),
    /// An owner.
    Owner(Owner),
}

impl Analysis<'_> {
    fn all(&self) -> Documents<'_> {
        Documents(&self.documents)
    }

    /// The document, and the token at a place of it.
    pub(super) fn token(&self, document: usize, offset: usize) -> Option<(&Document, &Token)> {
        let shown = *self.documents.get(document)?;
        let token = shown.token_at(offset)?;
        Some((shown, token))
    }

    /// What a token of a document names. `None` if it is no name, or that of no group.
    pub(super) fn named(&self, document: &Document, token: &Token) -> Option<Named> {
        let name = document.value(token);
        match token.role {
            Role::Owner | Role::Team if name.contains('@') => {
                Some(Named::Owner(Owner::unchecked(&name)))
            }
            Role::Group | Role::Owner if document.forge.is_none() => {
                let places = self.all().definitions(&name, &document.directory);
                (!places.is_empty()).then_some(Named::Group(places))
            }
            _ => None,
        }
    }

    /// Where the group is defined that stands at a place. Empty if there is none.
    #[must_use]
    pub fn definitions(&self, document: usize, offset: usize) -> Vec<Place> {
        let Some((shown, token)) = self.token(document, offset) else {
            return Vec::new();
        };
        match self.named(shown, token) {
            // Headers may repeat a name. The first is the definition.
            Some(Named::Group(places)) => places.into_iter().take(1).collect(),
            Some(Named::Owner(_)) | None => Vec::new(),
        }
    }

    /// Everywhere the group or owner is named that stands at a place. `with_definitions`: and where the
    /// group is defined.
    #[must_use]
    pub fn references(&self, document: usize, offset: usize, with_definitions: bool) -> Vec<Place> {
        let Some((shown, token)) = self.token(document, offset) else {
            return Vec::new();
        };
        match self.named(shown, token) {
            Some(Named::Group(places)) => {
                let name = shown.value(token);
                let mentions = self.mentions(&name, &places);
                let definitions = places.into_iter().filter(|_| with_definitions);
                let mut all: Vec<Place> = definitions.chain(mentions).collect();
                all.sort_by_key(|place| (place.document, place.span.start));
                all
            }
            Some(Named::Owner(owner)) => self.mentions_of(&owner),
            None => Vec::new(),
        }
    }

    /// The mentions of a group that is defined at these places.
    fn mentions(&self, name: &str, definitions: &[Place]) -> Vec<Place> {
        let Some(first) = definitions.first() else {
            return Vec::new();
        };
        let home = &self.documents[first.document].directory;
        let mut found = Vec::new();
        for (document, shown) in self.documents.iter().enumerate() {
            // No file below may define a group of that name.
            if !is_in(&shown.directory, home) {
                continue;
            }
            let tokens = shown.tokens(Role::Owner);
            let tokens = tokens.filter(|token| shown.value(token) == name);
            found.extend(tokens.map(|token| Place {
                document,
                span: token.content(),
            }));
        }
        found
    }

    fn mentions_of(&self, owner: &Owner) -> Vec<Place> {
        let mut found = Vec::new();
        for (document, shown) in self.documents.iter().enumerate() {
            let is_named = |token: &&Token| {
                matches!(token.role, Role::Owner | Role::Team)
                    && shown.value(token).eq_ignore_ascii_case(owner.as_str())
            };
            let tokens = shown.outline.tokens.iter().filter(is_named);
            found.extend(tokens.map(|token| Place {
                document,
                span: token.content(),
            }));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::{World, marked};

    const ROOT: &str = "nested = true\n[groups]\na = ['@x', 'b']\n[groups.b]\nteam = '@o/b'\n[groups.b.meta]\nlabel = 'b'\n\
                        [paths]\n'*' = ['a', \"\\u0062\"]\n'b' = { add = ['b', '@X'], notify = 'b' }\n[[require]]\npaths = 'b'\nany-of = 'b'\n";
    const NESTED: [(&str, &str); 2] = [
        (
            "c",
            "[groups]\nn = ['b', '@x']\n[paths]\n'b' = ['n', 'b']\n",
        ),
        ("d", "[groups]\nn = '@y'\n[paths]\n'b' = 'n'\n"),
    ];

    /// The places of an answer, as the file, the line, and the text.
    fn shown(
        text: &str,
        document: usize,
        ask: impl Fn(&Analysis<'_>, usize) -> Vec<Place>,
    ) -> Vec<String> {
        let (text, at) = marked(text);
        let world = World::nested(&["c/x"], ROOT, &NESTED);
        let mut documents = world.documents(ROOT);
        let changed = &documents[document];
        documents[document] = Document::toml(&changed.name, &changed.directory, text);
        let documents: Vec<&Document> = documents.iter().collect();
        let analysis = world.analysis(&documents);
        let show = |place: Place| {
            let document = documents[place.document];
            let line = document.text[..place.span.start].matches('\n').count() + 1;
            format!("{}:{line} {}", document.name, &document.text[place.span])
        };
        ask(&analysis, at).into_iter().map(show).collect()
    }

    fn definitions(text: &str, document: usize) -> Vec<String> {
        shown(text, document, |analysis, at| {
            analysis.definitions(document, at)
        })
    }

    fn references(text: &str, document: usize) -> Vec<String> {
        shown(text, document, |analysis, at| {
            analysis.references(document, at, true)
        })
    }

    #[test]
    fn where_a_group_is_defined() {
        for (from, to, expected) in [
            ("\\u0062", "\\u00$062", &["owners.toml:4 b"][..]),
            ("'b']\n[groups", "'b$0']\n[groups", &["owners.toml:4 b"]),
            ("any-of = 'b'", "any-of = '$0b'", &["owners.toml:4 b"]),
            ("[groups.b.meta]", "[groups.b$0.meta]", &["owners.toml:4 b"]),
            ("a = [", "$0a = [", &["owners.toml:3 a"]),
            ("'b' = {", "'b$0' = {", &[]),
            ("'@X'", "'@$0X'", &[]),
            ("label = 'b'", "label = 'b$0'", &[]),
        ] {
            assert_eq!(
                definitions(&ROOT.replacen(from, to, 1), 0),
                expected,
                "{to}"
            );
        }
        let nested = NESTED[0].1;
        assert_eq!(
            definitions(&nested.replacen("'b',", "'$0b',", 1), 1),
            ["owners.toml:4 b"]
        );
        assert_eq!(
            definitions(&nested.replacen("'n'", "'$0n'", 1), 1),
            ["c/owners.toml:2 n"]
        );
        // The file is broken.
        let broken = "[paths]\n'x' = [\n'y' = [ 'b$0";
        assert_eq!(definitions(broken, 1), ["owners.toml:4 b"]);
    }

    #[test]
    fn where_a_group_is_named() {
        let expected = [
            "owners.toml:3 b",
            "owners.toml:4 b",
            "owners.toml:6 b",
            "owners.toml:9 \\u0062",
            "owners.toml:10 b",
            "owners.toml:10 b",
            "owners.toml:13 b",
            "c/owners.toml:2 b",
            "c/owners.toml:4 b",
        ];
        assert_eq!(
            references(&ROOT.replacen("groups.b]", "groups.b$0]", 1), 0),
            expected
        );
        let nested = NESTED[0].1;
        assert_eq!(
            references(&nested.replacen("'n', 'b'", "'n', 'b$0'", 1), 1),
            expected
        );
        assert_eq!(
            references(&nested.replacen("'n'", "'$0n'", 1), 1),
            ["c/owners.toml:2 n", "c/owners.toml:4 n"]
        );
    }

    #[test]
    fn where_an_owner_is_named() {
        let expected = [
            "owners.toml:3 @x",
            "owners.toml:10 @X",
            "c/owners.toml:2 @x",
        ];
        assert_eq!(references(&ROOT.replacen("'@X'", "'@$0X'", 1), 0), expected);
        assert_eq!(
            references(&ROOT.replacen("'@o/b'", "'@o/b$0'", 1), 0),
            ["owners.toml:5 @o/b"]
        );
    }

    #[test]
    fn in_a_codeowners_file() {
        let (text, at) = marked("* @a $0@b\n/x @B # @b\n");
        let world = World::by_hand(&["x"], &text);
        let documents = world.documents(&text);
        let documents: Vec<&Document> = documents.iter().collect();
        let analysis = world.analysis(&documents);
        assert_eq!(analysis.references(0, at, true).len(), 2);
        assert!(analysis.definitions(0, at).is_empty());
    }
}
