//! Applies what the helps of `check` say: what a user would paste must work.
//!
//! [`EDITS`] has the helps that can be applied. Each is applied to a copy of the repository, alone,
//! and its finding must be gone. Rules for unowned paths are applied together, since there may be
//! thousands.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::Sandbox;

/// What stands before a rule that can be pasted.
const RULE: &str = "add a rule under `[paths]`";
/// How many findings of one lint are applied.
const MAX_FINDINGS: usize = 3;

/// The start of a help that can be applied, and how to read it.
const EDITS: &[(&str, ReadHelp)] = &[
    ("add a line: ", add_line),
    ("write a line for each:\n", replace_line),
    ("write it as a comment: ", replace_line),
    ("write a blank between them: ", replace_text),
    ("write a rule for ", rule_instead),
    ("instead, write a rule for ", rule_instead),
    ("write `?` in its place", replace_character),
    ("write `", replace_text),
    ("remove the slash at the end: ", replace_pattern),
    ("remove the trailing slash: ", replace_text),
    (
        "GitLab needs a slash at the end of a directory: ",
        replace_text,
    ),
    ("remove one of them", remove_each),
    ("remove it", remove_rule),
    ("move it below line ", remove_rule),
];

/// The edits that a help offers for a finding. Each alone must be enough.
type ReadHelp = fn(&Finding, &str) -> Vec<Edit>;

/// A new text for a file.
struct Edit {
    file: String,
    new: String,
    /// Whether the place of the finding is gone, so that others move to it.
    removes: bool,
}

struct Finding {
    lint: String,
    message: String,
    helps: Vec<String>,
    notes: Vec<String>,
    /// The file, its text, and the bytes of each label.
    places: Vec<(String, String, Range<usize>)>,
}

impl Finding {
    fn new(root: &Path, json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let place = |label: &Value| {
            let file = text(&label["file"]);
            let at = |name: &str| label[name].as_u64().map(|at| usize::try_from(at).unwrap());
            let written = fs::read_to_string(root.join(&file)).ok()?;
            let span = at("start")?..at("end")?;
            written.get(span.clone())?;
            Some((file, written, span))
        };
        Some(Finding {
            lint: text(&json["lint"]),
            message: text(&json["message"]),
            helps: all(&json["helps"]).iter().map(text).collect(),
            notes: all(&json["notes"]).iter().map(text).collect(),
            places: all(&json["labels"]).iter().filter_map(place).collect(),
        })
    }

    fn edit(&self, index: usize, range: Range<usize>, new: &str) -> Edit {
        let (file, text, _) = &self.places[index];
        Edit {
            file: file.clone(),
            new: [&text[..range.start], new, &text[range.end..]].concat(),
            removes: false,
        }
    }

    /// The lines of a label.
    fn line(&self, index: usize) -> Range<usize> {
        let (_, text, span) = &self.places[index];
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[span.end..].find('\n');
        start..end.map_or(text.len(), |at| span.end + at)
    }

    /// Removes the line of a label.
    fn removal(&self, index: usize) -> Edit {
        let range = self.line(index);
        Edit {
            removes: true,
            ..self.edit(index, range, "")
        }
    }

    /// Whether the first label is a whole pattern, not one of its alternatives.
    fn is_whole(&self) -> bool {
        let (_, text, span) = &self.places[0];
        let before = text[..span.start].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }
}

/// The texts between backticks, up to a blank line.
fn quoted(help: &str) -> Vec<&str> {
    help.split('`').skip(1).step_by(2).collect()
}

/// Each line that may be added, with an owner.
fn add_line(finding: &Finding, help: &str) -> Vec<Edit> {
    let lines = quoted(help).into_iter();
    // It is about no place, so it names no file: the one that exists is the one that is read.
    let file = finding.places.first().map(|(file, ..)| file.clone());
    lines
        .map(|line| Edit {
            file: file.clone().unwrap_or_default(),
            new: line.replace("<owners>", "@suggested"),
            removes: true,
        })
        .collect()
}

fn replace_line(finding: &Finding, help: &str) -> Vec<Edit> {
    let is_complete = !help.contains(" more");
    let lines = quoted(help).join("\n");
    let edit = || finding.edit(0, finding.line(0), &lines);
    is_complete.then(edit).into_iter().collect()
}

/// Each text that may be written in place of the first label.
fn replace_text(finding: &Finding, help: &str) -> Vec<Edit> {
    let (file, text, span) = &finding.places[0];
    let help = help.split("; ").next().unwrap();
    // `?` in place of a character, or where the help says where.
    if [
        "in place of",
        "below the lines",
        "for the root",
        " to except",
    ]
    .iter()
    .any(|other| help.contains(other))
        || help.contains("in its place")
    {
        return Vec::new();
    }
    let is_toml = file.ends_with(".toml");
    let replace = |new: &str| {
        let old = &text[span.clone()];
        let new = match old.chars().next() {
            Some(quote @ ('"' | '\'')) if is_toml => format!("{quote}{new}{quote}"),
            _ if is_toml && finding.is_whole() => format!("'{new}'"),
            _ => new.to_string(),
        };
        finding.edit(0, span.clone(), &new)
    };
    quoted(help).into_iter().map(replace).collect()
}

