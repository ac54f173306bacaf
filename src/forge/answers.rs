//! What a forge said about the owners of a configuration, as plain data.
//!
//! `check --live` asks, and the lints read the answers. Three answers are kept apart: an owner is
//! valid, is invalid, or is unknown, with the reason. A team that the token cannot see is unknown.

use rustc_hash::FxHashMap;

use super::Forge;
use crate::owner::Owner;

/// The answers of a forge.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The forge.
    pub forge: Forge,
    /// The repository that was asked about, as the forge writes it: `org/name`.
    pub repository: String,
    /// What the forge reports about the CODEOWNERS file of the commit, except owners it does not know.
    pub rejected: Vec<RejectedLine>,
    /// The owners, by their folded text.
    owners: FxHashMap<String, Standing>,
    /// The members of teams, by the folded text of the team.
    members: FxHashMap<String, Members>,
    /// The approvals that the forge demands of teams, by the folded text of the team.
    demands: FxHashMap<String, Demands>,
}

/// What a forge said about an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It exists, and can approve changes.
    Valid,
    /// There is no such owner. The text says what there is not.
    Missing(String),
    /// The owner has another name now, such as `@new`.
    Renamed(String),
    /// The forge itself reports it in the CODEOWNERS file. The text is what it says.
    Rejected(String),
    /// It exists, but the forge ignores it. The text says why.
    WithoutAccess(String),
    /// The forge did not say. The text says why.
    Unknown(String),
}

/// What a forge said about the members of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Members {
    /// These users, such as `@alice`.
    Known(Vec<Owner>),
    /// The forge did not say. The text says why.
    Unknown(String),
}

/// What a forge said about the approvals that it demands of a team, beside those of owners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demands {
    /// These, in the default branch.
    Known(Vec<Demand>),
    /// The forge did not say. The text says why.
    Unknown(String),
}

/// An approval that a forge demands of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// How many members must approve.
    pub count: u64,
    /// The paths, as the forge has them.
    pub patterns: Vec<String>,
}

/// A line of a CODEOWNERS file that the forge reports as an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedLine {
    /// The path of the file.
    pub path: String,
    /// The number of the line, from 1.
    pub line: u64,
    /// What the forge calls the error.
    pub kind: String,
    /// What the forge says.
    pub message: String,
}

impl Answers {
    /// No answers yet.
    #[must_use]
    pub fn new(forge: Forge, repository: impl Into<String>) -> Self {
        Answers {
            forge,
            repository: repository.into(),
            ..Answers::default()
        }
    }

    /// Sets what the forge said about an owner.
    pub fn set(&mut self, owner: &Owner, standing: Standing) {
        self.owners.insert(owner.folded(), standing);
    }

    /// Sets the members of a team.
    pub fn set_members(&mut self, team: &Owner, members: Members) {
        self.members.insert(team.folded(), members);
    }

    /// Sets the approvals that the forge demands of a team.
    pub fn set_demands(&mut self, team: &Owner, demands: Demands) {
        self.demands.insert(team.folded(), demands);
    }

    /// Changes every text that the forge said with `shown`.
    #[cfg(feature = "live")]
    pub(crate) fn change_texts(&mut self, shown: impl Fn(&str) -> String) {
        let change = |text: &mut String| *text = shown(text);
        change(&mut self.repository);
        for RejectedLine {
            path,
            kind,
            message,
            ..
        } in &mut self.rejected
        {
            [path, kind, message].into_iter().for_each(change);
        }
        for standing in self.owners.values_mut() {
            match standing {
                Standing::Missing(text)
                | Standing::Renamed(text)
                | Standing::Rejected(text)
                | Standing::WithoutAccess(text)
                | Standing::Unknown(text) => change(text),
                Standing::Valid => {}
            }
        }
        for members in self.members.values_mut() {
            match members {
                Members::Known(owners) => owners
                    .iter_mut()
                    .for_each(|owner| *owner = Owner::unchecked(&shown(owner.as_str()))),
                Members::Unknown(why) => change(why),
            }
        }
        for demands in self.demands.values_mut() {
            match demands {
                Demands::Known(known) => {
                    let patterns = known.iter_mut().flat_map(|each| &mut each.patterns);
                    patterns.for_each(change);
                }
                Demands::Unknown(why) => change(why),
            }
        }
    }

    /// What the forge said about an owner. `None` if it was not asked.
    #[must_use]
    pub fn standing(&self, owner: &Owner) -> Option<&Standing> {
        self.owners.get(&owner.folded())
    }

    /// The approvals that the forge demands of a team. `None` if it was not asked.
    #[must_use]
    pub fn demands(&self, team: &Owner) -> Option<&Demands> {
        self.demands.get(&team.folded())
    }

    /// What the forge said about the members of a team. `None` if it was not asked.
    #[must_use]
    pub fn members(&self, team: &Owner) -> Option<&Members> {
        self.members.get(&team.folded())
    }
}
