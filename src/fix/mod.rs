//! Fixing: the edits of `owners.toml` that findings ask for.
//!
//! A lint says with its finding what can be done about it, as plain data ([`Change`]). Here it is
//! done: to the text of the file, of which nothing else changes, and again and again, since a rule
//! that goes may leave a group without use. Nothing is written here, and nothing comes out that was
//! not proved: see `fix::proof`.

mod alternatives;
mod edit;
mod entries;
mod proof;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::codeowners::{self, Rendered};
use crate::config::Group;
use crate::lint::{self, Baseline, Context, Facts, Levels};
use crate::paths::PathSet;
use crate::project::Project;
use crate::ruleset::shadow::Shadow;
use crate::ruleset::survey::Survey;
use crate::text::{Change, Diagnostic, FileId, Holds, Location};

use edit::Removals;

/// A configuration after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The configuration.
    pub project: Project,
    /// The files of it that changed, each before those above it, whose groups it may name: written in
    /// this order, they are sound all the time.
    pub files: Vec<FileId>,
    /// What to write into generated files, each given as an index into the configuration's outputs:
    /// what was reported as missing or out of date, and what follows from the edits. Nothing that
    /// somebody wrote by hand.
    pub outputs: Vec<(usize, Rendered)>,
    /// How many findings are fixed.
    pub count: usize,
    /// What could not be done, and why.
    pub notes: Vec<String>,
}

/// Why there is no fixed configuration: a bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Unproven {}

/// Fixes all findings that there are fixes for, as long as there are any. With
/// [`Holds::ThisTree`] these are also the ones that are right only for the tree in `facts`.
///
/// ```
/// use owners::Project;
/// use owners::text::{FileId, Holds};
/// use owners::fix::fix;
/// use owners::lint::{Facts, Levels, OutputOnDisk};
///
/// let project = Project::from_text("[paths]\n'/docs/api/' = '@a'\n'/{docs,gone}/' = '@b'\n")?;
/// let facts = Facts {
///     paths: ["docs/api/a"].iter().collect(),
///     outputs: vec![OutputOnDisk::default()],
///     ..Facts::default()
/// };
/// let levels = Levels::new(&project);
/// let text = |holds| {
///     let fixed = fix(&project, &facts, &levels, None, holds).unwrap();
///     fixed.project.sources[FileId::ROOT].text.clone()
/// };
/// assert_eq!(text(Holds::AnyTree), "[paths]\n'/{docs,gone}/' = '@b'\n");
/// assert_eq!(text(Holds::ThisTree), "[paths]\n'/docs/' = '@b'\n");
/// # Ok::<_, owners::project::Unsound>(())
/// ```
///
/// # Errors
///
/// If it cannot be proved that every path keeps its owners.
pub fn fix(
    project: &Project,
    facts: &Facts,
    levels: &Levels,
    baseline: Option<&Baseline>,
    holds: Holds,
) -> Result<Fixed, Unproven> {
    let facts = &*with_own_files(project, facts)?;
    let first = Pass::new(project, facts, levels, baseline);
    let mut fixed = Fixed {
        project: project.clone(),
        files: Vec::new(),
        outputs: Vec::new(),
        count: 0,
        notes: Vec::new(),
    };
    let mut files = BTreeSet::new();
    let mut latest: Option<Pass> = None;
    loop {
        let before = &fixed.project;
        let findings = &latest.as_ref().unwrap_or(&first).findings;
        let Edits {
            texts,
            count,
            notes,
        } = edits(before, findings, holds);
        if texts.is_empty() {
            fixed.notes = notes;
            break;
        }
        let after = before.with_texts(&texts).map_err(|unsound| Unproven {
            reason: unsound.to_string(),
        })?;
        let shadows = &latest.as_ref().unwrap_or(&first).shadows;
        proof::prove(&before.rules, &after.rules, &facts.paths, holds, shadows)?;
        let pass = Pass::new(&after, facts, levels, baseline);
        if pass.unowned != first.unowned {
            let reason = "other paths than before are exempt".to_string();
            return Err(Unproven { reason });
        }
        files.extend(texts.into_keys());
        fixed.count += count;
        fixed.project = after;
        latest = Some(pass);
    }
    let last = latest.as_ref().unwrap_or(&first);
    for (index, rendered) in &last.stale {
        let file = project.config.outputs[*index].file.as_bytes();
        let was_stale = first.stale.iter().any(|(stale, _)| stale == index);
        if was_stale && !last.reports(file) {
            continue;
        }
        fixed.count += usize::from(first.reports(file));
        fixed.outputs.push((*index, rendered.clone()));
    }
    let nested = fixed.project.nested.iter().rev();
    fixed.files = (nested.map(|config| config.file))
        .chain([FileId::ROOT])
        .filter(|file| files.contains(file))
        .collect();
    Ok(fixed)
}

/// The facts with the configuration and the generated files among the paths: they may be written in
/// this very run and not be tracked yet, and a rule for them is no dead one.
fn with_own_files<'f>(project: &Project, facts: &'f Facts) -> Result<Cow<'f, Facts>, Unproven> {
    let outputs = project.config.outputs.iter().map(|output| &output.file);
    let sources = project.sources.iter().map(|(_, source)| &source.name);
    let own: PathSet = outputs.chain(sources).collect();
    if facts.paths.is_empty() || own.iter().all(|file| facts.paths.contains(file)) {
        return Ok(Cow::Borrowed(facts));
    }
    let paths = facts.paths.union(&own).map_err(|error| Unproven {
        reason: error.to_string(),
    })?;
    Ok(Cow::Owned(Facts {
        paths,
        ..facts.clone()
    }))
}

