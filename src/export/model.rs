//! The model: groups, rules, requirements and outputs, resolved and in order, as JSON.

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};

use crate::config::{Group, Table, Value};
use crate::ids::Id as _;
use crate::owner::Owner;
use crate::project::Project;
use crate::ruleset::requirements::{RequiredPattern, Requirement};
use crate::ruleset::{Approval, GroupId, Notice, ResolvedGroup, Rule, RuleSet};
use crate::text::{FileId, Location};

/// Increased if a key changes its meaning or is removed.
const VERSION: u32 = 1;

/// A configuration, or a CODEOWNERS file, resolved. What it serializes to is what `owners export`
/// prints.
#[derive(Serialize)]
pub struct Model<'m> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'m str>,
    /// What the rules were read from.
    source: &'static str,
    files: Vec<&'m str>,
    outputs: Vec<JsonOutput<'m>>,
    groups: Vec<JsonGroup<'m>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sections: Vec<JsonSection<'m>>,
    rules: Vec<JsonRule<'m>>,
    notices: Vec<JsonNotice<'m>>,
    requirements: Vec<JsonRequirement<'m>>,
    /// Only if there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    approvals: Vec<JsonApproval<'m>>,
    exemptions: Vec<JsonExemption<'m>>,
}

/// Where something is written. It is flattened into its object.
#[derive(Serialize)]
struct Place<'m> {
    file: &'m str,
    line: usize,
    column: usize,
}

/// A CODEOWNERS file that a forge reads.
#[derive(Serialize)]
struct JsonOutput<'m> {
    platform: &'static str,
    file: &'m str,
    /// Whether `owners gen` writes it.
    generated: bool,
}

#[derive(Serialize)]
struct JsonGroup<'m> {
    name: &'m str,
    #[serde(flatten)]
    place: Place<'m>,
    team: Option<&'m str>,
    select: Option<&'m str>,
    /// As they are written.
    members: Vec<&'m str>,
    owners: &'m [Owner],
    people: &'m [Owner],
    /// The groups in it.
    groups: Vec<&'m str>,
    used: bool,
    description: Option<&'m str>,
    contact: Option<&'m str>,
    #[serde(serialize_with = "table")]
    meta: &'m Table,
}

/// A section of a CODEOWNERS file for GitLab.
#[derive(Serialize)]
struct JsonSection<'m> {
    name: &'m str,
    /// The lines of its headings.
    lines: &'m [usize],
    optional: bool,
    approvals: usize,
}

/// What a rule of `[paths]` and one of an approval have in common.
#[derive(Serialize)]
struct JsonRuleCore<'m> {
    #[serde(flatten)]
    place: Place<'m>,
    pattern: &'m str,
    /// What the pattern expands to, in normal form.
    lines: Vec<String>,
    except: Vec<&'m str>,
    /// What `except` expands to.
    except_lines: Vec<String>,
    owners: &'m [Owner],
    people: &'m [Owner],
    groups: Vec<&'m str>,
}

#[derive(Serialize)]
struct JsonRule<'m> {
    #[serde(flatten)]
    core: JsonRuleCore<'m>,
    adds: bool,
    notify: &'m [Owner],
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'m str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    excludes: bool,
}

/// A rule that only notifies.
#[derive(Serialize)]
struct JsonNotice<'m> {
    #[serde(flatten)]
    place: Place<'m>,
    pattern: &'m str,
    lines: Vec<String>,
    /// What `except` expands to.
    except: Vec<String>,
    notify: &'m [Owner],
}

#[derive(Serialize)]
struct JsonRequirement<'m> {
    #[serde(flatten)]
    place: Place<'m>,
    /// As they are written.
    paths: Vec<&'m str>,
    lines: Vec<String>,
    except: Vec<&'m str>,
    except_lines: Vec<String>,
    owners: &'m [Owner],
    any_of: &'m [Owner],
    min_owners: usize,
    groups: Vec<&'m str>,
    reason: Option<&'m str>,
}

/// An approval: all entries with its name.
#[derive(Serialize)]
struct JsonApproval<'m> {
    /// That of the first entry.
    #[serde(flatten)]
    place: Place<'m>,
    name: &'m str,
    count: usize,
    optional: bool,
    /// One for each of the paths of its entries. The last one that matches decides.
    rules: Vec<JsonRuleCore<'m>>,
}

