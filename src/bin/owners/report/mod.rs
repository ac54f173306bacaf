//! Shows the results of the library.
//!
//! The result of `check` is a [`Report`]. A [`Reporter`] writes it in one format; each format is a
//! file.

mod check_markdown;
mod github;
mod gitlab;
mod human;
mod json;
pub(crate) mod json_path;
pub(crate) mod markdown;
mod place;
mod sarif;
mod short;
pub(crate) mod table;

pub(crate) use human::MOST;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::iter;
use std::sync::Arc;

use annotate_snippets::Renderer;
use anstyle::{AnsiColor, Style};
use owners::Project;
use owners::Unsound;
use owners::git::{self, DamagedIndex};
use owners::lint::Facts;
use owners::parallel;
use owners::ruleset::survey::Survey;
use owners::text::{
    Diagnostic, LineDiff, Severity, Source, Sources, Together, counted, escaped, escaped_except,
    shell_word,
};
use serde::{Serialize, Serializer};

use crate::args::Format;
use crate::failure::Failure;
use crate::print::{self, Printer, is_github_actions};

pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
const HUNK: Style = AnsiColor::Cyan.on_default();
pub(crate) const BOLD: Style = Style::new().bold();

/// The most errors of a configuration that are shown.
const MAX_SHOWN: usize = 100;

/// The result of `check`.
pub(crate) struct Report<'r> {
    pub(crate) diagnostics: &'r [Diagnostic],
    pub(crate) project: &'r Project,
    pub(crate) facts: &'r Facts,
    pub(crate) survey: &'r Survey,
    /// Whether `--fix` could edit the files: not those of a commit.
    pub(crate) can_fix: bool,
    /// Whether to print only the summary.
    pub(crate) is_quiet: bool,
    /// Whether to print every finding.
    pub(crate) is_verbose: bool,
    /// Whether these are only the findings that a change causes.
    pub(crate) is_of_change: bool,
}

impl Report<'_> {
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let is_such = |each: &&Diagnostic| each.severity == severity;
        self.diagnostics.iter().filter(is_such).count()
    }

    /// How many findings people see: those that are shown together count as one, unless each is shown.
    pub(crate) fn count_seen(&self, severity: Severity) -> usize {
        if self.is_verbose {
            return self.count(severity);
        }
        let mut known: HashSet<*const Together> = HashSet::new();
        let mut is_first = |each: &Diagnostic| {
            let together = each.together.as_ref().map(Arc::as_ptr);
            together.is_none_or(|together| known.insert(together))
        };
        let findings = self.diagnostics.iter();
        findings
            .filter(|each| each.severity == severity && is_first(each))
            .count()
    }

    /// The findings of each lint.
    fn by_lint(&self) -> impl Iterator<Item = &[Diagnostic]> {
        self.diagnostics.chunk_by(|a, b| a.lint == b.lint)
    }

    /// The numbers of all findings.
    fn verdict(&self) -> String {
        verdict(|severity| self.count(severity))
    }

    /// The same, as [people see](Self::count_seen) the findings.
    pub(crate) fn verdict_seen(&self) -> String {
        verdict(|severity| self.count_seen(severity))
    }

    /// `11 tracked paths: 10 owned, 1 nobody`
    fn coverage(&self) -> String {
        let Report { facts, survey, .. } = self;
        let kind = match facts.is_git && !facts.has_untracked {
            true => "tracked path",
            false => "path",
        };
        let mut text = format!(
            "{}: {} owned",
            counted(facts.paths.len(), kind),
            survey.owned
        );
        for (count, what) in [
            (survey.nobody, "nobody"),
            (survey.exempt(&facts.paths), "exempt"),
            (survey.unowned.len(), "unowned"),
        ] {
            if count > 0 {
                text.push_str(&format!(", {count} {what}"));
            }
        }
        text
    }
}

/// `1 error, 2 warnings`, and notes if there are any.
fn verdict(count: impl Fn(Severity) -> usize) -> String {
    let errors = counted(count(Severity::Error), "error");
    let warnings = counted(count(Severity::Warning), "warning");
    match count(Severity::Note) {
        0 => format!("{errors}, {warnings}"),
        notes => format!("{errors}, {warnings}, {}", counted(notes, "note")),
    }
}

