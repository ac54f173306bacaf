//! Counts commits as they come, the latest first.
//!
//! A commit that moves a file is followed: before it, the file has its old name. Commits on other
//! branches that are older than the move, but come before it in this order, count for nothing
//! there.
//!
//! A file that was deleted and created again is another one: what was done before the deletion
//! counts for nothing. A deletion without a later creation was on another branch, and did not last.
//!
//! A commit that is too old counts for nothing, but is followed like all others. Its age is that of
//! all reports: by the date of its author. Any commit may have any date, so none is the last one to
//! read.
//!
//! A commit with several authors is kept until all authors are known, because two of them may be
//! the same person, who did not commit twice.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::areas::{AreaId, Areas};
use super::identity::{self, KnownAuthor};
use super::{
    Activity, Author, AuthorId, Change, Commit, Contributions, Creation, PersonId, Totals, decay,
};
use crate::forge::Forge;
use crate::ids::{Id, IdVec};
use crate::paths::{PathId, PathSet};
use crate::people::{self, bots};
use crate::text::date::DAY;

/// The longest name or address. It bounds the memory for authors. An author with a longer one does
/// not count.
const MAX_NAME: usize = 1000;

/// What counts, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Counting {
    /// The time from which ages are counted, in seconds since 1970.
    pub now: i64,
    /// Commits that were written before do not count. In seconds since 1970.
    pub since: Option<i64>,
    /// After so many days, a commit counts half.
    pub half_life_days: u32,
    /// Commits that change more files than this do not count.
    pub max_files: usize,
    /// The forge whose logins are read from addresses.
    pub forge: Forge,
}

/// Counts commits.
#[derive(Debug)]
pub struct Counter<'a> {
    counting: Counting,
    paths: &'a PathSet,
    areas: &'a Areas,
    /// The names that files had at the time of the commits that come next, if these are not their
    /// names in `paths`. `None` for a name in `paths` that belonged to no file, or to another one.
    moved: FxHashMap<Box<[u8]>, Option<PathId>>,
    /// The files whose creation was seen.
    created: FxHashSet<PathId>,
    authors: IdVec<AuthorId, KnownAuthor>,
    author_of: FxHashMap<Box<str>, AuthorId>,
    touches: FxHashMap<(PathId, AuthorId), u32>,
    creations: FxHashMap<PathId, Creation<AuthorId>>,
    activity: FxHashMap<(AreaId, AuthorId), Activity>,
    together: Vec<Together>,
    totals: Totals,
}

/// A commit of several authors.
#[derive(Debug)]
struct Together {
    time: i64,
    authors: Box<[AuthorId]>,
    paths: Box<[PathId]>,
}

impl<'a> Counter<'a> {
    /// Starts with no commits.
    #[must_use]
    pub fn new(paths: &'a PathSet, areas: &'a Areas, counting: Counting) -> Self {
        Counter {
            counting,
            paths,
            areas,
            moved: FxHashMap::default(),
            created: FxHashSet::default(),
            authors: IdVec::default(),
            author_of: FxHashMap::default(),
            touches: FxHashMap::default(),
            creations: FxHashMap::default(),
            activity: FxHashMap::default(),
            together: Vec::new(),
            totals: Totals::default(),
        }
    }

    /// Counts a commit. Pass the latest first, and no merges.
    pub fn add(&mut self, commit: &Commit<'_>) {
        let is_old = (self.counting.since).is_some_and(|since| commit.time < since);
        let is_mass = commit.changes.len() + commit.more > self.counting.max_files;
        let (touched, created) = match is_old || is_mass {
            true => Default::default(),
            false => self.touched(commit),
        };
        self.follow(commit);
        // All authors are known, those of commits that do not count, too: an owner among them is
        // somebody who did nothing here, and not somebody unknown.
        let authors = self.authors(commit);
        if is_old {
            return;
        }
        self.totals.read += 1;
        if is_mass {
            self.totals.mass_changes += 1;
            return;
        }
        if authors.is_empty() {
            self.totals.by_programs += 1;
            return;
        }
        if touched.is_empty() {
            return;
        }
        for path in created {
            let (time, by) = (commit.time, authors.clone());
            // The commits that come later are older: the oldest one that creates the file counts.
            self.creations.insert(path, Creation { time, by });
        }
        match *authors {
            [author] => self.count(commit.time, author, &touched),
            _ => self.together.push(Together {
                time: commit.time,
                authors: authors.into_vec().into(),
                paths: touched.into(),
            }),
        }
    }

    /// The files in areas that a commit changed or created, each once, and those that it created.
    fn touched(&self, commit: &Commit<'_>) -> (Vec<PathId>, Vec<PathId>) {
        let mut touched: Vec<PathId> = Vec::new();
        let mut created: Vec<PathId> = Vec::new();
        for change in &commit.changes {
            let (Change::Created(path) | Change::Changed(path)) = change else {
                continue;
            };
            let counts = |path: &PathId| !self.areas.of_path(*path).is_empty();
            if let Some(path) = self.find(path).filter(counts) {
                touched.push(path);
                if matches!(change, Change::Created(_)) {
                    created.push(path);
                }
            }
        }
        touched.sort_unstable();
        touched.dedup();
        (touched, created)
    }

    /// The authors of a commit who are people, each once.
    fn authors(&mut self, commit: &Commit<'_>) -> SmallVec<[AuthorId; 1]> {
        let mut authors: SmallVec<[AuthorId; 1]> = SmallVec::new();
        for author in &commit.authors {
            if !self.is_person(author) {
                continue;
            }
            let author = self.author(author);
            if !authors.contains(&author) {
                authors.push(author);
            }
        }
        authors
    }

