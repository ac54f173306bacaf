//! Which group a name means in a document, by the texts as they are now.

use super::document::Document;
use super::known::{Place, is_in};
use super::token::Token;

/// The documents of a configuration, the root first.
#[derive(Clone, Copy)]
pub(super) struct Documents<'d>(pub(super) &'d [&'d Document]);

impl<'d> Documents<'d> {
    /// The tokens that name a group where it is defined, of all groups that are visible in a
    /// directory: those of its own file and of files above it.
    fn visible(self, directory: &str) -> impl Iterator<Item = (usize, &'d Token)> {
        let documents = self.0.iter().enumerate();
        let here = documents.filter(move |(_, document)| is_in(directory, &document.directory));
        here.flat_map(|(index, document)| {
            let groups = document.outline.groups.iter();
            groups.map(move |&group| (index, &document.outline.tokens[group]))
        })
    }

    /// The places where the group is defined that a name means in a directory. There are several if
    /// headers repeat the name.
    pub(super) fn definitions(self, name: &str, directory: &str) -> Vec<Place> {
        let mut found: Vec<Place> = Vec::new();
        for (document, token) in self.visible(directory) {
            // A name means one group. That two files define it is an error, and the outer one wins.
            let is_other = found
                .first()
                .is_some_and(|first| first.document != document);
            if !is_other && self.0[document].value(token) == name {
                let span = token.content();
                found.push(Place { document, span });
            }
        }
        found
    }

    /// The names of all groups that are visible in a directory, each once, with the index of the
    /// document that defines it.
    pub(super) fn names(self, directory: &str) -> Vec<(usize, String)> {
        let mut names: Vec<(usize, String)> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for (document, token) in self.visible(directory) {
            let name = self.0[document].value(token);
            if !name.is_empty() && seen.insert(name.clone().into_owned()) {
                names.push((document, name.into_owned()));
            }
        }
        names
    }
}