/// Findings that people see as one, in the order of the first of each.
fn seen_together<'d>(
    findings: impl IntoIterator<Item = &'d Diagnostic>,
) -> Vec<Vec<&'d Diagnostic>> {
    let mut seen: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut places: HashMap<*const Together, usize> = HashMap::new();
    for finding in findings {
        let together = finding.together.as_ref().map(Arc::as_ptr);
        match together.and_then(|together| places.get(&together)) {
            Some(&place) => seen[place].push(finding),
            None => {
                places.extend(together.map(|together| (together, seen.len())));
                seen.push(vec![finding]);
            }
        }
    }
    seen
}

/// Writes a report in one format.
trait Reporter {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// A JSON array whose items are created while it is written. Half a million findings in memory as
/// JSON would take gigabytes.
struct Each<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

/// Writes a report to standard output. The default format is that for people; in GitHub Actions,
/// annotations follow.
pub(crate) fn findings(report: &Report<'_>, format: Option<Format>) -> io::Result<()> {
    check_markdown::add_to_step_summary(report);
    match format {
        None => {
            for_a_person(report)?;
            match is_github_actions() && !report.is_quiet {
                true => write(report, &github::Github, Printer::commands()),
                false => Ok(()),
            }
        }
        Some(Format::Human) => for_a_person(report),
        Some(Format::Short) => write(report, &short::Short, Printer::lines()),
        Some(Format::Github) => write(report, &github::Github, Printer::commands()),
        Some(Format::Markdown) => write(report, &check_markdown::Markdown, Printer::lines()),
        Some(Format::Json) => write(report, &json::Json, Printer::json()),
        Some(Format::Sarif) => write(report, &sarif::Sarif, Printer::json()),
        Some(Format::Gitlab) => write(report, &gitlab::Gitlab, Printer::json()),
    }
}

fn for_a_person(report: &Report<'_>) -> io::Result<()> {
    // The summary quotes nothing.
    let out = match report.diagnostics.is_empty() || report.is_quiet {
        true => Printer::lines(),
        false => Printer::document(),
    };
    let is_colored = out.is_colored();
    write(report, &human::Human { is_colored }, out)
}

fn write(report: &Report<'_>, reporter: &dyn Reporter, mut out: Printer) -> io::Result<()> {
    reporter.write(report, &mut out)?;
    out.finish()
}

/// Adds the errors of a configuration to the summary of a job of GitHub Actions.
pub(crate) fn summarize_unsound(unsound: &Unsound) {
    check_markdown::add_unsound_to_step_summary(unsound);
}

/// Annotates a configuration with errors, on standard error, next to the errors.
pub(crate) fn annotate_unsound(unsound: &Unsound) {
    print::annotate_on_stderr(|out| github::unsound(unsound, out));
}

/// The name of the level of a finding.
fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// How many diagnostics are drawn at once.
const CHUNK: usize = 100;

/// Shows diagnostics for people, with an empty line between two. There may be megabytes of them. If
/// colors are not wanted, none are drawn, because removing them takes longer than writing the text.
pub(crate) fn diagnostics(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    out: &mut Printer,
) -> io::Result<()> {
    draw(diagnostics, sources, out.is_colored(), out)
}

fn draw(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    is_colored: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = match is_colored {
        true => Renderer::styled(),
        false => Renderer::plain(),
    };
    let draw = |diagnostics: &[Diagnostic]| {
        let mut text = Vec::new();
        let mut drawer = human::Drawer::new(&renderer);
        let drawn = diagnostics
            .iter()
            .enumerate()
            .try_for_each(|(index, each)| {
                if index > 0 {
                    text.push(b'\n');
                }
                drawer.write(each, sources, &mut text)
            });
        drawn.map(|()| text)
    };
    let mut is_first = true;
    // In a large repository, tens of thousands of paths may be unowned.
    for batch in diagnostics.chunks(100 * CHUNK) {
        for text in parallel::map_chunks(batch, CHUNK, draw) {
            if !std::mem::replace(&mut is_first, false) {
                out.write_all(b"\n")?;
            }
            out.write_all(&text?)?;
        }
    }
    Ok(())
}

/// Shows notes beside the output, on standard error.
pub(crate) fn beside(notes: &[Diagnostic], sources: &Sources) {
    if !notes.is_empty() {
        print::complain(|out| diagnostics(notes, sources, out));
    }
}

/// Shows the errors of a configuration.
pub(crate) fn unsound(unsound: &Unsound) {
    print::complain(|out| {
        let shown = &unsound.diagnostics[..unsound.diagnostics.len().min(MAX_SHOWN)];
        diagnostics(shown, &unsound.sources, out)?;
        let errors = counted(unsound.diagnostics.len() + unsound.more, "error");
        let more = match unsound.diagnostics.len() - shown.len() {
            0 => String::new(),
            _ => format!(", the first {MAX_SHOWN} of them shown"),
        };
        writeln!(out, "\n{BOLD}{errors} in the configuration{more}{BOLD:#}")
    });
}

/// Shows why a command could not run.
pub(crate) fn failure(failure: Failure) {
    let diagnostic = match failure {
        Failure::Faulty(diagnostic) => *diagnostic,
        Failure::Output(error) => chain(
            anyhow::Error::new(error)
                .context("cannot write to standard output")
                .as_ref(),
        ),
        Failure::Other(error) => chain(error.as_ref()),
        Failure::Library(error) => {
            let diagnostic = chain(&error);
            match error.root() {
                git::Error::DamagedIndex(damaged) => with_remedy(diagnostic, damaged),
                _ => diagnostic,
            }
        }
    };
    failure_of(diagnostic);
}

fn failure_of(diagnostic: Diagnostic) {
    let sources = Sources::new(Source::new("", ""));
    print::complain(|out| diagnostics(&[diagnostic], &sources, out));
}

/// The outermost error is the message; its sources are the notes.
fn chain(error: &(dyn std::error::Error + 'static)) -> Diagnostic {
    let sources = iter::successors(error.source(), |error| error.source());
    sources.fold(
        Diagnostic::error(error.to_string()),
        |diagnostic, source| diagnostic.note(source.to_string()),
    )
}

fn with_remedy(diagnostic: Diagnostic, damaged: &DamagedIndex) -> Diagnostic {
    let Some(index) = damaged.own() else {
        return diagnostic;
    };
    diagnostic.help(format!(
        "`rm {} && git reset` rebuilds it from HEAD; then run `git add` again for what you had added",
        shell_word(&index.to_string_lossy())
    ))
}

/// A unified diff of a file with its new text.
pub(crate) fn unified_diff(
    out: &mut impl Write,
    file: &str,
    exists: bool,
    old: &[u8],
    new: &str,
) -> io::Result<()> {
    let old = String::from_utf8_lossy(old).replace("\r\n", "\n");
    let file = escaped(file.as_bytes());
    let before = match exists {
        true => format!("a/{file}"),
        false => "/dev/null".to_string(),
    };
    writeln!(
        out,
        "{BOLD}--- {before}{BOLD:#}\n{BOLD}+++ b/{file}{BOLD:#}"
    )?;
    for hunk in LineDiff::new(&old, new).hunks() {
        for line in hunk.split_inclusive('\n') {
            let style = match line.as_bytes().first() {
                Some(b'+') => ADDED,
                Some(b'-') => REMOVED,
                Some(b'@') => HUNK,
                _ => Style::new(),
            };
            let line = shown_line(line.trim_end_matches('\n'));
            writeln!(out, "{style}{line}{style:#}")?;
        }
    }
    Ok(())
}

/// A line of a file, with the characters escaped that a terminal would interpret, because the file
/// may come from a stranger. A tab, and the carriage return at the end, stay, for `git apply`.
fn shown_line(line: &str) -> Cow<'_, str> {
    let (text, end) = match line.strip_suffix('\r') {
        Some(text) => (text, "\r"),
        None => (line, ""),
    };
    match escaped_except(text.as_bytes(), &['\t']) {
        Cow::Borrowed(_) => line.into(),
        Cow::Owned(text) => (text + end).into(),
    }
}
