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
        for change in params.content_changes {
            match change {
                Change::TextDocumentContentChangePartial(part) => {
                    let span = Lines::new(text, encoding).span(text, part.range);
                    text.replace_range(span, &part.text);
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => *text = whole.text,
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

    #[test]
    fn what_is_not_open_is_not_changed() {
        let (mut documents, uri) = document("a");
        assert!(documents.close(&uri).is_some());
        assert!(documents.close(&uri).is_none());
        assert_eq!(documents.iter().count(), 0);
    }
}
