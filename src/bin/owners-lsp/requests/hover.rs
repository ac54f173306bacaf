//! What stands at a place.

use gen_lsp_types as lsp;

use owners::ide::Role;

use super::{Answer, markup};
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.hover_provider = Some(lsp::HoverProvider::Bool(true));
}

pub(super) fn answer(view: &View<'_>, params: &lsp::HoverParams) -> Answer<Option<lsp::Hover>> {
    let offset = view.offset(params.text_document_position_params.position);
    // What a pattern does is counted for the pattern alone.
    let token = view.document().token_at(offset);
    let analysis = match token.map(|token| token.role) {
        Some(Role::Group | Role::Owner | Role::Team) => view.analysis_with_counts(),
        _ => view.analysis(),
    };
    let hover = analysis.hover(view.index, offset);
    let is_markdown = view.snapshot.inputs.client.shows_markdown();
    Ok(hover.map(|hover| lsp::Hover {
        contents: lsp::Contents::MarkupContent(markup(&hover.text, is_markdown)),
        range: Some(view.range(&hover.span)),
    }))
}
