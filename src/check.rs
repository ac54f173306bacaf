//! Checks and fixes: runs the lints, applies the fixes, and repeats.
//!
//! Removing a rule may leave a group unused, so the fixes are repeated until nothing is left to
//! fix. This module writes no files, and returns only results that are proved: see
//! [`fix`](mod@crate::fix).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use rustc_hash::FxHashSet;

use crate::codeowners::{self, Rendered, Renderings};
use crate::config::Level;
use crate::fix::{self, Unproven};
use crate::ids::IdVec;
use crate::lint::{self, Baseline, Context, Facts, LINTS, Levels, Lints};
use crate::paths::PathSet;
use crate::project::Project;
use crate::ruleset::shadow::{self, Shadow};
use crate::ruleset::survey::Survey;
use crate::ruleset::{LineId, RuleSet};
use crate::text::{Diagnostic, FileId, FixAction, Holds, Location, escaped};

/// Runs all lints like `owners check`. Returns their findings, lint by lint.
///
/// ```
/// use owners::Project;
/// use owners::lint::{Facts, Levels};
///
/// let project = Project::from_text("[paths]\n'/src/' = '@a'\n").unwrap();
/// let facts = Facts { paths: ["src/lib.rs", "README.md"].iter().collect(), ..Facts::default() };
/// let mut levels = Levels::new(&project);
/// levels.set("unowned-path", owners::config::Level::Warn);
/// let findings = owners::check(&project, &facts, &levels);
/// assert!(findings.iter().any(|finding| finding.message == "`README.md` is unowned"));
/// ```
#[must_use]
pub fn check(project: &Project, facts: &Facts, levels: &Levels) -> Vec<Diagnostic> {
    check_with(Lints::default(), project, facts, levels)
}

/// Runs all lints, and those of an embedding program. Their levels are those of `levels`, also in
/// `[lints]`.
///
/// ```
/// use owners::Project;
/// use owners::config::Level;
/// use owners::lint::{Facts, Levels, Lint, Lints};
/// use owners::text::Diagnostic;
///
/// let own = [Lint {
///     name: "acme/many-rules",
///     level: Level::Warn,
///     summary: "there are more than two rules",
///     page: "",
///     check: &|context, findings| {
///         let rules = context.project.rules.rules();
///         if rules.len() > 2 {
///             findings.report(Diagnostic::error(format!("there are {} rules", rules.len())));
///         }
///     },
/// }];
/// let project = Project::from_text("[paths]\n'a' = '@a'\n'b' = '@a'\n'c' = '@a'\n[lints]\n'acme/*' = 'deny'\n").unwrap();
/// let levels = Levels::new(&project);
/// let findings = owners::check_with(Lints::with(&own), &project, &Facts::default(), &levels);
/// assert_eq!(findings.last().unwrap().message, "there are 3 rules");
/// assert_eq!(findings.last().unwrap().lint, Some("acme/many-rules"));
/// ```
#[must_use]
pub fn check_with(
    lints: Lints<'_>,
    project: &Project,
    facts: &Facts,
    levels: &Levels,
) -> Vec<Diagnostic> {
    let matcher = project.rules.matcher();
    let survey = Survey::new(&matcher, &facts.paths);
    let rendered = project.render_all();
    let mut context = Context::new(project, facts, &matcher, &survey, &rendered);
    context.lints = lints;
    lint::run(&context, levels)
}

/// A configuration after all fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The configuration.
    pub project: Project,
    /// The changed files. Each comes before the files above it, whose groups it may name. If they
    /// are written in this order, the configuration is valid at every moment.
    pub files: Vec<FileId>,
    /// The new content of generated files, each with the index of its output: files reported as
    /// missing or out of date, and files that the edits change. Never a file written by hand.
    pub outputs: Vec<(usize, Rendered)>,
    /// The number of findings fixed.
    pub count: usize,
    /// How many of these say that a generated file must be written.
    pub regenerated: usize,
    /// The number of paths with new owners, because a corrected pattern matches them.
    pub reassigned: usize,
    /// What could not be fixed, with the reason.
    pub notes: Vec<String>,
}