/// `?` for the character that a note names.
fn replace_character(finding: &Finding, _: &str) -> Vec<Edit> {
    let (_, text, span) = &finding.places[0];
    let character = finding.notes.iter().find_map(|note| quoted(note).pop());
    let character = match character.unwrap() {
        r"\" => r"\\",
        other => other,
    };
    let new = text[span.clone()].replace(character, "?");
    let edit = finding.edit(0, span.clone(), &new);
    (new != text[span.clone()])
        .then_some(edit)
        .into_iter()
        .collect()
}

/// The whole pattern, where the label may be an alternative.
fn replace_pattern(finding: &Finding, help: &str) -> Vec<Edit> {
    match finding.is_whole() {
        true => replace_text(finding, help),
        false => Vec::new(),
    }
}

/// A rule in place of an alternative.
fn rule_instead(finding: &Finding, help: &str) -> Vec<Edit> {
    let (_, text, span) = &finding.places[0];
    if finding.is_whole() || text[finding.line(0)].contains("except") {
        return Vec::new();
    }
    let range = match text[span.end..].starts_with(',') {
        true => span.start..span.end + 1,
        false => span.start - 1..span.end,
    };
    let (at, line) = (range.start, finding.line(0));
    let rest = [&text[line.start..at], &text[range.end..line.end]].concat();
    // One alternative is none.
    let rest = match rest.contains(',') {
        true => rest,
        false => rest.replace(['{', '}', '<', '>'], ""),
    };
    let value = text[line.clone()].split_once(" = ").unwrap().1;
    let lines = quoted(help).into_iter();
    lines
        .map(|rule| Edit {
            removes: true,
            ..finding.edit(0, line.clone(), &format!("{rest}\n'{rule}' = {value}"))
        })
        .collect()
}

/// Without the one or the other of two rules.
fn remove_each(finding: &Finding, _: &str) -> Vec<Edit> {
    let labels = 0..finding.places.len();
    let is_rule = |index: &usize| {
        let (_, text, span) = &finding.places[*index];
        // A rule with alternatives is more than the duplicate.
        !text[span.clone()].contains(['{', '<']) && finding.is_whole()
    };
    match labels.clone().all(|index| is_rule(&index)) {
        true => labels.map(|index| finding.removal(index)).collect(),
        false => Vec::new(),
    }
}

/// Without the rule of a whole pattern, which is on one line.
fn remove_rule(finding: &Finding, _: &str) -> Vec<Edit> {
    let is_rule = [
        "dead-pattern",
        "directory-as-file",
        "ineffective-pattern",
        "shadowed-rule",
    ];
    let (_, text, _) = &finding.places[0];
    let line = &text[finding.line(0)];
    match is_rule.contains(&&*finding.lint)
        && finding.is_whole()
        && !line.ends_with(['[', '{', ','])
    {
        true => vec![finding.removal(0)],
        false => Vec::new(),
    }
}

/// Whether the output of `check` has helps.
pub(super) fn suggests(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains("= help: ")
}

/// A copy of a repository.
struct Copy<'s> {
    sandbox: &'s Sandbox,
    binary: &'s Path,
    root: PathBuf,
}

impl Copy<'_> {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command: Command = self.sandbox.command(self.binary);
        let command = command.current_dir(&self.root).args(arguments);
        command.output().unwrap()
    }

    fn findings(&self, arguments: &[String]) -> Vec<Value> {
        let arguments = arguments.iter().map(String::as_str);
        let all: Vec<&str> = ["check", "--format", "json"]
            .into_iter()
            .chain(arguments)
            .collect();
        let output = self.run(&all);
        assert_ne!(output.status.code(), None);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        report["findings"].as_array().cloned().unwrap_or_default()
    }
}

/// Copies the repository, applies the helps of `check` with these arguments, and demands that their
/// findings are gone.
#[track_caller]
pub(super) fn apply(sandbox: &Sandbox, binary: &Path, arguments: &[String]) {
    let directory = tempfile::tempdir().unwrap();
    let root = dunce::canonicalize(directory.path()).unwrap().join("r");
    copy_all(&sandbox.root, &root);
    let copy = Copy {
        sandbox,
        binary,
        root,
    };
    apply_edits(&copy, arguments);
    apply_rules(&copy);
}

/// The number of findings of a lint with one message, or in all.
fn count(findings: &[Value], lint: &str, message: Option<&str>) -> usize {
    let is_same = |each: &&Value| {
        each["lint"] == lint && message.is_none_or(|message| each["message"] == message)
    };
    findings.iter().filter(is_same).count()
}

