//! `unenforced-approval`: a CODEOWNERS file without sections cannot demand an approval.
//!
//! With `--live`, a forge that demands approvals elsewhere is asked, and there is a finding only if it
//! does not demand the same. Texts of patterns are compared, not what they mean: another spelling is a
//! difference.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Answers, Context, Findings};
use crate::forge::{Approvals, Demand, Demands, Forge, RequiredReviewers};
use crate::ruleset::{Approval, ApprovalId, RequiredByApprovals, RequiredReviewer};
use crate::text::{Diagnostic, counted, listed};

/// The most patterns that are named.
const MAX_NAMES: usize = 10;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let approvals = context.project.rules.approvals();
    if approvals.is_empty() {
        return;
    }
    let forges = forges(context);
    for (id, approval) in approvals.with_ids() {
        let mut silent: Vec<&Elsewhere<'_>> = Vec::new();
        for elsewhere in &forges {
            match elsewhere.live(context, id) {
                None => silent.push(elsewhere),
                Some(State::Demanded) => {}
                Some(State::Unknown(why)) => {
                    let message = format!(
                        "the approval `{}` could not be checked on {}: {why}",
                        approval.name, elsewhere.forge.title
                    );
                    findings.note(at(approval, message, "not known"));
                }
                Some(State::Otherwise(what, notes)) => {
                    let message = format!("{what} the approval `{}`", approval.name);
                    let found = at(approval, message, "not demanded like this");
                    let found = notes.into_iter().fold(found, Diagnostic::note);
                    findings.report(found.maybe_help(elsewhere.help_about_export(context)));
                }
            }
        }
        if !silent.is_empty() {
            findings.report(not_in_files(context, id, approval, &silent));
        }
    }
}

/// A forge whose files have no approvals.
struct Elsewhere<'c> {
    forge: Forge,
    how: How<'c>,
}

/// How a forge is told of approvals.
enum How<'c> {
    /// By a document that `owners export` writes.
    Document(&'static dyn RequiredReviewers, RequiredByApprovals),
    /// By hand.
    Settings(&'c str),
}

/// The forges of the outputs, each once.
fn forges<'c>(context: &Context<'c>) -> Vec<Elsewhere<'c>> {
    let project = context.project;
    let mut forges: Vec<Elsewhere<'_>> = Vec::new();
    for output in &project.config.outputs {
        let forge = output.forge;
        if forges.iter().any(|known| known.forge == forge) {
            continue;
        }
        let how = match forge.dialect.abilities().approvals {
            Approvals::Sections => None,
            Approvals::Settings { help } => Some(How::Settings(help)),
            Approvals::Document(means) => {
                let required = project.rules.required_reviewers(forge, &project.sources);
                required.map(|required| How::Document(means, required))
            }
        };
        forges.extend(how.map(|how| Elsewhere { forge, how }));
    }
    forges
}

/// The finding for an approval that is in no file of some forges.
fn not_in_files(
    context: &Context<'_>,
    id: ApprovalId,
    approval: &Approval,
    forges: &[&Elsewhere<'_>],
) -> Diagnostic {
    let titles: Vec<&str> = forges.iter().map(|each| each.forge.title).collect();
    let files = if titles.len() > 1 { "files" } else { "file" };
    let titles = listed(&titles, "and");
    let name = &approval.name;
    let message =
        format!("the CODEOWNERS {files} for {titles} cannot demand the approval `{name}`");
    let label = format!("not in the generated {files}");
    let mut found = at(approval, message, &label);
    for Elsewhere { forge, how } in forges {
        found = match how {
            How::Settings(help) if forges.len() == 1 => found.help(*help),
            How::Settings(help) => found.help(format!("on {}: {help}", forge.title)),
            How::Document(means, required) => {
                let own = required.by_approval[id].as_ref();
                let found = own.err().into_iter().fold(found, Diagnostic::note);
                found.help(help_about_document(context, *means, required, own.is_err()))
            }
        };
    }
    found
}

/// What to do where a document demands approvals.
fn help_about_document(
    context: &Context<'_>,
    means: &dyn RequiredReviewers,
    required: &RequiredByApprovals,
    is_refused: bool,
) -> String {
    let export = context.owners(&format!("export --format {}", means.format()));
    let title = means.title();
    match (is_refused, required.faults.is_empty()) {
        (true, _) => format!("`{export}` says what to write instead"),
        (false, true) => format!(
            "`{export}` prints a {title} that demands it; `{}` sees whether it is in force",
            context.owners("check --live")
        ),
        (false, false) => format!(
            "`{export}` says why no {title} can demand all of the approvals, and what to write instead"
        ),
    }
}

fn at(approval: &Approval, message: String, label: &str) -> Diagnostic {
    let place = approval.location();
    Diagnostic::error(message).at(place.file, place.span, label)
}

impl Elsewhere<'_> {
    /// What the forge does about an approval. `None` if it was not asked, or no document can demand it.
    fn live(&self, context: &Context<'_>, id: ApprovalId) -> Option<State> {
        let How::Document(_, required) = &self.how else {
            return None;
        };
        let answers = context.facts.answers.as_ref()?;
        let reviewers = required.by_approval[id].as_ref().ok()?;
        let live = Live { answers, required };
        (answers.forge == self.forge)
            .then(|| live.state(reviewers))
            .flatten()
    }

    /// What to run if the forge demands something else.
    fn help_about_export(&self, context: &Context<'_>) -> Option<String> {
        let How::Document(means, _) = &self.how else {
            return None;
        };
        let command = format!("export --format {} --live", means.format());
        Some(format!(
            "`{}` prints what demands it",
            context.owners(&command)
        ))
    }
}

