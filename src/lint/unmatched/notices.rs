//! The patterns of rules that only notify.
//!
//! These rules are not among those that decide who owns a path, so the survey knows nothing of them.

use super::{Finder, Role, Whole};
use crate::lint::directory_of;
use crate::matcher::Matcher;

impl Finder<'_, '_> {
    /// Reports the patterns of rules that only notify, or their alternatives, that match no tracked path.
    pub(super) fn check_notices(&mut self) {
        let context = self.context;
        let notices = context.project.rules.notices();
        if notices.is_empty() {
            return;
        }
        let matcher = Matcher::new(notices.iter().flat_map(|notice| &notice.patterns));
        let mut walk = matcher.walk();
        let mut is_live = vec![false; matcher.len()];
        for path in context.facts.paths.iter() {
            for pattern in walk.all_matches(path) {
                is_live[pattern as usize] = true;
            }
        }
        let mut is_live = is_live.into_iter();
        for notice in notices {
            let whole = Whole {
                role: Role::Notice,
                file: notice.file,
                text: &notice.pattern,
                directory: directory_of(context.project, notice.file),
                patterns: notice.patterns.iter().collect(),
                is_live: is_live.by_ref().take(notice.patterns.len()).collect(),
            };
            self.check_entry(&whole);
        }
    }
}
