//! The paths in an index file, and nothing else of it.
//!
//! Of each entry (`gitformat-index(5)`) a path set needs the mode and the name, less than half of
//! its bytes. A general decoder keeps the rest as well: times, object names, flags. So this one
//! reads the file through a small buffer, which stays in the processor's cache, and copies only the
//! names. That takes a third of the time of a decoder and less than half of the memory of the file.
//!
//! Git stores where blocks of entries begin, and an index that says so is scanned by two threads.
//! Nothing depends on that table being right: the first thread reads on from the first entry, and
//! only if it arrives exactly at the place where the second began, with as many entries as are
//! missing, have the two read what one would have read.
//!
//! Whatever is unusual is an error, and somebody else reads the index then: entries out of order,
//! modes that files do not have, a sparse or a split index, a version from the future, an extension
//! that must be understood, a byte too many.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::paths::{PathKind, PathSet};

/// How much is read at once.
const CHUNK: usize = 1 << 18;
/// What an entry has before its object name.
const STAT: usize = 40;
/// Where in that its mode is.
const MODE: usize = 24;
/// A path longer than this is no path.
const LONGEST: usize = 1 << 20;
const TWICE: &str = "a path stands there twice";
/// A file with fewer entries is read before a second thread has started.
const MANY: usize = 50_000;

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

/// Entries in a row, and where in the file they end.
struct Block {
    paths: PathSet,
    end: u64,
}

