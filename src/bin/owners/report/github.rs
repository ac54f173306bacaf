//! Workflow commands of GitHub Actions, which become annotations of the files in a pull request.
//!
//! Source: GitHub's documentation, "Workflow commands for GitHub Actions". Which characters must be
//! escaped is only in `actions/toolkit` (`packages/core/src/command.ts`).

use std::io::{self, Write};

use owners::Unsound;
use owners::text::{Diagnostic, Severity, Sources, escaped};

use super::place::{Place, Region, full_text_with_other_line};
use super::{Report, Reporter};

pub(super) struct Github;

impl Reporter for Github {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in report.diagnostics {
            command(
                diagnostic,
                &Place::of(diagnostic, report),
                &report.project.sources,
                out,
            )?;
        }
        Ok(())
    }
}

/// Annotates a configuration that could not be loaded.
pub(super) fn unsound(unsound: &Unsound, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &unsound.diagnostics {
        let Some(location) = diagnostic.location() else {
            continue;
        };
        let place = Place {
            path: unsound.sources[location.file].name.clone().into_bytes(),
            region: Some(Region::of(location, &unsound.sources)),
        };
        command(diagnostic, &place, &unsound.sources, out)?;
    }
    Ok(())
}

fn command(
    diagnostic: &Diagnostic,
    place: &Place,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = escaped(&place.path);
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    write!(out, "::{command} file={}", property(&path))?;
    if let Some(region) = place.region {
        write!(out, ",line={},endLine={}", region.line, region.end_line)?;
        // An annotation of several lines must not have columns.
        if region.line == region.end_line {
            write!(
                out,
                ",col={},endColumn={}",
                region.column, region.end_column
            )?;
        }
    }
    let title = diagnostic.lint.unwrap_or("owners.toml");
    writeln!(
        out,
        ",title={}::{}",
        property(title),
        data(&full_text_with_other_line(diagnostic, sources))
    )
}

/// Escapes the text after the last `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value after a `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\n::error::a,b"), "100%25%0D%0A::error::a,b");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
