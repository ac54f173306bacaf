//! Where each owner of a configuration is named, for the lints about owners that a forge was asked
//! about.

use rustc_hash::FxHashMap;

use super::{Context, near_duplicate_owner};
use crate::owner::Owner;
use crate::text::{Diagnostic, Location};

/// The most places of an owner that are shown.
const MAX_SHOWN: usize = 5;

/// An owner with every place that names it, in the order of the files.
pub(super) struct NamedOwner {
    pub(super) owner: Owner,
    places: Vec<Location>,
}

impl NamedOwner {
    /// Points a diagnostic at the places.
    pub(super) fn point(&self, mut diagnostic: Diagnostic, label: &str) -> Diagnostic {
        for (index, place) in self.places.iter().take(MAX_SHOWN).enumerate() {
            let label = if index == 0 { label } else { "and here" };
            diagnostic = diagnostic.at(place.file, place.span.clone(), label);
        }
        match self.places.len().saturating_sub(MAX_SHOWN) {
            0 => diagnostic,
            more => diagnostic.note(format!("named in {more} more places")),
        }
    }
}

/// The owners of a configuration, in the order in which they are first named.
pub(super) fn owners(context: &Context<'_>) -> Vec<NamedOwner> {
    let project = context.project;
    let mut found = Found::default();
    if project.codeowners.is_some() {
        for rule in project.rules.rules() {
            for owner in rule.owners.iter() {
                let name = owner.as_str();
                found.add(name, near_duplicate_owner::in_line(project, rule, name));
            }
        }
    }
    for config in std::iter::once(&project.config).chain(&project.nested) {
        let groups = config.groups.iter();
        let of_groups = groups.flat_map(|group| group.team.iter().chain(&group.members));
        let all = of_groups.chain(config.named_owners());
        let all = all.chain(config.notified());
        let mut texts: Vec<_> = all.filter(|text| text.value.contains('@')).collect();
        texts.sort_unstable_by_key(|text| text.span.start);
        for text in texts {
            let place = Location {
                file: config.file,
                span: text.span.clone(),
            };
            found.add(&text.value, place);
        }
    }
    found.owners
}

#[derive(Default)]
struct Found {
    owners: Vec<NamedOwner>,
    indices: FxHashMap<String, usize>,
}

impl Found {
    fn add(&mut self, name: &str, place: Location) {
        let owner = Owner::unchecked(name);
        let next = self.owners.len();
        let index = *self.indices.entry(owner.folded()).or_insert(next);
        if index == next {
            self.owners.push(NamedOwner {
                owner,
                places: Vec::new(),
            });
        }
        self.owners[index].places.push(place);
    }
}
