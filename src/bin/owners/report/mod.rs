//! Showing the library's answers.
//!
//! What `check` has found is a [`Report`]; a [`Reporter`] writes it in one format, each in a file of
//! its own.

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

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, Write};

use annotate_snippets::Renderer;
use anstyle::{AnsiColor, Style};
use owners::Project;
use owners::diagnostic::{
    Diagnostic, Severity, Source, Sources, counted, is_invisible, shell_word,
};
use owners::lint::Facts;
use owners::parallel;
use owners::project::Unsound;
use owners::repo::DamagedIndex;
use owners::survey::Survey;

use crate::args::Format;

pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
const HUNK: Style = AnsiColor::Cyan.on_default();
pub(crate) const BOLD: Style = Style::new().bold();

/// More faults of a configuration than this help nobody.
const MAX_SHOWN: usize = 100;

/// An error of a command that has more to say than one line.
#[derive(Debug)]
pub(crate) struct Faulty(Box<Diagnostic>);

impl Faulty {
    pub(crate) fn new(diagnostic: Diagnostic) -> Self {
        Faulty(Box::new(diagnostic))
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Faulty {}

/// What `check` has found.
pub(crate) struct Report<'r> {
    pub(crate) diagnostics: &'r [Diagnostic],
    pub(crate) project: &'r Project,
    pub(crate) facts: &'r Facts,
    pub(crate) survey: &'r Survey,
    /// Whether `--fix` could edit what was looked at: not in a commit.
    pub(crate) can_fix: bool,
    /// Whether to leave out what is no finding.
    pub(crate) is_quiet: bool,
}

impl Report<'_> {
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let is_such = |each: &&Diagnostic| each.severity == severity;
        self.diagnostics.iter().filter(is_such).count()
    }
}

