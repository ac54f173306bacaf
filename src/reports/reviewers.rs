//! Whom a forge asks to review a change, and who is enough.
//!
//! A forge reads the CODEOWNERS file of the branch that a change goes to, so that is what decides
//! here: not `owners.toml`, and not what the change itself does to either.
//!
//! One approval by any owner of a path settles it. The smallest set of people whose approvals
//! settle every path is the smallest set that has a member in common with each list of owners, a
//! hitting set; up to [`EXACT`] owners all of them are tried, beyond that the one who settles most
//! of what is left is taken each time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use bstr::ByteSlice;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codeowners::File;
use crate::owner::Owner;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet, common_prefix};

/// Up to so many owners, the smallest set is found for certain.
pub const EXACT: usize = 20;
/// How often a path may be somebody's to review: a thousand owners of each of a million paths are
/// more than anybody reads.
const MAX_PAIRS: usize = 5_000_000;

/// Who is asked to review a change. Paths are those of the change, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewers {
    /// Those who are asked, and for which paths: most paths first.
    pub requests: Vec<Request>,
    /// The paths that nobody owns.
    pub unowned: Vec<PathId>,
    /// The paths that nobody but the author owns.
    pub authors_own: Vec<PathId>,
    /// The smallest set of owners whose approvals settle every path.
    pub enough: Vec<Owner>,
    /// Whether that is certain to be the smallest.
    pub is_exact: bool,
}

/// One owner who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who.
    pub owner: Owner,
    /// For which paths.
    pub paths: Vec<PathId>,
}

/// Too many owners are to review too many paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the change has more than {MAX_PAIRS} pairs of a path and an owner"
        )
    }
}

impl std::error::Error for TooMany {}

/// Finds out. `author` is not asked to review what they wrote.
///
/// ```
/// use owners::codeowners::read;
/// use owners::PathSet;
/// use owners::Forge;
/// use owners::reports::reviewers::reviewers;
///
/// let file = read("/a @x @y\n/b @y @z\n", Forge::GITHUB);
/// let paths: PathSet = ["a", "b", "c"].into_iter().collect();
/// let found = reviewers(&file, &paths, None)?;
/// assert_eq!(found.requests.len(), 3);
/// assert_eq!(found.enough[0].as_str(), "@y");
/// assert_eq!(&paths[found.unowned[0]], b"c");
/// # Ok::<_, owners::reports::reviewers::TooMany>(())
/// ```
///
/// # Errors
///
/// If each path counted for each of its owners is more than can be listed.
pub fn reviewers(
    file: &File,
    paths: &PathSet,
    author: Option<&Owner>,
) -> Result<Reviewers, TooMany> {
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let mut found = Reviewers::default();
    let mut asked = Asked::default();
    let mut pairs = 0;
    for (id, path) in paths.with_ids() {
        // On GitLab every section wants an approval.
        let lists = matcher.owners(&mut walk, path);
        if lists.is_empty() {
            found.unowned.push(id);
        }
        let mut is_authors = false;
        for owners in lists {
            pairs += owners.len();
            if pairs > MAX_PAIRS {
                return Err(TooMany);
            }
            let others = owners
                .iter()
                .filter(|owner| author.is_none_or(|author| !owner.is_same(author)));
            is_authors |= !asked.ask(others, id);
        }
        if is_authors {
            found.authors_own.push(id);
        }
    }
    (found.enough, found.is_exact) = asked.enough();
    found.requests = asked.requests;
    found.requests.sort_by(|a, b| {
        b.paths
            .len()
            .cmp(&a.paths.len())
            .then_with(|| a.owner.folded().cmp(&b.owner.folded()))
    });
    Ok(found)
}

/// A path of a change, or a directory of which the change touches nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path; a directory has a slash behind it.
    pub path: Vec<u8>,
    /// How many paths that is.
    pub paths: usize,
}

