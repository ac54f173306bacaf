//! The paths of a commit.
//!
//! To list a whole commit, git has to unpack every directory of it, which takes several times as long
//! as to read the index. But most commits that anybody asks about differ little from the index, and to
//! find the difference git looks only into directories that differ. So the paths are those of the
//! index with the difference undone; where anything about that is not plain, the commit is listed.
//!
//! Anybody may have made the trees of a commit. One that git would not write is an error that names
//! the commit and the entry (see [`tree`]), and a commit with more paths than the limits below is
//! refused: a tree that contains another many times, level by level, has few bytes and any number of
//! paths.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use super::error::{Context, Error, Result, bail, ensure};
use rustc_hash::FxHashMap;

use super::index;
use super::objects::{Object, ObjectKind, Objects};
use super::pipe::Listener;
use super::process::Git;
use super::tree::{self, Fault, ObjectName};
use crate::paths::{PathKind, PathSet};
use crate::text::escaped;

/// No commit with more files and directories is listed.
const MOST_ENTRIES: usize = 5_000_000;
/// Nor one whose paths take more bytes together.
const MOST_BYTES: usize = 250_000_000;
/// Nor one whose directories do, each counted once.
const MOST_TREE_BYTES: usize = 250_000_000;
/// Nor one with more directories in each other: git itself goes no deeper.
const MOST_LEVELS: usize = 2048;
/// Nor one with a longer path.
const LONGEST_PATH: usize = 1 << 20;
/// A longer difference takes longer to undo than the commit takes to list.
const LONGEST_DIFFERENCE: u64 = 64 << 20;
/// Nor is it waited for any longer.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many directories are looked at to see that a difference is sound.
const MOST_DIRECTORIES: usize = 10_000;

/// Every path in `commit`.
pub(super) fn paths(git: &Git, objects: &mut Objects, commit: &str) -> Result<PathSet> {
    match from_index(git, objects, commit) {
        Some(paths) => Ok(paths),
        None => listed(git, objects, commit),
    }
}

/// The paths of the index with the difference to `commit` undone; none if anything is not plain.
/// Nothing that happens on the way is worth an error: listing will say what is wrong.
fn from_index(git: &Git, objects: &mut Objects, commit: &str) -> Option<PathSet> {
    let tracked = index::tracked(git).ok()?;
    let difference = difference(git, commit).ok()??;
    let differences = differences(&difference)?;
    let hash = git.object_hash().ok()?.length();
    let missing = differences.iter().filter(|each| !each.is_in_index);
    let directories = directories_of(missing.map(|each| each.path))?;
    // The rest git has compared with the index, entry by entry.
    are_sound(objects, commit, hash, &directories)
        .ok()?
        .then_some(())?;
    undone(tracked, differences)
}

/// What `git diff-index` prints; none if that is too long, or takes too long. Git goes through all
/// paths of a commit that differ, however many there are.
fn difference(git: &Git, commit: &str) -> Result<Option<Vec<u8>>> {
    let mut command = git.command();
    command.args(["diff-index", "--cached", "--raw", "-z", "--no-renames"]);
    command.args(["--no-abbrev", "--no-relative", "--no-ext-diff"]);
    command.args(["--ita-visible-in-index", "--ignore-submodules=none"]);
    command.args([commit, "--"]);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let listener = child.stdout.take();
    let listener = listener.map(|pipe| Listener::new(pipe, LONGEST_DIFFERENCE));
    let difference = listener.and_then(|listener| listener.all(PATIENCE));
    if difference.is_none() {
        let _ = child.kill();
    }
    let status = child.wait()?;
    Ok(difference.filter(|_| status.success()))
}

/// The root and every directory above the paths; none if they are many.
fn directories_of<'p>(paths: impl Iterator<Item = &'p [u8]>) -> Option<BTreeSet<&'p [u8]>> {
    let mut directories = BTreeSet::from([&b""[..]]);
    for path in paths {
        for slash in memchr::memrchr_iter(b'/', path) {
            if !directories.insert(&path[..slash]) {
                break;
            }
        }
        if directories.len() > MOST_DIRECTORIES {
            return None;
        }
    }
    Some(directories)
}

/// Whether these are directories of the commit, and as git writes them.
fn are_sound(
    objects: &mut Objects,
    commit: &str,
    hash: usize,
    directories: &BTreeSet<&[u8]>,
) -> Result<bool> {
    if !directories.iter().all(|each| Objects::can_ask(each)) {
        return Ok(false);
    }
    let names = directories.iter();
    let names = names.map(|directory| [commit.as_bytes(), b":", directory].concat());
    let mut are_sound = true;
    objects.each(&names.collect::<Vec<_>>(), |object| {
        are_sound &= object.is_some_and(|object| {
            object.kind == ObjectKind::Tree && tree::check(&object.contents, hash, |_| {}).is_ok()
        });
        Ok(())
    })?;
    Ok(are_sound)
}

