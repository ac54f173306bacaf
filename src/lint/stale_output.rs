//! `stale-output`: the forge reads the generated file as it is committed, not `owners.toml`.

use super::{Context, Findings};
use crate::codeowners;
use crate::text::{Change, Diagnostic, Holds, counted};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let config = &context.project.config;
    let outputs = config.outputs.iter().zip(&context.facts.outputs);
    let generate = || format!("run `{}`", context.owners("gen"));
    for (output, on_disk) in outputs {
        let rendered = context.rendered.of(output.forge);
        let file = &output.file;
        let report = |message: String| Diagnostic::error(message).about(file.as_bytes());
        let Some(text) = &on_disk.text else {
            let missing = report(format!("`{file}` is missing"));
            findings.report(match rendered {
                Some(Ok(_)) => missing
                    .help(generate())
                    .fixed_by(Holds::AnyTree, Change::Regenerate),
                _ => missing.help(format!("settle `inexact-output`, then {}", generate())),
            });
            continue;
        };
        if let Some(Ok(rendered)) = rendered
            && !codeowners::same_text(text, rendered.text.as_bytes())
        {
            if codeowners::is_generated(text) {
                let count = changed_lines(text, &rendered.text);
                findings.report(
                    report(format!("`{file}` is out of date"))
                        .note(format!(
                            "{} would change: `{}` shows the difference",
                            counted(count, "line"),
                            context.owners("gen --check")
                        ))
                        .help(generate())
                        .fixed_by(Holds::AnyTree, Change::Regenerate),
                );
            } else {
                findings.report(
                    report(format!("`{file}` was not written by `owners gen`")).help(format!(
                        "run `{}` to replace it",
                        context.owners("gen --force")
                    )),
                );
            }
        }
        if !context.facts.is_git {
            continue;
        }
        if on_disk.is_ignored {
            findings.report(
                report(format!("git ignores `{file}`, so the forge never sees it")).help(format!(
                    "let git track it: `{}`",
                    context.git("add --force", file)
                )),
            );
        } else if !on_disk.is_tracked {
            findings.report(
                report(format!(
                    "`{file}` is not tracked, so the forge does not see it"
                ))
                .help(format!("run `{}`", context.git("add", file))),
            );
        }
    }
}

/// How many lines are in one text and not in the other.
fn changed_lines(old: &[u8], new: &str) -> usize {
    let old = String::from_utf8_lossy(old).replace("\r\n", "\n");
    let diff = similar::TextDiff::from_lines(old.as_str(), new);
    diff.iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .count()
}