/// Folds `some` of the paths of a change to directories of which the change touches nothing else,
/// and says as much as `limit` places can: a directory is taken apart while there is room.
///
/// ```
/// use owners::PathSet;
/// use owners::reports::reviewers::places;
///
/// let change: PathSet = ["a/b/1", "a/b/2", "a/c", "d/1", "d/2"].into_iter().collect();
/// let some: Vec<_> = change.ids().iter().take(4).collect();
/// let shown = |limit| -> Vec<(String, usize)> {
///     let text = |path| String::from_utf8(path).unwrap();
///     places(&change, &some, limit).into_iter().map(|place| (text(place.path), place.paths)).collect()
/// };
/// assert_eq!(shown(2), [("a/".into(), 3), ("d/1".into(), 1)]);
/// assert_eq!(shown(3), [("a/b/".into(), 2), ("a/c".into(), 1), ("d/1".into(), 1)]);
/// assert_eq!(shown(4).len(), 4);
/// ```
#[must_use]
pub fn places(change: &PathSet, some: &[PathId], limit: usize) -> Vec<Place> {
    let folded = fold(change, some);
    let mut places: Vec<Part<'_>> = folded
        .iter()
        .map(|each| Part::new(change, each.files))
        .collect();
    loop {
        if places.len() >= limit && !places.iter().any(|place| place.path.is_empty()) {
            break;
        }
        let mut by_size: Vec<usize> = (0..places.len()).collect();
        by_size.sort_by_key(|&place| std::cmp::Reverse(places[place].files.len()));
        let split = by_size.into_iter().find_map(|place| {
            let parts = places[place].parts(change);
            let is_more = parts.len() > 1;
            // The root says nothing, however much room what is in it takes.
            let fits = places.len() + parts.len() - 1 <= limit || places[place].path.is_empty();
            (is_more && fits).then_some((place, parts))
        });
        let Some((place, parts)) = split else { break };
        places.splice(place..=place, parts);
    }
    let places = places.into_iter().map(|part| Place {
        path: part.path.to_vec(),
        paths: part.files.len(),
    });
    places.collect()
}

/// Neighbouring paths of a change.
struct Part<'p> {
    /// The path, or the innermost directory that they are all in.
    path: &'p [u8],
    /// Which paths these are.
    files: &'p [PathId],
}

impl<'p> Part<'p> {
    fn new(change: &'p PathSet, files: &'p [PathId]) -> Self {
        let name = |file: Option<&PathId>| file.map_or(&[][..], |&file| &change[file]);
        let (first, last) = (name(files.first()), name(files.last()));
        let path = if files.len() > 1 {
            // All between two sorted paths have in common what these two have.
            let common = &first[..common_prefix(first, last)];
            &first[..common.rfind_byte(b'/').map_or(0, |slash| slash + 1)]
        } else {
            first
        };
        Part { path, files }
    }

    /// What is in the directory: files, and directories with all that is in them.
    fn parts(&self, change: &'p PathSet) -> Vec<Part<'p>> {
        if self.files.len() < 2 {
            return Vec::new();
        }
        let child = |&file: &PathId| {
            let rest = &change[file][self.path.len()..];
            &rest[..rest.find_byte(b'/').unwrap_or(rest.len())]
        };
        let children = self.files.chunk_by(|a, b| child(a) == child(b));
        children.map(|files| Part::new(change, files)).collect()
    }
}

/// Who is asked so far.
#[derive(Default)]
struct Asked {
    requests: Vec<Request>,
    places: FxHashMap<String, usize>,
    /// The distinct lists of owners, each sorted, as indices into the requests.
    lists: Vec<Vec<usize>>,
    known: FxHashSet<Vec<usize>>,
}

impl Asked {
    /// Asks these owners to look at `path`; false, if there are none.
    fn ask<'o>(&mut self, owners: impl Iterator<Item = &'o Owner>, path: PathId) -> bool {
        let mut list = Vec::new();
        for owner in owners {
            let next = self.requests.len();
            let place = *self.places.entry(owner.folded()).or_insert(next);
            if place == next {
                self.requests.push(Request {
                    owner: owner.clone(),
                    paths: Vec::new(),
                });
            }
            let paths = &mut self.requests[place].paths;
            if paths.last() != Some(&path) {
                paths.push(path);
            }
            list.push(place);
        }
        list.sort_unstable();
        list.dedup();
        let is_asked = !list.is_empty();
        if is_asked && self.known.insert(list.clone()) {
            self.lists.push(list);
        }
        is_asked
    }