/// A path that the index has, and the commit has not or as something else; or the other way round.
struct Difference<'d> {
    path: &'d [u8],
    /// What it is in the commit; none if it is not there.
    before: Option<PathKind>,
    is_in_index: bool,
}

/// The paths of the commit from which the index differs so; none if that is not plain.
fn undone(index: PathSet, mut differences: Vec<Difference<'_>>) -> Option<PathSet> {
    if differences.is_empty() {
        return Some(index);
    }
    differences.sort_unstable_by_key(|each| each.path);
    let mut paths = PathSet::with_capacity(index.len(), index.iter().map(<[u8]>::len).sum());
    let mut differences = differences.into_iter().peekable();
    for tracked in index.tracked() {
        while let Some(missing) = differences.next_if(|each| each.path < tracked.bytes) {
            add(&mut paths, &missing)?;
        }
        match differences.next_if(|each| each.path == tracked.bytes) {
            None => paths.try_push(tracked.bytes, tracked.kind).ok()?,
            Some(other) if !other.is_in_index => return None,
            Some(other) => {
                if let Some(kind) = other.before {
                    paths.try_push(other.path, kind).ok()?;
                }
            }
        }
    }
    for missing in differences {
        add(&mut paths, &missing)?;
    }
    Some(paths)
}

fn add(paths: &mut PathSet, missing: &Difference<'_>) -> Option<()> {
    let kind = missing.before.filter(|_| !missing.is_in_index)?;
    paths.try_push(missing.path, kind).ok()
}

/// Each is `:MODE MODE OBJECT OBJECT STATUS<nul>PATH<nul>`, the mode of the commit first.
fn differences(raw: &[u8]) -> Option<Vec<Difference<'_>>> {
    let mut fields = raw.split(|&byte| byte == 0);
    let mut differences = Vec::new();
    while let Some(header) = fields.next().filter(|header| !header.is_empty()) {
        let mut words = header.strip_prefix(b":")?.split(|&byte| byte == b' ');
        let (before, after) = (words.next()?, words.next()?);
        let status = words.nth(2)?;
        let (before, is_in_index) = match status {
            b"A" => (None, true),
            b"D" => (Some(kind(before)?), false),
            b"M" | b"T" => (Some(kind(before)?), true),
            // In conflict, or something that git is yet to invent.
            _ => return None,
        };
        if is_in_index {
            kind(after)?;
        }
        differences.push(Difference {
            path: fields.next().filter(|path| !path.is_empty())?,
            before,
            is_in_index,
        });
    }
    Some(differences)
}

/// What a mode stands for; none for a directory, which a sparse index may have.
fn kind(mode: &[u8]) -> Option<PathKind> {
    match mode {
        [b'1', b'0', ..] => Some(PathKind::File),
        [b'1', b'2', ..] => Some(PathKind::Symlink),
        [b'1', b'6', ..] => Some(PathKind::Submodule),
        _ => None,
    }
}

/// The paths of a commit, from its trees.
fn listed(git: &Git, objects: &mut Objects, commit: &str) -> Result<PathSet> {
    let hash = git.object_hash()?.length();
    let mut list = || {
        let trees = Trees::read(objects, commit, hash)?;
        let mut listing = Listing::default();
        listing.enter(trees.root()?);
        while let Some((tree, place)) = listing.next_entry() {
            listing.take(&trees, tree, place)?;
        }
        Ok::<_, Error>(listing.paths)
    };
    list().with_context(|| format!("cannot list the files of commit {commit}"))
}

/// The walk through a commit: from the root down, in the order of the paths.
#[derive(Default)]
struct Listing<'t> {
    paths: PathSet,
    /// How many bytes the paths have together.
    bytes: usize,
    /// How many files and directories there were.
    entries: usize,
    /// The directories that the walk is in, from the root.
    open: Vec<Open<'t>>,
    /// The path of the last of them and, behind it, room for a name.
    path: Vec<u8>,
}

/// A directory that the walk is in.
struct Open<'t> {
    tree: &'t [u8],
    /// Where its next entry starts.
    place: usize,
    /// How long its path is.
    path: usize,
}

impl<'t> Listing<'t> {
    /// Goes into the directory of the current path.
    fn enter(&mut self, tree: &'t [u8]) {
        self.open.push(Open {
            tree,
            place: 0,
            path: self.path.len(),
        });
    }

