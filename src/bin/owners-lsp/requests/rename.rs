//! A group or an owner renamed, in all files that name it.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;

use super::{Answer, refused};
use crate::client::Client;
use crate::edits::{self, FileEdits};
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, client: &Client) {
    capabilities.rename_provider = Some(match client.prepares_renames() {
        true => lsp::RenameProvider::RenameOptions(lsp::RenameOptions {
            prepare_provider: Some(true),
            ..Default::default()
        }),
        false => lsp::RenameProvider::Bool(true),
    });
}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::RenameParams,
) -> Answer<Option<lsp::WorkspaceEdit>> {
    let offset = view.offset(params.text_document_position_params.position);
    let analysis = view.analysis();
    let found = analysis.rename(view.index, offset, &params.new_name);
    let found = found.map_err(|reason| refused(ErrorCode::RequestFailed, &reason))?;
    let files = found.into_iter().map(|of_document| {
        let document = of_document.document;
        let edits = of_document.edits.into_iter().map(|edit| lsp::TextEdit {
            range: view.range_in(document, &edit.span),
            new_text: edit.new,
        });
        FileEdits {
            path: view.path(document).to_vec(),
            is_new: false,
            edits: edits.collect(),
        }
    });
    Ok(Some(edits::of_files(view.snapshot, files.collect())))
}