impl<'m> JsonApproval<'m> {
    fn new(project: &'m Project, approval: &'m Approval) -> Self {
        let rules = &approval.rules;
        let rule = |rule| JsonRuleCore::new(project, rules, rule);
        JsonApproval {
            place: Place::new(project, &approval.location()),
            name: &approval.name,
            count: approval.count,
            optional: approval.is_optional,
            rules: rules.rules().iter().map(rule).collect(),
        }
    }
}

/// An entry of `[check] exempt`.
#[derive(Serialize)]
struct JsonExemption<'m> {
    #[serde(flatten)]
    place: Place<'m>,
    pattern: &'m str,
    lines: Vec<String>,
}

impl<'m> Model<'m> {
    /// The model of a configuration, or of a CODEOWNERS file. `repository` is the name that the caller
    /// gives it, and `commit` the hash of the commit that the project is from.
    #[must_use]
    pub fn new(project: &'m Project, repository: Option<&'m str>, commit: Option<&'m str>) -> Self {
        let rules = &project.rules;
        let written = written_groups(project);
        let sections = project.codeowners.as_ref();
        let sections = sections.map_or(&[][..], |codeowners| &codeowners.file.sections);
        Model {
            version: VERSION,
            repository,
            commit,
            source: match project.codeowners {
                Some(_) => "codeowners",
                None => "owners.toml",
            },
            files: (project.sources.iter())
                .map(|(_, source)| source.name.as_str())
                .collect(),
            outputs: outputs(project),
            groups: (rules.groups().iter())
                .map(|group| JsonGroup::new(project, &written, group))
                .collect(),
            sections: (sections.iter().filter(|section| !section.name.is_empty()))
                .map(|section| JsonSection {
                    name: &section.name,
                    lines: &section.headings,
                    optional: section.is_optional,
                    approvals: section.approvals,
                })
                .collect(),
            rules: (rules.rules().iter())
                .map(|rule| JsonRule::new(project, rule))
                .collect(),
            notices: (rules.notices().iter())
                .map(|notice| JsonNotice::new(project, notice))
                .collect(),
            requirements: (rules.requirements().iter())
                .map(|each| JsonRequirement::new(project, each))
                .collect(),
            approvals: (rules.approvals().iter())
                .map(|each| JsonApproval::new(project, each))
                .collect(),
            exemptions: (rules.exemptions().iter())
                .map(|each| JsonExemption {
                    place: Place::new(project, &each.location),
                    pattern: &each.text,
                    lines: each.patterns.iter().map(ToString::to_string).collect(),
                })
                .collect(),
        }
    }
}

impl<'m> Place<'m> {
    fn new(project: &'m Project, location: &Location) -> Self {
        let source = &project.sources[location.file];
        let (line, column) = source.line_column(location.span.start);
        Place {
            file: &source.name,
            line,
            column,
        }
    }
}

fn outputs(project: &Project) -> Vec<JsonOutput<'_>> {
    if let Some(codeowners) = &project.codeowners {
        return vec![JsonOutput {
            platform: codeowners.forge.name,
            file: &project.sources[FileId::ROOT].name,
            generated: false,
        }];
    }
    let outputs = project.config.outputs.iter().map(|output| JsonOutput {
        platform: output.forge.name,
        file: &output.file,
        generated: true,
    });
    outputs.collect()
}

/// The groups as they are written, by the place of their name.
fn written_groups(project: &Project) -> FxHashMap<(FileId, usize), &Group> {
    let configs = [&project.config].into_iter().chain(&project.nested);
    let groups = configs.flat_map(|config| {
        let groups = config.groups.iter();
        groups.map(|group| ((config.file, group.name.span.start), group))
    });
    groups.collect()
}

