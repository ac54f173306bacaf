//! Finds renamed files.
//!
//! Git compares the contents of every added file with those of every deleted one. A change of many
//! large files would take minutes. So this module first asks git for the added and deleted files,
//! and for their sizes. If there is too much to compare, only files whose contents are equal count
//! as renamed.

use std::collections::VecDeque;
use std::str;

use rustc_hash::FxHashMap;

use super::error::Result;
use super::process::{self, Git};
use super::revision::Revision;
use crate::paths::Rename;

/// The maximum number of pairs of files to compare. Git itself stops there by default.
const MAX_PAIRS: usize = 1_000_000;
/// The maximum number of added and deleted files to compare.
const MAX_FILES: usize = 10_000;
/// The maximum number of bytes of all added and deleted files.
const MAX_BYTES: u64 = 64 << 20;
/// The maximum number of bytes to compare, where each file counts once for each file that it is
/// compared with. Git compares some 3 GB in a second.
const MAX_COMPARED_BYTES: u64 = 4_000_000_000;

/// See [`Repo::renames`](super::Repo::renames).
pub(super) fn renames(from: &Revision<'_>, to: Option<&Revision<'_>>) -> Result<Vec<Rename>> {
    let diff = |options: &[&str]| {
        let mut command = from.git.command();
        command.args(["diff", "-z", "--no-ext-diff", "--no-relative"]);
        command.arg("--ignore-submodules=none").args(options);
        // Compare with the index. The working tree is not needed, and git would have to read every
        // file of it.
        command.args(to.is_none().then_some("--cached"));
        command.arg(&from.commit).args(to.map(|to| &to.commit));
        process::output(command.arg("--"))
    };
    let raw = ["--raw", "--no-abbrev", "--no-renames", "--diff-filter=AD"];
    let listing = diff(&raw)?;
    let mut moved = Moved::read(&listing);
    let mut renames = moved.take_equal();
    if moved.is_comparable(from.git)? {
        let options = ["--name-status", "--find-renames", "--diff-filter=R"];
        let listing = diff(&options)?;
        // Each record is `R100<nul>OLD<nul>NEW<nul>`.
        let fields: Vec<&[u8]> = listing.split(|&byte| byte == 0).collect();
        renames = (fields.chunks_exact(3))
            .map(|fields| rename(fields[1], fields[2]))
            .collect();
    }
    renames.sort_unstable_by(|a, b| a.new.cmp(&b.new));
    Ok(renames)
}

fn rename(old: &[u8], new: &[u8]) -> Rename {
    Rename {
        old: old.to_vec(),
        new: new.to_vec(),
    }
}

/// A file that was added or deleted.
#[derive(Clone, Copy)]
struct MovedFile<'l> {
    /// The start of its mode: whether it is a file, a symbolic link or a submodule.
    kind: &'l str,
    /// The hash of its contents.
    hash: &'l str,
    path: &'l [u8],
}

impl<'l> MovedFile<'l> {
    fn name(&self) -> &'l [u8] {
        let directory = memchr::memrchr(b'/', self.path);
        &self.path[directory.map_or(0, |slash| slash + 1)..]
    }
}

/// The files that were added and deleted.
struct Moved<'l> {
    added: Vec<MovedFile<'l>>,
    deleted: Vec<MovedFile<'l>>,
}

impl<'l> Moved<'l> {
    /// Reads the output of `git diff --raw -z`: `:OLDMODE NEWMODE OLDHASH NEWHASH A<nul>PATH<nul>`.
    fn read(listing: &'l [u8]) -> Self {
        let (mut added, mut deleted) = (Vec::new(), Vec::new());
        let mut fields = listing.split(|&byte| byte == 0);
        while let (Some(record), Some(path)) = (fields.next(), fields.next()) {
            let record = str::from_utf8(record).unwrap_or_default();
            let record: Vec<&str> = record.split(' ').collect();
            let [old_mode, new_mode, old, new, status] = record.as_slice() else {
                continue;
            };
            let file = |mode: &'l str, hash| MovedFile {
                kind: mode.get(..3).unwrap_or_default(),
                hash,
                path,
            };
            match *status {
                "A" => added.push(file(new_mode, new)),
                "D" => deleted.push(file(old_mode.trim_start_matches(':'), old)),
                _ => {}
            }
        }
        Moved { added, deleted }
    }

    /// Takes out the files with equal contents, first those with equal names.
    fn take_equal(&mut self) -> Vec<Rename> {
        let mut renames = Vec::new();
        self.take_pairs(&mut renames, |file| (file.kind, file.hash, file.name()));
        self.take_pairs(&mut renames, |file| (file.kind, file.hash, &[]));
        // Git compares the contents of files only.
        for files in [&mut self.added, &mut self.deleted] {
            files.retain(|file| file.kind == "100");
        }
        renames
    }

    fn take_pairs(
        &mut self,
        renames: &mut Vec<Rename>,
        key: impl Fn(&MovedFile<'l>) -> (&'l str, &'l str, &'l [u8]),
    ) {
        let mut deleted: FxHashMap<_, VecDeque<MovedFile<'l>>> = FxHashMap::default();
        for &file in &self.deleted {
            deleted.entry(key(&file)).or_default().push_back(file);
        }
        self.added.retain(|new| {
            let old = deleted.get_mut(&key(new)).and_then(VecDeque::pop_front);
            renames.extend(old.map(|old| rename(old.path, new.path)));
            old.is_none()
        });
        self.deleted = deleted.into_values().flatten().collect();
        self.deleted.sort_unstable_by_key(|file| file.path);
    }

    /// Whether files are left, and comparing their contents takes bounded time and memory.
    fn is_comparable(&self, git: &Git) -> Result<bool> {
        let (added, deleted) = (self.added.len(), self.deleted.len());
        let pairs = added.saturating_mul(deleted);
        if pairs == 0 || pairs > MAX_PAIRS || added + deleted > MAX_FILES {
            return Ok(false);
        }
        let sizes = (
            total_size(git, &self.added)?,
            total_size(git, &self.deleted)?,
        );
        let (Some(added_bytes), Some(deleted_bytes)) = sizes else {
            return Ok(false);
        };
        let compared = added_bytes * deleted as u64 + deleted_bytes * added as u64;
        Ok(added_bytes + deleted_bytes <= MAX_BYTES && compared <= MAX_COMPARED_BYTES)
    }
}

/// The size of all these files. `None` if one is missing, as in a partial clone, or if the sum is
/// over the limit.
fn total_size(git: &Git, files: &[MovedFile<'_>]) -> Result<Option<u64>> {
    let mut command = git.command();
    command.args(["cat-file", "--batch-check=%(objectsize)"]);
    // Fetching the missing objects of a partial clone one by one would take very long.
    command.env("GIT_NO_LAZY_FETCH", "1");
    let questions: String = files.iter().flat_map(|file| [file.hash, "\n"]).collect();
    let listing = process::answer_to(&mut command, questions.as_bytes())?.unwrap_or_default();
    let mut sizes = str::from_utf8(&listing).unwrap_or_default().lines();
    let sum = sizes.try_fold(0_u64, |sum, size| sum.checked_add(size.parse().ok()?));
    Ok(sum.filter(|&sum| sum <= MAX_BYTES))
}
