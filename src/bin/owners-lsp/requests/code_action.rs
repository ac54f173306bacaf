//! What can be done about the findings in a range: their fixes, what may have been meant, a rule for an
//! unowned path, and the ways out that `owners check` has. What takes long is calculated when it is
//! chosen, if the client can wait until then (`plan`).

use gen_lsp_types as lsp;
use lsp::CodeActionKind as Kind;
use owners::lint::{Context, rule_for};
use owners::text::{Diagnostic, FileId, Fix, FixAction, Holds, counted};

use super::Answer;
use crate::client::Client;
use crate::diagnostics::{convert, groups, one, place};
use crate::edits::{self, FileEdits, NewText};
use crate::plan::{self, Data, Plan};
use crate::snapshot::{Places, Snapshot, Sound, Trouble};

/// The most findings in the range that actions are offered for.
const MOST_FINDINGS: usize = 50;
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
    path: &[u8],
    params: &lsp::CodeActionParams,
) -> Answer<Option<Vec<lsp::CodeActionResponse>>> {
    snapshot.load();
    let mut actions = Actions {
        snapshot,
        params,
        path,
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
    let made = actions.made.into_iter();
    Ok(Some(
        made.map(lsp::CodeActionResponse::CodeAction).collect(),
    ))
}

struct Actions<'a> {
    snapshot: &'a Snapshot,
    params: &'a lsp::CodeActionParams,
    /// The document.
    path: &'a [u8],
    made: Vec<lsp::CodeAction>,
}

impl Actions<'_> {
    /// A finding as the client has it, if it is in the range.
    fn shown(&self, found: &Diagnostic, places: &mut Places<'_>) -> Option<lsp::Diagnostic> {
        let place = place(self.snapshot, found, places);
        let wanted = self.params.range;
        let is_wanted = place.path == self.path
            && place.range.start <= wanted.end
            && wanted.start <= place.range.end;
        is_wanted.then(|| convert(self.snapshot, found, place.range, places))
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
        if self.wants("quickfix") {
            self.quick_fixes(sound, findings);
        }
        self.all(findings);
    }

    fn quick_fixes(&mut self, sound: &Sound, findings: &[Diagnostic]) {
        let mut places = Places::new(self.snapshot, &sound.project.sources);
        let mut wanted = Vec::new();
        let mut first = 0;
        for members in groups(findings) {
            let group = one(members);
            if let Some(shown) = self.shown(&group, &mut places) {
                self.fixes(sound, first, members, &shown);
                self.meant(&group, &shown, &mut places);
                wanted.push((members, shown));
                if wanted.len() == MOST_FINDINGS {
                    break;
                }
            }
            first += members.len();
        }
        self.rules(sound, &wanted);
        for (members, shown) in &wanted {
            self.silences(&members[0], shown);
        }
    }

    /// The fixes of findings. `first` is the index of the first of them.
    fn fixes(
        &mut self,
        sound: &Sound,
        first: usize,
        findings: &[Diagnostic],
        shown: &lsp::Diagnostic,
    ) {
        for (index, found) in findings.iter().enumerate() {
            let fix = found.fix.as_ref();
            if let Some(title) = fix.and_then(|fix| title(sound, found, fix)) {
                let plan = Plan::Fix {
                    index: first + index,
                    message: found.message.clone(),
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
            let file = FileEdits {
                path: source.name.clone().into_bytes(),
                is_new: false,
                edits: vec![edit],
            };
            let edit = edits::of_files(self.snapshot, vec![file]);
            self.push(title, edit, shown, is_only);
        }
    }

    /// A rule for each unowned path among the findings.
    fn rules(&mut self, sound: &Sound, wanted: &[(&[Diagnostic], lsp::Diagnostic)]) {
        let is_unowned = |members: &[Diagnostic]| members[0].lint == Some("unowned-path");
        let unowned = wanted.iter().filter(|(members, _)| is_unowned(members));
        let mut unowned = unowned.peekable();
        if unowned.peek().is_none() {
            return;
        }
        let snapshot = self.snapshot;
        let project = &sound.project;
        let matcher = project.rules.matcher();
        let rendered = owners::codeowners::Renderings::default();
        let survey = sound.survey(&snapshot.facts.paths);
        let context = Context::new(project, &snapshot.facts, &matcher, survey, &rendered);
        for (members, shown) in unowned {
            for member in members.iter().take(MOST_RULES) {
                let path = member.path.as_deref().unwrap_or_default();
                let text = rule_for(&context, path)
                    .and_then(|rule| Some((plan::with_rule(project, &rule)?, rule)));
                if let Some((text, rule)) = text {
                    let path = project.sources[FileId::ROOT].name.clone().into_bytes();
                    let title = format!("Add the rule `{rule}`");
                    if let Some(edit) = edits::of_texts(snapshot, vec![NewText { path, text }]) {
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

    /// Adds an action whose edit is calculated now or later. One that exists already is for this
    /// finding, too.
    fn planned(&mut self, title: String, kind: Kind, plan: Plan, shown: Option<&lsp::Diagnostic>) {
        let title = shortened(title);
        let is_fix = matches!(plan, Plan::Fix { .. });
        let same = self.made.iter_mut().filter(|_| !is_fix);
        if let Some(same) = same.rev().find(|made| made.title == title) {
            same.diagnostics
                .get_or_insert_default()
                .extend(shown.cloned());
            return;
        }
        let edit = match self.snapshot.inputs.client.resolves_edits() {
            true => None,
            false if self.made.len() >= MOST_EDITS => return,
            false => match plan::edit(self.snapshot, &plan) {
                Some(edit) => Some(edit),
                None => return,
            },
        };
        let data = Data {
            text_document: self.params.text_document.clone(),
            plan,
        };
        let data = serde_json::to_value(data).ok();
        self.made.push(lsp::CodeAction {
            title,
            kind: Some(kind),
            diagnostics: shown.map(|shown| vec![shown.clone()]),
            is_preferred: is_fix.then_some(true),
            data: data.filter(|_| edit.is_none()),
            edit,
            ..Default::default()
        });
    }

    fn push(
        &mut self,
        title: String,
        edit: lsp::WorkspaceEdit,
        shown: &lsp::Diagnostic,
        is_preferred: bool,
    ) {
        self.made.push(lsp::CodeAction {
            title: shortened(title),
            kind: Some(Kind::QuickFix),
            diagnostics: Some(vec![shown.clone()]),
            is_preferred: is_preferred.then_some(true),
            edit: Some(edit),
            ..Default::default()
        });
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
