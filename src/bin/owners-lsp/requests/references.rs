//! Where a group or an owner is named.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.references_provider = Some(lsp::ReferencesProvider::Bool(true));
}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::ReferenceParams,
) -> Answer<Option<Vec<lsp::Location>>> {
    let offset = view.offset(params.text_document_position_params.position);
    let analysis = view.analysis();
    let with_definitions = params.context.include_declaration;
    let found = analysis.references(view.index, offset, with_definitions);
    let found = found.into_iter();
    let found = found.map(|place| view.location(&place));
    Ok(Some(found.collect()))
}
