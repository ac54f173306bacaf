//! Lines with equal patterns: of these, only the last takes effect.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::RuleSet;

/// For each line, the last one with the same pattern, if that comes later and leaves it nothing.
pub(crate) fn later_equals(rules: &RuleSet) -> Vec<Option<u32>> {
    let mut last: HashMap<_, u32> = HashMap::with_capacity(rules.lines.len());
    let mut later = vec![None; rules.lines.len()];
    for (index, line) in rules.lines.iter().enumerate().rev() {
        let leaves_something = !rules.rule_of(index as u32).exceptions.is_empty();
        match last.entry(&line.pattern) {
            // What a rule excepts is decided by those before it.
            Entry::Vacant(_) if leaves_something => {}
            Entry::Vacant(entry) => {
                entry.insert(index as u32);
            }
            Entry::Occupied(entry) => later[index] = Some(*entry.get()),
        }
    }
    later
}
