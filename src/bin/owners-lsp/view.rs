//! What a request about a place in a configuration is answered from: the documents as they are now, in
//! the types of the library's `ide`, and positions in them.
//!
//! The text of a document is read into its tokens once for each version.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use gen_lsp_types as lsp;
use owners::Forge;
use owners::config::CONFIG_NAME;
use owners::ide::{Analysis, Document, Known, Place};
use owners::text::{FileId, Sources};

use crate::position::{Lines, MARK};
use crate::snapshot::{Snapshot, Trouble, Views};

/// The documents for a request, and what is known of them.
pub(crate) struct View<'s> {
    pub(crate) snapshot: &'s Snapshot,
    documents: Vec<Arc<Document>>,
    /// The one that the request is about.
    pub(crate) index: usize,
    /// Of each document.
    lines: Vec<OnceCell<Lines>>,
}

impl Snapshot {
    /// The documents for a request about the one at a root-relative path. `None` if that is neither an
    /// `owners.toml` nor a CODEOWNERS file that is written by hand.
    pub(crate) fn view(&mut self, path: &[u8]) -> Option<View<'_>> {
        if self.sound.is_none() && self.trouble.is_none() {
            self.load();
        }
        let path = str::from_utf8(path).ok()?;
        let by_hand = self.by_hand().filter(|(name, _)| *name == path);
        let texts = match by_hand {
            Some(_) => self.with_open(BTreeMap::new(), path),
            None if path.rsplit('/').next() == Some(CONFIG_NAME) => {
                self.with_open(self.known_texts(), path)
            }
            None => return None,
        };
        let forge = by_hand.map(|(_, forge)| forge);
        let views = texts.into_iter();
        let views: Views = views
            .map(|(name, text)| {
                let document = document(&self.views, &name, &text, forge);
                (name, document)
            })
            .collect();
        self.views.clone_from(&views);
        let mut documents: Vec<Arc<Document>> = views.into_values().collect();
        // The root first.
        documents.sort_by_key(|document| !document.directory.is_empty());
        let index = documents.iter().position(|each| each.name == path)?;
        let lines = documents.iter().map(|_| OnceCell::new()).collect();
        Some(View {
            snapshot: self,
            documents,
            index,
            lines,
        })
    }

    /// The CODEOWNERS file that decides, if it is written by hand.
    fn by_hand(&self) -> Option<(String, Forge)> {
        let project = &self.sound.as_ref()?.project;
        let by_hand = project.codeowners.as_ref()?;
        Some((project.sources[FileId::ROOT].name.clone(), by_hand.forge))
    }

    /// The files of the configuration, as they were read last: the current ones, and those that were
    /// sound last.
    fn known_texts(&self) -> BTreeMap<String, Cow<'_, str>> {
        let sound = self.sound.as_ref();
        let sound = sound.filter(|sound| sound.project.codeowners.is_none());
        let sound = sound.map(|sound| &sound.project.sources);
        let unsound = match &self.trouble {
            Some(Trouble::Unsound(unsound)) => Some(&unsound.sources),
            _ => None,
        };
        let all = sound.into_iter().chain(unsound);
        let all = all.flat_map(|sources: &Sources| sources.iter());
        all.map(|(_, source)| (source.name.clone(), Cow::Borrowed(source.text.as_str())))
            .collect()
    }

    /// The texts with those of the root and of another file; all of them as they are in the editor, if
    /// they are open.
    fn with_open<'a>(
        &'a self,
        mut texts: BTreeMap<String, Cow<'a, str>>,
        path: &str,
    ) -> BTreeMap<String, Cow<'a, str>> {
        let needs_root = path.ends_with(CONFIG_NAME);
        for name in [needs_root.then_some(CONFIG_NAME), Some(path)] {
            if let Some(name) = name.filter(|&name| !texts.contains_key(name))
                && let Some(Some(text)) = self.text(name.as_bytes())
            {
                texts.insert(name.to_string(), Cow::Owned(text));
            }
        }
        for (name, text) in &mut texts {
            if let Some(open) = self.document(name.as_bytes()) {
                *text = Cow::Borrowed(open.text.as_str());
            }
        }
        texts
    }
}

/// A document with this text: the one that there was, if it has it.
fn document(before: &Views, name: &str, text: &str, forge: Option<Forge>) -> Arc<Document> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let same = |document: &&Arc<Document>| document.text == text && document.forge == forge;
    if let Some(document) = before.get(name).filter(same) {
        return Arc::clone(document);
    }
    let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
    Arc::new(match forge {
        Some(forge) => Document::codeowners(name, text, forge),
        None => Document::toml(name, directory, text),
    })
}

impl View<'_> {
    /// What the library answers from.
    pub(crate) fn analysis(&self) -> Analysis<'_> {
        let sound = self.snapshot.sound.as_ref();
        Analysis {
            documents: self.documents.iter().map(Arc::as_ref).collect(),
            paths: &self.snapshot.facts.paths,
            known: sound.map(|sound| Known {
                project: &sound.project,
                survey: None,
            }),
        }
    }

    /// The same, with what the rules decide. That is calculated once for each text.
    pub(crate) fn analysis_with_counts(&self) -> Analysis<'_> {
        let mut analysis = self.analysis();
        if let (Some(known), Some(sound)) = (&mut analysis.known, &self.snapshot.sound) {
            known.survey = Some(sound.survey(analysis.paths));
        }
        analysis
    }

    /// The document that the request is about.
    pub(crate) fn document(&self) -> &Document {
        &self.documents[self.index]
    }

    fn lines(&self, document: usize) -> &Lines {
        self.lines[document].get_or_init(|| {
            let Document { name, text, .. } = &*self.documents[document];
            self.snapshot.lines(name.as_bytes(), text)
        })
    }

    /// The byte of the document at a position.
    pub(crate) fn offset(&self, position: lsp::Position) -> usize {
        self.lines(self.index)
            .offset(&self.document().text, position)
    }

    /// The position of a byte of the document.
    pub(crate) fn position(&self, offset: usize) -> lsp::Position {
        self.lines(self.index)
            .position(&self.document().text, offset)
    }

    /// The range of some bytes of the document.
    pub(crate) fn range(&self, span: &Range<usize>) -> lsp::Range {
        self.range_in(self.index, span)
    }

    /// The range of some bytes of a document.
    pub(crate) fn range_in(&self, document: usize, span: &Range<usize>) -> lsp::Range {
        let text = &self.documents[document].text;
        self.lines(document).range(text, span)
    }

    /// The root-relative path of a document.
    pub(crate) fn path(&self, document: usize) -> &[u8] {
        self.documents[document].name.as_bytes()
    }

    /// A place in a document, as one of the protocol.
    pub(crate) fn location(&self, place: &Place) -> lsp::Location {
        lsp::Location {
            uri: self.snapshot.uri(self.path(place.document)),
            range: self.range_in(place.document, &place.span),
        }
    }
}
