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
use serde_json::value::{RawValue, to_raw_value};

use crate::client::Client;
use crate::snapshot::Snapshot;

/// The answer to a request. An error is a mistake of the client; what is not known is an empty answer.
pub(crate) type Answer<T> = Result<T, ResponseError>;

/// A row of [`FEATURES`].
pub(crate) struct Feature {
    pub(crate) method: &'static str,
    /// Adds to what the server can do, for what this client can do.
    pub(crate) offer: fn(&mut lsp::ServerCapabilities, &Client),
    /// Answers about the file at a root-relative path, from and to JSON. The snapshot may be out of
    /// date: see [`Snapshot::load`].
    pub(crate) answer: fn(&mut Snapshot, &[u8], Value) -> Answer<Box<RawValue>>,
}

/// The row of the request `$request`, which is answered in the module `$module`. It is given what the
/// first word says:
///
/// - `snapshot`: the snapshot and the path;
/// - `view`: the [`View`](crate::view::View) of a file of ours. About other files, there is nothing to say;
/// - `loaded_view`: the same, after what is known of the texts was brought up to date.
macro_rules! feature {
    (snapshot, $request:ty, $module:ident) => {
        feature!(@ $request, $module, $module::answer)
    };
    (view, $request:ty, $module:ident) => {
        feature!(@ $request, $module, |snapshot, path, params| match snapshot.view(path) {
            Some(view) => $module::answer(&view, params),
            None => Ok(None),
        })
    };
    (loaded_view, $request:ty, $module:ident) => {
        feature!(@ $request, $module, |snapshot, path, params| {
            snapshot.load();
            match snapshot.view(path) {
                Some(view) => $module::answer(&view, params),
                None => Ok(None),
            }
        })
    };
    (@ $request:ty, $module:ident, $answer:expr) => {
        Feature {
            method: <$request as lsp::Request>::METHOD.as_str(),
            offer: $module::offer,
            answer: |snapshot, path, params| {
                type Params = <$request as lsp::Request>::Params;
                type Reply = Answer<<$request as lsp::Request>::Result>;
                let answer: fn(&mut Snapshot, &[u8], &Params) -> Reply = $answer;
                let answer = answer(snapshot, path, &read(params)?)?;
                to_raw_value(&answer).map_err(|error| refused(ErrorCode::InternalError, &error))
            },
        }
    };
}

/// Every request about a file.
pub(crate) static FEATURES: &[Feature] = &[
    feature!(snapshot, lsp::CodeActionRequest, code_action),
    feature!(snapshot, lsp::CodeActionResolveRequest, code_action_resolve),
    feature!(snapshot, lsp::CodeLensRequest, code_lens),
    feature!(view, lsp::CompletionRequest, completion),
    feature!(loaded_view, lsp::DefinitionRequest, definition),
    feature!(view, lsp::DocumentSymbolRequest, document_symbol),
    feature!(view, lsp::FoldingRangeRequest, folding_range),
    feature!(loaded_view, lsp::HoverRequest, hover),
    feature!(loaded_view, lsp::InlayHintRequest, inlay_hint),
    feature!(loaded_view, lsp::PrepareRenameRequest, prepare_rename),
    feature!(loaded_view, lsp::ReferencesRequest, references),
    feature!(loaded_view, lsp::RenameRequest, rename),
    feature!(snapshot, owner::OwnerRequest, owner),
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