/// Fixes all findings that have a fix, until none is left. With [`Holds::ThisTree`], also those
/// whose fix is correct only for the tree in `facts`. No path changes owners, except those that a
/// corrected pattern matches.
///
/// ```
/// use owners::Project;
/// use owners::text::{FileId, Holds};
/// use owners::fix;
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
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If there is no proof that every other path keeps its owners.
pub fn fix(
    project: &Project,
    facts: &Facts,
    levels: &Levels,
    baseline: Option<&Baseline>,
    holds: Holds,
) -> Result<Fixed, Unproven> {
    let facts = &*with_own_files(project, facts, OwnFiles::All)?;
    let first = Pass::new(project, facts, levels, baseline);
    let mut fixed = Fixed::unchanged(project);
    let mut files = BTreeSet::new();
    let mut latest: Option<Pass> = None;
    let mut suspected = HashSet::new();
    loop {
        let before = &fixed.project;
        let current = latest.as_ref().unwrap_or(&first);
        let (corrects, edits) = next_edits(before, &current.findings, holds, &mut suspected);
        if edits.texts.is_empty() {
            fixed.notes = edits.notes;
            break;
        }
        let after = with_texts(before, &edits)?;
        let pass = Pass::new(&after, facts, levels, baseline);
        let (rules, new_rules) = (&before.rules, &after.rules);
        if corrects {
            fixed.reassigned += fix::proof::prove_corrections(rules, new_rules, &facts.paths)?;
        } else {
            fix::proof::prove(rules, new_rules, &facts.paths, holds, &current.shadows)?;
            if pass.survey.unowned != current.survey.unowned {
                let reason = "the set of exempt paths would change".to_string();
                return Err(Unproven { reason });
            }
        }
        files.extend(edits.texts.into_keys());
        fixed.count += edits.count;
        fixed.project = after;
        latest = Some(pass);
    }
    let of_outputs = |project: &Project, pass: &Pass| {
        Outputs::new(project, facts, levels, baseline, &pass.survey)
    };
    let outputs = of_outputs(&fixed.project, latest.as_ref().unwrap_or(&first));
    if latest.is_none() {
        fixed.add_outputs(&outputs, &outputs);
    } else if !outputs.stale.is_empty() {
        fixed.add_outputs(&of_outputs(project, &first), &outputs);
    }
    let nested = fixed.project.nested.iter().rev();
    fixed.files = nested
        .map(|config| config.file)
        .chain([FileId::ROOT])
        .filter(|file| files.contains(file))
        .collect();
    Ok(fixed)
}

/// Fixes one finding of [`check()`], and no other: only what its fix says is edited, so that a generated
/// file may be out of date afterwards. The proofs are those of [`fix()`].
///
/// ```
/// use owners::Project;
/// use owners::lint::{Facts, Levels};
/// use owners::text::FileId;
///
/// let project = Project::from_text("[groups]\na = '@a'\nb = '@b'\n[paths]\n'/docs/' = '@c'\n")?;
/// let facts = Facts { paths: ["docs/a"].iter().collect(), ..Facts::default() };
/// let findings = owners::check(&project, &facts, &Levels::new(&project));
/// let unused = findings.iter().find(|finding| finding.message.contains("`b`")).unwrap();
/// let fixed = owners::fix_one(&project, &facts, unused).unwrap();
/// let text = &fixed.project.sources[FileId::ROOT].text;
/// assert_eq!(text, "[groups]\na = '@a'\n[paths]\n'/docs/' = '@c'\n");
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If the finding has no fix that can be made, or the result is not proved.
pub fn fix_one(project: &Project, facts: &Facts, finding: &Diagnostic) -> Result<Fixed, Unproven> {
    let unproven = |reason: &str| Unproven {
        reason: reason.to_string(),
    };
    let Some(fix) = &finding.fix else {
        return Err(unproven("the finding has no fix"));
    };
    let mut fixed = Fixed::unchanged(project);
    fixed.count = 1;
    if fix.action == FixAction::Regenerate {
        fixed.outputs = Outputs::stale(project, facts);
        fixed.regenerated = 1;
        let is_meant = |(index, _): &(usize, Rendered)| {
            let file = project.config.outputs[*index].file.as_bytes();
            finding.path.as_deref() == Some(file)
        };
        fixed.outputs.retain(is_meant);
        return match fixed.outputs.is_empty() {
            true => Err(unproven("the file cannot be written")),
            false => Ok(fixed),
        };
    }
    let facts = &*with_own_files(project, facts, OwnFiles::All)?;
    let findings = std::slice::from_ref(finding);
    let corrections = fix::corrections(project, findings, fix.holds);
    let corrects = !corrections.texts.is_empty();
    let edits = match corrects {
        true => corrections,
        false => fix::edits(project, findings, fix.holds),
    };
    if edits.texts.is_empty() {
        let reason = edits
            .notes
            .first()
            .map_or("nothing would change", |note| note);
        return Err(unproven(reason));
    }
    let after = with_texts(project, &edits)?;
    let (rules, new_rules) = (&project.rules, &after.rules);
    if corrects {
        fixed.reassigned = fix::proof::prove_corrections(rules, new_rules, &facts.paths)?;
    } else {
        let survey = |rules: &RuleSet| Survey::new(&rules.matcher(), &facts.paths);
        let before = survey(rules);
        let shadows = shadow::find(&rules.matcher(), &before);
        fix::proof::prove(rules, new_rules, &facts.paths, fix.holds, &shadows)?;
        if survey(new_rules).unowned != before.unowned {
            return Err(unproven("the set of exempt paths would change"));
        }
    }
    fixed.files = edits.texts.into_keys().collect();
    fixed.project = after;
    Ok(fixed)
}

