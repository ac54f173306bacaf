//! What can be done about the findings in a range: their fixes, what may have been meant, a rule for an
//! unowned path, and the ways out that `owners check` has. What takes long is calculated when it is
//! chosen, if the client can wait until then (`plan`).

use gen_lsp_types as lsp;
use lsp::CodeActionKind as Kind;
use owners::lint::{Context, rule_for};
use owners::text::{Diagnostic, FileId, Fix, FixAction, Holds, counted};

use super::Answer;
use crate::client::Client;
use crate::diagnostics::{convert, place, together};
use crate::edits::{self, NewText};
use crate::plan::{self, Data, Plan};
use crate::snapshot::{Places, Snapshot, Sound, Trouble};

/// The most rules that are offered for one finding.
const MOST_RULES: usize = 3;
/// The most edits that are calculated at once, for a client that cannot wait for them.
const MOST_EDITS: usize = 20;
/// The most characters of a title.
const MOST_CHARACTERS: usize = 100;
/// As `owners check --fix`.
const FIX_ALL: &str = "source.fixAll.owners";
/// As `owners check --fix=tree`, which is not for every time a file is saved.
const FIX_TREE: &str = "source.owners.fixTree";

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, client: &Client) {
    let kinds = vec![
        Kind::QuickFix,
        Kind::Custom(FIX_ALL.into()),
        Kind::Custom(FIX_TREE.into()),
    ];
    let options = lsp::CodeActionOptions {
        code_action_kinds: Some(kinds),
        resolve_provider: Some(client.resolves_edits()),
        ..Default::default()
    };
    capabilities.code_action_provider = Some(lsp::CodeActionProvider::CodeActionOptions(options));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    params: &lsp::CodeActionParams,
) -> Answer<Option<Vec<lsp::CodeActionResponse>>> {
    snapshot.load();
    let Some(path) = snapshot.relative(&params.text_document.uri) else {
        return Ok(None);
    };
    let mut actions = Actions {
        snapshot,
        params,
        path: &path,
        made: Vec::new(),
    };
    match (&snapshot.trouble, &snapshot.sound) {
        (Some(Trouble::Unsound(unsound)), _) => {
            let mut places = Places::new(snapshot, &unsound.sources);
            for fault in &unsound.diagnostics {
                if let Some(shown) = actions.shown(fault, &mut places) {
                    actions.meant(fault, &shown, &mut places);
                }
            }
        }
        (None, Some(sound)) => actions.of_findings(sound),
        _ => {}
    }
    Ok(Some(actions.made))
}

struct Actions<'a> {
    snapshot: &'a Snapshot,
    params: &'a lsp::CodeActionParams,
    /// The document.
    path: &'a [u8],
    made: Vec<lsp::CodeActionResponse>,
}