impl<'m> JsonGroup<'m> {
    fn new(
        project: &'m Project,
        written: &FxHashMap<(FileId, usize), &'m Group>,
        group: &'m ResolvedGroup,
    ) -> Self {
        static NO_META: Table = Table::new();
        let place = (group.location.file, group.location.span.start);
        let written = written.get(&place).copied();
        let members = written.map_or(&[][..], |written| &written.members);
        JsonGroup {
            name: &group.name,
            place: Place::new(project, &group.location),
            team: written.and_then(|written| written.team.as_ref().map(|team| &*team.value)),
            select: written.and_then(|written| written.select.as_ref().map(|text| &*text.value)),
            members: members.iter().map(|member| &*member.value).collect(),
            owners: &group.owners,
            people: &group.people,
            groups: names(&project.rules, &group.groups),
            used: group.is_used,
            description: group.description.as_deref(),
            contact: group.contact.as_deref(),
            meta: written.map_or(&NO_META, |written| &written.meta),
        }
    }
}

fn names<'m>(rules: &'m RuleSet, groups: &[GroupId]) -> Vec<&'m str> {
    groups.iter().map(|&group| &*rules[group].name).collect()
}

impl<'m> JsonRuleCore<'m> {
    /// A rule of `rules`: those of the project, or of one of its approvals.
    fn new(project: &'m Project, rules: &'m RuleSet, rule: &'m Rule) -> Self {
        JsonRuleCore {
            place: Place::new(project, &rule.location()),
            pattern: &rule.pattern.value,
            lines: (rule.lines.into_iter())
                .map(|line| rules[line].pattern.to_string())
                .collect(),
            except: rule.except.iter().map(|entry| &*entry.value).collect(),
            except_lines: (rule.exceptions.into_iter())
                .map(|exception| rules[exception].pattern.to_string())
                .collect(),
            owners: &rule.owners,
            people: &rule.people,
            groups: names(&project.rules, &rule.groups),
        }
    }
}

impl<'m> JsonRule<'m> {
    fn new(project: &'m Project, rule: &'m Rule) -> Self {
        JsonRule {
            core: JsonRuleCore::new(project, &project.rules, rule),
            adds: rule.adds(),
            notify: &rule.notify,
            section: project.codeowners.as_ref().and_then(|codeowners| {
                let name = &codeowners.file.sections[rule.section.index()].name;
                (!name.is_empty()).then_some(name.as_str())
            }),
            excludes: rule.is_exclusion,
        }
    }
}

impl<'m> JsonNotice<'m> {
    fn new(project: &'m Project, notice: &'m Notice) -> Self {
        JsonNotice {
            place: Place::new(project, &notice.location()),
            pattern: &notice.pattern.value,
            lines: notice.patterns.iter().map(ToString::to_string).collect(),
            except: notice.except.iter().map(ToString::to_string).collect(),
            notify: &notice.notify,
        }
    }
}

impl<'m> JsonRequirement<'m> {
    fn new(project: &'m Project, each: &'m Requirement) -> Self {
        let expanded = |patterns: &[RequiredPattern]| {
            let patterns = patterns.iter();
            patterns.map(|each| each.pattern.to_string()).collect()
        };
        JsonRequirement {
            place: Place::new(project, &each.location),
            paths: each.entry.paths.iter().map(|text| &*text.value).collect(),
            lines: expanded(&each.patterns),
            except: each.entry.except.iter().map(|text| &*text.value).collect(),
            except_lines: expanded(&each.except),
            owners: &each.owners,
            any_of: &each.any_of,
            min_owners: each.min_owners,
            groups: names(&project.rules, &each.groups),
            reason: each.entry.reason.as_ref().map(|reason| &*reason.value),
        }
    }
}

/// A table of TOML as an object.
fn table<S: Serializer>(table: &Table, serializer: S) -> Result<S::Ok, S::Error> {
    let entries = table.iter().map(|(key, value)| (key, Toml(value)));
    serializer.collect_map(entries)
}

/// A value of TOML. JSON has neither dates nor infinite numbers: they are strings, as TOML writes them.
struct Toml<'m>(&'m Value);

impl Serialize for Toml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) | Value::Datetime(text) => serializer.serialize_str(text),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) if number.0.is_nan() => serializer.serialize_str("nan"),
            Value::Float(number) if number.0.is_infinite() => {
                serializer.serialize_str(if number.0 > 0.0 { "inf" } else { "-inf" })
            }
            Value::Float(number) => serializer.serialize_f64(number.0),
            Value::Boolean(value) => serializer.serialize_bool(*value),
            Value::Array(items) => serializer.collect_seq(items.iter().map(Toml)),
            Value::Table(entries) => table(entries, serializer),
        }
    }
}