/// Writes what was found in one format.
trait Reporter {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// Whether this is a job of GitHub Actions, where workflow commands annotate files.
pub(crate) fn is_github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Writes what was found to standard output. Without a format it is for a person and, in GitHub
/// Actions, for the annotations as well.
pub(crate) fn findings(report: &Report<'_>, format: Option<Format>) -> io::Result<()> {
    let reporter: &dyn Reporter = match format {
        None | Some(Format::Human) => {
            let is_annotated = format.is_none() && is_github_actions();
            for_a_person(report, is_annotated)?;
            if !is_annotated {
                return Ok(());
            }
            &github::Github
        }
        Some(Format::Short) => &short::Short,
        Some(Format::Json) => &json::Json,
        Some(Format::Github) => &github::Github,
        Some(Format::Sarif) => &sarif::Sarif,
        Some(Format::Gitlab) => &gitlab::Gitlab,
    };
    // Standard output itself is written line by line.
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    reporter.write(report, &mut out)?;
    out.flush()
}

/// Writes what was found for a person. There may be megabytes of it: where colors are not wanted
/// none are drawn, since to find and drop them takes longer than to write the text.
fn for_a_person(report: &Report<'_>, is_annotated: bool) -> io::Result<()> {
    let stdout = anstream::stdout();
    let is_colored = stdout.current_choice() != anstream::ColorChoice::Never;
    let human = human::Human { is_colored };
    let write = |out: &mut dyn Write| {
        if is_annotated && !report.diagnostics.is_empty() {
            github::Paused::during(out, |out| human.write(report, out))?;
        } else {
            human.write(report, out)?;
        }
        out.flush()
    };
    if is_colored {
        write(&mut BufWriter::new(stdout.lock()))
    } else {
        write(&mut BufWriter::with_capacity(1 << 16, io::stdout().lock()))
    }
}

/// Annotates a configuration that could not be loaded. On standard error, where its errors are;
/// GitHub Actions reads both.
pub(crate) fn annotate_unsound(unsound: &Unsound) {
    // There is nowhere to report that stderr is closed.
    let _ = github::unsound(unsound, &mut io::stderr().lock());
}

/// What the level of a finding is called.
fn level(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// How many diagnostics are drawn at once.
const CHUNK: usize = 100;

/// Shows diagnostics for a person, each followed by an empty line.
pub(crate) fn diagnostics(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    out: &mut impl Write,
) -> io::Result<()> {
    draw(diagnostics, sources, &Renderer::styled(), out)
}

/// As [`diagnostics`], drawn by `renderer`.
fn draw(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    renderer: &Renderer,
    out: &mut impl Write,
) -> io::Result<()> {
    let draw = |diagnostics: &[Diagnostic]| {
        let mut text = Vec::new();
        let mut drawer = human::Drawer::new(renderer);
        let drawn = diagnostics
            .iter()
            .try_for_each(|each| drawer.write(each, sources, &mut text));
        drawn.map(|()| text)
    };
    // In a large repository tens of thousands of paths may have no owner.
    for text in parallel::map_chunks(diagnostics, CHUNK, draw) {
        out.write_all(&text?)?;
    }
    out.flush()
}

/// Shows for a person what `show` writes, which may quote anything: in GitHub Actions so that no
/// line of it is taken for a command. There is nowhere to report that stderr is closed.
fn to_stderr(show: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut out = anstream::stderr().lock();
    let _ = match is_github_actions() {
        true => github::Paused::during(&mut out, show),
        false => show(&mut out),
    };
}

/// Shows why a configuration could not be loaded.
pub(crate) fn unsound(unsound: &Unsound) {
    to_stderr(|out| write_unsound(unsound, out));
}

fn write_unsound(unsound: &Unsound, mut out: &mut dyn Write) -> io::Result<()> {
    let shown = &unsound.diagnostics[..unsound.diagnostics.len().min(MAX_SHOWN)];
    diagnostics(shown, &unsound.sources, &mut out)?;
    let errors = counted(unsound.diagnostics.len(), "error");
    let more = match unsound.diagnostics.len() - shown.len() {
        0 => String::new(),
        _ => format!(", the first {MAX_SHOWN} of them shown"),
    };
    writeln!(out, "{BOLD}{errors} in the configuration{more}{BOLD:#}")
}

/// Tells a person something that is no result. There is nowhere to report that stderr is closed.
pub(crate) fn say(what: fmt::Arguments<'_>) {
    let _ = writeln!(anstream::stderr(), "{what}");
}

/// Shows why a command could not run.
pub(crate) fn error(error: &anyhow::Error) {
    let diagnostic = match error.downcast_ref::<Faulty>() {
        Some(Faulty(diagnostic)) => (**diagnostic).clone(),
        None => {
            // The outermost context is what went wrong; what caused it explains.
            let mut diagnostic = Diagnostic::error(error.to_string());
            for cause in error.chain().skip(1) {
                diagnostic = diagnostic.note(cause.to_string());
            }
            if let Some(index) = error
                .downcast_ref::<DamagedIndex>()
                .and_then(DamagedIndex::own)
            {
                diagnostic = diagnostic.help(format!(
                    "`rm {} && git reset` makes it anew from HEAD; then `git add` again what was added",
                    shell_word(&index.to_string_lossy())
                ));
            }
            diagnostic
        }
    };
    let sources = Sources::new(Source::new("", ""));
    to_stderr(|mut out| diagnostics(&[diagnostic], &sources, &mut out));
}

/// A unified diff of a file with what it should be.
pub(crate) fn unified_diff(
    out: &mut impl Write,
    file: &str,
    exists: bool,
    old: &[u8],
    new: &str,
) -> io::Result<()> {
    let old = String::from_utf8_lossy(old).replace("\r\n", "\n");
    let diff = similar::TextDiff::from_lines(old.as_str(), new);
    let before = if exists {
        format!("a/{file}")
    } else {
        "/dev/null".to_string()
    };
    writeln!(
        out,
        "{BOLD}--- {before}{BOLD:#}\n{BOLD}+++ b/{file}{BOLD:#}"
    )?;
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        for line in hunk.to_string().split_inclusive('\n') {
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

/// A line of a file, with what a terminal would act on escaped: the file may be anybody's. A tab, and
/// the carriage return before the end, are as they are, for `git apply`.
fn shown_line(line: &str) -> Cow<'_, str> {
    let (text, end) = match line.strip_suffix('\r') {
        Some(text) => (text, "\r"),
        None => (line, ""),
    };
    let is_bad = |c| is_invisible(c) && c != '\t';
    if !text.contains(is_bad) {
        return line.into();
    }
    let mut shown = String::with_capacity(line.len());
    for character in text.chars() {
        match is_bad(character) {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    shown.push_str(end);
    shown.into()
}
