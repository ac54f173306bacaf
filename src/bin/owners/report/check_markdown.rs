//! Markdown: a comment on a pull request, or the summary of a job of GitHub Actions.
//!
//! Source: GitHub's documentation, "Workflow commands for GitHub Actions", "Adding a job summary":
//! a step adds text to the file that `GITHUB_STEP_SUMMARY` names, and all steps that add more than
//! 1 MiB to it lose their summary.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use owners::Unsound;
use owners::text::{Diagnostic, Sources, counted, escaped};

use super::markdown::code;
use super::place::{Place, other_line};
use super::{Report, Reporter, chain, failure_of};

/// A comment on GitHub has at most 65,536 characters.
const COMMENT: usize = 60_000;
/// The size limit of the summary of a step.
const STEP: u64 = 1 << 20;
/// The space for the line that says how many rows are left out.
const RESERVE: usize = 500;

/// The format `markdown`, for a comment.
pub(super) struct Markdown;

impl Reporter for Markdown {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(document(report, COMMENT).as_bytes())
    }
}

/// Adds the whole result to the summary of the step, in a job of GitHub Actions. If that fails, the
/// result itself is as good as before: an error is shown, and the exit code stays that of the check.
pub(super) fn add_to_step_summary(report: &Report<'_>) {
    add(|limit| document(report, limit));
}

/// The same for a configuration with errors.
pub(super) fn add_unsound_to_step_summary(unsound: &Unsound) {
    add(|limit| unsound_document(unsound, limit));
}

fn add(document: impl FnOnce(usize) -> String) {
    let file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    let Some(file) = file else {
        return;
    };
    if let Err(error) = append(Path::new(&file), document) {
        failure_of(chain(error.as_ref()));
    }
}

fn append(file: &Path, document: impl FnOnce(usize) -> String) -> anyhow::Result<()> {
    let said = || {
        format!(
            "cannot add the result to the job summary `{}`",
            file.display()
        )
    };
    // Another command of the step may have written to it.
    let size = fs::metadata(file).map_or(0, |found| found.len());
    let room = STEP.saturating_sub(size);
    let text = document(usize::try_from(room)?.saturating_sub(1));
    if text.len() as u64 >= room {
        anyhow::bail!("{}: it has no room left: GitHub allows 1 MiB", said());
    }
    let mut open = OpenOptions::new();
    let mut file = open
        .append(true)
        .create(true)
        .open(file)
        .with_context(said)?;
    file.write_all(text.as_bytes()).with_context(said)
}

fn document(report: &Report<'_>, limit: usize) -> String {
    let mut text = format!(
        "### owners check: {}\n\n{}\n",
        report.verdict(),
        report.coverage()
    );
    for findings in report.by_lint() {
        let lint = findings[0].lint.unwrap_or("other");
        let heading = format!(
            "\n#### {}: {}\n\n| where | what | help |\n|---|---|---|\n",
            code(lint),
            counted(findings.len(), super::level(&findings[0]))
        );
        let sources = &report.project.sources;
        let row = |each: &Diagnostic| row(&place(each, report), each, sources);
        if !table(&mut text, limit, &heading, findings.iter().map(row)) {
            break;
        }
    }
    text
}

fn unsound_document(unsound: &Unsound, limit: usize) -> String {
    let count = unsound.diagnostics.len() + unsound.more;
    let mut text = "### owners check: the configuration has errors\n".to_string();
    let heading = format!(
        "\n{}\n\n| where | what | help |\n|---|---|---|\n",
        counted(count, "error")
    );
    let place = |each: &Diagnostic| {
        let location = each.location();
        location.map_or(String::new(), |location| unsound.sources.place(location))
    };
    let rows = unsound
        .diagnostics
        .iter()
        .map(|each| row(&place(each), each, &unsound.sources));
    table(&mut text, limit, &heading, rows);
    text
}

/// Adds a table, as far as there is room. Returns whether there was room for all of it.
fn table(
    text: &mut String,
    limit: usize,
    heading: &str,
    rows: impl ExactSizeIterator<Item = String>,
) -> bool {
    let limit = limit.saturating_sub(RESERVE);
    let count = rows.len();
    if text.len() + heading.len() > limit {
        text.push_str(
            "\n… and more findings, for which there is no room here. The log has them.\n",
        );
        return false;
    }
    text.push_str(heading);
    for (index, row) in rows.enumerate() {
        if text.len() + row.len() > limit {
            let left = counted(count - index, "more finding");
            text.push_str(&format!(
                "\n… and {left}, for which there is no room here. `owners check -v` shows all.\n"
            ));
            return false;
        }
        text.push_str(&row);
    }
    true
}

/// Names and values in the texts are anybody's, so each text is a code span.
fn row(place: &str, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let other = other_line(diagnostic, sources, |name| escaped(name.as_bytes()));
    let in_one_line = |text: &str| code(&text.replace(['\n', '\r'], " "));
    let helps: Vec<String> = diagnostic
        .helps
        .iter()
        .map(|help| in_one_line(help))
        .collect();
    format!(
        "| {} | {} | {} |\n",
        in_one_line(place),
        in_one_line(&format!(
            "{}{}",
            diagnostic.message,
            other.unwrap_or_default()
        )),
        helps.join("<br>")
    )
}

/// The place of a finding; a directory is shown itself.
fn place(diagnostic: &Diagnostic, report: &Report<'_>) -> String {
    let sources: &Sources = &report.project.sources;
    match (diagnostic.location(), diagnostic.path.as_deref()) {
        (Some(location), _) => sources.place(location),
        (None, Some(path)) if !path.is_empty() => owners::text::escaped(path),
        (None, _) => owners::text::escaped(&Place::of(diagnostic, report).path),
    }
}
