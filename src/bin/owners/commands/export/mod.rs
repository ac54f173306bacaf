//! `owners export`: the model of a configuration, its paths, or its approvals, for other programs.

mod required;

use std::io::{self, Write as _};

use owners::Project;
use owners::export::{Form, Model, Rows};

use crate::Outcome;
use crate::args::{Export, ExportFormat};
use crate::failure::Result;
use crate::print::Printer;
use crate::workspace::{Workspace, keep, project_at};

pub(crate) fn run(workspace: &Workspace, args: &Export) -> Result<Outcome> {
    if let Some(ExportFormat::Required(forge)) = args.format {
        return required::run(workspace, args, forge);
    }
    if let Some(option) = required::only_option(args) {
        return Err(option);
    }
    let repository = args.repository.as_deref();
    if args.paths {
        let (project, paths) = workspace.project_and_paths_at(args.rev.as_deref())?;
        let rows = Rows {
            project: keep(project),
            paths: keep(paths),
            repository,
            form: args
                .format
                .and_then(ExportFormat::rows)
                .unwrap_or(Form::Ndjson),
        };
        let mut out = match rows.form {
            Form::Ndjson => Printer::json(),
            Form::Csv => Printer::lines(),
        };
        rows.write(&mut out)?;
        out.finish()?;
        return Ok(Outcome::Fine);
    }
    match args.rev.as_deref() {
        None => print(&workspace.project()?, repository, None)?,
        Some(name) => {
            let revision = workspace.repo.revision(name)?;
            let project = project_at(&revision, name)?;
            print(&project, repository, Some(revision.commit()))?;
        }
    }
    Ok(Outcome::Fine)
}

fn print(project: &Project, repository: Option<&str>, commit: Option<&str>) -> io::Result<()> {
    let mut out = Printer::json();
    serde_json::to_writer(&mut out, &Model::new(project, repository, commit))?;
    out.write_all(b"\n")?;
    out.finish()
}
