//! Who is told about changes without being an owner: the key `notify` of rules.
//!
//! Nobody is asked for a review by it, and no forge knows of it. It goes with its rule: the rules that
//! decide a path also decide who is told. A rule with `notify` alone is a [`Notice`]. It leaves the owners
//! as they are, and is replaced by a later rule, as a rule with `add` is.

use std::ops::Range;
use std::sync::Arc;

use super::{LineId, RuleSet};
use crate::config::Text;
use crate::ids::Id as _;
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::text::{FileId, Location};

/// A rule that only notifies.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The file with the rule.
    pub file: FileId,
    /// The pattern as it is written.
    pub pattern: Text,
    /// The bytes from its key to the end of its value.
    pub span: Range<usize>,
    /// What its pattern expands to.
    pub patterns: Vec<Pattern>,
    /// What its `except` expands to.
    pub except: Vec<Pattern>,
    /// Who is told.
    pub notify: Arc<[Owner]>,
    /// How many rules are before it.
    pub(super) follows: usize,
}

impl Notice {
    /// How many rules are before it.
    #[must_use]
    pub fn follows(&self) -> usize {
        self.follows
    }

    /// The location of the rule: that of its pattern.
    #[must_use]
    pub fn location(&self) -> Location {
        Location {
            file: self.file,
            span: self.pattern.span.clone(),
        }
    }
}

/// Finds who is told about changes of a path.
#[derive(Debug)]
pub struct Notifier<'r> {
    rules: &'r RuleSet,
    /// The patterns of all notices, and their exceptions.
    matcher: Matcher,
    /// For each of these patterns, the notice, and whether it is an exception of it.
    notices: Vec<(usize, bool)>,
}

impl RuleSet {
    /// The rules that only notify, in document order.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Compiles the notices. `None` if no rule notifies anybody.
    #[must_use]
    pub fn notifier(&self) -> Option<Notifier<'_>> {
        self.has_notify.then(|| {
            let mut patterns = Vec::new();
            let mut notices = Vec::new();
            for (index, notice) in self.notices.iter().enumerate() {
                for (list, is_exception) in [(&notice.patterns, false), (&notice.except, true)] {
                    patterns.extend(list);
                    notices.resize(patterns.len(), (index, is_exception));
                }
            }
            Notifier {
                rules: self,
                matcher: Matcher::new(patterns),
                notices,
            }
        })
    }
}

impl Notifier<'_> {
    /// Starts a walk over paths. Sorted order is fastest.
    #[must_use]
    pub fn walk(&self) -> NotifyWalk<'_> {
        NotifyWalk {
            notifier: self,
            walk: self.matcher.walk(),
        }
    }
}

/// A walk over paths.
#[derive(Debug)]
pub struct NotifyWalk<'n> {
    notifier: &'n Notifier<'n>,
    walk: Walk<'n>,
}

impl<'n> NotifyWalk<'n> {
    /// The notices that take effect for `path`, which these lines decide: those behind the rule that
    /// replaced the owners last.
    pub fn notices(&mut self, path: &[u8], deciding: &[LineId]) -> Vec<&'n Notice> {
        let Notifier { rules, notices, .. } = self.notifier;
        let matches = self.walk.all_matches(path);
        if matches.is_empty() {
            return Vec::new();
        }
        let base = deciding.iter().find(|&&line| !rules.line_adds(line));
        let from = base.map_or(0, |&line| rules[line].rule.index() + 1);
        let of = |wanted: bool| {
            let matches = matches.iter().map(|&pattern| notices[pattern as usize]);
            matches.filter_map(move |(notice, is_exception)| {
                (is_exception == wanted).then_some(notice)
            })
        };
        let mut found: Vec<usize> = of(false).collect();
        found.dedup();
        found.retain(|&index| {
            rules.notices[index].follows >= from && !of(true).any(|other| other == index)
        });
        found.iter().map(|&index| &rules.notices[index]).collect()
    }

    /// Who is told about changes of `path`, which these lines decide. No one twice, and nobody who owns
    /// the path.
    pub fn notified(&mut self, path: &[u8], deciding: &[LineId]) -> Vec<Owner> {
        let rules = self.notifier.rules;
        let of_rules = deciding.iter().map(|&line| &rules.rule_of(line).notify);
        let notices = self.notices(path, deciding);
        let of_notices = notices.iter().map(|notice| &notice.notify);
        let mut notified: Vec<Owner> = Vec::new();
        let (owners, people) = (rules.owners_of(deciding), rules.people_of(deciding));
        for owner in of_rules.chain(of_notices).flat_map(|list| list.iter()) {
            let mut known = owners.iter().chain(&*people).chain(&notified);
            if !known.any(|each| each.is_same(owner)) {
                notified.push(owner.clone());
            }
        }
        notified
    }
}

#[cfg(test)]
mod tests {
    use crate::owner::Owner;
    use crate::project::Project;

    #[test]
    fn notify_goes_with_the_rules_that_decide() {
        let rules = r#"
            "*.md" = { notify = "@early" }
            "*" = { owners = "@core", notify = ["@any", "@core"] }
            "docs/" = { owners = "docs", notify = "@reader" }
            "docs/api/" = "docs"
            "*.rs" = { add = "@rust", notify = "@crab" }
            "{docs,src}/" = { notify = ["@watch", "@ANY"], except = "*.lock" }
            "none/" = []
        "#;
        let project = Project::from_text(&format!(
            "groups.docs = {{ team = '@o/docs', members = '@reader' }}\n[paths]\n{rules}"
        ))
        .unwrap();
        let matcher = project.rules.matcher();
        let notifier = project.rules.notifier().unwrap();
        let (mut walk, mut notify) = (matcher.walk(), notifier.walk());
        for (path, wanted) in [
            ("a", "@any"),
            // A later rule replaces the notice.
            ("a.md", "@any"),
            // Of the members of a team, the team is told by the forge.
            ("docs/a", "@watch @ANY"),
            ("docs/api/a", "@watch @ANY"),
            ("docs/a.lock", ""),
            ("src/a.rs", "@any @crab @watch"),
            ("src/a.lock", "@any"),
            ("none/a.rs", ""),
            ("none/a", ""),
        ] {
            let lines = walk.decide_each(path.as_bytes());
            let notified = notify.notified(path.as_bytes(), lines);
            assert_eq!(Owner::join(&notified), wanted, "{path}");
        }
    }

    #[test]
    fn without_owners() {
        let project = Project::from_text("[paths]\n'x' = { notify = '@a' }\n").unwrap();
        assert!(project.rules.rules().is_empty());
        let notifier = project.rules.notifier().unwrap();
        assert_eq!(notifier.walk().notified(b"x", &[]).len(), 1);
        assert_eq!(notifier.walk().notified(b"y", &[]).len(), 0);
    }
}
