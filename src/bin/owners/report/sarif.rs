//! SARIF 2.1.0, which GitHub's code scanning and many viewers read.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::fmt::Write as _;
use std::io::{self, Write};

use owners::config::Level;
use owners::lint::{LINTS, Lint};
use owners::text::Diagnostic;
use serde::Serialize;
use serde_json::{Value, json};

use super::place::{Fingerprints, Place, Region, full_text};
use super::{Each, Report, Reporter, level};

pub(super) struct Sarif;

impl Reporter for Sarif {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let results = || {
            let mut fingerprints = Fingerprints::default();
            (report.diagnostics.iter())
                .map(move |diagnostic| result(diagnostic, report, &mut fingerprints))
        };
        let log = Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            runs: [Run {
                column_kind: "unicodeCodePoints",
                original_uri_base_ids: json!({ "%SRCROOT%": { "description": {
                    "text": "The root of the repository",
                } } }),
                results: Each(results),
                tool: json!({ "driver": {
                    "name": "owners",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules(report),
                } }),
            }],
            version: "2.1.0",
        };
        serde_json::to_writer_pretty(&mut *out, &log)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<R>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R> {
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: R,
    tool: Value,
}

/// The lints, and then those of other programs that have findings.
fn rules(report: &Report<'_>) -> Vec<Value> {
    let others = others(report).into_iter().map(|name| {
        let (check, _) = name.split_once('/').unwrap_or((name, ""));
        json!({
            "id": name,
            "shortDescription": { "text": format!("a finding of `owners-check-{check}`") },
        })
    });
    LINTS.iter().map(rule).chain(others).collect()
}

/// The lints of other programs that have findings, each once.
fn others(report: &Report<'_>) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for name in report.by_lint().filter_map(|findings| findings[0].lint) {
        if name.contains('/') && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn rule(lint: &Lint) -> Value {
    json!({
        "id": lint.name,
        "shortDescription": { "text": lint.summary },
        "help": { "text": lint.page, "markdown": lint.page },
        "defaultConfiguration": {
            "enabled": lint.level != Level::Allow,
            "level": if lint.level == Level::Deny { "error" } else { "warning" },
        },
    })
}

fn result(diagnostic: &Diagnostic, report: &Report<'_>, fingerprints: &mut Fingerprints) -> Value {
    let place = Place::of(diagnostic, report);
    let mut result = json!({
        "level": level(diagnostic),
        "message": { "text": full_text(diagnostic) },
        "locations": [{ "physicalLocation": physical(&place) }],
        "partialFingerprints": { "owners/v1": fingerprints.next(diagnostic, &place.path) },
    });
    if let Some(name) = diagnostic.lint {
        result["ruleId"] = name.into();
        if let Some(index) = LINTS.iter().position(|lint| lint.name == name) {
            result["ruleIndex"] = index.into();
        }
    }
    if let Some(fix) = &diagnostic.fix {
        result["properties"] = json!({ "owners/fix": fix.holds.name() });
    }
    let sources = &report.project.sources;
    let others: Vec<Value> = (diagnostic.labels.iter().skip(1))
        .map(|label| {
            let place = Place {
                path: sources[label.location.file].name.clone().into_bytes(),
                region: Some(Region::of(&label.location, sources)),
            };
            let text = if label.text.is_empty() {
                "see here"
            } else {
                &label.text
            };
            json!({ "physicalLocation": physical(&place), "message": { "text": text } })
        })
        .collect();
    if !others.is_empty() {
        result["relatedLocations"] = others.into();
    }
    result
}

fn physical(place: &Place) -> Value {
    let mut location = json!({
        "artifactLocation": { "uri": uri(&place.path), "uriBaseId": "%SRCROOT%" },
    });
    if let Some(region) = place.region {
        location["region"] = json!({
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        });
    }
    location
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &[u8]) -> String {
    let mut uri = String::with_capacity(path.len());
    for &byte in path {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_uris() {
        assert_eq!(uri(b"docs/a.md"), "docs/a.md");
        assert_eq!(uri(b"a b/#1:\xff"), "a%20b/%231%3A%FF");
        assert_eq!(uri("é".as_bytes()), "%C3%A9");
    }
}
