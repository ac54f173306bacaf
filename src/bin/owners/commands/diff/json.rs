//! The JSON of `owners diff`, which docs/json.md documents.

use std::io::{self, Write};

use owners::Owner;
use owners::reports::diff::{
    Answer, Change, Comparison, GroupChange, Kind, RequirementChange, RuleChange,
};
use serde::Serialize;

use super::show::Shown;
use crate::report::json_path::{JsonPath, escaped_only_if_needed};

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;

impl Shown<'_> {
    pub(super) fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let Comparison {
            requirements,
            approvals,
            groups,
            rules,
            is_reordered,
            changes,
        } = self.comparison;
        let document = Document {
            version: VERSION,
            from: self.from,
            to: self.to,
            requirements: requirements.iter().map(JsonRequirement::new).collect(),
            approvals: approvals.iter().map(JsonRequirement::new).collect(),
            groups: groups.iter().map(JsonGroup::new).collect(),
            rules: rules.iter().map(JsonRule::new).collect(),
            reordered: *is_reordered,
            changes: changes.iter().map(JsonChange::new).collect(),
            summary: Summary {
                other_owners: self.changed(),
                changed: self.count(Kind::Changed),
                moved: self.count(Kind::Moved),
                new: self.count(Kind::New),
                gone: self.count(Kind::Gone),
            },
        };
        serde_json::to_writer(&mut *out, &document)?;
        writeln!(out)
    }
}

#[derive(Serialize)]
struct Document<'c> {
    version: u32,
    from: &'c str,
    to: &'c str,
    requirements: Vec<JsonRequirement<'c>>,
    /// Only if there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    approvals: Vec<JsonRequirement<'c>>,
    groups: Vec<JsonGroup<'c>>,
    rules: Vec<JsonRule<'c>>,
    reordered: bool,
    changes: Vec<JsonChange<'c>>,
    summary: Summary,
}

#[derive(Serialize)]
struct JsonRequirement<'c> {
    before: Option<&'c str>,
    after: Option<&'c str>,
}

impl<'c> JsonRequirement<'c> {
    fn new(requirement: &'c RequirementChange) -> Self {
        JsonRequirement {
            before: requirement.before.as_deref(),
            after: requirement.after.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct JsonGroup<'c> {
    change: &'static str,
    name: &'c str,
    file: &'c str,
    added: Vec<&'c str>,
    removed: Vec<&'c str>,
    added_members: Vec<&'c str>,
    removed_members: Vec<&'c str>,
    paths: usize,
}

impl<'c> JsonGroup<'c> {
    fn new(group: &'c GroupChange) -> Self {
        JsonGroup {
            change: group.kind.name(),
            name: &group.name,
            file: &group.file,
            added: names(&group.owners.added),
            removed: names(&group.owners.removed),
            added_members: names(&group.people.added),
            removed_members: names(&group.people.removed),
            paths: group.paths,
        }
    }
}

#[derive(Serialize)]
struct JsonRule<'c> {
    file: &'c str,
    before: Option<&'c str>,
    after: Option<&'c str>,
}

impl<'c> JsonRule<'c> {
    fn new(rule: &'c RuleChange) -> Self {
        JsonRule {
            file: &rule.file,
            before: rule.before.as_deref(),
            after: rule.after.as_deref(),
        }
    }
}

fn names(owners: &[Owner]) -> Vec<&str> {
    owners.iter().map(Owner::as_str).collect()
}

#[derive(Serialize)]
struct JsonChange<'c> {
    change: &'static str,
    #[serde(flatten)]
    path: JsonPath<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<std::borrow::Cow<'c, str>>,
    paths: usize,
    before: Option<JsonAnswer<'c>>,
    after: Option<JsonAnswer<'c>>,
}

#[derive(Serialize)]
struct JsonAnswer<'c> {
    state: &'static str,
    owners: Vec<&'c str>,
}

#[derive(Serialize)]
struct Summary {
    other_owners: usize,
    changed: usize,
    moved: usize,
    new: usize,
    gone: usize,
}

impl<'c> JsonChange<'c> {
    fn new(change: &'c Change) -> Self {
        let answer = |answer: &'c Option<Answer>| {
            answer.as_ref().map(|answer| JsonAnswer {
                state: answer.state(),
                owners: answer.owners().iter().map(Owner::as_str).collect(),
            })
        };
        let from = change.from.as_deref();
        JsonChange {
            change: change.kind.name(),
            path: JsonPath::new(&change.path),
            from: from
                .map(|from| escaped_only_if_needed(if from.is_empty() { b"./" } else { from })),
            paths: change.paths,
            before: answer(&change.before),
            after: answer(&change.after),
        }
    }
}
