//! The findings of `owners check`, and the errors of a configuration, as diagnostics of the protocol.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use gen_lsp_types as lsp;
use owners::config::CONFIG_NAME;
use owners::ide::lint_page;
use owners::lint;
use owners::text::{Diagnostic, FixAction, Location, Severity, Sources, counted, escaped};

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
            let shown = groups(findings).map(one);
            Some(converted(snapshot, shown, &sound.project.sources))
        }
        (Some(Trouble::Unsound(unsound)), _) => {
            let more = (unsound.more > 0).then(|| {
                let more = counted(unsound.more, "more error");
                Cow::Owned(Diagnostic::error(format!("there are {more}")))
            });
            let shown = unsound.diagnostics.iter().map(Cow::Borrowed).chain(more);
            Some(converted(snapshot, shown, &unsound.sources))
        }
        (Some(Trouble::Failed(fault)), _) => {
            let shown = std::iter::once(Cow::Borrowed(&**fault));
            Some(converted(snapshot, shown, &Sources::default()))
        }
        (Some(Trouble::Nothing) | None, _) => Some(ByFile::new()),
    }
}

/// The findings, with those about paths of one directory together, as `owners check` shows them to
/// people.
pub(crate) fn groups(findings: &[Diagnostic]) -> impl Iterator<Item = &[Diagnostic]> {
    findings.chunk_by(|a, b| match (&a.together, &b.together) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        _ => false,
    })
}

/// One finding for a group of them.
pub(crate) fn one(findings: &[Diagnostic]) -> Cow<'_, Diagnostic> {
    let first = &findings[0];
    let Some(together) = first.together.as_ref().filter(|_| findings.len() > 1) else {
        return Cow::Borrowed(first);
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
    Cow::Owned(Diagnostic {
        message: format!("{paths} {place} {}", together.what),
        path: Some(together.directory.clone()),
        notes: vec![names.join(", ")],
        helps: vec![together.help.clone()],
        labels: first.labels.last().cloned().into_iter().collect(),
        ..first.clone()
    })
}

/// Where a finding is shown.
pub(crate) struct Shown {
    /// Relative to the root of the repository.
    pub(crate) path: Vec<u8>,
    pub(crate) range: lsp::Range,
}

/// The place where a finding is shown. Nothing is shown in files that only have owners: a finding about
/// one of them is in the configuration.
pub(crate) fn place(snapshot: &Snapshot, found: &Diagnostic, places: &mut Places<'_>) -> Shown {
    if let Some(label) = found.labels.first() {
        let Location { file, span } = &label.location;
        return Shown {
            path: places.sources[*file].name.clone().into_bytes(),
            range: places.range(*file, span),
        };
    }
    let root = places.sources.iter().next();
    let root = root.map_or(CONFIG_NAME, |(_, source)| source.name.as_str());
    let path = match &found.path {
        Some(path) if is_ours(path) && snapshot.exists(path) => path.clone(),
        _ => root.as_bytes().to_vec(),
    };
    let range = heading(&path, places);
    Shown { path, range }
}

/// The diagnostics of the protocol.
fn converted<'d>(
    snapshot: &Snapshot,
    found: impl Iterator<Item = Cow<'d, Diagnostic>>,
    sources: &Sources,
) -> ByFile {
    let mut places = Places::new(snapshot, sources);
    let mut by_file = ByFile::new();
    for each in found {
        let Shown { path, range } = place(snapshot, &each, &mut places);
        let of_file = by_file.entry(path).or_default();
        if of_file.len() < MOST {
            of_file.push(convert(snapshot, &each, range, &mut places));
        }
    }
    by_file
}

/// One diagnostic of the protocol.
pub(crate) fn convert(
    snapshot: &Snapshot,
    found: &Diagnostic,
    range: lsp::Range,
    places: &mut Places<'_>,
) -> lsp::Diagnostic {
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
    let lint = found.lint.and_then(lint::find);
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
        code_description: lint.map(|lint| lsp::CodeDescription {
            href: lsp::Uri(lint_page(lint)),
        }),
        source: Some("owners".to_string()),
        message: lsp::Message::String(text(found)),
        tags: is_removed.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: related,
        data: None,
    }
}

/// Where a finding is shown that has no place: at the rules, or at the start of another file.
fn heading(path: &[u8], places: &mut Places<'_>) -> lsp::Range {
    let root = places.sources.iter().next();
    let Some((file, source)) = root.filter(|(_, root)| root.name.as_bytes() == path) else {
        return lsp::Range::default();
    };
    let Some(start) = header(&source.text, "paths") else {
        return lsp::Range::default();
    };
    let line = source.text[start..].lines().next().unwrap_or_default();
    places.range(file, &(start..start + line.trim_end().len()))
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