/// What the lints say of a configuration.
struct Pass {
    findings: Vec<Diagnostic>,
    /// The paths without an owner that are not exempt.
    unowned: Vec<u32>,
    /// The outputs whose file is to be written anew, and may be.
    stale: Vec<(usize, Rendered)>,
    /// For each line, the proof that it decides nothing in any tree, if one was found.
    shadows: Vec<Option<Shadow>>,
}

impl Pass {
    fn new(project: &Project, facts: &Facts, levels: &Levels, baseline: Option<&Baseline>) -> Self {
        let matcher = project.rules.matcher();
        let survey = Survey::new(&matcher, &facts.paths);
        let rendered = project.render_all();
        let mut context = Context::new(project, facts, &matcher, &survey, &rendered);
        context.baseline = baseline;
        let mut findings = lint::run(&context, levels);
        if let Some(baseline) = baseline {
            findings = baseline.retain(findings, project);
        }
        let shadows = context.into_shadows();
        // As with `gen`, one that cannot be written stops all.
        let can_write = rendered.iter().all(Result::is_ok);
        let outputs = project.config.outputs.iter().filter(|_| can_write);
        let stale =
            (outputs.zip(&facts.outputs).enumerate()).filter_map(|(index, (output, on_disk))| {
                let new = rendered.of(output.forge)?.as_ref().ok()?;
                let is_stale = on_disk.text.as_ref().is_none_or(|old| {
                    let is_current = codeowners::same_text(old, new.text.as_bytes());
                    codeowners::is_generated(old) && !is_current
                });
                is_stale.then(|| (index, new.clone()))
            });
        Pass {
            findings,
            unowned: survey.unowned,
            stale: stale.collect(),
            shadows,
        }
    }

    /// Whether it is a finding that `file` must be written anew.
    fn reports(&self, file: &[u8]) -> bool {
        self.findings.iter().any(|finding| {
            let change = finding.fix.as_ref().map(|fix| &fix.change);
            change == Some(&Change::Regenerate) && finding.path.as_deref() == Some(file)
        })
    }
}

/// Where something starts in a file, which is enough to know what it is.
type Start = (FileId, usize);

/// What some findings make of the texts of a configuration.
struct Edits {
    texts: BTreeMap<FileId, String>,
    /// How many findings it settles.
    count: usize,
    notes: Vec<String>,
}

fn edits(project: &Project, findings: &[Diagnostic], holds: Holds) -> Edits {
    let mut changes: Vec<&Change> = (findings.iter())
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.holds <= holds)
        .map(|fix| &fix.change)
        .collect();
    let named = named_by_others(project, &changes);
    changes.retain(|change| {
        !matches!(change, Change::Remove(place) if named.contains(&(place.file, place.span.start)))
    });
    let mut removals: BTreeMap<FileId, Removals> = BTreeMap::new();
    for change in &changes {
        match change {
            Change::Remove(place) => {
                let file = removals.entry(place.file).or_default();
                file.whole.insert(place.span.start);
            }
            Change::RemoveAlternative(place, index) => {
                let file = removals.entry(place.file).or_default();
                let pattern = file.alternatives.entry(place.span.start).or_default();
                pattern.insert(*index);
            }
            Change::Regenerate => {}
        }
    }
    let mut edits = Edits {
        texts: BTreeMap::new(),
        count: 0,
        notes: Vec::new(),
    };
    let mut kept: FxHashSet<Start> = FxHashSet::default();
    for (file, removals) in removals {
        let source = &project.sources[file];
        let edited = edit::edit(&source.text, removals);
        for (start, reason) in edited.kept {
            kept.insert((file, start));
            let span = start..start;
            let place = project.sources.place(&Location { file, span });
            edits
                .notes
                .push(format!("{place}: left as it is: {reason}"));
        }
        if edited.text != source.text {
            edits.texts.insert(file, edited.text);
        }
    }
    edits.notes.sort();
    edits.count = (changes.iter())
        .filter(|change| match change {
            Change::Remove(_) => true,
            Change::RemoveAlternative(place, _) => !kept.contains(&(place.file, place.span.start)),
            Change::Regenerate => false,
        })
        .count();
    edits
}

/// Where the groups without use start that have to stay, since another one that stays names them:
/// with a [`Baseline`] not all that are without use are findings.
fn named_by_others(project: &Project, changes: &[&Change]) -> FxHashSet<Start> {
    let going: FxHashSet<Start> = (changes.iter())
        .filter_map(|change| match change {
            Change::Remove(place) => Some((place.file, place.span.start)),
            Change::RemoveAlternative(..) | Change::Regenerate => None,
        })
        .collect();
    let mut staying: Vec<&Group> = Vec::new();
    let mut named: FxHashMap<&str, Vec<(Start, &Group)>> = FxHashMap::default();
    for config in std::iter::once(&project.config).chain(&project.nested) {
        for group in &config.groups {
            let place = (config.file, group.name.span.start);
            if going.contains(&place) {
                let same = named.entry(&group.name.value).or_default();
                same.push((place, group));
            } else {
                staying.push(group);
            }
        }
    }
    let mut kept = FxHashSet::default();
    while let Some(group) = staying.pop() {
        for member in &group.members {
            for (place, inner) in named.remove(member.value.as_str()).unwrap_or_default() {
                kept.insert(place);
                staying.push(inner);
            }
        }
    }
    kept
}
