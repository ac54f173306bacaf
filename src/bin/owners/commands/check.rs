//! `owners check`: run the lints.

use std::time::Duration;

use clap::ArgMatches;
use owners::Fixed;
use owners::Project;
use owners::config::Level;
use owners::git;
use owners::git::Revision;
use owners::lint::{self, Baseline, Context, Facts, Levels, Past};
use owners::parallel;
use owners::ruleset::survey::Survey;
use owners::text::Severity;

use crate::Outcome;
use crate::args::{Check, Format};
use crate::commands::explain::unknown_lint;
use crate::commands::{fix, live};
use crate::failure::{Failure, Result};
use crate::plugins::{Merged, Plugins, Subject};
use crate::print::is_github_actions;
use crate::report::{self, Report};
use crate::workspace::{Workspace, keep, project_at};

/// How many seconds a check of another program may take.
const TIMEOUT: u32 = 60;

pub(crate) fn run(workspace: &Workspace, args: &Check, matches: &ArgMatches) -> Result<Outcome> {
    let edits = (args.fix.is_some() || args.exempt_unowned) && !args.dry_run;
    let _lock = edits.then(|| workspace.lock_edits());
    let timeout = args.plugin_timeout.unwrap_or(TIMEOUT);
    let timeout = Duration::from_secs(timeout.into());
    let plugins = Plugins::find(&workspace.repo, &args.plugins, timeout)?;
    let loaded = load(workspace, args);
    let (project, mut facts) = loaded.inspect_err(|error| tell_job(error, args.format.chosen()))?;
    let edit = match args.fix {
        Some(_) => Some("--fix"),
        None => args.exempt_unowned.then_some("--exempt-unowned"),
    };
    if let Some(edit) = edit.filter(|_| project.codeowners.is_some()) {
        return Err(fix::needs_configuration(&project, edit));
    }
    let flags = level_flags(args, matches, &plugins)?;
    let levels = levels(&project, &flags, args.strict)?;
    if args.live {
        facts.answers = Some(live::answers(workspace, args.rev.as_deref(), &project)?);
    }
    let base = match &args.changed {
        Some(base) => Some((base.as_str(), workspace.repo.merge_base(base)?)),
        None => None,
    };
    let base = base.as_ref().map(|(name, base)| (*name, base));
    let baseline = match base {
        Some((_, base)) => Some(baseline(workspace, base, &flags, &facts)?),
        None => None,
    };
    let chosen = Chosen {
        levels: &levels,
        base,
        baseline: baseline.as_ref(),
    };
    let edited = edited(workspace, args, project, facts, &chosen)?;
    let fixed = edited.fixed;
    let report = checked(workspace, args, edited, &chosen, &plugins)?;
    if args.fix.is_some() && !workspace.quiet {
        fix::summary(&report, fixed, args.dry_run);
    }
    if !args.dry_run {
        report::findings(&report, args.format.chosen())?;
    }
    let is_denied = (report.diagnostics.iter()).any(|each| each.severity == Severity::Error);
    Ok(Outcome::findings_if(is_denied))
}

/// What is reported.
struct Chosen<'c> {
    levels: &'c Levels,
    /// The base of a change, with its name.
    base: Option<(&'c str, &'c Revision<'c>)>,
    baseline: Option<&'c Baseline>,
}

