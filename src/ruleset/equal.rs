//! Lines with equal patterns: of these, only the last takes effect.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{LineId, RuleSet};
use crate::ids::IdVec;

/// For each line, the last one with the same pattern, if that comes later and leaves it nothing.
pub(crate) fn later_equals(rules: &RuleSet) -> IdVec<LineId, Option<LineId>> {
    let mut last: HashMap<_, LineId> = HashMap::with_capacity(rules.lines.len());
    let mut later = IdVec::filled(&rules.lines, None);
    for (id, line) in rules.lines.with_ids().rev() {
        let leaves_something = !rules.rule_of(id).exceptions.is_empty();
        match last.entry(&line.pattern) {
            // What a rule excepts is decided by those before it.
            Entry::Vacant(_) if leaves_something => {}
            Entry::Vacant(entry) => {
                entry.insert(id);
            }
            Entry::Occupied(entry) => later[id] = Some(*entry.get()),
        }
    }
    later
}
