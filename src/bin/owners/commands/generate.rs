//! `owners gen`: write the CODEOWNERS files.

use std::io::Write;
use std::sync::Arc;

use owners::PathSet;
use owners::codeowners::{self, Rendered, Unmerged, proof};
use owners::config::Output;
use owners::text::{Diagnostic, conflicts, owners_command};
use owners::{Project, lint};

use crate::Outcome;
use crate::args::Gen;
use crate::failure::Result;
use crate::here;
use crate::print::{Printer, say};
use crate::report;
use crate::workspace::{Workspace, keep};

pub(crate) fn run(workspace: &Workspace, args: &Gen) -> Result<Outcome> {
    let _lock = (!args.check && !args.stdout).then(|| workspace.lock_edits());
    let project = keep(workspace.configuration()?);
    let Some(texts) = proved_texts(workspace, project)? else {
        return Ok(Outcome::Findings);
    };
    if args.stdout {
        let mut out = Printer::bytes();
        for (_, text) in &texts {
            out.write_all(text.as_bytes())?;
        }
        out.finish()?;
        return Ok(Outcome::Fine);
    }
    let on_disk = workspace.repo.read_outputs(&project.config.outputs)?;
    let unmerged = unmerged(workspace, &texts, &on_disk)?;
    let texts = compare(&texts, on_disk, &unmerged);
    if args.check {
        return show_differences(&texts);
    }
    write(workspace, args.force, &texts)?;
    Ok(Outcome::Fine)
}

/// The text of each output.
pub(super) type OutputTexts<'p> = Vec<(&'p Output, Arc<str>)>;

/// The text of each output. Everything is rendered and proved before anything is written. If a forge
/// cannot express a rule, this is reported, and there is none.
pub(super) fn proved_texts<'p>(
    workspace: &Workspace,
    project: &'p Project,
) -> Result<Option<OutputTexts<'p>>> {
    let mut texts = Vec::new();
    let mut inexact = Vec::new();
    // Lines that are exactly those of the rules are proved without paths.
    let is_plain = |output: &Output| proof::is_line_for_line(&project.rules, output.forge);
    let paths = if project.config.outputs.iter().all(is_plain) {
        PathSet::default()
    } else {
        workspace.repo.tracked()?
    };
    let rendered = project.render_all();
    for output in &project.config.outputs {
        if let Some(Ok(rendered)) = rendered.of(output) {
            let is_proved = |(_, text): &(&Output, Arc<str>)| Arc::ptr_eq(text, &rendered.text);
            if !texts.iter().any(is_proved) {
                prove(project, output, rendered, &paths)?;
            }
            texts.push((output, rendered.text.clone()));
        }
    }
    for patterns in rendered.by_forge().filter_map(|each| each.as_ref().err()) {
        let diagnostics = patterns
            .iter()
            .map(|each| lint::inexact_output(each, project));
        inexact.extend(diagnostics);
    }
    if inexact.is_empty() {
        return Ok(Some(texts));
    }
    let most = match workspace.verbose {
        true => inexact.len(),
        false => inexact.len().min(report::MOST),
    };
    let mut out = Printer::document();
    report::diagnostics(&inexact[..most], &project.sources, &mut out)?;
    if most < inexact.len() {
        let left = inexact.len() - most;
        writeln!(
            out,
            "\n… and {left} more of `inexact-output` (`-v` shows all)"
        )?;
    }
    out.finish()?;
    Ok(None)
}

/// The text of an output, and its file.
pub(super) struct Comparison<'c> {
    pub(super) file: &'c str,
    pub(super) text: Arc<str>,
    /// The content of the file, in the working tree or in the index.
    pub(super) on_disk: Option<Vec<u8>>,
    /// Its merge conflict in the index.
    unmerged: Option<&'c Unmerged>,
}

/// The merge conflict of each output, whose files have this content in the working tree.
pub(super) fn unmerged(
    workspace: &Workspace,
    texts: &OutputTexts<'_>,
    on_disk: &[Option<Vec<u8>>],
) -> Result<Vec<Option<Unmerged>>> {
    let files = texts.iter().map(|(output, _)| output.file.as_bytes());
    let files: Vec<&[u8]> = files.collect();
    Ok(workspace.repo.unmerged(&files, on_disk)?)
}

/// Puts the text of each output beside its file.
pub(super) fn compare<'c>(
    texts: &OutputTexts<'c>,
    on_disk: Vec<Option<Vec<u8>>>,
    unmerged: &'c [Option<Unmerged>],
) -> Vec<Comparison<'c>> {
    let found = texts.iter().zip(on_disk).zip(unmerged);
    let compared = found.map(|(((output, text), on_disk), unmerged)| Comparison {
        file: &output.file,
        text: text.clone(),
        on_disk,
        unmerged: unmerged.as_ref(),
    });
    compared.collect()
}