/// What a forge demands, beside what the approvals say.
struct Live<'a> {
    answers: &'a Answers,
    required: &'a RequiredByApprovals,
}

/// What a forge does about an approval.
enum State {
    /// It demands the same.
    Demanded,
    /// It does not: what is wrong, and how it differs.
    Otherwise(String, Vec<String>),
    /// It did not say, and why.
    Unknown(String),
}

impl Live<'_> {
    /// What the forge does about the reviewers of an approval. `None` if it was not asked.
    fn state(&self, reviewers: &[RequiredReviewer]) -> Option<State> {
        let (mut notes, mut unknown, mut is_known) = (Vec::new(), None, false);
        for reviewer in reviewers {
            match self.answers.demands(&reviewer.team)? {
                Demands::Unknown(why) => unknown = Some(why.clone()),
                Demands::Known(demands) => {
                    is_known |= !demands.is_empty();
                    self.compare(reviewer, demands, &mut notes);
                }
            }
        }
        let repository = &self.answers.repository;
        Some(match (unknown, notes.is_empty()) {
            (_, false) => State::Otherwise(
                match is_known {
                    true => format!("what `{repository}` demands differs from"),
                    false => format!("`{repository}` does not demand"),
                },
                notes,
            ),
            (Some(why), true) => State::Unknown(why),
            (None, true) => State::Demanded,
        })
    }

    /// Notes how what is demanded of a team differs.
    fn compare(&self, reviewer: &RequiredReviewer, demands: &[Demand], notes: &mut Vec<String>) {
        let (team, count) = (&reviewer.team, reviewer.count as u64);
        let mut there: FxHashMap<&str, Vec<u64>> = FxHashMap::default();
        for demand in demands {
            for text in &demand.patterns {
                there.entry(text).or_default().push(demand.count);
            }
        }
        let mut others: Vec<u64> = Vec::new();
        let (mut missing, mut with_others) = (Vec::new(), Vec::new());
        for text in reviewer.patterns.iter().map(String::as_str) {
            match there.get(text) {
                None => missing.push(text),
                Some(counts) if counts.contains(&count) => {}
                Some(counts) => {
                    others.extend(counts);
                    with_others.push(text);
                }
            }
        }
        if let Some(other) = others.first() {
            notes.push(format!(
                "there, {} of `{team}` for {}; here, {count}",
                counted(usize::try_from(*other).unwrap_or(usize::MAX), "approval"),
                names(&with_others)
            ));
        }
        if !missing.is_empty() {
            notes.push(format!("not there: `{team}` for {}", names(&missing)));
        }
        let extra = self.extra(reviewer, demands);
        if !extra.is_empty() {
            notes.push(format!("only there: `{team}` for {}", names(&extra)));
        }
    }

    /// The texts that are demanded of a team and that no approval has, for the first reviewer that is it.
    fn extra<'d>(&self, reviewer: &RequiredReviewer, demands: &'d [Demand]) -> Vec<&'d str> {
        let all = self.required.by_approval.iter().flatten().flatten();
        let mut own = all.filter(|other| other.team.is_same(&reviewer.team));
        let first = own.next();
        if first != Some(reviewer) || !self.required.faults.is_empty() {
            return Vec::new();
        }
        let here = first.into_iter().chain(own).flat_map(|each| &each.patterns);
        let here: FxHashSet<&str> = here.map(String::as_str).collect();
        let there = demands.iter().flat_map(|demand| &demand.patterns);
        let there = there.map(String::as_str);
        let mut seen = FxHashSet::default();
        there
            .filter(|text| !here.contains(text) && seen.insert(*text))
            .collect()
    }
}

fn names(texts: &[&str]) -> String {
    let shown = texts.iter().take(MAX_NAMES);
    let mut shown: Vec<String> = shown.map(|text| format!("`{text}`")).collect();
    if let Some(more) = texts.len().checked_sub(MAX_NAMES).filter(|&more| more > 0) {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}
