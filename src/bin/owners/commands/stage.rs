//! `owners gen --stage`: write what is being committed.
//!
//! A commit takes `owners.toml` and the generated file from the index. So the generated file is made
//! from the staged configuration, and staged. If all of the configuration is staged, the file in the
//! working tree is the same, and is added as `git add` does. Otherwise, only its staged content is
//! what the staged configuration says, and the file in the working tree belongs to the configuration
//! there.

use owners::Project;
use owners::codeowners;
use owners::text::{Diagnostic, escaped, shell_word};

use super::generate::{self, Comparison};
use crate::Outcome;
use crate::args::Gen;
use crate::failure::{Failure, Result};
use crate::print::say;
use crate::workspace::{Workspace, keep};

pub(crate) fn run(workspace: &Workspace, args: &Gen) -> Result<Outcome> {
    let _lock = workspace.lock_edits();
    let root = workspace.config_path()?;
    let Some(staged) = workspace.repo.staged_project(&root)? else {
        return Err(not_staged(workspace, &root));
    };
    let staged = keep(staged);
    let Some(outputs) = generate::proved_texts(workspace, staged)? else {
        return Ok(Outcome::Findings);
    };
    let files: Vec<&[u8]> = (outputs.iter())
        .map(|(output, _)| output.file.as_bytes())
        .collect();
    let in_index = workspace.repo.staged_texts(&files)?;
    let on_disk = workspace.repo.read_outputs(&staged.config.outputs)?;
    let unmerged = generate::unmerged(workspace, &outputs, &on_disk)?;
    let texts = generate::compare(&outputs, in_index, &unmerged);
    generate::ensure_generated(workspace, args.force, &texts)?;
    let is_current = texts.iter().all(Comparison::is_current);
    if let Err(error) = workspace.repo.ensure_can_stage() {
        // The commit has a pair that fits, and its other files are not part of it.
        return if is_current {
            Ok(Outcome::Fine)
        } else {
            Err(error.into())
        };
    }
    let project = workspace.configuration();
    let is_all_staged = (project.as_ref()).is_ok_and(|project| same_files(project, staged));
    if is_all_staged {
        let written = generate::compare(&outputs, on_disk, &unmerged);
        generate::write(workspace, args.force, &written)?;
        workspace.repo.stage(&files)?;
        return Ok(Outcome::Fine);
    }
    stage_texts(workspace, &root, &texts)?;
    // The configuration in the working tree may be unfinished. That concerns no commit.
    if let Ok(project) = project {
        write_unstaged(workspace, keep(project))?;
    }
    Ok(Outcome::Fine)
}

/// Stages the texts that are not current, whatever is in the working tree.
fn stage_texts(workspace: &Workspace, root: &[u8], texts: &[Comparison<'_>]) -> Result<()> {
    let stale = texts.iter().filter(|each| !each.is_current());
    let stale: Vec<(&[u8], &[u8])> = stale
        .map(|each| (each.file.as_bytes(), each.text.as_bytes()))
        .collect();
    workspace.repo.stage_texts(&stale)?;
    if !workspace.quiet {
        let config = escaped(root);
        for (path, _) in stale {
            say(format_args!(
                "staged {} as the staged {config} says, which differs from the one in the working tree",
                escaped(path)
            ));
        }
    }
    Ok(())
}

/// Writes the files of the working tree that are generated and out of date.
fn write_unstaged(workspace: &Workspace, project: &Project) -> Result<()> {
    let rendered = project.render_all();
    let on_disk = workspace.repo.read_outputs(&project.config.outputs)?;
    for (output, on_disk) in project.config.outputs.iter().zip(on_disk) {
        let Some(Ok(rendered)) = rendered.of(output) else {
            continue;
        };
        let (old, new) = (
            on_disk.as_deref().unwrap_or_default(),
            rendered.text.as_bytes(),
        );
        if codeowners::is_generated(old) && !codeowners::same_text(old, new) {
            let path = output.file.as_bytes();
            generate::write_file(workspace, path, new, true)?;
        }
    }
    Ok(())
}

/// Whether two configurations have the same files, apart from line ends.
fn same_files(one: &Project, other: &Project) -> bool {
    let files = |project: &Project| {
        let files = project.sources.iter();
        let mut files: Vec<(String, String)> = files
            .map(|(_, file)| (file.name.clone(), file.text.replace("\r\n", "\n")))
            .collect();
        files.sort_unstable();
        files
    };
    files(one) == files(other)
}

fn not_staged(workspace: &Workspace, root: &[u8]) -> Failure {
    let shown = escaped(root);
    // Without the file, there is nothing to stage.
    if let Err(missing) = workspace.draft() {
        return missing;
    }
    let add = format!("git add {}", shell_word(&shown));
    let fault = Diagnostic::error(format!("`{shown}` is not staged"))
        .note("`--stage` writes what is being committed, and this file would not be part of it");
    fault
        .help(format!("run `{add}`, and the command again"))
        .into()
}
