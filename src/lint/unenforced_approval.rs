//! `unenforced-approval`: a CODEOWNERS file without sections cannot demand an approval.
//!
//! With `--live`, a forge that demands approvals elsewhere is asked, and there is a finding only if it
//! does not demand the same. Texts of patterns are compared, not what they mean: another spelling is a
//! difference.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Answers, Context, Findings};
use crate::forge::{Approvals, Demand, Demands, Forge};
use crate::ruleset::{Approval, RequiredByApprovals, RequiredReviewer};
use crate::text::{Diagnostic, counted, owners_command};

/// The most patterns that are named.
const MAX_NAMES: usize = 10;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let project = context.project;
    let mut forges: Vec<(Forge, &str)> = Vec::new();
    for output in &project.config.outputs {
        if let Approvals::Elsewhere { help } = output.forge.dialect.abilities().approvals
            && forges.iter().all(|(forge, _)| *forge != output.forge)
        {
            forges.push((output.forge, help));
        }
    }
    for (forge, help) in forges {
        let answers = context.facts.answers.as_ref();
        let answers = answers.filter(|answers| answers.forge == forge);
        let required = project.rules.required_reviewers(forge, &project.sources);
        for (id, approval) in project.rules.approvals().with_ids() {
            let told = required.as_ref().map(|required| {
                let mut all = required.by_approval.iter();
                let own = all.find(|(other, _)| *other == id);
                own.map(|(_, reviewers)| (required, reviewers))
            });
            let live = match (answers, told) {
                (Some(answers), Some(Some((required, reviewers)))) => {
                    Live { answers, required }.state(reviewers)
                }
                _ => None,
            };
            match live {
                Some(State::Demanded) => {}
                Some(State::Unknown(why)) => {
                    let message = format!(
                        "the approval `{}` could not be checked on {}: {why}",
                        approval.name, forge.title
                    );
                    findings.note(at(approval, message, "not known"));
                }
                Some(State::Otherwise(what, notes)) => {
                    let message = format!("{what} the approval `{}`", approval.name);
                    let found = at(approval, message, "not demanded like this");
                    let found = notes.into_iter().fold(found, Diagnostic::note);
                    findings.report(found.maybe_help(help_about_export(context, forge)));
                }
                None => {
                    let message = format!(
                        "the CODEOWNERS file for {} cannot demand the approval `{}`",
                        forge.title, approval.name
                    );
                    let found = at(approval, message, "not in the generated file");
                    findings.report(match told {
                        Some(None) => found
                            .note(
                                "nothing else can demand it exactly as it is: the command says why",
                            )
                            .help(help),
                        _ => found.help(help),
                    });
                }
            }
        }
    }
}

/// What to run if a forge demands something else.
fn help_about_export(context: &Context<'_>, forge: Forge) -> Option<String> {
    let format = forge.dialect.required_reviewers()?.format();
    let command = format!("export --format {format} --live");
    let command = owners_command(&command, context.config);
    Some(format!("`{command}` prints what demands it"))
}

fn at(approval: &Approval, message: String, label: &str) -> Diagnostic {
    let place = approval.location();
    Diagnostic::error(message).at(place.file, place.span, label)
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
        let all = self.required.by_approval.iter().flat_map(|(_, own)| own);
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
