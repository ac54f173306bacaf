//! Computes who will be requested to review a change, and the smallest set of owners that covers
//! every path.
//!
//! A forge reads the CODEOWNERS file of the branch that a pull request is merged into. So that file
//! decides here: not `owners.toml`, and not the changes of the pull request to either file.
//!
//! One approval by any owner of a path is enough for that path, unless an approval asks for more: `cover`
//! finds the smallest set.

mod cover;
mod places;

pub use cover::EXACT;
pub use places::{FoldedPath, places};

use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::codeowners::{File, FileLine};
use crate::ids::Id as _;
use crate::owner::{Owner, OwnerKind};
use crate::paths::{PathId, PathSet};
use crate::ruleset::{ApprovalWalk, RuleSet};
use cover::Demand;

/// The maximum number of pairs of path and owner. A thousand owners for each of a million paths
/// would be unreadable.
const MAX_PAIRS: usize = 5_000_000;

/// Who is requested to review a change. Paths are ids of those of the change, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviewers {
    /// The requested owners with their paths. Those with most paths come first.
    pub requests: Vec<Request>,
    /// The paths without owners.
    pub unowned: Vec<PathId>,
    /// The paths that only the author owns.
    pub authors_own: Vec<PathId>,
    /// The paths whose owners are all away, or are the author and people who are away.
    pub away: Vec<PathId>,
    /// What sections, or approvals of `owners.toml`, ask for.
    pub approvals: Vec<NeededApproval>,
    /// The smallest set of owners with one for every path, and with as many as each approval that it
    /// needs asks for, except optional ones.
    pub enough: Vec<Owner>,
    /// Whether it is certainly the smallest set.
    pub is_exact: bool,
}

/// A review request to one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The owner.
    pub owner: Owner,
    /// The paths to review.
    pub paths: Vec<PathId>,
}

/// An approval that some paths of the change need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededApproval {
    /// Its name.
    pub name: String,
    /// How many of the owners approve, at least 1.
    pub count: usize,
    /// Whether the change may be merged without it.
    pub is_optional: bool,
    /// Who approves.
    pub owners: Vec<Owner>,
    /// The paths.
    pub paths: Vec<PathId>,
}

/// The error for too many pairs of path and owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyPairs;

impl fmt::Display for TooManyPairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the change has more than {MAX_PAIRS} pairs of a path and an owner"
        )
    }
}

impl std::error::Error for TooManyPairs {}

/// Who is not asked for a review.
#[derive(Clone, Debug, Default)]
pub struct Absent {
    /// The author of the change.
    pub author: Option<Owner>,
    /// Who is away.
    pub away: Vec<Owner>,
}

impl Absent {
    fn is_author(&self, owner: &Owner) -> bool {
        let author = self.author.as_ref();
        author.is_some_and(|author| author.is_same(owner))
    }

    fn is_away(&self, owner: &Owner) -> bool {
        self.away.iter().any(|away| away.is_same(owner))
    }

    fn is_there(&self, owner: &Owner) -> bool {
        !self.is_author(owner) && !self.is_away(owner)
    }
}

/// Computes the reviewers of a change, without those who are `absent`.
///
/// ```
/// use owners::codeowners::read;
/// use owners::PathSet;
/// use owners::Forge;
/// use owners::reports::reviewers::{Absent, reviewers};
///
/// let file = read("/a @x @y\n/b @y @z\n", Forge::GITHUB);
/// let paths: PathSet = ["a", "b", "c"].into_iter().collect();
/// let found = reviewers(&file, &paths, &Absent::default())?;
/// assert_eq!(found.requests.len(), 3);
/// assert_eq!(found.enough[0].as_str(), "@y");
/// assert_eq!(&paths[found.unowned[0]], b"c");
/// # Ok::<_, owners::reports::reviewers::TooManyPairs>(())
/// ```
///
/// # Errors
///
/// If there are too many pairs of path and owner.
pub fn reviewers(file: &File, paths: &PathSet, absent: &Absent) -> Result<Reviewers, TooManyPairs> {
    reviewers_and_approvals(file, None, paths, absent)
}

