//! What would be lost if somebody left: files that one owner knows, the truck factor, and owners who
//! are gone.
//!
//! The truck factor is the number of people who have to leave until more than half of the files have
//! no author left. Who is an author of a file is decided by its *degree of authorship* (Fritz and
//! others, ICSE 2010), with the thresholds of Avelino and others ("A novel approach for estimating
//! truck factors", ICPC 2016):
//!
//! ```text
//! DOA = 3.293 + 1.098 · FA + 0.164 · DL − 0.321 · ln(1 + AC)
//! ```
//!
//! FA is 1 for who created the file, DL is the number of the person's commits to it, and AC that of
//! all others. An author has a DOA of at least 3.293, and of more than 0.75 of the highest DOA of
//! that file.

use rustc_hash::FxHashMap;

use super::contributions::areas::{Area, AreaId, Areas, OwnerId};
use super::contributions::{Activity, Contributions, PersonId};
use super::suggest::KnownOwners;
use crate::owner::{Owner, OwnerKind};
use crate::paths::PathId;

/// The least degree of authorship of an author.
const LEAST: f64 = 3.293;
/// The least share of the highest degree of authorship of a file. An author has more.
const SHARE: f64 = 0.75;

/// The risks of an area.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Risk {
    /// The files that only one of their owners has changed, by this owner, most first.
    pub one_owner: Vec<(OwnerId, usize)>,
    /// The number of files with owners, none of whom has changed the file.
    pub no_owner: usize,
    /// The number of files that somebody is an author of.
    pub authored: usize,
    /// Those who have to leave until more than half of the files have no author, with the number of
    /// files that each is an author of. The truck factor is their number.
    pub key_people: Vec<(PersonId, usize)>,
    /// The people among the owners who have commits, with what each did in the area. `None` if
    /// nothing.
    pub owners: Vec<(OwnerId, Option<Activity>)>,
    /// The owners of whom nothing is known: teams whose members are unknown, and people without a
    /// commit under a login or address that is known. Their files are neither `one_owner` nor
    /// `no_owner`.
    pub unknown: Vec<OwnerId>,
}

/// The risks of an area.
#[must_use]
pub fn risk(
    area: AreaId,
    areas: &Areas,
    contributions: &Contributions,
    known: &KnownOwners,
) -> Risk {
    let Area { paths, owners, .. } = &areas.all()[area];
    let mut one_owner: FxHashMap<OwnerId, usize> = FxHashMap::default();
    let mut no_owner = 0;
    for &path in paths {
        match knowing(path, areas, contributions, known) {
            Knowing::One(owner) => *one_owner.entry(owner).or_default() += 1,
            Knowing::Nobody => no_owner += 1,
            Knowing::Others => {}
        }
    }
    let mut one_owner: Vec<(OwnerId, usize)> = one_owner.into_iter().collect();
    one_owner.sort_unstable_by_key(|&(owner, count)| (std::cmp::Reverse(count), owner));
    let authors: Vec<Vec<PersonId>> = (paths.iter())
        .map(|&path| authors(path, contributions))
        .filter(|authors| !authors.is_empty())
        .collect();
    let activity: FxHashMap<PersonId, Activity> = (contributions.in_area(area).iter())
        .map(|&(_, person, activity)| (person, activity))
        .collect();
    let seen = |&(owner, _): &(OwnerId, usize)| {
        let person = known.person_of[owner]?;
        Some((owner, activity.get(&person).copied()))
    };
    let ids = owners.iter().map(|&(owner, _)| owner);
    Risk {
        one_owner,
        no_owner,
        authored: authors.len(),
        key_people: key_people(&authors),
        owners: owners.iter().filter_map(seen).collect(),
        unknown: ids
            .filter(|&owner| known.person_of[owner].is_none())
            .collect(),
    }
}

/// The risks of a path, as a sum: at most one of its owners knows it.
pub const ONE_KNOWER: u8 = 1;
/// None of its owners is active.
pub const INACTIVE: u8 = 2;

/// The risks of a path: the sum of [`ONE_KNOWER`] if at most one of its owners has changed it, and of
/// [`INACTIVE`] if none of them has done anything since `active_since` in an area of the path. Neither if
/// there are owners of whom nothing is known.
#[must_use]
pub fn flags(
    path: PathId,
    areas: &Areas,
    contributions: &Contributions,
    known: &KnownOwners,
    active_since: i64,
) -> u8 {
    let one = match knowing(path, areas, contributions, known) {
        Knowing::Others => 0,
        Knowing::One(_) | Knowing::Nobody => ONE_KNOWER,
    };
    let mut people = areas
        .owners_of(path)
        .iter()
        .map(|&owner| known.person_of[owner]);
    let is_active = |person: PersonId| {
        areas.of_path(path).iter().any(|&area| {
            let activity = contributions.in_area(area);
            let found = activity.binary_search_by_key(&person, |each| each.1);
            found.is_ok_and(|at| activity[at].2.last >= active_since)
        })
    };
    // A path in no area does not count.
    let is_inactive = people.len() > 0
        && !areas.of_path(path).is_empty()
        && people.all(|person| person.is_some_and(|person| !is_active(person)));
    one + if is_inactive { INACTIVE } else { 0 }
}

