//! The contents of a file.

use gen_lsp_types as lsp;
use owners::ide::{Symbol, SymbolKind};

use super::Answer;
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.document_symbol_provider = Some(lsp::DocumentSymbolProvider::Bool(true));
}

pub(super) fn answer(
    view: &View<'_>,
    _: &lsp::DocumentSymbolParams,
) -> Answer<Option<lsp::DocumentSymbolResponse>> {
    let symbols = view.document().symbols();
    if view.snapshot.inputs.client.nests_symbols() {
        return Ok(Some(nested(view, symbols).into()));
    }
    let mut listed = Vec::new();
    list(view, &symbols, None, &mut listed);
    Ok(Some(listed.into()))
}

/// The symbols as a tree.
fn nested(view: &View<'_>, symbols: Vec<Symbol>) -> Vec<lsp::DocumentSymbol> {
    symbols
        .into_iter()
        .map(|symbol| tree(view, symbol))
        .collect()
}

fn tree(view: &View<'_>, symbol: Symbol) -> lsp::DocumentSymbol {
    let children = nested(view, symbol.children);
    lsp::DocumentSymbol::new(
        symbol.name,
        Some(symbol.detail).filter(|detail| !detail.is_empty()),
        kind(symbol.kind),
        None,
        None,
        view.range(&symbol.span),
        view.range(&symbol.selection),
        Some(children).filter(|children| !children.is_empty()),
    )
}

/// Lists symbols and those in them, for a client that knows no tree.
fn list(
    view: &View<'_>,
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
        let location = lsp::Location {
            uri: view.snapshot.uri(view.path(view.index)),
            range: view.range(&symbol.span),
        };
        listed.push(lsp::SymbolInformation::new(None, location, base));
        list(view, &symbol.children, Some(&symbol.name), listed);
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
