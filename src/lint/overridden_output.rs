//! `overridden-output`: a forge reads only the first CODEOWNERS file that it finds, and only in its
//! locations.

use super::{Context, Findings};
use crate::config::Output;
use crate::forge::Forge;
use crate::text::Diagnostic;
use crate::text::nearest::Suggestions;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for output in &context.project.config.outputs {
        let locations = output.forge.locations;
        let rank = locations.iter().position(|&place| place == output.file);
        match rank {
            Some(rank) => overridden(context, output, &locations[..rank], findings),
            None if is_nearly_codeowners(&output.file) => {
                findings.report(misplaced(context, output));
            }
            // An output with another name is for another program.
            None => {}
        }
    }
}

/// Reports the files at these locations, each of which the forge reads instead of the output.
fn overridden(
    context: &Context<'_>,
    output: &Output,
    outranking: &[&str],
    findings: &mut Findings<'_>,
) {
    let is_outranking = |file: &&String| outranking.contains(&file.as_str());
    for rival in context.facts.rivals.iter().filter(is_outranking) {
        let forge = output.forge.title;
        let message = format!("{forge} reads `{rival}` and ignores `{}`", output.file);
        let help = if let Some(other) = read_by_both(context, output, rival) {
            format!(
                "remove this output, and write `platform = \"{}\"` with `file = \"{rival}\"` for \
                 the other: {} reads such a file, too",
                output.forge.name, other.title
            )
        } else if is_output(context, rival) {
            format!("`{rival}` is an output too: change the `file` of one of the two")
        } else {
            format!("remove it: `{}`", context.git("rm", rival))
        };
        let finding = never_read(context, output, message).about(rival.as_bytes());
        findings.report(finding.help(help));
    }
}

/// Whether the last name of a path is `CODEOWNERS`, apart from case and a typing mistake.
fn is_nearly_codeowners(file: &str) -> bool {
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    strsim::osa_distance(&name.to_lowercase(), "codeowners") <= 1
}

/// The finding for an output that is meant to be read, in a place where the forge does not look.
fn misplaced(context: &Context<'_>, output: &Output) -> Diagnostic {
    let forge = output.forge;
    let message = format!("{} never reads `{}`", forge.title, output.file);
    let finding = never_read(context, output, message).about(output.file.as_bytes());
    let others = Forge::ALL.iter();
    let reader = others
        .copied()
        .find(|other| other.locations.contains(&output.file.as_str()));
    if let Some(reader) = reader {
        return finding.help(format!(
            "{} reads it: to write it for {0}, add `platform = \"{}\"`",
            reader.title, reader.name
        ));
    }
    let locations = forge.locations.iter().copied();
    let free: Vec<&str> = locations
        .filter(|place| !is_output(context, place))
        .collect();
    let suggestion = Suggestions::default().did_you_mean(&output.file, free.iter().copied());
    let finding = match (suggestion, free.first()) {
        (Some(suggestion), _) => finding.help(suggestion),
        (None, Some(_)) => finding.help(format!(
            "write one of these as its `file`: {}",
            in_words(&free)
        )),
        (None, None) => finding,
    };
    finding.help("if it is for another program, give it another name")
}

fn never_read(context: &Context<'_>, output: &Output, message: String) -> Diagnostic {
    let mut finding = Diagnostic::error(message);
    if let Some(span) = &output.span {
        finding = finding.at(context.project.config.file, span.clone(), "never read");
    }
    finding.note(format!(
        "{} looks for {} and reads the first that exists",
        output.forge.title,
        in_words(output.forge.locations)
    ))
}

fn is_output(context: &Context<'_>, file: &str) -> bool {
    let mut outputs = context.project.config.outputs.iter();
    outputs.any(|output| output.file == file)
}

/// The forge of another output in `rival`, if the forge of this one looks in all of its places: then one
/// is a fork of the other, and what is written for the fork is read by both.
fn read_by_both(context: &Context<'_>, output: &Output, rival: &str) -> Option<Forge> {
    let mut outputs = context.project.config.outputs.iter();
    let other = outputs.find(|other| other.file == rival)?.forge;
    let is_fork = other != output.forge && output.forge.locations.starts_with(other.locations);
    is_fork.then_some(other)
}

fn in_words(locations: &[&str]) -> String {
    locations
        .iter()
        .map(|place| format!("`{place}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
