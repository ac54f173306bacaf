//! Where a group is defined.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.definition_provider = Some(lsp::DefinitionProvider::Bool(true));
}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::DefinitionParams,
) -> Answer<Option<lsp::DefinitionResponse>> {
    let offset = view.offset(params.text_document_position_params.position);
    let analysis = view.analysis();
    let found = analysis.definitions(view.index, offset).into_iter();
    let found = found.map(|place| view.location(&place));
    let list = lsp::Definition::LocationList(found.collect());
    Ok(Some(lsp::DefinitionResponse::Definition(list)))
}
