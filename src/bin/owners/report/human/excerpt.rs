//! Excerpts of files, with the labels of a diagnostic.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Origin, Snippet};
use owners::text::{Label, Source, Sources, floor_char_boundary, is_invisible, is_plain};

use crate::here;

/// Labels with more bytes between them are shown as two excerpts.
const FAR: usize = 4096;
/// The most bytes of a line that are shown.
const LONG: usize = 4096;
/// How much of a longer line is shown before the label.
const BEFORE: usize = 40;
/// And after it.
const BEHIND: usize = 160;

/// Labels that are shown in one excerpt: in the same file, and near each other.
pub(super) fn excerpts(labels: &[Label]) -> Vec<&[Label]> {
    labels
        .chunk_by(|a, b| {
            let (a, b) = (&a.location, &b.location);
            a.file == b.file && a.span.start.abs_diff(b.span.start) < FAR
        })
        .collect()
}

/// An excerpt of a file. It has only the necessary lines, because the renderer reads everything
/// that it is given. Of a very long line, it has only a part, and the position is a separate
/// element.
pub(super) fn snippet<'s>(
    labels: &'s [Label],
    sources: &'s Sources,
    is_first: bool,
) -> (Snippet<'s, Annotation<'s>>, Option<Origin<'s>>) {
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
    let lines = line_bounds(source, start, end);
    let excerpt = Excerpt::new(&text[lines.clone()]);
    let clip = |span: &Range<usize>| {
        let clip =
            |at: usize| floor_char_boundary(text, at.clamp(lines.start, lines.end)) - lines.start;
        excerpt.shown(clip(span.start))..excerpt.shown(clip(span.end))
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
    let name = here::shown_source(&source.name);
    let (line, line_start) = source.line(lines.start);
    let annotations: Vec<_> = annotations.collect();
    let snippet = Snippet::source(excerpt.text)
        .line_start(line)
        .annotations(annotations);
    if lines.start == line_start {
        return (snippet.path(name), None);
    }
    let (line, column) = source.line_column(labels[0].location.span.start);
    (
        snippet,
        Some(Origin::path(name).line(line).char_column(column)),
    )
}

/// A part of a file, with its characters escaped.
struct Excerpt<'s> {
    text: Cow<'s, str>,
    /// The position of each escape: in the text of the file, and in this text. Both are in order.
    escapes: Vec<(usize, usize)>,
}

impl<'s> Excerpt<'s> {
    fn new(raw: &'s str) -> Self {
        let is_shown = |c: char| !is_invisible(c) || matches!(c, '\n' | '\t');
        let mut excerpt = Excerpt {
            text: raw.into(),
            escapes: Vec::new(),
        };
        if is_plain(raw) || raw.chars().all(is_shown) {
            return excerpt;
        }
        let mut text = String::with_capacity(raw.len() + 64);
        for (at, character) in raw.char_indices() {
            // The renderer supports LF and CRLF.
            if is_shown(character) || raw[at..].starts_with("\r\n") {
                text.push(character);
                continue;
            }
            excerpt.escapes.push((at, text.len()));
            text.extend(character.escape_default());
            excerpt
                .escapes
                .push((at + character.len_utf8(), text.len()));
        }
        excerpt.text = text.into();
        excerpt
    }

    /// Translates a position in the text of the file to a position in this text.
    fn shown(&self, at: usize) -> usize {
        let after = self.escapes.partition_point(|&(raw, _)| raw <= at);
        match after.checked_sub(1).map(|index| self.escapes[index]) {
            Some((raw, shown)) => shown + (at - raw),
            None => at,
        }
    }
}

/// The whole lines around a range of text, unless they are very long.
fn line_bounds(source: &Source, start: usize, end: usize) -> Range<usize> {
    let text = source.text.as_str();
    let start = start.min(text.len());
    let end = end.clamp(start, text.len()).min(start + LONG + FAR);
    let (_, mut line_start) = source.line(start);
    if start - line_start > LONG {
        line_start = start - BEFORE;
    }
    // The search stops early: one line may have thousands of findings.
    let near = (end + LONG + 1).min(text.len());
    let line_end = memchr_newline(&text.as_bytes()[end..near]).map_or(near, |length| end + length);
    let line_end = if line_end - end > LONG {
        end + BEHIND
    } else {
        line_end
    };
    let line_end = line_end - usize::from(line_end > end && text.as_bytes()[line_end - 1] == b'\r');
    floor_char_boundary(text, line_start)..floor_char_boundary(text, line_end)
}

fn memchr_newline(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_an_excerpt() {
        let raw = "a\u{202e}b\r\n\u{9b}\u{ad}c\t";
        let excerpt = Excerpt::new(raw);
        assert_eq!(excerpt.text, "a\\u{202e}b\r\n\\u{9b}\\u{ad}c\t");
        for (part, shown) in [
            ("a", "a"),
            ("\u{202e}", "\\u{202e}"),
            ("b\r\n", "b\r\n"),
            ("\u{9b}\u{ad}c", "\\u{9b}\\u{ad}c"),
            ("c\t", "c\t"),
        ] {
            let start = raw.find(part).unwrap();
            let place = excerpt.shown(start)..excerpt.shown(start + part.len());
            assert_eq!(&excerpt.text[place], shown);
        }
    }
}
