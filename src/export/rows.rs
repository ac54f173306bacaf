//! The paths, a line each. There may be millions, so a line is put together from pieces: all that
//! follows the path depends only on the rules that decide, and is written once for them.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;
use smallvec::SmallVec;

use crate::owner::Owner;
use crate::paths::{PathId, PathSet};
use crate::project::Project;
use crate::ruleset::survey::Survey;
use crate::ruleset::{
    ApprovalMatcher, LineId, Needed, Notice, NotifyWalk, RuleMatcher, RuleSet, section_heading,
};
use crate::text::{FileId, escaped};

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON object in each line.
    Ndjson,
    /// A header, and a row for each path.
    Csv,
}

/// Writes the paths of a project.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'r> {
    /// The rules that decide.
    pub project: &'r Project,
    /// The paths to write, in their order.
    pub paths: &'r PathSet,
    /// The name that is in each line.
    pub repository: Option<&'r str>,
    /// How a line is written.
    pub form: Form,
}

/// What is known of a path.
struct Found<'w> {
    lines: &'w [LineId],
    notices: Vec<&'w Notice>,
    is_exempt: bool,
    needed: Vec<Needed>,
}

/// What all lines with the same end have in common: the lines that decide, the notices that take effect,
/// whether the path is exempt, and the approvals that it needs.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Alike {
    lines: SmallVec<[LineId; 2]>,
    notices: SmallVec<[(FileId, usize); 2]>,
    is_exempt: bool,
    needed: Vec<Needed>,
}

fn place_of(notice: &&Notice) -> (FileId, usize) {
    (notice.file, notice.pattern.span.start)
}

impl Alike {
    fn new(found: Found<'_>) -> Self {
        Alike {
            lines: SmallVec::from_slice(found.lines),
            notices: found.notices.iter().map(place_of).collect(),
            is_exempt: found.is_exempt,
            needed: found.needed,
        }
    }

    fn is_of(&self, found: &Found<'_>) -> bool {
        *self.lines == *found.lines
            && self.is_exempt == found.is_exempt
            && self.needed == found.needed
            && self
                .notices
                .iter()
                .copied()
                .eq(found.notices.iter().map(place_of))
    }
}

/// The ends of lines, each written once.
#[derive(Default)]
struct Ends {
    texts: Vec<Vec<u8>>,
    known: FxHashMap<Alike, usize>,
    /// The one of the path before. Most paths have the same.
    last: Option<(Alike, usize)>,
}

impl Ends {
    /// The end of the line of a path.
    fn of(&mut self, found: Found<'_>, write: impl FnOnce(&Alike) -> Vec<u8>) -> &[u8] {
        let last = self.last.as_ref().filter(|(alike, _)| alike.is_of(&found));
        let end = match last {
            Some(&(_, end)) => end,
            None => {
                let alike = Alike::new(found);
                let end = *self.known.entry(alike.clone()).or_insert_with_key(|alike| {
                    self.texts.push(write(alike));
                    self.texts.len() - 1
                });
                self.last = Some((alike, end));
                end
            }
        };
        &self.texts[end]
    }
}

/// All of a JSON line but the path, which is before it.
#[derive(Serialize)]
struct JsonRow<'r> {
    state: &'static str,
    exempt: bool,
    owners: &'r [Owner],
    groups: Vec<&'r str>,
    rule: Option<&'r str>,
    pattern: Option<&'r str>,
    more_rules: &'r [String],
    notify: &'r [Owner],
    /// Only if the configuration has approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    approvals: Option<Vec<JsonApproval<'r>>>,
}

/// An approval that a path needs.
#[derive(Serialize)]
struct JsonApproval<'r> {
    name: &'r str,
    count: usize,
    optional: bool,
    owners: &'r [Owner],
}

