//! The paths in an index file, and nothing else of it.
//!
//! Of each entry (`gitformat-index(5)`) a path set needs the mode and the name, less than half of
//! its bytes. A general decoder keeps the rest as well: times, object names, flags. So this one
//! reads the file through a small buffer, which stays in the processor's cache, and copies only the
//! names. That takes a third of the time of a decoder and less than half of the memory of the file.
//!
//! A large index is scanned by two threads. The second starts where something in the middle looks
//! like entries in order. Nothing depends on that being so: the first thread reads on from the first
//! entry, and only if it arrives exactly at the place where the second began, and the second has
//! found as many entries as are missing, have the two read what one would have read. Otherwise the
//! first reads on. (Git can note where blocks of entries begin, but does not unless it is told to.)
//! A million entries take 21 ms instead of 52; all of `check` then takes 122 ms.
//!
//! Whatever is unusual is an error, and somebody else reads the index then: entries out of order,
//! modes that files do not have, a sparse or a split index, a version from the future, an extension
//! that must be understood, a byte too many.

use std::fs::File;
use std::io;
use std::path::Path;

use super::error::{Context, Error, Result, bail, ensure};
use super::window::Window;
use crate::parallel;
use crate::paths::{PathKind, PathSet};

/// How much is read at once.
const CHUNK: usize = 1 << 18;
/// What an entry has before its object name.
const STAT: usize = 40;
/// Where in that its mode is.
const MODE: usize = 24;
const TWICE: &str = "a path is listed twice";
/// A file with fewer entries is read before a second thread has started.
const MANY: usize = 50_000;
/// So many entries in order do not come about by chance.
const PROBE: usize = 16;
/// How much is read at once to try for them.
const PROBE_CHUNK: usize = 1 << 12;
/// How many places are tried: the space that a long path takes.
const PROBES: u64 = 512;

/// Reads the paths of the index at `path`, whose object names are `hash` bytes long. No index is an
/// empty one.
pub(super) fn paths(path: &Path, hash: usize) -> Result<PathSet> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(PathSet::default()),
        Err(error) => return Err(error.into()),
    };
    let size = file.metadata()?.len();
    let end = size
        .checked_sub(hash as u64)
        .context("it is too short for a checksum")?;
    let scanner = Scanner {
        file: &file,
        end,
        hash,
    };
    scanner.scan()
}

struct Scanner<'f> {
    file: &'f File,
    /// Where the checksum begins.
    end: u64,
    hash: usize,
}

/// Entries in a row, as far as they are read.
struct Block<'f> {
    version: u32,
    hash: usize,
    window: Window<'f>,
    entries: usize,
    found: Found,
    /// Room for a name.
    name: Vec<u8>,
}

/// The paths of entries.
#[derive(Default)]
struct Found {
    paths: PathSet,
    /// Whether the last one was in no conflict: then it does not come again, in another stage.
    is_merged: bool,
}

impl Found {
    #[inline]
    fn push(&mut self, name: &[u8], kind: PathKind, flags: u16) -> Result<()> {
        let before = self.paths.len();
        self.paths.try_push(name, kind)?;
        ensure!(!self.is_merged || self.paths.len() > before, "{TWICE}");
        self.is_merged = flags & 0x3000 == 0;
        Ok(())
    }

    /// Adds what follows.
    fn append(&mut self, other: Found) -> Result<()> {
        let all = self.paths.len() + other.paths.len();
        self.paths.append(other.paths)?;
        ensure!(!self.is_merged || self.paths.len() == all, "{TWICE}");
        Ok(())
    }
}

impl<'f> Scanner<'f> {
    fn scan(&self) -> Result<PathSet> {
        let mut header = Window::new(self.file, 0, self.end, 12);
        let header = header.need(12)?;
        ensure!(header.starts_with(b"DIRC"), "it is not an index");
        let version = be32(header, 4);
        ensure!((2..=4).contains(&version), "its version is {version}");
        let count = be32(header, 8) as usize;
        // Before anything is allocated for them.
        let least = if version == 4 { 2 } else { 1 } + STAT + 2 + self.hash;
        let room = (self.end - 12).checked_sub(count as u64 * least as u64);
        let room = room.context("it is too short for its entries")? as usize;

        let mut block = self.block(12, version, CHUNK);
        // The names of version 4 lack what they share with the one before: no second start.
        if version < 4
            && count >= MANY
            && let Some(place) = self.middle(version)
        {
            block.found.paths = PathSet::with_capacity(count / 2, room / 2);
            let front = || {
                while block.place() < place && block.entries < count {
                    block.read_entry()?;
                }
                Ok::<_, Error>(block)
            };
            let back = || {
                let mut rest = self.block(place, version, CHUNK);
                rest.found.paths = PathSet::with_capacity(count / 2, room / 2);
                // What cannot be read, or is not there, the first thread will find out.
                while rest.entries < count && rest.read_entry().is_ok() {}
                rest
            };
            let (front, rest) = parallel::both(front, back);
            block = front?;
            if block.place() == place && block.entries + rest.entries == count {
                self.check_extensions(rest.place())?;
                block.found.append(rest.found)?;
                return Ok(block.found.paths);
            }
        } else {
            block.found.paths = PathSet::with_capacity(count, room);
        }
        while block.entries < count {
            block.read_entry()?;
        }
        self.check_extensions(block.place())?;
        Ok(block.found.paths)
    }

