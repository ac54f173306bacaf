//! New texts of files as edits of the protocol: only the lines that differ.

use std::collections::HashMap;

use gen_lsp_types as lsp;
use owners::text::LineDiff;

use crate::snapshot::Snapshot;

/// The new text of a file.
pub(crate) struct NewText {
    /// Relative to the root of the repository.
    pub(crate) path: Vec<u8>,
    pub(crate) text: String,
}

/// The edit that gives files new texts. Leaves out those that the client cannot create. `None` if nothing
/// is left, or if a file is no text.
pub(crate) fn of(snapshot: &Snapshot, texts: Vec<NewText>) -> Option<lsp::WorkspaceEdit> {
    let client = &snapshot.inputs.client;
    let mut changes = Vec::new();
    let mut by_uri = HashMap::new();
    for NewText { path, text } in texts {
        let uri = snapshot.uri(&path);
        let old = match snapshot.text(&path)? {
            Some(old) => old,
            None if !client.creates_files() => continue,
            None => {
                let file = lsp::CreateFile {
                    uri: uri.clone(),
                    options: None,
                    annotation_id: None,
                };
                changes.push(lsp::DocumentChange::CreateFile(file));
                String::new()
            }
        };
        let edits = edits(snapshot, &old, &like(&old, text));
        let identifier = lsp::OptionalVersionedTextDocumentIdentifier {
            version: snapshot.document(&path).map(|document| document.version),
            text_document_identifier: lsp::TextDocumentIdentifier { uri: uri.clone() },
        };
        changes.push(lsp::DocumentChange::TextDocumentEdit(
            lsp::TextDocumentEdit {
                text_document: identifier,
                edits: edits.iter().cloned().map(lsp::Edit::TextEdit).collect(),
            },
        ));
        by_uri.insert(uri, edits);
    }
    if changes.is_empty() {
        return None;
    }
    Some(match client.edits_documents() {
        true => lsp::WorkspaceEdit {
            document_changes: Some(changes),
            ..Default::default()
        },
        false => lsp::WorkspaceEdit {
            changes: Some(by_uri),
            ..Default::default()
        },
    })
}

/// One edit of one file.
pub(crate) fn of_one(snapshot: &Snapshot, path: &[u8], edit: lsp::TextEdit) -> lsp::WorkspaceEdit {
    of_files(snapshot, std::iter::once((path.to_vec(), vec![edit])))
}

/// Edits of files, by root-relative path.
pub(crate) fn of_files(
    snapshot: &Snapshot,
    files: impl Iterator<Item = (Vec<u8>, Vec<lsp::TextEdit>)>,
) -> lsp::WorkspaceEdit {
    if !snapshot.inputs.client.edits_documents() {
        let changes = files.map(|(path, edits)| (snapshot.uri(&path), edits));
        return lsp::WorkspaceEdit {
            changes: Some(changes.collect()),
            ..Default::default()
        };
    }
    let changes = files.map(|(path, edits)| {
        let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
            version: snapshot.document(&path).map(|document| document.version),
            text_document_identifier: lsp::TextDocumentIdentifier {
                uri: snapshot.uri(&path),
            },
        };
        lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit {
            text_document,
            edits: edits.into_iter().map(lsp::Edit::TextEdit).collect(),
        })
    });
    lsp::WorkspaceEdit {
        document_changes: Some(changes.collect()),
        ..Default::default()
    }
}

/// A text with the byte order mark and the line ends of the old one.
fn like(old: &str, text: String) -> String {
    let text = match old.contains("\r\n") && !text.contains("\r\n") {
        true => text.replace('\n', "\r\n"),
        false => text,
    };
    match old.starts_with('\u{feff}') && !text.starts_with('\u{feff}') {
        true => format!("\u{feff}{text}"),
        false => text,
    }
}

fn edits(snapshot: &Snapshot, old: &str, new: &str) -> Vec<lsp::TextEdit> {
    let lines = snapshot.lines(old);
    LineDiff::new(old, new)
        .replaced()
        .map(|(span, new_text)| lsp::TextEdit {
            range: lines.range(old, &span),
            new_text,
        })
        .collect()
}
