//! `stale-output`: a generated file is not what the rules say. The forge reads the committed file,
//! not `owners.toml`.

use super::{Context, Findings, OutputOnDisk};
use crate::codeowners;
use crate::text::{Diagnostic, FixAction, Holds, LineDiff, conflicts, counted};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    for (output, on_disk) in config.outputs.iter().zip(&context.facts.outputs) {
        let rendered = context.rendered.of(output);
        let found = match (&on_disk.text, rendered) {
            (None, rendered) => {
                let can_generate = matches!(rendered, Some(Ok(_)));
                findings.report(missing(context, &output.file, can_generate));
                continue;
            }
            (Some(text), Some(Ok(rendered))) => {
                out_of_date(context, &output.file, text, &rendered.text)
            }
            (Some(_), _) => None,
        };
        let untracked = context
            .facts
            .is_git
            .then(|| untracked(context, &output.file, on_disk));
        for finding in found.into_iter().chain(untracked.flatten()) {
            findings.report(finding);
        }
    }
}

fn report(file: &str, message: String) -> Diagnostic {
    Diagnostic::error(message).about(file.as_bytes())
}

fn missing(context: &Context<'_>, file: &str, can_generate: bool) -> Diagnostic {
    let finding = report(file, format!("`{file}` is missing"));
    let generate = context.owners("gen");
    if can_generate {
        finding
            .help(format!("run `{generate}`"))
            .fixed_by(Holds::AnyTree, FixAction::Regenerate)
    } else {
        finding.help(format!("fix `inexact-output` first, then run `{generate}`"))
    }
}

fn out_of_date(context: &Context<'_>, file: &str, old: &[u8], new: &str) -> Option<Diagnostic> {
    if codeowners::same_text(old, new.as_bytes()) {
        return None;
    }
    if !conflicts(old).is_empty() {
        return Some(conflicted(context, file, codeowners::is_generated(old)));
    }
    if !codeowners::is_generated(old) {
        let finding = report(file, format!("`{file}` was not written by `owners gen`"));
        let command = context.owners("gen --force");
        return Some(finding.help(format!("run `{command}` to replace it")));
    }
    let finding = report(file, format!("`{file}` is out of date"))
        .note(format!(
            "{} would change: `{}` shows the difference",
            counted(changed_lines(old, new), "line"),
            context.owners("gen --check")
        ))
        .help(format!("run `{}`", context.owners("gen")))
        .fixed_by(Holds::AnyTree, FixAction::Regenerate);
    Some(finding)
}

fn conflicted(context: &Context<'_>, file: &str, is_generated: bool) -> Diagnostic {
    let finding = report(file, format!("`{file}` has an unresolved merge conflict"));
    let add = context.git("add", file);
    if is_generated {
        let generate = context.owners("gen");
        return finding
            .note("there is nothing to merge in a generated file: owners.toml decides")
            .help(format!(
                "run `{generate}`, which writes the file again; then `{add}`"
            ))
            .fixed_by(Holds::AnyTree, FixAction::Regenerate);
    }
    let generate = context.owners("gen --force");
    finding
        .note("one side was not written by `owners gen`")
        .help(format!(
            "make the changes of that side in owners.toml; then run `{generate}` and `{add}`"
        ))
}

fn untracked(context: &Context<'_>, file: &str, on_disk: &OutputOnDisk) -> Option<Diagnostic> {
    if on_disk.is_ignored {
        let message = format!("git ignores `{file}`, so the forge never sees it");
        let command = context.git("add --force", file);
        return Some(report(file, message).help(format!("add it to git: `{command}`")));
    }
    let message = format!("`{file}` is not tracked, so the forge does not see it");
    let help = || format!("run `{}`", context.git("add", file));
    (!on_disk.is_tracked).then(|| report(file, message).help(help()))
}

/// The number of lines that differ.
fn changed_lines(old: &[u8], new: &str) -> usize {
    let old = String::from_utf8_lossy(old).replace("\r\n", "\n");
    LineDiff::new(&old, new).count()
}