    /// The entries from `start` on, of which none is read yet.
    fn block(&self, start: u64, version: u32, chunk: usize) -> Block<'f> {
        Block {
            version,
            hash: self.hash,
            window: Window::new(self.file, start, self.end, chunk),
            entries: 0,
            found: Found::default(),
            name: Vec::new(),
        }
    }

    /// A place near the middle where it seems that an entry starts. Each takes a multiple of eight
    /// bytes.
    fn middle(&self, version: u32) -> Option<u64> {
        let middle = 12 + ((self.end - 12) / 2).next_multiple_of(8);
        let mut places = (0..PROBES).map(|step| middle + 8 * step);
        places.find(|&place| {
            let mut block = self.block(place, version, PROBE_CHUNK);
            (0..PROBE).all(|_| block.read_entry().is_ok())
        })
    }

    /// Everything behind the entries is extensions that may be left unread, up to the checksum.
    fn check_extensions(&self, start: u64) -> Result<()> {
        let mut place = start;
        while place < self.end {
            let (name, size) = self.extension(place)?;
            ensure!(
                name[0].is_ascii_uppercase(),
                "it has the extension `{}`",
                name.escape_ascii()
            );
            place += 8 + u64::from(size);
        }
        ensure!(
            place == self.end,
            "it does not end where its last part does"
        );
        Ok(())
    }

    fn extension(&self, place: u64) -> Result<([u8; 4], u32)> {
        let mut window = Window::new(self.file, place, self.end, 8);
        let bytes = window.need(8)?;
        Ok(([bytes[0], bytes[1], bytes[2], bytes[3]], be32(bytes, 4)))
    }
}

impl Block<'_> {
    /// Where in the file the next entry starts.
    fn place(&self) -> u64 {
        self.window.place()
    }

    /// Reads one entry. One that cannot be read does not count.
    #[inline]
    fn read_entry(&mut self) -> Result<()> {
        let head = STAT + self.hash + 2;
        // One look at the file for most entries: a head, a short name and its padding.
        let bytes = self.window.peek(head + 2 + 256)?;
        ensure!(bytes.len() > head, "an entry is cut off");
        let kind = match be32(bytes, MODE) >> 12 {
            0o10 => PathKind::File,
            0o12 => PathKind::Symlink,
            0o16 => PathKind::Submodule,
            other => bail!("an entry has the type {other:o}"),
        };
        let flags = u16::from_be_bytes([bytes[head - 2], bytes[head - 1]]);
        let is_extended = flags & 0x4000 != 0;
        ensure!(
            !is_extended || self.version >= 3,
            "an entry has flags of a later version"
        );
        let head = head + if is_extended { 2 } else { 0 };
        let length = usize::from(flags & 0xfff);
        if self.version == 4 {
            let length = (length < 0xfff).then_some(length);
            let before = self.found.paths.last().unwrap_or_default();
            read_suffix(&mut self.window, head, length, before, &mut self.name)?;
            self.found.push(&self.name, kind, flags)?;
            self.entries += 1;
            return Ok(());
        }
        let length = if length < 0xfff {
            length
        } else {
            // Too long for the field: it ends where the padding begins.
            self.window.find_nul(head)?
        };
        // Padded with one to eight zeros.
        let total = (head + length + 8) & !7;
        let bytes = self.window.need(total)?;
        let name = &bytes[head..head + length];
        ensure!(
            length > 0 && bytes[head + length] == 0 && memchr::memchr(0, name).is_none(),
            "an entry's name is damaged"
        );
        self.found.push(name, kind, flags)?;
        self.window.skip(total);
        self.entries += 1;
        Ok(())
    }
}

