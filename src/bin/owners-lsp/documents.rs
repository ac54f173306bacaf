//! The open documents, as the editor has them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use lsp::TextDocumentContentChangeEvent as Change;

use crate::position::{Encoding, Lines};
use crate::uri::path_of;

/// An open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the client spells it.
    pub(crate) uri: lsp::Uri,
    pub(crate) version: i32,
    pub(crate) text: Arc<String>,
}

/// Every open document that is a file, by path.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: BTreeMap<PathBuf, Document>,
}

impl Documents {
    /// Opens a document. One that is open already is replaced. Returns its path, if it is a file.
    pub(crate) fn open(&mut self, item: lsp::TextDocumentItem) -> Option<PathBuf> {
        let path = path_of(&item.uri)?;
        let document = Document {
            uri: item.uri,
            version: item.version,
            text: Arc::new(item.text),
        };
        self.open.insert(path.clone(), document);
        Some(path)
    }

    /// Changes a document. Returns its path, if it is open.
    pub(crate) fn change(
        &mut self,
        params: lsp::DidChangeTextDocumentParams,
        encoding: Encoding,
    ) -> Option<PathBuf> {
        let identifier = params.text_document;
        let path = path_of(&identifier.text_document_identifier.uri)?;
        let document = self.open.get_mut(&path)?;
        document.version = identifier.version;
        let text = Arc::make_mut(&mut document.text);
        // The lines, and the line of the last change. Those before it are still right. An editor that
        // changes many places lists them from the bottom up.
        let mut known: Option<(Lines, u32)> = None;
        for change in params.content_changes {
            match change {
                Change::TextDocumentContentChangePartial(part) => {
                    let last = part.range.start.line.max(part.range.end.line);
                    let lines = match known.take() {
                        Some((lines, changed)) if last < changed => lines,
                        _ => Lines::new(text, encoding),
                    };
                    let span = lines.span(text, part.range);
                    let line = lines.position(text, span.start).line;
                    text.replace_range(span, &part.text);
                    known = Some((lines, line));
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => {
                    *text = whole.text;
                    known = None;
                }
            }
        }
        Some(path)
    }

    /// Closes a document. Returns its path, if it was open.
    pub(crate) fn close(&mut self, uri: &lsp::Uri) -> Option<PathBuf> {
        let path = path_of(uri)?;
        self.open.remove(&path).map(|_| path)
    }

    /// The document at a path.
    pub(crate) fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    /// Every open document.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.open.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> (Documents, lsp::Uri) {
        let uri = lsp::Uri::from("file:///r/owners.toml");
        let mut documents = Documents::default();
        let item = lsp::TextDocumentItem {
            uri: uri.clone(),
            language_id: String::from("toml").into(),
            version: 1,
            text: text.to_string(),
        };
        documents.open(item).unwrap();
        (documents, uri)
    }

    fn changed(text: &str, changes: &serde_json::Value) -> String {
        let (mut documents, uri) = document(text);
        let params = serde_json::json!({
            "textDocument": { "uri": uri, "version": 2 },
            "contentChanges": changes,
        });
        let params = serde_json::from_value(params).unwrap();
        let path = documents.change(params, Encoding::Utf16).unwrap();
        documents.open[&path].text.to_string()
    }

    #[test]
    fn changes_are_made_in_order() {
        let range = |start: (u32, u32), end: (u32, u32)| {
            serde_json::json!({
                "start": { "line": start.0, "character": start.1 },
                "end": { "line": end.0, "character": end.1 },
            })
        };
        let changes = serde_json::json!([
            { "range": range((0, 2), (0, 3)), "text": "x" },
            { "range": range((0, 0), (0, 2)), "rangeLength": 2, "text": "" },
            { "range": range((1, 9), (7, 0)), "text": "!" },
        ]);
        assert_eq!(changed("😀b\r\nc", &changes), "x\r\nc!");
        let changes =
            serde_json::json!([{ "text": "a\nb" }, { "range": range((1, 1), (0, 0)), "text": "" }]);
        assert_eq!(changed("c", &changes), "");
    }

    /// Several changes at once are the same as one after the other.
    #[test]
    fn changes_from_the_bottom_up() {
        let text = "a\r\né😀b\rc\n\nlast";
        let places = [
            (0, 0),
            (0, 9),
            (1, 1),
            (1, 3),
            (2, 0),
            (2, 1),
            (3, 0),
            (9, 9),
        ];
        let change = |(line, character): (u32, u32), text: &str| {
            let position = serde_json::json!({ "line": line, "character": character });
            let range = serde_json::json!({ "start": position, "end": position });
            serde_json::json!({ "range": range, "text": text })
        };
        for new in ["x", "\n", "\r", "\n\n😀\r"] {
            for first in places {
                for second in places {
                    let (first, second) = (change(first, new), change(second, new));
                    let alone = changed(text, &serde_json::json!([first]));
                    let alone = changed(&alone, &serde_json::json!([second]));
                    let both = changed(text, &serde_json::json!([first, second]));
                    assert_eq!(both, alone, "{first} {second}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_open_is_not_changed() {
        let (mut documents, uri) = document("a");
        assert!(documents.close(&uri).is_some());
        assert!(documents.close(&uri).is_none());
        assert_eq!(documents.iter().count(), 0);
    }
}
