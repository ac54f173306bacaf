//! How many tracked files patterns and their alternatives decide.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::snapshot::Snapshot;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.inlay_hint_provider = Some(lsp::InlayHintProvider::Bool(true));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::InlayHintParams,
) -> Answer<Option<Vec<lsp::InlayHint>>> {
    snapshot.load();
    let Some(view) = snapshot.view(&params.text_document.uri) else {
        return Ok(None);
    };
    let start = view.offset(snapshot, params.range.start);
    let end = view.offset(snapshot, params.range.end);
    let analysis = snapshot.analysis(&view, true);
    let hints = analysis.hints(view.index, &(start..end));
    let hints = hints.into_iter().map(|hint| lsp::InlayHint {
        position: view.position(snapshot, hint.at),
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