/// Runs the lints and the checks of other programs.
fn checked(
    workspace: &Workspace,
    args: &Check,
    edited: Edited,
    chosen: &Chosen<'_>,
    plugins: &Plugins,
) -> Result<Report<'static>> {
    let repo = &workspace.repo;
    let mut facts = edited.facts;
    let project: &'static Project = keep(edited.project);
    let matcher = keep(project.rules.matcher());
    // Rendering 10,000 rules takes 11 ms, and the survey of a million paths 16 ms.
    let survey = || Survey::new(matcher, &facts.paths);
    let (survey, rendered) = parallel::both(survey, || project.render_all());
    facts.past = past(workspace, args, chosen.base, project, &facts, &survey);
    let facts: &'static Facts = keep(facts);
    let (survey, rendered) = (keep(survey), keep(rendered));
    let rev = args.rev.as_ref().filter(|_| !plugins.is_empty());
    let revision = rev.map(|name| repo.revision(name)).transpose()?;
    let commit = revision.as_ref().map(Revision::commit);
    let subject = Subject {
        project,
        paths: &facts.paths,
        commit: commit.map(|commit| keep(commit.to_string()).as_str()),
    };
    let running = plugins.start(repo, workspace.config_file(), subject)?;
    let config = workspace.config_argument();
    let mut context = Context::new(project, facts, matcher, survey, rendered);
    context.config = config.as_deref();
    context.is_below_root = workspace.is_below_root();
    context.is_verbose = workspace.verbose;
    context.baseline = chosen.baseline;
    let mut diagnostics = lint::run(keep(context), chosen.levels);
    if let Some(baseline) = chosen.baseline {
        diagnostics = baseline.retain(diagnostics, project);
    }
    let mut diagnostics = owners::without_impossible_fixes(project, diagnostics);
    let merged = Merged::new(repo, revision.as_ref(), project);
    let baseline = chosen.baseline;
    let merged = merged.with_answers(running, chosen.levels, baseline, workspace.verbose)?;
    let (others, project) = merged.finish();
    diagnostics.extend(others);
    Ok(Report {
        diagnostics: keep(diagnostics),
        project,
        facts,
        survey,
        can_fix: args.rev.is_none(),
        is_quiet: workspace.quiet,
        is_verbose: workspace.verbose,
        is_of_change: args.changed.is_some(),
    })
}

/// Tells a job about the errors of a configuration: in its summary, and with annotations.
fn tell_job(error: &Failure, format: Option<Format>) {
    let Some(unsound) = error.unsound() else {
        return;
    };
    report::summarize_unsound(unsound);
    let wants_annotations = match format {
        None => is_github_actions(),
        Some(format) => format == Format::Github,
    };
    if wants_annotations {
        report::annotate_unsound(unsound);
    }
}

/// What is checked after `--fix` and `--exempt-unowned`.
struct Edited {
    project: Project,
    facts: Facts,
    /// The number of findings fixed.
    fixed: usize,
}

/// Makes the edits that the command line asks for, if any.
fn edited(
    workspace: &Workspace,
    args: &Check,
    mut project: Project,
    mut facts: Facts,
    chosen: &Chosen<'_>,
) -> Result<Edited> {
    let mut count = 0;
    if let Some(holds) = args.fix {
        let survey = Survey::new(&project.rules.matcher(), &facts.paths);
        facts.past = past(workspace, args, chosen.base, &project, &facts, &survey);
        let Chosen {
            levels, baseline, ..
        } = *chosen;
        let fixed = fix::fix(workspace, &project, &facts, levels, baseline, holds.into())?;
        count = fixed.count;
        (project, facts) = with_fixes(workspace, args, project, facts, fixed)?;
    }
    if args.exempt_unowned {
        let exempted = fix::exempt_unowned(workspace, &project, &facts, args.dry_run)?;
        (project, facts) = with_fixes(workspace, args, project, facts, exempted.fixed)?;
    }
    Ok(Edited {
        project,
        facts,
        fixed: count,
    })
}

/// Writes or shows the fixes. Returns the configuration and facts to check afterwards.
fn with_fixes(
    workspace: &Workspace,
    args: &Check,
    project: Project,
    mut facts: Facts,
    fixed: Fixed,
) -> Result<(Project, Facts)> {
    if args.dry_run {
        fix::show(&project, &facts, &fixed)?;
        fix::pretend(&mut facts, &fixed);
        return Ok((fixed.project, facts));
    }
    if fix::write(workspace, &project, &facts, &fixed)? {
        drop(fixed);
        let answers = facts.answers.take();
        let (project, facts) = load(workspace, args)?;
        return Ok((project, Facts { answers, ..facts }));
    }
    Ok((project, facts))
}

