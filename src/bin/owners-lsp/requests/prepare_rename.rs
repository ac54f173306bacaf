//! What can be renamed at a place.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;

use super::{Answer, refused};
use crate::client::Client;
use crate::snapshot::Snapshot;

/// The row of `rename` offers both.
pub(super) fn offer(_: &mut lsp::ServerCapabilities, _: &Client) {}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::PrepareRenameParams,
) -> Answer<Option<lsp::PrepareRenameResult>> {
    snapshot.load();
    let place = &params.text_document_position_params;
    let Some(view) = snapshot.view(&place.text_document.uri) else {
        return Ok(None);
    };
    let offset = view.offset(snapshot, place.position);
    let analysis = snapshot.analysis(&view, false);
    let found = analysis.renamable(view.index, offset);
    let found = found.map_err(|reason| refused(ErrorCode::RequestFailed, &reason))?;
    let found = lsp::PrepareRenamePlaceholder {
        range: view.range(snapshot, &found.span),
        placeholder: found.name,
    };
    Ok(Some(lsp::PrepareRenameResult::PrepareRenamePlaceholder(
        found,
    )))
}
