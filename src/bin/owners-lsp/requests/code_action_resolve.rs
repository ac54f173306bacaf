//! The edit of a code action that somebody has chosen.

use std::collections::BTreeMap;

use gen_lsp_types as lsp;
use owners::config::Level;
use owners::lint::{self, Levels};
use owners::text::{FileId, Holds};
use owners::{Fixed, Project};

use super::Answer;
use super::code_action::{Data, Plan};
use crate::client::Client;
use crate::edits::{self, NewText};
use crate::snapshot::{Snapshot, Sound};

/// `code_action` offers it.
pub(super) fn offer(_: &mut lsp::ServerCapabilities, _: &Client) {}

pub(super) fn answer(snapshot: &mut Snapshot, action: &lsp::CodeAction) -> Answer<lsp::CodeAction> {
    snapshot.load();
    let mut action = action.clone();
    let data = action.data.take().map(serde_json::from_value::<Data>);
    if let Some(Ok(data)) = data {
        action.edit = edit(snapshot, &data.plan);
    }
    Ok(action)
}

/// The edit of a plan. `None` if it has none any more.
pub(super) fn edit(snapshot: &Snapshot, plan: &Plan) -> Option<lsp::WorkspaceEdit> {
    let sound = snapshot.current()?;
    let Sound { project, .. } = sound;
    let facts = &snapshot.facts;
    let root = |text: String| NewText {
        path: project.sources[FileId::ROOT].name.clone().into_bytes(),
        text,
    };
    let texts = match plan {
        Plan::Fix { index, message } => {
            let finding = sound.findings(facts, &|| false)?.get(*index)?;
            if finding.message != *message {
                return None;
            }
            of_fixed(project, owners::fix_one(project, facts, finding))?
        }
        Plan::FixAll { tree } => {
            let holds = if *tree {
                Holds::ThisTree
            } else {
                Holds::AnyTree
            };
            let levels = Levels::new(project);
            of_fixed(project, owners::fix(project, facts, &levels, None, holds))?
        }
        Plan::Exempt => {
            let exempted = owners::exempt_unowned(project, facts);
            of_fixed(project, exempted.map(|exempted| exempted.fixed))?
        }
        Plan::Allow { lint } => vec![root(allowing(project, lint)?)],
    };
    edits::of(snapshot, texts)
}

/// The texts of the files that were changed.
fn of_fixed(project: &Project, fixed: Result<Fixed, owners::Unproven>) -> Option<Vec<NewText>> {
    let fixed = fixed
        .inspect_err(|error| crate::log::error(format_args!("not fixed: {error}")))
        .ok()?;
    let files = fixed.files.iter().map(|&file| {
        let source = &fixed.project.sources[file];
        NewText {
            path: source.name.clone().into_bytes(),
            text: source.text.clone(),
        }
    });
    let outputs = fixed.outputs.iter().map(|(index, rendered)| NewText {
        path: project.config.outputs[*index].file.clone().into_bytes(),
        text: rendered.text.to_string(),
    });
    Some(files.chain(outputs).collect())
}

/// The text of the root file with one more rule, which is the last one. `None` if it cannot be inserted.
pub(super) fn with_rule(project: &Project, rule: &str) -> Option<String> {
    let text = &project.sources[FileId::ROOT].text;
    let rules = project.config.rules.iter();
    let end = rules
        .map(|rule| rule.span.end.max(rule.pattern.span.end))
        .max();
    let after = match end {
        Some(end) => end_of_line(text, end),
        None => end_of_line(text, header(text, "paths")?),
    };
    let new = inserted(text, after, rule);
    let with = with_root(project, &new)?;
    let is_one_more = with.rules.rules().len() == project.rules.rules().len() + 1;
    let is_last = with.config.rules.len() == project.config.rules.len() + 1;
    (is_one_more && is_last).then_some(new)
}

