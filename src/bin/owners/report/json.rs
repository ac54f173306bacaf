//! JSON for programs: `docs/json.md` says what each key means.

use std::borrow::Cow;
use std::io::{self, Write};

use owners::text::{Diagnostic, Severity};
use serde::Serialize;

use super::json_path::{escaped_only_if_needed, raw_if_not_utf8};
use super::place::Region;
use super::{Each, Report, Reporter, level};

pub(super) struct Json;

/// Increased if a key changes its meaning or is removed.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<F> {
    version: u32,
    findings: F,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding<'r> {
    lint: Option<&'static str>,
    level: &'static str,
    message: &'r str,
    path: Option<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'r [u8]>,
    labels: Vec<Label<'r>>,
    notes: &'r [String],
    helps: &'r [String],
    fix: Option<&'static str>,
}

#[derive(Serialize)]
struct Label<'r> {
    file: &'r str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: usize,
    end: usize,
    text: &'r str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    paths: usize,
    owned: usize,
    nobody: usize,
    exempt: usize,
    unowned: usize,
}

impl Reporter for Json {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let findings = || (report.diagnostics.iter()).map(|each| finding(each, report));
        let document = Document {
            version: VERSION,
            findings: Each(findings),
            summary: Summary {
                errors: report.count(Severity::Error),
                warnings: report.count(Severity::Warning),
                notes: report.count(Severity::Note),
                paths: report.facts.paths.len(),
                owned: report.survey.owned,
                nobody: report.survey.nobody,
                exempt: report.survey.exempt(&report.facts.paths),
                unowned: report.survey.unowned.len(),
            },
        };
        serde_json::to_writer(&mut *out, &document)?;
        writeln!(out)
    }
}

fn finding<'r>(diagnostic: &'r Diagnostic, report: &Report<'r>) -> Finding<'r> {
    let path = diagnostic.path.as_deref();
    let labels = diagnostic.labels.iter().map(|label| {
        let region = Region::of(&label.location, &report.project.sources);
        Label {
            file: &report.project.sources[label.location.file].name,
            line: region.line,
            column: region.column,
            end_line: region.end_line,
            end_column: region.end_column,
            start: label.location.span.start,
            end: label.location.span.end,
            text: &label.text,
        }
    });
    Finding {
        lint: diagnostic.lint,
        level: level(diagnostic),
        message: &diagnostic.message,
        path: path.map(escaped_only_if_needed),
        path_bytes: path.and_then(raw_if_not_utf8),
        labels: labels.collect(),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        fix: diagnostic.fix.as_ref().map(|fix| fix.holds.name()),
    }
}