/// Whether an owner is one person, and not a team whose members are unknown.
#[must_use]
pub fn is_person(owner: &Owner) -> bool {
    matches!(owner.kind(), OwnerKind::User | OwnerKind::Email)
}

/// Which of the owners of a file have changed it.
enum Knowing {
    One(OwnerId),
    /// It has owners, who are all known.
    Nobody,
    /// Several have. Or it has no owners, or nothing is known of some of them.
    Others,
}

fn knowing(
    path: PathId,
    areas: &Areas,
    contributions: &Contributions,
    known: &KnownOwners,
) -> Knowing {
    let owners = areas.owners_of(path);
    let is_known = |&owner: &OwnerId| known.person_of[owner].is_some();
    if owners.is_empty() || !owners.iter().all(is_known) {
        return Knowing::Others;
    }
    let touches = contributions.of_path(path);
    let has_changed = |owner: &&OwnerId| {
        known.person_of[**owner].is_some_and(|person| {
            let found = touches.binary_search_by_key(&person, |touch| touch.1);
            found.is_ok()
        })
    };
    let mut knowing = owners.iter().filter(has_changed);
    match (knowing.next(), knowing.next()) {
        (Some(&owner), None) => Knowing::One(owner),
        (None, _) => Knowing::Nobody,
        _ => Knowing::Others,
    }
}

/// The authors of a file.
fn authors(path: PathId, contributions: &Contributions) -> Vec<PersonId> {
    let touches = contributions.of_path(path);
    let all: u32 = touches.iter().map(|&(_, _, commits)| commits).sum();
    let creators = contributions
        .creations
        .get(&path)
        .map(|creation| &*creation.by);
    let degrees: Vec<(PersonId, f64)> = (touches.iter())
        .map(|&(_, person, commits)| {
            let is_first = creators.is_some_and(|creators| creators.contains(&person));
            (
                person,
                degree_of_authorship(is_first, commits, all - commits),
            )
        })
        .collect();
    let highest = degrees
        .iter()
        .map(|&(_, degree)| degree)
        .fold(0.0, f64::max);
    let is_author = |degree: f64| degree >= LEAST && degree > SHARE * highest;
    let authors = degrees.iter().filter(|&&(_, degree)| is_author(degree));
    authors.map(|&(person, _)| person).collect()
}

/// The degree of authorship: who created the file or not, the person's commits to it, and those of
/// all others.
#[must_use]
pub fn degree_of_authorship(is_first: bool, own: u32, others: u32) -> f64 {
    let first = if is_first { 1.098 } else { 0.0 };
    3.293 + first + 0.164 * f64::from(own) - 0.321 * f64::from(others).ln_1p()
}

/// Who has to leave until more than half of the files have no author: again and again the one who is
/// an author of most files.
fn key_people(files: &[Vec<PersonId>]) -> Vec<(PersonId, usize)> {
    let mut of_person: FxHashMap<PersonId, Vec<usize>> = FxHashMap::default();
    for (file, authors) in files.iter().enumerate() {
        for &author in authors {
            of_person.entry(author).or_default().push(file);
        }
    }
    let mut people: Vec<(PersonId, Vec<usize>)> = of_person.into_iter().collect();
    people.sort_unstable_by_key(|(person, files)| (std::cmp::Reverse(files.len()), *person));
    let mut left: Vec<usize> = files.iter().map(Vec::len).collect();
    let mut covered = files.len();
    let mut gone = Vec::new();
    for (person, authored) in people {
        if covered * 2 < files.len() {
            break;
        }
        gone.push((person, authored.len()));
        for file in authored {
            left[file] -= 1;
            covered -= usize::from(left[file] == 0);
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn people(files: &[&[usize]]) -> Vec<(usize, usize)> {
        let files: Vec<Vec<PersonId>> = (files.iter())
            .map(|authors| {
                authors
                    .iter()
                    .map(|&each| PersonId::from_index(each))
                    .collect()
            })
            .collect();
        let people = key_people(&files).into_iter();
        people
            .map(|(person, files)| (person.index(), files))
            .collect()
    }

    #[test]
    fn who_has_to_leave() {
        assert_eq!(people(&[]), []);
        assert_eq!(people(&[&[0]]), [(0, 1)]);
        // Half of the files is not more than half.
        assert_eq!(people(&[&[0], &[1]]), [(0, 1), (1, 1)]);
        assert_eq!(people(&[&[0], &[0], &[1]]), [(0, 2)]);
        assert_eq!(people(&[&[0, 1], &[0, 1], &[1]]), [(1, 3), (0, 2)]);
    }

    #[test]
    fn degrees_as_published() {
        let degree = degree_of_authorship(true, 1, 0);
        assert!((degree - 4.555).abs() < 1e-9, "{degree}");
        let degree = degree_of_authorship(false, 2, 9);
        assert!(
            (degree - (3.621 - 0.321 * 10_f64.ln())).abs() < 1e-9,
            "{degree}"
        );
    }
}
