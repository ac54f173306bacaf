//! What stands at a place.

use gen_lsp_types as lsp;

use super::{Answer, markup};
use crate::client::Client;
use crate::snapshot::Snapshot;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.hover_provider = Some(lsp::HoverProvider::Bool(true));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::HoverParams,
) -> Answer<Option<lsp::Hover>> {
    snapshot.load();
    let place = &params.text_document_position_params;
    let Some(view) = snapshot.view(&place.text_document.uri) else {
        return Ok(None);
    };
    let offset = view.offset(snapshot, place.position);
    let hover = snapshot.analysis(&view, true).hover(view.index, offset);
    let is_markdown = snapshot.inputs.client.shows_markdown();
    Ok(hover.map(|hover| lsp::Hover {
        contents: lsp::Contents::MarkupContent(markup(&hover.text, is_markdown)),
        range: Some(view.range(snapshot, &hover.span)),
    }))
}
