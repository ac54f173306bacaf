//! Code Quality reports for GitLab.
//!
//! Source: GitLab's documentation, "Code Quality", "Code Quality report format".

use std::io::{self, Write};

use owners::text::{Diagnostic, Severity, escaped};
use serde::Serialize;

use super::place::{Fingerprints, Place, full_text_with_other_line};
use super::{Each, Report, Reporter};

pub(super) struct Gitlab;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: IssueLocation,
}

#[derive(Serialize)]
struct IssueLocation {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl Reporter for Gitlab {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let issues = || {
            let mut fingerprints = Fingerprints::default();
            (report.diagnostics.iter())
                .map(move |diagnostic| issue(diagnostic, report, &mut fingerprints))
        };
        serde_json::to_writer_pretty(&mut *out, &Each(issues))?;
        writeln!(out)
    }
}

fn issue<'r>(
    diagnostic: &'r Diagnostic,
    report: &Report<'_>,
    fingerprints: &mut Fingerprints,
) -> Issue<'r> {
    let place = Place::of(diagnostic, report);
    Issue {
        description: full_text_with_other_line(diagnostic, &report.project.sources),
        check_name: diagnostic.lint.unwrap_or("owners"),
        fingerprint: fingerprints.next(diagnostic, &place.path),
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: IssueLocation {
            path: escaped(&place.path),
            lines: Lines {
                // A line is required, even for a finding about a whole file.
                begin: place.region.map_or(1, |region| region.line),
            },
        },
    }
}