impl Comparison<'_> {
    pub(super) fn is_current(&self) -> bool {
        let on_disk = self.on_disk.as_ref();
        on_disk.is_some_and(|old| codeowners::same_text(old, self.text.as_bytes()))
    }

    /// Whether the file, or a side of its merge conflict, was written by hand.
    pub(super) fn is_foreign(&self) -> bool {
        let is_foreign = |old: &Vec<u8>| {
            !old.trim_ascii().is_empty() && !codeowners::may_overwrite(old, self.unmerged)
        };
        self.side_by_hand().is_some() || self.on_disk.as_ref().is_some_and(is_foreign)
    }

    /// The merge conflict, if a side was written by hand.
    fn side_by_hand(&self) -> Option<&Unmerged> {
        self.unmerged
            .filter(|unmerged| !unmerged.by_hand.is_empty())
    }

    fn has_conflict(&self) -> bool {
        let on_disk = self.on_disk.as_deref().unwrap_or_default();
        !conflicts(on_disk).is_empty()
    }
}

/// Refuses to overwrite a file that was written by hand, unless that `is_forced`.
pub(super) fn ensure_generated(
    workspace: &Workspace,
    is_forced: bool,
    texts: &[Comparison<'_>],
) -> Result<()> {
    let foreign = texts
        .iter()
        .find(|each| !each.is_current() && each.is_foreign());
    match foreign {
        Some(foreign) if !is_forced => Err(refusal(workspace, foreign).into()),
        _ => Ok(()),
    }
}

/// Writes the files that are not current.
pub(super) fn write(
    workspace: &Workspace,
    is_forced: bool,
    texts: &[Comparison<'_>],
) -> Result<()> {
    ensure_generated(workspace, is_forced, texts)?;
    for each in texts.iter().filter(|each| !each.is_current()) {
        let path = each.file.as_bytes();
        let text = each.text.as_bytes();
        write_file(workspace, path, text, each.on_disk.is_some())?;
    }
    Ok(())
}

/// Why a file that was not generated is not overwritten.
fn refusal(workspace: &Workspace, foreign: &Comparison<'_>) -> Diagnostic {
    let file = foreign.file;
    if let Some(unmerged) = foreign.side_by_hand() {
        let config = workspace.config_argument();
        let is_below_root = workspace.is_below_root();
        return lint::conflict_by_hand(file, unmerged, config.as_deref(), is_below_root);
    }
    let force = owners_command("gen --force", workspace.config_argument().as_deref());
    let refusal = Diagnostic::error(format!("`{file}` was not written by `owners gen`"))
        .about(file.as_bytes());
    if foreign.has_conflict() {
        return refusal
            .note("it has an unresolved merge conflict, and one side was written by hand")
            .help(format!(
                "make the changes of that side in owners.toml; then run `{force}`"
            ));
    }
    refusal
        .note("a generated file says so in its first line; overwriting this file would lose its contents")
        .help(format!(
            "import its rules with `owners init` if they are not in owners.toml yet; then run `{force}`"
        ))
}

/// Writes a file, and says so.
pub(super) fn write_file(
    workspace: &Workspace,
    path: &[u8],
    text: &[u8],
    exists: bool,
) -> Result<()> {
    workspace.repo.write(path, text)?;
    if !workspace.quiet {
        let verb = if exists { "updated" } else { "wrote" };
        say(format_args!("{verb} {}", here::shown(path)));
    }
    Ok(())
}

fn show_differences(texts: &[Comparison<'_>]) -> Result<Outcome> {
    let mut out = Printer::document();
    let mut is_current = true;
    for each in texts.iter().filter(|each| !each.is_current()) {
        is_current = false;
        let old = each.on_disk.as_deref().unwrap_or_default();
        report::unified_diff(&mut out, each.file, each.on_disk.is_some(), old, &each.text)?;
    }
    out.finish()?;
    Ok(Outcome::findings_if(!is_current))
}

/// If the text does not match the rules, that is a bug, and the forge must never see the text.
pub(super) fn prove(
    project: &Project,
    output: &Output,
    rendered: &Rendered,
    paths: &PathSet,
) -> Result<()> {
    proof::prove(&project.rules, rendered, paths).map_err(|difference| {
        let message = format!(
            "the text for `{}` does not match the rules; nothing was written. \
             This is a bug in owners: please report it with your owners.toml",
            output.file
        );
        let diagnostic = Diagnostic::error(message);
        diagnostic.note(difference.to_string()).into()
    })
}
