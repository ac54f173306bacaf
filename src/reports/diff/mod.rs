//! Compares who owned each path before a change and after it.
//!
//! Each side has its own rules and paths. A [`Side`] decides its paths by its rules, and [`diff`]
//! merges the two sorted lists. A path may have changed owners, be new, be gone, or have moved.
//! Git's rename detection tells which new and gone paths have moved. A moved path is not reported
//! as new and gone, and a new path is not reported as a change of owners.
//!
//! Equal changes are folded: into a directory if everything in it has changed in the same way, and
//! moves into the directories that were moved. Requirements, groups and rules that changed come first,
//! in [`RequirementChange`], [`GroupChange`] and [`RuleChange`].

mod definitions;
mod kind;
mod side;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ids::{Id as _, IdVec};
use crate::owner::Owner;
use crate::paths::folded::fold;
use crate::paths::{PathId, Rename};
use side::AnswerId;

pub use definitions::{Delta, GroupChange, RequirementChange, RuleChange};
pub use kind::Kind;
pub(crate) use side::MAX_LISTED;
pub use side::{Answer, Side, TooManyOwners};

/// Paths with the same change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub kind: Kind,
    /// The path, or the directory with a trailing slash if all paths in it have the same change.
    /// Empty for the root.
    pub path: Vec<u8>,
    /// The old path, if it moved.
    pub from: Option<Vec<u8>>,
    /// The number of paths.
    pub paths: usize,
    /// The ownership before. `None` if it is new.
    pub before: Option<Answer>,
    /// The ownership after. `None` if it is gone.
    pub after: Option<Answer>,
    /// Whether groups whose members changed explain it: the deciding rules name them before and
    /// after, and nothing else changed.
    pub is_explained: bool,
}

impl Change {
    /// Whether the paths existed before and have changed owners.
    #[must_use]
    pub fn changes_owners(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => before.key() != after.key(),
            _ => false,
        }
    }

    fn of_kind(kind: Kind) -> Self {
        Change {
            kind,
            path: Vec::new(),
            from: None,
            paths: 0,
            before: None,
            after: None,
            is_explained: false,
        }
    }

    /// What was added and removed, if some owners stay. Otherwise `before` and `after` say more.
    #[must_use]
    pub fn delta(&self) -> Option<Delta> {
        delta(self.before.as_ref()?, self.after.as_ref()?)
    }
}

fn delta(before: &Answer, after: &Answer) -> Option<Delta> {
    let (before, after) = (before.owners(), after.owners());
    let delta = Delta::between(before, after);
    (delta.added.len() < after.len()).then_some(delta)
}

/// Options of a comparison.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffOptions {
    /// Whether to report each path separately.
    pub unfolded: bool,
    /// Whether to fold paths with the same [`Delta`], whatever their other owners are. `before` and
    /// `after` are then those of one of the paths.
    pub by_delta: bool,
}

/// The differences of two sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The requirements that changed.
    pub requirements: Vec<RequirementChange>,
    /// The entries of approvals that changed.
    pub approvals: Vec<RequirementChange>,
    /// The groups whose members changed, and those that are new or gone.
    pub groups: Vec<GroupChange>,
    /// The rules that changed, if both sides have the same kind of file.
    pub rules: Vec<RuleChange>,
    /// Whether rules that are on both sides have another order.
    pub is_reordered: bool,
    /// The paths that changed, sorted by kind and path.
    pub changes: Vec<Change>,
}