/// The configuration after edits.
fn with_texts(project: &Project, edits: &fix::Edits) -> Result<Project, Unproven> {
    let after = project.with_texts(&edits.texts);
    after.map_err(|unsound| Unproven {
        reason: unsound.to_string(),
    })
}

/// The edits of the next pass, and whether they correct patterns. Nothing is removed before all
/// patterns are right. `suspected` is that of [`without_suspected`].
fn next_edits(
    project: &Project,
    findings: &[Diagnostic],
    holds: Holds,
    suspected: &mut HashSet<(FileId, String)>,
) -> (bool, fix::Edits) {
    let corrections = fix::corrections(project, findings, holds);
    let findings = without_suspected(project, findings, &corrections.made, suspected);
    if !corrections.texts.is_empty() {
        return (true, corrections);
    }
    let mut edits = fix::edits(project, &findings, holds);
    edits.notes.splice(0..0, corrections.notes);
    (false, edits)
}

/// The findings without those that would remove a pattern for which another one may have been meant,
/// according to this or an earlier pass: a misspelled pattern that was not corrected, or a dead one
/// without a fix. A later pass may no longer know what was meant, because a corrected rule has that
/// pattern now. `made` are the patterns that are corrected in this pass, and `known` the texts of
/// such patterns.
fn without_suspected<'f>(
    project: &Project,
    findings: &'f [Diagnostic],
    made: &FxHashSet<Location>,
    known: &mut HashSet<(FileId, String)>,
) -> Cow<'f, [Diagnostic]> {
    let text_of = |finding: &Diagnostic| {
        let place = finding.location()?;
        let text = project.sources[place.file].text.get(place.span.clone())?;
        Some((place.file, text.to_string()))
    };
    let is_made = |finding: &Diagnostic| match finding.fix.as_ref().map(|fix| &fix.action) {
        Some(FixAction::Replace { pattern, .. }) => made.contains(pattern),
        _ => false,
    };
    let is_suspected = |finding: &&Diagnostic| match finding.lint {
        Some("misspelled-pattern") => !is_made(finding),
        Some("dead-pattern") => finding.fix.is_none(),
        _ => false,
    };
    known.extend(findings.iter().filter(is_suspected).filter_map(text_of));
    let is_known = |finding: &Diagnostic| {
        finding.lint == Some("dead-pattern")
            && text_of(finding).is_some_and(|text| known.contains(&text))
    };
    if !findings.iter().any(is_known) {
        return Cow::Borrowed(findings);
    }
    findings
        .iter()
        .filter(|each| !is_known(each))
        .cloned()
        .collect()
}

