//! The part of `owners check --fix` that writes the fixes, or shows them.

use std::fs;
use std::io;

use anyhow::Context;
use bstr::ByteSlice;
use owners::Forge;
use owners::Project;
use owners::config::{CONFIG_NAME, Level};
use owners::edit;
use owners::lint::{Baseline, Facts, Levels};
use owners::text::{Diagnostic, FileId, Holds, counted, escaped};
use owners::{Exempted, Fixed};

use super::generate;
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::{Printer, say};
use crate::report::{self, Report};
use crate::workspace::Workspace;

/// The error for a repository without `owners.toml`. Nothing proves that an edited CODEOWNERS file
/// keeps the owners of every path.
pub(super) fn needs_configuration(project: &Project, edit: &str) -> Failure {
    let file = escaped(project.sources[FileId::ROOT].name.as_bytes());
    let fault = Diagnostic::error(format!("`{edit}` edits `{CONFIG_NAME}`, and there is none"))
        .note(format!("`{file}` is written by hand"))
        .help("run `owners check`, and make the edits by hand")
        .help("or run `owners init`, which imports the file, then the same command");
    Failure::from(fault)
}

/// The fixed configuration and generated files, with all proofs done.
pub(super) fn fix(
    workspace: &Workspace,
    project: &Project,
    facts: &Facts,
    levels: &Levels,
    baseline: Option<&Baseline>,
    holds: Holds,
) -> Result<Fixed> {
    let bug = "the fixes would change the owners of a path; nothing was written. \
         This is a bug in owners: please report it with your owners.toml";
    // Owners that do not exist go first: the rules and files without them are what is fixed.
    let without = edit::remove_missing(project, facts, levels, baseline).context(bug)?;
    let mut levels = levels.clone();
    if without.count > 0 {
        // The generated file loses them, too, whatever is said about outdated ones.
        levels.set("stale-output", Level::Deny);
    }
    let cleaned = &without.edited.project;
    let mut fixed = owners::fix(cleaned, facts, &levels, baseline, holds).context(bug)?;
    if without.count > 0 {
        // A file that was up to date before they went is no finding.
        let was_stale = |index: usize| {
            let file = project.config.outputs[index].file.as_bytes();
            without.stale.iter().any(|stale| stale == file)
        };
        let outputs = fixed.outputs.iter();
        let regenerated = outputs.filter(|(index, _)| was_stale(*index)).count();
        fixed.count = fixed.count - fixed.regenerated + regenerated + without.count;
        fixed.regenerated = regenerated;
    }
    fixed.notes.splice(0..0, without.notes);
    let nested = fixed.project.nested.iter().rev().map(|config| config.file);
    let is_changed =
        |file: &FileId| fixed.files.contains(file) || without.edited.files.contains(file);
    let files = nested.chain([FileId::ROOT]).filter(is_changed).collect();
    fixed.files = files;
    let mut proved: Vec<Forge> = Vec::new();
    for (index, rendered) in &fixed.outputs {
        if !proved.contains(&rendered.forge) {
            let output = &project.config.outputs[*index];
            generate::prove(&fixed.project, output, rendered, &facts.paths)?;
            proved.push(rendered.forge);
        }
    }
    if !workspace.quiet {
        for note in &fixed.notes {
            say(format_args!("{note}"));
        }
        if fixed.reassigned > 0 {
            let paths = counted(fixed.reassigned, "path");
            say(format_args!(
                "the corrected patterns change the owners of {paths}"
            ));
        }
    }
    Ok(fixed)
}

/// The configuration that exempts all unowned paths. Says how many these are.
pub(super) fn exempt_unowned(
    workspace: &Workspace,
    project: &Project,
    facts: &Facts,
    is_dry_run: bool,
) -> Result<Exempted> {
    let exempted = owners::exempt_unowned(project, facts)
        .context("cannot exempt the unowned paths; nothing was written")?;
    if !workspace.quiet {
        let paths = counted(exempted.paths, "unowned path");
        let patterns = counted(exempted.patterns, "pattern");
        match (exempted.paths, is_dry_run) {
            (0, _) => say(format_args!(
                "no path is unowned: there is nothing to exempt"
            )),
            (_, false) => say(format_args!(
                "exempted {paths} with {patterns}: see `[check] exempt`"
            )),
            (_, true) => say(format_args!("would exempt {paths} with {patterns}")),
        }
    }
    Ok(exempted)
}

