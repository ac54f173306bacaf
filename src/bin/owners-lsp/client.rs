//! What the client can do, and what the user has set.

use gen_lsp_types as lsp;
use serde::Deserialize;

use crate::position::Encoding;

/// The client, since `initialize`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Client {
    pub(crate) capabilities: lsp::ClientCapabilities,
    pub(crate) encoding: Encoding,
    pub(crate) settings: Settings,
}

/// The settings, in the section `owners`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    /// The owners of a file above its first line.
    pub(crate) code_lens: CodeLens,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CodeLens {
    /// Off unless the user turns it on.
    pub(crate) enable: bool,
}

impl Settings {
    /// The settings in a value from the client. With a mistake in it, all are as by default.
    pub(crate) fn read(value: &serde_json::Value) -> Self {
        if value.is_null() {
            return Settings::default();
        }
        Settings::deserialize(value).unwrap_or_else(|error| {
            crate::log::error(format_args!("cannot read the settings: {error}"));
            Settings::default()
        })
    }
}

impl Client {
    pub(crate) fn new(params: &lsp::InitializeParams) -> Self {
        let capabilities = params.capabilities.clone();
        let general = capabilities.general.as_ref();
        let encodings = general.and_then(|general| general.position_encodings.as_deref());
        let options = params.initialization_options.as_ref();
        let options = options.and_then(|options| serde_json::to_value(options).ok());
        Client {
            encoding: Encoding::chosen(encodings.unwrap_or_default()),
            settings: Settings::read(&options.unwrap_or_default()),
            capabilities,
        }
    }

    fn text_document(&self) -> Option<&lsp::TextDocumentClientCapabilities> {
        self.capabilities.text_document.as_ref()
    }

    fn workspace(&self) -> Option<&lsp::WorkspaceClientCapabilities> {
        self.capabilities.workspace.as_ref()
    }

    /// Whether a diagnostic may point at other places.
    pub(crate) fn shows_related(&self) -> bool {
        let diagnostics = self
            .text_document()
            .and_then(|all| all.publish_diagnostics.as_ref());
        let capabilities = diagnostics.map(|all| &all.diagnostics_capabilities);
        capabilities.and_then(|all| all.related_information) == Some(true)
    }

    /// Whether the client watches files for the server.
    pub(crate) fn watches_files(&self) -> bool {
        let watches = self
            .workspace()
            .and_then(|all| all.did_change_watched_files.as_ref());
        watches.and_then(|watches| watches.dynamic_registration) == Some(true)
    }

    /// Whether the server may ask for settings.
    pub(crate) fn has_settings(&self) -> bool {
        self.workspace().and_then(|all| all.configuration) == Some(true)
    }

    /// Whether a hover may have markup.
    pub(crate) fn shows_markdown(&self) -> bool {
        let hover = self.text_document().and_then(|all| all.hover.as_ref());
        has_markdown(hover.and_then(|hover| hover.content_format.as_deref()))
    }

    /// Whether the text about something to complete may have markup.
    pub(crate) fn completes_with_markdown(&self) -> bool {
        let completion = self.text_document().and_then(|all| all.completion.as_ref());
        let item = completion.and_then(|completion| completion.completion_item.as_ref());
        has_markdown(item.and_then(|item| item.documentation_format.as_deref()))
    }

    /// Whether the contents of a file may be a tree.
    pub(crate) fn nests_symbols(&self) -> bool {
        let symbols = self
            .text_document()
            .and_then(|all| all.document_symbol.as_ref());
        symbols.and_then(|symbols| symbols.hierarchical_document_symbol_support) == Some(true)
    }

    /// Whether only whole lines are folded.
    pub(crate) fn folds_lines(&self) -> bool {
        let folding = self
            .text_document()
            .and_then(|all| all.folding_range.as_ref());
        folding.and_then(|folding| folding.line_folding_only) == Some(true)
    }

    /// Whether the client asks what can be renamed before it asks for a new name.
    pub(crate) fn prepares_renames(&self) -> bool {
        let rename = self.text_document().and_then(|all| all.rename.as_ref());
        rename.and_then(|rename| rename.prepare_support) == Some(true)
    }

    /// Whether the server may say that counts in the lines are out of date.
    pub(crate) fn refreshes_hints(&self) -> bool {
        let hints = self.workspace().and_then(|all| all.inlay_hint.as_ref());
        hints.and_then(|hints| hints.refresh_support) == Some(true)
    }

    /// Whether an edit may create files.
    pub(crate) fn creates_files(&self) -> bool {
        let edits = self.workspace().and_then(|all| all.workspace_edit.as_ref());
        let operations = edits.and_then(|edits| edits.resource_operations.as_ref());
        let creates = lsp::ResourceOperationKind::Create;
        self.edits_documents() && operations.is_some_and(|all| all.contains(&creates))
    }

    /// Whether the edit of a code action may come later, when the user has chosen it.
    pub(crate) fn resolves_edits(&self) -> bool {
        let actions = self
            .text_document()
            .and_then(|all| all.code_action.as_ref());
        let resolves = actions.and_then(|actions| actions.resolve_support.as_ref());
        let has_data = actions.and_then(|actions| actions.data_support) == Some(true);
        has_data && resolves.is_some_and(|all| all.properties.iter().any(|name| name == "edit"))
    }

    /// Whether an edit may name the versions of the documents that it changes.
    pub(crate) fn edits_documents(&self) -> bool {
        let edits = self.workspace().and_then(|all| all.workspace_edit.as_ref());
        edits.and_then(|edits| edits.document_changes) == Some(true)
    }
}

fn has_markdown(formats: Option<&[lsp::MarkupKind]>) -> bool {
    formats.is_some_and(|formats| formats.contains(&lsp::MarkupKind::Markdown))
}
