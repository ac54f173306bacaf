//! Lists the paths of a commit.
//!
//! To list a whole commit, git must unpack each of its directories. That takes several times as
//! long as reading the index. But most commits that are asked for differ little from the index, and
//! git finds the difference by looking only into directories that differ. So the paths of a commit
//! are the paths of the index with the difference undone. If anything about that is unusual, the
//! whole commit is listed.
//!
//! Anybody can create the trees of a commit. A tree that git would not write is an error that names
//! the commit and the entry (see [`tree`]). A commit with more paths than the limits below is
//! refused: a tree that contains another one many times, on many levels, has few bytes and an
//! unlimited number of paths.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::process::Stdio;
use std::time::Duration;

use super::error::{Error, ErrorContext, Result, bail, ensure};
use rustc_hash::FxHashMap;

use super::index;
use super::objects::{Object, ObjectKind, Objects};
use super::pipe::Listener;
use super::process::Git;
use super::tree::{self, ObjectName, TreeFault};
use crate::paths::{PathKind, PathSet};
use crate::text::escaped;

/// The maximum number of files and directories of a commit.
const MAX_ENTRIES: usize = 5_000_000;
/// The maximum number of bytes of all its paths together.
const MAX_PATH_BYTES: usize = 250_000_000;
/// The maximum number of bytes of all its tree objects, each counted once.
const MAX_TREE_BYTES: usize = 250_000_000;
/// The maximum depth of directories. Git itself goes no deeper.
const MAX_DEPTH: usize = 2048;
/// The maximum length of a path.
const MAX_PATH_LENGTH: usize = 1 << 20;
/// The maximum size of a difference. Undoing a larger one takes longer than listing the commit.
const MAX_DIFFERENCE_BYTES: u64 = 64 << 20;
/// The time after which a difference is given up.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The maximum number of directories checked before a difference is used.
const MAX_DIRECTORIES: usize = 10_000;

/// All paths of `commit`.
pub(super) fn paths(git: &Git, objects: &mut Objects, commit: &str) -> Result<PathSet> {
    match from_index(git, objects, commit) {
        Some(paths) => Ok(paths),
        None => list_commit(git, objects, commit),
    }
}

/// The paths of the index with the difference to `commit` undone. `None` if anything is unusual or
/// fails: then listing will report what is wrong.
fn from_index(git: &Git, objects: &mut Objects, commit: &str) -> Option<PathSet> {
    let tracked = index::tracked(git).ok()?;
    let difference = difference(git, commit).ok()??;
    let differences = differences(&difference)?;
    let hash = git.object_hash().ok()?.length();
    let missing = differences.iter().filter(|each| !each.is_in_index);
    let directories = directories_of(missing.map(|each| each.path))?;
    // Git has compared all other directories with the index, entry by entry.
    are_sound(objects, commit, hash, &directories)
        .ok()?
        .then_some(())?;
    undo_differences(tracked, differences)
}

/// The output of `git diff-index`. `None` if it is too long or takes too long, because git visits
/// all paths that differ.
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
    let listener = listener.map(|pipe| Listener::new(pipe, MAX_DIFFERENCE_BYTES));
    let difference = listener.and_then(|listener| listener.all(TIMEOUT));
    if difference.is_none() {
        let _ = child.kill();
    }
    let status = child.wait()?;
    Ok(difference.filter(|_| status.success()))
}

/// The root and all directories above the paths. `None` if there are too many.
fn directories_of<'p>(paths: impl Iterator<Item = &'p [u8]>) -> Option<BTreeSet<&'p [u8]>> {
    let mut directories = BTreeSet::from([&b""[..]]);
    for path in paths {
        for slash in memchr::memrchr_iter(b'/', path) {
            if !directories.insert(&path[..slash]) {
                break;
            }
        }
        if directories.len() > MAX_DIRECTORIES {
            return None;
        }
    }
    Some(directories)
}

/// Whether all of these are directories of the commit, and valid as git writes them.
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
        Ok(if are_sound {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        })
    })?;
    Ok(are_sound)
}

/// A path that differs between the index and the commit.
struct Difference<'d> {
    path: &'d [u8],
    /// What it is in the commit. `None` if the commit does not have it.
    before: Option<PathKind>,
    is_in_index: bool,
}

/// The paths of the commit, given those of the index and all differences. `None` if they do not fit
/// together.
fn undo_differences(index: PathSet, mut differences: Vec<Difference<'_>>) -> Option<PathSet> {
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

/// Parses records `:MODE MODE OBJECT OBJECT STATUS<nul>PATH<nul>`, the mode of the commit first.
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
            // A conflict, or an unknown status.
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

/// The kind that a mode means. `None` for a directory, which a sparse index may have.
fn kind(mode: &[u8]) -> Option<PathKind> {
    match mode {
        [b'1', b'0', ..] => Some(PathKind::File),
        [b'1', b'2', ..] => Some(PathKind::Symlink),
        [b'1', b'6', ..] => Some(PathKind::Submodule),
        _ => None,
    }
}

/// Lists a commit from its trees.
fn list_commit(git: &Git, objects: &mut Objects, commit: &str) -> Result<PathSet> {
    let hash = git.object_hash()?.length();
    let mut list = || {
        let trees = Trees::read(objects, commit, hash)?;
        let mut listing = Listing::default();
        listing.enter(trees.root()?);
        while let Some((tree, offset)) = listing.next_entry() {
            listing.take(&trees, tree, offset)?;
        }
        Ok::<_, Error>(listing.paths)
    };
    list().with_context(|| format!("cannot list the files of commit {commit}"))
}

/// The state of a depth-first walk over a commit, in the order of the paths.
#[derive(Default)]
struct Listing<'t> {
    paths: PathSet,
    /// The number of bytes of all paths so far.
    bytes: usize,
    /// The number of files and directories so far.
    entries: usize,
    /// The directories above the current entry, from the root down.
    open: Vec<OpenDirectory<'t>>,
    /// The path of the current entry.
    path: Vec<u8>,
}

