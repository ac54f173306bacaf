//! How many tracked files patterns and their alternatives decide.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.inlay_hint_provider = Some(lsp::InlayHintProvider::Bool(true));
}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::InlayHintParams,
) -> Answer<Option<Vec<lsp::InlayHint>>> {
    let start = view.offset(params.range.start);
    let end = view.offset(params.range.end);
    let analysis = view.analysis_with_counts();
    let hints = analysis.hints(view.index, &(start..end));
    let hints = hints.into_iter().map(|hint| lsp::InlayHint {
        position: view.position(hint.at),
        label: lsp::Label::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(hint.is_behind),
        padding_right: None,
        data: None,
    });
    Ok(Some(hints.collect()))
}
