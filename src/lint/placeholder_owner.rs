//! `placeholder-owner`: the owner that the starter of `owners init` writes was never replaced.
//!
//! It is not a team that exists, so nobody would be asked for a review, although every path looks
//! owned.

use super::{Context, Findings};
use crate::config::{Config, Text};
use crate::owner::PLACEHOLDER;
use crate::text::{Diagnostic, Location};

/// The maximum number of places shown.
const MAX_PLACES: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let configs = std::iter::once(&project.config).chain(&project.nested);
    let places: Vec<Location> = configs.flat_map(places).take(MAX_PLACES).collect();
    let Some((first, others)) = places.split_first() else {
        return;
    };
    let message = format!("`{PLACEHOLDER}` is a placeholder, not an owner");
    let mut finding = Diagnostic::error(message).at(first.file, first.span.clone(), "replace it");
    for place in others {
        finding = finding.at(place.file, place.span.clone(), "and here");
    }
    let example = PLACEHOLDER.replace("org", "your-org");
    findings.report(finding.help(format!(
        "write who reviews changes: a user such as `@alice`, or a team with its organization, such as `{example}`"
    )));
}

/// Where a file names the placeholder.
fn places(config: &Config) -> impl Iterator<Item = Location> {
    let groups = config.groups.iter();
    let members = groups.flat_map(|group| group.team.iter().chain(&group.members));
    let is_placeholder = |text: &&Text| text.value.eq_ignore_ascii_case(PLACEHOLDER);
    let named = members
        .chain(config.named_owners())
        .chain(config.notified());
    let named = named.filter(is_placeholder);
    named.map(|text| Location {
        file: config.file,
        span: text.span.clone(),
    })
}
