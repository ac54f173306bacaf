//! Diagnostics for a person, drawn as rustc draws them.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use owners::diagnostic::{Diagnostic, Label, Severity, Sources, escaped};

/// Labels that are further apart than this are shown as two excerpts.
const FAR: usize = 4096;
/// More of a line than this is not worth showing.
const LONG: usize = 4096;

/// Draws one diagnostic, followed by an empty line.
pub(super) fn write(
    diagnostic: &Diagnostic,
    sources: &Sources,
    out: &mut impl Write,
) -> io::Result<()> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut title = level.primary_title(diagnostic.message.as_str());
    if let Some(lint) = diagnostic.lint {
        title = title.id(lint);
    }
    let mut group = Group::with_title(title);
    for (index, labels) in excerpts(&diagnostic.labels).into_iter().enumerate() {
        group = group.element(snippet(labels, sources, index == 0));
    }
    if diagnostic.labels.is_empty()
        && let Some(path) = &diagnostic.path
        && !path.is_empty()
    {
        group = group.element(Origin::path(escaped(path)));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.helps {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let text = Renderer::styled().render(&[group]);
    // Colors that the terminal does not want are taken out by the stream.
    writeln!(out, "{text}\n")
}

/// Labels that are shown in one excerpt: of one file, and not far apart.
fn excerpts(labels: &[Label]) -> Vec<&[Label]> {
    labels
        .chunk_by(|a, b| {
            let (a, b) = (&a.location, &b.location);
            a.file == b.file && a.span.start.abs_diff(b.span.start) < FAR
        })
        .collect()
}

/// An excerpt of a file: only the lines that matter, since the renderer reads all that it is given.
fn snippet<'s>(
    labels: &'s [Label],
    sources: &'s Sources,
    is_first: bool,
) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    let source = &sources[labels[0].location.file];
    let text = source.text.as_str();
    let start = labels
        .iter()
        .map(|label| label.location.span.start)
        .min()
        .unwrap_or(0);
    let end = labels
        .iter()
        .map(|label| label.location.span.end)
        .max()
        .unwrap_or(0);
    let lines = line_bounds(text, start, end);
    let clip = |span: &Range<usize>| {
        let clip =
            |at: usize| text.floor_char_boundary(at.clamp(lines.start, lines.end)) - lines.start;
        clip(span.start)..clip(span.end)
    };
    let annotations = labels.iter().enumerate().map(|(index, label)| {
        let kind = if is_first && index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let annotation = kind.span(clip(&label.location.span));
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(label.text.as_str())
        }
    });
    Snippet::source(&text[lines.clone()])
        .path(source.name.as_str())
        .line_start(source.line_column(lines.start).0)
        .annotations(annotations)
}

/// The whole lines around a stretch of text, unless they are very long.
fn line_bounds(text: &str, start: usize, end: usize) -> Range<usize> {
    let start = start.min(text.len());
    let end = end.clamp(start, text.len()).min(start + LONG + FAR);
    let line_start = text.as_bytes()[..start]
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |at| at + 1);
    let line_end =
        memchr_newline(&text.as_bytes()[end..]).map_or(text.len(), |length| end + length);
    let line_end = line_end.min(end + LONG);
    let line_end = line_end - usize::from(line_end > end && text.as_bytes()[line_end - 1] == b'\r');
    text.floor_char_boundary(line_start)..text.floor_char_boundary(line_end)
}

fn memchr_newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == b'\n')
}
