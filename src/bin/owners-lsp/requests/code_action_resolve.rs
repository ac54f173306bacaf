//! The edit of a code action that somebody has chosen.

use gen_lsp_types as lsp;

use super::Answer;
use crate::client::Client;
use crate::plan::{self, Data};
use crate::snapshot::Snapshot;

/// `code_action` offers it.
pub(super) fn offer(_: &mut lsp::ServerCapabilities, _: &Client) {}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    _: &[u8],
    action: &lsp::CodeAction,
) -> Answer<lsp::CodeAction> {
    snapshot.load();
    let mut action = action.clone();
    let data = action.data.take().map(serde_json::from_value::<Data>);
    if let Some(Ok(data)) = data {
        action.edit = plan::edit(snapshot, &data.plan);
    }
    Ok(action)
}
