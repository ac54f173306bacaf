//! Where a group is defined.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::snapshot::Snapshot;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.definition_provider = Some(lsp::DefinitionProvider::Bool(true));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::DefinitionParams,
) -> Answer<Option<lsp::DefinitionResponse>> {
    snapshot.load();
    let place = &params.text_document_position_params;
    let Some(view) = snapshot.view(&place.text_document.uri) else {
        return Ok(None);
    };
    let offset = view.offset(snapshot, place.position);
    let analysis = snapshot.analysis(&view, false);
    let found = analysis.definitions(view.index, offset).into_iter();
    let found = found.map(|place| view.location(snapshot, place.document, &place.span));
    let list = lsp::Definition::LocationList(found.collect());
    Ok(Some(lsp::DefinitionResponse::Definition(list)))
}
