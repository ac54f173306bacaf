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

impl Correction<'_> {
    /// The text of the pattern before and after. `None` if it has to be parsed as TOML to be known.
    fn keys(&self, project: &Project) -> Option<(String, String)> {
        let Correction {
            pattern,
            span,
            text,
        } = self;
        let source = &project.sources[pattern.file].text;
        let value = |raw: &str| {
            let is_plain = !raw.contains(['\\', '\n']) && raw.starts_with(['"', '\'']);
            is_plain.then(|| raw[1..raw.len() - 1].to_string())
        };
        let old = value(&source[pattern.span.clone()])?;
        let before = &source[pattern.span.start..span.start];
        let after = &source[span.end..pattern.span.end];
        Some((old, value(&[before, text, after].concat())?))
    }
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

/// The patterns that [`corrections`] corrects, without loading the configuration again: a correction makes
/// an error if the key is there already.
pub(super) fn made(
    project: &Project,
    findings: &[Diagnostic],
    holds: Holds,
) -> FxHashSet<Location> {
    let all = all(findings, holds);
    let Some(keys) = all
        .iter()
        .map(|each| each.keys(project))
        .collect::<Option<Vec<_>>>()
    else {
        return corrections(project, findings, holds).made;
    };
    if all.is_empty() {
        return FxHashSet::default();
    }
    let configs = std::iter::once(&project.config).chain(&project.nested);
    let rules = configs.flat_map(|config| config.rules.iter().map(|rule| (config.file, rule)));
    let mut taken: FxHashSet<(FileId, &str)> = FxHashSet::default();
    let mut places: FxHashSet<(FileId, usize)> = FxHashSet::default();
    for (file, rule) in rules {
        taken.insert((file, rule.pattern.value.as_str()));
        places.insert((file, rule.pattern.span.start));
    }
    // The others are entries of lists, which may be repeated.
    let is_key = |index: &usize| {
        let pattern = &all[*index].pattern;
        places.contains(&(pattern.file, pattern.span.start))
    };
    let old = |index: usize| (all[index].pattern.file, keys[index].0.as_str());
    let new = |index: usize| (all[index].pattern.file, keys[index].1.as_str());
    // Together, as they are tried first.
    let mut together = taken.clone();
    for index in (0..all.len()).filter(is_key) {
        together.remove(&old(index));
    }
    let mut made: Vec<usize> = (0..all.len()).collect();
    if !(0..all.len())
        .filter(is_key)
        .all(|index| together.insert(new(index)))
    {
        made.truncate(MAX_SINGLE);
        made.retain(|index| {
            let is_made = !is_key(index) || taken.insert(new(*index));
            if is_made && is_key(index) {
                taken.remove(&old(*index));
            }
            is_made
        });
    }
    made.into_iter()
        .map(|index| all[index].pattern.clone())
        .collect()
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