/// Reads a name of version 4 into `name`: how much to cut off the one before, and what follows
/// instead, up to a zero.
fn read_suffix(
    window: &mut Window<'_>,
    head: usize,
    length: Option<usize>,
    previous: &[u8],
    name: &mut Vec<u8>,
) -> Result<()> {
    let bytes = window.peek(head + 8)?;
    let mut at = head;
    let mut cut = 0_usize;
    loop {
        let byte = *bytes.get(at).context("a name is cut off")?;
        at += 1;
        cut += usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
        ensure!(at < head + 5, "a name shares too much");
        // Git's own variable-length numbers have only one form each.
        cut = (cut + 1) << 7;
    }
    let kept = previous.len().checked_sub(cut);
    let kept = kept.context("a name shares more than there is")?;
    let suffix = window.find_nul(at)?;
    let bytes = window.need(at + suffix + 1)?;
    name.clear();
    name.extend_from_slice(&previous[..kept]);
    name.extend_from_slice(&bytes[at..at + suffix]);
    let is_right = match length {
        Some(length) => name.len() == length,
        None => name.len() >= 0xfff,
    };
    ensure!(is_right && !name.is_empty(), "an entry's name is damaged");
    window.skip(at + suffix + 1);
    Ok(())
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    /// A repository with an index of these `update-index --index-info` records.
    fn index(config: &[(&str, &str)], hash: usize, records: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(directory.path()).args(arguments);
            for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
                command.env_remove(name);
            }
            command
        };
        let format = if hash == 20 { "sha1" } else { "sha256" };
        let init = ["init", "-q", "--object-format", format];
        assert!(git(&init).status().unwrap().success());
        for (key, value) in config {
            assert!(git(&["config", key, value]).status().unwrap().success());
        }
        let mut update = git(&["update-index", "--index-info"]);
        let mut update = update.stdin(Stdio::piped()).spawn().unwrap();
        let mut input = update.stdin.take().unwrap();
        input.write_all(records.as_bytes()).unwrap();
        drop(input);
        assert!(update.wait().unwrap().success());
        directory
    }

    fn record(mode: &str, hash: usize, stage: u8, path: &str) -> String {
        format!("{mode} {} {stage}\t{path}\n", "12".repeat(hash))
    }

    /// What git makes of the index of a repository; nothing if that is nothing.
    fn by_git(directory: &Path) -> Option<Vec<(Vec<u8>, PathKind)>> {
        let mut command = Command::new("git");
        command.arg("-C").arg(directory);
        command.args(["ls-files", "--stage", "-z"]);
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        let records = output.stdout.split(|&byte| byte == 0);
        let mut paths: Vec<(Vec<u8>, PathKind)> = records
            .filter(|record| !record.is_empty())
            .map(|record| {
                let tab = memchr::memchr(b'\t', record).unwrap();
                let kind = match &record[..2] {
                    b"12" => PathKind::Symlink,
                    b"16" => PathKind::Submodule,
                    _ => PathKind::File,
                };
                (record[tab + 1..].to_vec(), kind)
            })
            .collect();
        paths.dedup_by(|a, b| a.0 == b.0);
        output.status.success().then_some(paths)
    }

    fn all(paths: &PathSet) -> Vec<(Vec<u8>, PathKind)> {
        paths
            .tracked()
            .map(|path| (path.bytes.to_vec(), path.kind))
            .collect()
    }

    /// Paths of every kind and of lengths around every edge of the format.
    fn records(hash: usize) -> String {
        let mut records = String::new();
        for length in (1..40).chain([255, 256, 257]) {
            records += &record("100644", hash, 0, &name_of(length));
        }
        records += &record("120000", hash, 0, "link");
        records += &record("160000", hash, 0, "module");
        records += &record("100755", hash, 0, "tool");
        for stage in 1..4 {
            records += &record("100644", hash, stage, "torn");
        }
        records
    }

    #[test]
    fn agrees_with_git_in_every_version() {
        for hash in [20, 32] {
            for version in ["2", "4"] {
                let config = [("index.version", version)];
                let directory = index(&config, hash, &records(hash));
                let file = directory.path().join(".git/index");
                let found = paths(&file, hash).unwrap();
                assert_eq!(all(&found), by_git(directory.path()).unwrap());
                assert_eq!(found.special().count(), 2);
            }
        }
    }

    /// A path of so many bytes.
    fn name_of(length: usize) -> String {
        let end = "x".repeat(length % 5 + 5);
        "long/"
            .repeat((length - 1) / 5)
            .chars()
            .chain(end.chars())
            .take(length)
            .collect()
    }

    /// Their length does not fit into the entry.
    #[test]
    fn long_names() {
        let lengths = [4093, 4094, 4095, 4096, 4097, 9000];
        let names = lengths.map(name_of);
        for version in ["2", "4"] {
            let records = names.iter().map(|name| record("100644", 20, 0, name));
            let directory = index(
                &[("index.version", version)],
                20,
                &records.collect::<String>(),
            );
            let found = paths(&directory.path().join(".git/index"), 20).unwrap();
            let mut expected: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
            expected.sort_unstable();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn two_halves_are_one_whole() {
        let names = (0..MANY + 20_000).map(|n| record("100644", 20, 0, &format!("d{}/{n}", n / 7)));
        let records: String = names.chain([record("120000", 20, 0, "z")]).collect();
        let directory = index(&[], 20, &records);
        let file = directory.path().join(".git/index");
        let opened = File::open(&file).unwrap();
        let end = opened.metadata().unwrap().len() - 20;
        let scanner = Scanner {
            file: &opened,
            end,
            hash: 20,
        };
        let middle = scanner.middle(2).unwrap();
        let expected = by_git(directory.path()).unwrap();
        assert_eq!(all(&paths(&file, 20).unwrap()), expected);

        // Git renames a new index to its place: both halves are of the one that was opened.
        let sound = std::fs::read(&file).unwrap();
        std::fs::write(file.with_extension("new"), "DIRC").unwrap();
        std::fs::rename(file.with_extension("new"), &file).unwrap();
        assert_eq!(all(&scanner.scan().unwrap()), expected);

        // Damage where the first thread reads, where the second starts, and where it ends: in a mode,
        // in the length of a name, and in the name.
        let middle = usize::try_from(middle).unwrap();
        for entry in [12, middle, sound.len() - 20 - 64] {
            for at in [entry + 26, entry + 61, entry + 62] {
                let mut damaged = sound.clone();
                damaged[at] ^= 0x90;
                std::fs::write(&file, &damaged).unwrap();
                if let Ok(found) = paths(&file, 20) {
                    assert_eq!(Some(all(&found)), by_git(directory.path()), "byte {at}");
                }
            }
        }
    }

    /// What is left of an entry after damage may look like an extension, which would be passed over.
    #[test]
    fn a_last_entry_that_looks_like_an_extension() {
        let names = (0..MANY + 100).map(|n| record("100644", 20, 0, &format!("d/{n:06}")));
        let directory = index(&[], 20, &names.collect::<String>());
        let file = directory.path().join(".git/index");
        let mut bytes = std::fs::read(&file).unwrap();
        // There may be an extension already.
        let last = memchr::memmem::rfind(&bytes, b"d/050099").unwrap() - 62;
        let rest = (bytes.len() - 20 - last - 8) as u32;
        bytes[last..last + 4].copy_from_slice(b"ZZZZ");
        bytes[last + 4..last + 8].copy_from_slice(&rest.to_be_bytes());
        // It is still an entry, and counts.
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(paths(&file, 20).unwrap().len(), MANY + 100);
        for (at, byte) in [(MODE, 0xff), (MODE + 2, 0), (60, 0x40), (62, b'a')] {
            let mut crafted = bytes.clone();
            crafted[last + at] = byte;
            std::fs::write(&file, &crafted).unwrap();
            assert!(paths(&file, 20).is_err(), "byte {at}");
        }
    }

    #[test]
    fn what_is_damaged_is_an_error_or_read_as_it_stands() {
        for version in ["2", "4"] {
            let names = ["a/b", "abc/def", "abc/deg"];
            let records: String = names.map(|name| record("100644", 20, 0, name)).concat();
            let directory = index(&[("index.version", version)], 20, &records);
            let file = directory.path().join(".git/index");
            let sound = std::fs::read(&file).unwrap();
            let listed = all(&paths(&file, 20).unwrap());
            for length in 0..sound.len() {
                std::fs::write(&file, &sound[..length]).unwrap();
                assert!(paths(&file, 20).is_err(), "cut off at {length}");
            }
            for at in 0..sound.len() {
                for change in [1, 0x10, 0x80, 0xff] {
                    let mut damaged = sound.clone();
                    damaged[at] ^= change;
                    std::fs::write(&file, &damaged).unwrap();
                    let Ok(found) = paths(&file, 20) else {
                        continue;
                    };
                    // Most bytes are times and object names. A process for one change of each is
                    // enough, unless the paths are others.
                    let found = all(&found);
                    if (change == 0xff || found != listed)
                        && let Some(expected) = by_git(directory.path())
                    {
                        assert_eq!(found, expected, "byte {at} changed by {change}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_index_is_an_empty_one() {
        let directory = tempfile::tempdir().unwrap();
        let found = paths(&directory.path().join("index"), 20).unwrap();
        assert!(found.is_empty());
    }
}