/// A configuration that exempts all paths that were unowned.
#[derive(Debug)]
pub struct Exempted {
    /// The configuration. Only the root file is changed, if any path was unowned.
    pub fixed: Fixed,
    /// The number of paths that are exempt now.
    pub paths: usize,
    /// The number of patterns for them.
    pub patterns: usize,
}

/// Lists the unowned paths under `[check] exempt`, folded into directories. Every other byte of the
/// file stays.
///
/// ```
/// use owners::Project;
/// use owners::text::FileId;
/// use owners::lint::Facts;
///
/// let project = Project::from_text("[paths]\n'/src/' = '@a'\n")?;
/// let paths = ["docs/a", "docs/b", "owners.toml", "src/c", ".github/CODEOWNERS"];
/// let facts = Facts { paths: paths.iter().collect(), ..Facts::default() };
/// let exempted = owners::exempt_unowned(&project, &facts).unwrap();
/// let text = &exempted.fixed.project.sources[FileId::ROOT].text;
/// assert!(text.ends_with("exempt = [\n    \"/.github/CODEOWNERS\",\n    \"/docs/\",\n    \"/owners.toml\",\n]\n"), "{text}");
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If the list cannot be inserted into the text, or the result is not proved to be the same
/// configuration with a longer list.
pub fn exempt_unowned(project: &Project, facts: &Facts) -> Result<Exempted, Unproven> {
    let facts = &*with_own_files(project, facts, OwnFiles::OnDisk)?;
    let matcher = project.rules.matcher();
    let unowned = Survey::new(&matcher, &facts.paths).unowned;
    let fixed = |project: Project, files| Fixed {
        project,
        files,
        outputs: Vec::new(),
        count: unowned.len(),
        regenerated: 0,
        reassigned: 0,
        notes: Vec::new(),
    };
    if unowned.is_empty() {
        return Ok(Exempted {
            fixed: fixed(project.clone(), Vec::new()),
            paths: 0,
            patterns: 0,
        });
    }
    let fix::exempt::Exempted {
        project: after,
        patterns,
    } = fix::exempt::exempt(project, &facts.paths, &unowned)?;
    let left = Survey::new(&after.rules.matcher(), &facts.paths).unowned;
    if let Some(&path) = left.first() {
        let path = escaped(&facts.paths[path]);
        let reason = format!("no pattern of owners.toml matches `{path}`");
        return Err(Unproven { reason });
    }
    Ok(Exempted {
        fixed: fixed(after, vec![FileId::ROOT]),
        paths: unowned.len(),
        patterns,
    })
}

impl Fixed {
    /// A configuration that nothing was fixed in yet.
    fn unchanged(project: &Project) -> Self {
        Fixed {
            project: project.clone(),
            files: Vec::new(),
            outputs: Vec::new(),
            count: 0,
            regenerated: 0,
            reassigned: 0,
            notes: Vec::new(),
        }
    }

    /// Adds the stale outputs, except those that were stale before and are not reported.
    fn add_outputs(&mut self, first: &Outputs, last: &Outputs) {
        for (index, rendered) in &last.stale {
            let file = self.project.config.outputs[*index].file.as_bytes();
            let was_stale = first.stale.iter().any(|(stale, _)| stale == index);
            if was_stale && !last.reports(file) {
                continue;
            }
            let is_reported = usize::from(first.reports(file));
            self.count += is_reported;
            self.regenerated += is_reported;
            self.outputs.push((*index, rendered.clone()));
        }
    }
}

/// Which generated files count as paths although they may not be tracked yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnFiles {
    /// All: they may be written in this run, and a rule for them is not dead.
    All,
    /// Those that exist.
    OnDisk,
}

/// The facts, with the configuration and generated files added to the paths.
fn with_own_files<'f>(
    project: &Project,
    facts: &'f Facts,
    which: OwnFiles,
) -> Result<Cow<'f, Facts>, Unproven> {
    let is_wanted = |index: usize| {
        let on_disk = facts.outputs.get(index);
        which == OwnFiles::All || on_disk.is_some_and(|on_disk| on_disk.text.is_some())
    };
    let outputs = project.config.outputs.iter().enumerate();
    let outputs = outputs
        .filter(|(index, _)| is_wanted(*index))
        .map(|(_, output)| &output.file);
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

