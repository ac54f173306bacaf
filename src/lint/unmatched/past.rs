//! What became of paths that an earlier commit had: evidence that a pattern is not misspelled, but
//! that its files were moved or deleted.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::lint::unmatched::names::{Meant, Missing, literals};
use crate::paths::Rename;
use crate::pattern::Pattern;

/// An earlier commit, as far as patterns without a match need it.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// What to call the commit in messages, such as `HEAD`.
    pub name: String,
    /// The files and directories that existed in it, among those that
    /// [`missing_paths`](super::missing_paths) returns.
    pub existed: FxHashSet<Vec<u8>>,
    /// The files that were renamed since then.
    pub renames: Vec<Rename>,
}

impl Past {
    /// Where the files of a missing path are now, if they were moved together. Most of them must
    /// be in one place.
    pub(super) fn moved(&self, missing: &Missing<'_>, pattern: &Pattern) -> Option<Meant> {
        let path = missing.path();
        // For each new place, the number of files in it.
        let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut count = 0;
        for Rename { old, new } in &self.renames {
            let Some(rest) = old.strip_prefix(&path[..]) else {
                continue;
            };
            if !rest.is_empty() && !rest.starts_with(b"/") {
                continue;
            }
            count += 1;
            if let Some(place) = new.strip_suffix(rest).filter(|place| !place.is_empty()) {
                *places.entry(place).or_default() += 1;
            }
        }
        let (place, _) = places.into_iter().find(|(_, files)| files * 2 > count)?;
        let names = literals(pattern);
        let steps = missing.step + 1;
        Some(Meant {
            steps,
            from: names[..steps].join("/"),
            to: String::from_utf8(place.to_vec()).ok()?,
        })
    }
}
