//! The document that tells a forge of the approvals, where its CODEOWNERS file cannot demand them.

use crate::forge::{Forge, RequiredReviewer, TeamIds};
use crate::project::{Project, Unsound};
use crate::ruleset::RequiredByApprovals;
use crate::text::{Diagnostic, FileId};

/// The forges that have such a document, with its name for `owners export --format`.
pub fn formats() -> impl Iterator<Item = (&'static str, Forge)> {
    let forges = Forge::ALL.iter().copied();
    forges.filter_map(|forge| Some((forge.required_reviewers()?.format(), forge)))
}

/// The required reviewers that approvals mean on a forge.
#[derive(Debug)]
pub struct Required<'p> {
    project: &'p Project,
    forge: Forge,
    required: RequiredByApprovals,
}

impl<'p> Required<'p> {
    /// Translates the approvals of a configuration. `None` if there are none, or if the forge is not told
    /// of them.
    #[must_use]
    pub fn new(project: &'p Project, forge: Forge) -> Option<Self> {
        let rules = &project.rules;
        let required = rules.required_reviewers(forge, &project.sources)?;
        (!rules.approvals().is_empty()).then_some(Required {
            project,
            forge,
            required,
        })
    }

    /// The required reviewers. A team may be among them several times.
    #[must_use]
    pub fn reviewers(&self) -> &[RequiredReviewer] {
        &self.required.reviewers
    }

    /// The document.
    ///
    /// # Errors
    ///
    /// Every approval that the document cannot say, and every team without an id.
    pub fn document(self, ids: &TeamIds) -> Result<String, Unsound> {
        let (project, forge) = (self.project, self.forge);
        let mut faults = self.required.faults;
        let mut reviewers = Vec::with_capacity(self.required.reviewers.len());
        let mut missing: Vec<String> = Vec::new();
        for reviewer in self.required.reviewers {
            match ids.id(&reviewer.team) {
                Some(Ok(id)) => reviewers.push((reviewer, *id)),
                unknown => {
                    let why = unknown.and_then(|known| known.as_ref().err());
                    if !missing.contains(&reviewer.team.folded()) {
                        missing.push(reviewer.team.folded());
                        faults.push(without_id(forge, &reviewer, why));
                    }
                }
            }
        }
        match forge.required_reviewers() {
            Some(means) if faults.is_empty() => Ok(means.document(&reviewers)),
            _ => {
                let count = faults.len();
                let mut diagnostics = faults.into_kept();
                diagnostics.sort_by_key(|fault| {
                    let place = fault.location();
                    place.map_or((FileId::ROOT, 0), |place| (place.file, place.span.start))
                });
                Err(Unsound {
                    sources: project.sources.clone(),
                    more: count - diagnostics.len(),
                    diagnostics,
                })
            }
        }
    }
}

fn without_id(forge: Forge, reviewer: &RequiredReviewer, why: Option<&String>) -> Diagnostic {
    let team = &reviewer.team;
    let title = forge.title;
    let place = reviewer.location.clone();
    let fault = Diagnostic::error(format!("the id of `{team}` on {title} is not known"));
    let fault = fault.at(place.file, place.span, "");
    match why {
        Some(why) => fault
            .note(why.as_str())
            .help("check the name of the team, or use a token that can see it"),
        None => {
            let name = team.as_str().trim_start_matches('@');
            let organization = name.split('/').next().unwrap_or_default();
            let means = forge.required_reviewers();
            fault.maybe_help(means.map(|means| means.help_about_ids(organization)))
        }
    }
}
