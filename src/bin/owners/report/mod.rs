//! Showing the library's answers.

mod human;

use std::fmt;
use std::io::{self, BufWriter, Write};

use anstyle::{AnsiColor, Style};
use owners::diagnostic::{Diagnostic, Severity, Source, Sources, counted};
use owners::lint::Facts;
use owners::project::Unsound;
use owners::survey::Survey;

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const HUNK: Style = AnsiColor::Cyan.on_default();
const BOLD: Style = Style::new().bold();

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

/// Shows diagnostics for a person, each followed by an empty line.
pub(crate) fn diagnostics(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    out: &mut impl Write,
) -> io::Result<()> {
    // Standard output is written line by line.
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut drawer = human::Drawer::default();
    diagnostics
        .iter()
        .try_for_each(|each| drawer.write(each, sources, &mut out))?;
    out.flush()
}

/// Shows why a configuration could not be loaded.
pub(crate) fn unsound(unsound: &Unsound) {
    let mut out = anstream::stderr().lock();
    // There is nowhere to report that stderr is closed.
    let shown = &unsound.diagnostics[..unsound.diagnostics.len().min(MAX_SHOWN)];
    let _ = diagnostics(shown, &unsound.sources, &mut out);
    let errors = counted(unsound.diagnostics.len(), "error");
    let more = match unsound.diagnostics.len() - shown.len() {
        0 => String::new(),
        _ => format!(", the first {MAX_SHOWN} of them shown"),
    };
    let _ = writeln!(out, "{BOLD}{errors} in the configuration{more}{BOLD:#}");
}

/// Shows why a command could not run.
pub(crate) fn error(error: &anyhow::Error) {
    let diagnostic = match error.downcast_ref::<Faulty>() {
        Some(Faulty(diagnostic)) => (**diagnostic).clone(),
        None => {
            // The outermost context is what went wrong; what caused it explains.
            let mut diagnostic = Diagnostic::error(error.to_string());
            diagnostic
                .notes
                .extend(error.chain().skip(1).map(ToString::to_string));
            diagnostic
        }
    };
    let sources = Sources::new(Source::new("", ""));
    let _ = human::write(&diagnostic, &sources, &mut anstream::stderr().lock());
}

/// The last line of `check`.
pub(crate) fn summary(
    out: &mut impl Write,
    diagnostics: &[Diagnostic],
    survey: &Survey,
    facts: &Facts,
) -> io::Result<()> {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|each| each.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let style = match (errors, warnings) {
        (0, 0) => ADDED.bold(),
        (0, _) => AnsiColor::Yellow.on_default().bold(),
        _ => REMOVED.bold(),
    };
    let kind = if facts.is_git { "tracked path" } else { "path" };
    write!(
        out,
        "{style}{}, {}{style:#}; {}: {} owned",
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(facts.paths.len(), kind),
        survey.owned
    )?;
    for (count, what) in [
        (survey.nobodys, "nobody's on purpose"),
        (survey.exempt(&facts.paths), "exempt"),
        (survey.unowned.len(), "without an owner"),
    ] {
        if count > 0 {
            write!(out, ", {count} {what}")?;
        }
    }
    writeln!(out)
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
            writeln!(out, "{style}{}{style:#}", line.trim_end_matches('\n'))?;
        }
    }
    Ok(())
}