impl Rows<'_> {
    /// Writes them.
    ///
    /// # Errors
    ///
    /// If `out` fails.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let rules = &self.project.rules;
        let matcher = rules.matcher();
        let exempt = Exempt::new(&matcher, self.paths);
        let notifier = rules.notifier();
        let mut notify = notifier.as_ref().map(|notifier| notifier.walk());
        let approvals = rules.approval_matcher();
        let mut approvals = approvals.as_ref().map(ApprovalMatcher::walk);
        let mut walk = matcher.walk();
        let mut ends = Ends::default();
        let start = self.start();
        let mut row = Vec::new();
        if self.form == Form::Csv {
            out.write_all(self.header().as_bytes())?;
        }
        for (id, path) in self.paths.with_ids() {
            let lines = walk.decide_each(path);
            let found = Found {
                lines,
                notices: (notify.as_mut()).map_or_else(Vec::new, |walk| walk.notices(path, lines)),
                is_exempt: lines.is_empty() && exempt.has(id),
                needed: (approvals.as_mut()).map_or_else(Vec::new, |walk| walk.needed(path)),
            };
            let end = ends.of(found, |alike| self.end(alike, notify.as_mut(), path));
            row.clear();
            row.extend_from_slice(&start);
            match self.form {
                Form::Ndjson => push_json_path(&mut row, path)?,
                Form::Csv => push_csv_path(&mut row, path),
            }
            row.extend_from_slice(end);
            out.write_all(&row)?;
        }
        Ok(())
    }

    /// What a line has before the path.
    fn start(&self) -> Vec<u8> {
        match (self.form, self.repository) {
            (Form::Ndjson, None) => b"{".to_vec(),
            (Form::Ndjson, Some(name)) => {
                let name = serde_json::Value::from(name);
                format!("{{\"repository\":{name},").into_bytes()
            }
            (Form::Csv, None) => Vec::new(),
            (Form::Csv, Some(name)) => [csv(&escaped(name.as_bytes())), ",".into()]
                .concat()
                .into_bytes(),
        }
    }

    fn header(&self) -> String {
        let repository = self.repository.map_or("", |_| "repository,");
        let approvals = match self.project.rules.approvals().is_empty() {
            true => "",
            false => ",approvals",
        };
        format!(
            "{repository}path,state,exempt,owners,groups,rule,pattern,more_rules,notify{approvals}\n"
        )
    }

    /// What a line has behind the path.
    fn end(&self, alike: &Alike, notify: Option<&mut NotifyWalk<'_>>, path: &[u8]) -> Vec<u8> {
        let rules = &self.project.rules;
        let lines = &*alike.lines;
        let owners = rules.owners_of(lines);
        let notify = notify.map_or_else(Vec::new, |walk| walk.notified(path, lines));
        let places: Vec<String> = lines.iter().map(|&line| self.place(line)).collect();
        let (rule, more_rules) = match places.split_first() {
            Some((rule, more)) => (Some(rule.as_str()), more),
            None => (None, &[][..]),
        };
        let row = JsonRow {
            state: rules.ownership(rules.first_owning(lines)).state(),
            exempt: alike.is_exempt,
            owners: &owners,
            groups: groups(rules, lines),
            rule,
            pattern: (lines.first()).map(|&line| rules.rule_of(line).pattern.value.as_str()),
            more_rules,
            notify: &notify,
            approvals: self.approvals(&alike.needed),
        };
        match self.form {
            Form::Ndjson => {
                // All of it is text, so it can be written.
                let mut end = serde_json::to_vec(&row).unwrap_or_default();
                end[0] = b',';
                end.push(b'\n');
                end
            }
            Form::Csv => row.csv().into_bytes(),
        }
    }

    /// What a row says of approvals. `None` if the configuration has none.
    fn approvals<'r>(&'r self, needed: &[Needed]) -> Option<Vec<JsonApproval<'r>>> {
        let rules = &self.project.rules;
        let approval = |&each: &Needed| JsonApproval {
            name: &rules[each.approval].name,
            count: rules[each.approval].count,
            optional: rules[each.approval].is_optional,
            owners: rules.approvers(each),
        };
        (!rules.approvals().is_empty()).then(|| needed.iter().map(approval).collect())
    }

    /// `file:line` of the rule of a line.
    fn place(&self, line: LineId) -> String {
        let rule = self.project.rules.rule_of(line);
        let source = &self.project.sources[rule.file];
        format!("{}:{}", source.name, source.line(rule.pattern.span.start).0)
    }
}