/// Like [`reviewers`], with the approvals of `owners.toml` that paths of the change need, for a forge
/// whose CODEOWNERS file cannot demand them. They request nobody.
///
/// # Errors
///
/// If there are too many pairs of path and owner.
pub fn reviewers_and_approvals(
    file: &File,
    rules: Option<&RuleSet>,
    paths: &PathSet,
    absent: &Absent,
) -> Result<Reviewers, TooManyPairs> {
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let gates = rules.and_then(RuleSet::approval_matcher);
    let mut gates = gates.as_ref().map(|matcher| matcher.walk());
    let mut change = Change {
        absent,
        found: Reviewers::default(),
        builder: RequestBuilder::default(),
        known: FxHashMap::default(),
        pairs: 0,
    };
    for (id, path) in paths.with_ids() {
        change.lines(file, id, &matcher.deciding(&mut walk, path))?;
        if let (Some(rules), Some(gates)) = (rules, &mut gates) {
            change.gates((rules, file.sections.len()), id, path, gates)?;
        }
    }
    Ok(change.finish())
}

/// The reviewers of a change, under construction.
struct Change<'c> {
    absent: &'c Absent,
    found: Reviewers,
    builder: RequestBuilder,
    /// The approvals so far: the number of the section, or of the approval behind all sections, how many
    /// approve, and who.
    known: FxHashMap<(usize, usize, &'c [Owner]), usize>,
    pairs: usize,
}