    /// The smallest set of owners with one from each list, and whether that is certain.
    fn enough(&self) -> (Vec<Owner>, bool) {
        let is_exact = self.requests.len() <= EXACT;
        let chosen = if is_exact {
            smallest(&self.lists, self.requests.len())
        } else {
            greedy(&self.lists, self.requests.len())
        };
        let owners = chosen
            .into_iter()
            .map(|index| self.requests[index].owner.clone());
        (owners.collect(), is_exact)
    }
}

/// The smallest set, of several the one whose members come first.
fn smallest(lists: &[Vec<usize>], owners: usize) -> Vec<usize> {
    let mut masks: Vec<u32> = lists
        .iter()
        .map(|list| list.iter().fold(0, |mask, &owner| mask | 1 << owner))
        .collect();
    // Short lists exclude most.
    masks.sort_unstable_by_key(|mask| mask.count_ones());
    let settles = |set: u32| masks.iter().all(|mask| mask & set != 0);
    let members = |set: u32| (0..owners).filter(move |&owner| set & (1 << owner) != 0);
    let sets = (0..=owners as u32).flat_map(|size| of_size(size, owners as u32));
    sets.into_iter()
        .find(|&set| settles(set))
        .map_or_else(Vec::new, |set| members(set).collect())
}

/// All sets of so many of `owners`, by Gosper's way from one to the next.
fn of_size(size: u32, owners: u32) -> impl Iterator<Item = u32> {
    let first = (1u32 << size) - 1;
    std::iter::successors(Some(first), |&set| {
        let lowest = set & set.wrapping_neg();
        let ripple = set.checked_add(lowest).filter(|_| set != 0)?;
        Some(ripple | (((set ^ ripple) >> 2) / lowest))
    })
    .take_while(move |&set| set < 1 << owners)
}

