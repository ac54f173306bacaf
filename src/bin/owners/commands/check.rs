//! `owners check`: run the lints.

use anyhow::Result;
use clap::ArgMatches;
use owners::diagnostic::Severity;
use owners::lint::{self, Context, Level, Levels};
use owners::project::Unsound;
use owners::survey::Survey;

use crate::Outcome;
use crate::args::{Check, Format};
use crate::commands::explain::unknown_lint;
use crate::report::{self, Report};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, args: &Check, matches: &ArgMatches) -> Result<Outcome> {
    let loaded = workspace.project_and_paths();
    let wants_annotations = match args.format {
        None => report::is_github_actions(),
        Some(format) => format == Format::Github,
    };
    if wants_annotations
        && let Err(error) = &loaded
        && let Some(unsound) = error.downcast_ref::<Unsound>()
    {
        report::annotate_unsound(unsound);
    }
    let (project, tracked) = loaded?;
    let mut levels = Levels::new(&project);
    for (name, level) in level_flags(args, matches) {
        if !levels.set(name, level) {
            return Err(unknown_lint(name).into());
        }
    }
    let mut facts = workspace.repo.facts(&project, tracked)?;
    if args.untracked {
        facts.paths = workspace.repo.tracked_and_untracked()?;
        facts.has_untracked = true;
    }
    let survey = Survey::new(&project.rules, &facts.paths);
    let rendered: Vec<_> = project
        .config
        .outputs
        .iter()
        .map(|output| project.render(output))
        .collect();
    let mut context = Context::new(&project, &facts, &survey, &rendered);
    context.is_verbose = workspace.verbose;
    let diagnostics = lint::run(&context, &levels);
    std::mem::forget(context);

    let report = Report {
        diagnostics: &diagnostics,
        project: &project,
        facts: &facts,
        survey: &survey,
        is_quiet: workspace.quiet,
    };
    report::findings(&report, args.format)?;
    let is_denied = diagnostics
        .iter()
        .any(|each| each.severity == Severity::Error);
    // The process ends here: to free a million small things one by one would be for nothing.
    std::mem::forget((project, facts, survey, rendered, diagnostics));
    Ok(Outcome::findings_if(is_denied))
}

/// `-D`, `-W` and `-A` in the order in which they were given: the last word on a lint counts.
fn level_flags<'a>(args: &'a Check, matches: &ArgMatches) -> Vec<(&'a str, Level)> {
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
    flags
        .into_iter()
        .map(|(_, name, level)| (name, level))
        .collect()
}