/// The groups of the rules of these lines, each name once.
fn groups<'r>(rules: &'r RuleSet, lines: &[LineId]) -> Vec<&'r str> {
    let mut names: Vec<&str> = Vec::new();
    for &line in lines {
        for group in rules.groups_of(rules.rule_of(line)) {
            if !names.contains(&rules[group].name.as_str()) {
                names.push(&rules[group].name);
            }
        }
    }
    names
}

impl JsonRow<'_> {
    fn csv(&self) -> String {
        let text = |text: Option<&str>| escaped(text.unwrap_or_default().as_bytes());
        let fields = [
            self.state.to_string(),
            self.exempt.to_string(),
            escaped(Owner::join(self.owners).as_bytes()),
            self.groups.join(" "),
            text(self.rule),
            text(self.pattern),
            escaped(self.more_rules.join(" ").as_bytes()),
            escaped(Owner::join(self.notify).as_bytes()),
        ];
        let approvals = self.approvals.as_ref().map(|approvals| {
            let shown = approvals.iter().map(JsonApproval::heading);
            escaped(shown.collect::<Vec<_>>().join(" ").as_bytes())
        });
        let fields = fields.into_iter().chain(approvals);
        let fields = fields.map(|field| [",", &csv(&field)].concat());
        fields.chain(["\n".to_string()]).collect()
    }
}

impl JsonApproval<'_> {
    /// The approval in a column: `[Name][2]`, or `^[Name]` if it is optional.
    fn heading(&self) -> String {
        section_heading(self.name, self.count, self.optional)
    }
}

/// The unowned paths that are exempt.
struct Exempt(Option<Survey>);

impl Exempt {
    fn new(matcher: &RuleMatcher<'_>, paths: &PathSet) -> Self {
        let has_exemptions = !matcher.rules().exemptions().is_empty();
        Exempt(has_exemptions.then(|| Survey::new(matcher, paths)))
    }

    /// Whether an unowned path is exempt.
    fn has(&self, id: PathId) -> bool {
        let survey = self.0.as_ref();
        survey.is_some_and(|survey| survey.unowned.binary_search(&id).is_err())
    }
}

/// Whether a path needs no escapes. Without an early exit, the compiler vectorizes this.
fn is_plain(path: &[u8]) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & (byte != b'"') & (byte != b'\\');
    path.iter().fold(true, |all, &byte| all & is_plain(byte))
}

fn push_json_path(row: &mut Vec<u8>, path: &[u8]) -> io::Result<()> {
    row.extend_from_slice(b"\"path\":");
    if is_plain(path) {
        row.push(b'"');
        row.extend_from_slice(path);
        row.push(b'"');
        return Ok(());
    }
    match str::from_utf8(path) {
        Ok(path) => serde_json::to_writer(&mut *row, path)?,
        Err(_) => {
            serde_json::to_writer(&mut *row, &escaped(path))?;
            row.extend_from_slice(b",\"path_bytes\":");
            serde_json::to_writer(&mut *row, path)?;
        }
    }
    Ok(())
}

fn push_csv_path(row: &mut Vec<u8>, path: &[u8]) {
    let is_bare = path.trim_ascii() == path && memchr::memchr(b',', path).is_none();
    if is_bare && is_plain(path) {
        row.extend_from_slice(path);
    } else {
        row.extend_from_slice(csv(&escaped(path)).as_bytes());
    }
}

/// A field of CSV, in quotes if it needs them.
fn csv(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) || field.trim() != field {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_csv() {
        for (field, expected) in [
            ("a/b c", "a/b c"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            (" a", "\" a\""),
        ] {
            assert_eq!(csv(field), expected);
            let mut row = Vec::new();
            push_csv_path(&mut row, field.as_bytes());
            assert_eq!(String::from_utf8(row).unwrap(), expected);
        }
    }
}
