//! What could stand at a place.
//!
//! If nothing stands there yet, a word is written there, and the text is read again: then the word is
//! the token to complete, and its role says what is wanted.

mod keys;
mod names;
mod paths;

use std::borrow::Cow;
use std::ops::Range;

use super::Analysis;
use super::document::Document;
use super::markup::Markup;
use super::token::{Quote, Role, Token};
use crate::text::toml::quoted;

/// The most items of an answer. With more, the editor asks again after the next key.
const MOST: usize = 200;

/// What could stand at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The items, the most likely first.
    pub items: Vec<Completion>,
    /// Whether there are more, which another letter may lead to.
    pub is_incomplete: bool,
}

/// Something that could stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// More about it, in a few words. May be empty.
    pub detail: String,
    /// A text about it.
    pub about: Option<Markup>,
    /// What it is.
    pub kind: CompletionKind,
    /// The bytes that it replaces.
    pub span: Range<usize>,
    /// What is written there.
    pub new: String,
    /// What is compared with what was typed, the text of `span` up to the cursor.
    pub filter: String,
}

/// What a [`Completion`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A table or a key.
    Key,
    /// A group.
    Group,
    /// An owner.
    Owner,
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A lint.
    Lint,
    /// One of a few values, such as a level.
    Value,
}

/// The token to complete.
struct Spot<'d> {
    /// The document, perhaps with a word that was written at the place.
    document: Cow<'d, Document>,
    /// The index of the token.
    token: usize,
    /// The place.
    offset: usize,
    /// How many bytes were written there.
    written: usize,
}

impl<'d> Spot<'d> {
    fn find(document: &'d Document, offset: usize) -> Option<Self> {
        let touched = document.outline.token_at(offset);
        let touched = touched.map(|index| (index, &document.outline.tokens[index]));
        if let Some((token, _)) = touched.filter(|(_, token)| token.touches(offset)) {
            return Some(Spot {
                document: Cow::Borrowed(document),
                token,
                offset,
                written: 0,
            });
        }
        // Directly behind a string there is nothing to complete.
        if touched.is_some_and(|(_, token)| token.span.end == offset) {
            return None;
        }
        // In a CODEOWNERS file, what is no pattern is an owner only with an `@`.
        let word = match document.forge {
            Some(_) => "x@x",
            None => "x",
        };
        let text = [&document.text[..offset], word, &document.text[offset..]].concat();
        let Document {
            name, directory, ..
        } = document;
        let document = match document.forge {
            Some(forge) => Document::codeowners(name, text, forge),
            None => Document::toml(name, directory, text),
        };
        let token = document.outline.token_at(offset)?;
        let is_word = document.outline.tokens[token].quote == Quote::Bare;
        is_word.then_some(Spot {
            document: Cow::Owned(document),
            token,
            offset,
            written: word.len(),
        })
    }

    fn token(&self) -> &Token {
        &self.document.outline.tokens[self.token]
    }

    /// What was typed of the value.
    fn typed(&self) -> Cow<'_, str> {
        self.token().value_before(&self.document.text, self.offset)
    }

    /// The bytes of the original text that the whole value takes. A string without an end reaches
    /// only up to the place: what is behind it was there before.
    fn span(&self) -> Range<usize> {
        let content = self.token().content();
        match self.token().is_closed {
            true => content.start..content.end - self.written,
            false => content.start..self.offset,
        }
    }

    /// A value as it is written in the place of the one that is there. `None` if it cannot be.
    /// `ends`: a quote may follow it.
    fn write(&self, value: &str, ends: bool) -> Option<String> {
        let token = self.token();
        if self.document.forge.is_some() {
            return Some(value.to_string());
        }
        if token.quote == Quote::Bare {
            return (!value.contains(char::is_control)).then(|| quoted(value));
        }
        let mut new = token.quote.escape(value)?;
        if ends && !token.is_closed {
            new.push_str(token.quote.mark());
        }
        Some(new)
    }

    /// An item that replaces the whole value.
    fn value(&self, value: &str, kind: CompletionKind) -> Option<Completion> {
        Some(Completion {
            label: crate::text::escaped(value.as_bytes()),
            detail: String::new(),
            about: None,
            kind,
            span: self.span(),
            new: self.write(value, true)?,
            filter: self.token().quote.escape(value)?,
        })
    }
}

