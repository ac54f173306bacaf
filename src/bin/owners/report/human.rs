//! Diagnostics for people. They look like those of rustc.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style};
use owners::text::{
    Diagnostic, Holds, Label, Severity, Source, Sources, counted, is_invisible, is_plain,
};

use super::{ADDED, REMOVED, Report, Reporter, draw};
use crate::here;

/// Labels with more bytes between them are shown as two excerpts.
const FAR: usize = 4096;
/// The most bytes of a line that are shown.
const LONG: usize = 4096;
/// How much of a longer line is shown before the label.
const BEFORE: usize = 40;
/// And after it.
const BEHIND: usize = 160;

/// The format for people.
pub(super) struct Human {
    pub(super) is_colored: bool,
}

impl Reporter for Human {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let sources = &report.project.sources;
        draw(report.diagnostics, sources, self.is_colored, out)?;
        if report.is_quiet {
            return Ok(());
        }
        if !report.diagnostics.is_empty() {
            writeln!(out)?;
        }
        self.summary(report, out)
    }
}

impl Human {
    /// The summary at the end of `check`.
    fn summary(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let Report { facts, survey, .. } = report;
        let (errors, warnings) = (
            report.count(Severity::Error),
            report.count(Severity::Warning),
        );
        let style = match (errors, warnings) {
            _ if !self.is_colored => Style::new(),
            (0, 0) => ADDED.bold(),
            (0, _) => AnsiColor::Yellow.on_default().bold(),
            _ => REMOVED.bold(),
        };
        let kind = if facts.is_git && !facts.has_untracked {
            "tracked path"
        } else {
            "path"
        };
        write!(
            out,
            "{style}{}, {}{style:#}; {}: {} owned",
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(facts.paths.len(), kind),
            survey.owned
        )?;
        for (count, what) in [
            (survey.nobody, "nobody"),
            (survey.exempt(&facts.paths), "exempt"),
            (survey.unowned.len(), "unowned"),
        ] {
            if count > 0 {
                write!(out, ", {count} {what}")?;
            }
        }
        writeln!(out)?;
        if report.can_fix {
            fixes(report, out)?;
        }
        Ok(())
    }
}

/// How many of the findings `--fix` can fix, if any.
fn fixes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = |holds: Holds| {
        let fixes = report
            .diagnostics
            .iter()
            .filter_map(|each| each.fix.as_ref());
        fixes.filter(|fix| fix.holds == holds).count()
    };
    match (count(Holds::AnyTree), count(Holds::ThisTree)) {
        (0, 0) => Ok(()),
        (any, 0) => writeln!(out, "`--fix` can fix {any}"),
        (0, tree) => writeln!(out, "`--fix=tree` can fix {tree}"),
        (any, tree) => writeln!(out, "`--fix` can fix {any}, `--fix=tree` {tree} more"),
    }
}

/// Draws diagnostics one after another.
///
/// In a large repository, tens of thousands of paths may be unowned, and the renderer takes much
/// longer to lay out a finding than `check` takes to make it. But without an excerpt, all findings
/// of a lint look the same. So one of them is laid out with marks in place of its texts, and the
/// others replace the marks with their texts.
#[derive(Debug)]
pub(super) struct Drawer<'r> {
    renderer: &'r Renderer,
    /// The last layout: its shape, and the output before, between and after the texts.
    layout: Option<(Shape, Vec<String>)>,
}

/// The texts of a diagnostic as seen from the current directory.
struct Seen<'d> {
    message: Cow<'d, str>,
    /// Its path, escaped, unless that is the whole repository.
    path: Option<String>,
}

impl<'d> Seen<'d> {
    fn of(diagnostic: &'d Diagnostic) -> Self {
        let path = diagnostic.path.as_ref().filter(|path| !path.is_empty());
        Seen {
            message: here::message(diagnostic),
            path: path.map(|path| here::shown(path)),
        }
    }
}

/// Everything that determines the layout of a diagnostic without excerpts, except its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    severity: Severity,
    lint: Option<&'static str>,
    has_path: bool,
    notes: usize,
    helps: usize,
}

/// The mark for a text in a layout.
const MARK: &str = "@@mark@@";

impl<'r> Drawer<'r> {
    pub(super) fn new(renderer: &'r Renderer) -> Self {
        Drawer {
            renderer,
            layout: None,
        }
    }

    /// Draws one diagnostic.
    pub(super) fn write(
        &mut self,
        diagnostic: &Diagnostic,
        sources: &Sources,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let seen = Seen::of(diagnostic);
        let words = std::iter::once(&*seen.message)
            .chain(seen.path.as_deref())
            .chain(diagnostic.notes.iter().map(String::as_str))
            .chain(diagnostic.helps.iter().map(String::as_str));
        // The renderer removes a blank at the end.
        let is_as_it_is = |text: &str| is_plain(text) && !text.ends_with(' ');
        if !diagnostic.labels.is_empty() || !words.clone().all(is_as_it_is) {
            return self.write_alone(diagnostic, &seen, sources, out);
        }
        let shape = Shape {
            severity: diagnostic.severity,
            lint: diagnostic.lint,
            has_path: seen.path.is_some(),
            notes: diagnostic.notes.len(),
            helps: diagnostic.helps.len(),
        };
        if !matches!(&self.layout, Some((known, _)) if *known == shape) {
            self.layout = Some((shape, self.lay_out(shape)));
        }
        let Some((_, pieces)) = &self.layout else {
            return Ok(());
        };
        let (first, rest) = pieces.split_first().unwrap_or_else(|| unreachable!());
        out.write_all(first.as_bytes())?;
        for (word, piece) in words.zip(rest) {
            out.write_all(word.as_bytes())?;
            out.write_all(piece.as_bytes())?;
        }
        Ok(())
    }

