//! Who has worked in an area and does not own it: the people to ask.
//!
//! The score of a person in an area is
//!
//! ```text
//! 2 · ln(1 + files created there) + ln(1 + commits there)
//! ```
//!
//! where each file and each commit counts by its age: 1 today, a half after a half-life, a quarter
//! after two. Who created a file knows it best: in the study of Fritz and others ("A
//! degree-of-knowledge model to capture source code familiarity", ICSE 2010), creating a file
//! weighs as much as several later changes. The logarithm says that the hundredth commit tells less
//! than the first. The page `docs/suggest.md` has figures of how well this predicts who becomes an
//! owner.

use rustc_hash::FxHashMap;

use super::contributions::areas::{AreaId, Areas, OwnerId};
use super::contributions::{Activity, Contributions, Counting, PersonId, decay};
use crate::ids::IdVec;
use crate::owner::{Owner, OwnerKind};

/// How much a created file weighs, compared with a commit.
const CREATED: f64 = 2.0;

/// Somebody who has worked in an area.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The score. More is better.
    pub score: f64,
    /// The number of files that they created there.
    pub created: usize,
    /// What they did there.
    pub activity: Activity,
    /// The number of files that they changed there.
    pub files: usize,
    /// The number of files there that they own: less than half of them, or they would not be listed.
    pub owned: usize,
}

/// Which owners are which people.
#[derive(Clone, Debug)]
pub struct KnownOwners {
    /// The person of each owner. `None` for teams, and for people without a commit under a login or
    /// address that is known.
    pub person_of: IdVec<OwnerId, Option<PersonId>>,
}

impl KnownOwners {
    /// Finds the people by login and address. A name in commits that is a login counts, too, if no
    /// address has that login.
    #[must_use]
    pub fn new(areas: &Areas, contributions: &Contributions) -> Self {
        let mut of_name: FxHashMap<String, PersonId> = FxHashMap::default();
        let people = || contributions.people.with_ids();
        for (id, person) in people() {
            let login = person.login.iter().map(|login| format!("@{login}"));
            for name in login.chain(person.addresses.iter().cloned()) {
                of_name.entry(name.to_ascii_lowercase()).or_insert(id);
            }
        }
        for (id, person) in people().filter(|(_, person)| person.login.is_none()) {
            let name = format!("@{}", person.name.to_ascii_lowercase());
            of_name.entry(name).or_insert(id);
        }
        let person = |owner: &Owner| match owner.kind() {
            OwnerKind::User | OwnerKind::Email => of_name.get(&owner.folded()).copied(),
            OwnerKind::Team | OwnerKind::Role => None,
        };
        let person_of = areas.owners().iter().map(person).collect();
        KnownOwners { person_of }
    }
}

/// Everybody who has worked in an area and owns less than half of its files, best first.
#[must_use]
pub fn candidates(
    area: AreaId,
    areas: &Areas,
    contributions: &Contributions,
    owners: &KnownOwners,
    counting: &Counting,
) -> Vec<Candidate> {
    let paths = &areas.all()[area].paths;
    let mut owned: FxHashMap<PersonId, usize> = FxHashMap::default();
    for &(owner, count) in &areas.all()[area].owners {
        if let Some(person) = owners.person_of[owner] {
            *owned.entry(person).or_default() += count;
        }
    }
    let mut files: FxHashMap<PersonId, usize> = FxHashMap::default();
    let mut created: FxHashMap<PersonId, (usize, f64)> = FxHashMap::default();
    for &path in paths {
        for &(_, person, _) in contributions.of_path(path) {
            *files.entry(person).or_default() += 1;
        }
        let Some(creation) = contributions.creations.get(&path) else {
            continue;
        };
        let recent = decay(creation.time, counting.now, counting.half_life());
        for &person in &creation.by {
            let (count, sum) = created.entry(person).or_default();
            *count += 1;
            *sum += recent;
        }
    }
    let candidate = |&(_, person, activity): &(AreaId, PersonId, Activity)| {
        let (created, recent_created) = created.get(&person).copied().unwrap_or_default();
        let score = CREATED * recent_created.ln_1p() + activity.recent_commits.ln_1p();
        Candidate {
            person,
            score,
            created,
            activity,
            files: files.get(&person).copied().unwrap_or_default(),
            owned: owned.get(&person).copied().unwrap_or_default(),
        }
    };
    let is_listed = |candidate: &Candidate| candidate.owned * 2 >= paths.len();
    let mut found: Vec<Candidate> = (contributions.in_area(area).iter())
        .map(candidate)
        .filter(|candidate| !is_listed(candidate))
        .collect();
    found.sort_by(|a, b| {
        let by_commits = || b.activity.commits.cmp(&a.activity.commits);
        let by_time = || b.activity.last.cmp(&a.activity.last);
        (b.score.total_cmp(&a.score))
            .then_with(by_commits)
            .then_with(by_time)
            .then_with(|| a.person.cmp(&b.person))
    });
    found
}
