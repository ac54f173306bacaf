//! Edits of files, as the client can make them. A new text is one of the lines that differ.

use gen_lsp_types as lsp;
use owners::text::LineDiff;

use crate::position::MARK;
use crate::snapshot::Snapshot;

/// The new text of a file.
pub(crate) struct NewText {
    /// Relative to the root of the repository.
    pub(crate) path: Vec<u8>,
    pub(crate) text: String,
}

/// The edits of a file.
pub(crate) struct FileEdits {
    /// Relative to the root of the repository.
    pub(crate) path: Vec<u8>,
    /// Whether the file is created.
    pub(crate) is_new: bool,
    pub(crate) edits: Vec<lsp::TextEdit>,
}

/// The edit that gives files new texts. Leaves out those that the client cannot create. `None` if nothing
/// is left, or if a file is no text.
pub(crate) fn of_texts(snapshot: &Snapshot, texts: Vec<NewText>) -> Option<lsp::WorkspaceEdit> {
    let creates_files = snapshot.inputs.client.creates_files();
    let mut files = Vec::new();
    for NewText { path, text } in texts {
        let old = snapshot.text(&path)?;
        let is_new = old.is_none();
        if is_new && !creates_files {
            continue;
        }
        let old = old.unwrap_or_default();
        let edits = differences(snapshot, &path, &old, &like(&old, text));
        files.push(FileEdits {
            path,
            is_new,
            edits,
        });
    }
    (!files.is_empty()).then(|| of_files(snapshot, files))
}

/// The edit of several files.
pub(crate) fn of_files(snapshot: &Snapshot, files: Vec<FileEdits>) -> lsp::WorkspaceEdit {
    let files = files.into_iter();
    if snapshot.inputs.client.edits_documents() {
        let changes = files.flat_map(|file| changes(snapshot, file));
        return lsp::WorkspaceEdit {
            document_changes: Some(changes.collect()),
            ..Default::default()
        };
    }
    let changes = files.map(|file| (snapshot.uri(&file.path), file.edits));
    lsp::WorkspaceEdit {
        changes: Some(changes.collect()),
        ..Default::default()
    }
}

/// What changes in a file, for a client that knows versions of documents.
fn changes(snapshot: &Snapshot, file: FileEdits) -> impl Iterator<Item = lsp::DocumentChange> {
    let uri = snapshot.uri(&file.path);
    let creation = file.is_new.then(|| {
        lsp::DocumentChange::CreateFile(lsp::CreateFile {
            uri: uri.clone(),
            options: None,
            annotation_id: None,
        })
    });
    let document = snapshot.document(&file.path);
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
        version: document.map(|document| document.version),
        text_document_identifier: lsp::TextDocumentIdentifier { uri },
    };
    let edit = lsp::TextDocumentEdit {
        text_document,
        edits: file.edits.into_iter().map(lsp::Edit::TextEdit).collect(),
    };
    let edit = lsp::DocumentChange::TextDocumentEdit(edit);
    creation.into_iter().chain([edit])
}

/// A text with the byte order mark and the line ends of the old one.
fn like(old: &str, text: String) -> String {
    let text = match old.contains("\r\n") && !text.contains("\r\n") {
        true => text.replace('\n', "\r\n"),
        false => text,
    };
    match old.starts_with(MARK) && !text.starts_with(MARK) {
        true => format!("{MARK}{text}"),
        false => text,
    }
}

fn differences(snapshot: &Snapshot, path: &[u8], old: &str, new: &str) -> Vec<lsp::TextEdit> {
    let lines = snapshot.lines(path, old);
    LineDiff::new(old, new)
        .replaced()
        .map(|(span, new_text)| lsp::TextEdit {
            range: lines.range(old, &span),
            new_text,
        })
        .collect()
}
