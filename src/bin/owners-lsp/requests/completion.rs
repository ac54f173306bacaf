//! What could stand at a place.
//!
//! The configuration is not read again for it: names and paths are known from the texts as they are, and
//! from the index.

use gen_lsp_types as lsp;
use owners::ide::{Completion, CompletionKind};

use super::{Answer, markup};
use crate::client::Client;
use crate::view::View;

/// What begins a name or a value. Behind letters, editors ask anyway.
const TRIGGERS: [&str; 10] = ["\"", "'", "/", "@", "[", "{", "<", ",", ".", " "];

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    let triggers = TRIGGERS.iter().map(ToString::to_string).collect();
    capabilities.completion_provider = Some(lsp::CompletionOptions {
        trigger_characters: Some(triggers),
        ..Default::default()
    });
}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::CompletionParams,
) -> Answer<Option<lsp::CompletionResponse>> {
    let offset = view.offset(params.text_document_position_params.position);
    let found = view.analysis().complete(view.index, offset);
    let items = found.items.iter().enumerate();
    let list = lsp::CompletionList {
        is_incomplete: found.is_incomplete,
        items: items.map(|(index, each)| item(view, index, each)).collect(),
        ..Default::default()
    };
    Ok(Some(lsp::CompletionResponse::CompletionList(list)))
}

fn item(view: &View<'_>, index: usize, found: &Completion) -> lsp::CompletionItem {
    let is_markdown = view.snapshot.inputs.client.completes_with_markdown();
    let about = found.about.as_ref();
    let about = about.map(|about| lsp::Documentation::MarkupContent(markup(about, is_markdown)));
    let edit = lsp::TextEdit {
        range: view.range(&found.span),
        new_text: found.new.clone(),
    };
    lsp::CompletionItem {
        label: found.label.clone(),
        kind: Some(kind(found.kind)),
        detail: Some(found.detail.clone()).filter(|detail| !detail.is_empty()),
        documentation: about,
        // In the order of the list.
        sort_text: Some(format!("{index:04}")),
        filter_text: Some(found.filter.clone()),
        text_edit: Some(lsp::CompletionItemTextEdit::TextEdit(edit)),
        ..Default::default()
    }
}

fn kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    use lsp::CompletionItemKind as Kind;
    match kind {
        CompletionKind::Key => Kind::Property,
        CompletionKind::Group => Kind::Class,
        CompletionKind::Owner => Kind::Constant,
        CompletionKind::File => Kind::File,
        CompletionKind::Directory => Kind::Folder,
        CompletionKind::Lint => Kind::Keyword,
        CompletionKind::Value => Kind::EnumMember,
    }
}