/// The lints about what would be generated. Their findings cause no edit of the configuration, and
/// planning the output may take longer than everything else, so not every pass runs them.
const OF_OUTPUTS: &[&str] = &["inexact-output", "output-size", "stale-output"];

/// The result of the other lints on one version of the configuration.
struct Pass {
    findings: Vec<Diagnostic>,
    survey: Survey,
    /// For each line, the proof that it never takes effect in any tree, if there is one.
    shadows: IdVec<LineId, Option<Shadow>>,
}

impl Pass {
    fn new(project: &Project, facts: &Facts, levels: &Levels, baseline: Option<&Baseline>) -> Self {
        let mut levels = levels.clone();
        for lint in OF_OUTPUTS {
            levels.set(lint, Level::Allow);
        }
        let matcher = project.rules.matcher();
        let survey = Survey::new(&matcher, &facts.paths);
        let rendered = Renderings::default();
        let mut context = Context::new(project, facts, &matcher, &survey, &rendered);
        context.baseline = baseline;
        let findings = findings(&context, &levels);
        let shadows = context.into_shadows();
        Pass {
            findings,
            survey,
            shadows,
        }
    }
}

/// The outputs of one version of the configuration.
struct Outputs {
    /// Those whose file is out of date or missing and may be written.
    stale: Vec<(usize, Rendered)>,
    /// The files that findings say must be written.
    reported: Vec<Vec<u8>>,
}

impl Outputs {
    fn new(
        project: &Project,
        facts: &Facts,
        levels: &Levels,
        baseline: Option<&Baseline>,
        survey: &Survey,
    ) -> Self {
        let mut levels = levels.clone();
        for lint in LINTS.iter().filter(|lint| lint.name != "stale-output") {
            levels.set(lint.name, Level::Allow);
        }
        let matcher = project.rules.matcher();
        let rendered = project.render_all();
        let mut context = Context::new(project, facts, &matcher, survey, &rendered);
        context.baseline = baseline;
        let must_be_written = |finding: &Diagnostic| {
            let action = finding.fix.as_ref().map(|fix| &fix.action);
            action == Some(&FixAction::Regenerate)
        };
        let reported = findings(&context, &levels).into_iter();
        let reported = reported
            .filter(must_be_written)
            .filter_map(|finding| finding.path);
        Outputs {
            stale: Outputs::stale_among(project, facts, &rendered),
            reported: reported.collect(),
        }
    }

    /// Those whose file is out of date or missing and may be written.
    fn stale(project: &Project, facts: &Facts) -> Vec<(usize, Rendered)> {
        Outputs::stale_among(project, facts, &project.render_all())
    }

    fn stale_among(
        project: &Project,
        facts: &Facts,
        rendered: &Renderings,
    ) -> Vec<(usize, Rendered)> {
        // As with `gen`, if one output cannot be written, none is.
        let can_write = rendered.by_forge().all(Result::is_ok);
        let outputs = project.config.outputs.iter().filter(|_| can_write);
        let outputs = outputs.zip(&facts.outputs).enumerate();
        let stale = outputs.filter_map(|(index, (output, on_disk))| {
            let new = rendered.of(output)?.as_ref().ok()?;
            let unmerged = on_disk.unmerged.as_ref();
            let is_stale = match &on_disk.text {
                None => unmerged.is_none_or(|unmerged| unmerged.by_hand.is_empty()),
                Some(old) => {
                    let is_current = codeowners::same_text(old, new.text.as_bytes());
                    codeowners::may_overwrite(old, unmerged) && !is_current
                }
            };
            is_stale.then(|| (index, new.clone()))
        });
        stale.collect()
    }

    /// Whether a finding says that `file` must be written.
    fn reports(&self, file: &[u8]) -> bool {
        self.reported.iter().any(|reported| reported == file)
    }
}

/// The findings, and with a baseline only those that the change causes.
fn findings(context: &Context<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let findings = lint::run(context, levels);
    match context.baseline {
        Some(baseline) => baseline.retain(findings, context.project),
        None => findings,
    }
}