/// Takes whoever settles most of what is left; of several the first.
fn greedy(lists: &[Vec<usize>], owners: usize) -> Vec<usize> {
    // The lists of each owner, and how many of them are left.
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); owners];
    for (index, list) in lists.iter().enumerate() {
        list.iter().for_each(|&owner| own[owner].push(index));
    }
    let mut counts: Vec<usize> = own.iter().map(Vec::len).collect();
    let mut is_left = vec![true; lists.len()];
    // Counts only fall: one that is out of date is put back with the right one.
    let mut heap: BinaryHeap<(usize, Reverse<usize>)> = counts
        .iter()
        .enumerate()
        .map(|(owner, &count)| (count, Reverse(owner)))
        .collect();
    let mut chosen = Vec::new();
    while let Some((count, Reverse(owner))) = heap.pop() {
        if counts[owner] < count {
            heap.push((counts[owner], Reverse(owner)));
            continue;
        }
        if count == 0 {
            break;
        }
        chosen.push(owner);
        for &list in &own[owner] {
            if std::mem::replace(&mut is_left[list], false) {
                lists[list].iter().for_each(|&member| counts[member] -= 1);
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeowners::read;
    use crate::forge::Forge;
    use crate::ids::Id as _;

    fn found(text: &str, forge: Forge, author: Option<&str>) -> Reviewers {
        let paths: PathSet = ["a", "b", "c", "d"].into_iter().collect();
        let author = author.map(Owner::unchecked);
        reviewers(&read(text, forge), &paths, author.as_ref()).unwrap()
    }

    fn indices(paths: &[PathId]) -> Vec<usize> {
        paths.iter().map(|path| path.index()).collect()
    }

    fn names(owners: &[Owner]) -> Vec<&str> {
        owners.iter().map(Owner::as_str).collect()
    }

    #[test]
    fn who_and_for_what() {
        let found = found("/a @x @y\n/b @Y\n/c\n", Forge::GITHUB, None);
        let requests: Vec<(&str, usize)> = found
            .requests
            .iter()
            .map(|each| (each.owner.as_str(), each.paths.len()))
            .collect();
        assert_eq!(requests, [("@y", 2), ("@x", 1)]);
        assert_eq!(indices(&found.unowned), [2, 3]);
        assert_eq!(names(&found.enough), ["@y"]);
        assert!(found.is_exact);
    }

    #[test]
    fn the_author() {
        let found = found("* @x\n/a @x @y\n", Forge::GITHUB, Some("@X"));
        assert_eq!(found.requests.len(), 1);
        assert_eq!(indices(&found.authors_own), [1, 2, 3]);
        assert_eq!(names(&found.enough), ["@y"]);
        assert_eq!(found.unowned.len(), 0);
    }

    #[test]
    fn every_section_wants_an_approval() {
        let found = found("* @x\n[Docs]\n/a @y\n", Forge::GITLAB, None);
        assert_eq!(names(&found.enough), ["@x", "@y"]);
    }

    #[test]
    fn nothing_to_review() {
        let file = read("* @x\n", Forge::GITHUB);
        let found = reviewers(&file, &PathSet::default(), None).unwrap();
        assert_eq!((found.requests.len(), found.enough.len()), (0, 0));
    }

    /// Greed takes 0, which is in most lists, and then needs two more.
    #[test]
    fn exact_is_better_than_greedy() {
        let lists = [
            vec![0, 1],
            vec![0, 1, 3],
            vec![0, 2],
            vec![0, 2, 3],
            vec![1],
            vec![2],
        ];
        assert_eq!(smallest(&lists, 4), [1, 2]);
        assert_eq!(greedy(&lists, 4).len(), 3);
        // Every list on its own.
        let lists: Vec<Vec<usize>> = (0..EXACT).map(|owner| vec![owner]).collect();
        assert_eq!(smallest(&lists, EXACT).len(), EXACT);
        assert_eq!(greedy(&lists, EXACT).len(), EXACT);
    }

    #[test]
    fn all_sets_of_a_size() {
        for owners in 0..8 {
            for size in 0..=owners {
                let sets: Vec<u32> = of_size(size, owners).collect();
                assert!(
                    sets.iter()
                        .all(|set| set.count_ones() == size && *set < 1 << owners)
                );
                let all = (0u32..1 << owners).filter(|set| set.count_ones() == size);
                assert_eq!(sets.len(), all.count(), "{size} of {owners}");
            }
        }
    }

    #[test]
    fn a_path_of_many_owners_counts_for_each() {
        let owners: String = (0..1_000).map(|n| format!(" @u{n}")).collect();
        let paths: PathSet = (0..5_001).map(|n| format!("f{n:05}")).collect();
        let file = read(&format!("*{owners}\n"), Forge::GITHUB);
        assert_eq!(reviewers(&file, &paths, None), Err(TooMany));
    }

    #[test]
    fn beyond_what_can_be_tried() {
        let mut text = String::new();
        let paths: PathSet = (0..30).map(|n| format!("f{n:02}")).collect();
        for n in 0..30 {
            text.push_str(&format!("/f{n:02} @u{n} @all\n"));
        }
        let found = reviewers(&read(&text, Forge::GITHUB), &paths, None).unwrap();
        assert!(!found.is_exact);
        assert_eq!(names(&found.enough), ["@all"]);
    }
}
