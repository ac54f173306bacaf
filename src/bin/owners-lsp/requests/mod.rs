//! What a client may ask about a file. Each feature is a file: what it offers in `initialize`, and its
//! answer from a snapshot.
//!
//! To add one, write its file with an `offer` and an `answer`, and its row in [`FEATURES`].

mod code_action;
mod code_action_resolve;
mod code_lens;
mod completion;
mod definition;
mod document_symbol;
mod folding_range;
mod hover;
mod inlay_hint;
mod owner;
mod prepare_rename;
mod references;
mod rename;

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, ResponseError};
use owners::ide::Markup;
use serde_json::Value;

use crate::client::Client;
use crate::snapshot::Snapshot;

/// The answer to a request. An error is a mistake of the client; what is not known is an empty answer.
pub(crate) type Answer<T> = Result<T, ResponseError>;

/// A row of [`FEATURES`].
pub(crate) struct Feature {
    pub(crate) method: &'static str,
    /// Adds to what the server can do, for what this client can do.
    pub(crate) offer: fn(&mut lsp::ServerCapabilities, &Client),
    /// Answers, from and to JSON. The snapshot may be out of date: see [`Snapshot::load`].
    pub(crate) answer: fn(&mut Snapshot, Value) -> Answer<Value>,
}

/// The row of the request `$request`, which is answered in the module `$module`.
macro_rules! feature {
    ($request:ty, $module:ident) => {
        Feature {
            method: <$request as lsp::Request>::METHOD.as_str(),
            offer: $module::offer,
            answer: |snapshot, params| {
                let params = read::<<$request as lsp::Request>::Params>(params)?;
                let answer: <$request as lsp::Request>::Result =
                    $module::answer(snapshot, &params)?;
                written(&answer)
            },
        }
    };
}

/// Every request about a file.
pub(crate) static FEATURES: &[Feature] = &[
    feature!(lsp::CodeActionRequest, code_action),
    feature!(lsp::CodeActionResolveRequest, code_action_resolve),
    feature!(lsp::CodeLensRequest, code_lens),
    feature!(lsp::CompletionRequest, completion),
    feature!(lsp::DefinitionRequest, definition),
    feature!(lsp::DocumentSymbolRequest, document_symbol),
    feature!(lsp::FoldingRangeRequest, folding_range),
    feature!(lsp::HoverRequest, hover),
    feature!(lsp::InlayHintRequest, inlay_hint),
    feature!(lsp::PrepareRenameRequest, prepare_rename),
    feature!(lsp::ReferencesRequest, references),
    feature!(lsp::RenameRequest, rename),
    feature!(owner::OwnerRequest, owner),
];

/// The feature that answers a method.
pub(crate) fn find(method: &str) -> Option<&'static Feature> {
    FEATURES.iter().find(|feature| feature.method == method)
}

/// The document that a request is about. Requests that resolve an earlier answer have it in `data`.
pub(crate) fn document_of(params: &Value) -> Option<lsp::Uri> {
    let of = |value: &Value| {
        let uri = value.get("textDocument")?.get("uri")?.as_str()?;
        Some(lsp::Uri(uri.to_string()))
    };
    of(params).or_else(|| of(params.get("data")?))
}

/// Reads the parameters of a request or notification.
pub(crate) fn read<T: serde::de::DeserializeOwned>(params: Value) -> Answer<T> {
    serde_json::from_value(params).map_err(|error| refused(ErrorCode::InvalidParams, &error))
}

fn written<T: serde::Serialize>(answer: &T) -> Answer<Value> {
    serde_json::to_value(answer).map_err(|error| refused(ErrorCode::InternalError, &error))
}

/// A text about something, as the client shows it.
fn markup(text: &Markup, is_markdown: bool) -> lsp::MarkupContent {
    match is_markdown {
        true => lsp::MarkupContent::new(lsp::MarkupKind::Markdown, text.to_markdown()),
        false => lsp::MarkupContent::new(lsp::MarkupKind::PlainText, text.to_plain()),
    }
}

/// An error for the client.
pub(crate) fn refused(code: ErrorCode, reason: &dyn std::fmt::Display) -> ResponseError {
    ResponseError {
        code: code as i32,
        message: reason.to_string(),
        data: None,
    }
}
