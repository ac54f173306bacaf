//! `stale-output`: a generated file is not what the rules say, or git lacks it or its `owners.toml`.
//! The forge reads the committed file, not `owners.toml`.

use super::{Context, Findings, OutputOnDisk};
use crate::codeowners::{self, Unmerged};
use crate::forge::Forge;
use crate::text::{
    Diagnostic, FileId, FixAction, Holds, LineDiff, conflicts, counted, escaped, owners_command,
    shell_word,
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    for (output, on_disk) in config.outputs.iter().zip(&context.facts.outputs) {
        let rendered = context.rendered.of(output);
        let found = match (&on_disk.text, rendered) {
            (None, rendered) => {
                let can_generate = matches!(rendered, Some(Ok(_)));
                findings.report(missing(context, &output.file, on_disk, can_generate));
                continue;
            }
            (Some(text), Some(Ok(rendered))) => {
                out_of_date(context, &output.file, on_disk, text, &rendered.text)
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
    for (file, forge) in &context.facts.former {
        findings.report(former(context, file, *forge));
    }
    if let Some(finding) = untracked_root(context) {
        findings.report(finding);
    }
}

/// The finding for a file that an output wrote that is there no more.
fn former(context: &Context<'_>, file: &str, forge: Forge) -> Diagnostic {
    let config = escaped(context.project.sources[FileId::ROOT].name.as_bytes());
    report(
        file,
        format!("no output of `{config}` writes `{file}` any more"),
    )
    .note(format!("{} still reads it, as it was", forge.title))
    .help(format!("remove it: `{}`", context.git("rm", file)))
    .help(format!(
        "if {} is still in use, write an `[[output]]` for each forge, one with `platform = \"{}\"`",
        forge.title, forge.name
    ))
}

/// The finding for an `owners.toml` that git does not track although it tracks a file that was
/// generated from it. Every other clone, and CI, has the generated file alone.
fn untracked_root(context: &Context<'_>) -> Option<Diagnostic> {
    let root = context.facts.untracked_root.as_ref()?;
    if context.config.is_some() {
        return None;
    }
    let outputs = &context.project.config.outputs;
    let (output, _) = outputs
        .iter()
        .zip(&context.facts.outputs)
        .find(|(_, on_disk)| {
            let text = on_disk.text.as_deref().unwrap_or_default();
            on_disk.is_tracked && codeowners::is_generated(text)
        })?;
    let file = escaped(&root.path);
    let (message, command) = match root.is_ignored {
        true => (format!("git ignores `{file}`"), "add --force"),
        false => (format!("`{file}` is not tracked"), "add"),
    };
    let finding = report(&file, message).note(format!(
        "`{}` is tracked: in a clone, and in CI, it is there without its `{file}`",
        output.file
    ));
    Some(finding.help(format!("run `{}`", context.git(command, &file))))
}

fn report(file: &str, message: String) -> Diagnostic {
    Diagnostic::error(message).about(file.as_bytes())
}

fn missing(
    context: &Context<'_>,
    file: &str,
    on_disk: &OutputOnDisk,
    can_generate: bool,
) -> Diagnostic {
    if let Some(unmerged) = by_hand(on_disk) {
        return conflict_by_hand(file, unmerged, context.config, context.is_below_root);
    }
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

fn out_of_date(
    context: &Context<'_>,
    file: &str,
    on_disk: &OutputOnDisk,
    old: &[u8],
    new: &str,
) -> Option<Diagnostic> {
    if codeowners::same_text(old, new.as_bytes()) {
        return None;
    }
    if let Some(unmerged) = by_hand(on_disk) {
        let (config, is_below_root) = (context.config, context.is_below_root);
        return Some(conflict_by_hand(file, unmerged, config, is_below_root));
    }
    if !conflicts(old).is_empty() {
        let may_overwrite = codeowners::may_overwrite(old, on_disk.unmerged.as_ref());
        return Some(conflicted(context, file, may_overwrite));
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

/// The merge conflict of a file, if a side was written by hand.
fn by_hand(on_disk: &OutputOnDisk) -> Option<&Unmerged> {
    let unmerged = on_disk.unmerged.as_ref();
    unmerged.filter(|unmerged| !unmerged.by_hand.is_empty())
}

/// The message for a file with a merge conflict of which a side was written by hand. `gen` refuses
/// to overwrite it, with the same message. See [`Context`] for `config` and `is_below_root`.
#[must_use]
pub fn conflict_by_hand(
    file: &str,
    unmerged: &Unmerged,
    config: Option<&str>,
    is_below_root: bool,
) -> Diagnostic {
    let mut finding = report(file, format!("`{file}` has an unresolved merge conflict"));
    for side in &unmerged.by_hand {
        finding = finding.note(format!(
            "its side `{}` was written by hand: `owners gen` would lose the changes there",
            side.name()
        ));
    }
    for side in &unmerged.by_hand {
        let blob = |stage| shell_word(&format!(":{stage}:{file}")).into_owned();
        let (action, show) = match unmerged.has_base {
            true => ("diff", format!("{} {}", blob("1"), blob(side.stage()))),
            false => ("show", blob(side.stage())),
        };
        finding = finding.help(format!(
            "make these changes in owners.toml: `git {action} {show}` shows them"
        ));
    }
    let generate = owners_command("gen --force", config);
    let add = super::git_command("add", file, is_below_root);
    finding.help(format!("then run `{generate}` and `{add}`"))
}

fn conflicted(context: &Context<'_>, file: &str, may_overwrite: bool) -> Diagnostic {
    let finding = report(file, format!("`{file}` has an unresolved merge conflict"));
    let add = context.git("add", file);
    if may_overwrite {
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
