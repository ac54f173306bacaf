//! Corrects misspelled patterns.
//!
//! Unlike every other fix, a correction changes who owns paths: that is its purpose. It is made on
//! its own, before anything is removed, and has a proof of its own: see
//! [`prove_corrections`](super::proof::prove_corrections).

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::Edits;
use crate::project::Project;
use crate::text::{Diagnostic, FileId, FixAction, Holds, Location};

/// The maximum number of corrections that are tried one by one.
const MAX_SINGLE: usize = 100;

/// A replacement in a file.
struct Correction<'f> {
    pattern: &'f Location,
    span: &'f Range<usize>,
    text: &'f str,
}

/// Applies the corrections of `findings` that hold in the trees of `holds`. A correction is left out
/// if the configuration would have errors, because another rule has the same pattern.
pub(crate) fn corrections(project: &Project, findings: &[Diagnostic], holds: Holds) -> Edits {
    let all = all(findings, holds);
    let mut edits = Edits::default();
    if all.is_empty() {
        return edits;
    }
    edits.texts = replaced(project, &all);
    edits.count = all.len();
    edits.made = all.iter().map(|each| each.pattern.clone()).collect();
    if project.with_texts(&edits.texts).is_ok() {
        return edits;
    }
    let mut kept = Vec::new();
    for (index, correction) in all.into_iter().enumerate() {
        let place = project.sources.place(correction.pattern);
        kept.push(correction);
        let is_sound = index < MAX_SINGLE && project.with_texts(&replaced(project, &kept)).is_ok();
        if !is_sound {
            kept.pop();
            let note = "not fixed: the configuration would have errors";
            edits.notes.push(format!("{place}: {note}"));
        }
    }
    edits.count = kept.len();
    edits.made = kept.iter().map(|each| each.pattern.clone()).collect();
    edits.texts = replaced(project, &kept);
    edits
}

/// The patterns that [`corrections`] corrects, without loading the configuration again if it certainly has
/// no errors: no corrected key is there already.
pub(super) fn made(
    project: &Project,
    findings: &[Diagnostic],
    holds: Holds,
) -> FxHashSet<Location> {
    let all = all(findings, holds);
    if all.is_empty() {
        return FxHashSet::default();
    }
    let configs = std::iter::once(&project.config).chain(&project.nested);
    let mut keys: FxHashSet<(FileId, String)> = configs
        .flat_map(|config| {
            let keys = config.rules.iter();
            keys.map(|rule| (config.file, rule.pattern.value.clone()))
        })
        .collect();
    let mut is_new = |correction: &Correction<'_>| {
        let Correction {
            pattern,
            span,
            text,
        } = correction;
        let source = &project.sources[pattern.file].text;
        let raw = [
            &source[pattern.span.start..span.start],
            text,
            &source[span.end..pattern.span.end],
        ]
        .concat();
        let is_plain = !raw.contains(['\\', '\n']) && raw.starts_with(['"', '\'']);
        is_plain && keys.insert((pattern.file, raw[1..raw.len() - 1].to_string()))
    };
    match all.iter().all(&mut is_new) {
        true => all.iter().map(|each| each.pattern.clone()).collect(),
        false => corrections(project, findings, holds).made,
    }
}

/// All corrections of findings.
fn all(findings: &[Diagnostic], holds: Holds) -> Vec<Correction<'_>> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    fixes
        .filter(|fix| fix.holds <= holds)
        .filter_map(|fix| match &fix.action {
            FixAction::Replace {
                pattern,
                span,
                text,
            } => Some(Correction {
                pattern,
                span,
                text,
            }),
            _ => None,
        })
        .collect()
}

/// The changed texts. Of replacements that overlap, the first one is made.
fn replaced(project: &Project, all: &[Correction<'_>]) -> BTreeMap<FileId, String> {
    let mut by_file: BTreeMap<FileId, Vec<&Correction<'_>>> = BTreeMap::new();
    for correction in all {
        let file = by_file.entry(correction.pattern.file).or_default();
        file.push(correction);
    }
    let edit = |(file, mut all): (FileId, Vec<&Correction<'_>>)| {
        all.sort_by_key(|each| each.span.start);
        let text = &project.sources[file].text;
        let mut new = String::with_capacity(text.len());
        let mut end = 0;
        for Correction { span, text: by, .. } in all {
            if span.start < end {
                continue;
            }
            new.push_str(&text[end..span.start]);
            new.push_str(by);
            end = span.end;
        }
        new.push_str(&text[end..]);
        (file, new)
    };
    by_file.into_iter().map(edit).collect()
}
