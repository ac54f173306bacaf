//! Configurations without their places: what two texts say can be compared.

use std::ops::Range;

use super::{Config, Text};

impl Config {
    /// The same configuration without the places where it says what it says. Two texts say the same
    /// if these are equal.
    pub(crate) fn without_places(&self) -> Config {
        let mut config = self.clone();
        let no_place = |span: &mut Range<usize>| *span = 0..0;
        let texts = |texts: &mut Vec<Text>| {
            for text in texts {
                text.span = 0..0;
            }
        };
        for list in config.owner_lists_mut() {
            texts(list);
        }
        for group in &mut config.groups {
            no_place(&mut group.name.span);
            let texts = group.team.iter_mut().chain(&mut group.select);
            texts.for_each(|text| text.span = 0..0);
        }
        for rule in &mut config.rules {
            no_place(&mut rule.span);
            no_place(&mut rule.pattern.span);
            texts(&mut rule.except);
        }
        for each in &mut config.requirements {
            no_place(&mut each.span);
            texts(&mut each.paths);
            texts(&mut each.except);
            each.reason.iter_mut().for_each(|text| text.span = 0..0);
            each.min_owners.iter_mut().for_each(|min| min.span = 0..0);
        }
        for each in &mut config.approvals {
            no_place(&mut each.span);
            no_place(&mut each.name.span);
            texts(&mut each.paths);
            texts(&mut each.except);
            each.count.iter_mut().for_each(|count| count.span = 0..0);
            each.optional.iter_mut().for_each(|flag| flag.span = 0..0);
        }
        for output in &mut config.outputs {
            output.span = None;
        }
        if let Some(nested) = &mut config.nested {
            texts(&mut nested.except);
        }
        texts(&mut config.exempt);
        config.roster.iter_mut().for_each(|text| text.span = 0..0);
        config
            .min_members
            .iter_mut()
            .for_each(|min| min.span = 0..0);
        for (name, _) in &mut config.lints {
            no_place(&mut name.span);
        }
        config
    }

    /// The lists of owners and groups: of groups, rules (with those whom they notify), requirements and
    /// approvals.
    pub(crate) fn owner_lists_mut(&mut self) -> impl Iterator<Item = &mut Vec<Text>> {
        let groups = self.groups.iter_mut().map(|group| &mut group.members);
        let rules = self.rules.iter_mut();
        let rules = rules.flat_map(|rule| [&mut rule.owners, &mut rule.notify]);
        let requirements = self.requirements.iter_mut();
        let requirements = requirements.flat_map(|each| [&mut each.owners, &mut each.any_of]);
        let approvals = self.approvals.iter_mut().map(|each| &mut each.owners);
        groups.chain(rules).chain(requirements).chain(approvals)
    }
}