/// The configuration and the facts about the repository: of a commit, or of the index and the
/// working tree.
fn load(workspace: &Workspace, args: &Check) -> Result<(Project, Facts)> {
    let repo = &workspace.repo;
    if let Some(name) = &args.rev {
        let revision = repo.revision(name)?;
        let project = project_at(&revision, name)?;
        let facts = repo.facts_at(&revision, &project)?;
        return Ok((project, facts));
    }
    if !args.untracked {
        let (project, tracked) = workspace.project_and_paths()?;
        let facts = repo.facts(&project, tracked)?;
        return Ok((project, facts));
    }
    let paths = repo.tracked_and_untracked()?;
    let project = workspace.project_with(&paths)?;
    let mut facts = repo.facts(&project, repo.tracked()?)?;
    facts.paths = paths;
    facts.has_untracked = true;
    // With these paths, the files are read.
    if project.config.nested.is_some() {
        facts.untracked_configs.retain(|each| each.is_ignored);
    } else {
        facts.untracked_configs.clear();
    }
    Ok((project, facts))
}

/// The findings and paths at the merge base.
fn baseline(
    workspace: &Workspace,
    base: &Revision<'_>,
    flags: &[(String, Level)],
    now: &Facts,
) -> Result<Baseline> {
    let repo = &workspace.repo;
    let project = match base.project() {
        Ok(Some(project)) => project,
        // The CODEOWNERS file of the merge base decides, as for `diff`.
        Ok(None) => match base.codeowners(&[])? {
            Some(found) => found.project()?,
            None => {
                let changed = repo.changed_since(base)?;
                return Ok(Baseline::without_rules(base.paths.clone(), changed));
            }
        },
        Err(error) if matches!(error.root(), git::Error::Unsound(_)) => {
            return Ok(Baseline::default());
        }
        Err(error) => return Err(error.into()),
    };
    let mut facts = repo.facts_at(base, &project)?;
    // What the forge says of an owner now is as old as the owner.
    facts.answers.clone_from(&now.answers);
    let matcher = project.rules.matcher();
    let survey = Survey::new(&matcher, &facts.paths);
    let rendered = project.render_all();
    let context = Context::new(&project, &facts, &matcher, &survey, &rendered);
    let changed = repo.changed_since(base)?;
    let levels = levels(&project, flags, false)?;
    Ok(Baseline::new(&context, &levels, changed)?)
}

/// What became of the paths that patterns without a match name, since `HEAD` or the merge base. This
/// only makes findings more precise. So if git fails, they are as without it.
fn past(
    workspace: &Workspace,
    args: &Check,
    base: Option<(&str, &Revision<'_>)>,
    project: &Project,
    facts: &Facts,
    survey: &Survey,
) -> Past {
    if args.rev.is_some() {
        return Past::default();
    }
    let missing = lint::missing_paths(&project.rules, survey, &facts.paths);
    let past = workspace.repo.past(base, &missing, &facts.paths);
    past.unwrap_or_default()
}

/// The levels from the configuration and the command line.
fn levels(project: &Project, flags: &[(String, Level)], is_strict: bool) -> Result<Levels> {
    let mut levels = Levels::new(project);
    if is_strict {
        levels.make_strict();
    }
    for (name, level) in flags {
        if !levels.set(name, *level) {
            return Err(unknown_lint(name));
        }
    }
    Ok(levels)
}

/// `-D`, `-W` and `-A` in the order of the command line: the last one for a lint counts.
fn level_flags(
    args: &Check,
    matches: &ArgMatches,
    plugins: &Plugins,
) -> Result<Vec<(String, Level)>> {
    let mut flags: Vec<(usize, &str, Level)> = Vec::new();
    for (id, names, level) in [
        ("deny", &args.deny, Level::Deny),
        ("warn", &args.warn, Level::Warn),
        ("allow", &args.allow, Level::Allow),
    ] {
        let indices = matches.indices_of(id).into_iter().flatten();
        flags.extend(
            indices
                .zip(names)
                .map(|(index, name)| (index, name.as_str(), level)),
        );
    }
    flags.sort_unstable_by_key(|&(index, ..)| index);
    let named = flags.into_iter().map(|(_, name, level)| {
        let of_plugin = plugins.lint(name)?;
        Ok((of_plugin.unwrap_or_else(|| name.to_string()), level))
    });
    named.collect()
}
