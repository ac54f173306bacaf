//! Required reviewers: teams that must approve changes of some paths. A forge may demand them
//! outside of its CODEOWNERS file, and is then told of approvals there.

use std::fmt;

use rustc_hash::FxHashMap;

use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::text::Location;

/// A team that must approve changes of some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredReviewer {
    /// The team.
    pub team: Owner,
    /// How many of its members must approve. None must if it is only asked.
    pub count: usize,
    /// The paths, as the forge has them: those that one of these texts matches.
    pub patterns: Vec<String>,
    /// Where the configuration names the team.
    pub location: Location,
}

/// The numbers that a forge has for teams.
#[derive(Clone, Debug, Default)]
pub struct TeamIds {
    /// By the folded text of the team: its number, or why the forge did not say it.
    ids: FxHashMap<String, Result<u64, String>>,
}

impl TeamIds {
    /// Sets the number of a team, or why it is not known.
    pub fn set(&mut self, team: &Owner, id: Result<u64, String>) {
        self.ids.insert(team.folded(), id);
    }

    /// Changes every text that the forge said with `shown`.
    #[cfg(feature = "live")]
    pub(crate) fn change_texts(&mut self, shown: impl Fn(&str) -> String) {
        for why in self.ids.values_mut().filter_map(|id| id.as_mut().err()) {
            *why = shown(why);
        }
    }

    /// The number of a team, or why it is not known. `None` if nothing is said of it.
    #[must_use]
    pub fn id(&self, team: &Owner) -> Option<&Result<u64, String>> {
        self.ids.get(&team.folded())
    }
}

/// How a forge is told of required reviewers.
pub trait RequiredReviewers: fmt::Debug + Sync {
    /// The name of the document, for `owners export --format`.
    fn format(&self) -> &'static str;

    /// What the document is, after "a" or "an".
    fn title(&self) -> &'static str;

    /// The greatest number of reviewers.
    fn most_reviewers(&self) -> usize;

    /// The greatest [count](RequiredReviewer::count).
    fn most_approvals(&self) -> usize;

    /// Texts that together match the paths that the pattern matches, however the forge reads them.
    ///
    /// # Errors
    ///
    /// The reason why there are none, and what to write instead.
    fn patterns(&self, pattern: &Pattern) -> Result<Vec<String>, (String, String)>;

    /// What to do for the id of a team.
    fn help_about_ids(&self, organization: &str) -> String;

    /// The document. Each reviewer has the id of its team.
    #[cfg(feature = "export")]
    fn document(&self, reviewers: &[(RequiredReviewer, u64)]) -> String;
}