/// A directory above the current entry.
struct OpenDirectory<'t> {
    tree: &'t [u8],
    /// The offset of its next entry.
    offset: usize,
    /// The length of its path.
    path: usize,
}

impl<'t> Listing<'t> {
    /// Enters the directory at the current path.
    fn enter(&mut self, tree: &'t [u8]) {
        self.open.push(OpenDirectory {
            tree,
            offset: 0,
            path: self.path.len(),
        });
    }

    /// The tree with the next entry, and the offset of that entry.
    fn next_entry(&mut self) -> Option<(&'t [u8], usize)> {
        while let Some(open) = self.open.last() {
            if open.offset < open.tree.len() {
                self.path.truncate(open.path);
                return Some((open.tree, open.offset));
            }
            self.open.pop();
        }
        None
    }

    /// Processes one entry.
    fn take(&mut self, trees: &'t Trees, tree: &[u8], offset: usize) -> Result<()> {
        let (entry, end) = tree::entry_at(tree, offset, trees.hash)?;
        if let Some(open) = self.open.last_mut() {
            open.offset = end;
        }
        self.path.extend_from_slice(entry.name);
        self.entries += 1;
        ensure!(
            self.entries <= MAX_ENTRIES,
            "it has more than {MAX_ENTRIES} files and directories, which is the limit"
        );
        if let Some(kind) = entry.kind {
            self.bytes += self.path.len();
            ensure!(
                self.bytes <= MAX_PATH_BYTES,
                "its paths take more than {MAX_PATH_BYTES} bytes, which is the limit"
            );
            return Ok(self.paths.try_push(&self.path, kind)?);
        }
        self.path.push(b'/');
        ensure!(
            self.path.len() <= MAX_PATH_LENGTH,
            "it has a path of more than {MAX_PATH_LENGTH} bytes, which is the limit"
        );
        self.enter(trees.get(entry.object, &self.path)?);
        Ok(())
    }
}

/// The tree objects of a commit, each once.
struct Trees {
    hash: usize,
    root: CheckedTree,
    below: FxHashMap<ObjectName, CheckedTree>,
}

/// A valid tree, or why it is not valid. Whether a path leads to it is decided by the walk.
type CheckedTree = Result<Vec<u8>, TreeError>;

/// Why a directory cannot be listed.
enum TreeError {
    Missing,
    NoTree,
    TreeFault(TreeFault),
}

impl Trees {
    /// Reads the root, then all trees of the next level, and so on.
    fn read(objects: &mut Objects, commit: &str, hash: usize) -> Result<Self> {
        let mut next = Vec::new();
        let root = objects.get(format!("{commit}^{{tree}}").as_bytes())?;
        let mut bytes = 0;
        let mut trees = Trees {
            hash,
            root: found(root, hash, &mut next),
            below: FxHashMap::default(),
        };
        for _ in 0..MAX_DEPTH {
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
                    bytes <= MAX_TREE_BYTES,
                    "its directories take more than {MAX_TREE_BYTES} bytes, which is the limit"
                );
                trees.below.insert(name, tree);
                Ok(ControlFlow::Continue(()))
            })?;
        }
        bail!("it has more than {MAX_DEPTH} levels of directories, which is the limit")
    }

    fn root(&self) -> Result<&[u8]> {
        sound(&self.root, b"")
    }

    /// The tree at `path`, which ends in a slash.
    fn get(&self, name: ObjectName, path: &[u8]) -> Result<&[u8]> {
        let found = self.below.get(&name);
        sound(found.unwrap_or(&Err(TreeError::Missing)), path)
    }
}

/// Checks a tree, and adds its directories to `directories`.
fn found(object: Option<Object>, hash: usize, directories: &mut Vec<ObjectName>) -> CheckedTree {
    let tree = match object {
        Some(object) if object.kind == ObjectKind::Tree => object.contents,
        Some(_) => return Err(TreeError::NoTree),
        None => return Err(TreeError::Missing),
    };
    match tree::check(&tree, hash, |name| directories.push(name)) {
        Ok(()) => Ok(tree),
        Err(fault) => Err(TreeError::TreeFault(fault)),
    }
}

fn sound<'t>(found: &'t CheckedTree, path: &[u8]) -> Result<&'t [u8]> {
    let directory = || match path {
        b"" => "the root directory".to_string(),
        path => format!("the directory `{}`", escaped(path)),
    };
    match found {
        Ok(tree) => Ok(tree),
        Err(TreeError::Missing) => bail!("{} is missing from the repository", directory()),
        Err(TreeError::NoTree) => bail!("{} is a file where a directory should be", directory()),
        Err(TreeError::TreeFault(fault)) => bail!(
            "{}; git does not write such commits, and `git fsck` reports them",
            fault.describe(path)
        ),
    }
}