impl Scanner<'_> {
    fn scan(&self) -> Result<PathSet> {
        let mut header = Window::new(self.file, 0, self.end, 12);
        let header = header.need(12)?;
        ensure!(header.starts_with(b"DIRC"), "it is no index");
        let version = be32(header, 4);
        ensure!((2..=4).contains(&version), "its version is {version}");
        let count = be32(header, 8) as usize;
        // Before anything is allocated for them.
        let least = if version == 4 { 2 } else { 1 } + STAT + 2 + self.hash;
        let room = (self.end - 12).checked_sub(count as u64 * least as u64);
        let room = room.context("it is too short for its entries")?;

        // The names of version 4 lack what they share with the one before: no second start.
        let middle = if version < 4 && count >= MANY {
            self.middle(count)
        } else {
            None
        };
        let Some((place, before)) = middle else {
            let block = self.block(12, version, count, room as usize)?;
            self.check_extensions(block.end)?;
            return Ok(block.paths);
        };
        let (first, second) = std::thread::scope(|scope| {
            let rest = scope.spawn(move || self.block(place, version, count - before, 0));
            let first = self.block(12, version, before, room as usize);
            (first, rest.join())
        });
        let Ok(second) = second else {
            bail!("the second half could not be read");
        };
        let (mut first, second) = (first?, second?);
        ensure!(first.end == place, "its table of blocks is wrong");
        self.check_extensions(second.end)?;
        first.paths.append(&second.paths)?;
        Ok(first.paths)
    }

    /// Reads `count` entries from `start` on, with room for so many bytes of names.
    fn block(&self, start: u64, version: u32, count: usize, room: usize) -> Result<Block> {
        let mut window = Window::new(self.file, start, self.end, CHUNK);
        let mut paths = PathSet::with_capacity(count, room);
        let mut name = Vec::new();
        // A path comes again only if it is in conflict, in other stages than 0.
        let mut is_merged = false;
        for _ in 0..count {
            let head = STAT + self.hash + 2;
            // One look at the file for most entries: a head, a short name and its padding.
            let bytes = window.peek(head + 2 + 256)?;
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
                !is_extended || version >= 3,
                "an entry has flags of a later version"
            );
            let head = head + if is_extended { 2 } else { 0 };
            let length = usize::from(flags & 0xfff);
            if version == 4 {
                let length = (length < 0xfff).then_some(length);
                read_suffix(&mut window, head, length, &paths, &mut name)?;
                let before = paths.len();
                paths.try_push(&name, kind)?;
                ensure!(!is_merged || paths.len() > before, TWICE);
                is_merged = flags & 0x3000 == 0;
                continue;
            }
            let length = if length < 0xfff {
                length
            } else {
                // Too long for the field: it ends where the padding begins.
                window.find_nul(head)?
            };
            // Padded with one to eight zeros.
            let total = (head + length + 8) & !7;
            let bytes = window.need(total)?;
            let name = &bytes[head..head + length];
            ensure!(
                length > 0 && bytes[head + length] == 0 && memchr::memchr(0, name).is_none(),
                "an entry's name is damaged"
            );
            let before = paths.len();
            paths.try_push(name, kind)?;
            ensure!(!is_merged || paths.len() > before, TWICE);
            is_merged = flags & 0x3000 == 0;
            window.skip(total);
        }
        Ok(Block {
            paths,
            end: window.place(),
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

    /// Where about the middle of the entries is, and how many come before, if the file says so. It
    /// may say anything.
    fn middle(&self, count: usize) -> Option<(u64, usize)> {
        // The last extension says where the first one begins: `EOIE`, four bytes and a hash.
        let last = self.end.checked_sub((12 + self.hash) as u64)?;
        let mut window = Window::new(self.file, last, self.end, 12);
        let bytes = window.need(12).ok()?;
        if !bytes.starts_with(b"EOIE") {
            return None;
        }
        let mut place = u64::from(be32(bytes, 8));
        while place < last {
            let (name, size) = self.extension(place).ok()?;
            if name == *b"IEOT" {
                let size = size as usize;
                // Blocks are at least thousands of entries.
                if size > CHUNK {
                    return None;
                }
                let mut window = Window::new(self.file, place + 8, self.end, size);
                return half_way(window.need(size).ok()?, count);
            }
            place += 8 + u64::from(size);
        }
        None
    }
}

/// The block of an `IEOT` extension that begins nearest to the middle, and how many entries come
/// before it.
fn half_way(table: &[u8], count: usize) -> Option<(u64, usize)> {
    if be32(table.get(..4)?, 0) != 1 {
        return None;
    }
    let mut before = 0_usize;
    let mut best = None;
    for block in table[4..].chunks_exact(8) {
        if before >= count {
            return None;
        }
        if before > 0
            && best
                .is_none_or(|(_, known)| before.abs_diff(count / 2) < count.abs_diff(known * 2) / 2)
        {
            best = Some((u64::from(be32(block, 0)), before));
        }
        before = before.checked_add(be32(block, 4) as usize)?;
    }
    best
}

/// Reads a name of version 4 into `name`: how much to cut off the one before, and what follows
/// instead, up to a zero.
fn read_suffix(
    window: &mut Window<'_>,
    head: usize,
    length: Option<usize>,
    paths: &PathSet,
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
    let previous = paths.last().unwrap_or_default();
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

/// A file, read from front to back through a buffer.
struct Window<'f> {
    file: &'f File,
    /// What was read: of it, `used` bytes are done with, and `filled` are there.
    buffer: Vec<u8>,
    used: usize,
    filled: usize,
    /// Where in the file the buffer's `filled` is.
    next: u64,
    /// Where to stop.
    end: u64,
}

impl<'f> Window<'f> {
    fn new(file: &'f File, start: u64, end: u64, size: usize) -> Self {
        Window {
            file,
            buffer: vec![0; size],
            used: 0,
            filled: 0,
            next: start,
            end,
        }
    }

    /// Where in the file the window begins.
    fn place(&self) -> u64 {
        self.next - (self.filled - self.used) as u64
    }

    /// The bytes from here on: so many, if there are.
    #[inline]
    fn peek(&mut self, wanted: usize) -> Result<&[u8]> {
        if self.filled - self.used < wanted {
            self.fill(wanted)?;
        }
        Ok(&self.buffer[self.used..self.filled])
    }

    /// The bytes from here on, at least so many.
    #[inline]
    fn need(&mut self, wanted: usize) -> Result<&[u8]> {
        let bytes = self.peek(wanted)?;
        ensure!(bytes.len() >= wanted, "it is cut off");
        Ok(bytes)
    }

    fn skip(&mut self, count: usize) {
        self.used += count;
    }

    /// How far behind `from` the next zero is.
    fn find_nul(&mut self, from: usize) -> Result<usize> {
        let mut wanted = from + 256;
        loop {
            let bytes = self.peek(wanted)?;
            if let Some(length) = bytes.get(from..).and_then(|rest| memchr::memchr(0, rest)) {
                return Ok(length);
            }
            ensure!(
                bytes.len() >= wanted && wanted < LONGEST,
                "a name has no end"
            );
            wanted = bytes.len() * 2;
        }
    }

    #[cold]
    fn fill(&mut self, wanted: usize) -> Result<()> {
        self.buffer.copy_within(self.used..self.filled, 0);
        self.filled -= self.used;
        self.used = 0;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.filled < wanted && self.next < self.end {
            let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
            let room = left.min(self.buffer.len() - self.filled);
            let target = &mut self.buffer[self.filled..self.filled + room];
            match read_at(self.file, target, self.next) {
                Ok(0) => break,
                Ok(count) => {
                    self.filled += count;
                    self.next += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Reads without a position that two threads would share.
#[cfg(unix)]
fn read_at(file: &File, target: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, target, place)
}

#[cfg(windows)]
fn read_at(file: &File, target: &mut [u8], place: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, target, place)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
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

    fn by_gix(path: &Path, hash: usize) -> Result<Vec<(Vec<u8>, PathKind)>> {
        let kind = if hash == 20 {
            gix_index::hash::Kind::Sha1
        } else {
            gix_index::hash::Kind::Sha256
        };
        let options = gix_index::decode::Options {
            thread_limit: Some(1),
            ..Default::default()
        };
        let index = gix_index::File::at(path, kind, true, options)?;
        let mut paths: Vec<(Vec<u8>, PathKind)> = (index.entries().iter())
            .map(|entry| {
                let kind = match entry.mode {
                    gix_index::entry::Mode::SYMLINK => PathKind::Symlink,
                    gix_index::entry::Mode::COMMIT => PathKind::Submodule,
                    _ => PathKind::File,
                };
                (entry.path(&index).to_vec(), kind)
            })
            .collect();
        paths.dedup_by(|a, b| a.0 == b.0);
        Ok(paths)
    }

    fn all(paths: &PathSet) -> Vec<(Vec<u8>, PathKind)> {
        (0..paths.len())
            .filter_map(|index| paths.get(index))
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
    fn agrees_with_gix_in_every_version() {
        for hash in [20, 32] {
            for version in ["2", "4"] {
                let config = [("index.version", version)];
                let directory = index(&config, hash, &records(hash));
                let file = directory.path().join(".git/index");
                let found = paths(&file, hash).unwrap();
                assert_eq!(all(&found), by_gix(&file, hash).unwrap());
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

    /// Their length does not fit into the entry, and `gix-index` does not read them.
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
        for threads in ["1", "4"] {
            let directory = index(&[("index.threads", threads)], 20, &records);
            let file = directory.path().join(".git/index");
            let opened = File::open(&file).unwrap();
            let end = opened.metadata().unwrap().len() - 20;
            let scanner = Scanner {
                file: &opened,
                end,
                hash: 20,
            };
            let middle = scanner.middle(MANY + 20_001);
            assert_eq!(middle.is_some(), threads == "4");
            let expected = by_gix(&file, 20).unwrap();
            assert_eq!(all(&paths(&file, 20).unwrap()), expected);
            // Git renames a new index to its place: both halves are of the one that was opened.
            std::fs::write(file.with_extension("new"), "DIRC").unwrap();
            std::fs::rename(file.with_extension("new"), &file).unwrap();
            assert_eq!(all(&scanner.scan().unwrap()), expected);
        }
    }

    #[test]
    fn what_is_damaged_is_an_error_or_read_as_it_stands() {
        for version in ["2", "4"] {
            let names = ["a", "a/b", "abc/def", "abc/deg", "b"];
            let records: String = names.map(|name| record("100644", 20, 0, name)).concat();
            let directory = index(&[("index.version", version)], 20, &records);
            let file = directory.path().join(".git/index");
            let sound = std::fs::read(&file).unwrap();
            for length in 0..sound.len() {
                std::fs::write(&file, &sound[..length]).unwrap();
                assert!(paths(&file, 20).is_err(), "cut off at {length}");
            }
            for at in 0..sound.len() {
                for change in [1, 0x10, 0x80, 0xff] {
                    let mut damaged = sound.clone();
                    damaged[at] ^= change;
                    std::fs::write(&file, &damaged).unwrap();
                    if let Ok(found) = paths(&file, 20)
                        && let Ok(expected) = by_gix(&file, 20)
                    {
                        assert_eq!(all(&found), expected, "byte {at} changed by {change}");
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
