//! `owners export --format github-ruleset`, and those of other forges that are told of approvals outside
//! of their CODEOWNERS file.

use std::io::Write as _;
use std::path::Path;

use owners::Forge;
use owners::config::{self, TeamIds};
use owners::export::Required;
use owners::git::read_named;
use owners::text::{Diagnostic, FileId, Source, Sources};
use owners::{Project, Unsound};

use crate::Outcome;
use crate::args::Export;
use crate::commands::live;
use crate::failure::{Failure, Result};
use crate::print::Printer;
use crate::workspace::{Workspace, project_at};

pub(super) fn run(workspace: &Workspace, args: &Export, forge: Forge) -> Result<Outcome> {
    for (is_given, option) in [
        (args.paths, "--paths"),
        (args.repository.is_some(), "--repository"),
    ] {
        if is_given {
            let message = format!("`{option}` is about paths and the model, not about approvals");
            return Err(Diagnostic::error(message)
                .help(format!("leave out `{option}`"))
                .into());
        }
    }
    let project = match args.rev.as_deref() {
        None => workspace.project()?,
        Some(name) => project_at(&workspace.repo.revision(name)?, name)?,
    };
    let Some(required) = Required::new(&project, forge) else {
        return Err(no_approvals(&project));
    };
    let ids = match &args.team_ids {
        Some(file) => read_ids(file)?,
        None if args.live => {
            let teams = required.reviewers().iter().map(|each| each.team.clone());
            live::team_ids(workspace, forge, &teams.collect::<Vec<_>>())?
        }
        None => TeamIds::default(),
    };
    let document = required.document(&ids)?;
    let mut out = Printer::json();
    out.write_all(document.as_bytes())?;
    out.finish()?;
    Ok(Outcome::Fine)
}

/// The error for an option that only a format for approvals has, with another format.
pub(super) fn only_option(args: &Export) -> Option<Failure> {
    let option = match (&args.team_ids, args.live) {
        (Some(_), _) => "--team-ids",
        (None, true) => "--live",
        (None, false) => return None,
    };
    let formats: Vec<String> = owners::export::formats()
        .map(|(name, _)| format!("`--format {name}`"))
        .collect();
    let message = format!("`{option}` is for approvals, not for paths");
    let help = format!("write {}, or leave out `{option}`", formats.join(" or "));
    Some(Diagnostic::error(message).help(help).into())
}

fn no_approvals(project: &Project) -> Failure {
    let fault = match project.codeowners {
        Some(_) => Diagnostic::error("there are no approvals to export: there is no `owners.toml`"),
        None => Diagnostic::error(
            "there are no approvals to export: `owners.toml` has no `[[approval]]`",
        ),
    };
    fault
        .help("add `[[approval]]`, with `name`, `paths` and `owners` under it")
        .into()
}

/// Reads the file of `--team-ids`.
fn read_ids(file: &Path) -> Result<TeamIds> {
    let name = file.to_string_lossy();
    let bytes = read_named(file);
    let bytes = bytes
        .map_err(|error| error.context(format!("cannot read the ids of teams from `{name}`")))?;
    let unsound = |sources, diagnostics| Unsound {
        sources,
        diagnostics,
        more: 0,
    };
    let source = Source::from_bytes(&*name, bytes).map_err(|fault| {
        let (source, diagnostic) = *fault;
        unsound(Sources::new(source), vec![diagnostic])
    })?;
    let ids = config::team_ids(FileId::ROOT, &source);
    Ok(ids.map_err(|faults| unsound(Sources::new(source), faults))?)
}