#[track_caller]
fn apply_edits(copy: &Copy<'_>, arguments: &[String]) {
    let before = copy.findings(arguments);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for json in &before {
        let Some(finding) = Finding::new(&copy.root, json) else {
            continue;
        };
        let known = EDITS.iter().find_map(|(start, edits)| {
            let help = finding.helps.iter().find(|help| help.starts_with(start))?;
            Some((help, edits))
        });
        let Some((help, edits)) = known else {
            continue;
        };
        let applied = counts.entry(finding.lint.clone()).or_default();
        *applied += 1;
        if *applied > MAX_FINDINGS {
            continue;
        }
        let is_about_place = !finding.places.is_empty();
        if !is_about_place && !help.starts_with("add a line: ") {
            continue;
        }
        for edit in edits(&finding, help) {
            demand(copy, arguments, &before, &finding, edit);
        }
    }
}

/// Makes an edit, demands that it is right, and takes it back.
#[track_caller]
fn demand(copy: &Copy<'_>, arguments: &[String], before: &[Value], finding: &Finding, edit: Edit) {
    let (file, new) = match edit.file.as_str() {
        "" => {
            let places = [
                ".github/CODEOWNERS",
                "CODEOWNERS",
                "docs/CODEOWNERS",
                ".gitlab/CODEOWNERS",
            ];
            let mut places = places.iter().map(|file| copy.root.join(file));
            let Some(file) = places.find(|file| file.is_file()) else {
                return;
            };
            let text = fs::read_to_string(&file).unwrap_or_default();
            (file, format!("{}\n{}\n", text.trim_end(), edit.new))
        }
        file => (copy.root.join(file), edit.new),
    };
    let old = fs::read(&file).unwrap();
    fs::write(&file, &new).unwrap();
    let is_toml = file
        .extension()
        .is_some_and(|extension| extension == "toml");
    if is_toml {
        let generated = copy.run(&["gen", "-q", "--force"]);
        let shown = String::from_utf8_lossy(&generated.stderr);
        assert_ne!(generated.status.code(), Some(2), "{new}\n{shown}");
    }
    let after = copy.findings(arguments);
    let (lint, message) = (finding.lint.as_str(), Some(finding.message.as_str()));
    let shown = || format!("{} {:?}\n{new}\n{after:#?}", finding.message, finding.helps);
    let is_less = count(&after, lint, message) < count(before, lint, message);
    assert!(is_less, "the finding is still there: {}", shown());
    // Another word of a line may be wrong as well.
    let may_stay = edit.removes || lint == "skipped-line";
    let is_less = count(&after, lint, None) < count(before, lint, None);
    assert!(may_stay || is_less, "there is another one: {}", shown());
    for mistake in ["skipped-line", "literal-braces", "inexact-output"] {
        let is_new = count(&after, mistake, None) > count(before, mistake, None);
        assert!(!is_new, "a new finding of {mistake}: {}", shown());
    }
    fs::write(&file, old).unwrap();
    if is_toml {
        copy.run(&["gen", "-q", "--force"]);
    }
}

/// Adds all rules that `check` suggests, and demands that `gen` accepts them.
#[track_caller]
fn apply_rules(copy: &Copy<'_>) {
    let findings = || copy.findings(&["-W".to_string(), "unowned-path".to_string()]);
    let suggested = |finding: &Value| -> Option<String> {
        let helps = finding["helps"].as_array()?.iter();
        let help = helps
            .filter_map(Value::as_str)
            .find(|help| help.starts_with(RULE))?;
        let (_, rule) = help.split_once(": `")?;
        let (rule, _) = rule.rsplit_once("`, or `= []` for nobody")?;
        Some(rule.replace("<group>", "@suggested"))
    };
    let before: Vec<(Value, String)> = (findings().into_iter())
        .filter_map(|finding| suggested(&finding).map(|rule| (finding, rule)))
        .collect();
    let text = fs::read_to_string(copy.root.join("owners.toml")).unwrap_or_default();
    let Some((above, below)) = text.split_once("[paths]\n").filter(|_| !before.is_empty()) else {
        return;
    };
    let end = match below {
        _ if below.starts_with('[') => 0,
        _ => below.find("\n[").map_or(below.len(), |end| end + 1),
    };
    let (rules, rest) = below.split_at(end);
    let mut pasted: Vec<&str> = before.iter().map(|(_, rule)| rule.as_str()).collect();
    pasted.sort_unstable();
    pasted.dedup();
    let pasted = pasted.join("\n");
    let text = format!("{above}[paths]\n{rules}\n{pasted}\n{rest}");
    fs::write(copy.root.join("owners.toml"), &text).unwrap();
    let generated = copy.run(&["gen", "-q", "--force"]);
    let shown = String::from_utf8_lossy(&generated.stderr).into_owned()
        + &String::from_utf8_lossy(&generated.stdout);
    assert_eq!(generated.status.code(), Some(0), "{text}\n{shown}");
    let after = findings();
    for (finding, rule) in before {
        let is_same =
            |other: &Value| other["lint"] == finding["lint"] && other["path"] == finding["path"];
        assert!(!after.iter().any(is_same), "{rule}\n{finding}\n{text}");
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy_all(&entry.path(), &target);
        } else if kind.is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