    /// The file that had this name then.
    fn find(&self, name: &[u8]) -> Option<PathId> {
        match self.moved.get(name) {
            Some(&path) => path,
            None => self.paths.id_of(name),
        }
    }

    /// From here on, files have the names that they had before the commit.
    fn follow(&mut self, commit: &Commit<'_>) {
        for change in &commit.changes {
            match change {
                Change::Created(path) => self.created.extend(self.find(path)),
                Change::Deleted(path) => {
                    let file = self.find(path);
                    if file.is_some_and(|file| self.created.contains(&file)) {
                        self.name(path, None);
                    }
                }
                Change::Moved { old, new } => {
                    let file = self.find(new);
                    if file.is_some() {
                        self.name(new, None);
                    }
                    self.name(old, file);
                }
                Change::Changed(_) => {}
            }
        }
    }

    fn name(&mut self, name: &[u8], file: Option<PathId>) {
        // A name that means nothing needs no entry, unless it means something in `paths`.
        if file.is_some() || self.paths.id_of(name).is_some() {
            self.moved.insert(name.into(), file);
        } else {
            self.moved.remove(name);
        }
    }

    fn is_person(&self, author: &Author<'_>) -> bool {
        let login = people::of_address(&author.address, self.counting.forge);
        let is_named = !author.name.is_empty() || !author.address.is_empty();
        is_named
            && author.name.len() <= MAX_NAME
            && author.address.len() <= MAX_NAME
            && !bots::is_bot(&author.name)
            && !bots::is_address(&author.address)
            && !login.is_some_and(bots::is_bot)
    }

    fn author(&mut self, author: &Author<'_>) -> AuthorId {
        let key = format!("{}<{}", author.name, author.address);
        if let Some(&known) = self.author_of.get(key.as_str()) {
            return known;
        }
        let id = self.authors.push(KnownAuthor {
            name: author.name.trim().into(),
            address: author.address.trim().into(),
        });
        self.author_of.insert(key.into(), id);
        id
    }

    fn count(&mut self, time: i64, author: AuthorId, paths: &[PathId]) {
        for &path in paths {
            *self.touches.entry((path, author)).or_default() += 1;
        }
        let areas = areas_of(self.areas, paths);
        let recent = self.counting.recent(time);
        for area in areas {
            let activity = self.activity.entry((area, author)).or_default();
            activity.count(time, recent);
        }
    }

    /// Joins the authors to people.
    #[must_use]
    pub fn finish(self) -> Contributions {
        let (person_of, people) = identity::join(&self.authors, self.counting.forge);
        let mut touches: FxHashMap<(PathId, PersonId), u32> = FxHashMap::default();
        for ((path, author), count) in self.touches {
            *touches.entry((path, person_of[author])).or_default() += count;
        }
        let mut activity: FxHashMap<(AreaId, PersonId), Activity> = FxHashMap::default();
        // In the order of the authors, because the order of a sum of floats makes a difference.
        let mut parts: Vec<_> = self.activity.into_iter().collect();
        parts.sort_unstable_by_key(|&(key, _)| key);
        for ((area, author), part) in parts {
            let whole = activity.entry((area, person_of[author])).or_default();
            whole.add(part);
        }
        for commit in &self.together {
            let people = distinct(commit.authors.iter().map(|&author| person_of[author]));
            let recent = self.counting.recent(commit.time);
            for &person in &people {
                for &path in &commit.paths {
                    *touches.entry((path, person)).or_default() += 1;
                }
                for &area in &areas_of(self.areas, &commit.paths) {
                    let whole = activity.entry((area, person)).or_default();
                    whole.count(commit.time, recent);
                }
            }
        }
        let creations = self.creations.into_iter().map(|(path, creation)| {
            let by = distinct(creation.by.iter().map(|&author| person_of[author]));
            let time = creation.time;
            (path, Creation { time, by })
        });
        let mut touches: Vec<_> = (touches.into_iter())
            .map(|((path, person), count)| (path, person, count))
            .collect();
        touches.sort_unstable();
        let mut activity: Vec<_> = (activity.into_iter())
            .map(|((area, person), activity)| (area, person, activity))
            .collect();
        activity.sort_unstable_by_key(|&(area, person, _)| (area, person));
        Contributions {
            people,
            touches,
            creations: creations.collect(),
            activity,
            totals: self.totals,
        }
    }
}

impl Counting {
    fn recent(&self, time: i64) -> f64 {
        decay(time, self.now, self.half_life())
    }

    /// In seconds.
    #[must_use]
    pub fn half_life(&self) -> f64 {
        f64::from(self.half_life_days) * DAY as f64
    }
}

impl Activity {
    fn count(&mut self, time: i64, recent: f64) {
        let (commits, recent_commits) = (1, recent);
        let last = time;
        self.add(Activity {
            commits,
            recent_commits,
            last,
        });
    }

    fn add(&mut self, other: Activity) {
        self.last = match self.commits {
            0 => other.last,
            _ => self.last.max(other.last),
        };
        self.commits += other.commits;
        self.recent_commits += other.recent_commits;
    }
}

/// The areas of some paths, each once.
fn areas_of(areas: &Areas, paths: &[PathId]) -> SmallVec<[AreaId; 1]> {
    distinct(paths.iter().flat_map(|&path| areas.of_path(path)).copied())
}

fn distinct<I: Id + Ord>(ids: impl Iterator<Item = I>) -> SmallVec<[I; 1]> {
    let mut ids: SmallVec<[I; 1]> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