/// Compares two sides. `renames` must be sorted by the new path.
///
/// ```
/// use owners::Project;
/// use owners::reports::diff::{DiffOptions, Side, diff};
/// use owners::PathSet;
///
/// let side = |text| {
///     let paths: PathSet = ["a/x", "a/y", "b"].into_iter().collect();
///     Side::of_project(&Project::from_text(text).unwrap(), paths).unwrap()
/// };
/// let before = side("[paths]\n'*' = '@a'\n");
/// let after = side("[paths]\n'*' = '@a'\n'/a/' = '@b'\n");
/// let changes = diff(&before, &after, &[], DiffOptions::default()).changes;
/// assert_eq!(changes.len(), 1);
/// assert_eq!((changes[0].path.as_slice(), changes[0].paths), (&b"a/"[..], 2));
/// ```
#[must_use]
pub fn diff(before: &Side, after: &Side, renames: &[Rename], options: DiffOptions) -> Comparison {
    let (before, after) = (&*before.beside(after), &*after.beside(before));
    let mut differences = Differences::default();
    let mut groups = definitions::group_changes(&before.definitions, &after.definitions);
    let numbers = AnswerNumbers::new(before, after);
    let (mut old, mut new) = (before.paths.ids().start, after.paths.ids().start);
    loop {
        let order = match (before.paths.get(old), after.paths.get(new)) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => a.cmp(b),
        };
        if order.is_eq() {
            let (was, is) = (before.of[old], after.of[new]);
            if !numbers.is_same(was, is) {
                let group = differences.changed.entry((was, is)).or_default();
                group.push(new);
            }
        } else if order.is_lt() {
            differences
                .gone
                .entry(before.of[old])
                .or_default()
                .push(old);
        } else {
            differences.new.entry(after.of[new]).or_default().push(new);
        }
        if order.is_le() {
            old = old.next();
        }
        if order.is_ge() {
            new = new.next();
        }
    }
    let mut changes = differences.moved(before, after, renames, options);
    differences.folded(before, after, options, &mut groups, &mut changes);
    changes.sort_by(|a, b| (a.kind, &a.path).cmp(&(b.kind, &b.path)));
    Comparison {
        requirements: definitions::requirement_changes(&before.definitions, &after.definitions),
        approvals: definitions::approval_changes(&before.definitions, &after.definitions),
        groups,
        rules: definitions::rule_changes(&before.definitions, &after.definitions),
        is_reordered: definitions::is_reordered(&before.definitions, &after.definitions),
        changes,
    }
}

/// Numbers the answers of two sides. Answers with the same number are the same to a forge.
struct AnswerNumbers {
    before: IdVec<AnswerId, usize>,
    after: IdVec<AnswerId, usize>,
}

impl AnswerNumbers {
    fn new(before: &Side, after: &Side) -> Self {
        let mut numbers: FxHashMap<Answer, usize> = FxHashMap::default();
        let mut number = |answer: &Answer| {
            let next = numbers.len();
            *numbers.entry(answer.key()).or_insert(next)
        };
        AnswerNumbers {
            before: before.answers.iter().map(&mut number).collect(),
            after: after.answers.iter().map(&mut number).collect(),
        }
    }

    fn is_same(&self, before: AnswerId, after: AnswerId) -> bool {
        self.before[before] == self.after[after]
    }
}

/// The differing paths, grouped by change and answers.
#[derive(Default)]
struct Differences {
    changed: BTreeMap<(AnswerId, AnswerId), Vec<PathId>>,
    new: BTreeMap<AnswerId, Vec<PathId>>,
    gone: BTreeMap<AnswerId, Vec<PathId>>,
}

impl Differences {
    /// Removes the moved paths from the new and gone ones, and returns their changes.
    fn moved(
        &mut self,
        before: &Side,
        after: &Side,
        renames: &[Rename],
        options: DiffOptions,
    ) -> Vec<Change> {
        let mut moved: BTreeMap<(Vec<u8>, Vec<u8>, AnswerId, AnswerId), usize> = BTreeMap::new();
        let (mut gone, mut new) = (FxHashSet::default(), FxHashSet::default());
        for rename in renames {
            let (Some(old_at), Some(new_at)) = (before.find(&rename.old), after.find(&rename.new))
            else {
                continue;
            };
            let (was, is) = (before.of[old_at], after.of[new_at]);
            let is_gone = contains(self.gone.get(&was), old_at) && gone.insert(old_at);
            if !is_gone || !contains(self.new.get(&is), new_at) || !new.insert(new_at) {
                continue;
            }
            let (from, to) = if options.unfolded {
                (&*rename.old, &*rename.new)
            } else {
                directories_moved(&rename.old, &rename.new)
            };
            *moved
                .entry((to.to_vec(), from.to_vec(), was, is))
                .or_default() += 1;
        }
        let all = |groups: &mut BTreeMap<AnswerId, Vec<PathId>>, taken: &FxHashSet<PathId>| {
            let groups = groups.values_mut();
            groups.for_each(|group| group.retain(|path| !taken.contains(path)));
        };
        all(&mut self.gone, &gone);
        all(&mut self.new, &new);
        moved
            .into_iter()
            .map(|((path, from, was, is), paths)| Change {
                kind: Kind::Moved,
                path,
                from: Some(from),
                paths,
                before: Some(before.answers[was].clone()),
                after: Some(after.answers[is].clone()),
                is_explained: false,
            })
            .collect()
    }