impl Actions<'_> {
    /// A finding as the client has it, if it is in the range.
    fn shown(&self, found: &Diagnostic, places: &mut Places<'_>) -> Option<lsp::Diagnostic> {
        let (path, label) = place(self.snapshot, found, places.sources);
        if path != self.path {
            return None;
        }
        let shown = convert(self.snapshot, found, &path, label, places);
        let wanted = self.params.range;
        let touches = shown.range.start <= wanted.end && wanted.start <= shown.range.end;
        touches.then_some(shown)
    }

    /// Whether the client wants actions of a kind.
    fn wants(&self, kind: &str) -> bool {
        let Some(only) = &self.params.context.only else {
            return true;
        };
        only.iter().any(|only| {
            let only = String::from(only.clone());
            let rest = kind.strip_prefix(only.as_str());
            rest.is_some_and(|rest| only.is_empty() || rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn of_findings(&mut self, sound: &Sound) {
        let snapshot = self.snapshot;
        let Some(findings) = sound.findings(&snapshot.facts, &|| false) else {
            return;
        };
        let mut places = Places::new(snapshot, &sound.project.sources);
        if self.wants("quickfix") {
            for group in together(findings) {
                if let Some(shown) = self.shown(&group, &mut places) {
                    let is_in_group = |each: &&Diagnostic| match (&each.together, &group.together) {
                        (Some(a), Some(b)) => std::sync::Arc::ptr_eq(a, b),
                        _ => **each == group,
                    };
                    let members: Vec<&Diagnostic> = findings.iter().filter(is_in_group).collect();
                    self.fixes(sound, findings, &members, &shown);
                    self.meant(&group, &shown, &mut places);
                    self.rules(sound, &members, &shown);
                    self.silences(&group, &shown);
                }
            }
        }
        self.all(findings);
    }

    /// The fix of a finding.
    fn fixes(
        &mut self,
        sound: &Sound,
        findings: &[Diagnostic],
        members: &[&Diagnostic],
        shown: &lsp::Diagnostic,
    ) {
        for member in members {
            let title = member
                .fix
                .as_ref()
                .and_then(|fix| title(sound, member, fix));
            let index = findings.iter().position(|each| std::ptr::eq(each, *member));
            if let (Some(title), Some(index)) = (title, index) {
                let plan = Plan::Fix {
                    index,
                    message: member.message.clone(),
                };
                self.planned(title, Kind::QuickFix, plan, Some(shown));
            }
        }
    }

    /// What may have been meant.
    fn meant(&mut self, found: &Diagnostic, shown: &lsp::Diagnostic, places: &mut Places<'_>) {
        if !self.wants("quickfix") {
            return;
        }
        let is_only = found.meant.len() == 1 && found.fix.is_none();
        for meant in &found.meant {
            let source = &places.sources[meant.location.file];
            let Some(old) = source.text.get(meant.location.span.clone()) else {
                continue;
            };
            let title = format!("Replace `{old}` with `{}`", meant.text);
            let location = places.location(&meant.location);
            let edit = lsp::TextEdit {
                range: location.range,
                new_text: meant.text.clone(),
            };
            let edit = edits::of_one(self.snapshot, source.name.as_bytes(), edit);
            self.push(title, edit, shown, is_only);
        }
    }

    /// A rule for each unowned path.
    fn rules(&mut self, sound: &Sound, members: &[&Diagnostic], shown: &lsp::Diagnostic) {
        if members.first().and_then(|first| first.lint) != Some("unowned-path") {
            return;
        }
        let snapshot = self.snapshot;
        let project = &sound.project;
        let matcher = project.rules.matcher();
        let rendered = owners::codeowners::Renderings::default();
        let survey = sound.survey(&snapshot.facts.paths);
        let context = Context::new(project, &snapshot.facts, &matcher, survey, &rendered);
        for member in members.iter().take(MOST_RULES) {
            let path = member.path.as_deref().unwrap_or_default();
            let text = rule_for(&context, path)
                .and_then(|rule| Some((plan::with_rule(project, &rule)?, rule)));
            if let Some((text, rule)) = text {
                let path = project.sources[FileId::ROOT].name.clone().into_bytes();
                let title = format!("Add the rule `{rule}`");
                if let Some(edit) = edits::of(snapshot, vec![NewText { path, text }]) {
                    self.push(title, edit, shown, false);
                }
            }
        }
        if project.codeowners.is_none() {
            let unowned = counted(survey.unowned.len(), "unowned path");
            let title = format!("Exempt {unowned} (`owners check --exempt-unowned`)");
            self.planned(title, Kind::QuickFix, Plan::Exempt, Some(shown));
        }
    }

    /// The lint is turned off.
    fn silences(&mut self, found: &Diagnostic, shown: &lsp::Diagnostic) {
        let sound = self.snapshot.current();
        let is_by_hand = sound.is_none_or(|sound| sound.project.codeowners.is_some());
        if let Some(lint) = found.lint.filter(|_| !is_by_hand) {
            let title = format!("Allow `{lint}` in `[lints]`");
            let lint = lint.to_string();
            self.planned(title, Kind::QuickFix, Plan::Allow { lint }, Some(shown));
        }
    }

    /// The fixes of all findings.
    fn all(&mut self, findings: &[Diagnostic]) {
        for (kind, holds, flag) in [
            (FIX_ALL, Holds::AnyTree, "--fix"),
            (FIX_TREE, Holds::ThisTree, "--fix=tree"),
        ] {
            let is_fixed = |found: &&Diagnostic| {
                let fix = found.fix.as_ref();
                fix.is_some_and(|fix| fix.holds <= holds && !is_of_forge(fix))
            };
            let count = findings.iter().filter(is_fixed).count();
            if count > 0 && self.wants(kind) {
                let count = counted(count, "finding");
                let title = format!("Fix {count} (`owners check {flag}`)");
                let plan = Plan::FixAll {
                    tree: holds == Holds::ThisTree,
                };
                self.planned(title, Kind::Custom(kind.into()), plan, None);
            }
        }
    }

    /// Adds an action whose edit is calculated now or later.
    fn planned(&mut self, title: String, kind: Kind, plan: Plan, shown: Option<&lsp::Diagnostic>) {
        let edit = match self.snapshot.inputs.client.resolves_edits() {
            true => None,
            false if self.made.len() >= MOST_EDITS => return,
            false => match plan::edit(self.snapshot, &plan) {
                Some(edit) => Some(edit),
                None => return,
            },
        };
        let is_fix = matches!(plan, Plan::Fix { .. });
        let data = Data {
            text_document: self.params.text_document.clone(),
            plan,
        };
        let data = serde_json::to_value(data).ok();
        self.made
            .push(lsp::CodeActionResponse::CodeAction(lsp::CodeAction {
                title: shortened(title),
                kind: Some(kind),
                diagnostics: shown.map(|shown| vec![shown.clone()]),
                is_preferred: is_fix.then_some(true),
                data: data.filter(|_| edit.is_none()),
                edit,
                ..Default::default()
            }));
    }

    fn push(
        &mut self,
        title: String,
        edit: lsp::WorkspaceEdit,
        shown: &lsp::Diagnostic,
        is_preferred: bool,
    ) {
        self.made
            .push(lsp::CodeActionResponse::CodeAction(lsp::CodeAction {
                title: shortened(title),
                kind: Some(Kind::QuickFix),
                diagnostics: Some(vec![shown.clone()]),
                is_preferred: is_preferred.then_some(true),
                edit: Some(edit),
                ..Default::default()
            }));
    }
}

/// Whether only the answer of a forge leads to a fix. The server asks none.
fn is_of_forge(fix: &Fix) -> bool {
    matches!(fix.action, FixAction::RemoveOwner(_))
}

fn shortened(title: String) -> String {
    match title.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title,
    }
}

/// What a fix does, in a few words.
fn title(sound: &Sound, found: &Diagnostic, fix: &Fix) -> Option<String> {
    let text = |file: FileId, span: &std::ops::Range<usize>| {
        let source = &sound.project.sources[file].text;
        source.get(span.clone()).unwrap_or_default().to_string()
    };
    Some(match &fix.action {
        FixAction::Remove(place) => format!("Remove `{}`", text(place.file, &place.span)),
        FixAction::RemoveAlternative(..) => {
            let place = found.location()?;
            format!("Remove the alternative `{}`", text(place.file, &place.span))
        }
        FixAction::Replace {
            pattern,
            span,
            text: new,
        } => {
            let old = text(pattern.file, &pattern.span);
            let (start, end) = (
                span.start.checked_sub(pattern.span.start)?,
                span.end.checked_sub(pattern.span.start)?,
            );
            let new = [old.get(..start)?, new, old.get(end..)?].concat();
            format!("Replace `{old}` with `{new}`")
        }
        FixAction::Regenerate => {
            let path = owners::text::escaped(found.path.as_deref()?);
            format!("Write `{path}`")
        }
        FixAction::RemoveOwner(_) => return None,
    })
}
