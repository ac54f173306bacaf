//! A repository for the tests of this module. A text of a test has a mark `$0` where the cursor is.

use super::{Analysis, Document, Known};
use crate::ruleset::survey::Survey;
use crate::text::FileId;
use crate::{Draft, Forge, PathSet, Project};

/// A repository, with what is known of it.
pub(super) struct World {
    pub(super) paths: PathSet,
    project: Project,
    survey: Survey,
}

/// A text without its mark, and the place where it was.
pub(super) fn marked(text: &str) -> (String, usize) {
    let at = text.find("$0").unwrap_or_else(|| panic!("no $0: {text}"));
    ([&text[..at], &text[at + 2..]].concat(), at)
}

impl World {
    /// A repository with an `owners.toml` without errors.
    pub(super) fn new(paths: &[&str], text: &str) -> Self {
        Self::nested(paths, text, &[])
    }

    /// A repository with more of them in directories.
    pub(super) fn nested(paths: &[&str], text: &str, nested: &[(&str, &str)]) -> Self {
        let mut draft = Draft::new("owners.toml", text.into()).unwrap();
        for (directory, text) in nested {
            draft.add(directory, (*text).into());
        }
        Self::with(paths, draft.finish().unwrap())
    }

    /// A repository with a CODEOWNERS file.
    pub(super) fn by_hand(paths: &[&str], text: &str) -> Self {
        let project = Project::from_codeowners("CODEOWNERS", text.as_bytes(), Forge::default());
        Self::with(paths, project.unwrap())
    }

    fn with(paths: &[&str], project: Project) -> Self {
        let paths: PathSet = paths.iter().collect();
        let survey = Survey::new(&project.rules.matcher(), &paths);
        World {
            paths,
            project,
            survey,
        }
    }

    /// The text of the root file that is known.
    pub(super) fn text(&self) -> &String {
        &self.project.sources[FileId::ROOT].text
    }

    /// A document of the root file with another text.
    pub(super) fn root(&self, text: &str) -> Document {
        match &self.project.codeowners {
            Some(by_hand) => Document::codeowners("CODEOWNERS", text, by_hand.forge),
            None => Document::toml("owners.toml", "", text),
        }
    }

    /// The documents with the texts that are known, and another one for the root.
    pub(super) fn documents(&self, root: &str) -> Vec<Document> {
        let nested = self.project.nested.iter().map(|config| {
            let source = &self.project.sources[config.file];
            Document::toml(&source.name, &config.directory, &source.text)
        });
        std::iter::once(self.root(root)).chain(nested).collect()
    }

    pub(super) fn analysis<'a>(&'a self, documents: &[&'a Document]) -> Analysis<'a> {
        Analysis {
            documents: documents.to_vec(),
            paths: &self.paths,
            known: Some(Known {
                project: &self.project,
                survey: Some(&self.survey),
            }),
        }
    }

    /// What stands at the mark of the root file.
    pub(super) fn hover(&self, text: &str) -> Option<String> {
        self.hover_in(0, text)
    }

    /// What stands at the mark of another text of a document.
    pub(super) fn hover_in(&self, document: usize, text: &str) -> Option<String> {
        let (text, at) = marked(text);
        let mut documents = self.documents(self.text());
        documents[document] = match document {
            0 => self.root(&text),
            _ => {
                let Document {
                    name, directory, ..
                } = &documents[document];
                Document::toml(name, directory, text)
            }
        };
        let documents: Vec<&Document> = documents.iter().collect();
        let hover = self.analysis(&documents).hover(document, at)?;
        Some(hover.text.to_markdown())
    }
}