    fn folded(
        &self,
        before: &Side,
        after: &Side,
        options: DiffOptions,
        groups: &mut [GroupChange],
        changes: &mut Vec<Change>,
    ) {
        let answer = |side: &Side, id: AnswerId| Some(side.answers[id].clone());
        let mut alike: Vec<(Change, Vec<PathId>)> = Vec::new();
        let mut places: FxHashMap<(Alike, bool), usize> = FxHashMap::default();
        for (&(was, is), paths) in &self.changed {
            let (old, new) = (&before.answers[was], &after.answers[is]);
            let reasons = reasons(groups, (before, was), (after, is));
            for &reason in &reasons {
                groups[reason].paths += paths.len();
            }
            let is_explained = !reasons.is_empty();
            let key = match delta(old, new).filter(|_| options.by_delta) {
                Some(delta) => Alike::Delta(sorted(&delta.added), sorted(&delta.removed)),
                None => Alike::Answers(old.key(), new.key()),
            };
            let place = *places.entry((key, is_explained)).or_insert(alike.len());
            if place == alike.len() {
                let change = Change {
                    before: Some(old.clone()),
                    after: Some(new.clone()),
                    is_explained,
                    ..Change::of_kind(Kind::Changed)
                };
                alike.push((change, Vec::new()));
            }
            alike[place].1.extend(paths);
        }
        for (change, mut paths) in alike {
            paths.sort_unstable();
            push(changes, &change, after, &paths, options);
        }
        for (&is, indices) in &self.new {
            let change = Change {
                after: answer(after, is),
                ..Change::of_kind(Kind::New)
            };
            push(changes, &change, after, indices, options);
        }
        for (&was, indices) in &self.gone {
            let change = Change {
                before: answer(before, was),
                ..Change::of_kind(Kind::Gone)
            };
            push(changes, &change, before, indices, options);
        }
    }
}

fn contains(sorted: Option<&Vec<PathId>>, path: PathId) -> bool {
    sorted.is_some_and(|sorted| sorted.binary_search(&path).is_ok())
}

/// What makes changes alike, so that they are folded together.
#[derive(PartialEq, Eq, Hash)]
enum Alike {
    Answers(Answer, Answer),
    /// The owners that were added and removed, in a normal form.
    Delta(Vec<String>, Vec<String>),
}

fn sorted(owners: &[Owner]) -> Vec<String> {
    let mut folded: Vec<String> = owners.iter().map(Owner::folded).collect();
    folded.sort_unstable();
    folded
}

/// The changes of groups that explain a change of owners.
fn reasons(
    groups: &[GroupChange],
    (before, was): (&Side, AnswerId),
    (after, is): (&Side, AnswerId),
) -> Vec<usize> {
    if groups.is_empty() {
        return Vec::new();
    }
    let (old, new) = (before.answers[was].owners(), after.answers[is].owners());
    let of = |side: &'_ Side, answer| side.groups_of.get(answer).cloned().unwrap_or_default();
    let named = [&*of(before, was), &*of(after, is)];
    definitions::explained_by(groups, named, &Delta::between(old, new))
}

/// Adds a change for each path, or for each directory.
fn push(
    changes: &mut Vec<Change>,
    like: &Change,
    side: &Side,
    paths: &[PathId],
    options: DiffOptions,
) {
    let mut push = |path: &[u8], paths| {
        changes.push(Change {
            path: path.to_vec(),
            paths,
            ..like.clone()
        });
    };
    if options.unfolded {
        for &path in paths {
            push(&side.paths[path], 1);
        }
    } else {
        for each in fold(&side.paths, paths) {
            push(each.path, each.files.len());
        }
    }
}

