//! Diagnostics for people. They look like those of rustc.

use std::borrow::Cow;
use std::io::{self, Write};

use annotate_snippets::{Group, Level, Origin, Renderer};
use owners::text::{Diagnostic, Severity, Source, Sources, is_plain};

use super::excerpt::{excerpts, snippet};
use crate::here;

/// Draws diagnostics one after another.
///
/// In a large repository, tens of thousands of paths may be unowned, and the renderer takes much
/// longer to lay out a finding than `check` takes to make it. But without an excerpt, all findings
/// of a lint look the same. So one of them is laid out with marks in place of its texts, and the
/// others replace the marks with their texts.
#[derive(Debug)]
pub(in crate::report) struct Drawer<'r> {
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
    pub(in crate::report) fn new(renderer: &'r Renderer) -> Self {
        Drawer {
            renderer,
            layout: None,
        }
    }

    /// Draws one diagnostic.
    pub(in crate::report) fn write(
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
            Severity::Note => Level::NOTE,
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

#[cfg(test)]
mod tests {
    use super::*;

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
