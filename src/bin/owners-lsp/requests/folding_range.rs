//! What can be folded.

use gen_lsp_types as lsp;
use owners::ide::{Fold, FoldKind};

use super::Answer;
use crate::client::Client;
use crate::view::View;

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.folding_range_provider = Some(lsp::FoldingRangeProvider::Bool(true));
}

pub(super) fn answer(
    view: &View<'_>,
    _: &lsp::FoldingRangeParams,
) -> Answer<Option<Vec<lsp::FoldingRange>>> {
    let folds = view.document().folds();
    let folds = folds.iter().filter_map(|fold| range(view, fold));
    Ok(Some(folds.collect()))
}

fn range(view: &View<'_>, fold: &Fold) -> Option<lsp::FoldingRange> {
    let range = view.range(&fold.span);
    let is_closed = fold.kind == FoldKind::Brackets
        && view.document().text[fold.span.clone()].ends_with([']', '}']);
    let by_lines = view.snapshot.inputs.client.folds_lines();
    // The line of the closing bracket stays.
    let end_line = range.end.line - u32::from(by_lines && is_closed);
    (range.start.line < end_line).then(|| lsp::FoldingRange {
        start_line: range.start.line,
        start_character: (!by_lines).then_some(range.start.character),
        end_line,
        end_character: (!by_lines).then_some(range.end.character),
        kind: (fold.kind == FoldKind::Comments).then_some(lsp::FoldingRangeKind::Comment),
        collapsed_text: None,
    })
}