impl<'c> Change<'c> {
    /// Adds the lines of the file that decide a path.
    fn lines(
        &mut self,
        file: &'c File,
        id: PathId,
        lines: &[&'c FileLine],
    ) -> Result<(), TooManyPairs> {
        let absent = self.absent;
        // On GitLab each section requires an approval.
        if lines.is_empty() {
            self.found.unowned.push(id);
        }
        let (mut is_authors, mut is_away) = (false, false);
        for line in lines {
            let owners = line.owners.as_slice();
            self.count(owners)?;
            let section = &file.sections[line.section];
            if !section.name.is_empty() {
                let key = (line.section, line.approvals, owners);
                self.approval(key, id, &section.name, section.is_optional);
            }
            let others = owners.iter().filter(|owner| absent.is_there(owner));
            let count = if section.is_optional {
                0
            } else {
                line.approvals.max(1)
            };
            if !self.builder.ask(others, id, count) {
                let lacks_away = owners.iter().any(|owner| absent.is_away(owner));
                is_away |= lacks_away;
                is_authors |= !lacks_away;
            }
        }
        if is_away {
            self.found.away.push(id);
        }
        if is_authors {
            self.found.authors_own.push(id);
        }
        Ok(())
    }

    /// Adds the approvals of `rules` that a path needs. The first has the number `first`.
    fn gates(
        &mut self,
        (rules, first): (&'c RuleSet, usize),
        id: PathId,
        path: &[u8],
        walk: &mut ApprovalWalk<'_, '_>,
    ) -> Result<(), TooManyPairs> {
        let absent = self.absent;
        for needed in walk.needed(path) {
            let (approval, owners) = (&rules[needed.approval], rules.approvers(needed));
            self.count(owners)?;
            let key = (first + needed.approval.index(), approval.count, &**owners);
            self.approval(key, id, &approval.name, approval.is_optional);
            if !approval.is_optional {
                let others = owners.iter().filter(|owner| absent.is_there(owner));
                self.builder.demand(others, approval.count);
            }
        }
        Ok(())
    }

    fn approval(
        &mut self,
        key: (usize, usize, &'c [Owner]),
        id: PathId,
        name: &str,
        is_optional: bool,
    ) {
        let all = &mut self.found.approvals;
        let index = *self.known.entry(key).or_insert_with(|| {
            all.push(NeededApproval {
                name: name.to_string(),
                count: key.1,
                is_optional,
                owners: key.2.to_vec(),
                paths: Vec::new(),
            });
            all.len() - 1
        });
        all[index].paths.push(id);
    }

    /// Counts the pairs of a path and these owners.
    fn count(&mut self, owners: &[Owner]) -> Result<(), TooManyPairs> {
        self.pairs += owners.len();
        match self.pairs > MAX_PAIRS {
            true => Err(TooManyPairs),
            false => Ok(()),
        }
    }

    fn finish(self) -> Reviewers {
        let mut found = self.found;
        (found.enough, found.is_exact) = self.builder.enough();
        found.requests = self.builder.finish();
        found
    }
}

/// Who is told about a change without being asked for a review, with the paths: what the key `notify` of
/// the rules says. The author and those who are away are not told.
///
/// # Errors
///
/// If there are too many pairs of path and person.
pub fn notified(
    rules: &RuleSet,
    paths: &PathSet,
    absent: &Absent,
) -> Result<Vec<Request>, TooManyPairs> {
    let Some(notifier) = rules.notifier() else {
        return Ok(Vec::new());
    };
    let matcher = rules.matcher();
    let (mut walk, mut notify) = (matcher.walk(), notifier.walk());
    let mut builder = RequestBuilder::default();
    let mut pairs = 0;
    for (id, path) in paths.with_ids() {
        let told = notify.notified(path, walk.decide_each(path));
        pairs += told.len();
        if pairs > MAX_PAIRS {
            return Err(TooManyPairs);
        }
        let is_there = |owner: &&Owner| absent.is_there(owner);
        builder.ask(told.iter().filter(is_there), id, 0);
    }
    Ok(builder.finish())
}

/// The requests so far.
#[derive(Default)]
struct RequestBuilder {
    /// Everybody who may approve something, with the paths that they are asked about.
    requests: Vec<Request>,
    places: FxHashMap<String, usize>,
    /// Who must approve, each once. Owners are indices into the requests.
    demands: Vec<Demand>,
    known: FxHashSet<Demand>,
}

impl RequestBuilder {
    /// Adds a request for `path` to these owners. False if there are none. So many of them must approve.
    fn ask<'o>(
        &mut self,
        owners: impl Iterator<Item = &'o Owner>,
        path: PathId,
        count: usize,
    ) -> bool {
        let list = self.indices(owners);
        for &index in &list {
            let paths = &mut self.requests[index].paths;
            // Several sections may ask the same owner.
            if paths.last() != Some(&path) {
                paths.push(path);
            }
        }
        let is_asked = !list.is_empty();
        self.add(list, count);
        is_asked
    }

    /// Demands that so many of these owners approve, and asks nobody.
    fn demand<'o>(&mut self, owners: impl Iterator<Item = &'o Owner>, count: usize) {
        let list = self.indices(owners);
        self.add(list, count);
    }

    fn add(&mut self, owners: Vec<usize>, count: usize) {
        let demand = Demand { owners, count };
        if !demand.owners.is_empty() && count > 0 && self.known.insert(demand.clone()) {
            self.demands.push(demand);
        }
    }

    /// The indices of owners, each once, ascending.
    fn indices<'o>(&mut self, owners: impl Iterator<Item = &'o Owner>) -> Vec<usize> {
        let mut list = Vec::new();
        for owner in owners {
            let next = self.requests.len();
            let index = *self.places.entry(owner.folded()).or_insert(next);
            if index == next {
                self.requests.push(Request {
                    owner: owner.clone(),
                    paths: Vec::new(),
                });
            }
            list.push(index);
        }
        list.sort_unstable();
        list.dedup();
        list
    }

    /// The smallest set of owners that meets all demands, and whether it is certainly the smallest.
    fn enough(&self) -> (Vec<Owner>, bool) {
        let owners = self.requests.iter().map(|each| &each.owner);
        // The name of a group of GitLab may look like that of a user, and then counts as one.
        let is_team = |owner: &Owner| matches!(owner.kind(), OwnerKind::Team | OwnerKind::Role);
        let is_team: Vec<bool> = owners.map(is_team).collect();
        let chosen = cover::enough(&self.demands, &is_team);
        let owners = chosen
            .into_iter()
            .map(|index| self.requests[index].owner.clone());
        (owners.collect(), is_team.len() <= EXACT)
    }

