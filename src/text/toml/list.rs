//! Appends strings to a list in a TOML text: an array, or a single string that stands for one.
//!
//! Comments stay with the items that they are beside, and the new items are indented like the last.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::quoted;
use super::splice::Splice;

/// Where new items are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As the items that there are: on their line, or on lines of their own.
    Alike,
    /// Each on a line of its own.
    Lines,
}

/// The line end of a text.
pub(crate) fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A line for each item.
pub(crate) fn lines(items: &[String], indent: &str, newline: &str) -> String {
    let lines = items.iter();
    lines
        .map(|item| format!("{indent}{},{newline}", quoted(item)))
        .collect()
}

/// The splices that append `items` to `list`.
pub(crate) fn append(
    text: &str,
    list: &Spanned<DeValue<'_>>,
    items: &[String],
    layout: Layout,
) -> Vec<Splice> {
    let span = list.span();
    let newline = newline_of(text);
    let on_line = || {
        let items = items.iter().map(|item| format!(", {}", quoted(item)));
        items.collect::<String>()
    };
    let DeValue::Array(array) = list.get_ref() else {
        let end = match layout {
            Layout::Alike => format!("{}]", on_line()),
            Layout::Lines => format!(",{newline}{}]", lines(items, "    ", newline)),
        };
        return vec![
            Splice::insert(span.start, "["),
            Splice::insert(span.end, end),
        ];
    };
    let last = array.iter().next_back().map(Spanned::span);
    let from = last.as_ref().map_or(span.start + 1, |last| last.end);
    let close = span.end - 1;
    let is_on_lines = text[from..close].contains('\n');
    if layout == Layout::Alike && !is_on_lines {
        let new = on_line();
        let new = match last {
            Some(_) => new,
            None => new[2..].to_string(),
        };
        return vec![Splice::insert(from, new)];
    }
    on_lines(text, from..close, last, items)
}

/// Appends items to an array, each on a line of its own. `rest` is what is between its last item and
/// its closing bracket.
fn on_lines(
    text: &str,
    rest: Range<usize>,
    last: Option<Range<usize>>,
    items: &[String],
) -> Vec<Splice> {
    let newline = newline_of(text);
    // Comments may hold commas.
    let mut code = text[rest.clone()].lines().map(|line| match line.find('#') {
        Some(comment) => &line[..comment],
        None => line,
    });
    let mut splices = Vec::new();
    if last.is_some() && !code.any(|line| line.contains(',')) {
        splices.push(Splice::insert(rest.start, ","));
    }
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let start = line_start(rest.end);
    let is_own_line = start >= rest.start && text[start..rest.end].trim().is_empty();
    splices.push(if is_own_line {
        // Indented like the last item, or like a new list.
        let indent = last.map_or("    ", |last| {
            let line = &text[line_start(last.start)..last.start];
            let is_first = line.trim().is_empty();
            if is_first { line } else { "    " }
        });
        Splice::insert(start, lines(items, indent, newline))
    } else {
        let lines = lines(items, "    ", newline);
        Splice::insert(rest.end, format!("{newline}{lines}"))
    });
    splices
}
