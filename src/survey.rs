//! One pass over all tracked paths, from which every lint and statistic is answered.

use crate::paths::PathSet;
use crate::ruleset::{Ownership, RuleSet};

/// What the rules do to a set of paths.
#[derive(Clone, Debug)]
pub struct Survey {
    /// For each of [`RuleSet::lines`], whether it matches any path.
    pub matched: Vec<bool>,
    /// For each of [`RuleSet::lines`], how many paths it decides.
    pub decided: Vec<u32>,
    /// The paths that no rule matches and no exemption excuses, as indices into the set.
    pub unowned: Vec<u32>,
    /// For each of [`RuleSet::exceptions`], whether it keeps its rule from any path.
    pub excepted: Vec<bool>,
    /// For each of [`RuleSet::exemptions`], how many unmatched paths it excuses.
    pub exempted: Vec<u32>,
    /// How many paths have owners.
    pub owned: usize,
    /// How many paths are deliberately nobody's.
    pub nobodys: usize,
}

impl Survey {
    /// Resolves every path.
    #[must_use]
    pub fn new(rules: &RuleSet, paths: &PathSet) -> Self {
        let matcher = rules.matcher();
        let mut walk = matcher.walk();
        walk.remember_hits();
        let mut decided = vec![0; rules.lines.len()];
        let mut excepted = vec![false; rules.exceptions.len()];
        let mut unmatched = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            match walk.decide(path) {
                Some(line) => decided[line as usize] += 1,
                None => unmatched.push(index as u32),
            }
            if !rules.exceptions.is_empty() {
                let (lines, exceptions) = walk.matches(path);
                for exception in exceptions {
                    let rule = rules.exceptions[exception].rule;
                    let is_needed = |line: &u32| rules.lines[*line as usize].rule == rule;
                    excepted[exception] |= lines.iter().any(is_needed);
                }
            }
        }
        let mut exempted = vec![0; rules.exemptions.len()];
        let unowned = without_exempt(rules, paths, unmatched, &mut exempted);
        let mut survey = Survey {
            matched: walk.hits(),
            decided,
            unowned,
            excepted,
            exempted,
            owned: 0,
            nobodys: 0,
        };
        for (line, &count) in survey.decided.iter().enumerate() {
            match rules.ownership(Some(line as u32)) {
                Ownership::Owned(_) => survey.owned += count as usize,
                Ownership::Nobody => survey.nobodys += count as usize,
                Ownership::Unmatched => {}
            }
        }
        survey
    }

    /// How many unmatched paths the exemptions excuse.
    #[must_use]
    pub fn exempt(&self, paths: &PathSet) -> usize {
        paths.len() - self.owned - self.nobodys - self.unowned.len()
    }
}

/// Drops the paths that an exemption excuses, and counts for each exemption those that it does.
fn without_exempt(
    rules: &RuleSet,
    paths: &PathSet,
    mut unmatched: Vec<u32>,
    exempted: &mut [u32],
) -> Vec<u32> {
    if rules.exemptions.is_empty() {
        return unmatched;
    }
    let (owners, patterns): (Vec<usize>, Vec<_>) = (rules.exemptions.iter().enumerate())
        .flat_map(|(index, exemption)| exemption.patterns.iter().map(move |each| (index, each)))
        .unzip();
    let matcher = crate::matcher::Matcher::new(patterns);
    let mut walk = matcher.walk();
    unmatched.retain(|&index| {
        let path = paths
            .get(index as usize)
            .map_or(&b""[..], |path| path.bytes);
        let mut exemptions: Vec<usize> = walk
            .all_matches(path)
            .into_iter()
            .map(|pattern| owners[pattern as usize])
            .collect();
        exemptions.dedup();
        for &exemption in &exemptions {
            exempted[exemption] += 1;
        }
        exemptions.is_empty()
    });
    unmatched
}
