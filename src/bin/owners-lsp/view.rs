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
use owners::ide::{Analysis, Document, Known};
use owners::text::{FileId, Sources};

use crate::position::Lines;
use crate::snapshot::{Snapshot, Trouble, Views};

/// The byte order mark.
const MARK: char = '\u{feff}';

/// The documents for a request.
pub(crate) struct View {
    documents: Vec<Arc<Document>>,
    /// The one that the request is about.
    pub(crate) index: usize,
    /// Of each document, its lines, and the width of a byte order mark that only the client has.
    lines: Vec<OnceCell<(Lines, u32)>>,
}

impl Snapshot {
    /// The documents for a request about one of them. `None` if that is neither an `owners.toml` nor a
    /// CODEOWNERS file that is written by hand.
    pub(crate) fn view(&mut self, uri: &lsp::Uri) -> Option<View> {
        if self.sound.is_none() && self.trouble.is_none() {
            self.load();
        }
        let path = String::from_utf8(self.relative(uri)?).ok()?;
        let by_hand = self.by_hand().filter(|(name, _)| *name == path);
        let texts = match by_hand {
            Some(_) => self.with_open(BTreeMap::new(), &path),
            None if path.rsplit('/').next() == Some(CONFIG_NAME) => {
                self.with_open(self.known_texts(), &path)
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

    /// What the library answers from. `with_counts`: with what the rules decide, which is calculated
    /// once for each text.
    pub(crate) fn analysis<'a>(&'a self, view: &'a View, with_counts: bool) -> Analysis<'a> {
        let paths = &self.facts.paths;
        let known = self.sound.as_ref().map(|sound| Known {
            project: &sound.project,
            survey: with_counts.then(|| sound.survey(paths)),
        });
        Analysis {
            documents: view.documents.iter().map(Arc::as_ref).collect(),
            paths,
            known,
        }
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

impl View {
    /// The document that the request is about.
    pub(crate) fn document(&self) -> &Document {
        &self.documents[self.index]
    }

    fn lines(&self, snapshot: &Snapshot, document: usize) -> &(Lines, u32) {
        self.lines[document].get_or_init(|| {
            let Document { name, text, .. } = &*self.documents[document];
            let open = snapshot.document(name.as_bytes());
            let has_mark = open.is_some_and(|open| open.text.starts_with(MARK));
            let mark = snapshot
                .lines("\u{feff}")
                .position("\u{feff}", MARK.len_utf8());
            let width = if has_mark { mark.character } else { 0 };
            (snapshot.lines(text), width)
        })
    }

    /// The byte of the document at a position.
    pub(crate) fn offset(&self, snapshot: &Snapshot, mut position: lsp::Position) -> usize {
        let (lines, mark) = self.lines(snapshot, self.index);
        if position.line == 0 {
            position.character = position.character.saturating_sub(*mark);
        }
        lines.offset(&self.document().text, position)
    }

    /// The position of a byte of the document.
    pub(crate) fn position(&self, snapshot: &Snapshot, offset: usize) -> lsp::Position {
        self.range_in(snapshot, self.index, &(offset..offset)).start
    }

    /// The range of some bytes of the document.
    pub(crate) fn range(&self, snapshot: &Snapshot, span: &Range<usize>) -> lsp::Range {
        self.range_in(snapshot, self.index, span)
    }

    /// The range of some bytes of a document.
    pub(crate) fn range_in(
        &self,
        snapshot: &Snapshot,
        document: usize,
        span: &Range<usize>,
    ) -> lsp::Range {
        let (lines, mark) = self.lines(snapshot, document);
        let mut range = lines.range(&self.documents[document].text, span);
        for end in [&mut range.start, &mut range.end] {
            end.character += if end.line == 0 { *mark } else { 0 };
        }
        range
    }

    /// The root-relative path of a document.
    pub(crate) fn path(&self, document: usize) -> &[u8] {
        self.documents[document].name.as_bytes()
    }

    /// Some bytes of a document, as a place of the protocol.
    pub(crate) fn location(
        &self,
        snapshot: &Snapshot,
        document: usize,
        span: &Range<usize>,
    ) -> lsp::Location {
        lsp::Location {
            uri: snapshot.uri(self.path(document)),
            range: self.range_in(snapshot, document, span),
        }
    }
}
