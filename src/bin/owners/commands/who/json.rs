//! The JSON of `owners who`, which docs/json.md documents.

use std::borrow::Cow;

use owners::Id as _;
use owners::Owner;
use owners::Project;
use owners::ruleset::{LineId, Needed, RuleSet};
use serde::Serialize;

use crate::report::json_path::JsonPath;

/// A path. The whole output is `{"version":1,"paths":[…]}`.
#[derive(Serialize)]
pub(super) struct JsonAnswer<'a> {
    #[serde(flatten)]
    pub(super) path: JsonPath<'a>,
    pub(super) state: &'static str,
    pub(super) owners: Cow<'a, [Owner]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notify: Vec<Owner>,
    pub(super) rule: Option<JsonRule<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) more_rules: Vec<JsonRule<'a>>,
    /// With `--explain`, if the configuration has approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) approvals: Option<Vec<JsonApproval<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) overrides: Option<Vec<JsonRule<'a>>>,
}

/// A directory, with the owners of the tracked paths in it.
#[derive(Serialize)]
pub(super) struct JsonDirectory<'a> {
    #[serde(flatten)]
    pub(super) path: JsonPath<'a>,
    pub(super) below: Vec<JsonBelow<'a>>,
}

#[derive(Serialize)]
pub(super) struct JsonBelow<'a> {
    pub(super) state: &'static str,
    pub(super) owners: Cow<'a, [Owner]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notify: Vec<Owner>,
    /// With `--explain`, if the configuration has approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) approvals: Option<Vec<JsonApproval<'a>>>,
    pub(super) paths: usize,
}

#[derive(Serialize)]
pub(super) struct JsonRule<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) pattern: &'a str,
    pub(super) expanded: String,
    pub(super) alternatives: Vec<&'a str>,
    pub(super) groups: Vec<&'a str>,
    /// Whether the rule adds to the owners that earlier rules give.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) adds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) section: Option<&'a str>,
}

/// An approval that a path needs.
#[derive(Serialize)]
pub(super) struct JsonApproval<'a> {
    pub(super) name: &'a str,
    pub(super) count: usize,
    pub(super) optional: bool,
    pub(super) owners: &'a [Owner],
    pub(super) rule: JsonRule<'a>,
}

impl<'a> JsonApproval<'a> {
    pub(super) fn new(project: &'a Project, needed: Needed, members: bool) -> Self {
        let approval = &project.rules[needed.approval];
        let rule = approval.rules.rule_of(needed.line);
        JsonApproval {
            name: &approval.name,
            count: approval.count,
            optional: approval.is_optional,
            owners: match members {
                true => &rule.people,
                false => &rule.owners,
            },
            rule: JsonRule::of(&approval.rules, project, needed.line),
        }
    }
}

/// The section of a line, if it is in a section with a name.
pub(crate) fn section(project: &Project, line: LineId) -> Option<&str> {
    let file = &project.codeowners.as_ref()?.file;
    let section = &file.sections[project.rules.section_of(line).index()];
    (!section.name.is_empty()).then_some(section.name.as_str())
}

impl<'a> JsonRule<'a> {
    pub(super) fn new(project: &'a Project, line: LineId) -> Self {
        JsonRule {
            section: section(project, line),
            ..JsonRule::of(&project.rules, project, line)
        }
    }

    /// A rule of some of the rules of the project.
    fn of(rules: &'a RuleSet, project: &'a Project, line: LineId) -> Self {
        let rule = rules.rule_of(line);
        let source = &project.sources[rule.file];
        let (row, column) = source.line_column(rule.pattern.span.start);
        let alternatives = rules.alternative_locations(line, &project.sources);
        JsonRule {
            file: &source.name,
            line: row,
            column,
            pattern: &rule.pattern.value,
            expanded: rules[line].pattern.to_string(),
            alternatives: alternatives
                .into_iter()
                .map(|location| &source.text[location.span])
                .collect(),
            groups: (rule.groups.iter())
                .map(|&group| rules[group].name.as_str())
                .collect(),
            adds: rule.adds(),
            section: None,
        }
    }
}