    /// The requests, those with most paths first.
    fn finish(self) -> Vec<Request> {
        let mut requests = self.requests;
        requests.retain(|each| !each.paths.is_empty());
        requests.sort_by(|a, b| {
            let most = b.paths.len().cmp(&a.paths.len());
            most.then_with(|| a.owner.folded().cmp(&b.owner.folded()))
        });
        requests
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeowners::read;
    use crate::forge::Forge;

    fn found(text: &str, forge: Forge, author: Option<&str>) -> Reviewers {
        let paths: PathSet = ["a", "b", "c", "d"].into_iter().collect();
        let absent = Absent {
            author: author.map(Owner::unchecked),
            away: Vec::new(),
        };
        reviewers(&read(text, forge), &paths, &absent).unwrap()
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
    fn several_approve() {
        for (text, author, expected) in [
            ("[A][2] @x @y @z\n/a\n", None, &["@x", "@y"][..]),
            ("[A][2] @x @y @z\n/a\n", Some("@x"), &["@y", "@z"]),
            ("[A][2] @x @o/y @z\n/a\n", None, &["@o/y"]),
            ("[A][2] @x @@maintainers\n/a\n", None, &["@@maintainers"]),
            ("^[A] @x\n/a\n[B][3] @y @z\n/b\n", None, &["@y", "@z"]),
            // More for one line than for another.
            ("[A] @x @y\n/a\n[A][2] @x @y\n/b\n", None, &["@x", "@y"]),
        ] {
            let found = found(text, Forge::GITLAB, author);
            assert_eq!(names(&found.enough), expected, "{text}");
        }
    }

    #[test]
    fn approvals_that_the_file_cannot_demand() {
        let project = crate::project::Project::from_text(
            "[paths]\n'*' = '@x'\n\
             [[approval]]\nname = 'A'\npaths = ['/a', '/b']\nowners = ['@y', '@x', '@z']\ncount = 2\n\
             [[approval]]\nname = 'O'\npaths = '/a'\nowners = '@o'\noptional = true\n",
        );
        let rules = &project.unwrap().rules;
        let paths: PathSet = ["a", "b", "c"].into_iter().collect();
        let file = read("* @x\n", Forge::GITHUB);
        let absent = Absent::default();
        let found = reviewers_and_approvals(&file, Some(rules), &paths, &absent).unwrap();
        let shown: Vec<(&str, usize)> = (found.approvals.iter())
            .map(|each| (each.name.as_str(), each.paths.len()))
            .collect();
        assert_eq!(shown, [("A", 2), ("O", 1)]);
        assert_eq!(names(&found.enough), ["@x", "@y"]);
        // They request nobody.
        let requests = found.requests.iter().map(|each| each.owner.as_str());
        assert_eq!(requests.collect::<Vec<_>>(), ["@x"]);
    }

    #[test]
    fn every_section_wants_an_approval() {
        let found = found("* @x\n[Docs]\n/a @y\n", Forge::GITLAB, None);
        assert_eq!(names(&found.enough), ["@x", "@y"]);
    }

    #[test]
    fn nothing_to_review() {
        let file = read("* @x\n", Forge::GITHUB);
        let found = reviewers(&file, &PathSet::default(), &Absent::default()).unwrap();
        assert_eq!((found.requests.len(), found.enough.len()), (0, 0));
    }

    #[test]
    fn a_path_of_many_owners_counts_for_each() {
        let owners: String = (0..1_000).map(|n| format!(" @u{n}")).collect();
        let paths: PathSet = (0..5_001).map(|n| format!("f{n:05}")).collect();
        let file = read(&format!("*{owners}\n"), Forge::GITHUB);
        assert_eq!(
            reviewers(&file, &paths, &Absent::default()),
            Err(TooManyPairs)
        );
    }

    #[test]
    fn beyond_what_can_be_tried() {
        let mut text = String::new();
        let paths: PathSet = (0..30).map(|n| format!("f{n:02}")).collect();
        for n in 0..30 {
            text.push_str(&format!("/f{n:02} @u{n} @all\n"));
        }
        let found = reviewers(&read(&text, Forge::GITHUB), &paths, &Absent::default()).unwrap();
        assert!(!found.is_exact);
        assert_eq!(names(&found.enough), ["@all"]);
    }
}
