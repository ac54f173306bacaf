//! A group or an owner renamed, in all files that name it.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;

use super::{Answer, refused};
use crate::client::Client;
use crate::edits;
use crate::snapshot::Snapshot;

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
    snapshot: &mut Snapshot,
    params: &lsp::RenameParams,
) -> Answer<Option<lsp::WorkspaceEdit>> {
    snapshot.load();
    let place = &params.text_document_position_params;
    let Some(view) = snapshot.view(&place.text_document.uri) else {
        return Ok(None);
    };
    let offset = view.offset(snapshot, place.position);
    let analysis = snapshot.analysis(&view, false);
    let found = analysis.rename(view.index, offset, &params.new_name);
    let found = found.map_err(|reason| refused(ErrorCode::RequestFailed, &reason))?;
    let edits = found.into_iter().map(|of_document| {
        let document = of_document.document;
        let edits = of_document.edits.into_iter().map(|edit| lsp::TextEdit {
            range: view.range_in(snapshot, document, &edit.span),
            new_text: edit.new,
        });
        (view.path(document).to_vec(), edits.collect())
    });
    Ok(Some(edits::of_files(snapshot, edits)))
}
