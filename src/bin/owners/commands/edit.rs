//! `owners add`, `owners remove` and `owners rename`: edit owners.toml, write the generated files, and
//! show which paths change owners.

use anyhow::anyhow;
use owners::edit::{self, Edited, Refused, Removal};
use owners::git::EditLock;
use owners::lint::Facts;
use owners::reports::diff::{DiffOptions, Side, diff};
use owners::text::{Diagnostic, Severity};
use owners::{Fixed, PathSet, Project};

use super::diff::show::Shown;
use super::{fix, generate};
use crate::Outcome;
use crate::args::{Add, Remove, Rename};
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::{Printer, say};
use crate::report;
use crate::workspace::Workspace;

pub(crate) fn add(workspace: &Workspace, args: &Add) -> Result<Outcome> {
    let loaded = Loaded::new(workspace, "owners add")?;
    let directory = here::directory();
    let edited = edit::add(&loaded.project, &args.owner, &args.group, &directory);
    loaded.finish(edited, Some(&args.owner), args.dry_run)
}

pub(crate) fn remove(workspace: &Workspace, args: &Remove) -> Result<Outcome> {
    let loaded = Loaded::new(workspace, "owners remove")?;
    let removal = match &args.replace_with {
        Some(new) => Removal::ReplaceWith(new),
        None if args.allow_unowned => Removal::AllowUnowned,
        None => Removal::Safe,
    };
    let paths = &loaded.facts.paths;
    let edited = edit::remove(&loaded.project, paths, &args.owner, removal);
    loaded.finish(edited, args.replace_with.as_deref(), args.dry_run)
}

pub(crate) fn rename(workspace: &Workspace, args: &Rename) -> Result<Outcome> {
    let loaded = Loaded::new(workspace, "owners rename")?;
    let directory = here::directory();
    let edited = edit::rename(&loaded.project, &args.old, &args.new, &directory);
    // The roster is about people.
    let is_user = |name: &&str| name.starts_with('@') && !name.contains('/');
    let newcomer = Some(args.new.as_str()).filter(is_user);
    loaded.finish(edited, newcomer, args.dry_run)
}

/// What is edited.
struct Loaded<'w> {
    workspace: &'w Workspace,
    project: Project,
    facts: Facts,
    /// Nobody else edits the files meanwhile.
    _lock: EditLock,
}

impl<'w> Loaded<'w> {
    fn new(workspace: &'w Workspace, command: &str) -> Result<Self> {
        let lock = workspace.lock_edits();
        let (project, tracked) = workspace.project_and_paths()?;
        if project.codeowners.is_some() {
            return Err(fix::needs_configuration(&project, command));
        }
        let facts = workspace.repo.facts(&project, tracked)?;
        Ok(Loaded {
            workspace,
            project,
            facts,
            _lock: lock,
        })
    }

    /// Writes or shows the edit, unless it was refused or the roster refuses the newcomer.
    fn finish(
        self,
        edited: Result<Edited, Refused>,
        newcomer: Option<&str>,
        is_dry_run: bool,
    ) -> Result<Outcome> {
        let edited = match edited {
            Ok(edited) => edited,
            Err(refused) => return self.refuse(refused),
        };
        let after = &edited.project;
        if let Some(newcomer) = newcomer {
            let found = edit::roster_findings(&self.project, after, &self.facts, newcomer);
            if found.iter().any(|each| each.severity > Severity::Note) {
                return deny(&found, after);
            }
            report::beside(&found, &after.sources);
        }
        let Some(texts) = generate::proved_texts(self.workspace, after)? else {
            return Ok(Outcome::Findings);
        };
        let on_disk = self.workspace.repo.read_outputs(&after.config.outputs)?;
        let unmerged = generate::unmerged(self.workspace, &texts, &on_disk)?;
        let compared = generate::compare(&texts, on_disk, &unmerged);
        generate::ensure_generated(self.workspace, false, &compared)?;
        let rendered = after.render_all();
        let outputs = after.config.outputs.iter().zip(&compared).enumerate();
        let stale = outputs.filter(|(_, (_, compared))| !compared.is_current());
        let new = |(index, (output, _))| Some((index, rendered.of(output)?.as_ref().ok()?.clone()));
        let fixed = Fixed {
            project: after.clone(),
            files: edited.files.clone(),
            outputs: stale.filter_map(new).collect(),
            count: 0,
            regenerated: 0,
            reassigned: 0,
            notes: Vec::new(),
        };
        if is_dry_run {
            fix::show(&self.project, &self.facts, &fixed)?;
        } else {
            fix::write(self.workspace, &self.project, &self.facts, &fixed)?;
        }
        if !self.workspace.quiet {
            self.show_changes(after, is_dry_run)?;
        }
        Ok(Outcome::Fine)
    }

    fn refuse(self, refused: Refused) -> Result<Outcome> {
        match refused {
            Refused::Denied(diagnostic) => deny(&[*diagnostic], &self.project),
            Refused::Mistake(diagnostic) => Err(Failure::from(*diagnostic)),
            Refused::Unsound(unsound) => Err(Failure::from(*unsound)),
            refused => {
                let message = format!("{refused}; nothing was written");
                let fault = Diagnostic::error(message);
                Err(Failure::from(fault.help("make the edit by hand")))
            }
        }
    }

    /// Shows what `owners diff` would say of the edit.
    fn show_changes(&self, after: &Project, is_dry_run: bool) -> Result<()> {
        let side = |project: &Project, paths: PathSet| {
            Side::of_project(project, paths).map_err(|error| Failure::Other(anyhow!(error)))
        };
        let paths = &self.facts.paths;
        let before = side(&self.project, paths.clone())?;
        let after = side(after, paths.clone())?;
        let options = DiffOptions {
            unfolded: self.workspace.verbose,
            by_delta: true,
        };
        let shown = Shown {
            from: "the rules before",
            to: "after",
            adopted: None,
            comparison: &diff(&before, &after, &[], options),
            is_verbose: self.workspace.verbose,
        };
        let mut out = Printer::document();
        if is_dry_run {
            std::io::Write::write_all(&mut out, b"\n")?;
        }
        shown.human(&mut out)?;
        Ok(out.finish()?)
    }
}

/// Says why an edit is not made.
fn deny(diagnostics: &[Diagnostic], project: &Project) -> Result<Outcome> {
    let mut out = Printer::document();
    report::diagnostics(diagnostics, &project.sources, &mut out)?;
    out.finish()?;
    say(format_args!("nothing was written"));
    Ok(Outcome::Findings)
}
