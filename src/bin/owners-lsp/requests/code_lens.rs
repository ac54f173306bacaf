//! The owners of a file, above its first line. Off unless the user turns it on; nothing to click.

use gen_lsp_types as lsp;

use super::{Answer, owner};
use crate::client::Client;
use crate::snapshot::{Snapshot, is_ours};

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.code_lens_provider = Some(lsp::CodeLensOptions::default());
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    path: &[u8],
    _: &lsp::CodeLensParams,
) -> Answer<Option<Vec<lsp::CodeLens>>> {
    if !snapshot.inputs.client.settings.code_lens.enable || is_ours(path) {
        return Ok(None);
    }
    let Some(owner) = owner::owner(snapshot, path) else {
        return Ok(None);
    };
    let title = match owner.state.as_str() {
        "owned" => owner.owners.join(" "),
        state => state.to_string(),
    };
    Ok(Some(vec![lsp::CodeLens {
        range: lsp::Range::default(),
        command: Some(lsp::Command {
            title,
            tooltip: owner.rules.last().map(|rule| rule.pattern.clone()),
            command: String::new(),
            arguments: None,
        }),
        data: None,
    }]))
}
