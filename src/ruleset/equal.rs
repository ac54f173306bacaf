//! Lines with equal patterns. Only the last one takes effect, unless one of them adds to the other.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{LineId, RuleSet};
use crate::ids::IdVec;

/// For each line, the last line with the same pattern in its section, if that one comes later and has no
/// exceptions. Lines of rules that add are left out.
pub(crate) fn later_equals(rules: &RuleSet) -> IdVec<LineId, Option<LineId>> {
    let mut last: HashMap<_, LineId> = HashMap::with_capacity(rules.lines.len());
    let mut later = IdVec::filled(&rules.lines, None);
    for (id, line) in rules.lines.with_ids().rev() {
        if rules.line_adds(id) {
            continue;
        }
        let has_exceptions = !rules.rule_of(id).exceptions.is_empty();
        match last.entry((rules[line.rule].section, &line.pattern)) {
            // The paths that a rule excepts are decided by earlier rules.
            Entry::Vacant(_) if has_exceptions => {}
            Entry::Vacant(entry) => {
                entry.insert(id);
            }
            Entry::Occupied(entry) => later[id] = Some(*entry.get()),
        }
    }
    later
}
