//! The findings of `owners check`, and the errors of a configuration, as diagnostics of the protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use gen_lsp_types as lsp;
use owners::config::{CONFIG_NAME, SCHEMA_URL};
use owners::text::{Diagnostic, FixAction, Label, Severity, Sources, counted, escaped};

use crate::insert::header;
use crate::snapshot::{Places, Snapshot, Trouble, is_ours};

/// The diagnostics of each file, by root-relative path.
pub(crate) type ByFile = BTreeMap<Vec<u8>, Vec<lsp::Diagnostic>>;

/// The most diagnostics of a file. An editor becomes slow with more, and nobody reads them.
const MOST: usize = 1000;
/// How many names of a directory are listed.
const NAMES: usize = 10;

/// All diagnostics. A file that is open and has none is listed, too: the client waits for its version.
/// `None` if they are out of date before they are found.
pub(crate) fn of(snapshot: &Snapshot, is_outdated: &(dyn Fn() -> bool + Sync)) -> Option<ByFile> {
    let mut found = found(snapshot, is_outdated)?;
    let open = snapshot.inputs.documents.keys();
    for path in open.filter(|path| is_ours(path)) {
        found.entry(path.clone()).or_default();
    }
    Some(found)
}

fn found(snapshot: &Snapshot, is_outdated: &(dyn Fn() -> bool + Sync)) -> Option<ByFile> {
    match (&snapshot.trouble, &snapshot.sound) {
        (None, Some(sound)) => {
            let findings = sound.findings(&snapshot.facts, is_outdated)?;
            let shown = together(findings);
            Some(converted(snapshot, &shown, &sound.project.sources))
        }
        (Some(Trouble::Unsound(unsound)), _) => {
            let mut shown = unsound.diagnostics.clone();
            if unsound.more > 0 {
                let more = counted(unsound.more, "more error");
                shown.push(Diagnostic::error(format!("there are {more}")));
            }
            Some(converted(snapshot, &shown, &unsound.sources))
        }
        (Some(Trouble::Failed(fault)), _) => {
            let sources = Sources::default();
            Some(converted(snapshot, std::slice::from_ref(fault), &sources))
        }
        (Some(Trouble::Nothing) | None, _) => Some(ByFile::new()),
    }
}

/// Findings about paths of one directory as one, as `owners check` shows them to people.
pub(crate) fn together(findings: &[Diagnostic]) -> Vec<Diagnostic> {
    let is_same = |a: &Diagnostic, b: &Diagnostic| match (&a.together, &b.together) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        _ => false,
    };
    findings.chunk_by(is_same).map(one).collect()
}

/// One finding for several of one directory.
fn one(findings: &[Diagnostic]) -> Diagnostic {
    let first = &findings[0];
    let Some(together) = first.together.as_ref().filter(|_| findings.len() > 1) else {
        return first.clone();
    };
    let directory = escaped(&together.directory);
    let place = match directory.as_str() {
        "" => "at the root".to_string(),
        directory => format!("in `{directory}`"),
    };
    let paths = counted(findings.len(), "path");
    let name = |finding: &Diagnostic| {
        let path = finding.path.as_deref().unwrap_or_default();
        let name = path.strip_prefix(&together.directory[..]).unwrap_or(path);
        format!("`{}`", escaped(name))
    };
    let mut names: Vec<String> = findings.iter().take(NAMES).map(name).collect();
    if findings.len() > NAMES {
        names.push(format!("and {} more", findings.len() - NAMES));
    }
    Diagnostic {
        message: format!("{paths} {place} {}", together.what),
        path: Some(together.directory.clone()),
        notes: vec![names.join(", ")],
        helps: vec![together.help.clone()],
        labels: first.labels.last().cloned().into_iter().collect(),
        ..first.clone()
    }
}