/// The directories that a file was moved from and to, with their common end removed: `a/b/x` to
/// `c/b/x` is `a/` to `c/`. If the file name changed, the paths themselves.
fn directories_moved<'p>(old: &'p [u8], new: &'p [u8]) -> (&'p [u8], &'p [u8]) {
    let common = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old_end, new_end) = (old.len() - common, new.len() - common);
    // The common end must begin after a slash, or at the start, in both paths.
    let shared = &old[old_end..];
    let is_boundary = |path: &[u8], end: usize| end == 0 || path[end - 1] == b'/';
    let cut = std::iter::once(0)
        .chain(memchr::memchr_iter(b'/', shared).map(|slash| slash + 1))
        .find(|&cut| {
            cut < shared.len() && is_boundary(old, old_end + cut) && is_boundary(new, new_end + cut)
        });
    match cut {
        Some(cut) => (&old[..old_end + cut], &new[..new_end + cut]),
        None => (old, new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;
    use crate::codeowners::read;
    use crate::forge::Forge;
    use crate::paths::PathSet;

    fn side(rules: &str, paths: &[&str]) -> Side {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        Side::of_project(&project, paths.iter().copied().collect()).unwrap()
    }

    #[test]
    fn lists_of_owners_that_are_too_long() {
        let owners: Vec<String> = (0..1_000).map(|n| format!("'@a{n}'")).collect();
        let added = format!("'*' = {{ add = [{}] }}", owners.join(", "));
        for (count, is_refused) in [(990, false), (1_000, true)] {
            let rules: String = (0..count).map(|n| format!("'/d{n}/' = '@b'\n")).collect();
            let project = Project::from_text(&format!("[paths]\n{rules}{added}")).unwrap();
            let paths = (0..count).map(|n| format!("d{n}/x")).collect();
            let side = Side::of_project(&project, paths);
            assert_eq!(side.err(), is_refused.then_some(TooManyOwners), "{count}");
        }
    }

    fn shown(changes: &[Change]) -> Vec<String> {
        let text = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        let answer = |answer: &Option<Answer>| match answer {
            None => "-".to_string(),
            Some(Answer::Owned(owners)) => owners
                .iter()
                .map(Owner::as_str)
                .collect::<Vec<_>>()
                .join(","),
            Some(other) => other.state().to_string(),
        };
        let show = |each: &Change| {
            let from = each
                .from
                .as_ref()
                .map_or(String::new(), |from| format!("{}=>", text(from)));
            format!(
                "{} {from}{} {} {}>{}",
                each.kind.name(),
                text(&each.path),
                each.paths,
                answer(&each.before),
                answer(&each.after)
            )
        };
        changes.iter().map(show).collect()
    }

    fn rename(old: &str, new: &str) -> Rename {
        Rename {
            old: old.into(),
            new: new.into(),
        }
    }

    #[test]
    fn every_kind() {
        let before = side(
            "'*' = '@a'\n'/x' = []\n",
            &["a/1", "a/2", "b", "d/1", "d/2", "old/s/1", "old/s/2", "x"],
        );
        let after = side(
            "'/a/' = '@b'\n'/b' = '@A'\n'/n/' = '@n'\n'/new/' = '@a'\n",
            &["a/1", "a/2", "b", "n/1", "n/2", "new/s/1", "new/s/2", "x"],
        );
        let renames = [
            rename("old/s/1", "new/s/1"),
            rename("old/s/2", "new/s/2"),
            // Neither side has these paths.
            rename("q", "r"),
        ];
        assert_eq!(
            shown(&diff(&before, &after, &renames, DiffOptions::default()).changes),
            [
                "changed a/ 2 @a>@b",
                "changed x 1 nobody>unowned",
                "moved old/=>new/ 2 @a>@a",
                "new n/ 2 ->@n",
                "gone d/ 2 @a>-",
            ]
        );
        let unfolded = DiffOptions {
            unfolded: true,
            ..DiffOptions::default()
        };
        assert_eq!(diff(&before, &after, &renames, unfolded).changes.len(), 9);
    }

    #[test]
    fn order_and_case_are_nothing_to_a_forge() {
        let before = side("'*' = ['@a', '@b']\n", &["x"]);
        let after = side("'*' = ['@B', '@a']\n", &["x"]);
        assert_eq!(
            diff(&before, &after, &[], DiffOptions::default()).changes,
            []
        );
    }

    #[test]
    fn a_file_is_a_side_as_well() {
        let paths: PathSet = ["a", "b", "c"].into_iter().collect();
        let file = read("/a @x\n/b\n", Forge::GITHUB);
        let before = Side::of_file(&file, paths.clone());
        let after = side("'/a' = '@x'\n'/b' = []\n", &["a", "b", "c"]);
        assert_eq!(
            diff(&before, &after, &[], DiffOptions::default()).changes,
            []
        );
        let nothing = Side::without_rules(paths);
        assert_eq!(
            shown(&diff(&nothing, &after, &[], DiffOptions::default()).changes),
            ["changed a 1 unowned>@x", "changed b 1 unowned>nobody"]
        );
    }

    #[test]
    fn what_was_moved() {
        for (old, new, from, to) in [
            ("a/x", "b/x", "a/", "b/"),
            ("a/b/x", "c/b/x", "a/", "c/"),
            ("a/b/x", "a/c/x", "a/b/", "a/c/"),
            ("x", "b/x", "", "b/"),
            ("b/x", "x", "b/", ""),
            ("a/xy", "a/zy", "a/xy", "a/zy"),
            ("ab/x", "b/x", "ab/", "b/"),
            ("a/b/x", "b/x", "a/", ""),
            ("x", "y", "x", "y"),
        ] {
            let (is_from, is_to) = directories_moved(old.as_bytes(), new.as_bytes());
            assert_eq!(
                (is_from, is_to),
                (from.as_bytes(), to.as_bytes()),
                "{old} {new}"
            );
        }
    }
}
