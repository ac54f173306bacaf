//! `useless-exemption`: an entry of `[check] exempt` exempts nothing, because all its paths have a
//! rule or are gone.
//!
//! With this lint, the list of exemptions can only shrink.

use super::{Context, Findings};
use crate::matcher::Matcher;
use crate::text::{Diagnostic, FixAction, Holds};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.facts.paths.is_empty() {
        // A repository without files says nothing about its exemptions.
        return;
    }
    let exemptions = &context.project.rules.exemptions();
    let useless: Vec<_> = exemptions
        .iter()
        .zip(&context.survey.exempted)
        .filter(|&(_, &is_used)| !is_used)
        .map(|(exemption, _)| exemption)
        .collect();
    if useless.is_empty() {
        return;
    }
    let (indices, patterns): (Vec<usize>, Vec<_>) = useless
        .iter()
        .enumerate()
        .flat_map(|(index, exemption)| exemption.patterns.iter().map(move |each| (index, each)))
        .unzip();
    let matcher = Matcher::new(patterns);
    let mut walk = matcher.walk();
    walk.remember_hits();
    for path in context.facts.paths.iter() {
        walk.last_match(path);
    }
    let mut matches = vec![false; useless.len()];
    for (index, hit) in indices.into_iter().zip(walk.hits()) {
        matches[index] |= hit.is_some();
    }
    for (exemption, matches) in useless.into_iter().zip(matches) {
        let why = if matches {
            "every path that it matches has a rule"
        } else {
            "no tracked path matches it"
        };
        let location = exemption.location.clone();
        let action = FixAction::Remove(location.clone());
        findings.report(
            Diagnostic::error(format!(
                "the exemption `{}` exempts nothing",
                exemption.text
            ))
            .at(location.file, location.span, why)
            .help("remove it from `exempt`")
            .fixed_by(Holds::ThisTree, action),
        );
    }
}