    /// The tree with the next entry, and where that starts.
    fn next_entry(&mut self) -> Option<(&'t [u8], usize)> {
        while let Some(open) = self.open.last() {
            if open.place < open.tree.len() {
                self.path.truncate(open.path);
                return Some((open.tree, open.place));
            }
            self.open.pop();
        }
        None
    }

    /// Takes one entry.
    fn take(&mut self, trees: &'t Trees, tree: &[u8], place: usize) -> Result<()> {
        let (entry, end) = tree::entry_at(tree, place, trees.hash)?;
        if let Some(open) = self.open.last_mut() {
            open.place = end;
        }
        self.path.extend_from_slice(entry.name);
        self.entries += 1;
        ensure!(
            self.entries <= MOST_ENTRIES,
            "it has more than {MOST_ENTRIES} files and directories, which is the limit"
        );
        if let Some(kind) = entry.kind {
            self.bytes += self.path.len();
            ensure!(
                self.bytes <= MOST_BYTES,
                "its paths take more than {MOST_BYTES} bytes, which is the limit"
            );
            return Ok(self.paths.try_push(&self.path, kind)?);
        }
        self.path.push(b'/');
        ensure!(
            self.path.len() <= LONGEST_PATH,
            "it has a path of more than {LONGEST_PATH} bytes, which is the limit"
        );
        self.enter(trees.get(entry.object, &self.path)?);
        Ok(())
    }
}

/// The directories of a commit, each once.
struct Trees {
    hash: usize,
    root: Found,
    below: FxHashMap<ObjectName, Found>,
}

/// A tree whose entries are as git writes them, or what is wrong. Where it is in the commit, and
/// whether anybody gets there, is for the walk to find out.
type Found = Result<Vec<u8>, Unsound>;

/// Why a directory cannot be listed.
enum Unsound {
    Missing,
    NoTree,
    Fault(Fault),
}

impl Trees {
    /// Reads the root, then the directories in it, then those in these, and so on.
    fn read(objects: &mut Objects, commit: &str, hash: usize) -> Result<Self> {
        let mut next = Vec::new();
        let root = objects.get(format!("{commit}^{{tree}}").as_bytes())?;
        let mut bytes = 0;
        let mut trees = Trees {
            hash,
            root: found(root, hash, &mut next),
            below: FxHashMap::default(),
        };
        for _ in 0..MOST_LEVELS {
            next.sort_unstable();
            next.dedup();
            next.retain(|name| !trees.below.contains_key(name));
            if next.is_empty() {
                return Ok(trees);
            }
            let names: Vec<Vec<u8>> = next.iter().map(ObjectName::hex).collect();
            let mut level = std::mem::take(&mut next).into_iter();
            objects.each(&names, |object| {
                let name = level
                    .next()
                    .context("`git cat-file` sent one answer too many")?;
                let tree = found(object, hash, &mut next);
                bytes += tree.as_ref().map_or(0, Vec::len);
                ensure!(
                    bytes <= MOST_TREE_BYTES,
                    "its directories take more than {MOST_TREE_BYTES} bytes, which is the limit"
                );
                trees.below.insert(name, tree);
                Ok(())
            })?;
        }
        bail!("it has more than {MOST_LEVELS} levels of directories, which is the limit")
    }

    fn root(&self) -> Result<&[u8]> {
        sound(&self.root, b"")
    }

    /// The directory at `path`, which ends in a slash.
    fn get(&self, name: ObjectName, path: &[u8]) -> Result<&[u8]> {
        let found = self.below.get(&name);
        sound(found.unwrap_or(&Err(Unsound::Missing)), path)
    }
}

/// Checks a tree, and adds the directories in it to `directories`.
fn found(object: Option<Object>, hash: usize, directories: &mut Vec<ObjectName>) -> Found {
    let tree = match object {
        Some(object) if object.kind == ObjectKind::Tree => object.contents,
        Some(_) => return Err(Unsound::NoTree),
        None => return Err(Unsound::Missing),
    };
    match tree::check(&tree, hash, |name| directories.push(name)) {
        Ok(()) => Ok(tree),
        Err(fault) => Err(Unsound::Fault(fault)),
    }
}

fn sound<'t>(found: &'t Found, path: &[u8]) -> Result<&'t [u8]> {
    let directory = || match path {
        b"" => "the root directory".to_string(),
        path => format!("the directory `{}`", escaped(path)),
    };
    match found {
        Ok(tree) => Ok(tree),
        Err(Unsound::Missing) => bail!("{} is missing from the repository", directory()),
        Err(Unsound::NoTree) => bail!("{} is a file where a directory should be", directory()),
        Err(Unsound::Fault(fault)) => bail!(
            "{}; git does not write such commits, and `git fsck` reports them",
            fault.describe(path)
        ),
    }
}
