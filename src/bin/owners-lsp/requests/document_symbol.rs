//! The contents of a file.

use gen_lsp_types as lsp;
use owners::ide::{Symbol, SymbolKind};

use super::Answer;
use crate::client::Client;
use crate::snapshot::Snapshot;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.document_symbol_provider = Some(lsp::DocumentSymbolProvider::Bool(true));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::DocumentSymbolParams,
) -> Answer<Option<lsp::DocumentSymbolResponse>> {
    let Some(view) = snapshot.view(&params.text_document.uri) else {
        return Ok(None);
    };
    let symbols = view.document().symbols();
    if snapshot.inputs.client.nests_symbols() {
        let nested = symbols.iter().map(|each| nested(snapshot, &view, each));
        let nested = nested.collect();
        return Ok(Some(lsp::DocumentSymbolResponse::DocumentSymbolList(
            nested,
        )));
    }
    let mut listed = Vec::new();
    list(snapshot, &view, &symbols, None, &mut listed);
    Ok(Some(lsp::DocumentSymbolResponse::SymbolInformationList(
        listed,
    )))
}

fn nested(snapshot: &Snapshot, view: &View, symbol: &Symbol) -> lsp::DocumentSymbol {
    let children = symbol.children.iter();
    let children: Vec<_> = children.map(|each| nested(snapshot, view, each)).collect();
    lsp::DocumentSymbol::new(
        symbol.name.clone(),
        Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
        kind(symbol.kind),
        None,
        None,
        view.range(snapshot, &symbol.span),
        view.range(snapshot, &symbol.selection),
        Some(children).filter(|children| !children.is_empty()),
    )
}

/// Lists symbols and those in them, for a client that knows no tree.
fn list(
    snapshot: &Snapshot,
    view: &View,
    symbols: &[Symbol],
    container: Option<&str>,
    listed: &mut Vec<lsp::SymbolInformation>,
) {
    for symbol in symbols {
        let base = lsp::BaseSymbolInformation {
            name: symbol.name.clone(),
            kind: kind(symbol.kind),
            tags: None,
            container_name: container.map(str::to_string),
        };
        let location = view.location(snapshot, view.index, &symbol.span);
        listed.push(lsp::SymbolInformation::new(None, location, base));
        list(snapshot, view, &symbol.children, Some(&symbol.name), listed);
    }
}

fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Table => lsp::SymbolKind::Namespace,
        SymbolKind::Group => lsp::SymbolKind::Class,
        SymbolKind::Rule => lsp::SymbolKind::File,
        SymbolKind::Key => lsp::SymbolKind::Property,
    }
}