    /// The output around the texts of diagnostics of that shape.
    fn lay_out(&self, shape: Shape) -> Vec<String> {
        let mut example = Diagnostic::error(MARK);
        example.severity = shape.severity;
        example.lint = shape.lint;
        example.notes = vec![MARK.into(); shape.notes];
        example.helps = vec![MARK.into(); shape.helps];
        let mut drawn = Vec::new();
        let sources = Sources::new(Source::new("", ""));
        let seen = Seen {
            message: MARK.into(),
            path: shape.has_path.then(|| MARK.into()),
        };
        // Writing to memory cannot fail.
        let _ = self.write_alone(&example, &seen, &sources, &mut drawn);
        let drawn = String::from_utf8_lossy(&drawn);
        drawn.split(MARK).map(String::from).collect()
    }

    /// Like [`write`](Self::write), with a layout for this diagnostic only.
    fn write_alone(
        &self,
        diagnostic: &Diagnostic,
        seen: &Seen<'_>,
        sources: &Sources,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut title = level.primary_title(&*seen.message);
        if let Some(lint) = diagnostic.lint {
            title = title.id(lint);
        }
        let mut group = Group::with_title(title);
        for (index, labels) in excerpts(&diagnostic.labels).into_iter().enumerate() {
            let (snippet, place) = snippet(labels, sources, index == 0);
            if let Some(place) = place {
                group = group.element(place);
            }
            group = group.element(snippet);
        }
        if diagnostic.labels.is_empty()
            && let Some(path) = &seen.path
        {
            group = group.element(Origin::path(path));
        }
        for note in &diagnostic.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        for help in &diagnostic.helps {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let text = self.renderer.render(&[group]);
        match diagnostic.labels.is_empty() {
            true => writeln!(out, "{}", without_margin(&text)),
            false => writeln!(out, "{text}"),
        }
    }
}

/// The text without the line that has nothing but the margin `|` of an excerpt. The renderer writes
/// it between the title and the first note, even if there is no excerpt.
fn without_margin(text: &str) -> Cow<'_, str> {
    let mut lines = text.split_inclusive('\n').scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some((start..*end, line))
    });
    // The title is one line; the path may follow it.
    let margin = lines.nth(1).filter(|(_, line)| is_margin(line));
    match margin.or_else(|| lines.next().filter(|(_, line)| is_margin(line))) {
        Some((line, _)) => [&text[..line.start], &text[line.end..]].concat().into(),
        None => text.into(),
    }
}

fn is_margin(line: &str) -> bool {
    let mut rest = line.trim_start_matches(' ');
    while let Some(styled) = rest.strip_prefix("\x1b[") {
        let Some((_, behind)) = styled.split_once('m') else {
            return false;
        };
        rest = behind.trim_start_matches(' ');
        if rest.starts_with('|') {
            rest = &rest[1..];
        }
    }
    matches!(rest.trim_end(), "" | "|")
}

/// Labels that are shown in one excerpt: in the same file, and near each other.
fn excerpts(labels: &[Label]) -> Vec<&[Label]> {
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
fn snippet<'s>(
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
            |at: usize| text.floor_char_boundary(at.clamp(lines.start, lines.end)) - lines.start;
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
    text.floor_char_boundary(line_start)..text.floor_char_boundary(line_end)
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

    #[test]
    fn without_an_excerpt_there_is_no_margin() {
        let sources = Sources::new(Source::new("", ""));
        for renderer in [Renderer::plain(), Renderer::styled()] {
            for diagnostic in [
                Diagnostic::error("| is a margin").about("a").help("| |"),
                Diagnostic::error("no path").note("one\n|\nthree"),
            ] {
                let mut drawn = Vec::new();
                let drawer = Drawer::new(&renderer);
                drawer
                    .write_alone(&diagnostic, &Seen::of(&diagnostic), &sources, &mut drawn)
                    .unwrap();
                let drawn = String::from_utf8(drawn).unwrap();
                let lines = drawn.lines().count();
                let expected = 1 + usize::from(diagnostic.path.is_some());
                let notes = diagnostic.notes.iter().chain(&diagnostic.helps);
                let expected = expected + notes.map(|note| note.lines().count()).sum::<usize>();
                assert_eq!(lines, expected, "{drawn}");
            }
        }
    }

    #[test]
    fn what_is_laid_out_once_looks_as_if_drawn_alone() {
        let sources = Sources::new(Source::new("", ""));
        let renderer = Renderer::styled();
        let mut drawer = Drawer::new(&renderer);
        let mut lint = Diagnostic::error("`a/b` is unowned").about("a/b");
        lint.lint = Some("unowned-path");
        for diagnostic in [
            lint.clone(),
            lint.clone().help("add one"),
            lint.clone().help("add one\nor two"),
            lint.clone().note("first").note("second").help("add one "),
            lint.clone().note("t\tab").help("caf\u{e9}"),
            Diagnostic::error("plain"),
            Diagnostic::error(""),
            Diagnostic::error("every path is unowned").about(""),
            Diagnostic {
                severity: Severity::Warning,
                ..lint
            },
        ] {
            let (mut alone, mut drawn) = (Vec::new(), Vec::new());
            let seen = Seen::of(&diagnostic);
            (drawer.write_alone(&diagnostic, &seen, &sources, &mut alone)).unwrap();
            drawer.write(&diagnostic, &sources, &mut drawn).unwrap();
            assert_eq!(drawn, alone, "{diagnostic:?}");
        }
    }
}
