//! Where a group or an owner is named.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::snapshot::Snapshot;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.references_provider = Some(lsp::ReferencesProvider::Bool(true));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::ReferenceParams,
) -> Answer<Option<Vec<lsp::Location>>> {
    snapshot.load();
    let place = &params.text_document_position_params;
    let Some(view) = snapshot.view(&place.text_document.uri) else {
        return Ok(None);
    };
    let offset = view.offset(snapshot, place.position);
    let analysis = snapshot.analysis(&view, false);
    let with_definitions = params.context.include_declaration;
    let found = analysis.references(view.index, offset, with_definitions);
    let found = found.into_iter();
    let found = found.map(|place| view.location(snapshot, place.document, &place.span));
    Ok(Some(found.collect()))
}