impl Analysis<'_> {
    /// What could stand at a place of a document.
    #[must_use]
    pub fn complete(&self, document: usize, offset: usize) -> Completions {
        let Some(&shown) = self.documents.get(document) else {
            return Completions::default();
        };
        let is_place = shown.text.is_char_boundary(offset) && offset <= shown.text.len();
        if !is_place || shown.outline.is_in_comment(offset) {
            return Completions::default();
        }
        let Some(spot) = Spot::find(shown, offset) else {
            return Completions::default();
        };
        match spot.token().role {
            Role::Owner => self.groups_and_owners(&spot),
            Role::Team => self.owners(&spot),
            Role::Pattern(_) => self.paths_in_pattern(&spot),
            Role::Roster => self.roster(&spot),
            Role::Key(table) => complete(keys::of_table(&spot, table)),
            Role::Lint => complete(keys::lints(&spot)),
            Role::Level => complete(keys::levels(&spot)),
            Role::Selector => complete(keys::selectors(&spot)),
            Role::Platform => complete(keys::platforms(&spot)),
            Role::File => complete(keys::files(&spot)),
            Role::Group | Role::Section | Role::Free => Completions::default(),
        }
    }
}

fn complete(items: Vec<Completion>) -> Completions {
    Completions {
        items,
        is_incomplete: false,
    }
}

#[cfg(test)]
mod testing {
    use super::*;
    use crate::ide::testing::{World, marked};

    /// The labels at the mark of the root file.
    pub(super) fn labels(world: &World, text: &str) -> Vec<String> {
        let found = completions(world, text, 0).0;
        found.items.into_iter().map(|item| item.label).collect()
    }

    /// The completions at the mark of a document, and its text.
    pub(super) fn completions(world: &World, text: &str, document: usize) -> (Completions, String) {
        let (text, at) = marked(text);
        let root = match document {
            0 => &text,
            _ => world.text(),
        };
        let mut documents = world.documents(root);
        if document > 0 {
            let Document {
                name, directory, ..
            } = &documents[document];
            documents[document] = Document::toml(name, directory, &text);
        }
        let documents: Vec<&Document> = documents.iter().collect();
        let found = world.analysis(&documents).complete(document, at);
        for item in &found.items {
            assert!(item.span.start <= at && at <= item.span.end, "{item:?}");
        }
        (found, text)
    }

    /// The text after one of the completions was chosen.
    pub(super) fn chosen(world: &World, text: &str, label: &str) -> String {
        chosen_in(world, text, label, 0)
    }

    pub(super) fn chosen_in(world: &World, text: &str, label: &str, document: usize) -> String {
        let (found, mut text) = completions(world, text, document);
        let item = found.items.iter().find(|item| item.label == label);
        let item = item.unwrap_or_else(|| panic!("no {label} in {:?}", found.items));
        text.replace_range(item.span.clone(), &item.new);
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::World;

    /// Asks everything at a place of a document.
    fn ask(analysis: &crate::ide::Analysis<'_>, at: usize) {
        let text = &analysis.documents[0].text;
        for item in analysis.complete(0, at).items {
            assert!(text.get(item.span.clone()).is_some(), "{item:?}");
        }
        if let Some(hover) = analysis.hover(0, at) {
            assert!(text.get(hover.span).is_some());
        }
        for place in analysis.references(0, at, true) {
            assert!(text.get(place.span).is_some());
        }
        let _ = analysis.definitions(0, at);
        let _ = analysis.renamable(0, at);
    }

    /// Asks everything at every place of every beginning of a text.
    fn ask_everywhere(world: &World, text: &str) {
        for end in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let document = world.root(&text[..end]);
            let documents = [&document];
            let analysis = world.analysis(&documents);
            for at in 0..=end {
                ask(&analysis, at);
            }
            let _ = analysis.hints(0, &(0..end));
            let _ = document.symbols();
            let _ = document.folds();
        }
    }

    /// No place of any text is a panic.
    #[test]
    fn any_place() {
        let text = "[groups]\na.team = '@o/a'\n[paths]\n\"/é😀/{a,b}/\\\"\" = { owners = [\"a\", '' ], except=''} # c\r\n[[require]]\npaths=\"x\n[lints]\nroster = \"\"\"x\n";
        let world = World::new(&["é😀/a/x", "é😀/b/y"], "[paths]\n'*' = '@x'\n");
        ask_everywhere(&world, text);
    }

    /// Nor of a CODEOWNERS file, in which quotes and brackets are letters.
    #[test]
    fn any_place_of_a_codeowners_file() {
        let text = "'\"\"\"é\t{@a\n\"\"\"\"\"é\"x @b\n'é @c\n/<a,{é😀/ @d # é\n[é][2] @e\n\\";
        let world = World::by_hand(&["é😀/a/x", "\"é/y"], "* @x\n");
        ask_everywhere(&world, text);
    }
}
