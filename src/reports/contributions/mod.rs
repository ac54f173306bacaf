//! Who changed which files: what `suggest` and `risk` calculate from.
//!
//! A [`Counter`] takes the commits one by one, the latest first, and keeps only counts: how often
//! each author changed each file, and how much each did in each [area](areas). So memory depends on
//! the number of files and authors, and not on the number of commits. When all commits are
//! counted, authors are joined to people (`identity`).

pub mod areas;
mod counter;
mod identity;

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

pub use counter::{Counter, Counting};

use crate::ids::{IdVec, id};
use crate::paths::PathId;
use areas::AreaId;

id! {
    /// Somebody who changed files: an author, or several that are the same person.
    pub struct PersonId;
    /// A name with an address, as commits have it.
    pub(crate) struct AuthorId;
}

/// A commit of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit<'c> {
    /// When it was written, in seconds since 1970.
    pub time: i64,
    /// Its author and those in its `Co-authored-by` lines, as `.mailmap` names them.
    pub authors: Vec<Author<'c>>,
    /// What it changed.
    pub changes: Vec<Change<'c>>,
    /// How many files it changed beyond these.
    pub more: usize,
}

/// A name with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author<'c> {
    /// The name.
    pub name: Cow<'c, str>,
    /// The e-mail address.
    pub address: Cow<'c, str>,
}

/// A file that a commit changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<'c> {
    /// It is new.
    Created(&'c [u8]),
    /// It has another content or mode.
    Changed(&'c [u8]),
    /// It is gone.
    Deleted(&'c [u8]),
    /// It has the same content at another place.
    Moved {
        /// Where it was.
        old: &'c [u8],
        /// Where it is.
        new: &'c [u8],
    },
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The login, if an address that a forge made has one.
    pub login: Option<String>,
    /// Whether some of the addresses are of this person only because of the name in the commits.
    pub is_joined_by_name: bool,
    /// The name in the latest commit. May be empty.
    pub name: String,
    /// The addresses, those of the latest commits first.
    pub addresses: Vec<String>,
}

/// What a person did in an area.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Activity {
    /// The number of commits.
    pub commits: u32,
    /// The same, each commit decayed by its age.
    pub recent_commits: f64,
    /// The time of the latest commit.
    pub last: i64,
}

/// Who created a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation<I> {
    /// When.
    pub time: i64,
    /// The author of the commit and the co-authors.
    pub by: SmallVec<[I; 1]>,
}

/// How many commits were read, and how many of them were not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All commits since the day that is asked for. Merges are not among them.
    pub read: usize,
    /// Those that changed more files than the limit.
    pub mass_changes: usize,
    /// Those that only programs made.
    pub by_programs: usize,
}

/// The counts of a history.
#[derive(Clone, Debug, Default)]
pub struct Contributions {
    /// Everybody with a commit, in an area or not.
    pub people: IdVec<PersonId, Person>,
    /// The number of commits of each person to each file, by file.
    pub touches: Vec<(PathId, PersonId, u32)>,
    /// Who created a file. Not for files that a commit created that does not count.
    pub creations: FxHashMap<PathId, Creation<PersonId>>,
    /// What each person did in each area, by area.
    pub activity: Vec<(AreaId, PersonId, Activity)>,
    /// The numbers of commits.
    pub totals: Totals,
}

impl Contributions {
    /// The number of commits of each person to a file.
    #[must_use]
    pub fn of_path(&self, path: PathId) -> &[(PathId, PersonId, u32)] {
        equal_range(&self.touches, |&(other, ..)| other.cmp(&path))
    }

    /// What each person did in an area.
    #[must_use]
    pub fn in_area(&self, area: AreaId) -> &[(AreaId, PersonId, Activity)] {
        equal_range(&self.activity, |&(other, ..)| other.cmp(&area))
    }
}

fn equal_range<T>(sorted: &[T], compare: impl Fn(&T) -> std::cmp::Ordering) -> &[T] {
    let start = sorted.partition_point(|item| compare(item).is_lt());
    let rest = &sorted[start..];
    &rest[..rest.partition_point(|item| compare(item).is_eq())]
}

/// How much something counts that happened at `time`: 1 now, a half after `half_life` seconds, a
/// quarter after twice as much.
#[must_use]
pub fn decay(time: i64, now: i64, half_life: f64) -> f64 {
    let age = now.saturating_sub(time).max(0) as f64;
    (-age / half_life).exp2()
}
