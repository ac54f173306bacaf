//! What a code action stands for, and the edit that it makes. That of a plan is calculated when somebody
//! chooses the action, if the client can wait until then.

use std::collections::BTreeMap;

use gen_lsp_types as lsp;
use owners::config::Level;
use owners::lint::{self, Levels};
use owners::text::{FileId, Holds};
use owners::{Fixed, Project};
use serde::{Deserialize, Serialize};

use crate::edits::{self, NewText};
use crate::insert::{end_of_line, header, inserted, newline};
use crate::snapshot::{Snapshot, Sound};

/// What to calculate when an action is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum Plan {
    /// Fix one of the findings.
    Fix { index: usize, message: String },
    /// Fix all findings.
    FixAll { tree: bool },
    /// Exempt every unowned path.
    Exempt,
    /// Silence a lint.
    Allow { lint: String },
}

/// The `data` of an action.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Data {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
    pub(crate) plan: Plan,
}

/// The edit of a plan. `None` if it has none any more.
pub(crate) fn edit(snapshot: &Snapshot, plan: &Plan) -> Option<lsp::WorkspaceEdit> {
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
    edits::of_texts(snapshot, texts)
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
pub(crate) fn with_rule(project: &Project, rule: &str) -> Option<String> {
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