/// The text of the root file with a lint allowed. `None` if that cannot be written there.
fn allowing(project: &Project, lint: &str) -> Option<String> {
    let text = &project.sources[FileId::ROOT].text;
    let line = format!("{lint} = \"allow\"");
    let known = project.config.lints.iter();
    let existing = known.rev().find(|(name, _)| name.value == lint);
    let new = match (existing, header(text, "lints")) {
        (Some((name, _)), _) => {
            let start = text[..name.span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = end_of_line(text, name.span.end);
            [&text[..start], &line, newline(text), &text[end..]].concat()
        }
        (None, Some(header)) => inserted(text, end_of_line(text, header), &line),
        (None, None) => {
            let newline = newline(text);
            let table = format!("{newline}[lints]{newline}{line}");
            inserted(text, text.len(), &table)
        }
    };
    let with = with_root(project, &new)?;
    let levels = (Levels::new(project), Levels::new(&with));
    let is_right = lint::LINTS.iter().all(|each| match each.name == lint {
        true => levels.1.of(each) == Level::Allow,
        false => levels.0.of(each) == levels.1.of(each),
    });
    (is_right && with.rules.rules().len() == project.rules.rules().len()).then_some(new)
}

fn with_root(project: &Project, text: &str) -> Option<Project> {
    let texts = BTreeMap::from([(FileId::ROOT, text.to_string())]);
    project.with_texts(&texts).ok()
}

/// Where the header of a table is, at the start of its line.
pub(crate) fn header(text: &str, table: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let inner = line.trim_start().strip_prefix('[');
        let inner = inner.and_then(|inner| inner.split_once(']'));
        if inner.is_some_and(|(name, _)| name.trim() == table) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// The start of the line behind the one of a byte, or the end of the text.
fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |end| at + end + 1)
}

/// What lines end with.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The text with a line more, which starts at a byte that starts a line, or at the end.
fn inserted(text: &str, at: usize, line: &str) -> String {
    let newline = newline(text);
    let (before, after) = text.split_at(at);
    let needs_end = !before.is_empty() && !before.ends_with('\n');
    let end = if needs_end { newline } else { "" };
    [before, end, line, newline, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_the_last_one() {
        for (text, expected) in [
            (
                "[paths]\n'/a' = '@a'\n\n[lints]\n",
                "[paths]\n'/a' = '@a'\n\"/b\" = \"@b\"\n\n[lints]\n",
            ),
            (
                "[paths]\r\n'/a' = [\r\n '@a']",
                "[paths]\r\n'/a' = [\r\n '@a']\r\n\"/b\" = \"@b\"\r\n",
            ),
            (" [ paths ] # x\n", " [ paths ] # x\n\"/b\" = \"@b\"\n"),
            ("[paths]\n'/b' = '@a'\n", "-"),
            ("paths = { '/a' = '@a' }\n", "-"),
            ("[paths.'/a']\nowners = '@a'\n", "-"),
        ] {
            let project = Project::from_text(text).unwrap();
            let new = with_rule(&project, "\"/b\" = \"@b\"");
            assert_eq!(new.as_deref().unwrap_or("-"), expected);
        }
    }

    #[test]
    fn a_lint_is_allowed() {
        for (text, expected) in [
            ("[paths]", "[paths]\n\n[lints]\ndead-pattern = \"allow\"\n"),
            (
                "[lints]\nroster = 'warn'\n[paths]\n",
                "[lints]\ndead-pattern = \"allow\"\nroster = 'warn'\n[paths]\n",
            ),
            (
                "[lints]\ndead-pattern = 'deny' # x\n[paths]\n",
                "[lints]\ndead-pattern = \"allow\"\n[paths]\n",
            ),
            ("lints = { roster = 'warn' }\n[paths]\n", "-"),
        ] {
            let project = Project::from_text(text).unwrap();
            let new = allowing(&project, "dead-pattern");
            assert_eq!(new.as_deref().unwrap_or("-"), expected);
        }
    }
}