/// The file that a finding is shown in, and the first label if it is in that file. Nothing is shown in
/// files that only have owners: a finding about one of them is in the configuration.
pub(crate) fn place<'d>(
    snapshot: &Snapshot,
    found: &'d Diagnostic,
    sources: &Sources,
) -> (Vec<u8>, Option<&'d Label>) {
    if let Some(label) = found.labels.first() {
        let name = &sources[label.location.file].name;
        return (name.clone().into_bytes(), Some(label));
    }
    let root = sources.iter().next();
    let root = root.map_or(CONFIG_NAME, |(_, source)| source.name.as_str());
    let path = match &found.path {
        Some(path) if is_ours(path) && snapshot.exists(path) => path.clone(),
        _ => root.as_bytes().to_vec(),
    };
    (path, None)
}

/// The diagnostics of the protocol.
fn converted(snapshot: &Snapshot, found: &[Diagnostic], sources: &Sources) -> ByFile {
    let mut places = Places::new(snapshot, sources);
    let mut by_file = ByFile::new();
    for each in found {
        let (path, label) = place(snapshot, each, sources);
        let shown = convert(snapshot, each, &path, label, &mut places);
        let of_file = by_file.entry(path).or_default();
        if of_file.len() < MOST {
            of_file.push(shown);
        }
    }
    by_file
}

/// One diagnostic of the protocol.
pub(crate) fn convert(
    snapshot: &Snapshot,
    found: &Diagnostic,
    path: &[u8],
    label: Option<&Label>,
    places: &mut Places<'_>,
) -> lsp::Diagnostic {
    let range = match label {
        Some(label) => places.range(label.location.file, &label.location.span),
        None => heading(snapshot, path, places.sources),
    };
    let others = found.labels.iter().skip(1);
    let related = snapshot.inputs.client.shows_related().then(|| {
        let others = others.filter(|label| !label.text.is_empty());
        others
            .map(|label| lsp::DiagnosticRelatedInformation {
                location: places.location(&label.location),
                message: label.text.clone(),
            })
            .collect()
    });
    let is_removed = found.fix.as_ref().is_some_and(|fix| {
        let action = &fix.action;
        matches!(
            action,
            FixAction::Remove(_) | FixAction::RemoveAlternative(..)
        )
    });
    lsp::Diagnostic {
        range,
        severity: Some(match found.severity {
            Severity::Error => lsp::DiagnosticSeverity::Error,
            Severity::Warning => lsp::DiagnosticSeverity::Warning,
            Severity::Note => lsp::DiagnosticSeverity::Information,
        }),
        code: found.lint.map(|lint| lsp::Code::String(lint.to_string())),
        code_description: found.lint.map(|lint| lsp::CodeDescription {
            href: lsp::Uri(page(lint)),
        }),
        source: Some("owners".to_string()),
        message: lsp::Message::String(text(found)),
        tags: is_removed.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: related,
        data: None,
    }
}

/// Where a finding is shown that has no place: at the rules, or at the start of another file.
fn heading(snapshot: &Snapshot, path: &[u8], sources: &Sources) -> lsp::Range {
    let root = sources.iter().next();
    let Some((file, source)) = root.filter(|(_, root)| root.name.as_bytes() == path) else {
        return lsp::Range::default();
    };
    let Some(start) = header(&source.text, "paths") else {
        return lsp::Range::default();
    };
    let line = source.text[start..].lines().next().unwrap_or_default();
    Places::new(snapshot, sources).range(file, &(start..start + line.trim_end().len()))
}

/// The page of a lint on the site.
pub(crate) fn page(lint: &str) -> String {
    let site = SCHEMA_URL.rsplit_once('/').map_or("", |(site, _)| site);
    format!("{site}/lints/{lint}.html")
}

/// The whole text of a finding: what, where, why, and what to do.
fn text(found: &Diagnostic) -> String {
    let label = found.labels.first().map(|label| label.text.as_str());
    let mut text = match label.filter(|label| !label.is_empty()) {
        Some(label) => format!("{}: {label}", found.message),
        None => found.message.clone(),
    };
    for (kind, lines) in [("note", &found.notes), ("help", &found.helps)] {
        for line in lines {
            text.push_str(&format!("\n{kind}: {line}"));
        }
    }
    text
}