/// Writes the changed files. Returns whether there are any.
pub(super) fn write(
    workspace: &Workspace,
    project: &Project,
    facts: &Facts,
    fixed: &Fixed,
) -> Result<bool> {
    // All files are checked before the first one is written.
    let mut texts = Vec::new();
    let mut written = 0;
    for &file in &fixed.files {
        let path = match file {
            FileId::ROOT => workspace.config_path().map_err(|error| {
                error.context("cannot edit the configuration that `--config` names")
            })?,
            _ => project.sources[file].name.clone().into_bytes(),
        };
        let mark = mark_of(workspace, &path, &project.sources[file].text)?;
        let with_mark = |project: &Project| [mark, project.sources[file].text.as_bytes()].concat();
        texts.push((path, with_mark(project), with_mark(&fixed.project)));
    }
    let mut write = || -> Result<()> {
        for (path, _, text) in &texts {
            generate::write_file(workspace, path, text, true)?;
            written += 1;
        }
        for (index, rendered) in &fixed.outputs {
            let path = project.config.outputs[*index].file.as_bytes();
            let exists = facts.outputs[*index].text.is_some();
            generate::write_file(workspace, path, rendered.text.as_bytes(), exists)?;
        }
        Ok(())
    };
    if let Err(error) = write() {
        // A configuration without its generated file would be half an edit.
        for (path, old, _) in &texts[..written] {
            workspace.repo.write(path, old)?;
            say(format_args!("restored {}", here::shown(path)));
        }
        return Err(error);
    }
    Ok(!texts.is_empty() || !fixed.outputs.is_empty())
}

/// The byte order mark of a configuration file that may be edited. An error if the file has changed
/// since it was read.
fn mark_of(workspace: &Workspace, path: &[u8], text: &str) -> Result<&'static [u8]> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let shown = escaped(path);
    let Some(on_disk) = workspace.repo.read(path)? else {
        let fault = Diagnostic::error(format!("cannot edit `{shown}`: it is not checked out"));
        let help =
            "check its directory out with `git sparse-checkout add`, and run the command again";
        return Err(Failure::from(fault.help(help)));
    };
    let (mark, on_disk) = match on_disk.strip_prefix(MARK) {
        Some(rest) => (MARK, rest),
        None => (&[][..], &on_disk[..]),
    };
    if on_disk != text.as_bytes() {
        let fault = Diagnostic::error(format!("`{shown}` changed while it was being checked"));
        return Err(Failure::from(fault.help("run the command again")));
    }
    // Replacing a file needs no permission to write it. But a file is read-only for a reason.
    let file = workspace.repo.root().join(path.to_path_lossy());
    let found = fs::metadata(file).with_context(|| format!("cannot edit `{shown}`"))?;
    if found.permissions().readonly() {
        let fault = Diagnostic::error(format!("cannot edit `{shown}`: it is read-only"));
        let help = "make it writable, or make the edits that `--dry-run` shows";
        return Err(Failure::from(fault.help(help)));
    }
    Ok(mark)
}

/// Shows the diff.
pub(super) fn show(project: &Project, facts: &Facts, fixed: &Fixed) -> io::Result<()> {
    let mut out = Printer::document();
    for &file in &fixed.files {
        let (old, new) = (&project.sources[file], &fixed.project.sources[file]);
        let new_text = new.text.replace("\r\n", "\n");
        report::unified_diff(&mut out, &new.name, true, old.text.as_bytes(), &new_text)?;
    }
    for (index, rendered) in &fixed.outputs {
        let file = &project.config.outputs[*index].file;
        let old = facts.outputs[*index].text.as_deref();
        let exists = old.is_some();
        report::unified_diff(
            &mut out,
            file,
            exists,
            old.unwrap_or_default(),
            &rendered.text,
        )?;
    }
    out.finish()
}

/// Treats the generated files as written.
pub(super) fn pretend(facts: &mut Facts, fixed: &Fixed) {
    for (index, rendered) in &fixed.outputs {
        facts.outputs[*index].text = Some(rendered.text.as_bytes().to_vec());
    }
}

/// Says how many findings were fixed and, for a dry run, how many would remain.
pub(super) fn summary(report: &Report<'_>, count: usize, is_dry_run: bool) {
    let fixed = match (count, is_dry_run) {
        (0, _) => "nothing to fix".to_string(),
        (_, false) => format!("fixed {}", counted(count, "finding")),
        (_, true) => format!("would fix {}", counted(count, "finding")),
    };
    if !is_dry_run {
        return say(format_args!("{fixed}"));
    }
    say(format_args!(
        "{fixed}; {} would remain",
        report.verdict_seen()
    ));
}
