//! What can be renamed at a place.

use gen_lsp_types as lsp;
use lsp_server::ErrorCode;

use super::{Answer, refused};
use crate::client::Client;
use crate::view::View;

/// The row of `rename` offers both.
pub(super) fn offer(_: &mut lsp::ServerCapabilities, _: &Client) {}

pub(super) fn answer(
    view: &View<'_>,
    params: &lsp::PrepareRenameParams,
) -> Answer<Option<lsp::PrepareRenameResult>> {
    let offset = view.offset(params.text_document_position_params.position);
    let analysis = view.analysis();
    let found = analysis.renamable(view.index, offset);
    let found = found.map_err(|reason| refused(ErrorCode::RequestFailed, &reason))?;
    let found = lsp::PrepareRenamePlaceholder {
        range: view.range(&found.span),
        placeholder: found.name,
    };
    Ok(Some(lsp::PrepareRenameResult::PrepareRenamePlaceholder(
        found,
    )))
}
